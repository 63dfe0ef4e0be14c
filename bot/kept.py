"""What admins keep beside the files, read from SQL for whoever is about to read all sources (`gathering.py`)."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.audit import Audit
from bot.database import open_database
from bot.edits import Edits
from bot.gathering import Kept
from bot.settings import Settings


async def kept_by(edits: Edits) -> Kept:
    """Everything that is kept, as of now."""
    return Kept(await edits.all(), await edits.contents())


async def kept_in(settings: Settings) -> Kept:
    """The same for a program without a server: nothing if there is no database yet, which is then not made either."""
    url = settings.access_database_url
    if _is_missing(url):
        return Kept()
    database = await open_database(url)
    try:
        clock = partial(datetime.now, UTC)
        return await kept_by(Edits(database, Audit(database, clock), clock))
    finally:
        await database.aclose()


def _is_missing(url: str) -> bool:
    scheme, _, path = url.partition(":///")
    return scheme == "sqlite" and not Path(path).is_file()
