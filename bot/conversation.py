"""What a conversation is, and the phases it goes through.

A conversation is always in one of four phases. It starts with the *bot* answering. When a person is wanted it is
*waiting*: the bot goes on helping with what it can, and says nothing as if it were a person. When staff claim it,
it is in phase *staff* and the bot is silent. Staff give it back (to the bot) or *close* it; a shopper who writes into
a closed conversation opens it again. Whatever the table below does not allow is an error, not a surprise.

    bot ──ask_staff──► waiting ──claim──► staff ──give_back──► bot
     ▲                    │  ▲               │
     └──────withdraw──────┘  └──ask_staff────┘   (staff may put it back into the queue)
    any ──close──► closed ──reopen──► bot

Every change of phase is itself a message (author *system*, with its event), so the phase can be rebuilt from the
transcript alone: `fold`. No clock, no I/O: time arrives in the values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce

from bot.errors import BadPhase


class Phase(StrEnum):
    """Who answers now."""

    BOT = "bot"
    WAITING = "waiting"
    STAFF = "staff"
    CLOSED = "closed"


class Event(StrEnum):
    """What moves a conversation from one phase to another."""

    ASK_STAFF = "ask_staff"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    GIVE_BACK = "give_back"
    CLOSE = "close"
    REOPEN = "reopen"


class Author(StrEnum):
    """Who wrote a message."""

    SHOPPER = "shopper"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class Reason(StrEnum):
    """Why a person is wanted."""

    SHOPPER_ASKED = "shopper_asked"
    NO_KNOWLEDGE = "no_knowledge"
    LOW_SUPPORT = "low_support"
    POLICY = "policy"
    ANGER = "anger"
    LEGAL_THREAT = "legal_threat"
    ORDER_ACTION = "order_action"
    TOOL_FAILURE = "tool_failure"


TABLE: dict[tuple[Phase, Event], Phase] = {
    (Phase.BOT, Event.ASK_STAFF): Phase.WAITING,
    (Phase.BOT, Event.CLAIM): Phase.STAFF,
    (Phase.BOT, Event.CLOSE): Phase.CLOSED,
    (Phase.WAITING, Event.WITHDRAW): Phase.BOT,
    (Phase.WAITING, Event.CLAIM): Phase.STAFF,
    (Phase.WAITING, Event.CLOSE): Phase.CLOSED,
    (Phase.STAFF, Event.ASK_STAFF): Phase.WAITING,
    (Phase.STAFF, Event.GIVE_BACK): Phase.BOT,
    (Phase.STAFF, Event.CLOSE): Phase.CLOSED,
    (Phase.CLOSED, Event.REOPEN): Phase.BOT,
}


def advance(phase: Phase, event: Event) -> Phase:
    """The phase after `event`.

    Raises:
        BadPhase: The table has no such move.
    """
    try:
        return TABLE[phase, event]
    except KeyError:
        allowed = sorted(e.value for p, e in TABLE if p is phase)
        raise BadPhase(f"got {event.value} in phase {phase.value}, wanted one of {', '.join(allowed)}") from None


def bot_speaks(phase: Phase) -> bool:
    """Whether the bot answers a shopper's message in this phase."""
    return phase in (Phase.BOT, Phase.WAITING)


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that a reply rests on. `n` is the number that stands in the reply as `[n]`, from 1."""

    n: int
    passage: str
    title: str
    excerpt: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A product shown beside a reply. `price` comes with its currency; `stock` counts pieces over all variants."""

    handle: str
    name: str
    price: str
    stock: int
    url: str = ""
    image: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that has no place in the transcript yet.

    Attributes:
        client_id: Chosen by the client; appending the same one twice yields the first message again.
        reply_to: For a bot reply, the `seq` of the shopper message it answers; at most one reply to each is kept.
        wants_reply: For a shopper message, whether the bot owes it an answer (false while staff have the chat).
        event: For system messages that change the phase.
        action: What the policy decided, e.g. `answer`, `decline`.
        snapshot: Version of the knowledge that the reply rests on.
        verdict: Why the reply was let through, for the desk; JSON-able.
        staff: For messages and events of staff, the account's name; shoppers do not see it.
    """

    author: Author
    text: str
    client_id: str | None = None
    reply_to: int | None = None
    wants_reply: bool = False
    event: Event | None = None
    reason: Reason | None = None
    action: str = ""
    citations: tuple[Citation, ...] = ()
    cards: tuple[Card, ...] = ()
    choices: tuple[str, ...] = ()
    stopped: bool = False
    snapshot: str = ""
    verdict: str = ""
    lang: str = ""
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A draft with its place: `seq` counts from 1 in its conversation, without holes; `at` is aware, in UTC."""

    conversation: str
    seq: int
    at: datetime
    draft: Draft
    rating: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """What the shop's page told about the shopper's visit, each time the chat connected. Handles or SKUs; never who.

    Attributes:
        product: Handle of the product whose page is open.
        viewed: Products looked at before, the latest first.
        cart: What lies in the cart.
        bought: What earlier orders held, the latest first.
    """

    product: str = ""
    viewed: tuple[str, ...] = ()
    cart: tuple[str, ...] = ()
    bought: tuple[str, ...] = ()


