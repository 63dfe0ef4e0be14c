"""Which workers there are, and which snapshot each serves: told every few seconds, forgotten when no longer told."""

import os
import secrets
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import orjson

from bot.redis_client import RedisClient, Script

TELL_EVERY_S = 3.0
GONE_AFTER_S = 12.0
KEY = "aisle:workers"

# Old entries go with the next telling; the whole hash goes when nobody tells any more.
_TELL = Script("""
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local at = string.match(redis.call('HGET', KEYS[1], field), '"at":([%d.]+)')
  if tonumber(at) < tonumber(ARGV[3]) then redis.call('HDEL', KEYS[1], field) end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
""")


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker as it last told of itself. `seen_at` is in UTC."""

    worker: str
    version: str
    seen_at: datetime


class Presence(Protocol):
    """Who is there."""

    async def tell(self, worker: str, version: str) -> None:
        """Say that this worker is there, and which snapshot it serves.

        Raises:
            StateLost: Redis is away.
        """
        ...

    async def all(self) -> list[Worker]:
        """Everyone who told within `GONE_AFTER_S`, in the order of names.

        Raises:
            StateLost: Redis is away.
        """
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class MemoryPresence:
    """The twin without Redis, for one worker."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._workers: dict[str, Worker] = {}

    async def tell(self, worker: str, version: str) -> None:
        """See `Presence.tell`."""
        self._workers[worker] = Worker(worker, version, self._clock())

    async def all(self) -> list[Worker]:
        """See `Presence.all`."""
        return _there(self._workers.values(), self._clock())

    async def aclose(self) -> None:
        """See `Presence.aclose`."""


class RedisPresence:
    """A hash in Redis, a field a worker."""

    def __init__(self, client: RedisClient, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock
        self.aclose = client.aclose

    async def tell(self, worker: str, version: str) -> None:
        """See `Presence.tell`."""
        now = self._clock()
        entry = orjson.dumps({"version": version, "at": now.timestamp()})
        oldest = (now - timedelta(seconds=GONE_AFTER_S)).timestamp()
        await self._client.run(_TELL, KEY, worker, entry, oldest, round(GONE_AFTER_S * 1000))

    async def all(self) -> list[Worker]:
        """See `Presence.all`."""
        found = await self._client.call("HGETALL", KEY)
        pairs = found.items() if isinstance(found, dict) else zip(found[::2], found[1::2], strict=True)
        return _there((_worker(name, value, self._clock()) for name, value in pairs), self._clock())


def _worker(name: bytes, value: bytes, now: datetime) -> Worker:
    entry = orjson.loads(value)
    return Worker(name.decode(), entry["version"], datetime.fromtimestamp(entry["at"], now.tzinfo))


def _there(workers: Iterable[Worker], now: datetime) -> list[Worker]:
    recent = now - timedelta(seconds=GONE_AFTER_S)
    return sorted((w for w in workers if w.seen_at >= recent), key=lambda w: w.worker)


def open_presence(url: str, clock: Callable[[], datetime]) -> Presence:
    """Presence behind `memory:` or the address of a Redis.

    Raises:
        BadSettings: The address is neither.
    """
    return MemoryPresence(clock) if url == "memory:" else RedisPresence(RedisClient(url), clock)


def own_name() -> str:
    """A name for this worker that no other has: machine, process, and a few random digits for containers."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
