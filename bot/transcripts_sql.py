"""Transcripts in SQL: SQLite for one machine, PostgreSQL for several.

An append is one short transaction that begins by counting up its conversation's `last_seq`, which locks it (PostgreSQL:
that row; SQLite: the whole file, for it has one writer at a time). Whoever comes second therefore sees what the first
one wrote: repeats are found, rules see the conversation as it is, and numbers have no holes, for a transaction that
fails takes its number back. The conversation at a glance is kept in the same transaction, in its own row, so a desk
lists hundreds without reading a message. How a database is reached is in `database.py`.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Author, Card, Citation, Draft, Event, Message, Phase, Reason, Sign, Stage
from bot.database import Database, messages, open_database
from bot.database import conversations as table
from bot.erased import check_not_erased
from bot.search_index import indexing
from bot.search_terms import terms_of
from bot.summary import Summary, after, rated
from bot.transcripts import PRESSING, RATED, Info, Rule, check_rating, clean_draft, unknown

_citations: TypeAdapter[tuple[Citation, ...]] = TypeAdapter(tuple[Citation, ...])
_cards: TypeAdapter[tuple[Card, ...]] = TypeAdapter(tuple[Card, ...])
_signs: TypeAdapter[tuple[Sign, ...]] = TypeAdapter(tuple[Sign, ...])
_choices: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])


class SqlTranscripts:
    """Transcripts in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.ping = database.ping
        self.aclose = database.aclose

    async def open(self, conversation: str, *, lang: str = "", identity: str = "", at: datetime) -> bool:
        """See `Transcripts.open`."""
        row = {"id": conversation, "lang": lang, "identity": identity, "opened_at": at, "last_seq": 0}
        row |= {"last_at": at, "spoken": lang}
        insert = postgresql.insert if self._database.is_postgres else sqlite.insert
        statement = insert(table).values(row).on_conflict_do_nothing().returning(table.c.id)

        async def make(connection: AsyncConnection) -> bool:
            await check_not_erased(connection, conversation)
            return (await connection.execute(statement)).first() is not None

        # Looked up first: every connection opens its conversation, and SQLite has one writer.
        return await self.find(conversation) is None and await self._database.write(make)

    async def find(self, conversation: str) -> Info | None:
        """See `Transcripts.find`."""
        rows = await self._rows(sa.select(table).where(table.c.id == conversation))
        if not rows:
            return None
        row = rows[0]
        return Info(row.id, row.lang, row.identity, row.opened_at, row.last_seq)

    async def append(
        self, conversation: str, draft: Draft, at: datetime, rule: Rule | None = None
    ) -> tuple[Message, bool]:
        """See `Transcripts.append`."""
        draft = clean_draft(draft)
        is_postgres = self._database.is_postgres
        # The first Chinese text loads a dictionary, which takes most of a second.
        terms = terms_of(draft) if draft.text.isascii() else await asyncio.to_thread(terms_of, draft)

        async def add(connection: AsyncConnection) -> tuple[Message, bool]:
            row = (await connection.execute(_count_up(conversation))).first()
            if row is None:
                raise unknown(conversation)
            repeated = _repeated(conversation, draft)
            first = None if repeated is None else (await connection.execute(repeated)).first()
            if first is not None:
                await connection.rollback()
                return _message(first), False
            before = _summary(row)
            if rule:
                rule(before)
            message = Message(conversation, row.last_seq, at.astimezone(UTC), draft)
            await connection.execute(sa.insert(messages).values(_row(message)))
            await connection.execute(indexing(message, terms, is_postgres=is_postgres))
            await connection.execute(_glance(after(before, message)))
            if draft.author is Author.BOT and draft.reply_to is not None:
                await connection.execute(_settle(conversation, draft.reply_to))
            return message, True

        return await self._database.write(add)

    async def summary(self, conversation: str) -> Summary | None:
        """See `Transcripts.summary`."""
        found = await self.summaries([conversation])
        return found[0] if found else None

    async def summaries(self, conversations: Sequence[str]) -> list[Summary]:
        """See `Transcripts.summaries`."""
        return await self._summaries(sa.select(table).where(table.c.id.in_(list(conversations))))

    async def pressing(self, limit: int) -> list[Summary]:
        """See `Transcripts.pressing`."""
        return await self._summaries(_latest(table.c.phase.in_([phase.value for phase in PRESSING]), limit))

    async def recent(self, since: datetime, limit: int) -> list[Summary]:
        """See `Transcripts.recent`."""
        others = table.c.phase.in_([phase.value for phase in Phase if phase not in PRESSING])
        return await self._summaries(_latest(others & (table.c.messages > 0) & (table.c.last_at >= since), limit))

    async def after(self, conversation: str, seq: int, limit: int = 500) -> list[Message]:
        """See `Transcripts.after`."""
        where = (messages.c.conversation == conversation) & (messages.c.seq > seq)
        return await self._messages(sa.select(messages).where(where).order_by(messages.c.seq).limit(limit))

    async def get(self, conversation: str, seq: int) -> Message | None:
        """See `Transcripts.get`."""
        found = await self._messages(sa.select(messages).where(_at(conversation, seq)))
        return found[0] if found else None

    async def unanswered(self, conversation: str) -> list[Message]:
        """See `Transcripts.unanswered`."""
        where = (messages.c.conversation == conversation) & messages.c.owed.is_(True)
        return await self._messages(sa.select(messages).where(where).order_by(messages.c.seq))

    async def settle(self, conversation: str, seq: int) -> None:
        """See `Transcripts.settle`."""

        async def change(connection: AsyncConnection) -> None:
            await connection.execute(_settle(conversation, seq))

        await self._database.write(change)

    async def overdue(self, before: datetime, limit: int = 100) -> list[str]:
        """See `Transcripts.overdue`."""
        waiting = sa.select(messages.c.conversation).where(messages.c.owed.is_(True), messages.c.at < before)
        oldest = sa.func.min(messages.c.at)
        ordered = waiting.group_by(messages.c.conversation).order_by(oldest, messages.c.conversation).limit(limit)
        return [row[0] for row in await self._rows(ordered)]

    async def events(self, conversation: str) -> list[Event]:
        """See `Transcripts.events`."""
        where = (messages.c.conversation == conversation) & messages.c.event.is_not(None)
        system = sa.select(messages.c.event).where(where, messages.c.author == Author.SYSTEM.value)
        return [Event(row[0]) for row in await self._rows(system.order_by(messages.c.seq))]

    async def rate(self, conversation: str, seq: int, value: int) -> Message | None:
        """See `Transcripts.rate`."""
        check_rating(value)
        of_ours = messages.c.author.in_([author.value for author in RATED])
        statement = sa.update(messages).where(_at(conversation, seq), of_ours).values(rating=value).returning(messages)

        async def change(connection: AsyncConnection) -> Message | None:
            # Locked first, so that of two ratings at once the second sees the first.
            await connection.execute(sa.select(table.c.id).where(table.c.id == conversation).with_for_update())
            row = (await connection.execute(statement)).first()
            if row is None:
                return None
            values = (await connection.execute(_ratings(conversation))).scalars()
            glance = sa.update(table).where(table.c.id == conversation).values(rating=rated(list(values)))
            await connection.execute(glance)
            return _message(row)

        return await self._database.write(change)

    async def _summaries(self, statement: sa.Select[Any]) -> list[Summary]:
        return [_summary(row) for row in await self._rows(statement)]

    async def _messages(self, statement: sa.Select[Any]) -> list[Message]:
        return [_message(row) for row in await self._rows(statement)]

    async def _rows(self, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        async def select(connection: AsyncConnection) -> list[sa.Row[Any]]:
            return list((await connection.execute(statement)).all())

        return await self._database.read(select)


def _at(conversation: str, seq: int) -> sa.ColumnElement[bool]:
    return (messages.c.conversation == conversation) & (messages.c.seq == seq)


def _count_up(conversation: str) -> sa.UpdateBase:
    """Lock the conversation and take its next number."""
    counted = sa.update(table).where(table.c.id == conversation)
    return counted.values(last_seq=table.c.last_seq + 1).returning(table)


def _glance(summary: Summary) -> sa.UpdateBase:
    """Keep what a message changed; ratings change elsewhere."""
    values = {name: getattr(summary, name) for name in ("staff", "moods", "question", "last", "email", "messages")}
    values |= {"phase": summary.phase.value, "reason": summary.reason.value if summary.reason else None}
    values |= {"stage": summary.stage.value, "signs": orjson.dumps(summary.signs).decode()}
    values |= {"waiting_since": summary.waiting_since, "last_at": summary.last_at, "spoken": summary.lang}
    return sa.update(table).where(table.c.id == summary.conversation).values(values)


def _summary(row: sa.Row[Any]) -> Summary:
    """A row as a summary."""
    return Summary(
        conversation=row.id,
        lang=row.spoken,
        identity=row.identity,
        opened_at=row.opened_at,
        last_at=row.last_at,
        phase=Phase(row.phase),
        reason=None if row.reason is None else Reason(row.reason),
        staff=row.staff,
        waiting_since=row.waiting_since,
        moods=row.moods,
        messages=row.messages,
        question=row.question,
        last=row.last,
        rating=row.rating,
        email=row.email,
        stage=Stage(row.stage),
        signs=_signs.validate_json(row.signs),
    )


def _latest(where: sa.ColumnElement[bool], limit: int) -> sa.Select[Any]:
    return sa.select(table).where(where).order_by(table.c.last_at.desc(), table.c.id.desc()).limit(limit)


def _ratings(conversation: str) -> sa.Select[Any]:
    return sa.select(messages.c.rating).where(messages.c.conversation == conversation, messages.c.rating != 0)


def _settle(conversation: str, seq: int) -> sa.UpdateBase:
    return sa.update(messages).where(_at(conversation, seq)).values(owed=False)


def _repeated(conversation: str, draft: Draft) -> sa.Select[Any] | None:
    """The query for the message that `draft` repeats; None when it cannot repeat any."""
    same = []
    if draft.client_id is not None:
        same.append(messages.c.client_id == draft.client_id)
    if draft.author is Author.BOT and draft.reply_to is not None:
        same.append((messages.c.author == Author.BOT.value) & (messages.c.reply_to == draft.reply_to))
    if not same:
        return None
    return sa.select(messages).where(messages.c.conversation == conversation, sa.or_(*same)).order_by(messages.c.seq)


def _row(message: Message) -> dict[str, Any]:
    """A message as a row."""
    draft = message.draft
    row = {name: getattr(draft, name) for name in draft.__slots__}
    for name in ("citations", "cards", "choices"):
        row[name] = orjson.dumps(row[name]).decode()
    row |= {"conversation": message.conversation, "seq": message.seq, "at": message.at, "rating": message.rating}
    row["owed"] = draft.wants_reply and draft.author is Author.SHOPPER
    return row


def _message(row: sa.Row[Any]) -> Message:
    """A row as a message."""
    values = dict(row._mapping)
    place = {name: values.pop(name) for name in ("conversation", "seq", "at", "rating")}
    del values["owed"]
    values["author"] = Author(values["author"])
    values["event"] = None if values["event"] is None else Event(values["event"])
    values["reason"] = None if values["reason"] is None else Reason(values["reason"])
    values["citations"] = _citations.validate_json(values["citations"])
    values["cards"] = _cards.validate_json(values["cards"])
    values["choices"] = _choices.validate_json(values["choices"])
    return Message(draft=Draft(**values), **place)


async def open_sql(url: str) -> SqlTranscripts:
    """See `transcripts.open_transcripts`."""
    return SqlTranscripts(await open_database(url))
