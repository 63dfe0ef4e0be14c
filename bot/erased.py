"""Conversations that were erased on request, known by a hash, so that nothing brings them back.

The shopper's browser still has a token for such a conversation, which stays good for weeks; it must not make the
conversation anew, nor may another tab go on writing into it.
"""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import BadToken
from bot.record_tables import erased as table


def hashed(conversation: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(conversation.encode("utf-8", "surrogatepass")).hexdigest()


async def check_not_erased(connection: AsyncConnection, conversation: str) -> None:
    """Refuse to make a conversation again.

    Raises:
        BadToken: It was erased.
    """
    known = sa.select(table.c.hash).where(table.c.hash == hashed(conversation))
    if (await connection.execute(known)).first() is not None:
        raise BadToken("got a token of a conversation that was erased, wanted none, or another")


async def remember_erased(connection: AsyncConnection, conversations: list[str], at: datetime) -> None:
    """From the end of this transaction on, these are refused."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    rows = [{"hash": hashed(conversation), "at": at} for conversation in conversations]
    if rows:
        await connection.execute(insert(table).on_conflict_do_nothing(), rows)
