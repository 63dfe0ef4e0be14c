"""Buckets, connections and places."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Busy, RateLimited
from bot.limits import Bucket, Buckets, Connections, Places


def test_a_burst_goes_through_and_then_the_rate_holds() -> None:
    """Four at once, then one each half second; a refusal says how long to wait and takes nothing."""
    bucket = Bucket(rate_per_s=2, burst=4)
    assert [bucket.take(10.0) for _ in range(4)] == [0.0] * 4
    assert bucket.take(10.0) == pytest.approx(0.5)
    assert bucket.take(10.25) == pytest.approx(0.25)
    assert bucket.take(10.5) == 0.0
    assert bucket.take(10.5) == pytest.approx(0.5)


def test_an_idle_bucket_holds_no_more_than_its_burst() -> None:
    """After a long pause it is full and not fuller."""
    bucket = Bucket(rate_per_s=1, burst=2)
    bucket.take(0.0)
    assert [bucket.take(1e6) == 0.0 for _ in range(3)] == [True, True, False]


def test_a_clock_that_jumps_back_adds_nothing_and_blocks_nobody_for_long() -> None:
    """Going back gives no tokens; from then on the rate counts from the new time."""
    bucket = Bucket(rate_per_s=1, burst=1)
    assert bucket.take(100.0) == 0.0
    assert bucket.take(5.0) == pytest.approx(1.0)
    assert bucket.take(6.0) == 0.0


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0.5)])
def test_a_bucket_that_lets_nothing_through_is_refused(rate: float, burst: float) -> None:
    """A rate of nothing or a burst below one is a mistake."""
    with pytest.raises(ValueError, match="wanted more than 0 and at least 1"):
        Bucket(rate, burst)


@given(
    rate=st.floats(0.1, 100),
    burst=st.integers(1, 20),
    waits=st.lists(st.floats(0, 5), min_size=1, max_size=60),
)
def test_no_more_than_burst_and_rate_go_through_and_waiting_helps(rate: float, burst: int, waits: list[float]) -> None:
    """Whatever the times, what went through never exceeds burst + rate x time, and who waits as told gets through."""
    bucket, now = Bucket(rate, burst), 0.0
    for through, wait in enumerate(waits, start=1):
        now += wait
        told = bucket.take(now)
        if told:
            now += told
            assert bucket.take(now) == 0.0
        assert through <= burst + rate * now + 1e-6


def test_keys_have_buckets_of_their_own_and_few_are_kept() -> None:
    """One key's use does not touch another's; beyond the limit the one used longest ago is forgotten."""
    buckets = Buckets(rate_per_s=1, burst=1, keys=3)
    for key in "abc":
        assert buckets.take(key, 0.0) == 0.0
    assert buckets.take("a", 0.0) > 0
    assert buckets.take("d", 0.0) == 0.0
    assert len(buckets) == 3
    assert buckets.take("a", 0.0) > 0, "used a moment ago, so it is still known"
    assert buckets.take("b", 0.0) == 0.0, "used longest ago, so it starts full"


def test_connections_are_counted_while_they_are_open() -> None:
    """An address may have as many as allowed, others are not touched, and leaving makes room even after an error."""
    connections = Connections(2)
    with connections.hold("a"), connections.hold("a"):
        with pytest.raises(RateLimited, match="more than 2 connections"), connections.hold("a"):
            pytest.fail("a third one got in")
        with connections.hold("b"):
            assert len(connections) == 3
    assert connections.count("a") == 0
    with suppress(RuntimeError), connections.hold("a"):
        raise RuntimeError
    assert len(connections) == 0


class Guest:
    """A task that takes a place and keeps it until told."""

    def __init__(self, places: Places, name: str = "", seated: list[str] | None = None) -> None:
        self.go = asyncio.Event()
        self.task = asyncio.create_task(self._stay(places, name, seated if seated is not None else []))

    async def _stay(self, places: Places, name: str, seated: list[str]) -> None:
        async with places:
            seated.append(name)
            await self.go.wait()


async def settle() -> None:
    """Let every task run until it waits."""
    for _ in range(10):
        await asyncio.sleep(0)


async def step_until(check: Callable[[], bool]) -> None:
    """Run the loop step by step until something is true, and not a step further."""
    for _ in range(20):
        if check():
            return
        await asyncio.sleep(0)
    pytest.fail("it never came true")


async def test_places_are_given_in_turn_and_the_queue_is_bounded() -> None:
    """Two have a place, two wait in order, the fifth is told when to come again."""
    places, seated = Places(2, 2), list[str]()
    guests = [Guest(places, name, seated) for name in "abcd"]
    await settle()
    assert (seated, places.taken, places.waiting, places.full) == (["a", "b"], 2, 2, True)
    with pytest.raises(Busy, match="2 answers in flight and 2 waiting") as caught:
        async with places:
            pytest.fail("a fifth one got in")
    assert caught.value.retry_after_s is not None
    assert caught.value.retry_after_s >= 1
    guests[1].go.set()
    await settle()
    assert (seated, places.full) == (["a", "b", "c"], False)
    for guest in guests:
        guest.go.set()
    await asyncio.gather(*(guest.task for guest in guests))
    assert (seated, places.taken, places.waiting) == (["a", "b", "c", "d"], 0, 0)


async def test_cancelling_one_who_waits_frees_its_place_in_the_queue() -> None:
    """The next in the queue moves up and a newcomer may queue again."""
    places, seated = Places(1, 2), list[str]()
    first, gone, third = (Guest(places, name, seated) for name in "abc")
    await settle()
    gone.task.cancel()
    await settle()
    assert places.waiting == 1
    fourth = Guest(places, "d", seated)
    for guest in (first, third, fourth):
        guest.go.set()
    await asyncio.gather(first.task, third.task, fourth.task)
    assert seated == ["a", "c", "d"]
    assert places.taken == 0


async def test_a_place_handed_to_one_who_is_cancelled_goes_to_the_next() -> None:
    """Cancelled in the very moment in which it was called up."""
    places, seated = Places(1, 2), list[str]()
    first, gone, third = (Guest(places, name, seated) for name in "abc")
    await settle()
    first.go.set()
    await step_until(lambda: places.waiting == 1)
    gone.task.cancel()
    third.go.set()
    await asyncio.gather(first.task, third.task)
    assert seated == ["a", "c"]
    assert places.taken == 0


async def test_no_queue_means_a_place_or_nothing() -> None:
    """With a queue of none, one more than the places is busy at once."""
    places = Places(1, 0)
    async with places:
        assert places.full
        with pytest.raises(Busy):
            async with places:
                pytest.fail("got in")
    assert not places.full
    async with places:
        assert places.taken == 1


@given(steps=st.lists(st.tuples(st.sampled_from("eglc"), st.integers(0, 7)), max_size=40))
async def test_places_never_leak(steps: list[tuple[str, int]]) -> None:
    """Enter, leave, and cancel in any order: never more than allowed inside, and nothing is left at the end."""
    places, guests = Places(2, 2), list[Guest]()
    for step, n in steps:
        if step == "e":
            guests.append(Guest(places))
        elif guests and step == "l":
            guests[n % len(guests)].go.set()
        elif guests and step == "c":
            guests[n % len(guests)].task.cancel()
        else:
            await settle()
        assert places.taken <= 2
        assert places.waiting <= 2
    for guest in guests:
        guest.go.set()
    done = await asyncio.gather(*(guest.task for guest in guests), return_exceptions=True)
    assert all(d is None or isinstance(d, Busy | asyncio.CancelledError) for d in done)
    assert (places.taken, places.waiting) == (0, 0)
