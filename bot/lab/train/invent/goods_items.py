"""A product of an invented shop: its values, the pieces that the server would make of it, and where each fact stands.

The pieces are those of `knowledge.render`, as the server's; some shops write free prose instead. A fact is cut out of
them by taking out the lines (in prose: the sentences) that state it, everywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.lab.train.invent.goods import GoodsKind
from bot.lab.train.sample import Piece
from knowledge.passages import UNCOUNTED, Product, Variant


@dataclass(frozen=True, slots=True)
class Item:
    """A product as it can be asked about.

    Attributes:
        ref: How it stands in a sentence: `the Velora Kettle`, a title without an article.
        refs: Wordings that mean it and no other product of the shop.
        facts: Label → value, as its pieces spell them.
        traits: Trait → whether it holds, and the reason that the pieces give, or nothing.
        features: What it has and what it is said not to have, as `a lid`.
        units: Tag of a fact → the lines or sentences of the pieces that state it.
        paid: Variant's SKU → its price as the shop writes it; `was` the same before the sale.
    """

    product: Product
    kind: GoodsKind
    name: str
    ref: str
    refs: tuple[str, ...]
    facts: Mapping[str, str]
    traits: Mapping[str, tuple[bool, str]]
    features: Mapping[str, bool]
    pieces: tuple[Piece, ...]
    units: Mapping[str, tuple[str, ...]]
    paid: Mapping[str, str]
    was: Mapping[str, str]

    @property
    def variants(self) -> tuple[Variant, ...]:
        """What can be bought."""
        return self.product.variants

    def options(self) -> dict[str, list[str]]:
        """Option → its values, in order."""
        found: dict[str, list[str]] = {}
        for variant in self.variants:
            for name, value in variant.options.items():
                if value not in found.setdefault(name, []):
                    found[name].append(value)
        return found

    def stating(self, tags: Iterable[str], texts: Iterable[str] = ()) -> tuple[Piece, ...]:
        """The pieces that state the facts; one alone where one has all the texts."""
        units = self._units(tags)
        found = [piece for piece in self.pieces if any(unit in piece.text for unit in units)]
        for piece in found:
            if all(text.lower() in f"{piece.title}\n{piece.text}".lower() for text in texts):
                return (piece,)
        return tuple(found)

    def silent(self, tags: Iterable[str]) -> tuple[Piece, ...]:
        """The pieces without a word about the facts."""
        units = self._units(tags)
        return tuple(piece for piece in self.pieces if not any(unit in piece.text for unit in units))

    def without(self, piece: Piece, tags: Iterable[str]) -> Piece:
        """The piece without the facts."""
        text = piece.text
        for unit in sorted(self._units(tags), key=len, reverse=True):
            text = text.replace(unit, "")
        lines = (" ".join(line.split()) for line in text.split("\n"))
        return replace(piece, text="\n".join(line for line in lines if line))

    def _units(self, tags: Iterable[str]) -> list[str]:
        return [unit for tag in tags for unit in self.units.get(tag, ())]


def stock_text(variant: Variant) -> str:
    """As the pieces write a variant's stock."""
    if variant.stock >= UNCOUNTED:
        return "available"
    return f"{variant.stock} in stock" if variant.stock else "out of stock"


def choice(variant: Variant) -> str:
    """As the pieces write what is chosen with a variant: `L / Green`."""
    return " / ".join(variant.options.values())
