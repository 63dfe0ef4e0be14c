"""The log of runs in SQL: one row a run, and a slot that only one run at a time can hold, over all workers.

The worker that carries a run out beats its row. A row that holds the slot and is not beaten for `GONE_AFTER_S` belongs
to a worker that is gone; whoever looks next ends it. What a run does is not known here.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Action, Audit, Deed
from bot.database import Database
from bot.errors import Building, NotFound
from bot.knowledge_tables import runs

GONE_AFTER_S = 20.0
SLOT = "build"


class RunState(StrEnum):
    """Where a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class Options:
    """What is wanted: have it serve, even if the gold questions or failures speak against it, even with bad rows."""

    activate: bool = True
    force: bool = False
    skip_bad: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """How a run goes, or went.

    Attributes:
        done: Of `total`, in the present stage.
        rate: A second; None as long as it cannot be told.
        left_s: Seconds left of the stage; None as long as they cannot be told.
        problems: Bad places in the sources.
        failed: Entries left out because they could not be embedded, as `{"id", "why"}`.
        gold: `{"before", "after"}`, each a score or None.
        activated: Whether it serves now.
        why: What went wrong, or why it was not activated.
    """

    stage: str = ""
    done: int = 0
    total: int = 0
    rate: float | None = None
    left_s: float | None = None
    problems: tuple[dict[str, Any], ...] = ()
    failed: tuple[dict[str, str], ...] = ()
    gold: dict[str, Any] | None = None
    activated: bool = False
    why: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A run. Moments are in UTC; `version` is empty until something is built."""

    id: str
    by: str
    at: datetime
    state: RunState
    options: Options
    report: Report
    version: str = ""


class RunLog:
    """Every run there was. Every method may raise `StoreLost`."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database, self._audit, self.clock = database, audit, clock

    async def begin(self, run: Run) -> None:
        """Take the slot for `run`.

        Raises:
            Building: Another run holds it; says whose, and since when.
        """
        await self._free_slot()
        insert = postgresql.insert if self._database.is_postgres else sqlite.insert
        row = {
            "id": run.id, "slot": SLOT, "by": run.by, "at": run.at, "beat_at": run.at, "state": run.state.value,
            "options": orjson.dumps(run.options).decode(), "report": _dump(run.report), "version": "",
            "cancelled_by": "",
        }  # fmt: skip
        statement = insert(runs).values(row).on_conflict_do_nothing().returning(runs.c.id)
        deed = Deed(run.by, Action.BUILD, run.id, {"state": "started", **asdict(run.options)})

        async def write(connection: AsyncConnection) -> bool:
            if (await connection.execute(statement)).first() is None:
                return False
            await self._audit.entry(connection, deed)
            return True

        if not await self._database.write(write):
            raise Building(await self._who_builds())

    async def beat(self, run: Run) -> bool:
        """Say that the run goes on, and how; returns whether somebody wants its end."""
        values = {"beat_at": self.clock(), "report": _dump(run.report)}
        statement = sa.update(runs).where(runs.c.id == run.id).values(values).returning(runs.c.cancelled_by)
        return bool(await self._database.write(_scalar(statement)))

    async def end(self, run: Run) -> None:
        """Write how the run ended, and free the slot."""
        values = {"slot": None, "state": run.state.value, "report": _dump(run.report), "version": run.version}
        statement = sa.update(runs).where(runs.c.id == run.id).values(values | {"beat_at": self.clock()})
        detail = {"state": run.state.value, "version": run.version, "activated": run.report.activated}

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(statement)
            await self._audit.entry(connection, Deed(run.by, Action.BUILD, run.id, detail))

        await self._database.write(write)

    async def want_end(self, run: str, by: str) -> None:
        """Ask whichever worker carries the run out to end it; a run that is over stays as it is."""
        statement = sa.update(runs).where(runs.c.id == run, runs.c.slot == SLOT).values(cancelled_by=by)

        async def write(connection: AsyncConnection) -> None:
            if (await connection.execute(statement)).rowcount:
                await self._audit.entry(connection, Deed(by, Action.BUILD, run, {"cancelled": True}))

        await self._database.write(write)

    async def get(self, run: str) -> Run:
        """A run as it is now.

        Raises:
            NotFound: There is no such run.
        """
        await self._free_slot()
        rows = await self._rows(sa.select(runs).where(runs.c.id == run))
        if not rows:
            raise NotFound(f"got {run[:40]!r}, wanted the id of a run")
        return _run(rows[0])

    async def latest(self, limit: int = 20) -> list[Run]:
        """The latest runs, newest first."""
        await self._free_slot()
        return [_run(row) for row in await self._rows(sa.select(runs).order_by(runs.c.at.desc()).limit(limit))]

    async def of_versions(self, versions: list[str]) -> dict[str, Run]:
        """The latest run that built each version, where one did."""
        query = sa.select(runs).where(runs.c.version.in_(versions)).order_by(runs.c.at)
        return {row.version: _run(row) for row in await self._rows(query)}

    async def _free_slot(self) -> None:
        """Take the slot from a run whose worker is gone."""
        gone = (runs.c.slot == SLOT) & (runs.c.beat_at < self.clock() - timedelta(seconds=GONE_AFTER_S))
        rows = await self._rows(sa.select(runs).where(gone))
        if not rows:
            return
        why = "its worker is gone; the old knowledge serves"
        report = replace(_run(rows[0]).report, why=why, rate=None, left_s=None)
        values = {"slot": None, "state": RunState.FAILED.value, "report": _dump(report)}
        await self._database.write(_scalar(sa.update(runs).where(gone).values(values).returning(runs.c.id)))

    async def _who_builds(self) -> str:
        rows = await self._rows(sa.select(runs).where(runs.c.slot == SLOT))
        if not rows:
            return "another build has just ended, please try again"
        return f"{rows[0].by} is building since {rows[0].at:%H:%M:%S} UTC (run {rows[0].id}); wanted to be the only one"

    async def _rows(self, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        async def select(connection: AsyncConnection) -> list[sa.Row[Any]]:
            return list((await connection.execute(statement)).all())

        return await self._database.read(select)


def _scalar(statement: sa.UpdateBase) -> Callable[[AsyncConnection], Any]:
    async def run(connection: AsyncConnection) -> Any:
        return (await connection.execute(statement)).scalar()

    return run


def _dump(report: Report) -> str:
    return orjson.dumps(report).decode()


def _run(row: sa.Row[Any]) -> Run:
    report = orjson.loads(row.report)
    report |= {name: tuple(report[name]) for name in ("problems", "failed")}
    options = Options(**orjson.loads(row.options))
    return Run(row.id, row.by, row.at, RunState(row.state), options, Report(**report), row.version)
