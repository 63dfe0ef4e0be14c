"""`openai:`: whatever a server does, the draft comes or `GeneratorFailed` says what was got."""

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.errors import BadSettings, GeneratorFailed
from bot.generate import open_generator
from bot.generate.protocol import Numbered, Prompt, Said
from bot.generate.server import Server, parse_address
from tests.support.model import modelling
from tests.support.wire import EVENTS, Play, Wire, event, repeating, sending, wired

PROMPT = Prompt("How long?", "en", "Fernway", (Numbered(1, "a", "faq", "T", "6–9 days."),), max_tokens=16)
DONE = b"data: [DONE]\n\n"
JSON = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"


def server(wire: Wire, timeout_s: float = 5.0, key: str = "") -> Server:
    """The adapter for a wire."""
    return Server(parse_address(f"{wire.url}#tiny"), key=key, timeout_s=timeout_s)


async def draft(play: Play, prompt: Prompt = PROMPT, timeout_s: float = 5.0, key: str = "") -> str:
    """The draft of a server that plays this."""
    async with wired(play) as wire, aclosing(server(wire, timeout_s, key)) as one:
        return "".join([piece async for piece in one.stream(prompt)])


async def test_a_real_server_streams_a_draft() -> None:
    """Against uvicorn speaking the protocol: the words come, and ping answers."""
    async with modelling("It takes 6–9 days. [1]") as model:
        one = open_generator(f"openai:{model.url}#test", key="k", timeout_s=10)
        await one.ping()
        assert "".join([piece async for piece in one.stream(PROMPT)]) == "It takes 6–9 days. [1] "
        assert model.asked[0]["max_tokens"] == 16
        assert model.asked[0]["messages"][0]["role"] == "system"
        await one.aclose()


async def test_the_request_has_model_key_and_masked_words() -> None:
    """The model's name and the key are sent; the shopper's e-mail, phone and card are not."""
    prompt = replace(
        PROMPT, question="mail me@a.example", history=(Said("shopper", "4111 1111 1111 1111, +1 541 555 0142"),)
    )
    async with wired(sending(EVENTS, event("ok"), DONE)) as wire, aclosing(server(wire, key="sesame")) as one:
        assert [piece async for piece in one.stream(prompt)] == ["ok"]
    body = json.dumps(wire.asked[0])
    assert wire.asked[0]["model"] == "tiny"
    assert wire.asked[0]["stream"] is True
    assert "authorization: bearer sesame" in wire.heads[0].lower()
    assert "me@a.example" not in body
    assert "4111" not in body
    assert "0142" not in body
    assert "[email]" in body


async def test_a_finish_reason_ends_a_stream_without_done() -> None:
    """A stream that says `length` or `stop` and closes is whole."""
    assert await draft(sending(EVENTS, event("a"), event(finish="length"))) == "a"


