"""Prices and stock of now: all or nothing, told to other workers, kept over a restart. On SQLite and PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.audit import Audit, Search
from bot.database import Database, open_database
from bot.errors import BadKnowledge
from bot.feed import Feed, MemoryFeed
from bot.prices import UNSET, Item, Prices
from knowledge.hashed import HashedEncoder
from knowledge.library import Library
from knowledge.live import Override
from knowledge.passages import UNCOUNTED
from knowledge.snapshot import Snapshot
from tests.support.clock import Clock
from tests.support.running import until
from tests.support.shelves import shelf


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small shop's."""
    root: Path = tmp_path_factory.mktemp("shop")
    shelf(root, 0)
    return Library.open(root, HashedEncoder()).current


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database."""
    opened = await open_database(database_url)
    yield opened
    await opened.aclose()


def prices_of(database: Database, feed: Feed | None = None) -> Prices:
    """A worker's."""
    clock = Clock()
    return Prices(database, Audit(database, clock), feed or MemoryFeed(), clock)


@asynccontextmanager
async def following(prices: Prices) -> AsyncIterator[None]:
    """While the body runs."""
    task = asyncio.create_task(prices.follow())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("price", ["131.50", 131.5, Decimal("131.50")])
async def test_a_change_is_live_at_once(database: Database, snapshot: Snapshot, price: Any) -> None:
    """On the worker that takes it, when the call is over; as text or as a number."""
    prices = prices_of(database)
    await prices.change([Item("LJ-100-L", price, 0)], snapshot, "shop")
    product = prices.over(snapshot).product("larch-jacket")
    assert product is not None
    assert (product.variants[0].price, product.variants[0].stock) == (Decimal("131.50"), 0)


async def test_price_and_stock_are_changed_and_taken_back_apart(database: Database, snapshot: Snapshot) -> None:
    """What is not named stays; null takes back; what has neither is forgotten."""
    prices = prices_of(database)
    await prices.change([Item("TENT", "99.00")], snapshot, "shop")
    await prices.change([Item("TENT", stock=4)], snapshot, "shop")
    assert prices.now == {"TENT": Override(Decimal("99.00"), 4)}
    assert await prices.change([Item("TENT", None)], snapshot, "shop") == {"TENT": Override(None, 4)}
    assert await prices.change([Item("TENT", stock=None)], snapshot, "shop") == {"TENT": Override()}
    assert prices.now == {}


async def test_a_turn_keeps_the_values_that_it_began_with(database: Database, snapshot: Snapshot) -> None:
    """A change does not reach into what was taken before."""
    prices = prices_of(database)
    before = prices.over(snapshot)
    await prices.change([Item("TENT", "1.00")], snapshot, "shop")
    assert before.product("tent") is snapshot.products["tent"]


@pytest.mark.parametrize(
    ("item", "column"),
    [
        (Item("NOPE", "1.00"), "sku"),
        (Item("", "1.00"), "sku"),
        (Item(None, "1.00"), "sku"),
        (Item("LJ-100-L"), "price"),
        (Item("LJ-100-L", "-1"), "price"),
        (Item("LJ-100-L", "1,50"), "price"),
        (Item("LJ-100-L", "$5"), "price"),
        (Item("LJ-100-L", True), "price"),
        (Item("LJ-100-L", float("nan")), "price"),
        (Item("LJ-100-L", 1e12), "price"),
        (Item("LJ-100-L", [1]), "price"),
        (Item("LJ-100-L", UNSET, -1), "stock"),
        (Item("LJ-100-L", UNSET, 1.5), "stock"),
        (Item("LJ-100-L", UNSET, "3"), "stock"),
        (Item("LJ-100-L", UNSET, UNCOUNTED), "stock"),
        (Item("TENT", "2.00"), "sku"),
    ],
)
async def test_one_bad_item_stops_all(database: Database, snapshot: Snapshot, item: Item, column: str) -> None:
    """Nothing half done: the good item beside it is not taken either, here or in the database."""
    prices = prices_of(database)
    with pytest.raises(BadKnowledge) as caught:
        await prices.change([Item("TENT", "1.00"), item], snapshot, "shop")
    assert [(problem["index"], problem["column"]) for problem in caught.value.problems] == [(1, column)]
    await prices.load()
    assert prices.now == {}


async def test_all_bad_items_are_listed(database: Database, snapshot: Snapshot) -> None:
    """Each with its index and what was wanted."""
    with pytest.raises(BadKnowledge) as caught:
        await prices_of(database).change([Item("A", "1"), Item("TENT", "x", "y")], snapshot, "shop")
    assert [(p["index"], p["column"]) for p in caught.value.problems] == [(0, "sku"), (1, "price"), (1, "stock")]


@pytest.mark.parametrize("count", [0, 1001])
async def test_no_items_or_too_many_are_refused(database: Database, snapshot: Snapshot, count: int) -> None:
    """The error says how many."""
    with pytest.raises(BadKnowledge, match=f"got {count}"):
        await prices_of(database).change([Item("TENT", "1")] * count, snapshot, "shop")


async def test_other_workers_take_the_change_in(database: Database, snapshot: Snapshot) -> None:
    """Over the feed."""
    feed = MemoryFeed()
    here, there = prices_of(database, feed), prices_of(database, feed)
    async with following(there):
        await until(lambda: bool(feed._topics.names()))
        await here.change([Item("TENT", "88.00")], snapshot, "shop")
        await until(lambda: there.now == here.now, every_s=0.005)
    assert there.now == {"TENT": Override(Decimal("88.00"), None)}


async def test_a_worker_that_missed_notices_reads_everything(database: Database, snapshot: Snapshot) -> None:
    """When it begins to listen, it reads what was changed before."""
    await prices_of(database).change([Item("TENT", "88.00")], snapshot, "shop")
    late = prices_of(database)
    async with following(late):
        await until(lambda: bool(late.now), every_s=0.005)
    assert late.now == {"TENT": Override(Decimal("88.00"), None)}


async def test_changes_outlive_a_restart_and_are_logged(database: Database, snapshot: Snapshot) -> None:
    """A new worker loads them; the log says who changed which."""
    await prices_of(database).change([Item("TENT", "88.00", 2)], snapshot, "erp")
    again = prices_of(database)
    await again.load()
    assert again.now == {"TENT": Override(Decimal("88.00"), 2)}
    (entry,) = await Audit(database, Clock()).page(Search())
    assert (entry.deed.actor, entry.deed.action, entry.deed.detail) == (
        "erp",
        "products.changed",
        {"items": 1, "skus": ["TENT"]},
    )
