"""A conversation from inside the process: the same services and the same path as the server, without a socket."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from bot.app import Services, opened
from bot.conversation import Message, Visit
from bot.errors import GeneratorFailed
from bot.explain import explained
from bot.reply import Trace
from bot.settings import Settings

PATIENCE_S = 120.0

Talk = Callable[[str], Awaitable[dict[str, Any]]]


class Talks:
    """Conversations over open services. Takes over what the dialogue tells of its replies."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._replies: dict[str, asyncio.Queue[tuple[Message, Trace]]] = {}
        services.dialogue.on_reply = self._note

    def _note(self, message: Message, trace: Trace) -> None:
        if message.conversation in self._replies:
            self._replies[message.conversation].put_nowait((message, trace))

    async def begin(self, lang: str, visit: Visit | None = None) -> Talk:
        """A new conversation in `lang`.

        Returns:
            A function that says one thing and returns what was answered, with why and how long it took (see
            `explain.py`). It raises GeneratorFailed when nothing was answered within two minutes.
        """
        conversation, replies = secrets.token_urlsafe(18), asyncio.Queue[tuple[Message, Trace]]()
        self._replies[conversation] = replies
        dialogue = self._services.dialogue
        await dialogue.open(conversation, lang, "")
        await dialogue.visited(conversation, visit or Visit())

        async def talk(text: str) -> dict[str, Any]:
            await dialogue.hear(conversation, secrets.token_urlsafe(12), text)
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return explained(*await replies.get())
            except TimeoutError:
                raise GeneratorFailed(f"no answer within {PATIENCE_S:g} s") from None

        return talk


@asynccontextmanager
async def talking(settings: Settings) -> AsyncIterator[Talk]:
    """Open everything and one new conversation; yields what `Talks.begin` returns."""
    async with opened(settings) as services:
        yield await Talks(services).begin(settings.langs[0])
