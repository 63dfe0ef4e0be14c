"""The catalogue's own words, for reading messages: colours, sizes, brands, what things are called. Pure.

Built from the products' fields once a snapshot, in all their languages. What a shopper wants of them is not known here.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.places import spans
from knowledge.match import Match
from knowledge.passages import Product
from knowledge.words import HAN, fold, terms

PLACE, SIZE, COLOUR, PRODUCT, NOUN = "place", "size", "colour", "product", "noun"

_COLOUR_NAME = re.compile(r"colou?r|颜色|色", re.I)
_COLOURS = (
    "black white grey gray red blue green yellow orange purple pink brown beige navy khaki olive teal turquoise cream "
    "silver gold maroon burgundy charcoal tan lilac violet"
)
_PLAIN = frozenset(_COLOURS.split())
_COLOURS_ZH = re.compile(
    r"(?:深|浅|暗|亮|藏|天|墨|军|酒|米|玫|橄榄|卡其|咖啡|荧光)?(?:[黑白灰红蓝绿黄橙紫粉棕褐青金银]|米|卡其|咖啡"
    r"|橄榄|驼|杏)色"
)
_SIZES = re.compile(
    r"(?<![\w'’-])(?:[2-4]?X{0,3}[SL]|XX?S|M)(?![\w'’-])(?:\s?(?:码|号))?|(?<![A-Za-z])(?:[2-4]?X{0,3}[SL]|XX?S"
    r"|M)\s?[码号]"
    r"|\b(?:size|eu|us|uk)\s?\d{1,2}(?:\.5)?\b|\b(?:extra |x-?)?(?:small|large)\b|\bmedium\b|\d{2}(?:\.5)?\s?[码号]"
    r"|(?:加大|特大|大|中|小|均)[码号]",
    re.I,
)
_SMALL_LETTER = re.compile(r"^(?:s|m|l)$")
_TAIL = re.compile(r"[\w'’-]+")
_MIN_HAN = 2
_UNIT = 2
"""Words up to this long at a name's end are units ("ml"), no things."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a text that another of its kind could stand in for: `text[start:end]`."""

    kind: str
    text: str
    start: int
    end: int
    handle: str = ""


def _nothing(_text: str) -> Sequence[Match]:
    return ()


