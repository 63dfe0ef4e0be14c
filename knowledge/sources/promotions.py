"""Promotions as JSON lines: the conditions as values, and a passage a code and language with the figures as lines.

Keys: `code`, `title` and `text` by language, `kind` (`percent`, `amount` or `free_shipping`), `value`, `currency`,
`starts` (optional) and `ends` (inclusive), `min_order`, `applies_to`, `excludes`, `stacks_with`, `url`. The lists are
the shop's own words and stand in the text of each language already, so only the figures become lines. What they mean
for a cart is not known here (`bot/promotions/rules.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from knowledge.passages import Kind, Origin, Passage, Promotion, money
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


@dataclass(frozen=True, slots=True)
class _Terms:
    """The figures of a promotion, checked."""

    kind: str
    value: Decimal
    currency: str
    starts: date | None
    ends: date
    min_order: Decimal | None

    def lines(self) -> Iterator[tuple[str, list[str]]]:
        """Names of lines with what is filled in."""
        match self.kind:
            case "percent":
                yield "percent", [f"{self.value.normalize():f}"]
            case "amount":
                yield "amount", [money(self.value, self.currency)]
            case _:
                yield "free_shipping", []
        yield ("between", [str(self.starts), str(self.ends)]) if self.starts else ("until", [str(self.ends)])
        if self.min_order is not None:
            yield ("min_order", [money(self.min_order, self.currency)]) if self.min_order else ("no_min", [])


def promotions(source: Source, report: Report) -> Iterator[Passage | Promotion]:
    """The promotions of a file, each followed by its passages in every language that it has words in."""
    for row in rows(source, report, ("code", "kind", "ends")):
        yield from _promotion(source, Record(row, report))


def _promotion(source: Source, record: Record) -> Iterator[Passage | Promotion]:
    code = record.id("code", "the code that shoppers enter, as WELCOME10")
    titles, texts = record.texts("title"), record.texts("text")
    terms = _terms(source, record)
    lists = {name: record.lines(name) for name in ("applies_to", "excludes", "stacks_with")}
    url = source.address(code, record.address("url"))
    for lang in titles.keys() ^ texts.keys():
        record.wrong("text", f"{lang} in only one of title and text", "the same languages in both")
    if not record.ok or terms is None:
        return
    yield Promotion(
        code,
        terms.kind,
        terms.value,
        terms.currency,
        terms.ends,
        titles,
        texts,
        Origin(source.file, record.row.line),
        starts=terms.starts,
        min_order=terms.min_order or Decimal(0),
        url=url,
        **lists,
    )
    for lang, title in titles.items():
        words = _ZH if lang == "zh" else _EN
        lines = [words[name].format(*values) for name, values in [("code", [code]), *terms.lines()]]
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


def _terms(source: Source, record: Record) -> _Terms | None:
    """The figures; None when one of them is wrong, which was told then."""
    currency = record.currency("currency", source.currency)
    kind, value = _discount(record)
    starts, ends = record.date("starts", needed=False), record.date("ends")
    if starts and ends and ends < starts:
        record.wrong("ends", f"{ends}, before it starts on {starts}", "a day that is not before the start")
    least = record.price("min_order") if record.row.cells.get("min_order") is not None else None
    return _Terms(kind, value, currency, starts, ends, least) if ends and record.ok else None


def _discount(record: Record) -> tuple[str, Decimal]:
    kind = record.raw("kind")
    if kind not in KINDS:
        record.wrong("kind", shown(kind) if kind else "nothing", f"one of {', '.join(KINDS)}")
        return "free_shipping", Decimal(0)
    if kind == "free_shipping":
        return kind, Decimal(0)
    value = record.price("value") or Decimal(0)
    if record.ok and not (0 < value <= 100 or (kind == "amount" and value > 0)):
        record.wrong("value", shown(str(value)), "a percentage above 0 and up to 100, or an amount above 0")
    return kind, value
