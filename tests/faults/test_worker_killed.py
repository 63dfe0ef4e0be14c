"""A worker is killed at the worst moments: every acknowledged message is there once, and is answered once."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.support.fixtures import Serve
from tests.support.model import Model, modelling
from tests.support.running import Running
from tests.support.shopper import Shopper, shopping

CANADA = "How long does shipping to Canada take?"
FIRST = "Standard shipping to Canada takes 6–9 business days [1]."
SLOW = FIRST + " We are glad to help you with that." * 30


@asynccontextmanager
async def two_workers(serve: Serve, redis_url: str, pause_s: float) -> AsyncIterator[tuple[Running, Running, Model]]:
    """Two workers on one Redis and one database, with a slow model behind both."""
    async with modelling(SLOW, pause_s) as model:
        settings = {
            "redis": redis_url,
            "generator": f"openai:{model.url}#test",
            "lease_ttl_s": "1",
            "sweep_every_s": "1",
        }
        yield serve(**settings), serve(**settings), model


def _replies(shopper: Shopper, seq: int) -> list[str]:
    return [m["text"] for m in shopper.messages.values() if m.get("turn") == seq]


async def test_killed_in_mid_answer_the_other_worker_answers_once(serve: Serve, redis_url: str) -> None:
    """Killed after the first words: on the other worker the message is there once and gets one whole answer."""
    async with two_workers(serve, redis_url, 0.02) as (left, right, model):
        with suppress(ConnectionClosed):
            async with shopping(left.ws) as before:
                seq = await before.say(CANADA)
                await before.until(lambda f: f["type"] == "delta")
                left.kill()
                await before.until(lambda f: f["type"] == "message" and f.get("turn") == seq)
        assert not _replies(before, seq)
        async with shopping(right.ws, token=before.welcome["token"]) as after:
            reply = await after.reply_to(seq)
            await after.ask("thanks")
        assert [m["text"] for m in after.messages.values() if m["author"] == "shopper"] == [CANADA, "thanks"]
        assert _replies(after, seq) == [reply["text"]]
        assert reply["text"].startswith(FIRST)
        assert not reply["stopped"]
        assert len(model.asked) == 2


async def test_killed_while_nobody_is_there_the_answer_is_waiting(serve: Serve, redis_url: str) -> None:
    """The shopper is gone and the worker dies: the sweep of the other one answers, and the shopper finds it later."""
    async with two_workers(serve, redis_url, 0.02) as (left, right, _):
        with suppress(ConnectionClosed):
            async with shopping(left.ws) as before:
                seq = await before.say(CANADA)
                left.kill()
                await before.reply_to(seq)
        async with shopping(right.ws) as somebody_else:
            await somebody_else.ask("hi")
        async with asyncio.timeout(30):
            while True:
                async with shopping(right.ws, token=before.welcome["token"]) as after:
                    if _replies(after, seq) or await after.reply_to(seq):
                        break
        assert len(_replies(after, seq)) == 1


async def test_killed_before_the_ack_a_repeated_say_is_there_once(serve: Serve, redis_url: str) -> None:
    """The connection is cut right behind the say, again and again, on both workers: one message, one answer."""
    async with two_workers(serve, redis_url, 0.0) as (left, right, _):
        async with shopping(left.ws) as first:
            token = first.welcome["token"]
        for worker in (left, right, left, right):
            async with connect(worker.ws, compression=None) as socket:
                shopper = Shopper(socket)
                await shopper.hello(token=token)
                await shopper.send(type="say", id="one-and-only", text=CANADA)
        left.kill()
        async with shopping(right.ws, token=token) as after:
            seq = await after.say(CANADA, "one-and-only")
            await after.reply_to(seq)
        said = [m for m in after.messages.values() if m["author"] == "shopper"]
        assert [m["id"] for m in said] == ["one-and-only"]
        assert len(_replies(after, seq)) == 1


async def test_two_workers_racing_for_one_conversation_answer_each_message_once(serve: Serve, redis_url: str) -> None:
    """Two tabs on two workers write at once: all messages are there, in one order, each answered once."""
    async with two_workers(serve, redis_url, 0.0) as (left, right, _):
        async with (
            shopping(left.ws) as one,
            shopping(right.ws, token=one.welcome["token"]) as two,
        ):
            for _ in range(3):
                await asyncio.gather(
                    one.send(type="say", id=secrets.token_urlsafe(9), text=CANADA),
                    two.send(type="say", id=secrets.token_urlsafe(9), text="thanks"),
                )
            for tab in (one, two):
                while sum(m["author"] == "bot" for m in tab.messages.values()) < 6:
                    await tab.receive()
        assert one.messages == two.messages
        turns = [m["turn"] for m in one.messages.values() if m["author"] == "bot"]
        assert turns == sorted(set(turns))
        assert len(turns) == 6
