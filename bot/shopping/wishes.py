"""What a shopper looks for, as a value: kept in the live state between turns, refined, relaxed one wish at a time.

How wishes are read from words is not known here (`reading.py`), nor how they are held against products (`filters.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure wished for. `base` is a unit's (`ml`, `g`, `person`, …), `money` for prices; None: open on that side.

    A bound that is `near` was said as "about".
    """

    base: str
    low: Decimal | None = None
    high: Decimal | None = None

    def holds(self, low: Decimal, high: Decimal) -> bool:
        """Whether a figure from `low` to `high` lies within."""
        return (self.low is None or low >= self.low) and (self.high is None or high <= self.high)

    def written(self) -> str:
        """As `ml:40000..60000`."""
        ends = ("" if end is None else f"{end:f}" for end in (self.low, self.high))
        return f"{self.base}:{'..'.join(ends)}"

    @classmethod
    def of(cls, text: str) -> "Bound":
        """The bound that `written` wrote.

        Raises:
            ValueError: It is no such text.
        """
        base, _, span = text.partition(":")
        low, dots, high = span.partition("..")
        if not dots:
            raise ValueError(f"got the bound {text!r}, wanted base:low..high")
        return cls(base, Decimal(low) if low else None, Decimal(high) if high else None)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is looked for. Of the values of one field any will do; all fields together must hold.

    Attributes:
        kinds: What kind of thing, by the vocabulary's names.
        price: In the shop's currency.
        sizes: Folded, as `l` or `us 9`.
        colours: Families, or a colour of the catalogue in its own word, folded.
        gender: Made for `women`, `men`, `kids`, `unisex`; empty when not said.
        recipient: A present for `women`, `men` or `kids`: not made for others.
        tags: The shop's own tags, all of which must be there.
        in_stock: Only what can be bought now.
        on_sale: Only what is reduced.
        bounds: Other figures, one for each base.
        without: `field=value` that must not hold, as `material=leather`.
        features: What it should be like or good for; ranks, and rules nothing out.
        order: `cheap`, `dear`, `light`, `heavy`, `rated`, `large`, `small`, `warm`, `bright`; empty: by fit.
        words: What else was said of it, for the search by meaning.
    """

    kinds: tuple[str, ...] = ()
    price: Bound | None = None
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    gender: str = ""
    recipient: str = ""
    tags: tuple[str, ...] = ()
    in_stock: bool = False
    on_sale: bool = False
    bounds: tuple[Bound, ...] = ()
    without: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    order: str = ""
    words: str = ""

    def pairs(self) -> Pairs:
        """As kept in the live state; empty fields are left out."""
        return tuple((name, text) for name, text in self._texts() if text)

    def _texts(self) -> Iterator[tuple[str, str]]:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool):
                yield field.name, "yes" if value else ""
            elif isinstance(value, Bound):
                yield field.name, value.written()
            elif isinstance(value, tuple):
                yield field.name, "|".join(v.written() if isinstance(v, Bound) else v for v in value)
            else:
                yield field.name, value or ""

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Wishes":
        """The wishes that `pairs` wrote; names that are none and values that cannot be read are left out."""
        known = dict(pairs)
        price = _bounds(known.get("price", ""))
        return cls(
            price=price[0] if price else None,
            bounds=_bounds(known.get("bounds", "")),
            in_stock=known.get("in_stock") == "yes",
            on_sale=known.get("on_sale") == "yes",
            **_texts(known),
        )

    @property
    def hard(self) -> tuple[str, ...]:
        """Names of the fields that rule products out, in the order in which they are given up."""
        return tuple(name for name in HARD if getattr(self, name))

    def drop(self, *names: str) -> "Wishes":
        """Without these fields. Without `gender`, what is made for the others stays out."""
        empty = Wishes()
        kept: dict[str, Any] = {name: getattr(empty, name) for name in names}
        if "gender" in names and "recipient" not in names and self.gender != "unisex":
            kept["recipient"] = self.recipient or self.gender
        return replace(self, **kept)

    def refined(self, newer: "Wishes") -> "Wishes":
        """These wishes with those of a later message: what it says again replaces what was said."""
        said: dict[str, Any] = {name: value for name, value in _items(newer) if value}
        bounds = {bound.base: bound for bound in (*self.bounds, *newer.bounds)}
        joined: dict[str, Any] = {
            "bounds": tuple(bounds.values()),
            "without": _union(self._still_without(newer), newer.without),
            "features": _union(self.features, newer.features),
            "tags": _union(self.tags, newer.tags),
            "words": newer.words or self.words,
        }
        kept = self._unless_denied(newer)
        return replace(kept, **{**said, **joined})

    def _still_without(self, newer: "Wishes") -> tuple[str, ...]:
        """What must not hold, unless it is now wished for."""
        wanted = {f"{one}={value}" for one, name in DENIABLE.items() for value in _many(getattr(newer, name))}
        return tuple(denied for denied in self.without if denied not in wanted)

    def _unless_denied(self, newer: "Wishes") -> "Wishes":
        denied = set(newer.without)
        kept: dict[str, Any] = {}
        for one, name in DENIABLE.items():
            value = getattr(self, name)
            if isinstance(value, tuple):
                kept[name] = tuple(v for v in value if f"{one}={v}" not in denied)
            elif f"{one}={value}" in denied:
                kept[name] = ""
        return replace(self, **kept)


DENIABLE: Mapping[str, str] = {
    "kind": "kinds",
    "colour": "colours",
    "material": "materials",
    "brand": "brands",
    "gender": "gender",
    "feature": "features",
    "tag": "tags",
    "size": "sizes",
}
"""What can be said not to be wanted, and the field that it is wished for by."""

HARD = (
    *("tags", "colours", "brands", "in_stock", "on_sale", "bounds", "materials", "sizes", "gender", "recipient"),
    *("price", "without", "kinds"),
)
_LISTS = ("kinds", "sizes", "colours", "materials", "brands", "tags", "without", "features")
_WORDS = ("gender", "recipient", "order", "words")


def _texts(known: Mapping[str, str]) -> dict[str, Any]:
    return {name: _split(known, name) for name in _LISTS} | {name: known.get(name, "") for name in _WORDS}


def _items(wishes: Wishes) -> Iterator[tuple[str, object]]:
    return ((field.name, getattr(wishes, field.name)) for field in fields(wishes))


def _many(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _split(known: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, known.get(name, "").split("|")))


def _bounds(text: str) -> tuple[Bound, ...]:
    out = []
    for part in filter(None, text.split("|")):
        try:
            out.append(Bound.of(part))
        except (ValueError, ArithmeticError):
            continue
    return tuple(out)


def _union(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*some, *others)))
