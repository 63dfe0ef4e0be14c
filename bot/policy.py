"""What to do with a message, given what it means and what was found. Pure.

How an answer is worded is not known here, nor how hits were found.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.clarify import open_between
from bot.conversation import Intent, Phase, Reason, State, Understood
from knowledge.passages import EVEN, Hit, Kind

PASSAGES = 4
"""Passages in a prompt: reading dominates the first word, so no more than answers need."""

# Set on the sample shop: the last two phrasings of each FAQ entry, left out of the index, against 1,000 questions about
# other things (bot/lab/LOG.md has the figures). A hit is good by meaning alone, by words alone, or by enough of both;
# where the encoder cannot read the language, words are all there is, and fewer of them do.
COSINE_ALONE = 0.55
COVERAGE_ALONE = 0.70
COSINE_BOTH = 0.45
COVERAGE_BOTH = 0.40
COVERAGE_UNREADABLE = 0.42
COVERAGE_CROSSED = 0.40
"""Of translated words, where an entry is in another language only and the encoder cannot read it. At this bar 44 %
of the FAQ's questions got their very entry, and 0.2 % of questions on anything else an answer (bot/lab/LOG.md)."""
COSINE_LEAST = 0.25
"""Words alone do not do where the meaning is plainly another: `2 + 2` is no question about a 2 L bottle."""


_WHAT_NOT = re.compile(
    r"\b(?:what|which)\b.*(?:\b(?:not|never|excluded|exempt)\b|n't\b)|(?:什么|哪).*不(?:能|可|支持|给|予|让|允许)", re.I
)
_YES = re.compile(r"(?:yes|sure|of course)\b|(?:可以|能|是的|可|支持)[，,。]", re.I)


