"""A turn, what was settled about it, and the reply that comes of it: what is stored, and the state after it. Pure.

How it was settled and worded is not known here (`answer.py`).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from bot import phrases
from bot.conversation import Author, Card, Citation, Draft, Message, State, Understood, listed, settles
from bot.generate.protocol import Prompt
from bot.ground import Claim
from bot.ground import cited as cited_in
from bot.policy import Action, Decision
from bot.recommend import cards
from bot.scene import Beside, Proposal, Spoken
from bot.stage import Reading, told
from knowledge.live import Live
from knowledge.passages import Hit, Kind, Passage
from knowledge.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Turn:
    """A shopper's message with what came before it.

    Attributes:
        history: Ascending; ends before `message`.
        identity: The shopper as the shop has verified them; empty when it has not.
    """

    message: Message
    state: State
    history: tuple[Message, ...] = ()
    identity: str = ""


@dataclass(slots=True)
class Trace:
    """Why the reply is what it is: for the desk, `aisle ask --json` and the figures. Times are in milliseconds.

    `prompt` and `draft` are for the playground: what the generator was given, and all that the last one said. `attack`
    has the kinds of orders to a model that the message holds. `settled`: see `Proposal.settles`.
    """

    query: str = ""
    lang: str = ""
    hits: tuple[Hit, ...] = ()
    generator: str = ""
    fallback: str = ""
    claims: list[Claim] = field(default_factory=list)
    reading: Reading | None = None
    snapshot: str = ""
    ms: dict[str, float] = field(default_factory=dict)
    prompt: Prompt | None = None
    draft: str = ""
    attack: tuple[str, ...] = ()
    settled: bool = False

    def as_json(self) -> str:
        """What the desk shows beside the reply."""
        hits = [
            {
                "passage": h.passage.id,
                "title": h.passage.title,
                "score": h.score,
                "exact": h.exact,
                "cosine": h.cosine,
                "coverage": h.coverage,
                "probability": None if h.probability is None else round(h.probability, 4),
                "threshold": None if h.threshold is None else round(h.threshold, 4),
            }
            for h in self.hits
        ]
        claims = [{"kind": c.kind, "text": c.text, "supported": c.supported} for c in self.claims]
        rest = {"query": self.query, "generator": self.generator, "fallback": self.fallback, "ms": self.ms}
        read: dict[str, Any] = {"reading": told(self.reading)} if self.reading else {}
        read |= {"attack": self.attack} if self.attack else {}
        read |= {"settled": True} if self.settled else {}
        return orjson.dumps({**rest, "hits": hits, "claims": claims, **read}).decode()


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to store, and the state after it."""

    draft: Draft
    state: State
    trace: Trace


@dataclass(frozen=True, slots=True)
class Thought:
    """Everything that was settled before the reply was worded.

    Attributes:
        proposal: There when a skill makes the reply.
        beside: What a skill adds to it; None where that skill made it.
    """

    turn: Turn
    meaning: Understood
    snapshot: Snapshot
    live: Live
    decision: Decision = field(default_factory=lambda: Decision(Action.ANSWER))
    sources: tuple[Passage, ...] = ()
    proposal: Proposal | None = None
    beside: Beside | None = None


def spoken(thought: Thought, text: str) -> Spoken:
    """The reply `text` as one who may add to it sees it."""
    used = cited_in(text)
    return Spoken(
        thought.decision.action,
        tuple(source for n, source in enumerate(thought.sources, 1) if n in used),
        from_knowledge=thought.proposal is None,
        offers_staff=thought.decision.offers_staff,
        asks_which=bool(thought.decision.choices),
    )


