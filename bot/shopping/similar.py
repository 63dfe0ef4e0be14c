"""Products that are like another: of the same kind, for the same people, with the most in common. Pure.

The kind is the shop's own category in one of its languages; what they have in common are the shop's tags and the words
of their names. Nothing is known here of wishes; who asks for more than "like this one" is answered by search.
"""

from collections.abc import Mapping, Sequence, Set
from decimal import Decimal

from bot.shopping.item import Item
from bot.shopping.lexicon import GENDERS
from knowledge.passages import Product
from knowledge.words import terms

_PEOPLE = frozenset(word for name, group in GENDERS.items() if name != "unisex" for word in group)


def lowest(product: Product) -> Decimal:
    """Its lowest price."""
    return min(variant.price for variant in product.variants)


def similar(products: Mapping[str, Product], product: Product) -> list[Product]:
    """Others of its kind that are in stock, most alike first; then those whose price is nearest."""
    kind = _kind(product)
    people = _PEOPLE & set(product.tags)
    found = [
        other
        for other in products.values()
        if other.handle != product.handle and kind and _kind(other) == kind and any(v.stock for v in other.variants)
    ]
    fitting = [other for other in found if _for_them(people, _PEOPLE & set(other.tags))]
    same = [other for other in fitting if _thing(other) == _thing(product)]
    return sorted(same or fitting, key=lambda other: (-_common(product, other), abs(lowest(other) - lowest(product))))


def _for_them(people: Set[str], theirs: Set[str]) -> bool:
    """Whether what is made for `theirs` is for `people` too; children's things are only for children."""
    return bool(theirs & people) if theirs & people or "kids" in theirs else not (people and theirs)


def _thing(product: Product) -> list[str]:
    """The last word of its name, that for the kind of thing it is."""
    return [word for word in terms(product.words("en").name) if word.isalpha()][-1:]


def _kind(product: Product) -> str:
    return next((words.category for lang in ("en", *product.wording) if (words := product.wording.get(lang))), "")


def _common(one: Product, other: Product) -> int:
    """Tags and words of the name in common."""
    mine, theirs = (terms(product.words("en").name) for product in (one, other))
    return len(set(one.tags) & set(other.tags)) + len(set(mine) & set(theirs))


def live(things: Sequence[Item | None]) -> list[Item]:
    """Those that there are."""
    return [thing for thing in things if thing]
