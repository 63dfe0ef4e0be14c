"""Prices and stock of now over a snapshot's products and passages."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from knowledge import render
from knowledge.live import Live, Override
from knowledge.passages import Origin, Product, Variant, Wording
from tests.support.shelves import LARCH, TENT, faq

BOOT = Product(
    "cairn-boot",
    {"en": Wording("Cairn Boot", "A boot. " * 60), "zh": Wording("石堆靴", "一双靴子。")},
    "Fernway",
    tuple(Variant(f"CB-{size}", Decimal("189.00"), "USD", 4, {"Size": str(size)}) for size in range(38, 48)),
    Origin("products.csv", 2),
)
PRODUCTS = {product.handle: product for product in (LARCH, TENT, BOOT)}


def test_without_overrides_everything_is_as_built() -> None:
    """The very same products and passages."""
    live = Live(PRODUCTS, {})
    (passage,) = render.passages(LARCH, "en")
    assert live.product("larch-jacket") is LARCH
    assert live.passage(passage) is passage
    assert live.product("unknown") is None


def test_a_price_and_a_stock_of_now_are_in_product_and_passage() -> None:
    """In both languages; the other product stays as built."""
    live = Live(PRODUCTS, {"LJ-100-L": Override(Decimal("131.50"), 0)})
    now = live.product("larch-jacket")
    assert now is not None
    assert (now.variants[0].price, now.variants[0].stock) == (Decimal("131.50"), 0)
    for lang, out in (("en", "Out of stock"), ("zh", "缺货")):
        text = live.passage(render.passages(LARCH, lang)[0]).text
        assert "$131.50" in text
        assert out in text
        assert "$149.00" not in text
    assert live.product("tent") is TENT


def test_one_value_alone_leaves_the_other() -> None:
    """None means: as in the snapshot."""
    now = Live(PRODUCTS, {"LJ-100-L": Override(stock=7)}).product("larch-jacket")
    assert now is not None
    assert (now.variants[0].price, now.variants[0].stock) == (Decimal("149.00"), 7)


def test_a_price_above_the_old_one_is_no_sale() -> None:
    """What it cost before is only said while it cost more."""
    for price, was in (("199.49", Decimal("199.50")), ("199.50", None), ("230", None)):
        now = Live(PRODUCTS, {"LJ-100-L": Override(Decimal(price))}).product("larch-jacket")
        assert now is not None
        assert now.variants[0].compare_at == was


def test_a_product_that_was_cut_is_whole_again() -> None:
    """Whichever piece was found, the passage has all of the product's lines of now."""
    live = Live(PRODUCTS, {"CB-40": Override(Decimal("150.00"), 0)})
    pieces = render.passages(BOOT, "en")
    assert len(pieces) > 1
    texts = {live.passage(piece).text for piece in pieces}
    assert len(texts) == 1
    assert "from $150.00 to $189.00" in texts.pop()


def test_passages_of_no_product_stay() -> None:
    """An FAQ entry has no figures of a product."""
    entry = faq("x", "en", "X?", text="Costs $149.00.")
    assert Live(PRODUCTS, {"LJ-100-L": Override(Decimal("1"))}).passage(entry) is entry


@given(st.decimals(0, 9999, places=2), st.integers(0, 999))
def test_what_is_set_is_what_is_rendered(price: Decimal, stock: int) -> None:
    """The live passage is the passage that a build with these figures would make."""
    live = Live(PRODUCTS, {"TENT": Override(price, stock)})
    now = live.product("tent")
    assert now is not None
    assert live.passage(render.passages(TENT, "en")[0]).text == render.passages(now, "en")[0].text
