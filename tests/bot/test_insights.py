"""The figures, on conversations made by hand whose right figures stand in the test, over SQLite and PostgreSQL."""

import threading
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clusters import Matrix
from bot.conversation import Author, Card, Draft, Event, Reason
from bot.database import open_database
from bot.errors import Refused
from bot.insights import Insights, Wanted, wanted
from bot.outcomes import Outcome
from bot.policy import Action
from bot.tally import Span, Tally, percentile
from bot.transcripts import Transcripts, open_transcripts
from knowledge.hashed import HashedEncoder
from knowledge.snapshot import Snapshot
from tests.support.shelves import shelf
from tests.support.talks import (
    NOON,
    Step,
    answers,
    clock,
    in_chinese,
    moves,
    replies,
    says,
    settled,
    shows,
    staff,
    talk,
    write,
)

BERLIN = ZoneInfo("Europe/Berlin")  # an hour ahead in March, until the 29th
HOUR = 60.0
TWO_DAYS = Wanted(Span(date(2026, 3, 10), date(2026, 3, 12), BERLIN))


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small shop."""
    root = tmp_path_factory.mktemp("knowledge")
    return Snapshot.load(root / shelf(root, 0)[0])


@pytest.fixture
async def transcripts(database_url: str) -> AsyncIterator[Transcripts]:
    """Where conversations are written."""
    opened = await open_transcripts(database_url)
    yield opened
    await opened.aclose()


@pytest.fixture
async def insights(database_url: str, transcripts: Transcripts) -> AsyncIterator[Insights]:  # noqa: ARG001
    """The figures over the same database, long after everything that is written in the tests."""
    database = await open_database(database_url)
    yield Insights(database, HashedEncoder().encode, clock(100 * HOUR))
    await database.aclose()


async def two_days(transcripts: Transcripts) -> None:
    """Conversations on both days and just outside, on a clock that is an hour ahead."""
    kayak = "Do you rent kayaks? Write to ann@mail.example"
    await write(transcripts, "helped", says(0, "How long?"), answers(1, 1, "faq:canada:en", rating=1))
    await write(transcripts, "declined", says(10, kayak), replies(11, 1, Action.DECLINE, Reason.NO_KNOWLEDGE))
    late = 11.5 * HOUR  # half past midnight on the second day
    answer = in_chinese(answers(late + 1, 1, "faq:canada:zh", ms=(300, 900)))
    await write(transcripts, "chinese", says(late, "寄到加拿大要多久？"), answer, lang="zh")
    eve = (says(-14 * HOUR, "Hm?"), replies(-14 * HOUR, 1, Action.ASK))
    await write(transcripts, "from-before", *eve, says(5, "Express?"), answers(6, 3, "faq:canada:en", ms=(200, 500)))
    await write(transcripts, "no-shopper", staff(20))
    asked = (says(30, "a person please"), replies(31, 1, Action.HAND_OVER, Reason.SHOPPER_ASKED))
    await write(transcripts, "staffed", *asked, moves(31, Event.ASK_STAFF), moves(33, Event.CLAIM), staff(35))
    await write(transcripts, "first-moment", says(-13 * HOUR, "hello"), replies(-13 * HOUR, 1, Action.CHAT))
    await write(transcripts, "moment-after", says(35 * HOUR, "hello"), replies(35 * HOUR, 1, Action.CHAT))


async def test_the_figures_are_right(transcripts: Transcripts, insights: Insights, snapshot: Snapshot) -> None:
    """Every count is as counted by hand: the range is half-open, and each thing counts once, where it belongs."""
    await two_days(transcripts)
    told = await insights.figures(TWO_DAYS, snapshot)
    assert told["totals"] == {
        "conversations": 5,
        "messages": 13,
        "shopper_messages": 6,
        "bot_messages": 6,
        "staff_messages": 1,
        "questions": 4,
        "answered": 3,
        "unanswered": 1,
        "failed": 0,
        "handed_over": 1,
    }
    results = {"resolved": 1, "assumed_resolved": 1, "abandoned": 2, "escalated": 1, "reopened": 0, "ongoing": 0}
    assert told["outcomes"] == results
    assert told["series"] == [
        {"day": "2026-03-10", "conversations": 4, "messages": 11, "questions": 3, "answered": 2, "unanswered": 1,
         "failed": 0, **results, "assumed_resolved": 0},
        {"day": "2026-03-11", "conversations": 1, "messages": 2, "questions": 1, "answered": 1, "unanswered": 0,
         "failed": 0, **dict.fromkeys(results, 0), "assumed_resolved": 1},
    ]  # fmt: skip
    assert told["languages"] == [
        {"lang": "en", "conversations": 4, "messages": 11},
        {"lang": "zh", "conversations": 1, "messages": 2},
    ]
    assert told["ratings"] == {"up": 1, "down": 0, "none": 6}
    assert told["times"] == {
        "first_word_ms": {"p50": 200, "p95": 300, "count": 3},
        "answer_ms": {"p50": 500, "p95": 900, "count": 3},
    }


async def test_hours_are_those_of_the_clock(transcripts: Transcripts, insights: Insights, snapshot: Snapshot) -> None:
    """Each hour of the week has a row, on the chosen clock; Monday is 1."""
    await two_days(transcripts)
    rows = (await insights.figures(TWO_DAYS, snapshot))["hours"]
    assert [(row["weekday"], row["hour"]) for row in rows] == [(d, h) for d in range(1, 8) for h in range(24)]
    busy = {(r["weekday"], r["hour"]): (r["conversations"], r["messages"]) for r in rows if r["messages"]}
    assert busy == {(2, 13): (3, 4), (2, 0): (1, 1), (3, 0): (1, 1)}


async def test_a_language_leaves_the_others_out(
    transcripts: Transcripts, insights: Insights, snapshot: Snapshot
) -> None:
    """With a language chosen, only its conversations count, and only its passages are listed."""
    await two_days(transcripts)
    told = await insights.figures(Wanted(TWO_DAYS.span, "zh"), snapshot)
    assert (told["totals"]["conversations"], told["totals"]["messages"], told["unanswered"]) == (1, 2, [])
    assert told["outcomes"]["assumed_resolved"] == sum(told["outcomes"].values()) == 1
    assert [row["passage"] for row in told["passages"]["most"]] == ["faq:canada:zh"]
    assert [row["passage"] for row in told["passages"]["never"]] == ["faq:giftcard:zh"]


async def test_unanswered_questions_name_nobody(
    transcripts: Transcripts, insights: Insights, snapshot: Snapshot
) -> None:
    """They come with their counts and where they were asked, without addresses; what was broken is not among them."""
    await two_days(transcripts)
    again = (says(40, "do you RENT kayaks"), replies(41, 1, Action.ASK), says(42, "thanks"), replies(43, 3, Action.ASK))
    await write(transcripts, "again", *again)
    await write(transcripts, "broken", says(50, "Kayaks?"), replies(51, 1, Action.DECLINE, Reason.TOOL_FAILURE))
    told = await insights.figures(TWO_DAYS, snapshot)
    (row,) = told["unanswered"]
    assert (row["count"], row["conversations"], row["lang"]) == (2, 2, "en")
    assert set(row["examples"]) == {"Do you rent kayaks? Write to [email]", "do you RENT kayaks"}
    assert {(place["conversation"], place["seq"]) for place in row["from"]} == {("declined", 1), ("again", 1)}
    assert (told["totals"]["unanswered"], told["totals"]["failed"]) == (2, 1)


async def test_passages_used_and_never_used(transcripts: Transcripts, insights: Insights, snapshot: Snapshot) -> None:
    """Replies that cite a passage are counted; a passage of an older snapshot is not listed."""
    await two_days(transcripts)
    await write(transcripts, "old", says(0, "Old?"), answers(1, 1, "faq:gone:en", "faq:canada:en"))
    found = (await insights.figures(TWO_DAYS, snapshot))["passages"]
    assert [(row["passage"], row["count"]) for row in found["most"]] == [("faq:canada:en", 3), ("faq:canada:zh", 1)]
    assert len(found["most"]) + len(found["never"]) == len(snapshot.passages)
    assert found["snapshot"] == snapshot.version


LINES = "Larch Jacket\nPrice: $149.00.\nIn stock: S (2). Out of stock: L.\nLJ-100-L: L, $149.00, out of stock."


async def test_products_and_what_was_out_of_stock(
    transcripts: Transcripts, insights: Insights, snapshot: Snapshot
) -> None:
    """A product counts once for a question; demand counts for the choice that was gone at that moment, and no other."""
    larch, tent = "product:larch-jacket:en", "product:tent:en"
    few, none = Card("larch-jacket", "Larch Jacket", "$149.00", 2), Card("tent", "Moth Bivy", "$149.00", 0)
    sku = ("larch-jacket", "LJ-100-L")
    await write(
        transcripts, "one",
        says(0, "Larch Jacket in L?"), shows(answers(1, 1, larch, larch), LINES, None, "Larch Jacket in L?", few),
        says(2, "and in S?"), shows(answers(3, 3, larch), LINES, None, "Larch Jacket: and in S?", few),
        says(4, "lj-100-l"), shows(answers(5, 5, larch), LINES, sku, "lj-100-l", few),
        says(6, "Larch?"), shows(answers(7, 7, larch), "", ("larch-pro-jacket", "Larch"), "Larch?", few),
    )  # fmt: skip
    await write(transcripts, "two", says(0, "Moth Bivy?"), shows(answers(1, 1, tent), "", None, "Moth Bivy?", none))
    named = shows(answers(1, 1, "faq:refund:en"), "", ("larch-jacket", "Larch Jacket"))
    await write(transcripts, "three", says(0, "Can I return the Larch Jacket?"), named)
    told = await insights.figures(TWO_DAYS, snapshot)
    assert [(r["product"], r["name"], r["count"], r["conversations"]) for r in told["products"]] == [
        ("larch-jacket", "Larch Jacket", 5, 2),
        ("tent", "Moth Bivy", 1, 1),
    ]
    assert {(r["product"], r["choice"]): (r["count"], r["examples"]) for r in told["out_of_stock"]} == {
        ("larch-jacket", "l"): (1, ["Larch Jacket in L?"]),
        ("larch-jacket", "LJ-100-L"): (1, ["lj-100-l"]),
        ("tent", ""): (1, ["Moth Bivy?"]),
    }


async def test_price_objections_by_product(transcripts: Transcripts, insights: Insights, snapshot: Snapshot) -> None:
    """An objection counts for the product that was last talked about; where there was none, for none."""
    asked = (says(0, "Moth Bivy?"), answers(1, 1, "product:tent:en"))
    await write(transcripts, "one", *asked, says(2, "Too expensive! Call me: +49 30 901820"), replies(3, 3, Action.ASK))
    await write(transcripts, "two", says(0, "太贵了"), replies(1, 1, Action.ASK))
    await write(transcripts, "three", says(0, "Is express expensive?"), replies(1, 1, Action.ASK))
    rows = (await insights.figures(TWO_DAYS, snapshot))["price_objections"]
    assert [(r["product"], r["name"], r["count"], r["examples"]) for r in rows] == [
        ("", "–", 1, ["太贵了"]),
        ("tent", "Moth Bivy", 1, ["Too expensive! Call me: [phone]"]),
    ]


async def test_days_without_anything_are_there(insights: Insights, snapshot: Snapshot) -> None:
    """Every day of the range has its row of zeros, also when nothing was ever said."""
    told = await insights.figures(wanted("2026-02-27", "2026-03-02", "UTC", "", NOON), snapshot)
    assert [row["day"] for row in told["series"]] == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert {value for row in told["series"] for name, value in row.items() if name != "day"} == {0}
    assert told["times"]["answer_ms"] == {"p50": None, "p95": None, "count": 0}


async def test_a_talk_that_goes_on_is_not_judged_yet(
    database_url: str, transcripts: Transcripts, snapshot: Snapshot
) -> None:
    """What was said minutes ago counts as going on; looked at later, it has come to something."""
    await write(transcripts, "fresh", says(0, "How long?"), answers(1, 1, "faq:canada:en"))
    database = await open_database(database_url)
    for minute, result in ((2, "ongoing"), (2 * HOUR, "assumed_resolved")):
        insights = Insights(database, HashedEncoder().encode, clock(minute))
        told = (await insights.figures(TWO_DAYS, snapshot))["outcomes"]
        assert told == {**dict.fromkeys(told, 0), result: 1}
    await database.aclose()


async def test_an_order_that_was_told_is_settled(
    transcripts: Transcripts, insights: Insights, snapshot: Snapshot
) -> None:
    """As the transcript keeps it of each reply; a reply that only asked for the number is not."""
    told, asked = settled(replies(1, 1, Action.ORDER)), replies(1, 1, Action.ORDER)
    await write(transcripts, "told", says(0, "where is my order?"), told)
    await write(transcripts, "asked", says(0, "where is my order?"), asked)
    outcomes = (await insights.figures(TWO_DAYS, snapshot))["outcomes"]
    assert (outcomes["assumed_resolved"], outcomes["abandoned"]) == (1, 1)


async def test_questions_are_embedded_once_and_off_the_loop(
    database_url: str, transcripts: Transcripts, snapshot: Snapshot
) -> None:
    """Chats go on while figures are made, and looking again embeds nothing again."""
    await two_days(transcripts)
    encoder, threads = HashedEncoder(), []

    def embed(texts: Sequence[str]) -> Matrix:
        threads.append(threading.get_ident())
        return encoder.encode(texts)

    database = await open_database(database_url)
    insights = Insights(database, embed, clock(100 * HOUR))
    first = await insights.figures(TWO_DAYS, snapshot)
    assert await insights.figures(TWO_DAYS, snapshot) == first
    assert len(threads) == encoder.embedded == 1
    assert threads[0] != threading.get_ident()
    await database.aclose()


@pytest.mark.parametrize(
    ("first", "end", "zone", "says"),
    [
        ("2026-03-10", "2026-03-10", "UTC", "1 to 400 days"),
        ("2024-03-10", "2026-03-10", "UTC", "1 to 400 days"),
        ("yesterday", "", "UTC", "from: got 'yesterday'"),
        ("", "10.3.2026", "UTC", "to: got"),
        ("", "", "Mars/Olympus", "timezone: got 'Mars/Olympus'"),
        ("", "", "../etc/passwd", "timezone: got"),
    ],
)
def test_a_range_that_cannot_be_is_refused(first: str, end: str, zone: str, says: str) -> None:
    """The error says which part is wrong."""
    with pytest.raises(Refused, match=says):
        wanted(first, end, zone, "", NOON)


def test_without_a_range_the_last_days_up_to_today() -> None:
    """Today is in it, on the chosen clock, which may be a day ahead."""
    late = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)
    assert wanted("", "", "UTC", "", late).span.end == date(2026, 3, 11)
    span = wanted("", "", "Europe/Berlin", "", late).span
    assert (span.first, span.end, len(list(span.days()))) == (date(2026, 2, 10), date(2026, 3, 12), 30)


def test_the_day_on_which_the_clock_is_put_forward() -> None:
    """It has 23 hours, and begins and ends at the clock's own midnight."""
    day = Span(date(2026, 3, 29), date(2026, 3, 30), BERLIN)
    begins, ends = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert [day.holds(at) for at in (begins - second, begins, ends - second, ends)] == [False, True, True, False]


