"""The search index in SQL: how a message gets into it, and how a term is looked for. Never on its own: in the
transaction that writes the message.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.conversation import Message
from bot.record_tables import message_search as table
from bot.record_tables import message_words


def indexing(message: Message, terms: Sequence[str], *, is_postgres: bool) -> sa.Insert:
    """The statement that puts a message under its terms (see `search_terms.terms_of`)."""
    return sa.insert(table).values(
        conversation=message.conversation, seq=message.seq, terms=kept(terms, is_postgres=is_postgres)
    )


def kept(terms: Sequence[str], *, is_postgres: bool) -> sa.ColumnElement[str]:
    """Terms as the database keeps them."""
    if is_postgres:
        return sa.func.array_to_tsvector(sa.cast(list(terms), postgresql.ARRAY(sa.Text)))
    return sa.literal(" ".join(terms), sa.Text)


def matching(terms: Sequence[str], *, is_postgres: bool) -> sa.Select[tuple[str, int]]:
    """Conversation and seq of the messages that have any of the terms."""
    found = sa.select(table.c.conversation, table.c.seq)
    if is_postgres:
        query = " | ".join("'" + term.replace("\\", "\\\\").replace("'", "''") + "'" for term in terms)
        return found.where(table.c.terms.op("@@")(sa.cast(sa.cast(query, sa.Text), postgresql.TSQUERY)))
    query = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
    joined = found.join(message_words, message_words.c.rowid == table.c.id)
    return joined.where(message_words.c.message_words.op("MATCH")(query))
