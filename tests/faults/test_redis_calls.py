"""Redis killed, stopped, full, read-only, flushed or cut off: calls end in time, and nobody gets another's reply."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot import embedded
from bot.conversation import State
from bot.embedded import Embedded
from bot.errors import StateLost
from bot.redis_client import LIMIT_S, RedisClient
from bot.sessions import RedisSessions

SLACK_S = 3.0
"""Added to limits, for a test machine may be busy: what is checked is that a call ends, and not after minutes."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Embedded]:
    """A Redis of this test's own."""
    server = await embedded.start(tmp_path / "redis")
    yield server
    await server.aclose()


@pytest.fixture
async def client(server: Embedded) -> AsyncIterator[RedisClient]:
    """A client of few connections, so that tasks share them."""
    client = RedisClient(server.url, connections=3)
    yield client
    await client.aclose()


@pytest.fixture
def sessions(client: RedisClient) -> RedisSessions:
    """Sessions in that Redis."""
    return RedisSessions(client)


@asynccontextmanager
async def stopped(server: Embedded) -> AsyncIterator[None]:
    """Hold the server still, as a machine does that swaps or a network that swallows."""
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


async def until_back(sessions: RedisSessions) -> None:
    """Wait until Redis answers again."""
    end_s = time.monotonic() + 10
    while True:
        try:
            return await sessions.ping()
        except StateLost:
            assert time.monotonic() < end_s, "Redis did not come back"
            await asyncio.sleep(0.01)


def every_call(sessions: RedisSessions, name: str) -> list[Callable[[], Awaitable[object]]]:
    """Each thing that sessions do."""

    async def lease() -> None:
        async with sessions.lease(name, 1):
            pass

    return [
        lambda: sessions.load(name),
        lambda: sessions.save(State(name), 60),
        lambda: sessions.put_partial(name, 1, "a"),
        lambda: sessions.partial(name),
        lambda: sessions.drop_partial(name),
        lambda: sessions.erase(name),
        lease,
        sessions.ping,
    ]


async def test_what_was_saved_is_there_after_kill_9(
    server: Embedded, sessions: RedisSessions, conversation: str
) -> None:
    """Every acknowledged save survives the server's death, and the next save goes on from it."""
    state: State | None = State(conversation)
    for seq in range(50):
        assert state is not None
        state = await sessions.save(replace(state, seq=seq), 60)
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await until_back(sessions)
    assert await sessions.load(conversation) == state
    assert state is not None
    assert await sessions.save(state, 60) == replace(state, version=51)


async def test_every_call_says_so_when_redis_is_gone(
    server: Embedded, sessions: RedisSessions, conversation: str
) -> None:
    """With nobody at the socket each call raises StateLost."""
    await sessions.ping()
    await server.aclose()
    for call in every_call(sessions, conversation):
        with pytest.raises(StateLost):
            await call()


async def test_every_call_ends_in_time_when_redis_hangs(
    server: Embedded, sessions: RedisSessions, conversation: str
) -> None:
    """A Redis that takes connections and says nothing costs two seconds, also with more callers than connections."""
    await sessions.ping()
    async with stopped(server):
        began_s = time.monotonic()
        calls = [call() for _ in range(5) for call in every_call(sessions, conversation)]
        done = await asyncio.gather(*calls, return_exceptions=True)
        took_s = time.monotonic() - began_s
    assert [type(d) for d in done] == [StateLost] * len(calls)
    assert LIMIT_S * 0.9 < took_s < LIMIT_S + SLACK_S
    await until_back(sessions)
    assert await sessions.save(State(conversation + "-after"), 60)


async def test_scripts_survive_a_flush(client: RedisClient, sessions: RedisSessions, conversation: str) -> None:
    """After SCRIPT FLUSH saves and leases go on at once."""
    state = await sessions.save(State(conversation), 60)
    await client.call("SCRIPT", "FLUSH")
    assert state is not None
    assert await sessions.save(state, 60)
    async with sessions.lease(conversation, 5) as lease:
        await client.call("SCRIPT", "FLUSH")
        assert lease is not None
    async with sessions.lease(conversation, 5) as lease:
        assert lease is not None


