"""Search over transcripts, exports, erasures, retention; and card numbers taken out of what was written before."""

from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from bot.conversation import Author, Card, Citation, Draft, Message, Reason
from bot.database import messages
from bot.pii import without_cards
from bot.search_index import indexing
from bot.search_terms import terms_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 500
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and fill the index from the transcripts that are there."""
    _search()
    _exports()
    _erasures()
    _retention()
    _fill()


def _search() -> None:
    is_postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "message_search",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("terms", postgresql.TSVECTOR() if is_postgres else sa.Text(), nullable=False),
    )
    op.create_index("message_search_place", "message_search", ["conversation", "seq"], unique=True)
    if is_postgres:
        op.create_index("message_search_terms", "message_search", ["terms"], postgresql_using="gin")
    else:
        _words()


def _words() -> None:
    """SQLite's full-text table over the terms, kept in step by triggers; terms are cut at spaces alone."""
    op.execute(
        "CREATE VIRTUAL TABLE message_words USING fts5(terms, content='message_search', content_rowid='id', "
        "detail=none, columnsize=0, tokenize=\"ascii tokenchars '.,:@+/_-'\")"
    )
    add = "INSERT INTO message_words(rowid, terms) VALUES (new.id, new.terms);"
    drop = "INSERT INTO message_words(message_words, rowid, terms) VALUES ('delete', old.id, old.terms);"
    for event, what in (("INSERT", add), ("DELETE", drop), ("UPDATE", drop + add)):
        op.execute(f"CREATE TRIGGER message_search_{event.lower()} AFTER {event} ON message_search BEGIN {what} END")


def _exports() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", moment, nullable=False, index=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("gone_at", moment),
    )
    op.create_table(
        "export_contents",
        sa.Column("export", sa.Text, sa.ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("contains", sa.Text, primary_key=True, index=True),
    )


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("wanted", sa.Text, nullable=False),
        sa.Column("pending", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
    )
    op.create_table(
        "erased",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("at", moment, nullable=False, index=True),
    )


def _retention() -> None:
    op.create_table(
        "retention",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("days", sa.Integer, nullable=False),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("last_at", moment),
        sa.Column("last_result", sa.Text, nullable=False),
    )


def _fill() -> None:
    """Index every message, batch by batch, and take card numbers out on the way."""
    connection = op.get_bind()
    names = ("conversation", "seq", "at", "author", "text", "reason", "staff", "citations", "cards")
    columns = [messages.c[name] for name in names]
    place = sa.tuple_(messages.c.conversation, messages.c.seq)
    last: tuple[str, int] = ("", 0)
    while True:
        query = sa.select(*columns).where(place > sa.tuple_(*last)).order_by(*columns[:2]).limit(BATCH)
        rows = connection.execute(query).all()
        for row in rows:
            _keep(connection, row)
        if len(rows) < BATCH:
            break
        last = (rows[-1].conversation, rows[-1].seq)
    for table, column in (("conversations", "question"), ("conversations", "last"), ("notes", "text")):
        _clean(connection, table, column)


def _keep(connection: sa.Connection, row: sa.Row[Any]) -> None:
    text = without_cards(row.text)
    if text != row.text:
        here = (messages.c.conversation == row.conversation) & (messages.c.seq == row.seq)
        connection.execute(sa.update(messages).where(here).values(text=text))
    draft = Draft(
        Author(row.author),
        text,
        reason=Reason(row.reason) if row.reason else None,
        staff=row.staff,
        citations=tuple(Citation(**citation) for citation in orjson.loads(row.citations)),
        cards=tuple(Card(**card) for card in orjson.loads(row.cards)),
    )
    message = Message(row.conversation, row.seq, row.at, draft)
    is_postgres = connection.dialect.name == "postgresql"
    connection.execute(indexing(message, terms_of(draft), is_postgres=is_postgres))


def _clean(connection: sa.Connection, table: str, column: str) -> None:
    rows = sa.table(table, sa.column("id"), sa.column(column))
    for row in connection.execute(sa.select(rows)).all():
        if (text := without_cards(row[1])) != row[1]:
            connection.execute(sa.update(rows).where(rows.c.id == row[0]).values({column: text}))
