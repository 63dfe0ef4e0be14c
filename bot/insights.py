"""Figures for admins: reads the conversations of a range and has them counted (`tally.py`, `demand.py`, `clusters.py`).

The database is read in short pieces, each with whole conversations, and everything is counted in a thread, so that
chats go on meanwhile. Which conversations may matter is told by their rows alone: begun before the range's end, and
not silent since before its start; with a day to spare, for workers' clocks differ.

Counting is not done here, and what the figures mean is in `definitions.py`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clusters import Cluster, Embed, Matrix, grouped
from bot.conversation import Author, Event, Reason
from bot.database import Database, conversations, messages
from bot.definitions import DEFINITIONS
from bot.demand import Demand
from bot.errors import Refused
from bot.lines import Basis, Cited, Line, Talk
from bot.stage import retold
from bot.tally import Span, Tally
from knowledge.snapshot import Snapshot

LONGEST_DAYS = 400
USUAL_DAYS = 30
SPARE = timedelta(days=1)
AT_ONCE = 100
"""Conversations in one read."""

KEPT_ROWS = 4000
"""Embeddings of questions kept from one look at the figures to the next."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: days from `first` up to but without `end`; `lang` empty: all languages."""

    span: Span
    lang: str = ""


def wanted(first: str, end: str, zone: str, lang: str, now: datetime) -> Wanted:
    """Read the range: days as `2026-11-22`; without an end up to and with today, without a start 30 days.

    Raises:
        Refused: A day or time zone that is none, an end that is not after the start, or a range that is too long.
    """
    clock = _zone(zone)
    last = _day("to", end) if end else now.astimezone(clock).date() + timedelta(days=1)
    start = _day("from", first) if first else last - timedelta(days=USUAL_DAYS)
    if not 0 < (last - start).days <= LONGEST_DAYS:
        raise Refused(
            f"from, to: got {start} to {last}, wanted 1 to {LONGEST_DAYS} days; `to` is the day after the last one"
        )
    return Wanted(Span(start, last, clock), lang)


