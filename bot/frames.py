"""Wire protocol, version 1: what goes over the websocket, one JSON object per text frame.

From the client: hello, say, stop, ask_staff, withdraw, rate, typing. From the server: welcome, ack, delta, message,
status, typing, rated, error. `hello` comes first and only once; the server answers `welcome`, then replays every
message after `after_seq`, then `status`. Each `say` is answered by `ack` with its `seq` once the message is committed;
a repeated id is acknowledged again with the same `seq` and answered once. `delta` carries the *offset* in characters
at which its text starts, so a delta that was seen already, or comes late, does no harm; the final `message` always
wins over deltas.

Pure: nothing here knows sockets, time or the dialogue. Unknown fields are refused in what clients send, so that a
typing mistake is found at once, and ignored in what servers send, so that old widgets outlive new servers.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.errors import BadFrame, TooLarge, WrongVersion

VERSION = 1
MAX_FRAME_BYTES = 32_768
MAX_DEPTH = 8


def _clean(text: str) -> str:
    """Refuse what no database or browser should have to take: NUL and lone surrogates."""
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("got a NUL or a lone surrogate, wanted text")
    return text


Text = Annotated[str, AfterValidator(_clean)]
ClientId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Language = Literal["en", "zh"]


class In(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Out(BaseModel):
    """What a server sends."""

    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True)


Handle = Annotated[Text, Field(max_length=200)]
Handles = Annotated[tuple[Handle, ...], Field(max_length=50)]


class Page(In):
    """The page that the shopper is on, and the visit as far as the shop passes it: handles or SKUs, latest first."""

    url: Text = Field(default="", max_length=2000)
    product: Handle = ""
    viewed: Handles = ()
    cart: Handles = ()
    bought: Handles = ()


class Hello(In):
    """Opens or resumes a conversation."""

    type: Literal["hello"] = "hello"
    v: int
    token: str | None = Field(default=None, max_length=2000)
    identity: str | None = Field(default=None, max_length=4000)
    after_seq: int = Field(default=0, ge=0)
    lang: Language | None = None
    page: Page = Page()


class Say(In):
    """A shopper's message under the client's own id."""

    type: Literal["say"] = "say"
    id: ClientId
    text: Text = Field(min_length=1)


class Stop(In):
    """Ends the answer in flight; what was shown of it stays."""

    type: Literal["stop"] = "stop"


class AskStaff(In):
    """The shopper wants a person. Idempotent by id."""

    type: Literal["ask_staff"] = "ask_staff"
    id: ClientId
    note: Text = Field(default="", max_length=1000)


class Withdraw(In):
    """The shopper no longer waits for a person."""

    type: Literal["withdraw"] = "withdraw"
    id: ClientId


class Rate(In):
    """Thumb up (1), down (-1) or taken back (0) on a bot or staff message."""

    type: Literal["rate"] = "rate"
    seq: int = Field(ge=1)
    value: Literal[-1, 0, 1]


class Typing(In):
    """The shopper is (or is no longer) typing."""

    type: Literal["typing"] = "typing"
    on: bool


ClientFrame = Annotated[Hello | Say | Stop | AskStaff | Withdraw | Rate | Typing, Field(discriminator="type")]


class CitationOut(Out):
    """A passage that the reply rests on; `[n]` in the text refers to it."""

    n: int
    passage: str
    title: str
    excerpt: str
    url: str = ""


class CardOut(Out):
    """A product shown beside the reply."""

    handle: str
    name: str
    price: str
    stock: int
    url: str = ""
    image: str = ""
    note: str = ""


class Welcome(Out):
    """Answer to hello. `token` resumes this conversation; keep it secret and send it with the next hello."""

    type: Literal["welcome"] = "welcome"
    v: int = VERSION
    conversation: str
    token: str
    shop: str
    lang: Language
    last_seq: int
    greeting: str
    choices: tuple[str, ...] = ()
    max_chars: int


class Ack(Out):
    """The message with this client id is committed under this `seq`."""

    type: Literal["ack"] = "ack"
    id: str
    seq: int
    at: datetime


class Delta(Out):
    """A checked piece of the answer to message `turn`, starting at character `offset` of the answer."""

    type: Literal["delta"] = "delta"
    turn: int
    offset: int
    text: str


class MessageOut(Out):
    """A committed message; `turn` is the `seq` of the message that it answers."""

    type: Literal["message"] = "message"
    seq: int
    at: datetime
    author: Literal["shopper", "bot", "staff", "system"]
    text: str
    id: str | None = None
    turn: int | None = None
    event: str | None = None
    action: str = ""
    citations: tuple[CitationOut, ...] = ()
    cards: tuple[CardOut, ...] = ()
    choices: tuple[str, ...] = ()
    stopped: bool = False
    rating: int = 0


class Status(Out):
    """The phase, and whether the live state is reachable (`degraded`: messages are kept and answered later)."""

    type: Literal["status"] = "status"
    phase: Literal["bot", "waiting", "staff", "closed"]
    degraded: bool = False


class TypingOut(Out):
    """Somebody is (or is no longer) typing."""

    type: Literal["typing"] = "typing"
    author: Literal["bot", "staff", "shopper"]
    on: bool


class Rated(Out):
    """A message's rating is now this."""

    type: Literal["rated"] = "rated"
    seq: int
    value: Literal[-1, 0, 1]


