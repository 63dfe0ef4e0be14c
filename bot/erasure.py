"""Erasing a shopper on request, everywhere: SQL, search index, live state, exports; and a receipt that says so.

    1. One transaction removes every row that names the conversations, remembers them by hash so that no token brings
       them back, logs it, and notes what is still to be done.
    2. Sockets are told and close. An answer in the making is stopped, and waited for, so that it writes nothing later.
    3. Redis forgets, and rewrites its log. Files of exports that have one are deleted. SQLite overwrites its traces.

A worker that dies in between, or a Redis that is away, leaves the rest to `resume`. The receipt is kept and has
nothing personal in it: kinds, counts, the exports' numbers.
"""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.approvals import entry_of
from bot.audit import Action, Audit, Deed
from bot.database import Database, conversations, messages
from bot.desk_tables import notes
from bot.erased import remember_erased
from bot.errors import AisleError, Refused
from bot.exports import Exports
from bot.feed import Feed
from bot.pii import emails
from bot.publish import Publisher
from bot.quoted import approved_from, unquote
from bot.record_tables import erasures as table
from bot.removal import remove
from bot.sessions import Sessions

log = structlog.get_logger()

LEASE_TTL_S = 5.0
LEASE_POLL_S = 0.1
LEASE_WAIT_S = 20.0
KNOWN = {"conversations": "conversations", "messages": "messages", "notes": "notes"}
KNOWN |= {"suggestions": "suggestions", "search_rows": "message_search"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to erase: exactly one of a conversation, a verified identity, or an e-mail address that was written."""

    conversation: str = ""
    identity: str = ""
    email: str = ""

    @property
    def kind(self) -> str:
        """Which of them.

        Raises:
            Refused: None is given, or more than one, or the address is none.
        """
        given = [name for name in self.__slots__ if getattr(self, name)]
        if len(given) != 1:
            raise Refused(f"got {' and '.join(given) or 'nothing'}, wanted one of conversation, identity, email")
        if self.email and emails(self.email) != [self.email.lower()]:
            raise Refused("email: got no address, wanted one such as ana@mail.example")
        return given[0]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased. `done` is false while something is still to be done, which is then done without being asked.

    Attributes:
        wanted: What was asked by: conversation, identity or email; not which.
        other: Rows of other tables, by table.
        entries: Entries of the FAQ that were approved from it; they are the shop's text now, and stay.
        scrubbed: No file of the database or of Redis has a trace of it left; false when one of them did not let us see
            to it. PostgreSQL sees to it by itself (vacuum).
        exports: Exports that had something of it; those with `deleted` false are with whoever made them.
    """

    id: str
    at: datetime
    by: str
    wanted: str
    conversations: int = 0
    messages: int = 0
    notes: int = 0
    suggestions: int = 0
    search_rows: int = 0
    redis_keys: int = 0
    other: dict[str, int] | None = None
    entries: tuple[str, ...] = ()
    exports: tuple[dict[str, Any], ...] = ()
    scrubbed: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Everywhere that something of a conversation is kept."""

    database: Database
    sessions: Sessions
    feed: Feed
    exports: Exports


class Erasure:
    """Erasures over one set of places."""

    def __init__(self, places: Places, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._places, self._audit, self._clock = places, audit, clock
        self._database, self._publish = places.database, Publisher(places.feed)

    async def erase(self, wanted: Wanted, by: str, address: str = "") -> Receipt:
        """Erase; nothing of it is left in SQL when this returns, nor anywhere else if the receipt says `done`.

        Raises:
            Refused: It is not said whom, or the address is none.
            StoreLost: Nothing may have been erased.
        """
        receipt = Receipt(secrets.token_hex(8), self._clock(), by, wanted.kind)
        names = await self._find(wanted)
        receipt = await self._remove(receipt, names, address)
        try:
            return await self._finish(receipt, names)
        except AisleError as error:
            log.warning("erasure goes on later", receipt=receipt.id, error=error.message)
            return receipt

    async def resume(self) -> int:
        """Finish erasures that could not be finished; how many could be now."""
        count = 0
        for receipt, names in await self._pending():
            with suppress(AisleError):
                count += (await self._finish(receipt, names)).done
        return count

    async def receipts(self, limit: int = 200) -> list[Receipt]:
        """Receipts, newest first."""
        query = sa.select(table.c.receipt).order_by(table.c.at.desc(), table.c.id).limit(limit)
        return [_receipt(row[0]) for row in await self._rows(query)]

    async def _find(self, wanted: Wanted) -> list[str]:
        """The conversations meant; one that is named is taken as it is, for it may be left in Redis or an export."""
        if wanted.conversation:
            return [wanted.conversation]
        id = conversations.c.id
        if wanted.identity:
            return [
                row[0] for row in await self._rows(sa.select(id).where(conversations.c.identity == wanted.identity))
            ]
        email = wanted.email.lower()
        given = sa.select(id).where(sa.func.lower(conversations.c.email) == email)
        known = sa.select(id).where(sa.func.lower(conversations.c.identity) == email)
        found = {row[0] for query in (given, known) for row in await self._rows(query)}
        for rows in (messages, notes):
            like = sa.func.lower(rows.c.text).contains(email.rpartition("@")[2], autoescape=True)
            texts = await self._rows(sa.select(rows.c.conversation, rows.c.text).where(like))
            found |= {row.conversation for row in texts if email in emails(row.text)}
        return sorted(found)

    async def _remove(self, receipt: Receipt, names: Sequence[str], address: str) -> Receipt:
        """The part in SQL, all or nothing."""

        async def work(connection: AsyncConnection) -> Receipt:
            entries = tuple(map(entry_of, await approved_from(connection, names)))
            quoting = await unquote(connection, names)
            counts = await remove(connection, names)
            counts["suggestions"] += quoting
            await remember_erased(connection, list(names), receipt.at)
            known: dict[str, Any] = {field: counts.pop(name, 0) for field, name in KNOWN.items()}
            kept = replace(receipt, other=dict(+counts), entries=entries, **known)
            row = {"id": receipt.id, "at": receipt.at, "by": receipt.by, "wanted": receipt.wanted}
            row |= {"pending": orjson.dumps(list(names)).decode(), "receipt": _text(kept)}
            await connection.execute(sa.insert(table).values(row))
            detail = {"wanted": receipt.wanted, **known}
            await self._audit.entry(connection, Deed(receipt.by, Action.ERASE, receipt.id, detail, address))
            return kept

        return await self._database.write(work)

    async def _finish(self, receipt: Receipt, names: Sequence[str]) -> Receipt:
        """The part outside SQL, unless another worker is at it or has done it; may be done again after a crash."""
        async with self._places.sessions.lease(f"erasure-{receipt.id}", LEASE_TTL_S) as lease:
            if lease is None or receipt.id not in [pending.id for pending, _ in await self._pending()]:
                return receipt
            return await self._erase_elsewhere(receipt, names)

    async def _erase_elsewhere(self, receipt: Receipt, names: Sequence[str]) -> Receipt:
        keys = 0
        for name in names:
            await self._publish.erased(name)
            keys += await self._forget(name)
        clean = await self._places.sessions.scrub()
        told: tuple[dict[str, Any], ...] = tuple(await self._places.exports.forget(names))
        clean = await self._database.scrub() and clean
        keys += receipt.redis_keys
        done = replace(receipt, redis_keys=keys, exports=receipt.exports + told, scrubbed=clean, done=True)
        change = sa.update(table).where(table.c.id == receipt.id).values(pending="", receipt=_text(done))

        async def keep(connection: AsyncConnection) -> None:
            await connection.execute(change)

        await self._database.write(keep)
        return done

    async def _forget(self, name: str) -> int:
        """Remove live state once nobody answers any more, or after a while; how many keys there were."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEASE_WAIT_S):
                while not await self._quiet(name):  # noqa: ASYNC110 - the lease tells nobody
                    await asyncio.sleep(LEASE_POLL_S)
        return await self._places.sessions.erase(name)

    async def _quiet(self, name: str) -> bool:
        async with self._places.sessions.lease(name, LEASE_TTL_S) as lease:
            return lease is not None

    async def _pending(self) -> list[tuple[Receipt, list[str]]]:
        query = sa.select(table.c.receipt, table.c.pending).where(table.c.pending != "")
        return [(_receipt(row.receipt), orjson.loads(row.pending)) for row in await self._rows(query)]

    async def _rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        async def select(connection: AsyncConnection) -> list[sa.Row[Any]]:
            return list((await connection.execute(query)).all())

        return await self._database.read(select)


def _text(receipt: Receipt) -> str:
    return orjson.dumps(asdict(receipt)).decode()


def _receipt(text: str) -> Receipt:
    values = orjson.loads(text)
    values["at"] = datetime.fromisoformat(values["at"])
    values |= {name: tuple(values[name]) for name in ("exports", "entries")}
    return Receipt(**values)