async def test_cut_connections_are_not_noticed(server: Embedded, sessions: RedisSessions, conversation: str) -> None:
    """After CLIENT KILL of all of them calls go on; a save that may have been made twice counts once."""
    admin = RedisClient(server.url)
    state: State | None = State(conversation)
    for _ in range(30):
        await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert state is not None
        state = await sessions.save(state, 60)
    assert state == State(conversation, version=30)
    await admin.aclose()


async def test_a_full_redis_is_lost_and_found(client: RedisClient, sessions: RedisSessions, conversation: str) -> None:
    """Out of memory: saves raise StateLost and keep what was there; with room again they go on."""
    state = await sessions.save(State(conversation), 60)
    assert state is not None
    await client.call("CONFIG", "SET", "maxmemory", "1")
    with pytest.raises(StateLost, match="maxmemory"):
        await sessions.save(state, 60)
    with pytest.raises(StateLost, match="maxmemory"):
        await sessions.put_partial(conversation, 1, "a")
    assert await sessions.load(conversation) == state
    await client.call("CONFIG", "SET", "maxmemory", "0")
    assert await sessions.save(state, 60)


async def test_a_replica_that_may_not_be_written_is_lost(
    client: RedisClient, sessions: RedisSessions, conversation: str
) -> None:
    """A read-only replica: saves raise StateLost; once it is a master again they go on."""
    await client.call("REPLICAOF", "127.0.0.1", "1")
    with pytest.raises(StateLost, match=r"(?i)read.?only"):
        await sessions.save(State(conversation), 60)
    await client.call("REPLICAOF", "NO", "ONE")
    assert await sessions.save(State(conversation), 60)


async def test_what_cannot_be_read_is_as_if_it_were_not_there(
    client: RedisClient, sessions: RedisSessions, conversation: str
) -> None:
    """A state of another shape is dropped, so that a rebuilt one can be saved; so is a broken partial answer."""
    key = f"aisle:{{{conversation}}}:"
    for data in (b"{", b"[]", b'{"conversation": 1}', b"\xff"):
        await client.call("HSET", key + "state", "v", "7", "by", "x", "data", data)
        await client.call("SET", key + "partial", data)
        assert await sessions.load(conversation) is None
        assert await sessions.partial(conversation) is None
        assert await sessions.save(State(conversation), 60) == State(conversation, version=1)


async def test_every_key_expires_and_carries_a_hash_tag(
    client: RedisClient, sessions: RedisSessions, conversation: str
) -> None:
    """Nothing stays for ever, and one conversation's keys stay together in a cluster."""
    await sessions.save(State(conversation), 60)
    await sessions.put_partial(conversation, 1, "a")
    async with sessions.lease(conversation, 5):
        keys = (await client.call("SCAN", 0, "COUNT", 1000))[1]
        assert len(keys) == 3
        for key in keys:
            assert key.startswith(b"aisle:{" + conversation.encode() + b"}:")
            assert 0 < await client.call("PTTL", key) <= 60_000


async def test_a_lease_is_lost_when_somebody_else_has_it(
    client: RedisClient, sessions: RedisSessions, conversation: str
) -> None:
    """The holder finds out at the next renewal, and does not free what is no longer its own."""
    key = f"aisle:{{{conversation}}}:lease"
    async with sessions.lease(conversation, 0.3) as lease:
        assert lease is not None
        await client.call("SET", key, "somebody", "PX", 60_000)
        async with asyncio.timeout(5):
            await lease.lost.wait()
    assert await client.call("GET", key) == b"somebody"


async def test_a_lease_is_lost_when_redis_is_away_for_longer_than_it_lasts(
    server: Embedded, sessions: RedisSessions, conversation: str
) -> None:
    """Not before it may have expired, and without waiting for a call that hangs."""
    async with sessions.lease(conversation, 0.6) as lease:
        assert lease is not None
        async with stopped(server):
            async with asyncio.timeout(0.6 + SLACK_S):
                await lease.lost.wait()
    await until_back(sessions)


async def test_a_lease_outlives_a_short_absence(server: Embedded, sessions: RedisSessions, conversation: str) -> None:
    """Redis dies and comes back within the lease's time: it is still held, and nobody else got it."""
    async with sessions.lease(conversation, 6) as lease:
        assert lease is not None
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        await until_back(sessions)
        async with sessions.lease(conversation, 6) as second:
            assert second is None
        assert not lease.lost.is_set()


