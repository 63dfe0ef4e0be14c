"""A made-up shop of any size, from the words of a real one: for measuring search, not for judging answers.

A made-up passage has the sentences of a real one, some of them changed for those of another of its kind, with numbers
drawn anew and an invented product name. So lengths, words and their frequencies are a shop's, and the vocabulary grows
with the shop as names and codes do. Its vector is the real passage's own, turned at random to a cosine of `NEAREST` to
`FARTHEST`: embedding 100,000 texts would take half an hour, and an index sees vectors only. The same seed gives the
same shop. What is measured with it is not known here.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knowledge.encode import Vectors
from knowledge.passages import Kind, Origin, Passage

CHINESE = 0.1
CHANGED = 0.3
NEAREST, FARTHEST = 0.6, 0.95

_SENTENCE = re.compile(r"[^\n。！？]+?(?:[.!?](?=\s)|[。！？]|\n|$)")
_NUMBER = re.compile(r"\d+")
_CODE = re.compile(r"\b[A-Z]{2,}(?:-[A-Z0-9]+)+\b")
_ONSETS = ["b", "br", "d", "f", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "sk", "st", "t", "tr", "v"]
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ei"]
_CODAS = ["", "l", "n", "r", "s", "th"]


@dataclass(frozen=True, slots=True)
class Sample:
    """The real shop.

    Attributes:
        passages: Any order.
        vectors: `(passages, dim)` float32, the row of each one's title and text; zeros where it cannot be read.
    """

    passages: Sequence[Passage]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Shop:
    """A made-up shop: passages in the order of their ids, and a row for each."""

    passages: tuple[Passage, ...]
    vectors: Vectors


def imagined(sample: Sample, count: int, seed: int) -> Shop:
    """A shop of `count` passages, about a tenth of them Chinese if the sample has Chinese ones."""
    writer = _Writer(sample.passages, random.Random(seed))
    passages, places = [], []
    for number in range(count):
        passage, place = writer.passage(number)
        passages.append(passage)
        places.append(place)
    return Shop(tuple(passages), _turned(sample.vectors[places], np.random.default_rng(seed)))


def _turned(rows: Vectors, rng: np.random.Generator) -> Vectors:
    """Each unit row turned in a random direction; zero rows stay."""
    cosines = rng.uniform(NEAREST, FARTHEST, (len(rows), 1)).astype(np.float32)
    aside = rng.standard_normal(rows.shape, np.float32)
    aside -= np.sum(aside * rows, axis=1, keepdims=True) * rows
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    turned = cosines * rows + np.sqrt(1 - cosines**2) * aside
    turned[~np.any(rows, axis=1)] = 0
    out: Vectors = turned.astype(np.float32)
    return out


@dataclass(slots=True)
class _Writer:
    """Writes passages, one after another."""

    passages: Sequence[Passage]
    rng: random.Random
    sentences: list[list[str]] = field(init=False)
    by_lang: Mapping[str, list[int]] = field(init=False)
    like: dict[tuple[str, Kind], list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.sentences = [[m.group() for m in _SENTENCE.finditer(p.text)] for p in self.passages]
        places = range(len(self.passages))
        self.by_lang = {lang: [i for i in places if self.passages[i].lang == lang] for lang in ("en", "zh")}
        self.like = {}
        for place, passage in enumerate(self.passages):
            self.like.setdefault((passage.lang, passage.kind), []).append(place)

    def passage(self, number: int) -> tuple[Passage, int]:
        """A passage, and the place of the real one whose vector it shall have."""
        chinese = self.by_lang["zh"] and self.rng.random() < CHINESE
        place = self.rng.choice(self.by_lang["zh" if chinese else "en"])
        real = self.passages[place]
        name = self._name()
        id_ = f"made:{number:07}:{real.lang}"
        title = self._title(real, name)
        text = self._anew(self._text(real, place).replace(real.title, title), name)
        return Passage(id_, id_, real.kind, real.lang, title, text, Origin("made", number + 1)), place

    def _title(self, real: Passage, name: str) -> str:
        """A product is named anew; any other title keeps its words."""
        if real.kind is not Kind.PRODUCT:
            return self._anew(real.title, name)
        _, _, kind = real.title.partition(" ")
        return f"{name} {kind or real.title}"

    def _text(self, real: Passage, place: int) -> str:
        """The passage's sentences, some of them another's."""
        own = self.sentences[place]
        others = self.sentences[self.rng.choice(self.like[real.lang, real.kind])]
        return "".join(self.rng.choice(others) if others and self.rng.random() < CHANGED else s for s in own)

    def _anew(self, text: str, name: str) -> str:
        """Numbers of as many digits, and codes that begin like the name."""
        coded = _CODE.sub(lambda _: f"{name[:4].upper()}-{self.rng.randrange(1000)}", text)
        return _NUMBER.sub(lambda found: self._digits(len(found.group())), coded)

    def _digits(self, count: int) -> str:
        return str(self.rng.randrange(10 ** (count - 1), 10**count))

    def _name(self) -> str:
        parts = (self.rng.choice(_ONSETS) + self.rng.choice(_VOWELS) for _ in range(self.rng.choice((2, 2, 3))))
        return ("".join(parts) + self.rng.choice(_CODAS)).capitalize()
