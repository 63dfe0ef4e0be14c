"""The list that every desk of this worker shows, kept up to date for all of them by one reader of the feed.

A notice names a conversation that changed, and its line is read from SQL; notices that come close together are read at
once. What the feed loses is made good by reading the whole list now and then, and whenever a desk opens. Nothing is
read while no desk is open. It does not know sockets, nor what staff do.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.desk_frames import changes
from bot.errors import StoreLost
from bot.feed import Feed, Gap, Subscriber, heard
from bot.publish import DESK_TOPIC
from bot.summary import Summary
from bot.transcripts import PRESSING, Transcripts

log = structlog.get_logger()

LISTED = 300
LISTED_FOR = timedelta(hours=24)
GATHER_S = 0.05
RESYNC_S = 10.0


class Board:
    """Conversations that staff look at: all that wait or that staff have, and of the others those of the last day."""

    def __init__(self, transcripts: Transcripts, feed: Feed, clock: Callable[[], datetime]) -> None:
        self._transcripts, self._feed, self._clock = transcripts, feed, clock
        self._listed: dict[str, Summary] = {}
        self._readers: set[Subscriber] = set()
        self._open = 0
        self._reading = asyncio.Lock()

    @property
    def listed(self) -> Mapping[str, Summary]:
        """The list as this worker knows it."""
        return self._listed

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[tuple[dict[str, Summary], Subscriber]]:
        """The list as it is now, and what changes it from then on: `{"frame": …}` each.

        A `Gap` stands for changes that a slow reader missed; `listed` is then the truth to begin from.

        Raises:
            StoreLost: It cannot be read.
        """
        self._open += 1
        subscriber = Subscriber()
        try:
            await self.refresh()
            self._readers.add(subscriber)
            yield dict(self._listed), subscriber
        finally:
            self._readers.discard(subscriber)
            self._open -= 1

    async def refresh(self) -> None:
        """Read the whole list.

        Raises:
            StoreLost: It stays as it was.
        """
        async with self._reading:
            pressing = await self._transcripts.pressing(LISTED)
            recent = await self._transcripts.recent(self._clock() - LISTED_FOR, LISTED)
            self._become({s.conversation: s for s in (*pressing, *recent)})

    async def follow(self) -> None:
        """For ever: take in what changes."""
        async with self._feed.subscribe(DESK_TOPIC) as notices:
            while True:
                try:
                    await self._take_in(await _gathered(notices))
                except StoreLost:
                    log.warning("the list could not be read; it is tried again")
                except StopAsyncIteration:
                    return

    async def _take_in(self, names: set[str] | None) -> None:
        if not self._open:
            return
        if names is None:
            await self.refresh()
            return
        async with self._reading:
            found = await self._transcripts.summaries(sorted(names))
            others = [s for name, s in self._listed.items() if name not in names]
            self._become(listed((*others, *found), self._clock()))

    def _become(self, new: dict[str, Summary]) -> None:
        """Take the new list, and tell the readers what is different."""
        frames = changes(self._listed, new)
        self._listed = new
        for reader in self._readers:
            for frame in frames:
                reader.put({"frame": frame})


def listed(summaries: Iterable[Summary], now: datetime) -> dict[str, Summary]:
    """Those of the summaries that belong into the list, by the same rule as `Board.refresh` asks SQL."""
    latest = sorted(summaries, key=lambda s: (s.last_at, s.conversation), reverse=True)
    pressing = [s for s in latest if s.phase in PRESSING]
    recent = [s for s in latest if s.phase not in PRESSING and s.messages and s.last_at >= now - LISTED_FOR]
    return {s.conversation: s for s in (*pressing[:LISTED], *recent[:LISTED])}


async def _gathered(notices: AsyncIterator[dict[str, Any] | Gap]) -> set[str] | None:
    """The conversations of the next notices that come close together; None when the whole list has to be read."""
    first = await heard(notices, RESYNC_S)
    if first is None:
        return None
    all_of_them = [first]
    until_s = asyncio.get_running_loop().time() + GATHER_S
    with suppress(TimeoutError):
        async with asyncio.timeout_at(until_s):
            while True:
                all_of_them.append(await anext(notices))
    names = {str(notice["conversation"]) for notice in all_of_them if not isinstance(notice, Gap)}
    return None if any(isinstance(notice, Gap) for notice in all_of_them) else names
