"""Which products fit the wishes that rule things out: checked on the fields of the products of now, never on prose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.shopping.traits import Traits, colour_of, sizes_of
from bot.shopping.vocabulary import Vocabulary
from bot.shopping.wishes import Bound, Wishes
from bot.shopping.wording import key
from knowledge.live import Live
from knowledge.passages import Product, Variant

_DEGREES = re.compile(r"temp|温", re.I)
_OF = {
    "g": re.compile("^weight$"),
    "ml": re.compile("^capacity$"),
    "°C": _DEGREES,
    "mm": re.compile(r"waterproof|防水", re.I),
}
"""What a figure in such a unit must be of."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A product that fits, and those of its variants that do, in its order; never none."""

    product: Product
    traits: Traits
    variants: tuple[Variant, ...]

    @property
    def cheapest(self) -> Variant:
        """Of the variants that fit and can be bought now, else of all that fit."""
        now = [variant for variant in self.variants if variant.stock > 0]
        return min(now or self.variants, key=lambda variant: variant.price)

    @property
    def available(self) -> bool:
        """Whether a variant that fits can be bought now."""
        return any(variant.stock > 0 for variant in self.variants)


def fitting(wishes: Wishes, words: Vocabulary, live: Live) -> list[Fit]:
    """Every product that fits, in the order of handles."""
    handles = _of_kind(wishes, words)
    found = (
        fit(product, words.traits[handle], wishes) for handle in sorted(handles) if (product := live.product(handle))
    )
    return [one for one in found if one]


def _of_kind(wishes: Wishes, words: Vocabulary) -> set[str]:
    wanted = set(words.traits)
    if wishes.kinds:
        wanted = set().union(*(words.handles(kind) for kind in wishes.kinds))
    return wanted.difference(*(words.handles(value) for field, value in _denied(wishes) if field == "kind"))


def fit(product: Product, traits: Traits, wishes: Wishes) -> Fit | None:
    """The product with its variants that fit; None when it does not. Its kind is not looked at."""
    if not all(holds(product, traits, wishes) for holds in _PRODUCT):
        return None
    variants = tuple(v for v in product.variants if all(holds(v, traits, wishes) for holds in _VARIANT))
    return Fit(product, traits, variants) if variants else None


def _denied(wishes: Wishes) -> Iterator[tuple[str, str]]:
    for denied in wishes.without:
        field, _, value = denied.partition("=")
        yield field, value


# Of the product as a whole


def _material(_: Product, traits: Traits, wishes: Wishes) -> bool:
    return not wishes.materials or bool(traits.materials.intersection(wishes.materials))


def _brand(product: Product, _: Traits, wishes: Wishes) -> bool:
    return not wishes.brands or product.brand in wishes.brands


def _gender(_: Product, traits: Traits, wishes: Wishes) -> bool:
    return not wishes.gender or traits.gender == wishes.gender


def _recipient(_: Product, traits: Traits, wishes: Wishes) -> bool:
    return not wishes.recipient or traits.gender in ("", "unisex", wishes.recipient)


def _tags(product: Product, _: Traits, wishes: Wishes) -> bool:
    return set(wishes.tags) <= set(product.tags)


def _bounded(_: Product, traits: Traits, wishes: Wishes) -> bool:
    return all(_holds(traits, bound) for bound in wishes.bounds)


def _holds(traits: Traits, bound: Bound) -> bool:
    figures = [m for m in traits.measures if m.base == bound.base and _is_of(m.of, bound.base)]
    if bound.base == "°C":
        # the first figure of a rating is the comfort temperature
        return bool(figures) and (bound.high is None or figures[0].low <= bound.high)
    if bound.base == "person" and bound.high is None:
        return any(bound.low is None or figure.high >= bound.low for figure in figures)
    return any(bound.holds(figure.low, figure.high) for figure in figures)


def _is_of(of: str, base: str) -> bool:
    """Whether a figure is of what such a wish is about: litres of capacity, grams of weight."""
    label = _OF.get(base)
    return label is None or bool(label.search(of))


def _nothing_denied(product: Product, traits: Traits, wishes: Wishes) -> bool:
    has = {
        "material": traits.materials,
        "brand": {product.brand},
        "gender": {traits.gender},
        "recipient": {traits.gender},
        "feature": traits.features,
        "tag": set(product.tags),
    }
    return not any(value in has.get(field, ()) for field, value in _denied(wishes))


_PRODUCT = (_material, _brand, _gender, _recipient, _tags, _bounded, _nothing_denied)


# Of a variant


def _price(variant: Variant, _: Traits, wishes: Wishes) -> bool:
    return wishes.price is None or wishes.price.holds(variant.price, variant.price)


def _size(variant: Variant, _: Traits, wishes: Wishes) -> bool:
    return not wishes.sizes or any(size_is(value, size) for value in sizes_of(variant) for size in wishes.sizes)


def size_is(value: str, wanted: str) -> bool:
    """Whether an option's value is the size wanted, or a double size that holds it (`s-m` holds `m`)."""
    return value == wanted or wanted in re.split(r"[-/]", value)


def _colour(variant: Variant, traits: Traits, wishes: Wishes) -> bool:
    return not wishes.colours or bool(_colours(variant, traits).intersection(wishes.colours))


def _colours(variant: Variant, traits: Traits) -> frozenset[str]:
    return traits.colours.get(key(colour_of(variant)), frozenset())


def _in_stock(variant: Variant, _: Traits, wishes: Wishes) -> bool:
    return not wishes.in_stock or variant.stock > 0


def _on_sale(variant: Variant, _: Traits, wishes: Wishes) -> bool:
    return not wishes.on_sale or is_reduced(variant)


def is_reduced(variant: Variant) -> bool:
    """Whether it costs less than before."""
    return variant.compare_at is not None and variant.compare_at > variant.price


def _variant_not_denied(variant: Variant, traits: Traits, wishes: Wishes) -> bool:
    colours, sizes = _colours(variant, traits), sizes_of(variant)
    return not any(
        (field == "colour" and value in colours) or (field == "size" and value in sizes)
        for field, value in _denied(wishes)
    )


_VARIANT = (_price, _size, _colour, _in_stock, _on_sale, _variant_not_denied)


def lowest(fits: list[Fit]) -> Decimal:
    """The lowest price among what fits.

    Raises:
        ValueError: Nothing fits.
    """
    return min(one.cheapest.price for one in fits)