class Error(Out):
    """Something was not done. `ref` is the client id or frame type that it answers; codes are those of `errors.py`."""

    type: Literal["error"] = "error"
    code: str
    message: str
    ref: str | None = None
    retry_after_s: float | None = None


ServerFrame = Annotated[
    Welcome | Ack | Delta | MessageOut | Status | TypingOut | Rated | Error, Field(discriminator="type")
]

_client: TypeAdapter[Hello | Say | Stop | AskStaff | Withdraw | Rate | Typing] = TypeAdapter(ClientFrame)
_server: TypeAdapter[Welcome | Ack | Delta | MessageOut | Status | TypingOut | Rated | Error] = TypeAdapter(ServerFrame)


def _depth(raw: bytes) -> int:
    """Deepest nesting of brackets outside strings; cheap, and safe on any input."""
    depth = deepest = 0
    quoted = escaped = False
    for byte in raw:
        if quoted:
            quoted = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def read_object(raw: str | bytes) -> dict[str, Any]:
    """The JSON object of a text frame.

    Raises:
        TooLarge: Over `MAX_FRAME_BYTES`.
        BadFrame: No JSON object, or one nested too deep.
    """
    if len(raw) > MAX_FRAME_BYTES:
        raise TooLarge(f"got a frame of {len(raw)} bytes, wanted at most {MAX_FRAME_BYTES}")
    try:
        data = raw.encode() if isinstance(raw, str) else raw
    except UnicodeEncodeError:
        raise BadFrame("got a lone surrogate, wanted valid Unicode") from None
    if _depth(data) > MAX_DEPTH:
        raise BadFrame(f"got JSON nested deeper than {MAX_DEPTH}")
    try:
        value: Any = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadFrame(f"got no JSON ({error}), wanted one JSON object") from None
    if not isinstance(value, dict):
        raise BadFrame(f"got a JSON {type(value).__name__}, wanted an object")
    return value


def told(error: ValidationError) -> BadFrame:
    """Where a frame is wrong first, and what was wanted there."""
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "type"
    return BadFrame(f"{where}: {first['msg']}")


def parse(raw: str | bytes, max_chars: int = 2000) -> Hello | Say | Stop | AskStaff | Withdraw | Rate | Typing:
    """Read one client frame.

    Args:
        raw: The text frame's content.
        max_chars: The longest text that `say` may carry, in characters.

    Raises:
        TooLarge: Over `MAX_FRAME_BYTES`, or `say.text` over `max_chars`.
        WrongVersion: A hello of another protocol version.
        BadFrame: Anything else that is not a frame of this protocol; says where and what was wanted.
    """
    value = read_object(raw)
    if value.get("type") == "hello" and value.get("v") != VERSION:
        raise WrongVersion(f"got protocol version {value.get('v')!r:.20}, wanted {VERSION}")
    try:
        frame = _client.validate_python(value)
    except ValidationError as error:
        raise told(error) from None
    if isinstance(frame, Say) and len(frame.text) > max_chars:
        raise TooLarge(f"got a message of {len(frame.text)} characters, wanted at most {max_chars}")
    return frame


def ref(raw: str) -> str | None:
    """What an error about this frame refers to: its client id, else its type; None when neither can be read.

    Cheap on any input, so that a frame may be refused before it is read.
    """
    try:
        value = orjson.loads(raw) if len(raw) <= MAX_FRAME_BYTES else None
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None
    found = value.get("id") or value.get("type") if isinstance(value, dict) else None
    return found[:64] if isinstance(found, str) else None


def dump(frame: Out) -> str:
    """A server frame as JSON text, without fields that hold None."""
    return frame.model_dump_json(exclude_none=True)


def json_schema() -> dict[str, Any]:
    """JSON Schema of both directions, generated from the types above."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Aisle wire protocol v{VERSION}",
        "client": _client.json_schema(mode="validation"),
        "server": _server.json_schema(mode="serialization"),
    }
