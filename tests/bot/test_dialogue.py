"""Turns: committed once, answered once, in order, whatever workers and stores do. Over the memory twins."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Answerer, Show
from bot.conversation import Author, Draft, Event, Message, Phase
from bot.dialogue import Dialogue, Pace
from bot.errors import Busy, GeneratorFailed, StateLost
from bot.feed import MemoryFeed, open_feed
from bot.limits import Places
from bot.policy import Action
from bot.record import Record, Stores
from bot.reply import Reply, Trace, Turn
from bot.sessions import MemorySessions, open_sessions
from bot.summary import Summary
from bot.transcripts import Info, MemoryTranscripts, open_transcripts

WORDS = ("one ", "two ", "three")


class Echo(Answerer):
    """Answers with what was said, word by word; `gate` holds it back, `hand_over` and `broken` steer it."""

    def __init__(self) -> None:
        self.turns: list[int] = []
        self.given: list[Turn] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.action = Action.ANSWER
        self.broken: Exception | None = None

    async def answer(self, turn: Turn, show: Show) -> Reply:
        """Show each word, waiting at the gate after the first."""
        self.turns.append(turn.message.seq)
        self.given.append(turn)
        for n, word in enumerate(WORDS):
            if n:
                await self.gate.wait()
            await show(word)
        if self.broken:
            raise self.broken
        text = f"{''.join(WORDS)} {turn.message.draft.text}"
        draft = Draft(Author.BOT, text, reply_to=turn.message.seq, action=self.action.value, lang="en")
        return Reply(draft, turn.state, Trace())


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time now."""
        return self.now


class World:
    """Stores that outlive workers, and workers on them."""

    def __init__(self, stores: Stores) -> None:
        self.stores, self.clock = stores, Clock()
        self.record = Record(stores, 60, self.clock)
        self.workers: list[tuple[Dialogue, Echo]] = []

    def worker(self, in_flight: int = 4, queued: int = 64) -> tuple[Dialogue, Echo]:
        """A fresh worker."""
        echo = Echo()
        dialogue = Dialogue(self.record, echo, Places(in_flight, queued), Pace(0.3, 0.05))
        self.workers.append((dialogue, echo))
        return dialogue, echo

    async def messages(self) -> list[Message]:
        """The whole transcript of the one conversation."""
        return await self.stores.transcripts.after("c", 0)

    async def settled(self) -> None:
        """Wait until nothing is unanswered."""
        async with asyncio.timeout(10):
            while await self.stores.transcripts.unanswered("c"):  # noqa: ASYNC110 — the store has no event to wait on
                await asyncio.sleep(0.005)


@asynccontextmanager
async def a_world() -> AsyncIterator[World]:
    """Memory twins, one open conversation, workers closed at the end."""
    stores = Stores(await open_transcripts("memory:"), await open_sessions("memory:"), await open_feed("memory:"))
    world = World(stores)
    await stores.transcripts.open("c", lang="en", at=world.clock())
    try:
        yield world
    finally:
        for dialogue, echo in world.workers:
            echo.gate.set()
            await dialogue.aclose()


def _replies(messages: list[Message]) -> list[int | None]:
    return [m.draft.reply_to for m in messages if m.draft.author is Author.BOT]


async def test_a_message_is_committed_answered_and_told() -> None:
    """One message gives a message, its deltas and the reply, on the feed in that order."""
    async with a_world() as world:
        dialogue, _ = world.worker()
        async with world.stores.feed.subscribe("conversation:c") as notices:
            await dialogue.hear("c", "id-1", "hi")
            told = [await anext(notices) for _ in range(5)]
    kinds = [notice["kind"] for notice in told if isinstance(notice, dict)]
    assert kinds == ["message", "delta", "delta", "delta", "message"]


_Step = tuple[str, int]
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.integers(0, 5)),
        st.tuples(st.just("crash"), st.integers(0, 1)),
        st.tuples(st.just("breathe"), st.integers(0, 3)),
        st.tuples(st.just("forget"), st.just(0)),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(_STEPS)
def test_any_mix_of_repeats_crashes_and_lost_state_answers_each_message_once_in_order(steps: list[_Step]) -> None:
    """Whatever happens on two workers, each client id is one message with one reply, and seqs have no holes."""
    asyncio.run(_mixed(steps))


