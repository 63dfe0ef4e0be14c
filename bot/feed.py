"""How workers tell one another: notices by topic, over one Redis subscription per worker.

A notice is a hint, the transcript is the truth. It may be missed (Redis was away, or the reader too slow: the reader is
then given a `Gap` and must look into the transcript) and, rarely, come twice. Notices of one publisher to one topic
arrive in order. It does not know what a notice means, nor how Redis is spoken to (`feed_redis.py`).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

QUEUE = 1000


@dataclass(frozen=True, slots=True)
class Gap:
    """Notices may have been missed here: look into the transcript."""


class Subscriber:
    """Notices waiting for one reader, at most `QUEUE`; beyond that they are dropped and a `Gap` stands for them."""

    def __init__(self) -> None:
        self._waiting: deque[dict[str, Any] | Gap] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def put(self, item: dict[str, Any] | Gap) -> None:
        """Queue a notice; a gap makes those before it pointless, for its reader looks everything up."""
        if isinstance(item, Gap) or len(self._waiting) >= QUEUE:
            self._waiting.clear()
            item = Gap()
        self._waiting.append(item)
        self._news.set()

    def close(self) -> None:
        """End the reader's loop once it has read what is queued."""
        self._closed = True
        self._news.set()

    def __aiter__(self) -> AsyncIterator[dict[str, Any] | Gap]:
        """Itself: a subscription is read by one reader."""
        return self

    async def __anext__(self) -> dict[str, Any] | Gap:
        """The next notice, as soon as there is one. Cancelling loses none."""
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()


class Feed(Protocol):
    """Notices by topic."""

    async def publish(self, topic: str, notice: dict[str, Any]) -> None:
        """Tell every subscriber of `topic`, on any worker; `notice` is anything that JSON holds.

        Raises:
            StateLost: Redis is away; whether somebody was told is not known.
        """
        ...

    def subscribe(self, topic: str) -> AbstractAsyncContextManager[AsyncIterator[dict[str, Any] | Gap]]:
        """Read a topic. Once entered, nothing published later is missed without a `Gap`.

        It never fails: when Redis is away it is entered all the same, after two seconds at most, and the first thing
        to read is a `Gap`, as soon as Redis is back.
        """
        ...

    async def ping(self) -> None:
        """Ask for a sign of life.

        Raises:
            StateLost: None came.
        """
        ...

    async def aclose(self) -> None:
        """End all subscriptions and close connections."""
        ...


async def heard(notices: AsyncIterator[dict[str, Any] | Gap], patience_s: float) -> dict[str, Any] | Gap | None:
    """The next notice; None when none came for so long, and one that was lost may have been due.

    Raises:
        StopAsyncIteration: The feed is closed.
    """
    try:
        async with asyncio.timeout(patience_s):
            return await anext(notices)
    except TimeoutError:
        return None


class Topics:
    """Who reads what, on this worker."""

    def __init__(self) -> None:
        self._readers: dict[str, set[Subscriber]] = {}

    def add(self, topic: str) -> Subscriber:
        """A new subscriber of `topic`."""
        subscriber = Subscriber()
        self._readers.setdefault(topic, set()).add(subscriber)
        return subscriber

    def remove(self, topic: str, subscriber: Subscriber) -> None:
        """Forget the subscriber, and the topic with its last one."""
        self._readers[topic].discard(subscriber)
        if not self._readers[topic]:
            del self._readers[topic]

    def readers(self, topic: str) -> tuple[Subscriber, ...]:
        """Who reads `topic`."""
        return tuple(self._readers.get(topic, ()))

    def put(self, topic: str, item: dict[str, Any] | Gap) -> None:
        """Queue for every subscriber of `topic`."""
        for subscriber in self.readers(topic):
            subscriber.put(item)

    def names(self) -> set[str]:
        """Topics that somebody reads."""
        return set(self._readers)

    def close(self) -> None:
        """End every subscriber."""
        for readers in self._readers.values():
            for subscriber in readers:
                subscriber.close()


class MemoryFeed:
    """The twin without Redis: one object is what one Redis would be. Notices go through JSON all the same."""

    def __init__(self) -> None:
        self._topics = Topics()

    async def publish(self, topic: str, notice: dict[str, Any]) -> None:
        """See `Feed.publish`."""
        self._topics.put(topic, orjson.loads(orjson.dumps(notice)))

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[dict[str, Any] | Gap]]:
        """See `Feed.subscribe`."""
        subscriber = self._topics.add(topic)
        try:
            yield subscriber
        finally:
            self._topics.remove(topic, subscriber)

    async def ping(self) -> None:
        """Always there."""

    async def aclose(self) -> None:
        """See `Feed.aclose`."""
        self._topics.close()


async def open_feed(url: str) -> Feed:
    """A feed behind `memory:`, `redis://…`, `rediss://…` or `unix://…`.

    Connects when first used: a Redis that is away now may come back, `ping` tells.

    Raises:
        BadSettings: The address is none of these.
    """
    if url == "memory:":
        return MemoryFeed()
    from bot.feed_redis import RedisFeed
    from bot.redis_client import RedisClient

    return RedisFeed(RedisClient(url))
