"""API tokens: how programs come in, on behalf of an account, for a few named things, for a limited time.

A token is `aisle_<id>_<secret>`; the id is to find it by and may be shown, the secret is 256 random bits of which only
the SHA-256 is kept. It never opens more than its account does now, nor anything outside its scopes.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access_tables import accounts
from bot.access_tables import api_tokens as table
from bot.accounts import Account, Accounts, Role, account_of
from bot.audit import Action, Audit, Deed
from bot.database import Database
from bot.errors import BadAccount

LONGEST_TTL_S = 366 * 24 * 3600
LONGEST_NOTE = 100
USED_EVERY_S = 60.0
_TOKEN = re.compile(r"aisle_([0-9a-f]{12})_([0-9a-f]{64})")


class Scope(StrEnum):
    """What a token may be for."""

    CHAT_READ = "chat:read"
    CHAT_WRITE = "chat:write"
    TRANSCRIPTS_READ = "transcripts:read"
    TRANSCRIPTS_ERASE = "transcripts:erase"
    KNOWLEDGE_READ = "knowledge:read"
    KNOWLEDGE_WRITE = "knowledge:write"
    PRODUCTS_WRITE = "products:write"
    INSIGHTS_READ = "insights:read"
    AUDIT_READ = "audit:read"

    @property
    def role(self) -> Role:
        """The role that an account must have to get a token for this."""
        staff = (Scope.CHAT_READ, Scope.CHAT_WRITE, Scope.TRANSCRIPTS_READ)
        return Role.STAFF if self in staff else Role.ADMIN


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret. Moments are in UTC."""

    id: str
    account: str
    note: str
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WantedToken:
    """A token to be made; `note` says what for, in the owner's words."""

    account: str
    scopes: tuple[Scope, ...]
    ttl_s: float
    note: str = ""


class ApiTokens:
    """Tokens in SQL. Every method may raise `StoreLost`."""

    def __init__(self, database: Database, accounts: Accounts, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database, self._accounts, self._audit, self._clock = database, accounts, audit, clock

    async def add(self, wanted: WantedToken, by: str) -> tuple[str, ApiToken]:
        """Make a token.

        Returns:
            The token itself, which is never shown again, and what is known of it.

        Raises:
            BadAccount: No such account, it is disabled, its role does not reach a scope, there is no scope, or the
                time is not between a minute and a year.
        """
        account = await self._checked(wanted)
        now, secret = self._clock(), secrets.token_hex(32)
        until = now + timedelta(seconds=wanted.ttl_s)
        scopes = tuple(sorted(set(wanted.scopes)))
        token = ApiToken(secrets.token_hex(6), account.name, wanted.note[:LONGEST_NOTE], scopes, now, until)
        row: dict[str, Any] = {name: getattr(token, name) for name in token.__slots__}
        row |= {"hash": _hash(secret), "scopes": " ".join(scopes), "note": token.note.replace("\x00", "")}

        async def make(connection: AsyncConnection) -> None:
            await connection.execute(sa.insert(table).values(row))
            detail = {"account": account.name, "scopes": list(scopes), "expires_at": until}
            await self._audit.entry(connection, Deed(by, Action.TOKEN_ADDED, token.id, detail))

        await self._database.write(make)
        return f"aisle_{token.id}_{secret}", token

    async def all(self) -> list[ApiToken]:
        """Every token, the newest first; also those that are expired or revoked."""
        query = sa.select(table).order_by(table.c.created_at.desc(), table.c.id)

        async def select(connection: AsyncConnection) -> list[ApiToken]:
            return [_token(row) for row in await connection.execute(query)]

        return await self._database.read(select)

    async def revoke(self, token_id: str, by: str) -> None:
        """Let it open nothing any more, from now on. Revoking again changes nothing.

        Raises:
            BadAccount: There is no such token.
        """
        where = (table.c.id == token_id) & table.c.revoked_at.is_(None)
        statement = sa.update(table).where(where).values(revoked_at=self._clock())

        async def change(connection: AsyncConnection) -> bool:
            if (await connection.execute(statement)).rowcount:
                await self._audit.entry(connection, Deed(by, Action.TOKEN_REVOKED, token_id))
            return (await connection.execute(sa.select(table.c.id).where(table.c.id == token_id))).first() is not None

        if not await self._database.write(change):
            raise BadAccount(f"token: got id {token_id[:40]!r}, wanted one that `aisle token list` shows")

    async def find(self, text: str) -> tuple[Account, ApiToken] | None:
        """The account and the token, if `text` is one that opens anything now."""
        if not (match := _TOKEN.fullmatch(text)):
            return None
        now = self._clock()
        query = (
            sa.select(table, accounts.c.name, accounts.c.role, accounts.c.signed_in_at, accounts.c.disabled_at)
            .join(accounts, accounts.c.name == table.c.account)
            .where(table.c.id == match[1], table.c.revoked_at.is_(None), table.c.expires_at > now)
            .where(accounts.c.disabled_at.is_(None))
        )

        async def select(connection: AsyncConnection) -> sa.Row[Any] | None:
            return (await connection.execute(query)).first()

        row = await self._database.read(select)
        if row is None or not hmac.compare_digest(row.hash, _hash(match[2])):
            return None
        return account_of(row), await self._used(_token(row), now)

    async def _used(self, token: ApiToken, now: datetime) -> ApiToken:
        """Note that it was used, to the minute."""
        if token.used_at and (now - token.used_at).total_seconds() < USED_EVERY_S:
            return token
        statement = sa.update(table).where(table.c.id == token.id).values(used_at=now)

        async def change(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.write(change)
        return replace(token, used_at=now)

    async def _checked(self, wanted: WantedToken) -> Account:
        account = await self._accounts.find(wanted.account)
        if account is None or account.disabled_at:
            raise BadAccount(f"account: got {wanted.account[:80]!r}, wanted the name of an account that is in use")
        if not wanted.scopes:
            raise BadAccount(f"scope: got none, wanted some of {', '.join(Scope)}")
        if beyond := [scope.value for scope in wanted.scopes if not account.role.covers(scope.role)]:
            raise BadAccount(f"scope: got {', '.join(beyond)}, which {account.name} as {account.role} may not do")
        if not 60 <= wanted.ttl_s <= LONGEST_TTL_S:
            raise BadAccount(f"time: got {wanted.ttl_s:g} s, wanted a minute to a year")
        return account


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _token(row: sa.Row[Any]) -> ApiToken:
    scopes = tuple(Scope(scope) for scope in row.scopes.split())
    moments = (row.created_at, row.expires_at, row.used_at, row.revoked_at)
    return ApiToken(row.id, row.account, row.note, scopes, *moments)
