"""Live dialogue state: kept in Redis, gone after its time, never overwritten by somebody who read an older one.

What is kept for a conversation (hash-tagged keys, so that they stay together in a cluster; every key expires):

    aisle:{conversation}:state     hash   v, by, data    compare-and-set on v
    aisle:{conversation}:partial   text   turn, text     the answer in flight so far
    aisle:{conversation}:lease     text   token          who answers now
    aisle:{conversation}:proof     hash                  whose orders may be told (`orders/proofs.py`)

All of it can be rebuilt from the transcript, or is worth nothing after a minute; so losing Redis loses no message. What
`save` confirmed survives a crash of Redis up to the last second with AOF everysec. It does not know what the state
means, nor who is told about it (`feed.py`).
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Protocol

import orjson
from pydantic import TypeAdapter, ValidationError

from bot.conversation import State
from bot.errors import StateLost
from bot.redis_client import RedisClient, Script

PARTIAL_TTL_S = 60
SCRUB_LIMIT_S = 30.0
SCRUB_POLL_S = 0.05

_states: TypeAdapter[State] = TypeAdapter(State)
_partials: TypeAdapter[tuple[int, str]] = TypeAdapter(tuple[int, str])

# Saving again under the same nonce says "yes" again: a call may reach Redis twice (see redis_client.py).
_SAVE = Script("""
local now = redis.call('HMGET', KEYS[1], 'v', 'by')
if now[2] == ARGV[3] then return 1 end
if (now[1] or '0') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'by', ARGV[3], 'data', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1
""")
_TAKE = Script("""
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
""")
_RENEW = Script("""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
""")
_RELEASE = Script("""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
""")


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to answer a conversation. `lost` is set when it is no longer certain; stop at once then."""

    conversation: str
    token: str
    lost: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class Sessions(Protocol):
    """Live state by conversation. Every method raises `StateLost` when Redis is away, within about two seconds."""

    async def load(self, conversation: str) -> State | None:
        """The state saved last, or None when there is none, it expired, or it cannot be read any more."""
        ...

    async def save(self, state: State, ttl_s: int) -> State | None:
        """Keep `state` for `ttl_s` seconds if nobody saved since its version was loaded.

        A state that was never saved has version 0.

        Returns:
            The state with its version one higher, or None when somebody saved (or erased) it in between.
        """
        ...

    async def put_partial(self, conversation: str, turn: int, text: str) -> None:
        """Keep the answer to message `turn` as far as it got, for at most a minute."""
        ...

    async def partial(self, conversation: str) -> tuple[int, str] | None:
        """The turn and the text kept last."""
        ...

    async def drop_partial(self, conversation: str) -> None:
        """Forget the answer in flight."""
        ...

    def lease(self, conversation: str, ttl_s: float) -> AbstractAsyncContextManager[Lease | None]:
        """Hold the right to answer, or None when somebody else holds it.

        Renewed in the background every third of `ttl_s`. If its holder dies, it is free again after `ttl_s`.
        """
        ...

    async def erase(self, conversation: str) -> int:
        """Remove what was said from live state; a lease stays until it is released or expires.

        Returns:
            How many keys there were.
        """
        ...

    async def scrub(self) -> bool:
        """Let no trace of what was erased stay in a file of Redis; False when Redis does not let us see to that."""
        ...

    async def ping(self) -> None:
        """Ask for a sign of life."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class RedisSessions:
    """Sessions in Redis."""

    def __init__(self, client: RedisClient) -> None:
        self._client = client
        self.ping = client.ping
        self.aclose = client.aclose

    async def load(self, conversation: str) -> State | None:
        """See `Sessions.load`. What cannot be read is removed, so that a rebuilt state can take its place."""
        data = await self._client.call("HGET", _key(conversation, "state"), "data")
        if data is None:
            return None
        with contextlib.suppress(ValidationError, orjson.JSONDecodeError):
            return _states.validate_python(orjson.loads(data))
        await self._client.call("DEL", _key(conversation, "state"))
        return None

    async def save(self, state: State, ttl_s: int) -> State | None:
        """See `Sessions.save`."""
        saved = replace(state, version=state.version + 1)
        args = (state.version, saved.version, secrets.token_hex(8), orjson.dumps(saved), ttl_s)
        won = await self._client.run(_SAVE, _key(state.conversation, "state"), *args)
        return saved if won else None

    async def put_partial(self, conversation: str, turn: int, text: str) -> None:
        """See `Sessions.put_partial`."""
        await self._client.call("SET", _key(conversation, "partial"), orjson.dumps((turn, text)), "EX", PARTIAL_TTL_S)

    async def partial(self, conversation: str) -> tuple[int, str] | None:
        """See `Sessions.partial`."""
        data = await self._client.call("GET", _key(conversation, "partial"))
        with contextlib.suppress(ValidationError, orjson.JSONDecodeError):
            return None if data is None else _partials.validate_python(orjson.loads(data))
        return None

    async def drop_partial(self, conversation: str) -> None:
        """See `Sessions.drop_partial`."""
        await self._client.call("DEL", _key(conversation, "partial"))

    @asynccontextmanager
    async def lease(self, conversation: str, ttl_s: float) -> AsyncIterator[Lease | None]:
        """See `Sessions.lease`."""
        lease = Lease(conversation, secrets.token_hex(16))
        key, ttl_ms = _key(conversation, "lease"), round(ttl_s * 1000)
        began_s = _now_s()
        try:
            taken = await self._client.run(_TAKE, key, lease.token, ttl_ms)
        except asyncio.CancelledError:
            # It may have been taken although nobody read the answer; others should not wait until it expires.
            await self._release(key, lease.token)
            raise
        if not taken:
            yield None
            return
        renewal = asyncio.create_task(self._keep(lease, ttl_s, began_s + ttl_s))
        try:
            yield lease
        finally:
            renewal.cancel()
            await self._release(key, lease.token)

    async def erase(self, conversation: str) -> int:
        """See `Sessions.erase`."""
        keys = [_key(conversation, what) for what in ("state", "partial", "proof")]
        return int(await self._client.call("DEL", *keys))

    async def scrub(self) -> bool:
        """See `Sessions.scrub`. An append-only file has every write until it is written anew."""
        try:
            if not await self._says("aof_enabled:1"):
                return True
            async with asyncio.timeout(SCRUB_LIMIT_S):
                while await self._rewriting():  # noqa: ASYNC110 - began before the erasure; Redis tells nobody
                    await asyncio.sleep(SCRUB_POLL_S)
                await self._client.call("BGREWRITEAOF")
                while await self._rewriting():  # noqa: ASYNC110
                    await asyncio.sleep(SCRUB_POLL_S)
            return await self._says("aof_last_bgrewrite_status:ok")
        except (StateLost, TimeoutError):
            return False

    async def _rewriting(self) -> bool:
        return await self._says("aof_rewrite_in_progress:1") or await self._says("aof_rewrite_scheduled:1")

    async def _says(self, what: str) -> bool:
        found = await self._client.call("INFO", "persistence")
        if isinstance(found, dict):
            name, _, value = what.partition(":")
            return str(found.get(name)) == value
        return what.encode() in (found if isinstance(found, bytes) else str(found).encode()).split()

    async def _keep(self, lease: Lease, ttl_s: float, until_s: float) -> None:
        """Renew until the lease is found gone, or until Redis was away so long that it must have expired."""
        pause_s = ttl_s / 3
        while True:
            await asyncio.sleep(min(pause_s, max(0.0, until_s - _now_s())))
            began_s = _now_s()
            if began_s >= until_s:
                return lease.lost.set()
            kept = await self._renew(lease, ttl_s, until_s)
            if kept is False:
                return lease.lost.set()
            pause_s = ttl_s / 3 if kept else ttl_s / 20
            until_s = began_s + ttl_s if kept else until_s

    async def _renew(self, lease: Lease, ttl_s: float, until_s: float) -> bool | None:
        """Whether the lease is still held; None when Redis did not say so by `until_s`."""
        try:
            async with asyncio.timeout_at(until_s):
                key = _key(lease.conversation, "lease")
                return bool(await self._client.run(_RENEW, key, lease.token, round(ttl_s * 1000)))
        except (StateLost, TimeoutError):
            return None

    async def _release(self, key: str, token: str) -> None:
        """Free the lease if it is ours; what cannot be freed expires by itself."""
        with contextlib.suppress(StateLost):
            await self._client.run(_RELEASE, key, token)


class MemorySessions:
    """The twin without Redis, for tests and `aisle ask`; one object is what one Redis would be."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, State]] = {}
        self._partials: dict[str, tuple[float, tuple[int, str]]] = {}
        self._leases: dict[str, str] = {}

    async def load(self, conversation: str) -> State | None:
        """See `Sessions.load`."""
        until_s, state = self._kept.get(conversation, (0.0, None))
        return state if until_s > _now_s() else None

    async def save(self, state: State, ttl_s: int) -> State | None:
        """See `Sessions.save`."""
        current = await self.load(state.conversation)
        if (current.version if current else 0) != state.version:
            return None
        saved = replace(state, version=state.version + 1)
        self._kept[state.conversation] = (_now_s() + ttl_s, saved)
        return saved

    async def put_partial(self, conversation: str, turn: int, text: str) -> None:
        """See `Sessions.put_partial`."""
        self._partials[conversation] = (_now_s() + PARTIAL_TTL_S, (turn, text))

    async def partial(self, conversation: str) -> tuple[int, str] | None:
        """See `Sessions.partial`."""
        until_s, value = self._partials.get(conversation, (0.0, None))
        return value if until_s > _now_s() else None

    async def drop_partial(self, conversation: str) -> None:
        """See `Sessions.drop_partial`."""
        self._partials.pop(conversation, None)

    @asynccontextmanager
    async def lease(self, conversation: str, ttl_s: float) -> AsyncIterator[Lease | None]:  # noqa: ARG002
        """See `Sessions.lease`. Holder and twin die together, so nothing has to expire."""
        if conversation in self._leases:
            yield None
            return
        lease = Lease(conversation, secrets.token_hex(16))
        self._leases[conversation] = lease.token
        try:
            yield lease
        finally:
            del self._leases[conversation]

    async def erase(self, conversation: str) -> int:
        """See `Sessions.erase`."""
        kept = [self._kept.pop(conversation, None), self._partials.pop(conversation, None)]
        return sum(value is not None for value in kept)

    async def scrub(self) -> bool:
        """See `Sessions.scrub`. There is no file."""
        return True

    async def ping(self) -> None:
        """Always there."""

    async def aclose(self) -> None:
        """Nothing to close."""


def _key(conversation: str, what: str) -> str:
    return f"aisle:{{{conversation}}}:{what}"


def _now_s() -> float:
    return asyncio.get_running_loop().time()


async def open_sessions(url: str) -> Sessions:
    """Sessions behind `memory:`, `redis://…`, `rediss://…` or `unix://…`.

    Connects when first used: a Redis that is away now may come back, `ping` tells.

    Raises:
        BadSettings: The address is none of these.
    """
    return MemorySessions() if url == "memory:" else RedisSessions(RedisClient(url))
