"""Prices and stock of now: kept in SQL, known to every worker, laid over whatever snapshot serves.

A change is committed, taken in here, and told to the other workers, which read the changed rows; a worker that may have
missed a notice reads all. A value stays until it is taken back with null, also over later builds: the shop's own
system says it, so it knows better than a file. How values get into answers is in `knowledge/live.py`.
"""

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Action, Audit, Deed
from bot.database import Database
from bot.errors import BadKnowledge, StateLost, StoreLost, Unavailable
from bot.feed import Feed, Gap
from bot.knowledge_tables import product_overrides as table
from knowledge.live import Live, Override
from knowledge.passages import UNCOUNTED
from knowledge.snapshot import Snapshot

log = structlog.get_logger()

TOPIC = "products"
MOST_ITEMS = 1000
AGAIN_S = 2.0
_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
UNSET: Any = object()
"""Stands for a value that is not in the request, where null means that the snapshot's value counts again."""


@dataclass(frozen=True, slots=True)
class Item:
    """One change as it was asked for; values that cannot be are found by `Prices.change`."""

    sku: Any
    price: Any = UNSET
    stock: Any = UNSET


class Prices:
    """The values of now, on this worker."""

    def __init__(self, database: Database, audit: Audit, feed: Feed, clock: Callable[[], datetime]) -> None:
        self._database, self._audit, self._feed, self._clock = database, audit, feed, clock
        self._now: Mapping[str, Override] = MappingProxyType({})
        self._reading = asyncio.Lock()

    @property
    def now(self) -> Mapping[str, Override]:
        """By SKU; never changed in place, so a turn that holds it keeps the values that it began with."""
        return self._now

    def over(self, snapshot: Snapshot) -> Live:
        """The snapshot's products with the values of now."""
        return Live(snapshot.products, self._now)

    async def change(self, items: Sequence[Item], snapshot: Snapshot, by: str) -> Mapping[str, Override]:
        """Change all of the items, or none.

        Returns:
            The new values of their SKUs.

        Raises:
            BadKnowledge: With every item that cannot be.
            StoreLost: Nothing was changed, as far as is known.
        """
        _check(items, snapshot)
        statements = [self._upsert(item, by) for item in items]
        skus = [item.sku for item in items]

        async def write(connection: AsyncConnection) -> None:
            for statement in statements:
                await connection.execute(statement)
            empty = table.c.price.is_(None) & table.c.stock.is_(None)
            await connection.execute(sa.delete(table).where(table.c.sku.in_(skus), empty))
            detail = {"items": len(skus), "skus": skus[:50]}
            await self._audit.entry(connection, Deed(by, Action.PRODUCTS_CHANGED, detail=detail))

        await self._database.write(write)
        await self._take(skus)
        with suppress(StateLost):
            await self._feed.publish(TOPIC, {"skus": skus})
        return {sku: self._now.get(sku, Override()) for sku in skus}

    async def load(self) -> None:
        """Read all values.

        Raises:
            StoreLost: The old ones stay.
        """
        async with self._reading:
            self._now = MappingProxyType(await self._read(sa.select(table)))

    async def follow(self) -> None:
        """For ever: take in what other workers change."""
        while True:
            with suppress(Unavailable):
                async with self._feed.subscribe(TOPIC) as notices:
                    await self._load_surely()
                    async for notice in notices:
                        await self._hear(notice)
            await asyncio.sleep(AGAIN_S)

    async def _hear(self, notice: dict[str, Any] | Gap) -> None:
        skus = None if isinstance(notice, Gap) else notice.get("skus")
        if not isinstance(skus, list):
            return await self._load_surely()
        try:
            await self._take(skus)
        except StoreLost:
            await self._load_surely()
        return None

    async def _load_surely(self) -> None:
        while True:
            try:
                return await self.load()
            except StoreLost as error:
                log.warning("prices not read", error=error.message)
                await asyncio.sleep(AGAIN_S)

    async def _take(self, skus: Iterable[str]) -> None:
        """Read these SKUs anew."""
        wanted = list(skus)
        async with self._reading:
            found = await self._read(sa.select(table).where(table.c.sku.in_(wanted)))
            rest = {sku: override for sku, override in self._now.items() if sku not in set(wanted)}
            self._now = MappingProxyType({**rest, **found})

    async def _read(self, statement: sa.Select[Any]) -> dict[str, Override]:
        async def select(connection: AsyncConnection) -> dict[str, Override]:
            rows = await connection.execute(statement)
            return {r.sku: Override(None if r.price is None else Decimal(r.price), r.stock) for r in rows}

        return await self._database.read(select)

    def _upsert(self, item: Item, by: str) -> sa.UpdateBase:
        given = {"by": by, "at": self._clock()}
        if item.price is not UNSET:
            given["price"] = None if item.price is None else str(item.price)
        if item.stock is not UNSET:
            given["stock"] = item.stock
        insert = (postgresql.insert if self._database.is_postgres else sqlite.insert)(table)
        row = {"sku": item.sku, "price": None, "stock": None} | given
        return insert.values(row).on_conflict_do_update(index_elements=[table.c.sku], set_=given)


def _check(items: Sequence[Item], snapshot: Snapshot) -> None:
    """Raise BadKnowledge with everything that is wrong with the items."""
    if not 0 < len(items) <= MOST_ITEMS:
        raise BadKnowledge(f"items: got {len(items)}, wanted 1 to {MOST_ITEMS}")
    known = {variant.sku for product in snapshot.products.values() for variant in product.variants if variant.sku}
    seen: set[str] = set()
    wrong = []
    for index, item in enumerate(items):
        for column, found, wanted in _wrong(item, known, seen):
            wrong.append({"index": index, "sku": item.sku, "column": column, "found": found, "wanted": wanted})
        seen.add(str(item.sku))
    if wrong:
        lines = [f"item {w['index']}, {w['column']}: got {w['found']}, wanted {w['wanted']}" for w in wrong[:5]]
        more = f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        raise BadKnowledge("; ".join(lines) + more + "; nothing was changed", wrong)


def _wrong(item: Item, known: set[str], seen: set[str]) -> Iterable[tuple[str, str, str]]:
    if not isinstance(item.sku, str) or item.sku not in known:
        yield "sku", repr(item.sku)[:80], "a SKU of the snapshot that serves"
    elif item.sku in seen:
        yield "sku", f"{item.sku!r} again", "every SKU once"
    if item.price is UNSET and item.stock is UNSET:
        yield "price", "neither price nor stock", "one of them at least"
    if item.price is not UNSET and item.price is not None and not _is_price(item.price):
        yield "price", repr(item.price)[:80], "an amount as 149.00, or null for the source's own"
    if item.stock is not UNSET and item.stock is not None and not _is_stock(item.stock):
        yield (
            "stock",
            repr(item.stock)[:80],
            f"a whole number from 0 to {UNCOUNTED - 1:,}, or null",
        )


def _is_price(value: Any) -> bool:
    """Texts and whole numbers as they stand; JSON's other numbers by their shortest form."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return False
    with suppress(InvalidOperation, ValueError):
        return bool(_PRICE.fullmatch(str(value)))
    return False


def _is_stock(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < UNCOUNTED
