"""Handing over: asked first, never promised more than is set up, always offered when it must be, and no loop after."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import handoff
from bot.answer import Answerer, Voice
from bot.conversation import Author, Event, Message, Phase, Reason
from bot.desk import Asked, Desk, Kept, Staff
from bot.dialogue import Dialogue, Pace
from bot.feed import open_feed
from bot.generate.quote import Quote
from bot.handoff import Reach
from bot.hours import read_hours
from bot.limits import Places
from bot.notes import MemoryNotes
from bot.record import Record, Stores
from bot.sessions import open_sessions
from bot.telemetry import Telemetry
from bot.transcripts import open_transcripts
from knowledge.hashed import HashedEncoder
from knowledge.library import Library
from tests.support.desks import Untold, unsuggested
from tests.support.shelves import shelf

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
HOURS = read_hours("Mon-Fri 09:00-18:00", ZoneInfo("Europe/Berlin"))
CANADA = "How long does shipping to Canada take?"
UNKNOWN = ("Do your drivers wear uniforms?", "Is the founder of the shop left-handed?")
BY = Staff("ann")


class Chat:
    """A shopper, the bot and staff in one conversation, over the memory twins and real knowledge."""

    def __init__(self, stores: Stores, library: Library, reach: Reach, now: datetime) -> None:
        self.stores, self.now, self.count = stores, now, 0
        self.record = Record(stores, 60, lambda: self.now)
        answerer = Answerer(library, Quote(), Voice("Fernway", ("en", "zh"), reach=reach), Telemetry())
        self.dialogue = Dialogue(self.record, answerer, Places(4, 64), Pace(1, 60), reach)
        self.desk = Desk(self.record, Kept(MemoryNotes(lambda: self.now), unsuggested(), Untold()), answerer)

    async def ask(self, text: str) -> Message:
        """Say something; the bot's reply."""
        self.count += 1
        async with self.stores.feed.subscribe("conversation:c") as notices:
            message = await self.dialogue.hear("c", f"id-{self.count}", text)
            async for notice in notices:
                if (
                    isinstance(notice, dict)
                    and notice["frame"].get("turn") == message.seq
                    and notice["kind"] == "message"
                ):
                    found = await self.stores.transcripts.get("c", notice["frame"]["seq"])
                    assert found is not None
                    return found
        raise AssertionError("the feed ended")

    async def phase(self, wanted: Phase) -> None:
        """Wait until the conversation is in this phase."""
        async with self.stores.feed.subscribe("desk") as notices:
            while await self.record.phase("c") is not wanted:
                await anext(notices)

    async def act(self, what: str) -> None:
        """What staff do."""
        self.count += 1
        await self.desk.act(what, Asked("c", BY, f"act-{self.count}"))

    async def handed_back(self) -> None:
        """A person takes the waiting conversation, and gives it back."""
        await self.phase(Phase.WAITING)
        await self.act("claim")
        await self.act("give_back")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """The small shop's knowledge."""
    shelf(tmp_path, 0)
    return Library.open(tmp_path, HashedEncoder())


@pytest.fixture
def reach() -> Reach:
    """Nothing is set up, unless a test says so."""
    return Reach()


@pytest.fixture
async def chat(library: Library, reach: Reach) -> AsyncIterator[Chat]:
    """A conversation in English, on a Monday in opening hours."""
    stores = Stores(await open_transcripts("memory:"), await open_sessions("memory:"), await open_feed("memory:"))
    made = Chat(stores, library, reach, MONDAY)
    await made.dialogue.open("c", "en", "")
    yield made
    await made.dialogue.aclose()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Can I talk to a person?", Reason.SHOPPER_ASKED),
        ("This is ridiculous!", Reason.ANGER),
        ("My lawyer will contact you", Reason.LEGAL_THREAT),
        ("This is ridiculous, put me through to a manager", Reason.ANGER),
        ("How long does shipping to Canada take? This is unacceptable!", Reason.ANGER),
        ("投诉到消协", Reason.LEGAL_THREAT),
    ],
)
async def test_a_wish_anger_and_a_legal_threat_lead_to_an_offer(chat: Chat, text: str, reason: Reason) -> None:
    """The person is offered, not fetched, with the reason; yes fetches, and the reason stays."""
    offer = (await chat.ask(text)).draft
    assert (offer.action, offer.reason) == ("offer_staff", reason)
    assert len(offer.choices) == 1
    assert await chat.record.phase("c") is Phase.BOT
    reply = (await chat.ask("好的" if offer.lang == "zh" else "yes please")).draft
    assert (reply.action, reply.reason) == ("hand_over", reason)
    await chat.phase(Phase.WAITING)
    summary = await chat.stores.transcripts.summary("c")
    assert summary is not None
    assert summary.reason is reason


