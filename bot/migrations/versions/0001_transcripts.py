"""Conversations and their messages."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables and their indexes."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text),
        sa.Column("reply_to", sa.Integer),
        sa.Column("wants_reply", sa.Boolean, nullable=False),
        sa.Column("owed", sa.Boolean, nullable=False),
        sa.Column("event", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("citations", sa.Text, nullable=False),
        sa.Column("cards", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("stopped", sa.Boolean, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("rating", sa.Integer, nullable=False),
    )
    op.create_index("messages_client_id", "messages", ["conversation", "client_id"], unique=True)
    _partial("messages_one_reply", "author = 'bot' AND reply_to IS NOT NULL", "conversation", "reply_to", unique=True)
    _partial("messages_owed", "owed IS TRUE", "at")
    _partial("messages_events", "event IS NOT NULL", "conversation", "seq")


def _partial(name: str, where: str, *columns: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, "messages", list(columns), unique=unique, postgresql_where=condition, sqlite_where=condition)
