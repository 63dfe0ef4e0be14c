"""What admins keep beside the shop's files: edits, uploads, values of now, gold questions, runs, the watch."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "entry_edits",
        sa.Column("entry", sa.Text, primary_key=True),
        sa.Column("lang", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("questions", sa.Text),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("hidden", sa.Boolean, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "uploads",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "product_overrides",
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("price", sa.Text),
        sa.Column("stock", sa.Integer),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "gold_questions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("passage", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("slot", sa.Text, unique=True),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("beat_at", moment, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("options", sa.Text, nullable=False),
        sa.Column("report", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False, index=True),
        sa.Column("cancelled_by", sa.Text, nullable=False),
    )
    op.create_table(
        "watch",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("every_s", sa.Integer, nullable=False),
        sa.Column("last_at", moment),
        sa.Column("last_result", sa.Text, nullable=False),
        sa.Column("next_at", moment),
    )
