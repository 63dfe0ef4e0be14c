"""What there is to choose with invented goods, what is in stock, and the same by article number."""

import random
from collections.abc import Iterator

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_draft import NO, YES, Draft, Talk
from bot.lab.train.invent.goods import values_of
from bot.lab.train.invent.goods_items import Item, choice, stock_text
from bot.lab.train.invent.goods_prose import plural
from knowledge.passages import UNCOUNTED, Variant


def stock(rng: random.Random, item: Item) -> Iterator[Draft]:
    """Whether there is any, how many, of which choice."""
    talk = Talk(rng, item)
    if len(item.variants) == 1:
        yield from _single(talk, item.variants[0])
        return
    if len(item.options()) > 1:
        return
    option, values = next(iter(item.options().items()))
    good = [variant.options[option] for variant in item.variants if variant.stock]
    for variant in rng.sample(item.variants, min(4, len(item.variants))):
        yield from _choice(talk, variant, variant.options[option], good)
    if good and any(not variant.stock for variant in item.variants):
        slots = {"os": _several(option), **_listed(good)}
        yield Draft(
            kind="stock",
            items=(item,),
            tags=("stock", f"option:{option}"),
            question=talk.question("which.q", **slots),
            follow=talk.question("which.f", **slots),
            answer=talk.answer("which.a", **slots),
            decline=talk.missing("the stock"),
            must=tuple((value,) for value in good),
            never=tuple(value for value in values if value not in good and not any(value in one for one in good)),
        )


def _listed(good: list[str]) -> dict[str, str]:
    return {"others": words.joined(good), "are_o": "is" if len(good) == 1 else "are"}


def _single(talk: Talk, variant: Variant) -> Iterator[Draft]:
    count = str(variant.stock)
    slots = {"c": count, "are_c": "is" if variant.stock == 1 else "are"}
    counted = 0 < variant.stock < UNCOUNTED
    name = "stock.yes.count" if counted else "stock.yes" if variant.stock else "stock.no"
    yield Draft(
        kind="stock",
        items=(talk.item,),
        tags=("stock",),
        question=_asking(talk, "stock.q"),
        follow=talk.question("stock.f"),
        answer=talk.answer(name, **slots),
        decline=talk.unknown("{n} {is} in stock"),
        intent="stock",
        must=(*(YES if variant.stock else NO), *(((count,),) if counted else ())),
        never=("No,",) if variant.stock else ("Yes,",),
    )
    if variant.stock < UNCOUNTED:
        yield Draft(
            kind="stock",
            items=(talk.item,),
            tags=("stock",),
            question=talk.question("count.q"),
            follow=talk.question("count.f"),
            answer=talk.answer("count.a" if variant.stock else "count.no", **slots),
            decline=talk.missing("the stock"),
            must=((count,),) if variant.stock else (("out of stock", "none"),),
        )


def _asking(talk: Talk, name: str) -> str:
    """A question for stock without one that asks the other way round."""
    while "sold out" in (text := talk.question(name)):
        continue
    return text


def _choice(talk: Talk, variant: Variant, value: str, good: list[str]) -> Iterator[Draft]:
    counted = 0 < variant.stock < UNCOUNTED
    count = str(variant.stock)
    option = next(iter(variant.options))
    slots = {
        "o": value,
        "ino": placed(option, value),
        "c": count,
        "are_c": "is" if variant.stock == 1 else "are",
        **(_listed(good) if good else {}),
    }
    name = (
        "stockof.yes.count" if counted else "stockof.yes" if variant.stock else "stockof.no" if good else "stockof.none"
    )
    many = counted and talk.rng.random() < 0.25
    item = talk.item
    tags = ("stock", f"option:{option}")
    must = (*(YES if variant.stock else NO), *(((count,),) if counted else ()))
    yield Draft(
        kind="stock",
        items=(item,),
        tags=tags,
        question=talk.question("countof.q" if many else "stockof.q", **slots),
        follow=talk.question("countof.f" if many else "stockof.f", **slots),
        answer=talk.answer("countof.a" if many else name, **slots),
        proof=_line(item, value, variant),
        decline=talk.missing("the stock") if many else talk.unknown(f"{{n}} {{is}} in stock {placed(option, value)}"),
        must=((count,),) if many else must,
        never=("Out of stock",) if variant.stock else ("Yes,",),
    )


def _line(item: Item, value: str, variant: Variant) -> tuple[str, ...]:
    """The line or sentence on a choice's stock, that of its article number where there is no other."""
    mark = "In stock: " if 0 < variant.stock < UNCOUNTED else "Available: " if variant.stock else "Out of stock: "
    lines = item.units.get("stock", ())
    found = [
        line for line in lines if value in line and (mark in line or line.startswith((f"{value}: ", f"{value} is ")))
    ]
    return tuple(found[:1])


