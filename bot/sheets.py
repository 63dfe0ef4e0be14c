"""The figures as tables, one CSV each: for spreadsheets, with a byte order mark and without formulas. Pure."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.errors import NotFound
from bot.export_formats import cell

BYTE_ORDER_MARK = "\ufeff"
Figures = Mapping[str, Any]
Row = Mapping[str, Any]

_ASKED = ("count", "conversations", "examples")
_PASSAGE = ("passage", "title", "kind", "lang", "count")


def _pairs(name: str, first: str, second: str) -> Callable[[Figures], Iterable[Row]]:
    """A mapping of names to numbers, as rows."""
    return lambda figures: [{first: key, second: value} for key, value in figures[name].items()]


def _times(figures: Figures) -> Iterable[Row]:
    return [{"time": name, **row} for name, row in figures["times"].items()]


def _all_passages(figures: Figures) -> Iterable[Row]:
    return [*figures["passages"]["most"], *({**row, "count": 0} for row in figures["passages"]["never"])]


def _listed(name: str) -> Callable[[Figures], Iterable[Row]]:
    return lambda figures: figures[name]


_TABLES: dict[str, tuple[tuple[str, ...], Callable[[Figures], Iterable[Row]]]] = {
    "totals": (("figure", "value"), _pairs("totals", "figure", "value")),
    "series": ((), _listed("series")),
    "hours": ((), _listed("hours")),
    "languages": (("lang", "conversations", "messages"), _listed("languages")),
    "outcomes": (("outcome", "conversations"), _pairs("outcomes", "outcome", "conversations")),
    "stages": (("stage", "conversations", "reached", "went_on", "abandoned", "handed_over"), _listed("stages")),
    "moods": (("mood", "conversations"), _pairs("moods", "mood", "conversations")),
    "ratings": (("rating", "replies"), _pairs("ratings", "rating", "replies")),
    "times": (("time", "p50", "p95", "count"), _times),
    "unanswered": (("question", "lang", *_ASKED, "last_at"), _listed("unanswered")),
    "passages": (_PASSAGE, _all_passages),
    "passages_most": (_PASSAGE, lambda figures: figures["passages"]["most"]),
    "passages_never": (_PASSAGE[:-1], lambda figures: figures["passages"]["never"]),
    "products": (("product", "name", *_ASKED), _listed("products")),
    "out_of_stock": (("product", "name", "choice", *_ASKED), _listed("out_of_stock")),
    "price_objections": (("product", "name", *_ASKED), _listed("price_objections")),
}
NAMES = tuple(_TABLES)


def sheet(name: str, figures: Figures) -> str:
    """A table as CSV.

    Raises:
        NotFound: There is no such table.
    """
    if name not in _TABLES:
        raise NotFound(f"got table {name[:40]!r}, wanted one of {', '.join(NAMES)}")
    columns, read = _TABLES[name]
    rows = list(read(figures))
    columns = columns or tuple(rows[0])
    text = io.StringIO()
    csv.writer(text).writerows([columns, *([_cell(row[column]) for column in columns] for row in rows)])
    return BYTE_ORDER_MARK + text.getvalue()


def _cell(value: object) -> object:
    """Several examples are lines of one cell."""
    several = isinstance(value, Sequence) and not isinstance(value, str)
    return cell("\n".join(value) if several else value)  # type: ignore[arg-type]
