"""An HTTP server for tests that sends just the bytes it is told to, and can hang, trickle and cut as real ones do."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

EVENTS = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


@dataclass(slots=True)
class Wire:
    """What came in, and what is to go out. `gone` is set when the client has closed a connection."""

    play: "Play"
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)


Play = Callable[[asyncio.StreamWriter, Wire], Awaitable[None]]


def event(content: str | None = None, finish: str | None = None) -> bytes:
    """One chunk of a streamed completion."""
    delta = {} if content is None else {"content": content}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def sending(*chunks: bytes) -> Play:
    """Send these bytes and close."""

    async def play(writer: asyncio.StreamWriter, _wire: Wire) -> None:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()

    return play


def repeating(head: bytes, chunk: bytes, every_s: float) -> Play:
    """Send `head`, then `chunk` again and again until the client goes."""

    async def play(writer: asyncio.StreamWriter, wire: Wire) -> None:
        writer.write(head)
        while not wire.gone.is_set():
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(every_s)

    return play


@asynccontextmanager
async def wired(play: Play) -> AsyncIterator[Wire]:
    """Serve on a free loopback port while the body runs."""
    wire = Wire(play)

    async def watch(reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            await reader.read(1)
        wire.gone.set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        wire.heads.append(head)
        length = next((int(h.split(":")[1]) for h in head.lower().split("\r\n") if h.startswith("content-length")), 0)
        if length:
            wire.asked.append(json.loads(await reader.readexactly(length)))
        watcher = asyncio.create_task(watch(reader))
        try:
            await wire.play(writer, wire)
        except ConnectionError:
            wire.gone.set()
        finally:
            watcher.cancel()
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    wire.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield wire
    finally:
        server.close()
        wire.gone.set()
