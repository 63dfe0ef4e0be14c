"""The shopper's websocket: read frames, limit them, hand them on, and send what the transcript and the feed have.

A connection keeps one number, the `seq` that it has sent last. Whatever arrives from the feed is only a hint to
read the transcript from that number on. So every socket shows the same messages in the same order, each once, whatever
the feed lost or doubled.

Close codes: 4400 too many bad frames · 4401 bad token · 4403 bad origin · 4408 no hello in time · 4413 too slow a
reader · 4429 too many connections · 1011 a fault of ours · 1013 a store is away, come again.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, time
from typing import Any, assert_never

import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from bot import frames, phrases, tokens
from bot.conversation import Event, Phase, Visit, fold
from bot.dialogue import Dialogue
from bot.errors import AisleError, BadFrame, BadOrigin, BadToken, RateLimited, StateLost, StoreLost, Unavailable
from bot.feed import Gap
from bot.limits import Bucket, Buckets, Connections
from bot.network import network, pseudonym
from bot.publish import framed, topic
from bot.record import Stores
from bot.routes.callers import client_address
from bot.routes.outbox import Closed, Outbox
from bot.settings import Settings
from bot.telemetry import Telemetry

log = structlog.get_logger()
router = APIRouter()

BAD_FRAMES = 20
BURST_S = 4.0
PAGE = 200
RESYNC_S = 15.0


@dataclass(slots=True)
class Gate:
    """What every connection shares: settings, limits and the services behind it."""

    settings: Settings
    dialogue: Dialogue
    stores: Stores
    telemetry: Telemetry
    connections: Connections
    addresses: Buckets

    def address(self, socket: WebSocket) -> str:
        """The client's network address; a forwarded one only from a proxy that the settings trust."""
        return network(client_address(socket, self.settings.trusted_proxies))

    def pseudonym(self, address: str) -> str:
        """The address as it may be kept with a conversation."""
        return pseudonym(address, self.settings.secret.get_secret_value())

    def check_origin(self, socket: WebSocket) -> None:
        """Raise BadOrigin unless the page may open a chat. A client without Origin is no browser: a token protects."""
        origin = socket.headers.get("origin")
        allowed = self.settings.origins
        if origin is not None and "*" not in allowed and origin not in allowed:
            raise BadOrigin(f"got origin {origin[:200]!r}, wanted one of the shop's pages")


@router.websocket("/ws")
async def chat(socket: WebSocket) -> None:
    """One shopper's connection; see `frames.py` for the protocol."""
    gate: Gate = socket.app.state.gate
    address = gate.address(socket)
    await socket.accept()
    try:
        gate.check_origin(socket)
        with gate.connections.hold(address):
            gate.telemetry.sockets.inc()
            try:
                await _Connection(gate, socket, address).run()
            finally:
                gate.telemetry.sockets.dec()
    except (BadOrigin, RateLimited) as error:
        gate.telemetry.refusals.labels(error.code).inc()
        await _close(socket, 4403 if isinstance(error, BadOrigin) else 4429, error)


async def _close(socket: WebSocket, code: int, error: AisleError) -> None:
    with suppress(RuntimeError, WebSocketDisconnect):
        await socket.send_text(frames.dump(_error(error)))
        await socket.close(code, error.message[:120])


def _error(error: AisleError, ref: str | None = None) -> frames.Error:
    return frames.Error(code=error.code, message=error.message, ref=ref, retry_after_s=error.retry_after_s)


def _close_code(error: AisleError) -> int:
    if isinstance(error, BadToken):
        return 4401
    return 1013 if isinstance(error, Unavailable) else 4400


