"""Shopify's exports: products, variants, metafields, and translations."""

from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.passages import UNCOUNTED, Origin, Product
from knowledge.sources import Content, read

COLUMNS = [
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value"),
    *("Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Price"),
    *("Variant Compare At Price", "Image Src", "Status", "Material (product.metafields.custom.material)"),
    "Warranty (product.metafields.custom.warranty)",
]
TENT = {
    "Handle": "ridgeline",
    "Title": "Ridgeline Tent",
    "Body (HTML)": "<p>Light &amp; dry.</p><script>alert(1)</script>\n<ul><li>Two doors</li></ul><style>p{}</style>",
    "Vendor": "Fernway",
    "Product Category": "Sporting Goods > Camping > Tents",
    "Tags": "Waterproof, two-person",
    "Published": "true",
    "Option1 Name": "Colour",
    "Option1 Value": "Green",
    "Variant SKU": "FW-GRN",
    "Variant Grams": "1480",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "12",
    "Variant Price": "349.00",
    "Image Src": "https://cdn.fernway.example/a.jpg",
    "Status": "active",
    "Material (product.metafields.custom.material)": '["Nylon","Aluminium"]',
}
SAND = {
    "Handle": "ridgeline",
    "Option1 Value": "Sand",
    "Variant SKU": "FW-SND",
    "Variant Grams": "1480",
    "Variant Inventory Tracker": "shopify",
    "Variant Inventory Qty": "0",
    "Variant Price": "349.00",
}
ZH_COLUMNS = ["Type", "Identification", "Field", "Locale", "Market", "Status", "Default content", "Translated content"]


def quoted(cell: str) -> str:
    """A cell of a CSV file."""
    return '"' + cell.replace('"', '""') + '"'


def csv(columns: list[str], rows: list[dict[str, str]]) -> str:
    """A CSV file with a header."""
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return "".join(",".join(map(quoted, line)) + "\n" for line in lines)


def shop(folder: Path, *rows: dict[str, str], zh: list[dict[str, str]] | None = None) -> Content:
    """The content of a shop with these rows in its product export, and these in its translations."""
    (folder / "products.csv").write_text(csv(COLUMNS, list(rows)))
    if zh is not None:
        (folder / "products.zh.csv").write_text(csv(ZH_COLUMNS, zh))
    return read(folder)


def only(content: Content) -> Product:
    """The one product of a content without problems."""
    assert not content.problems
    assert len(content.products) == 1
    return content.products[0]


def zh(field: str, text: str, handle: str = "ridgeline", kind: str = "PRODUCT") -> dict[str, str]:
    """A row of the translations."""
    return {
        "Type": kind,
        "Identification": handle,
        "Field": field,
        "Locale": "zh-CN",
        "Default content": "Colour" if kind == "PRODUCT_OPTION" else "",
        "Translated content": text,
    }


def test_a_product_has_its_words_and_variants(tmp_path: Path) -> None:
    """Rows of one handle are one product; HTML becomes text, scripts and styles are dropped, metafields are facts."""
    product = only(shop(tmp_path, TENT, SAND))
    words = product.wording["en"]
    assert (words.name, words.category) == ("Ridgeline Tent", "Tents")
    assert words.description == "Light & dry.\nTwo doors"
    assert words.facts == {"Material": "Nylon, Aluminium"}
    assert (product.brand, product.tags, product.weight_g) == ("Fernway", ("waterproof", "two-person"), 1480)
    assert (product.url, product.image) == ("/products/ridgeline", "https://cdn.fernway.example/a.jpg")
    assert product.origin == Origin("products.csv", 2)
    assert [(v.sku, v.price, v.currency, v.stock, dict(v.options)) for v in product.variants] == [
        ("FW-GRN", Decimal("349.00"), "USD", 12, {"Colour": "Green"}),
        ("FW-SND", Decimal("349.00"), "USD", 0, {"Colour": "Sand"}),
    ]


