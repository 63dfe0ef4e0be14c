"""How a database is reached: tables, connections, limits, errors and migrations. It does not know what a message means.

SQLite is set up so that what was committed stays (WAL, `synchronous=FULL`) and so that a writer takes its lock when it
begins; writers of one process queue fairly before they compete with other processes for the file. PostgreSQL gets
limits on both sides, so that a worker that hangs in the middle of a transaction holds up nobody for long. Whatever goes
wrong comes out as `StoreLost`, after `LIMIT_S` at the latest.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import BadSettings, StoreLost

LIMIT_S = 10.0
STATEMENT_LIMIT_S = 5.0
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
MIGRATION_LOCK = 0x6169736C65  # any number that no other program on the same server takes: "aisle" in ASCII

T = TypeVar("T")


class Utc(sa.types.TypeDecorator[datetime]):
    """A moment, aware and in UTC on the way in and out; SQLite keeps no time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """From UTC."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


metadata = sa.MetaData()

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("identity", sa.Text, nullable=False),
    sa.Column("opened_at", Utc, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False),
    # At a glance, kept with every message (see summary.py).
    sa.Column("phase", sa.Text, nullable=False, server_default="bot"),
    sa.Column("reason", sa.Text),
    sa.Column("staff", sa.Text, nullable=False, server_default=""),
    sa.Column("waiting_since", Utc),
    sa.Column("last_at", Utc),
    sa.Column("moods", sa.Text, nullable=False, server_default=""),
    sa.Column("question", sa.Text, nullable=False, server_default=""),
    sa.Column("last", sa.Text, nullable=False, server_default=""),
    sa.Column("spoken", sa.Text, nullable=False, server_default=""),
    sa.Column("messages", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rating", sa.Integer, nullable=False, server_default="0"),
    sa.Column("email", sa.Text, nullable=False, server_default=""),
    sa.Column("stage", sa.Text, nullable=False, server_default="discovery"),
    sa.Column("signs", sa.Text, nullable=False, server_default="[]"),
    sa.Index("conversations_phase", "phase", "last_at"),
    sa.Index("conversations_last_at", "last_at"),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text),
    sa.Column("reply_to", sa.Integer),
    sa.Column("wants_reply", sa.Boolean, nullable=False),
    sa.Column("owed", sa.Boolean, nullable=False),
    sa.Column("event", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("citations", sa.Text, nullable=False),
    sa.Column("cards", sa.Text, nullable=False),
    sa.Column("choices", sa.Text, nullable=False),
    sa.Column("stopped", sa.Boolean, nullable=False),
    sa.Column("snapshot", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("rating", sa.Integer, nullable=False),
    sa.Column("staff", sa.Text, nullable=False, server_default=""),
    sa.Index("messages_client_id", "conversation", "client_id", unique=True),
)


def _partial(name: str, where: sa.ColumnElement[bool], *columns: sa.Column[Any], unique: bool = False) -> sa.Index:
    return sa.Index(name, *columns, unique=unique, postgresql_where=where, sqlite_where=where)


_partial(
    "messages_one_reply",
    (messages.c.author == "bot") & messages.c.reply_to.is_not(None),
    messages.c.conversation,
    messages.c.reply_to,
    unique=True,
)
_partial("messages_owed", messages.c.owed.is_(True), messages.c.at)
_partial("messages_events", messages.c.event.is_not(None), messages.c.conversation, messages.c.seq)


class Database:
    """Reads and writes, each in a task of its own that a caller's cancellation does not reach."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.is_postgres = engine.dialect.name == "postgresql"
        self._engine = engine
        # SQLite needs its BEGIN (see _set_up_sqlite); a single SELECT in PostgreSQL needs no transaction around it.
        self._reader = engine.execution_options(isolation_level="AUTOCOMMIT") if self.is_postgres else engine
        self._writer = engine.execution_options(aisle_write=True)
        self._turn: asyncio.Lock | contextlib.AbstractAsyncContextManager[None] = (
            contextlib.nullcontext() if self.is_postgres else asyncio.Lock()
        )
        self._running: set[asyncio.Task[Any]] = set()

    async def read(self, do: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `do` on a connection that sees what is committed.

        Raises:
            StoreLost: The database is away, slow, locked, full or broken.
        """

        async def work() -> T:
            async with self._reader.connect() as connection:
                return await do(connection)

        return await self._bounded(work)

    async def write(self, do: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Run `do` in a transaction and commit; `do` may roll back itself, and nothing is kept when it raises.

        Raises:
            StoreLost: As with `read`. Whether the transaction was committed is then not known.
        """

        async def work() -> T:
            async with self._turn, self._writer.connect() as connection:
                result = await do(connection)
                await connection.commit()
                return result

        return await self._bounded(work)

    async def ping(self) -> None:
        """Ask for a sign of life.

        Raises:
            StoreLost: None came.
        """

        async def select(connection: AsyncConnection) -> None:
            await connection.execute(sa.select(1))

        await self.read(select)

    async def migrate(self) -> None:
        """Bring the tables up to date. Processes that start at once take turns.

        Raises:
            BadSettings: A newer Aisle wrote this database.
            StoreLost: The database is away.
        """

        async def work() -> None:
            async with self._writer.connect() as connection:
                if self.is_postgres:
                    await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                await connection.run_sync(_upgrade)
                await connection.commit()

        await self._bounded(work, limit_s=60.0)

    async def scrub(self) -> bool:
        """Overwrite what deleted rows left behind; False when somebody read for so long that a trace may be left.

        SQLite: `secure_delete` has overwritten rows with zeros; words are merged out of the full-text table, and the
        write-ahead log, which holds older pages, is emptied. PostgreSQL reclaims deleted rows itself (autovacuum).

        Raises:
            StoreLost: As with `write`.
        """
        if self.is_postgres:
            return True

        async def merge(connection: AsyncConnection) -> None:
            await connection.execute(sa.text("INSERT INTO message_words(message_words) VALUES ('optimize')"))

        async def empty_log() -> bool:
            plain = self._engine.execution_options(aisle_plain=True)
            async with self._turn, plain.connect() as connection:
                row = (await connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))).one()
                return not row[0]

        await self.write(merge)
        return await self._bounded(empty_log)

    async def aclose(self) -> None:
        """Finish what is running, then close connections."""
        if self._running:
            await asyncio.wait(self._running)
        await self._engine.dispose()

    async def _bounded(self, work: Callable[[], Awaitable[T]], limit_s: float | None = None) -> T:
        limit_s = limit_s or LIMIT_S
        task = asyncio.ensure_future(_with_clear_errors(work))
        self._running.add(task)
        task.add_done_callback(self._done)
        try:
            async with asyncio.timeout(limit_s):
                return await asyncio.shield(task)
        except TimeoutError:
            raise StoreLost(f"the database did not answer within {limit_s:g} s") from None

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # the caller may be gone; asyncio would complain that nobody looked