def test_percentiles_are_values_that_were_measured() -> None:
    """The nearest rank: no value is made up between two."""
    assert percentile([], 0.5) is None
    assert percentile([7], 0.95) == 7
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert percentile(range(1, 101), 0.95) == 95


chats = st.lists(
    st.tuples(
        st.integers(-60 * 24 * 4, 60 * 24 * 4),
        st.lists(
            st.tuples(
                st.sampled_from(["thanks", "How long?", "hello", "this is ridiculous"]),
                st.sampled_from([None, *Action]),
                st.sampled_from([None, *Event]),
                st.integers(0, 90),
            ),
            max_size=4,
        ),
    ),
    max_size=12,
)


def made(start: int, rows: Sequence[tuple[str, Action | None, Event | None, int]]) -> list[Step]:
    """A conversation from that minute on; without rows, one in which only the bot spoke."""
    minute, steps = float(start), [Step(start, Draft(Author.BOT, "Hello!"))]
    for text, action, event, wait in rows:
        minute += wait
        steps.append(says(minute, text))
        steps += [replies(minute, len(steps), action)] if action else []
        steps += [moves(minute, event)] if event else []
    return steps


def counted(conversations: Any, span: Span) -> dict[str, Any]:
    """The figures of these conversations."""
    tally = Tally(span, NOON + timedelta(days=3))
    for number, (start, rows) in enumerate(conversations):
        tally.add(talk(*made(start, rows), name=f"c{number}"))
    return tally.figures()


@given(chats, st.integers(0, 5))
def test_figures_add_up(conversations: Any, days: int) -> None:
    """Outcomes add up to the conversations in range, days to the totals, and two ranges side by side to both as one."""
    start, middle, end = (date(2026, 3, 7) + timedelta(days=n) for n in (0, days, 6))
    whole = counted(conversations, Span(start, end, BERLIN))
    assert sum(whole["outcomes"].values()) == whole["totals"]["conversations"]
    for name in (*whole["series"][0],):
        if name in whole["totals"]:
            assert sum(day[name] for day in whole["series"]) == whole["totals"][name]
    for result in Outcome:
        assert sum(day[result] for day in whole["series"]) == whole["outcomes"][result]
    for name in ("conversations", "messages"):
        expected = whole["totals"]["conversations" if name == "conversations" else "shopper_messages"]
        assert sum(row[name] for row in whole["hours"]) == expected
        assert sum(row[name] for row in whole["languages"]) == whole["totals"][name]
    parts = [counted(conversations, Span(a, b, BERLIN)) for a, b in ((start, middle), (middle, end))]
    for name, total in whole["totals"].items():
        assert sum(part["totals"][name] for part in parts) == total
