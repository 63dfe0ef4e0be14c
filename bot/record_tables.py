"""Tables about transcripts as records: their search index, exports, erasures, and how long what is kept.

The words of a message are indexed as `search_terms.py` prepares them: a `tsvector` in PostgreSQL; in SQLite a line of
text under a full-text table (FTS5) of the same words, which triggers keep in step.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.database import Utc, metadata

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

message_search = sa.Table(
    "message_search",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("terms", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
    sa.Index("message_search_place", "conversation", "seq", unique=True),
    sa.Index("message_search_terms", "terms", postgresql_using="gin").ddl_if("postgresql"),
)

message_words = sa.table("message_words", sa.column("rowid"), sa.column("message_words"))
"""SQLite only; `message_words` is also what one matches against."""

exports = sa.Table(
    "exports",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", Utc, nullable=False, index=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    # Where the file is; empty for what a browser or a program downloaded.
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("gone_at", Utc),
)

export_contents = sa.Table(
    "export_contents",
    metadata,
    sa.Column("export", sa.Text, sa.ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("contains", sa.Text, primary_key=True, index=True),
)

erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("wanted", sa.Text, nullable=False),
    # The conversations' ids as JSON while something is still to be done; nothing personal is left afterwards.
    sa.Column("pending", sa.Text, nullable=False),
    sa.Column("receipt", sa.Text, nullable=False),
)

erased = sa.Table(
    "erased",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("at", Utc, nullable=False, index=True),
)

retention = sa.Table(
    "retention",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("days", sa.Integer, nullable=False),
)

retention_runs = sa.Table(
    "retention_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("next_at", Utc, nullable=False),
    sa.Column("last_at", Utc),
    sa.Column("last_result", sa.Text, nullable=False),
)
