"""SQL away, locked, read-only, hanging or newer than the program: clear errors in time, and it comes back."""

import asyncio
import os
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot import database
from bot.conversation import Author, Draft
from bot.database import metadata, open_database
from bot.errors import BadSettings, StoreLost
from bot.transcripts import Transcripts, open_transcripts
from bot.transcripts_sql import SqlTranscripts

AT = datetime(2026, 3, 1, tzinfo=UTC)
HI = Draft(Author.SHOPPER, "Hi", client_id="client-01", wants_reply=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the SQLite file is."""
    return tmp_path / "aisle.db"


@pytest.fixture
async def sqlite(path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Transcripts]:
    """Transcripts in SQLite that wait for a lock a moment only."""
    monkeypatch.setattr(database, "STATEMENT_LIMIT_S", 0.2)
    transcripts = await open_transcripts(f"sqlite:///{path}")
    yield transcripts
    await transcripts.aclose()


@contextmanager
def set_on_each_use(transcripts: Transcripts, pragma: str) -> Iterator[None]:
    """Set a pragma of SQLite on each connection that is used meanwhile."""
    assert isinstance(transcripts, SqlTranscripts)
    engine = transcripts._database._engine.sync_engine

    def change(connection: Any, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    sa.event.listen(engine, "checkout", change)
    yield
    sa.event.remove(engine, "checkout", change)


async def test_a_locked_file_is_lost_until_it_is_free(sqlite: Transcripts, path: Path, conversation: str) -> None:
    """While another process writes, appends raise StoreLost and reads go on; afterwards nothing is missing."""
    await sqlite.open(conversation, at=AT)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLost, match="locked"):
            await sqlite.append(conversation, HI, AT)
        assert await sqlite.after(conversation, 0) == []
        other.execute("ROLLBACK")
    message, new = await sqlite.append(conversation, HI, AT)
    assert (message.seq, new) == (1, True)


async def test_a_file_that_may_not_be_written_is_lost(sqlite: Transcripts, conversation: str) -> None:
    """A database that became read-only takes no message, is still read, and goes on without a hole."""
    await sqlite.open(conversation, at=AT)
    await sqlite.append(conversation, HI, AT)
    with set_on_each_use(sqlite, "query_only = ON"), pytest.raises(StoreLost, match="readonly"):
        await sqlite.append(conversation, Draft(Author.SHOPPER, "more"), AT)
    assert len(await sqlite.after(conversation, 0)) == 1
    with set_on_each_use(sqlite, "query_only = OFF"):
        message, _ = await sqlite.append(conversation, Draft(Author.SHOPPER, "more"), AT)
    assert message.seq == 2


async def test_an_insert_that_fails_takes_its_number_back(sqlite: Transcripts, path: Path, conversation: str) -> None:
    """What fails after the number was counted up leaves no hole."""
    await sqlite.open(conversation, at=AT)
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER bad BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'bad sector'); END")
        with pytest.raises(StoreLost, match="bad sector"):
            await sqlite.append(conversation, HI, AT)
        info = await sqlite.find(conversation)
        assert info is not None
        assert info.last_seq == 0
        other.execute("DROP TRIGGER bad")
    message, _ = await sqlite.append(conversation, HI, AT)
    assert message.seq == 1


async def test_a_full_disk_is_lost_and_keeps_numbers_whole(sqlite: Transcripts, conversation: str) -> None:
    """SQLite at its size limit says so; what was acknowledged is there, numbered without holes, and room helps."""
    await sqlite.open(conversation, at=AT)
    long = "x" * 50_000
    kept, error = 0, ""
    with set_on_each_use(sqlite, "max_page_count = 120"):
        while not error and kept < 50:
            try:
                await sqlite.append(conversation, Draft(Author.SHOPPER, long), AT)
                kept += 1
            except StoreLost as lost:
                error = lost.message
    assert "full" in error
    assert kept > 0
    assert [m.seq for m in await sqlite.after(conversation, 0)] == list(range(1, kept + 1))


async def test_a_file_that_is_no_database_is_lost(path: Path) -> None:
    """Opening something else than a database says so."""
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 40)  # noqa: ASYNC240
    with pytest.raises(StoreLost, match="not a database"):
        await open_transcripts(f"sqlite:///{path}")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A path through a file is an error of the setting or of the store, not a traceback."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreLost, match="file"):
        await open_transcripts(f"sqlite:///{tmp_path / 'file' / 'aisle.db'}")


async def test_a_database_of_a_newer_aisle_is_refused(database_url: str) -> None:
    """It is left as it is, with both revisions in the error."""
    opened = await open_database(database_url)
    newer = sa.text("UPDATE alembic_version SET version_num = '9999'")
    await opened.write(lambda connection: connection.execute(newer))
    await opened.aclose()
    with pytest.raises(BadSettings, match="revision 9999"):
        await open_transcripts(database_url)


async def test_migrations_make_the_tables_that_the_code_expects(database_url: str) -> None:
    """What the migrations made differs in nothing from what `database.py` declares."""
    opened = await open_database(database_url)

    def ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
        if name == "message_search_terms":  # the index of PostgreSQL alone; SQLite has a full-text table
            return opened.is_postgres
        return kind != "table" or name in metadata.tables

    def difference(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        return list(compare_metadata(context, metadata))

    found = await opened.read(lambda connection: connection.run_sync(difference))
    await opened.aclose()
    assert found == []


async def test_workers_that_start_at_once_take_turns(database_url: str, conversation: str) -> None:
    """Six open the same empty database at the same time and all can use it."""
    opened = await asyncio.gather(*(open_transcripts(database_url) for _ in range(6)))
    done = await asyncio.gather(*(transcripts.open(conversation, at=AT) for transcripts in opened))
    assert sorted(done) == [False] * 5 + [True]
    for transcripts in opened:
        await transcripts.aclose()


async def test_postgres_that_is_away_is_lost(tmp_path: Path) -> None:
    """Nobody at the address: StoreLost at once."""
    with pytest.raises(StoreLost):
        await open_transcripts(f"postgresql://aisle@/nothing?host={tmp_path}")


async def test_postgres_connections_that_were_ended_are_replaced(
    postgres_url: str, postgres_folder: Path, conversation: str
) -> None:
    """After all backends were ended, as in a restart, the next call goes through."""
    transcripts = await open_transcripts(postgres_url)
    await transcripts.open(conversation, at=AT)
    for _ in _backends(postgres_folder, postgres_url, signal.SIGTERM):
        pass
    message, new = await transcripts.append(conversation, HI, AT)
    assert (message.seq, new) == (1, True)
    await transcripts.aclose()


async def test_postgres_that_hangs_is_lost_in_time(
    postgres_url: str, postgres_folder: Path, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backends that stand still cost the limit and no more; afterwards the message is there once."""
    monkeypatch.setattr(database, "LIMIT_S", 1.0)
    monkeypatch.setattr(database, "STATEMENT_LIMIT_S", 0.5)
    transcripts = await open_transcripts(postgres_url)
    await transcripts.open(conversation, at=AT)
    stopped = _backends(postgres_folder, postgres_url, signal.SIGSTOP)
    try:
        async with asyncio.timeout(10):
            with pytest.raises(StoreLost):
                await transcripts.append(conversation, HI, AT)
    finally:
        for backend in stopped:
            backend.send_signal(signal.SIGCONT)
    await transcripts.append(conversation, HI, AT)
    assert [m.seq for m in await transcripts.after(conversation, 0)] == [1]
    await transcripts.aclose()


def _backends(folder: Path, url: str, number: int) -> list[psutil.Process]:
    """Signal the server processes that serve this database, and give them."""
    name = url.split("/")[3].split("?")[0]
    query = f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}'"
    psql = ["psql", "-h", str(folder), "-U", "aisle", "-d", "postgres", "-Atc", query]
    found = [psutil.Process(int(pid)) for pid in subprocess.run(psql, check=True, capture_output=True).stdout.split()]
    assert found
    for process in found:
        os.kill(process.pid, number)
    return found
