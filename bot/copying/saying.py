"""The text of a draft while it is made: words as soon as they are certain, `[n]` behind each sentence. Pure.

A sentence cites the passage that most of its copied words are from, and a second one with a real share. Words that the
conversation has too prove nothing; a sentence that copied nothing from a passage that answers
cites none, nor one that says what is not known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.copying.decode import Spoken
from bot.copying.lexicon import Floats, Lexicon
from bot.copying.source import PASSAGES, Source
from bot.copying.surface import Surface
from bot.sentences import sentences
from bot.terms import terms

GENERATED = 0.3
"""Weight of a generated word, shared out as the pointer looked."""
SECOND_SHARE, SECOND_WORDS = 0.25, 2
_ENDS = ".!?…"
_UNKNOWING = re.compile(
    r"\bI(?:'m| am)? (?:\w+ ){0,3}?(?:do not|don't|cannot|can't|could not|couldn't|wish I) "
    r"(?:know|knew|find|see|say|tell|compare|have any)|"
    r"\b(?:rather not guess|no information|nothing (?:about|on)|nothing I)\b|"
    r"\b(?:texts?|pages?|notes|details|information)\b.{0,60}?\b(?:do not|don't|does not|doesn't|leaves? \w+ out)\b|"
    r"\b(?:is not|isn't|are not|aren't) (?:stated|mentioned|listed|on the page|in (?:our|the) (?:texts|information))",
    re.IGNORECASE,
)
"""What says that something is not known; the products named there are no source of it."""


@dataclass(frozen=True, slots=True)
class Citing:
    """A passage that answers with less than `least` is not cited."""

    least: float = 0.1


@dataclass
class Saying:
    """Takes settled pieces, gives text. `answers` are the probabilities that the passages answer.

    Attributes:
        numbers: What each passage is cited as; by default 1, 2, 3, …
        repeats: The sentence is one that was said before; it was not given out, and the draft had better end.
    """

    source: Source
    lexicon: Lexicon
    answers: Sequence[float]
    numbers: Sequence[int] = ()
    citing: Citing = field(default_factory=Citing)
    repeats: bool = False
    _word: list[Spoken] = field(default_factory=list)
    _sentence: str = ""
    _given: int = 0
    _weights: Floats = field(default_factory=lambda: np.zeros(PASSAGES + 1, np.float32))
    _counts: Floats = field(default_factory=lambda: np.zeros(PASSAGES + 1, np.float32))
    _before: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._surface = Surface(self.source, self.lexicon)

    def take(self, pieces: Sequence[Spoken]) -> str:
        """Add pieces; the text that is certain now, often none."""
        out = ""
        for one in pieces:
            if self._word and not self.lexicon.joined[one.piece]:
                out += self._write()
            self._word.append(one)
        return out

    def close(self) -> str:
        """The draft has ended: the text that is left."""
        out = self._write() if self._word else ""
        if self.repeats or not self._sentence.strip():
            return out
        end = "" if self._sentence.rstrip("\"'”’)")[-1:] in _ENDS else "."
        left = self._sentence[self._given :] + end
        self._sentence += end
        if self._said_before(self._sentence):
            self.repeats = True
            return out
        return out + left + self._cited()

    def _write(self) -> str:
        """Write the word that is whole now."""
        word, self._word = self._word, []
        starts = not self._sentence.strip() or self._over(f"{self._surface.gap(word)}Then")
        added = self._surface.add(word, starts)
        out = ""
        if self._sentence.strip() and self._over(added):
            out = self._end()
        if self.repeats:
            return out
        self._sentence += added
        self._count(word, added)
        return out + self._certain()

    def _over(self, after: str) -> bool:
        """Whether the sentence ends where this follows."""
        return self._sentence.rstrip("\"'”’)")[-1:] in _ENDS and sentences(self._sentence + after)[0] == self._sentence

    def _end(self) -> str:
        """What was held back of a whole sentence, and its citations."""
        if self._said_before(self._sentence):
            self.repeats = True
            return ""
        out = self._sentence[self._given :] + self._cited()
        self._before.append(_plain(self._sentence))
        self._sentence, self._given = "", 0
        self._weights[:], self._counts[:] = 0, 0
        return out

    def _certain(self) -> str:
        """What may be given out of the sentence: nothing while it may become one that was said before."""
        plain = _plain(self._sentence)
        if any(before.startswith(plain) for before in self._before):
            return ""
        out = self._sentence[self._given :]
        self._given = len(self._sentence)
        return out

    def _said_before(self, sentence: str) -> bool:
        return _plain(sentence) in self._before

    # Citations

    def _count(self, word: Sequence[Spoken], added: str) -> None:
        """Add a word to what the sentence rests on."""
        telling = bool(terms(added))
        first = word[0]
        if first.place is None:
            self._weights += GENERATED * first.looked * telling
            return
        passage = self.source.passage[first.place]
        self._weights[passage] += 1.0 if telling else 0.2
        self._counts[passage] += telling

    def _cited(self) -> str:
        """The marks behind the sentence."""
        may = [
            n for n in range(1, len(self.answers) + 1) if self._counts[n] and self.answers[n - 1] >= self.citing.least
        ]
        if not may or _UNKNOWING.search(self._sentence.replace("’", "'")):
            return ""
        best = max(may, key=lambda n: float(self._weights[n]))
        total = float(sum(self._weights[n] for n in may))
        more = [
            n for n in may if n != best and self._counts[n] >= SECOND_WORDS and self._weights[n] >= SECOND_SHARE * total
        ]
        more = sorted(more, key=lambda n: -float(self._weights[n]))[:1]
        return " " + "".join(f"[{self.numbers[n - 1] if self.numbers else n}]" for n in sorted([best, *more]))


def _plain(sentence: str) -> str:
    """A sentence without what makes no difference."""
    return " ".join(sentence.lower().split())
