"""Comparisons of two invented products on one fact: which is more, and what each has."""

import random
import re
from collections.abc import Iterator, Sequence

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_checks import NO_MEASURE
from bot.lab.train.invent.catalogue_draft import NO, YES, Draft
from bot.lab.train.invent.catalogue_facts import topic
from bot.lab.train.invent.goods_items import Item

_LONGER = frozenset(
    "Battery life,Run time,Cable length,Blade length,Warranty,Playing time,Charging time,Length,Shelf life,Trial period,"
    "Shelf life after opening,Inside leg,Recharge time,Brewing time,Heat-up time,Drying time,Strap length".split(",")
)
_NAMES = {"price": "price", "Weight": "weight"}
_ONE_NUMBER = re.compile(r"[^\d]*\d[\d,]*(?:\.\d+)?[^\d]*")
_PAIRS = 14


def ask(rng: random.Random, items: Sequence[Item]) -> Iterator[Draft]:
    """Comparisons of products of one kind."""
    pairs = [(a, b) for a in items for b in items if a is not b and a.kind is b.kind]
    for first, second in rng.sample(pairs, min(_PAIRS, len(pairs))):
        labels = [label for label in first.facts if label in second.facts]
        if _single(first) and _single(second) and rng.random() < 0.35:
            yield from _ordered(rng, (first, second), "price")
            continue
        if not labels:
            continue
        label = rng.choice([*labels, *(["Weight"] * 2 if "Weight" in labels else [])])
        one, two = first.facts[label], second.facts[label]
        if label not in NO_MEASURE and _alike(one, two) and rng.random() < 0.75:
            yield from _ordered(rng, (first, second), label)
        else:
            yield _differ(rng, (first, second), label)


def _single(item: Item) -> bool:
    return len(set(item.paid.values())) == 1


def _alike(one: str, two: str) -> bool:
    """Whether two values have one number each and the same words around it."""
    same = re.sub(r"[\d.,]+", "#", one) == re.sub(r"[\d.,]+", "#", two)
    return same and bool(_ONE_NUMBER.fullmatch(one) and _ONE_NUMBER.fullmatch(two)) and _number(one) != _number(two)


def _number(text: str) -> float:
    found = re.search(r"-?\d[\d,]*(?:\.\d+)?", text)
    return float(found[0].replace(",", "")) if found else 0.0


def _ordered(rng: random.Random, pair: tuple[Item, Item], label: str) -> Iterator[Draft]:
    first, second = pair
    values = [next(iter(item.paid.values())) if label == "price" else item.facts[label] for item in pair]
    numbers = [float(item.variants[0].price) if label == "price" else _number(item.facts[label]) for item in pair]
    if numbers[0] == numbers[1]:
        return
    name = _NAMES.get(label, "longer" if label in _LONGER else "*")
    template, _, way = rng.choice(words.phrases()[f"cmp.{name}"]).rpartition(";")
    spoken = words.spoken(label)
    refs = {"a": rng.choice(first.refs[:3]), "b": rng.choice(second.refs[:3]), "l": spoken}
    wins = (numbers[0] > numbers[1]) == way.endswith("more")
    best, rest = (pair, values) if wins else (pair[::-1], values[::-1])
    tags = ("price",) if label == "price" else (f"fact:{label}",)
    told = "the price" if label == "price" else topic(label)
    if way.startswith("is"):
        answer = _yes_no(rng, wins, pair, values)
    else:
        answer = _verdict(rng, _compared(name, way, best[0].kind.plural), best, rest)
    opposite = ("No,",) if wins else ("Yes,",)
    yield Draft(
        kind="compare",
        items=pair,
        tags=tags,
        question=words.filled(template, first.kind.plural, refs),
        answer=words.capital(answer.replace("{l}", spoken)),
        decline=_unknown(rng, pair, told),
        must=(
            *((YES if wins else NO) if way.startswith("is") else ((best[0].name,),)),
            *((value,) for value in values),
        ),
        never=opposite if way.startswith("is") else (),
    )


_WORDS = {
    ("price", "more"): "more expensive",
    ("price", "less"): "cheaper",
    ("weight", "more"): "heavier",
    ("weight", "less"): "lighter",
}


def _compared(name: str, way: str, many: bool) -> str:
    """As `is cheaper` or `has the longer battery life`."""
    plain = (name, way.removeprefix("is"))
    if plain in _WORDS:
        return f"{'are' if many else 'is'} {_WORDS[plain]}"
    high, low = ("longer", "shorter") if name == "longer" else ("higher", "lower")
    return f"{'have' if many else 'has'} the {high if way.endswith('more') else low} {{l}}"


def _verdict(rng: random.Random, says: str, best: Sequence[Item], values: Sequence[str]) -> str:
    winner, other = best[0].ref, best[1].ref
    shapes = (
        f"{winner} {says}: {values[0]} compared with {values[1]} for {other}.",
        f"{winner} {says} ({values[0]}, {other}: {values[1]}).",
        f"{winner} {says}, with {values[0]} against {values[1]} for {other}.",
        f"that would be {winner}: {values[0]}. For {other} it is {values[1]}.",
        f"{winner} {says}: {values[0]}. {words.capital(other)}: {values[1]}.",
    )
    return rng.choice(shapes)


def _yes_no(rng: random.Random, wins: bool, pair: Sequence[Item], values: Sequence[str]) -> str:
    one, two = pair[0].ref, pair[1].ref
    start = "Yes" if wins else "No"
    shapes = (
        f"{start}: {one} {values[0]}, {two} {values[1]}.",
        f"{start}, for {one} it is {values[0]} and for {two} {values[1]}.",
        f"{start}, the {{l}} of {one} is {values[0]}, that of {two} is {values[1]}.",
    )
    return rng.choice(shapes)


def _differ(rng: random.Random, pair: tuple[Item, Item], label: str) -> Draft:
    """What each of the two has."""
    first, second = pair
    spoken = topic(label).removeprefix("the ")
    values = {"l": spoken, "L": words.capital(spoken), "va": first.facts[label], "vb": second.facts[label]}
    refs = {"a": rng.choice(first.refs[:3]), "b": rng.choice(second.refs[:3])}
    known = words.phrases()
    same = values["va"] == values["vb"]
    told = rng.choice(
        (
            "It is the same for both: {va}.",
            "Both have the same {l}: {va}.",
            "No difference there: {va} for both {a} and {b}.",
        )
    )
    values["lis"] = words.agreeing(spoken)
    flat = (
        bool(re.search(r",|\band\b|\bonly\b|^[A-Z][a-z]", values["va"] + values["vb"])) or words.phrases_of(label).colon
    )
    text = told if same else rng.choice(known["diff.a"][-1:] if flat else known["diff.a"])
    return Draft(
        kind="compare",
        items=pair,
        tags=(f"fact:{label}",),
        question=words.filled(rng.choice(known["diff.q"]), False, {**values, **refs}),
        answer=words.capital(words.filled(text, False, {**values, "a": first.ref, "b": second.ref})),
        decline=_unknown(rng, pair, topic(label)),
        must=tuple((value,) for value in dict.fromkeys((values["va"], values["vb"]))),
    )


def _unknown(rng: random.Random, pair: tuple[Item, Item], told: str) -> str:
    slots = {"t": told, "tis": words.agreeing(told), "a": pair[0].ref, "b": pair[1].ref}
    return words.capital(words.filled(rng.choice(words.phrases()["decline.cmp"]), False, slots))
