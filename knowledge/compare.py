"""What differs between two states of the knowledge: entries, prices and stock. Pure.

Entries are compared as a shopper reads them, whole and without regard to where the index cuts them, so that another
encoder alone changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from knowledge.passages import Passage, Product


@dataclass(frozen=True, slots=True)
class Named:
    """An entry in one language: its id, as `faq:return-window:en`, and title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Change:
    """A variant's value before and after; prices with two decimals at least, as they stand in the source."""

    sku: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences, each list in the order of ids."""

    added: tuple[Named, ...] = ()
    changed: tuple[Named, ...] = ()
    removed: tuple[Named, ...] = ()
    prices: tuple[Change, ...] = ()
    stock: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.changed or self.removed or self.prices or self.stock)


@dataclass(slots=True)
class Whole:
    """An entry in one language, put together from its passages. `text` has no white space: cutting loses only that."""

    title: str
    questions: tuple[str, ...]
    url: str
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """As above."""
        return "".join("".join(self.parts).split())

    def same(self, other: "Whole") -> bool:
        """Whether a shopper would read the same."""
        return (self.title, self.questions, self.url, self.text) == (
            other.title,
            other.questions,
            other.url,
            other.text,
        )


def wholes(passages: Iterable[Passage]) -> dict[str, Whole]:
    """Entries by `entry:lang`. Pieces of an entry may come in any order; they are joined in the order of the text."""
    found: dict[str, Whole] = {}
    for passage in sorted(passages, key=_place):
        id_ = f"{passage.entry}:{passage.lang}"
        whole = found.setdefault(id_, Whole(passage.title, passage.questions, passage.url))
        whole.parts.append(passage.text)
    return found


def compare(
    old: Mapping[str, Whole], new: Mapping[str, Whole], products: tuple[Iterable[Product], Iterable[Product]]
) -> Diff:
    """What differs; `products` are the old ones and the new ones."""
    before, after = (_variants(some) for some in products)
    both = sorted(before.keys() & after.keys())
    return Diff(
        added=tuple(Named(id_, new[id_].title) for id_ in sorted(new.keys() - old.keys())),
        changed=tuple(Named(i, new[i].title) for i in sorted(new.keys() & old.keys()) if not new[i].same(old[i])),
        removed=tuple(Named(id_, old[id_].title) for id_ in sorted(old.keys() - new.keys())),
        prices=tuple(Change(s, *map(str, p)) for s in both if (p := (before[s][0], after[s][0]))[0] != p[1]),
        stock=tuple(Change(s, *map(str, n)) for s in both if (n := (before[s][1], after[s][1]))[0] != n[1]),
    )


def _variants(products: Iterable[Product]) -> dict[str, tuple[Decimal, int]]:
    return {v.sku: (v.price, v.stock) for product in products for v in product.variants if v.sku}


def _place(passage: Passage) -> tuple[str, bool, int]:
    """Where a piece stands in its entry: `…:en`, `…:en/2`, …, then `…:en/variants`, `…:en/variants/2`."""
    rest = passage.id.removeprefix(f"{passage.entry}:{passage.lang}")
    number = rest.rpartition("/")[2]
    return passage.entry, "/variants" in rest, int(number) if number.isdigit() else 1
