"""The staff side over the memory twins: acts once and by the rules, the list and its frames, what is logged."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import desk_frames as out
from bot.answer import Answerer, Show
from bot.board import LISTED, LISTED_FOR, Board, listed
from bot.conversation import Author, Draft, Event, Phase, Reason, advance
from bot.desk import Asked, Desk, Kept, Staff
from bot.dialogue import Dialogue, Pace
from bot.errors import BadFrame, BadPhase, NotFound, Refused
from bot.feed import open_feed
from bot.frames import Out
from bot.limits import Places
from bot.notes import MemoryNotes
from bot.record import Record, Stores
from bot.reply import Reply, Trace, Turn
from bot.sessions import open_sessions
from bot.summary import Summary
from bot.transcripts import open_transcripts
from tests.support.desks import Untold, unsuggested
from tests.support.staff import applied

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANN, BOB = Staff("ann", "198.51.100.1"), Staff("bob")


class Slow(Answerer):
    """Shows a word, then waits until it is let go on."""

    def __init__(self) -> None:
        self.gate, self.begun = asyncio.Event(), asyncio.Event()

    async def answer(self, turn: Turn, show: Show) -> Reply:
        """A word, a wait, a reply."""
        await show("one ")
        self.begun.set()
        await self.gate.wait()
        return Reply(Draft(Author.BOT, "one two", reply_to=turn.message.seq, action="answer"), turn.state, Trace())


class World:
    """One worker with one open conversation `c`."""

    def __init__(self, stores: Stores) -> None:
        self.stores, self.now = stores, NOW
        self.record = Record(stores, 60, self.clock)
        self.slow, self.log = Slow(), Untold()
        self.dialogue = Dialogue(self.record, self.slow, Places(4, 64), Pace(1, 60))
        self.desk = Desk(self.record, Kept(MemoryNotes(self.clock), unsuggested(), self.log), self.slow)
        self.board = Board(stores.transcripts, stores.feed, self.clock)

    def clock(self) -> datetime:
        """The time, a little later each time."""
        self.now += timedelta(milliseconds=1)
        return self.now

    async def summary(self) -> Summary:
        """The conversation at a glance."""
        return await self.desk.summary("c")


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """Over the twins; the board follows the feed."""
    stores = Stores(await open_transcripts("memory:"), await open_sessions("memory:"), await open_feed("memory:"))
    world = World(stores)
    await world.dialogue.open("c", "en", "")
    following = asyncio.create_task(world.board.follow())
    await asyncio.sleep(0)
    try:
        yield world
    finally:
        world.slow.gate.set()
        await world.dialogue.aclose()
        await stores.feed.aclose()
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A worker."""
    async with a_world() as made:
        yield made


def asked(by: Staff, id: str) -> Asked:
    """Something asked for in the conversation."""
    return Asked("c", by, id)


async def test_an_act_is_done_once_under_its_id_and_logged_once(world: World) -> None:
    """A claim sent three times is one event and one entry of the log, without any words."""
    for _ in range(3):
        await world.desk.act("claim", asked(ANN, "claim-01"))
    for _ in range(2):
        await world.desk.reply(asked(ANN, "reply-01"), "Hello")
        await world.desk.note(asked(ANN, "note-0001"), "private")
    await world.desk.act("give_back", asked(ANN, "back-001"))
    await world.desk.act("close", asked(ANN, "close-01"))
    kept = await world.stores.transcripts.after("c", 0)
    assert [(m.draft.author, m.draft.event, m.draft.staff) for m in kept] == [
        (Author.SYSTEM, Event.CLAIM, "ann"),
        (Author.STAFF, None, "ann"),
        (Author.SYSTEM, Event.GIVE_BACK, "ann"),
        (Author.SYSTEM, Event.CLOSE, "ann"),
    ]
    assert [d.action for d in world.log.deeds] == [
        f"conversation.{verb}" for verb in ("claim", "reply", "note", "give_back", "close")
    ]
    assert all((d.actor, d.target, d.address) == ("ann", "c", "198.51.100.1") for d in world.log.deeds)
    assert "Hello" not in str(world.log.deeds)
    assert "private" not in str(world.log.deeds)


async def test_only_who_has_it_speaks_gives_back_and_closes(world: World) -> None:
    """The others are told who has it; anybody may put it back into the queue, and then anybody may take it."""
    with pytest.raises(BadPhase, match="wanted a claim"):
        await world.desk.reply(asked(ANN, "reply-00"), "Hello")
    await world.desk.act("claim", asked(ANN, "claim-01"))
    for what in ("claim", "give_back", "close"):
        with pytest.raises(BadPhase, match="ann has the conversation"):
            await world.desk.act(what, asked(BOB, f"bob-{what}-01"))
    with pytest.raises(BadPhase, match="ann has the conversation"):
        await world.desk.reply(asked(BOB, "reply-01"), "Hello")
    for what in ("claim", "close"):
        with pytest.raises(Refused, match="used for something else"):
            await world.desk.act(what, asked(BOB, "claim-01"))
    await world.desk.act("queue", asked(BOB, "queue-01"))
    assert (await world.summary()).phase is Phase.WAITING
    with pytest.raises(BadPhase):
        await world.desk.reply(asked(ANN, "reply-02"), "Still me?")
    await world.desk.act("claim", asked(BOB, "claim-02"))
    assert (await world.summary()).staff == "bob"


