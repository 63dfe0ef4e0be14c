"""Prices and stock of now, for the shop's own system or an admin."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.errors import BadKnowledge
from bot.prices import UNSET, Item
from bot.routes.auth import signed_in
from knowledge.live import Override
from knowledge.passages import UNCOUNTED, Product, Variant

router = APIRouter(prefix="/api", tags=["products"])

_writer = signed_in(Role.ADMIN, Scope.PRODUCTS_WRITE)
_KEYS = frozenset({"sku", "price", "stock"})


class Changes(BaseModel):
    """Up to 1,000 items as `{"sku": "RDG-2-GRN", "price": "329.00", "stock": 4}`."""

    model_config = ConfigDict(extra="forbid")

    items: list[dict[str, Any]]


class Wanted(BaseModel):
    """Which variants; everything that is given must fit. `next` of one page is `after` of the next one."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=200)
    lang: str = Field("", max_length=8)
    live: bool = False
    after: str = Field("", max_length=200)
    limit: int = Field(60, ge=1, le=1000)


@router.get("/products")
async def variants(
    request: Request, asked: Annotated[Wanted, Query()], _who: Annotated[Person, Depends(_writer)]
) -> dict[str, Any]:
    """The variants of the snapshot that serves, by SKU: price and stock as the sources have them, and what is `live`.

    A stock of null is not counted. `q` is looked for in SKUs, names and options; with `live`, only those that are
    other than the sources have them.
    """
    services = request.app.state.services
    found = sorted(_rows(services.library.current.products, services.upkeep.prices.now, asked), key=lambda r: r["sku"])
    later = [row for row in found if row["sku"] > asked.after][: asked.limit]
    more = bool(later) and later[-1] is not found[-1]
    return {"items": later, "next": later[-1]["sku"] if more else None, "total": len(found)}


@router.patch("/products")
async def change(body: Changes, request: Request, who: Annotated[Person, Depends(_writer)]) -> dict[str, Any]:
    """Change prices and stock, in all workers' answers at once, without a build.

    Each item has a `sku` of the snapshot that serves and a `price` (in the variant's own currency), a `stock`, or
    both; null takes a value back, so that the source's own counts again. A value stays until then, also over later
    builds. All items are taken or none: 422 lists every item that cannot be, by `index`, `sku` and `column`.
    """
    items = [_item(index, one) for index, one in enumerate(body.items)]
    services = request.app.state.services
    now = await services.upkeep.prices.change(items, services.library.current, who.name)
    return {"items": [_shown(sku, override) for sku, override in now.items()]}


@router.get("/products/live")
async def live(request: Request, _who: Annotated[Person, Depends(_writer)]) -> dict[str, Any]:
    """All prices and stock that are other than the sources have them, by SKU."""
    now = request.app.state.services.upkeep.prices.now
    return {"items": [_shown(sku, now[sku]) for sku in sorted(now)]}


def _item(index: int, one: dict[str, Any]) -> Item:
    if beyond := sorted(one.keys() - _KEYS):
        found, wanted = f"an unknown key {beyond[0][:40]!r}", ", ".join(sorted(_KEYS))
        problem = {"index": index, "sku": one.get("sku"), "column": beyond[0][:40], "found": found, "wanted": wanted}
        raise BadKnowledge(f"item {index}: got {found}, wanted {wanted}; nothing was changed", [problem])
    return Item(one.get("sku"), one.get("price", UNSET), one.get("stock", UNSET))


def _rows(products: Mapping[str, Product], now: Mapping[str, Override], asked: Wanted) -> Iterator[dict[str, Any]]:
    for product in products.values():
        for variant in product.variants:
            if variant.sku and (not asked.live or variant.sku in now):
                row = _row(product, variant, asked.lang)
                text = f"{row['sku']} {row['name']} {row['options']} {product.handle}".casefold()
                if all(word in text for word in asked.q.casefold().split()):
                    override = now.get(variant.sku)
                    yield row | {"live": None if override is None else _values(override)}


def _row(product: Product, variant: Variant, lang: str) -> dict[str, Any]:
    words = product.words(lang or "en")
    return {
        "sku": variant.sku,
        "handle": product.handle,
        "name": words.name,
        "options": " · ".join(words.options.get(value, value) for value in variant.options.values()),
        "currency": variant.currency,
        "price": str(variant.price),
        "stock": None if variant.stock >= UNCOUNTED else variant.stock,
    }


def _values(override: Override) -> dict[str, Any]:
    return {"price": None if override.price is None else str(override.price), "stock": override.stock}


def _shown(sku: str, override: Override) -> dict[str, Any]:
    return {"sku": sku, **_values(override)}
