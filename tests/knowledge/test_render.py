"""Products as passages that can be quoted line by line."""

from dataclasses import replace
from decimal import Decimal

import pytest

from knowledge.passages import UNCOUNTED, Kind, Origin, Product, Variant, Wording, money
from knowledge.render import passages
from knowledge.split import LIMIT, approximate


def variant(sku: str, price: str, stock: int, **options: str) -> Variant:
    """A variant in US dollars."""
    return Variant(sku, Decimal(price), "USD", stock, options)


TENT = Product(
    handle="ridgeline-2-tent",
    wording={
        "en": Wording(
            name="Ridgeline 2 Tent",
            description="A two-person tent that pitches in four minutes. It has two doors.\nFits mats up to 64 cm",
            category="Tents",
            facts={"Material": "Recycled nylon", "Warranty": "5 years"},
        ),
        "zh": Wording(
            name="山脊 2 帐篷",
            description="四分钟搭好的双人帐篷。有两个门。",
            facts={"材料": "再生尼龙"},
            options={"Colour": "颜色", "Green": "绿色", "Sand": "沙色", "Red": "红色"},
        ),
    },
    brand="Fernway",
    variants=(
        variant("FW-RDG2-GRN", "349.00", 12, Colour="Green"),
        variant("FW-RDG2-SND", "349.00", 3, Colour="Sand"),
        variant("FW-RDG2-RED", "349.00", 0, Colour="Red"),
    ),
    origin=Origin("products.csv", 2),
    weight_g=1480,
    url="/products/ridgeline-2-tent",
)


def lines(product: Product, lang: str = "en") -> list[str]:
    """The lines of all passages of a product."""
    return [line for passage in passages(product, lang) for line in passage.text.split("\n")]


def test_each_line_answers_one_question() -> None:
    """A product with one option tells what it is, price, colours, stock, weight, facts, and each SKU."""
    assert lines(TENT) == [
        "Ridgeline 2 Tent by Fernway: A two-person tent that pitches in four minutes.",
        "Price: $349.00.",
        "Colours: Green, Sand, Red.",
        "In stock: Green (12), Sand (3). Out of stock: Red.",
        "Weight: 1,480 g.",
        "Material: Recycled nylon.",
        "Warranty: 5 years.",
        "Category: Tents.",
        "It has two doors.",
        "Fits mats up to 64 cm",
        "FW-RDG2-GRN: Green, $349.00, 12 in stock.",
        "FW-RDG2-SND: Sand, $349.00, 3 in stock.",
        "FW-RDG2-RED: Red, $349.00, out of stock.",
    ]


def test_chinese_lines_have_chinese_labels_and_words() -> None:
    """In Chinese the labels, the options and the marks are Chinese, the figures the same."""
    assert lines(TENT, "zh") == [
        "山脊 2 帐篷（品牌：Fernway）：四分钟搭好的双人帐篷。",
        "价格：$349.00。",
        "颜色：绿色、沙色、红色。",
        "有货：绿色 (12)、沙色 (3)。缺货：红色。",
        "重量：1,480 g。",
        "材料：再生尼龙。",
        "有两个门。",
        "FW-RDG2-GRN：绿色、$349.00、库存 12 件。",
        "FW-RDG2-SND：沙色、$349.00、库存 3 件。",
        "FW-RDG2-RED：红色、$349.00、缺货。",
    ]


def test_passage_names_product_page_and_kind() -> None:
    """The passage carries id, entry, title, page and the product's handle."""
    passage = passages(TENT, "zh")[0]
    assert passage.id == "product:ridgeline-2-tent:zh"
    assert passage.entry == "product:ridgeline-2-tent"
    assert (passage.kind, passage.title, passage.product) == (Kind.PRODUCT, "山脊 2 帐篷", "ridgeline-2-tent")
    assert (passage.url, passage.origin) == ("/products/ridgeline-2-tent", Origin("products.csv", 2))


def test_prices_that_differ_are_a_span() -> None:
    """Variants of several prices give the lowest and the highest."""
    dear = replace(TENT, variants=(*TENT.variants, variant("X", "399.50", 1, Colour="Blue")))
    assert "Price: from $349.00 to $399.50." in lines(dear)


