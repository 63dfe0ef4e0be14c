"""A conversation about orders without a server: real talk, proof and check; mails are kept, the clock is ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import ground
from bot.conversation import Author, Draft, Message, State, Understood
from bot.generate.protocol import Numbered
from bot.handoff import Reach
from bot.language import language
from bot.orders.beside import beside
from bot.orders.order import Order, read_order
from bot.orders.proof import Limits, Proof
from bot.orders.proofs import MemoryProofs, Proofs
from bot.orders.protocol import Orders
from bot.orders.rules import Rules
from bot.orders.senders import MemorySender
from bot.orders.table import TableOrders
from bot.orders.talk import OrderTalk
from bot.policy import Action
from bot.scene import Beside, Proposal, Scene, Spoken
from bot.understand import normalise
from knowledge import passages
from knowledge.live import Live
from knowledge.passages import Product

CONTENT = Path(passages.__file__).parent / "content"
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RULES = Rules(60, frozenset({"final sale"}))
LANGS = ("en", "zh")


def order(number: str = "AB-10001", state: str = "paid", **more: object) -> Order:
    """An order of somebody's, paid two days ago, with two things in it."""
    placed = NOW - timedelta(days=2)
    values: dict[str, object] = {
        "number": number,
        "email": "ana@mail.example",
        "placed_at": placed.isoformat(),
        "state": state,
        "currency": "EUR",
        "subtotal": 60,
        "shipping_cost": 5,
        "discount": 6,
        "tax": 0,
        "total": 59,
        "items": [
            {"sku": "S-1", "name": "Blue Wool Scarf", "quantity": 1, "price": 20},
            {"sku": "S-2", "name": "Red Hat", "quantity": 2, "price": 20},
        ],
        "history": [{"at": placed.isoformat(), "state": "placed"}, {"at": placed.isoformat(), "state": "paid"}],
    }
    return read_order({**values, **more})


@dataclass(slots=True)
class Chat:
    """One conversation. `say` returns what was proposed, after the check that every reply passes."""

    talk: OrderTalk
    proof: Proof
    mails: MemorySender
    identity: str = ""
    conversation: str = "c-1"
    now: datetime = NOW
    products: Mapping[str, Product] = field(default_factory=dict)
    state: State = field(default_factory=lambda: State("c-1"))
    history: tuple[Message, ...] = ()
    seq: int = 0
    on_reply: Callable[[], None] = lambda: None
    wait_for_mails: bool = True

    async def say(self, text: str, *, keep: bool = True) -> Proposal | None:
        """The reply to `text`; with `keep` false, as if the worker died before it was stored."""
        clean, seq = normalise(text), self.seq + 1
        lang = language(clean, self.state.lang, LANGS)
        scene = Scene(
            meaning=Understood(clean, clean, lang),
            state=self.state,
            hits=(),
            live=Live(self.products, {}),
            passages={},
            reviews=(),
            find=lambda _: (),
            history=self.history,
            now=self.now,
            conversation=self.conversation,
            identity=self.identity,
            shop="Corner Shop",
            seq=seq,
        )
        proposal = await self.talk(scene)
        self.on_reply()
        if self.wait_for_mails:
            await self.proof.settle()
        if proposal:
            supported(proposal, lang)
        if keep:
            added = Beside() if proposal else beside(scene, Spoken(Action.ANSWER))
            self._store(text, proposal, lang, added)
        return proposal

    async def told(self, text: str) -> str:
        """The words of the reply to `text`, which must be one about orders."""
        proposal = await self.say(text)
        assert proposal is not None, text
        return proposal.text

    @property
    def code(self) -> str:
        """The code of the last mail."""
        return "".join(c for c in self.mails.sent[-1].text.split("\n")[0] if c.isdigit())

    async def prove(self, number: str, email: str, text: str = "Where is my order {number}? {email}") -> str:
        """Ask for an order and give the code; what is said then."""
        await self.told(text.format(number=number, email=email))
        return await self.told(self.code)

    def aside(self, text: str, reply: str) -> None:
        """Something else was asked and answered in between, by who leaves the state as it is."""
        self._message(Draft(Author.SHOPPER, text))
        self._message(Draft(Author.BOT, reply, reply_to=self.seq, action="recommend"))

    def _store(self, text: str, proposal: Proposal | None, lang: str, added: Beside) -> None:
        self._message(Draft(Author.SHOPPER, text))
        asked = self.seq
        said = proposal.text if proposal else f"(the knowledge answers) {added.text}"
        action = proposal.action.value if proposal else "answer"
        self._message(Draft(Author.BOT, said, reply_to=asked, action=action, lang=lang))
        after = proposal.state if proposal else replace(self.state, task=added.task)
        self.state = replace(after, lang=lang, offered=bool(proposal and proposal.reason))

    def _message(self, draft: Draft) -> None:
        self.seq += 1
        self.history = (*self.history, Message(self.conversation, self.seq, self.now, draft))[-12:]


def supported(proposal: Proposal, lang: str) -> None:
    """Every sentence of a proposal passes the check that stands before the shopper."""
    numbered = [Numbered(n, p.id, p.kind.value, p.title, p.text, p.lang) for n, p in enumerate(proposal.sources, 1)]
    for sentence in ground.sentences(proposal.text):
        verdict = ground.check(sentence, numbered, lang, "")
        assert verdict.supported, (sentence, verdict.claims)


def chatting(orders: Orders, *, proofs: Proofs | None = None, limits: Limits | None = None, identity: str = "") -> Chat:
    """A conversation over an order system."""
    mails = MemorySender()
    holder: list[Chat] = []
    proof = Proof(proofs or MemoryProofs(), orders, mails, "k" * 32, lambda: holder[0].now, limits or Limits(pause_s=0))
    holder.append(Chat(OrderTalk(proof, RULES, Reach()), proof, mails, identity))
    return holder[0]


def sample(folder: Path) -> TableOrders:
    """The sample shop's orders, with changes kept in `folder`."""
    return TableOrders(CONTENT / "orders.jsonl", folder / "orders.db", RULES, lambda: NOW)
