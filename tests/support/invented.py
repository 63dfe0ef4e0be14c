"""What the shops of some seeds are asked by a family, made once for all tests."""

import random
import re
from collections.abc import Callable, Iterable
from functools import cache

from bot.lab.train.invent.shop import Shop, opened
from bot.lab.train.sample import Asked

Family = Callable[[random.Random, Shop], Iterable[Asked]]


@cache
def asked(family: Family, seed: int) -> tuple[Asked, ...]:
    """All that the shop of a seed is asked."""
    return fresh(family, seed)


def fresh(family: Family, seed: int) -> tuple[Asked, ...]:
    """The same, made anew."""
    rng = random.Random(seed)
    return tuple(family(rng, opened(rng)))


def figures(text: str) -> set[str]:
    """Its runs of digits."""
    return set(re.findall(r"\d+", text))
