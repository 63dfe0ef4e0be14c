"""A shopper whose connection is cut at random moments, on two workers: nothing lost, nothing doubled, all in order."""

import asyncio
import random
from contextlib import suppress

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.support.fixtures import Serve
from tests.support.running import Running
from tests.support.shopper import Frame, Shopper, shopping

QUESTIONS = ("How long does shipping to Canada take?", "thanks", "Can I pay with bitcoin?", "hi", "Do you price match?")


class Flaky:
    """A client on a bad line: what it has seen, what it still has to send, and the token that it was given."""

    def __init__(self) -> None:
        self.seen: dict[int, Frame] = {}
        self.outbox: dict[str, str] = {}
        self.token: str | None = None

    async def stretch(self, worker: Running, frames: int) -> None:
        """One connection that is gone, without a handshake, after so many frames."""
        async with connect(worker.ws, compression=None) as socket:
            shopper = Shopper(socket)
            await shopper.send(type="hello", v=1, token=self.token, after_seq=max(self.seen, default=0))
            for client_id, text in self.outbox.items():
                await shopper.send(type="say", id=client_id, text=text)
            with suppress(TimeoutError, ConnectionClosed):
                for _ in range(frames):
                    async with asyncio.timeout(1):
                        self.take(await shopper.receive())
            socket.transport.abort()

    def take(self, frame: Frame) -> None:
        """Keep what came; nothing may come twice, and no number may be left out."""
        if frame["type"] == "welcome":
            self.token = frame["token"]
        elif frame["type"] == "message":
            assert frame["seq"] == max(self.seen, default=0) + 1, "a message came again, or one was left out"
            self.seen[frame["seq"]] = frame
        elif frame["type"] == "ack":
            self.outbox.pop(frame["id"], None)


@pytest.mark.parametrize("seed", range(4))
async def test_random_cuts_lose_and_double_nothing(serve: Serve, redis_url: str, seed: int) -> None:
    """Twenty-five stretches of random length on two workers: each message is there once and is answered once."""
    chance, client, said = random.Random(seed), Flaky(), dict[str, str]()
    workers = [serve(redis=redis_url, frames_per_s="500", lease_ttl_s="1", sweep_every_s="1") for _ in range(2)]
    for n in range(25):
        if n < 15:
            said[f"client-id-{seed}-{n:02}"] = client.outbox[f"client-id-{seed}-{n:02}"] = chance.choice(QUESTIONS)
        with suppress(ConnectionClosed):
            await client.stretch(chance.choice(workers), chance.randrange(1, 14))
    async with shopping(workers[0].ws, token=client.token) as after:
        for client_id, text in client.outbox.items():
            await after.say(text, client_id)
        for message in [m for m in after.messages.values() if m["author"] == "shopper"]:
            await after.reply_to(message["seq"])
    asked = [m for m in after.messages.values() if m["author"] == "shopper"]
    assert {m["id"]: m["text"] for m in asked} == said
    assert len(asked) == len(said)
    assert sorted(after.messages) == list(range(1, max(after.messages) + 1))
    assert [m["turn"] for m in after.messages.values() if m["author"] == "bot"] == [m["seq"] for m in asked]
    assert all(after.messages[seq]["text"] == frame["text"] for seq, frame in client.seen.items())
