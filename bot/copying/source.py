"""A prompt as the model reads it: pieces, who says them, where they stand, and what may only be copied whole. Pure.

    [CLS] earlier message [CLS] … [CLS] question [CLS] title. text of passage 1 [CLS] title. text of passage 2 …

Each text is read by itself in the network's lower layers, so what a passage gives there is the same for every question;
the texts meet in the upper ones.

Every piece keeps the characters that it stands for, so that copied words come out as they are written there. A run of
signs with a digit in it (a price, a range, a SKU, a link) is locked: it is copied from its first piece to its last.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from bot.generate.protocol import Prompt

CLS, SEP, PAD = 101, 102, 0
"""Pieces of BERT's vocabulary."""

QUESTION, SHOPPER, SHOP, PASSAGE = 1, 2, 3, 4
"""Roles of pieces; a passage's is `PASSAGE` plus its place, from 0. 0 is padding."""

PASSAGES = 6
ROLES = PASSAGE + PASSAGES
LIMIT, QUESTION_LIMIT, HISTORY_LIMIT, MESSAGES = 448, 96, 128, 4
"""Pieces in all, of the question, of all earlier messages; and how many of these are read."""

KEPT = 4096
"""Texts whose pieces a reader keeps."""

_RUN = re.compile(
    r"(?:\b(?:CHF|EUR|USD|GBP) )?[^\s|()\[\]\"“”]*\d[^\s|()\[\]\"“”]*(?: (?:kr|DKK|NOK|SEK|zł|EUR|USD|GBP|CHF)\b)?"
)
_LINK = re.compile(r"\S+@\S+\.\w+|(?:https?://|www\.)\S+")
_ENDS = ".,;:!?'’*_"


@dataclass(frozen=True, slots=True)
class Text:
    """A text that was read, and which pieces of the source are its own: `start` up to `end`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Source:
    """What the model reads, piece by piece; all lists have one length.

    Attributes:
        ids: Pieces.
        roles: Who says each.
        copyable: Whether a piece may be copied: all but the marks.
        chars: The text (its number in `texts`) and the characters there that a piece stands for; None for marks.
        locked: Number of the locked run that a piece belongs to, from 1; 0 for none.
        texts: What was read, in order.
        heads: Where each passage's mark stands.
        tone: 0 for friendly, 1 for formal.
    """

    ids: list[int]
    roles: list[int]
    copyable: list[bool]
    chars: list[tuple[int, int, int] | None]
    locked: list[int]
    texts: list[Text]
    heads: list[int]
    tone: int

    def __len__(self) -> int:
        return len(self.ids)

    def written(self, place: int) -> str:
        """The characters that a piece stands for, as they are written."""
        found = self.chars[place]
        return self.texts[found[0]].text[found[1] : found[2]] if found else ""

    def between(self, place: int) -> str:
        """What is written between the piece before and this one: a space, a line's end, or nothing."""
        this, before = self.chars[place], self.chars[place - 1]
        if not this or not before or this[0] != before[0]:
            return ""
        return self.texts[this[0]].text[before[2] : this[1]]

    @cached_property
    def places(self) -> list[int]:
        """Where each piece stands in its text, the mark being 0."""
        places: list[int] = []
        for copyable in self.copyable:
            places.append(places[-1] + 1 if copyable else 0)
        return places

    @cached_property
    def passage(self) -> list[int]:
        """The passage, from 1, that a piece belongs to; 0 for none."""
        return [role - PASSAGE + 1 if role >= PASSAGE else 0 for role in self.roles]