class Stage(StrEnum):
    """How near the shopper is to buying."""

    DISCOVERY = "discovery"
    INTERESTED = "interested"
    READY = "ready"


class Mood(StrEnum):
    """How the shopper feels, by the words used."""

    CALM = "calm"
    ANNOYED = "annoyed"
    ANGRY = "angry"


@dataclass(frozen=True, slots=True)
class Sign:
    """By what a stage or a mood was read.

    Attributes:
        of: `stage` or `mood`.
        name: What kind of sign, as `pays`.
        words: The words that show it; empty where no words do.
    """

    of: str
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The live dialogue state, kept in Redis; what matters of it can be rebuilt from the transcript.

    Attributes:
        version: Grows by one with each save; compare-and-set refuses an older one.
        seq: The last message that this state has taken in.
        focus: Handle of the product being talked about.
        wishes: What the shopper looks for, e.g. `{"budget": "150", "colour": "black"}`.
        shown: Handles of the products last shown as a list, in that order.
        last_hits: Passage ids of the last answer, best first.
        task: What the bot is in the middle of, as `(("kind", "order"), ("step", "code"), …)`; empty when nothing. It
            ends when the shopper turns to something else.
        held: A task of which another was begun in between; it comes back when that one ends.
        visit: What the shop's page told; told again at each connection.
        network: Pseudonym of the network that the shopper wrote from last (`network.py`); empty when not known.
        stage: How near the shopper is to buying.
        mood: How the shopper feels.
        signs: By what stage and mood were read.
        asked: The bot's last reply was a question back; it never asks twice in a row.
        offered: The bot's last reply offered a person, so "yes please" means that.
        misses: Turns in a row without an answer.
        reason: Why a person was offered, while `offered`.
        spared: Why a person had the conversation before they gave it back: not offered again for the same reason
            until something else was answered.
    """

    conversation: str
    phase: Phase = Phase.BOT
    lang: str = ""
    version: int = 0
    seq: int = 0
    focus: str | None = None
    wishes: tuple[tuple[str, str], ...] = ()
    shown: tuple[str, ...] = ()
    last_hits: tuple[str, ...] = ()
    task: tuple[tuple[str, str], ...] = ()
    held: tuple[tuple[str, str], ...] = ()
    visit: Visit = Visit()
    network: str = ""
    stage: Stage = Stage.DISCOVERY
    mood: Mood = Mood.CALM
    signs: tuple[Sign, ...] = ()
    asked: bool = False
    offered: bool = False
    misses: int = 0
    reason: Reason | None = None
    spared: Reason | None = None


class Intent(StrEnum):
    """What kind of message it is; everything that is none of the others is a question for the knowledge."""

    QUESTION = "question"
    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    WHO = "who"
    STAFF = "staff"
    YES = "yes"
    NO = "no"
    NOD = "nod"
    SMALL_TALK = "small_talk"
    OFF_TOPIC = "off_topic"
    ABUSE = "abuse"


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message means.

    Attributes:
        text: The message, normalised (NFKC, one space between words, simplified characters).
        query: Stands alone: what a follow-up leaves out is filled in.
        lang: Language to answer in.
        follows: The query leans on what was said before.
        second: Another question of the same message, standing alone too; empty when there is one only.
        between: Names of the products shown, where the message points at one of them and does not tell which.
        focus: Handle of the product that the message is about, where its words choose one of those shown ("the cheaper
            one"); empty when they do not.
        about: For small talk and what is off topic, of what kind, as `joke` or `medical`.
        alarm: Anger or a legal threat, by the words of this message alone.
        address: An e-mail address that is all the message is about; empty when there is none.
    """

    text: str
    query: str
    lang: str
    intent: Intent = Intent.QUESTION
    follows: bool = False
    second: str = ""
    focus: str = ""
    between: tuple[str, ...] = ()
    about: str = ""
    alarm: Reason | None = None
    address: str = ""


