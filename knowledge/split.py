"""Cuts long texts into passages at the borders of sentences. Pure; how tokens are counted is an argument.

A passage is embedded as a whole, and the encoder reads some 250 tokens at most: what is longer would be found by its
beginning only. Cutting loses nothing and keeps the order.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from knowledge.passages import Passage

LIMIT = 200
"""Tokens of the encoder in one passage, leaving room for its title."""

Count = Callable[[str], int]

_BORDER = re.compile(r"""\n+|[。！？；…]+[”’」』）)"']*\s*|[.!?]+["'”’)\]]*\s+""")
_CLAUSE = re.compile(r"[,;:，、：—–][\s]*|\s+")
_TOKEN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\uac00-\ud7af]|[0-9]|[^\\W\\d_]+|[^\\w\\s]|_")
_LETTERS_A_TOKEN = 5
_ABBREVIATIONS = frozenset(
    (
        *("a.m.", "approx.", "ca.", "co.", "dr.", "e.g.", "etc.", "fig.", "ft.", "i.e.", "in.", "inc.", "incl.", "jr."),
        *("lb.", "lbs.", "max.", "min.", "mr.", "mrs.", "ms.", "no.", "nos.", "oz.", "p.m.", "sq.", "st.", "vs."),
    )
)


def approximate(text: str) -> int:
    """About how many tokens a word-piece encoder makes of the text: one a CJK sign, digit or mark, more a long word."""
    return sum(-(-len(token) // _LETTERS_A_TOKEN) for token in _TOKEN.findall(text))


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text in order, each with the white space behind it: joined they are the text again."""
    start = 0
    for match in _BORDER.finditer(text):
        if match.end() > start and _ends_sentence(text, start, match):
            yield text[start : match.end()]
            start = match.end()
    if start < len(text):
        yield text[start:]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a mark ends a sentence: not behind an abbreviation, and not before a small letter."""
    if not match[0].startswith(".") or "\n" in match[0]:
        return True
    word = text[max(start, match.start() - 12) : match.start() + 1].split()[-1:]
    if word and word[0].lstrip("(\"'“‘").lower() in _ABBREVIATIONS:
        return False
    return not text[match.end() : match.end() + 1].islower()


def pieces(text: str, count: Count = approximate, limit: int = LIMIT) -> tuple[str, ...]:
    """The text in pieces of at most `limit` tokens, cut between sentences; none for a text of white space only.

    A sentence over the limit is cut at commas and spaces, and a word over it between letters. `count` may be any
    counter for which two texts together have no more tokens than both apart.
    """
    out: list[str] = []
    held, tokens = "", 0
    for unit in _units(text, count, limit):
        size = count(unit)
        if held and tokens + size > limit:
            out.append(held)
            held, tokens = "", 0
        held, tokens = held + unit, tokens + size
    return tuple(piece for piece in map(str.strip, [*out, held]) if piece)


def _units(text: str, count: Count, limit: int) -> Iterator[str]:
    """Parts that each fit, in order and without loss.

    Short lines stay whole, so that a table's row is not torn; longer ones are sentences, else clauses, else letters.
    """
    for line in text.splitlines(keepends=True):
        if count(line) <= limit // 2:
            yield line
            continue
        for sentence in sentences(line):
            if count(sentence) <= limit:
                yield sentence
                continue
            for clause in _clauses(sentence):
                yield from _letters(clause, count, limit)


def _clauses(sentence: str) -> Iterator[str]:
    start = 0
    for match in _CLAUSE.finditer(sentence):
        if match.end() > start:
            yield sentence[start : match.end()]
            start = match.end()
    if start < len(sentence):
        yield sentence[start:]


def _letters(text: str, count: Count, limit: int) -> Iterator[str]:
    """Halve a run of letters until each part fits; a single letter is never cut."""
    waiting = [text]
    while waiting:
        part = waiting.pop()
        if len(part) < 2 or count(part) <= limit:
            yield part
        else:
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]


def cut(passage: Passage, count: Count = approximate, limit: int = LIMIT) -> tuple[Passage, ...]:
    """The passage if it fits, else its pieces: the same entry, ids with `/2`, `/3` …, questions on the first."""
    if count(passage.text) <= limit:
        return (passage,)
    first, *rest = pieces(passage.text, count, limit)
    return (
        replace(passage, text=first),
        *(
            replace(passage, id=f"{passage.id}/{number}", text=text, questions=())
            for number, text in enumerate(rest, start=2)
        ),
    )
