"""Shopify's product CSV export, and its export of translations.

In the product export each row is a variant; the columns of the product are filled in the first row of its handle only,
and rows with nothing but an image may follow. Drafts, archived and unpublished products are passed over in silence.
Metafields are the columns `Label (product.metafields.…)`. A variant whose inventory is not tracked is `UNCOUNTED`, and
so is a tracked one when the export has no quantities (shops with several locations export those apart); a quantity
below 0 (sold in advance) counts as 0.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.passages import UNCOUNTED, Origin, Variant, Wording
from knowledge.sources.catalogue import FACT, OPTION, VALUE, Head, Offer, Skipped, Translation
from knowledge.sources.fields import Record, facts_of
from knowledge.sources.files import Report, Source, shown
from knowledge.sources.plain import one_line, to_text
from knowledge.sources.rows import Row, rows

PRODUCT_COLUMNS = ("Handle", "Title", "Variant Price")
TRANSLATION_COLUMNS = ("Type", "Identification", "Field", "Locale", "Translated content")

_HANDLE = "a product's handle, as ridgeline-2-tent"
_METAFIELD = re.compile(r"(.+?) \(product\.metafields\.[^)]+\)")
_OPTIONS = ("Option1", "Option2", "Option3")
_ONLY_CHOICE = "Default Title"


@dataclass(slots=True)
class _Current:
    """What is remembered from the first rows of the handles: their option names, and which are left out."""

    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)


def products(source: Source, report: Report) -> Iterator[Head | Offer | Skipped]:
    """The products and variants of a product export."""
    current = _Current()
    facts: dict[str, str] | None = None
    for row in rows(source, report, PRODUCT_COLUMNS):
        if facts is None:
            facts = _metafields(row)
        record = Record(row, report)
        handle = record.id("Handle", _HANDLE)
        if not record.ok:
            continue
        title = record.line("Title")
        if title:
            yield _first(source, record, handle, facts) if _sold(record) else Skipped(handle)
            if not _sold(record) or not record.ok:
                current.left_out.add(handle)
            current.options.setdefault(handle, tuple(record.line(f"{option} Name") for option in _OPTIONS))
        if handle not in current.left_out and not (handle in current.options and _is_image(record)):
            yield _offer(source, record, handle, current.options.get(handle, ()))


def _metafields(row: Row) -> dict[str, str]:
    """Label → column, for the columns that hold metafields."""
    found = ((_METAFIELD.fullmatch(column), column) for column in row.cells)
    return {match[1].strip(): column for match, column in found if match}


def _sold(record: Record) -> bool:
    """Whether shoppers can see the product."""
    return record.raw("Published").lower() != "false" and record.raw("Status").lower() in ("", "active")


def _is_image(record: Record) -> bool:
    """Whether the row only adds an image to its product."""
    filled = ("Variant SKU", "Variant Price", *(f"{option} Value" for option in _OPTIONS))
    return bool(record.raw("Image Src")) and not any(map(record.raw, filled))


def _first(source: Source, record: Record, handle: str, facts: dict[str, str]) -> Head | Skipped:
    category = record.line("Type") or record.line("Product Category").rpartition(" > ")[2]
    image = record.address("Image Src")
    grams = _grams(record)
    words = Wording(
        name=record.line("Title"),
        description=record.text("Body (HTML)"),
        category=category,
        facts=facts_of(record, facts),
    )
    head = Head(
        handle=handle,
        lang=source.lang,
        words=words,
        origin=Origin(source.file, record.row.line),
        brand=record.line("Vendor"),
        tags=tuple(tag.lower() for tag in record.lines("Tags", ",")),
        weight_g=grams,
        url=source.address(handle) or f"/products/{handle}",
        image=image,
    )
    return head if record.ok else Skipped(handle)


def _grams(record: Record) -> int | None:
    """The variant's weight; Shopify writes 0 where nobody entered one, and fractions for imperial units."""
    text = record.raw("Variant Grams")
    whole, dot, cents = text.partition(".")
    if dot and whole.isdecimal() and cents.isdecimal() and whole.isascii() and len(whole) < 10:
        return round(float(f"{whole}.{cents[:3]}")) or None
    return record.whole("Variant Grams", "a weight in whole grams, as 1480", 0) or None if text else None


def _offer(source: Source, record: Record, handle: str, names: tuple[str, ...]) -> Offer | Skipped:
    options = _chosen(record, names)
    price = record.price("Variant Price")
    compare_at = record.price("Variant Compare At Price", needed=False)
    stock = _stock(record)
    if not record.ok or price is None:
        return Skipped(handle)
    variant = Variant(
        sku=record.line("Variant SKU").lstrip("'"),
        price=price,
        currency=source.currency,
        stock=stock,
        options=options,
        compare_at=compare_at if compare_at and compare_at > price else None,
    )
    return Offer(handle, variant, Origin(source.file, record.row.line))


def _chosen(record: Record, names: tuple[str, ...]) -> dict[str, str]:
    """Option → value of this variant; complains about a value whose option has no name."""
    options = {}
    for index, option in enumerate(_OPTIONS):
        value = record.line(f"{option} Value")
        name = names[index] if index < len(names) else ""
        if value and value != _ONLY_CHOICE and not name and names:
            record.wrong(f"{option} Value", f"unknown option {shown(value)}", f"a name of it in {option} Name before")
        elif value and value != _ONLY_CHOICE:
            options[name] = value
    return options


def _stock(record: Record) -> int:
    if not record.raw("Variant Inventory Tracker") or "Variant Inventory Qty" not in record.row.cells:
        return UNCOUNTED
    return record.stock("Variant Inventory Qty", oversold=True)


def translations(source: Source, report: Report) -> Iterator[Translation]:
    """The translated fields of an export of translations; fields that nobody translated are passed over.

    `Identification` is the handle, or a number that the product's `handle` row explains. Rows of the types
    PRODUCT_OPTION and PRODUCT_OPTION_VALUE hold for every product that has such an option.
    """
    handles: dict[str, str] = {}
    for row in rows(source, report, TRANSLATION_COLUMNS):
        record = Record(row, report)
        kind, name, text = record.raw("Type").upper(), record.raw("Field"), record.raw("Translated content")
        default, ident = record.raw("Default content"), record.raw("Identification").lstrip("'")
        if kind == "PRODUCT" and name == "handle":
            handles[ident] = default
        if not text:
            continue
        origin, lang = Origin(source.file, row.line), record.lang("Locale", source.lang)
        if not record.ok:
            continue
        if kind in ("PRODUCT_OPTION", "PRODUCT_OPTION_VALUE") and name == "name" and default:
            prefix = OPTION if kind == "PRODUCT_OPTION" else VALUE
            yield Translation("", lang, prefix + default, one_line(text), origin)
        elif kind == "PRODUCT" and _is_shown(name):
            if not ident:
                record.wrong("Identification", "nothing", _HANDLE)
                continue
            if cleaned := to_text(text) if name == "body_html" else one_line(text):
                yield Translation(handles.get(ident, ident), lang, name, cleaned, origin)


def _is_shown(name: str) -> bool:
    """Whether shoppers read the field in an answer; search-engine titles and addresses are left out."""
    return name in ("title", "body_html", "product_type") or name.startswith((FACT, OPTION, VALUE))
