"""Unknown and wrong look the same in time: every step that a reply waits for is the same, whatever belongs together.

Time itself is not measured here, as a busy machine would make such a test fail now and then and prove little. Instead
each part that a reply may wait for is watched: the store of proofs (over the twin and a real Redis), the order system,
the sender. The same calls in the same order with arguments of the same length, and none to what knows the answer,
leave nothing that could take longer for one pair than for another.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.orders.order import Order
from bot.orders.proof import Limits
from bot.orders.proofs import Proofs, open_proofs
from bot.orders.senders import Mail, MemorySender
from bot.orders.table import MemoryOrders
from tests.support.ordering import NOW, RULES, Chat, chatting, order

ANA, EVE = "ana@mail.example", "eve@mail.example"
PAIRS = [("AB-10001", ANA), ("AB-10001", EVE), ("AB-99999", ANA), ("ZZ-12345", EVE)]
"""Number and address that belong together; another's; of no order; of nobody and no order."""
SAID = ("{number} {email}", "000001", "send a new code", "000002", "000003", "000004", "000005", "I did not get it")

Step = tuple[str, tuple[int, ...]]


class Seen:
    """A part that notes each call to it: its name and how long each word of it is."""

    def __init__(self, part: Any, steps: list[Step]) -> None:
        self._part, self._steps = part, steps

    def __getattr__(self, name: str) -> Any:
        """The part's own, noted if it is called."""
        found = getattr(self._part, name)

        async def noted(*args: Any) -> Any:
            self._steps.append((name, tuple(len(str(arg)) for arg in args)))
            return await found(*args)

        return noted


@pytest.fixture
async def proofs(state_url: str) -> AsyncIterator[Proofs]:
    """A store of proofs."""
    opened = open_proofs(state_url)
    yield opened
    await opened.aclose()


@pytest.mark.parametrize("opening", ["where is my order?", "我要取消订单"])
async def test_every_pair_takes_the_same_steps(proofs: Proofs, conversation: str, opening: str) -> None:
    """The whole way up to the last wrong code: the same calls to the store, the same pings, and no look-up before."""
    seen: list[list[Step]] = []
    for n, (number, email) in enumerate(PAIRS):
        steps: list[Step] = []
        orders: Any = Seen(MemoryOrders([order()], RULES, lambda: NOW), steps)
        store: Any = Seen(proofs, steps)
        chat = chatting(orders, proofs=store, limits=Limits(pause_s=0, per_email=99, per_order=99, per_address=99))
        chat.conversation = f"{conversation}-{n}"
        before: list[Step] = []

        def replied(steps: list[Step] = steps, before: list[Step] = before) -> None:
            """The reply is there: what was called for it, and not what follows behind it."""
            before.extend(steps)
            steps.clear()

        chat.on_reply = replied
        for text in (opening, *SAID):
            await chat.told(text.format(number=number, email=email))
            steps.clear()
        seen.append(before)
    assert all(steps == seen[0] for steps in seen)
    assert {name for name, _ in seen[0]} == {"allow", "open", "take", "trusted", "ping"}


class Stuck(MemoryOrders):
    """Orders whose look-up does not come back until it is let go."""

    gate: asyncio.Event

    async def find(self, number: str) -> Order | None:
        """Wait, then answer."""
        await self.gate.wait()
        return await super().find(number)


class StuckSender(MemorySender):
    """A sender that does not come back either."""

    gate: asyncio.Event

    async def send(self, mail: Mail) -> None:
        """Wait, then send."""
        await self.gate.wait()
        await super().send(mail)


@pytest.mark.parametrize("stuck", ["look-up", "sender"])
async def test_no_reply_waits_for_what_knows_the_answer(stuck: str) -> None:
    """With a look-up, or a sender, that takes for ever, each pair has its replies all the same, and they are alike."""
    told = []
    for number, email in PAIRS:
        gate = asyncio.Event()
        orders: MemoryOrders = MemoryOrders([order()], RULES, lambda: NOW)
        if stuck == "look-up":
            orders = Stuck([order()], RULES, lambda: NOW)
            orders.gate = gate
        chat = chatting(orders, limits=Limits(pause_s=0))
        if stuck == "sender":
            chat.proof.sender = sender = StuckSender()
            sender.gate = gate
        chat.wait_for_mails = False
        async with asyncio.timeout(10):
            told.append([await _said(chat, text, number, email) for text in ("where is my order?", *SAID[:5])])
        gate.set()
        await chat.proof.settle()
    assert all(said == told[0] for said in told)


async def _said(chat: Chat, text: str, number: str, email: str) -> str:
    return await chat.told(text.format(number=number, email=email))
