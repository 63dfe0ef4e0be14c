"""The order of what fits: what can be bought first, then by the wishes that rank, meaning, reviews and the visit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import fmean

from bot.shopping.filters import Fit
from bot.shopping.wishes import Wishes
from knowledge.passages import Review

PRIOR_STARS, PRIOR_COUNT = 4.0, 3
"""A product's stars are taken together with three reviews of four stars, so that one review does not decide."""
FEATURE, MEANING, STARS, SEEN, SPARE, CHILDREN = 2.0, 1.0, 0.6, 0.15, -1.5, -2.5
NEAR_RANKS = 6


@dataclass(frozen=True, slots=True)
class Stars:
    """What buyers gave: the mean of all reviews, and how many there are."""

    mean: float
    count: int

    @property
    def weighed(self) -> float:
        """The mean with the prior, 1 to 5."""
        return (self.mean * self.count + PRIOR_STARS * PRIOR_COUNT) / (self.count + PRIOR_COUNT)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What ranks beside the wishes.

    Attributes:
        near: Handles that the search by meaning found, best first.
        stars: By handle.
        seen: Handles that the shopper has looked at.
    """

    near: Sequence[str] = ()
    stars: Mapping[str, Stars] = field(default_factory=dict)
    seen: Sequence[str] = ()


def stars(reviews: Sequence[Review]) -> dict[str, Stars]:
    """By product, what its reviews gave."""
    given: dict[str, list[int]] = {}
    for review in reviews:
        given.setdefault(review.product, []).append(review.stars)
    return {handle: Stars(fmean(each), len(each)) for handle, each in given.items()}


def ranked(fits: Sequence[Fit], wishes: Wishes, evidence: Evidence) -> list[Fit]:
    """Best first. A stated order ("cheapest") decides over everything but stock; ties by handle."""
    scores = {one.product.handle: _score(one, fits, wishes, evidence) for one in fits}
    order = _ORDERS.get(wishes.order)

    def place(one: Fit) -> tuple[bool, float, float, str]:
        first = order(one, evidence) if order else 0.0
        return not one.available, first, -scores[one.product.handle], one.product.handle

    return sorted(fits, key=place)


def _score(one: Fit, fits: Sequence[Fit], wishes: Wishes, evidence: Evidence) -> float:
    handle = one.product.handle
    score = FEATURE * sum(_has(one, feature, fits) for feature in wishes.features)
    if handle in evidence.near:
        score += MEANING / (1 + evidence.near.index(handle) / NEAR_RANKS)
    given = evidence.stars.get(handle)
    score += STARS * ((given.weighed if given else PRIOR_STARS) - PRIOR_STARS)
    score += SEEN * (handle in evidence.seen) + SPARE * one.traits.spare
    score += CHILDREN * (one.traits.gender == "kids" and "kids" not in (wishes.gender, wishes.recipient))
    return score + _closeness(one, wishes)


def _has(one: Fit, feature: str, fits: Sequence[Fit]) -> float:
    """How far a product has a feature, 0 to 1: by its tags and facts, and for weight by how it compares."""
    if feature == "light":
        return _lightness(one, fits)
    if feature == "tall":
        return float("long" in one.traits.sizes or "tall" in one.traits.features)
    if feature == "warm" and one.traits.materials & {"down", "synthetic"}:
        return 1.0
    return float(feature in one.traits.features)


def _lightness(one: Fit, fits: Sequence[Fit]) -> float:
    """1 for the lightest of what fits, 0 for the heaviest; a half where nothing can be compared."""
    weights = sorted(other.product.weight_g for other in fits if other.product.weight_g)
    if not one.product.weight_g:
        return 0.0
    if len(weights) < 2:
        return 0.5
    return 1 - weights.index(one.product.weight_g) / (len(weights) - 1)


def _closeness(one: Fit, wishes: Wishes) -> float:
    """For three people a tent for three comes before one for six."""
    for bound in wishes.bounds:
        if bound.base == "person" and bound.low is not None and bound.high is None:
            sizes = [m.high for m in one.traits.measures if m.base == "person" and m.high >= bound.low]
            return -0.8 * float(min(sizes, default=bound.low) - bound.low)
    return 0.0


def _figure(one: Fit, base: str) -> Decimal | None:
    return max((m.high for m in one.traits.measures if m.base == base and m.of in ("capacity", "weight")), default=None)


def _cheap(one: Fit, _: Evidence) -> float:
    return float(one.cheapest.price)


def _dear(one: Fit, _: Evidence) -> float:
    return -float(max(variant.price for variant in one.variants))


def _light(one: Fit, _: Evidence) -> float:
    return float(one.product.weight_g or 1e9)


def _heavy(one: Fit, _: Evidence) -> float:
    return -float(one.product.weight_g or 0)


def _rated(one: Fit, evidence: Evidence) -> float:
    given = evidence.stars.get(one.product.handle)
    return -(given.weighed if given else 0.0) - 0.05 * ("bestseller" in one.product.tags)


def _large(one: Fit, _: Evidence) -> float:
    return -float(_figure(one, "ml") or _figure(one, "person") or 0)


def _small(one: Fit, _: Evidence) -> float:
    return float(_figure(one, "ml") or _figure(one, "person") or 1e9)


def _warm(one: Fit, _: Evidence) -> float:
    """By its comfort temperature where it has one, else by its insulation."""
    rated = [m.low for m in one.traits.measures if m.base == "°C" and ("emp" in m.of or "温" in m.of)]
    return float(rated[0]) if rated else 50.0 - 10 * len(one.traits.materials & {"down", "synthetic", "wool"})


def _bright(one: Fit, _: Evidence) -> float:
    return -float(max((m.high for m in one.traits.measures if m.base == "lm"), default=Decimal(0)))


_ORDERS: Mapping[str, Callable[[Fit, Evidence], float]] = {
    "cheap": _cheap,
    "dear": _dear,
    "light": _light,
    "heavy": _heavy,
    "rated": _rated,
    "large": _large,
    "small": _small,
    "warm": _warm,
    "bright": _bright,
}