def test_a_single_variant_has_nothing_to_choose(tmp_path: Path) -> None:
    """Shopify's `Default Title` is no option."""
    product = only(shop(tmp_path, TENT | {"Option1 Name": "Title", "Option1 Value": "Default Title"}))
    assert product.variants[0].options == {}


def test_a_compare_at_price_counts_only_above_the_price(tmp_path: Path) -> None:
    """A former price makes a sale; an equal or lower one is nothing to show."""
    sale = shop(tmp_path, TENT | {"Variant Compare At Price": "399.00"}, SAND | {"Variant Compare At Price": "349.00"})
    assert [v.compare_at for v in only(sale).variants] == [Decimal("399.00"), None]


def test_stock_that_nobody_counts_is_uncounted(tmp_path: Path) -> None:
    """Without a tracker the variant is always sold; a quantity below 0 means that none is left."""
    product = only(shop(tmp_path, TENT | {"Variant Inventory Tracker": ""}, SAND | {"Variant Inventory Qty": "-3"}))
    assert [v.stock for v in product.variants] == [UNCOUNTED, 0]


@pytest.mark.parametrize("hidden", [{"Published": "false"}, {"Status": "draft"}, {"Status": "archived"}])
def test_products_that_are_not_sold_are_left_out_in_silence(tmp_path: Path, hidden: dict[str, str]) -> None:
    """Drafts are nothing that shoppers may hear of, nor are their variants and reviews a problem."""
    (tmp_path / "reviews.jsonl").write_text('{"product": "ridgeline", "stars": 5, "text": "Good"}\n')
    content = shop(tmp_path, TENT | hidden, SAND, zh=[zh("title", "帐篷")])
    assert (content.products, content.reviews, content.problems) == ((), (), ())


def test_rows_with_only_an_image_are_no_variants(tmp_path: Path) -> None:
    """Shopify writes further images as rows of their own."""
    image = {"Handle": "ridgeline", "Image Src": "https://cdn.fernway.example/b.jpg"}
    assert len(only(shop(tmp_path, TENT, image, SAND)).variants) == 2


@pytest.mark.parametrize(
    ("changed", "column", "found"),
    [
        ({"Variant Price": "12,50"}, "Variant Price", "'12,50'"),
        ({"Variant Price": "abc"}, "Variant Price", "'abc'"),
        ({"Variant Price": "-5.00"}, "Variant Price", "'-5.00'"),
        ({"Variant Price": ""}, "Variant Price", "nothing"),
        ({"Variant Price": "１２"}, "Variant Price", "'１２'"),
        ({"Variant Inventory Qty": "many"}, "Variant Inventory Qty", "'many'"),
        ({"Variant Inventory Qty": "1.5"}, "Variant Inventory Qty", "'1.5'"),
        ({"Variant Compare At Price": "x"}, "Variant Compare At Price", "'x'"),
        ({"Option2 Value": "L"}, "Option2 Value", "unknown option 'L'"),
        ({"Variant SKU": "FW-GRN"}, "sku", "'FW-GRN' again"),
        ({"Handle": ""}, "Handle", "nothing"),
        ({"Handle": "no-such"}, "handle", "a variant of 'no-such'"),
    ],
)
def test_a_bad_variant_is_left_out_and_told(tmp_path: Path, changed: dict[str, str], column: str, found: str) -> None:
    """A bad cell costs its row only; the problem names file, line, column, what was found and what was wanted."""
    content = shop(tmp_path, TENT, SAND | changed, SAND | {"Variant SKU": "FW-RED", "Option1 Value": "Red"})
    assert [v.sku for v in content.products[0].variants] == ["FW-GRN", "FW-RED"]
    [problem] = content.problems
    assert (problem.file, problem.line, problem.column, problem.found) == ("products.csv", 4, column, found)
    assert problem.wanted


def test_a_sku_used_twice_names_the_first_place(tmp_path: Path) -> None:
    """The problem with a SKU that another row has says which row."""
    content = shop(tmp_path, TENT, SAND | {"Variant SKU": "FW-GRN"})
    assert content.problems[0].wanted == "a SKU of its own; it is first used in products.csv:2"


