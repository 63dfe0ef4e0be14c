"""Taking conversations out of SQL: every row of every table that names one, whichever part of Aisle the table is of.

A table names a conversation in its column `conversation`; that is what is looked for in the database itself, so that
a table that comes later is not forgotten.
"""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import conversations

CHUNK = 500


async def remove(connection: AsyncConnection, names: Sequence[str]) -> Counter[str]:
    """Remove these conversations; inside a transaction, in which nobody can write into them meanwhile.

    Returns:
        Rows removed by table.
    """
    tables = await connection.run_sync(_naming)
    counts: Counter[str] = Counter()
    for start in range(0, len(names), CHUNK):
        chunk = list(names[start : start + CHUNK])
        mine = conversations.c.id.in_(chunk)
        await connection.execute(sa.select(conversations.c.id).where(mine).with_for_update())
        for name in tables:
            table = sa.table(name, sa.column("conversation"))
            done = await connection.execute(sa.delete(table).where(table.c.conversation.in_(chunk)))
            counts[name] += done.rowcount
        counts[conversations.name] += (await connection.execute(sa.delete(conversations).where(mine))).rowcount
    return +counts


def _naming(connection: sa.Connection) -> list[str]:
    """Tables with a column `conversation`; those that depend on others first."""
    inspector = sa.inspect(connection)
    names = inspector.get_table_names()
    found = [name for name in names if any(c["name"] == "conversation" for c in inspector.get_columns(name))]
    return sorted(found, key=lambda name: (name == "messages", name))
