"""Proof that an order is the shopper's: a code to the order's address, three tries, ten minutes, then half an hour.

Whether number and address belong together must not show before the code is there, in words or in time. So nothing on
the way of the reply depends on it: a code is made and kept for every pair, right or wrong, in the same steps; the order
is looked up, and the code sent, by a task that the reply does not wait for. A pair that does not belong together has a
code that nobody was told; `tests/bot/test_orders_timing.py` watches every step. The code is derived from the message
that asked for it (as in RFC 4226, with our secret as key), so a turn that is answered again after a crash sends the
same one.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import structlog

from bot.errors import AisleError
from bot.orders import words
from bot.orders.order import Customer, Order, plain_number
from bot.orders.proofs import Asked, Proofs, Tried, Trust
from bot.orders.protocol import Orders
from bot.orders.senders import Mail, Sender

log = structlog.get_logger()

DIGITS = 6
CLOSE_S = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a code and the trust in it last, how many tries it has, and how many codes may be asked for.

    Attributes:
        pause_s: Look-up and sending begin so long after the code is kept: by then the reply has left, and what they
            cost this process cannot be seen in it.
    """

    code_ttl_s: int = 600
    tries: int = 3
    trust_ttl_s: int = 1800
    window_s: int = 3600
    per_shopper: int = 5
    per_email: int = 5
    per_order: int = 5
    per_address: int = 20
    pause_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Plea:
    """Somebody says that an order is theirs.

    Attributes:
        seq: The message that says so.
        network: Pseudonym of the network that it came from; all from nowhere known count as one.
        identity: Who the shop says that it is; empty when it does not.
    """

    conversation: str
    seq: int
    number: str
    email: str
    lang: str
    shop: str
    network: str = ""
    identity: str = ""


class Result(StrEnum):
    """What came of a code."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Judged:
    """A code that was judged; `order` is there when it was right, `left` says how many tries there still are."""

    result: Result
    order: Order | None = None
    left: int = 0


@dataclass(slots=True)
class Proof:
    """Codes and trust over one store, one order system and one sender."""

    proofs: Proofs
    orders: Orders
    sender: Sender
    secret: str
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self, plea: Plea) -> bool:
        """Send a code to the address if the order is its; nobody is told whether it was.

        Returns:
            False when shopper, network, address or order have asked for too many codes: then nothing is sent, and
            the limits behind the one that says so are not touched, so that nobody uses up another's.

        Raises:
            StateLost: Redis is away.
        """
        now_ms, nonce = self._now_ms(), f"{plea.conversation}:{plea.seq}"
        window_ms = self.limits.window_s * 1000
        for who, most in self._counted(plea):
            if not await self.proofs.allow(self._keyed(who), nonce, most, window_ms, now_ms):
                return False
        code = self._code(plea)
        until_ms = now_ms + self.limits.code_ttl_s * 1000
        asked = Asked(self._hash(plea.conversation, code), plea.number, plea.email, until_ms)
        await self.proofs.open(plea.conversation, nonce, asked, now_ms)
        task = asyncio.create_task(self._send(plea, code))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return True

    def _counted(self, plea: Plea) -> tuple[tuple[str, int], ...]:
        """Whose codes are counted, and how many each may have; who asks comes before what is asked for."""
        return (
            (f"network:{plea.network}", self.limits.per_address),
            (f"shopper:{plea.identity or plea.conversation}", self.limits.per_shopper),
            (f"email:{plea.email.casefold()}", self.limits.per_email),
            (f"order:{plain_number(plea.number)}", self.limits.per_order),
        )

    async def judge(self, conversation: str, seq: int, number: str, code: str) -> Judged:
        """Try a code for an order. One for an order that is not the address's is wrong, even if it is guessed.

        Raises:
            OrdersFailed: The order could not be looked up.
            StateLost: Redis is away.
        """
        now_ms, nonce = self._now_ms(), f"{conversation}:{seq}"
        tried = await self.proofs.take(conversation, nonce, self.limits.tries, now_ms)
        if tried is None:
            return await self._judged_before(conversation, nonce, number)
        if tried.fits(self._hash(conversation, code)) and (order := await self._owned(tried)):
            trust = Trust(tried.email, nonce, now_ms + self.limits.trust_ttl_s * 1000)
            await self.proofs.trust(conversation, trust, now_ms)
            return Judged(Result.RIGHT, order)
        return Judged(Result.WRONG, left=self.limits.tries - tried.count)

    async def trusted(self, conversation: str) -> Trust | None:
        """The trust that the conversation has now.

        Raises:
            StateLost: Redis is away.
        """
        return await self.proofs.trusted(conversation, self._now_ms())

    async def settle(self) -> None:
        """Wait until every code on its way is sent, or has failed."""
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def aclose(self) -> None:
        """Give mails on their way a moment, then close sender, order system and store."""
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=CLOSE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        for part in (self.sender, self.orders, self.proofs):
            await part.aclose()

    async def _judged_before(self, conversation: str, nonce: str, number: str) -> Judged:
        """No code is open: because this very message used it up before a crash, or because it is over."""
        trust = await self.trusted(conversation)
        order = await self.orders.find(number) if trust and trust.by == nonce else None
        mine = trust and order and Customer(email=trust.email).owns(order)
        return Judged(Result.RIGHT, order) if mine else Judged(Result.OVER)

    async def _owned(self, tried: Tried) -> Order | None:
        order = await self.orders.find(tried.number)
        return order if order and Customer(email=tried.email).owns(order) else None

    async def _send(self, plea: Plea, code: str) -> None:
        await asyncio.sleep(self.limits.pause_s)
        try:
            order = await self.orders.find(plea.number)
            if order and Customer(email=plea.email).owns(order):
                await self.sender.send(_mail(plea, order.email, code, self.limits.code_ttl_s // 60))
        except AisleError as error:
            log.warning("code not sent", conversation=plea.conversation, code=error.code, error=error.message)
        except Exception as error:
            log.error("code not sent", conversation=plea.conversation, error=type(error).__name__)

    def _code(self, plea: Plea) -> str:
        said = f"code\n{plea.conversation}\n{plea.seq}\n{plain_number(plea.number)}\n{plea.email.casefold()}"
        digest = hmac.new(self.secret.encode(), said.encode(), hashlib.sha256).digest()
        return f"{int.from_bytes(digest[:16], 'big') % 10**DIGITS:0{DIGITS}}"

    def _hash(self, conversation: str, code: str) -> str:
        return self._keyed(f"proof\n{conversation}\n{code}")

    def _keyed(self, text: str) -> str:
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _now_ms(self) -> int:
        return int(self.clock().timestamp() * 1000)


def _mail(plea: Plea, to: str, code: str, minutes: int) -> Mail:
    """The code and the shop's name, and nothing of the order."""
    subject = words.say("mail_subject", plea.lang, shop=plea.shop)
    text = words.say("mail_text", plea.lang, shop=plea.shop, code=code, minutes=str(minutes))
    return Mail(to, subject, text, plea.lang)
