"""Counts what a reader stumbles over, and how near a text is to its passages. Pure, and no judge of what is said.

What stands just so in the passages or in the dialogue is never counted: it is the shop's or the shopper's writing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot import ground
from bot.generate.protocol import Prompt
from bot.lab.evaluate.judge import fold
from bot.sentences import lines, sentences

LEAST_WORDS = 4
"""A sentence of fewer words is nobody's own: `Yes.` is not copied."""
TAIL_CHARS = 30
BEGUN_CHARS = 12
AGAIN_WORDS = 8
"""So many words said twice in one answer are a loop; a product's name is shorter."""

_CITE = re.compile(r"\s*\[\s?\d{1,3}(?:[ ,、]+\d{1,3})*\s?\]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_DOUBLED = re.compile(r"\b([^\W\d_]+)\s+\1\b", re.IGNORECASE)
_SPACE_BEFORE = re.compile(r"\S*\s+[,;:!?.)\]%](?!\w)|[(\[]\s+\S*|\S*\s['’](?:s|re|t|ll|ve|d|m)\b")
_NO_SPACE_AFTER = re.compile(r"[^\W\d_][,;:!?)][^\W\d_]|[a-z]{2}\.[A-Z]|\w\(|\d[,;][^\W\d_]")
_GLUED = re.compile(r"\d[a-z]{3,}|[a-z][A-Z]|[a-z]\d{2,}")
_END = re.compile(r"[.!?…。！？:][\"'”’)»」』）]*$")
_FUNCTION = frozenset(
    (
        "a",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "i",
        "if",
        "in",
        "is",
        "it",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "us",
        "we",
    )
)


@dataclass(frozen=True)
class Source:
    """All that an answer may have its wording from."""

    prompt: Prompt

    @cached_property
    def text(self) -> str:
        """Question, history and passages, on lines of their own."""
        prompt = self.prompt
        said = [prompt.question, prompt.shop, *(said.text for said in prompt.history)]
        return "\n".join([*said, *(f"{p.title}\n{p.text}" for p in prompt.passages)])

    @cached_property
    def words(self) -> frozenset[str]:
        """The words in it, without case."""
        return frozenset(words(self.text))

    @cached_property
    def sentences(self) -> frozenset[str]:
        """Sentences, lines and rows of the passages that are long enough to tell, folded."""
        parts = [part for p in self.prompt.passages for line in lines(p.text) for part in (line, *sentences(line))]
        return frozenset(fold(part) for part in parts if len(words(part)) >= LEAST_WORDS)


def words(text: str) -> list[str]:
    """Words and figures, without case and citations."""
    return [found.casefold().replace("’", "'") for found in _WORD.findall(_CITE.sub("", text))]


@dataclass(frozen=True, slots=True)
class Faults:
    """What is not fluent, each as the places where; empty where nothing is."""

    doubled: tuple[str, ...] = ()
    spacing: tuple[str, ...] = ()
    glued: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All together."""
        return self.doubled + self.spacing + self.glued + self.cut + self.again + self.lower


def faults(text: str, source: Source, vocabulary: frozenset[str] = frozenset()) -> Faults:
    """What a reader would stumble over.

    Args:
        text: An answer, with or without citations.
        source: What it was made from.
        vocabulary: Words without case that are none but themselves, though two others joined would spell them.
    """
    bare = _CITE.sub("", text).strip()
    known = _spaced(source.text)
    return Faults(
        doubled=tuple(_new((m.group() for m in _DOUBLED.finditer(bare)), known)),
        spacing=tuple(_new((m.group() for p in (_SPACE_BEFORE, _NO_SPACE_AFTER) for m in p.finditer(bare)), known)),
        glued=tuple(_glued(bare, source, vocabulary)),
        cut=tuple(_cut(bare, source)),
        again=tuple(_again(bare, source)),
        lower=tuple(_lower(bare, known)),
    )


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _new(found: Iterable[str], known: str) -> list[str]:
    return [one for one in found if _spaced(one).strip() not in known]


def _glued(text: str, source: Source, vocabulary: frozenset[str]) -> list[str]:
    """Words that neither source nor vocabulary has and that are two words without the space between."""
    out = []
    tokens = set(source.text.split())
    known = source.words | vocabulary
    for token in text.split():
        bare = token.strip(".,;:!?()\"'“”’")
        strange = bare not in source.text and token not in tokens and _GLUED.search(bare)
        if strange or (bare.isalpha() and bare.casefold() not in known and _two(bare.casefold(), known)):
            out.append(bare)
    return out


def _two(word: str, known: frozenset[str]) -> bool:
    """Whether a word is two known ones; those of one or two letters count only if they are common."""
    cuts = ((word[:place], word[place:]) for place in range(1, len(word)))
    return any(all(part in known and (len(part) > 2 or part in _FUNCTION) for part in cut) for cut in cuts)


def _cut(text: str, source: Source) -> list[str]:
    """The last line when it does not end as a sentence does, nor as a line of a passage."""
    last = text.rsplit("\n", 1)[-1].strip()
    if not last or _END.search(last):
        return []
    said = fold(last)
    known = [fold(line) for p in source.prompt.passages for line in (*lines(p.text), p.title) if line.strip()]
    ends = any(said.endswith(line) or line.endswith(said[-TAIL_CHARS:]) for line in known)
    return [] if ends else [last[-40:]]


def _again(text: str, source: Source) -> list[str]:
    """Runs of words that come twice, though in no passage they do."""
    twice = _twice(text)
    return sorted(twice.difference(*(_twice(passage.text) for passage in source.prompt.passages)) if twice else ())


def _twice(text: str) -> set[str]:
    said = words(text)
    runs = Counter(" ".join(said[i : i + AGAIN_WORDS]) for i in range(len(said) - AGAIN_WORDS + 1))
    return {run for run, count in runs.items() if count > 1}


def _lower(text: str, known: str) -> list[str]:
    """Sentences that begin with a small letter, but for those that go on so in the source: `"Forgot?" at sign-in`."""
    out, said = [], ""
    for sentence in sentences(text):
        start = _spaced(sentence).strip()[:BEGUN_CHARS]
        before = _spaced(said)[-BEGUN_CHARS:].strip()
        if re.match(r"[a-z]+\b", start) and (not before or f"{before} {start}" not in known):
            out.append(start)
        said += sentence
    return out


def copied(text: str, source: Source) -> tuple[int, int]:
    """Sentences of an answer that stand whole in a passage, and all that are long enough to tell."""
    told = [fold(part) for line in lines(text) for part in sentences(line) if not ground.empty(part)]
    told = [part for part in told if len(words(part)) >= LEAST_WORDS]
    return sum(_stands(part, source.sentences) for part in told), len(told)


def _stands(part: str, whole: frozenset[str]) -> bool:
    """Whether a sentence is one of the passages', full stop or not."""
    return part in whole or part.rstrip(".") in whole or f"{part}." in whole


def vocabulary(texts: Sequence[str]) -> frozenset[str]:
    """The words of many texts."""
    return frozenset(word for text in texts for word in words(text))
