"""Clients that are broken, hostile or slow: a typed error or a close code with a reason, and the worker lives on."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from bot import tokens
from bot.settings import DEV_SECRET
from tests.support.fixtures import Serve
from tests.support.shopper import Shopper, shopping

HELLO = json.dumps({"type": "hello", "v": 1})


async def _closed(socket: ClientConnection) -> tuple[int, str]:
    """Read until the server closes; its code and reason."""
    with suppress(ConnectionClosed):
        async with asyncio.timeout(20):
            while True:
                await socket.recv()
    return socket.close_code or 0, socket.close_reason or ""


async def _error(socket: ClientConnection) -> dict[str, Any]:
    """The next error frame."""
    async with asyncio.timeout(20):
        while True:
            frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["type"] == "error":
                return frame


BAD: dict[str, tuple[str | bytes, str]] = {
    "no JSON": ("hello?", "bad_frame"),
    "an array": ("[]", "bad_frame"),
    "unknown type": ('{"type":"shout"}', "bad_frame"),
    "unknown field": ('{"type":"stop","now":true}', "bad_frame"),
    "a second hello": (HELLO, "bad_frame"),
    "another version": ('{"type":"hello","v":7}', "wrong_version"),
    "a binary frame": (b"\x00\x01", "bad_frame"),
    "deep nesting": ("[" * 10_000 + "]" * 10_000, "bad_frame"),
    "a NUL": ('{"type":"say","id":"abcdefgh","text":"a\\u0000b"}', "bad_frame"),
    "a lone surrogate": ('{"type":"say","id":"abcdefgh","text":"\\ud83d"}', "bad_frame"),
    "a long message": (json.dumps({"type": "say", "id": "abcdefgh", "text": "x" * 3000}), "too_large"),
    "a large frame": (json.dumps({"type": "say", "id": "abcdefgh", "text": "x" * 40_000}), "too_large"),
}


async def test_each_bad_frame_gets_its_typed_error_and_the_conversation_goes_on(serve: Serve) -> None:
    """Twelve kinds of bad frame, each answered by its error; in between and afterwards questions are answered."""
    server = serve(frames_per_s="100")
    for name, (raw, code) in BAD.items():
        async with connect(server.ws, compression=None) as socket:
            shopper = Shopper(socket)
            await shopper.hello()
            await socket.send(raw)
            error = await _error(socket)
            assert error["code"] == code, name
            assert error["message"], name
            reply = await shopper.ask("thanks")
            assert reply["action"] == "chat", name
    assert server.process.poll() is None
    assert "Traceback" not in server.log.read_text()


async def test_what_cannot_be_a_frame_closes_the_connection_with_a_code(serve: Serve) -> None:
    """Ten megabytes, endless bad frames, no hello first, bad UTF-8: closed, each with a code, and the worker lives."""
    server = serve(frames_per_s="1000", hello_timeout_s="1")
    async with connect(server.ws, compression=None, max_size=None) as socket:
        await socket.send(HELLO)
        with suppress(ConnectionClosed):
            await socket.send("x" * 10_000_000)
        assert (await _closed(socket))[0] == 1009
    async with connect(server.ws, compression=None) as socket:
        await socket.send(HELLO)
        for _ in range(25):
            await socket.send("junk")
        assert await _closed(socket) == (4400, "20 frames could not be read")
    async with connect(server.ws, compression=None) as socket:
        await socket.send('{"type":"stop"}')
        assert (await _closed(socket))[0] == 4400
    async with connect(server.ws, compression=None) as socket:
        assert await _closed(socket) == (4408, "no hello within 1 s")
    async with shopping(server.ws) as shopper:
        assert (await shopper.ask("thanks"))["action"] == "chat"
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    "token",
    [
        "forged",
        tokens.issue("c" * 24, "another secret of 32 characters!", 1_800_000_000),
        tokens.issue("c", DEV_SECRET, 0),
    ],
    ids=["junk", "another secret", "expired"],
)
async def test_a_token_that_is_not_good_opens_nothing(serve: Serve, token: str) -> None:
    """Junk, another secret's and expired tokens: bad_token, then closed with 4401."""
    async with connect(serve().ws, compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "v": 1, "token": token}))
        assert (await _error(socket))["code"] == "bad_token"
        assert (await _closed(socket))[0] == 4401


