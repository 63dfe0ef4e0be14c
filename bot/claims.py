"""Finds what a sentence claims: every statement in it that the shop's texts can bear out or not.

The same reading is done of drafts and of passages, so that a passage always bears out its own words. Whether a claim is
borne out is not known here (`ground.py`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from bot.places import places
from bot.quantities import Amount, amounts, plain

METHODS = {
    "express": r"\bexpress\b|加急|快递|特快",
    "standard": r"\bstandard\b|标准|普通",
    "pickup": r"\bpick-?up\b|自提|门店取",
}
_LINK = re.compile(
    r"https?://[^\s<>\"'\])]+|www\.[^\s<>\"'\])]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|shop|store|cn|co|uk|de|fr|eu|us|"
    r"info|biz|app|dev|me|example|ly)\b(?:/[^\s<>\"'\])]*)?|(?<=\]\()[^)\s]+|(?<![\w.<])/[a-z][\w-]*/[\w/#?=&-]+",
    re.IGNORECASE | re.ASCII,
)
_EMAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE | re.ASCII)
_PHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)|\d{2,4})(?:[ .-]\d{2,4}){2,4}(?![\w-])"
    r"|(?<![\d.])1[3-9]\d{9}(?!\d)|\+\d{8,15}"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATES = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?:(?P<y>20\d\d)\s?年\s?)?(?P<m>\d{1,2})\s?月(?:\s?(?P<d>\d{1,2})\s?[日号])?"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b(?:,? (?P<y>20\d\d))?", re.IGNORECASE),
    re.compile(rf"\b{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y>20\d\d))?", re.IGNORECASE),
    re.compile(rf"\b{_MONTH.replace('[a-z]*', '[a-z]{2,}')} (?P<y>20\d\d)\b", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<y>20\d\d)\s?年"),
)
_TIME = re.compile(
    r"(?:(?P<zh>上午|下午|晚上|中午)\s?)?(?<![\d:.])(?P<h>\d{1,2})(?:[:点](?P<m>\d{2})?(?!\d|[.,]\d))\s?(?P<half>[ap]\.?m\b\.?)?"
    r"|(?<![\d:.])(?P<h2>\d{1,2})\s?(?P<half2>[ap]\.?m\b\.?)",
    re.IGNORECASE,
)
_CLOCK_SPAN = re.compile(r"\d{1,2}:\d{2}")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(
    r"\b(?P<en>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?s?\b|(?:周|星期|礼拜)(?P<zh>[一二三四五六日天末])",
    re.IGNORECASE,
)
_SOON = {
    "same day": r"\bsame[ -](?:working |business )?day\b|当[天日]|同[一]?[天日]",
    "next day": r"\bnext[ -](?:working |business )?day\b|次日|第二天|隔天|下一?个?工作日",
    "tomorrow": r"\btomorrow\b|明天",
    "overnight": r"\bovernight\b",
    "lifetime": r"\blife[ -]?time\b|\bfor life\b|终身|终生",
}
_FREE = re.compile(
    r"\bfree(?! (?:to|from (?!\$))|-)\b(?<!feel free)(?<!-free)|\bno (?:extra |additional )?(?:charge|cost|fee)\b"
    r"|免费|包邮|免运费|免邮|不收费"
)
_HALF = re.compile(r"\bhalf[ -](?:price|off)\b|半价", re.IGNORECASE)
_OFF_AFTER = re.compile(r"\s?(?:off\b|less\b|discount|cheaper)", re.IGNORECASE)
_OFF_BEFORE = re.compile(r"(?:discount of|saves?(?: you)?|reduced by|立?减|优惠|便宜|省)\s?$", re.IGNORECASE)
_SIZE = re.compile(r"(?<![\w'&.-])(?<!\d )(?:X{0,4}[SL]|M|[2-5]X[LS]|XX?[SL]/XX?[SL]|[SML]/X*[SML])(?![\w'&-]|\.\w)")
_CODE = re.compile(r"(?<![\w/])(?<!\w-)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?![\w]|-\w)", re.ASCII)
_MEASURE_LIKE = re.compile(r"\d+[A-Za-z]{1,3}|\d+(?:st|nd|rd|th)|\d+-[a-z]+(?:-[a-z]+)*|[A-Z]?[a-z]+(?:-\d+)?")


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement as it stands in a text; `method` is the way of shipping that it is about, if any."""

    kind: str
    value: str
    text: str
    start: int
    amount: Amount | None = None
    method: str = ""


def facts(text: str) -> list[Fact]:
    """Everything that a sentence states, in order of place. Citation marks must be gone."""
    rest = plain(text)
    out: list[Fact] = []
    for read in _READERS:
        found = list(read(rest))
        out.extend(found)
        for fact in found:
            rest = _blank(rest, fact.start, fact.start + len(fact.text))
    out.extend(_plainly(rest))
    out.extend(Fact(_kind(a, rest), a.value, a.text, a.start, a) for a in amounts(rest))
    out.sort(key=lambda fact: fact.start)
    marks = methods(plain(text))
    return [_about(fact, marks) for fact in out]


def methods(text: str) -> list[tuple[int, str]]:
    """Ways of shipping that a text names, with where."""
    lower = text.lower()
    return sorted((m.start(), name) for name, pattern in METHODS.items() for m in re.finditer(pattern, lower))


