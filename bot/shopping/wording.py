"""Text as the catalogue's words are compared with it: tokens with their places, English plurals undone.

What a phrase means is not known here (`vocabulary.py`).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.quantities import plain
from knowledge.words import HAN_CHARS, fold

_TOKEN = re.compile(rf"[^\W_{HAN_CHARS}]+(?:'[^\W\d_{HAN_CHARS}]+)?|[{HAN_CHARS}]")
_PLURAL_LIKE = """
shorts glasses sunglasses jeans clothes lights goggles gps class glass dress mattress compass canvas less plus
bus gas this is as us was has yes always various fearless christmas swiss cross
"""
_AS_THEY_ARE = frozenset(_PLURAL_LIKE.split())
_IRREGULAR = {
    "knives": "knife",
    "scarves": "scarf",
    "children": "child",
    "children's": "child's",
    "batteries": "battery",
    "axes": "axe",
    "briefs": "brief",
    "matches": "match",
    "accessories": "accessory",
    "wishes": "wish",
    "torches": "torch",
    "watches": "watch",
    "toothbrushes": "toothbrush",
    "boxes": "box",
    "dresses": "dress",
    "mattresses": "mattress",
    "compasses": "compass",
    "people": "person",
    "persons": "person",
    "litres": "litre",
}
LONGEST = 5
"""Words in a phrase, at most."""


@dataclass(frozen=True, slots=True)
class Token:
    """A Latin word or a Chinese character, folded, with its place in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that was looked for, and where it stands. `words` is the phrase as it was looked for."""

    words: str
    start: int
    end: int


def readable(text: str) -> str:
    """The text folded and with plain marks, as every reading here takes it; places refer to this text."""
    return fold(plain(text))


@lru_cache(4096)
def singular(word: str) -> str:
    """An English noun in the singular; the same word for anything else. `boots` → boot, `gloves` → glove."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or word in _AS_THEY_ARE or not word.endswith("s") or word.endswith(("ss", "us", "'s")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]


@lru_cache(8192)
def key(phrase: str) -> str:
    """How a phrase is looked up: words in the singular with one space between, Chinese characters close together."""
    return joined([singular(token.text) for token in tokens(readable(phrase))])


def joined(words: list[str]) -> str:
    """Words with spaces, Chinese characters without."""
    return re.sub(rf"(?<=[{HAN_CHARS}]) | (?=[{HAN_CHARS}])", "", " ".join(words))


def tokens(text: str) -> list[Token]:
    """The tokens of a `readable` text in order; dashes part words."""
    return [Token(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]


def phrases(text: str, known: Collection[str], longest_zh: int = 8) -> Iterator[Found]:
    """Phrases of `known` keys in a `readable` text, from the left, the longest first, none within another."""
    run = tokens(text)
    at = 0
    while at < len(run):
        reach = longest_zh if run[at].text >= "\u3400" else LONGEST
        for size in range(min(reach, len(run) - at), 0, -1):
            part = run[at : at + size]
            spelled = joined([token.text for token in part])
            single = joined([singular(token.text) for token in part])
            if found := next((words for words in (spelled, single) if words in known), ""):
                yield Found(found, part[0].start, part[-1].end)
                at += size
                break
        else:
            at += 1
