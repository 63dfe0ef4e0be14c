"""Everything that keeps the knowledge up, opened over one database and one feed: for the admin's pages and programs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.edits import Edits
from bot.entries import Entries, Sources
from bot.gold_questions import GoldQuestions
from bot.kept import kept_by
from bot.prices import Prices
from bot.rebuild import Job, Task
from bot.records import Ground
from bot.run_log import RunLog
from bot.runs import Bar, Means, Runs
from bot.settings import Settings
from bot.watch import Watch


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The parts."""

    edits: Edits
    sources: Sources
    entries: Entries
    golds: GoldQuestions
    prices: Prices
    runs: Runs
    watch: Watch


@asynccontextmanager
async def keeping(ground: Ground) -> AsyncIterator[Upkeep]:
    """Open everything; runs of this worker end with the body.

    Raises:
        StoreLost: The database is away.
    """
    settings, database, audit, clock = ground.settings, ground.database, ground.audit, ground.clock
    edits, golds = Edits(database, audit, clock), GoldQuestions(database, audit, clock)

    async def job(kind: Task, skip_bad: bool) -> Job:
        return _job(settings, kind, kept=await kept_by(edits), golds=await golds.all(), skip_bad=skip_bad)

    sources = Sources(settings.content, _job(settings, "read"))
    log, bar = RunLog(database, audit, clock), Bar(settings.gold_bar, settings.gold_drop)
    runs = Runs(Means(log, ground.feed, settings.data / "knowledge", bar, job))
    prices = Prices(database, audit, ground.feed, clock)
    await prices.load()
    watch = Watch(database, audit, runs, clock)
    try:
        yield Upkeep(edits, sources, Entries(edits, sources), golds, prices, runs, watch)
    finally:
        await runs.aclose()


def _job(settings: Settings, kind: Task, **more: object) -> Job:
    """A job over the settings' folders."""
    folders = {"content": settings.content, "root": settings.data / "knowledge", "cache": settings.data / "encoders"}
    places = {name: str(path.resolve()) for name, path in folders.items()}
    return Job(kind=kind, encoder=settings.encoder, threads=settings.threads, **places, **more)  # type: ignore[arg-type]
