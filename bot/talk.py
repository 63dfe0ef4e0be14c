"""A conversation from inside the process: the same services and the same path as the server, without a socket."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.answer import Trace
from bot.app import opened
from bot.conversation import Message
from bot.errors import GeneratorFailed
from bot.publish import framed
from bot.settings import Settings
from knowledge.passages import Hit

PATIENCE_S = 120.0

Talk = Callable[[str], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def talking(settings: Settings) -> AsyncIterator[Talk]:
    """Open everything and a new conversation.

    Yields:
        A function that says one thing and returns what was answered, with why and how long it took (see `_told`).
        It raises GeneratorFailed when nothing was answered within two minutes.
    """
    async with opened(settings) as services:
        conversation = secrets.token_urlsafe(18)
        replies: asyncio.Queue[tuple[Message, Trace]] = asyncio.Queue()

        def note(message: Message, trace: Trace) -> None:
            if message.conversation == conversation:
                replies.put_nowait((message, trace))

        services.dialogue.on_reply = note
        await services.dialogue.open(conversation, settings.langs[0], "")

        async def talk(text: str) -> dict[str, Any]:
            await services.dialogue.hear(conversation, secrets.token_urlsafe(12), text)
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return _told(*await replies.get())
            except TimeoutError:
                raise GeneratorFailed(f"no answer within {PATIENCE_S:g} s") from None

        yield talk


def _told(message: Message, trace: Trace) -> dict[str, Any]:
    """The reply as JSON-able values: what a shopper sees, then why. Times are milliseconds."""
    frame = framed(message).model_dump(mode="json")
    seen = {name: frame[name] for name in ("text", "citations", "cards", "choices", "action")}
    return {
        **seen,
        "lang": trace.lang,
        "query": trace.query,
        "generator": trace.generator,
        "fallback": trace.fallback,
        "hits": [_hit(hit) for hit in trace.hits],
        "verdict": [{"kind": c.kind, "text": c.text, "supported": c.supported} for c in trace.claims],
        "snapshot": trace.snapshot,
        "ms": {stage: round(ms, 2) for stage, ms in trace.ms.items()},
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "passage": hit.passage.id,
        "title": hit.passage.title,
        "score": round(hit.score, 5),
        "exact": hit.exact,
        "dense_rank": hit.dense_rank,
        "cosine": round(hit.cosine, 4),
        "lexical_rank": hit.lexical_rank,
        "bm25": round(hit.bm25, 3),
        "coverage": round(hit.coverage, 3),
    }
