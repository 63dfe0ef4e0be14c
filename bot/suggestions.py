"""Suggested entries of the FAQ: questions with their right answer, which a person approves or rejects.

They come from replies that staff marked wrong, and from questions that found no answer. What approving does is not
known here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database
from bot.desk_tables import suggestions as table
from bot.errors import BadPhase, Refused
from bot.pii import without_cards

LONGEST = {"answer": 4000, "question": 500}
MOST_QUESTIONS = 50


class State(StrEnum):
    """What became of it."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A suggestion to be made; `conversation` and `seq` say which reply it corrects, if one."""

    by: str
    questions: tuple[str, ...]
    answer: str
    lang: str
    conversation: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion that was made, `at` in UTC."""

    id: int
    at: datetime
    wanted: Wanted
    state: State


class Suggestions:
    """Suggestions in SQL. Every method may raise `StoreLost`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def add(self, wanted: Wanted) -> Suggestion:
        """Make a suggestion; an open one for the same reply is replaced by it, under its number.

        Raises:
            Refused: A question, the answer or the language cannot be.
        """
        _check(wanted)
        questions = tuple(map(without_cards, wanted.questions))
        wanted = replace(wanted, questions=questions, answer=without_cards(wanted.answer))
        values = {"by": wanted.by, "answer": wanted.answer, "lang": wanted.lang, "at": self._clock()}
        values["questions"] = orjson.dumps(wanted.questions).decode()
        place = {"conversation": wanted.conversation, "seq": wanted.seq}
        same = (table.c.conversation == wanted.conversation) & (table.c.seq == wanted.seq)
        again = sa.update(table).where(same, table.c.state == State.OPEN.value).values(values).returning(table)
        new = sa.insert(table).values(state=State.OPEN.value, **values, **place).returning(table)

        async def keep(connection: AsyncConnection) -> Suggestion:
            row = (await connection.execute(again)).first() if wanted.seq is not None else None
            return _suggestion(row or (await connection.execute(new)).one())

        return await self._database.write(keep)

    async def list(self, state: State | None = None, limit: int = 500) -> tuple[Suggestion, ...]:
        """Those in `state`, or all, the newest first."""
        query = sa.select(table).order_by(table.c.id.desc()).limit(limit)
        return await self._select(query if state is None else query.where(table.c.state == state.value))

    async def get(self, id: int) -> Suggestion | None:
        """One of them."""
        found = await self._select(sa.select(table).where(table.c.id == id))
        return found[0] if found else None

    async def set_state(self, id: int, state: State) -> Suggestion:
        """Settle an open one; of two who settle it at once, one does.

        Raises:
            Refused: There is no such suggestion.
            BadPhase: It was settled before, and otherwise.
        """
        still = (table.c.id == id) & table.c.state.in_((State.OPEN.value, state.value))
        statement = sa.update(table).where(still).values(state=state.value).returning(table)

        async def change(connection: AsyncConnection) -> Suggestion | None:
            row = (await connection.execute(statement)).first()
            return None if row is None else _suggestion(row)

        if settled := await self._database.write(change):
            return settled
        found = await self.get(id)
        if found is None:
            raise Refused(f"got suggestion {id}, which there is not")
        raise BadPhase(f"got {state.value} for suggestion {id}, which is {found.state.value} already")

    async def _select(self, query: sa.Select[Any]) -> tuple[Suggestion, ...]:
        async def select(connection: AsyncConnection) -> tuple[Suggestion, ...]:
            return tuple(_suggestion(row) for row in await connection.execute(query))

        return await self._database.read(select)


def _check(wanted: Wanted) -> None:
    if not 1 <= len(wanted.questions) <= MOST_QUESTIONS:
        raise Refused(f"questions: got {len(wanted.questions)}, wanted 1 to {MOST_QUESTIONS}")
    texts = {f"questions.{i}": ("question", text) for i, text in enumerate(wanted.questions)}
    for where, (kind, text) in {**texts, "answer": ("answer", wanted.answer)}.items():
        bad = "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)
        if bad or not text.strip() or len(text) > LONGEST[kind]:
            raise Refused(f"{where}: got {len(text)} characters, wanted text of 1 to {LONGEST[kind]}")
    if wanted.lang not in ("en", "zh"):
        raise Refused(f"lang: got {wanted.lang[:20]!r}, wanted en or zh")


def _suggestion(row: sa.Row[Any]) -> Suggestion:
    questions = tuple(orjson.loads(row.questions))
    wanted = Wanted(row.by, questions, row.answer, row.lang, row.conversation, row.seq)
    return Suggestion(row.id, row.at, wanted, State(row.state))
