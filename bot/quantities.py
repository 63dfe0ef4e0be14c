"""Reads amounts in text: prices, percentages, measures, durations and bare numbers, in English and Chinese.

`$1,299.00`, `1299 dollars` and `1299 美元` are one value; so are `1.48 kg` and `1,480 g`, `two weeks` and `14 days`,
`打八五折` and `15 % off`. Business days are a unit of their own. A metric and an imperial figure agree within 2 %,
for shops round.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

ROUNDING = Decimal("0.02")

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LIKE = (
    {ord(c): "-" for c in "‐‑‒–—―−﹣"}
    | {ord(c): "~" for c in "〜～"}
    | {ord(c): " " for c in "\u00a0\u2009\u202f\u3000"}
)
_LIKE |= {ord("’"): "'", ord("‘"): "'", ord("″"): '"', ord("【"): "[", ord("】"): "]", ord("￥"): "¥", ord("℃"): "℃"}

_WORDS = {
    word: Decimal(value)
    for value, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"fifteen": Decimal(15), "twenty": Decimal(20), "thirty": Decimal(30), "forty": Decimal(40), "fifty": Decimal(50)}
_WORDS |= {"sixty": Decimal(60), "ninety": Decimal(90), "hundred": Decimal(100)}
_DIGITS_ZH = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPELLED = rf"(?i:\b(?:{'|'.join(_WORDS)})\b)|[零一二两三四五六七八九十百半]+"
_BEFORE = r"(?:(?:US|USD|CA|CAD|AU|AUD|NZ|HK)\s?|[CAS])?\$|[€£¥]|(?:USD|EUR|GBP|CNY|RMB|JPY|CAD|AUD|HKD)\s"
_TO = r"\s?(?:-|~)\s?|\s(?:to|and)\s|\s?[到至]\s?"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, the base that it is counted in, how many of them it is, and how it is written."""

    kind: str
    base: str
    factor: Decimal
    pattern: str


def _unit(kind: str, base: str, factor: str | int, pattern: str) -> Unit:
    return Unit(kind, base, Decimal(factor), pattern)


UNITS: tuple[Unit, ...] = (
    _unit("percent", "%", 1, r"%|(?i:per ?cent|pct)\b"),
    _unit("price", "USD", 1, r"(?i:us dollars?|dollars?|bucks)\b|USD\b|美元|美金"),
    _unit("price", "USD", "0.01", r"(?i:cents?)\b|美分"),
    _unit("price", "EUR", 1, r"(?i:euros?)\b|EUR\b|€|欧元"),
    _unit("price", "GBP", 1, r"(?i:pounds? sterling|quid)\b|GBP\b|£|英镑"),
    _unit("price", "JPY", 1, r"(?i:yen)\b|JPY\b|日元"),
    _unit("price", "HKD", 1, r"HKD\b|港币|港元"),
    _unit("price", "CAD", 1, r"(?i:canadian dollars?)\b|CAD\b|加元|加币"),
    _unit("price", "AUD", 1, r"(?i:australian dollars?)\b|AUD\b|澳元"),
    _unit("price", "CNY", 1, r"(?i:yuan|rmb)\b|CNY\b|元|块|人民币"),
    _unit("duration", "business day", 1, r"(?i:(?:business|working|work)[ -]days?)\b|个?工作[日天]"),
    _unit("duration", "second", 604800, r"(?i:weeks?)\b|个?(?:星期|礼拜)|周(?![年一二三四五六日末])"),
    _unit("duration", "second", 86400, r"(?i:(?:calendar |full )?days?)\b|个?自然日|天|日(?!元)"),
    _unit("duration", "second", 3600, r"(?i:hours?|hrs?)\b|h\b|个?(?:小时|钟头)"),
    _unit("duration", "second", 60, r"(?i:minutes?|mins?)\b|分钟"),
    _unit("duration", "second", 1, r"(?i:seconds?|secs?)\b|秒"),
    _unit("duration", "month", 12, r"(?i:years?|yrs?)\b|年(?!\d)"),
    _unit("duration", "month", 1, r"(?i:months?)\b|个月"),
    _unit("measure", "g", 1000, r"(?i:kgs?|kilos?|kilograms?)\b|公斤|千克"),
    _unit("measure", "g", "0.001", r"mg\b|毫克"),
    _unit("measure", "ml", "29.5735", r"(?i:fl\.? ?oz)\b"),
    _unit("measure", "g", 1, r"(?:g|gr)\b|(?i:grams?)\b|克"),
    _unit("measure", "oz", 16, r"(?i:lbs?|pounds?)\b|磅"),
    _unit("measure", "oz", 1, r"(?i:oz|ounces?)\b|盎司"),
    _unit("measure", "mm", 1, r"mm\b|(?i:millimet(?:er|re)s?)\b|毫米"),
    _unit("measure", "mm", 10, r"cm\b|(?i:centimet(?:er|re)s?)\b|厘米|公分"),
    _unit("measure", "mm", 1_000_000, r"km\b|(?i:kilomet(?:er|re)s?)\b|公里|千米"),
    _unit("measure", "mm", 1000, r"m\b|(?i:met(?:er|re)s?)\b|米"),
    _unit("measure", "in", 1, r"\"|(?i:inch(?:es)?)\b|in\b(?=\s*(?:$|[.,;)×x]))|英寸"),
    _unit("measure", "in", 12, r"(?i:ft|feet|foot)\b|英尺"),
    _unit("measure", "in", 63360, r"(?i:miles?)\b|mi\b|英里"),
    _unit("measure", "ml", 1, r"m[lL]\b|(?i:millilit(?:er|re)s?)\b|毫升"),
    _unit("measure", "ml", 1000, r"[lL]\b|(?i:lit(?:er|re)s?)\b|升"),
    _unit("measure", "ml", "3785.41", r"(?i:gal(?:lons?)?)\b|加仑"),
    _unit("measure", "°C", 1, r"(?:°|º)\s?C\b|℃|(?i:degrees? (?:celsius|c))\b|摄氏度|度(?!假)"),
    _unit("measure", "°F", 1, r"(?:°|º)\s?F\b|(?i:degrees? (?:fahrenheit|f))\b|华氏度"),
    _unit("measure", "Wh", 1000, r"kWh\b|千瓦时"),
    _unit("measure", "Wh", 1, r"Wh\b|瓦时"),
    _unit("measure", "W", 1000, r"kW\b"),
    _unit("measure", "W", 1, r"W\b|(?i:watts?)\b|瓦"),
    _unit("measure", "mAh", 1, r"mAh\b|毫安时?"),
    _unit("measure", "V", 1, r"V\b|(?i:volts?)\b|伏"),
    _unit("measure", "lm", 1, r"lm\b|(?i:lumens?)\b|流明"),
    _unit("measure", "denier", 1, r"D\b|(?i:denier)\b|旦"),
)
_CROSS: dict[tuple[str, str], tuple[Decimal, Decimal]] = {
    ("oz", "g"): (Decimal("28.3495"), Decimal(0)),
    ("in", "mm"): (Decimal("25.4"), Decimal(0)),
    ("°F", "°C"): (Decimal(5) / 9, Decimal(-160) / 9),
}
"""Imperial to metric: times, then plus."""

