"""What may be done with an order in its state, and what the shopper gets back. Pure.

The words for why not are in `words.py`, under `no_` and the reason's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bot.orders.order import ChangeKind, Item, Order

OPEN = ("placed", "paid", "packed", "on_hold")
UNDER_WAY = ("shipped", "lost")
COMING_BACK = ("return_requested", "returned", "refunded")
NEEDS_A_PERSON = ("unclear", "lost")


@dataclass(frozen=True, slots=True)
class Rules:
    """The shop's own. `return_days` count from delivery; products with one of `no_return_tags` do not come back."""

    return_days: int = 60
    no_return_tags: frozenset[str] = frozenset()


def refusal(order: Order, kind: ChangeKind, now: datetime, rules: Rules) -> str:
    """Why the change cannot be made, in one word; empty when it can."""
    if order.state == "cancelled":
        return "already_cancelled"
    if order.state in COMING_BACK:
        return "already_returned"
    return _return(order, now, rules) if kind is ChangeKind.RETURN else _before_dispatch(order, kind)


def _before_dispatch(order: Order, kind: ChangeKind) -> str:
    if kind is ChangeKind.ADDRESS and order.shipping.method in ("pickup", "email"):
        return "no_parcel"
    if order.state == "delivered":
        return "delivered"
    if order.state in UNDER_WAY or order.shipping.dispatched_at:
        return "dispatched"
    return "" if order.state in OPEN else "unclear"


def _return(order: Order, now: datetime, rules: Rules) -> str:
    if order.shipping.method == "email":
        return "final_sale"
    if order.state in OPEN:
        return "not_sent"
    if order.state == "shipped":
        return "not_arrived"
    if order.state == "lost":
        return "lost"
    came = order.shipping.delivered_at or order.since("delivered")
    if order.state != "delivered" or came is None:
        return "unclear"
    last = came + timedelta(days=rules.return_days)
    return "too_late" if now.astimezone(came.tzinfo).date() > last.date() else ""


def refund(order: Order, kind: ChangeKind, items: Sequence[Item]) -> Decimal:
    """What comes back: all that was paid for a cancelled order, the items' share of it for a return.

    A return's share is what the items cost after discount and with tax, without shipping; postage of the return, which
    the shop may deduct, is not known here. An order whose history begins and has no payment yet gives back nothing.
    """
    if kind is ChangeKind.ADDRESS or (order.history and order.since("paid") is None and order.state != "delivered"):
        return Decimal(0)
    if kind is ChangeKind.CANCEL:
        return order.total
    worth = sum((item.price * item.quantity for item in items), Decimal(0))
    whole = sum((item.price * item.quantity for item in order.items), Decimal(0))
    paid = order.total - order.shipping_cost
    return (paid * worth / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else Decimal(0)
