"""Buyers' reviews as JSON lines or CSV: `product` (a handle), `stars` (1 to 5), `title`, `text`, `lang`."""

from collections.abc import Iterator

from knowledge.passages import Origin, Review
from knowledge.sources.fields import Record
from knowledge.sources.files import Report, Source
from knowledge.sources.rows import rows

_FIELDS = ("product", "stars", "title", "text", "lang")


def reviews(source: Source, report: Report) -> Iterator[Review]:
    """The reviews of a file; whether their products exist is not known here."""
    names = {name: source.columns.get(name, name) for name in _FIELDS}
    for row in rows(source, report, [names["product"], names["stars"], names["text"]]):
        record = Record(row, report)
        review = Review(
            product=record.id(names["product"], "a product's handle, as ridgeline-2-tent"),
            stars=record.whole(names["stars"], "1 to 5 stars, as a whole number", 1, 5) or 0,
            title=record.line(names["title"]),
            text=record.text(names["text"], "the review's words"),
            lang=record.lang(names["lang"], source.lang),
            origin=Origin(source.file, row.line),
        )
        if record.ok:
            yield review