_UNIT = "|".join(f"(?P<u{i}>{unit.pattern})" for i, unit in enumerate(UNITS))
_UNIT_ONLY = re.compile(rf"[\s-]?(?:{_UNIT})")
_AMOUNT = re.compile(
    rf"(?P<before>{_BEFORE})?(?<![A-Za-z\d.])(?P<sign>(?<![\w)])-(?=\d))?(?:(?P<low>{_DIGITS})|(?P<word>{_SPELLED}))"
    rf"(?:(?:{_TO})(?P<before2>{_BEFORE})?(?:(?P<high>{_DIGITS})|(?P<word2>{_SPELLED}))(?![\d:]))?(?P<tail>[\s-]?(?:{_UNIT}))?"
)
_TIMES = re.compile(rf"(?:\s?[x×*]\s?(?:{_DIGITS}))+(?=[\s-]?)")
_OFF_ZH = re.compile(r"(?P<n>[1-9](?:\.\d)?|\d{2}|[一二三四五六七八九]{1,2})\s?折(?!叠)")
_PERCENT_ZH = re.compile(rf"百分之(?P<n>{_DIGITS}|[一二三四五六七八九十百]+)")
_HEAD = re.compile(r"[(\[,](?P<unit>[^()\[\],;:]{1,20})[)\]]?\s*:\s*$")
_AWHILE = re.compile(r"\b(?:within|in|after|for|take|takes|lasts?) (?P<n>an?) (?P<unit>hour|day|week|month|year)\b")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it stands in a text. `low` equals `high` unless it is a range; `base` is empty for a bare number."""

    kind: str
    base: str
    low: Decimal
    high: Decimal
    text: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """The amount in its base unit, as `6–9 business day`."""
        figure = _shown(self.low) if self.low == self.high else f"{_shown(self.low)}–{_shown(self.high)}"
        return f"{figure} {self.base}".strip()

    def agrees(self, other: "Amount") -> bool:
        """Whether both say the same. A metric and an imperial figure agree within `ROUNDING`."""
        if self.kind != other.kind:
            return False
        if self.base == other.base:
            return (self.low, self.high) == (other.low, other.high)
        if (rule := _CROSS.get((self.base, other.base))) is not None:
            return _near(self, other, *rule)
        rule = _CROSS.get((other.base, self.base))
        return rule is not None and _near(other, self, *rule)


def _near(imperial: Amount, metric: Amount, times: Decimal, plus: Decimal) -> bool:
    pairs = ((imperial.low, metric.low), (imperial.high, metric.high))
    return all(abs(a * times + plus - b) <= max(abs(b) * ROUNDING, Decimal("0.6") * bool(plus)) for a, b in pairs)


def _shown(value: Decimal) -> str:
    return f"{value.normalize():f}"


def plain(text: str) -> str:
    """The text, character for character, with full-width forms, dashes and spaces as their plain likes."""
    return text.translate(_LIKE).translate(_WIDE)


def amounts(text: str) -> list[Amount]:
    """All amounts of a text made `plain`, in order. Number words count only before a unit."""
    out: list[Amount] = []
    for pattern, read in ((_OFF_ZH, _off), (_PERCENT_ZH, _percent)):
        for found in pattern.finditer(text):
            out.append(read(found))
        text = pattern.sub(lambda run: " " * len(run.group()), text)
    for found in _AWHILE.finditer(text):
        unit = _named(" " + found["unit"])
        assert unit is not None
        out.append(_amount(unit, (unit.factor, unit.factor), found))
    for found in _AMOUNT.finditer(text):
        out.extend(_read(found, text))
    return sorted(out, key=lambda amount: amount.start)


def _off(found: "re.Match[str]") -> Amount:
    """`八五折`, `85折` and `8.5折` are 15 % off."""
    paid = Decimal("".join(str(_DIGITS_ZH.get(c, c)) for c in found["n"]))
    paid = paid * 10 if paid < 10 else paid
    return _amount(UNITS[0], (100 - paid, 100 - paid), found)


def _percent(found: "re.Match[str]") -> Amount:
    value = _number(found["n"])
    return _amount(UNITS[0], (value, value), found)


def _amount(unit: Unit | None, span: tuple[Decimal, Decimal], found: "re.Match[str]") -> Amount:
    kind, base = (unit.kind, unit.base) if unit else ("number", "")
    return Amount(kind, base, *span, found.group().strip(), found.start(), found.end())


def _read(found: "re.Match[str]", text: str) -> Iterator[Amount]:
    """One match as an amount, or two where only the second number has the unit's kind of word before it."""
    unit = _unit_of(found)
    low_text, high_text = found["low"] or found["word"], found["high"] or found["word2"]
    if unit is None and not found["low"] and not found["high"]:
        return
    if unit is None and (run := _TIMES.match(text, found.end())):
        unit = _named(text[run.end() :])
    low = _number(low_text)
    high = _number(high_text) if high_text else low
    if found["sign"] and unit and unit.base in ("°C", "°F"):
        low, high = -low, (high if high_text else -low)
    if high < low and not found["sign"]:
        yield _amount(unit, (low * _factor(unit), low * _factor(unit)), found)
        low = high
    yield _amount(unit, (low * _factor(unit), high * _factor(unit)), found)


