"""Orders in a file of lines (`orders.jsonl`), and the changes to them in a SQLite file of our own beside it.

The file is the shop's and is only read, anew when it changes. A change is one row in one transaction, so that it is
there whole or not at all, for every worker; its key is the row's, so that it is there once. `MemoryOrders` is the twin.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import orjson

from bot.errors import OrdersFailed
from bot.orders.order import Change, ChangeKind, Customer, Order, Outcome, Step, plain_number, read_order
from bot.orders.rules import Rules, refusal

MOST = 20
WAIT_S = 5.0
_SCHEMA = """
create table if not exists changes (
    key text primary key, number text not null, kind text not null, at text not null, detail text not null
);
create index if not exists changes_number on changes (number);
"""
_STATES = {ChangeKind.CANCEL: "cancelled", ChangeKind.RETURN: "return_requested"}

Clock = Callable[[], datetime]


def changed(order: Order, kind: ChangeKind, at: datetime) -> Order:
    """The order once a change is made; an address is not part of what we show."""
    state = _STATES.get(kind)
    return replace(order, state=state, history=(*order.history, Step(at, state))) if state else order


def _latest(orders: Iterable[Order], customer: Customer) -> list[Order]:
    mine = [order for order in orders if customer.owns(order)]
    return sorted(mine, key=lambda order: order.placed_at, reverse=True)[:MOST]


class TableOrders:
    """Orders from `path`; changes are kept in `ledger`."""

    def __init__(self, path: Path, ledger: Path, rules: Rules, clock: Clock) -> None:
        self._path, self._ledger, self._rules, self._clock = path, ledger, rules, clock
        self._read: tuple[tuple[int, int], dict[str, Order]] | None = None

    async def find(self, number: str) -> Order | None:
        """See `Orders.find`."""
        return await asyncio.to_thread(self._find, plain_number(number))

    async def of(self, customer: Customer) -> Sequence[Order]:
        """See `Orders.of`."""
        return await asyncio.to_thread(self._of, customer)

    async def change(self, change: Change) -> Outcome:
        """See `Orders.change`."""
        return await asyncio.to_thread(self._change, change)

    async def ping(self) -> None:
        """See `Orders.ping`."""
        await asyncio.to_thread(self._table)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _table(self) -> dict[str, Order]:
        """The orders by plain number, read again when the file is another."""
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if self._read is None or self._read[0] != stamp:
                lines = self._path.read_bytes().splitlines()
                orders = [read_order(orjson.loads(line)) for line in lines if line.strip()]
                self._read = stamp, {plain_number(order.number): order for order in orders}
        except (OSError, ValueError) as error:
            raise OrdersFailed(f"orders: {self._path.name} cannot be read ({type(error).__name__})") from None
        return self._read[1]

    def _find(self, number: str) -> Order | None:
        order = self._table().get(number)
        with self._open() as ledger:
            return self._now(ledger, order) if order else None

    def _of(self, customer: Customer) -> list[Order]:
        with self._open() as ledger:
            return [self._now(ledger, order) for order in _latest(self._table().values(), customer)]

    def _now(self, ledger: sqlite3.Connection, order: Order) -> Order:
        rows = ledger.execute(
            "select kind, at from changes where number = ? order by at", (plain_number(order.number),)
        )
        for kind, at in rows:
            order = changed(order, ChangeKind(kind), datetime.fromisoformat(at))
        return order

    def _change(self, change: Change) -> Outcome:
        order, now = self._table().get(plain_number(change.number)), self._clock()
        if order is None:
            return Outcome(False, "unknown")
        detail = orjson.dumps({"address": change.address, "skus": change.skus}).decode()
        row = (change.key, plain_number(change.number), change.kind.value, now.isoformat(), detail)
        with self._open() as ledger:
            ledger.execute("begin immediate")
            if ledger.execute("select 1 from changes where key = ?", (change.key,)).fetchone():
                return Outcome(True)
            if why := refusal(self._now(ledger, order), change.kind, now, self._rules):
                return Outcome(False, why)
            ledger.execute("insert into changes values (?, ?, ?, ?, ?)", row)
            ledger.commit()
        return Outcome(True)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one call: what is not committed is undone."""
        try:
            self._ledger.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._ledger, timeout=WAIT_S, isolation_level=None)) as ledger:
                ledger.executescript(_SCHEMA)
                yield ledger
        except (sqlite3.Error, OSError) as error:
            raise OrdersFailed(f"orders: {self._ledger.name}: {error}") from None


class MemoryOrders:
    """The twin without files, for tests and trials."""

    def __init__(self, orders: Iterable[Order], rules: Rules, clock: Clock) -> None:
        self._orders = {plain_number(order.number): order for order in orders}
        self._rules, self._clock = rules, clock
        self.changes: dict[str, Change] = {}

    async def find(self, number: str) -> Order | None:
        """See `Orders.find`."""
        return self._orders.get(plain_number(number))

    async def of(self, customer: Customer) -> Sequence[Order]:
        """See `Orders.of`."""
        return _latest(self._orders.values(), customer)

    async def change(self, change: Change) -> Outcome:
        """See `Orders.change`."""
        number, now = plain_number(change.number), self._clock()
        if change.key in self.changes:
            return Outcome(True)
        if number not in self._orders:
            return Outcome(False, "unknown")
        if why := refusal(self._orders[number], change.kind, now, self._rules):
            return Outcome(False, why)
        self.changes[change.key] = change
        self._orders[number] = changed(self._orders[number], change.kind, now)
        return Outcome(True)

    async def ping(self) -> None:
        """Always there."""

    async def aclose(self) -> None:
        """Nothing to close."""
