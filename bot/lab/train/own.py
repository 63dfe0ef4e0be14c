"""Samples of a shop's own, to adapt a generator to it: from the FAQ that its knowledge holds. Pure but for the search.

Each example question of an entry is asked with the entry among its neighbours in the search; the entry's text, which
the shop wrote, is the answer. Some are asked once more without the entry, and then the only right answer is to decline.
Gold questions, and what is nearly one, are never among the samples: they judge. The same knowledge, golds and seed give
the same samples.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from bot import injection, phrases
from bot.claims import facts
from bot.generate.protocol import Numbered, Prompt, Said
from bot.lab.train.sample import Piece, Sample
from bot.lab.train.samples import ranked
from bot.terms import terms
from knowledge.passages import Hit, Kind, Passage, Query

SOURCE = "own"
DECLINED = "decline"
NEAR = 8
"""Neighbours of an entry that are looked at."""
ONE_IN = 3
"""Every how-manyeth question of an entry has an unanswerable twin."""
HELD = 8
"""Every how-manyeth entry is held out."""
SAME = 0.8
"""From this share of common terms on (Jaccard) a question counts as a gold one."""
SAYS_TOO, SAYS_PART = 0.6, 0.4
"""From this share of an answer's terms on a passage may say the same, or enough of it that declining would be wrong."""

Reason = str
"""Why something is no sample."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What samples are made of.

    Attributes:
        passages: Those of the snapshot that serves, by id.
        golds: The questions that judge.
        langs: Languages that samples may be in.
    """

    name: str
    tone: Literal["friendly", "formal"]
    langs: tuple[str, ...]
    passages: Mapping[str, Passage]
    search: Callable[[Query], Sequence[Hit]]
    golds: tuple[str, ...] = ()

    def is_gold(self, question: str) -> bool:
        """Whether it judges, or is nearly one that does."""
        words = set(terms(question))
        return any(_same(question, words, gold) for gold in self.golds)


