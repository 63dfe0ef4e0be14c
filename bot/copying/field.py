"""A source as copying sees it: where a copy may start, and where it must go on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.copying.lexicon import MARKUP, UNKNOWN, Flags, Ints, Lexicon, figure
from bot.copying.source import PASSAGES, QUESTION, SHOPPER, Source, locked_runs

MOST = 192


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be said.

    Attributes:
        most: Pieces of a draft.
        enough: From so many pieces on, a draft ends with the sentence.
        unlikely: A passage that answers with less than this is not copied from when another does with `likely`.
        likely: See above.
    """

    most: int = MOST
    enough: int = 112
    unlikely: float = 0.02
    likely: float = 0.5


@dataclass(frozen=True, slots=True)
class Field:
    """A source as copying sees it; `(source,)` each.

    Attributes:
        copyable: What is no mark.
        starts: Where a copy may start.
        goes_on: Where it must go on to the next place.
        locked: In a locked run.
        passage: Passage from 1, or 0.
        kinds: Number of each piece among the source's different ones, which `pieces` lists.
    """

    ids: Ints
    copyable: Flags
    starts: Flags
    goes_on: Flags
    locked: Flags
    passage: Ints
    kinds: Ints
    pieces: Ints

    @classmethod
    def of(cls, source: Source, lexicon: Lexicon, answers: Sequence[float], rules: Rules) -> "Field":
        """The field of a source; `answers` are the probabilities that its passages answer."""
        ids = np.asarray(source.ids, np.int64)
        locked = np.asarray(source.locked)
        goes_on = np.zeros(len(ids), bool)
        text_of = np.array([found[0] if found else -1 for found in source.chars])
        goes_on[:-1] = (text_of[:-1] == text_of[1:]) & (text_of[1:] >= 0)
        goes_on[:-1] &= ((locked[:-1] > 0) & (locked[:-1] == locked[1:])) | lexicon.joined[ids[1:]]
        first = ~np.roll(goes_on, 1)
        copyable = np.asarray(source.copyable)
        starts = copyable & first & ~_cut(source, goes_on) & _plain(source, lexicon)
        passage = np.asarray(source.passage)
        starts &= ~_unlikely(answers, rules)[passage]
        pieces, kinds = np.unique(ids, return_inverse=True)
        return cls(ids, copyable, starts, goes_on, locked > 0, passage, kinds, pieces)


def _cut(source: Source, goes_on: Flags) -> Flags:
    """First places of runs of which the end was left out."""
    cut = np.zeros(len(source), bool)
    for text in source.texts:
        if text.end == text.start:
            continue
        last = source.chars[text.end - 1]
        upto = last[2] if last else 0
        rest = text.text[upto : upto + 1]
        in_run = any(a < upto < b for a, b in locked_runs(text.text))
        if in_run or (rest.isalnum() and text.text[upto - 1 : upto].isalnum()):
            start = text.end - 1
            while start > text.start and (
                goes_on[start - 1] or (source.locked[start] and source.locked[start] == source.locked[start - 1])
            ):
                start -= 1
            cut[start : text.end] = True
    return cut


def _plain(source: Source, lexicon: Lexicon) -> Flags:
    """Places that are locked, or words and signs without a figure; no markup, nothing unknown."""
    ok = np.ones(len(source), bool)
    for place, (piece, locked) in enumerate(zip(source.ids, source.locked, strict=True)):
        if not locked:
            said = source.written(place)
            odd = lexicon.joined[piece] or figure(said) or any(sign in MARKUP for sign in said)
            odd = odd or (said in "?!." and source.roles[place] in (QUESTION, SHOPPER))  # no answer ends as they do
            ok[place] = not odd and not _bullet(source, place)
        if piece == UNKNOWN:
            ok[place] = False
    return ok


def _bullet(source: Source, place: int) -> bool:
    """Whether a dash begins a line."""
    found = source.chars[place]
    if not found or source.written(place) not in "-–—":
        return False
    before = source.texts[found[0]].text[: found[1]].rstrip(" \t")
    return not before or before.endswith("\n")


def _unlikely(answers: Sequence[float], rules: Rules) -> Flags:
    """`(PASSAGES + 1,)`; passages that are not to be copied from."""
    out = np.zeros(PASSAGES + 1, bool)
    if max(answers, default=0.0) >= rules.likely:
        for number, chance in enumerate(answers, 1):
            out[number] = chance < rules.unlikely
    return out
