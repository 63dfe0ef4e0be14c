"""Any server that speaks OpenAI's streaming chat completions: vLLM, Ollama, llama.cpp, and paid ones.

Whatever a server can do wrong ends as `GeneratorFailed` that says what was got: an HTTP error, another content type,
an error object or no JSON in the stream, a refusal, a cut stream, silence, a trickle, an answer without words. A server
that never ends is cut: at `max_tokens` pieces the draft is simply over; at a limit of bytes it counts as broken.

Personal data in what the shopper wrote are masked before they leave.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import httpx
from httpx_sse import EventSource, ServerSentEvent, SSEError

from bot.errors import BadSettings, GeneratorFailed
from bot.generate.protocol import Prompt
from bot.guard import mask
from bot.prompt import messages

CONNECT_TIMEOUT_S = 5.0
WHOLE_TIMES = 6
"""A whole draft may take this many times the longest silence: what trickles is too slow to wait for."""
BASE_BYTES, TOKEN_BYTES = 65_536, 2_048
"""A stream may have this many bytes, and this many more for each token asked for."""
TOKEN_CHARS = 32
SHOWN_CHARS = 300


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is (`url` without a slash at its end, usually ending in `/v1`) and which of its models to use."""

    url: str
    model: str


def parse_address(rest: str) -> Address:
    """Read `<url>#<model>`.

    Raises:
        BadSettings: No http(s) address, no model, or a password in the address (the key is a setting of its own).
    """
    url, _, model = rest.partition("#")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise BadSettings(f"generator: got no address ({error}), wanted openai:<url>#<model>") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise BadSettings(f"generator: got {url!r}, wanted openai:http(s)://host[:port]/v1#<model>")
    if parsed.userinfo:
        raise BadSettings("generator: got a password in the address, wanted it in AISLE_GENERATOR_KEY")
    if not model.strip():
        raise BadSettings(f"generator: got no model after {url!r}, wanted openai:<url>#<model>")
    return Address(url.rstrip("/"), model.strip())


