"""Who may do what with a conversation, judged where nobody else changes it (`transcripts.Rule`). Pure.

The table of phases says what may happen at all; here is who may make it happen. The shopper and the bot never move a
conversation that somebody of the staff has, and only that person speaks in it, gives it back and closes it. Putting it
back into the queue is for all staff, so that nobody waits for somebody who went home.
"""

from collections.abc import Callable

from bot.conversation import Event, Phase, advance, bot_speaks
from bot.errors import BadPhase
from bot.summary import Summary

Rule = Callable[[Summary], None]


def may_move(event: Event, staff: str = "") -> Rule:
    """For an event by `staff`, or by the shopper or the bot when empty.

    Raises (the rule):
        BadPhase: The table has no such move, or somebody else has the conversation.
    """

    def rule(summary: Summary) -> None:
        if event is Event.ASK_STAFF and staff and summary.phase is Phase.STAFF:
            return
        _not_taken(summary, staff)
        advance(summary.phase, event)

    return rule


def may_write(staff: str) -> Rule:
    """For a message of `staff`.

    Raises (the rule):
        BadPhase: Somebody else has the conversation, or nobody, so that it has to be claimed first.
    """

    def rule(summary: Summary) -> None:
        _not_taken(summary, staff)
        if summary.phase is not Phase.STAFF:
            raise BadPhase(f"got a message of staff in phase {summary.phase.value}, wanted a claim before it")

    return rule


def may_answer(summary: Summary) -> None:
    """For a reply of the bot: never once a person has the conversation."""
    if not bot_speaks(summary.phase):
        raise BadPhase(f"got a reply of the bot in phase {summary.phase.value}, wanted silence")


def as_believed(phase: Phase) -> Rule:
    """For a shopper's message that was made ready in `phase`: whether it is still the bot, or still not, who answers.

    Raises (the rule):
        BadPhase: It is not, or the conversation is closed and has to be opened first.
    """

    def rule(summary: Summary) -> None:
        if summary.phase is Phase.CLOSED or bot_speaks(summary.phase) is not bot_speaks(phase):
            raise BadPhase(f"got a message made for phase {phase.value}, wanted one for {summary.phase.value}")

    return rule


def _not_taken(summary: Summary, staff: str) -> None:
    if summary.phase is Phase.STAFF and summary.staff != staff:
        raise BadPhase(f"got {staff or 'the shopper'}, while {summary.staff or 'somebody else'} has the conversation")
