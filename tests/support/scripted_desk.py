"""A desk's server in miniature, for tests of the page.

It speaks `bot/desk_frames.py`, serves the page under the strict policy, and does what the test says, when it says so.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot import desk_frames as out
from bot.frames import CardOut, CitationOut
from bot.routes.headers import SecurityHeaders

WEB = Path(__file__).resolve().parents[2] / "web"
DEADLINE_S = 10.0
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CITATION = CitationOut(
    n=1,
    passage="policies/returns#worn",
    title="Returns: worn items",
    excerpt="Worn boots can be returned within 60 days if the sole is not damaged.",
    url="/policies/returns#worn",
)
WHY: dict[str, Any] = {
    "query": "return worn boots after two weeks",
    "generator": "copy:",
    "fallback": "",
    "hits": [
        {
            "passage": "policies/returns#worn",
            "title": "Returns: worn items",
            "score": 0.91,
            "exact": 0.0,
            "cosine": 0.78,
            "coverage": 0.66,
        },
        {
            "passage": "faq/boots-care",
            "title": "How do I care for my boots?",
            "score": 0.42,
            "exact": 0.0,
            "cosine": 0.51,
            "coverage": 0.2,
        },
    ],
    "claims": [
        {"kind": "days", "text": "60 days", "supported": True},
        {"kind": "price", "text": "$4.95", "supported": False},
    ],
    "ms": {"understand": 0.4, "search": 12.6, "generate": 218.0, "ground": 3.2},
}
CANNED: list[dict[str, str]] = [
    {"name": "hello", "text": "Hello! I am Mei from the shop. How can I help?", "lang": "en"},
    {"name": "label", "text": "I have sent the return label to your e-mail address.", "lang": "en"},
    {"name": "patience", "text": "One moment please, I am looking it up for you.", "lang": "en"},
    {"name": "你好", "text": "您好！我是客服小梅，请问有什么可以帮您？", "lang": "zh"},
]
FOUND: dict[str, Any] = {
    "passages": [
        {
            "id": "policies/returns#worn",
            "kind": "policy",
            "title": CITATION.title,
            "excerpt": CITATION.excerpt,
            "url": CITATION.url,
        }
    ],
    "products": [
        CardOut(
            handle="trail-boot", name="Trail Boot", price="$149.00", stock=7, url="/products/trail-boot"
        ).model_dump()
    ],
}


@dataclass(slots=True)
class Talk:
    """A conversation on the scripted server."""

    summary: out.SummaryOut
    messages: list[out.StaffMessage] = field(default_factory=list)
    notes: list[out.NoteOut] = field(default_factory=list)


@dataclass
class Counter:
    """The scripted server. `muted` says nothing; `refusing` takes no connection; `signed` is who is signed in."""

    url: str = ""
    talks: dict[str, Talk] = field(default_factory=dict)
    heard: list[Any] = field(default_factory=list)
    posted: list[tuple[str, Any]] = field(default_factory=list)
    canned: list[dict[str, str]] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    sockets: dict[WebSocket, set[str]] = field(default_factory=dict)
    signed: dict[str, str] | None = None
    hours: out.HoursOut = field(
        default_factory=lambda: out.HoursOut(open=True, text="Mo–Fr 9:00–18:00 (Europe/Berlin)")
    )
    muted: bool = False
    refusing: bool = False
    rival: str = ""
    version: int = 1
    loop: asyncio.AbstractEventLoop | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def forget(self) -> None:
        """Start a test anew: nobody connected, no conversations, `mei` signed in."""
        self.cut()
        self.talks, self.heard, self.posted, self.done = {}, [], [], set()
        self.canned = [dict(one) for one in CANNED]
        self.signed = {"name": "mei", "role": "staff"}
        self.muted = self.refusing = False
        self.rival, self.version = "", 1

    def call(self, act: Callable[[], object]) -> None:
        """Run `act` on the server's loop and wait for it."""
        assert self.loop
        over = threading.Event()

        def run() -> None:
            try:
                act()
            finally:
                over.set()

        self.loop.call_soon_threadsafe(run)
        assert over.wait(DEADLINE_S)

    def cut(self, code: int = 1011) -> None:
        """End every connection."""

        def close() -> None:
            for socket in list(self.sockets):
                self.sockets.pop(socket, None)
                self._start(socket.close(code))

        self.call(close)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Poll until it holds, or fail."""
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, "the condition did not come about"
            time.sleep(0.01)

    def said(self, kind: type[Any], type_: str = "") -> list[Any]:
        """Every frame of this kind that came."""
        return [f for f in self.heard if isinstance(f, kind) and (not type_ or f.type == type_)]

    # What happens in the shop

    def add(self, conversation: str, first: str = "", last: str = "", **more: Any) -> Talk:
        """A conversation in the list; told to who is connected."""
        known = {"phase": "bot", "reason": None, "lang": "en", "mood": "calm", "opened_at": START, "last_at": START}
        rest = {"waiting_since": None, "staff": None, "messages": 0, "rating": 0, "lines": (first, last)}
        talk = Talk(out.SummaryOut.model_validate({"conversation": conversation, **known, **rest, **more}))
        self.talks[conversation] = talk
        self.tell(out.ConversationOut(summary=talk.summary))
        return talk

    def change(self, conversation: str, **more: Any) -> None:
        """A line of the list is another now."""
        talk = self.talks[conversation]
        talk.summary = talk.summary.model_copy(update=more)
        self.tell(out.ConversationOut(summary=talk.summary))

    def wait(self, conversation: str, reason: str, minutes: float, **more: Any) -> None:
        """A shopper begins to wait, so many minutes ago."""
        since = datetime.now(UTC) - timedelta(minutes=minutes)
        self.change(conversation, phase="waiting", reason=reason, waiting_since=since, **more)

    def speak(self, conversation: str, author: Any, text: str, **more: Any) -> out.StaffMessage:
        """Somebody says something there."""
        talk = self.talks[conversation]
        seq = len(talk.messages) + 1
        at = more.pop("at", START + timedelta(seconds=20 * seq))
        message = out.StaffMessage(seq=seq, at=at, author=author, text=text, **more)
        talk.messages.append(message)
        self.tell(out.MessageFrame(conversation=conversation, message=message), conversation)
        if author != "system":
            first = talk.summary.lines[0] or text
            self.change(conversation, messages=talk.summary.messages + 1, lines=(first, text), last_at=at)
        return message

    def tell(self, frame: Any, watched: str = "") -> None:
        """Send a frame to all who are connected, or to those who watch this conversation."""
        self.call(lambda: self._start(self._tell(frame, watched)))

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _tell(self, frame: Any, watched: str = "") -> None:
        for socket, watching in list(self.sockets.items()):
            if not watched or watched in watching:
                with suppress(RuntimeError, WebSocketDisconnect):
                    await socket.send_text(out.dump(frame))

    # The websocket

    async def serve(self, socket: WebSocket) -> None:
        """One connection, until it ends."""
        if self.refusing:
            await socket.close()
            return
        await socket.accept()
        if not self.signed:
            await socket.close(4401, "not signed in")
            return
        self.sockets[socket] = set()
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_text(out.dump(self._desk()))
            while True:
                frame = out.parse(await socket.receive_text())
                self.heard.append(frame)
                if not self.muted:
                    await self._do(frame, socket)
        self.sockets.pop(socket, None)

    def _desk(self) -> out.Desk:
        assert self.signed
        lines = tuple(talk.summary for talk in self.talks.values())
        return out.Desk(v=self.version, me=out.Me(**self.signed), conversations=lines, hours=self.hours)

    async def _do(self, frame: Any, socket: WebSocket) -> None:
        if isinstance(frame, out.Watch):
            await self._watch(frame.conversation, socket)
        elif isinstance(frame, out.Unwatch):
            self.sockets[socket].discard(frame.conversation)
        elif isinstance(frame, out.Act | out.Reply | out.WriteNote):
            if frame.id not in self.done:
                refused = await self._apply(frame)
                if refused:
                    error = out.ErrorFrame(id=frame.id, code=refused, message=f"got {frame.type}, wanted another phase")
                    await socket.send_text(out.dump(error))
                    return
                self.done.add(frame.id)
            await socket.send_text(out.dump(out.Done(id=frame.id)))

    async def _watch(self, conversation: str, socket: WebSocket) -> None:
        talk = self.talks.get(conversation)
        if not talk:
            await socket.send_text(out.dump(out.ErrorFrame(code="not_found", message="there is no such conversation")))
            return
        self.sockets[socket].add(conversation)
        opened = out.Opened(conversation=conversation, messages=tuple(talk.messages), notes=tuple(talk.notes))
        await socket.send_text(out.dump(opened))

    async def _apply(self, frame: Any) -> str:
        """Do it; the code of the error when it cannot be."""
        assert self.signed
        talk, name = self.talks[frame.conversation], self.signed["name"]
        if isinstance(frame, out.WriteNote):
            talk.notes.append(out.NoteOut(id=len(talk.notes) + 1, at=datetime.now(UTC), staff=name, text=frame.text))
            await self._tell(out.NoteFrame(conversation=frame.conversation, note=talk.notes[-1]), frame.conversation)
        elif isinstance(frame, out.Reply):
            if talk.summary.staff != name:
                return "bad_phase"
            await self._say(talk, "staff", frame.text, id=frame.id, staff=name)
        elif frame.type == "claim" and self.rival:
            await self._line(talk, phase="staff", staff=self.rival, waiting_since=None)
            return "bad_phase"
        else:
            phase = {"claim": "staff", "give_back": "bot", "queue": "waiting", "close": "closed"}[frame.type]
            event = "ask_staff" if frame.type == "queue" else frame.type
            since = datetime.now(UTC) if phase == "waiting" else None
            await self._say(talk, "system", "", id=frame.id, staff=name, event=event)
            await self._line(talk, phase=phase, staff=name if phase == "staff" else None, waiting_since=since)
        return ""

    async def _say(self, talk: Talk, author: Any, text: str, **more: Any) -> None:
        message = out.StaffMessage(seq=len(talk.messages) + 1, at=datetime.now(UTC), author=author, text=text, **more)
        talk.messages.append(message)
        name = talk.summary.conversation
        await self._tell(out.MessageFrame(conversation=name, message=message), name)
        if author != "system":
            await self._line(talk, messages=talk.summary.messages + 1, lines=(talk.summary.lines[0], text))

    async def _line(self, talk: Talk, **more: Any) -> None:
        talk.summary = talk.summary.model_copy(update=more)
        await self._tell(out.ConversationOut(summary=talk.summary))


def application(counter: Counter) -> FastAPI:
    """The page, its files, and the HTTP routes of the desk."""
    app = FastAPI()
    app.add_middleware(SecurityHeaders)

    @app.get("/staff")
    async def page() -> FileResponse:
        return FileResponse(WEB / "staff.html")

    @app.get("/signin")
    async def signin() -> FileResponse:
        return FileResponse(WEB / "signin.html")

    @app.get("/api/whoami")
    async def whoami() -> dict[str, Any]:
        return {**counter.signed, "csrf": "c-s-r-f"} if counter.signed else {"name": None, "role": None, "csrf": ""}

    @app.get("/api/desk/canned")
    async def canned() -> list[dict[str, str]]:
        return counter.canned

    @app.get("/api/desk/search")
    async def search(q: str) -> dict[str, Any]:
        counter.posted.append(("search", q))
        return FOUND if "boot" in q else {"passages": [], "products": []}

    @app.api_route("/api/{what:path}", methods=["POST", "PUT"])
    async def change(what: str, request: Request) -> JSONResponse:
        if request.headers.get("x-csrf-token") != "c-s-r-f":
            return JSONResponse({"code": "forbidden", "message": "no token"}, 403)
        body: Any = await request.json() if await request.body() else None
        counter.posted.append((what, body))
        if what == "desk/suggest":
            return JSONResponse({"text": "Yes, within 60 days [1].", "citations": [CITATION.model_dump()]})
        if what == "desk/canned":
            counter.canned = body
        if what == "sign-out":
            counter.signed = None
        return JSONResponse(body or {}, 201 if what == "desk/wrong" else 200)

    app.add_api_websocket_route("/ws/staff", counter.serve)
    app.mount("/web", StaticFiles(directory=WEB))
    return app


@contextmanager
def running() -> Iterator[Counter]:
    """The server on a free loopback port, for as long as needed."""
    counter = Counter()
    config = uvicorn.Config(application(counter), port=0, log_level="error", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)

    async def run() -> None:
        counter.loop = asyncio.get_running_loop()
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    counter.wait_for(lambda: server.started)
    counter.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield counter
    counter.cut()
    server.should_exit = True
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
