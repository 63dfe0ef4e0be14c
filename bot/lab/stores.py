"""Benchmark: committing a message to SQL, and a conversation's live state to Redis.

SQLite as Aisle opens it (flushed to the disk with each commit) and the embedded Redis, both in the benchmark's own
folder, one call after another from one process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from bot import embedded
from bot.conversation import Author, Draft, State
from bot.lab.metrics import figures
from bot.lab.plan import Plan
from bot.sessions import Sessions, open_sessions
from bot.settings import Settings
from bot.transcripts import Transcripts, open_transcripts

TTL_S = 3600
TEXT = "How long does standard shipping to Canada take, and what does it cost?"

Call = Callable[[int], Awaitable[object]]


def measure(plan: Plan, settings: Settings) -> dict[str, Any]:
    """Milliseconds of an append, of a state saved, and of a piece of an answer kept."""
    return asyncio.run(_measure(plan, settings))


async def _measure(plan: Plan, settings: Settings) -> dict[str, Any]:
    redis = await embedded.start(settings.data / "stores-redis")
    try:
        transcripts = await open_transcripts(f"sqlite:///{settings.data.resolve() / 'stores.db'}")
        sessions = await open_sessions(redis.url)
        try:
            calls = await _calls(transcripts, sessions)
            measured = {name: figures(await _rounds(call, plan)).as_json() for name, call in calls.items()}
        finally:
            await sessions.aclose()
            await transcripts.aclose()
    finally:
        await redis.aclose()
    return {"unit": "ms", "database": "sqlite", "redis": "embedded", **measured}


async def _calls(transcripts: Transcripts, sessions: Sessions) -> dict[str, Call]:
    """What is timed, by name."""
    conversation = "bench-stores"
    await transcripts.open(conversation, lang="en", at=datetime.now(UTC))
    state = State(conversation, lang="en", last_hits=("faq:shipping-canada:en",) * 3)

    async def append(number: int) -> None:
        draft = Draft(Author.SHOPPER, TEXT, client_id=f"client-{number}")
        await transcripts.append(conversation, draft, datetime.now(UTC))

    async def save(_: int) -> None:
        nonlocal state
        saved = await sessions.save(state, TTL_S)
        assert saved, "nobody else writes this state"
        state = saved

    async def keep(number: int) -> None:
        await sessions.put_partial(conversation, number, TEXT)

    return {"sql_append": append, "redis_save": save, "redis_partial": keep}


async def _rounds(call: Call, plan: Plan) -> list[list[float]]:
    """Milliseconds of each call, by run, the first of them to warm up left out."""
    warm_up = max(3, plan.commits // 10)
    numbers = range(plan.runs * plan.commits + warm_up)
    await _timed(call, numbers[:warm_up])
    starts = range(warm_up, len(numbers), plan.commits)
    return [await _timed(call, numbers[start : start + plan.commits]) for start in starts]


async def _timed(call: Call, numbers: Sequence[int]) -> list[float]:
    took = []
    for number in numbers:
        began = perf_counter()
        await call(number)
        took.append((perf_counter() - began) * 1000)
    return took
