"""The log of who did what: entries are added, read, and never changed (the database itself refuses to).

`entry` in a transaction of the caller's, so that a thing is logged exactly if it was done; `record` on its own. It
does not know what the actions mean.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access_tables import audit as table
from bot.database import Database

LARGEST_PAGE = 500
LONGEST = 300
_ACTION = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


class Action(StrEnum):
    """What is logged. The part before the dot says about what."""

    SIGN_IN = "sign_in.ok"
    SIGN_IN_FAILED = "sign_in.failed"
    SIGN_OUT = "sign_in.out"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_DISABLED = "account.disabled"
    ACCOUNT_ENABLED = "account.enabled"
    PASSWORD_CHANGED = "account.password"
    TOKEN_ADDED = "token.added"
    TOKEN_REVOKED = "token.revoked"
    CLAIM = "conversation.claim"
    REPLY = "conversation.reply"
    NOTE = "conversation.note"
    GIVE_BACK = "conversation.give_back"
    QUEUE = "conversation.queue"
    CLOSE = "conversation.close"
    MARK_WRONG = "conversation.wrong"
    CANNED = "desk.canned"
    EXPORT = "transcripts.export"
    ERASE = "transcripts.erase"
    RETENTION = "transcripts.retention"
    SOURCE_CHANGED = "knowledge.source"
    BUILD = "knowledge.build"
    ACTIVATE = "knowledge.activate"
    ROLL_BACK = "knowledge.roll_back"
    PRODUCTS_CHANGED = "products.changed"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be logged. `actor` is an account's name, `cli`, or empty when nobody was signed in.

    `detail` is JSON; keep words of shoppers out of it, for what is logged is not erased with them.
    """

    actor: str
    action: str
    target: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed with its number and moment (UTC)."""

    id: int
    at: datetime
    deed: Deed


@dataclass(frozen=True, slots=True)
class Search:
    """Which entries: all of those that match what is not empty, newest first, beginning after entry `after`."""

    after: int | None = None
    limit: int = 50
    actor: str = ""
    action: str = ""


class Audit:
    """The log."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def entry(self, connection: AsyncConnection, deed: Deed) -> None:
        """Log inside a transaction.

        Raises:
            ValueError: The action is not of the form `thing.verb`.
        """
        if not _ACTION.fullmatch(deed.action):
            raise ValueError(f"got action {deed.action!r}, wanted the form thing.verb")
        await connection.execute(sa.insert(table).values(_row(deed, self._clock())))

    async def record(self, deed: Deed) -> None:
        """Log on its own.

        Raises:
            StoreLost: It may not have been logged.
        """
        await self._database.write(lambda connection: self.entry(connection, deed))

    async def page(self, search: Search) -> list[Entry]:
        """Entries, newest first. To go on, search after the last one's `id`. At most `LARGEST_PAGE`.

        `action` is a whole action, or the part before the dot for all of that kind.
        """
        query = sa.select(table).order_by(table.c.id.desc()).limit(max(0, min(search.limit, LARGEST_PAGE)))
        if search.after is not None:
            query = query.where(table.c.id < search.after)
        if search.actor:
            query = query.where(table.c.actor == search.actor)
        if search.action:
            kind = table.c.action.startswith(f"{search.action}.", autoescape=True)
            query = query.where((table.c.action == search.action) | kind)

        async def select(connection: AsyncConnection) -> list[Entry]:
            return [_entry(row) for row in await connection.execute(query)]

        return await self._database.read(select)


def _row(deed: Deed, at: datetime) -> dict[str, Any]:
    texts = {"actor": deed.actor, "action": str(deed.action), "target": deed.target, "address": deed.address}
    detail = orjson.dumps(dict(deed.detail)).decode()
    return {"at": at, "detail": detail, **{name: _plain(text) for name, text in texts.items()}}


def _plain(text: str) -> str:
    """What every database can hold: no NUL, no lone surrogate, at most `LONGEST` characters."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()[:LONGEST]


def _entry(row: sa.Row[Any]) -> Entry:
    deed = Deed(row.actor, row.action, row.target, orjson.loads(row.detail), row.address)
    return Entry(row.id, row.at, deed)
