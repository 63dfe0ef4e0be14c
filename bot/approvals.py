"""Suggested entries of the FAQ come true: approving one makes it an edit, which the next snapshot takes in.

The suggestion, the edit and the log change in one transaction, so of two admins who settle it at once one does, and
nothing is half done. Suggestions themselves are kept in `suggestions.py`, edits in `edits.py`.
"""

from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Audit, Deed
from bot.database import Database
from bot.desk_tables import suggestions as table
from bot.edits import Edits
from bot.errors import BadKnowledge, BadPhase, NotFound
from bot.guard import mask
from bot.suggestions import State, Suggestion, Suggestions, Wanted
from knowledge.overlay import Edit

ADDED, APPROVED, REJECTED = "suggestion.add", "suggestion.approve", "suggestion.reject"


@dataclass(frozen=True, slots=True)
class Wording:
    """A suggestion as the admin left it; what is empty stays as it was suggested."""

    questions: tuple[str, ...] = ()
    answer: str = ""

    def values(self) -> dict[str, str]:
        """What changes in the row."""
        questions = {"questions": orjson.dumps(self.questions).decode()} if self.questions else {}
        return questions | ({"answer": self.answer} if self.answer else {})


def entry_of(id: int) -> str:
    """The entry that a suggestion becomes."""
    return f"faq:suggested-{id}"


class Approvals:
    """Settles `suggestions` over one database. Every method may raise `StoreLost`."""

    def __init__(self, database: Database, suggestions: Suggestions, edits: Edits, audit: Audit) -> None:
        self._database, self._edits, self._audit = database, edits, audit
        self.suggestions = suggestions

    async def add(self, wanted: Wanted) -> Suggestion:
        """Make a suggestion, and log it.

        Raises:
            Refused: A question, the answer or the language cannot be.
        """
        made = await self.suggestions.add(wanted)
        await self._audit.record(Deed(wanted.by, ADDED, f"suggestion {made.id}"))
        return made

    async def approve(self, id: int, by: str, wording: Wording = Wording()) -> str:
        """Make the suggestion, in this wording, an entry of the FAQ, from the next build on.

        Its questions are what shoppers wrote; personal data in them is masked. The answer is as it was written.

        Returns:
            The entry.

        Raises:
            NotFound: There is no such suggestion.
            BadPhase: It was settled before.
            BadKnowledge: It cannot be an entry as it is; nothing was changed.
        """
        await self._open(id)
        entry = entry_of(id)

        async def change(connection: AsyncConnection) -> bool:
            row = await self._settle(connection, id, State.APPROVED, wording)
            if row is None:
                return False
            await self._edits.put(_edit(row, by), connection)
            await self._audit.entry(connection, Deed(by, APPROVED, f"suggestion {id}", {"entry": entry}))
            return True

        if not await self._database.write(change):
            await self._open(id)
        return entry

    async def reject(self, id: int, by: str) -> None:
        """Set the suggestion aside.

        Raises:
            NotFound, BadPhase: As with `approve`.
        """
        await self._open(id)

        async def change(connection: AsyncConnection) -> bool:
            if await self._settle(connection, id, State.REJECTED) is None:
                return False
            await self._audit.entry(connection, Deed(by, REJECTED, f"suggestion {id}"))
            return True

        if not await self._database.write(change):
            await self._open(id)

    async def _open(self, id: int) -> Suggestion:
        """The suggestion, if it is still open."""
        found = await self.suggestions.get(id)
        if found is None:
            raise NotFound(f"got suggestion {id}, wanted one that there is")
        if found.state is not State.OPEN:
            raise BadPhase(f"got suggestion {id}, which is {found.state.value} already, wanted an open one")
        return found

    async def _settle(
        self, connection: AsyncConnection, id: int, state: State, wording: Wording = Wording()
    ) -> sa.Row[Any] | None:
        """The suggestion as it was settled; None when it is open no more."""
        still = (table.c.id == id) & (table.c.state == State.OPEN.value)
        statement = sa.update(table).where(still).values(state=state.value, **wording.values()).returning(table)
        row: sa.Row[Any] | None = (await connection.execute(statement)).first()
        return row


def _edit(row: sa.Row[Any], by: str) -> Edit:
    """The entry; its title will be the first question.

    Raises:
        BadKnowledge: There is no question.
    """
    questions = tuple(dict.fromkeys(mask(q) for q in orjson.loads(row.questions) if q.strip()))
    if not questions:
        raise BadKnowledge("questions: got none, wanted one at least")
    return Edit(entry_of(row.id), row.lang, by, "", text=row.answer, questions=questions)
