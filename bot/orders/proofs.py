"""What is kept of a proof: a code that was asked for, tries at it, the trust that follows, and how often codes were.

    aisle:{conversation}:proof     hash   the code's hash, number, address, until, tries · trusted address, until
    aisle:codes:{who}              hash   count, since   `who` is a keyed hash of a shopper, network, address or order

The first belongs to the conversation and is erased with it; both expire. Nothing here knows whether an order exists:
all steps are the same for one that does not. Each step is one script, carries a nonce (the shopper's message) and,
repeated under it, says again what it said: a call may reach Redis twice, and a turn be answered twice after a crash.
The time, in milliseconds since 1970, is an argument, so that all expire by the same clock.
"""

import hmac
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.redis_client import RedisClient, Script

_OPEN = Script("""
if redis.call('HGET', KEYS[1], 'nonce') == ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'tried', 'last')
redis.call('HSET', KEYS[1], 'nonce', ARGV[1], 'hash', ARGV[2], 'number', ARGV[3], 'email', ARGV[4], 'until', ARGV[5])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[6]) then redis.call('PEXPIRE', KEYS[1], ARGV[6]) end
return 1
""")
_TRY = Script("""
local kept = redis.call('HMGET', KEYS[1], 'hash', 'number', 'email', 'until', 'tried', 'last')
if not kept[1] or tonumber(kept[4]) <= tonumber(ARGV[2]) then return {} end
local tried = tonumber(kept[5] or '0')
if kept[6] ~= ARGV[1] then
  if tried >= tonumber(ARGV[3]) then return {} end
  tried = tried + 1
  redis.call('HSET', KEYS[1], 'tried', tried, 'last', ARGV[1])
end
return {kept[1], kept[2], kept[3], tostring(tried)}
""")
_TRUST = Script("""
redis.call('HDEL', KEYS[1], 'hash', 'number', 'email', 'until', 'nonce', 'tried', 'last')
redis.call('HSET', KEYS[1], 'trusted', ARGV[1], 'trusted_until', ARGV[2], 'by', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
""")
_TAKE = Script("""
local kept = redis.call('HMGET', KEYS[1], 'count', 'since', 'last', 'said')
if kept[3] == ARGV[1] then return tonumber(kept[4]) end
local now, window = tonumber(ARGV[2]), tonumber(ARGV[3])
local count, since = tonumber(kept[1] or '0'), tonumber(kept[2] or ARGV[2])
if now - since >= window then count, since = 0, now end
local said = 0
if count < tonumber(ARGV[4]) then count, said = count + 1, 1 end
redis.call('HSET', KEYS[1], 'count', count, 'since', string.format('%.0f', since), 'last', ARGV[1], 'said', said)
redis.call('PEXPIRE', KEYS[1], window)
return said
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for: its hash, what it is for, and until when it is good, in ms since 1970."""

    hash: str
    number: str
    email: str
    until_ms: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A try at a code, counted: the code's hash to compare with, what it is for, and how many tries that makes."""

    hash: str
    number: str
    email: str
    count: int

    def fits(self, given: str) -> bool:
        """Whether the hash of what was given is the code's; takes the same time whatever differs."""
        return hmac.compare_digest(self.hash, given)


@dataclass(frozen=True, slots=True)
class Trust:
    """An address that a code has proved, the message that proved it, and until when, in ms since 1970."""

    email: str
    by: str
    until_ms: int


class Proofs(Protocol):
    """Proofs by conversation. Every method raises `StateLost` when Redis is away."""

    async def open(self, conversation: str, nonce: str, asked: Asked, now_ms: int) -> None:
        """Keep a code that is asked for; it takes the place of the one before, and trust stays as it is."""
        ...

    async def take(self, conversation: str, nonce: str, most: int, now_ms: int) -> Tried | None:
        """Count a try; None when no code is open, it is too old, or `most` tries were made."""
        ...

    async def trust(self, conversation: str, trust: Trust, now_ms: int) -> None:
        """The code was right: it is used up, and its address is trusted."""
        ...

    async def trusted(self, conversation: str, now_ms: int) -> Trust | None:
        """The trust that holds now."""
        ...

    async def allow(self, who: str, nonce: str, most: int, window_ms: int, now_ms: int) -> bool:
        """Count a code that `who` asks for; False when they have asked for `most` in their window."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


class RedisProofs:
    """Proofs in Redis."""

    def __init__(self, client: RedisClient) -> None:
        self._client = client
        self.aclose = client.aclose

    async def open(self, conversation: str, nonce: str, asked: Asked, now_ms: int) -> None:
        """See `Proofs.open`."""
        args = (nonce, asked.hash, asked.number, asked.email, asked.until_ms, max(1, asked.until_ms - now_ms))
        await self._client.run(_OPEN, _key(conversation), *args)

    async def take(self, conversation: str, nonce: str, most: int, now_ms: int) -> Tried | None:
        """See `Proofs.take`."""
        found = [part.decode() for part in await self._client.run(_TRY, _key(conversation), nonce, now_ms, most)]
        return Tried(found[0], found[1], found[2], int(found[3])) if found else None

    async def trust(self, conversation: str, trust: Trust, now_ms: int) -> None:
        """See `Proofs.trust`."""
        args = (trust.email, trust.until_ms, trust.by, max(1, trust.until_ms - now_ms))
        await self._client.run(_TRUST, _key(conversation), *args)

    async def trusted(self, conversation: str, now_ms: int) -> Trust | None:
        """See `Proofs.trusted`."""
        found = await self._client.call("HMGET", _key(conversation), "trusted", "trusted_until", "by")
        if not found or found[0] is None or int(found[1]) <= now_ms:
            return None
        return Trust(found[0].decode(), found[2].decode(), int(found[1]))

    async def allow(self, who: str, nonce: str, most: int, window_ms: int, now_ms: int) -> bool:
        """See `Proofs.allow`."""
        return bool(await self._client.run(_TAKE, f"aisle:codes:{{{who}}}", nonce, now_ms, window_ms, most))


@dataclass(slots=True)
class _Kept:
    """What the twin keeps of a conversation."""

    asked: Asked | None = None
    nonce: str = ""
    tried: int = 0
    last: str = ""
    trust: Trust | None = None


@dataclass(slots=True)
class _Count:
    count: int = 0
    since_ms: int = 0
    last: str = ""
    said: bool = False


@dataclass(slots=True)
class MemoryProofs:
    """The twin without Redis; one object is what one Redis would be."""

    _kept: dict[str, _Kept] = field(default_factory=dict)
    _counts: dict[str, _Count] = field(default_factory=dict)

    async def open(self, conversation: str, nonce: str, asked: Asked, now_ms: int) -> None:  # noqa: ARG002
        """See `Proofs.open`."""
        kept = self._kept.setdefault(conversation, _Kept())
        if kept.nonce != nonce:
            self._kept[conversation] = _Kept(asked, nonce, trust=kept.trust)

    async def take(self, conversation: str, nonce: str, most: int, now_ms: int) -> Tried | None:
        """See `Proofs.take`."""
        kept = self._kept.get(conversation, _Kept())
        if kept.asked is None or kept.asked.until_ms <= now_ms:
            return None
        if kept.last != nonce:
            if kept.tried >= most:
                return None
            kept.tried, kept.last = kept.tried + 1, nonce
        return Tried(kept.asked.hash, kept.asked.number, kept.asked.email, kept.tried)

    async def trust(self, conversation: str, trust: Trust, now_ms: int) -> None:  # noqa: ARG002
        """See `Proofs.trust`."""
        self._kept[conversation] = _Kept(trust=trust)

    async def trusted(self, conversation: str, now_ms: int) -> Trust | None:
        """See `Proofs.trusted`."""
        trust = self._kept.get(conversation, _Kept()).trust
        return trust if trust and trust.until_ms > now_ms else None

    async def allow(self, who: str, nonce: str, most: int, window_ms: int, now_ms: int) -> bool:
        """See `Proofs.allow`."""
        kept = self._counts.get(who) or _Count(since_ms=now_ms)
        if kept.last == nonce:
            return kept.said
        if now_ms - kept.since_ms >= window_ms:
            kept = _Count(since_ms=now_ms)
        said = kept.count < most
        self._counts[who] = replace(kept, count=kept.count + said, last=nonce, said=said)
        return said

    async def aclose(self) -> None:
        """Nothing to close."""


def open_proofs(url: str) -> Proofs:
    """Proofs behind `memory:`, `redis://…`, `rediss://…` or `unix://…`.

    Raises:
        BadSettings: The address is none of these.
    """
    return MemoryProofs() if url == "memory:" else RedisProofs(RedisClient(url))


def _key(conversation: str) -> str:
    return f"aisle:{{{conversation}}}:proof"
