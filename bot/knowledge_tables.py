"""Tables of what admins keep beside the shop's files: edits, uploads, values of now, gold questions, runs, watch."""

import sqlalchemy as sa

from bot.database import Utc, metadata

entry_edits = sa.Table(
    "entry_edits",
    metadata,
    sa.Column("entry", sa.Text, primary_key=True),
    sa.Column("lang", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("questions", sa.Text),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.Integer, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

product_overrides = sa.Table(
    "product_overrides",
    metadata,
    sa.Column("sku", sa.Text, primary_key=True),
    sa.Column("price", sa.Text),
    sa.Column("stock", sa.Integer),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

gold_questions = sa.Table(
    "gold_questions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("lang", sa.Text, nullable=False),
    sa.Column("passage", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    # "build" while it runs and null afterwards: unique, so that there is one run at a time.
    sa.Column("slot", sa.Text, unique=True),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("beat_at", Utc, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False, index=True),
    sa.Column("cancelled_by", sa.Text, nullable=False),
)

watch = sa.Table(
    "watch",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("every_s", sa.Integer, nullable=False),
    sa.Column("last_at", Utc),
    sa.Column("last_result", sa.Text, nullable=False),
    sa.Column("next_at", Utc),
)
