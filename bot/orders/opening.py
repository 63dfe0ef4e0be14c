"""Opens what the shop's dials say: its orders, the way to send codes, and the skill that talks about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.errors import BadSettings
from bot.handoff import Reach
from bot.orders.proof import Limits, Proof
from bot.orders.proofs import open_proofs
from bot.orders.protocol import Orders
from bot.orders.rules import Rules
from bot.orders.senders import open_sender
from bot.orders.table import TableOrders
from bot.orders.talk import OrderTalk
from bot.orders.webhook import SignedPost, WebhookOrders


@dataclass(frozen=True, slots=True)
class Dials:
    """What `settings.py` says about orders.

    Attributes:
        orders: `table:`, `table:<file>`, `none:` or an `https://…` endpoint.
        sender: See `senders.py`.
        content: Folder of the shop's sources, where the table is.
        data: Folder where changes to the table are kept.
        secret: Shared with the endpoint; signs what is sent to it.
        key: Ours alone; codes and what is kept of them are made with it.
    """

    orders: str
    sender: str
    content: Path
    data: Path
    redis: str
    secret: str
    key: str
    timeout_s: float
    mail_from: str
    rules: Rules = field(default_factory=Rules)
    limits: Limits = field(default_factory=Limits)
    reach: Reach = field(default_factory=Reach)


def open_talk(dials: Dials, clock: Callable[[], datetime]) -> OrderTalk | None:
    """The skill; None where the shop has no orders to show.

    Raises:
        BadSettings: A dial has nothing behind it.
    """
    orders = open_orders(dials, clock)
    if orders is None:
        return None
    sender = open_sender(dials.sender, sent_from=dials.mail_from, secret=dials.secret, timeout_s=dials.timeout_s)
    proof = Proof(open_proofs(dials.redis), orders, sender, dials.key, clock, dials.limits)
    return OrderTalk(proof, dials.rules, dials.reach)


def open_orders(dials: Dials, clock: Callable[[], datetime]) -> Orders | None:
    """The order system behind the dial; None for `none:`.

    Raises:
        BadSettings: There is none behind it.
    """
    scheme, _, rest = dials.orders.partition(":")
    match scheme:
        case "none":
            return None
        case "table":
            path = dials.content / (rest or "orders.jsonl")
            return TableOrders(path, dials.data / "orders.db", dials.rules, clock)
        case "http" | "https":
            return WebhookOrders(SignedPost(dials.orders, dials.secret, dials.timeout_s))
        case _:
            raise BadSettings(f"AISLE_ORDERS: got {scheme}:, wanted table:, none: or https://…")