class Insights:
    """Figures over one database. `embed` turns questions into rows; it blocks, and is called in a thread."""

    def __init__(self, database: Database, embed: Embed, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._rows = _Kept(embed)
        self._counting = asyncio.Lock()

    async def figures(self, wanted: Wanted, snapshot: Snapshot) -> dict[str, Any]:
        """Everything, JSON-able; one at a time on a worker.

        Raises:
            StoreLost: The database is away.
        """
        async with self._counting:
            tally, demand = Tally(wanted.span, self._clock()), Demand(wanted.span)
            async for rows in self._read(wanted):
                await asyncio.to_thread(_count, rows, tally, demand)
            return await asyncio.to_thread(self._all, wanted, tally, demand, snapshot)

    def _all(self, wanted: Wanted, tally: Tally, demand: Demand, snapshot: Snapshot) -> dict[str, Any]:
        groups = grouped(demand.missed, self._rows)
        found = demand.figures(snapshot.passages, snapshot.products, wanted.lang)
        found["passages"]["snapshot"] = snapshot.version
        return {
            "range": _shown_range(wanted),
            "definitions": DEFINITIONS,
            **tally.figures(),
            "unanswered": [_shown_cluster(cluster) for cluster in groups.clusters],
            "unanswered_left_out": groups.left_out,
            **found,
        }

    async def _read(self, wanted: Wanted) -> "AsyncIterator[list[sa.Row[Any]]]":
        """Messages of conversations that may matter, whole conversations at a time."""
        ids = [row.id for row in await self._select(_candidates(wanted))]
        for first in range(0, len(ids), AT_ONCE):
            yield await self._select(_lines(ids[first : first + AT_ONCE]))

    async def _select(self, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        async def select(connection: AsyncConnection) -> list[sa.Row[Any]]:
            return list((await connection.execute(statement)).all())

        return await self._database.read(select)


class _Kept:
    """Embeds questions, and keeps the rows of the latest: the same questions are looked at again and again."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._rows: OrderedDict[str, Matrix] = OrderedDict()

    def __call__(self, texts: Sequence[str]) -> Matrix:
        new = [text for text in texts if text not in self._rows]
        rows = {text: self._rows[text] for text in texts if text in self._rows}
        rows |= dict(zip(new, self._embed(new), strict=True)) if new else {}
        self._rows |= rows
        for text in rows:
            self._rows.move_to_end(text)
        while len(self._rows) > KEPT_ROWS:
            self._rows.popitem(last=False)
        return np.stack([rows[text] for text in texts])


def _candidates(wanted: Wanted) -> sa.Select[Any]:
    """Ids of the conversations that may have something in the range."""
    start, end = (datetime.combine(day, time(), wanted.span.zone) for day in (wanted.span.first, wanted.span.end))
    table = conversations.c
    within = (table.last_at >= start - SPARE) & (table.opened_at < end + SPARE) & (table.messages > 0)
    spoken = within & (table.spoken == wanted.lang) if wanted.lang else within
    return sa.select(table.id).where(spoken).order_by(table.id)


def _lines(ids: Sequence[str]) -> sa.Select[Any]:
    """Their messages; of texts only what shoppers wrote."""
    table = messages.c
    text = sa.case((table.author == Author.SHOPPER.value, table.text), else_="").label("text")
    columns = (table.conversation, table.seq, table.at, table.author, text, table.event, table.reply_to, table.action)
    more = (table.reason, table.stopped, table.rating, table.lang, table.verdict, table.citations, table.cards)
    found = sa.select(*columns, *more, conversations.c.spoken).join(conversations)
    return found.where(table.conversation.in_(ids)).order_by(table.conversation, table.seq)


def _count(rows: Iterable[sa.Row[Any]], tally: Tally, demand: Demand) -> None:
    for conversation, of in groupby(rows, key=lambda row: row.conversation):
        own = list(of)
        talk = Talk(conversation, own[-1].spoken, tuple(map(_line, own)))
        tally.add(talk)
        demand.add(talk)


def _line(row: sa.Row[Any]) -> Line:
    return Line(
        seq=row.seq,
        at=row.at,
        author=Author(row.author),
        text=row.text,
        event=None if row.event is None else Event(row.event),
        reply_to=row.reply_to,
        action=row.action,
        reason=None if row.reason is None else Reason(row.reason),
        stopped=row.stopped,
        rating=row.rating,
        lang=row.lang,
        basis=_basis(row) if row.author == Author.BOT.value else Basis(),
    )


def _basis(row: sa.Row[Any]) -> Basis:
    """What a reply rests on, as the transcript keeps it; a verdict of another form tells nothing."""
    try:
        verdict = orjson.loads(row.verdict or "{}")
    except orjson.JSONDecodeError:
        verdict = {}
    ms, hits = verdict.get("ms", {}), verdict.get("hits", ())
    named = ((hit["passage"].split(":")[1], hit["exact"]) for hit in hits if hit["exact"])
    return Basis(
        query=verdict.get("query", ""),
        first_word_ms=ms.get("first_word"),
        answer_ms=ms.get("total"),
        cited=tuple(Cited(one["passage"], one["title"], one["excerpt"]) for one in orjson.loads(row.citations)),
        cards=tuple((one["handle"], one["name"], one["stock"]) for one in orjson.loads(row.cards)),
        named=tuple(named),
        settled=verdict.get("settled") is True,
        reading=retold(verdict.get("reading")),
    )


def _shown_range(wanted: Wanted) -> dict[str, Any]:
    span = wanted.span
    return {"from": span.first.isoformat(), "to": span.end.isoformat(), "timezone": span.zone.key, "lang": wanted.lang}


def _shown_cluster(cluster: Cluster) -> dict[str, Any]:
    return {
        "cluster": cluster.id,
        "question": cluster.question,
        "lang": cluster.lang,
        "count": cluster.count,
        "conversations": cluster.conversations,
        "examples": [one.text for one in cluster.examples],
        "from": [{"conversation": one.conversation, "seq": one.seq} for one in cluster.examples],
        "last_at": cluster.asked[0].at.isoformat(),
    }


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f"{name}: got {text[:20]!r}, wanted a day such as 2026-11-22") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"timezone: got {name[:40]!r}, wanted a name such as Europe/Berlin") from None
