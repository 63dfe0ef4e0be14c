"""What the words of a promotion's `applies_to` and `excludes` mean for a product. Pure.

The words are the shop's own: `whole order`, `first order`, `sale items`, `gift cards`, `Nordlys jackets`, `sandals`.
They are read against the fields of the shop's products. Where category and name agree, or the category is the very
word, a product is meant for sure; where only one of them says so (a skirt in the category Insulated Jackets is hardly
a jacket) it is unclear, and so it is for words that fit nothing in the shop. A tag counts where no category has its
name. What is unclear never becomes a discount.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from knowledge.passages import Product, Variant
from knowledge.words import HAN, fold, terms

_WHOLE = re.compile(
    r"(?:the )?(?:whole|entire|full|any|all|every) ?(?:orders?|carts?|baskets?|products?|items?|goods|store|shop)?|"
    r"everything|site-?wide|store-?wide|全场|全店|整单|所有商品|全部商品|任意商品|全部"
)
_FIRST = re.compile(
    r"(?:your |the |a )?first (?:order|purchase)s?|new (?:customer|shopper|buyer)s?|首单|首次(?:下单|购买|订单)|"
    r"新(?:客户?|用户|顾客|人)"
)
_SALE = re.compile(
    r"(?:on[- ])?(?:sale|reduced|discounted|marked[- ]down|clearance|special offer)s?"
    r"(?: (?:items?|products?|goods|gear|prices?))?|"
    r"items on sale|(?:特价|打折|折扣|促销|降价|减价|清仓)(?:商品|产品|品)?"
)
_GIFT = re.compile(r"(?:e-?)?gift (?:card|voucher|certificate)s?|礼品卡|礼券|购物卡")
_SPLIT = re.compile(r"\s*(?:,|;|/|&|、|，|；|\band\b|\bor\b|和|与|或|及)\s*")
_FILLER = re.compile(
    r"\b(?:by|from|of|the|brand|all|any|products?|items?|goods|gear|range|collection|line)\b|品牌|的|商品|产品|系列"
)


class Fit(IntEnum):
    """Whether something is meant; in this order, so that `min` of several is all of them and `max` any of them."""

    NO = 0
    UNCLEAR = 1
    YES = 2


class Meaning(StrEnum):
    """What kind of words they are."""

    WHOLE = "whole"
    FIRST_ORDER = "first_order"
    SALE = "sale"
    GIFT_CARDS = "gift_cards"
    TAG = "tag"
    GOODS = "goods"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the shop's products are called: brands and tags folded, categories as terms of each of their parts."""

    brands: frozenset[str]
    categories: frozenset[tuple[str, ...]]
    tags: frozenset[str]

    @classmethod
    def of(cls, products: Iterable[Product]) -> "Vocabulary":
        """The vocabulary of a catalogue; takes time by its size."""
        found = list(products)
        names = {words.category for product in found for words in product.wording.values() if words.category}
        return cls(
            frozenset(fold(product.brand) for product in found if product.brand),
            frozenset(part for name in names for part in _parts(name)),
            frozenset(fold(tag) for product in found for tag in product.tags),
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """Words of a promotion, read.

    Attributes:
        brand: For `GOODS`, folded; empty: of any brand.
        goods: For `GOODS`, the terms of each alternative; with neither brand nor goods the words were not understood.
    """

    words: str
    meaning: Meaning
    brand: str = ""
    goods: tuple[tuple[str, ...], ...] = ()

    @property
    def read(self) -> bool:
        """Whether the words were understood."""
        return self.meaning is not Meaning.GOODS or bool(self.brand or self.goods)

    def fits(self, product: Product, variant: Variant) -> Fit:
        """Whether a variant of a product is meant by the words."""
        match self.meaning:
            case Meaning.WHOLE | Meaning.FIRST_ORDER:
                return Fit.YES
            case Meaning.SALE:
                return Fit.YES if variant.compare_at is not None and variant.compare_at > variant.price else Fit.NO
            case Meaning.GIFT_CARDS:
                return Fit.YES if is_gift_card(product) else Fit.NO
            case Meaning.TAG:
                tagged = self.goods[0][0] in {fold(tag) for tag in product.tags}
                return Fit.YES if tagged and self.brand in ("", fold(product.brand)) else Fit.NO
            case Meaning.GOODS:
                return self._goods(product)

    def _goods(self, product: Product) -> Fit:
        if not self.read:
            return Fit.UNCLEAR
        if self.brand and fold(product.brand) != self.brand:
            return Fit.NO
        return max((_called(product, goods) for goods in self.goods), default=Fit.YES)


def read(words: str, vocabulary: Vocabulary) -> Scope:
    """What words of `applies_to` or `excludes` mean in a shop with this vocabulary."""
    plain = " ".join(fold(words).split())
    for meaning, pattern in (
        (Meaning.WHOLE, _WHOLE),
        (Meaning.FIRST_ORDER, _FIRST),
        (Meaning.SALE, _SALE),
        (Meaning.GIFT_CARDS, _GIFT),
    ):
        if pattern.fullmatch(plain):
            return Scope(words, meaning)
    brand = max((b for b in vocabulary.brands if _holds(plain, b)), key=len, default="")
    rest = _FILLER.sub(" ", plain.replace(brand, " ") if brand else plain)
    if (tag := " ".join(rest.split())) in vocabulary.tags and not _known(tuple(terms(tag)), vocabulary):
        return Scope(words, Meaning.TAG, brand, ((tag,),))
    alternatives = tuple(dict.fromkeys(_parts(rest)))
    known = all(_known(goods, vocabulary) for goods in alternatives)
    return Scope(words, Meaning.GOODS, brand, alternatives) if known else Scope(words, Meaning.GOODS)


def named_goods(text: str, vocabulary: Vocabulary) -> tuple[Scope, ...]:
    """The kinds of goods that a shopper's text names by the shop's own categories, the longest first."""
    said = terms(text)
    found = [goods for goods in vocabulary.categories if _inside(goods, said)]
    heads = {goods[-1:] for goods in vocabulary.categories if len(goods) > 1 and goods[-1] in said}
    whole = sorted({*found, *heads}, key=lambda goods: (-len(goods), goods))
    kept = [goods for i, goods in enumerate(whole) if not any(goods == longer[-len(goods) :] for longer in whole[:i])]
    return tuple(Scope(" ".join(goods), Meaning.GOODS, "", (goods,)) for goods in kept)


def wider(scope: Scope, products: Iterable[Product]) -> Scope:
    """The kind of goods with its names in the shop's other languages: few products may be translated."""
    named = (
        part
        for product in products
        if any(words in scope.goods for of in product.wording.values() for words in _parts(of.category))
        for of in product.wording.values()
        for part in _parts(of.category)[:1]
    )
    return replace(scope, goods=tuple(dict.fromkeys((*scope.goods, *named))))


def is_gift_card(product: Product) -> bool:
    """Whether a product is a gift card, by its category, tags or name in any language."""
    texts = [*product.tags, *(text for words in product.wording.values() for text in (words.category, words.name))]
    return any(_GIFT.search(fold(text).replace("-", " ")) for text in texts)


def _parts(name: str) -> list[tuple[str, ...]]:
    """A category's terms, whole, and part by part where it joins several (`Mats & Pillows`)."""
    parts = [tuple(terms(part)) for part in _SPLIT.split(fold(name))]
    return [part for part in parts if part]


def _holds(text: str, word: str) -> bool:
    return word in text if HAN.search(word) else bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text))


def _known(goods: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    return any(_ends(category, goods) for category in vocabulary.categories)


def _ends(category: Sequence[str], goods: tuple[str, ...]) -> bool:
    """Whether a category is of that kind: rain jackets are jackets, and no tent accessory is a tent."""
    return tuple(category[-len(goods) :]) == goods


def _inside(goods: tuple[str, ...], said: Sequence[str]) -> bool:
    return any(tuple(said[i : i + len(goods)]) == goods for i in range(len(said) - len(goods) + 1))


def _called(product: Product, goods: tuple[str, ...]) -> Fit:
    """Whether a product is of a kind, by its categories and names in all languages."""
    categories = [part for words in product.wording.values() for part in _parts(words.category)]
    if goods in categories:
        return Fit.YES
    named = any(_ends(terms(fold(words.name).partition(",")[0]), goods) for words in product.wording.values())
    sorted_so = any(_ends(category, goods) for category in categories)
    return Fit(int(named) + int(sorted_so))
