"""Product texts as some shops write them by hand: running sentences instead of labelled lines."""

import random
from collections.abc import Iterator

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.goods import traits
from bot.lab.train.invent.goods_items import Item
from knowledge.passages import UNCOUNTED
from knowledge.split import sentences


def written(rng: random.Random, item: Item, units: dict[str, list[str]]) -> tuple[str, dict[str, list[str]]]:
    """The text, and the sentences that state each fact."""
    found: dict[str, list[str]] = {tag: list(kept) for tag, kept in units.items()}
    told = [*_facts(rng, item), *_traits(item, units)]
    rng.shuffle(told)
    told += [*_money(rng, item), *_options(rng, item), *_stock(item)]
    parts = [sentence.strip() for sentence in sentences(item.product.words("en").description)]
    for tags, sentence in told:
        parts.append(sentence)
        for tag in tags:
            found.setdefault(tag, []).append(sentence)
    middle = rng.randint(2, max(2, len(parts) - 1))
    return " ".join(parts[:middle]) + rng.choice((" ", "\n")) + " ".join(parts[middle:]), found


def _facts(rng: random.Random, item: Item) -> Iterator[tuple[list[str], str]]:
    for label, value in item.facts.items():
        yield [f"fact:{label}"], stated(rng, item, label, value)


def stated(rng: random.Random, item: Item, label: str, value: str) -> str:
    """A sentence that states a fact, its value spelt as given."""
    known, usual = words.phrases_of(label), words.labels()["*"]
    flowing = not (value[:1].isupper() and value[1:2].islower() and not _named(label))
    chosen = rng.choice((known.stated if flowing else ()) or known.colon or _any(usual, label, flowing))
    spoken = words.spoken(label)
    values = {"n": item.ref, "v": value, "l": spoken, "L": label, "p": spoken.rpartition(" ")[0] or spoken}
    values["lis"] = words.agreeing(spoken)
    return words.capital(words.filled(chosen, item.kind.plural, values))


_BARE = frozenset(
    "Suitable for,Fits,Compatible with,Made in,In the box,Hardy down to,Keeps cold,Keeps hot,Heat-resistant up to,"
    "Best within,Drink until,Use".split(",")
)


def _any(usual: words.Phrases, label: str, flowing: bool) -> tuple[str, ...]:
    """What fits any label, its value in small letters or not; labels that are no nouns only lead a line."""
    if label in _BARE:
        return _LISTED[:4]
    return usual.stated if flowing else _LISTED


_LISTED = (
    "{L}: {v}.",
    "{N} - {l}: {v}.",
    "{N}, {l}: {v}.",
    "For {n} it says, {l}: {v}.",
    "For {n}, the {l} {lis} given like this: {v}.",
    "The {l} of {n}: {v}.",
    "This is what we list under {l}: {v}.",
    "The page says, under {l}: {v}.",
    "Here is the {l} of {n}: {v}.",
)
_NAMED = frozenset(
    "Author,Designer,Artist,Illustrator,Publisher,Country of origin,Made in,Origin,Region,Grape,Flowering time,Language,"
    "Compatible with,Operating system,Sowing time,Harvest,Type,Tuning,Standard".split(",")
)


def _named(label: str) -> bool:
    return label in _NAMED


def _traits(item: Item, units: dict[str, list[str]]) -> Iterator[tuple[list[str], str]]:
    for trait, (yes, why) in item.traits.items():
        if f"trait:{trait}" not in units:
            predicate = traits()[trait].holds if yes else traits()[trait].fails
            text = words.filled(f"{{It}} {predicate}", item.kind.plural, {})
            yield [f"trait:{trait}"], f"{text}, {why}." if why and yes else f"{text}{f' ({why})' if why else ''}."


def _money(rng: random.Random, item: Item) -> Iterator[tuple[list[str], str]]:
    prices = list(dict.fromkeys(item.paid[v.sku] for v in sorted(item.variants, key=lambda v: v.price)))
    values = {"n": item.ref, "v": prices[0], "low": prices[0], "high": prices[-1]}
    reduced = {item.was.get(variant.sku, "") for variant in item.variants}
    name = "price.a" if len(prices) == 1 else "price.span.a"
    if len(prices) == 1 and len(reduced) == 1 and "" not in reduced:
        name, values["was"] = "price.was.a", reduced.pop()
    yield ["price"], words.capital(words.filled(rng.choice(words.phrases()[name]), item.kind.plural, values))
    by = [name for name in item.options() if len(prices) > 1 and _decides(item, name)]
    for value in item.options()[by[0]] if by else ():
        price = next(item.paid[v.sku] for v in item.variants if v.options[by[0]] == value)
        yield ["price", f"option:{by[0]}"], f"{value} costs {price}."


def _decides(item: Item, option: str) -> bool:
    pairs = {(variant.options[option], variant.price) for variant in item.variants}
    return len(pairs) == len(item.options()[option])


def _options(rng: random.Random, item: Item) -> Iterator[tuple[list[str], str]]:
    for option, values in item.options().items():
        text = rng.choice(("{It} {come} in {v}.", "You can choose between {v}.", "{L}: {v}."))
        slots = {"v": words.joined(values), "L": plural(option)}
        yield [f"option:{option}"], words.filled(text, item.kind.plural, slots)


def plural(option: str) -> str:
    """As the pieces name an option with several values: `Size` is `Sizes`."""
    if option.endswith("y") and option[-2:-1] not in "aeiou":
        return f"{option[:-1]}ies"
    return option if option.endswith("s") else f"{option}s"


def _stock(item: Item) -> Iterator[tuple[list[str], str]]:
    if len(item.options()) > 1:
        return
    tags = ["stock", *(f"option:{option}" for option in item.options())]
    for variant in item.variants:
        name = " / ".join(variant.options.values())
        if variant.stock >= UNCOUNTED:
            yield tags, f"{name} is available." if name else "Available now."
        elif not variant.stock:
            yield tags, f"{name} is out of stock." if name else "Out of stock at the moment."
        else:
            yield tags, f"{name}: {variant.stock} in stock." if name else f"{variant.stock} in stock."
