"""A shopper's client for tests: speaks the protocol over a real websocket, and remembers everything that came."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

Frame = dict[str, Any]
PATIENCE_S = 20.0


class Shopper:
    """One connection. `frames` is everything received, in order; `messages` what was committed, by `seq`."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[Frame] = []
        self.messages: dict[int, Frame] = {}
        self.welcome: Frame = {}

    async def send(self, **frame: Any) -> None:
        """Send one frame."""
        await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def receive(self) -> Frame:
        """The next frame."""
        async with asyncio.timeout(PATIENCE_S):
            frame: Frame = json.loads(await self.socket.recv())
        self.frames.append(frame)
        if frame["type"] == "message":
            assert frame["seq"] not in self.messages, "a message came twice on one connection"
            assert frame["seq"] > max(self.messages, default=0), "messages came out of order"
            self.messages[frame["seq"]] = frame
        return frame

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The first frame from now on that is `wanted`."""
        while True:
            frame = await self.receive()
            if wanted(frame):
                return frame

    async def hello(self, **fields: Any) -> Frame:
        """Open or resume; returns the welcome, after the replay has come."""
        await self.send(type="hello", v=1, **fields)
        self.welcome = await self.until(lambda f: f["type"] in ("welcome", "error"))
        if self.welcome["type"] == "welcome":
            await self.until(lambda f: f["type"] == "status")
        return self.welcome

    async def say(self, text: str, client_id: str = "") -> int:
        """Say something; returns its `seq` once it is acknowledged."""
        client_id = client_id or secrets.token_urlsafe(12)
        await self.send(type="say", id=client_id, text=text)
        ack = await self.until(lambda f: f["type"] == "ack" and f["id"] == client_id)
        return int(ack["seq"])

    async def reply_to(self, seq: int) -> Frame:
        """The bot's reply to message `seq`."""
        for message in self.messages.values():
            if message.get("turn") == seq:
                return message
        return await self.until(lambda f: f["type"] == "message" and f.get("turn") == seq)

    async def ask(self, text: str) -> Frame:
        """Say something and return the bot's reply."""
        return await self.reply_to(await self.say(text))


@asynccontextmanager
async def shopping(ws: str, *, address: str = "", **hello: Any) -> AsyncIterator[Shopper]:
    """A connected shopper that has been welcomed; with `address` as a proxy passes one on that comes from there."""
    headers = {"X-Forwarded-For": address} if address else {}
    async with connect(ws, compression=None, additional_headers=headers) as socket:
        shopper = Shopper(socket)
        await shopper.hello(**hello)
        yield shopper
