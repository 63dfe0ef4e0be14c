"""Fills the shelves of an invented shop: products with variants, prices, stock and facts, and their pieces."""

import random
import re
from collections.abc import Iterator, Mapping

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.goods import GoodsKind, drawn, kinds, traits, values_of
from bot.lab.train.invent.goods_items import Item
from bot.lab.train.invent.goods_names import names, word
from bot.lab.train.invent.goods_pieces import in_prose, rendered
from bot.lab.train.invent.goods_variants import Style, style, variants
from bot.lab.train.invent.shop import Shop
from knowledge.passages import Origin, Product, Wording

_ORIGIN = Origin("invented", 0)


def filled(rng: random.Random, shop: Shop) -> tuple[Item, ...]:
    """Nine to fourteen products of three to four kinds, each kind with products that are easily mistaken."""
    habits = style(rng, shop)
    chosen = list(kinds()[shop.trade])
    rng.shuffle(chosen)
    drafts = [
        (kind, name) for kind in chosen[: rng.randint(3, 4)] for name in names(rng, kind, rng.choice((2, 3, 3, 4, 4)))
    ]
    taken = [f"{name} {kind.noun}" for kind, name in drafts]
    return tuple(_item(rng, habits, kind, name, taken) for kind, name in drafts)


def _item(rng: random.Random, habits: Style, kind: GoodsKind, name: str, taken: list[str]) -> Item:
    facts = _facts(rng, habits, kind)
    told = {trait: _told(rng, trait) for trait in kind.traits if rng.random() < 0.75}
    features = {one: rng.random() < 0.47 for one in kind.features if rng.random() < 0.6}
    units: dict[str, list[str]] = {}
    sentences = list(_sentences(rng, kind, told, features, units))
    apart = {trait: value for trait, value in told.items() if f"trait:{trait}" not in units}
    lines = list({**facts, **_as_lines(rng, habits, apart)}.items())
    rng.shuffle(lines)
    sold = variants(rng, habits, kind)
    product = Product(
        handle=re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"),
        wording={"en": Wording(name, " ".join([_opening(rng, kind), *sentences]), _category(rng, kind), dict(lines))},
        brand=word(rng) if rng.random() < 0.5 else "",
        variants=sold,
        origin=_ORIGIN,
    )
    paid = {one.sku: habits.money(int(one.price * 100)) for one in sold}
    was = {one.sku: habits.money(int(one.compare_at * 100)) for one in sold if one.compare_at}
    ref = name if name.startswith(("The ", "A ", "An ")) or kind.names == ("{title}",) else f"the {name}"
    item = Item(product, kind, name, ref, _refs(ref, name, kind, taken), facts, told, features, (), {}, paid, was)
    return in_prose(rng, item, units) if habits.prose else rendered(item, units)


def _told(rng: random.Random, name: str) -> tuple[bool, str]:
    """Whether a trait holds, and for more than half why."""
    yes, trait = rng.random() < 0.48, traits()[name]
    return yes, (trait.because if yes else trait.because_not) if rng.random() < 0.6 else ""


def _as_lines(rng: random.Random, habits: Style, told: Mapping[str, tuple[bool, str]]) -> dict[str, str]:
    """Traits as labelled lines: `Waterproof: no, only splash-resistant`."""
    found = {}
    for name, (yes, why) in told.items():
        more = f"{rng.choice((', ', ' - ', ': '))}{why}" if why else ""
        found[traits()[name].label] = _cased(habits, f"{'yes' if yes else 'no'}{more}")
    return found


