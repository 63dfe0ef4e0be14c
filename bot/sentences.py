"""Cuts text into sentences, also while it is still arriving; knows nothing of what the sentences say.

A sentence that is released is never changed by what comes after it, and how the text was cut into pieces makes no
difference: the sentences of a stream are the sentences of its concatenation, and joined they are the text again.
White space before a sentence belongs to it; so do citation marks (`[1]`, `[2][3]`) after its full stop. A row of a
table (`| a | b |`) is one sentence, whatever stands in its cells.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_CHARS = 600
"""A run without any end is cut at the next space after this many characters, so that nobody waits for ever."""

_END = re.compile(r"\n|[.!?…]+[\"'”’)»]*|[。！？]+[”’」』）)]*")
_OPENING = "[【［"
_MARK = re.compile(r"[ \t]*[\[【［]\s?\d{1,3}(?:[ ,，、]+\d{1,3})*\s?[\]】］]")
_MARK_CHARS = 24
_HARD = frozenset({"no", "nos", "mr", "mrs", "ms", "dr", "st", "vs", "e.g", "i.e", "fig", "art", "cf"})
_SOFT = frozenset(
    {"etc", "approx", "incl", "excl", "max", "min", "inc", "ltd", "co", "jr", "sr", "a.m", "p.m", "u.s", "u.k"}
)
_RULE = re.compile(r"[|\s:-]+")
_WORD = re.compile(r"[A-Za-z.]+$")
_LIST_NUMBER = re.compile(r"\s*\d{1,2}$")


def _abbreviation(before: str, after: str) -> bool:
    """Whether the full stop after `before` only shortens a word. `after` is the next character that is not a space."""
    if _LIST_NUMBER.fullmatch(before):
        return True
    found = _WORD.search(before)
    word = found.group().lower() if found else ""
    if word in {"no", "nos"}:
        return after.isdigit()
    if word in _HARD:
        return True
    if word in _SOFT:
        return not (after.isupper() or after >= "\u3400")
    return len(word) == 1 and word != "i" and not word.isdigit() and found is not None and found.group().isupper()


@dataclass(slots=True)
class Holder:
    """Takes pieces of a text and gives back its sentences as soon as each is surely whole."""

    _held: str = ""
    _from: int = field(default=0)

    def feed(self, piece: str) -> list[str]:
        """Add a piece; return the sentences that are whole now, often none."""
        self._held += piece
        return self._release(final=False)

    def close(self) -> list[str]:
        """The text has ended: return what is left. The holder is empty afterwards, and can be used again."""
        out = self._release(final=True)
        if self._held:
            out.append(self._held)
        self._held, self._from = "", 0
        return out

    def _release(self, *, final: bool) -> list[str]:
        out: list[str] = []
        while (end := self._next(final=final)) is not None:
            out.append(self._held[:end])
            self._held, self._from = self._held[end:], 0
        return out

    def _next(self, *, final: bool) -> int | None:
        """Where the first sentence ends, or None while that cannot be known."""
        while found := _END.search(self._held, self._from):
            if (forced := self._forced(found.start())) is not None:
                return forced
            end = self._judge(found, final=final)
            if end is None:
                return None
            if end:
                return end
            self._from = found.end()
        return self._forced(len(self._held))

    def _forced(self, upto: int) -> int | None:
        """The cut in an overlong run, when it lies before `upto`."""
        if upto <= MAX_CHARS:
            return None
        space = re.compile(r"\s").search(self._held, MAX_CHARS, upto)
        return space.start() if space else None

    def _judge(self, found: "re.Match[str]", *, final: bool) -> int | None:
        """End of the sentence at this mark; 0 when it ends none; None when more text is needed to tell."""
        if found.group() == "\n":
            return found.end() if self._held[: found.start()].strip() else 0
        if self._held.lstrip().startswith("|"):
            return 0
        end = found.end()
        while mark := _MARK.match(self._held, end):
            end = mark.end()
        rest = self._held[end:]
        after = rest.lstrip(" \t")
        if not final and (not after or (after[0] in _OPENING and len(after) < _MARK_CHARS and not _closed(after))):
            return None
        if not self._held[: found.start()].strip():
            return 0
        if found.group()[0] in "。！？":
            return end
        return end if self._ends_ascii(found, rest, after) else 0

    def _ends_ascii(self, found: "re.Match[str]", rest: str, after: str) -> bool:
        if rest and not rest[0].isspace() and rest[0] < "\u3400" and self._held[found.end() - 1] not in "]】］":
            return False
        if found.group()[0] not in ".…":
            return True
        if after and after[0].islower():
            return False
        return not (found.group() == "." and _abbreviation(self._held[: found.start()], after[:1]))


def _closed(text: str) -> bool:
    return any(mark in text for mark in "]】］")


def sentences(text: str) -> list[str]:
    """All sentences of a text; joined they are the text. Empty for an empty text."""
    holder = Holder()
    return holder.feed(text) + holder.close()


def lines(text: str) -> list[str]:
    """The lines of a text that are not empty; a row of a table (`| … |`) in words, with its columns' heads.

    `| Canada | 6–9 days | $12.95 |` becomes `Canada – Standard: 6–9 days; Cost: $12.95.`
    """
    out: list[str] = []
    heads: list[str] = []
    for line in (line.strip() for line in text.split("\n")):
        if not line.startswith("|"):
            heads = []
            out.extend([line] if line else [])
        elif not heads:
            heads = cells(line)
        elif not _RULE.fullmatch(line):
            out.append(_row(heads, cells(line)))
    return out


def cells(line: str) -> list[str]:
    """The cells of a row."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _row(heads: Sequence[str], cells: Sequence[str]) -> str:
    named = zip(heads[1:], cells[1:], strict=False)
    rest = "; ".join(f"{head}: {cell}" if head else cell for head, cell in named if cell)
    return f"{cells[0]} – {rest}." if rest else cells[0]
