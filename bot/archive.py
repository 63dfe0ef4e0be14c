"""Transcripts as a whole: search them, page through them, read one with its notes, or all of them for an export.

A conversation is found when every word asked for occurs somewhere in it. The newest comes first; a page ends with a
cursor from which the next one goes on. It does not know who may see what, nor how an export looks
(`export_formats.py`).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Message, Phase, Reason
from bot.database import Database, conversations, messages
from bot.errors import Refused
from bot.notes import Note, SqlNotes
from bot.search_index import matching
from bot.search_terms import asked_for, mark, snippet
from bot.summary import Summary
from bot.transcripts_sql import SqlTranscripts

LARGEST_PAGE = 100
READ_FOR_SNIPPETS = 1000
READ_OF_EACH = 5


@dataclass(frozen=True, slots=True)
class Search:
    """Which conversations; everything that is given must fit.

    Attributes:
        q: Words, all of which occur in the conversation; of words that say nothing alone ("the") nothing is found.
        since: Something was said then or later.
        until: It was opened then or earlier.
        rating: As in `Summary.rating`.
        reason: Why a person was wanted, at any time.
        staff: Who of them wrote in it or took it.
        product: Handle of a product that the bot showed or cited.
        lang: Language of the last reply.
    """

    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    rating: int | None = None
    reason: Reason | None = None
    staff: str = ""
    product: str = ""
    lang: str = ""
    phase: Phase | None = None

    @property
    def narrowed_by(self) -> list[str]:
        """Names of the filters that are set: for the log, which does not keep what was looked for."""
        return [name for name in self.__slots__ if getattr(self, name) not in (None, "")]


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation, and a line of it where the words are; without words, what was said last."""

    summary: Summary
    snippet: str


@dataclass(frozen=True, slots=True)
class Page:
    """Part of what was found; `next` is empty with the last part."""

    items: tuple[Found, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A conversation with everything in it, in order."""

    summary: Summary
    messages: tuple[Message, ...]
    notes: tuple[Note, ...]


class Archive:
    """The transcripts in SQL. Every method may raise `StoreLost`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._transcripts = SqlTranscripts(database)
        self._notes = SqlNotes(database, partial(datetime.now, UTC))

    async def page(self, search: Search, after: str = "", limit: int = 50) -> Page:
        """Conversations that fit, the one in which something was said last first.

        Args:
            search: Which.
            after: `next` of the page before.
            limit: At most this many, and at most `LARGEST_PAGE`.

        Raises:
            Refused: `after` is no cursor.
        """
        limit = max(1, min(limit, LARGEST_PAGE))
        place = sa.tuple_(conversations.c.last_at, conversations.c.id)
        query = self._fitting(search).order_by(conversations.c.last_at.desc(), conversations.c.id.desc())
        if after:
            query = query.where(place < sa.tuple_(*_read_cursor(after)))
        names = [row[0] for row in await self._rows(query.limit(limit + 1))]
        found = {summary.conversation: summary for summary in await self._transcripts.summaries(names[:limit])}
        listed = [found[name] for name in names[:limit] if name in found]
        lines = await self._snippets([summary.conversation for summary in listed], asked_for(search.q))
        items = tuple(Found(summary, lines.get(summary.conversation, summary.last)) for summary in listed)
        return Page(items, _cursor(listed[-1]) if len(names) > limit and listed else "")

    async def get(self, conversation: str) -> Whole | None:
        """One conversation; None when there is none."""
        summary = await self._transcripts.summary(conversation)
        if summary is None:
            return None
        said: list[Message] = []
        while page := await self._transcripts.after(conversation, said[-1].seq if said else 0):
            said += page
        return Whole(summary, tuple(said), tuple(await self._notes.after(conversation)))

    async def ids(self, search: Search) -> list[str]:
        """The conversations that fit, the one that was opened first first."""
        query = self._fitting(search).order_by(conversations.c.opened_at, conversations.c.id)
        return [row[0] for row in await self._rows(query)]

    async def wholes(self, ids: Iterable[str]) -> AsyncIterator[Whole]:
        """These conversations, one at a time; those that are gone are left out."""
        for conversation in ids:
            whole = await self.get(conversation)
            if whole is not None:
                yield whole

    def _fitting(self, search: Search) -> sa.Select[Any]:
        table = conversations
        where: list[sa.ColumnElement[bool]] = [table.c.last_seq > 0]
        where += [table.c.last_at >= search.since] if search.since else []
        where += [table.c.opened_at <= search.until] if search.until else []
        where += [table.c.rating == search.rating] if search.rating is not None else []
        where += [table.c.spoken == search.lang] if search.lang else []
        where += [table.c.phase == search.phase.value] if search.phase else []
        terms = asked_for(search.q)
        if search.q.strip() and not terms:
            where.append(sa.false())
        marks = {"reason": search.reason and search.reason.value, "staff": search.staff, "product": search.product}
        for term in [*terms, *(mark(kind, name) for kind, name in marks.items() if name)]:
            found = matching([term], is_postgres=self._database.is_postgres).subquery()
            where.append(table.c.id.in_(sa.select(found.c.conversation)))
        return sa.select(table.c.id).where(*where)

    async def _snippets(self, names: Sequence[str], terms: Sequence[str]) -> dict[str, str]:
        """A line of each conversation in which most of the terms are; those without any are left out."""
        if not names or not terms:
            return {}
        found = matching(terms, is_postgres=self._database.is_postgres).subquery()
        here = (messages.c.conversation == found.c.conversation) & (messages.c.seq == found.c.seq)
        query = sa.select(messages.c.conversation, messages.c.text).join(found, here)
        query = query.where(messages.c.conversation.in_(names)).order_by(messages.c.conversation, messages.c.seq)
        texts: dict[str, list[str]] = {}
        for row in await self._rows(query.limit(READ_FOR_SNIPPETS)):
            if len(said := texts.setdefault(row.conversation, [])) < READ_OF_EACH:
                said.append(row.text)
        lines = {name: snippet(some, terms) for name, some in texts.items()}
        return {name: line for name, line in lines.items() if line}

    async def _rows(self, query: sa.Select[Any]) -> list[sa.Row[Any]]:
        async def select(connection: AsyncConnection) -> list[sa.Row[Any]]:
            return list((await connection.execute(query)).all())

        return await self._database.read(select)


def _cursor(summary: Summary) -> str:
    return urlsafe_b64encode(f"{summary.last_at.isoformat()} {summary.conversation}".encode()).decode()


def _read_cursor(text: str) -> tuple[sa.ColumnElement[datetime], str]:
    try:
        at, _, name = urlsafe_b64decode(text).decode().partition(" ")
        return sa.literal(datetime.fromisoformat(at).astimezone(UTC), conversations.c.last_at.type), name
    except ValueError:
        raise Refused("after: got no cursor, wanted `next` of the page before") from None
