"""Limits of one worker: how often, how many at once, and who waits for a place.

Frames are limited by token buckets, connections by a count per address, answers by places with a queue before them.
All of it is about this process alone; it does not know what is limited, and needs no Redis.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from bot.errors import Busy, RateLimited

KEYS = 10_000
FIRST_GUESS_S = 2.0
LONGEST_WAIT_S = 60.0


class Bucket:
    """A token bucket: `burst` at once, then `rate_per_s`. Pure: the time in seconds is passed in.

    (Turner 1986, "New directions in communications"; a refusal takes nothing.)
    """

    __slots__ = ("_at_s", "_left", "burst", "rate_per_s")

    def __init__(self, rate_per_s: float, burst: float) -> None:
        if rate_per_s <= 0 or burst < 1:
            raise ValueError(f"got {rate_per_s} a second and a burst of {burst}, wanted more than 0 and at least 1")
        self.rate_per_s = rate_per_s
        self.burst = burst
        self._left = float(burst)
        self._at_s: float | None = None

    def take(self, now: float) -> float:
        """Take one: 0.0 when it was there, else the seconds until it will be. A clock that jumps back adds nothing."""
        passed_s = 0.0 if self._at_s is None else max(0.0, now - self._at_s)
        self._at_s = now
        self._left = min(self.burst, self._left + passed_s * self.rate_per_s)
        if self._left >= 1.0 - 1e-9:
            self._left -= 1.0
            return 0.0
        return (1.0 - self._left) / self.rate_per_s


class Buckets:
    """A bucket for each key, at most `keys` of them.

    The one used longest ago goes first and starts full when it comes back; in all likelihood it was full anyway.
    """

    def __init__(self, rate_per_s: float, burst: float, *, keys: int = KEYS) -> None:
        self.rate_per_s = rate_per_s
        self.burst = burst
        self._keys = keys
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """Take one of `key`'s: 0.0 when it was there, else the seconds until it will be."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self.rate_per_s, self.burst)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        return bucket.take(now)

    def __len__(self) -> int:
        """How many buckets are kept."""
        return len(self._buckets)


class Connections:
    """How many connections each address has open; keeps nothing of an address without one."""

    def __init__(self, per_address: int) -> None:
        self.per_address = per_address
        self._open: dict[str, int] = {}

    @contextmanager
    def hold(self, address: str) -> Iterator[None]:
        """Count a connection while it is open.

        Raises:
            RateLimited: The address has `per_address` open already.
        """
        if self.count(address) >= self.per_address:
            raise RateLimited(f"got more than {self.per_address} connections from one address")
        self._open[address] = self.count(address) + 1
        try:
            yield
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]

    def count(self, address: str) -> int:
        """Connections that the address has open."""
        return self._open.get(address, 0)

    def __len__(self) -> int:
        """Connections open in all."""
        return sum(self._open.values())


class Places:
    """`in_flight` places, and a queue of at most `queued` before them, first come, first served.

    An asynchronous context manager that may be entered many times at once. Cancelling one who waits frees its place in
    the queue; a place handed to one who is cancelled at that moment goes to the next.

    Raises:
        Busy: On entering, when all places and the queue are taken; says when to come again, judged by how long
            places were held lately.
    """

    def __init__(self, in_flight: int, queued: int) -> None:
        self.in_flight = in_flight
        self.queued = queued
        self.taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._since_s: deque[float] = deque()
        self._held_s = FIRST_GUESS_S

    @property
    def full(self) -> bool:
        """Whether one who enters now is refused."""
        return (self.taken >= self.in_flight or bool(self._waiting)) and len(self._waiting) >= self.queued

    @property
    def wait_s(self) -> float:
        """About when one who comes now would have a place: those before it times the time between leavers."""
        return min(LONGEST_WAIT_S, max(1.0, (self.waiting + 1) * self._held_s / self.in_flight))

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._waiting)

    async def __aenter__(self) -> None:
        """Take a place, at once or in turn."""
        if self.full:
            raise Busy(
                f"got {self.taken} answers in flight and {self.waiting} waiting, wanted fewer",
                retry_after_s=self.wait_s,
            )
        if self.taken < self.in_flight and not self._waiting:
            self.taken += 1
        else:
            await self._queue()
        self._since_s.append(asyncio.get_running_loop().time())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hand the place to the next in the queue."""
        # Which of those in flight leaves does not matter: over time the sum of what is measured is the sum of what was.
        held_s = asyncio.get_running_loop().time() - self._since_s.popleft()
        self._held_s += (held_s - self._held_s) / 8
        self._free()

    async def _queue(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._free()
            else:
                self._waiting.remove(turn)
            raise

    def _free(self) -> None:
        """Give a place on; it stays taken when somebody waits for it."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.taken -= 1