async def test_without_knowledge_it_asks_back_then_offers_a_person_for_that_reason(chat: Chat) -> None:
    """One question back, then the offer; a no withdraws it."""
    assert [(await chat.ask(text)).draft.action for text in UNKNOWN] == ["ask", "decline"]
    state = await chat.record.state("c")
    assert (state.offered, state.reason) == (True, Reason.NO_KNOWLEDGE)
    assert (await chat.ask("no thanks")).draft.action == "chat"
    assert not (await chat.record.state("c")).offered


@pytest.mark.parametrize("forgets", [False, True])
async def test_after_a_give_back_the_same_reason_is_not_offered_again_at_once(chat: Chat, forgets: bool) -> None:
    """No loop, also when Redis forgot: no knowledge again is said plainly, a wish still counts, and once something was
    answered the reason counts again.
    """
    for text in (*UNKNOWN, "yes please"):
        await chat.ask(text)
    await chat.handed_back()
    if forgets:
        await chat.stores.sessions.erase("c")
    replies = [(await chat.ask(text)).draft for text in (*UNKNOWN, *UNKNOWN)]
    assert [r.action for r in replies] == ["ask", "decline", "decline", "decline"]
    assert not any(r.choices or r.reason for r in replies)
    assert "just say so" in replies[1].text
    assert (await chat.ask("I want to talk to a human")).draft.action == "offer_staff"
    await chat.ask("no")
    await chat.ask(CANADA)
    assert [bool((await chat.ask(text)).draft.choices) for text in UNKNOWN] == [False, True]


async def test_anger_after_a_give_back_is_offered_a_person_again(chat: Chat) -> None:
    """A new angry message is a new reason, always."""
    await chat.ask("This is ridiculous!")
    await chat.ask("yes")
    await chat.handed_back()
    assert (await chat.ask("I'm furious")).draft.action == "offer_staff"


async def test_while_waiting_nobody_is_offered_again(chat: Chat) -> None:
    """The bot helps on, and says that the team was asked already; anger changes nothing in the queue."""
    await chat.dialogue.ask_staff("c", "ask-1")
    for text in ("This is ridiculous!", "talk to a person", *UNKNOWN):
        reply = (await chat.ask(text)).draft
        assert not reply.choices
    assert (await chat.ask(CANADA)).draft.action == "answer"
    events = await chat.stores.transcripts.events("c")
    assert events == [Event.ASK_STAFF]


async def test_the_button_keeps_the_reason_of_the_offer(chat: Chat) -> None:
    """Anger, then the button instead of a yes: the desk is told anger."""
    await chat.ask("This is ridiculous!")
    await chat.dialogue.ask_staff("c", "ask-1")
    summary = await chat.stores.transcripts.summary("c")
    assert summary is not None
    assert (summary.reason, summary.phase) == (Reason.ANGER, Phase.WAITING)


async def test_a_shopper_cannot_take_the_conversation_from_who_has_it(chat: Chat) -> None:
    """The button while a person is there changes nothing."""
    await chat.dialogue.ask_staff("c", "ask-1")
    await chat.act("claim")
    await chat.dialogue.ask_staff("c", "ask-2")
    await chat.dialogue.withdraw("c", "back-1")
    assert await chat.record.phase("c") is Phase.STAFF


