"""What one invented shop was asked, laid out as samples: prompts as the server would make them, and what to say.

Around what a family wrote (`Asked`) this puts what a search would bring: the right passages mostly first, hard
distractors, others of the shop; the fact taken away, so that only declining is right; a conversation before it; two
questions at once; the shop's tone; the shopper's slips. It knows nothing of what is asked about.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.generate.protocol import Numbered, Prompt, Said
from bot.lab.train import wording
from bot.lab.train.noise import noisy
from bot.lab.train.sample import Asked, Piece, Sample

Mode = Literal["plain", "twin", "near", "bare", "two", "half"]

_POLAR = frozenset(["yes", "no", "not", "don't", "doesn't", "isn't", "can't", "cannot", "yep", "nope", "sure"])

_TRIES = 6

PASSAGE_CHARS = 1_200
"""No distractor is added beyond that many characters of passages in all: the model reads 448 pieces."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of samples; what is none of `modes` is plain.

    Attributes:
        modes: `twin`: the fact is taken from the passages; `near`: only distractors; `bare`: no passage at all;
            `two`: two questions; `half`: two questions, one of which no passage answers.
        follow_up: With the earlier question and answer that the question follows.
        aside: With earlier talk about something else.
        formal: In the formal tone.
        small_talk: Of the plain ones.
        hopeless: Of the plain ones: no passage of the shop would ever answer.
    """

    modes: Mapping[Mode, float] = field(
        default_factory=lambda: {"twin": 0.13, "near": 0.09, "bare": 0.02, "two": 0.05, "half": 0.01}
    )
    follow_up: float = 0.20
    aside: float = 0.15
    formal: float = 0.35
    small_talk: float = 0.05
    hopeless: float = 0.04


@dataclass(frozen=True, slots=True)
class Stall:
    """A shop whose questions are laid out: its name for the prompt, its group, all its pieces, all it was asked."""

    shop: str
    group: str
    asked: Sequence[Asked]
    pieces: Sequence[Piece]

    @classmethod
    def of(cls, shop: str, group: str, asked: Sequence[Asked]) -> "Stall":
        """With every piece of the questions, twins left out; of the same key and text only one."""
        found = {(piece.key, piece.text): piece for ask in asked for piece in (*ask.rests_on, *ask.near)}
        return cls(shop, group, asked, tuple(found.values()))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A question as it is to be laid out."""

    mode: Mode
    follows: bool
    formal: bool
    ask: Asked
    other: Asked | None = None

    @property
    def declines(self) -> bool:
        return self.mode in ("twin", "near", "bare") or _hopeless(self.ask)

    def spoken(self, ask: Asked) -> str:
        """Its answer in the tone."""
        return (ask.formal or wording.formal(ask.answer)) if self.formal else ask.answer

    def refusal(self, ask: Asked) -> str:
        return wording.formal(ask.decline) if self.formal else ask.decline


def lay_out(rng: random.Random, stall: Stall, count: int, shares: Shares | None = None) -> Iterator[Sample]:
    """So many samples of one shop, in random order; fewer questions than samples come again in other clothes."""
    shares = shares or Shares()
    decks = _Decks(rng, stall.asked, shares)
    modes: list[Mode] = [*shares.modes, "plain"]
    weights = [*shares.modes.values(), 1 - sum(shares.modes.values())]
    for mode in rng.choices(modes, weights, k=count):
        drawn = decks.draw(mode)
        if drawn is not None:
            yield _sample(rng, stall, drawn, shares)


def states(text: str, must: Sequence[Sequence[str]]) -> bool:
    """Whether a text has everything telling that a right answer must contain: a mere yes or no tells nothing."""
    telling = [words for words in must if not _POLAR.issuperset(word.casefold() for word in words)]
    folded = text.casefold()
    return bool(telling) and all(any(_holds(folded, word.casefold()) for word in words) for words in telling)


