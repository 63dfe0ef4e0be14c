"""Which snapshot serves: pointing, going back, following."""

from pathlib import Path

import pytest

from knowledge.build import build
from knowledge.errors import EncoderError, SnapshotError
from knowledge.hashed import HashedEncoder
from knowledge.library import CURRENT, Library, activate, current, rollback, versions
from knowledge.passages import Query
from tests.support.shelves import shelf, with_entries


def test_nothing_serves_before_something_is_activated(tmp_path: Path) -> None:
    """A build alone changes nothing; opening says what to do."""
    build(with_entries(0), tmp_path, HashedEncoder())
    with pytest.raises(SnapshotError, match="run `aisle kb build`"):
        Library.open(tmp_path, HashedEncoder())
    assert [info.current for info in versions(tmp_path)] == [False]


def test_the_library_follows_the_pointer_when_told(tmp_path: Path) -> None:
    """A worker goes on with its snapshot until it refreshes; then it has the one that is active."""
    (first,) = shelf(tmp_path, 0)
    library = Library.open(tmp_path, HashedEncoder())
    (second,) = shelf(tmp_path, 1)
    assert library.current.version == first
    assert library.refresh() is True
    assert library.current.version == second
    assert library.refresh() is False


def test_a_turn_keeps_its_snapshot(tmp_path: Path) -> None:
    """A search can be made in the snapshot that a turn began with, and says which one it was."""
    first, second = shelf(tmp_path, 1, 0)
    activate(tmp_path, first)
    library = Library.open(tmp_path, HashedEncoder())
    begun = library.current
    activate(tmp_path, second)
    library.refresh()
    old, new = library.search(Query("thing 0"), begun), library.search(Query("thing 0"))
    assert (old.snapshot, new.snapshot) == (first, second)
    assert old.hits[0].passage.id == "faq:extra-0:en"
    assert "faq:extra-0:en" not in [hit.passage.id for hit in new.hits]


def test_a_search_tells_where_the_time_went(tmp_path: Path) -> None:
    """Each stage has its milliseconds."""
    shelf(tmp_path, 0)
    found = Library.open(tmp_path, HashedEncoder()).search(Query("refund"))
    assert list(found.timings_ms) == ["embed", "dense", "lexical", "head", "fuse"]
    assert all(ms > 0 for ms in found.timings_ms.values())


def test_rollback_goes_back_through_what_served(tmp_path: Path) -> None:
    """Going back follows the order of activation, not of building, as far as it reaches."""
    first, second, third = shelf(tmp_path, 0, 1, 2)
    activate(tmp_path, first)
    assert rollback(tmp_path) == third
    assert rollback(tmp_path) == second
    assert current(tmp_path) == second
    assert rollback(tmp_path) == first
    with pytest.raises(SnapshotError, match="no earlier snapshot"):
        rollback(tmp_path)
    assert current(tmp_path) == first


def test_rollback_passes_over_what_is_damaged(tmp_path: Path) -> None:
    """A damaged earlier snapshot is not gone back to."""
    first, second, third = shelf(tmp_path, 0, 1, 2)
    (tmp_path / second / "index.faiss").write_bytes(b"")
    assert rollback(tmp_path) == first
    assert current(tmp_path) != third


def test_activating_what_serves_changes_nothing(tmp_path: Path) -> None:
    """Activating twice does not count as two, so going back still goes back."""
    first, second = shelf(tmp_path, 0, 1)
    activate(tmp_path, second)
    assert rollback(tmp_path) == first


@pytest.mark.parametrize("version", ["", "..", "../x", "20260101T000000-000000000000", "latest"])
def test_what_is_no_version_cannot_be_activated(tmp_path: Path, version: str) -> None:
    """Unknown versions and paths are refused; what served goes on."""
    (first,) = shelf(tmp_path, 0)
    with pytest.raises(SnapshotError):
        activate(tmp_path, version)
    assert current(tmp_path) == first


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    """Vectors of one encoder are never searched with another's; the message says which and what to do."""
    shelf(tmp_path, 0)
    with pytest.raises(EncoderError, match=r"found vectors of hashed-64 .* wanted other-64 .*aisle kb build"):
        Library.open(tmp_path, HashedEncoder(name="other"))


@pytest.mark.parametrize("pointer", [b"", b"\n", b"../x\n", b"\xff\xfe", b"20260101T000000-00000000000"])
def test_a_damaged_pointer_is_named_and_can_be_mended(tmp_path: Path, pointer: bytes) -> None:
    """A pointer that names no version is an error that names the file; activating mends it."""
    (first,) = shelf(tmp_path, 0)
    (tmp_path / CURRENT).write_bytes(pointer)
    with pytest.raises(SnapshotError, match=CURRENT):
        current(tmp_path)
    assert [info.current for info in versions(tmp_path)] == [False]
    activate(tmp_path, first)
    assert current(tmp_path) == first


def test_the_list_is_newest_first_and_names_what_is_wrong(tmp_path: Path) -> None:
    """All snapshots are listed, with counts, the one that serves, and the trouble with broken ones."""
    first, second = shelf(tmp_path, 0, 1)
    (tmp_path / first / "manifest.json").write_text("{")
    listed = {info.version: info for info in versions(tmp_path)}
    assert list(listed) == sorted([first, second], reverse=True)
    assert listed[second].current
    assert (listed[second].counts or {})["passages"] == 8
    assert "manifest.json" in listed[first].problem
    assert versions(tmp_path / "nowhere") == []
