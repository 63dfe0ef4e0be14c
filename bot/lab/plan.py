"""How much a benchmark measures, and the one way in which it times calls."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar

T = TypeVar("T")

THREADS = 1
"""Of one query's arithmetic. More make it slower as soon as another core is busy; see LOG.md."""

SEED = 20261122


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. Every measurement is made `runs` times, after a warm-up that is not counted.

    Attributes:
        queries: Different questions in a run of embedding or searching.
        sizes: Passages of the made-up shops that are searched.
        chats: How many chats are held at once.
        asked: Questions in a run of chats, over all chats, but each chat asks at least `least_asked`.
        commits: Messages and states that are written in a run.
        starts: How often the server is started.
    """

    runs: int
    queries: int
    sizes: tuple[int, ...]
    chats: tuple[int, ...]
    asked: int
    least_asked: int
    commits: int
    starts: int

    @classmethod
    def read(cls, fields: dict[str, Any]) -> "Plan":
        """The plan from what JSON made of it."""
        values: dict[str, Any] = {n: tuple(value) if isinstance(value, list) else value for n, value in fields.items()}
        return cls(**values)


FULL = Plan(
    runs=5,
    queries=100,
    sizes=(1_000, 10_000, 100_000),
    chats=(1, 10, 100),
    asked=60,
    least_asked=3,
    commits=200,
    starts=5,
)
QUICK = Plan(
    runs=2, queries=30, sizes=(1_000, 5_000), chats=(1, 10, 100), asked=12, least_asked=1, commits=50, starts=1
)


def timed(call: Callable[[T], object], items: Sequence[T]) -> list[float]:
    """Milliseconds that `call` took for each item, one after another."""
    took = []
    for item in items:
        began = perf_counter()
        call(item)
        took.append((perf_counter() - began) * 1000)
    return took


def rounds(call: Callable[[T], object], items: Sequence[T], runs: int) -> list[list[float]]:
    """Milliseconds of each call, by run; a tenth of the items go first, uncounted, to warm up."""
    timed(call, items[: max(3, len(items) // 10)])
    return [timed(call, items) for _ in range(runs)]
