"""How words are written: with the source's own characters where copied, by the network's word otherwise. Pure.

The network's pieces are lower case and know no spaces. A word copied right after its left neighbour comes with whatever
the source has between the two (a line's end is a space). Where words from different places meet, the signs on both
sides tell whether a space belongs there, and only where they do not, the network's surface head is asked.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bot.copying.decode import Spoken
from bot.copying.lexicon import Lexicon
from bot.copying.source import QUESTION, SHOPPER, Source
from bot.copying.target import LOWER, SURFACES, written

CLOSING, OPENING = ".,;:!?…)]}’'”%", "([{“‘"
_HEAD_SPACE = SURFACES // 2
_TAILS = frozenset(("s", "t", "ll", "re", "ve", "d", "m"))
"""What follows an apostrophe within a word."""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:|•]|\n)[\s\"'“‘(*-]*$")
_JOINING = frozenset(("and", "but", "for", "if", "nor", "or", "so", "when", "yet"))
"""Words that are nobody's name, though a heading or a quotation in mid-sentence begins with them."""


@dataclass
class Surface:
    """Writes the words of one draft one after another; `text` is what was written."""

    source: Source
    lexicon: Lexicon
    text: str = ""
    _last: Spoken | None = None
    _spaced_dash: bool = field(default=False)

    def gap(self, word: Sequence[Spoken]) -> str:
        """What stands before a word (a piece and those that go on it): a space or nothing."""
        return self._gap(word[0], self._bare(word))

    def add(self, word: Sequence[Spoken], starts_sentence: bool) -> str:
        """Write a word; what was added, with the space before it."""
        bare, gap = self._bare(word), self.gap(word)
        cased = self._cased(word, bare, starts_sentence)
        self._spaced_dash = bare in "-–—" and (gap == " " or not self.text)
        self.text += gap + cased
        self._last = word[-1]
        return gap + cased

    def _bare(self, word: Sequence[Spoken]) -> str:
        return "".join([self._piece(one) for one in word])

    def _piece(self, one: Spoken) -> str:
        if one.place is not None:
            return self.source.written(one.place)
        return written(self.lexicon.texts[one.piece], one.surface % _HEAD_SPACE)

    # Spaces

    def _gap(self, first: Spoken, bare: str) -> str:
        if not self.text:
            return ""
        if self._next_in_line(first):
            return self._copied_gap(first, bare)
        if self.lexicon.joined[first.piece]:
            return ""
        told = self._told(self.text, bare, first)
        return " " if (first.surface >= _HEAD_SPACE if told is None else told) else ""

    def _next_in_line(self, one: Spoken) -> bool:
        """Whether it was copied right after the piece before."""
        last = self._last
        if last is None or last.place is None or one.place != last.place + 1:
            return False
        a, b = self.source.chars[last.place], self.source.chars[one.place]
        return a is not None and b is not None and a[0] == b[0]

    def _copied_gap(self, first: Spoken, bare: str) -> str:
        gap = " " if re.search(r"\s", self.source.between(first.place or 0)) else ""
        after = self._after(first.place or 0)
        return "" if bare in ".,;:!?" and (not after or after.isspace()) else gap

    def _after(self, place: int) -> str:
        """The source's character right after a piece."""
        found = self.source.chars[place]
        return self.source.texts[found[0]].text[found[2] : found[2] + 1] if found else ""

    def _told(self, text: str, bare: str, one: Spoken) -> bool | None:
        """Whether a space stands between a text and what comes, as far as their signs tell."""
        left, right = text[-1], bare[0]
        if right == '"':
            return text.count('"') % 2 == 0 and left not in OPENING
        if left == '"':
            return text.count('"') % 2 == 0 and right not in CLOSING
        if right in CLOSING or left in OPENING:
            return False
        if right in OPENING or right == "&" or left == "&":
            return True
        if left in "'’":
            return self._after_apostrophe(text, bare, one)
        if left in "-–—/" and not self._locked(one):
            return self._spaced_dash if left != "/" else one.surface >= _HEAD_SPACE and text[-2:-1] == " "
        if (left.isalnum() and right.isalnum()) or self._locked(one) or left in ",;:!?…)]}”%":
            return True if right.isalnum() or self._locked(one) or left in ",;:!?…" else None
        # a full stop within `p.m.` or `e.g.` is told by the head; any other is the end of something
        return True if left == "." and right.isalnum() and len(bare) > 1 else None

    def _after_apostrophe(self, text: str, bare: str, one: Spoken) -> bool:
        return not (bare.lower() in _TAILS and text[-2:-1].isalnum()) and (
            text[-2:-1].isalnum() or one.surface >= _HEAD_SPACE
        )

    def _locked(self, one: Spoken) -> bool:
        return one.place is not None and bool(self.source.locked[one.place])

    # Case

    def _cased(self, word: Sequence[Spoken], bare: str, starts_sentence: bool) -> str:
        first = word[0]
        if self._locked(first) or not bare[0].isalpha():
            return bare
        if first.place is None or self.source.roles[first.place] in (QUESTION, SHOPPER):
            bare = "I" if bare == "i" else self.names.get(bare.lower(), bare)
        elif not starts_sentence and not self._next_in_line(first) and self._only_begins(word, bare):
            bare = bare[0].lower() + bare[1:]
        return bare[0].upper() + bare[1:] if starts_sentence and bare.islower() else bare

    def _only_begins(self, word: Sequence[Spoken], bare: str) -> bool:
        """Whether a copied word has its capital from the sentence that it began: neither a name nor an abbreviation."""
        place = word[0].place or 0
        found = self.source.chars[place]
        if not found or len(bare) < 2 or not bare[1:].islower() or word[0].surface % _HEAD_SPACE != LOWER:
            return False
        text = self.source.texts[found[0]].text
        whole = _WORD.match(text, found[1])
        if whole and (whole.group().lower() in self.names or re.match(r"\s[A-Z]", text[whole.end() :])):
            return False
        return bool(_SENTENCE_START.search(text[: found[1]]))

    @cached_property
    def names(self) -> dict[str, str]:
        """Words that the shop writes with a capital in mid-sentence, always in the same way, by their small form."""
        forms: dict[str, set[str]] = defaultdict(set)
        for text in self.source.texts:
            if self.source.roles[text.start] in (QUESTION, SHOPPER):
                continue
            for found in _WORD.finditer(text.text):
                if not _SENTENCE_START.search(text.text[max(0, found.start() - 8) : found.start()]):
                    forms[found.group().lower()].add(found.group())
        return {
            small: form
            for small, (form, *more) in forms.items()
            if not more and form != small and small not in _JOINING
        }
