"""From what the network says of each next piece to the piece that is said: greedy, and only what may be said. Pure.

A piece is generated or copied; its probability is the sum over all ways to say it. Copying follows the source:

- A locked run (a price, a SKU, a link) and a word of several pieces are entered at their first piece only and then gone
  through to their last. Where several places begin alike (`$` of five prices), all are followed until they part, so
  the place is decided by the whole run and not by its first sign. Figures are never generated. So every number of a
  draft stands in its source, whole.
- Passages that surely do not answer are not copied from when another surely does.
- A word is not said twice running, nor a run of pieces twice, unless the source says so there.

The network may be torch's or ONNX Runtime's: it is seen as arrays (`Scores`) only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.copying.field import Field, Rules
from bot.copying.lexicon import JOINTS, Flags, Floats, Ints, Lexicon
from bot.copying.source import PASSAGES, SEP, Source

TINY = 1e-9
LEAST_CARRIED = 0.3
"""As in training: from this share of the span's posterior on, there is a span to go on with."""
LEAST_SHARE = 0.02
"""A way to have said a piece that is less likely than this is not followed."""
NEXT_IN_LINE = 0.5
"""The place right after the last one is taken when it is at least so likely as the likeliest."""
PHRASE, SAID_AGAIN = 5, 8
"""So many pieces are not said twice running, nor so many twice in a draft."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the network says of the next piece of one draft.

    Attributes:
        copy: `(source,)`; where a copy would start, sums to 1.
        carry: Probability that the span goes on instead.
        word: Probability of a generated piece.
        vocabulary: `(outputs,)`; logits of pieces to generate.
        surface: `(SURFACES,)`; logits of how a generated piece is written.
    """

    copy: Floats
    carry: float
    word: float
    vocabulary: Floats
    surface: Floats


@dataclass(slots=True)
class Spoken:
    """A piece that was said.

    Attributes:
        chance: Its probability.
        looked: `(PASSAGES + 1,)`; share of the copy attention in each passage, from 1, and in the conversation, 0.
        place: Where it was copied from; None if it was generated. Certain only once it is handed out.
    """

    piece: int
    surface: int
    chance: float
    looked: Floats
    place: int | None = None


@dataclass(slots=True)
class _Ways:
    """How the last piece may have been said: at which places, and generated, with the weight of each.

    Attributes:
        length: Pieces since the places were last certain.
        posterior: `(source,)`; of the last piece, for the span that goes on.
    """

    places: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    weights: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    generated: float = 1.0
    length: int = 0
    posterior: Floats | None = None


