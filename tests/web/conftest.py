"""A shop in miniature for the widget's browser tests.

It speaks `bot/frames.py`, serves `web/` under the strict policy, and does what the test says, when the test says so.
"""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response, WebSocket
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, sync_playwright
from starlette.websockets import WebSocketDisconnect

from bot import frames

WEB = Path(__file__).resolve().parents[2] / "web"
POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEADLINE_S = 10.0

CANADA = frames.CitationOut(
    n=1,
    passage="policies/shipping#canada",
    title="Shipping: Canada",
    excerpt="Standard shipping to Canada takes 6–9 business days after dispatch and costs $12.95; free from $150. "
    "Express takes 3–4 business days and costs $24.95.",
    url="/policies/shipping#canada",
)
SHIPPING = (
    "Standard shipping to Canada takes 6–9 business days and costs $12.95; it is free from $150 [1]. 🏕️ Happy trails!"
)
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def _card(handle: str, name: str, price: str, stock: int, **more: str) -> frames.CardOut:
    return frames.CardOut(handle=handle, name=name, price=price, stock=stock, **more)


REPLIES: dict[str, dict[str, Any]] = {
    "shipping": {"text": SHIPPING, "citations": (CANADA,), "choices": ("Is it free?", "Talk about returns")},
    "tents": {
        "text": "Two tents would suit two people and their packs:",
        "cards": (
            _card("ridgeline-2-tent", "Ridgeline 2 Tent", "$389.00", 21, url="/products/r2", image="/web/img/tent.svg"),
            _card("marshlight-2-tent", "Marshlight 2 Tent", "$219.00", 3, note="$170 less, 600 g heavier"),
            _card("stormglass-2-tent", "Stormglass 2 Tent", "$729.00", 0, image="https://cdn.fernway.example/s.jpg"),
        ),
        "choices": ("Which one is lighter?",),
    },
    "evil": {
        "text": f"{EVIL} [1] [9]",
        "citations": (frames.CitationOut(n=1, passage="p", title=EVIL, excerpt=EVIL, url="javascript:alert(3)"),),
        "cards": (_card("x", EVIL, EVIL, 1, url="javascript:alert(4)", image="javascript:alert(5)", note=EVIL),),
        "choices": (EVIL,),
    },
    "运费": {
        "text": "寄往加拿大的标准配送需要 6–9 个工作日，运费 $12.95，满 $150 免运费 [1]。",
        "citations": (CANADA.model_copy(update={"title": "配送：加拿大", "excerpt": "标准配送需要 6–9 个工作日。"}),),
    },
    "long": {"text": "\n\n".join(f"Paragraph {n}. The tent keeps the rain out and the warmth in." for n in range(20))},
}


