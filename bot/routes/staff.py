"""The desk's websocket: the list, conversations that are read along with, and what staff do. See `desk_frames.py`.

A connection follows the worker's `Board` for the list, and the feed's topic of each conversation that it watches. As on
the shopper's side, what the feed tells is a hint: messages and notes are read from SQL after the last one sent.

Close codes: 4401 not signed in, or no longer · 4403 bad origin · 4413 too slow a reader · 4429 too many connections ·
4400 too many bad frames · 1011 a fault of ours · 1013 the database is away, come again.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any, assert_never
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import FileResponse, RedirectResponse
from starlette.websockets import WebSocketDisconnect

from bot import desk_frames as out
from bot.access import Person
from bot.accounts import Role
from bot.audit import Audit
from bot.board import Board
from bot.canned import CannedReplies
from bot.desk import Asked, Desk, Staff
from bot.errors import (
    AisleError,
    BadFrame,
    BadOrigin,
    NotSignedIn,
    RateLimited,
    Refused,
    StateLost,
    StoreLost,
    Unavailable,
)
from bot.feed import Gap, Subscriber, heard
from bot.frames import Out
from bot.limits import Bucket, Connections, Places
from bot.publish import framed, topic
from bot.record import Stores
from bot.routes.auth import for_socket, signed_in
from bot.routes.callers import client_address
from bot.routes.outbox import Closed, Outbox
from bot.routes.pages import WEB
from bot.settings import Settings
from knowledge.library import Library
from knowledge.live import Live
from knowledge.snapshot import Snapshot

log = structlog.get_logger()
router = APIRouter()

BAD_FRAMES = 20
BURST_S = 4.0
CHECK_S = 20.0
RESYNC_S = 15.0
WATCHED = 20


@dataclass(frozen=True, slots=True)
class DeskGate:
    """What the routes of the desk share. `live` gives a snapshot's products as they are now."""

    settings: Settings
    desk: Desk
    board: Board
    stores: Stores
    places: Places
    library: Library
    live: Callable[[Snapshot], Live]
    canned: CannedReplies
    audit: Audit
    clock: Callable[[], datetime]
    connections: Connections

    def hours(self) -> out.HoursOut:
        """The opening hours, and whether somebody should be there now."""
        text = f"{self.settings.hours} ({self.settings.timezone})" if self.settings.hours else ""
        return out.HoursOut(open=self.settings.reach.is_there(self.clock()), text=text)


_caller = signed_in(Role.STAFF)


@router.get("/staff", include_in_schema=False)
async def page(request: Request) -> Response:
    """The desk, where conversations are answered."""
    return await _inside(request, "staff.html")


@router.get("/transcripts", include_in_schema=False)
async def transcripts(request: Request) -> Response:
    """The page on which transcripts are searched, read and exported."""
    return await _inside(request, "transcripts.html")


async def _inside(request: Request, file: str) -> Response:
    """A page for staff; who is not signed in is sent to do so and back. Without the database it opens, and says so."""
    try:
        with suppress(Unavailable):
            await _caller(request)
    except NotSignedIn:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/signin?next={quote(asked, safe='/')}", 303)
    return FileResponse(WEB / file, headers={"cache-control": "no-cache"})


@router.websocket("/ws/staff")
async def desk(socket: WebSocket) -> None:
    """One desk's connection."""
    gate: DeskGate = socket.app.state.desk
    address = client_address(socket, gate.settings.trusted_proxies)
    await socket.accept()
    try:
        with gate.connections.hold(address):
            person = await for_socket(socket, Role.STAFF)
            await _Connection(gate, socket, person, Staff(person.name, address)).run()
    except AisleError as error:
        with suppress(RuntimeError, WebSocketDisconnect):
            await socket.send_text(out.dump(_error(error)))
            await socket.close(_close_code(error), error.message[:120])


def _error(error: AisleError, id: str | None = None) -> out.ErrorFrame:
    return out.ErrorFrame(id=id, code=error.code, message=error.message)


