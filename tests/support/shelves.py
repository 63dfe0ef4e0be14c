"""A small shop made by hand, for tests of snapshots: passages, products and reviews without any files."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from knowledge.build import build
from knowledge.glossary import Term
from knowledge.hashed import HashedEncoder
from knowledge.library import activate
from knowledge.passages import Kind, Origin, Passage, Product, Promotion, Review, Variant, Wording
from knowledge.sources import Content

ORIGIN = Origin("made.jsonl", 1)


def faq(name: str, lang: str, *questions: str, text: str) -> Passage:
    """An FAQ entry; its first question is the title."""
    entry = f"faq:{name}"
    return Passage(f"{entry}:{lang}", entry, Kind.FAQ, lang, questions[0], text, ORIGIN, questions)


def product(handle: str, sku: str, brand: str = "Fernway", **names: str) -> Product:
    """A product with one variant; `names` are by language."""
    wording = {lang: Wording(name, f"The {name}.", facts={"Weight": "310 g"}) for lang, name in names.items()}
    variant = Variant(sku, Decimal("149.00"), "USD", 3, {"Size": "L"}, Decimal("199.50"))
    return Product(handle, wording, brand, (variant,), ORIGIN, ("rain",), 310, f"/products/{handle}")


def about(of: Product, lang: str, text: str) -> Passage:
    """The passage of a product."""
    entry = f"product:{of.handle}"
    title = of.words(lang).name
    return Passage(f"{entry}:{lang}", entry, Kind.PRODUCT, lang, title, text, ORIGIN, product=of.handle)


LARCH = product("larch-jacket", "LJ-100-L", en="Larch Jacket", zh="落叶松 Larch 防雨夹克")
LARCH_PRO = product("larch-pro-jacket", "LP-200-L", en="Larch Pro Jacket")
TENT = product("tent", "TENT", en="Moth Bivy")
PASSAGES = (
    faq("canada", "en", "How long does shipping to Canada take?", "delivery time canada", text="5 to 8 working days."),
    faq("canada", "zh", "寄到加拿大要多久？", "运到加拿大要几天", text="寄往加拿大的包裹需要 5 至 8 个工作日。"),
    faq("refund", "en", "When do I get my refund?", text="Refunds are paid within 7 days after the parcel is back."),
    faq("giftcard", "zh", "礼品卡怎么用？", text="结账时输入礼品卡号码。"),
    about(LARCH, "en", "A light rain jacket for summer."),
    about(LARCH_PRO, "en", "A tough three-layer rain jacket for winter."),
    about(TENT, "en", "A bivy for one."),
)
PROMOTIONS = (
    Promotion(
        "RAIN10", "percent", Decimal(10), "USD", date(2026, 12, 31), {"en": "10% off"}, {"en": "10% off jackets."},
        ORIGIN, min_order=Decimal("49.50"), applies_to=("jackets",), excludes=("sale items",),
    ),
)  # fmt: skip
TERMS = (Term({"en": ("bivy",), "zh": ("露营袋", "简易帐篷")}),)
REVIEWS = (Review("larch-jacket", 5, "Dry", "Stayed dry all week.", "en", ORIGIN),)


def content(passages: Sequence[Passage] = PASSAGES, products: Sequence[Product] = (LARCH, LARCH_PRO, TENT)) -> Content:
    """The small shop, or another."""
    return Content(tuple(passages), tuple(products), REVIEWS, (), {"made.jsonl": "0" * 64}, PROMOTIONS, TERMS)


def with_entries(count: int) -> Content:
    """The small shop with `count` more entries."""
    extra = [faq(f"extra-{i}", "en", f"What about thing {i}?", text=f"Thing {i} is number {i}.") for i in range(count)]
    return content((*PASSAGES, *extra))


def shelf(root: Path, *extra: int) -> list[str]:
    """Build and activate the small shop with so many more entries, one version each; returns the versions in order."""
    built = []
    for count in extra:
        version = build(with_entries(count), root, HashedEncoder())
        activate(root, version)
        built.append(version)
    return built
