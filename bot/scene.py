"""What a skill sees of a turn, and what it may propose. Values only.

A skill is a part of the bot that answers one kind of message by rules over the shop's own facts: products by wishes, a
comparison, a promotion's conditions, an order's state. It looks at a scene and proposes a whole reply, or None if the
message is not for it; then the next one looks, and in the end the knowledge answers (`answer.py`). A proposal is
checked against its passages like any generator's draft, so a skill can no more invent a price than a model can.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import Card, Message, Reason, State, Understood
from bot.policy import Action
from knowledge.live import Live
from knowledge.passages import Hit, Passage, Promotion, Query, Review

Find = Callable[[Query], Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One message with everything that an answer by rules may rest on.

    Attributes:
        meaning: What was understood; `meaning.query` stands alone, `meaning.text` is what was written.
        state: The live state before this message.
        hits: What the knowledge found for the query, best first.
        live: The products with the prices and stock of now.
        passages: All passages by id; a product's is `product:<handle>:<lang>`.
        reviews: All reviews.
        find: Searches again, for instance products only; may take milliseconds, so skills run off the event loop.
        history: The conversation before this message, ascending.
        now: Aware.
        conversation: Its id.
        identity: The shopper as the shop has verified them; empty when it has not.
        shop: The shop's name.
        promotions: All of the shop's, whatever their dates.
        seq: The message's place in its conversation.
    """

    meaning: Understood
    state: State
    hits: tuple[Hit, ...]
    live: Live
    passages: Mapping[str, Passage]
    reviews: Sequence[Review]
    find: Find
    history: tuple[Message, ...]
    now: datetime
    conversation: str = ""
    identity: str = ""
    shop: str = ""
    promotions: Sequence[Promotion] = ()
    seq: int = 0

    @property
    def lang(self) -> str:
        """Language to answer in."""
        return self.meaning.lang


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole reply by rules.

    Attributes:
        text: What to say; `[n]` cites `sources[n - 1]`. May hold a table, a line a row, as `| a | b |`.
        sources: What it rests on; passages of the snapshot, or ones that say what the rules read (an order, reviews
            counted), with an id of their own kind, as `order:FW-202884` or `review:larch-jacket`.
        action: `RECOMMEND`, `ORDER`, `ANSWER` for facts, `ASK` for a question back, `DECLINE`.
        cards: Products shown beside it.
        choices: Answers to tap.
        reason: Why a person is offered or asked for; None when neither.
        state: The live state after it, but for what every turn sets (seq, language, misses and the like).
        settles: What was wanted of an order is told, done or refused for good; no question of the bot's is open.
    """

    text: str
    action: Action
    state: State
    sources: tuple[Passage, ...] = ()
    cards: tuple[Card, ...] = ()
    choices: tuple[str, ...] = ()
    reason: Reason | None = None
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply that is made, as one who may add to it sees it.

    Attributes:
        cited: The passages that it cites, in their order.
        from_knowledge: No skill made it.
        asks_which: It has choices to tap already.
    """

    action: Action
    cited: tuple[Passage, ...] = ()
    from_knowledge: bool = True
    offers_staff: bool = False
    asks_which: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What a skill adds to a reply of others.

    Attributes:
        text: A sentence of the bot's own words after the reply; empty for none.
        choices: Answers to tap.
        task: What the bot is in the middle of after it, of the skill's own `kind`.
        kind: Whose tasks it looks after; others' stay as the reply left them.
    """

    text: str = ""
    choices: tuple[str, ...] = ()
    task: tuple[tuple[str, str], ...] = ()
    kind: str = ""


Skill = Callable[[Scene], Proposal | None]
"""Pure; runs off the event loop."""

Aside = Callable[[Scene, Spoken], Beside]
"""Pure, and quick: runs on the event loop."""

AsyncSkill = Callable[[Scene], Awaitable[Proposal | None]]
"""One that looks outside, as for orders; runs before the others."""
