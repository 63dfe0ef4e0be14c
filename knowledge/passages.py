"""The units of knowledge: passages, products, promotions, queries and hits.

Plain frozen values. How they are read (`sources/`), cut (`split.py`), indexed (`dense.py`, `lexical.py`) or kept
(`snapshot.py`) is not known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

UNCOUNTED = 1_000_000
"""Stands in for `Variant.stock` where a shop sells a variant without counting it; a sum at or above it is no count."""

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥"}
_WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})


def money(amount: Decimal, currency: str) -> str:
    """An amount as shoppers read it: `$1,299.00`, `€12.00`, `¥99.00` for CNY; other currencies `12.00 XYZ`."""
    digits = f"{amount:,.0f}" if currency in _WITHOUT_CENTS else f"{amount:,.2f}"
    sign = _SIGNS.get(currency)
    return f"{sign}{digits}" if sign else f"{digits} {currency}"


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount as it can be paid: to the cent, or whole where the currency has none; halves up."""
    return amount.quantize(Decimal(1) if currency in _WITHOUT_CENTS else Decimal("0.01"), ROUND_HALF_UP)


class Kind(StrEnum):
    """What a passage is about; a filter of search. No snapshot has passages of orders or reviews: skills make them."""

    FAQ = "faq"
    POLICY = "policy"
    PRODUCT = "product"
    PROMOTION = "promotion"
    REVIEW = "review"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was read: file name relative to the content folder, first line counted from 1.

    What an admin wrote or changed in the browser says who and when instead: `edited_by`, and `edited_at` as ISO 8601
    in UTC; `file` and `line` then tell what it replaces, and are empty and 0 for what is new.
    """

    file: str
    line: int
    edited_by: str = ""
    edited_at: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One piece of knowledge that an answer can rest on.

    Attributes:
        id: Unique in a snapshot and stable over rebuilds, as `faq:return-window:en`.
        entry: The same for one entry in several languages, as `faq:return-window`.
        lang: ISO 639-1, `en` or `zh` (simplified or traditional).
        title: What a citation shows: the FAQ's first question, the policy's heading path, the product's name.
        text: The answer, section or description itself, at most about 200 pieces of the encoder.
        questions: Example questions (FAQ); each is a row of its own in the dense index.
        url: The shop's page, absolute or rooted; empty when there is none.
        product: Handle of the product that this passage describes, else None.
    """

    id: str
    entry: str
    kind: Kind
    lang: str
    title: str
    text: str
    origin: Origin
    questions: tuple[str, ...] = ()
    url: str = ""
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that can be bought.

    Attributes:
        sku: Empty when the shop gives none.
        stock: Pieces that can be sold now; `UNCOUNTED` when it is sold and not counted; 0 for pre-orders.
        options: As `{"Size": "L", "Colour": "Black"}`, in the shop's order; empty when there is nothing to choose.
    """

    sku: str
    price: Decimal
    currency: str
    stock: int
    options: Mapping[str, str] = field(default_factory=dict)
    compare_at: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A product's words in one language. `facts` are label → value, as `{"Material": "Recycled nylon"}`, in order."""

    name: str
    description: str
    category: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Product:
    """A product with its variants.

    Attributes:
        handle: The shop's stable id, as in its page's address.
        wording: By language; at least one. `Wording.options` maps option names and values of the variants (as they
            stand in the source) to that language's words, where they differ.
        tags: Lower-case words of the shop's own, e.g. `waterproof`, `women`.
    """

    handle: str
    wording: Mapping[str, Wording]
    brand: str
    variants: tuple[Variant, ...]
    origin: Origin
    tags: tuple[str, ...] = ()
    weight_g: int | None = None
    url: str = ""
    image: str = ""

    def words(self, lang: str) -> Wording:
        """The wording in `lang`, else in English, else in whatever language there is."""
        return self.wording.get(lang) or self.wording.get("en") or next(iter(self.wording.values()))


@dataclass(frozen=True, slots=True)
class Review:
    """A buyer's review; `stars` is 1 to 5."""

    product: str
    stars: int
    title: str
    text: str
    lang: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Promotion:
    """A code that shoppers enter at checkout, with its conditions as values.

    Attributes:
        kind: `percent`, `amount` or `free_shipping`.
        value: Above 0: per cent, at most 100, or an amount in `currency`; 0 for `free_shipping`.
        starts: First day; None when it has always begun.
        ends: Last day, itself included.
        min_order: Least value of the goods, in `currency`; 0 for none.
        applies_to: What it is for, in the shop's own words, as `Nordlys jackets`; empty or `whole order`: everything.
        excludes: What it is not for, in the shop's own words, as `sale items`.
        stacks_with: What it may be used with: other codes, or words as `gift cards`.
        title: By language.
        text: By language, the same ones as `title`.
    """

    code: str
    kind: str
    value: Decimal
    currency: str
    ends: date
    title: Mapping[str, str]
    text: Mapping[str, str]
    origin: Origin
    starts: date | None = None
    min_order: Decimal = Decimal(0)
    applies_to: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    stacks_with: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """What to search for.

    Attributes:
        text: Stands alone; at most a few sentences.
        lang: Prefer passages in this language: of one entry in several languages only this one is returned; entries
            that exist in another language only are still found. None: no preference.
        kinds: Only these kinds; empty: all.
        limit: Number of hits wanted, at most.
    """

    text: str
    lang: str | None = None
    kinds: frozenset[Kind] = frozenset()
    limit: int = 5


EVEN = 0.5
"""From this probability on, an entry is likelier meant than all others together."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, with where its score came from.

    Attributes:
        score: The fused score (reciprocal rank fusion); exact matches come first whatever the scores say.
        exact: The SKU, handle or product name that occurs in the query literally; empty when none did.
        dense_rank: From 0; None when the dense search did not return it. `cosine` is of its best row, in [-1, 1].
        lexical_rank: From 0; None when the lexical search did not return it. `bm25` is its score there.
        coverage: Share of the query's term weight (inverse document frequency) that occurs in the passage, 0 to 1.
        probability: Calibrated, that its entry is the right one, 0 to 1; None where nothing was learned that could tell
            (other kinds than FAQ, entries in another language, a shop with few entries).
        threshold: The least probability to answer from, as cross-validation found it; None with `probability`.
        floor: The least cosine, likewise; 0 where the encoder cannot read the query.
        crossed: The passage is in another language than the query; `coverage` is then of translated words.
    """

    passage: Passage
    score: float
    exact: str = ""
    dense_rank: int | None = None
    cosine: float = 0.0
    lexical_rank: int | None = None
    bm25: float = 0.0
    coverage: float = 0.0
    probability: float | None = None
    threshold: float | None = None
    floor: float = 0.0
    crossed: bool = False
