"""Suggested entries of the FAQ that quote shoppers: what becomes of them when a shopper is erased.

A suggestion about one reply names its conversation, and goes with it like everything that does. One made from a group
of questions only quotes them: the questions of the erased shopper are taken out of it, and it goes when none is left.
An entry that an admin approved is the shop's own text by then; it stays, and is named so that somebody looks at it.
"""

from collections.abc import Sequence

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Author
from bot.database import messages
from bot.desk_tables import suggestions as table
from bot.pii import mask
from bot.suggestions import State

CHUNK = 500


async def approved_from(connection: AsyncConnection, names: Sequence[str]) -> list[int]:
    """Numbers of approved suggestions about replies in these conversations."""
    found: list[int] = []
    for start in range(0, len(names), CHUNK):
        mine = table.c.conversation.in_(list(names[start : start + CHUNK]))
        query = sa.select(table.c.id).where(mine, table.c.state == State.APPROVED.value)
        found += (await connection.execute(query)).scalars()
    return sorted(found)


async def unquote(connection: AsyncConnection, names: Sequence[str]) -> int:
    """Take what was said in these conversations out of suggestions that quote it; how many were changed or removed."""
    said = await _said(connection, names)
    count = 0
    rows = await connection.execute(sa.select(table.c.id, table.c.questions).where(table.c.conversation.is_(None)))
    for row in rows.all() if said else ():
        questions = orjson.loads(row.questions)
        if (kept := [question for question in questions if _plain(question) not in said]) == questions:
            continue
        count += 1
        here = table.c.id == row.id
        change = sa.update(table).where(here).values(questions=orjson.dumps(kept).decode())
        await connection.execute(change if kept else sa.delete(table).where(here))
    return count


async def _said(connection: AsyncConnection, names: Sequence[str]) -> set[str]:
    """What shoppers wrote there, as it is and masked."""
    said: set[str] = set()
    for start in range(0, len(names), CHUNK):
        mine = messages.c.conversation.in_(list(names[start : start + CHUNK]))
        query = sa.select(messages.c.text).where(mine, messages.c.author == Author.SHOPPER.value)
        for text in (await connection.execute(query)).scalars():
            said |= {_plain(text), _plain(mask(text))}
    return said


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