async def test_only_the_shops_own_pages_may_open_a_chat(serve: Serve) -> None:
    """A foreign Origin is refused with 4403; the shop's own is let in."""
    server = serve(origins="https://shop.example,https://www.shop.example")
    async with connect(server.ws, compression=None, additional_headers={"Origin": "https://evil.example"}) as socket:
        assert (await _closed(socket))[0] == 4403
    async with connect(server.ws, compression=None, additional_headers={"Origin": "https://shop.example"}) as socket:
        shopper = Shopper(socket)
        assert (await shopper.hello())["type"] == "welcome"


async def test_frames_beyond_the_rate_are_refused_with_a_time_and_not_done(serve: Serve) -> None:
    """A burst over the limit gets rate_limited naming the message; what was refused is not in the conversation."""
    async with shopping(serve(frames_per_s="1").ws) as shopper:
        for n in range(12):
            await shopper.send(type="say", id=f"message-{n:02}", text="thanks")
        refused = await shopper.until(lambda f: f["type"] == "error")
        assert refused["code"] == "rate_limited"
        assert refused["retry_after_s"] > 0
        assert refused["ref"].startswith("message-")
        await asyncio.sleep(refused["retry_after_s"] + 1)
        await shopper.ask("thanks")
    said = {m["id"] for m in shopper.messages.values() if m["author"] == "shopper"}
    assert refused["ref"] not in said


async def test_connections_beyond_an_addresss_share_are_refused(serve: Serve) -> None:
    """The third connection of an address that may have two is closed with 4429; when one leaves there is room."""
    server = serve(connections_per_address="2")
    async with shopping(server.ws):
        async with shopping(server.ws), connect(server.ws, compression=None) as third:
            assert (await _closed(third))[0] == 4429
        async with asyncio.timeout(10):
            while not await _welcome(server.ws):
                pass


async def _welcome(ws: str) -> bool:
    with suppress(ConnectionClosed):
        async with connect(ws, compression=None) as socket:
            return bool((await Shopper(socket).hello())["type"] == "welcome")
    return False


async def test_a_reader_that_does_not_read_is_dropped(serve: Serve) -> None:
    """A client that sends and never reads is dropped; it costs the others nothing."""
    server = serve(frames_per_s="2000", frames_per_s_address="4000", send_queue="8", send_timeout_s="1")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(server.base.rpartition(":")[2]))
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    writer.write(_masked(HELLO))
    async with asyncio.timeout(60):
        with pytest.raises(ConnectionError):
            await _flood(writer)
    writer.transport.abort()
    async with shopping(server.ws) as shopper:
        assert (await shopper.ask("thanks"))["action"] == "chat"


async def _flood(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(_masked('{"type":"rate","seq":0,"value":1}') * 200)
        await writer.drain()


def _masked(text: str) -> bytes:
    """A client's text frame; the mask is all zeros, which leaves the bytes as they are."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + len(data).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + data


async def test_nobody_reads_anothers_conversation(serve: Serve) -> None:
    """A token opens its own conversation only; an identity that the shop did not sign opens nothing."""
    server = serve(identity_secret="a secret that shop and bot share, 40 long")
    async with shopping(server.ws) as one, shopping(server.ws) as other:
        await one.ask("How long does shipping to Canada take?")
        assert one.welcome["conversation"] != other.welcome["conversation"]
        await other.ask("thanks")
        assert all("Canada" not in m["text"] for m in other.messages.values())
    async with connect(server.ws, compression=None) as socket:
        await socket.send(json.dumps({"type": "hello", "v": 1, "identity": "not.a.token"}))
        assert (await _error(socket))["code"] == "bad_token"