@dataclass(slots=True)
class _Connection:
    """One open socket and what was sent through it."""

    gate: Gate
    socket: WebSocket
    address: str
    conversation: str = ""
    phase: Phase = Phase.BOT
    sent_seq: int = 0
    bad_frames: int = 0
    degraded: bool = False
    network: str = field(init=False)
    bucket: Bucket = field(init=False)
    outbox: Outbox = field(init=False)
    typing: bool = False
    catching: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        rate = self.gate.settings.frames_per_s
        self.bucket = Bucket(rate, rate * BURST_S)
        self.outbox = Outbox(self.socket, self.gate.settings)
        self.network = self.gate.pseudonym(self.address)

    async def run(self) -> None:
        """Until either side ends it."""
        tasks = [asyncio.create_task(self.outbox.run())]
        try:
            hello = await self._hello()
            async with self.gate.stores.feed.subscribe(topic(self.conversation)) as notices:
                await self._welcome(hello)
                tasks += [asyncio.create_task(t) for t in (self._read(), self._follow(notices), self._resync())]
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        except Closed as closed:
            await self.outbox.drain_and_close(closed)
        except AisleError as error:
            self.gate.telemetry.refusals.labels(error.code).inc()
            with suppress(Closed):
                self.send(_error(error))
            await self.outbox.drain_and_close(Closed(_close_code(error), error.message))
        except (WebSocketDisconnect, RuntimeError):
            pass
        except Exception:
            log.exception("connection failed", conversation=self.conversation)
            await self.outbox.drain_and_close(Closed(1011, "a fault on our side"))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.typing:
                await self._types(on=False)

    # Out

    def send(self, frame: Any) -> None:
        """Put a frame into the outbox.

        Raises:
            Closed: The reader is too slow: the outbox is full.
        """
        self.outbox.put(frames.dump(frame))

    # In

    async def _receive(self) -> str:
        event = await self.socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        if event.get("text") is None:
            raise BadFrame("got a binary frame, wanted a text frame")
        return str(event["text"])

    async def _hello(self) -> frames.Hello:
        """The first frame; sets the conversation.

        Raises:
            Closed, BadFrame, BadToken: It did not come, was something else, or its token is not good.
        """
        settings = self.gate.settings
        try:
            async with asyncio.timeout(settings.hello_timeout_s):
                frame = frames.parse(await self._receive(), settings.max_chars)
        except TimeoutError:
            raise Closed(4408, f"no hello within {settings.hello_timeout_s:g} s") from None
        if not isinstance(frame, frames.Hello):
            raise BadFrame(f"got {frame.type} first, wanted hello")
        secret = settings.secret.get_secret_value()
        known = tokens.read(frame.token, secret, time(), settings.token_ttl_s) if frame.token else ""
        await self._open(frame, known or secrets.token_urlsafe(18))
        return frame

    async def _open(self, hello: frames.Hello, conversation: str) -> None:
        """Open or find the conversation; one that belongs to a verified shopper opens for no other."""
        shared = self.gate.settings.identity_secret.get_secret_value()
        user = tokens.identify(hello.identity, shared, time()).user if hello.identity else ""
        info = await self.gate.stores.transcripts.find(conversation)
        if info and info.identity and user and info.identity != user:
            raise BadToken("got a token of another shopper's conversation")
        await self.gate.dialogue.open(conversation, hello.lang or self.gate.settings.langs[0], user)
        page = hello.page
        await self.gate.dialogue.visited(conversation, Visit(page.product, page.viewed, page.cart, page.bought))
        self.conversation = conversation

    async def _welcome(self, hello: frames.Hello) -> None:
        settings, transcripts = self.gate.settings, self.gate.stores.transcripts
        info = await transcripts.find(self.conversation)
        if not info:
            raise StoreLost("the conversation could not be read back")
        lang: Any = hello.lang or info.lang or settings.langs[0]
        names = ("choice_shipping", "choice_returns", "choice_promotions")
        secret = settings.secret.get_secret_value()
        self.send(
            frames.Welcome(
                conversation=self.conversation,
                token=tokens.issue(self.conversation, secret, time()),
                shop=settings.shop,
                lang=lang,
                last_seq=info.last_seq,
                greeting=phrases.say("greeting", lang, shop=settings.shop),
                choices=tuple(phrases.say(name, lang) for name in names),
                max_chars=settings.max_chars,
            )
        )
        # A client that claims to have seen more than there is (another database, say) is shown all of it.
        self.sent_seq = hello.after_seq if hello.after_seq <= info.last_seq else 0
        self.phase = fold(await transcripts.events(self.conversation))
        await self.catch_up()
        self.send(frames.Status(phase=self.phase.value, degraded=self.degraded))
        await self._send_partial()
        self.gate.dialogue.serve(self.conversation)

    async def _send_partial(self) -> None:
        with suppress(StateLost):
            if partial := await self.gate.stores.sessions.partial(self.conversation):
                turn, text = partial
                self.send(frames.Delta(turn=turn, offset=0, text=text))

    async def _read(self) -> None:
        while True:
            ref = None
            try:
                text = await self._receive()
                ref = frames.ref(text)
                self._limit()
                frame = frames.parse(text, self.gate.settings.max_chars)
                await self._do(frame)
            except AisleError as error:
                self._refuse(error, ref)

    def _limit(self) -> None:
        now_s = monotonic()
        wait_s = max(self.bucket.take(now_s), self.gate.addresses.take(self.address, now_s))
        if wait_s > 0:
            raise RateLimited(f"too many frames, wanted a pause of {wait_s:.1f} s", retry_after_s=round(wait_s, 2))

    def _refuse(self, error: AisleError, ref: str | None) -> None:
        self.gate.telemetry.refusals.labels(error.code).inc()
        self.send(_error(error, ref))
        self.bad_frames += isinstance(error, BadFrame)
        if self.bad_frames >= BAD_FRAMES:
            raise Closed(4400, f"{BAD_FRAMES} frames could not be read")

    async def _do(self, frame: Any) -> None:
        dialogue, conversation = self.gate.dialogue, self.conversation
        match frame:
            case frames.Say():
                await self._say(frame)
            case frames.Stop():
                await dialogue.publish.stop(conversation)
            case frames.AskStaff():
                await dialogue.ask_staff(conversation, frame.id)
                if frame.note:
                    await dialogue.hear(conversation, f"{frame.id}-note"[:64], frame.note, self.network)
                await self.catch_up()
            case frames.Withdraw():
                await dialogue.withdraw(conversation, frame.id)
                await self.catch_up()
            case frames.Rate():
                await dialogue.rate(conversation, frame.seq, frame.value)
            case frames.Typing():
                await self._types(on=frame.on)
            case frames.Hello():
                raise BadFrame("got a second hello, wanted anything else")
            case _:
                assert_never(frame)

    async def _types(self, *, on: bool) -> None:
        """Tell the desk; other tabs of the shopper are not told that somebody else types."""
        self.typing = on
        await self.gate.dialogue.publish.typing(self.conversation, frames.TypingOut(author="shopper", on=on))

    async def _say(self, frame: frames.Say) -> None:
        message = await self.gate.dialogue.hear(self.conversation, frame.id, frame.text, self.network)
        self.send(frames.Ack(id=frame.id, seq=message.seq, at=message.at))
        await self.catch_up()

    # What happened meanwhile

    async def catch_up(self) -> None:
        """Send every message of the transcript that this socket has not sent."""
        async with self.catching:
            while page := await self.gate.stores.transcripts.after(self.conversation, self.sent_seq, PAGE):
                for message in page:
                    self._send_message(framed(message))

    def _send_message(self, message: frames.MessageOut) -> None:
        self.send(message)
        self.sent_seq = message.seq
        if message.event:
            self.phase = fold([Event(message.event)], self.phase)
            self.send(frames.Status(phase=self.phase.value, degraded=self.degraded))

    async def _follow(self, notices: Any) -> None:
        async for notice in notices:
            if isinstance(notice, Gap):
                self._degrade(on=False)
                await self.catch_up()
            else:
                await self._pass_on(notice["kind"], notice["frame"])

    async def _pass_on(self, kind: str, frame: dict[str, Any]) -> None:
        if kind == "erased":
            raise Closed(4401, "the conversation was erased")
        if kind == "message":
            if frame["seq"] > self.sent_seq:
                await self.catch_up()
            return
        readers: dict[str, Callable[[Any], Any]] = {
            "delta": frames.Delta.model_validate,
            "typing": frames.TypingOut.model_validate,
            "rated": frames.Rated.model_validate,
        }
        if kind in readers and frame.get("author") != "shopper":
            self.send(readers[kind](frame))

    async def _resync(self) -> None:
        """Now and then look whether the feed lost something, and whether it is there at all."""
        while True:
            await asyncio.sleep(RESYNC_S)
            with suppress(StoreLost):
                await self.catch_up()
                if await self.gate.stores.transcripts.find(self.conversation) is None:
                    raise Closed(4401, "the conversation was erased")
            try:
                await self.gate.stores.feed.ping()
            except StateLost:
                self._degrade(on=True)
            else:
                self._degrade(on=False)

    def _degrade(self, *, on: bool) -> None:
        if self.degraded != on:
            self.degraded = on
            self.send(frames.Status(phase=self.phase.value, degraded=on))
