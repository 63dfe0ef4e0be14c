"""A conversation from inside the process: the same services and the same path as the server, without a socket."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.app import opened
from bot.conversation import Message
from bot.errors import GeneratorFailed
from bot.explain import explained
from bot.reply import Trace
from bot.settings import Settings

PATIENCE_S = 120.0

Talk = Callable[[str], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def talking(settings: Settings) -> AsyncIterator[Talk]:
    """Open everything and a new conversation.

    Yields:
        A function that says one thing and returns what was answered, with why and how long it took (see `explain.py`).
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
                    return explained(*await replies.get())
            except TimeoutError:
                raise GeneratorFailed(f"no answer within {PATIENCE_S:g} s") from None

        yield talk
