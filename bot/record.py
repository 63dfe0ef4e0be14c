"""What is written into a conversation, by whichever side: committed, told to everyone, and kept in the live state.

Both sides, `dialogue.py` and `desk.py`, write through here, so there is one ordering and one way out. It does not know
who may write what when (`rules.py`), nor how a reply is made.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation import Author, Draft, Event, Message, Phase, Reason, State, given_back, rebuilt
from bot.errors import StateLost
from bot.feed import Feed
from bot.publish import Publisher
from bot.sessions import Sessions
from bot.transcripts import Rule, Transcripts

HISTORY = 12
SAVE_TRIES = 5


@dataclass(frozen=True, slots=True)
class Stores:
    """Where conversations live."""

    transcripts: Transcripts
    sessions: Sessions
    feed: Feed


@dataclass(frozen=True, slots=True)
class Move:
    """An event to be written. `staff` is who of them does it; empty for the shopper and the bot."""

    event: Event
    client_id: str | None = None
    reason: Reason | None = None
    text: str = ""
    staff: str = ""


class Record:
    """Conversations as this worker writes them. `ttl_s` is how long an idle live state is kept."""

    def __init__(self, stores: Stores, ttl_s: int, clock: Callable[[], datetime]) -> None:
        self.transcripts, self.sessions, self.feed = stores.transcripts, stores.sessions, stores.feed
        self.publish = Publisher(stores.feed)
        self.clock = clock
        self._ttl_s = ttl_s

    async def write(self, conversation: str, draft: Draft, rule: Rule | None = None) -> tuple[Message, bool]:
        """Commit a message and tell everyone; a repeat gives the first one and False, and is told to nobody.

        Raises:
            StoreLost: Nothing was committed.
            BadPhase: What `rule` says.
        """
        message, new = await self.transcripts.append(conversation, draft, self.clock(), rule)
        if new:
            await self.publish.message(message)
        return message, new

    async def move(self, conversation: str, move: Move, rule: Rule) -> tuple[Message, bool]:
        """Commit an event, keep its phase in the live state, and tell everyone. As `write`."""
        lang = (await self.state(conversation)).lang
        draft = Draft(
            Author.SYSTEM,
            move.text,
            client_id=move.client_id,
            event=move.event,
            reason=move.reason,
            lang=lang,
            staff=move.staff,
        )
        message, new = await self.transcripts.append(conversation, draft, self.clock(), rule)
        if new:
            await self._moved(conversation, move.event)
            await self.publish.message(message)
        return message, new

    async def phase(self, conversation: str) -> Phase:
        """Who answers now, as the transcript has it."""
        summary = await self.transcripts.summary(conversation)
        return summary.phase if summary else Phase.BOT

    async def state(self, conversation: str) -> State:
        """The live state, read off the transcript where Redis does not have it."""
        with suppress(StateLost):
            if state := await self.sessions.load(conversation):
                return state
        summary = await self.transcripts.summary(conversation)
        if summary is None:
            return State(conversation)
        info = await self.transcripts.find(conversation)
        messages = await self.transcripts.after(conversation, max(0, info.last_seq - HISTORY) if info else 0, HISTORY)
        state = rebuilt(conversation, messages, (), summary.reason)
        state = replace(state, stage=summary.stage, mood=summary.mood, signs=summary.signs)
        return replace(state, phase=summary.phase, lang=state.lang or summary.lang)

    async def save(self, conversation: str, change: Callable[[State], State]) -> None:
        """Change the live state; what Redis does not take is rebuilt from the transcript at the next turn."""
        with suppress(StateLost):
            for _ in range(SAVE_TRIES):
                state = await self.state(conversation)
                if await self.sessions.save(change(state), self._ttl_s):
                    return
            await self.sessions.erase(conversation)

    async def _moved(self, conversation: str, event: Event) -> None:
        summary = await self.transcripts.summary(conversation)
        phase, reason = (summary.phase, summary.reason) if summary else (Phase.BOT, None)
        if event is Event.GIVE_BACK:
            await self.save(conversation, lambda state: replace(given_back(state, reason), phase=phase))
        else:
            await self.save(conversation, lambda state: replace(state, phase=phase))