class Decoder:
    """One draft. `next` after each step of the network; `settled` pieces can be written."""

    def __init__(self, source: Source, lexicon: Lexicon, answers: Sequence[float] = (), rules: Rules | None = None):
        self.rules = rules or Rules()
        self.lexicon = lexicon
        self.field = Field.of(source, lexicon, answers, self.rules)
        self.said: list[Spoken] = []
        self.settled = 0
        self.ended = False
        self._ways = _Ways()

    def next(self, scores: Scores) -> int | None:
        """The piece to be said, which the network is to be given next; None at the end."""
        mixed, banned = self._mixed(scores), self._banned()
        free, run = self._copies(mixed * (1 - scores.word), banned)
        generated = self._generated(scores, banned)
        piece, chance = self._likeliest(generated, free + run)
        if chance <= 0 or piece == SEP or (len(self.said) >= self.rules.most and self._free()):
            self._settle()
            self.ended = True
            return None
        self._say(piece, scores, mixed, (generated, free, run))
        self.said[-1].chance = chance
        self.ended = len(self.said) >= self.rules.enough and self._sentence_over()
        return piece

    # What may be said

    def _mixed(self, scores: Scores) -> Floats:
        """`(source,)`: where the next piece would be copied from."""
        posterior = self._ways.posterior
        if posterior is None:
            return scores.copy
        moved = np.zeros_like(posterior)
        moved[1:] = posterior[:-1]
        moved *= self.field.copyable
        carry = scores.carry if moved.sum() > LEAST_CARRIED else 0.0
        return np.asarray(carry * moved + (1 - carry) * scores.copy, np.float32)

    def _copies(self, mixed: Floats, banned: Flags) -> tuple[Floats, Floats]:
        """Weights of places to start at, and of those to go on to; `(source,)` each."""
        field, ways = self.field, self._ways
        run = np.zeros_like(mixed)
        if len(on := ways.places[field.goes_on[ways.places]] + 1):
            run[on] = mixed[on] + TINY
        if not self._free():
            return np.zeros_like(mixed), run
        starts = field.starts & ~banned[field.ids]
        after = self._in_line()
        if after is not None and field.starts[after]:
            starts[after] = True
        if self.said and self.lexicon.texts[self.said[-1].piece] in JOINTS:
            starts &= ~field.locked
        return np.where(starts, mixed, 0).astype(np.float32), run

    def _free(self) -> bool:
        """Whether the last piece may have been the end of its run."""
        ways = self._ways
        return ways.generated > 0 or bool((~self.field.goes_on[ways.places]).any())

    def _in_line(self) -> int | None:
        """The place after the last one, if that is certain."""
        last = self.said[-1].place if self.said and self.settled == len(self.said) else None
        return last + 1 if last is not None and last + 1 < len(self.field.ids) else None

    def _generated(self, scores: Scores, banned: Flags) -> Floats:
        """`(outputs,)`; probabilities of generating each piece."""
        lexicon = self.lexicon
        if not self._free():
            return np.zeros(len(lexicon.outputs), np.float32)
        likely = np.exp(scores.vocabulary - scores.vocabulary.max())
        likely *= scores.word / likely.sum()
        return np.where(lexicon.sayable & ~banned[lexicon.outputs], likely, 0).astype(np.float32)

    def _banned(self) -> Flags:
        """`(pieces,)`; what may not come now, wherever from."""
        lexicon, said = self.lexicon, self.said
        banned = np.zeros(len(lexicon.texts), bool)
        if not said:
            banned |= lexicon.joined | lexicon.closing
            banned[SEP] = True
            return banned
        last = said[-1].piece
        if not lexicon.words[last] or self._after_run():
            banned |= lexicon.joined
        if lexicon.stops[last]:
            banned |= lexicon.stops
        if not any(lexicon.words[one.piece] for one in said):
            banned[SEP] = True
        banned[self._again()] = True
        return banned

    def _after_run(self) -> bool:
        places = self._ways.places
        return bool(len(places)) and bool(self.field.locked[places].any())

    def _again(self) -> list[int]:
        """Pieces that would say a word or a phrase twice running, or `SAID_AGAIN` pieces once more."""
        pieces = [one.piece for one in self.said]
        out = _last_word(pieces, self.lexicon)[:1] or pieces[-1:]
        for size in range(2, PHRASE + 1):
            if len(pieces) >= 2 * size - 1 and pieces[1 - size :] == pieces[1 - 2 * size : -size]:
                out.append(pieces[-size])
        tail = tuple(pieces[-SAID_AGAIN + 1 :])
        spans = range(len(pieces) - SAID_AGAIN + 1)
        out.extend(pieces[i + SAID_AGAIN - 1] for i in spans if tuple(pieces[i : i + SAID_AGAIN - 1]) == tail)
        return out

    def _likeliest(self, generated: Floats, copied: Floats) -> tuple[int, float]:
        """The piece with the highest sum, and the sum."""
        lexicon, field = self.lexicon, self.field
        by_kind = np.bincount(field.kinds, copied, len(field.pieces)).astype(np.float32)
        outputs = lexicon.output_of[field.pieces]
        both = outputs >= 0
        by_kind[both] += generated[outputs[both]]
        kind, output = int(by_kind.argmax()), int(generated.argmax())
        if by_kind[kind] >= generated[output]:
            return int(field.pieces[kind]), float(by_kind[kind])
        return int(lexicon.outputs[output]), float(generated[output])

    # What was said

    def _say(self, piece: int, scores: Scores, mixed: Floats, ways: tuple[Floats, Floats, Floats]) -> None:
        generated, free, run = ways
        output = self.lexicon.output_of[piece]
        alone = float(generated[output]) if output >= 0 else 0.0
        same = self.field.ids == piece
        begun, gone_on = free * same, run * same
        if gone_on.sum() > 0 and gone_on.sum() >= begun.sum() + alone:
            self._go_on(np.flatnonzero(gone_on), mixed)
        else:
            self._settle()
            self._begin(np.flatnonzero(begun), begun, alone)
        looked = np.bincount(self.field.passage, mixed, PASSAGES + 1).astype(np.float32)
        self.said.append(Spoken(piece, int(scores.surface.argmax()), 1.0, looked))
        self._ways.length += 1
        self._ways.posterior = self._posterior(scores.copy, same)
        if not self.field.goes_on[self._ways.places].any():
            self._settle()

    def _begin(self, places: Ints, weights: Floats, alone: float) -> None:
        """A piece that may start at some places, or be generated."""
        found = weights[places]
        total = float(found.sum()) + alone
        kept = found >= LEAST_SHARE * total
        alone = alone if alone >= LEAST_SHARE * total or not kept.any() else 0.0
        self._ways = _Ways(places[kept], found[kept], alone)

    def _go_on(self, places: Ints, mixed: Floats) -> None:
        """A piece that goes on from some of the places."""
        ways = self._ways
        before = dict(zip(ways.places.tolist(), ways.weights.tolist(), strict=True))
        weights = np.array([before[p - 1] * (float(mixed[p]) + TINY) for p in places.tolist()], np.float64)
        weights /= weights.sum() or 1.0
        self._ways = _Ways(places, weights.astype(np.float32), 0.0, ways.length)

    def _posterior(self, copy: Floats, same: Flags) -> Floats:
        """`(source,)`: where the piece was copied from, as training takes it: by the pointer alone."""
        where = self.field.starts & same
        where[self._ways.places] = True
        found = copy * where
        return np.asarray(found / (found.sum() + TINY), np.float32)

    def _settle(self) -> None:
        """Decide on the places of the latest pieces."""
        ways = self._ways
        over = ~self.field.goes_on[ways.places]
        places, weights = ways.places[over], ways.weights[over]
        if ways.length and len(places) and (ways.length > 1 or weights.sum() >= ways.generated):
            place = self._chosen(places, weights)
            for back in range(ways.length):
                self.said[-1 - back].place = place - back
        ways.length = 0
        self.settled = len(self.said)

    def _chosen(self, places: Ints, weights: Floats) -> int:
        """The likeliest place, or that next in line when it is nearly as likely."""
        first = len(self.said) - self._ways.length
        before = self.said[first - 1].place if first else None
        best = int(weights.argmax())
        if before is not None:
            line = np.flatnonzero(places - self._ways.length + 1 == before + 1)
            if len(line) and weights[line[0]] >= NEXT_IN_LINE * weights[best]:
                best = int(line[0])
        return int(places[best])

    def _sentence_over(self) -> bool:
        return self.settled == len(self.said) and self.lexicon.texts[self.said[-1].piece] in (".", "!", "?")


def _last_word(pieces: Sequence[int], lexicon: Lexicon) -> list[int]:
    """The pieces of the last word; empty after a sign."""
    start = len(pieces)
    while start and lexicon.joined[pieces[start - 1]]:
        start -= 1
    if not start or not lexicon.words[pieces[start - 1]]:
        return []
    return list(pieces[start - 1 :])
