"""Whether a code applies, what it takes off, and why not."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.promotions.rules import Cause, Finding, Line, Order, judge, may_combine, together
from bot.promotions.scope import Fit, Meaning, Vocabulary, named_goods, read
from knowledge.passages import Product, Promotion
from tests.support.outfitter import (
    CARD,
    FIRST,
    HUSK,
    JACKETS,
    ODD,
    OVER,
    PARKA,
    PEGS,
    PRODUCTS,
    PROMOTIONS,
    RIDGE,
    SHIP,
    SKIRT,
    SOCKS,
    TENTS,
    TODAY,
    WHOLE,
    code,
)  # fmt: skip

WORDS = Vocabulary.of(PRODUCTS)
LINES = [Line(product, variant) for product in PRODUCTS for variant in product.variants]
BOTH = ("CAMP15", "TRIP20")


def order(*products: Product, day: date = TODAY, first: bool | None = None) -> Order:
    """One of each product's first variant."""
    return Order(tuple(Line(p, p.variants[0]) for p in products), day, first)


def found(promotion: Promotion, *products: Product, day: date = TODAY, first: bool | None = None) -> Finding:
    """The judgement on such an order."""
    return judge(promotion, order(*products, day=day, first=first), WORDS)


def causes(finding: Finding) -> set[Cause]:
    """Of a judgement."""
    return {why.cause for why in finding.whys}


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("whole order", Meaning.WHOLE), ("Everything", Meaning.WHOLE), ("全场", Meaning.WHOLE),
        ("first order", Meaning.FIRST_ORDER), ("new customers", Meaning.FIRST_ORDER), ("首单", Meaning.FIRST_ORDER),
        ("sale items", Meaning.SALE), ("clearance", Meaning.SALE), ("特价商品", Meaning.SALE),
        ("gift cards", Meaning.GIFT_CARDS), ("礼品卡", Meaning.GIFT_CARDS), ("禮品卡", Meaning.GIFT_CARDS),
        ("Alder tents", Meaning.GOODS), ("tents by Alder", Meaning.GOODS), ("帐篷", Meaning.GOODS),
    ],
)  # fmt: skip
def test_words_of_a_promotion_are_read(words: str, meaning: Meaning) -> None:
    """Conditions and goods are told apart, in both languages and scripts."""
    scope = read(words, WORDS)
    assert scope.meaning is meaning
    assert scope.read


@pytest.mark.parametrize(
    ("words", "product", "fit"),
    [
        ("Alder tents", RIDGE, Fit.YES), ("Alder tents", HUSK, Fit.NO), ("Alder tents", PEGS, Fit.NO),
        ("tents", HUSK, Fit.YES), ("tents", PEGS, Fit.NO), ("帐篷", RIDGE, Fit.YES), ("帳篷", RIDGE, Fit.YES),
        ("Birch jackets", PARKA, Fit.YES), ("Birch jackets", SKIRT, Fit.UNCLEAR), ("Birch", SKIRT, Fit.YES),
        ("socks and tents", SOCKS, Fit.YES), ("socks and tents", SKIRT, Fit.NO), ("walking club", SOCKS, Fit.UNCLEAR),
        ("gift cards", CARD, Fit.YES), ("gift cards", SOCKS, Fit.NO),
    ],
)  # fmt: skip
def test_goods_are_meant_or_not_or_it_is_unclear(words: str, product: Product, fit: Fit) -> None:
    """A skirt among the jackets is unclear, a peg among tent accessories is no tent, unread words are unclear."""
    assert read(words, WORDS).fits(product, product.variants[0]) is fit


def test_sale_items_are_those_with_a_higher_price_before() -> None:
    """Only the reduced variant of a product is a sale item."""
    full, reduced = PARKA.variants
    scope = read("sale items", WORDS)
    assert (scope.fits(PARKA, full), scope.fits(PARKA, reduced)) == (Fit.NO, Fit.YES)