def test_a_sale_on_everything_stands_beside_the_price() -> None:
    """When every variant is reduced from one price, the price line says so."""
    sale = replace(TENT, variants=tuple(replace(v, compare_at=Decimal(399)) for v in TENT.variants))
    assert "Price: $349.00 (on sale, was $399.00)." in lines(sale)


def test_a_sale_on_some_variants_names_them() -> None:
    """A variant that alone is reduced has a line of its own, and the others do not look reduced."""
    first, *rest = TENT.variants
    sale = replace(TENT, variants=(replace(first, price=Decimal(299), compare_at=Decimal(349)), *rest))
    found = lines(sale)
    assert "Price: from $299.00 to $349.00." in found
    assert "On sale: Green $299.00 (was $349.00)." in found


def test_a_product_without_options_says_its_stock() -> None:
    """A product that comes in one kind has no line of choices."""
    one = replace(TENT, variants=(variant("FW-1", "24.00", 2),))
    found = lines(one)
    assert "In stock: 2." in found
    assert "FW-1: $24.00, 2 in stock." in found
    assert not any(line.startswith("Colour") for line in found)


def test_what_is_not_counted_gets_no_number() -> None:
    """A variant that is sold without counting is available, and no made-up number is shown."""
    gift = replace(TENT, variants=(variant("GC-25", "25.00", UNCOUNTED),))
    found = lines(gift)
    assert "Available." in found
    assert "GC-25: $25.00, available." in found
    assert str(UNCOUNTED) not in "".join(found)


def test_two_options_give_a_line_of_stock_per_colour() -> None:
    """With sizes and colours, each colour's line tells its sizes in and out of stock."""
    shirts = tuple(
        variant(f"S-{size}-{colour}", "59.00", stock, Size=size, Colour=colour)
        for size, colour, stock in [("S", "Plum", 4), ("M", "Plum", 0), ("S", "Olive", 1), ("M", "Olive", 2)]
    )
    found = lines(replace(TENT, variants=shirts))
    assert "Sizes: S, M." in found
    assert "Plum: in stock S (4); out of stock M." in found
    assert "Olive: in stock S (1), M (2)." in found


def test_many_variants_stand_in_a_passage_of_their_own() -> None:
    """Past a few variants the product's first passage only counts them, and `/variants` lists stock and prices."""
    many = tuple(
        variant(
            f"S-{size}-{colour}",
            "129.00" if size != "XL" else "139.00",
            0 if size == "S" else 5,
            Size=size,
            Colour=colour,
        )
        for colour in ("Plum", "Olive", "Slate", "Sand", "Red", "Blue")
        for size in ("S", "M", "L", "XL")
    )
    first, *rest = passages(replace(TENT, variants=many), "en")
    assert "18 of 24 variants are in stock." in first.text.split("\n")
    assert [passage.id for passage in rest] == ["product:ridgeline-2-tent:en/variants"]
    assert rest[0].text.split("\n")[0] == "Price: S, M, L $129.00; XL $139.00."
    assert "Plum: in stock M (5), L (5), XL (5); out of stock S." in rest[0].text.split("\n")


def test_long_products_are_cut_to_size() -> None:
    """However long the description, no passage is over the limit and the title stays."""
    words = replace(TENT.wording["en"], description=" ".join(["It keeps the rain out, always."] * 200))
    found = passages(replace(TENT, wording={"en": words}), "en")
    assert len(found) > 3
    assert all(approximate(passage.text) <= LIMIT for passage in found)
    assert {passage.title for passage in found} == {"Ridgeline 2 Tent"}
    assert len({passage.id for passage in found}) == len(found)


@pytest.mark.parametrize(
    ("amount", "currency", "wanted"),
    [
        ("1299", "USD", "$1,299.00"),
        ("12", "EUR", "€12.00"),
        ("99.5", "CNY", "¥99.50"),
        ("12", "GBP", "£12.00"),
        ("12", "CHF", "12.00 CHF"),
        ("1200", "JPY", "1,200 JPY"),
        ("0", "USD", "$0.00"),
    ],
)
def test_money_reads_as_shoppers_know_it(amount: str, currency: str, wanted: str) -> None:
    """Known currencies have their sign before, others their code behind; yen have no cents."""
    assert money(Decimal(amount), currency) == wanted
