"""Questions about the goods of invented shops: right by their own passages, without an answer once the fact is gone."""

import random
import re
from collections import Counter
from functools import cache

import pytest

from bot.lab.train.invent import catalogue, goods
from bot.lab.train.invent.goods_names import names
from bot.lab.train.invent.goods_shelf import filled
from bot.lab.train.invent.shop import TRADES, Shop, opened
from bot.lab.train.sample import Asked, Piece

_SHOPS = 24


@cache
def _shop(seed: int) -> tuple[Shop, tuple[Asked, ...]]:
    rng = random.Random(seed)
    shop = opened(rng)
    return shop, tuple(catalogue.ask(rng, shop))


def _all() -> list[Asked]:
    return [asked for seed in range(_SHOPS) for asked in _shop(seed)[1]]


def _shown(pieces: tuple[Piece, ...]) -> str:
    return "\n".join(f"{piece.title}\n{piece.text}" for piece in pieces)


def test_every_trade_has_several_kinds_of_goods() -> None:
    """A shop of any trade can fill its shelves with at least three kinds."""
    assert set(goods.kinds()) == set(TRADES)
    assert min(len(kinds) for kinds in goods.kinds().values()) >= 3


def test_word_lists_are_whole() -> None:
    """Every trait, pool and range that a kind of goods names can be drawn."""
    rng = random.Random(5)
    for kind in (kind for kinds in goods.kinds().values() for kind in kinds):
        assert set(kind.traits) <= set(goods.traits()), kind.noun
        drawn = [goods.drawn(rng, pattern) for patterns in kind.facts.values() for pattern in patterns]
        assert not [text for text in drawn if re.search(r"[@{}]", text)], kind.noun
        assert all(goods.values_of(spec) for spec in kind.options.values())
        assert kind.uses
        assert kind.features
        assert len(set(names(rng, kind, 4))) == 4


def test_the_same_seed_asks_the_same() -> None:
    """Two runs with one seed give the same questions, another seed gives others."""
    again = random.Random(3)
    shop = opened(again)
    assert tuple(catalogue.ask(again, shop)) == _shop(3)[1]
    assert _shop(4)[1] != _shop(3)[1]


def test_a_shop_is_asked_a_lot() -> None:
    """Each shop gets over a hundred questions, of all kinds over the shops, many of them to follow another."""
    assert min(len(_shop(seed)[1]) for seed in range(_SHOPS)) > 100
    kinds = Counter(asked.kind for asked in _all())
    wanted = {"field", "price", "stock", "options", "yes_no", "compare", "two_facts", "table", "review", "decline"}
    assert set(kinds) == wanted
    assert 0.25 < sum(asked.after is not None for asked in _all()) / len(_all()) < 0.6
    assert all(bool(asked.follow_up) == (asked.after is not None) for asked in _all())


def test_answers_have_what_they_must_and_nothing_they_never_may() -> None:
    """What a right answer must contain is in both tones of the answer; what only a wrong one has is in neither."""
    for asked in _all():
        for answer in (asked.answer.lower(), asked.formal.lower()):
            assert all(any(text.lower() in answer for text in texts) for texts in asked.must), asked
            assert not [text for text in asked.never if text.lower() in answer], asked


def test_numbers_come_from_the_passages() -> None:
    """Each number of an answer stands in what it rests on or in the question, and prices are spelt as there."""
    for asked in (asked for asked in _all() if asked.kind != "decline"):
        shown = f"{_shown(asked.rests_on)}\n{asked.question}"
        for answer in (asked.answer, asked.formal):
            assert set(re.findall(r"\d+", answer)) <= set(re.findall(r"\d+", shown)), asked
            money = re.findall(r"[$€£₹¥]\d(?:[\d,]*\d)?(?:\.\d\d)?", answer)
            assert not [amount for amount in money if amount not in shown], asked


def test_a_twin_lacks_the_fact() -> None:
    """Without the fact, neither the twin nor what is near has the line that states it of this product."""
    for asked in (asked for asked in _all() if asked.kind in ("field", "price", "stock", "options", "two_facts")):
        values = [texts[0] for texts in asked.must if texts[0] not in ("yes", "no,")]
        decisive = [value for value in values if re.search(r"\d.*\D|[^\W\d]{4}", value)]
        handles = {piece.key.split(":")[1] for piece in asked.rests_on}
        own = tuple(piece for piece in asked.near if piece.key.split(":")[1] in handles and piece.kind == "product")
        left = "\n".join(piece.text for piece in (*asked.twin, *own))
        assert asked.twin != asked.rests_on
        known = [value for value in decisive if re.search(rf": {re.escape(value)}\.?$", left, re.M)]
        assert len(known) < len(decisive) or not decisive, asked


def test_yes_and_no_are_about_as_frequent() -> None:
    """Neither polarity can be guessed, and the answer's first word is the polarity."""
    said = Counter(re.search(r"\b(yes|no)\b", asked.answer.lower())[1] for asked in _all() if asked.kind == "yes_no")  # type: ignore[index]
    assert set(said) == {"yes", "no"}
    assert 0.4 < said["no"] / said.total() < 0.6


def test_pieces_are_told_apart_by_their_keys() -> None:
    """No key stands for two texts in one shop, and what is near is nothing that the answer rests on."""
    for seed in range(_SHOPS):
        texts: dict[str, set[str]] = {}
        for asked in _shop(seed)[1]:
            keys = [piece.key for piece in (*asked.rests_on, *asked.near)]
            assert len(keys) == len(set(keys))
            for piece in (*asked.rests_on, *asked.near):
                if piece.kind == "product":
                    texts.setdefault(piece.key, set()).add(piece.text)
        assert not [key for key, found in texts.items() if len(found) > 1]


def test_nothing_is_left_of_the_templates() -> None:
    """No slot, doubled space or doubled stop remains in what is asked and said."""
    for asked in _all():
        for text in (asked.question, asked.answer, asked.formal, asked.decline, asked.follow_up):
            assert not re.search(r"[{}@]|\[s\]|  |\.\.|^\s", text), text
            assert not re.search(r"\ba (?:[aei]|o(?!ne))\w", text), text
        assert asked.decline
        assert bool(asked.rests_on) == (asked.kind != "decline")


@pytest.mark.parametrize("seed", range(8))
def test_short_names_mean_one_product(seed: int) -> None:
    """Each wording for a product has a word that no other product of the shop answers to together with the rest."""
    rng = random.Random(seed)
    items = filled(rng, opened(rng))
    for item in items:
        for ref in item.refs:
            words = set(re.sub(r"^(?:the|your|this|these) |[“”\"]", "", ref).lower().split())
            answering = {
                other.name: f"{other.name} {other.kind.noun}".lower().split() for other in items if other is not item
            }
            others = [name for name, parts in answering.items() if words <= set(parts)]
            assert not others, (ref, others)
