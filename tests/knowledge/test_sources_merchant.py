"""Google Merchant feeds, as TSV and XML."""

from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from knowledge.passages import UNCOUNTED
from knowledge.sources import Content, read

GREEN = {
    "id": "FW-GRN",
    "title": "Ridgeline Tent - Green",
    "description": "A light tent.",
    "link": "https://fernway.example/products/ridgeline?v=1",
    "image_link": "https://cdn.fernway.example/a.jpg",
    "availability": "in_stock",
    "price": "349.00 USD",
    "brand": "Fernway",
    "item_group_id": "ridgeline",
    "color": "Green",
    "material": "Nylon",
    "condition": "new",
    "product_type": "Camping > Tents",
    "shipping_weight": "1.48 kg",
}
SAND = GREEN | {"id": "FW-SND", "title": "Ridgeline Tent - Sand", "color": "Sand", "availability": "out of stock"}


def tsv(*items: dict[str, str]) -> str:
    """The feed as TSV, with names as a spreadsheet has them."""
    names = list(dict.fromkeys(name for item in items for name in item))
    lines = [[name.replace("_", " ") for name in names], *([item.get(name, "") for name in names] for item in items)]
    return "".join("\t".join(line) + "\n" for line in lines)


def xml(*items: dict[str, str]) -> str:
    """The feed as RSS 2.0, a line an element."""
    body = "".join(
        "<item>\n" + "".join(f"<g:{name}>{escape(value)}</g:{name}>\n" for name, value in item.items()) + "</item>\n"
        for item in items
    )
    head = '<?xml version="1.0"?>\n<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0">\n<channel>\n'
    return f"{head}{body}</channel></rss>\n"


def feed(folder: Path, kind: str, *items: dict[str, str]) -> Content:
    """The content of a folder with this feed, told by its looks."""
    (folder / f"feed.{kind}").write_text(tsv(*items) if kind == "tsv" else xml(*items))
    return read(folder)


KINDS = pytest.mark.parametrize("kind", ["tsv", "xml"])


@KINDS
def test_items_of_a_group_are_variants_of_one_product(tmp_path: Path, kind: str) -> None:
    """Both forms of the feed give the same product; availability is no count."""
    content = feed(tmp_path, kind, GREEN, SAND)
    assert not content.problems
    [product] = content.products
    words = product.wording["en"]
    assert (product.handle, words.name, words.category) == ("ridgeline", "Ridgeline Tent", "Tents")
    assert words.facts == {"Material": "Nylon"}
    assert (product.brand, product.weight_g) == ("Fernway", 1480)
    assert product.url == "https://fernway.example/products/ridgeline?v=1"
    assert [(v.sku, v.price, v.currency, v.stock, dict(v.options)) for v in product.variants] == [
        ("FW-GRN", Decimal("349.00"), "USD", UNCOUNTED, {"Colour": "Green"}),
        ("FW-SND", Decimal("349.00"), "USD", 0, {"Colour": "Sand"}),
    ]
    assert "Available: Green. Out of stock: Sand." in content.passages[0].text


@KINDS
@pytest.mark.parametrize(
    ("changed", "column", "found"),
    [
        ({"price": "349,00 EUR"}, "price", "'349,00 EUR'"),
        ({"price": "-1 USD"}, "price", "'-1 USD'"),
        ({"price": "349.00 dollars"}, "price", "'349.00 dollars'"),
        ({"availability": "maybe"}, "availability", "'maybe'"),
        ({"link": "ftp://x.example/a"}, "link", "'ftp://x.example/a'"),
        ({"shipping_weight": "light"}, "shipping_weight", "'light'"),
        ({"id": "FW-GRN"}, "sku", "'FW-GRN' again"),
        ({"title": ""}, "title", "nothing"),
    ],
)
def test_a_bad_item_is_left_out_and_told(
    tmp_path: Path, kind: str, changed: dict[str, str], column: str, found: str
) -> None:
    """A bad item is named by the line where it begins, and the other items are read."""
    content = feed(tmp_path, kind, GREEN, SAND | changed, SAND | {"id": "FW-RED", "color": "Red"})
    assert [v.sku for v in content.products[0].variants] == ["FW-GRN", "FW-RED"]
    [problem] = content.problems
    line = 3 if kind == "tsv" else 4 + len(GREEN) + 2
    assert (problem.line, problem.column, problem.found) == (line, column, found)


