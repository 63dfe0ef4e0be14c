"""The shop's endpoint when it hangs, fails or lies: bounded in time, repeated where it helps, then left alone."""

import time
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadToken, OrdersFailed
from bot.orders.breaker import Breaker
from bot.orders.order import Change, ChangeKind
from bot.orders.signature import sign, verify
from bot.orders.table import MemoryOrders
from bot.orders.webhook import FAILURES, SignedPost, WebhookOrders
from tests.support.ordering import NOW, RULES, order
from tests.support.shop import SECRET, Shop, shop


@pytest.fixture
async def server() -> AsyncIterator[Shop]:
    """A shop with one order."""
    async with shop(MemoryOrders([order()], RULES, lambda: NOW)) as one:
        yield one


@pytest.fixture
async def orders(server: Shop) -> AsyncIterator[WebhookOrders]:
    """Its orders, asked with little patience."""
    one = WebhookOrders(SignedPost(server.url, SECRET, 2.0))
    yield one
    await one.aclose()


CANCEL = Change("k-1", "AB-10001", ChangeKind.CANCEL)


async def test_a_passing_failure_is_tried_again(server: Shop, orders: WebhookOrders) -> None:
    """After a 503 and a cut connection the third try is answered, signed anew each time."""
    server.fails = [503, 0]
    assert await orders.find("AB-10001") is not None
    assert [values["action"] for values, _ in server.asked] == ["find"] * 3


async def test_a_repeated_change_carries_the_same_key_and_is_made_once(server: Shop, orders: WebhookOrders) -> None:
    """The shop sees one idempotency key on every try."""
    server.fails = [500, 500]
    assert (await orders.change(CANCEL)).done
    assert {headers["idempotency-key"] for _, headers in server.asked} == {"k-1"}
    assert (await orders.change(CANCEL)).done
    found = await orders.find("AB-10001")
    assert found is not None
    assert [step.state for step in found.history].count("cancelled") == 1


async def test_failing_on_and_on_is_a_failure(server: Shop, orders: WebhookOrders) -> None:
    """Three tries, then an error that says what came."""
    server.fails = [500] * 9
    with pytest.raises(OrdersFailed, match="status 500"):
        await orders.find("AB-10001")
    assert len(server.asked) == 3


async def test_a_refusal_is_final(server: Shop) -> None:
    """A wrong secret is refused by the shop, and not tried again."""
    wrong = WebhookOrders(SignedPost(server.url, "another secret altogether", 2.0))
    with pytest.raises(OrdersFailed, match="status 401"):
        await wrong.find("AB-10001")
    assert server.asked == []
    await wrong.aclose()


async def test_a_hanging_endpoint_is_given_up_in_time(server: Shop) -> None:
    """The call ends when its time is over, repetitions included."""
    server.hangs = True
    hasty = WebhookOrders(SignedPost(server.url, SECRET, 0.3))
    began_s = time.monotonic()
    with pytest.raises(OrdersFailed):
        await hasty.find("AB-10001")
    assert time.monotonic() - began_s < 2.0
    await hasty.aclose()


@pytest.mark.parametrize(
    "said",
    [
        b"<html>Welcome</html>",
        b"[]",
        b'{"order": 7}',
        b'{"order": {"number": "AB-10001"}}',
        b'{"order": {"number": "AB-10001", "email": "x", "placed_at": "today", "state": "paid"}}',
        b"\xff\xfe",
        b'{"a": "' + b"x" * 1_100_000 + b'"}',
    ],
)
async def test_garbage_is_a_failure(server: Shop, orders: WebhookOrders, said: bytes) -> None:
    """What is no answer is an error, never an order."""
    server.says = said
    with pytest.raises(OrdersFailed):
        await orders.find("AB-10001")


@pytest.mark.parametrize("said", [b"{}", b'{"done": "yes"}', b"null"])
async def test_a_change_without_a_clear_answer_is_a_failure(server: Shop, orders: WebhookOrders, said: bytes) -> None:
    """Only a plain true or false counts."""
    server.says = said
    with pytest.raises(OrdersFailed):
        await orders.change(CANCEL)


async def test_an_order_of_another_number_is_none(server: Shop, orders: WebhookOrders) -> None:
    """What was not asked for is not taken, whatever the shop sends."""
    assert await orders.find("AB-10009") is None
    server.orders = MemoryOrders([order("AB-10009")], RULES, lambda: NOW)
    assert await orders.find("AB-10001") is None


async def test_a_dead_endpoint_is_left_alone_for_a_while(server: Shop) -> None:
    """After five failures in a row no request leaves, and the answer is there at once."""
    server.fails = [500] * 100
    post = SignedPost(server.url, SECRET, 2.0)
    orders = WebhookOrders(post)
    for _ in range(FAILURES):
        with pytest.raises(OrdersFailed):
            await orders.ping()
    asked = len(server.asked)
    with pytest.raises(OrdersFailed, match="left alone"):
        await orders.ping()
    assert len(server.asked) == asked
    await orders.aclose()


def test_a_breaker_lets_one_through_after_its_pause() -> None:
    """Open, then one probe: if it fails it stays open, if it succeeds all go through again."""
    breaker = Breaker(2, 30.0)
    breaker.failed(0.0)
    assert breaker.admits(0.0)
    breaker.failed(0.0)
    assert not breaker.admits(29.0)
    assert breaker.admits(30.0)
    assert not breaker.admits(30.0)
    breaker.failed(31.0)
    assert not breaker.admits(60.0)
    assert breaker.admits(61.0)
    breaker.succeeded()
    assert breaker.admits(61.0)
    assert breaker.admits(61.0)


@given(body=st.binary(max_size=200), other=st.binary(max_size=200), now_s=st.integers(10**9, 10**10))
def test_a_signature_is_of_its_body_and_its_time(body: bytes, other: bytes, now_s: int) -> None:
    """It verifies for five minutes, and for no other body, secret or time."""
    headers = sign(body, SECRET, now_s)
    verify(body, headers, SECRET, now_s + 299)
    cases = [
        (body, SECRET, now_s + 301),
        (body, SECRET + "x", now_s),
        *([(other, SECRET, now_s)] if other != body else []),
    ]
    for text, secret, when in cases:
        with pytest.raises(BadToken):
            verify(text, headers, secret, when)
