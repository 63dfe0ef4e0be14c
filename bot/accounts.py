"""Accounts of staff and admins: who there is, in which role, with which password.

Every change is logged in the transaction that makes it, and one that takes something away (disabling, a new password)
ends the account's sign-ins in the same transaction. How somebody signs in is in `sign_ins.py`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access_tables import accounts as table
from bot.access_tables import sign_ins
from bot.attempts import Attempts
from bot.audit import Action, Audit, Deed
from bot.database import Database
from bot.errors import BadAccount
from bot.passwords import Passwords, check_password

LONGEST_NAME = 64
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


class Role(StrEnum):
    """What an account is for."""

    STAFF = "staff"
    ADMIN = "admin"

    def covers(self, wanted: "Role") -> bool:
        """Whether this role opens what `wanted` opens: an admin opens everything, staff only their own."""
        return self is wanted or self is Role.ADMIN


@dataclass(frozen=True, slots=True)
class Account:
    """An account, without its password. Moments are in UTC; `disabled_at` is None while it is in use."""

    name: str
    role: Role
    created_at: datetime
    signed_in_at: datetime | None = None
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account to be made."""

    name: str
    role: Role
    password: str


def tidy(name: str) -> str:
    """One spelling for a name, however it was typed: NFKC, lower case, no space around it."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def check_name(name: str) -> str:
    """The tidied name.

    Raises:
        BadAccount: It is not made of 1 to 64 letters a to z, digits and `._@+-`, or begins with a sign.
    """
    if not _NAME.fullmatch(tidied := tidy(name)):
        raise BadAccount(f"name: got {name[:80]!r}, wanted 1 to 64 of a-z, 0-9, . _ @ + - beginning with a-z or 0-9")
    return tidied


class Accounts:
    """Accounts in SQL. `by` is who asks for a change, as the log shows it. Every method may raise `StoreLost`."""

    def __init__(
        self, database: Database, passwords: Passwords, audit: Audit, attempts: Attempts, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._passwords = database, passwords
        self._audit, self._attempts, self._clock = audit, attempts, clock

    async def add(self, wanted: Wanted, by: str) -> Account:
        """Make an account.

        Raises:
            BadAccount: The name or password cannot be, or the name is taken.
        """
        made = await self._add(wanted, by)
        if made is None:
            raise BadAccount(f"name: got {tidy(wanted.name)!r}, which is taken, wanted another")
        return made

    async def add_missing(self, wanted: Wanted, by: str) -> bool:
        """Make an account unless the name is taken, which it may be by another worker this very moment."""
        return await self._add(wanted, by) is not None

    async def all(self) -> list[Account]:
        """Every account, by name."""
        return await self._select(sa.select(table).order_by(table.c.name))

    async def find(self, name: str) -> Account | None:
        """The account, also when disabled."""
        found = await self._select(sa.select(table).where(table.c.name == check_name(name)))
        return found[0] if found else None

    async def disable(self, name: str, by: str) -> Account:
        """Let it sign in no more, and end its sign-ins; its API tokens open nothing meanwhile.

        Raises:
            BadAccount: There is no such account.
        """
        return await self._change(name, {"disabled_at": self._clock()}, Deed(by, Action.ACCOUNT_DISABLED))

    async def enable(self, name: str, by: str) -> Account:
        """Let it sign in again, at once.

        Raises:
            BadAccount: There is no such account.
        """
        account = await self._change(name, {"disabled_at": None}, Deed(by, Action.ACCOUNT_ENABLED))
        await self._attempts.clear(account.name)
        return account

    async def set_password(self, name: str, password: str, by: str) -> Account:
        """Change the password, end the account's sign-ins, and forget wrong tries.

        Raises:
            BadAccount: There is no such account, or the password cannot be.
        """
        check_password(check_name(name), password)
        values = {"password_hash": await self._passwords.hash(password), "password_at": self._clock()}
        account = await self._change(name, values, Deed(by, Action.PASSWORD_CHANGED))
        await self._attempts.clear(account.name)
        return account

    async def _add(self, wanted: Wanted, by: str) -> Account | None:
        name, now = check_name(wanted.name), self._clock()
        check_password(name, wanted.password)
        hashed = await self._passwords.hash(wanted.password)
        insert = postgresql.insert if self._database.is_postgres else sqlite.insert
        row = {"name": name, "role": wanted.role.value, "password_hash": hashed, "created_at": now, "password_at": now}
        statement = insert(table).values(row).on_conflict_do_nothing().returning(table)

        async def make(connection: AsyncConnection) -> Account | None:
            made = (await connection.execute(statement)).first()
            if made is None:
                return None
            deed = Deed(by, Action.ACCOUNT_ADDED, name, {"role": wanted.role.value})
            await self._audit.entry(connection, deed)
            return account_of(made)

        return await self._database.write(make)

    async def _change(self, name: str, values: dict[str, Any], deed: Deed) -> Account:
        """Change the account, end its sign-ins and log it, all or nothing."""
        tidied = check_name(name)
        statement = sa.update(table).where(table.c.name == tidied).values(values).returning(table)

        async def change(connection: AsyncConnection) -> Account | None:
            row = (await connection.execute(statement)).first()
            if row is None:
                return None
            await connection.execute(sa.delete(sign_ins).where(sign_ins.c.account == tidied))
            await self._audit.entry(connection, Deed(deed.actor, deed.action, tidied))
            return account_of(row)

        changed = await self._database.write(change)
        if changed is None:
            raise BadAccount(f"name: got {tidied!r}, wanted the name of an account")
        return changed

    async def _select(self, statement: sa.Select[Any]) -> list[Account]:
        async def select(connection: AsyncConnection) -> list[Account]:
            return [account_of(row) for row in await connection.execute(statement)]

        return await self._database.read(select)


def account_of(row: sa.Row[Any]) -> Account:
    """A row of the table (or of a join with it) as an account."""
    return Account(row.name, Role(row.role), row.created_at, row.signed_in_at, row.disabled_at)
