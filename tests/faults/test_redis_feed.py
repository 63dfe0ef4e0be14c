"""The feed over a Redis that dies, hangs or cuts connections: what is missed is marked by a gap, and it comes back."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import embedded
from bot.embedded import Embedded
from bot.errors import StateLost
from bot.feed import Gap
from bot.feed_redis import RedisFeed
from bot.redis_client import LIMIT_S, RedisClient


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Embedded]:
    """A Redis of this test's own."""
    server = await embedded.start(tmp_path / "redis")
    yield server
    await server.aclose()


@pytest.fixture
async def workers(server: Embedded) -> AsyncIterator[list[RedisFeed]]:
    """Feeds of two workers, quick to notice silence."""
    feeds = [RedisFeed(RedisClient(server.url), ping_every_s=0.2) for _ in range(2)]
    yield feeds
    for feed in feeds:
        await feed.aclose()


def signalled(server: Embedded, number: int) -> None:
    """Send the server a signal."""
    assert server.pid is not None
    os.kill(server.pid, number)


async def publish(feed: RedisFeed, topic: str, notice: dict[str, Any], limit_s: float = 10.0) -> None:
    """Publish, again and again while Redis is away."""
    end_s = time.monotonic() + limit_s
    while True:
        try:
            return await feed.publish(topic, notice)
        except StateLost:
            assert time.monotonic() < end_s, "Redis did not come back"
            await asyncio.sleep(0.01)


async def read(notices: AsyncIterator[dict[str, Any] | Gap]) -> dict[str, Any] | Gap:
    """The next notice, within ten seconds."""
    async with asyncio.timeout(10):
        return await anext(notices)


async def test_a_gap_follows_when_redis_was_killed(
    server: Embedded, workers: list[RedisFeed], conversation: str
) -> None:
    """Every topic of every worker is given a gap, and afterwards nothing is missed."""
    one, two = workers
    async with one.subscribe("a") as a, one.subscribe("b") as b, two.subscribe("a") as c:
        await one.publish("a", {"n": 0})
        assert [await read(a), await read(c)] == [{"n": 0}, {"n": 0}]
        signalled(server, signal.SIGKILL)
        assert [await read(a), await read(b), await read(c)] == [Gap(), Gap(), Gap()]
        await publish(two, "a", {"n": 1})
        await publish(two, "b", {"n": 2})
        assert [await read(a), await read(b), await read(c)] == [{"n": 1}, {"n": 2}, {"n": 1}]
        async with one.subscribe(conversation) as fresh:
            await publish(two, conversation, {"n": 3})
            assert await read(fresh) == {"n": 3}


async def test_what_is_published_is_read_or_covered_by_a_later_gap(server: Embedded, workers: list[RedisFeed]) -> None:
    """With connections cut over and over: a published notice is read, or a gap comes after it was published."""
    admin = RedisClient(server.url)
    covered: set[int] = set()
    published = 0
    async with workers[0].subscribe("topic") as notices:

        async def follow() -> None:
            async for notice in notices:
                covered.update(range(published) if isinstance(notice, Gap) else [notice["n"]])

        reader = asyncio.create_task(follow())
        for n in range(300):
            if n % 20 == 10:
                await admin.call("CLIENT", "KILL", "TYPE", "pubsub" if n % 40 == 10 else "normal")
            await publish(workers[1], "topic", {"n": n})
            published = n + 1
        end_s = time.monotonic() + 10
        while len(covered) < 300:
            assert time.monotonic() < end_s, f"missed without a gap: {set(range(300)) - covered}"
            await asyncio.sleep(0.01)
        reader.cancel()
        await asyncio.wait({reader})
    await admin.aclose()


async def test_a_redis_that_hangs_is_noticed(server: Embedded, workers: list[RedisFeed]) -> None:
    """Publishing raises within its limit; once Redis runs again the reader is given a gap and reads on."""
    async with workers[0].subscribe("a") as notices:
        signalled(server, signal.SIGSTOP)
        with pytest.raises(StateLost):
            await workers[1].publish("a", {"n": 0})
        signalled(server, signal.SIGCONT)
        assert await read(notices) == Gap()
        await publish(workers[1], "a", {"n": 1})
        while (notice := await read(notices)) != {"n": 1}:
            assert notice in (Gap(), {"n": 0})


async def test_a_quiet_feed_stays_connected(server: Embedded) -> None:
    """Without any notice for many pings the connection is the same and there is no gap."""
    admin = RedisClient(server.url)
    feed = RedisFeed(RedisClient(server.url), ping_every_s=0.7)
    try:
        async with feed.subscribe("a") as notices, asyncio.timeout(30):
            before = await admin.call("CLIENT", "LIST", "TYPE", "pubsub")
            pings = 0
            while pings < 4:
                stats = await admin.call("INFO", "commandstats")
                pings = stats.get("cmdstat_ping", {"calls": 0})["calls"]
                await asyncio.sleep(0.05)
            after = await admin.call("CLIENT", "LIST", "TYPE", "pubsub")
            assert before.split()[0] == after.split()[0]
            await feed.publish("a", {"n": 1})
            assert await read(notices) == {"n": 1}
    finally:
        await feed.aclose()
        await admin.aclose()


async def test_one_enters_while_redis_is_away(server: Embedded, tmp_path: Path, workers: list[RedisFeed]) -> None:
    """Entering waits two seconds at most, and once Redis is known to be away not at all; a gap follows its return."""
    await server.aclose()
    began_s = time.monotonic()
    async with workers[0].subscribe("a") as first:
        assert time.monotonic() - began_s < LIMIT_S + 2
        with pytest.raises(StateLost):
            await workers[0].publish("a", {})
        async with workers[0].subscribe("b") as second:
            back = await embedded.start(tmp_path / "redis")
            assert [await read(first), await read(second)] == [Gap(), Gap()]
            await publish(workers[1], "b", {"n": 1})
            assert await read(second) == {"n": 1}
            await back.aclose()


async def test_strange_notices_are_passed_over(server: Embedded, workers: list[RedisFeed]) -> None:
    """What is no JSON object, published by somebody else, does not end the feed."""
    admin = RedisClient(server.url)
    async with workers[0].subscribe("a") as notices:
        for strange in (b"{", b"\xff", b"[1]", b"null"):
            await admin.call("PUBLISH", "aisle:0:feed:a", strange)
        await workers[1].publish("a", {"n": 1})
        assert await read(notices) == {"n": 1}
    await admin.aclose()


async def test_all_topics_share_one_connection_and_leave_with_their_readers(
    server: Embedded, workers: list[RedisFeed]
) -> None:
    """Many topics cost one connection; when nobody reads a topic Redis forgets it."""
    admin = RedisClient(server.url)
    async with asyncio.timeout(10):
        stack = [workers[0].subscribe(f"t{i}") for i in range(50)]
        for subscription in stack:
            await subscription.__aenter__()
        assert len((await admin.call("CLIENT", "LIST", "TYPE", "pubsub")).splitlines()) == 1
        assert len(await admin.call("PUBSUB", "CHANNELS", "aisle:*")) == 50
        for subscription in stack:
            await subscription.__aexit__(None, None, None)
        while await admin.call("PUBSUB", "CHANNELS", "aisle:*"):  # noqa: ASYNC110 - told by a process
            await asyncio.sleep(0.01)
    await admin.aclose()
