"""What the words of wishes mean in one catalogue: kinds of things, colours, materials, brands, genders, features, tags.

Built from the products' own fields (category, name, tags, options, facts, in every language they have) and general
language (`lexicon.py`); a word means a kind of thing here only if the shop has spoken of such a thing, but the words of
general language are known even so, so that "no kayaks here" can be said. Pure; one vocabulary per set of products.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.shopping import lexicon
from bot.shopping.traits import Traits, product_category, traits
from bot.shopping.wording import Found, key, phrases, readable, singular, tokens
from knowledge.passages import Product

_COMMON = re.compile(r"\b[a-z]{3,}\b")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: a field of a wish and its value there, as `kind` and `rain jacket`."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of a text with its meaning."""

    meaning: Meaning
    words: str
    start: int
    end: int


class Vocabulary:
    """The words of one catalogue.

    Attributes:
        traits: By handle, what wishes ask about.
        kinds: By the kind's name, the handles of the products that are such a thing; empty where there are none.
        brands: By folded name, as the shop writes it.
        sizes: All values of options that are no colours, folded.
    """

    def __init__(self, products: Mapping[str, Product]) -> None:
        self.traits: Mapping[str, Traits] = {handle: traits(product) for handle, product in products.items()}
        self.brands = {key(p.brand): p.brand for p in products.values() if p.brand}
        self.sizes = frozenset(size for t in self.traits.values() for size in t.sizes)
        self.kinds = _kinds(self.traits)
        self._meanings = self._all(list(products.values()))
        self._own_names = _own_names(products.values()) - self._meanings.keys()

    def mentions(self, text: str) -> list[Mention]:
        """The phrases of a `readable` text that mean something, from the left; none within another."""
        return [self._mention(found) for found in phrases(text, self._meanings)]

    def meaning(self, words: str) -> Meaning | None:
        """What a phrase means by itself."""
        return self._meanings.get(key(words))

    def handles(self, kind: str) -> frozenset[str]:
        """The products that are such a thing; empty for none."""
        return self.kinds.get(kind, frozenset())

    def is_own_name(self, word: str) -> bool:
        """Whether a word is only used in the names of products, as `Larch` in `Larch Jacket`."""
        return word in self._own_names

    def _mention(self, found: Found) -> Mention:
        return Mention(self._meanings[found.words], found.words, found.start, found.end)

    def _all(self, products: Collection[Product]) -> dict[str, Meaning]:
        """Every phrase with its meaning; where there are several the first of this order."""
        out: dict[str, Meaning] = {key(words): Meaning("", "") for words in lexicon.IDLE}
        out |= {key(words): Meaning("feature", value) for words, value in lexicon.FEATURES_FIRST.items()}
        _add(out, "kind", {kind: (kind,) for kind in self.kinds})
        _add(out, "kind", lexicon.NOUNS)
        _add(out, "kind", _categories(products))
        _add(out, "kind", lexicon.WIDE)
        _add(out, "colour", lexicon.PLAIN_COLOURS)
        _add(out, "colour", {c: (c,) for t in self.traits.values() for c in t.colour_names})
        for field, groups in (
            ("material", lexicon.MATERIALS),
            ("gender", lexicon.GENDERS),
            ("recipient", lexicon.RECIPIENTS),
            ("brand", {brand: (name,) for name, brand in self.brands.items()}),
            ("feature", lexicon.FEATURES),
            ("colour", lexicon.COLOURS),
        ):
            _add(out, field, groups)
        tags = {tag for product in products for tag in product.tags if ":" not in tag}
        _add(out, "tag", {tag: (tag,) for tag in sorted(tags)})
        return out


def _add(out: dict[str, Meaning], field: str, groups: Mapping[str, Iterable[str]]) -> None:
    for value, words in groups.items():
        for word in words:
            if found := key(word):
                out.setdefault(found, Meaning(field, value))


def _kinds(known: Mapping[str, Traits]) -> dict[str, frozenset[str]]:
    """By kind, its products: those labelled so, and those of its narrower kinds."""
    own: dict[str, set[str]] = {}
    for handle, of_one in known.items():
        for kind in of_one.kinds:
            own.setdefault(kind, set()).add(handle)
    for wide, narrower in lexicon.BROADER.items():
        for kind in narrower:
            own.setdefault(kind, set()).update(h for h in own.get(wide, ()) if _is_of(kind, known[h]))
    out = {kind: frozenset(_with(kind, own, lexicon.BROADER)) for kind in {*own, *lexicon.BROADER}}
    for wide, narrower in lexicon.WIDE_KINDS.items():
        out[wide] = frozenset(handle for kind in narrower for handle in out.get(kind, ()))
    return {kind: handles for kind, handles in out.items() if handles}


def _is_of(kind: str, traits: Traits) -> bool:
    """Whether the kind's name begins with a material that the thing is of, as `down jacket`."""
    return kind.split()[0] in traits.materials


def _with(kind: str, own: Mapping[str, set[str]], broader: Mapping[str, tuple[str, ...]]) -> set[str]:
    return set(own.get(kind, ())).union(*(_with(narrower, own, broader) for narrower in broader.get(kind, ())))


def _categories(products: Iterable[Product]) -> dict[str, set[str]]:
    """By the shop's own kind, what its category is called in each language."""
    out: dict[str, set[str]] = {}
    for product in products:
        out.setdefault(product_category(product), set()).update(w.category for w in product.wording.values())
    return {kind: names for kind, names in out.items() if kind}


def _own_names(products: Collection[Product]) -> set[str]:
    """First words of names that no description uses as a common word."""
    wordings = [words for product in products for words in product.wording.values()]
    common = {word for words in wordings for word in _COMMON.findall(f"{words.description} {words.category.lower()}")}
    first = {next((t.text for t in tokens(readable(words.name)) if t.text < "\u3400"), "") for words in wordings}
    common |= {word for product in products for word in readable(product.brand).split()}
    return {singular(word) for word in first if len(word) > 3 and not {word, singular(word), f"{word}s"} & common}


class _Same:
    """A mapping that is equal to itself only, so that a cache can hold what was made of it."""

    def __init__(self, products: Mapping[str, Product]) -> None:
        self.products = products

    def __hash__(self) -> int:
        return id(self.products)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.products is self.products


def vocabulary(products: Mapping[str, Product]) -> Vocabulary:
    """The vocabulary of these products; made once for each snapshot's mapping."""
    return _made(_Same(products))


@lru_cache(4)
def _made(same: _Same) -> Vocabulary:
    return Vocabulary(same.products)
