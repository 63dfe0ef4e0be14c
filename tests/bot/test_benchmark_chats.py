"""The benchmark's shoppers, against a server that follows a script over real websockets."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from bot.lab import chats

Frame = dict[str, Any]


class Scripted:
    """Answers by what a question says: `busy` is refused once, `bad` for good, `gone` ends the connection."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def __call__(self, socket: ServerConnection) -> None:
        """One connection."""
        async for text in socket:
            frame = json.loads(text)
            if frame["type"] == "hello":
                await self._send(socket, {"type": "welcome"}, {"type": "status", "phase": "bot"})
            elif frame["text"] == "gone":
                await socket.close()
            elif frame["text"] != "silence":
                self.said.append(frame["text"])
                await self._send(socket, *self._answer(frame["text"], frame["id"]))

    def _answer(self, text: str, id_: str) -> list[Frame]:
        if text == "bad" or (text == "busy" and self.said.count(text) == 1):
            code = "too_large" if text == "bad" else "busy"
            return [{"type": "error", "code": code, "message": "no", "ref": id_, "retry_after_s": 0.01}]
        seq = 2 * len(self.said) - 1
        delta = {"type": "delta", "turn": seq, "offset": 0, "text": "Yes"}
        earlier = {"type": "message", "seq": seq, "author": "bot", "text": "late", "turn": seq - 2}
        message = {"type": "message", "seq": seq + 1, "author": "bot", "text": "Yes.", "turn": seq, "action": "answer"}
        return [{"type": "ack", "id": id_, "seq": seq}, earlier, delta, message]

    async def _send(self, socket: ServerConnection, *frames: Frame) -> None:
        for frame in frames:
            await socket.send(json.dumps(frame))


@asynccontextmanager
async def scripted() -> AsyncIterator[tuple[Scripted, str]]:
    """The server and its address."""
    script = Scripted()
    async with serve(script, "127.0.0.1", 0) as server:
        yield script, f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ws"


async def test_every_answer_has_both_times_and_the_first_word_is_no_later() -> None:
    """Each question is asked once and timed twice; answers to other turns do not count."""
    async with scripted() as (script, ws):
        found = await chats.hold(ws, [["a", "b"], ["c"]])
    assert sorted(script.said) == ["a", "b", "c"]
    assert len(found["welcome_ms"]) == 2
    pairs = zip(found["first_word_ms"], found["whole_answer_ms"], strict=True)
    assert len(found["first_word_ms"]) == 3
    assert all(0 < first <= whole for first, whole in pairs)
    assert (found["actions"], found["failed"], found["refused"]) == ({"answer": 3}, {}, {})


async def test_a_busy_refusal_is_counted_and_the_question_asked_again() -> None:
    """The time of a question that was refused once includes the wait."""
    async with scripted() as (script, ws):
        found = await chats.hold(ws, [["busy"]])
    assert script.said == ["busy", "busy"]
    assert found["refused"] == {"busy": 1}
    assert found["first_word_ms"][0] >= 10


async def test_a_refusal_for_good_is_counted_and_the_next_question_asked() -> None:
    """An error that no waiting cures is a failure under its code."""
    async with scripted() as (_, ws):
        found = await chats.hold(ws, [["bad", "a"]])
    assert (found["failed"], found["actions"]) == ({"too_large": 1}, {"answer": 1})


async def test_silence_and_lost_connections_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question without answer fails after the shopper's patience; a lost connection ends that chat only."""
    monkeypatch.setattr(chats, "PATIENCE_S", 0.3)
    async with scripted() as (_, ws):
        found = await chats.hold(ws, [["silence", "a"], ["gone", "never asked"], ["b"]])
    assert found["failed"] == {"no answer": 1, "connection lost": 1}
    assert found["actions"] == {"answer": 2}