class Server:
    """Drafts with a model behind HTTP. Connections are kept open between drafts."""

    def __init__(self, address: Address, *, key: str = "", timeout_s: float) -> None:
        self.name = f"openai:{address.url}#{address.model}"
        self._address = address
        self._key = key
        self._timeout_s = timeout_s
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            trust_env=False,
        )

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Yield the server's draft as it comes; closing it closes the connection, which ends the server's work."""
        self._check_open()
        try:
            async with aclosing(self._pieces(prompt)) as pieces:
                async for piece in _watched(pieces, self._timeout_s):
                    yield piece
        except TimeoutError:
            raise self._failed(f"nothing within {self._timeout_s:g} s, or a trickle") from None
        except httpx.TimeoutException as error:
            raise self._failed(f"{type(error).__name__} after at most {self._timeout_s:g} s") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise self._failed(f"{type(error).__name__}: {error}") from None

    async def ping(self) -> None:
        """Ask the server for its list of models."""
        self._check_open()
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._client.get(f"{self._address.url}/models")
        except (TimeoutError, httpx.HTTPError) as error:
            raise self._failed(f"{type(error).__name__}: {error}") from None
        if response.status_code != httpx.codes.OK:
            raise self._failed(f"HTTP {response.status_code}: {response.text[:SHOWN_CHARS]}")

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    def _check_open(self) -> None:
        if self._client.is_closed:
            raise self._failed("a question after it was closed")

    def _failed(self, got: str) -> GeneratorFailed:
        """The error, with the key hidden should the server have repeated it."""
        return GeneratorFailed(f"{self.name}: got {got.replace(self._key, '***') if self._key else got}")

    async def _pieces(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Yield the draft's pieces; an empty one for an event that only shows that the server is at work."""
        async with self._client.stream(
            "POST",
            f"{self._address.url}/chat/completions",
            json=self._body(prompt),
            headers={"Accept": "text/event-stream", "Cache-Control": "no-store"},
        ) as response:
            await self._check_head(response)
            response.stream = _Capped(response.stream, BASE_BYTES + TOKEN_BYTES * prompt.max_tokens)
            draft = _Draft(prompt.max_tokens)
            async with aclosing(EventSource(response).aiter_sse()) as events:
                async for piece in self._read(events, draft):
                    yield piece
        if not draft.chars:
            raise self._failed("an answer without words")

    async def _read(self, events: AsyncIterator[ServerSentEvent], draft: "_Draft") -> AsyncGenerator[str, None]:
        try:
            async for event in events:
                if event.data == "[DONE]":
                    return
                yield draft.add(self._piece(event, draft))
                if draft.full:
                    return
        except SSEError as error:
            raise self._failed(str(error)) from None
        if not draft.finished:
            raise self._failed(f"a stream cut after {draft.chars} characters")

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        masked = replace(
            prompt,
            question=mask(prompt.question),
            history=tuple(replace(said, text=mask(said.text)) for said in prompt.history),
        )
        return {
            "model": self._address.model,
            "messages": messages(masked),
            "stream": True,
            "max_tokens": prompt.max_tokens,
            "temperature": 0,
        }

    async def _check_head(self, response: httpx.Response) -> None:
        """Refuse what is no stream of events, with the beginning of what it is."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.status_code == httpx.codes.OK and kind == "text/event-stream":
            return
        response.stream = _Capped(response.stream, BASE_BYTES)
        try:
            text = (await response.aread()).decode(errors="replace")
        except _TooMuch:
            text = "(very long)"
        told = _error_message(text) or " ".join(text.split())
        raise self._failed(f"HTTP {response.status_code}, {kind or 'no content type'}: {told[:SHOWN_CHARS]}")

    def _piece(self, event: ServerSentEvent, draft: "_Draft") -> str:
        """The words of one event, perhaps none."""
        try:
            value = json.loads(event.data)
        except ValueError:
            raise self._failed(f"no JSON in the stream: {event.data[:SHOWN_CHARS]!r}") from None
        if not isinstance(value, dict):
            raise self._failed(f"no object in the stream: {event.data[:SHOWN_CHARS]!r}")
        if value.get("error") or event.event == "error":
            raise self._failed(f"an error in the stream: {(_error_message(event.data) or event.data)[:SHOWN_CHARS]}")
        choices = value.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        delta: Any = choice.get("delta")
        delta = delta if isinstance(delta, dict) else {}
        if refusal := delta.get("refusal"):
            raise self._failed(f"a refusal: {str(refusal)[:SHOWN_CHARS]}")
        reason = choice.get("finish_reason")
        if reason == "content_filter":
            raise self._failed("a refusal: content_filter")
        draft.finished = draft.finished or bool(reason)
        content = delta.get("content")
        return content if isinstance(content, str) else ""


@dataclass(slots=True)
class _Draft:
    """What has come so far. `full` once it has all the pieces, or the characters that so many tokens can have."""

    max_tokens: int
    pieces: int = 0
    chars: int = 0
    finished: bool = False

    @property
    def full(self) -> bool:
        return self.pieces >= self.max_tokens or self.chars >= self.max_tokens * TOKEN_CHARS

    def add(self, piece: str) -> str:
        """Count a piece; return what of it there is room for."""
        piece = piece[: self.max_tokens * TOKEN_CHARS - self.chars]
        self.pieces += bool(piece)
        self.chars += len(piece)
        return piece


class _TooMuch(httpx.StreamError):
    """More bytes than a draft can need."""


class _Capped(httpx.AsyncByteStream):
    """A response's bytes, up to a limit: an endless line would fill the memory before it is ever looked at."""

    def __init__(self, inner: Any, limit_bytes: int) -> None:
        self._inner = inner
        self._left = limit_bytes
        self._limit = limit_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._left -= len(chunk)
            if self._left < 0:
                raise _TooMuch(f"more than {self._limit} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _watched(pieces: AsyncIterator[str], timeout_s: float) -> AsyncGenerator[str, None]:
    """Pieces with words, each within `timeout_s` of the one before and all within `WHOLE_TIMES` of that.

    The time that the reader takes between two pieces counts for neither.

    Raises:
        TimeoutError: Either limit is over.
    """
    clock = asyncio.get_running_loop().time
    left_s = WHOLE_TIMES * timeout_s
    while True:
        began = clock()
        async with asyncio.timeout(min(timeout_s, left_s)):
            piece = await _words(pieces)
        left_s -= clock() - began
        if not piece:
            return
        yield piece


async def _words(pieces: AsyncIterator[str]) -> str:
    """The next piece that is not empty; empty at the end."""
    async for piece in pieces:
        if piece:
            return piece
    return ""


def _error_message(text: str) -> str:
    """The message of an error object as OpenAI, vLLM and Ollama write it; empty when there is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    error = value.get("error", value) if isinstance(value, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    return message if isinstance(message, str) else ""
