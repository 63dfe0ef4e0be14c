"""Orders behind the shop's own HTTP endpoint: one address, signed JSON in, JSON out.

    POST <address>   {"action": "find", "number": "FW204817"}                        → {"order": {…} | null}
                     {"action": "list", "customer": "u-7" | "", "email": "" | "…"}   → {"orders": [{…}, …]}
                     {"action": "change", "number": …, "kind": "cancel" | "address" | "return",
                      "address": "…", "skus": […]}                              → {"done": true | false, "reason": "…"}
                     {"action": "ping"}                                              → any 2xx

Headers: the signature (`signature.py`) and, for a change, `Idempotency-Key`: the same key again must give the same
answer and no second change; so every call may be repeated, and is: three times at most, after a pause that
grows, when the connection fails or the status is 429 or 5xx. Other statuses are final. After five calls in a row that
came to nothing the shop is left alone for half a minute.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import orjson
import stamina

from bot.errors import OrdersFailed
from bot.orders.breaker import Breaker
from bot.orders.order import Change, Customer, Order, Outcome, plain_number, read_order
from bot.orders.signature import IDEMPOTENCY, sign

ATTEMPTS = 3
FIRST_PAUSE_S = 0.2
FAILURES = 5
PAUSE_S = 30.0
MOST = 20
MAX_BYTES = 1_000_000


class _Passing(Exception):
    """Worth another try."""


class SignedPost:
    """Posts JSON to one address of the shop: signed, bounded in time, repeated, and not at all while it is down.

    Args:
        url: The address.
        secret: Shared with the shop.
        timeout_s: Longest that one call may take in all, repetitions included.
        clock_s: Seconds since 1970.
    """

    def __init__(self, url: str, secret: str, timeout_s: float, clock_s: Callable[[], float] = time.time) -> None:
        self._url, self._secret, self._timeout_s, self._clock_s = url, secret, timeout_s, clock_s
        self._client = httpx.AsyncClient(timeout=timeout_s, follow_redirects=False, trust_env=False)
        self._breaker = Breaker(FAILURES, PAUSE_S)

    async def post(self, values: Any, key: str = "") -> Any:
        """The JSON of the answer; `key` makes it a change that is done once.

        Raises:
            OrdersFailed: Down, slow, refusing or answering what is no JSON object.
        """
        now_s = asyncio.get_running_loop().time()
        if not self._breaker.admits(now_s):
            raise OrdersFailed("the shop's endpoint has failed several times and is left alone for a while")
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._tried(orjson.dumps(values), key)
        except (TimeoutError, _Passing, httpx.HTTPError) as error:
            self._breaker.failed(asyncio.get_running_loop().time())
            why = str(error) if isinstance(error, _Passing) else type(error).__name__
            raise OrdersFailed(f"the shop's endpoint did not answer ({why})") from None
        self._breaker.succeeded()
        return answer

    async def _tried(self, body: bytes, key: str) -> Any:
        pauses = {"wait_initial": FIRST_PAUSE_S, "wait_max": 2.0, "wait_jitter": 0.1, "timeout": self._timeout_s}
        async for attempt in stamina.retry_context(on=(_Passing, httpx.TransportError), attempts=ATTEMPTS, **pauses):
            with attempt:
                return await self._once(body, key)
        raise AssertionError("stamina either returns or raises")

    async def _once(self, body: bytes, key: str) -> Any:
        headers = {"content-type": "application/json", **sign(body, self._secret, self._clock_s())}
        if key:
            headers[IDEMPOTENCY] = key
        async with self._client.stream("POST", self._url, content=body, headers=headers) as response:
            if response.status_code == 429 or response.status_code >= 500:
                raise _Passing(f"status {response.status_code}")
            if not response.is_success:
                raise OrdersFailed(f"the shop's endpoint refused (status {response.status_code})")
            content = b""
            async for piece in response.aiter_bytes():
                content += piece
                if len(content) > MAX_BYTES:
                    raise OrdersFailed(f"the shop's endpoint sent more than {MAX_BYTES} bytes")
        return _object(content)

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()


def _object(content: bytes) -> dict[str, Any]:
    try:
        values = orjson.loads(content or b"{}")
    except orjson.JSONDecodeError:
        raise OrdersFailed("the shop's endpoint sent what is no JSON") from None
    if not isinstance(values, dict):
        raise OrdersFailed("the shop's endpoint sent JSON that is no object")
    return values


class WebhookOrders:
    """Orders behind a signed endpoint."""

    def __init__(self, post: SignedPost) -> None:
        self._post = post
        self.aclose = post.aclose

    async def find(self, number: str) -> Order | None:
        """See `Orders.find`. An order of another number is none."""
        plain = plain_number(number)
        found = (await self._post.post({"action": "find", "number": plain})).get("order")
        order = None if found is None else read_order(found)
        return order if order and plain_number(order.number) == plain else None

    async def of(self, customer: Customer) -> Sequence[Order]:
        """See `Orders.of`. Orders that are not the customer's are left out."""
        asked = {"action": "list", "customer": customer.user, "email": customer.email}
        found = (await self._post.post(asked)).get("orders")
        if not isinstance(found, list):
            raise OrdersFailed("the shop's endpoint sent no list of orders")
        orders = [order for order in map(read_order, found[:MOST]) if customer.owns(order)]
        return sorted(orders, key=lambda order: order.placed_at, reverse=True)

    async def change(self, change: Change) -> Outcome:
        """See `Orders.change`."""
        asked = {"action": "change", "number": plain_number(change.number), "kind": change.kind.value}
        more = {"address": change.address, "skus": list(change.skus)}
        answer = await self._post.post(asked | more, change.key)
        if not isinstance(answer.get("done"), bool):
            raise OrdersFailed("the shop's endpoint did not say whether the change is done")
        return Outcome(answer["done"], str(answer.get("reason", ""))[:40])

    async def ping(self) -> None:
        """See `Orders.ping`."""
        await self._post.post({"action": "ping"})
