"""What a conversation came to: each outcome on conversations made by hand, and which one counts where several could."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Author, Draft, Event, Reason
from bot.definitions import DEFINITIONS
from bot.gratitude import said_so
from bot.outcomes import REST, Outcome, handed_over, outcome, same_question
from bot.policy import Action
from tests.support.talks import NOON, Step, answers, moves, replies, says, settled, staff, talk

LATER = 600.0
"""Minutes: long after everything."""

Q = "How long does shipping take?"


def came_to(*steps: Step, minute: float = LATER) -> Outcome:
    """The outcome of these steps, seen so many minutes after noon."""
    return outcome(talk(*steps), NOON + timedelta(minutes=minute))


@pytest.mark.parametrize("thanks", ["Thanks!", "that solved it", "Great, thanks for your help", "明白了，谢谢"])
def test_who_says_that_it_helped_is_resolved(thanks: str) -> None:
    """Thanks, or an explicit yes, after an answer resolve the conversation, also while it is fresh."""
    steps = (says(0, Q), answers(1, 1, "faq:ship:en"), says(2, thanks), replies(3, 3, Action.CHAT))
    assert came_to(*steps) is came_to(*steps, minute=4) is Outcome.RESOLVED


def test_a_thumb_up_on_the_last_answer_resolves() -> None:
    """A thumbs-up counts on the last answer only; on an earlier one it says nothing of the last."""
    up = answers(1, 1, "faq:ship:en", rating=1)
    assert came_to(says(0, Q), up) is Outcome.RESOLVED
    assert came_to(says(0, Q), up, says(2, "And the colours?"), answers(3, 3, "p")) is Outcome.ASSUMED_RESOLVED
    assert came_to(says(0, Q), up, says(2, "Do you rent kayaks?"), replies(3, 3, Action.DECLINE)) is Outcome.ABANDONED


def test_thanks_without_an_answer_resolve_nothing() -> None:
    """Whoever thanks for being declined has not been helped."""
    steps = (says(0, Q), replies(1, 1, Action.DECLINE), says(2, "thanks"), replies(3, 3, Action.CHAT))
    assert came_to(*steps) is Outcome.ABANDONED


def test_thanks_that_the_bot_did_not_understand_still_count() -> None:
    """A word of thanks is no question, even if the bot asked back."""
    steps = (says(0, Q), answers(1, 1, "p"), says(2, "thanks that's all I needed"), replies(3, 3, Action.ASK))
    assert came_to(*steps) is Outcome.RESOLVED


def test_an_answer_and_then_silence_is_assumed_resolved() -> None:
    """An answered conversation goes on until it has rested for the set time, to the minute."""
    steps = (says(0, Q), answers(1, 1, "p"))
    rest_min = REST.total_seconds() / 60
    assert came_to(*steps, minute=1 + rest_min - 0.1) is Outcome.ONGOING
    assert came_to(*steps, minute=1 + rest_min) is Outcome.ASSUMED_RESOLVED
    assert came_to(*steps, moves(2, Event.CLOSE), minute=3) is Outcome.ASSUMED_RESOLVED
    assert came_to(*steps, says(2, "bye"), replies(3, 3, Action.CHAT)) is Outcome.ASSUMED_RESOLVED


def test_an_order_that_was_told_or_changed_is_settled() -> None:
    """As an answer is; one for which the bot still waits for a number, a code or a yes is not."""
    q = says(0, "where is my order?")
    asked, told = replies(1, 1, Action.ORDER), settled(replies(1, 1, Action.ORDER))
    assert came_to(q, told) is Outcome.ASSUMED_RESOLVED
    assert came_to(q, told, says(2, "thanks!"), replies(3, 3, Action.CHAT)) is Outcome.RESOLVED
    assert came_to(q, asked) is Outcome.ABANDONED
    assert came_to(q, asked, says(2, "thanks!"), replies(3, 3, Action.CHAT)) is Outcome.ABANDONED
    assert came_to(q, told, says(2, "cancel it"), replies(3, 3, Action.ORDER)) is Outcome.ABANDONED
    assert came_to(q, asked, says(2, "482913"), settled(replies(3, 3, Action.ORDER))) is Outcome.ASSUMED_RESOLVED


@pytest.mark.parametrize("action", [Action.ASK, Action.DECLINE, Action.OFFER_STAFF])
def test_who_leaves_without_an_answer_has_abandoned_it(action: Action) -> None:
    """Asked back, declined or only offered a person: going away then is not being helped."""
    assert came_to(says(0, Q), answers(1, 1, "p"), says(2, "kayaks?"), replies(3, 3, action)) is Outcome.ABANDONED


def test_nothing_said_back_is_abandoned() -> None:
    """A question that nobody replied to, and a conversation of greetings alone, came to nothing."""
    assert came_to(says(0, Q)) is Outcome.ABANDONED
    assert came_to(says(0, "hello"), replies(1, 1, Action.CHAT)) is Outcome.ABANDONED


def test_an_answer_that_did_not_help_is_not_assumed_to_have() -> None:
    """A thumbs-down, an answer that was stopped, and annoyance at the end speak against it."""
    stopped = answers(1, 1, "p")
    stopped = replace(stopped, draft=replace(stopped.draft, stopped=True))
    assert came_to(says(0, Q), answers(1, 1, "p", rating=-1)) is Outcome.ABANDONED
    assert came_to(says(0, Q), stopped) is Outcome.ABANDONED
    assert came_to(says(0, Q), answers(1, 1, "p"), says(2, "this is useless service"), answers(3, 3, "p")) is (
        Outcome.ABANDONED
    )
    assert came_to(says(0, Q), answers(1, 1, "p", rating=-1), says(2, "thanks")) is Outcome.ABANDONED


def test_handed_to_staff_is_escalated() -> None:
    """In the queue, claimed or answered by staff counts, also after it was given back and rated."""
    asked = (
        says(0, "a person please"),
        replies(1, 1, Action.HAND_OVER, Reason.SHOPPER_ASKED),
        moves(1, Event.ASK_STAFF),
    )
    assert came_to(*asked) is came_to(*asked, minute=2) is Outcome.ESCALATED
    given_back = (*asked, moves(2, Event.CLAIM), staff(3), moves(4, Event.GIVE_BACK))
    assert came_to(*given_back, says(5, Q), answers(6, 7, "p", rating=1)) is Outcome.ESCALATED
    assert came_to(says(0, Q), answers(1, 1, "p"), moves(2, Event.CLAIM)) is Outcome.ESCALATED


def test_withdrawn_from_the_queue_is_not_escalated() -> None:
    """Who took the wish for a person back before anybody came was not handed over."""
    steps = (says(0, Q), answers(1, 1, "p"), moves(2, Event.ASK_STAFF), moves(3, Event.WITHDRAW))
    assert came_to(*steps) is Outcome.ASSUMED_RESOLVED
    assert not handed_over(talk(*steps))


def test_events_that_the_phase_does_not_allow_change_nothing() -> None:
    """The second of two events that raced is in the transcript and counts for nothing."""
    steps = (says(0, Q), answers(1, 1, "p"), moves(2, Event.CLOSE), moves(2, Event.CLAIM), moves(3, Event.REOPEN))
    assert came_to(*steps) is Outcome.ASSUMED_RESOLVED


def test_asking_again_after_it_was_closed_is_reopened() -> None:
    """It counts whatever came before and after; a word of thanks into a closed conversation is none."""
    closed = (says(0, Q), moves(1, Event.CLAIM), staff(2), moves(3, Event.CLOSE), moves(4, Event.REOPEN))
    assert came_to(*closed, says(4, "My tent leaks"), answers(5, 6, "p", rating=1)) is Outcome.REOPENED
    assert came_to(*closed, says(4, "Thank you!"), replies(5, 6, Action.CHAT)) is Outcome.ESCALATED


def test_coming_back_to_the_same_question_is_reopened() -> None:
    """The same question after a rest counts; at once, or another question after a rest, does not."""
    once = (says(0, Q), answers(1, 1, "p"))
    again = "how long does the shipping take"
    assert came_to(*once, says(90, again), answers(91, 3, "p")) is Outcome.REOPENED
    assert came_to(*once, says(3, again), answers(4, 3, "p")) is Outcome.ASSUMED_RESOLVED
    assert came_to(*once, says(90, "Do you sell kayaks?"), answers(91, 3, "p")) is Outcome.ASSUMED_RESOLVED


def test_the_same_question_is_told_by_its_words() -> None:
    """Endings, order and small words do not matter; another country or product does."""
    assert same_question("How long does shipping to Canada take?", "shipping to canada: how long would it take")
    assert same_question("寄到加拿大要多久？", "寄到加拿大多久")
    assert not same_question("How long does shipping to Canada take?", "How long does shipping to Japan take?")
    assert not same_question("寄到加拿大要多久？", "寄到日本要多久？")
    assert not same_question("hello?", "hi")


@pytest.mark.parametrize(
    "text",
    ["ok", "yes", "no thanks", "thanks for nothing", "thanks anyway", "thanks, and in blue?", "Is that clear?",
     "Thank you, but that doesn't help", "great jackets", "好的", "没解决", "谢谢，我想问一下退货", "还是不明白", ""],
)  # fmt: skip
def test_what_does_not_say_that_it_helped(text: str) -> None:
    """A lone ok, thanks with a question, and thanks that are none do not count."""
    assert not said_so(text)


@pytest.mark.parametrize(
    "text",
    ["thx", "Cheers mate", "got it", "yes it did, thanks", "OK thanks bye", "That’s perfect, thank you so much 🙏",
     "谢谢", "好的，谢谢您！", "问题解决了", "太好了，谢谢你的帮助"],
)  # fmt: skip
def test_what_says_that_it_helped(text: str) -> None:
    """Thanks and an explicit yes count in both languages."""
    assert said_so(text)


def test_every_outcome_is_defined_in_both_languages() -> None:
    """The page can show what each outcome means."""
    for result in Outcome:
        assert all(DEFINITIONS[result.value][lang] for lang in ("en", "zh"))


steps = st.lists(
    st.tuples(
        st.integers(0, 90),
        st.sampled_from(list(Author)),
        st.sampled_from(["thanks", Q, "hello", "this is ridiculous", "", "谢谢", "人工"]),
        st.sampled_from([None, *Event]),
        st.sampled_from(["", *Action]),
        st.sampled_from([-1, 0, 1]),
    ),
    max_size=12,
)  # fmt: skip


@given(steps)
def test_every_conversation_has_an_outcome(rows: list[tuple[int, Author, str, Event | None, str, int]]) -> None:
    """Whatever stands in a transcript, in whatever order, comes to one of the outcomes, and long after it is over."""
    minute, made = 0, [says(0, Q)]
    for wait, author, text, event, action, rating in rows:
        minute += wait
        reply_to = len(made) if author is Author.BOT else None
        draft = Draft(author, text, event=event if author is Author.SYSTEM else None, action=action, reply_to=reply_to)
        made.append(Step(minute, draft, rating))
    assert came_to(*made, minute=minute) in Outcome
    assert came_to(*made, minute=minute + 61) is not Outcome.ONGOING