@dataclass(frozen=True)
class Catalogue:
    """What the shop sells, in words.

    Attributes:
        products: By handle, as built.
        named: The products that a text names literally.
        colours: Values of colour options, lower case, with the plain colours of the language.
        sizes: Values of all other options, lower case.
        nouns: What things are called: categories and the last words of names, lower case, singular.
        brands: Lower case.
    """

    products: Mapping[str, Product] = field(default_factory=dict)
    named: Callable[[str], Sequence[Match]] = _nothing
    colours: frozenset[str] = _PLAIN
    sizes: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()

    @classmethod
    def of(cls, products: Mapping[str, Product], named: Callable[[str], Sequence[Match]]) -> "Catalogue":
        """The words of these products; `named` is their matcher's `find`."""
        colours, sizes, nouns = set(_PLAIN), set[str](), set[str]()
        for product in products.values():
            for name, value in _options(product):
                (colours if _COLOUR_NAME.search(name) else sizes).add(fold(value))
            for wording in product.wording.values():
                nouns |= {*_heads(wording.name, whole=False), *_heads(wording.category, whole=True)}
        brands = frozenset(fold(product.brand) for product in products.values() if product.brand)
        return cls(products, named, frozenset(colours), frozenset(sizes), frozenset(nouns), brands)

    def sold(self) -> frozenset[str]:
        """All words for what the shop sells: nouns and brands."""
        return self.nouns | self.brands

    def slots(self, text: str) -> list[Slot]:
        """The places, products, things, sizes and colours in a text, from the left; none within another."""
        found = [*self._products(text), *(Slot(PLACE, text[a:b], a, b) for a, b in spans(text))]
        found += [Slot(SIZE, m.group(), *m.span()) for m in _SIZES.finditer(text) if not _SMALL_LETTER.match(m.group())]
        found += [Slot(COLOUR, m.group(), *m.span()) for m in _COLOURS_ZH.finditer(text)]
        found += self._listed(text)
        taken: list[Slot] = []
        for slot in found:
            if all(slot.end <= other.start or slot.start >= other.end for other in taken):
                taken.append(slot)
        return sorted(taken, key=lambda slot: slot.start)

    def _products(self, text: str) -> Iterable[Slot]:
        for match in self.named(text):
            end = _end(text, match)
            yield Slot(PRODUCT, text[match.start : end], match.start, end, match.handle)

    def _listed(self, text: str) -> Iterable[Slot]:
        """Runs of up to three Latin words, and Chinese words, that are on one of the lists; the longest first."""
        words = list(_TAIL.finditer(text))
        runs = [(i, n) for n in (3, 2, 1) for i in range(len(words) - n + 1)]
        for i, n in runs:
            start, end = words[i].start(), words[i + n - 1].end()
            if kind := self._kind(text[start:end], alone=n == len(words)):
                yield Slot(kind, text[start:end], start, end)
        folded = fold(text)
        if HAN.search(folded) and len(folded) == len(text):
            # A word of the text that ends in the noun is the thing: 羽绒服, where the shop's names end in 绒服.
            spoken = [term for term in terms(text, every=True) if HAN.fullmatch(term)]
            for word in sorted((w for w in self.nouns | self.colours if HAN.search(w)), key=len, reverse=True):
                for match in re.finditer(re.escape(word), folded):
                    start, end = match.span()
                    wider = (one for one in spoken if word in one and folded.endswith(one, 0, end))
                    start = end - max(map(len, wider), default=len(word))
                    yield Slot(NOUN if word in self.nouns else COLOUR, text[start:end], start, end)

    def _kind(self, words: str, *, alone: bool) -> str:
        """A size without a number ("long", "wide") is one only where nothing else is said."""
        low = fold(words)
        if low in self.colours:
            return COLOUR
        if low in self.sizes and (alone or (any(map(str.isdigit, low)) and not low.isdigit())):
            return SIZE
        return NOUN if low in self.nouns or singular(low) in self.nouns else ""


def singular(word: str) -> str:
    """An English noun without its plural ending: `boots` is `boot`."""
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _end(text: str, match: Match) -> int:
    """Where the match ends in the text: its words go on as long as they are words of the name."""
    name = set(re.findall(r"[^\W_]+", fold(match.text)))
    end = match.start
    for piece in re.finditer(r"[^\W_]+", text):
        if piece.end() <= match.start:
            continue
        if HAN.search(piece.group()):
            return max(end, _han_end(text, match))
        low = fold(piece.group())
        if low not in name and singular(low) not in name:
            break
        end = piece.end()
    return max(end, match.start + 1)


def _han_end(text: str, match: Match) -> int:
    known = set(fold(match.text))
    end = match.start
    while end < len(text) and fold(text[end]) in known:
        end += 1
    return end


def _options(product: Product) -> Iterable[tuple[str, str]]:
    """Option names and values, in every language."""
    for variant in product.variants:
        for name, value in variant.options.items():
            yield name, value
            for wording in product.wording.values():
                if value in wording.options:
                    yield name, wording.options[value]


def _heads(name: str, *, whole: bool) -> Iterable[str]:
    """What a name or a category calls the thing: its last word, or `whole` too; of a category of several each one."""
    for part in re.split(r"[>/&,，、(（]| and |和|与", name if whole else re.split(r"[,，(（]", name)[0]):
        plain = fold(part).strip()
        if HAN.search(plain):
            tail = HAN.findall(plain)[-1]
            yield tail[-_MIN_HAN:]
            yield from [tail] if whole else []
        elif plain and len(last := plain.split()[-1]) > _UNIT and not any(map(str.isdigit, plain)):
            yield singular(last)
            if whole:
                yield singular(plain)
