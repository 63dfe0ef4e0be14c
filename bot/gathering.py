"""All sources as one: the content folder, the uploads, and the edits over both. The server, its builds and the command
line read them here, so that all of them make the same snapshot of the same state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.audit import Audit
from bot.database import open_database
from bot.edits import Edits
from bot.settings import Settings
from knowledge.overlay import Edit, overlaid
from knowledge.sources import Content, read
from knowledge.split import Count, approximate


@dataclass(frozen=True, slots=True)
class Kept:
    """What admins keep beside the files; `uploads` are contents by name."""

    edits: tuple[Edit, ...] = ()
    uploads: Mapping[str, bytes] = field(default_factory=dict)


def gather(folder: Path, kept: Kept, count: Count = approximate) -> Content:
    """Read everything; edits win over uploads, uploads over files. Blocks.

    Raises:
        SourceError: The content folder or its listing cannot be read.
        OSError: There is no room for the uploads' copies.
    """
    if not kept.uploads:
        return overlaid(read(folder, count), kept.edits, count)
    with TemporaryDirectory(prefix="aisle-uploads-") as place:
        for name, content in kept.uploads.items():
            path = Path(place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return overlaid(read(folder, count, Path(place)), kept.edits, count)


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