class Action(StrEnum):
    """What the bot does."""

    ANSWER = "answer"
    RECOMMEND = "recommend"
    ORDER = "order"
    CHAT = "chat"
    ASK = "ask"
    DECLINE = "decline"
    OFFER_STAFF = "offer_staff"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and what it needs.

    Attributes:
        phrase: What it says; empty for answers and where a person is offered or asked for (`handoff.py` has the words).
        hits: What an answer rests on, best first.
        reason: Why a person is offered or asked for; None when neither.
        choices: Answers to tap, where it asks which of several things is meant.
    """

    action: Action
    phrase: str = ""
    hits: tuple[Hit, ...] = ()
    reason: Reason | None = None
    choices: tuple[str, ...] = ()

    @property
    def offers_staff(self) -> bool:
        """Whether the reply asks the shopper if a person is wanted."""
        return self.reason is not None and self.action is not Action.HAND_OVER


_UNKNOWN = (Reason.NO_KNOWLEDGE, Reason.LOW_SUPPORT)


def needs_search(meaning: Understood) -> bool:
    """Whether the message is a question for the knowledge."""
    return meaning.intent is Intent.QUESTION and not meaning.alarm and not meaning.address


def may_propose(meaning: Understood, state: State) -> bool:
    """Whether skills may look at the message: at questions, and at a yes or no that is not about having a person.

    In the middle of something also at what else may be part of it: "never mind", a town abroad, an address, which is
    else left for the team.
    """
    answers = [Intent.QUESTION, Intent.NOD, *([] if state.offered else [Intent.YES, Intent.NO])]
    answers += [Intent.SMALL_TALK, Intent.OFF_TOPIC] if state.task else []
    left = bool(meaning.address) and not state.task
    unclear = bool(meaning.between) and not state.asked and not state.misses and not state.task
    return meaning.intent in answers and not meaning.alarm and not left and not unclear


def decide(meaning: Understood, hits: Sequence[Hit], state: State) -> Decision:
    """The action for a message in its conversation.

    A wish for a person, anger and a legal threat lead to the offer of one before anything else.
    """
    if meaning.address:
        return Decision(Action.CHAT, "noted")
    if meaning.intent is Intent.STAFF:
        return _staff(meaning.alarm or Reason.SHOPPER_ASKED, state, again=True)
    if meaning.alarm:
        return _staff(meaning.alarm, state, again=False)
    match meaning.intent:
        case Intent.YES:
            return _staff(Reason.SHOPPER_ASKED, state, again=True)
        case Intent.HELLO | Intent.THANKS | Intent.BYE | Intent.WHO:
            return Decision(Action.CHAT, meaning.intent.value)
        case Intent.ABUSE:
            return Decision(Action.CHAT, "abuse")
        case Intent.OFF_TOPIC:
            return Decision(Action.CHAT, f"off_{meaning.about}")
        case Intent.SMALL_TALK:
            return Decision(Action.CHAT, f"talk_{meaning.about}")
        case Intent.NOD:
            return Decision(Action.CHAT, "nod")
        case Intent.NO:
            return Decision(Action.CHAT, "withdrawn")
        case Intent.QUESTION:
            return _answer_or_ask(meaning, hits, state)
        case _:
            assert_never(meaning.intent)


def declined(reason: Reason, phrase: str, state: State) -> Decision:
    """No answer: offer a person, unless one is on the way, or had the conversation for the same reason just now."""
    if state.phase is Phase.WAITING:
        return Decision(Action.DECLINE, f"{phrase}_waiting")
    same = _UNKNOWN if reason in _UNKNOWN else (reason,)
    if state.spared in same:
        return Decision(Action.DECLINE, f"{phrase}_again")
    return Decision(Action.DECLINE, reason=reason)


def _staff(reason: Reason, state: State, *, again: bool) -> Decision:
    """Offer a person first; hand over when the shopper asks `again` or says yes; say so when one was asked already."""
    if state.phase is Phase.WAITING:
        return Decision(Action.CHAT, "waiting")
    if state.offered and again:
        return Decision(Action.HAND_OVER, reason=state.reason or reason)
    return Decision(Action.OFFER_STAFF, reason=reason)


def _answer_or_ask(meaning: Understood, hits: Sequence[Hit], state: State) -> Decision:
    """Answer from the good hits, unless the question may mean several things; ask once, then decline."""
    may_ask = not state.asked and not state.misses
    if may_ask and meaning.between:
        return Decision(Action.ASK, "ask_which", choices=meaning.between)
    if may_ask and not meaning.second and (choices := open_between(meaning.query, hits)):
        return Decision(Action.ASK, "ask_which", choices=choices)
    good = [
        hit
        for place, hit in enumerate(hits)
        if is_good(hit) and (place < PASSAGES or not _by_words(hit)) and not _contrary(meaning.query, hit)
    ]
    if good:
        return Decision(Action.ANSWER, hits=tuple(_together(good)))
    if may_ask:
        return Decision(Action.ASK, "ask")
    return declined(Reason.NO_KNOWLEDGE, "decline", state)


def is_good(hit: Hit) -> bool:
    """Whether a hit is near enough to the query to answer from.

    An FAQ entry is where the head finds it probable enough and its meaning is not plainly another: the head has been
    tried on questions about the same shop only. Other hits have no probability; the bars judge them.
    """
    if hit.exact:
        return True
    if hit.probability is not None and hit.threshold is not None:
        return is_likely(hit)
    if hit.cosine >= COSINE_ALONE:
        return True
    if hit.dense_rank is None and hit.crossed:
        return hit.coverage >= COVERAGE_CROSSED
    if hit.dense_rank is None:
        return hit.coverage >= (COVERAGE_UNREADABLE if hit.passage.lang == "zh" else COVERAGE_ALONE)
    if hit.coverage >= COVERAGE_ALONE and hit.cosine >= COSINE_LEAST:
        return True
    return hit.cosine >= COSINE_BOTH and hit.coverage >= COVERAGE_BOTH


def _contrary(query: str, hit: Hit) -> bool:
    """Whether a question what cannot be done would be answered that something can: the words are alike, no more."""
    return bool(_WHAT_NOT.search(query) and _YES.match(hit.passage.text)) and not hit.exact


def _by_words(hit: Hit) -> bool:
    """Whether words alone speak for a hit; far down among the hits, these are words shared by chance."""
    return not hit.exact and hit.probability is None and hit.dense_rank is None


def is_likely(hit: Hit) -> bool:
    """Whether the head finds an FAQ entry probable enough, and its meaning as near as the shop's own wordings are."""
    if hit.probability is None or hit.threshold is None:
        return False
    seen = hit.dense_rank is None or hit.cosine >= hit.floor
    return seen and hit.probability >= hit.threshold


def _together(good: Sequence[Hit]) -> list[Hit]:
    """The best hits; products that were not named do not crowd in beside an FAQ entry or a policy that leads.

    An entry that is more likely meant than all others comes before a product that is named: "how do I redeem a gift
    card?" is no question about the card, and what can be said of a product by its data was said before.
    """
    good = sorted(good, key=lambda hit: not (is_likely(hit) and (hit.probability or 0.0) >= EVEN))
    lead = good[0].passage.kind
    kept = [h for h in good if h.exact or lead is Kind.PRODUCT or h.passage.kind is not Kind.PRODUCT]
    return kept[:PASSAGES]