class Reader:
    """Makes sources. `tokenizer` is a `tokenizers.Tokenizer` of BERT's uncased pieces, without truncation."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.pieces = lru_cache(KEPT)(self._pieces)

    def _pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Ids and characters of a text's pieces; kept, as passages come again and again."""
        found = self._tokenizer.encode(text, add_special_tokens=False)
        return found.ids, found.offsets

    def read(self, prompt: Prompt) -> Source:
        """The source of a prompt. What does not fit is left out: earlier messages, the ends of long texts."""
        page = _Page(self)
        for said in prompt.history[-MESSAGES:]:
            role = SHOPPER if said.author == "shopper" else SHOP
            page.mark(role)
            page.add(said.text, role, HISTORY_LIMIT // MESSAGES)
        page.mark(QUESTION)
        page.add(prompt.question, QUESTION, QUESTION_LIMIT)
        for place, (text, limit) in enumerate(self._fitting(prompt, LIMIT - len(page.ids))):
            page.heads.append(page.mark(PASSAGE + place))
            page.add(text, PASSAGE + place, limit)
        return page.source(int(prompt.tone == "formal"))

    def _fitting(self, prompt: Prompt, room: int) -> list[tuple[str, int]]:
        """The passages' texts, and how many pieces of each are read: the longest are cut first."""
        texts = [shown(p.title, p.text) for p in prompt.passages[:PASSAGES]]
        lengths = [len(self.pieces(text)[0]) + 1 for text in texts]
        cap = max(lengths, default=0)
        while sum(min(length, cap) for length in lengths) + 1 > room:
            cap -= 8
        return [(text, cap - 1) for text in texts]


class _Page:
    """A source while it is being written."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.ids: list[int] = []
        self.roles: list[int] = []
        self.copyable: list[bool] = []
        self.locked: list[int] = []
        self.chars: list[tuple[int, int, int] | None] = []
        self.texts: list[Text] = []
        self.heads: list[int] = []

    def mark(self, role: int) -> int:
        """Begin a text; the place of its mark."""
        self._put(CLS, role, None, 0)
        return len(self.ids) - 1

    def add(self, text: str, role: int, limit: int) -> None:
        """A text's first `limit` pieces."""
        ids, offsets = self._reader.pieces(text)
        start, runs = len(self.ids), locked_runs(text)
        before = max(self.locked, default=0)
        for piece, (a, b) in list(zip(ids, offsets, strict=True))[:limit]:
            run = next((n for n, (x, y) in enumerate(runs, 1) if x < b and a < y), 0)
            self._put(piece, role, (len(self.texts), a, b), before + run if run else 0)
        self.texts.append(Text(text, start, len(self.ids)))

    def _put(self, piece: int, role: int, chars: tuple[int, int, int] | None, locked: int) -> None:
        self.ids.append(piece)
        self.roles.append(role)
        self.copyable.append(chars is not None)
        self.chars.append(chars)
        self.locked.append(locked)

    def source(self, tone: int) -> Source:
        """What was written."""
        return Source(self.ids, self.roles, self.copyable, self.chars, self.locked, self.texts, self.heads, tone)


def shown(title: str, text: str) -> str:
    """A passage as it is read: its title first, unless its text begins with it."""
    return text if not title or text.startswith(title) else f"{title}{'' if title[-1:] in '.?!:' else '.'} {text}"


@lru_cache(KEPT)
def locked_runs(text: str) -> list[tuple[int, int]]:
    """Where the runs are that may only be copied whole, as characters from and to; they do not overlap."""
    runs: list[tuple[int, int]] = []
    for found in sorted([*_LINK.finditer(text), *_RUN.finditer(text)], key=lambda m: (m.start(), -m.end())):
        start, end = found.start(), found.end()
        while end > start and text[end - 1] in _ENDS:
            end -= 1
        while start < end and text[start] in _ENDS:
            start += 1
        if start < end and (not runs or start >= runs[-1][1]):
            runs.append((start, end))
    return runs


def picked(source: Source, rests_on: Sequence[int]) -> list[bool]:
    """Whether a piece belongs to what an answer rests on: those passages, and the conversation."""
    return [ok and (not of or of in rests_on) for ok, of in zip(source.copyable, source.passage, strict=True)]
