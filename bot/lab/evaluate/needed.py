"""Labelled wishes: a predicate over the raw fields of products says which would be right.

How wishes are read is not known here.

A label's keys: `category`, `name`, `not_name` (patterns over the English words), `tag`, `not_tag`, `brand`, `fact`,
`not_fact` (label pattern → value pattern), `gender`, `not_gender`, `people`, `litres`, `weight`, `comfort` (spans), and
of one and the same variant `price`, `size`, `colour`, `not_colour`, `stock`, `sale`. `best` names what must come first.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import BadSettings
from knowledge.passages import Product, Variant

Label = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Need:
    """A message, and what would be right to show for it. `half` is `tune`, `test` or `clean`."""

    half: str
    lang: str
    text: str
    label: Label

    def right(self, products: Sequence[Product]) -> frozenset[str]:
        """Handles of all products that would be right."""
        return frozenset(product.handle for product in products if fits(product, self.label))


def needs(path: Path) -> tuple[Need, ...]:
    """The labelled wishes of a file.

    Raises:
        BadSettings: There is no such file.
    """
    if not path.is_file():
        raise BadSettings(f"found no {path}, wanted labelled wishes: run this in a checkout")
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return tuple(Need(row["half"], row["lang"], row["text"], row["right"]) for row in rows)


def fits(product: Product, label: Label) -> bool:
    """Whether the product itself, and one of its variants, has everything that the label says."""
    whole = all(test(product, label[name]) for name, test in _WHOLE.items() if name in label)
    return whole and bool(variants(product, label))


def variants(product: Product, label: Label) -> list[Variant]:
    """The variants that have everything that the label says of variants."""
    tests = [(test, label[name]) for name, test in _VARIANT.items() if name in label]
    return [variant for variant in product.variants if all(test(variant, wanted) for test, wanted in tests)]


def first(shown: Sequence[Product], right: Sequence[Product], label: Label) -> bool:
    """Whether what is shown first is the best of all that would be right and can be bought, ties aside."""
    if "best" not in label:
        return True
    what, way = label["best"]
    sold = [product for product in right if any(variant.stock > 0 for variant in variants(product, label))]
    figures = [_FIGURES[what](product, label) for product in sold or right]
    best = (min if way == "min" else max)(figures)
    return bool(shown) and _FIGURES[what](shown[0], label) == best


def _search(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


def _has_fact(product: Product, wanted: Mapping[str, str]) -> bool:
    facts = product.words("en").facts.items()
    return all(
        any(_search(label, name) and _search(value, said) for name, said in facts) for label, value in wanted.items()
    )


def _gender(product: Product) -> str:
    """By the tags alone."""
    return next((name for name in ("women", "men", "kids", "unisex") if name in product.tags), "")


def _fact(product: Product, label: str) -> str:
    return next((value for name, value in product.words("en").facts.items() if _search(label, name)), "")


def _people(product: Product) -> float | None:
    found = re.match(r"(\d+) (?:people|person)", _fact(product, "^Capacity"))
    return float(found[1]) if found else None


def _litres(product: Product) -> list[float]:
    """Litres of capacity, with those that variants are named by; what is added to them ("plus 10 L") left out."""
    said = [
        _fact(product, "^Capacity").split(" plus")[0],
        *(v for one in product.variants for v in one.options.values()),
    ]
    found = (m for text in said for m in re.finditer(r"(\d+(?:\.\d+)?) (L|ml)\b", text))
    return [float(m[1]) / (1000 if m[2] == "ml" else 1) for m in found]


def _coldest(product: Product, _: Label) -> float:
    comfort = _comfort(product)
    return 99.0 if comfort is None else comfort


def _comfort(product: Product) -> float | None:
    found = re.search(r"Comfort (?:to )?(-?\d+) °C", _fact(product, "^Temperature"))
    return float(found[1]) if found else None


def _within(figure: float | None, span: Sequence[float | None]) -> bool:
    low, high = span
    return figure is not None and (low is None or figure >= low) and (high is None or figure <= high)


_WHOLE: Mapping[str, Callable[[Product, Any], bool]] = {
    "category": lambda p, pattern: _search(pattern, p.words("en").category),
    "name": lambda p, pattern: _search(pattern, p.words("en").name),
    "not_name": lambda p, pattern: not _search(pattern, p.words("en").name),
    "tag": lambda p, tags: set(tags) <= set(p.tags),
    "not_tag": lambda p, tags: not set(tags) & set(p.tags),
    "brand": lambda p, brand: p.brand == brand,
    "fact": _has_fact,
    "not_fact": lambda p, facts: not _has_fact(p, facts),
    "gender": lambda p, gender: _gender(p) == gender,
    "not_gender": lambda p, genders: not _search(f"^(?:{genders})$", _gender(p)),
    "people": lambda p, span: _within(_people(p), span),
    "litres": lambda p, span: any(_within(litres, span) for litres in _litres(p)),
    "weight": lambda p, span: _within(p.weight_g, span),
    "comfort": lambda p, span: _within(_comfort(p), span),
}
_VARIANT: Mapping[str, Callable[[Variant, Any], bool]] = {
    "price": lambda v, span: _within(float(v.price), span),
    "size": lambda v, sizes: any(
        size == value or size in value.split("-") for value in v.options.values() for size in sizes
    ),
    "colour": lambda v, pattern: _search(pattern, v.options.get("Colour", "")),
    "not_colour": lambda v, pattern: not _search(pattern, v.options.get("Colour", "")),
    "stock": lambda v, wanted: (v.stock > 0) == wanted,
    "sale": lambda v, wanted: (v.compare_at is not None and v.compare_at > v.price) == wanted,
}
_FIGURES: Mapping[str, Callable[[Product, Label], float]] = {
    "price": lambda p, label: min(float(v.price) for v in variants(p, label) or p.variants),
    "weight": lambda p, _: float(p.weight_g or 0),
    "comfort": _coldest,
    "litres": lambda p, _: max(_litres(p), default=0.0),
}