async def _mixed(steps: list[_Step]) -> None:
    async with a_world() as world:
        pair = [world.worker()[0], world.worker()[0]]
        said: set[str] = set()
        for n, (what, which) in enumerate(steps):
            if what == "say":
                said.add(f"id-{which}")
                await pair[n % 2].hear("c", f"id-{which}", f"text {which}")
            elif what == "crash":
                await pair[which].aclose()
                pair[which] = world.worker()[0]
            elif what == "forget":
                await world.stores.sessions.erase("c")
            else:
                for _ in range(which):
                    await asyncio.sleep(0)
        for dialogue in pair:
            dialogue.serve("c")
        await world.settled()
        messages = await world.messages()
    assert [m.seq for m in messages] == list(range(1, len(messages) + 1))
    asked = [m for m in messages if m.draft.author is Author.SHOPPER]
    assert {m.draft.client_id for m in asked} == said
    assert len(asked) == len(said)
    assert _replies(messages) == [m.seq for m in asked]


async def test_messages_that_come_during_an_answer_are_answered_after_it() -> None:
    """While one answer is held back, two more messages queue behind it, on another worker too."""
    async with a_world() as world:
        (left, slow), (right, other) = world.worker(), world.worker()
        slow.gate.clear()
        first = await left.hear("c", "id-1", "first")
        async with world.stores.feed.subscribe("conversation:c") as notices:
            await _until(notices, "delta")
            second = await right.hear("c", "id-2", "second")
            third = await left.hear("c", "id-3", "third")
            assert other.turns == []
            slow.gate.set()
            await world.settled()
        assert _replies(await world.messages()) == [first.seq, second.seq, third.seq]


async def _until(notices: object, kind: str) -> None:
    async for notice in notices:  # type: ignore[attr-defined]
        if isinstance(notice, dict) and notice["kind"] == kind:
            return


async def test_stop_keeps_what_was_shown() -> None:
    """After the first word, stop ends the answer there; the reply says that it was stopped."""
    async with a_world() as world:
        dialogue, echo = world.worker()
        echo.gate.clear()
        async with world.stores.feed.subscribe("conversation:c") as notices:
            await dialogue.hear("c", "id-1", "first")
            await _until(notices, "delta")
            await dialogue.publish.stop("c")
            await world.settled()
        reply = (await world.messages())[-1].draft
    assert (reply.text, reply.stopped) == ("one ", True)


async def test_an_unanswered_turn_of_a_dead_worker_is_swept_up() -> None:
    """A worker ends in mid-answer; when its turn is overdue, another's sweep answers it."""
    async with a_world() as world:
        dead, slow = world.worker()
        slow.gate.clear()
        message = await dead.hear("c", "id-1", "first")
        await asyncio.sleep(0)
        await dead.aclose()
        world.clock.now += timedelta(seconds=5)
        sweeping = asyncio.create_task(world.worker()[0].sweep())
        await world.settled()
        sweeping.cancel()
        assert _replies(await world.messages()) == [message.seq]


async def test_where_the_shopper_writes_from_is_known_to_whoever_answers() -> None:
    """Another worker's turn has it; it is that of the last message, and comes back when the live state was lost."""
    async with a_world() as world:
        (left, _), (right, echo) = world.worker(), world.worker()
        left.serve = right.serve  # type: ignore[method-assign]
        for n, network in enumerate(("net-1", "net-2", "", "net-2")):
            if n == 3:
                await world.stores.sessions.erase("c")
            await left.hear("c", f"id-{n}", "hi", network)
            await world.settled()
        assert [turn.state.network for turn in echo.given] == ["net-1", "net-2", "net-2", "net-2"]


async def test_a_turn_asks_the_transcript_once_for_the_conversation() -> None:
    """Phase and identity come with one summary; nothing else about it is read while the live state is there."""
    asked: list[str] = []

    class Counted(MemoryTranscripts):
        async def find(self, conversation: str) -> Info | None:
            asked.append("find")
            return await super().find(conversation)

        async def summary(self, conversation: str) -> Summary | None:
            asked.append("summary")
            return await super().summary(conversation)

    world = World(Stores(Counted(), await open_sessions("memory:"), await open_feed("memory:")))
    await world.stores.transcripts.open("c", lang="en", identity="u-7", at=world.clock())
    dialogue, echo = world.worker()
    for n in range(2):
        await dialogue.hear("c", f"id-{n}", "hi")
        asked.clear()
        await world.settled()
    assert asked == ["summary"]
    assert echo.given[-1].identity == "u-7"
    await dialogue.aclose()


