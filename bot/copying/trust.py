"""How far a draft is to be trusted: the chance that it is right, by what the network said while making it. Pure.

A logistic regression on what is known of a whole draft, fitted on invented shops that the network did not learn from
(`bot.lab.train.trust`). Its numbers and the least chances are kept in `config.json`, under `trust`.
"""

import math
import re
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Trust:
    """What is asked of a draft before a shopper sees it.

    Attributes:
        weights: Of `FEATURES`, the intercept first.
        least: From this chance on, a draft is given out.
        answers: Where no passage is judged to answer with at least this probability, nothing is answered from any.
    """

    weights: tuple[float, ...] = (0.0,) * (len(FEATURES) + 1)
    least: float = 0.0
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
        return cls(weights, float(found["least"]), float(found["answers"]))

    def kept(self) -> dict[str, Any]:
        """As `of` reads it."""
        return {
            "features": list(FEATURES),
            "weights": list(self.weights),
            "least": self.least,
            "answers": self.answers,
        }

    def chance(self, talk: Talk) -> float:
        """The probability that a whole draft is right."""
        odds = self.weights[0] + sum(w * x for w, x in zip(self.weights[1:], features(talk), strict=True))
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
