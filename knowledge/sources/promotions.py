"""Promotions as JSON lines: one passage a code and language, with its dates and conditions as lines.

Keys: `code`, `title` and `text` by language, `kind` (`percent`, `amount` or `free_shipping`), `value`, `currency`,
`starts` (optional) and `ends` (inclusive), `min_order`, `applies_to`, `excludes`, `stacks_with`, `url`. The lists are
the shop's own words and stand in the text of each language already, so only the figures become lines.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from knowledge.passages import Kind, Origin, Passage, money
from knowledge.sources.fields import Record
from knowledge.sources.files import Report, Source, shown
from knowledge.sources.rows import rows

KINDS = ("percent", "amount", "free_shipping")

_EN = {
    "code": "Promotion code: {}.",
    "percent": "Discount: {}% off.",
    "amount": "Discount: {} off.",
    "free_shipping": "Discount: free standard shipping.",
    "between": "Valid: from {} to {}, both days included.",
    "until": "Valid: until {}, that day included.",
    "min_order": "Minimum order: {}.",
    "no_min": "Minimum order: none.",
}
_ZH = {
    "code": "优惠码：{}。",
    "percent": "优惠：立减 {}%。",
    "amount": "优惠：立减 {}。",
    "free_shipping": "优惠：免标准运费。",
    "between": "有效期：{} 至 {}（含首尾两天）。",
    "until": "有效期：至 {}（含当天）。",
    "min_order": "最低订单金额：{}。",
    "no_min": "最低订单金额：无。",
}


def passages(source: Source, report: Report) -> Iterator[Passage]:
    """The promotions of a file, each in every language that it has words in."""
    for row in rows(source, report, ("code", "kind", "ends")):
        yield from _promotion(source, Record(row, report))


def _promotion(source: Source, record: Record) -> Iterator[Passage]:
    code = record.id("code", "the code that shoppers enter, as WELCOME10")
    titles, texts = record.texts("title"), record.texts("text")
    facts = _facts(source, record)
    url = source.address(code, record.address("url"))
    for lang in titles.keys() ^ texts.keys():
        record.wrong("text", f"{lang} in only one of title and text", "the same languages in both")
    if not record.ok:
        return
    for lang, title in titles.items():
        words = _ZH if lang == "zh" else _EN
        lines = [words[name].format(*values) for name, values in [("code", [code]), *facts]]
        yield Passage(
            id=f"promotion:{code}:{lang}",
            entry=f"promotion:{code}",
            kind=Kind.PROMOTION,
            lang=lang,
            title=title,
            text="\n".join([texts[lang], *lines]),
            origin=Origin(source.file, record.row.line),
            url=url,
        )


def _facts(source: Source, record: Record) -> list[tuple[str, list[str]]]:
    """The figures of a promotion, as names of lines with what is filled in."""
    currency = record.currency("currency", source.currency)
    lines = [_discount(record, currency), _dates(record)]
    if record.row.cells.get("min_order") is not None:
        least = record.price("min_order")
        lines.append(("min_order", [money(least, currency)]) if least else ("no_min", []))
    return lines


def _discount(record: Record, currency: str) -> tuple[str, list[str]]:
    kind = record.raw("kind")
    if kind not in KINDS:
        record.wrong("kind", shown(kind) if kind else "nothing", f"one of {', '.join(KINDS)}")
        return "free_shipping", []
    if kind == "free_shipping":
        return kind, []
    value = record.price("value") or Decimal(0)
    if record.ok and not (0 < value <= 100 or (kind == "amount" and value > 0)):
        record.wrong("value", shown(str(value)), "a percentage above 0 and up to 100, or an amount above 0")
    return kind, [money(value, currency) if kind == "amount" else f"{value.normalize():f}"]


def _dates(record: Record) -> tuple[str, list[str]]:
    starts: date | None = record.date("starts", needed=False)
    ends = record.date("ends")
    if starts and ends and ends < starts:
        record.wrong("ends", f"{ends}, before it starts on {starts}", "a day that is not before the start")
    return ("between", [str(starts), str(ends)]) if starts else ("until", [str(ends)])
