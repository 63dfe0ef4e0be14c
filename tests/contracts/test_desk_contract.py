"""What the desk needs of its stores, on the twins in memory, on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import rules
from bot.canned import Canned, CannedReplies
from bot.conversation import Author, Draft, Event, Message, Phase, Reason, fold
from bot.database import Database, open_database
from bot.errors import BadPhase, Refused
from bot.mood import Mood
from bot.notes import MemoryNotes, Notes, SqlNotes
from bot.notes import Wanted as WantedNote
from bot.suggestions import State, Suggestions, Wanted
from bot.summary import Summary, after, rated
from bot.transcripts import Transcripts, open_transcripts

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
_counter = iter(range(10**9))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty store of each kind."""
    urls = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path / 'aisle.db'}"}
    return urls.get(request.param) or str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def workers(url: str) -> AsyncIterator[list[Transcripts]]:
    """Transcripts of two workers over the same store."""
    one = await open_transcripts(url)
    two = one if url == "memory:" else await open_transcripts(url)
    yield [one, two]
    for transcripts in {id(one): one, id(two): two}.values():
        await transcripts.aclose()


@pytest.fixture
def transcripts(workers: list[Transcripts]) -> Transcripts:
    """Those of one worker."""
    return workers[0]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of each kind."""
    opened = await open_database(database_url)
    yield opened
    await opened.aclose()


DRAFTS = st.one_of(
    st.builds(
        Draft,
        st.just(Author.SHOPPER),
        st.sampled_from(
            ["hi", "This is ridiculous!", "so disappointing???", "a@b.example", "x" * 300, "  two \n lines "]
        ),
    ),
    st.builds(Draft, st.just(Author.BOT), st.just("A [1]"), lang=st.sampled_from(["", "en", "zh"])),
    st.builds(Draft, st.just(Author.STAFF), st.just("Hello"), staff=st.sampled_from(["ann", "bob"])),
    st.builds(
        Draft,
        st.just(Author.SYSTEM),
        st.just(""),
        event=st.sampled_from([None, *Event]),
        reason=st.sampled_from([None, *Reason]),
        staff=st.sampled_from(["", "ann", "bob"]),
    ),
)


def folded(name: str, messages: Sequence[Message]) -> Summary:
    """The summary as the transcript alone makes it."""
    summary = Summary(name, "zh", "", AT, AT)
    for message in messages:
        summary = after(summary, message)
    return summary


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drafts=st.lists(DRAFTS, max_size=12))
async def test_the_summary_is_what_the_messages_make_of_it(
    workers: list[Transcripts], conversation: str, drafts: list[Draft]
) -> None:
    """After any messages, kept and folded summary are the same, and so are its phase and that of the events."""
    name = f"{conversation}-{next(_counter)}"
    await workers[0].open(name, lang="zh", at=AT)
    for n, draft in enumerate(drafts):
        await workers[n % 2].append(name, draft, AT + timedelta(seconds=n))
    summary = await workers[1].summary(name)
    assert summary == folded(name, await workers[0].after(name, 0))
    assert summary.phase is fold(await workers[0].events(name))


async def test_a_summary_says_what_a_desk_shows(transcripts: Transcripts, conversation: str) -> None:
    """First question, last words, language, mood, who waits since when and why, who has it."""
    await transcripts.open(conversation, lang="en", identity="u1", at=AT)
    assert await transcripts.summary("nobody") is None
    steps = [
        Draft(Author.SHOPPER, "怎么\n退货？"),
        Draft(Author.BOT, "30 天内 [1]", reply_to=1, lang="zh"),
        Draft(Author.SHOPPER, "太过分了"),
        Draft(Author.SYSTEM, "", event=Event.ASK_STAFF, reason=Reason.ANGER),
    ]
    for n, draft in enumerate(steps):
        await transcripts.append(conversation, draft, AT + timedelta(minutes=n))
    summary = await transcripts.summary(conversation)
    assert summary is not None
    assert (summary.question, summary.last, summary.lang, summary.identity) == ("怎么 退货？", "太过分了", "zh", "u1")
    assert (summary.mood, summary.messages, summary.phase, summary.reason) == (
        Mood.ANGRY,
        3,
        Phase.WAITING,
        Reason.ANGER,
    )
    assert summary.waiting_since == summary.last_at == AT + timedelta(minutes=3)
    await transcripts.append(conversation, Draft(Author.SYSTEM, "", event=Event.CLAIM, staff="ann"), AT)
    for _ in range(3):
        await transcripts.append(conversation, Draft(Author.SHOPPER, "thank you"), AT)
    summary = await transcripts.summary(conversation)
    assert summary is not None
    assert (summary.staff, summary.waiting_since, summary.mood) == ("ann", None, Mood.CALM)
    assert summary.reason is Reason.ANGER


async def test_a_thumb_down_counts_most(transcripts: Transcripts, conversation: str) -> None:
    """A conversation is rated down when any reply was, and follows what is taken back."""
    await transcripts.open(conversation, at=AT)
    for _ in range(2):
        await transcripts.append(conversation, Draft(Author.BOT, "A"), AT)
    seen = []
    for seq, value in ((1, 1), (2, -1), (2, 0), (1, 0)):
        await transcripts.rate(conversation, seq, value)
        summary = await transcripts.summary(conversation)
        seen.append(summary.rating if summary else None)
    assert seen == [1, -1, 1, 0]
    assert rated([]) == 0


async def test_ratings_at_once_on_two_workers_are_all_in_the_summary(
    workers: list[Transcripts], conversation: str
) -> None:
    """Whoever comes last sees the other one's."""
    await workers[0].open(conversation, at=AT)
    for _ in range(10):
        await workers[0].append(conversation, Draft(Author.BOT, "A"), AT)
    values = [-1 if n == 4 else 1 for n in range(10)]
    await asyncio.gather(*(workers[n % 2].rate(conversation, n + 1, value) for n, value in enumerate(values)))
    summary = await workers[1].summary(conversation)
    assert summary is not None
    assert summary.rating == -1