def replied(thought: Thought, text: str, trace: Trace) -> Reply:
    """The reply that `text` makes of what was settled."""
    turn, meaning, decision, snapshot = thought.turn, thought.meaning, thought.decision, thought.snapshot
    cited = _citations(text, thought.sources)
    choices = thought.proposal.choices if thought.proposal else decision.choices
    if thought.proposal and meaning.second:
        # A skill answers one question; the other is a tap away.
        choices = (meaning.second, *choices)
    if thought.beside:
        choices = (*choices, *thought.beside.choices)
    if decision.offers_staff:
        choices = (*choices, phrases.say("choice_staff", meaning.lang))
    draft = Draft(
        Author.BOT,
        text,
        reply_to=turn.message.seq,
        reason=decision.reason,
        action=decision.action.value,
        citations=cited,
        cards=thought.proposal.cards if thought.proposal else _cards(thought, cited),
        choices=choices,
        snapshot=snapshot.version,
        verdict=trace.as_json(),
        lang=meaning.lang,
    )
    return Reply(draft, _after(thought, draft), trace)


def asked_before(history: Sequence[Message]) -> tuple[str, ...]:
    """What the shopper asked before, oldest first: as the bot understood it, or as it was written where it did not."""
    out: list[str] = []
    answered = {m.draft.reply_to: m.draft for m in history if m.draft.author is Author.BOT and m.draft.reply_to}
    for message in history:
        if message.draft.author is Author.SHOPPER:
            reply = answered.get(message.seq)
            if reply is None or reply.action != Action.CHAT:
                out.append((_query(reply) if reply else "") or message.draft.text)
    return tuple(out)


def _query(reply: Draft) -> str:
    """The query that a reply answered; empty when it does not tell."""
    with suppress(orjson.JSONDecodeError, AttributeError):
        return str(orjson.loads(reply.verdict).get("query", ""))
    return ""


def _cards(thought: Thought, cited: Sequence[Citation]) -> tuple[Card, ...]:
    """Cards of the products that the reply rests on."""
    used = {citation.n for citation in cited}
    handles = [source.product for n, source in enumerate(thought.sources, 1) if n in used]
    products = [product for handle in handles if handle and (product := thought.live.product(handle))]
    return cards(products, thought.meaning.lang)


def _citations(text: str, sources: Sequence[Passage]) -> tuple[Citation, ...]:
    """The passages whose number stands in the text; a number with no passage never got past the check."""
    used = cited_in(text)
    return tuple(Citation(n, p.id, p.title, p.text, p.url) for n, p in enumerate(sources, 1) if n in used)


def _after(thought: Thought, draft: Draft) -> State:
    turn, decision = thought.turn, thought.decision
    before = _begun(thought)
    missed = decision.action in (Action.ASK, Action.DECLINE)
    return replace(
        before,
        lang=thought.meaning.lang,
        seq=turn.message.seq,
        focus=before.focus if thought.proposal else _focus(thought),
        shown=listed([card.handle for card in draft.cards], before.shown),
        last_hits=tuple(c.passage for c in draft.citations) or before.last_hits,
        asked=decision.action is Action.ASK,
        offered=decision.offers_staff,
        reason=decision.reason if decision.offers_staff else None,
        spared=None if settles(draft) else before.spared,
        misses=before.misses + 1 if missed else 0,
    )


def _begun(thought: Thought) -> State:
    """The state with what the bot is in the middle of after the reply; what was begun in between goes before."""
    turned = not thought.proposal and thought.decision.action is not Action.CHAT
    before = thought.proposal.state if thought.proposal else thought.turn.state
    if thought.beside is None:
        return before
    # A word of thanks or a joke in between turns to nothing else.
    own = () if turned or dict(before.task).get("kind") == thought.beside.kind else before.task
    kept = thought.beside.task
    return replace(before, task=own, held=kept) if own else replace(before, task=kept, held=())


def _focus(thought: Thought) -> str | None:
    """The product that the reply is about: one that was found, or chosen by words, or else the one before."""
    named = [hit.passage.product for hit in thought.decision.hits if hit.passage.kind is Kind.PRODUCT]
    known = thought.snapshot.products
    return next((h for h in (*named, thought.meaning.focus) if h and h in known), thought.turn.state.focus)
