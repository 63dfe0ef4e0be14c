"""How often signing in may be tried: counted per account name and per address, in SQL, so that it holds over workers.

A try is counted before the password is looked at, so that a hundred tries at once are still a hundred tries. The one
that reaches the limit is still judged; after it comes a wait, and one more try after that, and a wait twice as long,
up to the longest. Signing in forgets the account's tries; of the address's it takes back only its own, or an attacker
with an account could go on for ever. Below the limit tries are forgotten after a pause as long as the first wait; at
the limit after a day.

Names are kept as hashes: people type passwords into the wrong field. An IPv6 address counts as its /64, which is what
one customer gets.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access_tables import sign_in_attempts as table
from bot.database import Database
from bot.errors import RateLimited
from bot.network import network

FORGET_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Tries in a row, when the last one was, and until when the next must wait."""

    count: int
    last_at: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """`tries` in a row, then a wait of `wait_s`, doubled after each further try up to `longest_s`. Pure."""

    tries: int
    wait_s: float
    longest_s: float

    def left_s(self, tally: Tally | None, now: datetime) -> float:
        """Seconds that the next try must wait; 0.0 when it need not."""
        if tally is None or tally.until is None:
            return 0.0
        return max(0.0, (tally.until - now).total_seconds())

    def counted(self, tally: Tally | None, now: datetime) -> Tally:
        """`tally` with a try at `now`."""
        count = 1 if tally is None or self._forgotten(tally, now) else tally.count + 1
        if count < self.tries:
            return Tally(count, now)
        doubled = min(count - self.tries, 32)
        return Tally(count, now, now + timedelta(seconds=min(self.longest_s, self.wait_s * 2**doubled)))

    def _forgotten(self, tally: Tally, now: datetime) -> bool:
        pause_s = self.wait_s if tally.count < self.tries else max(FORGET_S, self.longest_s)
        return (now - tally.last_at).total_seconds() >= pause_s


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule for an account name and the one for an address."""

    account: Rule
    address: Rule


class Attempts:
    """Tallies in SQL."""

    def __init__(self, database: Database, rules: Rules, clock: Callable[[], datetime]) -> None:
        self._database, self._rules, self._clock = database, rules, clock

    async def take(self, name: str, address: str) -> float:
        """Count a try before it is made.

        Returns:
            Seconds that the next try must wait if this one fails.

        Raises:
            RateLimited: Not yet; nothing was counted. Says for how long.
            StoreLost: Nothing was counted.
        """
        now, insert = self._clock(), postgresql.insert if self._database.is_postgres else sqlite.insert
        pairs = list(zip(_subjects(name, address), (self._rules.account, self._rules.address), strict=True))

        async def count(connection: AsyncConnection) -> float:
            tallies = []
            for subject, rule in pairs:
                first = {"subject": subject, "count": 0, "last_at": now}
                await connection.execute(insert(table).values(first).on_conflict_do_nothing())
                tally = await _locked(connection, subject)
                if left_s := rule.left_s(tally, now):
                    await connection.rollback()
                    return -left_s
                tallies.append(rule.counted(tally, now))
            for (subject, _), tally in zip(pairs, tallies, strict=True):
                await _keep(connection, subject, tally)
            return max(rule.left_s(tally, now) for (_, rule), tally in zip(pairs, tallies, strict=True))

        left_s = await self._database.write(count)
        if left_s < 0:
            wait_s = max(1, round(-left_s))
            raise RateLimited(f"too many tries to sign in, wanted a pause of {wait_s} s", retry_after_s=wait_s)
        return left_s

    async def forgive(self, name: str, address: str) -> None:
        """Take back a try that succeeded: the account's are forgotten, the address has one less; old ones go."""
        account, place = _subjects(name, address)
        now = self._clock()
        keep_s = max(FORGET_S, self._rules.account.longest_s, self._rules.address.longest_s) * 2

        async def forget(connection: AsyncConnection) -> None:
            old = table.c.last_at < now - timedelta(seconds=keep_s)
            await connection.execute(sa.delete(table).where((table.c.subject == account) | old))
            tally = await _locked(connection, place)
            if tally is not None:
                count = max(0, tally.count - 1)
                until = tally.until if count >= self._rules.address.tries else None
                await _keep(connection, place, Tally(count, tally.last_at, until))

        await self._database.write(forget)

    async def clear(self, name: str) -> None:
        """Forget every try at an account, as when it gets a new password."""
        subject = _subjects(name, "")[0]

        async def forget(connection: AsyncConnection) -> None:
            await connection.execute(sa.delete(table).where(table.c.subject == subject))

        await self._database.write(forget)


async def _locked(connection: AsyncConnection, subject: str) -> Tally | None:
    """The tally, which nobody else can change until the transaction ends."""
    columns = sa.select(table.c.count, table.c.last_at, table.c.until)
    row = (await connection.execute(columns.where(table.c.subject == subject).with_for_update())).first()
    return None if row is None else Tally(*row)


async def _keep(connection: AsyncConnection, subject: str, tally: Tally) -> None:
    values = {"count": tally.count, "last_at": tally.last_at, "until": tally.until}
    await connection.execute(sa.update(table).where(table.c.subject == subject).values(values))


def _subjects(name: str, address: str) -> tuple[str, str]:
    """What a try is counted under. Accounts sort first, so that two transactions lock in one order."""
    hashed = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"account:{hashed}", f"address:{network(address)}"