async def test_the_list_has_what_presses_and_what_is_recent(transcripts: Transcripts, conversation: str) -> None:
    """Waiting and with staff, however old; else the latest in which something was said; each up to its limit."""
    names = [f"{conversation}-{n}" for n in range(6)]
    for n, name in enumerate(names):
        await transcripts.open(name, at=AT)
        if n != 5:
            await transcripts.append(name, Draft(Author.SHOPPER, "hi"), AT + timedelta(minutes=n))
    await transcripts.append(names[0], Draft(Author.SYSTEM, "", event=Event.ASK_STAFF), AT - timedelta(days=9))
    await transcripts.append(names[3], Draft(Author.SYSTEM, "", event=Event.CLAIM, staff="ann"), AT)
    await transcripts.append(names[4], Draft(Author.SYSTEM, "", event=Event.CLOSE), AT + timedelta(minutes=4))
    assert [s.conversation for s in await transcripts.pressing(9)] == [names[3], names[0]]
    assert [s.conversation for s in await transcripts.recent(AT, 9)] == [names[4], names[2], names[1]]
    assert [s.conversation for s in await transcripts.recent(AT + timedelta(minutes=2), 9)] == [names[4], names[2]]
    assert [s.conversation for s in await transcripts.recent(AT, 1)] == [names[4]]
    found = await transcripts.summaries([names[1], "nobody", names[5]])
    assert {s.conversation for s in found} == {names[1], names[5]}
    assert await transcripts.summaries([]) == []


async def test_what_a_rule_forbids_is_not_there(transcripts: Transcripts, conversation: str) -> None:
    """It takes no number and changes nothing; a repeat of what was allowed is not judged again."""
    await transcripts.open(conversation, at=AT)
    claim = Draft(Author.SYSTEM, "", client_id="claim-1", event=Event.CLAIM, staff="ann")
    first, _ = await transcripts.append(conversation, claim, AT, rules.may_move(Event.CLAIM, "ann"))
    other = Draft(Author.SYSTEM, "", client_id="claim-2", event=Event.CLAIM, staff="bob")
    with pytest.raises(BadPhase, match="ann has"):
        await transcripts.append(conversation, other, AT, rules.may_move(Event.CLAIM, "bob"))
    assert await transcripts.append(conversation, claim, AT, rules.may_move(Event.CLAIM, "ann")) == (first, False)
    message, _ = await transcripts.append(
        conversation, Draft(Author.STAFF, "Hi", staff="ann"), AT, rules.may_write("ann")
    )
    assert message.seq == 2
    assert await transcripts.after(conversation, 0) == [first, message]
    assert message.draft.staff == "ann"


async def test_of_many_claims_at_once_one_is_kept(workers: list[Transcripts], conversation: str) -> None:
    """Twenty staff on two workers press at the same moment: one has it, by the transcript and the summary alike."""
    await workers[0].open(conversation, at=AT)

    async def claim(n: int) -> bool:
        draft = Draft(Author.SYSTEM, "", client_id=f"claim-{n}", event=Event.CLAIM, staff=f"s{n}")
        try:
            await workers[n % 2].append(conversation, draft, AT, rules.may_move(Event.CLAIM, f"s{n}"))
        except BadPhase:
            return False
        return True

    won = await asyncio.gather(*(claim(n) for n in range(20)))
    kept = await workers[0].after(conversation, 0)
    summary = await workers[1].summary(conversation)
    assert summary is not None
    assert [m.draft.staff for m in kept] == [f"s{won.index(True)}"] == [summary.staff]
    assert sum(won) == 1


@pytest.fixture
async def notes(url: str, transcripts: Transcripts, conversation: str) -> AsyncIterator[Notes]:
    """Notes of each kind, with the conversation there."""
    await transcripts.open(conversation, at=AT)
    await transcripts.open(conversation + "-other", at=AT)
    if url == "memory:":
        yield MemoryNotes(lambda: AT)
        return
    opened = await open_database(url)
    yield SqlNotes(opened, lambda: AT)
    await opened.aclose()


