"""The prompt that a generator would get for a question, skills aside, so that whatever is answered comes to one."""

from collections.abc import AsyncGenerator, Callable
from datetime import datetime

from bot.answer import Answerer, Voice
from bot.conversation import Author, Draft, Message, State
from bot.generate.protocol import Prompt
from bot.generate.quote import Quote
from bot.reply import Turn
from bot.skills import Skills
from bot.telemetry import Telemetry
from knowledge.library import Library
from knowledge.live import Live
from knowledge.snapshot import Snapshot

NOBODY = "lab"
"""The conversation that the questions stand in; nothing keeps it."""


class Prompted:
    """The server's own way from a question to a prompt. `live` is as in `Answerer`; the snapshot's own by default."""

    def __init__(self, library: Library, voice: Voice, live: Callable[[Snapshot], Live] | None = None) -> None:
        self._recorder = _Recorder()
        self._answerer = Answerer(library, self._recorder, voice, Telemetry(), Skills(pure={}))
        if live:
            self._answerer.live = live

    async def prompt(self, question: str, lang: str, at: datetime) -> Prompt | None:
        """The prompt for a question asked then; None where it is asked back or declined before."""
        self._recorder.prompt = None
        draft = Draft(Author.SHOPPER, question, client_id=NOBODY, wants_reply=True)
        await self._answerer.answer(Turn(Message(NOBODY, 1, at, draft), State(NOBODY, lang=lang)), _unseen)
        return self._recorder.prompt


class _Recorder(Quote):
    """Quotes, and keeps the prompt that it got."""

    prompt: Prompt | None = None

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """As it quotes."""
        self.prompt = prompt
        async for piece in super().stream(prompt):
            yield piece


async def _unseen(_piece: str) -> None:
    """Nobody looks on."""
