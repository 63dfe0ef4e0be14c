"""Tables of who may do what: accounts, sign-ins, attempts to sign in, API tokens, and the log of what was done.

Secrets are never kept: passwords as argon2id hashes, session and API token secrets as SHA-256 in hex (they are 256
random bits, so nothing slower is needed).
"""

import sqlalchemy as sa

from bot.database import Utc, metadata

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("password_at", Utc, nullable=False),
    sa.Column("signed_in_at", Utc),
    sa.Column("disabled_at", Utc),
)

sign_ins = sa.Table(
    "sign_ins",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("created_at", Utc, nullable=False, index=True),
    sa.Column("seen_at", Utc, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
)

sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last_at", Utc, nullable=False, index=True),
    sa.Column("until", Utc),
)

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("account", sa.Text, sa.ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("used_at", Utc),
    sa.Column("revoked_at", Utc),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("actor", sa.Text, nullable=False, index=True),
    sa.Column("action", sa.Text, nullable=False, index=True),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
)