async def test_a_lease_asked_for_in_vain_is_not_left_behind(sessions: RedisSessions, conversation: str) -> None:
    """Whoever is cancelled while asking leaves no lease that others would have to wait for."""
    for steps in range(30):
        task = asyncio.create_task(_take(sessions, conversation))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        async with sessions.lease(conversation, 60) as lease:
            assert lease is not None


async def _take(sessions: RedisSessions, name: str) -> None:
    async with sessions.lease(name, 60):
        await asyncio.sleep(0)


async def test_a_cancelled_task_never_leaves_its_reply_to_another(sessions: RedisSessions) -> None:
    """Twelve shoppers over three connections, each cancelled at every step in turn: each reads its own text alone."""

    async def chat(name: str) -> None:
        for turn in range(6):
            await sessions.put_partial(name, turn, f"{name} says {turn}")
            assert await sessions.partial(name) == (turn, f"{name} says {turn}")
            assert await sessions.load(name) is None

    cancelled = 0
    for steps in range(60):
        names = [f"shopper-{i}" for i in range(12)]
        tasks = [asyncio.create_task(chat(name)) for name in names]
        for _ in range(steps):
            await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(d is None or isinstance(d, asyncio.CancelledError) for d in done), done
        cancelled += sum(isinstance(d, asyncio.CancelledError) for d in done)
    assert cancelled > 100


class Wire:
    """A TCP proxy before the server that can hold replies back, cut them in the middle, or swallow everything."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._tasks: set[asyncio.Task[None]] = set()
        self.holds = asyncio.Event()
        self.holds.set()
        self.cut_after: int | None = None

    async def open(self) -> str:
        """Its address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"redis://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def aclose(self) -> None:
        """End all connections."""
        self._server.close()
        # One turn of the loop, so that a connection accepted just now is among the tasks.
        await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        ends = [writer]
        try:
            back_reader, back_writer = await asyncio.open_unix_connection(self._socket)
            ends.append(back_writer)
            up = asyncio.create_task(self._copy(reader, back_writer))
            with suppress(OSError, asyncio.CancelledError):
                await self._replies(back_reader, writer)
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
        finally:
            for end in ends:
                end.close()
            for end in ends:
                with suppress(OSError, asyncio.CancelledError):
                    await end.wait_closed()
            self._tasks.discard(task)

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def _replies(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self.holds.wait()
            if self.cut_after is not None:
                writer.write(data[: self.cut_after])
                await writer.drain()
                return
            writer.write(data)
            await writer.drain()


@pytest.fixture
async def wire(server: Embedded) -> AsyncIterator[Wire]:
    """The proxy, closed afterwards."""
    wire = Wire(server.socket)
    yield wire
    await wire.aclose()


async def test_a_reply_that_comes_too_late_reaches_nobody(server: Embedded, wire: Wire) -> None:
    """Over TCP: replies held back past the limit are lost with their connections; later calls get their own."""
    client = RedisClient(await wire.open(), limit_s=0.2, connections=2)
    direct = RedisClient(server.url)
    sessions = RedisSessions(client)
    for name in ("ann", "bob"):
        await RedisSessions(direct).put_partial(name, 1, name)
    assert await sessions.partial("ann") == (1, "ann")
    for _ in range(3):
        wire.holds.clear()
        with pytest.raises(StateLost, match=r"within 0\.2 s"):
            await sessions.partial("ann")
        wire.holds.set()
        assert await sessions.partial("bob") == (1, "bob")
    await client.aclose()
    await direct.aclose()


async def test_a_reply_cut_in_the_middle_is_no_reply(wire: Wire) -> None:
    """A connection that breaks within a reply raises StateLost, and the save counts once when it is tried again."""
    client = RedisClient(await wire.open())
    sessions = RedisSessions(client)
    state = await sessions.save(State("ann"), 60)
    assert state is not None
    wire.cut_after = 1
    with pytest.raises(StateLost):
        await sessions.save(state, 60)
    wire.cut_after = None
    assert await sessions.load("ann") == replace(state, version=2)
    await client.aclose()
