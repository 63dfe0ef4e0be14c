"""Gold questions that admins saved, in SQL, beside those that the content folder ships. What they are is in
`knowledge/gold.py`.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Audit, Deed
from bot.database import Database
from bot.errors import BadKnowledge, NotFound
from bot.knowledge_tables import gold_questions as table
from knowledge.gold import LONGEST, Gold
from knowledge.sources.fields import language

CHANGED = "knowledge.gold"


@dataclass(frozen=True, slots=True)
class GoldQuestions:
    """Questions in SQL. Every method may raise `StoreLost`."""

    database: Database
    audit: Audit
    clock: Callable[[], datetime]

    async def all(self) -> tuple[Gold, ...]:
        """Every saved question, in the order of ids."""

        async def select(connection: AsyncConnection) -> tuple[Gold, ...]:
            rows = await connection.execute(sa.select(table).order_by(table.c.id))
            return tuple(Gold(row.id, row.question, row.lang, row.passage) for row in rows)

        return await self.database.read(select)

    async def put(self, gold: Gold, by: str) -> Gold:
        """Keep a question, in the place of one with its id; an empty id is chosen here.

        Raises:
            BadKnowledge: A field that cannot be.
        """
        kept = replace(_checked(gold), id=gold.id or f"saved-{secrets.token_hex(4)}")
        row: dict[str, Any] = {name: getattr(kept, name) for name in kept.__slots__}
        row |= {"by": by, "at": self.clock()}
        insert = (postgresql.insert if self.database.is_postgres else sqlite.insert)(table).values(row)
        statement = insert.on_conflict_do_update(index_elements=[table.c.id], set_=row)

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(statement)
            await self.audit.entry(connection, Deed(by, CHANGED, kept.id, {"passage": kept.passage}))

        await self.database.write(write)
        return kept

    async def remove(self, id_: str, by: str) -> None:
        """Forget a question.

        Raises:
            NotFound: No saved one has that id; shipped ones are removed from their file.
        """

        async def write(connection: AsyncConnection) -> bool:
            gone = (await connection.execute(sa.delete(table).where(table.c.id == id_))).rowcount > 0
            if gone:
                await self.audit.entry(connection, Deed(by, CHANGED, id_, {"removed": True}))
            return gone

        if not await self.database.write(write):
            raise NotFound(f"got {id_[:80]!r}, wanted the id of a saved question")


def _checked(gold: Gold) -> Gold:
    tidied = replace(gold, question=" ".join(gold.question.split()), passage=gold.passage.strip())
    wrong = []
    if not 0 < len(tidied.question) <= LONGEST or "\x00" in tidied.question:
        wrong.append(("question", f"{len(tidied.question)} characters", f"1 to {LONGEST}"))
    if language(tidied.lang) != tidied.lang:
        wrong.append(("lang", repr(tidied.lang[:20]), "a language of ISO 639-1, as en or zh"))
    if ":" not in tidied.passage or len(tidied.passage) > 300:
        wrong.append(("passage", repr(tidied.passage[:80]), "the id of an entry, as faq:return-window"))
    if len(tidied.id) > 100:
        wrong.append(("id", f"{len(tidied.id)} characters", "at most 100"))
    if wrong:
        message = "; ".join(f"{column}: got {found}, wanted {wanted}" for column, found, wanted in wrong)
        raise BadKnowledge(message, [dict(zip(("column", "found", "wanted"), w, strict=True)) for w in wrong])
    return tidied