async def _with_clear_errors(work: Callable[[], Awaitable[T]]) -> T:
    try:
        return await work()
    except sa.exc.DBAPIError as error:
        raise StoreLost(f"the database failed: {error.orig}") from error
    except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise StoreLost(f"the database failed: {error or type(error).__name__}") from error


def _upgrade(connection: sa.Connection) -> None:
    """Run the missing migrations inside the transaction of `connection`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    for revision in MigrationContext.configure(connection).get_current_heads():
        try:
            script.get_revision(revision)
        except CommandError:
            head = script.get_current_head()
            raise BadSettings(
                f"AISLE_DATABASE: got a database at revision {revision}, wanted at most {head}; a newer Aisle wrote it"
            ) from None
    command.upgrade(config, "head")


def _address(url: str) -> URL:
    """The address with the driver that Aisle uses; `sslmode` is what libpq calls asyncpg's `ssl`."""
    try:
        parsed = make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise BadSettings("AISLE_DATABASE: got no address, wanted sqlite:///path or postgresql://…") from None
    kind = parsed.drivername.partition("+")[0]
    if kind in ("postgresql", "postgres"):
        query = dict(parsed.query)
        if "sslmode" in query:
            query["ssl"] = query.pop("sslmode")
        return parsed.set(drivername="postgresql+asyncpg", query=query)
    if kind != "sqlite":
        raise BadSettings(f"AISLE_DATABASE: got {kind!r}, wanted sqlite:///path or postgresql://…")
    if parsed.database in (None, "", ":memory:"):
        raise BadSettings("AISLE_DATABASE: got SQLite in memory, wanted a file (or memory: for a trial)")
    return parsed.set(drivername="sqlite+aiosqlite")


def _set_up_sqlite(engine: AsyncEngine) -> None:
    """Durable commits, one writer at a time, and transactions that begin when we say so and not the driver."""

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {round(STATEMENT_LIMIT_S * 1000)}",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("aisle_plain"):
            return
        writes = options.get("aisle_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def open_database(url: str) -> Database:
    """Connect, and bring the tables up to date.

    Raises:
        BadSettings: No address of SQLite or PostgreSQL, or a newer Aisle wrote the database.
        StoreLost: The database is away or cannot be written.
    """
    address = _address(url)
    if address.drivername.startswith("sqlite"):
        try:
            Path(str(address.database)).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreLost(f"AISLE_DATABASE: the folder cannot be made: {error}") from error
        engine = create_async_engine(address, pool_timeout=STATEMENT_LIMIT_S)
        _set_up_sqlite(engine)
    else:
        limit_ms = str(round(STATEMENT_LIMIT_S * 1000))
        server = {"statement_timeout": limit_ms, "idle_in_transaction_session_timeout": limit_ms}
        limits = {"timeout": STATEMENT_LIMIT_S, "command_timeout": STATEMENT_LIMIT_S, "server_settings": server}
        engine = create_async_engine(
            address, pool_pre_ping=True, pool_size=10, pool_timeout=STATEMENT_LIMIT_S, connect_args=limits
        )
    database = Database(engine)
    try:
        await database.migrate()
    except BaseException:
        await database.aclose()
        raise
    return database
