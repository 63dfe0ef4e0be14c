"""Keeps a worker on the snapshot that the pointer names, and tells others which one it serves."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from bot.errors import StateLost, Unavailable
from bot.feed import Feed
from bot.presence import TELL_EVERY_S, Presence, own_name
from bot.publish import KNOWLEDGE_TOPIC
from knowledge.library import Library

log = structlog.get_logger()

Warm = Callable[[], Awaitable[None]]
LOOK_EVERY_S = 5.0


class Follower:
    """Serves a newly activated snapshot at once when told, and within seconds when the telling was lost.

    Attributes:
        warm: Makes what answers need of a snapshot, before the first shopper asks; after each switch, too.
    """

    def __init__(self, library: Library, feed: Feed, presence: Presence, warm: Warm) -> None:
        self._library, self._feed, self._presence = library, feed, presence
        self.warm = warm
        self._worker = own_name()
        self._switched = asyncio.Event()

    async def run(self) -> None:
        """For ever: follow the pointer."""
        woken = asyncio.Event()
        hearing = asyncio.create_task(self._hear(woken))
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_EVERY_S):
                        await woken.wait()
                woken.clear()
                await self._refresh()
        finally:
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def tell(self) -> None:
        """For ever: say every few seconds, and after each switch, which snapshot this worker serves."""
        while True:
            self._switched.clear()
            with suppress(StateLost):
                await self._presence.tell(self._worker, self._library.current.version)
            with suppress(TimeoutError):
                async with asyncio.timeout(TELL_EVERY_S):
                    await self._switched.wait()

    async def _hear(self, woken: asyncio.Event) -> None:
        while True:
            with suppress(Unavailable):
                async with self._feed.subscribe(KNOWLEDGE_TOPIC) as notices:
                    async for _ in notices:
                        woken.set()
            await asyncio.sleep(LOOK_EVERY_S)

    async def _refresh(self) -> None:
        try:
            if await asyncio.to_thread(self._library.refresh):
                log.info("snapshot", version=self._library.current.version)
                self._switched.set()
                await self.warm()
        except Exception as error:
            # The old snapshot goes on serving, whatever is wrong with the new one.
            log.error("snapshot not loaded", error=str(error), serving=self._library.current.version)
