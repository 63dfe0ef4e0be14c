"""Runs: builds of the knowledge, one at a time over all workers, each watched, cancellable, and told to the end.

A run is a row in SQL (`run_log.py`), so any worker can show it, and a process of its own (`process.py`), so nothing
that happens to it reaches the shoppers. What was built is activated here, if it is good enough or somebody insists,
and all workers are told.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import structlog

from bot.errors import AisleError, StateLost, StoreLost
from bot.feed import Feed
from bot.process import Outcome, carry_out
from bot.publish import KNOWLEDGE_TOPIC
from bot.rebuild import Job, Task
from bot.run_log import Options, Report, Run, RunLog, RunState
from knowledge.errors import KnowledgeError
from knowledge.gold import Score, why_not
from knowledge.library import activate

log = structlog.get_logger()

BEAT_S = 0.4


@dataclass(frozen=True, slots=True)
class Bar:
    """How good a build must be to serve by itself; both are shares of the gold questions, from 0 to 1."""

    least: float
    drop: float


@dataclass(frozen=True, slots=True)
class Means:
    """What runs are made with. `job` gives a job of that kind over the sources as they are now; see `Job.skip_bad`."""

    log: RunLog
    feed: Feed
    root: Path
    bar: Bar
    job: Callable[[Task, bool], Awaitable[Job]]


@dataclass(slots=True)
class _Live:
    """A run of this worker: its latest report, and what ends it."""

    run: Run
    began_s: float = field(default_factory=monotonic)
    stage_s: float = field(default_factory=monotonic)
    cancel: asyncio.Event = field(default_factory=asyncio.Event)

    def progress(self, stage: str, done: int, total: int) -> None:
        """Take a line of progress."""
        now_s, report = monotonic(), self.run.report
        if stage != report.stage:
            self.stage_s = now_s
        took_s = now_s - self.stage_s
        rate = done / took_s if done and took_s > 0.2 else None
        left_s = (total - done) / rate if rate else None
        self.run = replace(
            self.run,
            report=replace(
                report, stage=stage, done=done, total=total, rate=rate, left_s=left_s, seconds=now_s - self.began_s
            ),
        )


class Runs:
    """Runs of all workers, and those that this one carries out."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self.log = means.log
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._checking = asyncio.Lock()

    async def start(self, options: Options, by: str) -> Run:
        """Begin a run on this worker; it goes on by itself.

        Raises:
            Building: Another one runs; says whose, and since when.
            StoreLost: SQL is away.
        """
        run = Run(secrets.token_hex(8), by, self.log.clock(), RunState.RUNNING, options, Report("start"))
        await self.log.begin(run)
        task = asyncio.create_task(self._carry_out(_Live(run)), name=f"run {run.id}")
        self._tasks[run.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(run.id, None))
        await asyncio.sleep(0)  # let it begin: a task that is cancelled before that never gets to free the slot
        return run

    async def finished(self, run: str) -> Run:
        """A run of this worker once it is over."""
        if task := self._tasks.get(run):
            await asyncio.wait({task})
        return await self.log.get(run)

    async def cancel(self, run: str, by: str) -> Run:
        """End a run, whichever worker carries it out; the moment that this takes is not waited for.

        Raises:
            NotFound: There is no such run.
        """
        await self.log.want_end(run, by)
        return await self.log.get(run)

    async def retry(self, run: str, by: str) -> Run:
        """Run again as that one was meant to; what was embedded is not embedded again.

        Raises:
            NotFound, Building: There is no such run, or one runs.
        """
        return await self.start((await self.log.get(run)).options, by)

    async def check(self) -> Outcome:
        """What a build would do; nothing is built. One check at a time on a worker; others wait."""
        async with self._checking:
            return await carry_out(await self._means.job("check", True), lambda *_: None)

    async def activate(self, version: str) -> None:
        """Have a snapshot serve, and tell all workers.

        Raises:
            SnapshotError: There is none such, or it is damaged.
        """
        await asyncio.to_thread(activate, self._means.root, version)
        await self.tell(version)

    async def tell(self, version: str) -> None:
        """Tell all workers that the pointer moved; those that do not hear it look by themselves within seconds."""
        with contextlib.suppress(StateLost):
            await self._means.feed.publish(KNOWLEDGE_TOPIC, {"version": version})

    async def against(self, version: str) -> str:
        """Why a snapshot should not serve, as far as its run can tell; empty if nothing is known against it."""
        run = (await self.log.of_versions([version])).get(version)
        if run is None or run.report.gold is None:
            return ""
        return self._against({"failed": run.report.failed, "gold": run.report.gold})

    async def aclose(self) -> None:
        """End the runs of this worker."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _carry_out(self, live: _Live) -> None:
        beating = asyncio.create_task(self._beat(live))
        try:
            ended = await self._outcome(live)
        except asyncio.CancelledError:
            await self._end(live, _ended(live, RunState.CANCELLED, why="the server was stopped"))
            raise
        except Exception as error:
            log.exception("run failed", run=live.run.id)
            ended = _ended(live, RunState.FAILED, why=f"a fault of ours: {error}")
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        await self._end(live, ended)

    async def _outcome(self, live: _Live) -> Run:
        """Build, and activate if it may be."""
        try:
            job = await self._means.job("build", live.run.options.skip_bad)
            outcome = await carry_out(job, live.progress, live.cancel)
            if outcome.cancelled:
                return _ended(live, RunState.CANCELLED, why="cancelled")
            if outcome.result is None:
                return _ended(live, RunState.FAILED, why=outcome.why, problems=outcome.problems)
            return await self._settle(live, outcome.result)
        except (AisleError, KnowledgeError, OSError) as error:
            return _ended(live, RunState.FAILED, why=str(error))

    async def _settle(self, live: _Live, built: dict[str, Any]) -> Run:
        """What becomes of a snapshot that was built."""
        options, against = live.run.options, self._against(built)
        serves = options.activate and (options.force or not against)
        if serves:
            live.progress("activate", 0, 1)
            await self.activate(built["version"])
        found = {name: tuple(built[name]) for name in ("problems", "failed")}
        ended = _ended(live, RunState.DONE, why=against, activated=serves, gold=built["gold"], **found)
        return replace(ended, version=built["version"])

    def _against(self, built: dict[str, Any]) -> str:
        """Why it should not serve; empty if it should."""
        if built["failed"]:
            return f"{len(built['failed'])} entries could not be embedded and are left out"
        scores = {name: _score(value) for name, value in built["gold"].items()}
        after = scores["after"]
        return why_not(after, scores["before"], self._means.bar.least, self._means.bar.drop) if after else ""

    async def _beat(self, live: _Live) -> None:
        """Keep the row fresh, and see whether somebody wants the end."""
        while True:
            await asyncio.sleep(BEAT_S)
            with contextlib.suppress(StoreLost):
                if await self.log.beat(live.run):
                    live.cancel.set()

    async def _end(self, live: _Live, run: Run) -> None:
        """Write how it ended, once SQL takes it; until then the slot is kept, and taken over when it gets old."""
        run = replace(run, report=replace(run.report, seconds=round(monotonic() - live.began_s, 2)))
        log.info("run", run=run.id, state=run.state.value, version=run.version, why=run.report.why)
        for pause_s in (0.5, 2.0, 0.0):
            try:
                return await self.log.end(run)
            except StoreLost as error:
                log.warning("run not written", run=run.id, error=error.message)
                await asyncio.sleep(pause_s)
        return None


def _ended(live: _Live, state: RunState, **found: Any) -> Run:
    return replace(live.run, state=state, report=replace(live.run.report, rate=None, left_s=None, **found))


def _score(value: Any) -> Score | None:
    return None if value is None else Score(**value | {"missed": tuple(value["missed"])})
