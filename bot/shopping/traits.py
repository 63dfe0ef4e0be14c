"""What wishes ask about a product, read off its structured fields: kinds, colours, sizes, materials, whom it is for.

Never from prose: a description that says "not as heavy as leather" makes nothing of leather. Prices and stock, which
change, are not here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.quantities import Amount, amounts, plain
from bot.shopping import lexicon
from bot.shopping.wording import joined, key, phrases, readable, singular, tokens
from knowledge.passages import Product, Variant, Wording

_COLOUR_OPTIONS = frozenset({"colour", "color", "颜色", "色彩"})
_MATERIAL = re.compile(
    r"material|fabric|insulation|fill|lining|upper|shell|composition|材料|材质|面料|里料|填充|成分", re.I
)
_FOR = re.compile(r"fit|gender|audience|version|版型|适用|性别|人群", re.I)
_WATERPROOF = re.compile(r"waterproof|防水", re.I)
_RAIN_MM = 1500
"""Hydrostatic head from which a fabric is called waterproof in the trade (ISO 811 figures of makers)."""
_CAPACITY = re.compile(r"capacity|volume|sleeps|容量|人数|容积", re.I)
_PERSONS = re.compile(r"(?<!\d)(\d{1,2})(?: ?[-~] ?(\d{1,2}))? ?(?:people|persons?|adults?|人)(?!造|工)", re.I)
_BESIDE = re.compile(r"\b(?:plus|with|and a)\b|\+|另加|附", re.I)
_ACCESSORY = re.compile(r"^(?:accessory|spare|replacement)\b", re.I)
_PART = re.compile(r"\s*(?:&|/|,|\band\b|、|与|和|及)\s*")
_TAIL = re.compile(r"(?:[,(].*|\b\d+(?:\.\d+)? ?(?:l|ml|cm|g|oz|w|m|in)?|[x×]|\bset|\bpair|\bpack of)\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measured fact: how much, in which base unit, and what it is of (`capacity`, `weight` or the fact's label)."""

    base: str
    low: Decimal
    high: Decimal
    of: str


@dataclass(frozen=True, slots=True)
class Traits:
    """What wishes ask about.

    Attributes:
        kinds: What it is, by names of `lexicon.NOUNS` or by the shop's own words.
        colours: By the variant's own word for it, folded: the families of `lexicon.COLOURS` that it belongs to.
        colour_names: Every word for its colours, in each language, folded.
        sizes: Values of its other options, folded, in the catalogue's order.
        materials: Names of `lexicon.MATERIALS`.
        gender: `women`, `men`, `kids`, `unisex`, or empty when nothing says.
        features: Names of `lexicon.FEATURES` that its tags or facts bear.
        measures: Its figures.
        spare: It belongs to something else: an accessory or a replacement.
    """

    kinds: frozenset[str]
    colours: Mapping[str, frozenset[str]]
    colour_names: frozenset[str]
    sizes: tuple[str, ...]
    materials: frozenset[str]
    gender: str
    features: frozenset[str]
    measures: tuple[Measure, ...]
    spare: bool


def traits(product: Product) -> Traits:
    """The product's traits."""
    colours = {key(value): _families(product, value) for value in _values(product, colour=True)}
    worded = {key(w.options.get(v, v)) for w in product.wording.values() for v in _values(product, colour=True)}
    spare = any(_ACCESSORY.match(tag) for tag in product.tags)
    return Traits(
        kinds=frozenset(_kinds(product, spare)),
        colours=colours,
        colour_names=frozenset({*colours, *worded} - {""}),
        sizes=tuple(dict.fromkeys(map(readable, _values(product, colour=False)))),
        materials=_named(lexicon.MATERIALS, _texts(product, _MATERIAL)),
        gender=_gender(product),
        features=_named(lexicon.FEATURES, _bearing(product)),
        measures=tuple(_measures(product)),
        spare=spare,
    )


def colour_of(variant: Variant) -> str:
    """The variant's colour in the catalogue's own word; empty when it has none."""
    return next((value for name, value in variant.options.items() if name.lower() in _COLOUR_OPTIONS), "")


def sizes_of(variant: Variant) -> tuple[str, ...]:
    """The variant's other choices, folded."""
    return tuple(readable(value) for name, value in variant.options.items() if name.lower() not in _COLOUR_OPTIONS)


def _values(product: Product, *, colour: bool) -> Iterator[str]:
    for variant in product.variants:
        for name, value in variant.options.items():
            if (name.lower() in _COLOUR_OPTIONS) == colour:
                yield value


def _families(product: Product, value: str) -> frozenset[str]:
    """Families that a colour belongs to, by its words in every language, as 墨蓝 is a blue whatever `Ink` may be."""
    said = [value, *(words.options[value] for words in product.wording.values() if value in words.options)]
    return frozenset(
        family for family, names in lexicon.COLOURS.items() for text in said if _speaks_of(text, names)
    ) | {key(text) for text in said}


def _speaks_of(text: str, names: Iterable[str]) -> bool:
    clean = readable(text)
    return next(phrases(clean, {key(name) for name in names}), None) is not None


def _facts(product: Product) -> Iterator[tuple[str, str]]:
    for words in product.wording.values():
        yield from words.facts.items()


