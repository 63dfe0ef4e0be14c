"""Private notes of staff about a conversation: never shown to the shopper, gone when the conversation is erased."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database
from bot.desk_tables import notes as table
from bot.errors import Refused
from bot.pii import without_cards


@dataclass(frozen=True, slots=True)
class Note:
    """A note; `id` grows with each, `at` is in UTC."""

    id: int
    at: datetime
    staff: str
    text: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A note to be kept under the client's own id."""

    conversation: str
    staff: str
    text: str
    client_id: str


class Notes(Protocol):
    """Notes by conversation. Every method raises `StoreLost` when SQL is away."""

    async def add(self, wanted: Wanted) -> tuple[Note, bool]:
        """Keep a note; a known client id gives the first one and False.

        Raises:
            Refused: The text cannot be kept.
        """
        ...

    async def after(self, conversation: str, id: int = 0) -> list[Note]:
        """The conversation's notes above `id`, ascending."""
        ...


class SqlNotes:
    """Notes in SQL, of conversations that are there as well."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def add(self, wanted: Wanted) -> tuple[Note, bool]:
        """See `Notes.add`."""
        wanted = _clean(wanted)
        insert = postgresql.insert if self._database.is_postgres else sqlite.insert
        values = {name: getattr(wanted, name) for name in wanted.__slots__}
        statement = insert(table).values(at=self._clock(), **values).on_conflict_do_nothing().returning(table)
        same = (table.c.conversation == wanted.conversation) & (table.c.client_id == wanted.client_id)

        async def keep(connection: AsyncConnection) -> tuple[Note, bool]:
            row = (await connection.execute(statement)).first()
            if row is not None:
                return _note(row), True
            return _note((await connection.execute(sa.select(table).where(same))).one()), False

        return await self._database.write(keep)

    async def after(self, conversation: str, id: int = 0) -> list[Note]:
        """See `Notes.after`."""
        query = sa.select(table).where(table.c.conversation == conversation, table.c.id > id).order_by(table.c.id)

        async def select(connection: AsyncConnection) -> list[Note]:
            return [_note(row) for row in await connection.execute(query)]

        return await self._database.read(select)


class MemoryNotes:
    """The twin without SQL, gone with the process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: list[tuple[Wanted, Note]] = []

    async def add(self, wanted: Wanted) -> tuple[Note, bool]:
        """See `Notes.add`."""
        wanted = _clean(wanted)
        key = (wanted.conversation, wanted.client_id)
        first = next((note for kept, note in self._kept if (kept.conversation, kept.client_id) == key), None)
        if first:
            return first, False
        note = Note(len(self._kept) + 1, self._clock().astimezone(UTC), wanted.staff, wanted.text)
        self._kept.append((wanted, note))
        return note, True

    async def after(self, conversation: str, id: int = 0) -> list[Note]:
        """See `Notes.after`."""
        return [note for wanted, note in self._kept if wanted.conversation == conversation and note.id > id]


def _clean(wanted: Wanted) -> Wanted:
    """The note as it may be kept: without card numbers, as in `transcripts.clean_draft`."""
    text = wanted.text
    if not text.strip() or "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise Refused("text: got a note that is empty or holds a NUL or a lone surrogate, wanted text")
    return replace(wanted, text=without_cards(text))


def _note(row: sa.Row[Any]) -> Note:
    return Note(row.id, row.at, row.staff, row.text)