def _factor(unit: Unit | None) -> Decimal:
    return unit.factor if unit else Decimal(1)


def _number(text: str) -> Decimal:
    if text[0].isascii() and text[0].isdigit():
        return Decimal(text.replace(",", ""))
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    return _chinese(text)


def _chinese(text: str) -> Decimal:
    """Numerals up to 999; 半 alone is a half."""
    if text == "半":
        return Decimal("0.5")
    total = digit = 0
    for c in text.replace("半", ""):
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS_ZH[c]
    return Decimal(total + digit)


def _unit_of(found: "re.Match[str]") -> Unit | None:
    """The unit after the number, else the currency before it."""
    named = next((unit for i, unit in enumerate(UNITS) if found[f"u{i}"] is not None), None)
    mark = found["before"] or found["before2"]
    if not mark:
        return named
    mark = mark.strip()
    if mark.endswith("$"):
        code = {"CA": "CAD", "CAD": "CAD", "C": "CAD", "AU": "AUD", "AUD": "AUD", "A": "AUD", "HK": "HKD"}
        mark = {"NZ": "NZD", "S": "SGD"}.get(mark[:-1].strip(), code.get(mark[:-1].strip(), "USD"))
    base = {"€": "EUR", "£": "GBP", "¥": "CNY", "RMB": "CNY"}.get(mark, mark)
    return Unit("price", base, Decimal(1), "")


def _named(text: str) -> Unit | None:
    """The unit that a text begins with."""
    found = _UNIT_ONLY.match(text)
    return next((unit for i, unit in enumerate(UNITS) if found and found[f"u{i}"] is not None), None)


def head_unit(text: str) -> Unit | None:
    """The unit in a label or column head that ends a text, as `Time (business days): `."""
    found = _HEAD.search(text)
    return _named(" " + found["unit"].strip()) if found else None


def in_unit(amount: Amount, unit: Unit) -> Amount:
    """A bare number as so many of a unit."""
    low, high = amount.low * unit.factor, amount.high * unit.factor
    return Amount(unit.kind, unit.base, low, high, amount.text, amount.start, amount.end)
