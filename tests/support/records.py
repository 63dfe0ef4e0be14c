"""Records of conversations over a real database and a real Redis, for tests of erasure, retention and exports."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.audit import Audit, Entry
from bot.audit import Search as AuditSearch
from bot.conversation import Author, Draft, Event, Phase, State
from bot.database import Database, open_database
from bot.desk_tables import suggestions as suggestions_table
from bot.feed import Feed, open_feed
from bot.notes import SqlNotes
from bot.notes import Wanted as WantedNote
from bot.records import Ground, Records, open_records
from bot.sessions import Sessions, open_sessions
from bot.settings import Settings, load
from bot.suggestions import Suggestions
from bot.suggestions import Wanted as WantedSuggestion
from bot.transcripts_sql import SqlTranscripts

AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


class World:
    """One shop's records. `now` is what the clock says."""

    def __init__(self, database: Database, sessions: Sessions, feed: Feed, settings: Settings) -> None:
        self.database, self.sessions, self.feed = database, sessions, feed
        self.now = AT
        self.audit = Audit(database, self.clock)
        self.transcripts = SqlTranscripts(database)
        self.notes = SqlNotes(database, self.clock)
        self.suggestions = Suggestions(database, self.clock)
        self.records: Records = open_records(Ground(settings, database, sessions, feed, self.audit, self.clock))

    def clock(self) -> datetime:
        """The moment."""
        return self.now

    async def chat(self, name: str, *texts: str, identity: str = "") -> str:
        """A conversation with a shopper's messages, a reply of the bot, a note, a suggestion and live state."""
        await self.transcripts.open(name, lang="en", identity=identity, at=self.now)
        for text in texts:
            await self.transcripts.append(name, Draft(Author.SHOPPER, text), self.now)
        reply = Draft(Author.BOT, f"You said: {texts[0]}", reply_to=1, verdict=f'{{"query": "{texts[0]}"}}')
        await self.transcripts.append(name, reply, self.now)
        await self.notes.add(WantedNote(name, "mia", f"about {texts[0]}", "note-0001"))
        await self.suggestions.add(WantedSuggestion("mia", (texts[0],), f"Right: {texts[0]}", "en", name, 1))
        await self.sessions.save(State(name, wishes=(("text", texts[0]),)), 600)
        await self.sessions.put_partial(name, 1, texts[0])
        return name

    async def move(self, name: str, event: Event) -> None:
        """An event."""
        await self.transcripts.append(name, Draft(Author.SYSTEM, "", event=event, staff="mia"), self.now)

    async def phase(self, name: str) -> Phase | None:
        """Who answers; None when there is no such conversation."""
        summary = await self.transcripts.summary(name)
        return summary.phase if summary else None

    async def logged(self, action: str) -> list[Entry]:
        """What the log has of this."""
        return await self.audit.page(AuditSearch(action=action))

    def pass_days(self, days: float) -> None:
        """Let time go by."""
        self.now += timedelta(days=days)


@asynccontextmanager
async def world(database_url: str, redis_url: str, data: Path, **settings: object) -> AsyncIterator[World]:
    """Open it, and close it."""
    database = await open_database(database_url)
    sessions, feed = await open_sessions(redis_url), await open_feed(redis_url)
    try:
        yield World(database, sessions, feed, load(data=data, **settings))
    finally:
        for service in (feed, sessions, database):
            await service.aclose()


SUGGESTED = suggestions_table.name
