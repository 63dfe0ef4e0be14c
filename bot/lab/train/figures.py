"""Which figures and names of an answer nothing in its prompt says: such a sample would teach to make them up."""

import re

from bot.generate.protocol import Prompt
from bot.lab.train.sample import Sample

_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")
_NAME = re.compile(r"(?<=[\w,;]\s)([A-Z][\w-]{2,})")


def figures(text: str) -> frozenset[str]:
    """Numbers as they are written, with their points and commas: `1,049.50`, `8:30`."""
    return frozenset(_FIGURE.findall(text))


def texts(prompt: Prompt) -> tuple[str, ...]:
    """All that an answer may take its words from: titles and texts of passages, what was said, the question."""
    passages = (text for passage in prompt.passages for text in (passage.title, passage.text))
    return (*passages, *(said.text for said in prompt.history), prompt.question, prompt.shop)


def unfounded(sample: Sample) -> frozenset[str]:
    """Figures of the answer that no text of the prompt has; empty as it should be."""
    wanted = figures(sample.answer)
    return wanted - figures("\n".join(texts(sample.prompt))) if wanted else wanted


def nameless(sample: Sample) -> frozenset[str]:
    """Names of the answer that no text of the prompt has: words with a capital that begin no sentence."""
    names = {match[1] for match in _NAME.finditer(sample.answer)}
    if not names:
        return frozenset()
    known = "\n".join(texts(sample.prompt)).casefold()
    return frozenset(name for name in names if name.casefold() not in known)
