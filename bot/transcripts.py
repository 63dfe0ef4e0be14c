"""Transcripts: the truth about what was said. Append-only, numbered without holes, committed before anyone is told.

Here are the contract and its twin in memory; SQL is in `transcripts_sql.py`. It does not know what a phase or a turn
is, only who owes whom an answer: a shopper message with `wants_reply` is owed one until the bot replied to it
(`reply_to`) or it was settled.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from bot.conversation import Author, Card, Citation, Draft, Event, Message, Phase
from bot.errors import Refused
from bot.pii import without_cards
from bot.summary import Summary, after, rated

RATED = (Author.BOT, Author.STAFF)
PRESSING = (Phase.WAITING, Phase.STAFF)

Rule = Callable[[Summary], None]
"""Raises what forbids a message in a conversation that looks like this; nothing is appended then."""


@dataclass(frozen=True, slots=True)
class Info:
    """A conversation without its messages. `last_seq` is 0 while there are none; `opened_at` is in UTC."""

    conversation: str
    lang: str
    identity: str
    opened_at: datetime
    last_seq: int


class Transcripts(Protocol):
    """What was said, by conversation. Every method raises `StoreLost` when SQL is away."""

    async def open(self, conversation: str, *, lang: str = "", identity: str = "", at: datetime) -> bool:
        """Make the conversation if it is missing; True when it is new. A known one stays as it is.

        Raises:
            BadToken: It was erased on request and does not come back.
        """
        ...

    async def find(self, conversation: str) -> Info | None:
        """The conversation, or None when it was never opened."""
        ...

    async def append(
        self, conversation: str, draft: Draft, at: datetime, rule: Rule | None = None
    ) -> tuple[Message, bool]:
        """Commit a message and give it the next `seq`; cancelling does not undo it.

        A known client id gives the first message under it, whatever its text, and False; so does a second bot reply
        to the same message. Anything else is judged by `rule` with nobody else appending meanwhile.

        Card numbers in the text are replaced by a mark that says so.

        Raises:
            Refused: The conversation was never opened, or the draft holds a NUL or a lone surrogate.
            AisleError: What `rule` raised.
        """
        ...

    async def summary(self, conversation: str) -> Summary | None:
        """The conversation at a glance, or None when it was never opened."""
        ...

    async def summaries(self, conversations: Sequence[str]) -> list[Summary]:
        """Those of these conversations that were opened, in any order."""
        ...

    async def pressing(self, limit: int) -> list[Summary]:
        """Conversations that wait for staff or that staff have, the latest first, at most `limit`."""
        ...

    async def recent(self, since: datetime, limit: int) -> list[Summary]:
        """All others in which something was said at `since` or later, the latest first, at most `limit`."""
        ...

    async def after(self, conversation: str, seq: int, limit: int = 500) -> list[Message]:
        """Messages above `seq`, ascending, at most `limit`."""
        ...

    async def get(self, conversation: str, seq: int) -> Message | None:
        """One message."""
        ...

    async def unanswered(self, conversation: str) -> list[Message]:
        """Shopper messages that are owed an answer, ascending."""
        ...

    async def settle(self, conversation: str, seq: int) -> None:
        """The message is owed no answer any more."""
        ...

    async def overdue(self, before: datetime, limit: int = 100) -> list[str]:
        """Conversations with a message from before `before` that is owed an answer, the longest waiting first."""
        ...

    async def events(self, conversation: str) -> list[Event]:
        """What moved the conversation from phase to phase, in order."""
        ...

    async def rate(self, conversation: str, seq: int, value: int) -> Message | None:
        """Rate a message of the bot or of staff; None when it is neither.

        Raises:
            Refused: `value` is not -1, 0 or 1.
        """
        ...

    async def ping(self) -> None:
        """Ask for a sign of life."""
        ...

    async def aclose(self) -> None:
        """Finish what is being written and close connections."""
        ...


def clean_draft(draft: Draft) -> Draft:
    """The draft as it may be kept: without card numbers, which are never stored, whoever writes them.

    Raises:
        Refused: It holds what not every database can hold; says where.
    """
    check_draft(draft)
    text = without_cards(draft.text)
    return draft if text == draft.text else replace(draft, text=text)


def check_draft(draft: Draft) -> None:
    """Refuse what not every database can hold.

    Raises:
        Refused: Some text holds a NUL or a lone surrogate; says which.
    """
    texts = {"text": draft.text, "client_id": draft.client_id or "", "action": draft.action, "verdict": draft.verdict}
    texts |= {"snapshot": draft.snapshot, "lang": draft.lang, "staff": draft.staff}
    texts |= {f"choices.{i}": choice for i, choice in enumerate(draft.choices)}
    parts: list[Citation | Card] = [*draft.citations, *draft.cards]
    for i, part in enumerate(parts):
        values = ((name, getattr(part, name)) for name in part.__slots__)
        texts |= {f"{type(part).__name__.lower()}.{i}.{name}": v for name, v in values if isinstance(v, str)}
    for name, text in texts.items():
        if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
            raise Refused(f"{name}: got a NUL or a lone surrogate, wanted text")


def check_rating(value: int) -> None:
    """Refuse ratings other than -1, 0 and 1."""
    if value not in (-1, 0, 1):
        raise Refused(f"got a rating of {value}, wanted -1, 0 or 1")


def unknown(conversation: str) -> Refused:
    """The error for a conversation that was never opened."""
    return Refused(f"got conversation {conversation!r}, which was never opened")


@dataclass(slots=True)
class _Kept:
    """A conversation in memory."""

    info: Info
    summary: Summary
    messages: list[Message] = field(default_factory=list)
    owed: set[int] = field(default_factory=set)


class MemoryTranscripts:
    """The twin without SQL, for tests and `aisle ask`; gone with the process."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    async def open(self, conversation: str, *, lang: str = "", identity: str = "", at: datetime) -> bool:
        """See `Transcripts.open`."""
        if conversation in self._kept:
            return False
        opened_at = at.astimezone(UTC)
        summary = Summary(conversation, lang, identity, opened_at, opened_at)
        self._kept[conversation] = _Kept(Info(conversation, lang, identity, opened_at, 0), summary)
        return True

    async def find(self, conversation: str) -> Info | None:
        """See `Transcripts.find`."""
        kept = self._kept.get(conversation)
        return replace(kept.info, last_seq=len(kept.messages)) if kept else None

    async def append(
        self, conversation: str, draft: Draft, at: datetime, rule: Rule | None = None
    ) -> tuple[Message, bool]:
        """See `Transcripts.append`."""
        draft = clean_draft(draft)
        kept = self._kept.get(conversation)
        if kept is None:
            raise unknown(conversation)
        first = next((m for m in kept.messages if _repeats(m.draft, draft)), None)
        if first is not None:
            return first, False
        if rule:
            rule(kept.summary)
        message = Message(conversation, len(kept.messages) + 1, at.astimezone(UTC), draft)
        kept.messages.append(message)
        kept.summary = after(kept.summary, message)
        if draft.author is Author.SHOPPER and draft.wants_reply:
            kept.owed.add(message.seq)
        if draft.author is Author.BOT and draft.reply_to is not None:
            kept.owed.discard(draft.reply_to)
        return message, True

    async def summary(self, conversation: str) -> Summary | None:
        """See `Transcripts.summary`."""
        kept = self._kept.get(conversation)
        return kept.summary if kept else None

    async def summaries(self, conversations: Sequence[str]) -> list[Summary]:
        """See `Transcripts.summaries`."""
        return [self._kept[name].summary for name in dict.fromkeys(conversations) if name in self._kept]

    async def pressing(self, limit: int) -> list[Summary]:
        """See `Transcripts.pressing`."""
        return self._latest(limit, lambda s: s.phase in PRESSING)

    async def recent(self, since: datetime, limit: int) -> list[Summary]:
        """See `Transcripts.recent`."""
        return self._latest(limit, lambda s: s.phase not in PRESSING and s.messages > 0 and s.last_at >= since)

    def _latest(self, limit: int, wanted: Callable[[Summary], bool]) -> list[Summary]:
        found = [kept.summary for kept in self._kept.values() if wanted(kept.summary)]
        return sorted(found, key=lambda s: (s.last_at, s.conversation), reverse=True)[:limit]

    async def after(self, conversation: str, seq: int, limit: int = 500) -> list[Message]:
        """See `Transcripts.after`."""
        return self._messages(conversation)[max(0, seq) :][:limit]

    async def get(self, conversation: str, seq: int) -> Message | None:
        """See `Transcripts.get`."""
        messages = self._messages(conversation)
        return messages[seq - 1] if 1 <= seq <= len(messages) else None

    async def unanswered(self, conversation: str) -> list[Message]:
        """See `Transcripts.unanswered`."""
        kept = self._kept.get(conversation)
        return [m for m in kept.messages if m.seq in kept.owed] if kept else []

    async def settle(self, conversation: str, seq: int) -> None:
        """See `Transcripts.settle`."""
        kept = self._kept.get(conversation)
        if kept:
            kept.owed.discard(seq)

    async def overdue(self, before: datetime, limit: int = 100) -> list[str]:
        """See `Transcripts.overdue`."""
        oldest = {
            name: min(kept.messages[seq - 1].at for seq in kept.owed) for name, kept in self._kept.items() if kept.owed
        }
        return sorted((name for name, at in oldest.items() if at < before), key=lambda name: (oldest[name], name))[
            :limit
        ]

    async def events(self, conversation: str) -> list[Event]:
        """See `Transcripts.events`."""
        system = (m.draft for m in self._messages(conversation) if m.draft.author is Author.SYSTEM)
        return [draft.event for draft in system if draft.event is not None]

    async def rate(self, conversation: str, seq: int, value: int) -> Message | None:
        """See `Transcripts.rate`."""
        check_rating(value)
        message = await self.get(conversation, seq)
        if message is None or message.draft.author not in RATED:
            return None
        judged = replace(message, rating=value)
        kept = self._kept[conversation]
        kept.messages[seq - 1] = judged
        kept.summary = replace(kept.summary, rating=rated([m.rating for m in kept.messages]))
        return judged

    async def ping(self) -> None:
        """Always there."""

    async def aclose(self) -> None:
        """Nothing to close."""

    def _messages(self, conversation: str) -> list[Message]:
        kept = self._kept.get(conversation)
        return kept.messages if kept else []


def _repeats(kept: Draft, draft: Draft) -> bool:
    """Whether `draft` was appended before as `kept`."""
    same_id = draft.client_id is not None and kept.client_id == draft.client_id
    both_reply = draft.author is Author.BOT is kept.author and draft.reply_to is not None
    return same_id or (both_reply and kept.reply_to == draft.reply_to)


async def open_transcripts(url: str) -> Transcripts:
    """Transcripts behind `memory:`, `sqlite:///path` or `postgresql://…`, brought up to date.

    Raises:
        BadSettings: The address is none of these, or the database was written by a newer Aisle.
        StoreLost: The database is away.
    """
    if url == "memory:":
        return MemoryTranscripts()
    from bot.transcripts_sql import open_sql

    return await open_sql(url)