async def test_a_failed_turn_is_tried_again_by_the_sweep() -> None:
    """A turn that broke stays unanswered, and is answered once what broke it is gone."""
    async with a_world() as world:
        dialogue, echo = world.worker()
        echo.broken = GeneratorFailed("down")
        message = await dialogue.hear("c", "id-1", "first")
        async with asyncio.timeout(5):
            while not echo.turns:  # noqa: ASYNC110 — the answerer is the test's own, without an event
                await asyncio.sleep(0.005)
        echo.broken = None
        world.clock.now += timedelta(seconds=5)
        sweeping = asyncio.create_task(dialogue.sweep())
        await world.settled()
        sweeping.cancel()
        assert _replies(await world.messages()) == [message.seq]


async def test_the_bot_is_silent_while_staff_have_the_conversation() -> None:
    """In phase staff a message is committed and owed no answer; given back, the bot answers the next one."""
    async with a_world() as world:
        dialogue, echo = world.worker()
        for event in (Event.CLAIM, Event.GIVE_BACK):
            await world.stores.transcripts.append("c", Draft(Author.SYSTEM, "", event=event), world.clock())
            await dialogue.hear("c", f"id-{event.value}", "hello?")
            await world.settled()
        assert len(echo.turns) == 1


async def test_staff_who_take_over_in_mid_answer_silence_the_bot() -> None:
    """A claim while the answer is made: the answer is not committed, and no longer owed."""
    async with a_world() as world:
        dialogue, echo = world.worker()
        echo.gate.clear()
        async with world.stores.feed.subscribe("conversation:c") as notices:
            await dialogue.hear("c", "id-1", "first")
            await _until(notices, "delta")
            await world.stores.transcripts.append("c", Draft(Author.SYSTEM, "", event=Event.CLAIM), world.clock())
            echo.gate.set()
            await world.settled()
        assert _replies(await world.messages()) == []


async def test_writing_into_a_closed_conversation_opens_it_again() -> None:
    """The message is there, after the reopening, and is answered."""
    async with a_world() as world:
        dialogue, _ = world.worker()
        await world.stores.transcripts.append("c", Draft(Author.SYSTEM, "", event=Event.CLOSE), world.clock())
        await dialogue.hear("c", "id-1", "one more thing")
        await world.settled()
        assert await world.record.phase("c") is Phase.BOT
        assert len(_replies(await world.messages())) == 1


async def test_asking_for_a_person_twice_asks_once() -> None:
    """The second wish finds the conversation in the queue already."""
    async with a_world() as world:
        dialogue, _ = world.worker()
        await dialogue.ask_staff("c", "id-1")
        await dialogue.ask_staff("c", "id-2")
        assert await world.record.phase("c") is Phase.WAITING
        assert len(await world.messages()) == 1


async def test_a_hand_over_moves_the_conversation_into_the_queue() -> None:
    """A reply whose action is hand over is followed by the wish for a person."""
    async with a_world() as world:
        dialogue, echo = world.worker()
        echo.action = Action.HAND_OVER
        async with world.stores.feed.subscribe("conversation:c") as notices:
            await dialogue.hear("c", "id-1", "yes")
            for _ in range(3):
                await _until(notices, "message")
        assert await world.record.phase("c") is Phase.WAITING


async def test_a_full_worker_says_busy_before_anything_is_committed() -> None:
    """With every place and the queue taken, a message is refused with a time to come back, uncommitted.

    Of many that come at once no more are taken than there is room for.
    """
    async with a_world() as world:
        dialogue, echo = world.worker(in_flight=1, queued=1)
        for n in range(4):
            await world.stores.transcripts.open(f"c{n}", lang="en", at=world.clock())
        echo.gate.clear()
        heard = await asyncio.gather(*(dialogue.hear(f"c{n}", "id-1", "hi") for n in range(4)), return_exceptions=True)
        refused = [found for found in heard if isinstance(found, Busy)]
        kept = [await world.stores.transcripts.after(f"c{n}", 0) for n in range(4)]
        assert len(refused) == 2
        assert all(busy.retry_after_s for busy in refused)
        assert sum(bool(messages) for messages in kept) == 2
        echo.gate.set()


class Away(MemorySessions):
    """Sessions whose Redis is away while `away` is set."""

    away: Callable[[], bool] = staticmethod(lambda: True)

    async def load(self, conversation: str) -> None:
        """As when Redis is away."""
        raise StateLost(f"no Redis for {conversation}")


async def test_without_redis_a_message_is_still_committed() -> None:
    """Live state is away: the message is committed and acknowledged all the same, and answered from the transcript."""
    stores = Stores(await open_transcripts("memory:"), Away(), MemoryFeed())
    world = World(stores)
    await stores.transcripts.open("c", lang="en", at=world.clock())
    dialogue, _ = world.worker()
    message = await dialogue.hear("c", "id-1", "first")
    assert message.seq == 1
    await world.settled()
    await dialogue.aclose()
