"""A small outfitter with every kind of promotion, built and asked in memory: for tests of codes and of attacks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from bot.answer import Answerer, Voice
from bot.conversation import Author, Draft, Message, State, Visit
from bot.generate.protocol import Generator
from bot.generate.quote import Quote
from bot.reply import Reply, Turn
from bot.scene import Skill
from bot.skills import PURE, Skills
from bot.telemetry import Telemetry
from knowledge import render
from knowledge.build import build
from knowledge.hashed import HashedEncoder
from knowledge.library import Library, activate
from knowledge.passages import Kind, Origin, Passage, Product, Promotion, Review, Variant, Wording, money
from knowledge.sources import Content

ORIGIN = Origin("made.jsonl", 1)
TODAY = date(2026, 11, 22)


def product(  # noqa: PLR0913
    handle: str, brand: str, category: str, name: str, *prices: str, zh: str = "", was: str = ""
) -> Product:
    """A product with a variant for each price; the last one is reduced from `was`."""
    variants = [
        Variant(f"{handle.upper()}-{n}", Decimal(price), "USD", 5, {"Size": size}, None)
        for n, (price, size) in enumerate(zip(prices, "SML", strict=False), 1)
    ]
    if was:
        variants[-1] = replace(variants[-1], compare_at=Decimal(was))
    wording = {"en": Wording(name, f"The {name} goes far.", category)}
    if zh:
        wording["zh"] = Wording(zh, f"{zh}陪您走得更远。", {"Tents": "帐篷", "Socks": "袜子"}.get(category, category))
    return Product(handle, wording, brand, tuple(variants), ORIGIN, url=f"/products/{handle}")


RIDGE = product("ridge-tent", "Alder", "Tents", "Ridge 2 Tent", "300.00", zh="山脊双人帐篷")
HUSK = product("husk-tent", "Birch", "Tents", "Husk Dome", "200.00")
PEGS = product("tent-pegs", "Alder", "Tent Accessories", "Y Pegs", "20.00")
PARKA = product("fell-jacket", "Birch", "Insulated Jackets", "Fell Down Jacket", "250.00", "180.00", was="250.00")
SKIRT = product("wool-skirt", "Birch", "Insulated Jackets", "Wool Skirt", "90.00")
SOCKS = product("wool-socks", "Birch", "Socks", "Wool Hiking Socks", "20.00", zh="羊毛徒步袜")
CARD = product("gift-card", "Alder", "Gift Cards", "Alder Gift Card", "150.00")
PRODUCTS = (RIDGE, HUSK, PEGS, PARKA, SKIRT, SOCKS, CARD)


def code(name: str, kind: str, value: str, en: str, zh: str, **more: object) -> Promotion:
    """A code that is on today unless `more` says otherwise."""
    text = {"en": f"{name}: {en}.", "zh": f"{name}：{zh}。"}
    made = Promotion(name, kind, Decimal(value), "USD", date(2026, 12, 31), {"en": en, "zh": zh}, text, ORIGIN)
    return replace(made, **more)  # type: ignore[arg-type]


FIRST = code("HELLO10", "percent", "10", "10% off your first order, not on sale items", "首单减 10%，特价商品除外",
             applies_to=("first order",), excludes=("sale items",))  # fmt: skip
WHOLE = code("TRIP20", "amount", "20", "$20 off orders from $120, not on gift cards", "满 $120 减 $20，礼品卡除外",
             applies_to=("whole order",), excludes=("gift cards",), min_order=Decimal(120))  # fmt: skip
TENTS = code("CAMP15", "percent", "15", "15% off Alder tents", "Alder 帐篷减 15%", applies_to=("Alder tents",))
JACKETS = code("COLD25", "percent", "25", "25% off Birch jackets", "Birch 夹克减 25%",
               applies_to=("Birch jackets",), starts=date(2026, 12, 1))  # fmt: skip
OVER = code("SUN30", "percent", "30", "30% off socks", "袜子减 30%", applies_to=("socks",), ends=date(2026, 8, 31))
ODD = code("CLUB5", "percent", "5", "5% off for the walking club", "徒步俱乐部减 5%", applies_to=("walking club",))
SHIP = code("SHIPIT", "free_shipping", "0", "free standard shipping", "免标准运费", applies_to=("standard shipping",),
            min_order=Decimal(40), stacks_with=("CAMP15",))  # fmt: skip
PROMOTIONS = (FIRST, WHOLE, TENTS, JACKETS, OVER, ODD, SHIP)

FAQ = (
    (
        "returns",
        "How long can I return something?",
        "Within 60 days of delivery.",
        "多久可以退货？",
        "签收后 60 天内可以退货。",
    ),
    (
        "student",
        "Do you have a student discount?",
        "Students get 12% off after proof.",
        "学生有折扣吗？",
        "学生验证后减 12%。",
    ),
    (
        "wash",
        "How do I wash a down jacket?",
        "Wash it at 30 °C and dry it low.",
        "羽绒服怎么洗？",
        "30 °C 洗涤，低温烘干。",
    ),
)


def _faq() -> list[Passage]:
    return [
        Passage(f"faq:{name}:{lang}", f"faq:{name}", Kind.FAQ, lang, question, answer, ORIGIN, (question,))
        for name, *words in FAQ
        for lang, question, answer in (("en", words[0], words[1]), ("zh", words[2], words[3]))
    ]


def _passages(promotion: Promotion) -> list[Passage]:
    least = f"\nMinimum order: {money(promotion.min_order, 'USD')}." if promotion.min_order else ""
    days = f"\nValid: from {promotion.starts or '2026-01-01'} to {promotion.ends}."
    return [
        Passage(
            f"promotion:{promotion.code}:{lang}", f"promotion:{promotion.code}", Kind.PROMOTION, lang,
            promotion.title[lang], promotion.text[lang] + days + least, ORIGIN,
        )
        for lang in promotion.title
    ]  # fmt: skip


def content(products: Sequence[Product] = PRODUCTS, reviews: Sequence[Review] = ()) -> Content:
    """The outfitter's sources, as they would have been read."""
    about = [p for product in products for lang in product.wording for p in render.passages(product, lang)]
    texts = [p for promotion in PROMOTIONS for p in _passages(promotion)]
    return Content((*_faq(), *texts, *about), tuple(products), tuple(reviews), (), {"made.jsonl": "0" * 64}, PROMOTIONS)


