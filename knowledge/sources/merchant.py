"""Google Merchant product feeds, as TSV and as XML (RSS 2.0 or Atom).

Items with one `item_group_id` are variants of one product. The feed says whether an item can be bought, not how many
there are: `in_stock` is `UNCOUNTED`, everything else 0; pre-orders and back-orders become a fact. A sale price that has
dates of its own becomes a fact too, because nobody here knows what day it is. XML goes through defusedxml: entities and
external references are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from knowledge.passages import UNCOUNTED, Origin, Variant, Wording
from knowledge.sources.catalogue import Head, Offer, Skipped
from knowledge.sources.fields import LANGS, Record
from knowledge.sources.files import CHUNK_BYTES, Report, Source, shown
from knowledge.sources.rows import Row, rows

NEEDED = ("id", "title", "price", "availability")
OPTIONS = {"color": "Colour", "size": "Size", "pattern": "Pattern"}
FACTS = {"material": "Material", "age_group": "Age group", "gender": "Gender", "condition": "Condition"}

_STATES = {"in_stock": UNCOUNTED, "out_of_stock": 0, "preorder": 0, "backorder": 0}
_LATER = {"preorder": "Pre-order", "backorder": "Back-order"}
_WEIGHT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?) ?(kg|g|lb|oz)")
_GRAMS = {"kg": Decimal(1000), "g": Decimal(1), "lb": Decimal("453.59237"), "oz": Decimal("28.349523125")}
_DEEPEST = 64


def products(source: Source, report: Report) -> Iterator[Head | Offer | Skipped]:
    """The products and variants of a feed, in its order."""
    read = _xml_rows if source.file.lower().endswith(".xml") else _tsv_rows
    names: dict[str, str] = {}
    for row in read(source, report):
        yield from _item(source, Record(row, report), names)


def column(name: str) -> str:
    """A column as the feed's specification names it: `Image link` and `g:image_link` are `image_link`."""
    return name.strip().lower().removeprefix("g:").replace(" ", "_")


def _tsv_rows(source: Source, report: Report) -> Iterator[Row]:
    for row in rows(source, report):
        yield Row(row.line, {column(name): value for name, value in row.cells.items()})


def _item(source: Source, record: Record, names: dict[str, str]) -> Iterator[Head | Offer | Skipped]:
    """One item; `names` keeps what the first item of each group is called, since titles differ within a group."""
    group = "-".join((record.raw("item_group_id") or record.raw("id")).split())
    head, offer = _head(source, record, group), _offer(source, record, group)
    if record.ok and offer:
        name = names.setdefault(group, head.words.name) if record.raw("item_group_id") else head.words.name
        yield replace(head, words=replace(head.words, name=name))
        yield offer
    elif group:
        yield Skipped(group)


def _head(source: Source, record: Record, handle: str) -> Head:
    chosen = [record.line(name) for name in OPTIONS]
    title = record.line("title", "the product's name")
    words = Wording(
        name=_bare(title, chosen) if record.raw("item_group_id") else title,
        description=record.text("description"),
        category=record.line("product_type").rpartition(" > ")[2],
        facts=_facts(record),
    )
    lang = record.raw("content_language").lower()
    return Head(
        handle=handle,
        lang=lang if lang in LANGS else source.lang,
        words=words,
        origin=Origin(source.file, record.row.line),
        brand=record.line("brand"),
        weight_g=_grams(record),
        url=source.address(handle, record.address("link")),
        image=record.address("image_link"),
    )


def _bare(title: str, chosen: list[str]) -> str:
    """A variant's title without its own colour and size at the end: `Tent - Green` is `Tent`."""
    for _ in chosen:
        for value in filter(None, chosen):
            title = re.sub(rf"[\s,/|(\[–—-]+{re.escape(value)}[\s)\]]*$", "", title, flags=re.IGNORECASE) or title
    return title


