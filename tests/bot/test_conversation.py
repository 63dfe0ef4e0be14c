"""The phase table, folding events, and rebuilding the live state from the transcript."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import (
    TABLE,
    Author,
    Citation,
    Draft,
    Event,
    Message,
    Phase,
    advance,
    bot_speaks,
    fold,
    rebuilt,
)
from bot.errors import BadPhase


@given(st.sampled_from(Phase), st.sampled_from(Event))
def test_advance_follows_the_table_and_refuses_the_rest(phase: Phase, event: Event) -> None:
    """Each pair of phase and event either has its one place in the table or is an error naming both."""
    if (phase, event) in TABLE:
        assert advance(phase, event) is TABLE[phase, event]
    else:
        with pytest.raises(BadPhase, match=rf"{event.value} in phase {phase.value}"):
            advance(phase, event)


@given(st.lists(st.sampled_from(Event)))
def test_fold_never_fails_and_equals_advancing_by_what_is_allowed(events: list[Event]) -> None:
    """Folding skips what a race left behind, and otherwise does what advancing one by one does."""
    phase = Phase.BOT
    for event in events:
        if (phase, event) in TABLE:
            phase = advance(phase, event)
    assert fold(events) is phase


@given(st.lists(st.sampled_from(Event)), st.lists(st.sampled_from(Event)))
def test_fold_can_be_continued(first: list[Event], rest: list[Event]) -> None:
    """Folding in two steps is folding in one: a socket can go on from where it stands."""
    assert fold(rest, fold(first)) is fold([*first, *rest])


def test_the_first_of_two_claims_wins() -> None:
    """Two claims at once leave the conversation with staff, and giving it back once gives it back."""
    events = [Event.ASK_STAFF, Event.CLAIM, Event.CLAIM, Event.GIVE_BACK]
    assert fold(events) is Phase.BOT


def test_every_phase_can_be_left_and_reached() -> None:
    """No phase is a trap, and none is out of reach."""
    assert {phase for phase, _ in TABLE} == set(Phase)
    assert set(TABLE.values()) == set(Phase)


def test_the_bot_is_silent_with_staff_and_when_closed() -> None:
    """The bot speaks in phases bot and waiting only."""
    assert [phase for phase in Phase if bot_speaks(phase)] == [Phase.BOT, Phase.WAITING]


def _message(seq: int, draft: Draft) -> Message:
    return Message("c", seq, datetime(2026, 11, 22, tzinfo=UTC), draft)


def test_rebuilt_state_knows_language_product_and_phase() -> None:
    """What Redis held is read off the transcript: language, product in focus, last hits, phase, the open question."""
    citation = Citation(1, "product:ridgeline-2-tent:zh", "山脊", "…")
    messages = [
        _message(1, Draft(Author.SHOPPER, "帐篷多重？", lang="zh")),
        _message(2, Draft(Author.BOT, "1.5 kg [1]", reply_to=1, action="answer", citations=(citation,), lang="zh")),
        _message(3, Draft(Author.SHOPPER, "转人工")),
        _message(4, Draft(Author.SYSTEM, "", event=Event.ASK_STAFF)),
    ]
    state = rebuilt("c", messages, [Event.ASK_STAFF])
    assert (state.lang, state.focus, state.phase, state.seq) == ("zh", "ridgeline-2-tent", Phase.WAITING, 4)
    assert state.last_hits == ("product:ridgeline-2-tent:zh",)
    assert not state.asked


def test_rebuilt_state_remembers_that_it_asked() -> None:
    """After a question back the rebuilt state says so, and the bot does not ask twice in a row."""
    state = rebuilt("c", [_message(1, Draft(Author.BOT, "?", reply_to=1, action="ask"))], [])
    assert state.asked
    assert state.misses == 1


def test_rebuilt_from_nothing_is_a_fresh_state() -> None:
    """A conversation without messages has the state of a new one."""
    assert rebuilt("c", [], []).seq == 0
