"""The two things of "is A better than B", "A or B", "A 和 B 哪个好": a side may be a line's shortest name. Pure.

Beside a product that is named, the word that its line begins with means the one of the line whose name says least more:
"is Larch Pro better than Larch?" compares with the Larch Jacket. A side that says only what tells two of a line apart
means that one: "the Longhaul 50 or the 65?".
"""

import re
from collections.abc import Mapping, Sequence

from knowledge.passages import Product
from knowledge.words import HAN, fold

_BETWEEN = re.compile(
    r"\b(?:than|or|vs|versus|and|compared (?:to|with)|over|against|from|to)\b|还是|[和与跟比、，]|或者?|,", re.I
)
_WORD = re.compile(r"[a-z]+|\d+")
_LINE = re.compile(rf"({HAN.pattern})\s*([a-z]{{3,}})")
_Names = Sequence[tuple[str, ...]]


def other_side(text: str, named: str, products: Mapping[str, Product]) -> str:
    """The handle of what a text compares with the one product that it names; empty when it cannot be told.

    Args:
        text: The message.
        named: Handle of the product that it names.
        products: All of the shop, by handle.
    """
    own = _names(products[named])
    line = {
        h: names
        for h, p in products.items()
        if h != named and _alike(p, products[named]) and _of(names := _names(p), own)
    }
    said = [_WORD.findall(HAN.sub(" ", side)) for side in _BETWEEN.split(_latin(text, products[named]))]
    named_whole = [any(_within(name[:2], side) for name in own) for side in said]
    for side, whole in zip(said, named_whole, strict=True):
        if side and not whole and (found := _told_apart(side, line, own) or _shortest(side, line, own)):
            return found
    return ""


def _latin(text: str, product: Product) -> str:
    """The folded text, the Chinese that a name begins with put as the Latin word behind it."""
    plain = fold(text)
    for wording in product.wording.values():
        if found := _LINE.match(fold(wording.name)):
            plain = re.sub(rf"{found[1]}\s*(?:{found[2]})?", f" {found[2]} ", plain)
    return plain


def _told_apart(side: Sequence[str], line: Mapping[str, _Names], own: _Names) -> str:
    """The one of the line whose name has words of the side that the product's own name has not."""
    mine = {word for name in own for word in name}
    fits = {h: len({w for name in names for w in name} & set(side) - mine) for h, names in line.items()}
    best = max(fits.values(), default=0)
    found = [handle for handle, count in fits.items() if count == best] if best else []
    return found[0] if len(found) == 1 else ""


def _shortest(side: Sequence[str], line: Mapping[str, _Names], own: _Names) -> str:
    """The one of the line with the shortest name, where the side has the word that the line begins with."""
    if not any(name[0] in side for name in own):
        return ""
    lengths = {handle: min(map(len, names)) for handle, names in line.items()}
    least = min(lengths.values(), default=0)
    found = [handle for handle, length in lengths.items() if length == least]
    return found[0] if len(found) == 1 else ""


def _within(part: Sequence[str], said: Sequence[str]) -> bool:
    return any(tuple(said[at : at + len(part)]) == tuple(part) for at in range(len(said) - len(part) + 1))


def _of(names: _Names, own: _Names) -> bool:
    """Whether names begin with the same word."""
    return bool({name[0] for name in names} & {name[0] for name in own})


def _alike(one: Product, other: Product) -> bool:
    """Whether two products are of one category."""
    return bool({w.category for w in one.wording.values()} & {w.category for w in other.wording.values()})


def _names(product: Product) -> list[tuple[str, ...]]:
    found = [tuple(_WORD.findall(HAN.sub(" ", fold(wording.name)))) for wording in product.wording.values()]
    return [words for words in found if words]
