"""All sources as one: the content folder, the uploads, and the edits over both. The server, its builds and the command
line read them here, so that all of them make the same snapshot of the same state.

Where edits and uploads are kept is not known here (`kept.py`); a build's process starts faster without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

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
