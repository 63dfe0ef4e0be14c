"""The pieces of an invented product as the server would make them, and which of their lines state what."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.lab.train.invent.goods import traits
from bot.lab.train.invent.goods_items import Item
from bot.lab.train.invent.goods_prose import plural, written
from bot.lab.train.sample import Piece
from knowledge.passages import money
from knowledge.render import passages


def rendered(item: Item, units: dict[str, list[str]]) -> Item:
    """With the pieces that the server makes of the product."""
    pieces = []
    for passage in passages(item.product, "en"):
        text = passage.text
        for variant in item.variants:
            for amount, own in (
                (variant.price, item.paid[variant.sku]),
                (variant.compare_at, item.was.get(variant.sku)),
            ):
                if amount and own and (usual := money(amount, variant.currency)) != own:
                    text = re.sub(rf"(?<![\d,.]){re.escape(usual)}", own, text)
        pieces.append(Piece(passage.id, "product", passage.title, text))
    for line in (line for piece in pieces for line in piece.text.split("\n")):
        for tag in _tags(item, line):
            units.setdefault(tag, []).append(line)
    return _with(item, tuple(pieces), units)


def _tags(item: Item, line: str) -> Iterator[str]:
    """What a line states."""
    label, _, value = line.partition(": ")
    facts = item.product.words("en").facts
    if label in facts and value.startswith(facts[label][:8]):
        known = {trait.label: trait.id for trait in traits().values()}
        yield f"trait:{known[label]}" if label in known and label not in item.facts else f"fact:{label}"
        return
    by_sku = any(line.startswith(f"{variant.sku}: ") for variant in item.variants)
    stocked = by_sku or _is_stock(item, line)
    if by_sku or label in ("Price", "On sale"):
        yield "price"
    if stocked:
        yield "stock"
    for option, values in item.options().items():
        lists = stocked or label in ("Price", "On sale", plural(option))
        if lists and any(value in line for value in values):
            yield f"option:{option}"


def _is_stock(item: Item, line: str) -> bool:
    starts = (
        "In stock",
        "Out of stock",
        "Available",
        *(value for values in item.options().values() for value in values),
    )
    return line.startswith(starts) or "variants are in stock" in line


def in_prose(rng: random.Random, item: Item, units: dict[str, list[str]]) -> Item:
    """As a shop that writes its product texts by hand: sentences instead of lines."""
    text, more = written(rng, item, units)
    return _with(item, (Piece(f"product:{item.product.handle}:en", "product", item.name, text),), more)


def _with(item: Item, pieces: tuple[Piece, ...], units: Mapping[str, list[str]]) -> Item:
    return replace(item, pieces=pieces, units={tag: tuple(dict.fromkeys(found)) for tag, found in units.items()})
