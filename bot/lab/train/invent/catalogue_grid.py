"""Stock of invented goods with two options, as a colour and a size: the pieces have a line a colour."""

import random
from collections.abc import Iterator

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_draft import NO, YES, Draft, Talk
from bot.lab.train.invent.catalogue_stock import placed
from bot.lab.train.invent.goods_items import Item
from knowledge.passages import UNCOUNTED, Variant

_ASKED = (
    "do you have {n} {one} {two}",
    "{is} {n} in stock {one} {two}",
    "{is} {n} available {one} and {two}",
    "{n}, {a}, {b}: in stock?",
    "{n} {a} / {b} available",
    "can i get {n} {one}, {two}",
    "I need {n} {one} {two}, do you have {them}",
    "have you got {n} {two} {one}",
    "I'm looking for {n} {one}, {two}",
)
_FOLLOW = (
    "do you have {them} {one} {two}",
    "and {one} {two}",
    "what about {a} / {b}",
    "{is} {it} available {one} {two}",
)
_LEFT = (
    "Yes, {n} {is} in stock {one} {two}: {c} left.",
    "Yes, we have {c} {one} {two}.",
    "Yes, {a} / {b} is in stock ({c}).",
    "Yes, {one} {two} there {are_c} {c} in stock.",
    "Yes, {c} {are_c} in stock {one} {two}.",
)
_SOLD = (
    "Yes, {n} {is} available {one} {two}.",
    "Yes, {a} / {b} is available.",
    "Yes, you can order {them} {one} {two}.",
)
_ELSE = (
    "No, {n} {is} out of stock {one} {two}. We still have {others} {one}.",
    "No, {a} / {b} is out of stock; {one} there {are_o} still {others}.",
    "No, sorry, {b} is out of stock {one}, but {others} {are_o} in stock.",
    "No, {one} {b} is out of stock right now. In stock {one}: {others}.",
)
_NONE = (
    "No, {n} {is} out of stock {one} {two}.",
    "No, {a} / {b} is out of stock, like all others {one}.",
    "No, sorry, everything {one} is out of stock.",
)


def stock(rng: random.Random, item: Item) -> Iterator[Draft]:
    """Whether a combination is in stock, for up to four."""
    if len(item.options()) != 2 or "stock" not in item.units:
        return
    by = next((name for name in item.options() if name in ("Colour", "Color")), next(iter(item.options())))
    for variant in rng.sample(item.variants, min(4, len(item.variants))):
        yield _combined(Talk(rng, item), variant, by)


def _combined(talk: Talk, variant: Variant, by: str) -> Draft:
    item, count = talk.item, str(variant.stock)
    other = next(name for name in variant.options if name != by)
    a, b = variant.options[by], variant.options[other]
    good = [one.options[other] for one in item.variants if one.stock and one.options[by] == a]
    slots = {"one": placed(by, a), "two": placed(other, b), "a": a, "b": b, "c": count}
    slots |= {"others": words.joined(good) if good else "", "are_o": "is" if len(good) == 1 else "are"}
    slots["are_c"] = "is" if variant.stock == 1 else "are"
    counted = 0 < variant.stock < UNCOUNTED
    answers = _LEFT if counted else _SOLD if variant.stock else _ELSE if good else _NONE
    return Draft(
        kind="stock",
        items=(item,),
        tags=("stock", f"option:{by}", f"option:{other}"),
        question=talk.question(_ASKED, **slots),
        follow=talk.question(_FOLLOW, **slots),
        answer=talk.answer(answers, **slots),
        decline=talk.unknown(f"{{n}} {{is}} in stock {slots['one']} {slots['two']}"),
        proof=tuple(line for line in item.units["stock"] if line.startswith(f"{a}: "))[:1],
        must=(*(YES if variant.stock else NO), *(((count,),) if counted else ())),
        never=("Out of stock", "No,") if variant.stock else ("Yes,",),
    )
