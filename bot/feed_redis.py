"""The feed over Redis publish/subscribe: one connection per worker carries all its topics.

A writer keeps what Redis has in line with what is wanted here, a reader hands on what comes. When either fails, or
Redis is silent although pinged, both end and the connection is made anew, for ever. Once a topic is confirmed on the
new connection each of its subscribers is given a `Gap`: not earlier, or what is published in between would be missed.

Channels are `aisle:{db}:feed:{topic}`, for Redis does not keep the channels of its databases apart.
"""

import asyncio
import contextlib
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import RedisError

from bot.feed import Gap, Subscriber, Topics
from bot.redis_client import LIMIT_S, RedisClient

PING_EVERY_S = 5.0
BACKOFF_S = (0.05, 2.0)
BREATHE_EVERY = 64

log = logging.getLogger(__name__)


class RedisFeed:
    """Notices over Redis.

    Args:
        client: For publishing; also makes the connection for subscribing. Closed with the feed.
        ping_every_s: How long Redis may be silent before it is pinged; after twice that it is given up.
    """

    def __init__(self, client: RedisClient, *, ping_every_s: float = PING_EVERY_S) -> None:
        self._client = client
        self._ping_every_s = ping_every_s
        self._topics = Topics()
        self._changed = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._away = self._closed = False
        self._failures = 0
        # Of the present connection: topics asked for, confirmed, and answers still to come by topic.
        self._sent: set[str] = set()
        self._confirmed: set[str] = set()
        self._pending: Counter[str] = Counter()
        self._entering: dict[Subscriber, asyncio.Event] = {}
        self._prefix = f"aisle:{client.db}:feed:"
        self.ping = client.ping

    async def publish(self, topic: str, notice: dict[str, Any]) -> None:
        """See `Feed.publish`."""
        await self._client.call("PUBLISH", self._prefix + topic, orjson.dumps(notice))

    @asynccontextmanager
    async def subscribe(self, topic: str) -> AsyncIterator[AsyncIterator[dict[str, Any] | Gap]]:
        """See `Feed.subscribe`."""
        subscriber = self._topics.add(topic)
        try:
            self._pump = self._pump or asyncio.create_task(self._run())
            self._changed.set()
            await self._enter(topic, subscriber)
            yield subscriber
        finally:
            self._topics.remove(topic, subscriber)
            self._changed.set()

    async def aclose(self) -> None:
        """See `Feed.aclose`."""
        self._topics.close()
        self._closed = True
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.wait({self._pump})
        await self._client.aclose()

    async def _enter(self, topic: str, subscriber: Subscriber) -> None:
        """Wait until Redis has confirmed the topic; where it does not in time, the confirmation brings a `Gap`."""
        if topic in self._confirmed:
            return
        event = self._entering[subscriber] = asyncio.Event()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0 if self._away else LIMIT_S):
                    await event.wait()
        finally:
            self._entering.pop(subscriber, None)

    async def _run(self) -> None:
        """One connection after another, later after each failure, with jitter so that workers do not come at once.

        Python 3.11's task group swallows a cancellation that comes together with an error; hence the flag.
        """
        while not self._closed:
            try:
                await self._connected()
            except (RedisError, OSError) as error:
                log.info("feed: connection to Redis lost: %s", error)
            except Exception:
                log.exception("feed: connection to Redis given up")
            if self._closed:
                return
            self._away = True
            self._failures += 1
            delay_s = min(BACKOFF_S[1], BACKOFF_S[0] * 2.0 ** min(self._failures, 16))
            await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))

    async def _connected(self) -> None:
        """Serve one connection until it fails."""
        connection = self._client.connection()
        self._sent, self._pending = set(), Counter()
        try:
            async with asyncio.timeout(LIMIT_S):
                await connection.connect()
            self._away, self._failures = False, 0
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._write(connection))
                    tasks.create_task(self._read(connection))
            except ExceptionGroup as group:
                raise group.exceptions[0] from None
        finally:
            self._confirmed = set()
            await connection.disconnect(nowait=True)

    async def _write(self, connection: Any) -> None:
        """Subscribe to what is wanted, drop what is not, ping when nothing else was sent for a while."""
        loop = asyncio.get_running_loop()
        self._changed.set()
        sent_s = loop.time()
        while True:
            try:
                async with asyncio.timeout_at(sent_s + self._ping_every_s):
                    await self._changed.wait()
            except TimeoutError:
                await self._send(connection, "PING", set())
                sent_s = loop.time()
                continue
            self._changed.clear()
            wanted = self._topics.names()
            gone, new = self._sent - wanted, wanted - self._sent
            self._sent = wanted
            for command, topics in (("UNSUBSCRIBE", gone), ("SUBSCRIBE", new)):
                if topics:
                    await self._send(connection, command, topics)
                    sent_s = loop.time()

    async def _send(self, connection: Any, command: str, topics: set[str]) -> None:
        """Send within the limit, and count the answers to come."""
        self._confirmed -= topics
        self._pending.update(topics)
        async with asyncio.timeout(LIMIT_S):
            await connection.send_command(command, *(self._prefix + topic for topic in topics))

    async def _read(self, connection: Any) -> None:
        """Hand on what comes; now and then let the readers read, for a full buffer is parsed without a pause."""
        count = 0
        while True:
            reply = await connection.read_response(
                timeout=2 * self._ping_every_s, disconnect_on_error=False, push_request=True
            )
            if reply is None:
                raise RedisAway(f"Redis was silent for {2 * self._ping_every_s:g} s")
            self._take(reply)
            count += 1
            if count % BREATHE_EVERY == 0:
                await asyncio.sleep(0)

    def _take(self, reply: Any) -> None:
        """One reply: a notice, a confirmation, or the answer to a ping."""
        if not isinstance(reply, list) or len(reply) != 3:
            return
        kind, channel, data = reply
        topic = channel.decode().removeprefix(self._prefix)
        if kind == b"message":
            with contextlib.suppress(orjson.JSONDecodeError):
                notice = orjson.loads(data)
                if isinstance(notice, dict):
                    self._topics.put(topic, notice)
            return
        self._pending[topic] -= 1
        if self._pending[topic] == 0:
            del self._pending[topic]
            if topic in self._sent:
                self._confirm(topic)

    def _confirm(self, topic: str) -> None:
        """The topic is in force: those who wait for it enter, those who entered before may have missed something."""
        self._confirmed.add(topic)
        for subscriber in self._topics.readers(topic):
            event = self._entering.pop(subscriber, None)
            if event is not None:
                event.set()
            else:
                subscriber.put(Gap())
