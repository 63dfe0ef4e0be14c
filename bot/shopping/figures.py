"""Figures of a wish: prices, people, litres, weights, temperatures, with "under" or "between" before them.

A bare number with a bound ("under 150", 150以下) is an amount in the shop's currency. What is wished for besides
figures is not known here (`reading.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.quantities import Amount, amounts
from bot.shopping.wishes import Bound
from knowledge.numerals import value
from knowledge.words import HAN_CHARS

_UNDER = re.compile(
    r"(?:under|below|less than|cheaper than|lighter than|smaller than|shorter than|up to|max(?:imum)?(?: of)?"
    r"|at most|"
    r"(?:no|not) (?:more|heavier|bigger|larger) than|not over|within|<=?|no(?:t)? above|"
    r"budget(?: is| of|:)?(?: only| about| around)?|spend|"
    r"不超过|不要超过|别超过|低于|少于|小于|轻于|最多|最高|顶多|预算(?:是|为|在|只有|大概|大约|就)?"
    r"|不到|不高于|不多于)\s*(?:an? )?$",
    re.I,
)
_UNDER_AFTER = re.compile(
    r"\s*(?:or (?:less|under|below|cheaper|lighter|smaller|fewer)|max(?:imum)?|at most|tops|budget"
    r"|and (?:under|below)|"
    r"以下|以内|之内|之下|内(?![衣胆裤])|封顶|的?预算)",
    re.I,
)
_OVER = re.compile(
    r"(?:over|above|more than|at least|min(?:imum)?(?: of)?|no(?:t)? less than|from|starting (?:at|from)|exceeding|"
    r"bigger than|larger than|heavier than|>=?|"
    r"高于|超过|至少|不低于|不少于|大于|多于|起码)\s*$",
    re.I,
)
_OVER_AFTER = re.compile(
    r"\s*(?:or (?:more|above|over|up|bigger|larger|greater|higher)|\+|and (?:up|above|over)|以上|起步?)", re.I
)
_ABOUT = re.compile(r"(?:about|around|approximately|roughly|circa|~|大约|大概|约|差不多)\s*$", re.I)
_ABOUT_AFTER = re.compile(r"\s*(?:or so|ish\b|-ish|左右|上下)", re.I)
_BETWEEN = re.compile(r"\bbetween\s+[^\d]{0,3}([\d.,]+)\s*(?:[a-z$€£¥]{0,8})?\s+and\s+", re.I)
_FIGURE_MARK = re.compile(r"(?<=\d)\s?刀(?![具片刃])")
_PEOPLE = re.compile(
    r"(?<![\d.$€£¥])(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight)\s?(?:-|\s)?"
    r"(?:person|people|persons|man(?! ?made)|men tents?|adults?|berth|campers?|hikers?|sleepers?|p)\b"
    r"|\b(?:sleeps|sleep|fits|for|family of|group of)\s(?P<n2>\d|two|three|four|five|six|seven"
    r"|eight)(?=\s*(?:$|[?.!,]|of us|and\b|to sleep))"
    r"|(?P<n3>\d{1,2}|[一二两三四五六七八单双])\s?个?(?:大)?人(?!民|造|工)",
    re.I,
)
_PEOPLE_EXACT = re.compile(r"person|man\b|berth|p$|[单双]人|人(?:帐|款|用的?帐)", re.I)
_DEGREES = re.compile(
    r"(?P<below>-|minus |零下|负)?\s?(?<![\d.])(?P<n>\d{1,2})\s?(?:°\s?(?P<unit>[cf])?|degrees?(?: (?P<word>c"
    r"|f))?\w*|度|c\b|(?P<f>f\b))"
    r"|(?:to|for|at|of|below|到|低至)\s?(?P<cold>-\d{1,2})(?![\d.,-])"
)
_AGE = re.compile(r"\b\d{1,2}[ -](?:years?|yrs?|months?)[ -]olds?\b|\d{1,2}\s?个?(?:岁|周岁|个?月大)", re.I)
_SPELLED_BOUND = re.compile(
    r"[一二两三四五六七八九]?[十百千][一二三四五六七八九十百千]*"
    r"(?=\s*(?:以下|以内|之内|之下|以上|左右|上下|封顶|的?预算|内(?![衣胆裤])))"
    r"|(?<=预算|超过|低于|高于|少于|至少|最多|顶多)[一二两三四五六七八九]?[十百千][一二三四五六七八九十百千]*"
)
"""八十以内, 预算一百五: a numeral with a unit inside, beside a bound and without a sign of currency."""
_SPELLED = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_SPELLED |= {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "单": 1, "双": 2}
_NOT_MONEY = re.compile(
    r"\s?(?:%|years?|days?|weeks?|months?|hours?|times?|pieces?|items?|pairs?|colou?rs?|sizes?|seasons?"
    r"|layers?|burners?|"
    r"stars?|star|products?|options?|nights?|people|person|pockets?|[件双个款种只天季层人岁星颗档晚码号条张])",
    re.I,
)
_NAMED_BEFORE = re.compile(r"(?:value|rating|level|grade|值)[^\d]{0,12}$|\b(?:size|us|eu|uk)\s*$", re.I)
_MONEY_BEFORE = re.compile(r"(?:budget|price|cost|spend|spending|pay|预算|价格|价位|花)[^\d]{0,12}$", re.I)
_THROUGH = re.compile(r"\s*(?:and|to|-|~|到|至)\s*\$?")
_ROUGH = Decimal("0.15")
"""`about 100` is taken for 85 to 115."""

_NEAR = Decimal("0.1")
"""A 40 litre pack may hold 36 to 44."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a text, and the text with them blanked out, at the same places.

    Attributes:
        price: None when none was said.
        foreign: A currency that is not the shop's, in which a price was said; the price is None then.
        age: The text tells an age, which says whom a thing is for and is not kept.
    """

    rest: str
    price: Bound | None = None
    bounds: tuple[Bound, ...] = ()
    foreign: str = ""
    age: bool = False


def figures(text: str, currency: str) -> Figures:
    """Read the figures of a `readable` text."""
    text = _FIGURE_MARK.sub("美元", _SPELLED_BOUND.sub(_in_figures, text))
    rest, age = _blank(text, _AGE)
    people = list(_PEOPLE.finditer(rest))
    bounds = {"person": _persons(people[0])} if people else {}
    rest, _ = _blank(rest, _PEOPLE)
    if cold := _DEGREES.search(rest):
        bounds["°C"] = Bound("°C", None, _celsius(cold))
    rest, _ = _blank(rest, _DEGREES)
    rest = _BEFORE_HAN.sub(lambda unit: _HAN_UNITS[unit.group()], rest)
    rest = _UNITS.sub(lambda unit: _CASE[unit.group()], rest)
    found = list(_amounts(rest))
    price, foreign = None, ""
    for amount, bound in found:
        if amount.kind == "measure":
            metric = _metric(bound)
            bounds[metric.base] = metric
        elif amount.kind == "price" and amount.base not in (currency, _LOOSE.get(amount.text[-1:], "-")):
            foreign = amount.base
        else:
            price = bound
        rest = rest[: amount.start] + " " * (amount.end - amount.start) + rest[amount.end :]
    return Figures(rest, price, tuple(bounds.values()), foreign, age)


_CASE = {"mah": "mAh", "wh": "Wh", "w": "W", "lumen": "lm   "}
_UNITS = re.compile(r"(?<=\d)(?:mah|wh|w)\b|(?<=\d )(?:mah|wh|w)\b|\blumen\b")
_HAN_UNITS = {
    "kg": "公斤",
    "g": "克",
    "l": "升",
    "ml": "毫升",
    "mm": "毫米",
    "cm": "厘米",
    "lm": "流明",
    "mah": "毫安时",
}
_BEFORE_HAN = re.compile(rf"(?<=\d)(?:kg|g|l|ml|mm|cm|lm|mah)(?=[{HAN_CHARS}])")
"""Units that stand close to a Chinese character, where no word ends for a pattern."""
_METRIC = {"oz": ("g", Decimal("28.3495")), "in": ("mm", Decimal("25.4"))}


def _in_figures(found: "re.Match[str]") -> str:
    number = value(found.group())
    return found.group() if number is None else f"{number:f}"


def _celsius(found: "re.Match[str]") -> Decimal:
    if found["cold"]:
        return Decimal(found["cold"])
    degrees = Decimal(found["n"]) * (-1 if found["below"] else 1)
    if found["f"] or found["unit"] == "f" or found["word"] == "f":
        return ((degrees - 32) * 5 / 9).quantize(Decimal("0.1"))
    return degrees


def _metric(bound: Bound) -> Bound:
    """An imperial bound as a metric one."""
    if bound.base not in _METRIC:
        return bound
    base, factor = _METRIC[bound.base]
    ends = (None if end is None else (end * factor).quantize(Decimal(1)) for end in (bound.low, bound.high))
    return Bound(base, *ends)


_LOOSE = {"元": "CNY", "块": "CNY"}
"""Said in Chinese of any money: only 人民币, RMB or ¥ say which."""


def _blank(text: str, pattern: "re.Pattern[str]") -> tuple[str, bool]:
    blanked = pattern.sub(lambda found: " " * len(found.group()), text)
    return blanked, blanked != text


def _persons(found: "re.Match[str]") -> Bound:
    word = found["n"] or found["n2"] or found["n3"]
    number = Decimal(_SPELLED.get(word.lower(), 0) or word)
    after = found.string[found.start() : found.end() + 2]
    exact = _PEOPLE_EXACT.search(found.group()) or re.search(r"人(?:帐|款)", after)
    return Bound("person", number, number if exact else None)


def _amounts(text: str) -> Iterator[tuple[Amount, Bound]]:
    """Amounts that are wished for, each with its bound; ones that are neither money nor a measure are left alone."""
    found, end = amounts(text), 0
    for place, single in enumerate(found):
        amount = _with_unit_of_next(single, found[place + 1 : place + 2], text)
        if amount.start < end:
            continue
        end = found[place + 1].end if amount is not single else amount.end
        if amount.kind not in ("price", "measure", "number"):
            continue
        bound = _bound(amount, text)
        if amount.kind == "number" and not _is_money(amount, text):
            continue
        yield amount, bound


def _with_unit_of_next(amount: Amount, following: list[Amount], text: str) -> Amount:
    """In `between 40 and 60 litres` the first number may stand alone; 40升到60升 is one span too."""
    if not following or not _THROUGH.fullmatch(text[amount.end : following[0].start]):
        return amount
    other = following[0]
    if amount.kind == "number" or (amount.kind, amount.base) == (other.kind, other.base):
        return Amount(other.kind, other.base, amount.low, other.high, amount.text, amount.start, amount.end)
    return amount


def _bound(amount: Amount, text: str) -> Bound:
    before, after = text[: amount.start], text[amount.end :]
    base = "money" if amount.kind in ("price", "number") else amount.base
    if amount.low != amount.high:
        return Bound(base, amount.low, amount.high)
    if _UNDER.search(before) or _UNDER_AFTER.match(after):
        return Bound(base, None, amount.high)
    if _OVER.search(before) or _OVER_AFTER.match(after):
        return Bound(base, amount.low, None)
    if _ABOUT.search(before) or _ABOUT_AFTER.match(after) or base == "money":
        return Bound(base, amount.low * (1 - _ROUGH), amount.high * (1 + _ROUGH))
    if base == "mm":
        return Bound(base, amount.low, None)
    slack = _NEAR if base == "ml" else Decimal(0)
    return Bound(base, amount.low * (1 - slack), amount.high * (1 + slack))


def _is_money(amount: Amount, text: str) -> bool:
    """Whether a bare number is an amount of money: it has a bound or a word for money, and counts nothing else."""
    before, after = text[: amount.start], text[amount.end :]
    if _NOT_MONEY.match(after) or _NAMED_BEFORE.search(before):
        return False
    said = any((_UNDER.search(before), _UNDER_AFTER.match(after), _OVER.search(before), _OVER_AFTER.match(after)))
    rough = _ABOUT_AFTER.match(after) or amount.low != amount.high
    return said or bool(rough) or bool(_MONEY_BEFORE.search(before))
