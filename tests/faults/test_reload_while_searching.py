"""Searching goes on while snapshots are swapped: every search sees one whole snapshot."""

import threading
from pathlib import Path

from knowledge.hashed import HashedEncoder
from knowledge.library import Library, activate
from knowledge.passages import Query
from tests.support.shelves import shelf

QUERY = Query("What about thing number?", "en", limit=50)
SWAPS = 20


def test_a_reader_sees_only_whole_snapshots_during_swaps(tmp_path: Path) -> None:
    """Threads that search all the while get, for the version they are told, exactly that version's hits."""
    built = shelf(tmp_path, 3, 9, 27)
    library = Library.open(tmp_path, HashedEncoder())
    expected = {}
    for version in built:
        activate(tmp_path, version)
        library.refresh()
        expected[version] = library.search(QUERY).hits
    assert len({len(hits) for hits in expected.values()}) == 3
    over, wrong, seen = threading.Event(), [], set()

    def read() -> None:
        while not over.is_set():
            found = library.search(QUERY)
            seen.add(found.snapshot)
            if found.hits != expected[found.snapshot]:
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for swap in range(SWAPS):
            activate(tmp_path, built[swap % len(built)])
            assert library.refresh()
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert seen == set(built)
