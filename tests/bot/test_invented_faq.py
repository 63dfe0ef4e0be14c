"""Invented questions and answers are the same for a seed, say what their entries say, and are asked both ways."""

import re
from collections import Counter

import pytest

from bot.lab.train.invent import faq, faq_bank, faq_talk
from bot.lab.train.invent.shop import TRADES
from bot.lab.train.invent.terms_grammar import Section, always, named
from bot.lab.train.sample import Asked
from bot.lab.train.samples import states
from tests.support.invented import asked

_SEEDS = range(40)
_POLAR = ("yes", "no,")


def everything() -> list[Asked]:
    """What all shops of the test are asked."""
    return [one for seed in _SEEDS for one in asked(faq.ask, seed)]


def test_twins_lack_the_fact() -> None:
    """An entry from which the fact was taken no longer has all that a right answer must contain."""
    for one in everything():
        telling = [texts for texts in one.must if texts[0] not in _POLAR]
        if one.twin:
            assert one.twin != one.rests_on
            assert {piece.key for piece in one.twin} == {piece.key for piece in one.rests_on}
            values = [texts for texts in telling if any(map(str.isdigit, texts[0]))]
            assert not states(one.twin[0].text, values), (values, one.twin)


def test_both_polarities_are_asked() -> None:
    """Yes and no are each the right answer of a good third of such questions."""
    polarity = Counter(one.must[0][0] for one in everything() if one.kind == "yes_no")
    assert min(polarity[word] for word in _POLAR) > sum(polarity.values()) * 0.4


def test_declining_is_asked_for_without_entries() -> None:
    """Where no entry answers, the answer declines, and what is near never holds the right entry."""
    for one in everything():
        if one.kind == "decline":
            assert (one.answer, one.rests_on) == (one.decline, ())
        assert bool(one.rests_on) == (one.kind not in ("decline", "small_talk"))
        assert not {piece.key for piece in one.rests_on} & {piece.key for piece in one.near}


def test_formal_answers_are_formal() -> None:
    """The formal tone has neither exclamation marks nor short forms."""
    for one in everything():
        assert not re.search(r"!|n't\b|\b(?:I'm|it's|we're|you'll|that's|there's)", one.formal, re.IGNORECASE), (
            one.formal
        )


def test_wording_is_whole() -> None:
    """No slot, bracket, doubled word or doubled mark is left in what is said."""
    for one in everything():
        for text in (one.question, one.answer, one.formal, one.decline, one.follow_up, *(p.text for p in one.rests_on)):
            assert not re.search(
                r"[{}\[\]]|  |(?<!\.)\.\.(?!\.)| ,|//|[.!]\?|\?\.|\b(?!that|had|blah)([a-z]+) \1\b", text
            ), text


def test_small_talk_is_short() -> None:
    """Small talk rests on nothing and is over in two or three sentences."""
    talk = [one for one in everything() if one.kind == "small_talk"]
    assert len({one.question for one in talk}) > 150
    assert max(len(one.answer) for one in talk) < 220


@pytest.mark.parametrize("trade", TRADES)
def test_every_trade_has_entries_of_its_own(trade: str) -> None:
    """There are at least three entries for each trade."""
    assert sum(trade in faq_bank.trades(section) for section in faq_bank.entries()) >= 3


def test_entries_name_trades_that_exist() -> None:
    """No entry is lost to a misspelt trade, and no two entries have one key."""
    slugs = Counter(section.topic for section in faq_bank.entries())
    assert max(slugs.values()) == 1
    assert {trade for section in faq_bank.entries() for trade in faq_bank.trades(section)} <= {*TRADES, "*"}


def test_small_talk_ends_questions_with_a_question_mark() -> None:
    """Each sentence of small talk begins with a capital and ends with its mark."""
    assert faq_talk.ended("hello! how can I help.") == "Hello! How can I help?"


@pytest.mark.parametrize("section", faq_bank.entries(), ids=lambda section: section.topic)
def test_statements_hold_what_answers_need(section: Section) -> None:
    """Every slot that an answer may name is in every wording of the statement, and nothing is left unasked."""
    own = {name for name, _, _ in section.draws}
    names = {fact.name for other in faq_bank.entries() for fact in other.facts}
    for fact in section.facts:
        assert fact.of("-"), fact.name
        assert {name for name in fact.unless if name[0] != "w"} <= names
        assert any(mark == "?" for mark, _ in fact.lines), fact.name
        for variant in fact.variants:
            needed = {slot for text in fact.of("=", variant) for slot in named(text)} & own
            for text in fact.of("+", variant):
                assert needed <= always(text), (fact.name, text)
