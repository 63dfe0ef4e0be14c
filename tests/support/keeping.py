"""A small shop's upkeep, opened in the test's own process: real SQL, real build processes, a feed in memory."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.audit import Audit, Search
from bot.database import Database, open_database
from bot.feed import MemoryFeed
from bot.records import Ground
from bot.sessions import MemorySessions
from bot.settings import Settings, load
from bot.upkeep import Upkeep, keeping

ENTRIES = {
    "refund": ("When do I get my refund?", "Refunds are paid within 7 days."),
    "canada": ("How long does shipping to Canada take?", "5 to 8 working days."),
    "wrap": ("Do you wrap gifts?", "Yes, for $4 each."),
}
TABLE = "handle,name,description,price,stock,sku\nlarch,Larch Jacket,A light rain jacket.,149.00,3,L-1\n"


def write_shop(folder: Path, **answers: str) -> Path:
    """A content folder with three entries, one product and a gold question for each entry; `answers` win."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {"id": id_, "questions": [question], "answer": answers.get(id_, answer)}
        for id_, (question, answer) in ENTRIES.items()
    ]
    golds = [
        {"id": id_, "question": question.lower(), "lang": "en", "passage": f"faq:{id_}"}
        for id_, (question, _) in ENTRIES.items()
    ]
    (folder / "faq.en.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "gold.jsonl").write_text("".join(json.dumps(row) + "\n" for row in golds))
    (folder / "products.csv").write_text(TABLE)
    return folder


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop with workers in this process."""

    settings: Settings
    database: Database
    audit: Audit
    feed: MemoryFeed
    stack: AsyncExitStack

    @property
    def content(self) -> Path:
        """Folder of the sources."""
        return self.settings.content

    @property
    def root(self) -> Path:
        """Folder of the snapshots."""
        return self.settings.data / "knowledge"

    async def worker(self) -> Upkeep:
        """One more worker on the same database, folder and feed."""
        clock = partial(datetime.now, UTC)
        ground = Ground(self.settings, self.database, MemorySessions(), self.feed, self.audit, clock)
        return await self.stack.enter_async_context(keeping(ground))

    async def logged(self) -> list[tuple[str, str]]:
        """Who did what, oldest first."""
        entries = await self.audit.page(Search())
        return [(entry.deed.actor, entry.deed.action) for entry in reversed(entries)]


@asynccontextmanager
async def small_shop(place: Path, encoders: Path, data: Path | None = None) -> AsyncIterator[Shop]:
    """The shop in folder `place`, with the exported encoders of another; snapshots go to `data`."""
    data = data or place / "data"
    data.mkdir(parents=True, exist_ok=True)
    (data / "encoders").symlink_to(encoders)
    content = write_shop(place / "content")
    settings = load(data=data, content=content, database=f"sqlite:///{place / 'aisle.db'}")
    async with AsyncExitStack() as stack:
        database = await open_database(settings.database_url)
        stack.push_async_callback(database.aclose)
        audit = Audit(database, partial(datetime.now, UTC))
        yield Shop(settings, database, audit, MemoryFeed(), stack)
