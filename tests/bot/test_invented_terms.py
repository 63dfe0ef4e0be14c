"""Invented policies are the same for a seed, say what their answers say, and are asked both ways."""

import random
import re
from collections import Counter
from functools import cache

import pytest

from bot.lab.train.invent import terms
from bot.lab.train.invent.shop import opened
from bot.lab.train.invent.terms_grammar import always, named
from bot.lab.train.invent.terms_pages import sections
from bot.lab.train.sample import Asked
from bot.lab.train.samples import states

_SEEDS = range(25)


@cache
def asked(seed: int) -> tuple[Asked, ...]:
    """All that the shop of a seed is asked."""
    rng = random.Random(seed)
    return tuple(terms.ask(rng, opened(rng)))


def everything() -> list[Asked]:
    """What all shops of the test are asked."""
    return [one for seed in _SEEDS for one in asked(seed)]


def figures(text: str) -> set[str]:
    """Its runs of digits."""
    return set(re.findall(r"\d+", text))


def test_a_seed_gives_the_same_questions() -> None:
    """The same seed asks the same of the same shop, another seed something else."""
    rng = random.Random(3)
    assert tuple(terms.ask(rng, opened(rng))) == asked(3)
    assert asked(3) != asked(4)


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_shop_is_asked_enough(seed: int) -> None:
    """Every shop is asked about its policies many times over."""
    assert 60 <= len(asked(seed)) <= 350


def test_answers_hold_what_they_must() -> None:
    """Both tones of an answer contain what is required of a right answer."""
    for one in everything():
        for said in (one.answer, one.formal or one.answer):
            for texts in one.must:
                assert any(text.lower() in said.lower() for text in texts), (texts, said)


def test_answers_hold_nothing_that_is_wrong() -> None:
    """What only a wrong answer contains is in none of the answers."""
    for one in everything():
        for said in (one.answer, one.formal or one.answer):
            assert not [text for text in one.never if text.lower() in said.lower()], (one.never, said)


def test_figures_come_from_the_passages() -> None:
    """Every figure of an answer stands in the passages that it rests on, or in the question."""
    for one in everything():
        known = " ".join(f"{piece.title} {piece.text}" for piece in one.rests_on) + one.question
        assert figures(one.answer) <= figures(known), (one.answer, known)


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


def test_pieces_of_a_key_are_one_piece() -> None:
    """Within a shop, a key stands for one text."""
    for seed in _SEEDS:
        texts: dict[str, str] = {}
        for one in asked(seed):
            for piece in (*one.rests_on, *one.near):
                assert texts.setdefault(piece.key, piece.text) == piece.text
                assert piece.kind == "policy"
                assert piece.key.startswith("policy:")


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
