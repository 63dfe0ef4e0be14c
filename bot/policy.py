"""What to do with a message, given what it means and what was found. Pure.

How an answer is worded is not known here, nor how hits were found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.conversation import Intent, Phase, State, Understood
from knowledge.passages import Hit, Kind

PASSAGES = 4
"""Passages in a prompt: reading dominates the first word, so no more than answers need."""

# Set on the sample shop's own questions, each left out of the index in turn, against questions about other trades
# (bot/lab/LOG.md has the figures). A hit is good by meaning alone, or by words alone, or by enough of both.
COSINE_ALONE = 0.62
COVERAGE_ALONE = 0.72
COSINE_BOTH = 0.42
COVERAGE_BOTH = 0.45


class Action(StrEnum):
    """What the bot does."""

    ANSWER = "answer"
    CHAT = "chat"
    ASK = "ask"
    DECLINE = "decline"
    OFFER_STAFF = "offer_staff"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class Decision:
    """An action, the phrase that it says (none for answers) and the hits that it rests on, best first."""

    action: Action
    phrase: str = ""
    hits: tuple[Hit, ...] = ()
    offers_staff: bool = False


def needs_search(meaning: Understood) -> bool:
    """Whether the message is a question for the knowledge."""
    return meaning.intent is Intent.QUESTION


def decide(meaning: Understood, hits: Sequence[Hit], state: State) -> Decision:
    """The action for a message in its conversation."""
    match meaning.intent:
        case Intent.STAFF | Intent.YES:
            return _staff(state)
        case Intent.HELLO | Intent.THANKS | Intent.BYE | Intent.WHO:
            return Decision(Action.CHAT, meaning.intent.value)
        case Intent.NO:
            return Decision(Action.CHAT, "withdrawn")
        case Intent.QUESTION:
            return _answer_or_ask(hits, state)
        case _:
            assert_never(meaning.intent)


def _staff(state: State) -> Decision:
    """Offer a person first; hand over when the shopper asks again or says yes; say so when one was asked already."""
    if state.phase is Phase.WAITING:
        return Decision(Action.CHAT, "waiting")
    if state.offered:
        return Decision(Action.HAND_OVER, "waiting")
    return Decision(Action.OFFER_STAFF, "offer_staff", offers_staff=True)


def _answer_or_ask(hits: Sequence[Hit], state: State) -> Decision:
    good = [hit for hit in hits if is_good(hit)]
    if good:
        return Decision(Action.ANSWER, hits=tuple(_together(good)))
    if not state.asked and not state.misses:
        return Decision(Action.ASK, "ask")
    return Decision(Action.DECLINE, "decline", offers_staff=True)


def is_good(hit: Hit) -> bool:
    """Whether a hit is near enough to the query to answer from."""
    if hit.exact or hit.cosine >= COSINE_ALONE or hit.coverage >= COVERAGE_ALONE:
        return True
    return hit.cosine >= COSINE_BOTH and hit.coverage >= COVERAGE_BOTH


def _together(good: Sequence[Hit]) -> list[Hit]:
    """The best hits; products that were not named do not crowd in beside an FAQ entry or a policy that leads."""
    lead = good[0].passage.kind
    kept = [h for h in good if h.exact or lead is Kind.PRODUCT or h.passage.kind is not Kind.PRODUCT]
    return kept[:PASSAGES]
