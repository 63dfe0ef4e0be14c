"""The library: which snapshot serves. Pointing at one, going back to an older one, and following the pointer.

`CURRENT` is a small text file in the folder of the snapshots. Its first line is the version that serves; the lines
below are those that served before it, latest first. It is replaced in one step, so a reader sees the old list or the
new one. Going back drops the first line. A worker's `Library` loads what the first line names and swaps one attribute;
a turn that began with a snapshot keeps it. How workers are told that the pointer moved is not known here.
"""

import fcntl
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from knowledge import manifest
from knowledge.encode import Encoder, Vectors
from knowledge.errors import EncoderError, SnapshotError
from knowledge.manifest import VERSION, folders
from knowledge.passages import Hit, Query
from knowledge.snapshot import Snapshot, verify

CURRENT = "CURRENT"
REMEMBERED = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave.

    Attributes:
        hits: Best first.
        timings_ms: By stage: `embed`, `dense`, `lexical`, `fuse`.
        snapshot: Version of the snapshot that was searched.
    """

    hits: tuple[Hit, ...]
    timings_ms: Mapping[str, float]
    snapshot: str


@dataclass(frozen=True, slots=True)
class Info:
    """A snapshot as a list shows it. `problem` says why its manifest cannot be read; other files are not checked."""

    version: str
    current: bool
    created_at: str = ""
    encoder: str = ""
    counts: Mapping[str, int] | None = None
    problem: str = ""


class Library:
    """The current snapshot of one worker, searched through one encoder."""

    def __init__(self, root: Path, encoder: Encoder, snapshot: Snapshot) -> None:
        self._root = root
        self._encoder = encoder
        self._current = snapshot
        self._refreshing = threading.Lock()

    @classmethod
    def open(cls, root: Path, encoder: Encoder) -> "Library":
        """Load what `CURRENT` names.

        Raises:
            SnapshotError: Nothing is active, or the snapshot is damaged.
            EncoderError: It was built with another encoder.
        """
        return cls(root, encoder, _load(root, current(root), encoder))

    @property
    def current(self) -> Snapshot:
        """The snapshot that new turns begin with."""
        return self._current

    def refresh(self) -> bool:
        """Follow `CURRENT`: load what it names and swap. Blocks for as long as loading takes; meant for a thread.

        Returns:
            Whether the snapshot changed.

        Raises:
            SnapshotError, EncoderError: It cannot be used; the old one goes on serving.
        """
        with self._refreshing:
            version = current(self._root)
            if version == self._current.version:
                return False
            self._current = _load(self._root, version, self._encoder)
            return True

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Rows of `texts`, `(n, dim)`, by the encoder that searches: zeros for a text that it cannot read. Blocks."""
        return self._encoder.encode(texts)

    def search(self, query: Query, snapshot: Snapshot | None = None) -> Found:
        """Embed `query` and search `snapshot`, the current one by default. Blocks; safe from several threads."""
        searched = snapshot or self._current
        began = perf_counter()
        rows = searched.index.rows(query, self._encoder.encode)
        embed_ms = (perf_counter() - began) * 1000
        hits, timings_ms = searched.index.search(query, *rows)
        return Found(hits, {"embed": embed_ms, **timings_ms}, searched.version)


def current(root: Path) -> str:
    """The version that serves.

    Raises:
        SnapshotError: None does, or the pointer is damaged.
    """
    served = _served(root)
    if not served:
        raise SnapshotError(f"{root / CURRENT}: found no active snapshot, wanted one; run `aisle kb build`")
    return served[0]


def activate(root: Path, version: str) -> None:
    """Have `version` serve, once all its files are checked. Activating what serves already changes nothing.

    Raises:
        SnapshotError: There is no such snapshot, it is damaged, or the pointer cannot be written.
    """
    if not VERSION.fullmatch(version):
        raise SnapshotError(f"found version {version!r}, wanted one that `aisle kb list` shows")
    verify(root / version)
    with _pointing(root):
        served = _served(root, strict=False)
        if served[:1] != [version]:
            _point(root, [version, *served])


def rollback(root: Path) -> str:
    """Have the snapshot serve that served before the current one and is still whole; return its version.

    Raises:
        SnapshotError: There is none.
    """
    with _pointing(root):
        served = _served(root)
        for place, version in enumerate(served[1:], start=1):
            if version != served[0] and _whole(root / version):
                _point(root, served[place:])
                return version
    raise SnapshotError(f"{root / CURRENT}: found no earlier snapshot to go back to, wanted one that is whole")


def versions(root: Path) -> list[Info]:
    """All snapshots, newest first. A damaged pointer counts as none."""
    served = _served(root, strict=False)[:1]
    return [_info(folder, current=folder.name in served) for folder in folders(root)]


def _info(folder: Path, current: bool) -> Info:
    try:
        label = manifest.read(folder)
    except SnapshotError as error:
        return Info(folder.name, current, problem=str(error))
    return Info(folder.name, current, label.created_at, label.encoder, label.counts)


def _load(root: Path, version: str, encoder: Encoder) -> Snapshot:
    """A snapshot that fits `encoder`; that is looked at first, since loading takes longer."""
    label = manifest.read(root / version)
    if (label.encoder, label.dim) != (encoder.name, encoder.dim):
        raise EncoderError(
            f"{root / version}: found vectors of {label.encoder} ({label.dim}), wanted {encoder.name} ({encoder.dim}); "
            "run `aisle kb build`"
        )
    return Snapshot.load(root / version)


def _whole(folder: Path) -> bool:
    try:
        verify(folder)
    except SnapshotError:
        return False
    return True


def _served(root: Path, *, strict: bool = True) -> list[str]:
    """The pointer's lines; empty if there is no pointer, or if it is damaged and that is not to be an error."""
    path = root / CURRENT
    try:
        lines = path.read_bytes().decode("ascii").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        lines = [str(error)]
    if wrong := [line for line in lines if not VERSION.fullmatch(line)] or ([] if lines else [""]):
        if strict:
            raise SnapshotError(f"{path}: found {wrong[0][:80]!r}, wanted versions; run `aisle kb activate`")
        return []
    return lines


@contextmanager
def _pointing(root: Path) -> Iterator[None]:
    """One change of the pointer at a time; a second one waits the moment that it takes.

    Raises:
        SnapshotError: The folder cannot be written.
    """
    try:
        with (root / ".pointer.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise SnapshotError(f"{error.filename or root}: {error.strerror}; nothing was changed") from error


def _point(root: Path, served: Sequence[str]) -> None:
    """Replace the pointer in one step."""
    part = root / f".{CURRENT}.part"
    part.write_text("".join(f"{version}\n" for version in served[:REMEMBERED]), "ascii")
    manifest.sync(part)
    os.replace(part, root / CURRENT)
    manifest.sync(root)
