"""How far a draft is to be trusted: the chance that it is right, by what the network said while making it. Pure.

A logistic regression on what is known of a whole draft, fitted on invented shops that the network did not learn from
(`bot.lab.train.trust`). Its numbers and the least chances are kept in `config.json`, under `trust`.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.copying.steps import Talk
from bot.errors import BadSettings

FEATURES = ("mean", "least", "pieces", "best", "second", "polar", "copied", "doubtful")
"""Logarithms of the pieces' probabilities, their mean and the least; tens of pieces; log odds that the passage judged
best answers, and the next; whether it begins with yes or no; whether it copied from a passage; pieces less likely than
a half."""
_POLAR = re.compile(r"\s*(?:yes|no|sure|of course)\b", re.IGNORECASE)
_EDGE = 1e-4
_JOINTS = frozenset((",", "and", "or", "&"))
_SEPARATOR = re.compile(r",|\s(?:and|or)\s")
_NO_LIST = re.compile(r"[;.:!?\n]")


@dataclass(frozen=True, slots=True)
class Trust:
    """What is asked of a draft before a shopper sees it.

    Attributes:
        weights: Of `FEATURES`, the intercept first.
        least: From this chance on, a draft is given out.
        polar: The same for one that begins with yes or no.
        answers: Where no passage is judged to answer with at least this probability, nothing is answered from any.
    """

    weights: tuple[float, ...] = (0.0,) * (len(FEATURES) + 1)
    least: float = 0.0
    polar: float = 0.0
    answers: float = 0.0

    @classmethod
    def of(cls, settings: Mapping[str, Any], where: str) -> "Trust":
        """That of a model's settings; without any, every draft is trusted.

        Raises:
            BadSettings: It was made for other features.
        """
        found = settings.get("trust")
        if found is None:
            return cls()
        names, weights = tuple(found.get("features", ())), tuple(map(float, found.get("weights", ())))
        if names != FEATURES or len(weights) != len(FEATURES) + 1:
            raise BadSettings(f"{where}: found a trust in {names}, wanted one in {FEATURES}; make it again")
        return cls(weights, *(float(found[name]) for name in ("least", "polar", "answers")))

    def kept(self) -> dict[str, Any]:
        """As `of` reads it."""
        return {
            "features": list(FEATURES),
            "weights": list(self.weights),
            "least": self.least,
            "polar": self.polar,
            "answers": self.answers,
        }

    def gives(self, talk: Talk) -> bool:
        """Whether a whole draft is to be given out."""
        found = features(talk)
        return self.chance(found) >= (self.polar if found[FEATURES.index("polar")] else self.least)

    def chance(self, found: Sequence[float]) -> float:
        """The probability that a draft with these `FEATURES` is right."""
        odds = self.weights[0] + sum(w * x for w, x in zip(self.weights[1:], found, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def features(talk: Talk) -> tuple[float, ...]:
    """`FEATURES` of a whole draft."""
    said = [math.log(max(one.chance, 1e-9)) for one in talk.decoder.said] or [math.log(1e-9)]
    best, second = (*sorted(talk.answers, reverse=True), 0.0, 0.0)[:2]
    return (
        sum(said) / len(said),
        min(said),
        len(said) / 10,
        _odds(best),
        _odds(second),
        float(bool(_POLAR.match(talk.text))),
        float(talk.copied > 0),
        float(sum(one < math.log(0.5) for one in said)),
    )


def _odds(chance: float) -> float:
    inside = min(max(chance, _EDGE), 1 - _EDGE)
    return math.log(inside / (1 - inside))


def passes_over(talk: Talk) -> bool:
    """Whether a draft names items of a list and leaves out some between them, as "S, M and XL" of S to XL."""
    source, texts = talk.saying.source, talk.saying.lexicon.texts
    last: int | None = None
    for one in talk.decoder.said:
        if one.place is None:
            last = last if texts[one.piece] in _JOINTS else None
            continue
        before, here = source.chars[last] if last is not None else None, source.chars[one.place]
        if before and here and before[0] == here[0] and before[2] < here[1]:
            between = source.texts[here[0]].text[before[2] : here[1]]
            if _holds_items(between):
                return True
        last = one.place
    return False


def _holds_items(between: str) -> bool:
    """Whether a text between two items of a list has others of it, each with a separator behind."""
    if not between.lstrip().startswith(",") or _NO_LIST.search(between):
        return False
    return any(part.strip() for part in _SEPARATOR.split(between)[1:-1])
