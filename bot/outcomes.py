"""What a conversation came to: exactly one outcome for each, told from its lines alone. Pure.

The first of these that fits counts:

    reopened          the shopper asked again after it was closed, or came back to the same question after a rest
    escalated         staff have had it, or it was put into their queue and not taken out again
    resolved          the last question was settled, and the shopper said that it helped
    ongoing           none of the above, and something was said within the last `REST`
    assumed_resolved  the last question was settled, and nothing speaks against it
    abandoned         everything else

Settled is a question that was answered, and a wish about an order that was told, done or refused for good; where the
bot still waited for a number, a code or a yes, nothing is. Nothing is counted as resolved because somebody went away:
who left after being declined, asked back or offered a person has abandoned it, and so has who rated the last answer
down or ended in annoyance. The same in words for admins is in `definitions.py`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.context import Context
from bot.conversation import TABLE, Author, Event, Intent, Phase, State
from bot.gratitude import said_so
from bot.lines import Exchange, Line, Talk
from bot.mood import Mood, mood
from bot.policy import Action
from bot.understand import understand
from knowledge.words import terms

REST = timedelta(hours=1)
"""After so long without a word a conversation counts as over, and what follows as coming back."""

SAME = 0.7
"""Share of words that two questions must have in common (Jaccard) to be the same question."""


class Outcome(StrEnum):
    """What it came to."""

    RESOLVED = "resolved"
    ASSUMED_RESOLVED = "assumed_resolved"
    ABANDONED = "abandoned"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    ONGOING = "ongoing"


def same_question(one: str, other: str) -> bool:
    """Whether two questions have nearly all their words in common; questions without a word never are the same."""
    a, b = set(terms(one)), set(terms(other))
    return bool(a and b) and len(a & b) >= SAME * len(a | b)


def outcome(talk: Talk, now: datetime) -> Outcome:
    """What the conversation came to, as things stand at `now`.

    Args:
        talk: With at least one line of the shopper.
        now: Aware.
    """
    exchanges = [exchange for exchange in talk.exchanges() if _wants_something(exchange)]
    if _came_back(talk, exchanges):
        return Outcome.REOPENED
    if handed_over(talk):
        return Outcome.ESCALATED
    last = exchanges[-1] if exchanges else None
    good = last is not None and _is_good(last)
    if last is not None and good and _told(talk, last):
        return Outcome.RESOLVED
    if not _is_over(talk, now):
        return Outcome.ONGOING
    if good and not _is_cross(talk):
        return Outcome.ASSUMED_RESOLVED
    return Outcome.ABANDONED


def handed_over(talk: Talk) -> bool:
    """Whether staff had it, wrote in it, or it was left in their queue."""
    if any(line.author is Author.STAFF for line in talk.lines):
        return True
    queued = False
    for event, _ in _moves(talk):
        if event is Event.CLAIM:
            return True
        queued = event is Event.ASK_STAFF or (queued and event is not Event.WITHDRAW)
    return queued


def _came_back(talk: Talk, exchanges: Sequence[Exchange]) -> bool:
    """Whether the shopper asked for more after it was closed, or the same again after a rest."""
    opened = [line.seq for event, line in _moves(talk) if event is Event.REOPEN]
    if opened and any(exchange.asked.seq > opened[0] for exchange in exchanges):
        return True
    rests = _rests(talk)
    return any(
        same_question(exchange.question, earlier.question)
        for exchange in exchanges
        for earlier in exchanges
        if any(earlier.asked.seq < rest <= exchange.asked.seq for rest in rests)
    )


def _rests(talk: Talk) -> list[int]:
    """The shopper's first lines after a rest, by `seq`."""
    written = [line for line in talk.lines if line.author is not Author.SYSTEM]
    return [b.seq for a, b in pairwise(written) if b.author is Author.SHOPPER and b.at - a.at >= REST]


def _moves(talk: Talk) -> Sequence[tuple[Event, Line]]:
    """The events that changed the phase, as `conversation.fold` has it."""
    phase, out = Phase.BOT, []
    for line in talk.lines:
        if line.event is not None and (phase, line.event) in TABLE:
            phase = TABLE[phase, line.event]
            out.append((line.event, line))
    return out


def _wants_something(exchange: Exchange) -> bool:
    """Whether the shopper wanted more than to be polite."""
    text, reply = exchange.asked.text, exchange.reply
    if said_so(text) or (reply is not None and reply.action == Action.CHAT):
        return False
    if reply is not None:
        return True
    meaning = understand(text, Context(State(""), ("en", "zh")))
    return meaning.intent in (Intent.QUESTION, Intent.STAFF) or meaning.alarm is not None


def _is_good(exchange: Exchange) -> bool:
    """Whether the reply is a whole answer, or settles what was wanted of an order, and was not rated down."""
    reply = exchange.reply
    return reply is not None and exchange.settled and not reply.stopped and reply.rating >= 0


def _told(talk: Talk, last: Exchange) -> bool:
    """Whether the shopper said that the answer to the last question helped."""
    if last.reply is None:
        return False
    if last.reply.rating > 0:
        return True
    return any(line.author is Author.SHOPPER and said_so(line.text) for line in talk.lines if line.seq > last.reply.seq)


def _is_over(talk: Talk, now: datetime) -> bool:
    moves = _moves(talk)
    closed = bool(moves) and moves[-1][0] is Event.CLOSE
    return closed or now - talk.lines[-1].at >= REST


def _is_cross(talk: Talk) -> bool:
    """Whether the shopper's last line is annoyed or angry."""
    last = [line for line in talk.lines if line.author is Author.SHOPPER][-1]
    return mood(last.text) is not Mood.CALM