def listed(cards: Sequence[str], before: tuple[str, ...]) -> tuple[str, ...]:
    """The products shown as a list once a reply shows `cards`: one of a list that is talked about leaves the list."""
    return before if not cards or (len(cards) == 1 and cards[0] in before) else tuple(cards)


def fold(events: Iterable[Event], phase: Phase = Phase.BOT) -> Phase:
    """The phase after all `events` in order, from `phase`.

    Two people may press a button at the same moment; both events are then in the transcript, and the second one, which
    the table does not allow any more, changes nothing. So the first in the transcript wins, on every worker alike.
    """
    for event in events:
        phase = TABLE.get((phase, event), phase)
    return phase


def rebuilt(
    conversation: str, messages: Sequence[Message], events: Iterable[Event], reason: Reason | None = None
) -> State:
    """The live state as the transcript tells it, when Redis no longer does.

    Args:
        conversation: Its id.
        messages: The last messages, ascending; a dozen are enough.
        events: All events of the conversation, in order.
        reason: Why a person was wanted last.
    """
    replies = [m.draft for m in messages if m.draft.author is Author.BOT]
    hits = next((tuple(c.passage for c in draft.citations) for draft in reversed(replies)), ())
    products = [hit.split(":")[1] for hit in hits if hit.startswith("product:")]
    back = max((m.seq for m in messages if m.draft.event is Event.GIVE_BACK), default=0)
    since = [m.draft for m in messages if m.seq > back and m.draft.author is Author.BOT]
    last = since[-1] if since else Draft(Author.BOT, "")
    offered = last.action in ("decline", "offer_staff") and last.reason is not None
    return State(
        conversation,
        phase=fold(events),
        lang=next((m.draft.lang for m in reversed(messages) if m.draft.lang), ""),
        seq=messages[-1].seq if messages else 0,
        focus=products[0] if products else None,
        shown=reduce(lambda shown, draft: listed([card.handle for card in draft.cards], shown), replies, ()),
        last_hits=hits,
        asked=last.action == "ask",
        offered=offered,
        misses=int(last.action in ("ask", "decline")),
        reason=last.reason if offered else None,
        spared=reason if back and not any(map(settles, since)) else None,
    )


SETTLING = ("answer", "offer_staff", "hand_over")
"""Actions after which a person may be offered again for the reason that one had the conversation for."""


def settles(draft: Draft) -> bool:
    """Whether a reply is one of `SETTLING`, or told something of an order: a question back about one cites nothing."""
    return draft.action in SETTLING or (draft.action == "order" and bool(draft.citations))


def given_back(state: State, reason: Reason | None) -> State:
    """The state once staff gave the conversation back, who had it for `reason`: no old question is still open."""
    return replace(state, asked=False, offered=False, misses=0, reason=None, spared=reason)
