"""Canned replies: short texts that staff call up by name, in each language. Kept in SQL, changed as one list."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database
from bot.desk_tables import canned as table
from bot.errors import Refused

MOST = 500
LONGEST = 2000
_NAME = re.compile(r"[^\W_][\w-]{0,39}")


@dataclass(frozen=True, slots=True)
class Canned:
    """A text, called up by typing `/` and its name."""

    name: str
    text: str
    lang: str


class CannedReplies:
    """The list. Every method may raise `StoreLost`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Canned]:
        """Every one, by name and language."""

        async def select(connection: AsyncConnection) -> list[Canned]:
            rows = await connection.execute(sa.select(table).order_by(table.c.name, table.c.lang))
            return [Canned(row.name, row.text, row.lang) for row in rows]

        return await self._database.read(select)

    async def replace(self, wanted: Sequence[Canned]) -> None:
        """Keep these and no others.

        Raises:
            Refused: A name, text or language cannot be, there are too many, or two have the same name and language.
        """
        _check(wanted)
        rows = [asdict(one) for one in wanted]

        async def change(connection: AsyncConnection) -> None:
            await connection.execute(sa.delete(table))
            if rows:
                await connection.execute(sa.insert(table), rows)

        await self._database.write(change)


def _check(wanted: Sequence[Canned]) -> None:
    if len(wanted) > MOST:
        raise Refused(f"got {len(wanted)} canned replies, wanted at most {MOST}")
    seen: set[tuple[str, str]] = set()
    for i, one in enumerate(wanted):
        if not _NAME.fullmatch(one.name):
            raise Refused(f"{i}.name: got {one.name[:60]!r}, wanted 1 to 40 letters, digits, - and _")
        if not one.text.strip() or len(one.text) > LONGEST or "\x00" in one.text or not _is_text(one.text):
            raise Refused(f"{i}.text: got {len(one.text)} characters, wanted text of 1 to {LONGEST}")
        if one.lang not in ("en", "zh"):
            raise Refused(f"{i}.lang: got {one.lang[:20]!r}, wanted en or zh")
        if (one.name, one.lang) in seen:
            raise Refused(f"{i}.name: got {one.name!r} twice in {one.lang}, wanted each name once")
        seen.add((one.name, one.lang))


def _is_text(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)
