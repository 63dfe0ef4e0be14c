"""Snapshots whose files are damaged or missing are never served, and say what is wrong."""

import random
from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.errors import SnapshotError
from knowledge.hashed import HashedEncoder
from knowledge.library import Library, activate
from knowledge.manifest import MANIFEST
from knowledge.passages import Query
from knowledge.snapshot import FILES, Snapshot
from tests.support.shelves import content, shelf, with_entries

ALL_FILES = (*FILES, MANIFEST)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole snapshot; tests put back what they change."""
    root = tmp_path_factory.mktemp("root")
    return root / build(content(), root, HashedEncoder())


@pytest.mark.parametrize("name", ALL_FILES)
def test_any_flipped_bit_is_found(folder: Path, name: str) -> None:
    """One bit flipped anywhere in a file: loading names that file."""
    path = folder / name
    whole = path.read_bytes()
    chosen = random.Random(name)
    places = {0, len(whole) - 1, *(chosen.randrange(len(whole)) for _ in range(40))}
    try:
        for place in sorted(places):
            damaged = bytearray(whole)
            damaged[place] ^= 1 << chosen.randrange(8)
            path.write_bytes(damaged)
            with pytest.raises(SnapshotError, match=Path(name).name):
                Snapshot.load(folder)
    finally:
        path.write_bytes(whole)
    assert Snapshot.load(folder).version == folder.name


@pytest.mark.parametrize("name", ALL_FILES)
@pytest.mark.parametrize("harm", ["missing", "empty", "cut", "longer"])
def test_missing_and_cut_files_are_found(folder: Path, name: str, harm: str) -> None:
    """A file that is gone, empty, cut short or too long is named."""
    path = folder / name
    whole = path.read_bytes()
    try:
        if harm == "missing":
            path.unlink()
        else:
            path.write_bytes({"empty": b"", "cut": whole[:-1], "longer": whole + b"\n"}[harm])
        with pytest.raises(SnapshotError, match=Path(name).name):
            Snapshot.load(folder)
    finally:
        path.write_bytes(whole)


def test_a_damaged_snapshot_is_not_activated_and_not_swapped_in(tmp_path: Path) -> None:
    """Activating it is refused; if it is damaged after that, a worker that refreshes keeps its old one."""
    old, new = shelf(tmp_path, 0, 1)
    activate(tmp_path, old)
    library = Library.open(tmp_path, HashedEncoder())
    index = tmp_path / new / "index.faiss"
    whole = index.read_bytes()
    index.write_bytes(whole[::-1])
    with pytest.raises(SnapshotError, match=r"index\.faiss"):
        activate(tmp_path, new)
    index.write_bytes(whole)
    activate(tmp_path, new)
    index.write_bytes(whole[::-1])
    with pytest.raises(SnapshotError, match=r"index\.faiss"):
        library.refresh()
    assert library.search(Query("refund")).snapshot == old


def test_a_damaged_snapshot_is_built_anew(tmp_path: Path) -> None:
    """Building the content of a damaged snapshot does not hand it out again, nor take over its vectors."""
    (damaged,) = shelf(tmp_path, 2)
    (tmp_path / damaged / "vectors.npy").write_bytes(b"")
    encoder = HashedEncoder()
    again = build(with_entries(2), tmp_path, encoder)
    assert encoder.embedded == 17
    assert Snapshot.load(tmp_path / again).version == again