def _facts(record: Record) -> dict[str, str]:
    facts = {label: record.line(name) for name, label in FACTS.items()}
    if facts["Condition"].lower() == "new":
        facts["Condition"] = ""
    state = _state(record)
    if state in _LATER:
        what = ", ".join(filter(None, map(record.line, OPTIONS))) or "yes"
        day = record.raw("availability_date")[:10]
        facts[_LATER[state]] = f"{what}, from {day}" if day else what
    if dates := record.raw("sale_price_effective_date"):
        begins, _, ends = dates.partition("/")
        facts["Sale price"] = f"{record.raw('sale_price')} from {begins.strip()[:10]} to {ends.strip()[:10]}"
    return {label: value for label, value in facts.items() if value}


def _state(record: Record) -> str:
    return record.raw("availability").lower().replace(" ", "_")


def _grams(record: Record) -> int | None:
    """The product's weight in grams, else what it weighs in the parcel; None when the feed does not say."""
    text = record.raw("product_weight") or record.raw("shipping_weight")
    if not text:
        return None
    match = _WEIGHT.fullmatch(text.lower())
    if not match:
        record.wrong("shipping_weight", shown(text), "a weight, as 1.48 kg")
        return None
    return round(Decimal(match[1]) * _GRAMS[match[2]]) or None


def _offer(source: Source, record: Record, handle: str) -> Offer | None:
    sku = record.line("id", "the item's id")
    price = record.amount("price", source.currency)
    sale = record.amount("sale_price", source.currency, needed=False)
    state = _state(record)
    if state not in _STATES:
        record.wrong("availability", shown(state) if state else "nothing", f"one of {', '.join(_STATES)}")
    options = {label: value for name, label in OPTIONS.items() if (value := record.line(name))}
    if price is None or not record.ok:
        return None
    now = sale if sale and sale[0] < price[0] and not record.raw("sale_price_effective_date") else price
    variant = Variant(
        sku=sku,
        price=now[0],
        currency=now[1],
        stock=_STATES[state],
        options=options,
        compare_at=price[0] if now is not price else None,
    )
    return Offer(handle, variant, Origin(source.file, record.row.line))


@dataclass(slots=True)
class _Items:
    """An XML target that keeps one item at a time."""

    items: list[Row] = field(default_factory=list)
    parser: Any = None
    depth: int = 0
    found: bool = False
    _row: Row | None = None
    _cells: dict[str, str] = field(default_factory=dict)
    _item_depth: int = 0
    _text: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ParseError(f"elements inside elements, {_DEEPEST} deep")
        name = column(tag.rpartition("}")[2])
        if self._row is None and name in ("item", "entry"):
            self.found = True
            self._cells, self._item_depth = {}, self.depth
            self._row = Row(self.parser.CurrentLineNumber, self._cells)
        elif self._row is not None and self.depth == self._item_depth + 1:
            self._text = []
            if name == "link" and "href" in attributes:
                self._cells["link"] = attributes["href"]

    def data(self, text: str) -> None:
        """Text inside an element."""
        self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._row is not None and self.depth == self._item_depth + 1:
            text = "".join(self._text).strip()
            if text:
                self._cells.setdefault(column(tag.rpartition("}")[2]), text)
        elif self._row is not None and self.depth == self._item_depth:
            self.items.append(self._row)
            self._row = None
        self.depth -= 1

    def taken(self) -> list[Row]:
        """The items that are complete, once."""
        items, self.items = self.items, []
        return items


def _xml_rows(source: Source, report: Report) -> Iterator[Row]:
    """The items of an XML feed; what is broken ends the reading, and the items before it are kept."""
    target = _Items()
    parser = DefusedXMLParser(target=target)
    target.parser = parser.parser
    with source.path.open("rb") as stream:
        more = True
        while more:
            chunk = stream.read(CHUNK_BYTES)
            more = bool(chunk)
            try:
                parser.feed(chunk) if more else parser.close()
            except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
                more = False
                _broken(error, target.parser, report)
            yield from target.taken()
    if not target.found:
        report(0, "", "no <item> and no <entry>", "a product feed as RSS 2.0 or Atom")


def _broken(error: Exception, parser: Any, report: Report) -> None:
    refused = isinstance(error, DefusedXmlException)
    found = f"{type(error).__name__}" if refused else f"XML that is not well formed: {error}"
    wanted = "a feed without DTD entities and external references" if refused else "a well-formed feed"
    report(parser.CurrentLineNumber, str(parser.CurrentColumnNumber + 1), found, wanted)