def _refs(ref: str, name: str, kind: GoodsKind, taken: list[str]) -> tuple[str, ...]:
    """The whole name thrice, and shorter ones that no other product of the shop answers to."""
    found = [ref, ref, ref]
    if ref == name:
        return (*found, f"“{name}”", f'"{name}"', *(() if kind.noun in name.lower() else (f"the {kind.noun} {name}",)))
    found += [f"your {name}", name, f"this {name}" if not kind.plural else f"these {name}"]
    noun = kind.noun.lower().split()
    own = [part for part in name.split() if part.lower() not in noun]
    shorts = [noun, own, [*own[:1], *noun], [*own[-1:], *noun], noun[-1:]]
    if own and not own[0][0].isdigit():
        shorts.append(own[:1])
    for short in shorts:
        wanted = {part.lower() for part in short}
        others = [
            one
            for one in taken
            if one != f"{name} {kind.noun}" and wanted <= set(re.split(r"[ -]", one.lower())) | set(one.lower().split())
        ]
        if not others and 0 < len(short) < len(name.split()):
            found.append(f"the {' '.join(short)}")
    return tuple(found)


def _facts(rng: random.Random, style: Style, kind: GoodsKind) -> dict[str, str]:
    """Most of the facts that the kind may have, spelt as the shop does."""
    found = {}
    for label, patterns in kind.facts.items():
        if rng.random() < 0.78:
            found[label] = _cased(style, drawn(rng, _pattern(rng, patterns)))
    if kind.weight and rng.random() < 0.75:
        found["Weight"] = _weight(style, rng.randint(*kind.weight))
    return found


def _pattern(rng: random.Random, patterns: tuple[str, ...]) -> str:
    pattern = rng.choice(patterns)
    if re.fullmatch(r"@\w+", pattern) and pattern != "@person":
        return rng.choice(values_of(pattern))
    return pattern


def _weight(style: Style, grams: int) -> str:
    if grams < 1000:
        return f"{grams} g"
    return f"{grams // 10 * 10:,} g" if style.grams and grams < 20000 else f"{grams / 1000:.1f} kg"


def _cased(style: Style, value: str) -> str:
    return words.capital(value) if style.capitals else value


def _category(rng: random.Random, kind: GoodsKind) -> str:
    if rng.random() < 0.4:
        return ""
    return rng.choice((words.capital(kind.trade), f"{words.capital(kind.trade)} > {words.capital(kind.noun)}"))


def _opening(rng: random.Random, kind: GoodsKind) -> str:
    adjective = rng.choice(
        ("carefully made", "popular", "well-thought-out", "simple", "beautiful", "practical", "new", "classic", "handy")
    )
    article = ("A " if kind.countable else "") if not kind.plural else ""
    use = rng.choice(kind.uses)
    options = (
        f"{article}{adjective} {kind.noun} for {use}.",
        f"Made for {use}.",
        f"Our choice for {use}.",
        f"{'These are' if kind.plural else 'This is'} what we recommend for {use}.",
        f"{article}{adjective} {kind.noun}, designed with {use} in mind.",
    )
    return words.capital(rng.choice(options))


def _sentences(
    rng: random.Random,
    kind: GoodsKind,
    told: Mapping[str, tuple[bool, str]],
    features: Mapping[str, bool],
    units: dict[str, list[str]],
) -> Iterator[str]:
    """Sentences on features and on some traits; each is kept in `units` under its tag."""
    found: list[tuple[str, str]] = []
    for feature, has in features.items():
        template = rng.choice(_HAS if has else _LACKS)
        found.append(
            (f"feature:{feature}", words.filled(template, kind.plural, {"x": feature, "none": _none(feature)}))
        )
    for trait, (yes, why) in told.items():
        if rng.random() < 0.3:
            predicate = traits()[trait].holds if yes else traits()[trait].fails
            text = words.filled(f"{{It}} {predicate}", kind.plural, {})
            found.append((f"trait:{trait}", f"{text}{f' ({why})' if why else ''}."))
    rng.shuffle(found)
    for tag, sentence in found:
        units.setdefault(tag, []).append(sentence)
        yield sentence


_HAS = ("{It} {come} with {x}.", "{It} {has} {x}.", "{It} {has} {x} too.", "With {x}.", "{It} also {has} {x}.")
_LACKS = (
    "{It} {do} not have {x}.",
    "{It} {come} without {x}.",
    "{It} {has} no {none}.",
    "Please note: {it} {come} without {x}.",
)


def _none(feature: str) -> str:
    return re.sub(r"^(?:an?|the) ", "", feature)
