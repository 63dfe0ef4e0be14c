"""A shop's own endpoint for tests: checks signatures as a shop would, and can hang, fail and talk nonsense."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.errors import BadToken
from bot.orders.order import Change, ChangeKind, Customer, as_json
from bot.orders.protocol import Orders
from bot.orders.signature import verify

SECRET = "shared with the shop alone"


@dataclass(slots=True)
class Shop:
    """The endpoint.

    Attributes:
        fails: Statuses to answer with first, one a request; 0 closes the connection without a word.
        says: A body to answer with, instead of the right one.
        hangs: Whether it takes requests and never answers.
        asked: What came in, with its headers.
    """

    orders: Orders
    url: str = ""
    fails: list[int] = field(default_factory=list)
    says: bytes | None = None
    hangs: bool = False
    asked: list[tuple[dict[str, Any], dict[str, str]]] = field(default_factory=list)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, values: dict[str, Any], key: str) -> dict[str, Any]:
        """What a shop would answer."""
        match values["action"]:
            case "find":
                found = await self.orders.find(values["number"])
                return {"order": found and as_json(found)}
            case "list":
                mine = await self.orders.of(Customer(values["customer"], values["email"]))
                return {"orders": [as_json(one) for one in mine]}
            case "change":
                kind = ChangeKind(values["kind"])
                change = Change(key, values["number"], kind, values["address"], tuple(values["skus"]))
                return asdict(await self.orders.change(change))
            case _:
                return {}

    async def respond(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer to a request."""
        try:
            verify(body, headers, SECRET, time.time())
        except BadToken:
            return 401, b"{}"
        values = json.loads(body)
        self.asked.append((values, headers))
        if self.hangs:
            await self.let_go.wait()
        if self.fails:
            return self.fails.pop(0), b"{}"
        if self.says is not None:
            return 200, self.says
        return 200, json.dumps(await self.answer(values, headers.get("idempotency-key", ""))).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
            headers = {name.strip().lower(): value.strip() for name, _, value in (h.partition(":") for h in head if h)}
            body = await reader.readexactly(int(headers["content-length"]))
            status, said = await self.respond(body, headers)
            if status:
                start = f"HTTP/1.1 {status} X\r\ncontent-length: {len(said)}\r\nconnection: close\r\n\r\n"
                writer.write(start.encode() + said)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def shop(orders: Orders) -> AsyncIterator[Shop]:
    """Serve on a free loopback port while the body runs."""
    one = Shop(orders)
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/orders"
    try:
        yield one
    finally:
        one.let_go.set()
        server.close()
