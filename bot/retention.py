"""How long what is kept, in days, and the daily job that removes what is older; any worker may do it, one does.

The days are kept in SQL; until an admin changes them, those of the settings count. 0 days means for ever. A
conversation counts from its last message, and one that waits for staff, that staff have, or in which the shopper is
owed an answer stays, however old it is. Entries of the log younger than 30 days cannot be removed by anyone (the
database itself refuses), so nobody can wipe the trace of what they just did by shortening its days.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access_tables import audit as audit_log
from bot.access_tables import sign_in_attempts
from bot.audit import Action, Audit, Deed
from bot.conversation import Phase
from bot.database import conversations, messages
from bot.desk_tables import notes
from bot.erasure import Erasure, Places
from bot.errors import AisleError, Refused, StateLost
from bot.record_tables import retention as table
from bot.record_tables import retention_runs as runs
from bot.removal import remove

log = structlog.get_logger()

LOOK_EVERY_S = 60.0
EVERY = timedelta(days=1)
BATCH = 200
LONGEST_DAYS = 36500
SHORTEST = {"audit_days": 31, "attempts_days": 1}
BY = "retention"
_ONLY = 1


@dataclass(frozen=True, slots=True)
class Days:
    """For how long; 0: for ever."""

    transcripts_days: int
    notes_days: int
    audit_days: int
    attempts_days: int
    exports_days: int


@dataclass(frozen=True, slots=True)
class Done:
    """The last run: how many of each kind were removed."""

    at: datetime
    removed: Mapping[str, int]


def check_days(given: Mapping[str, int]) -> None:
    """Refuse days that cannot be.

    Raises:
        Refused: Says which, and what was wanted.
    """
    for name, days in given.items():
        if name not in Days.__slots__:
            raise Refused(f"got {name[:40]!r}, wanted some of {', '.join(Days.__slots__)}")
        least = SHORTEST.get(name, 0)
        if not (least <= days <= LONGEST_DAYS) and (days != 0 or name == "attempts_days"):
            forever = "" if name == "attempts_days" else ", or 0: for ever"
            raise Refused(f"{name}: got {days}, wanted {max(1, least)} to {LONGEST_DAYS} days{forever}")


class Retention:
    """Days and the job. Methods may raise `StoreLost`."""

    def __init__(
        self, places: Places, erasure: Erasure, audit: Audit, defaults: Days, clock: Callable[[], datetime]
    ) -> None:
        self._places, self._erasure, self._audit, self._clock = places, erasure, audit, clock
        self._database, self._defaults = places.database, defaults

    async def get(self) -> Days:
        """For how long things are kept now."""

        async def select(connection: AsyncConnection) -> dict[str, int]:
            return {row.kind: row.days for row in await connection.execute(sa.select(table))}

        changed = await self._database.read(select)
        return replace(self._defaults, **{kind: days for kind, days in changed.items() if kind in Days.__slots__})

    async def put(self, given: Mapping[str, int], by: str, address: str = "") -> Days:
        """Change some; what is not given stays.

        Raises:
            Refused: One of them cannot be; nothing was changed.
        """
        check_days(given)
        insert = (postgresql.insert if self._database.is_postgres else sqlite.insert)(table)
        statement = insert.on_conflict_do_update(index_elements=["kind"], set_={"days": insert.excluded.days})

        async def write(connection: AsyncConnection) -> None:
            for kind, days in given.items():
                await connection.execute(statement, {"kind": kind, "days": days})
            deed = Deed(by, Action.RETENTION, "days", dict(given), address)
            await self._audit.entry(connection, deed)

        if given:
            await self._database.write(write)
        return await self.get()

    async def run(self, by: str) -> Done:
        """Remove what is older than its days, now."""
        days, now = await self.get(), self._clock()

        def before(kind: int) -> datetime | None:
            return now - timedelta(days=kind) if kind else None

        removed = {
            "transcripts": await self._transcripts(before(days.transcripts_days)),
            "notes": await self._delete(notes, notes.c.at, before(days.notes_days)),
            "attempts": await self._delete(sign_in_attempts, sign_in_attempts.c.last_at, before(days.attempts_days)),
            "audit": await self._delete(audit_log, audit_log.c.at, before(days.audit_days)),
            "exports": 0,
        }
        if (oldest := before(days.exports_days)) is not None:
            removed["exports"] = await self._places.exports.expire(oldest)
        if any(removed.values()):
            await self._database.scrub()
        await self._audit.record(Deed(by, Action.RETENTION, "run", removed))
        return Done(now, removed)

    async def job(self) -> None:
        """For ever: finish erasures, and once a day remove what is too old."""
        while True:
            try:
                await self.look()
            except AisleError as error:
                log.warning("retention", error=error.message)
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> Done | None:
        """Finish what erasures left; run if a day has passed and no other worker has begun."""
        await self._erasure.resume()
        now = self._clock()
        if not await self._mine(now):
            return None
        done = await self.run(BY)
        log.info("retention", **done.removed)
        text = ", ".join(f"{name} {count}" for name, count in done.removed.items())
        await self._execute(sa.update(runs).values(last_at=now, last_result=text))
        return done

    async def _mine(self, now: datetime) -> bool:
        """Move the next time on, if it has come; only one worker can."""
        insert = postgresql.insert if self._database.is_postgres else sqlite.insert
        first = {"id": _ONLY, "next_at": now, "last_at": None, "last_result": ""}
        due = sa.update(runs).where(runs.c.id == _ONLY, runs.c.next_at <= now).values(next_at=now + EVERY)

        async def write(connection: AsyncConnection) -> bool:
            await connection.execute(insert(runs).values(first).on_conflict_do_nothing())
            return (await connection.execute(due)).rowcount > 0

        return await self._database.write(write)

    async def _transcripts(self, before: datetime | None) -> int:
        """Conversations that nobody has written in since, batch by batch."""
        if before is None:
            return 0
        pressing = conversations.c.phase.in_([Phase.WAITING.value, Phase.STAFF.value])
        owed = sa.exists().where(messages.c.conversation == conversations.c.id, messages.c.owed.is_(True))
        last = sa.func.coalesce(conversations.c.last_at, conversations.c.opened_at)
        old = sa.select(conversations.c.id).where(last < before, ~pressing, ~owed).limit(BATCH)
        locked = old.with_for_update(skip_locked=True)
        count = 0
        while names := await self._remove(locked):
            count += len(names)
            for name in names:
                await self._forget(name)
        return count

    async def _remove(self, old: sa.Select[tuple[str]]) -> list[str]:
        async def work(connection: AsyncConnection) -> list[str]:
            names = [row.id for row in await connection.execute(old)]
            if names:
                await remove(connection, names)
            return names

        return await self._database.write(work)

    async def _forget(self, name: str) -> None:
        """Live state expires by itself; sooner is better."""
        try:
            await self._places.sessions.erase(name)
        except StateLost as error:
            log.warning("live state stays until it expires", error=error.message)

    async def _delete(self, rows: sa.Table, at: sa.Column[datetime], before: datetime | None) -> int:
        return 0 if before is None else await self._execute(sa.delete(rows).where(at < before))

    async def _execute(self, statement: sa.UpdateBase) -> int:
        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(statement)).rowcount

        return await self._database.write(work)
