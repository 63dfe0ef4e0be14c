"""Which workers there are: one suite over memory and Redis."""

from collections.abc import AsyncIterator

import pytest

from bot.presence import GONE_AFTER_S, KEY, Presence, Worker, open_presence, own_name
from bot.redis_client import RedisClient
from tests.support.clock import Clock


@pytest.fixture
def clock() -> Clock:
    """The clock of a test."""
    return Clock()


@pytest.fixture
async def presence(state_url: str, clock: Clock) -> AsyncIterator[Presence]:
    """Nobody is there yet."""
    if state_url != "memory:":
        client = RedisClient(state_url)
        await client.call("DEL", KEY)
        await client.aclose()
    opened = open_presence(state_url, clock)
    yield opened
    await opened.aclose()


async def test_everyone_who_told_is_there_with_the_latest_version(presence: Presence, clock: Clock) -> None:
    """In the order of names, each once."""
    await presence.tell("b", "v1")
    await presence.tell("a", "v1")
    clock.forward(seconds=3)
    await presence.tell("b", "v2")
    found = await presence.all()
    assert [(worker.worker, worker.version) for worker in found] == [("a", "v1"), ("b", "v2")]
    assert found[1] == Worker("b", "v2", clock())


async def test_who_no_longer_tells_is_forgotten(presence: Presence, clock: Clock) -> None:
    """A worker that died is gone from the list after a while."""
    await presence.tell("dead", "v1")
    clock.forward(seconds=GONE_AFTER_S - 1)
    await presence.tell("alive", "v1")
    clock.forward(seconds=2)
    assert [worker.worker for worker in await presence.all()] == ["alive"]
    await presence.tell("alive", "v1")
    assert [worker.worker for worker in await presence.all()] == ["alive"]


def test_two_workers_never_have_one_name() -> None:
    """Also in containers, where every process has the same number."""
    assert len({own_name() for _ in range(20)}) == 20
