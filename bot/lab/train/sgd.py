"""Grounded replies of the Schema-Guided Dialogue set as samples: database rows are passages, the reply rests on one.

Only turns that offer or inform are taken. Those that report a booking or ask to confirm one are not: this assistant
books nothing and must not learn to say that it did. Questions back at the end of a reply are cut off for the same
reason. What a turn informs about was often found some turns earlier, so rows are kept for the length of a dialogue.
"""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot.generate.protocol import Numbered, Prompt, Said
from bot.lab.train import wording
from bot.lab.train.sample import Piece, Sample
from bot.lab.train.samples import ranked

TWINS = 0.12
"""Share of informing turns whose fact is taken away."""

Facts = Mapping[str, str]

_ACTS = frozenset(("OFFER", "INFORM", "INFORM_COUNT"))
_MONEY = re.compile(r"(?:^|_)(?:price|fare|rent|balance|amount)$|^price_per_night$")
_NAME = re.compile(r"(?<!_station)(?<!_account)_name$|^title$|^airlines$")
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_HISTORY = 4
_ROWS = 3


@dataclass(frozen=True, slots=True)
class _Turn:
    """A row of the set: what was said, what the assistant did, and what of it is to be found in a passage."""

    row: Mapping[str, Any]
    acts: frozenset[str]
    told: Mapping[str, str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "_Turn":
        told = {
            a["slot"]: str(a["values"][0]) for a in row["actions"] if a["act"] in ("OFFER", "INFORM") and a["values"]
        }
        return cls(row, frozenset(action["act"] for action in row["actions"]), told)

    @property
    def fits(self) -> bool:
        return bool(self.told) and self.acts <= _ACTS and self.row["history"][-1].startswith("U: ")

    @property
    def service(self) -> str:
        return str(self.row["service"]).split("_")[0]


def samples(rows: Iterable[Mapping[str, Any]], rng: random.Random) -> Iterator[Sample]:
    """What can be learnt from the rows of one of its splits, in order; the group is the dialogue."""
    for _, dialogue in groupby(rows, key=lambda row: str(row["id"])):
        known: list[Facts] = []
        for row in dialogue:
            known = [*row["facts"], *(facts for facts in known if facts not in row["facts"])]
            turn = _Turn.of(row)
            if turn.fits and (sample := _sample(turn, known, rng)):
                yield sample


def shown(slot: str, value: str) -> str:
    """A value as the replies write it: `20:31` is 8:31 pm, `2019-03-13` March 13th, a price has its dollar sign."""
    if value in ("True", "False"):
        return "Yes" if value == "True" else "No"
    if time := re.fullmatch(r"(\d\d):(\d\d)", value):
        hour, minute = int(time[1]) % 24, time[2]
        return f"{hour % 12 or 12}{'' if minute == '00' else ':' + minute} {'am' if hour < 12 else 'pm'}"
    if day := re.fullmatch(r"\d{4}-(\d\d)-(\d\d)", value):
        return f"{_MONTHS[int(day[1]) - 1]} {_ordinal(int(day[2]))}"
    if _MONEY.search(slot) and re.fullmatch(r"\d+(?:\.\d+)?", value):
        return f"${float(value):,.2f}" if "." in value else f"${int(value):,}"
    return re.sub(r"^(\d+\.\d*?[1-9])0+$|^(\d+)\.0+$", r"\1\2", value)


def _ordinal(day: int) -> str:
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _sample(turn: _Turn, known: Sequence[Facts], rng: random.Random) -> Sample | None:
    """None where no known row has what was told, or the reply is not fit to be learnt."""
    right = next((facts for facts in known if _has(facts, turn.told)), None)
    if right is None or not (reply := _reply(turn, right)):
        return None
    bare = _piece(turn, right, turn.told)
    twin = turn.acts == {"INFORM"} and rng.random() < TWINS and not _tells(bare, turn, right)
    pieces = ranked(rng, [bare if twin else _piece(turn, right)], _others(turn, right, known, rng))
    formal = rng.random() < 0.3
    answer = wording.refusal(rng) if twin else reply
    return Sample(
        prompt=Prompt(
            question=turn.row["history"][-1][3:],
            lang="en",
            shop=turn.service,
            passages=tuple(Numbered(n, f"{n}", p.kind, p.title, p.text) for n, p in enumerate(pieces, start=1)),
            history=tuple(
                Said("shopper" if text.startswith("U:") else "bot", text[3:])
                for text in turn.row["history"][-1 - _HISTORY : -1]
            ),
            tone="formal" if formal else "friendly",
        ),
        answer=wording.formal(answer) if formal else answer,
        rests_on=() if twin else (1 + [piece.key for piece in pieces].index("right"),),
        kind="decline" if twin else "offer" if "OFFER" in turn.acts else "field",
        source="sgd",
        group=f"sgd:{turn.row['id']}",
    )


def _has(facts: Facts, told: Mapping[str, str]) -> bool:
    return all(
        slot in facts and value.casefold() in (facts[slot].casefold(), shown(slot, facts[slot]).casefold())
        for slot, value in told.items()
    )


def _reply(turn: _Turn, facts: Facts) -> str:
    """The reply, its values spelt as in the passage; empty where it does not say them."""
    reply = wording.tidy(turn.row["response"])
    values = [shown(slot, facts[slot]) for slot in turn.told]
    spoken = [value for value in values if value not in ("Yes", "No")]
    for value in sorted(spoken, key=len, reverse=True):
        reply = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", value.replace("\\", r"\\"), reply, flags=re.IGNORECASE)
    return wording.capital(reply) if not spoken or any(value in reply for value in spoken) else ""


def _tells(piece: Piece, turn: _Turn, facts: Facts) -> bool:
    """Whether the passage has the value all the same, as in another field."""
    values = (shown(slot, facts[slot]) for slot in turn.told)
    return any(value not in ("Yes", "No") and value in f"{piece.title}\n{piece.text}" for value in values)


def _others(turn: _Turn, right: Facts, known: Sequence[Facts], rng: random.Random) -> list[Piece]:
    """Other rows of the dialogue, mostly all of the last search; none about the same place or thing."""
    name = _name(right)
    others = [facts for facts in known if facts != right and (not name or _name(facts) != name)]
    return [_piece(turn, facts, (), f"other{n}") for n, facts in enumerate(others[: rng.randint(0, _ROWS)])]


def _name(facts: Facts) -> str:
    return next((value for slot, value in facts.items() if _NAME.search(slot)), "")


def _piece(turn: _Turn, facts: Facts, without: Iterable[str] = (), key: str = "right") -> Piece:
    """A row as a product's passage: a line a field."""
    hidden = set(without)
    lines = [
        f"{slot.replace('_', ' ').capitalize()}: {shown(slot, value)}"
        for slot, value in facts.items()
        if slot not in hidden and value != "dontcare"
    ]
    return Piece(key, "product", _name(facts) or turn.service, "\n".join(lines))