@dataclass
class Shop:
    """The scripted server. `held` stops answers half-way until `release`; `cut` ends every connection."""

    url: str = ""
    messages: list[frames.MessageOut] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)
    phase: Any = "bot"
    held: bool = False
    muted: bool = False
    refusing: bool = False
    sockets: set[WebSocket] = field(default_factory=set)
    loop: asyncio.AbstractEventLoop | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    partial: frames.Delta | None = None

    def forget(self) -> None:
        """Start a test with an empty transcript; whoever is still connected is cut off."""
        self.cut()
        self.messages, self.heard, self.phase, self.partial = [], [], "bot", None
        self.held = self.muted = self.refusing = False
        self.call(self.gate.clear)

    def call(self, act: Callable[[], object]) -> None:
        """Run `act` on the server's loop and wait for it."""
        assert self.loop
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self.loop.call_soon_threadsafe(run)
        assert done.wait(DEADLINE_S)

    def release(self) -> None:
        """Let the held answer go on."""
        self.held = False
        self.call(self.gate.set)

    def cut(self) -> None:
        """End every connection without a word about why."""

        def close() -> None:
            for socket in list(self.sockets):
                self._start(socket.close(1011))

        self.call(close)

    def speak(self, author: str, text: str, **more: Any) -> None:
        """Somebody else writes into the conversation."""
        self.call(lambda: self._start(self._tell(self._commit(author, text, **more))))

    def status(self, phase: str) -> None:
        """Change the phase and say so."""
        self.phase = phase
        self.tell(frames.Status(phase=self.phase))

    def tell(self, frame: Any) -> None:
        """Send one frame to everybody who is connected."""
        self.call(lambda: self._start(self._tell(frame)))

    def said(self, kind: type) -> list[Any]:
        """Every frame of this kind that clients have sent."""
        return [f for f in self.heard if isinstance(f, kind)]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Poll until it holds, or fail."""
        end = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < end, "the condition did not come about"
            time.sleep(0.01)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _commit(self, author: Any, text: str, **more: Any) -> frames.MessageOut:
        for message in self.messages:
            if more.get("id") and message.id == more["id"]:
                return message
        at = datetime(2026, 11, 22, 10, 0, len(self.messages) % 60, tzinfo=UTC)
        self.messages.append(frames.MessageOut(seq=len(self.messages) + 1, at=at, author=author, text=text, **more))
        return self.messages[-1]

    async def _tell(self, frame: Any) -> None:
        for socket in list(self.sockets):
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_text(frames.dump(frame))

    async def serve(self, socket: WebSocket) -> None:
        """One connection, until it ends."""
        if self.refusing:
            await socket.close()
            return
        await socket.accept()
        with suppress(WebSocketDisconnect, RuntimeError):
            while True:
                frame = frames.parse(await socket.receive_text(), 300)
                self.heard.append(frame)
                await self._do(frame, socket)
        self.sockets.discard(socket)

    async def _do(self, frame: Any, socket: WebSocket) -> None:
        match frame:
            case frames.Hello():
                await self._welcome(frame, socket)
            case frames.Say():
                if self.muted:
                    return
                known = any(m.id == frame.id for m in self.messages)
                message = self._commit("shopper", frame.text, id=frame.id)
                await self._tell(message)
                await socket.send_text(frames.dump(frames.Ack(id=frame.id, seq=message.seq, at=message.at)))
                if not known and self.phase in ("bot", "waiting"):
                    self._start(self._answer(message))
            case frames.Stop():
                self.gate.set()
            case frames.AskStaff() | frames.Withdraw():
                self.phase = "waiting" if isinstance(frame, frames.AskStaff) else "bot"
                await self._tell(self._commit("system", "", id=frame.id, event=frame.type))
                await self._tell(frames.Status(phase=self.phase))
            case frames.Rate():
                old = self.messages[frame.seq - 1]
                self.messages[frame.seq - 1] = old.model_copy(update={"rating": frame.value})
                await self._tell(frames.Rated(seq=frame.seq, value=frame.value))

    async def _welcome(self, hello: frames.Hello, socket: WebSocket) -> None:
        zh = hello.lang == "zh"
        welcome = frames.Welcome(
            conversation="c-1",
            token="token-of-c-1",
            shop="Fernway Outdoor",
            lang=hello.lang or "en",
            last_seq=len(self.messages),
            greeting="您好！想了解商品、配送或退换货吗？" if zh else "Hello! Ask about gear, delivery or returns.",
            choices=("运费是多少？",) if zh else ("How long does shipping to Canada take?", "Show me tents"),
            max_chars=300,
        )
        after = [m for m in self.messages if m.seq > hello.after_seq]
        partial = [self.partial] if self.partial else []
        for frame in [welcome, *after, frames.Status(phase=self.phase), *partial]:
            await socket.send_text(frames.dump(frame))
        self.sockets.add(socket)

    async def _answer(self, message: frames.MessageOut) -> None:
        known = (reply for word, reply in REPLIES.items() if word in message.text.lower())
        reply = next(known, {"text": f"You said: {message.text}"})
        text = reply["text"]
        await self._tell(frames.TypingOut(author="bot", on=True))
        half, stopped = len(text) // 2, False
        for offset in range(0, len(text), 4):
            if offset >= half and self.held:
                self.partial = frames.Delta(turn=message.seq, offset=0, text=text[:offset])
                await self.gate.wait()
                self.partial = None
                if stopped := self.held:
                    break
            await self._tell(frames.Delta(turn=message.seq, offset=offset, text=text[offset : offset + 4]))
        done = {**reply, "text": text[:offset] if stopped else text, "stopped": stopped}
        await self._tell(self._commit("bot", turn=message.seq, **done))


def _application(shop: Shop) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def strict(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["content-security-policy"] = POLICY
        response.headers["cache-control"] = "no-cache"
        return response

    @app.get("/")
    async def demo() -> FileResponse:
        return FileResponse(WEB / "demo.html")

    @app.get("/policies/shipping")
    async def policy() -> FileResponse:
        return FileResponse(WEB / "demo.html")

    app.add_api_websocket_route("/ws", shop.serve)
    app.mount("/web", StaticFiles(directory=WEB))
    return app


@pytest.fixture(scope="session")
def _running() -> Iterator[Shop]:
    shop = Shop()
    config = uvicorn.Config(_application(shop), port=0, log_level="error", ws="websockets-sansio", lifespan="off")
    server = uvicorn.Server(config)

    async def run() -> None:
        shop.loop = asyncio.get_running_loop()
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    shop.wait_for(lambda: server.started)
    shop.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield shop
    shop.release()
    shop.cut()
    server.should_exit = True
    thread.join(DEADLINE_S)
    assert not thread.is_alive()


@pytest.fixture
def shop(_running: Shop) -> Shop:
    """The scripted shop with an empty transcript."""
    _running.forget()
    return _running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a screen."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.fail("got no chromium on PATH, wanted the one of the system's packages")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@dataclass
class Tab:
    """Opens pages as a shopper would, and remembers what the browser complained about."""

    browser: Browser
    shop: Shop
    complaints: list[str] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)

    def open(self, path: str = "/", **context: Any) -> Page:
        """A new page in a browser profile of its own, with the widget on it and ready."""
        profile = self.browser.new_context(
            **{"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce", **context}
        )
        profile.set_default_timeout(DEADLINE_S * 1000)
        self.closing.append(profile.close)
        page = profile.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dismiss)
        page.goto(self.shop.url + path)
        page.locator("aisle-chat .launcher").wait_for()
        return page

    def _dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        refused = self.shop.refusing and "WebSocket" in message.text
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(message.text)


@pytest.fixture
def tab(browser: Browser, shop: Shop) -> Iterator[Tab]:
    """Pages of this test; afterwards no script failed, no dialog opened and no policy was violated."""
    opened = Tab(browser, shop)
    yield opened
    for close in opened.closing:
        close()
    assert opened.complaints == []