def options(rng: random.Random, item: Item) -> Iterator[Draft]:
    """Which choices there are, and whether one of them exists."""
    talk = Talk(rng, item)
    for option, values in item.options().items():
        slots = {"os": _several(option), "v": words.joined(values)}
        common = {"items": (item,), "tags": (f"option:{option}",)}
        yield Draft(
            kind="options",
            question=talk.question("options.q" if option in _IN else "options.list.q", **slots),
            follow=talk.question("options.f", **slots),
            answer=talk.answer("options.a" if option in _IN else "options.list.a", **slots),
            decline=talk.missing(f"the available {slots['os']}"),
            intent=f"option:{option}",
            must=tuple((value,) for value in values),
            **common,  # type: ignore[arg-type]
        )
        others = _others(item, option, values)
        for yes in (True, False) if others else (True,):
            value = rng.choice(values if yes else others)
            asked = value.lower() if rng.random() < 0.4 and option in ("Colour", "Color") else value
            said = {**slots, "o": value if yes else asked, "ino": placed(option, value if yes else asked)}
            asking = {**slots, "o": asked, "ao": words.with_article(asked), "ino": placed(option, asked)}
            yield Draft(
                kind="yes_no",
                question=talk.question("has_option.q", **asking),
                follow=talk.question("has_option.f", **asking),
                answer=talk.answer("has_option.yes" if yes else "has_option.no", **said),
                decline=talk.unknown(f"{{n}} {{come}} {placed(option, asked)}"),
                must=(*(YES if yes else NO), *(((value,),) if yes else tuple((one,) for one in values))),
                never=("No,",) if yes else ("Yes,",),
                **common,  # type: ignore[arg-type]
            )


def _others(item: Item, option: str, values: list[str]) -> list[str]:
    spec = item.kind.options.get(option) or item.kind.options.get("Colour", "")
    found = " ".join(values).lower()
    return [value for value in values_of(spec) if value not in values and value.lower() not in found]


_PLACED = {
    **dict.fromkeys(("Format", "Set", "Kit"), "as {}"),
    "Edition": "in the {} edition",
    **dict.fromkeys(("Storage", "Memory", "Battery", "Pack"), "with {}"),
    **{one: f"with {{}} {one.lower()}" for one in ("Legs", "Lens", "Dial", "Strap", "Handle", "Layout", "Base", "Nib")},
    **{one: f"with {{}} {one.lower()}" for one in ("Firmness", "Strength", "Switches")},
    **dict.fromkeys(("Size", "Frame size", "Ring size", "Waist"), "in size {}"),
    "Model": "for {}",
    "Pieces": "with {} pieces",
    "Tubes": "with {} tubes",
}
_IN = frozenset(
    "Colour,Color,Size,Finish,Shade,Metal,Flavour,Language,Material,Length,Width,Diameter,Capacity,Waist,Frame size,"
    "Ring size,Pot size,Strength,Content".split(",")
)


def placed(option: str, value: str) -> str:
    """A choice as it stands behind the product: `in Blue`, `with 64 GB`, `as Paperback`."""
    if option == "Size" and (" " in value or len(value) > 3):
        return f"in {value}"
    return _PLACED.get(option, "in {}").format(value)


_SEVERAL = {
    "Pieces": "piece counts",
    "Bottle": "bottle sizes",
    "Model": "phone models",
    "Memory": "memory sizes",
    "Storage": "storage sizes",
    "Battery": "battery sizes",
    "Tubes": "tube counts",
    "Pack": "pack sizes",
    "Legs": "leg finishes",
    "Content": "sizes",
    "Firmness": "firmness levels",
    "Lens": "lens colours",
    "Cups": "cup sizes",
}


def _several(option: str) -> str:
    if option in _SEVERAL:
        return _SEVERAL[option]
    return words.spoken(f"{option}es" if option.endswith(("sh", "ch")) else plural(option))


def skus(rng: random.Random, item: Item) -> Iterator[Draft]:
    """By article number: what it is, its price, whether it is in stock."""
    shown = [v for v in item.variants if any(f"{v.sku}: " in piece.text for piece in item.pieces)]
    talk = Talk(rng, item)
    for variant in rng.sample(shown, min(2, len(shown))):
        chosen = choice(variant)
        slots = {
            "sku": variant.sku,
            "inof": f" ({chosen})" if chosen else "",
            "v": item.paid[variant.sku],
            "stock": stock_text(variant),
        }
        question = talk.question("sku.q", **slots)
        both = ("availability and" in question, "what is it" in question, question.startswith("what's"))
        must: tuple[tuple[str, ...], ...] = ((slots["v"],), (stock_text(variant),))
        if any(both):
            answer = talk.answer("sku.a", **slots)
        elif "stock" in question:
            name = "sku.no" if not variant.stock else "sku.sold" if variant.stock >= UNCOUNTED else "sku.yes"
            answer = talk.answer(name, **slots)
            must = (*(YES if variant.stock else NO), (stock_text(variant),))
        else:
            answer, must = talk.answer("sku.price.a", **slots), ((slots["v"],),)
        yield Draft(
            proof=(f"{variant.sku}: ",),
            kind="table",
            items=(item,),
            tags=("price", "stock"),
            question=question,
            answer=answer,
            decline=talk.rng.choice(_NO_SKU).replace("{sku}", variant.sku),
            must=must,
        )


_NO_SKU = (
    "I can't find {sku} in our lists, sorry. Shall I ask a colleague?",
    "I have no details on {sku}. A person from our team can look it up for you.",
    "Sorry, {sku} isn't among the articles that I know. Would you like to talk to someone from the team?",
    "There is nothing about {sku} in what I have. Should I connect you with a colleague?",
)
