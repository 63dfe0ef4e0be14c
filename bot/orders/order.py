"""An order as every adapter gives it, the changes that can be asked for, and what became of one. Values only.

The JSON of an order is the fields below, in the table's lines and in a webhook's answers alike; what a shop does not
know it leaves out. Times are ISO 8601 with an offset, amounts are numbers in the order's currency.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from bot.errors import OrdersFailed


@dataclass(frozen=True, slots=True)
class Item:
    """A line of an order. `price` is of one piece; what is not `returnable` the shop does not take back."""

    sku: str
    name: str
    quantity: int
    price: Decimal
    returnable: bool = True


@dataclass(frozen=True, slots=True)
class Shipping:
    """How it travels. `method` is `standard`, `express`, `pickup`, `email` or the shop's own word."""

    method: str = "standard"
    country: str = ""
    carrier: str | None = None
    tracking: str | None = None
    dispatched_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    eta: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """When an order came into a state."""

    at: AwareDatetime
    state: str


@dataclass(frozen=True, slots=True)
class Order:
    """An order.

    Attributes:
        customer: The shop's id of who placed it, as in the identities that it signs; empty for guests.
        state: `placed`, `paid`, `packed`, `shipped`, `delivered`, `on_hold`, `cancelled`, `return_requested`,
            `returned`, `refunded`, `lost`, or the shop's own word.
        history: Ascending; may be empty.
    """

    number: str
    email: str
    placed_at: AwareDatetime
    state: str
    currency: str
    total: Decimal
    items: tuple[Item, ...] = ()
    subtotal: Decimal = Decimal(0)
    shipping_cost: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    customer: str = ""
    shipping: Shipping = Shipping()
    history: tuple[Step, ...] = ()

    def since(self, state: str) -> datetime | None:
        """When it last came into `state`; None when it never did, or nobody noted it."""
        return next((step.at for step in reversed(self.history) if step.state == state), None)


class ChangeKind(StrEnum):
    """What a shopper may ask to be changed."""

    CANCEL = "cancel"
    ADDRESS = "address"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Change:
    """A change that the shopper has said yes to.

    Attributes:
        key: The same for the same yes, however often it is sent: the change is done once.
        address: The new address; for `ADDRESS` only.
        skus: What comes back; for `RETURN` only.
    """

    key: str
    number: str
    kind: ChangeKind
    address: str = ""
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a change. `reason` says why not, in one of the words of `rules.py` or the shop's own."""

    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """Whose orders: the shop's id of somebody whom it has verified, or an address that a code has proved."""

    user: str = ""
    email: str = ""

    def owns(self, order: Order) -> bool:
        """Whether the order is theirs. An id is an order's customer; where orders name none, it may be the address."""
        if self.user and order.customer:
            return order.customer == self.user
        mine = self.email or self.user
        return bool(mine) and mine.strip().casefold() == order.email.strip().casefold()


_orders: TypeAdapter[Order] = TypeAdapter(Order)


def read_order(values: Any) -> Order:
    """An order from JSON.

    Raises:
        OrdersFailed: It is none; says where, and shows nothing of it.
    """
    try:
        return _orders.validate_python(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise OrdersFailed(f"got an order that cannot be read ({where}: {first['msg']})") from None


def as_json(order: Order) -> Mapping[str, Any]:
    """The order as JSON-able values; `read_order` reads them."""
    values: Mapping[str, Any] = _orders.dump_python(order, mode="json")
    return values


def plain_number(number: str) -> str:
    """A number as it is compared: letters and digits only, capitals."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def change_key(conversation: str, asked: int, number: str, kind: ChangeKind) -> str:
    """The key of the change that message `asked` of a conversation led to."""
    said = f"{conversation}\n{asked}\n{plain_number(number)}\n{kind}"
    return hashlib.sha256(said.encode()).hexdigest()[:40]