def _texts(product: Product, label: "re.Pattern[str]") -> list[str]:
    """Values of the facts that such a label stands before, and the tags."""
    return [*(value for name, value in _facts(product) if label.search(name)), *product.tags]


def _bearing(product: Product) -> list[str]:
    """Everything structured that tells what a thing is good for."""
    sizes = _values(product, colour=False)
    facts = [(name, value) for name, value in _facts(product) if not _MATERIAL.search(name)]
    sealed = ["waterproof" for name, value in facts if _WATERPROOF.search(name) and _keeps_out(value)]
    return [*product.tags, *(value for _, value in facts), *sealed, *sizes]


def _keeps_out(value: str) -> bool:
    """Whether a rating is one of what keeps rain out: 1,500 mm of water, or IPX5 and above."""
    rated = any(a.base == "mm" and a.high >= _RAIN_MM for a in _amounts(value))
    return rated or bool(re.search(r"ipx[5-9]", value, re.I))


def _named(groups: Mapping[str, Sequence[str]], texts: Sequence[str]) -> frozenset[str]:
    """Names of the groups of which a word stands in the texts."""
    whole = readable("; ".join(texts))
    return frozenset(name for name, words in groups.items() if _stands(whole, words))


def _stands(text: str, words: Iterable[str]) -> bool:
    run = f" {joined([singular(token.text) for token in tokens(text)])} "
    return any(found in run if found >= "\u3400" else f" {found} " in run for found in map(key, words) if found)


def _gender(product: Product) -> str:
    """Whom it is made for: by its tags, else by a fact such as its fit, else by its name."""
    names = [words.name for words in product.wording.values()]
    for texts in (product.tags, [v for n, v in _facts(product) if _FOR.search(n)], names):
        found = _named(_GENDERS, list(texts))
        if "unisex" in found or {"women", "men"} <= found:
            return "unisex"
        if found:
            return next(gender for gender in ("kids", "women", "men") if gender in found)
    return ""


_GENDERS = {
    name: [word for word in words if len(word) > 1 or word < "\u3400"] for name, words in lexicon.GENDERS.items()
}


def _measures(product: Product) -> Iterator[Measure]:
    if product.weight_g:
        yield Measure("g", Decimal(product.weight_g), Decimal(product.weight_g), "weight")
    for name, value in _facts(product):
        of = "capacity" if _CAPACITY.search(name) else name
        yield from _people(value) if of == "capacity" else ()
        for amount in _amounts(_BESIDE.split(value)[0] if of == "capacity" else value):
            if amount.kind == "measure":
                yield Measure(amount.base, amount.low, amount.high, of)
    for value in dict.fromkeys(_values(product, colour=False)):
        yield from (Measure(a.base, a.low, a.high, "capacity") for a in _amounts(value) if a.base == "ml")


def _people(text: str) -> Iterator[Measure]:
    for found in _PERSONS.finditer(readable(text)):
        yield Measure("person", Decimal(found[1]), Decimal(found[2] or found[1]), "capacity")


def _amounts(text: str) -> list[Amount]:
    return amounts(plain(text))


# What kind of thing it is


def _kinds(product: Product, spare: bool) -> Iterator[str]:
    """By the end of its name, and by its category unless its name says that it is something else."""
    heads = {kind for words in product.wording.values() for kind in _heads(words)}
    yield from heads
    yield from (kind for tag in product.tags if (kind := _GROUP.get(key(tag), "")) and _narrows(kind, heads))
    for words in product.wording.values():
        parts = [part for part in (key(part) for part in _PART.split(readable(words.category))) if part]
        named = {_GROUP.get(part, part) for part in parts}
        if len(named) > 1:
            yield product_category(product)
            yield from (kind for kind in named if any(_within(head, kind) for head in heads))
        elif not named & _KNOWN:
            yield product_category(product)
        elif not spare and _goes_with(heads, named):
            yield from named


def product_category(product: Product) -> str:
    """The name of the shop's own kind that its category makes: one for all languages."""
    return key(product.words("en").category)


def _goes_with(heads: set[str], named: set[str]) -> bool:
    return not heads or any(_within(a, b) or _within(b, a) for a in heads for b in named)


def _narrows(kind: str, heads: set[str]) -> bool:
    return any(kind != head and _within(kind, head) for head in heads)


def _within(kind: str, wider: str) -> bool:
    return kind == wider or any(_within(kind, narrower) for narrower in lexicon.BROADER.get(wider, ()))


def _heads(words: Wording) -> Iterator[str]:
    """The kinds that a name ends with: `Larch Pro Jacket` is a jacket, `Tent Pegs, Set of 8` are pegs."""
    name = readable(words.name)
    while (shorter := _TAIL.sub("", name).strip()) != name and shorter:
        name = shorter
    run = [singular(token.text) for token in tokens(name)]
    for size in range(min(len(run), 8), 0, -1):
        if found := _GROUP.get(joined(run[-size:])):
            yield found
            return
    if len(run) > 1 and any(run[-1] in words for words in lexicon.MATERIALS.values()):
        yield from _heads(replace(words, name=words.name.rsplit(" ", 1)[0]))


_GROUP = {key(word): name for name, words in lexicon.NOUNS.items() for word in words}
_KNOWN = frozenset(lexicon.NOUNS)
