"""Which figures and names of an answer nothing in its prompt says: such a sample would teach to make them up."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.copying.source import locked_runs, shown
from bot.lab.train.sample import Sample

_NAME = re.compile(r"(?<=[\w,;]\s)([A-Z][\w-]{2,})")
_SIGNS = frozenset("$€£¥₹")


@lru_cache(maxsize=20_000)
def figures(text: str) -> frozenset[str]:
    """What the model can only copy whole: runs of signs with a digit in them, as `$1,049.50`, `3–5`, `KX-20`."""
    runs = frozenset(text[start:end].casefold() for start, end in locked_runs(text))
    return runs | (_SIGNS & set(text))


def texts(sample: Sample) -> Iterator[str]:
    """What the answer takes its words from: what was said, and the passages it rests on (any, if on none)."""
    prompt = sample.prompt
    yield prompt.question
    for said in prompt.history:
        yield said.text
    for passage in prompt.passages:
        if passage.n in sample.rests_on or not sample.rests_on:
            yield shown(passage.title, passage.text)


def unfounded(sample: Sample) -> frozenset[str]:
    """Figures of the answer that none of those texts has in just that writing; empty as it should be."""
    wanted = figures(sample.answer)
    return wanted.difference(*map(figures, texts(sample))) if wanted else wanted


def nameless(sample: Sample) -> frozenset[str]:
    """Names of the answer that no text of the prompt has: words with a capital that begin no sentence."""
    names = {match[1] for match in _NAME.finditer(sample.answer)}
    if not names:
        return frozenset()
    known = "\n".join((*(passage.text for passage in sample.prompt.passages), *texts(sample))).casefold()
    return frozenset(name for name in names if name.casefold() not in known)