@dataclass(slots=True)
class Made:
    """Samples, and how many were left out for which reason."""

    samples: list[Sample] = field(default_factory=list)
    left_out: Counter[Reason] = field(default_factory=Counter)

    def __iadd__(self, other: "Made") -> "Made":
        """Both."""
        self.samples += other.samples
        self.left_out += other.left_out
        return self


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it is to be laid out; `right` is None where nothing answers."""

    question: str
    lang: str
    right: Passage | None
    others: Sequence[Passage]
    answer: str
    group: str
    kind: str
    history: tuple[Said, ...] = ()


def from_knowledge(shop: Shop, seed: int) -> Made:
    """The samples of the FAQ, in the order of its entries."""
    made = Made()
    for passage in sorted(shop.passages.values(), key=lambda p: p.id):
        if passage.kind is Kind.FAQ and passage.lang in shop.langs and passage.questions:
            _add(made, shop, passage, random.Random(f"{seed}:{passage.id}"))
    return made


def _add(made: Made, shop: Shop, passage: Passage, rng: random.Random) -> None:
    """Every question of an entry."""
    if f"{passage.id}/2" in shop.passages or "/" in passage.id.rpartition(":")[2]:
        made.left_out["its entry is cut into several passages"] += len(passage.questions)
        return
    near = neighbours(shop, passage)
    without = [other for other in near if not says_too(other.text, passage.text)]
    strange = [other for other in near if not says_too(other.text, passage.text, SAYS_PART)]
    for place, question in enumerate(dict.fromkeys(passage.questions)):
        if shop.is_gold(question):
            made.left_out["a gold question, or nearly one"] += 1
            continue
        asking = Asking(question, passage.lang, passage, without, passage.text, passage.entry, "faq")
        made.samples.append(laid(rng, shop, asking))
        if place % ONE_IN:
            continue
        if strange:
            made.samples.append(laid(rng, shop, twin(replace(asking, others=strange), shop)))
        else:
            made.left_out["an unanswerable twin: every neighbour may answer"] += 1


def twin(asking: Asking, shop: Shop) -> Asking:
    """The same question where nothing answers it."""
    words = decline(asking.lang, shop.tone)
    return Asking(asking.question, asking.lang, None, asking.others, words, asking.group, DECLINED, asking.history)


def decline(lang: str, tone: str) -> str:
    """What the bot says where nothing answers."""
    words = phrases.say("decline", lang)
    return words.replace("I'm", "I am") if tone == "formal" else words


def neighbours(shop: Shop, passage: Passage) -> list[Passage]:
    """What the search finds beside an entry in its language, nearest first; nothing of the entry itself."""
    found = shop.search(Query(passage.questions[0], passage.lang, limit=NEAR))
    return [hit.passage for hit in found if hit.passage.entry != passage.entry and hit.passage.lang == passage.lang]


def says_too(text: str, answer: str, least: float = SAYS_TOO) -> bool:
    """Whether a text may say what an answer says: all its figures, or most of its words."""
    stated = {fact.value for fact in facts(answer)}
    wanted = set(terms(answer))
    shared = len(wanted & set(terms(text))) / max(1, len(wanted))
    return shared >= least or bool(stated and stated <= {fact.value for fact in facts(text)})


def laid(rng: random.Random, shop: Shop, asking: Asking) -> Sample:
    """The sample: up to four passages, what is near likelier than what is less so, in an order as of a search."""
    size = rng.choices((1, 2, 3, 4), (10, 25, 40, 25))[0]
    others = _drawn(rng, asking.others, size - (asking.right is not None))
    pieces = ranked(rng, [_piece(asking.right)] if asking.right else [], list(map(_piece, others)))
    passages = numbered(pieces, asking.lang)
    rests_on = tuple(p.n for p in passages if asking.right and p.id == asking.right.id)
    prompt = Prompt(asking.question, asking.lang, shop.name, passages, asking.history, shop.tone)
    return Sample(prompt, asking.answer, rests_on, asking.kind, SOURCE, asking.group)


def numbered(pieces: Iterable[Piece], lang: str) -> tuple[Numbered, ...]:
    """Passages as the server shows them to a generator."""
    clean = injection.harmless
    return tuple(Numbered(n, p.key, p.kind, clean(p.title), clean(p.text), lang) for n, p in enumerate(pieces, 1))


def _drawn(rng: random.Random, others: Sequence[Passage], count: int) -> list[Passage]:
    left, drawn = list(others), []
    for _ in range(min(count, len(left))):
        drawn.append(left.pop(min(int(rng.expovariate(0.6)), len(left) - 1)))
    return drawn


def _piece(passage: Passage) -> Piece:
    return Piece(passage.id, passage.kind.value, passage.title, passage.text)


def _same(question: str, words: set[str], gold: str) -> bool:
    if " ".join(question.casefold().split()) == " ".join(gold.casefold().split()):
        return True
    other = set(terms(gold))
    return bool(words and other) and len(words & other) / len(words | other) >= SAME


def divided(samples: Sequence[Sample], seed: int) -> tuple[list[Sample], list[Sample]]:
    """Samples to learn from and samples to stop by: one entry in eight, with all that was said about it, is held out.

    At least one entry is, so with a single one nothing is left to learn from.
    """
    groups = sorted({sample.group for sample in samples}, key=lambda group: _hash(f"{seed}:{group}"))
    held = set(groups[: max(1, round(len(groups) / HELD))])
    return [s for s in samples if s.group not in held], [s for s in samples if s.group in held]


def mixed(own: Sequence[Sample], general: Iterable[Sample], seed: int) -> Iterator[Sample]:
    """The shop's samples with a tenth of the general ones, at most as many as its own, against forgetting."""
    rng = random.Random(f"{seed}:general")
    tenth = [sample for sample in general if rng.random() < 0.1]
    yield from own
    yield from tenth if len(tenth) <= len(own) else rng.sample(tenth, len(own))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
