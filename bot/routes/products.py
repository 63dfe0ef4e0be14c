"""Prices and stock of now, for the shop's own system or an admin."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.errors import BadKnowledge
from bot.prices import UNSET, Item
from bot.routes.auth import signed_in
from knowledge.live import Override

router = APIRouter(prefix="/api", tags=["products"])

_writer = signed_in(Role.ADMIN, Scope.PRODUCTS_WRITE)
_KEYS = frozenset({"sku", "price", "stock"})


class Changes(BaseModel):
    """Up to 1,000 items as `{"sku": "RDG-2-GRN", "price": "329.00", "stock": 4}`."""

    model_config = ConfigDict(extra="forbid")

    items: list[dict[str, Any]]


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


def _shown(sku: str, override: Override) -> dict[str, Any]:
    price = None if override.price is None else str(override.price)
    return {"sku": sku, "price": price, "stock": override.stock}
