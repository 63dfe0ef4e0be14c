"""Tables of the desk: private notes, canned replies, and suggested entries of the FAQ."""

import sqlalchemy as sa

from bot.database import Utc, metadata

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", Utc, nullable=False, index=True),
    sa.Column("staff", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("client_id", sa.Text, nullable=False),
    sa.Index("notes_client_id", "conversation", "client_id", unique=True),
)

canned = sa.Table(
    "canned",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("lang", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

suggestions = sa.Table(
    "suggestions",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("questions", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("conversation", sa.Text),
    sa.Column("seq", sa.Integer),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Index("suggestions_from", "conversation", "seq"),
)