def test_a_handle_used_for_two_products_names_the_first_place(tmp_path: Path) -> None:
    """A second title under one handle is another product by mistake."""
    content = shop(tmp_path, TENT, TENT | {"Title": "Other", "Variant SKU": "O-1"})
    assert [(p.line, p.found) for p in content.problems] == [(4, "'ridgeline' for another product")]
    assert "products.csv:2" in content.problems[0].wanted


def test_a_bad_product_is_told_once(tmp_path: Path) -> None:
    """When a product's first row is bad, its variants and translations are not complained about as well."""
    content = shop(tmp_path, TENT | {"Image Src": "javascript:alert(1)"}, SAND, zh=[zh("title", "帐篷")])
    assert not content.products
    assert [(p.line, p.column) for p in content.problems] == [(2, "Image Src")]


def test_missing_columns_are_named_beside_those_found(tmp_path: Path) -> None:
    """An export without a price column says which columns there are."""
    (tmp_path / "sources.toml").write_text('[[source]]\npath = "p.csv"\nformat = "shopify_csv"\n')
    (tmp_path / "p.csv").write_text("Handle,Title,Cost\na,b,1\n")
    [problem] = read(tmp_path).problems
    assert (problem.file, problem.line, problem.column) == ("p.csv", 1, "Variant Price")
    assert problem.found == "no such column; there are Handle, Title, Cost"


def test_translations_give_the_words_of_another_language(tmp_path: Path) -> None:
    """Title, text, facts and options of the product are there in Chinese, and so is its passage."""
    content = shop(
        tmp_path,
        TENT,
        SAND,
        zh=[
            zh("title", "山脊帐篷"),
            zh("body_html", "<p>轻便防水。</p>"),
            zh("product_type", "帐篷"),
            zh("metafield:Material", "材料: 外帐：尼龙"),
            zh("metafield:Warranty", "两年"),
            zh("option:Colour", "颜色"),
            zh("option_value:Green", "绿色"),
            zh("option_value:Sand", ""),
            zh("meta_title", "买山脊帐篷"),
        ],
    )
    words = only(content).wording["zh"]
    assert (words.name, words.description, words.category) == ("山脊帐篷", "轻便防水。", "帐篷")
    assert words.facts == {"材料": "外帐：尼龙", "Warranty": "两年"}
    assert words.options == {"Colour": "颜色", "Green": "绿色"}
    assert {p.lang for p in content.passages} == {"en", "zh"}
    assert "颜色：绿色、Sand。" in next(p.text for p in content.passages if p.lang == "zh").split("\n")


def test_translations_by_number_follow_the_handle_row(tmp_path: Path) -> None:
    """Shopify may identify a product by a number; its `handle` row tells which, and options hold for all products."""
    handle = zh("handle", "", "'8765") | {"Default content": "ridgeline"}
    rows = [handle, zh("title", "山脊帐篷", "'8765"), zh("name", "颜色", "1", "PRODUCT_OPTION")]
    words = only(shop(tmp_path, TENT, zh=rows)).wording["zh"]
    assert (words.name, words.options) == ("山脊帐篷", {"Colour": "颜色"})


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        (zh("option:Size", "尺码"), "Field", "unknown option 'option:Size'"),
        (zh("option_value:Blue", "蓝"), "Field", "unknown option 'option_value:Blue'"),
        (zh("title", "帐篷", "no-such"), "Identification", "unknown product 'no-such'"),
        (zh("title", "帐篷") | {"Locale": "xx"}, "Locale", "unknown language 'xx'"),
        (zh("title", "帐篷", ""), "Identification", "nothing"),
    ],
)
def test_bad_translations_are_told(tmp_path: Path, row: dict[str, str], column: str, found: str) -> None:
    """What is translated must exist: product, option, value, language."""
    [problem] = shop(tmp_path, TENT, zh=[row]).problems
    assert (problem.file, problem.line, problem.column, problem.found) == ("products.zh.csv", 2, column, found)
