"""The sample shop's products and reviews, checked with the standard readers alone against the shop's facts."""

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from knowledge import passages

CONTENT = Path(passages.__file__).parent / "content"
Row = dict[str, str]

BRANDS = {"Fernway", "Harrow & Pike", "Lumen Trail", "Kestrel Works", "Nordlys", "Tarnside"}
WARRANTY = "Warranty (product.metafields.custom.warranty)"
WEIGHT = "Weight (product.metafields.custom.weight)"


def read_csv(name: str) -> list[Row]:
    """Rows of a CSV file of the content folder."""
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def read_jsonl(name: str) -> list[dict[str, Any]]:
    """Objects of a JSONL file of the content folder."""
    lines = (CONTENT / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@cache
def rows() -> list[Row]:
    """One row a variant."""
    return read_csv("products.csv")


@cache
def products() -> dict[str, Row]:
    """Handle → the product's first row."""
    return {row["Handle"]: row for row in rows() if row["Title"]}


@cache
def variants() -> dict[str, Row]:
    """SKU → its row."""
    return {row["Variant SKU"]: row for row in rows()}


@cache
def reviews() -> list[dict[str, Any]]:
    """The sample reviews."""
    return read_jsonl("reviews.jsonl")


def tags_of(product: Row) -> list[str]:
    """A product's tags."""
    return product["Tags"].split(", ")


def test_there_are_enough_products_variants_and_reviews() -> None:
    """The sample shop is large enough to be a shop."""
    assert len(products()) >= 200
    assert len(rows()) >= 700
    assert len(reviews()) >= 300


def test_rows_of_one_product_stand_together_and_the_first_names_it() -> None:
    """A handle's rows are consecutive, and product columns are filled in the first of them only."""
    seen: set[str] = set()
    current = ""
    for row in rows():
        first = row["Handle"] != current
        current = row["Handle"]
        assert bool(row["Title"]) == bool(row["Vendor"]) == bool(row["Body (HTML)"]) == first, current
        assert not first or current not in seen
        seen.add(current)


def test_skus_handles_and_titles_are_unique_and_well_formed() -> None:
    """No SKU or title stands for two things, and no SKU can be taken for an order number."""
    skus = [row["Variant SKU"] for row in rows()]
    assert [sku for sku, n in Counter(skus).items() if n > 1] == []
    assert [sku for sku in skus if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]+)+", sku)] == []
    assert [sku for sku in skus if re.search(r"FW-\d{6}", sku)] == []
    titles = [row["Title"].lower() for row in products().values()]
    assert len(set(titles)) == len(titles)
    assert [handle for handle in products() if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", handle)] == []


def test_only_a_longer_word_makes_one_title_begin_with_another() -> None:
    """No product's title is the beginning of another's, so that an exact match of a name is one product."""
    titles = [row["Title"] for row in products().values()]
    assert [(a, b) for a in titles for b in titles if a != b and b.startswith(a + " ")] == []
    assert {"Larch Jacket", "Larch Pro Jacket", "Ridgeline 1 Tent", "Ridgeline 2 Tent", "Ridgeline 3 Tent"} <= {*titles}


def test_numbers_are_numbers() -> None:
    """Prices have two decimals, weights and stock are whole, and a compare-at price is above the price."""
    for row in rows():
        where = row["Variant SKU"]
        assert re.fullmatch(r"\d+\.\d\d", row["Variant Price"]), where
        assert row["Variant Grams"].isdecimal(), where
        assert row["Variant Inventory Qty"].isdecimal(), where
        compare = row["Variant Compare At Price"]
        assert not compare or Decimal(compare) > Decimal(row["Variant Price"]) > 0, where


def test_stock_has_every_case() -> None:
    """Some variants are sold out, some nearly, some reduced, and some products are final sale."""
    counted = [int(row["Variant Inventory Qty"]) for row in rows() if row["Variant Inventory Tracker"]]
    assert sum(n == 0 for n in counted) >= 20
    assert sum(1 <= n <= 3 for n in counted) >= 20
    assert sum(bool(row["Variant Compare At Price"]) for row in rows()) >= 20
    assert sum("final sale" in tags_of(row) for row in products().values()) >= 4


def test_options_tell_variants_apart() -> None:
    """No two variants of a product have the same options, and each option has a name."""
    for handle, product in products().items():
        own = [row for row in rows() if row["Handle"] == handle]
        chosen = [tuple(row[f"Option{n} Value"] for n in (1, 2, 3)) for row in own]
        assert len(set(chosen)) == len(chosen), handle
        for n in (1, 2, 3):
            named = bool(product[f"Option{n} Name"])
            assert all(bool(row[f"Option{n} Value"]) == named for row in own), handle


def test_brands_and_tags_are_the_shops() -> None:
    """Vendors are the six brands; tags are lower-case; an accessory names a product that exists."""
    assert {row["Vendor"] for row in products().values()} == BRANDS
    for handle, row in products().items():
        for tag in tags_of(row):
            assert tag == tag.lower().strip() != "", handle
            if tag.startswith("accessory-for:"):
                assert tag.removeprefix("accessory-for:") in products(), handle


def expected_warranty(product: Row) -> str:
    """The warranty that the shop's facts give; none for what is eaten or is money."""
    kind, brand = product["Type"], product["Vendor"]
    if kind in {"Food", "Gift Cards"}:
        return ""
    if kind == "Lamps" or (kind == "Power" and "solar" not in tags_of(product)):
        return "1 year"
    if brand == "Kestrel Works" and kind == "Knives & Tools":
        return "Lifetime"
    return "5 years" if brand == "Fernway" and kind in {"Tents", "Packs", "Sleeping Bags"} else "2 years"


def test_warranties_follow_the_facts() -> None:
    """Each product states the warranty of its brand and kind."""
    wrong = {h: row[WARRANTY] for h, row in products().items() if row[WARRANTY] != expected_warranty(row)}
    assert wrong == {}
    assert {row[WARRANTY] for row in products().values()} == {"", "1 year", "2 years", "5 years", "Lifetime"}


def test_stated_weight_is_a_variants_weight_in_both_units() -> None:
    """The weight that shoppers read is one variant's grams, and its ounces are the same weight."""
    for handle, product in products().items():
        if product["Gift Card"] == "true":
            continue
        found = re.match(r"([\d,]+) g \(([\d.]+) oz\)", product[WEIGHT])
        assert found, handle
        grams = int(found[1].replace(",", ""))
        own = {int(row["Variant Grams"]) for row in rows() if row["Handle"] == handle}
        assert grams in own, handle
        assert abs(grams / 28.3495 - float(found[2])) <= 0.051, handle
        in_text = re.findall(r"([\d,]+) g \(", product["Body (HTML)"])
        assert all(int(n.replace(",", "")) in own for n in in_text), handle


def repeated(texts: dict[str, str], words: int) -> list[str]:
    """Runs of that many words that stand in more than one text."""
    where: dict[str, set[str]] = defaultdict(set)
    for name, text in texts.items():
        tokens = re.findall(r"[a-z0-9'°.%-]+", re.sub("<[^>]+>", " ", text).lower())
        for at in range(len(tokens) - words + 1):
            where[" ".join(tokens[at : at + words])].add(name)
    return [run for run, names in where.items() if len(names) > 1]


def test_no_two_texts_share_a_phrase() -> None:
    """No six words in a row stand in two descriptions or in two reviews: nothing is filled in from a template."""
    assert repeated({h: row["Body (HTML)"] for h, row in products().items()}, 6) == []
    english = {str(n): f"{r['title']} / {r['text']}" for n, r in enumerate(reviews()) if r["lang"] == "en"}
    assert repeated(english, 6) == []


def test_forty_products_are_told_in_chinese() -> None:
    """The translation export covers forty products, each with title, text, kind, facts and options."""
    fields: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in read_csv("products.zh.csv"):
        assert (row["Type"], row["Locale"]) == ("PRODUCT", "zh-CN")
        assert row["Field"] not in fields[row["Identification"]]
        fields[row["Identification"]][row["Field"]] = row
    assert len(fields) == 40
    for handle, own in fields.items():
        product = products()[handle]
        assert own["title"]["Default content"] == product["Title"]
        assert own["body_html"]["Default content"] == product["Body (HTML)"]
        assert own["product_type"]["Default content"] == product["Type"]
        assert {f"metafield:{label}" for label in ("Weight", "Warranty", "Material")} <= own.keys(), handle
        assert {f"option:{product[f'Option{n} Name']}" for n in (1, 2, 3)} - {"option:", "option:Title"} <= own.keys()
        assert re.search("[\u4e00-\u9fff]", own["title"]["Translated content"]), handle


def figures(text: str) -> list[str]:
    """The numbers in a text, in order of their characters."""
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", text))


def test_translations_keep_every_number() -> None:
    """A fact in Chinese has the figures of the English one, and its label before them."""
    for row in read_csv("products.zh.csv"):
        if not row["Field"].startswith("metafield:") or row["Field"] == "metafield:Season":
            continue  # seasons are words in Chinese: 三季
        label, colon, value = row["Translated content"].partition(": ")
        assert label, row
        assert colon, row
        assert figures(value) == figures(row["Default content"]), row


def test_reviews_are_of_products_and_variants_that_exist() -> None:
    """Each review names a product, one of its variants, one to five stars, a day up to the shop's today."""
    for review in reviews():
        assert review["product"] in products(), review
        assert variants()[review["variant"]]["Handle"] == review["product"], review
        assert review["stars"] in {1, 2, 3, 4, 5}
        assert date(2024, 1, 1) <= date.fromisoformat(review["date"]) <= date(2026, 11, 21)
        assert review["title"], review
        assert review["text"], review
        assert isinstance(review["verified"], bool)
        assert (review["lang"] == "zh") == bool(re.search("[\u4e00-\u9fff]", review["text"])), review


def test_reviews_are_mixed() -> None:
    """All stars occur, Chinese too, and several products have ten reviews or more."""
    assert {review["stars"] for review in reviews()} == {1, 2, 3, 4, 5}
    assert sum(review["lang"] == "zh" for review in reviews()) >= 30
    assert sum(n >= 10 for n in Counter(review["product"] for review in reviews()).values()) >= 5
    texts = [review["text"] for review in reviews()]
    assert len(set(texts)) == len(texts)