def test_goods_in_a_question_are_named_by_the_shops_categories() -> None:
    """The last word of a category names it too; words that are no category name nothing."""
    assert [s.words for s in named_goods("any deals on tents or jackets?", WORDS)] == ["jacket", "tent"]
    assert named_goods("any deals at all?", WORDS) == ()


@pytest.mark.parametrize(
    ("finding", "fit", "saving", "expected"),
    [
        (found(TENTS, RIDGE), Fit.YES, "45.00", set()),
        (found(TENTS, RIDGE, SOCKS), Fit.YES, "45.00", set()),
        (found(TENTS, SOCKS), Fit.NO, "0", {Cause.GOODS}),
        (found(TENTS), Fit.YES, "0", set()),
        (found(WHOLE, RIDGE), Fit.YES, "20.00", set()),
        (found(WHOLE, SOCKS), Fit.NO, "0", {Cause.MINIMUM}),
        (found(WHOLE, CARD), Fit.NO, "0", {Cause.EXCLUDED}),
        (found(WHOLE, CARD, SOCKS), Fit.UNCLEAR, "0", {Cause.UNCLEAR}),
        (found(FIRST, RIDGE), Fit.UNCLEAR, "30.00", {Cause.FIRST_ORDER}),
        (found(FIRST, RIDGE, first=True), Fit.YES, "30.00", set()),
        (found(FIRST, RIDGE, first=False), Fit.NO, "0", {Cause.GOODS}),
        (found(JACKETS, PARKA), Fit.NO, "0", {Cause.NOT_YET}),
        (found(JACKETS, PARKA, day=date(2026, 12, 1)), Fit.YES, "62.50", set()),
        (found(JACKETS, SKIRT, day=date(2026, 12, 1)), Fit.UNCLEAR, "0", {Cause.UNCLEAR}),
        (found(OVER, SOCKS), Fit.NO, "0", {Cause.OVER}),
        (found(OVER, SOCKS, day=OVER.ends), Fit.YES, "6.00", set()),
        (found(ODD, SOCKS), Fit.UNCLEAR, "0", {Cause.UNCLEAR}),
        (found(SHIP, RIDGE), Fit.UNCLEAR, "0", {Cause.SHIPPING}),
        (found(SHIP, SOCKS), Fit.NO, "0", {Cause.MINIMUM}),
    ],
)  # fmt: skip
def test_each_condition_counts(finding: Finding, fit: Fit, saving: str, expected: set[Cause]) -> None:
    """Goods, exclusions, days, minimum and first order each decide, and say so."""
    assert (finding.fit, finding.saving, causes(finding)) == (fit, Decimal(saving), expected)


def test_the_missing_amount_is_told() -> None:
    """What is short of the minimum is an amount, to the cent."""
    assert found(WHOLE, SOCKS).whys[0].missing == Decimal("100.00")


def test_another_currency_gets_no_discount() -> None:
    """Amounts of different currencies are not compared."""
    assert causes(found(code("EURO5", "amount", "5", "5 off", "减 5", currency="EUR"), RIDGE)) == {Cause.CURRENCY}


def test_codes_combine_only_where_each_names_the_other() -> None:
    """Neither names the other: no. One does: unclear. Both do: yes. A code with itself: no."""
    one, two = (code(name, "percent", "10", "10% off", "减 10%") for name in BOTH)
    listing = code("CAMP15", "percent", "10", "10% off", "减 10%", stacks_with=("trip20",))
    back = code("TRIP20", "percent", "10", "10% off", "减 10%", stacks_with=("any other code",))
    assert may_combine(one, two) is Fit.NO
    assert may_combine(listing, two) is Fit.UNCLEAR
    assert may_combine(listing, back) is Fit.YES
    assert may_combine(one, one) is Fit.NO


def test_codes_that_do_not_combine_save_nothing_together() -> None:
    """Two codes that both apply alone give nothing in one order unless they may be combined."""
    joint = together([WHOLE, TENTS], order(RIDGE), WORDS)
    assert (joint.fit, joint.saving, joint.whys[0].cause) == (Fit.NO, Decimal(0), Cause.STACKING)


