"""The cells of one row as typed values; what does not fit is complained about once, with what was wanted.

A record that complained is not `ok`, and its reader leaves it out.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from knowledge.passages import UNCOUNTED
from knowledge.sources.files import Report, shown
from knowledge.sources.plain import one_line, tidy, to_text
from knowledge.sources.rows import Row

_PRICE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_CURRENCY = re.compile(r"[A-Z]{3}")
ADDRESS = re.compile(r"(https?://[^\s/]|/(?![/\\]))[^\s\x00-\x1f\"<>\\]*")
_ID = re.compile(r"[^\s#:/\\\x00-\x1f]{1,200}")

_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGS = frozenset(_CODES.split())
"""Language codes of ISO 639-1."""


def language(tag: str) -> str | None:
    """ISO 639-1 of a language tag (`zh-CN`, `en_US`), or None when it is no language's."""
    first = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    return first if first in LANGS else None


def slug(text: str) -> str:
    """A heading or name as an anchor: lower case, letters and digits of any script, joined by hyphens."""
    return re.sub(r"[\W_]+", "-", text.casefold()).strip("-")[:120].strip("-")


class Record:
    """One row's cells, read with complaints."""

    def __init__(self, row: Row, report: Report) -> None:
        self.row = row
        self.ok = True
        self._report = report

    def wrong(self, column: str, found: str, wanted: str) -> None:
        """Complain about a cell, and leave the row out."""
        self.ok = False
        self._report(self.row.line, column, found, wanted)

    def raw(self, column: str) -> str:
        """A cell's text as it stands, stripped; numbers are written out, missing cells are empty."""
        value = self.row.cells.get(column) if column else None
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self.wrong(column, shown(value), "text")
            return ""
        return str(value).strip()

    def line(self, column: str, wanted: str = "") -> str:
        """A cell as one line of plain text; `wanted` makes it needed and says what for."""
        return self._needed(column, one_line(self.raw(column)), wanted)

    def text(self, column: str, wanted: str = "") -> str:
        """A cell as plain text, HTML taken away; `wanted` makes it needed and says what for."""
        return self._needed(column, to_text(self.raw(column)), wanted)

    def _needed(self, column: str, text: str, wanted: str) -> str:
        if wanted and not text:
            self.wrong(column, "nothing", wanted)
        return text

    def id(self, column: str, wanted: str) -> str:
        """A cell as a stable id: one word without `#`, `:` or slashes."""
        text = tidy(self.raw(column))
        if not _ID.fullmatch(text):
            self.wrong(column, shown(text) if text else "nothing", wanted)
        return text

    def lines(self, column: str, mark: str = "|") -> tuple[str, ...]:
        """A list of texts: a JSON list, or one cell with `mark` or line ends between them."""
        value = self.row.cells.get(column) if column else None
        if isinstance(value, list):
            if not all(isinstance(item, str) for item in value):
                self.wrong(column, shown(value), "a list of texts")
                return ()
            parts: list[str] = value
        else:
            parts = re.split(rf"[{re.escape(mark)}\n]", self.raw(column))
        return tuple(dict.fromkeys(filter(None, map(one_line, parts))))

    def texts(self, column: str) -> dict[str, str]:
        """Texts by language, from `{"en": …, "zh": …}`."""
        value = self.row.cells.get(column)
        if not isinstance(value, dict) or not value:
            self.wrong(column, shown(value) if value else "nothing", 'texts by language, as {"en": "…"}')
            return {}
        out = {}
        for tag, text in value.items():
            lang = language(tag)
            if lang is None:
                self.wrong(column, f"unknown language {shown(tag)}", "a language of ISO 639-1, as en or zh")
            elif isinstance(text, str) and (plain := to_text(text)):
                out[lang] = plain
            else:
                self.wrong(column, f"{shown(text)} for {tag}", "a text that is not empty")
        return out

    def lang(self, column: str, default: str) -> str:
        """A cell as ISO 639-1, `default` when it is empty."""
        tag = self.raw(column)
        found = language(tag) if tag else default
        if found is None:
            self.wrong(column, f"unknown language {shown(tag)}", "a language of ISO 639-1, as en or zh")
        return found or default

    def price(self, column: str, *, needed: bool = True) -> Decimal | None:
        """An amount that is not negative, with a dot before the cents; None when wrong, or empty and not needed."""
        text = self.raw(column)
        if not text and not needed:
            return None
        if _PRICE.fullmatch(text):
            return Decimal(text)
        self.wrong(column, shown(text) if text else "nothing", "a price, as 1299.00")
        return None

    def amount(self, column: str, currency: str, *, needed: bool = True) -> tuple[Decimal, str] | None:
        """A price with its currency behind it, as `349.00 USD`; a bare number is in `currency`."""
        text = self.raw(column)
        if not text and not needed:
            return None
        number, _, code = text.partition(" ")
        if _PRICE.fullmatch(number) and _CURRENCY.fullmatch(code.strip() or currency):
            return Decimal(number), code.strip() or currency
        self.wrong(column, shown(text) if text else "nothing", "a price with its currency, as 349.00 USD")
        return None

    def currency(self, column: str, default: str) -> str:
        """A cell as a currency of ISO 4217, `default` when it is empty."""
        text = self.raw(column) or default
        if not _CURRENCY.fullmatch(text):
            self.wrong(column, shown(text), "a currency of three letters, as USD")
        return text

    def whole(self, column: str, wanted: str, lowest: int, highest: int = 10**9) -> int | None:
        """A whole number between `lowest` and `highest`; None when it is wrong or empty."""
        text = self.raw(column)
        if _WHOLE.fullmatch(text) and lowest <= int(text) <= highest:
            return int(text)
        self.wrong(column, shown(text) if text else "nothing", wanted)
        return None

    def stock(self, column: str, *, oversold: bool = False) -> int:
        """Pieces in stock. With `oversold` a number below 0, which shops export for sold in advance, means none."""
        found = self.whole(column, "a number of pieces, as 12", -(10**9) if oversold else 0)
        return min(max(found or 0, 0), UNCOUNTED - 1)

    def date(self, column: str, *, needed: bool = True) -> date | None:
        """A day as `2026-11-30`; None when it is wrong, or empty and not needed."""
        text = self.raw(column)
        if not text and not needed:
            return None
        try:
            if len(text) == 10:
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.wrong(column, shown(text) if text else "nothing", "a date, as 2026-11-30")
        return None

    def address(self, column: str) -> str:
        """A page's address, absolute (`https://…`) or rooted (`/…`); empty when there is none."""
        text = self.raw(column)
        if text and not ADDRESS.fullmatch(text):
            self.wrong(column, shown(text), "an address that begins with https://, http:// or /")
            return ""
        return text


def fact(value: str) -> str:
    """A metafield's value as shoppers read it: lists and measures are JSON in it; references to objects are no text."""
    if value.startswith("gid://"):
        return ""
    if value.startswith(("[", "{")):
        try:
            return _json_fact(orjson.loads(value))
        except orjson.JSONDecodeError:
            pass
    return one_line(value)


def _json_fact(value: Any) -> str:
    match value:
        case list():
            return ", ".join(
                one_line(item) for item in value if isinstance(item, str) and not item.startswith("gid://")
            )
        case {"value": int() | float() | str() as number, "unit": str() as unit}:
            return one_line(f"{number} {unit}")
        case _:
            return ""


def facts_of(record: Record, columns: Mapping[str, str]) -> dict[str, str]:
    """Label → value for the columns that have one; `columns` is label → column."""
    found = {label: fact(record.raw(column)) for label, column in columns.items()}
    return {label: value for label, value in found.items() if value}