def _holds(text: str, word: str) -> bool:
    """Whether `word` stands in `text` with no letter or digit beside it: 30 is not in $130."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (text[max(at - 1, 0) : at].isalnum() or text[end : end + 1].isalnum()):
            return True
        at = text.find(word, at + 1)
    return False


def _hopeless(ask: Asked) -> bool:
    """Whether no passage would ever answer it (small talk is answered without any)."""
    return not ask.rests_on and ask.kind != "small_talk"


def _bereft(ask: Asked) -> bool:
    """Whether the fact is truly gone from the twin, so that declining is right."""
    twin = "\n".join(f"{piece.title}\n{piece.text}" for piece in ask.twin)
    return bool(ask.twin and ask.decline) and not states(twin, ask.must)


class _Decks:
    """Questions fit for each mode, each kind drawn as often as the square root of how many it has."""

    def __init__(self, rng: random.Random, asked: Sequence[Asked], shares: Shares) -> None:
        self._rng, self._shares = rng, shares
        talk = [ask for ask in asked if ask.kind == "small_talk"]
        good = [ask for ask in asked if ask.rests_on]
        self._decks: dict[tuple[str, bool], _Deck] = {}
        pools: dict[str, list[Asked]] = {
            "talk": talk,
            "plain": good,
            "hopeless": [ask for ask in asked if _hopeless(ask)],
            "two": good,
            "twin": [ask for ask in good if _bereft(ask)],
            "near": [ask for ask in good if ask.near and ask.decline],
            "bare": [ask for ask in good if ask.decline],
            "half": [ask for ask in good if _bereft(ask)],
        }
        for name, pool in pools.items():
            self._decks[name, False] = _Deck(rng, pool)
            self._decks[name, True] = _Deck(rng, [ask for ask in pool if ask.after and ask.follow_up])

    def draw(self, mode: Mode) -> _Drawn | None:
        """A question for the mode; None where the shop has none."""
        rng, shares = self._rng, self._shares
        formal = rng.random() < shares.formal
        if mode in ("two", "half"):
            return self._pair(mode, formal)
        rare = (shares.small_talk, shares.hopeless)
        pool = rng.choices(("talk", "hopeless", mode), (*rare, 1 - sum(rare)))[0] if mode == "plain" else mode
        wanted = rng.random() < shares.follow_up / (1 - shares.modes.get("two", 0) - shares.modes.get("half", 0))
        for follows in (True, False) if wanted else (False,):
            if ask := self._decks[pool, follows].draw():
                return _Drawn(mode, follows, formal, ask)
        ask = self._decks["plain", False].draw()
        return _Drawn("plain", False, formal, ask) if ask else None

    def _pair(self, mode: Mode, formal: bool) -> _Drawn | None:
        """Two questions about different things; one alone where no second fits in a few tries."""
        ask = self._decks["two", False].draw()
        for _ in range(_TRIES):
            other = self._decks[mode, False].draw()
            if ask and other and _apart(ask, other) and _chars(ask, other) <= PASSAGE_CHARS:
                return _Drawn(mode, False, formal, ask, other)
        return _Drawn("plain", False, formal, ask) if ask else None


class _Deck:
    """Questions to draw from by kind; none comes twice before all of its kind have come."""

    def __init__(self, rng: random.Random, asked: Sequence[Asked]) -> None:
        self._rng = rng
        self._kinds: dict[str, list[Asked]] = defaultdict(list)
        for ask in asked:
            self._kinds[ask.kind].append(ask)
        self._weights = [len(of_kind) ** 0.5 for of_kind in self._kinds.values()]
        self._left: dict[str, list[Asked]] = {kind: [] for kind in self._kinds}

    def draw(self) -> Asked | None:
        if not self._kinds:
            return None
        kind = self._rng.choices(list(self._kinds), self._weights)[0]
        left = self._left[kind]
        if not left:
            left += self._rng.sample(self._kinds[kind], len(self._kinds[kind]))
        return left.pop()


def _apart(ask: Asked, other: Asked) -> bool:
    """Whether the two are about different things, so that both can be asked at once."""
    return ask.question != other.question and not _keys(ask) & _keys(other)


def _chars(*asked: Asked) -> int:
    return sum(len(piece.text) for ask in asked for piece in ask.rests_on)


def _keys(*asked: Asked) -> set[str]:
    return {piece.key for ask in asked for piece in (*ask.rests_on, *ask.twin)}


def _sample(rng: random.Random, stall: Stall, drawn: _Drawn, shares: Shares) -> Sample:
    ask, other = drawn.ask, drawn.other
    passages, rests_on = _passages(rng, stall, drawn)
    answer = drawn.refusal(ask) if drawn.declines and ask.decline else drawn.spoken(ask)
    if other:
        answer = wording.told(answer, drawn.refusal(other) if drawn.mode == "half" else drawn.spoken(other))
    history = _history(rng, stall, drawn, shares)
    must = () if drawn.declines else (*ask.must, *(other.must if other and drawn.mode == "two" else ()))
    never = (*ask.never, *(other.never if other else ()))
    said = answer.casefold()
    kind = {"two": "two_questions", "half": "two_half"}.get(drawn.mode, ask.kind)
    known = [passage.title + " " + passage.text for passage in passages] + [turn.text for turn in history]
    keep = wording.only_in(answer, known)
    raw = drawn.follows and rng.random() < 0.5 and not wording.words(ask.question) & keep - wording.words(ask.follow_up)
    question = ask.follow_up if raw else ask.question
    if other:
        question = wording.both(rng, question, other.question)
    return Sample(
        prompt=Prompt(
            question=noisy(rng, question, keep),
            lang="en",
            shop=stall.shop,
            passages=passages,
            history=history,
            tone="formal" if drawn.formal else "friendly",
        ),
        answer=answer,
        rests_on=rests_on,
        kind="decline" if drawn.declines else kind,
        source="shops",
        group=stall.group,
        must=must,
        never=tuple(text for text in never if text.casefold() not in said),
    )


def _history(rng: random.Random, stall: Stall, drawn: _Drawn, shares: Shares) -> tuple[Said, ...]:
    """Talk about something else, if any, and the turn that the question follows; never what is to be declined."""
    turns: list[tuple[str, str]] = []
    if rng.random() < shares.aside:
        earlier = rng.choice(stall.asked)
        if _apart(drawn.ask, earlier):
            turns.append((noisy(rng, earlier.question), drawn.spoken(earlier)))
    if drawn.follows and drawn.ask.after:
        turns.append(drawn.ask.after)
    if drawn.declines or drawn.mode == "half":
        hidden = drawn.other or drawn.ask
        turns = [turn for turn in turns if turn == drawn.ask.after or not states(turn[1], hidden.must)]
    return tuple(said for asked, told in turns for said in (Said("shopper", asked), Said("bot", told)))


def _passages(rng: random.Random, stall: Stall, drawn: _Drawn) -> tuple[tuple[Numbered, ...], tuple[int, ...]]:
    """The numbered passages, and the numbers of those that the answer rests on."""
    ask, other = drawn.ask, drawn.other
    right = ask.rests_on if drawn.mode in ("plain", "two", "half") else ask.twin if drawn.mode == "twin" else ()
    if other:
        right = (*right, *(other.rests_on if drawn.mode == "two" else other.twin))
    if drawn.mode == "bare" or (ask.kind == "small_talk" and rng.random() < 0.5):
        return (), ()
    size = max(rng.choices((1, 2, 3, 4), (10, 25, 40, 25))[0], min(len(right) + (rng.random() < 0.7), 4))
    pieces = ranked(rng, right, _distractors(rng, stall, drawn, size - len(right)))
    rests = () if drawn.declines else (*ask.rests_on, *(other.rests_on if other and drawn.mode == "two" else ()))
    numbered = tuple(
        Numbered(n, piece.key, piece.kind, piece.title, piece.text) for n, piece in enumerate(pieces, start=1)
    )
    return numbered, tuple(n for n, piece in enumerate(pieces, start=1) if piece in rests)


def _distractors(rng: random.Random, stall: Stall, drawn: _Drawn, count: int) -> list[Piece]:
    """Up to so many pieces that do not answer: two in three of what is near, the hardest the likeliest."""
    asks = (drawn.ask, drawn.other) if drawn.other else (drawn.ask,)
    hidden = drawn.other if drawn.mode == "half" and drawn.other else drawn.ask
    barred, must = _keys(*asks), hidden.must if drawn.declines or drawn.mode == "half" else ()
    near = [piece for ask in asks for piece in ask.near]
    chosen: list[Piece] = []
    room = PASSAGE_CHARS - _chars(*asks)
    for _ in range(4 * count):
        hard = near and (rng.random() < 0.67 or (drawn.declines and not must))
        if not hard and drawn.declines and not must:
            break
        piece = near[min(int(rng.expovariate(0.6)), len(near) - 1)] if hard else rng.choice(stall.pieces)
        if piece.key in barred or len(piece.text) > room or states(f"{piece.title} {piece.text}", must):
            continue
        chosen.append(piece)
        barred.add(piece.key)
        room -= len(piece.text)
        if len(chosen) >= count:
            break
    return chosen


def ranked(rng: random.Random, right: Sequence[Piece], others: Sequence[Piece]) -> list[Piece]:
    """In the order of a search: what is right mostly first, else second to fourth; the rest of it somewhere below."""
    pieces = list(others)
    at = 0
    for place, piece in enumerate(right):
        rank = rng.choices((0, 1, 2, 3), (65, 20, 10, 5))[0]
        at = min(rank, len(pieces)) if place == 0 else rng.randint(0, len(pieces)) if rng.random() < 0.3 else at + 1
        pieces.insert(at, piece)
    return pieces
