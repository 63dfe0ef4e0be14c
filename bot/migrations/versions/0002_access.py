"""Accounts, sign-ins, attempts, API tokens, and a log that nothing can be changed in."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEPT_DAYS = 30  # a leak of the database's password must not let anyone wipe the trace at once; retention is longer


def upgrade() -> None:
    """Make the tables, their indexes, and the triggers that keep the log as it is."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("password_at", moment, nullable=False),
        sa.Column("signed_in_at", moment),
        sa.Column("disabled_at", moment),
    )
    op.create_table(
        "sign_ins",
        sa.Column("hash", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("created_at", moment, nullable=False, index=True),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", moment, nullable=False, index=True),
        sa.Column("until", moment),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("account", sa.Text, sa.ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment),
        sa.Column("revoked_at", moment),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.Text, nullable=False, index=True),
        sa.Column("action", sa.Text, nullable=False, index=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
    )
    _append_only(op.get_bind().dialect.name)


def _append_only(dialect: str) -> None:
    """No entry is ever changed, and none that is younger than `KEPT_DAYS` is removed."""
    if dialect == "sqlite":
        young = f"julianday(OLD.at) > julianday('now') - {KEPT_DAYS}"
        for event, when in (("UPDATE", ""), ("DELETE", f"WHEN {young} ")):
            op.execute(
                f"CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit {when}"
                "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '{KEPT_DAYS} days' THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'audit is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    )
    op.execute(
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )
