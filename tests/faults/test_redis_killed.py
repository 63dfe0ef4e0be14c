"""Redis is killed under a running server: no acknowledged message is missing, and chats go on when it is back."""

from pathlib import Path

import psutil

from bot import embedded
from tests.support.fixtures import Serve
from tests.support.running import Running
from tests.support.shopper import Shopper, shopping

CANADA = "How long does shipping to Canada take?"


def _redis_of(server: Running) -> psutil.Process:
    """The Redis process that this server started."""
    children = psutil.Process(server.process.pid).children(recursive=True)
    return next(child for child in children if "redis" in child.name())


def _replied(shopper: Shopper, seq: int) -> bool:
    return any(message.get("turn") == seq for message in shopper.messages.values())


async def test_chats_go_on_after_the_embedded_redis_was_killed(serve: Serve) -> None:
    """The server's own Redis dies by SIGKILL: it is started again; every acknowledged message is there, answered."""
    server = serve(sweep_every_s="1", lease_ttl_s="1")
    async with shopping(server.ws) as shopper:
        await shopper.ask(CANADA)
        _redis_of(server).kill()
        seqs = [await shopper.say(text) for text in (CANADA, "Do you sell gift cards?")]
        for seq in seqs:
            reply = await shopper.reply_to(seq)
            assert reply["action"] == "answer"
        token = shopper.welcome["token"]
    async with shopping(server.ws, token=token) as again:
        assert again.messages == shopper.messages
    assert [m["turn"] for m in again.messages.values() if m["author"] == "bot"] == [1, *seqs]


async def test_a_redis_that_is_away_for_a_while_loses_nothing(serve: Serve, tmp_path: Path) -> None:
    """A Redis that does not answer for some seconds: messages are acknowledged meanwhile and answered afterwards."""
    redis = await embedded.start(tmp_path / "redis")
    server = serve(redis=redis.url, sweep_every_s="1", lease_ttl_s="1")
    async with shopping(server.ws) as shopper:
        first = await shopper.ask(CANADA)
        assert redis.pid
        paused = psutil.Process(redis.pid)
        paused.suspend()
        seq = await shopper.say(CANADA)
        assert not _replied(shopper, seq)
        paused.resume()
        second = await shopper.reply_to(seq)
    assert second["text"] == first["text"]
    await redis.aclose()