async def test_an_unknown_conversation_is_not_found(world: World) -> None:
    """Whatever is asked for in it."""
    nowhere = Asked("nowhere", ANN, "any-id-1")
    for call in (world.desk.act("claim", nowhere), world.desk.note(nowhere, "x"), world.desk.suggest("nowhere")):
        with pytest.raises(NotFound, match="nowhere"):
            await call
    with pytest.raises(NotFound, match="message 1"):
        await world.desk.mark_wrong("c", 1, "right", ANN)


async def test_only_a_reply_of_the_bot_is_marked_wrong(world: World) -> None:
    """A person's words are not."""
    await world.desk.act("claim", asked(ANN, "claim-01"))
    await world.desk.reply(asked(ANN, "reply-01"), "Hello")
    with pytest.raises(Refused, match="wanted a reply of the bot"):
        await world.desk.mark_wrong("c", 2, "right", ANN)


async def test_a_claim_ends_the_bots_answer_at_once(world: World) -> None:
    """In mid-answer: the bot stops, what it began is not committed and no longer owed, and its beginning is gone."""
    await world.dialogue.hear("c", "id-1", "first")
    await world.slow.begun.wait()
    await world.desk.act("claim", asked(ANN, "claim-01"))
    async with asyncio.timeout(5):
        while await world.stores.transcripts.unanswered("c") or await world.stores.sessions.partial("c"):  # noqa: ASYNC110
            await asyncio.sleep(0)
    kept = await world.stores.transcripts.after("c", 0)
    assert [m.draft.author for m in kept] == [Author.SHOPPER, Author.SYSTEM]


async def test_what_is_said_while_the_phase_changes_is_neither_lost_nor_answered_twice(world: World) -> None:
    """Messages race with claims, give-backs and closings: each is there once, and only what came to the bot is its."""
    world.slow.gate.set()

    async def staff() -> None:
        for n in range(12):
            for what in ("claim", "give_back") if n % 3 else ("claim", "close"):
                with suppress(BadPhase):
                    await world.desk.act(what, asked(ANN, f"{what}-{n:03}"))
                await asyncio.sleep(0)

    async def shopper() -> None:
        for n in range(24):
            await world.dialogue.hear("c", f"say-{n}", f"text {n}")

    await asyncio.gather(staff(), shopper())
    async with asyncio.timeout(10):
        while await world.stores.transcripts.unanswered("c"):
            world.dialogue.serve("c")
            await asyncio.sleep(0.001)
    kept = await world.stores.transcripts.after("c", 0, 500)
    said = [m for m in kept if m.draft.author is Author.SHOPPER]
    assert [m.draft.client_id for m in said] == [f"say-{n}" for n in range(24)]
    phase = Phase.BOT
    for message in kept:
        if message.draft.event:
            phase = advance(phase, message.draft.event)
        elif message.draft.author is Author.SHOPPER:
            assert phase is not Phase.CLOSED
            assert message.draft.wants_reply is (phase is not Phase.STAFF)
        else:
            assert phase in (Phase.BOT, Phase.WAITING)


# The list


def decoded(frame: Out) -> dict[str, Any]:
    """A frame as it arrives."""
    return dict(orjson.loads(out.dump(frame)))


def fresh(lines: dict[str, Summary]) -> dict[str, Any]:
    """What a desk that opens now is told."""
    hours, me = out.HoursOut(open=True, text=""), out.Me(name="ann", role="staff")
    desk = out.Desk(me=me, hours=hours, conversations=tuple(out.summed(s) for s in lines.values()))
    return applied({}, decoded(desk))


SUMMARIES = st.builds(
    Summary,
    st.sampled_from(["a", "b", "c", "d", "e"]),
    st.sampled_from(["en", "zh"]),
    st.just(""),
    st.just(NOW),
    st.sampled_from([NOW - timedelta(hours=h) for h in (0, 1, 30)]),
    phase=st.sampled_from(Phase),
    reason=st.sampled_from([None, *Reason]),
    messages=st.integers(0, 2),
    moods=st.sampled_from(["", "c", "na"]),
    rating=st.integers(-1, 1),
)
LISTS = st.lists(SUMMARIES, max_size=6).map(lambda found: listed(found, NOW))


