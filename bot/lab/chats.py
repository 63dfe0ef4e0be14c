"""The shoppers of the benchmark, in a process of their own: `python -m bot.lab.chats`.

Reads an order as JSON from standard input: the server's address, and the questions of each chat. All chats connect and
say hello; then all begin to ask at once, each one question after another as soon as the last is answered. A shopper who
is told that the shop is busy asks again after as long as it was told, as the widget's shopper would; times run from the
first try. Writes one JSON object. Nothing of Aisle is imported: this is the protocol as any client speaks it.
"""

import asyncio
import json
import secrets
import sys
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

PATIENCE_S = 60.0
OPEN_TIMEOUT_S = 30.0
RETRY = ("busy", "rate_limited")


@dataclass(slots=True)
class Tally:
    """What all chats of the order saw. Times are in milliseconds, one for each question that was answered."""

    welcome_ms: list[float] = field(default_factory=list)
    first_word_ms: list[float] = field(default_factory=list)
    whole_answer_ms: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Chat:
    """One shopper."""

    socket: ClientConnection
    questions: list[str]
    tally: Tally

    async def hello(self) -> None:
        """Be welcomed."""
        began = perf_counter()
        await self._send(type="hello", v=1)
        while (await self._frame())["type"] != "status":
            pass
        self.tally.welcome_ms.append((perf_counter() - began) * 1000)

    async def ask_all(self) -> None:
        """Ask one question after another; one that fails is counted, and the next one asked."""
        for question in self.questions:
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self._ask(question)
            except TimeoutError:
                self.tally.failed["no answer"] += 1
            except WebSocketException:
                self.tally.failed["connection lost"] += 1
                return

    async def _ask(self, question: str) -> None:
        began = perf_counter()
        wait_s = await self._try(question, began)
        while wait_s is not None:
            await asyncio.sleep(wait_s)
            wait_s = await self._try(question, began)

    async def _try(self, question: str, began: float) -> float | None:
        """Say it once: None when it was settled, or the seconds after which to try again."""
        id_, seq, first = secrets.token_urlsafe(12), 0, 0.0
        await self._send(type="say", id=id_, text=question)
        while True:
            frame = await self._frame()
            if frame["type"] == "error" and frame.get("ref") == id_:
                return self._refused(frame)
            if frame["type"] == "ack" and frame["id"] == id_:
                seq = frame["seq"]
            if not seq or frame.get("turn") != seq:
                continue
            first = first or (perf_counter() - began) * 1000
            if frame["type"] == "message":
                self._answered(frame, first, (perf_counter() - began) * 1000)
                return None

    def _refused(self, frame: dict[str, Any]) -> float | None:
        if frame["code"] in RETRY:
            self.tally.refused[frame["code"]] += 1
            return float(frame.get("retry_after_s") or 1.0)
        self.tally.failed[frame["code"]] += 1
        return None

    def _answered(self, frame: dict[str, Any], first_ms: float, whole_ms: float) -> None:
        self.tally.first_word_ms.append(first_ms)
        self.tally.whole_answer_ms.append(whole_ms)
        self.tally.actions[frame.get("action", "")] += 1

    async def _send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def _frame(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await self.socket.recv())
        return frame


async def hold(ws: str, questions: list[list[str]]) -> dict[str, Any]:
    """Hold a chat for each list of questions, all at once.

    Raises:
        OSError, TimeoutError, WebSocketException: A connection was refused or not welcomed.
    """
    tally = Tally()
    async with AsyncExitStack() as stack:
        opening = (connect(ws, compression=None, open_timeout=OPEN_TIMEOUT_S) for _ in questions)
        sockets = await asyncio.gather(*map(stack.enter_async_context, opening))
        chats = [_Chat(socket, asked, tally) for socket, asked in zip(sockets, questions, strict=True)]
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(chat.hello() for chat in chats))
        began = perf_counter()
        await asyncio.gather(*(chat.ask_all() for chat in chats))
        took_s = perf_counter() - began
    return {**{name: getattr(tally, name) for name in tally.__slots__}, "took_s": took_s}


if __name__ == "__main__":
    order = json.load(sys.stdin)
    print(json.dumps(asyncio.run(hold(order["ws"], order["questions"]))))
