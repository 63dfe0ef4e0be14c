"""Builds that find the disk full: the old snapshot serves, and the next build works once there is room."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.errors import SnapshotError
from knowledge.hashed import HashedEncoder
from knowledge.library import Library, activate, current
from knowledge.manifest import folders
from tests.support.shelves import shelf, with_entries


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount") or "mount"
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"a full disk: mounting a tmpfs is not allowed here ({done.stderr.decode().strip()})")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def fill(disk: Path, free_bytes: int) -> None:
    """Leave only so much room."""
    size = shutil.disk_usage(disk).free - free_bytes
    (disk / "filler").write_bytes(b"x" * size)


@pytest.mark.parametrize("free_kib", [0, 8, 40, 120, 200, 280, 900])
def test_a_full_disk_changes_nothing(small_disk: Path, free_kib: int) -> None:
    """Whichever file finds no room, the build says so and leaves nothing behind; later it works."""
    root = small_disk / "knowledge"
    (old,) = shelf(root, 0)
    fill(small_disk, free_kib * 1024)
    with pytest.raises(SnapshotError, match=r"No space left|is the disk full\?"):
        build(with_entries(300), root, HashedEncoder())
    assert not list(root.glob(".building-*"))
    assert [folder.name for folder in folders(root)] == [old]
    assert Library.open(root, HashedEncoder()).current.version == old
    (small_disk / "filler").unlink()
    activate(root, build(with_entries(300), root, HashedEncoder()))
    assert current(root) != old


def test_a_pointer_that_cannot_be_written_stays(small_disk: Path) -> None:
    """Activating on a full disk is an error, and the old snapshot goes on serving."""
    first, second = shelf(small_disk / "knowledge", 0, 1)
    fill(small_disk, 0)
    with pytest.raises(SnapshotError, match="No space left"):
        activate(small_disk / "knowledge", first)
    assert current(small_disk / "knowledge") == second


def test_a_file_that_may_not_grow_fails_the_build(tmp_path: Path) -> None:
    """Where the system limits the size of files, the build fails in the same way."""
    (old,) = shelf(tmp_path, 0)
    command = [sys.executable, "-m", "tests.support.building", str(tmp_path), "300", "none", "0"]

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert done.returncode == 1
    assert "nothing was changed" in done.stdout
    assert [folder.name for folder in folders(tmp_path)] == [old]
    assert not list(tmp_path.glob(".building-*"))
