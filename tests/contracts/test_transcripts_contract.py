"""What transcripts promise, checked on the twin in memory, on SQLite and on PostgreSQL alike."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation import Author, Card, Citation, Draft, Event, Reason
from bot.errors import BadSettings, Refused
from bot.transcripts import Info, Transcripts, open_transcripts

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HI = Draft(Author.SHOPPER, "Hi", client_id="client-01", wants_reply=True)

Opened = Callable[[], Awaitable[Transcripts]]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty store of each kind."""
    urls = {"memory": "memory:", "sqlite": f"sqlite:///{tmp_path / 'aisle.db'}"}
    return urls.get(request.param) or str(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def opened(url: str) -> AsyncIterator[Opened]:
    """Opens transcripts over the same store each time, as two workers would."""
    made: list[Transcripts] = []

    async def again() -> Transcripts:
        if not (made and url == "memory:"):
            made.append(await open_transcripts(url))
        return made[-1]

    yield again
    for transcripts in made:
        await transcripts.aclose()


@pytest.fixture
async def transcripts(opened: Opened) -> Transcripts:
    """Transcripts of one worker."""
    return await opened()


@pytest.fixture
async def workers(opened: Opened) -> list[Transcripts]:
    """Transcripts of two workers."""
    return [await opened(), await opened()]


async def test_a_conversation_is_made_once(transcripts: Transcripts, conversation: str) -> None:
    """Opening twice makes one conversation, which stays as it was first."""
    assert await transcripts.find(conversation) is None
    assert await transcripts.open(conversation, lang="zh", identity="ann", at=AT)
    assert not await transcripts.open(conversation, lang="en", identity="bob", at=AT + timedelta(days=1))
    assert await transcripts.find(conversation) == Info(conversation, "zh", "ann", AT, 0)


async def test_a_message_comes_back_as_it_was(transcripts: Transcripts, conversation: str) -> None:
    """Every field of a draft survives, in any language, and time comes back in UTC."""
    draft = Draft(
        author=Author.BOT,
        text="您好 👋 “quoted” \\ \n end",
        client_id="c" * 64,
        reply_to=1,
        event=Event.ASK_STAFF,
        reason=Reason.LOW_SUPPORT,
        action="answer",
        citations=(Citation(1, "p1", "Title", "Excerpt"), Citation(2, "p2", "题", "摘", "https://shop.example/a")),
        cards=(Card("tent", "Tent", "199.00 EUR", 3, note="last ones"),),
        choices=("Yes", "不"),
        stopped=True,
        snapshot="s1",
        verdict='{"ok": true}',
        lang="zh",
    )
    await transcripts.open(conversation, at=AT)
    local = AT.astimezone(timezone(timedelta(hours=8)))
    message, new = await transcripts.append(conversation, draft, local)
    assert new
    assert (message.seq, message.at, message.at.utcoffset()) == (1, AT, timedelta(0))
    found = await transcripts.get(conversation, 1)
    assert found == message
    assert found is not None
    assert found.draft == draft


async def test_numbers_count_from_one(transcripts: Transcripts, conversation: str) -> None:
    """Messages are numbered 1, 2, 3 and read in that order after any number, as many as asked for."""
    await transcripts.open(conversation, at=AT)
    for i in range(5):
        message, _ = await transcripts.append(conversation, Draft(Author.STAFF, f"m{i}"), AT)
        assert message.seq == i + 1
    assert [m.seq for m in await transcripts.after(conversation, 2)] == [3, 4, 5]
    assert [m.seq for m in await transcripts.after(conversation, 0, limit=2)] == [1, 2]
    assert await transcripts.after(conversation, 5) == []
    info = await transcripts.find(conversation)
    assert info is not None
    assert info.last_seq == 5


async def test_conversations_do_not_mix(transcripts: Transcripts, conversation: str) -> None:
    """Each conversation has numbers and client ids of its own."""
    other = conversation + "-other"
    for name in (conversation, other):
        await transcripts.open(name, at=AT)
        message, new = await transcripts.append(name, HI, AT)
        assert (message.conversation, message.seq, new) == (name, 1, True)
    await transcripts.append(other, Draft(Author.BOT, "Hello", reply_to=1), AT)
    assert len(await transcripts.after(conversation, 0)) == 1
    assert len(await transcripts.unanswered(conversation)) == 1


async def test_a_repeated_client_id_gives_the_first_message(transcripts: Transcripts, conversation: str) -> None:
    """Whatever its text, a repeat gives the first message, takes no number, and the next one has no hole before it."""
    await transcripts.open(conversation, at=AT)
    first, _ = await transcripts.append(conversation, HI, AT)
    again = Draft(Author.SHOPPER, "Something else", client_id=HI.client_id, wants_reply=True)
    assert await transcripts.append(conversation, again, AT + timedelta(hours=1)) == (first, False)
    message, _ = await transcripts.append(conversation, Draft(Author.SHOPPER, "Next"), AT)
    assert message.seq == 2


async def test_a_message_is_answered_once(transcripts: Transcripts, conversation: str) -> None:
    """A second bot reply to a message gives the first one; staff may reply as often as they like."""
    await transcripts.open(conversation, at=AT)
    await transcripts.append(conversation, HI, AT)
    first, new = await transcripts.append(conversation, Draft(Author.BOT, "A", reply_to=1), AT)
    assert new
    assert await transcripts.append(conversation, Draft(Author.BOT, "B", reply_to=1), AT) == (first, False)
    for seq in (3, 4):
        message, new = await transcripts.append(conversation, Draft(Author.STAFF, "C", reply_to=1), AT)
        assert (message.seq, new) == (seq, True)


async def test_a_message_is_owed_an_answer_until_it_has_one(transcripts: Transcripts, conversation: str) -> None:
    """A bot reply or settling ends the debt; staff, system and messages that want none never make one."""
    await transcripts.open(conversation, at=AT)
    for i in range(3):
        await transcripts.append(conversation, Draft(Author.SHOPPER, f"q{i}", wants_reply=True), AT)
    await transcripts.append(conversation, Draft(Author.SHOPPER, "thanks"), AT)
    await transcripts.append(conversation, Draft(Author.STAFF, "hello", wants_reply=True), AT)
    assert [m.seq for m in await transcripts.unanswered(conversation)] == [1, 2, 3]
    await transcripts.append(conversation, Draft(Author.STAFF, "mine", reply_to=1), AT)
    await transcripts.append(conversation, Draft(Author.BOT, "a", reply_to=2), AT)
    await transcripts.settle(conversation, 3)
    left = await transcripts.unanswered(conversation)
    assert [m.seq for m in left] == [1]
    assert left[0].draft.wants_reply


async def test_overdue_finds_who_waits_longest(transcripts: Transcripts, conversation: str) -> None:
    """Conversations with an old unanswered message are found, the oldest first, each once, up to the limit."""
    names = [f"{conversation}-{i}" for i in range(3)]
    for i, name in enumerate(names):
        await transcripts.open(name, at=AT)
        for _ in range(2):
            draft = Draft(Author.SHOPPER, "q", wants_reply=True)
            await transcripts.append(name, draft, AT - timedelta(seconds=i))
    assert await transcripts.overdue(AT) == [names[2], names[1]]
    assert await transcripts.overdue(AT + timedelta(seconds=1), limit=1) == [names[2]]
    assert await transcripts.overdue(AT - timedelta(days=1)) == []
    for seq in (1, 2):
        await transcripts.settle(names[2], seq)
    assert await transcripts.overdue(AT) == [names[1]]


async def test_events_are_those_of_system_messages(transcripts: Transcripts, conversation: str) -> None:
    """The phase can be folded from system messages alone; others carry no weight."""
    await transcripts.open(conversation, at=AT)
    for author, event in (
        (Author.SYSTEM, Event.ASK_STAFF),
        (Author.BOT, Event.CLOSE),
        (Author.SYSTEM, None),
        (Author.SYSTEM, Event.CLAIM),
    ):
        await transcripts.append(conversation, Draft(author, "", event=event), AT)
    assert await transcripts.events(conversation) == [Event.ASK_STAFF, Event.CLAIM]


async def test_only_replies_are_rated(transcripts: Transcripts, conversation: str) -> None:
    """A rating changes, and is taken back; shoppers' messages and those that are not there have none."""
    await transcripts.open(conversation, at=AT)
    await transcripts.append(conversation, HI, AT)
    await transcripts.append(conversation, Draft(Author.BOT, "A", reply_to=1), AT)
    for value in (1, -1, 0):
        rated = await transcripts.rate(conversation, 2, value)
        assert rated is not None
        assert rated.rating == value
        assert await transcripts.get(conversation, 2) == rated
    assert await transcripts.rate(conversation, 1, 1) is None
    assert await transcripts.rate(conversation, 3, 1) is None
    with pytest.raises(Refused, match="rating of 5"):
        await transcripts.rate(conversation, 2, 5)


async def test_a_conversation_that_was_never_opened(transcripts: Transcripts, conversation: str) -> None:
    """Nothing is appended to it, with a clear error; reading it gives nothing."""
    with pytest.raises(Refused, match="never opened"):
        await transcripts.append(conversation, HI, AT)
    assert await transcripts.after(conversation, 0) == []
    assert await transcripts.get(conversation, 1) is None
    assert await transcripts.unanswered(conversation) == []
    assert await transcripts.events(conversation) == []
    assert await transcripts.rate(conversation, 1, 1) is None
    await transcripts.settle(conversation, 1)


@pytest.mark.parametrize(
    ("draft", "where"),
    [
        (Draft(Author.BOT, "a\x00b"), "text"),
        (Draft(Author.BOT, "\ud800"), "text"),
        (Draft(Author.BOT, "", choices=("ok", "\udfff")), "choices.1"),
        (Draft(Author.BOT, "", citations=(Citation(1, "p", "t", "e\x00"),)), "citation.0.excerpt"),
        (Draft(Author.BOT, "", cards=(Card("h", "n\x00", "1", 1),)), "card.0.name"),
    ],
)
async def test_what_no_database_holds_is_refused(
    transcripts: Transcripts, conversation: str, draft: Draft, where: str
) -> None:
    """NULs and lone surrogates are refused by name, and take no number."""
    await transcripts.open(conversation, at=AT)
    with pytest.raises(Refused, match=f"^{where}: "):
        await transcripts.append(conversation, draft, AT)
    message, _ = await transcripts.append(conversation, HI, AT)
    assert message.seq == 1


async def test_what_was_appended_is_there_for_the_next_worker(opened: Opened, conversation: str) -> None:
    """Another worker over the same store sees it at once."""
    one, two = await opened(), await opened()
    await one.open(conversation, at=AT)
    message, _ = await one.append(conversation, HI, AT)
    assert await two.after(conversation, 0) == [message]
    assert await two.append(conversation, HI, AT) == (message, False)


async def test_fifty_appends_each_from_two_workers_at_once(workers: list[Transcripts], conversation: str) -> None:
    """A hundred appends at once get the numbers 1 to 100."""
    await workers[0].open(conversation, at=AT)
    drafts = [Draft(Author.SHOPPER, f"{w}-{i}", client_id=f"client-{w}-{i}") for w in range(2) for i in range(50)]
    done = await asyncio.gather(
        *(workers[i % 2].append(conversation, draft, AT) for i, draft in enumerate(drafts)),
    )
    assert sorted(message.seq for message, _ in done) == list(range(1, 101))
    kept = await workers[0].after(conversation, 0)
    assert {m.draft.text for m in kept} == {draft.text for draft in drafts}


async def test_a_cancelled_append_is_there_once_or_not_at_all(opened: Opened, conversation: str) -> None:
    """Whenever the caller is cancelled, numbers have no hole, and the client's next try leaves the message there once.

    Cancelled one step of the loop later each time.
    """
    one, two = await opened(), await opened()
    await one.open(conversation, at=AT)
    for turn in range(25):
        draft = Draft(Author.SHOPPER, f"m{turn}", client_id=f"client-{turn:02}")
        task = asyncio.create_task(one.append(conversation, draft, AT))
        for _ in range(turn):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await two.append(conversation, draft, AT)
    kept = await one.after(conversation, 0)
    assert [m.seq for m in kept] == list(range(1, 26))
    assert [m.draft.text for m in kept] == [f"m{turn}" for turn in range(25)]


Step = tuple[int, str, int]
STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["say", "reply", "other"]), st.integers(1, 4)), max_size=14
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, at_once=st.booleans())
async def test_any_interleaving_leaves_each_message_once(
    workers: list[Transcripts], conversation: str, steps: list[Step], at_once: bool
) -> None:
    """Appends with repeated client ids and repeated replies, from two workers in any order or all at once, leave the
    numbers 1 to n, each client id once, each message answered at most once, and the same for both workers.
    """
    name = f"{conversation}-{next(_counter)}"
    await workers[0].open(name, at=AT)

    def drafted(kind: str, n: int) -> Draft:
        if kind == "say":
            return Draft(Author.SHOPPER, "q", client_id=f"client-{n:02}", wants_reply=True)
        return Draft(Author.BOT, "a", reply_to=n) if kind == "reply" else Draft(Author.STAFF, "s")

    appends = [workers[w].append(name, drafted(kind, n), AT) for w, kind, n in steps]
    done: list[Any] = list(await asyncio.gather(*appends)) if at_once else [await append for append in appends]
    kept = await workers[1].after(name, 0)
    assert kept == await workers[0].after(name, 0)
    assert [m.seq for m in kept] == list(range(1, len(kept) + 1))
    assert sum(new for _, new in done) == len(kept)
    assert all(kept[message.seq - 1] == message for message, _ in done)
    ids = [m.draft.client_id for m in kept if m.draft.client_id]
    answered = [m.draft.reply_to for m in kept if m.draft.reply_to]
    assert sorted(ids) == sorted({f"client-{n:02}" for _, kind, n in steps if kind == "say"})
    assert sorted(answered) == sorted({n for _, kind, n in steps if kind == "reply"})


_counter = iter(range(10**9))


@pytest.mark.parametrize("address", ["", "mysql://u@h/d", "sqlite://", "sqlite:///:memory:", "nonsense"])
async def test_other_addresses_are_refused(address: str) -> None:
    """An address that Aisle cannot use is named with what was wanted."""
    with pytest.raises(BadSettings, match="AISLE_DATABASE"):
        await open_transcripts(address)
