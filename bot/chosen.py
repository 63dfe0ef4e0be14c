"""Which of the products last shown a message picks: by place ("the second one"), price, weight, colour or a word. Pure.

A tie picks none: the shopper is asked, or the words stand as they are.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.passages import Product
from knowledge.words import HAN, fold

_ONE = r"(?: one| option| choice| product| item| model)"
_AFTER = r"(?= (?:in|for|with|is|has|does|please|then|looks?|sounds?)\b|\s*[?.!,;:]|\s*$)"
_ORDINALS = {
    1: "first|1st", 2: "second|2nd", 3: "third|3rd", 4: "fourth|4th", 5: "fifth|5th", -1: "last|latter", 0: "former",
}  # fmt: skip
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_ORDINAL = re.compile(
    rf"\b(?:the |that )?(?P<word>{'|'.join(f'(?:{words})' for words in _ORDINALS.values())})(?:{_ONE}\b|{_AFTER})"
    r"|(?:\b(?:number|no\.?|option|item)\s?|#)(?P<n>[1-9])\b"
    r"|第(?P<han>[一二两三四五1-9])(?:[个款件双种顶把只条](?:商品|产品)?|(?=[吧。！!]*$))"
    r"|(?P<only>^[1-9]$)|(?P<end>最后(?:那|一|那一)?[个款件双种]|后者)|(?P<start>前者)",
    re.I,
)
_SUPERLATIVES = (
    (
        "price",
        1,
        r"cheap(?:er|est)|(?:less|least) (?:expensive|pricey)|lower[- ]priced|更便宜|最便宜|便宜(?:一?点|些)?",
    ),
    ("price", -1, r"(?:more|most) expensive|dearer|dearest|pric(?:ier|iest)|更贵|最贵|贵(?:一?点|些)?"),
    ("weight", 1, r"light(?:er|est)|更轻|最轻|轻(?:一?点|些)?"),
    ("weight", -1, r"heav(?:ier|iest)|更重|最重|重(?:一?点|些)?"),
    ("capacity", 1, r"small(?:er|est)|更小|最小|小(?:一?点|些)?"),
    ("capacity", -1, r"(?:bigg|larg)(?:er|est)|更大|最大|大(?:一?点|些)?"),
)
_HOLDS = re.compile(r"^(?:capacity|volume|容量|容积)", re.I)
_OTHER = re.compile(
    r"\bthe other one\b|\bthe other(?=\s*[?.!,]|\s*$| (?:is|does|has|come|weigh|cost|in|for)\b)"
    r"|另(?:外)?一[个款件双顶条把只]",
    re.I,
)
_WHICH = re.compile(
    r"\b(?:which|what|any|is there|are there|do you have|got|show me|find|a) ?(?:\w+ )?$|哪|有没有|有.{0,3}$", re.I
)
_THE_ONE = re.compile(
    r"\b(?:the|that) (?P<words>[\w'’ -]{2,40}?) (?:one|version|model)s?\b"
    r"|^(?:(?:and|no|sorry|ok|what about|how about|same for|i meant?)[ ,]+)*the (?P<end>[\w'’ -]{2,30})[\s?.!]*$",
    re.I,
)
_ZH_ONE = re.compile(r"(?P<words>[\w·]{1,12}?)的?那一?[个款件双种顶把只条]")
_EMPTY = frozenset(["the", "that", "this", "other", "same", "new", "right", "wrong", "only", "one"])


@dataclass(frozen=True, slots=True)
class Pick:
    """The product picked, and where in the text the words for it stand."""

    handle: str
    start: int
    end: int


def other(text: str, shown: Sequence[Product], focus: str) -> Pick | None:
    """The one of two that is not talked about, where the words say `the other one`; None otherwise."""
    rest = [product.handle for product in shown if product.handle != focus]
    match = _OTHER.search(text)
    return Pick(rest[0], *match.span()) if match and len(rest) == 1 and len(shown) == 2 else None


def chosen(text: str, shown: Sequence[Product], *, by_words_only: bool = False) -> Pick | None:
    """The product of `shown` that the words pick; None when none, or when several do equally.

    Args:
        text: Normalised.
        shown: In the order in which they were shown.
        by_words_only: Leave out place, price and weight, which say nothing of products that were not shown.
    """
    if not shown:
        return None
    if by_words_only:
        return _by_words(text, shown)
    ways: tuple[Callable[[str, Sequence[Product]], Pick | None], ...] = (_by_place, _by_measure, _by_words)
    return next((pick for way in ways if (pick := way(text, shown))), None)


def _by_place(text: str, shown: Sequence[Product]) -> Pick | None:
    match = _ORDINAL.search(text)
    if not match:
        return None
    place = _place(match)
    if place == 0 and len(shown) != 2:
        return None
    index = place - 1 if place > 0 else (len(shown) - 1 if place < 0 else 0)
    return Pick(shown[index].handle, *match.span()) if index < len(shown) else None


def _place(match: re.Match[str]) -> int:
    if word := match["word"]:
        return next(place for place, words in _ORDINALS.items() if word.lower() in words.split("|"))
    if han := match["han"]:
        return _DIGITS.get(han) or int(han)
    if match["end"]:
        return -1
    return 0 if match["start"] else int(match["n"] or match["only"])


def _by_measure(text: str, shown: Sequence[Product]) -> Pick | None:
    """By price or weight: `the cheaper one`, never `is there a cheaper one`, which looks for another."""
    if len(shown) < 2:
        return None
    for measure, sign, words in _SUPERLATIVES:
        found = re.search(
            rf"\b(?:the |that )?(?:{words}){_ONE}?(?: of (?:the|those|these) (?:two|three|four))?(?![\w])", text, re.I
        )
        match = (
            found
            if not HAN.search(text)
            else re.search(
                rf"(?:{words})的?那一?[个款件双种]|^(?:我?要|选|就)*(?:{words})的(?=[，,。?？！!吧]|$)"
                rf"|^(?=最)(?:{words})的(?=多|有[货哪什几现]|是|能|防|几)",
                text,
            )
        )
        if not match or _WHICH.search(text[: match.start()]) or (found and not _picks(match, text)):
            continue
        if handle := _least(shown, measure, sign):
            return Pick(handle, *match.span())
    return None


def leads(text: str, products: Sequence[Product]) -> str:
    """Handle of the product that is first in the measure that the words name ("lighter"); empty when none is."""
    named = (
        (measure, sign) for measure, sign, words in _SUPERLATIVES if re.search(rf"(?:{words})(?![a-z])", text, re.I)
    )
    return next((handle for measure, sign in named if (handle := _least(products, measure, sign))), "")


def _picks(match: re.Match[str], text: str) -> bool:
    """Whether English words pick: with `the` or `that`, or `one` and nothing before it."""
    said = match.group().lower()
    return (
        said.startswith(("the ", "that "))
        or (said.endswith("one") and match.start() == 0)
        or HAN.search(text) is not None
    )


def _least(shown: Sequence[Product], measure: str, sign: int) -> str:
    values = {p.handle: value * sign for p in shown if (value := _value(p, measure)) is not None}
    if len(values) < len(shown):
        return ""
    best = [handle for handle, value in values.items() if value == min(values.values())]
    return best[0] if len(best) == 1 else ""


def _value(product: Product, measure: str) -> Decimal | None:
    if measure == "price":
        return min(variant.price for variant in product.variants)
    if measure == "capacity":
        return _capacity(product)
    return Decimal(product.weight_g) if product.weight_g else None


def _capacity(product: Product) -> Decimal | None:
    """The first figure of the fact that says how much a product holds; None when the shop states none."""
    facts = (pair for words in product.wording.values() for pair in words.facts.items())
    said = next((value for label, value in facts if _HOLDS.search(label)), "")
    figure = re.search(r"\d+(?:\.\d+)?", said.replace(",", ""))
    return Decimal(figure.group()) if figure else None


def _by_words(text: str, shown: Sequence[Product]) -> Pick | None:
    match = _THE_ONE.search(text) or _ZH_ONE.search(text)
    if not match:
        return None
    said = match["words"] or match.groupdict().get("end") or ""
    wanted = [word for word in _words(said) if word not in _EMPTY]
    fits = [p.handle for p in shown if wanted and all(_has(p, word) for word in wanted)]
    return Pick(fits[0], *match.span()) if len(fits) == 1 else None


def _words(text: str) -> list[str]:
    folded = fold(text)
    return [folded] if HAN.search(folded) else [word.removesuffix("'s") for word in folded.split()]


def _has(product: Product, word: str) -> bool:
    """Whether the name, category, tags or option values of a product hold the word (Chinese: as part of one)."""
    texts = set(_texts(product))
    if HAN.search(word):
        plain = word.removesuffix("色") if len(word) > 1 else word
        return any(plain in text for text in texts)
    return any(word in re.findall(r"[a-z0-9]+", text.replace("'s", "")) for text in texts)


def _texts(product: Product) -> Iterable[str]:
    yield from map(fold, product.tags)
    yield fold(product.brand)
    for wording in product.wording.values():
        yield from (fold(wording.name), fold(wording.category))
    for value in {value for variant in product.variants for value in variant.options.values()}:
        yield fold(value)
        yield from (fold(wording.options[value]) for wording in product.wording.values() if value in wording.options)
