"""Builds that are killed, and two at once: what serves goes on, and the next build works."""

from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.errors import SnapshotError
from knowledge.hashed import HashedEncoder
from knowledge.library import Library, activate, current
from knowledge.manifest import folders
from knowledge.passages import Query
from tests.support.building import building
from tests.support.shelves import shelf, with_entries

STEPS = [("embed", 0), ("embed", 64), ("dense", 0), ("lexical", 0), ("lexical", 1), ("write", 0), ("write", 1)]


@pytest.mark.parametrize(("step", "done"), [*STEPS, ("verify", 0), ("publish", 0)])
def test_a_build_killed_on_the_way_leaves_the_old_snapshot_serving(step: str, done: int, tmp_path: Path) -> None:
    """Kill -9 at any step: the old snapshot loads, nothing new is listed, and the next build cleans up and works."""
    (old,) = shelf(tmp_path, 0)
    with building(tmp_path, 100, step, done) as process:
        process.kill()
        assert process.wait(20) == -9
    assert list(tmp_path.glob(".building-*"))
    assert [folder.name for folder in folders(tmp_path)] == [old]
    assert Library.open(tmp_path, HashedEncoder()).search(Query("refund")).snapshot == old
    new = build(with_entries(100), tmp_path, HashedEncoder())
    assert not list(tmp_path.glob(".building-*"))
    activate(tmp_path, new)
    found = Library.open(tmp_path, HashedEncoder()).search(Query("What about thing 99?"))
    assert found.hits[0].passage.id == "faq:extra-99:en"


def test_a_build_killed_after_the_last_step_is_there(tmp_path: Path) -> None:
    """Killed once it has its name, the snapshot is whole: building again finds it and embeds nothing."""
    (old,) = shelf(tmp_path, 0)
    with building(tmp_path, 3, "publish", 1) as process:
        process.kill()
    encoder = HashedEncoder()
    new = build(with_entries(3), tmp_path, encoder)
    assert encoder.embedded == 0
    assert {folder.name for folder in folders(tmp_path)} == {old, new}
    assert current(tmp_path) == old


def test_killed_while_moving_the_pointer(tmp_path: Path) -> None:
    """Kill -9 in the middle of activations leaves a pointer to one whole snapshot or the other."""
    both = shelf(tmp_path, 0, 1)
    for _ in range(3):
        with building(tmp_path, 0, "activate") as process:
            before = (tmp_path / "CURRENT").stat().st_mtime_ns
            while (tmp_path / "CURRENT").stat().st_mtime_ns == before and process.poll() is None:
                pass
            process.kill()
        assert Library.open(tmp_path, HashedEncoder()).current.version in both
        activate(tmp_path, both[0])
        assert current(tmp_path) == both[0]


def test_of_two_builds_at_once_the_second_is_refused(tmp_path: Path) -> None:
    """While one builds, another is told so at once and disturbs nothing; the first ends as if alone."""
    with building(tmp_path, 5, "embed") as process:
        with pytest.raises(SnapshotError, match="found another build running"):
            build(with_entries(6), tmp_path, HashedEncoder())
        out, _ = process.communicate(timeout=30)
        version = out.split()[-1]
        assert process.returncode == 0
    assert [folder.name for folder in folders(tmp_path)] == [version]
    assert build(with_entries(6), tmp_path, HashedEncoder()) != version