def _about(fact: Fact, marks: list[tuple[int, str]]) -> Fact:
    """The fact with its way of shipping: the only one named, else the last one named before it."""
    if not marks or fact.kind not in ("price", "duration", "number"):
        return fact
    before = [name for at, name in marks if at <= fact.start]
    name = marks[0][1] if len({n for _, n in marks}) == 1 else (before[-1] if before else "")
    return Fact(fact.kind, fact.value, fact.text, fact.start, fact.amount, name)


def _kind(amount: Amount, text: str) -> str:
    """The amount's kind; money that comes off a price is a discount."""
    if amount.kind != "price":
        return amount.kind
    off = _OFF_AFTER.match(text, amount.end) or _OFF_BEFORE.search(text, 0, amount.start)
    return "discount" if off else "price"


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _matches(kind: str, pattern: "re.Pattern[str]", value: Callable[[str], str], text: str) -> Iterator[Fact]:
    for found in pattern.finditer(text):
        said = found.group().rstrip(".,;:!?)")
        if said:
            yield Fact(kind, value(said), said, found.start())


def _link(said: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", said.lower()).rstrip("/")


def _digits(said: str) -> str:
    return re.sub(r"\D", "", said)


def _phones(text: str) -> Iterator[Fact]:
    for fact in _matches("phone", _PHONE, _digits, text):
        if 7 <= len(fact.value) <= 15:
            yield fact


def _dates(text: str) -> Iterator[Fact]:
    """Dates as `2026-12-15`, with `?` for what is not said."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            part = found.groupdict()
            month = str(_MONTHS.split().index(part["month"][:3].lower()) + 1) if part.get("month") else part.get("m")
            value = "-".join((part.get("y") or "?", (month or "?").zfill(1), part.get("d") or "?"))
            if month is None or 1 <= int(month) <= 12:
                yield Fact(
                    "date", "-".join(p.lstrip("0") or "0" for p in value.split("-")), found.group(), found.start()
                )
        text = pattern.sub(lambda run: " " * len(run.group()), text)


def _times(text: str) -> Iterator[Fact]:
    """Clock times as minutes of the day."""
    for found in _TIME.finditer(text):
        half = (found["half"] or found["half2"] or "").lower()
        late = half.startswith("p") or found["zh"] in ("下午", "晚上")
        hour = int(found["h"] or found["h2"])
        if hour > 24 or (found["h"] and not _CLOCK_SPAN.search(found.group()) and "点" not in found.group()):
            continue
        hour = hour % 12 + 12 * late if half or (late and hour < 12) else hour
        yield Fact("time", str(hour * 60 + int(found["m"] or 0)), found.group().rstrip(), found.start())


def _weekdays(text: str) -> Iterator[Fact]:
    """Days of the week; of a range every day."""
    last: tuple[int, int] | None = None
    for found in _WEEKDAY.finditer(text):
        if found["en"] and found.group() in ("sun", "mon", "sat", "wed", "suns"):
            continue
        if found["zh"] == "末":
            days = [5, 6]
        else:
            day = (
                _WEEKDAYS.index(found["en"].lower())
                if found["en"]
                else "一二三四五六日".find(found["zh"].replace("天", "日"))
            )
            between = text[last[0] : found.start()] if last else ""
            spanned = last is not None and re.fullmatch(r"\s?(?:-|~|to|through|until|到|至)\s?", between)
            days = list(range(last[1] + 1, day + 1)) if spanned and last and last[1] < day else [day]
        for day in days:
            yield Fact("weekday", _WEEKDAYS[day], found.group(), found.start())
        last = (found.end(), days[-1])


def _codes(text: str) -> Iterator[Fact]:
    """Promotion codes, SKUs, order numbers, model names: words of capitals and digits."""
    for found in _CODE.finditer(text):
        said = found.group()
        letters, digits = sum(c.isalpha() for c in said), sum(c.isdigit() for c in said)
        if not letters or _MEASURE_LIKE.fullmatch(said):
            continue
        mixed = (
            digits and letters >= 2 and len(said) >= 4 and (said.isupper() or re.fullmatch(r"[A-Za-z]{3,}\d+", said))
        )
        if mixed or (said.isupper() and len(said) >= 6 and said.replace("-", "").isalpha()):
            yield Fact("code", said.upper(), said, found.start())


_READERS: tuple[Callable[[str], Iterator[Fact]], ...] = (
    partial(_matches, "email", _EMAIL, str.lower),
    partial(_matches, "link", _LINK, _link),
    _dates,
    _times,
    _phones,
    _codes,
    partial(_matches, "percent", _HALF, lambda _: "50 %"),
)


def _plainly(text: str) -> Iterator[Fact]:
    """What is said in words alone and leaves the numbers around it to be read: days, speed, free of charge, sizes."""
    yield from _weekdays(text)
    yield from _matches("size", _SIZE, str.upper, text)
    lower = text.lower()
    yield from _matches("free", _FREE, lambda _: "free", lower)
    for value, pattern in _SOON.items():
        yield from _matches("duration", re.compile(pattern), partial(_same, value), lower)
    for code in sorted(places(text)):
        yield Fact("place", code, code, 0)


def _same(value: str, _said: str) -> str:
    return value