@pytest.mark.parametrize(
    ("chunks", "told"),
    [
        ((JSON % b"401 Unauthorized", b'{"error":{"message":"bad key sesame"}}'), r"401.*bad key \*\*\*"),
        ((JSON % b"500 Oops", b'{"error":"out of memory"}'), "500.*out of memory"),
        ((JSON % b"404 Not Found", b'{"message":"model not found"}'), "404.*model not found"),
        ((JSON % b"200 OK", b'{"choices":[{"message":{"content":"hi"}}]}'), "application/json"),
        (
            (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n", b"<html>Sign in"),
            "text/html.*Sign in",
        ),
        ((b"HTTP/1.1 302 Found\r\nlocation: /login\r\nconnection: close\r\n\r\n",), "302"),
        ((EVENTS, event("a"), b'data: {"error":{"message":"overloaded"}}\n\n'), "error in the stream: overloaded"),
        ((EVENTS, event("a"), b"data: {nonsense\n\n"), "no JSON"),
        ((EVENTS, b"data: [1]\n\n"), "no object"),
        ((EVENTS, event("half a sen")), "cut after 10"),
        ((EVENTS, event(finish="stop"), DONE), "without words"),
        ((EVENTS, DONE), "without words"),
        ((EVENTS, event("a"), event(finish="content_filter")), "refusal: content_filter"),
        ((EVENTS, b'data: {"choices":[{"delta":{"refusal":"I cannot"}}]}\n\n'), "refusal: I cannot"),
        ((b"nonsense\r\n\r\n",), "RemoteProtocolError"),
        ((), "RemoteProtocolError|ReadError"),
        (
            (b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 900\r\n\r\n", event("a")),
            "RemoteProtocolError",
        ),
    ],
)
async def test_what_goes_wrong_is_named(chunks: tuple[bytes, ...], told: str) -> None:
    """Errors, refusals, other content types and broken streams fail with what was got; the key is never shown."""
    with pytest.raises(GeneratorFailed, match=told) as failed:
        await draft(sending(*chunks), key="sesame")
    assert "sesame" not in str(failed.value)


async def test_odd_but_harmless_events_are_passed_over() -> None:
    """Usage without choices, empty deltas, comments and reasoning hold no words and do no harm."""
    odd = (
        b": ping\n\n",
        b'data: {"choices":[],"usage":{}}\n\n',
        b'data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n\n',
    )
    assert await draft(sending(EVENTS, *odd, event("a"), event(None), event("b"), DONE)) == "ab"


async def test_a_server_that_hangs_before_its_head_fails_in_time() -> None:
    """Silence before the first byte is a failure after the time limit."""
    with pytest.raises(GeneratorFailed):
        await draft(repeating(b"", b"", 0.05), timeout_s=0.3)


async def test_a_server_that_falls_silent_fails_in_time() -> None:
    """Silence in the middle is a failure, and pings in comments are silence."""
    with pytest.raises(GeneratorFailed, match="nothing within"):
        await draft(repeating(EVENTS + event("a"), b": ping\n\n", 0.02), timeout_s=0.3)


async def test_a_trickle_of_bytes_fails_in_time() -> None:
    """Bytes that never make up an event do not count as words."""
    with pytest.raises(GeneratorFailed, match="nothing within"):
        await draft(repeating(EVENTS, b"d", 0.02), timeout_s=0.3)


async def test_a_trickle_of_words_fails_in_time() -> None:
    """Each word within the limit, but the whole far too slow: the draft is given up."""
    with pytest.raises(GeneratorFailed, match="trickle"):
        await draft(repeating(EVENTS, event("a"), 0.1), replace(PROMPT, max_tokens=1000), timeout_s=0.15)


async def test_a_draft_that_never_ends_is_cut_at_its_tokens() -> None:
    """After `max_tokens` pieces the draft is over, and the connection is closed."""
    async with wired(repeating(EVENTS, event("a"), 0)) as wire, aclosing(server(wire)) as one:
        assert "".join([piece async for piece in one.stream(PROMPT)]) == "a" * 16
        await asyncio.wait_for(wire.gone.wait(), 5)


async def test_one_huge_piece_is_cut() -> None:
    """A single event cannot bring more characters than the tokens asked for can have."""
    assert len(await draft(sending(EVENTS, event("x" * 50_000), DONE))) == 16 * 32


async def test_an_endless_line_is_cut_at_a_limit_of_bytes() -> None:
    """Bytes without an end of line fill no memory."""
    with pytest.raises(GeneratorFailed, match="bytes"):
        await draft(repeating(EVENTS + b"data: ", b"x" * 10_000, 0))


async def test_an_endless_error_page_is_cut() -> None:
    """An error whose body never ends is told without reading it all."""
    with pytest.raises(GeneratorFailed, match=r"500.*very long"):
        await draft(repeating(JSON % b"500 Oops", b"x" * 10_000, 0))


async def test_closing_the_stream_closes_the_connection() -> None:
    """A shopper's stop reaches the server at once."""
    async with wired(repeating(EVENTS, event("a"), 0.01)) as wire, aclosing(server(wire)) as one:
        async with aclosing(one.stream(replace(PROMPT, max_tokens=10_000))) as pieces:
            await anext(pieces)
        await asyncio.wait_for(wire.gone.wait(), 5)


async def test_the_readers_own_pauses_are_no_silence() -> None:
    """A slow reader between two pieces does not make the server look silent."""
    async with wired(sending(EVENTS, event("a"), event("b"), DONE)) as wire, aclosing(server(wire, 0.2)) as one:
        said = []
        async for piece in one.stream(PROMPT):
            said.append(piece)
            await asyncio.sleep(0.3)
        assert said == ["a", "b"]


async def test_no_server_is_told() -> None:
    """Nobody listening is a failure of draft and ping alike."""
    async with wired(sending()) as wire:
        pass
    async with aclosing(server(wire)) as one:
        with pytest.raises(GeneratorFailed, match="ConnectError"):
            await one.ping()
        with pytest.raises(GeneratorFailed, match="ConnectError"):
            await anext(one.stream(PROMPT))


async def test_a_ping_wants_a_list_of_models() -> None:
    """A server that answers anything but 200 is not ready."""
    async with wired(sending(JSON % b"503 Loading", b'{"error":"loading"}')) as wire, aclosing(server(wire)) as one:
        with pytest.raises(GeneratorFailed, match=r"503.*loading"):
            await one.ping()


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ("", "got ''"),
        ("localhost:8000/v1#m", "http"),
        ("http://localhost/v1", "no model"),
        ("http://localhost/v1#", "no model"),
        ("ftp://x/v1#m", "http"),
        ("http://user:pw@localhost/v1#m", "AISLE_GENERATOR_KEY"),
        ("http://[::1#m", "no address|got"),
    ],
)
def test_bad_addresses_are_refused(rest: str, told: str) -> None:
    """A dial that cannot work says what was wanted, before anything is opened."""
    with pytest.raises(BadSettings, match=told):
        open_generator(f"openai:{rest}", timeout_s=1)


@pytest.mark.parametrize("spec", ["", "quote", "gpt:4", "copy", "quote:x", "hf:"])
def test_unknown_generators_are_refused(spec: str) -> None:
    """An unknown scheme lists the known ones; a known one says what follows it."""
    with pytest.raises(BadSettings, match=r"quote:|hf:<model"):
        open_generator(spec, timeout_s=1)
