"""Invented policies are the same for a seed, say what their answers say, and are asked both ways."""

import re
from collections import Counter

import pytest

from bot.lab.train.invent import terms
from bot.lab.train.invent.terms_grammar import always, named
from bot.lab.train.invent.terms_pages import sections
from bot.lab.train.sample import Asked
from bot.lab.train.samples import states
from tests.support.invented import asked

_SEEDS = range(25)


def everything() -> list[Asked]:
    """What all shops of the test are asked."""
    return [one for seed in _SEEDS for one in asked(terms.ask, seed)]


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_shop_is_asked_enough(seed: int) -> None:
    """Every shop is asked about its policies many times over."""
    assert 60 <= len(asked(terms.ask, seed)) <= 350


def test_twins_lack_the_fact() -> None:
    """A passage from which the fact was taken no longer has all that a right answer must contain."""
    for one in everything():
        telling = [texts for texts in one.must if "yes" not in texts and "cannot" not in texts]
        if one.twin and one.kind == "table":
            text = " ".join(piece.text for piece in one.twin)
            assert not states(text, telling), (telling, text)
        assert one.twin != one.rests_on or not one.twin


def test_both_polarities_are_asked() -> None:
    """Yes and no are each the right answer of a third of such questions at least."""
    polarity = Counter("yes" if one.must[0] == ("yes",) else "no" for one in everything() if one.kind == "yes_no")
    assert min(polarity.values()) > sum(polarity.values()) / 3


def test_declining_is_asked_for_without_passages() -> None:
    """Where no passage answers, the answer declines, and what is near does not hold the missing passage."""
    for one in everything():
        assert one.decline
        if not one.rests_on:
            assert (one.kind, one.answer) == ("decline", one.decline)
        assert not {piece.key for piece in one.rests_on} & {piece.key for piece in one.near}


def test_follow_ups_come_with_what_they_follow() -> None:
    """A follow-up has an earlier turn, and some questions have one."""
    assert all((one.after is None) == (one.follow_up == "") for one in everything())
    assert sum(one.after is not None for one in everything()) > len(everything()) / 10


def test_wording_is_whole() -> None:
    """No slot, bracket, doubled word or doubled mark is left in what is said."""
    for one in everything():
        for text in (one.question, one.answer, one.formal, one.decline, one.follow_up, *(p.text for p in one.rests_on)):
            assert not re.search(r"[{}\[\]]|  |\.\.| ,|//|\b(?!that)([a-z]+) \1\b", text), text


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.subs[0])
def test_statements_hold_what_answers_need(section: object) -> None:
    """Every slot that an answer may name is in every wording of the statement, and nothing is left unasked."""
    for fact in section.facts:  # type: ignore[attr-defined]
        assert fact.of("-"), fact.name
        for variant in fact.variants:
            assert fact.of("=", variant), (fact.name, variant)
            assert any(mark == "?" for mark, _ in fact.lines), fact.name
            needed = frozenset().union(*(named(text) for text in fact.of("=", variant)))
            for text in [*fact.of("+", variant), *fact.of(":", variant)]:
                assert needed <= always(text) | {"thing", "things", "a_thing", "home"}, (fact.name, text)