async def test_an_address_that_is_left_while_waiting_is_kept_for_the_desk(chat: Chat) -> None:
    """It is noted and said so; before anybody was asked for, an address is only text."""
    await chat.ask("my mail is early@shop.example")
    await chat.dialogue.ask_staff("c", "ask-1")
    reply = (await chat.ask("ann.lee+shop@mail.example")).draft
    assert (reply.action, "ann.lee+shop@mail.example" in reply.text) == ("chat", True)
    assert "write from" not in reply.text
    summary = await chat.stores.transcripts.summary("c")
    assert summary is not None
    assert summary.email == "ann.lee+shop@mail.example"
    await chat.ask(f"{CANADA} Tell me at bob@mail.example please, thank you very much")
    assert (await chat.stores.transcripts.after("c", 0))[-1].draft.action == "answer"


# What is said


def test_with_nothing_set_up_nothing_is_promised() -> None:
    """No duration, no hours, no e-mail, no contact."""
    for lang in ("en", "zh"):
        text = handoff.asked(lang, Reach(), SUNDAY) + handoff.offer(Reason.ANGER, lang, Reach(), SUNDAY)
        for word in ("minute", "分钟", "mail", "邮", "open", "here again", "恢复", "reach us"):
            assert word not in text, text


def test_in_opening_hours_the_usual_wait_is_told_if_the_shop_named_one() -> None:
    """With hours and minutes: about ten minutes, before and after the yes."""
    reach = Reach(HOURS, 10)
    for text in (handoff.offer(Reason.SHOPPER_ASKED, "en", reach, MONDAY), handoff.asked("en", reach, MONDAY)):
        assert "about 10 minutes" in text
    assert "约 10 分钟" in handoff.asked("zh", reach, MONDAY)
    assert "minutes" not in handoff.asked("en", Reach(HOURS), MONDAY)


def test_when_nobody_is_there_it_says_when_and_takes_a_message() -> None:
    """The next opening on the shop's clock, a message, an optional address; no answer by e-mail is promised."""
    text = handoff.asked("en", Reach(HOURS, 10), SUNDAY)
    assert "tomorrow at 09:00 (Berlin time)" in text
    assert "leave a message" in text
    assert "If you like, add an e-mail address" in text
    assert "10 minutes" not in text
    assert "answer you from" not in text
    assert "明天 09:00（Berlin 时间）恢复" in handoff.asked("zh", Reach(HOURS), SUNDAY)


def test_an_answer_by_mail_and_another_way_are_named_only_if_set_up() -> None:
    """With an address to write from and a contact both are named exactly."""
    reach = Reach(HOURS, contact="+49 30 1234", reply_from="help@shop.example")
    text = handoff.asked("en", reach, SUNDAY)
    assert "answer you from help@shop.example" in text
    assert "+49 30 1234" in text
    assert "help@shop.example" in handoff.noted("en", reach, "ann@mail.example")


def test_the_opening_is_told_by_today_tomorrow_or_the_day() -> None:
    """Before nine it is today; on Friday evening it is Monday."""
    assert "today at 09:00" in handoff.when("en", Reach(HOURS), datetime(2026, 11, 23, 5, tzinfo=UTC))
    assert "on Monday at 09:00" in handoff.when("en", Reach(HOURS), datetime(2026, 11, 27, 19, tzinfo=UTC))
    assert "周一 09:00" in handoff.when("zh", Reach(HOURS), datetime(2026, 11, 27, 19, tzinfo=UTC))


class TestClosed:
    """The same conversation on a Sunday night, with hours set."""

    @pytest.fixture
    def reach(self) -> Reach:
        """Hours, and nothing else."""
        return Reach(HOURS)

    async def test_the_offer_and_the_hand_over_say_when_somebody_is_there(self, chat: Chat) -> None:
        """Asked first, told the hours twice, and the event itself adds no words."""
        chat.now = SUNDAY
        assert "tomorrow at 09:00" in (await chat.ask("talk to a human")).draft.text
        reply = (await chat.ask("yes")).draft
        assert "tomorrow at 09:00" in reply.text
        assert "leave a message" in reply.text
        await chat.phase(Phase.WAITING)
        system = [m for m in await chat.stores.transcripts.after("c", 0) if m.draft.author is Author.SYSTEM]
        assert [m.draft.text for m in system] == [""]
