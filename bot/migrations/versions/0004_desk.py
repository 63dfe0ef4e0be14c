"""What the desk needs: conversations at a glance, who of the staff wrote, notes, canned replies, suggestions."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.conversation import Author, Draft, Event, Message, Reason
from bot.database import conversations, messages
from bot.summary import Summary, after, rated

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)

CANNED = (
    ("hello", "en", "Hello, I'm from the team here. I have read what you wrote. Let me look into it."),
    ("hello", "zh", "您好，我是人工客服，已经看过您的留言，马上为您查看。"),
    ("order", "en", "Could you tell me your order number, please? It is in the confirmation that you received."),
    ("order", "zh", "请问您的订单号是多少？在订单确认信息里可以找到。"),
    ("fault", "en", "Could you describe what is broken, and since when? Then I can tell you what we can do."),
    ("fault", "zh", "请问具体哪里有问题、从什么时候开始的？这样我好为您确认处理办法。"),
    ("moment", "en", "One moment, please. I'm checking this for you."),
    ("moment", "zh", "请稍等，我正在为您核实。"),
    ("bye", "en", "Is there anything else I can do for you?"),
    ("bye", "zh", "请问还有什么可以帮您的吗？"),
)


def upgrade() -> None:
    """Add the columns, fill them from the transcripts that are there, and make the tables."""
    _widen()
    _fill()
    op.create_index("conversations_phase", "conversations", ["phase", "last_at"])
    op.create_index("conversations_last_at", "conversations", ["last_at"])
    _notes()
    _canned()
    _suggestions()


def _widen() -> None:
    op.add_column("messages", sa.Column("staff", sa.Text, nullable=False, server_default=""))
    text = {"phase": "bot", "staff": "", "moods": "", "question": "", "last": "", "spoken": "", "email": ""}
    for name, default in text.items():
        op.add_column("conversations", sa.Column(name, sa.Text, nullable=False, server_default=default))
    for name in ("messages", "rating"):
        op.add_column("conversations", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.add_column("conversations", sa.Column("reason", sa.Text))
    for name in ("waiting_since", "last_at"):
        op.add_column("conversations", sa.Column(name, moment))


def _fill() -> None:
    """Make each summary from its messages."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE conversations SET last_at = opened_at, spoken = lang"))
    known = [c for c in conversations.c if c.name in ("id", "lang", "identity", "opened_at")]
    opened = {row.id: row for row in connection.execute(sa.select(*known))}
    change = sa.update(conversations).where(conversations.c.id == sa.bindparam("which"))
    for values in _summaries(connection, opened):
        connection.execute(change, values)


def _summaries(connection: sa.Connection, opened: dict[str, Any]) -> Iterator[dict[str, Any]]:
    columns = [
        messages.c[n] for n in ("conversation", "seq", "at", "author", "text", "event", "reason", "lang", "rating")
    ]
    rows = connection.execute(sa.select(*columns).order_by(messages.c.conversation, messages.c.seq)).all()
    for name, group in groupby(rows, lambda row: str(row.conversation)):
        row = opened[name]
        summary, ratings = Summary(name, row.lang, row.identity, row.opened_at, row.opened_at), []
        for message in map(_message, group):
            summary = after(summary, message)
            ratings.append(message.rating)
        values = {n: getattr(summary, n) for n in ("staff", "moods", "question", "last", "email", "messages")}
        values |= {"waiting_since": summary.waiting_since, "last_at": summary.last_at, "spoken": summary.lang}
        values |= {"phase": summary.phase.value, "reason": summary.reason.value if summary.reason else None}
        yield {"which": name, "rating": rated(ratings), **values}


def _message(row: sa.Row[Any]) -> Message:
    event, reason = row.event and Event(row.event), row.reason and Reason(row.reason)
    draft = Draft(Author(row.author), row.text, event=event, reason=reason, lang=row.lang)
    return Message(row.conversation, row.seq, row.at, draft, row.rating)


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("conversation", sa.Text, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", moment, nullable=False, index=True),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
    )
    op.create_index("notes_client_id", "notes", ["conversation", "client_id"], unique=True)


def _canned() -> None:
    table = op.create_table(
        "canned",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("lang", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.bulk_insert(table, [dict(zip(("name", "lang", "text"), row, strict=True)) for row in CANNED])


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("conversation", sa.Text),
        sa.Column("seq", sa.Integer),
        sa.Column("state", sa.Text, nullable=False, index=True),
    )
    op.create_index("suggestions_from", "suggestions", ["conversation", "seq"])
