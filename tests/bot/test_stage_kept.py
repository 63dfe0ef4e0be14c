"""What was read of a shopper is kept: at a glance, through losing Redis, and in the figures."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import orjson
import pytest

from bot.conversation import Author, Draft, Mood, Sign, Stage
from bot.feed import open_feed
from bot.lines import Basis, Line, Talk
from bot.record import Record, Stores
from bot.sessions import open_sessions
from bot.stage import Reading, told
from bot.tally import Span, Tally
from bot.transcripts import open_transcripts

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SIGN = Sign("stage", "cart")


@pytest.fixture(params=["memory:", "sql"])
async def record(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Record]:
    """Over the twin and over SQL, with a conversation `c`."""
    transcripts = await open_transcripts(database_url if request.param == "sql" else "memory:")
    stores = Stores(transcripts, await open_sessions("memory:"), await open_feed("memory:"))
    await transcripts.open("c", lang="en", at=NOON)
    yield Record(stores, 60, lambda: NOON)
    await stores.feed.aclose()
    await transcripts.aclose()


def replied(reading: Reading, seq: int) -> Draft:
    """A reply that keeps a reading."""
    return Draft(Author.BOT, "So it is.", reply_to=seq, verdict=orjson.dumps({"reading": told(reading)}).decode())


async def test_the_reading_survives_losing_redis(record: Record) -> None:
    """What only the shop's page told comes with the reply; the rebuilt state has stage, mood and signs."""
    first, _ = await record.write("c", Draft(Author.SHOPPER, "you idiots"))
    await record.write("c", replied(Reading(Stage.READY, Mood.ANGRY, Mood.ANGRY, (SIGN,)), first.seq))
    state = await record.state("c")
    assert (state.stage, state.mood, state.signs) == (Stage.READY, Mood.ANGRY, (SIGN,))


async def test_while_staff_have_it_words_alone_are_read(record: Record) -> None:
    """No reply of the bot tells anything then; the glance goes on by itself."""
    for text in ("can I pay with PayPal?", "you idiots", "the number is 12", "it is blue"):
        await record.write("c", Draft(Author.SHOPPER, text))
    summary = await record.transcripts.summary("c")
    assert summary is not None
    assert (summary.stage, summary.mood) == (Stage.READY, Mood.CALM)
    assert [sign.name for sign in summary.signs] == ["pays"]


async def test_a_verdict_of_another_form_changes_nothing(record: Record) -> None:
    """Replies from before there were readings, and broken ones."""
    await record.write("c", Draft(Author.SHOPPER, "can I pay with PayPal?"))
    for seq, verdict in enumerate(("", "[]", "{", '{"reading": 1}'), 1):
        await record.write("c", Draft(Author.BOT, "Yes.", reply_to=seq, verdict=verdict))
    summary = await record.transcripts.summary("c")
    assert summary is not None
    assert summary.stage is Stage.READY


def _talk(name: str, *said: tuple[str, Reading | None]) -> Talk:
    lines = []
    for n, (text, reading) in enumerate(said):
        lines.append(Line(2 * n + 1, NOON, Author.SHOPPER, text))
        lines.append(
            Line(2 * n + 2, NOON, Author.BOT, reply_to=2 * n + 1, action="answer", basis=Basis(reading=reading))
        )
    return Talk(name, "en", tuple(lines))


def test_figures_count_the_furthest_stage_and_the_worst_mood() -> None:
    """Once for each conversation; told by replies, or by the words where no reply tells."""
    tally = Tally(Span(date(2026, 3, 10), date(2026, 3, 11), ZoneInfo("UTC")), NOON)
    tally.add(_talk("a", ("hello", None)))
    tally.add(_talk("b", ("and this?", Reading(Stage.INTERESTED)), ("hm", Reading(Stage.DISCOVERY, Mood.ANNOYED))))
    tally.add(_talk("c", ("how do I check out", None), ("you idiots", None), ("thanks", None)))
    figures = tally.figures()
    assert [(row["stage"], row["conversations"], row["reached"], row["went_on"]) for row in figures["stages"]] == [
        ("discovery", 1, 3, 2),
        ("interested", 1, 2, 1),
        ("ready", 1, 1, 0),
    ]
    assert figures["moods"] == {"calm": 1, "annoyed": 1, "angry": 1}