def _close_code(error: AisleError) -> int:
    codes = ((BadOrigin, 4403), (RateLimited, 4429), (Refused, 4401), (Unavailable, 1013))
    return next((code for kind, code in codes if isinstance(error, kind)), 4400)


@dataclass(slots=True)
class _View:
    """A conversation that is read along with, and what of it was sent."""

    conversation: str
    seq: int = 0
    note: int = 0


@dataclass(slots=True)
class _Connection:
    """One open desk."""

    gate: DeskGate
    socket: WebSocket
    person: Person
    staff: Staff
    outbox: Outbox = field(init=False)
    bucket: Bucket = field(init=False)
    broken: asyncio.Queue[BaseException] = field(default_factory=asyncio.Queue)
    watched: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    typing: set[str] = field(default_factory=set)
    bad_frames: int = 0
    was_open: bool = False

    def __post_init__(self) -> None:
        rate = self.gate.settings.frames_per_s
        self.bucket = Bucket(rate, rate * BURST_S)
        self.outbox = Outbox(self.socket, self.gate.settings)

    async def run(self) -> None:
        """Until either side ends it."""
        tasks = [self._task(self.outbox.run())]
        try:
            async with self.gate.board.reading() as (_, changes):
                self._send_desk()
                tasks += [self._task(work) for work in (self._read(), self._follow(changes), self._check(changes))]
                raise await self.broken.get()
        except Closed as closed:
            await self.outbox.drain_and_close(closed)
        except AisleError as error:
            await self.outbox.drain_and_close(Closed(_close_code(error), error.message))
        except (WebSocketDisconnect, RuntimeError):
            pass
        except Exception:
            log.exception("desk failed", staff=self.staff.name)
            await self.outbox.drain_and_close(Closed(1011, "a fault on our side"))
        finally:
            everything = [*tasks, *self.watched.values()]
            for task in everything:
                task.cancel()
            await asyncio.gather(*everything, return_exceptions=True)
            for conversation in self.typing:
                await self.gate.desk.typing(conversation, on=False)

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run beside the others; what it raises ends the connection."""

        async def guarded() -> None:
            try:
                await work
            except Exception as error:
                self.broken.put_nowait(error)

        return asyncio.create_task(guarded())

    def _send(self, frame: Out) -> None:
        self.outbox.put(out.dump(frame))

    # The list

    def _send_desk(self) -> None:
        hours = self.gate.hours()
        self.was_open = hours.open
        lines = tuple(out.summed(summary) for summary in self.gate.board.listed.values())
        me = out.Me(name=self.person.name, role=self.person.role.value)
        self._send(out.Desk(me=me, conversations=lines, hours=hours))

    async def _follow(self, changes: Subscriber) -> None:
        async for change in changes:
            if isinstance(change, Gap):
                self._send_desk()
            else:
                self._send(change["frame"])

    async def _check(self, changes: Subscriber) -> None:
        """Now and then: whether the session still lasts, and whether the shop opened or closed."""
        while True:
            await asyncio.sleep(CHECK_S)
            with suppress(Unavailable):
                try:
                    await for_socket(self.socket, Role.STAFF, used=False)
                except Refused as ended:
                    raise Closed(4401, ended.message) from None
            if self.gate.hours().open is not self.was_open:
                changes.put(Gap())

    # Frames of the client

    async def _read(self) -> None:
        while True:
            frame: out.Frame | None = None
            try:
                text = await self._receive()
                if (wait_s := self.bucket.take(monotonic())) > 0:
                    raise RateLimited(f"too many frames, wanted a pause of {wait_s:.1f} s")
                frame = out.parse(text)
                await self._do(frame)
            except AisleError as error:
                self._send(_error(error, getattr(frame, "id", None)))
                self.bad_frames += isinstance(error, BadFrame)
                if self.bad_frames >= BAD_FRAMES:
                    raise Closed(4400, f"{BAD_FRAMES} frames could not be read") from None

    async def _receive(self) -> str:
        event = await self.socket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event.get("code", 1005))
        if event.get("text") is None:
            raise BadFrame("got a binary frame, wanted a text frame")
        return str(event["text"])

    async def _do(self, frame: out.Frame) -> None:
        match frame:
            case out.Watch():
                await self._watch(frame.conversation)
            case out.Unwatch():
                await self._unwatch(frame.conversation)
            case out.Act():
                await self.gate.desk.act(frame.type, Asked(frame.conversation, self.staff, frame.id))
                self._send(out.Done(id=frame.id))
            case out.Reply():
                await self.gate.desk.reply(Asked(frame.conversation, self.staff, frame.id), frame.text)
                self._send(out.Done(id=frame.id))
            case out.WriteNote():
                await self.gate.desk.note(Asked(frame.conversation, self.staff, frame.id), frame.text)
                self._send(out.Done(id=frame.id))
            case out.Types():
                await self._types(frame)
            case _:
                assert_never(frame)

    async def _types(self, frame: out.Types) -> None:
        """The shopper is told only of who has the conversation."""
        if not self._has(frame.conversation):
            return
        (self.typing.add if frame.on else self.typing.discard)(frame.conversation)
        await self.gate.desk.typing(frame.conversation, on=frame.on)

    def _has(self, conversation: str) -> bool:
        summary = self.gate.board.listed.get(conversation)
        return summary is not None and summary.staff == self.staff.name

    # Reading along

    async def _watch(self, conversation: str) -> None:
        await self.gate.desk.summary(conversation)
        await self._unwatch(conversation)
        if len(self.watched) >= WATCHED:
            raise Refused(f"got one conversation more than {WATCHED} to watch, wanted another to be left first")
        self.watched[conversation] = self._task(self._read_along(_View(conversation)))

    async def _unwatch(self, conversation: str) -> None:
        if task := self.watched.pop(conversation, None):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _read_along(self, view: _View) -> None:
        async with self.gate.stores.feed.subscribe(topic(view.conversation)) as notices:
            await self._send_opened(view)
            while True:
                try:
                    notice = await heard(notices, RESYNC_S)
                except StopAsyncIteration:
                    return
                with suppress(StoreLost):
                    if isinstance(notice, Gap):
                        await self._send_opened(view)
                    elif notice is None or notice["kind"] in ("message", "note"):
                        await self._catch_up(view)
                    else:
                        self._pass_on(view.conversation, notice["kind"], notice["frame"])

    async def _send_opened(self, view: _View) -> None:
        desk = self.gate.desk
        messages, notes = await desk.messages(view.conversation), await desk.notes(view.conversation)
        sent = tuple(out.staffed(message, framed(message)) for message in messages)
        self._send(
            out.Opened(
                conversation=view.conversation,
                messages=sent,
                notes=tuple(out.NoteOut.model_validate(note) for note in notes),
            )
        )
        view.seq = messages[-1].seq if messages else 0
        view.note = notes[-1].id if notes else 0
        with suppress(StateLost):
            if partial := await self.gate.stores.sessions.partial(view.conversation):
                turn, text = partial
                self._send(out.DeltaFrame(conversation=view.conversation, turn=turn, offset=0, text=text))

    async def _catch_up(self, view: _View) -> None:
        for message in await self.gate.desk.messages(view.conversation, view.seq):
            shown = out.staffed(message, framed(message))
            self._send(out.MessageFrame(conversation=view.conversation, message=shown))
            view.seq = message.seq
        for note in await self.gate.desk.notes(view.conversation, view.note):
            self._send(out.NoteFrame(conversation=view.conversation, note=out.NoteOut.model_validate(note)))
            view.note = note.id

    def _pass_on(self, conversation: str, kind: str, frame: dict[str, Any]) -> None:
        readers: dict[str, type[Out]] = {
            "delta": out.DeltaFrame,
            "typing": out.TypingFrame,
            "rated": out.RatedFrame,
        }
        mine = frame.get("author") == "staff" and self._has(conversation)
        if kind in readers and not mine:
            self._send(readers[kind].model_validate({**frame, "conversation": conversation}))
