"""What invented goods cost: one price or a span, reduced or not, by option, under or over an amount."""

import random
import re
from collections.abc import Iterator

from bot.lab.train.invent.catalogue_draft import NO, YES, Draft, Talk
from bot.lab.train.invent.catalogue_stock import placed
from bot.lab.train.invent.goods_items import Item
from knowledge.passages import Variant


def prices(rng: random.Random, item: Item) -> Iterator[Draft]:
    """The price, one or a span; whether it is reduced; whether it is under an amount."""
    talk = Talk(rng, item)
    paid = [item.paid[variant.sku] for variant in sorted(item.variants, key=lambda variant: variant.price)]
    low, high = paid[0], paid[-1]
    was = {item.was.get(variant.sku, "") for variant in item.variants}
    slots = {"v": low, "low": low, "high": high, "was": next(iter(was))}
    reduced = low == high and len(was) == 1 and "" not in was
    name = "price.was.a" if reduced else "price.a" if low == high else "price.span.a"
    must = ((low,),) if low == high else ((low,), (high,))
    yield _priced(talk, "price", talk.answer(name, **slots), must)
    if reduced:
        yield Draft(
            kind="yes_no",
            items=(item,),
            tags=("price",),
            question=talk.question("sale.q"),
            follow=talk.question("sale.f"),
            answer=talk.answer("sale.yes", **slots),
            decline=talk.unknown("{n} {is} on sale"),
            intent="sale",
            must=(*YES, (low,)),
            never=("No,",),
        )
    if low == high:
        yield _budget(talk, item.variants[0], low)
    if (by := _deciding(item)) and low != high:
        value = rng.choice(item.options()[by])
        price = next(item.paid[variant.sku] for variant in item.variants if variant.options[by] == value)
        yield Draft(
            kind="price",
            items=(item,),
            tags=("price",),
            question=talk.question("variantprice.q", o=value, ino=placed(by, value)),
            follow=talk.question("variantprice.f", o=value, ino=placed(by, value)),
            answer=talk.answer("variantprice.a", o=value, ino=placed(by, value), v=price),
            decline=talk.missing("the price"),
            must=((price,),),
            never=tuple(other for other in dict.fromkeys(paid) if other != price),
        )


def _deciding(item: Item) -> str:
    """The option that alone decides the price, or nothing."""
    for name, values in item.options().items():
        if len({(variant.options[name], item.paid[variant.sku]) for variant in item.variants}) == len(values):
            return name
    return ""


def _priced(talk: Talk, intent: str, answer: str, must: tuple[tuple[str, ...], ...]) -> Draft:
    return Draft(
        kind="price",
        items=(talk.item,),
        tags=("price",),
        question=talk.question("price"),
        follow=talk.question("price.f"),
        answer=answer,
        decline=talk.missing("the price"),
        intent=intent,
        must=must,
    )


def _budget(talk: Talk, variant: Variant, paid: str) -> Draft:
    """Whether it costs less, or more, than a round amount."""
    rng, cents = talk.rng, int(variant.price * 100)
    step = next(
        size
        for size in (1000_000, 500_000, 100_000, 50_000, 10_000, 5_000, 1_000, 500, 100)
        if cents >= size * 2 or size == 100
    )
    below = rng.random() < 0.5
    bound = (cents // step + (rng.randint(1, 3) if below else -rng.randint(0, 1))) * step
    bound = bound - step if bound == cents and not below else bound
    bound = max(bound, 100) if below or bound >= 100 else cents + step
    under = rng.random() < 0.6
    yes = (cents < bound) == under
    digits = re.sub(r"\d[\d,]*(?:\.\d+)?", f"{bound // 100:,}", paid)
    name = f"{'under' if under else 'over'}."
    return Draft(
        kind="yes_no",
        items=(talk.item,),
        tags=("price",),
        question=talk.question(f"{name}q", x=digits),
        follow=talk.question("under.f", x=digits) if under else "",
        answer=talk.answer(f"{name}{'yes' if yes else 'no'}", x=digits, v=paid),
        decline=talk.missing("the price"),
        must=(*(YES if yes else NO), (paid,)),
        never=("No,",) if yes else ("Yes,",),
    )
