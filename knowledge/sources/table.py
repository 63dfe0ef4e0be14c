"""Products from any CSV, TSV or JSON lines file, by a mapping of columns.

The listing's `columns` say which column is which field (`handle = "Article no."`), `options` what a shopper chooses
(`Size = "Groesse"`), `facts` what else is worth telling (`Material = "Stoff"`). A field that is not mapped is looked
for under its own name. Rows with one handle are variants of one product; rows of the same handle in another `lang` give
its words in that language, and their prices are not read again. Without a stock column nothing is counted.
"""

from collections.abc import Iterator, Mapping

from knowledge.passages import UNCOUNTED, Origin, Variant, Wording
from knowledge.sources.catalogue import Head, Offer, Skipped
from knowledge.sources.fields import Record, facts_of
from knowledge.sources.files import Report, Source
from knowledge.sources.rows import rows

NEEDED = ("handle", "name", "price")
FIELDS = (
    *("handle", "name", "price", "sku", "stock", "description", "brand", "category", "tags", "compare_at"),
    *("currency", "weight_g", "image", "url", "lang"),
)
_HANDLE = "a stable id of the product, in one word"


def products(source: Source, report: Report) -> Iterator[Head | Offer | Skipped]:
    """The products and variants of a table."""
    columns = {name: source.columns.get(name, name) for name in FIELDS}
    mapped = [*source.columns.values(), *source.options.values(), *source.facts.values()]
    first_lang: dict[str, str] = {}
    for row in rows(source, report, [columns[name] for name in NEEDED] + mapped):
        record = Record(row, report)
        handle = record.id(columns["handle"], _HANDLE)
        if not record.ok:
            continue
        head = _head(source, record, handle, columns)
        translated = first_lang.setdefault(handle, head.lang) != head.lang
        offer = None if translated else _offer(source, record, handle, columns)
        if not record.ok:
            yield Skipped(handle)
            continue
        yield head
        if offer:
            yield offer


def _head(source: Source, record: Record, handle: str, columns: Mapping[str, str]) -> Head:
    weight = columns["weight_g"]
    words = Wording(
        name=record.line(columns["name"], "the product's name"),
        description=record.text(columns["description"]),
        category=record.line(columns["category"]),
        facts=facts_of(record, source.facts),
    )
    return Head(
        handle=handle,
        lang=record.lang(columns["lang"], source.lang),
        words=words,
        origin=Origin(source.file, record.row.line),
        brand=record.line(columns["brand"]),
        tags=tuple(tag.lower() for tag in record.lines(columns["tags"], ",")),
        weight_g=record.whole(weight, "a weight in whole grams, as 1480", 0) or None if record.raw(weight) else None,
        url=source.address(handle, record.address(columns["url"])),
        image=record.address(columns["image"]),
    )


def _offer(source: Source, record: Record, handle: str, columns: Mapping[str, str]) -> Offer | None:
    price = record.price(columns["price"])
    compare_at = record.price(columns["compare_at"], needed=False)
    stock = record.stock(columns["stock"]) if columns["stock"] in record.row.cells else UNCOUNTED
    sku = record.line(columns["sku"])
    currency = record.currency(columns["currency"], source.currency)
    options = {label: value for label, name in source.options.items() if (value := record.line(name))}
    if price is None or not record.ok:
        return None
    variant = Variant(
        sku=sku,
        price=price,
        currency=currency,
        stock=stock,
        options=options,
        compare_at=compare_at if compare_at and compare_at > price else None,
    )
    return Offer(handle, variant, Origin(source.file, record.row.line))
