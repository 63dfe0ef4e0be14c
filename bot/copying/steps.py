"""Several drafts made at once, a piece each a step; chats join and leave between steps.

What the network computes is behind `Steps`: torch in training (`stepping.py`), ONNX Runtime in serving (`runtime.py`).
Its sources lie in rows: a chat that joins gets the row after the last, and when one leaves, the last takes its row.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.copying.decode import Decoder, Scores
from bot.copying.field import Rules
from bot.copying.lexicon import Lexicon
from bot.copying.saying import Citing, Saying
from bot.copying.source import CLS, Source


class Steps(Protocol):
    """A network that reads sources and goes on with drafts."""

    @property
    def lexicon(self) -> Lexicon:
        """Its pieces."""
        ...

    def join(self, source: Source) -> list[float]:
        """Read a source into a new last row; the probabilities that its passages answer."""
        ...

    def leave(self, row: int) -> None:
        """Free a row; the last one is that row from now on."""
        ...

    def step(self, pieces: Sequence[int]) -> list[Scores]:
        """Give each row the piece that it said last; what comes next in each."""
        ...


@dataclass
class Talk:
    """A draft that is being made.

    Attributes:
        answers: Probabilities that the source's passages answer.
        text: All that was said, citations included.
        fresh: What of it the last step added.
        ended: Nothing more comes.
    """

    decoder: Decoder
    saying: Saying
    answers: list[float]
    last: int = CLS
    text: str = ""
    fresh: str = ""
    ended: bool = False
    _taken: int = field(default=0)

    def hear(self, scores: Scores) -> None:
        """Say one more piece."""
        piece = self.decoder.next(scores)
        settled = self.decoder.said[self._taken : self.decoder.settled]
        self._taken = self.decoder.settled
        self.fresh = self.saying.take(settled)
        self.ended = piece is None or self.decoder.ended or self.saying.repeats
        if self.ended:
            self.fresh += self.saying.close()
        else:
            self.last = piece or CLS
        self.text += self.fresh

    @property
    def copied(self) -> int:
        """Pieces that were copied from passages."""
        passage = self.decoder.field.passage
        return sum(one.place is not None and passage[one.place] > 0 for one in self.decoder.said)

    @property
    def confidence(self) -> float:
        """Mean logarithm of the pieces' probabilities; 0 is certain."""
        said = self.decoder.said
        return sum(math.log(max(one.chance, 1e-9)) for one in said) / max(1, len(said))


class Speaking:
    """Drafts in the rows of a network."""

    def __init__(self, steps: Steps, rules: Rules | None = None, citing: Citing | None = None) -> None:
        self.steps, self.rules, self.citing = steps, rules or Rules(), citing or Citing()
        self.talks: list[Talk] = []

    def join(self, source: Source, most: int | None = None, numbers: Sequence[int] = ()) -> Talk:
        """Begin a draft of at most so many pieces, which cites the source's passages as `numbers`."""
        rules = replace(self.rules, most=min(most or self.rules.most, self.rules.most))
        answers = self.steps.join(source)
        lexicon = self.steps.lexicon
        saying = Saying(source, lexicon, answers, numbers, self.citing)
        talk = Talk(Decoder(source, lexicon, answers, rules), saying, answers)
        self.talks.append(talk)
        return talk

    def leave(self, talk: Talk) -> None:
        """Go on without a draft."""
        row = next(n for n, one in enumerate(self.talks) if one is talk)
        last = self.talks.pop()
        if last is not talk:
            self.talks[row] = last
        self.steps.leave(row)

    def advance(self) -> list[Talk]:
        """One piece more of each draft; those that ended with it are out."""
        if not self.talks:
            return []
        for talk, scores in zip(self.talks, self.steps.step([talk.last for talk in self.talks]), strict=True):
            talk.hear(scores)
        ended = [talk for talk in self.talks if talk.ended]
        for talk in ended:
            self.leave(talk)
        return ended


def drafted(speaking: Speaking, sources: Sequence[Source], at_once: int = 16) -> list[Talk]:
    """A draft of each source, in their order."""
    talks: list[Talk] = []
    for source in sources:
        while len(speaking.talks) >= at_once:
            speaking.advance()
        talks.append(speaking.join(source))
    while speaking.talks:
        speaking.advance()
    return talks
