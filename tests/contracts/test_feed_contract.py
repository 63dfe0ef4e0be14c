"""What the feed promises, checked on the twin in memory and on a real Redis alike."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import BadSettings
from bot.feed import QUEUE, Feed, Gap, open_feed


@pytest.fixture
async def workers(state_url: str) -> AsyncIterator[list[Feed]]:
    """Feeds of two workers."""
    first = await open_feed(state_url)
    opened = [first, first if state_url == "memory:" else await open_feed(state_url)]
    yield opened
    for feed in opened:
        await feed.aclose()


async def take(notices: AsyncIterator[dict[str, Any] | Gap], count: int) -> list[dict[str, Any] | Gap]:
    """The next `count` notices, within five seconds."""
    async with asyncio.timeout(5):
        return [await anext(notices) for _ in range(count)]


async def test_every_subscriber_is_told(workers: list[Feed], conversation: str) -> None:
    """Two on one worker and one on another each read every notice in order, whoever published it."""
    one, two = workers
    async with one.subscribe(conversation) as a, one.subscribe(conversation) as b, two.subscribe(conversation) as c:
        for i in range(20):
            await one.publish(conversation, {"n": i, "text": "您好", "deep": {"list": [1, None]}})
        for notices in (a, b, c):
            assert await take(notices, 20) == [{"n": i, "text": "您好", "deep": {"list": [1, None]}} for i in range(20)]


async def test_nothing_is_missed_once_subscribed(workers: list[Feed], conversation: str) -> None:
    """A notice published right after entering is read, time after time, on new topics and on old ones."""
    for i in range(30):
        topic = f"{conversation}-{i % 3}"
        async with workers[0].subscribe(topic) as notices:
            await workers[1].publish(topic, {"n": i})
            assert await take(notices, 1) == [{"n": i}]


async def test_topics_do_not_mix(workers: list[Feed], conversation: str) -> None:
    """A reader sees its own topic alone."""
    async with workers[0].subscribe(conversation) as notices:
        await workers[1].publish(conversation + "-other", {"n": 1})
        await workers[1].publish(conversation, {"n": 2})
        assert await take(notices, 1) == [{"n": 2}]


async def test_one_who_leaves_does_not_take_the_others_along(workers: list[Feed], conversation: str) -> None:
    """The topic stays subscribed while somebody on the worker reads it."""
    async with workers[0].subscribe(conversation) as stays:
        async with workers[0].subscribe(conversation):
            pass
        await workers[1].publish(conversation, {"n": 1})
        assert await take(stays, 1) == [{"n": 1}]


async def test_many_come_and_go(workers: list[Feed], conversation: str) -> None:
    """Fifty tasks that subscribe to a few topics over and over each get what is published while they read."""

    async def visit(n: int) -> None:
        for turn in range(4):
            topic = f"{conversation}-{(n + turn) % 5}"
            async with workers[n % 2].subscribe(topic) as notices:
                await workers[(n + turn) % 2].publish(topic, {"from": n, "turn": turn})
                while await take(notices, 1) != [{"from": n, "turn": turn}]:
                    pass

    async with asyncio.timeout(20):
        await asyncio.gather(*(visit(n) for n in range(50)))


async def test_a_slow_reader_is_given_a_gap(workers: list[Feed], conversation: str) -> None:
    """When more waits than the queue holds, a gap stands for what was dropped, and newer notices follow it."""
    async with workers[0].subscribe(conversation) as slow, workers[0].subscribe(conversation) as quick:
        for i in range(QUEUE + 1):
            await workers[0].publish(conversation, {"n": i})
            assert await take(quick, 1) == [{"n": i}]
        assert await take(slow, 1) == [Gap()]
        await workers[0].publish(conversation, {"n": -1})
        assert await take(slow, 1) == [{"n": -1}]


async def test_a_cancelled_read_loses_nothing(workers: list[Feed], conversation: str) -> None:
    """A reader that gives up waiting reads the next notice when it comes back."""
    async with workers[0].subscribe(conversation) as notices:
        task = asyncio.ensure_future(anext(notices))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await workers[0].publish(conversation, {"n": 1})
        assert await take(notices, 1) == [{"n": 1}]


async def test_closing_ends_the_readers(workers: list[Feed], conversation: str) -> None:
    """A reader's loop ends when its feed is closed."""
    entered, told = asyncio.Event(), asyncio.Event()

    async def follow() -> list[Any]:
        read = []
        async with workers[0].subscribe(conversation) as notices:
            entered.set()
            async for notice in notices:
                read.append(notice)
                told.set()
        return read

    task = asyncio.create_task(follow())
    async with asyncio.timeout(5):
        await entered.wait()
        await workers[0].publish(conversation, {"n": 1})
        await told.wait()
        await workers[0].aclose()
        assert await task == [{"n": 1}]


async def test_ping_answers(workers: list[Feed]) -> None:
    """A feed that is there says so."""
    await workers[0].ping()


async def test_other_addresses_are_refused() -> None:
    """An address that Aisle cannot use is refused by the setting's name."""
    with pytest.raises(BadSettings, match="AISLE_REDIS"):
        await open_feed("amqp://h")
