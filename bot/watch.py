"""The watch: a re-sync of the knowledge now and then, off by default, done by whichever worker is first.

A row in SQL says whether, how often, when next, and what came of the last time. Moving `next_at` on is the lease: of
workers that see it due, one moves it, and that one begins the run.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Audit, Deed
from bot.database import Database
from bot.errors import AisleError, BadKnowledge, Building
from bot.knowledge_tables import watch as table
from bot.run_log import Options, Run
from bot.runs import Runs

log = structlog.get_logger()

LOOK_EVERY_S = 2.0
EVERY_S = (60, 7 * 24 * 3600)
CHANGED = "knowledge.watch"
BY = "watch"
_ONLY = 1


@dataclass(frozen=True, slots=True)
class Watched:
    """How the watch stands. Moments are in UTC; None: never yet, or not planned."""

    enabled: bool = False
    every_s: int = 3600
    last_at: datetime | None = None
    last_result: str = ""
    next_at: datetime | None = None


class Watch:
    """The watch of all workers. Methods may raise `StoreLost`."""

    def __init__(self, database: Database, audit: Audit, runs: Runs, clock: Callable[[], datetime]) -> None:
        self._database, self._audit, self._runs, self._clock = database, audit, runs, clock

    async def get(self) -> Watched:
        """How it stands."""

        async def select(connection: AsyncConnection) -> Watched:
            row = (await connection.execute(sa.select(table))).first()
            return Watched(*row[1:]) if row else Watched()

        return await self._database.read(select)

    async def put(self, enabled: bool, every_s: int, by: str) -> Watched:
        """Turn it on or off; the first time is one interval from now.

        Raises:
            BadKnowledge: The interval is none that can be.
        """
        if not EVERY_S[0] <= every_s <= EVERY_S[1]:
            raise BadKnowledge(f"every_s: got {every_s}, wanted {EVERY_S[0]} to {EVERY_S[1]} seconds")
        next_at = self._clock() + timedelta(seconds=every_s) if enabled else None
        given: dict[str, Any] = {"enabled": enabled, "every_s": every_s, "next_at": next_at}
        insert = (postgresql.insert if self._database.is_postgres else sqlite.insert)(table)
        row = {"id": _ONLY, "last_at": None, "last_result": ""} | given
        statement = insert.values(row).on_conflict_do_update(index_elements=[table.c.id], set_=given)

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(statement)
            await self._audit.entry(connection, Deed(by, CHANGED, detail={"enabled": enabled, "every_s": every_s}))

        await self._database.write(write)
        return await self.get()

    async def run(self) -> None:
        """For ever: begin a run whenever one is due and nobody else has begun it."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                await self.look()
            except AisleError as error:
                log.warning("watch", error=error.message)

    async def look(self) -> Run | None:
        """Begin a run if one is due; returns it once it is over, or None."""
        state, now = await self.get(), self._clock()
        if not state.enabled or state.next_at is None or state.next_at > now or not await self._mine(state, now):
            return None
        try:
            run = await self._runs.start(Options(), BY)
        except Building as error:
            await self._result(error.message)
            return None
        run = await self._runs.finished(run.id)
        served = "serves" if run.report.activated else "not activated"
        await self._result(f"{run.version} {served}" if run.version else run.report.why)
        return run

    async def _mine(self, state: Watched, now: datetime) -> bool:
        """Move the next time on; only one worker can, from the time that it saw."""
        due = (table.c.next_at == state.next_at) & table.c.enabled
        next_at = now + timedelta(seconds=state.every_s)
        statement = sa.update(table).where(due).values(last_at=now, last_result="running", next_at=next_at)

        async def write(connection: AsyncConnection) -> bool:
            return (await connection.execute(statement)).rowcount > 0

        return await self._database.write(write)

    async def _result(self, text: str) -> None:
        statement = sa.update(table).values(last_result=text[:1000])

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.write(write)