@given(st.lists(LISTS, min_size=1, max_size=6))
def test_state_and_frames_make_the_fresh_state(lists: list[dict[str, Summary]]) -> None:
    """From any list, over the frames of any changes: exactly what a desk that opens then is told."""
    lines = fresh(lists[0])
    for before, now in pairwise(lists):
        for frame in out.changes(before, now):
            lines = applied(lines, decoded(frame))
        assert lines == fresh(now)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["say", "ask", "claim", "give_back", "close", "rate", "pause", "new"]), st.integers(0, 2)
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(_STEPS)
def test_a_desk_that_looked_on_sees_what_a_fresh_one_is_told(steps: list[tuple[str, int]]) -> None:
    """Whatever shoppers and staff do: the frames that one desk got, on its first state, make the list that is there."""
    asyncio.run(_looked_on(steps))


async def _looked_on(steps: list[tuple[str, int]]) -> None:
    async with a_world() as world:
        world.slow.gate.set()
        async with world.board.reading() as (before, changes):
            lines = fresh(before)
            for n, (what, which) in enumerate(steps):
                await _step(world, what, f"c{which}", n)
            async with asyncio.timeout(10):
                while world.dialogue._serving:  # noqa: ASYNC110 — an answer in flight has no event to wait on
                    await asyncio.sleep(0)
            async with world.board.reading() as (now, _):
                pass
            changes.close()
            async for change in changes:
                assert isinstance(change, dict)
                lines = applied(lines, decoded(change["frame"]))
        assert lines == fresh(now)


async def _step(world: World, what: str, conversation: str, n: int) -> None:
    await world.dialogue.open(conversation, "en", "")
    with suppress(BadPhase):
        if what == "say":
            await world.dialogue.hear(conversation, f"say-{n}", "This is ridiculous!" if n % 3 else "hello")
        elif what == "ask":
            await world.dialogue.ask_staff(conversation, f"ask-{n}")
        elif what == "rate":
            await world.dialogue.rate(conversation, 2, -1)
        elif what == "pause":
            await asyncio.sleep(0.06)
        elif what != "new":
            await world.desk.act(what, Asked(conversation, ANN, f"{what}-{n}"))


async def test_the_list_follows_the_feed(world: World) -> None:
    """A message shows up at an open desk without anybody asking, and so does each change after it."""
    world.slow.gate.set()
    async with world.board.reading() as (before, changes):
        assert before == {}
        await world.dialogue.hear("c", "id-1", "hello")
        lines: dict[str, Any] = {}
        async with asyncio.timeout(5):
            while lines.get("c", {}).get("messages") != 2:
                change = await anext(changes)
                assert isinstance(change, dict)
                lines = applied(lines, decoded(change["frame"]))
            await world.dialogue.ask_staff("c", "ask-1")
            while lines["c"]["phase"] != "waiting":
                change = await anext(changes)
                assert isinstance(change, dict)
                lines = applied(lines, decoded(change["frame"]))
    assert lines["c"]["reason"] == "shopper_asked"


def test_the_list_has_its_limits() -> None:
    """Of the quiet ones only the latest, of the pressing ones too; what is old and quiet is left out."""
    many = [
        Summary(f"{phase}-{n}", "en", "", NOW, NOW - timedelta(seconds=n), phase=phase, messages=1)
        for phase in (Phase.BOT, Phase.WAITING)
        for n in range(LISTED + 5)
    ]
    old = Summary("old", "en", "", NOW, NOW - LISTED_FOR - timedelta(seconds=1), messages=1)
    waits = Summary("waits", "en", "", NOW, old.last_at, phase=Phase.STAFF, messages=1)
    found = listed([old, *many], NOW)
    assert len(found) == 2 * LISTED
    assert f"bot-{LISTED - 1}" in found
    assert f"bot-{LISTED}" not in found
    assert set(listed([old, waits], NOW)) == {"waits"}


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ("{", "no JSON"),
        ("[]", "wanted an object"),
        ('{"type": "grab", "conversation": "c"}', "grab"),
        ('{"type": "claim", "conversation": "c"}', "id"),
        ('{"type": "claim", "conversation": "c", "id": "x"}', "id"),
        ('{"type": "reply", "conversation": "c", "id": "reply-01", "text": ""}', "text"),
        ('{"type": "reply", "conversation": "c", "id": "reply-01", "text": "a\\u0000"}', "NUL"),
        ('{"type": "watch", "conversation": "c", "more": 1}', "more"),
        ('{"type": "typing", "conversation": "c", "on": "maybe"}', "on"),
    ],
)
def test_a_frame_that_is_none_is_refused_with_its_place(raw: str, where: str) -> None:
    """The message names the field."""
    with pytest.raises(BadFrame, match=where):
        out.parse(raw)


@given(st.text(max_size=200))
def test_any_text_is_a_frame_or_a_bad_frame(raw: str) -> None:
    """Nothing else comes out."""
    with suppress(BadFrame):
        out.parse(raw)
