"""What an order system promises: the twin in memory, the table, and the shop's own endpoint over HTTP alike."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from bot.errors import OrdersFailed
from bot.orders.order import Change, ChangeKind, Customer, as_json, change_key, read_order
from bot.orders.protocol import Orders
from bot.orders.table import MemoryOrders, TableOrders
from bot.orders.webhook import SignedPost, WebhookOrders
from tests.support.ordering import NOW, RULES, order
from tests.support.shop import SECRET, shop

ORDERS = [
    order("AB-10001", "paid"),
    order("AB-10002", "shipped", placed_at="2026-11-21T09:00:00+00:00"),
    order("AB-10003", "paid", email="bo@mail.example", customer="u-7"),
    order("AB-10004", "delivered", shipping={"delivered_at": "2026-11-20T09:00:00+00:00"}),
]


@pytest.fixture(params=["memory", "table", "webhook"])
async def workers(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[Orders]]:
    """The same orders as two workers see them."""
    if request.param == "memory":
        memory = MemoryOrders(ORDERS, RULES, lambda: NOW)
        yield [memory, memory]
    elif request.param == "table":
        path = tmp_path / "orders.jsonl"
        path.write_bytes(b"\n".join(orjson.dumps(as_json(one)) for one in ORDERS))
        yield [TableOrders(path, tmp_path / "data" / "orders.db", RULES, lambda: NOW) for _ in range(2)]
    else:
        async with shop(MemoryOrders(ORDERS, RULES, lambda: NOW)) as server:
            both: list[Orders] = [WebhookOrders(SignedPost(server.url, SECRET, 5.0)) for _ in range(2)]
            yield both
            for one in both:
                await one.aclose()


def wish(number: str, kind: ChangeKind = ChangeKind.CANCEL, asked: int = 1) -> Change:
    """A change that message `asked` led to."""
    return Change(change_key("c-1", asked, number, kind), number, kind)


@pytest.mark.parametrize("written", ["AB-10001", "ab-10001", "AB10001", " ab 10001 ", "#AB-10001"])
async def test_an_order_is_found_however_its_number_is_written(workers: list[Orders], written: str) -> None:
    """Case, dashes, spaces and signs do not matter; the order is whole."""
    assert await workers[0].find(written) == ORDERS[0]


async def test_a_number_that_is_none_finds_nothing(workers: list[Orders]) -> None:
    """Neither an unknown number nor a part of one finds an order."""
    assert await workers[0].find("AB-99999") is None
    assert await workers[0].find("AB-1000") is None


async def test_a_customers_orders_are_theirs_alone_latest_first(workers: list[Orders]) -> None:
    """By address in any case, or by the shop's id where the order names one."""
    mine = await workers[0].of(Customer(email="Ana@Mail.example"))
    assert [one.number for one in mine] == ["AB-10002", "AB-10001", "AB-10004"]
    assert [one.number for one in await workers[0].of(Customer(user="u-7"))] == ["AB-10003"]
    assert list(await workers[0].of(Customer(user="bo@mail.example"))) == []
    assert list(await workers[0].of(Customer(email="nobody@mail.example"))) == []


async def test_a_cancelled_order_is_cancelled_for_every_worker(workers: list[Orders]) -> None:
    """What one worker changes another sees, with the day in its history."""
    assert (await workers[0].change(wish("AB-10001"))).done
    found = await workers[1].find("AB-10001")
    assert found is not None
    assert found.state == "cancelled"
    assert found.since("cancelled") == NOW


async def test_the_same_change_twice_is_one_change(workers: list[Orders]) -> None:
    """Repeated under its key, also at once and through another worker, it is done each time and made once."""
    outcomes = await asyncio.gather(*(workers[n % 2].change(wish("AB-10001")) for n in range(6)))
    assert all(outcome.done for outcome in outcomes)
    found = await workers[0].find("AB-10001")
    assert found is not None
    assert [step.state for step in found.history].count("cancelled") == 1


async def test_a_change_that_the_state_forbids_is_refused(workers: list[Orders]) -> None:
    """Each refusal names its reason, and nothing is changed."""
    assert (await workers[0].change(wish("AB-10002"))).reason == "dispatched"
    assert (await workers[0].change(wish("AB-10001", ChangeKind.RETURN))).reason == "not_sent"
    assert (await workers[0].change(wish("AB-99999"))).reason == "unknown"
    assert await workers[0].find("AB-10002") == ORDERS[1]
    assert (await workers[0].change(wish("AB-10001"))).done
    assert (await workers[0].change(wish("AB-10001", asked=9))).reason == "already_cancelled"


async def test_a_return_is_registered_once_delivered(workers: list[Orders]) -> None:
    """The order's state says so, and a second return is refused."""
    assert (await workers[0].change(wish("AB-10004", ChangeKind.RETURN))).done
    found = await workers[1].find("AB-10004")
    assert found is not None
    assert found.state == "return_requested"
    assert (await workers[1].change(wish("AB-10004", ChangeKind.RETURN, 5))).reason == "already_returned"


async def test_a_new_address_leaves_the_state_as_it_is(workers: list[Orders]) -> None:
    """The change is taken; what is shown of the order stays."""
    change = Change("k-1", "AB-10001", ChangeKind.ADDRESS, address="1 High Street, Ely")
    assert (await workers[0].change(change)).done
    assert await workers[0].find("AB-10001") == ORDERS[0]


async def test_it_gives_a_sign_of_life(workers: list[Orders]) -> None:
    """A ping of what works raises nothing."""
    await workers[0].ping()


async def test_a_table_that_is_changed_or_broken_is_noticed(tmp_path: Path) -> None:
    """A new line is found without a restart; a file that is gone or garbled is a failure that shows nothing of it."""
    path = tmp_path / "orders.jsonl"
    table = TableOrders(path, tmp_path / "orders.db", RULES, lambda: NOW)
    with pytest.raises(OrdersFailed, match="cannot be read"):
        await table.ping()
    path.write_text("")
    assert await table.find("AB-10001") is None
    path.write_bytes(orjson.dumps(as_json(ORDERS[0])))
    assert await table.find("AB-10001") == ORDERS[0]
    path.write_text(json.dumps({"number": "AB-1", "email": "secret@mail.example"}))
    with pytest.raises(OrdersFailed) as caught:
        await table.find("AB-1")
    assert "secret" not in str(caught.value)


def test_an_order_survives_json() -> None:
    """What is written as JSON is read as the same order."""
    assert all(read_order(as_json(one)) == one for one in ORDERS)
