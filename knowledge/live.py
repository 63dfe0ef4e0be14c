"""Prices and stock that changed since the snapshot was built, over its products and passages. Pure.

A passage of a product is rendered anew from the product with its values of now, whole, so that whatever reads it (an
answer, a citation, the check of an answer) has the same figures. How the values get here is not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from knowledge import render
from knowledge.passages import Passage, Product, Variant


@dataclass(frozen=True, slots=True)
class Override:
    """A variant's values of now; None: as in the snapshot. The price is in the variant's own currency."""

    price: Decimal | None = None
    stock: int | None = None


@dataclass(frozen=True, slots=True)
class Live:
    """A snapshot's products with the values of one moment. `overrides` are by SKU."""

    products: Mapping[str, Product]
    overrides: Mapping[str, Override]

    def product(self, handle: str) -> Product | None:
        """The product as it is now; None for a handle that the snapshot does not have."""
        product = self.products.get(handle)
        if product is None or not self._changes(product):
            return product
        return replace(product, variants=tuple(self._variant(variant) for variant in product.variants))

    def passage(self, passage: Passage) -> Passage:
        """The passage with the figures of now: a product's is whole then, even if it was cut for the index."""
        product = self.products.get(passage.product or "")
        if product is None or not self._changes(product):
            return passage
        now = self.product(product.handle) or product
        return replace(passage, text=render.passages(now, passage.lang, _never)[0].text)

    def _changes(self, product: Product) -> bool:
        return any(variant.sku in self.overrides for variant in product.variants)

    def _variant(self, variant: Variant) -> Variant:
        override = self.overrides.get(variant.sku)
        if override is None:
            return variant
        price = variant.price if override.price is None else override.price
        stock = variant.stock if override.stock is None else override.stock
        was = variant.compare_at if variant.compare_at and variant.compare_at > price else None
        return replace(variant, price=price, stock=stock, compare_at=was)


def _never(_text: str) -> int:
    """Counts no tokens, so that nothing is cut."""
    return 0
