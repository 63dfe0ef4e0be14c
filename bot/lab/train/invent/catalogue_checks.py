"""Yes and no about the stated facts of invented goods: at least so much, made of that, works with this."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_draft import NO, YES, Draft, Talk
from bot.lab.train.invent.catalogue_facts import topic
from bot.lab.train.invent.goods import pools
from bot.lab.train.invent.goods_items import Item

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
NO_MEASURE = frozenset(
    "ISBN,Publication year,Drink until,Harvest,Standard,Age,Best within,Filters,Processor,Hardy down to,Hardness,"
    "Content per drop,Model,Security level,Strings,Suitable for,Teat,Grind settings,Bluetooth version,Pages,"
    "Keeps cold,Keeps hot,Heat-resistant up to,Best before,Seats,Sleeps,Steps,Keys,Light colour,Active ingredient,Battery,Memory,Camera,Motor,Blend,Dosage,Use,Case,Players,Display,Teat,"
    "Key caps,Compatible with,Fits,Bulb,Pocket,Sterilising,Preparation,Composition,Material,Burrs,Posts,Ports".split(
        ","
    )
)
_MORE = (
    "is the {l} of {n} more than {x}",
    "is the {l} of {n} over {x}",
    "is the {l} of {n} above {x}",
    "I need more than {x} of {l}. {do} {n} offer that",
    "{n}: is the {l} more than {x}",
)
_LESS = (
    "is the {l} of {n} less than {x}",
    "is the {l} of {n} under {x}",
    "is the {l} of {n} below {x}",
    "{n}: is the {l} less than {x}",
    "the {l} should be under {x}, {is} {n} ok then",
)
_HEAVIER = ("{do} {n} weigh more than {x}", "{is} {n} heavier than {x}", "{is} {n} over {x}")
_LIGHTER = (
    "{do} {n} weigh less than {x}",
    "{is} {n} lighter than {x}",
    "{is} {n} under {x}",
    "I can only carry {x}. {do} {n} weigh less",
)
_SAID = (
    "{y}, the {l} is {v}.",
    "{y}, the {l} of {n} is {v}.",
    "{y}: the {l} given is {v}.",
    "{y}, we list {v} as the {l}.",
)
_LISTED = (
    "{y}. {L}: {v}.",
    "{y}, the page says: {v}.",
    "{y}, this stands under {l}: {v}.",
    "{y}, for {n} it says: {v}.",
)
_WEIGHED = ("{y}, {n} weigh[s] {v}.", "{y}, {it} weigh[s] {v}.", "{y}, the weight is {v}.")
_MADE = ("{y}, {it} {is} made of {v}.", "{y}, {n} {is} made of {v}.", "{y}, the material is {v}.")
_CHOICES = frozenset(
    "Material,Upholstery,Upper,Cover,Filling,Frame,Lining,Glass,Movement,Main protein,Drive,Top,Body,Sole,Finish,Shape,"
    "Binding,Ruling,Coverage,Coating,Firmness,Warmth,Consistency,Roast,Type,Effect,Carrier oil".split(",")
)


def ask(rng: random.Random, item: Item) -> Iterator[Draft]:
    """A question for each fact that can be checked so."""
    talk = Talk(rng, item)
    for label, value in item.facts.items():
        if label == "Compatible with":
            yield from _compatible(talk, value)
        elif label in _CHOICES:
            yield from _choice(talk, label, value)
        elif label not in NO_MEASURE and len(NUMBER.findall(value)) == 1 and rng.random() < 0.5:
            yield from _measure(talk, label, value)


def _measure(talk: Talk, label: str, value: str) -> Iterator[Draft]:
    rng, found = talk.rng, NUMBER.search(value)
    unit = value[found.end() :].strip() if found else ""
    if not found or found[0].startswith("-") or found.start() > 6 or len(unit.split()) > 1:
        return
    number = float(found[0].replace(",", ""))
    bound = _rounded(number * rng.choice((0.5, 0.7, 0.8, 1.25, 1.5, 2)))
    if not bound or bound == number:
        return
    more = rng.random() < 0.5
    yes = (number > bound) == more
    text = f"{bound:,.1f}".removesuffix(".0") + ("" if unit.startswith("%") else " ") + unit
    text = re.sub(r"^1 (\w+?)s\b", r"1 \1", text.rstrip()) if "." not in text else text.rstrip()
    heavy = label == "Weight"
    templates = (_HEAVIER if more else _LIGHTER) if heavy else (_MORE if more else _LESS)
    slots = {"l": _quantity(label), "L": label, "x": text, "v": value, "y": "Yes" if yes else "No"}
    yield _checked(
        talk, _Check(label, yes, templates, _WEIGHED if heavy else _LISTED if value[:1].isupper() else _SAID), slots
    )


def _quantity(label: str) -> str:
    return topic(label).removeprefix("the ") if topic(label).startswith("the number") else words.spoken(label)


def _rounded(number: float) -> float:
    """A bound that people would name: two digits that count."""
    if number < 1:
        return round(number, 1)
    digits = len(str(int(number)))
    return round(number, 0 if digits < 3 else 2 - digits)


def _choice(talk: Talk, label: str, value: str) -> Iterator[Draft]:
    plain = [one for one in talk.item.kind.facts[label] if not re.search(r"[@{]", one) and not _shared(one, value)]
    yes = talk.rng.random() < 0.45
    if re.search(r"\d", value) or (not yes and not plain) or value.lower() == "none" or len(value.split()) > 4:
        return
    asked = value if yes else talk.rng.choice(plain)
    if asked == "none":
        return
    asked = asked[:1].lower() + asked[1:] if asked[1:2].islower() and label not in ("Movement",) else asked
    made = label in ("Material", "Body")
    said = _LISTED if value[:1].isupper() and label != "Movement" else _MADE if made else _SAID[:2]
    slots = {"l": words.spoken(label), "L": label, "x": asked, "v": value, "y": "Yes" if yes else "No"}
    yield _checked(talk, _Check(label, yes, _MADE_OF if made else _IS, said), slots)


_MADE_OF = ("{is} {n} made of {x}", "{n} - made of {x}?", "is {x} what {n} {is} made of", "is the material of {n} {x}")
_IS = (
    "is the {l} of {n} {x}",
    "{n} - is the {l} {x}?",
    "would you describe the {l} of {n} as {x}",
)


def _shared(one: str, other: str) -> bool:
    small = ("and", "the", "with", "of", "in", "or", "to")
    return bool(
        {word for word in re.findall(r"\w+", one.lower()) if word not in small} & set(re.findall(r"\w+", other.lower()))
    )


def _compatible(talk: Talk, value: str) -> Iterator[Draft]:
    """Whether something is on the list; what is not is said to be not listed, unless the list says `only`."""
    names = {name: words_ for name, words_ in pools().items() if any(one in value for one in words_)}
    pool = next((found for name, found in names.items() if name in _LISTS), ())
    listed = [one for one in pool if one in value]
    others = [one for one in pool if one not in value]
    if not listed or not others:
        return
    yes = talk.rng.random() < 0.5
    asked = talk.rng.choice(listed if yes else others)
    answers = _WORKS if yes else (_ONLY if value.endswith("only") else _NOT_LISTED)
    slots = {"x": asked, "v": value}
    yield _checked(talk, _Check("Compatible with", yes, _FITS, answers), slots)


_LISTS = ("toytrack", "vacuum", "smarthome", "phoneos", "carmodel", "carseat")
_FITS = (
    "{do} {n} work with {x}",
    "{is} {n} compatible with {x}",
    "will {n} fit {x}",
    "I have {x}. {do} {n} work with that",
    "can i use {n} with {x}",
    "{n} and {x}: do they go together",
)
_WORKS = (
    "Yes, {n} {is} compatible with {v}.",
    "Yes, {it} {is} compatible with {v}.",
    "Yes, {x} is on the list: {v}.",
)
_ONLY = ("No, {n} {is} compatible with {v}.", "No, {it} work[s] with {v}.", "No, not with {x}: {v}.")
_NOT_LISTED = (
    "No, {x} is not on the list. {N} {is} compatible with {v}.",
    "No, {x} is not listed; {it} {is} compatible with {v}.",
    "No, only these are listed: {v}.",
)


@dataclass(frozen=True, slots=True)
class _Check:
    label: str
    yes: bool
    asked: tuple[str, ...]
    answers: tuple[str, ...]


def _checked(talk: Talk, check: _Check, slots: dict[str, str]) -> Draft:
    return Draft(
        kind="yes_no",
        items=(talk.item,),
        tags=(f"fact:{check.label}",),
        question=talk.question(check.asked, **slots),
        answer=talk.answer(check.answers, **slots),
        decline=talk.missing(topic(check.label)),
        must=(*(YES if check.yes else NO), (slots["v"],)),
        never=("No,",) if check.yes else ("Yes,",),
    )
