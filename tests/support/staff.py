"""A desk's client for tests: signs in, speaks the desk's protocol, and keeps the list as a page does."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.support.running import Running

Frame = dict[str, Any]
PATIENCE_S = 20.0
COOKIE = "aisle_session"
PASSWORD = "tent-and-stove"


def applied(lines: dict[str, Frame], frame: Frame) -> dict[str, Frame]:
    """The reference reducer of the list: the lines by conversation after a frame."""
    if frame["type"] == "desk":
        return {line["conversation"]: line for line in frame["conversations"]}
    if frame["type"] == "conversation":
        return {**lines, frame["summary"]["conversation"]: frame["summary"]}
    if frame["type"] == "gone":
        return {name: line for name, line in lines.items() if name != frame["conversation"]}
    return lines


@dataclass(slots=True)
class Desk:
    """One open desk. `lines` is the list as its frames make it; `http` calls routes as the same person."""

    socket: ClientConnection
    http: httpx.AsyncClient
    frames: list[Frame] = field(default_factory=list)
    lines: dict[str, Frame] = field(default_factory=dict)

    async def send(self, **frame: Any) -> None:
        """Send one frame."""
        await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def receive(self) -> Frame:
        """The next frame."""
        async with asyncio.timeout(PATIENCE_S):
            frame: Frame = json.loads(await self.socket.recv())
        self.frames.append(frame)
        self.lines = applied(self.lines, frame)
        return frame

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """The first frame from now on that is `wanted`."""
        while True:
            frame = await self.receive()
            if wanted(frame):
                return frame

    async def line(self, conversation: str, wanted: Callable[[Frame], bool]) -> Frame:
        """The conversation's line, once it is `wanted`."""
        while not (conversation in self.lines and wanted(self.lines[conversation])):
            await self.receive()
        return self.lines[conversation]

    async def do(self, type: str, conversation: str, id: str = "", **fields: Any) -> Frame:
        """Ask for something under an id; its `done` or `error`."""
        id = id or secrets.token_urlsafe(12)
        await self.send(type=type, id=id, conversation=conversation, **fields)
        return await self.until(lambda f: f["type"] in ("done", "error") and f.get("id") == id)

    async def watch(self, conversation: str) -> Frame:
        """Read along; what was there so far."""
        await self.send(type="watch", conversation=conversation)
        return await self.until(lambda f: f["type"] == "opened" and f["conversation"] == conversation)


@asynccontextmanager
async def signed_in(base: str, name: str = "staff", password: str = PASSWORD) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who signed in, with what changes must carry."""
    async with httpx.AsyncClient(base_url=base, timeout=30) as client:
        answer = await client.post("/api/sign-in", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text
        client.headers["x-csrf-token"] = answer.json()["csrf"]
        yield client


@asynccontextmanager
async def at_desk(server: Running, name: str = "staff", password: str = PASSWORD) -> AsyncIterator[Desk]:
    """An open desk, after its first frame."""
    address = server.base.replace("http", "ws", 1) + "/ws/staff"
    async with signed_in(server.base, name, password) as client:
        headers = {"cookie": f"{COOKIE}={client.cookies[COOKIE]}", "origin": server.base}
        async with connect(address, compression=None, additional_headers=headers) as socket:
            desk = Desk(socket, client)
            assert (await desk.receive())["type"] == "desk"
            yield desk