@KINDS
def test_a_sale_without_dates_is_the_price(tmp_path: Path, kind: str) -> None:
    """A sale price holds now; one with dates is told as a fact, since it may be over."""
    dated = {"sale_price": "299.00 USD", "sale_price_effective_date": "2026-11-01T00:00/2026-11-30T23:59"}
    [product] = feed(tmp_path, kind, GREEN | {"sale_price": "299.00 USD"}, SAND | dated).products
    assert [(v.price, v.compare_at) for v in product.variants] == [(Decimal(299), Decimal(349)), (Decimal(349), None)]
    [alone] = feed(tmp_path, kind, GREEN | dated).products
    assert alone.wording["en"].facts["Sale price"] == "299.00 USD from 2026-11-01 to 2026-11-30"


def test_a_pre_order_is_a_fact_and_no_stock(tmp_path: Path) -> None:
    """What comes later is told with its day, and nothing is in stock."""
    item = GREEN | {"availability": "preorder", "availability_date": "2026-12-24T13:00-0800"}
    [product] = feed(tmp_path, "tsv", item).products
    assert product.variants[0].stock == 0
    assert product.wording["en"].facts["Pre-order"] == "Green, from 2026-12-24"


def test_facts_that_differ_in_a_group_stand_side_by_side(tmp_path: Path) -> None:
    """Titles and materials may differ between variants: the first title is the name, and no material is lost."""
    other = SAND | {"title": "Ridgeline Tent 2025, Sand", "material": "Polyester"}
    content = feed(tmp_path, "tsv", GREEN, other)
    assert not content.problems
    words = content.products[0].wording["en"]
    assert (words.name, words.facts) == ("Ridgeline Tent", {"Material": "Nylon; Polyester"})


def test_an_item_without_a_group_is_a_product(tmp_path: Path) -> None:
    """Without a group the item's id is the handle and its title the name, as it stands."""
    alone = {name: value for name, value in GREEN.items() if name != "item_group_id"}
    [product] = feed(tmp_path, "tsv", alone).products
    assert (product.handle, product.wording["en"].name) == ("FW-GRN", "Ridgeline Tent - Green")


def test_an_atom_feed_is_read(tmp_path: Path) -> None:
    """Entries of an Atom feed are items, and their link stands in an attribute."""
    (tmp_path / "feed.xml").write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><entry><title>Mug</title>'
        '<g:id>M1</g:id><link href="https://fernway.example/mug"/><g:price>9.00 EUR</g:price>'
        "<g:availability>in_stock</g:availability></entry></feed>"
    )
    content = read(tmp_path)
    assert not content.problems
    assert (content.products[0].url, content.products[0].variants[0].currency) == ("https://fernway.example/mug", "EUR")


def test_broken_xml_keeps_the_items_before(tmp_path: Path) -> None:
    """XML that breaks off is told with line and column, and what came before is kept."""
    whole = xml(GREEN, SAND)
    (tmp_path / "feed.xml").write_text(whole[: whole.rindex("</item>")])
    content = read(tmp_path)
    assert [v.sku for v in content.products[0].variants] == ["FW-GRN"]
    [problem] = content.problems
    assert problem.line == whole[: whole.rindex("</item>")].count("\n") + 1
    assert "not well formed" in problem.found


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:1/y"> %p;]>',
    ],
)
def test_entities_are_refused(tmp_path: Path, head: str) -> None:
    """A feed that defines entities could read files or fill the memory; nothing of it is read."""
    (tmp_path / "feed.xml").write_text(f"{head}<rss><item><id>&x;&b;</id></item></rss>")
    content = read(tmp_path)
    assert not content.products
    assert content.problems[0].wanted == "a feed without DTD entities and external references"


def test_deep_xml_is_refused(tmp_path: Path) -> None:
    """Elements nested without end are refused before they cost memory."""
    (tmp_path / "feed.xml").write_text("<a>" * 100_000)
    assert "deep" in read(tmp_path).problems[0].found


def test_xml_of_another_kind_is_told(tmp_path: Path) -> None:
    """XML without any item says what was wanted."""
    (tmp_path / "feed.xml").write_text("<html><p>hello</p></html>")
    assert read(tmp_path).problems[0].wanted == "a product feed as RSS 2.0 or Atom"
