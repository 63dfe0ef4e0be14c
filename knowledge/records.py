"""Passages, products, reviews and promotions as lines of JSON, and back. Pure; does not know where they are kept.

Written by hand rather than by a schema library: reading 100k passages is a part of every start.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import orjson

from knowledge.glossary import Layer, Term
from knowledge.passages import Kind, Origin, Passage, Product, Promotion, Review, Variant, Wording

Record = TypeVar("Record")


def lines(records: Iterable[Any]) -> bytes:
    """One line of JSON for each frozen value.

    Raises:
        ValueError: A value that JSON cannot hold, such as a lone surrogate; says which record.
    """
    out = []
    for record in records:
        try:
            out.append(orjson.dumps(record, default=_plain))
        except TypeError as error:
            raise ValueError(f"{_label(record)}: {error}") from None
    return b"".join(line + b"\n" for line in out)


def parse(data: bytes, read: Callable[[Any], Record]) -> tuple[Record, ...]:
    """Each line through `read`.

    Raises:
        ValueError, KeyError, TypeError: The lines were not written by `lines`.
    """
    return tuple(read(orjson.loads(line)) for line in data.splitlines())


def passage(value: Any) -> Passage:
    """A passage from its JSON value."""
    made: dict[str, Any] = value | {
        "kind": Kind(value["kind"]),
        "origin": Origin(**value["origin"]),
        "questions": tuple(value["questions"]),
    }
    return Passage(**made)


def product(value: Any) -> Product:
    """A product from its JSON value."""
    made: dict[str, Any] = value | {
        "wording": {lang: Wording(**words) for lang, words in value["wording"].items()},
        "variants": tuple(_variant(variant) for variant in value["variants"]),
        "origin": Origin(**value["origin"]),
        "tags": tuple(value["tags"]),
    }
    return Product(**made)


def review(value: Any) -> Review:
    """A review from its JSON value."""
    made: dict[str, Any] = value | {"origin": Origin(**value["origin"])}
    return Review(**made)


def promotion(value: Any) -> Promotion:
    """A promotion from its JSON value."""
    made: dict[str, Any] = value | {
        "value": Decimal(value["value"]),
        "min_order": Decimal(value["min_order"]),
        "starts": None if value["starts"] is None else date.fromisoformat(value["starts"]),
        "ends": date.fromisoformat(value["ends"]),
        "origin": Origin(**value["origin"]),
        **{name: tuple(value[name]) for name in ("applies_to", "excludes", "stacks_with")},
    }
    return Promotion(**made)


def term(value: Any) -> Term:
    """A glossary's term from its JSON value."""
    return Term({lang: tuple(forms) for lang, forms in value["forms"].items()}, Layer(value["layer"]))


def _variant(value: Any) -> Variant:
    compare_at = value["compare_at"]
    made: dict[str, Any] = value | {
        "price": Decimal(value["price"]),
        "compare_at": None if compare_at is None else Decimal(compare_at),
    }
    return Variant(**made)


def _plain(value: Any) -> Any:
    """What orjson does not know: amounts, and mappings that are no dicts."""
    if isinstance(value, Decimal):
        return str(value)
    if hasattr(value, "items"):
        return dict(value.items())
    raise TypeError(f"found {type(value).__name__}, wanted something that JSON can hold")


def _label(record: Any) -> str:
    names = (getattr(record, name, None) for name in ("id", "handle", "code"))
    return repr(next(filter(None, names), type(record).__name__))
