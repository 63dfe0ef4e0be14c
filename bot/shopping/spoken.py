"""How the first part of a name is said so that it can only be that name; and for whom a name says a thing is. Pure.

A shop may call its products by plain words: a jacket `Puddle`, a pack 长途. Written with a capital inside a sentence,
or with the name's own number behind it ("长途65"), such a word is a name. A Chinese name of one character (飑) is one
where no text of the shop has that character otherwise. What stands before a Latin word in a Chinese name stands for it
in all names that begin with it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.shopping.lexicon import GENDERS
from knowledge.passages import Product
from knowledge.words import HAN, fold

_LATIN = re.compile(r"[a-z]{3,}", re.I)
_NUMBER = re.compile(r"(?<!\d)\d+(?!\d)")
_OF_TWO = ("women", "men")


def by_lead(text: str, products: Mapping[str, Product], plain: frozenset[str]) -> frozenset[str]:
    """Handles of the products whose names begin with what the text can only mean as a name.

    Args:
        text: The message.
        products: By handle.
        plain: Words and single characters that the shop's texts use otherwise.
    """
    capital = _capitals(text) - _choices(tuple(products.values()))
    squeezed = "".join(fold(text).split())
    leads = _leads(_names(products))
    return frozenset(
        handle
        for handle, words in leads.items()
        if any((latin in capital) or (han and _said(han, numbers, squeezed, plain)) for latin, han, numbers in words)
    )


def without_leads(text: str, handles: Iterable[str], products: Mapping[str, Product]) -> str:
    """The text without the Chinese first words that these products' names have, or share with others of their line."""
    leads = _leads(_names(products))
    for han in {han for handle in handles for _, han, _ in leads[handle] if han}:
        text = text.replace(han, " ", 1)
    return text


def _names(products: Mapping[str, Product]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((h, tuple(w.name for w in p.wording.values())) for h, p in products.items())


def _said(han: str, numbers: tuple[str, ...], squeezed: str, plain: frozenset[str]) -> bool:
    if len(han) == 1 and not numbers:
        return han in squeezed and han not in plain
    return any(re.search(rf"{re.escape(han)}{number}(?!\d)", squeezed) for number in numbers)


def _capitals(text: str) -> frozenset[str]:
    """Words with a capital, folded, that do not begin the text; none where every word has one."""
    words = re.findall(r"[A-Za-z]+(?:['’][a-z]+)?", text)
    some = HAN.search(text) or any(word.islower() and len(word) > 2 for word in words)
    inside = words if text[:1] and HAN.match(text) else words[1:]
    inside = words if HAN.search(text) else inside
    return frozenset(w.split("'")[0].split("’")[0].lower() for w in inside if w[0].isupper()) if some else frozenset()


def _choices(products: Iterable[Product]) -> frozenset[str]:
    """Words of brands and of what can be chosen: `Ember` may be a colour."""
    values = (value for product in products for variant in product.variants for value in variant.options.values())
    brands = (product.brand for product in products)
    return frozenset(word for text in {*values, *brands} for word in fold(text).split())


@lru_cache(maxsize=2)
def _leads(
    names: tuple[tuple[str, tuple[str, ...]], ...],
) -> Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """Handle → Latin first word, the Chinese that may stand for it, and the name's numbers."""
    known: dict[str, set[str]] = {}
    for _, own in names:
        for name in own:
            if (latin := _first(name)) and (han := HAN.match(fold(name))):
                known.setdefault(latin, set()).add(han.group())
    return {
        handle: tuple(
            (latin, han, tuple(_NUMBER.findall(name)))
            for name in own
            if (latin := _first(name))
            for han in sorted(known.get(latin, ())) or [""]
        )
        for handle, own in names
    }


def _first(name: str) -> str:
    """The Latin word that a name begins with, behind Chinese or not; empty for a wholly Chinese name."""
    found = _LATIN.search(name)
    return found.group().lower() if found else ""


def for_others(text: str, products: Mapping[str, Product]) -> frozenset[str]:
    """Handles of the products whose names say that they are for women where the text asks for men's, or vice versa."""
    asked = [gender for gender in _OF_TWO if _speaks(text, gender)]
    if len(asked) != 1:
        return frozenset()
    other = next(gender for gender in _OF_TWO if gender != asked[0])
    return frozenset(h for h, p in products.items() if _is_for(p, other) and not _is_for(p, asked[0]))


def _is_for(product: Product, gender: str) -> bool:
    return any(_speaks(wording.name, gender) for wording in product.wording.values())


def _speaks(text: str, gender: str) -> bool:
    return bool(_of(gender).search(fold(text)))


@lru_cache(maxsize=4)
def _of(gender: str) -> "re.Pattern[str]":
    return re.compile("|".join(_forms(GENDERS[gender])))


def _forms(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        yield re.escape(word) if HAN.search(word) else rf"(?<![a-z'’]){re.escape(word)}(?![a-z])"