def test_amounts_come_off_before_percentages() -> None:
    """The least that any order of steps gives: (300 - 20) less 15 % is 238, so 62 is saved."""
    some = [
        code("CAMP15", "percent", "15", "15% off", "减 15%", stacks_with=("TRIP20",)),
        code("TRIP20", "amount", "20", "$20 off", "减 $20", stacks_with=("CAMP15",)),
    ]
    assert together(some, order(RIDGE), WORDS).saving == Decimal("62.00")


dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))
amounts = st.decimals("0.01", "500", places=2)
scopes = st.lists(
    st.sampled_from(
        ["whole order", "first order", "sale items", "gift cards", "Alder tents", "jackets", "walking club"]
    ),
    max_size=2,
).map(tuple)
lists = st.lists(st.sampled_from(["P0", "P1", "P2", "any other code", "gift cards"]), max_size=3).map(tuple)


@st.composite
def promotions(draw: st.DrawFn, name: str = "P0") -> Promotion:
    """Any promotion."""
    kind = draw(st.sampled_from(["percent", "amount", "free_shipping"]))
    value = {"percent": st.decimals("0.5", "100", places=1), "amount": amounts, "free_shipping": st.just(Decimal(0))}
    starts = draw(st.none() | dates)
    ends = (starts or date(2026, 1, 1)) + timedelta(days=draw(st.integers(0, 400)))
    return code(
        name, kind, str(draw(value[kind])), "text", "文字", starts=starts, ends=ends, applies_to=draw(scopes),
        excludes=draw(scopes), stacks_with=draw(lists), min_order=draw(st.just(Decimal(0)) | amounts),
    )  # fmt: skip


orders = st.builds(
    Order, st.lists(st.sampled_from(LINES), max_size=5).map(tuple), dates, st.sampled_from([None, True, False])
)


@given(promotions(), orders)
def test_there_is_never_a_discount_outside_the_conditions(promotion: Promotion, of: Order) -> None:
    """Before, after, below the minimum, for other or excluded goods, or on words not understood: nothing comes off."""
    finding = judge(promotion, of, WORDS)
    allowed = [read(words, WORDS) for words in promotion.applies_to]
    barred = [read(words, WORDS) for words in promotion.excludes]
    meant = [
        line
        for line in of.lines
        if (not allowed or any(s.fits(line.product, line.variant) is Fit.YES for s in allowed))
        and not any(s.fits(line.product, line.variant) for s in barred)
    ]
    assert Decimal(0) <= finding.saving <= sum((line.total for line in meant), Decimal(0))
    if finding.saving:
        assert promotion.starts is None or promotion.starts <= of.day
        assert of.day <= promotion.ends
        assert sum((line.total for line in meant), Decimal(0)) >= promotion.min_order
        assert finding.fit is Fit.YES or causes(finding) == {Cause.FIRST_ORDER}
    if finding.fit is not Fit.YES:
        assert finding.whys


@given(promotions("P0"), promotions("P1"), promotions("P2"), orders)
def test_the_order_of_codes_does_not_matter(a: Promotion, b: Promotion, c: Promotion, of: Order) -> None:
    """However codes are named, what they come to is the same, never below zero, and never more than the goods."""
    joints = [together(some, of, WORDS) for some in permutations([a, b, c])]
    assert len({(joint.fit, joint.saving) for joint in joints}) == 1
    assert Decimal(0) <= joints[0].saving <= of.total
    if joints[0].saving:
        assert all(may_combine(x, y) is Fit.YES for x, y in permutations([a, b, c], 2))


@given(orders)
def test_more_goods_never_cost_a_discount_of_the_sample_codes(of: Order) -> None:
    """What a code takes off an order it takes off at least when something that it is for is added."""
    more = Order((*of.lines, Line(RIDGE, RIDGE.variants[0])), of.day, of.first)
    for promotion in PROMOTIONS:
        assert judge(promotion, more, WORDS).saving >= judge(promotion, of, WORDS).saving
