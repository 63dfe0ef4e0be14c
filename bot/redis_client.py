"""One Redis client for live state and feed: bounded in time, in connections and in the errors it lets out.

Every call ends within `limit_s` seconds, connecting and waiting for a free connection included, and whatever goes wrong
comes out as `StateLost`. It does not know what is stored.

What redis-py 8 does on its own, and why it is set otherwise here: it would try ten times (seconds of silence); a
`socket_timeout` puts `asyncio.wait_for` around each write, which on Python 3.11 can swallow a cancellation (one
`asyncio.timeout` around everything cannot); maintenance notifications, on by default over TCP, switch off its check
that a pooled connection holds no unread reply, the check that keeps one shopper's reply from reaching another.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import NoScriptError, ReadOnlyError, RedisError
from redis.maint_notifications import MaintNotificationsConfig

from bot.errors import BadSettings, StateLost

LIMIT_S = 2.0
CONNECTIONS = 32
SCHEMES = ("redis://", "rediss://", "unix://")

T = TypeVar("T")


class Script:
    """A Lua script that Redis runs in one piece; its first run after a flush or a restart sends the text again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class RedisClient:
    """Commands and scripts within a time limit.

    A call is sent once more when the connection turns out to be dead or to lead to a replica, so it may reach Redis
    twice: what is called here must bear that.

    Raises:
        BadSettings: The address is not one that redis-py understands.
    """

    def __init__(self, url: str, *, limit_s: float = LIMIT_S, connections: int = CONNECTIONS) -> None:
        self.limit_s = limit_s
        self._pool: Any = _pool(url, limit_s)
        self._redis: Any = Redis(connection_pool=self._pool)
        self._places = asyncio.Semaphore(connections)
        self._closed = False

    async def call(self, *command: bytes | str | int | float) -> Any:
        """Run one command.

        Raises:
            StateLost: Redis is away, slow, full, read-only or refuses.
        """
        return await self._within(lambda: self._redis.execute_command(*command))

    async def run(self, script: Script, key: str, *args: bytes | str | int | float) -> Any:
        """Run a script on one key.

        Raises:
            StateLost: Redis is away, slow, full, read-only or refuses.
        """
        return await self._within(lambda: self._evaluate(script, key, args))

    async def ping(self) -> None:
        """Ask Redis for a sign of life.

        Raises:
            StateLost: None came.
        """
        await self.call("PING")

    @property
    def db(self) -> int:
        """Number of the database."""
        return int(self._pool.connection_kwargs.get("db") or 0)

    def connection(self) -> Any:
        """A connection of the caller's own, not yet connected; the caller disconnects it."""
        connection: Any = self._pool.make_connection()
        connection.retry = Retry(NoBackoff(), 0)
        return connection

    async def aclose(self) -> None:
        """Close all connections; later calls raise `StateLost`."""
        self._closed = True
        await self._redis.aclose()
        await self._pool.aclose()

    async def _evaluate(self, script: Script, key: str, args: tuple[bytes | str | int | float, ...]) -> Any:
        try:
            return await self._redis.execute_command("EVALSHA", script.sha, 1, key, *args)
        except NoScriptError:
            return await self._redis.execute_command("EVAL", script.text, 1, key, *args)

    async def _within(self, do: Callable[[], Awaitable[T]]) -> T:
        if self._closed:
            raise StateLost("Redis: this client is closed")
        try:
            async with asyncio.timeout(self.limit_s), self._places:
                return await do()
        except TimeoutError:
            raise StateLost(f"Redis did not answer within {self.limit_s:g} s") from None
        except (RedisError, OSError) as error:
            raise StateLost(f"Redis: {error}") from error


def _pool(url: str, limit_s: float) -> Any:
    """The pool behind an address; never shows the address, which may hold a password."""
    if not url.startswith(SCHEMES):
        raise BadSettings(f"AISLE_REDIS: got {url.partition(':')[0]!r}:…, wanted one of {', '.join(SCHEMES)}")
    options: dict[str, Any] = {
        "protocol": 2,
        "driver_info": None,
        "socket_timeout": None,
        "socket_connect_timeout": limit_s,
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
        "retry": Retry(NoBackoff(), 1, supported_errors=(RedisAway, ReadOnlyError)),
    }
    try:
        pool: Any = ConnectionPool.from_url(url, **options)
        pool.make_connection()
    except (ValueError, TypeError, RedisError) as error:
        raise BadSettings(f"AISLE_REDIS: {error}") from None
    return pool