def library(root: Path, made: Content | None = None) -> Library:
    """The outfitter's knowledge, built and active, with a word-hashing encoder."""
    activate(root, build(made or content(), root, HashedEncoder()))
    return Library.open(root, HashedEncoder())


class Chat:
    """One shopper and the bot, without storage; `generator` words what no skill answers."""

    def __init__(
        self, library: Library, generator: Generator | None = None, visit: Visit | None = None, day: date = TODAY
    ) -> None:
        skills: Mapping[str, Skill] = PURE
        voice = Voice("Alder Outfitters", ("en", "zh"))
        self._answerer = Answerer(library, generator or Quote(), voice, Telemetry(), Skills(pure=skills))
        self.state = State("c", visit=visit or Visit())
        self._history: tuple[Message, ...] = ()
        self._at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        self.shown = ""

    async def ask(self, text: str) -> Reply:
        """Say something; the bot's reply. `shown` has what was streamed for it."""
        seq = len(self._history) + 1
        message = Message("c", seq, self._at, Draft(Author.SHOPPER, text))
        self.shown = ""
        reply = await self._answerer.answer(Turn(message, self.state, self._history), self._show)
        self._history = (*self._history, message, Message("c", seq + 1, self._at, reply.draft))
        self.state = replace(reply.state, seq=seq + 1)
        return reply

    async def _show(self, text: str) -> None:
        self.shown += text
