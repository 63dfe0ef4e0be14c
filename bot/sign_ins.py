"""Signing in: from name and password to a session, and from a session's secret back to the account.

A secret is 256 random bits; only its SHA-256 is kept. Whether a name is unknown, its account disabled or the password
wrong makes no difference to what is answered, counted, computed and written; the log tells admins which it was.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access_tables import accounts
from bot.access_tables import sign_ins as table
from bot.accounts import Account, account_of, tidy
from bot.attempts import Attempts
from bot.audit import Action, Audit, Deed
from bot.database import Database
from bot.errors import NotSignedIn
from bot.passwords import Passwords

SEEN_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts, in seconds: after it began, and after it was last used (kept to the minute)."""

    ttl_s: float
    idle_s: float


@dataclass(frozen=True, slots=True)
class Trial:
    """A try to sign in; `replaces` is the secret of a session that the browser still has, or empty."""

    name: str
    password: str
    address: str
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of the name that somebody gave."""

    name: str
    password_hash: str | None
    why_not: str


class SignIns:
    """Sessions in SQL. Every method may raise `StoreLost`."""

    def __init__(self, database: Database, passwords: Passwords, audit: Audit, attempts: Attempts) -> None:
        self._database, self._passwords, self._audit, self._attempts = database, passwords, audit, attempts

    async def sign_in(self, trial: Trial, now: datetime) -> tuple[str, Account]:
        """Try.

        Returns:
            The new session's secret, and the account. `trial.replaces` is no session any more.

        Raises:
            RateLimited: Too many tries for this name or from this address; nothing was looked at.
            NotSignedIn: Name and password do not fit together.
        """
        name = tidy(trial.name)
        wait_s = await self._attempts.take(name, trial.address)
        kept = await self._look_up(name)
        good = await self._passwords.verify(kept.password_hash, trial.password)
        secret = secrets.token_urlsafe(32)
        account = await self._begin(kept, secret, trial, now) if good else None
        if account is None:
            await self._refuse(kept, trial.address, wait_s)
        await self._attempts.forgive(name, trial.address)
        return secret, account

    async def find(self, secret: str, lasting: Lasting, now: datetime, *, used: bool = True) -> Account | None:
        """The account of a session that has not ended; None otherwise. `used` keeps it from becoming idle."""
        where = table.c.hash == _hash(secret)
        alive = (table.c.created_at > now - timedelta(seconds=lasting.ttl_s)) & (
            table.c.seen_at > now - timedelta(seconds=lasting.idle_s)
        )
        joined = sa.select(accounts, table.c.seen_at).join(accounts, accounts.c.name == table.c.account)
        query = joined.where(where, alive, accounts.c.disabled_at.is_(None))

        row = await self._first(query)
        if row is None:
            return None
        if used and (now - row.seen_at).total_seconds() >= SEEN_EVERY_S:
            await self._execute(sa.update(table).where(where).values(seen_at=now))
        return account_of(row)

    async def end(self, secret: str, address: str) -> None:
        """Sign out; an unknown session is no error."""
        statement = sa.delete(table).where(table.c.hash == _hash(secret)).returning(table.c.account)

        async def remove(connection: AsyncConnection) -> None:
            if (row := (await connection.execute(statement)).first()) is not None:
                await self._audit.entry(connection, Deed(row.account, Action.SIGN_OUT, row.account, address=address))

        await self._database.write(remove)

    async def forget_old(self, lasting: Lasting, now: datetime) -> None:
        """Remove what has ended by itself."""
        old = table.c.created_at <= now - timedelta(seconds=lasting.ttl_s)
        idle = table.c.seen_at <= now - timedelta(seconds=lasting.idle_s)
        await self._execute(sa.delete(table).where(old | idle))

    async def _look_up(self, name: str) -> Kept:
        """What is known of a name. One that cannot be (it may hold a NUL) is looked up as the empty one."""
        plain = name if name.isascii() and name.isprintable() else ""
        columns = sa.select(accounts.c.password_hash, accounts.c.disabled_at)
        row = await self._first(columns.where(accounts.c.name == plain))
        if row is None:
            return Kept("", None, "unknown name")
        return Kept(name, None if row.disabled_at else row.password_hash, "disabled" if row.disabled_at else "password")

    async def _begin(self, kept: Kept, secret: str, trial: Trial, now: datetime) -> Account | None:
        """Make the session and end the old one; None when the account was changed meanwhile."""
        fresh = await self._rehashed(kept, trial.password)
        same = (accounts.c.name == kept.name) & (accounts.c.password_hash == kept.password_hash)
        values = {"signed_in_at": now, "password_hash": fresh}
        mark = sa.update(accounts).where(same, accounts.c.disabled_at.is_(None)).values(values).returning(accounts)
        session = {"hash": _hash(secret), "account": kept.name, "created_at": now, "seen_at": now}

        async def begin(connection: AsyncConnection) -> Account | None:
            row = (await connection.execute(mark)).first()
            if row is None:
                return None
            if trial.replaces:
                await connection.execute(sa.delete(table).where(table.c.hash == _hash(trial.replaces)))
            await connection.execute(sa.insert(table).values(address=trial.address[:64], **session))
            await self._audit.entry(connection, Deed(kept.name, Action.SIGN_IN, kept.name, address=trial.address))
            return account_of(row)

        return await self._database.write(begin)

    async def _rehashed(self, kept: Kept, password: str) -> str | None:
        """The hash to keep: a new one when the old was made with other parameters."""
        if kept.password_hash and self._passwords.outdated(kept.password_hash):
            return await self._passwords.hash(password)
        return kept.password_hash

    async def _refuse(self, kept: Kept, address: str, wait_s: float) -> NoReturn:
        # An unknown name is not logged: it may be a password, typed into the wrong field.
        detail = {"why": kept.why_not, **({"wait_s": round(wait_s)} if wait_s else {})}
        await self._audit.record(Deed("", Action.SIGN_IN_FAILED, kept.name, detail, address))
        raise NotSignedIn("got a name and a password that do not fit together")

    async def _first(self, query: sa.Select[Any]) -> sa.Row[Any] | None:
        async def select(connection: AsyncConnection) -> sa.Row[Any] | None:
            row: sa.Row[Any] | None = (await connection.execute(query)).first()
            return row

        return await self._database.read(select)

    async def _execute(self, statement: sa.Delete | sa.Update) -> None:
        async def run(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.write(run)


def csrf_token(secret: str, key: str) -> str:
    """What a page must send along with every change: bound to the session, and of no use to find its secret.

    `key` is the server's (HMAC-SHA256).
    """
    return hmac.new(key.encode(), b"aisle:csrf:" + secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def same_token(got: str, wanted: str) -> bool:
    """Whether two tokens are the same, in a time that does not tell how far they are."""
    return hmac.compare_digest(got.encode("utf-8", "replace"), wanted.encode())


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
