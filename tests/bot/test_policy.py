"""What the bot decides: answer, ask once, decline, small talk, a person."""

from dataclasses import replace

import pytest

from bot.conversation import Intent, Phase, State, Understood
from bot.policy import PASSAGES, Action, decide, is_good, needs_search
from knowledge.passages import Hit, Kind, Origin, Passage

FRESH = State("c")


def _hit(name: str = "a", kind: Kind = Kind.FAQ, lang: str = "en", **found: object) -> Hit:
    passage = Passage(f"{kind.value}:{name}:{lang}", f"{kind.value}:{name}", kind, lang, name, "text", Origin("f", 1))
    return Hit(passage, 1.0, **found)  # type: ignore[arg-type]


def _question(text: str = "q") -> Understood:
    return Understood(text, text, "en")


@pytest.mark.parametrize(
    ("hit", "good"),
    [
        (_hit(exact="FW-1"), True),
        (_hit(dense_rank=0, cosine=0.60), True),
        (_hit(dense_rank=0, cosine=0.50, coverage=0.45), True),
        (_hit(dense_rank=0, cosine=0.50, coverage=0.10), False),
        (_hit(dense_rank=0, cosine=0.30, coverage=0.80), True),
        (_hit(dense_rank=0, cosine=0.10, coverage=1.00), False),
        (_hit(coverage=0.80), True),
        (_hit(coverage=0.50), False),
        (_hit(lang="zh", coverage=0.50), True),
        (_hit(lang="zh", coverage=0.30), False),
        (_hit(), False),
        (_hit(dense_rank=0, cosine=0.60, probability=0.2, threshold=0.3), False),
        (_hit(dense_rank=0, cosine=0.50, probability=0.3, threshold=0.3, floor=0.46), True),
        (_hit(dense_rank=0, cosine=0.45, probability=0.9, threshold=0.3, floor=0.46), False),
        (_hit(dense_rank=0, cosine=0.30, probability=0.9, threshold=0.3), True),
        (_hit(lang="zh", probability=0.4, threshold=0.3), True),
        (_hit(lang="zh", coverage=0.90, probability=0.1, threshold=0.3), False),
    ],
)
def test_a_hit_is_good_by_name_by_meaning_by_words_or_by_enough_of_both(hit: Hit, good: bool) -> None:
    """Words alone need a meaning that is not plainly another; where the encoder cannot read, fewer words do."""
    assert is_good(hit) is good


def test_a_good_hit_is_answered_from() -> None:
    """The good hits, best first and not more than a prompt takes, are what the answer rests on."""
    hits = [_hit(str(n), dense_rank=n, cosine=0.9) for n in range(PASSAGES + 2)]
    decision = decide(_question(), [_hit("bad"), *hits], FRESH)
    assert decision.action is Action.ANSWER
    assert [hit.passage.title for hit in decision.hits] == ["0", "1", "2", "3"]


def test_products_that_were_not_named_do_not_crowd_in_beside_an_entry() -> None:
    """Behind a leading FAQ entry only products that the shopper named are kept."""
    named = _hit("named", Kind.PRODUCT, exact="Named")
    near = _hit("near", Kind.PRODUCT, dense_rank=2, cosine=0.7)
    decision = decide(_question(), [_hit("faq", dense_rank=0, cosine=0.8), near, named], FRESH)
    assert [hit.passage.title for hit in decision.hits] == ["faq", "named"]


def test_an_entry_that_is_likelier_than_all_others_comes_before_a_product_that_is_named() -> None:
    """A gift card that is named does not hide how one is redeemed; a less likely entry stays behind."""
    card = _hit("card", Kind.PRODUCT, exact="gift card")
    for probability, first in ((0.6, "entry"), (0.4, "card")):
        entry = _hit("entry", cosine=0.8, probability=probability, threshold=0.3)
        assert decide(_question(), (card, entry), FRESH).hits[0].passage.title == first


def test_words_alone_far_down_among_the_hits_are_chance() -> None:
    """A passage that has the question's words is answered from only where it is among the first."""
    unlikely = [_hit(str(n), probability=0.1, threshold=0.3) for n in range(PASSAGES)]
    wordy = _hit("wordy", Kind.POLICY, coverage=0.9)
    assert decide(_question(), [wordy, *unlikely], FRESH).action is Action.ANSWER
    assert decide(_question(), [*unlikely, wordy], FRESH).action is Action.ASK


@pytest.mark.parametrize(
    ("text", "yes"), [("什么东西不支持退货", "可以，60 天内可退。"), ("what can't be returned", "Yes, always.")]
)
def test_what_is_not_possible_is_not_answered_with_a_yes(text: str, yes: str) -> None:
    """An entry with the same words that says yes is none; to whether something is not possible, it is."""
    passage = replace(_hit().passage, text=yes)
    hit = Hit(passage, 1.0, probability=0.6, threshold=0.3)
    assert decide(_question(text), [hit], FRESH).action is Action.ASK
    assert decide(_question("可以退货吗"), [hit], FRESH).action is Action.ANSWER


def test_nothing_found_is_asked_about_once_and_then_declined_with_a_person() -> None:
    """The bot never asks twice in a row."""
    first = decide(_question(), [], FRESH)
    second = decide(_question(), [], State("c", asked=True, misses=1))
    assert (first.action, second.action) == (Action.ASK, Action.DECLINE)
    assert second.offers_staff
    assert not first.offers_staff


@pytest.mark.parametrize("intent", [Intent.HELLO, Intent.THANKS, Intent.BYE, Intent.WHO])
def test_small_talk_needs_no_search_and_is_answered_in_kind(intent: Intent) -> None:
    """Small talk has its own words."""
    meaning = Understood("x", "x", "en", intent)
    assert not needs_search(meaning)
    assert decide(meaning, [], FRESH).action is Action.CHAT


def test_a_person_is_offered_first_and_fetched_when_asked_again() -> None:
    """The first wish gets an offer; the next, or a yes, hands over; in the queue it is said that one was asked."""
    wish = Understood("x", "x", "en", Intent.STAFF)
    assert decide(wish, [], FRESH).action is Action.OFFER_STAFF
    assert decide(wish, [], State("c", offered=True)).action is Action.HAND_OVER
    assert decide(wish, [], State("c", phase=Phase.WAITING)).action is Action.CHAT