async def test_notes_are_kept_once_by_conversation(notes: Notes, conversation: str) -> None:
    """In order, once under their id, apart by conversation, read after any."""
    wanted = [WantedNote(conversation, "ann", f"note {n}", f"id-{n}") for n in range(3)]
    kept = [(await notes.add(one))[0] for one in wanted]
    again, new = await notes.add(WantedNote(conversation, "bob", "other", "id-1"))
    assert (again, new) == (kept[1], False)
    assert (await notes.add(WantedNote(conversation + "-other", "ann", "there", "id-1")))[1]
    assert await notes.after(conversation) == kept
    assert await notes.after(conversation, kept[0].id) == kept[1:]
    assert (kept[0].at, kept[0].staff, kept[0].text) == (AT, "ann", "note 0")
    for text in ("", " \n", "a\x00", "\ud800"):
        with pytest.raises(Refused, match=r"^text: "):
            await notes.add(WantedNote(conversation, "ann", text, "id-9"))


async def test_canned_replies_come_with_samples_and_change_as_one(database: Database) -> None:
    """Samples in both languages; replacing keeps all or, when one is wrong, none."""
    canned = CannedReplies(database)
    samples = await canned.all()
    assert {one.lang for one in samples} == {"en", "zh"}
    assert len({one.name for one in samples}) * 2 == len(samples)
    mine = [Canned("bye", "Bye!", "en"), Canned("谢谢", "谢谢您", "zh")]
    await canned.replace(mine)
    assert await canned.all() == mine
    for wrong, why in (
        ([*mine, Canned("bye", "Again", "en")], r"2.name: got 'bye' twice"),
        ([Canned("a b", "x", "en")], r"0.name: "),
        ([Canned("a", " ", "en")], r"0.text: "),
        ([Canned("a", "x", "de")], r"0.lang: got 'de'"),
        ([Canned(f"n{n}", "x", "en") for n in range(501)], "at most 500"),
    ):
        with pytest.raises(Refused, match=why):
            await canned.replace(wrong)
    assert await canned.all() == mine
    await canned.replace([])
    assert await canned.all() == []


async def test_suggestions_are_made_listed_and_settled_once(database: Database) -> None:
    """The newest first; one for the same reply replaces the open one; of two who settle it, one does."""
    clock = iter(AT + timedelta(minutes=n) for n in range(99))
    suggestions = Suggestions(database, lambda: next(clock))
    first = await suggestions.add(Wanted("ann", ("Do you ship to Canada?",), "Yes.", "en", "c-1", 2))
    second = await suggestions.add(Wanted("ada", ("退货？", "怎么退货"), "30 天内。", "zh"))
    better = await suggestions.add(Wanted("bob", ("Do you ship to Canada?",), "Yes, in 9 days.", "en", "c-1", 2))
    assert (better.id, better.wanted.by, better.wanted.answer) == (first.id, "bob", "Yes, in 9 days.")
    assert await suggestions.list() == (second, better)
    done = await asyncio.gather(
        suggestions.set_state(first.id, State.APPROVED),
        suggestions.set_state(first.id, State.REJECTED),
        return_exceptions=True,
    )
    assert sorted(isinstance(d, BadPhase) for d in done) == [False, True]
    settled = await suggestions.get(first.id)
    assert settled is not None
    assert settled.state is not State.OPEN
    assert await suggestions.set_state(first.id, settled.state) == settled
    assert await suggestions.list(State.OPEN) == (second,)
    anew = await suggestions.add(Wanted("ann", ("Canada?",), "Yes.", "en", "c-1", 2))
    assert anew.id not in (first.id, second.id)
    with pytest.raises(Refused, match="suggestion 99"):
        await suggestions.set_state(99, State.APPROVED)
    for wanted, why in (
        (Wanted("ann", (), "x", "en"), "questions: got 0"),
        (Wanted("ann", ("",), "x", "en"), r"questions.0: "),
        (Wanted("ann", ("q",), "x" * 4001, "en"), "answer: got 4001"),
        (Wanted("ann", ("q",), "x", "de"), "lang: got 'de'"),
    ):
        with pytest.raises(Refused, match=why):
            await suggestions.add(wanted)


async def test_a_list_of_hundreds_is_read_from_an_index(database_url: str) -> None:
    """Neither query of the list sorts or scans the table of conversations on SQLite."""
    if not database_url.startswith("sqlite"):
        pytest.skip("the plan is read as SQLite words it")
    database = await open_database(database_url)

    async def plan(connection: AsyncConnection) -> str:
        query = (
            "EXPLAIN QUERY PLAN SELECT * FROM conversations WHERE phase IN ('bot', 'closed') AND messages > 0 "
            "AND last_at >= '2026-01-01' ORDER BY last_at DESC, id DESC LIMIT 300"
        )
        return " ".join(str(row[3]) for row in await connection.execute(sa.text(query)))

    found = await database.read(plan)
    await database.aclose()
    assert "USING INDEX conversations_" in found
    assert "SCAN conversations" not in found.replace("SCAN conversations USING INDEX", "")
