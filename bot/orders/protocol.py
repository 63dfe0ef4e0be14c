"""What an order system must be able to do; adapters are chosen by one dial (`opening.py`)."""

from collections.abc import Sequence
from typing import Protocol

from bot.orders.order import Change, Customer, Order, Outcome


class Orders(Protocol):
    """The shop's orders. Every method raises `OrdersFailed` when the order system is down, slow or talks nonsense.

    Whoever asks has proved nothing yet: what may be told to whom is not known here (`talk.py`).
    """

    async def find(self, number: str) -> Order | None:
        """The order with this number, however it is written (`fw 204817`); None when there is none."""
        ...

    async def of(self, customer: Customer) -> Sequence[Order]:
        """A customer's orders, the latest first, at most twenty."""
        ...

    async def change(self, change: Change) -> Outcome:
        """Make a change, unless the order's state of this moment forbids it.

        The same key again, also at the same time or after a crash, gives the outcome of the first time.
        """
        ...

    async def ping(self) -> None:
        """Ask for a sign of life."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
