"""Replies that rest on reviews and frequent questions (DSTC9 track 1, DSTC11 track 5), and requests of Bitext.

A reply to a question on a place comes with the very lines that it rests on; other lines on the same place are the
hard distractors. Of Bitext only the requests are taken, as questions that none of some lines answers: its replies say
much that no passage says. What is held out is held out by place, in both sets alike.
"""

import hashlib
import random
import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.generate.protocol import Numbered, Prompt, Said
from bot.lab.train import wording
from bot.lab.train.noise import noisy
from bot.lab.train.sample import Piece, Sample
from bot.lab.train.samples import ranked

Row = Mapping[str, Any]

TWINS = 0.12
"""Share of questions whose answer is left out of the passages."""

_SMALL = frozenset(["a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the"])
_WORD = re.compile(r"[a-z]{4,}")
_UNASKED = frozenset(("contact_human_agent", "contact_customer_service", "complaint", "review", "place_order"))
_HISTORY = 4
_LINES = 4


class _Case(NamedTuple):
    """What one sample is made of; with no `right` piece the passages do not answer."""

    source: str
    group: str
    question: str
    answer: str
    kind: str
    right: Sequence[Piece]
    others: Sequence[Piece]
    history: tuple[Said, ...] = ()


def held_out(group: str) -> str:
    """The split of a group: `test` for about 8 in 100, `dev` for 4, else `train`; the same in every run."""
    place = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 100
    return "test" if place < 8 else "dev" if place < 12 else "train"


def place_name(entity: str) -> str:
    """`A AND B GUEST HOUSE` as it is written in a text."""
    words = string.capwords(entity).split()
    return " ".join(word.lower() if n and word.lower() in _SMALL else word for n, word in enumerate(words))


def opinions(rows: Iterable[Row], snippets: Iterable[Row], rng: random.Random) -> Iterator[Sample]:
    """Questions of DSTC11 whose answers rest on reviews or on frequent questions of one place."""
    by_id = {row["id"]: row for row in snippets}
    of_place: dict[str, list[Row]] = defaultdict(list)
    for snippet in by_id.values():
        of_place[snippet["entity"]].append(snippet)
    for row in rows:
        gold = [by_id[name] for name in row["gold_ids"] if name in by_id]
        reply = wording.tidy(row["response"] or "")
        if not reply or not gold or len({snippet["entity"] for snippet in gold}) > 1:
            continue
        entity = gold[0]["entity"]
        others = rng.sample(of_place[entity], min(8, len(of_place[entity])))
        yield _sample(_opinion(row, reply, gold, [other for other in others if other not in gold], rng), rng)


def _opinion(row: Row, reply: str, gold: Sequence[Row], others: Sequence[Row], rng: random.Random) -> _Case:
    entity, twin = gold[0]["entity"], rng.random() < TWINS
    name = place_name(entity)
    distractors = [_piece(other) for other in others if other["type"] == "faq"][: rng.randint(1, 3)]
    right: Sequence[Piece] = [_piece(snippet) for snippet in gold]
    if len(gold) > _LINES or rng.random() < 0.4:
        reviews = [other for other in others if other["type"] == "review"]
        right = [_joined(name, [*gold, *reviews[: rng.randint(0, 3)]], rng)]
    said = tuple(Said("shopper" if t["speaker"] == "U" else "bot", t["text"]) for t in row["turns"][-1 - _HISTORY : -1])
    return _Case(
        source="dstc11",
        group=f"place:{entity}",
        question=row["turns"][-1]["text"],
        answer=re.sub(re.escape(name), name, reply, flags=re.IGNORECASE),
        kind="faq" if all(snippet["type"] == "faq" for snippet in gold) else "opinion",
        right=[] if twin else right,
        others=distractors,
        history=said,
    )


def _joined(name: str, snippets: Sequence[Row], rng: random.Random) -> Piece:
    """Lines of many reviews in one passage, in any order."""
    lines = rng.sample([snippet["text"] for snippet in snippets], len(snippets))
    return Piece("reviews", "review", name, "\n".join(lines))


def _piece(snippet: Row) -> Piece:
    if snippet["type"] == "faq":
        return Piece(snippet["id"], "faq", snippet["question"], snippet["answer"])
    return Piece(snippet["id"], "review", place_name(snippet["entity"]), snippet["text"])


def entries(replies: Iterable[Row], faq: Iterable[Row], rng: random.Random) -> Iterator[Sample]:
    """Frequent questions of DSTC9 with a person's reply, among other entries of the same place."""
    of_place: dict[str, list[Row]] = defaultdict(list)
    for row in faq:
        of_place[row["entity"] or ""].append(row)
    for row in replies:
        if not (reply := wording.tidy(row["reply"])):
            continue
        entity, twin = row["entity"] or "", rng.random() < TWINS
        asked = _words(row["question"])
        apart = [other for other in of_place[entity] if not asked & _words(other["question"])]
        yield _sample(
            _Case(
                source="dstc9",
                group=f"place:{entity}" if entity else f"dstc9:{row['question']}",
                question=noisy(rng, row["question"]),
                answer=reply,
                kind="faq",
                right=[] if twin else [_entry(row, rng)],
                others=[_entry(other, rng) for other in rng.sample(apart, min(rng.randint(1, 3), len(apart)))],
            ),
            rng,
        )


def _entry(row: Row, rng: random.Random) -> Piece:
    title = row["question"] if rng.random() < 0.6 else place_name(row["entity"] or "Frequent questions")
    return Piece(row["question"], "faq", title, row["answer"])


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def requests(rows: Iterable[Row], faq: Sequence[Row], rng: random.Random) -> Iterator[Sample]:
    """Requests of Bitext, to be declined: they share no word of some length with any of the lines beside them."""
    for row in rows:
        if row["intent"] in _UNASKED or "{{" in row["instruction"]:
            continue
        asked = _words(row["instruction"])
        drawn = [entry for entry in rng.sample(faq, min(6, len(faq))) if not asked & _words(entry["answer"])]
        others = [_entry(entry, rng) for entry in drawn[: rng.randint(1, 4)]]
        group = f"bitext:{row['intent']}"
        yield _sample(_Case("bitext", group, row["instruction"], "", "decline", [], others), rng)


def _sample(case: _Case, rng: random.Random) -> Sample:
    pieces = ranked(rng, case.right, case.others)
    formal = rng.random() < 0.3
    answer = case.answer if case.right else wording.refusal(rng)
    return Sample(
        prompt=Prompt(
            question=case.question,
            lang="en",
            shop="Cambridge",
            passages=tuple(Numbered(n, p.key, p.kind, p.title, p.text) for n, p in enumerate(pieces, start=1)),
            history=case.history,
            tone="formal" if formal else "friendly",
        ),
        answer=wording.formal(answer) if formal else answer,
        rests_on=tuple(n for n, piece in enumerate(pieces, start=1) if piece in case.right),
        kind=case.kind if case.right else "decline",
        source=case.source,
        group=case.group,
    )
