"""Products from any table, by a mapping of columns."""

from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.passages import UNCOUNTED
from knowledge.sources import Content, read

LISTING = """
[[source]]
path = "artikel.csv"
format = "table"
lang = "de"
currency = "EUR"
url = "/artikel/{id}"
options = {Size = "Groesse"}
facts = {Material = "Stoff"}
[source.columns]
handle = "Nr"
name = "Bezeichnung"
price = "Preis"
sku = "SKU"
stock = "Lager"
description = "Text"
lang = "Sprache"
"""
HEADER = "Nr;Bezeichnung;Preis;SKU;Lager;Groesse;Stoff;Text;Sprache\n"
ROWS = "jacke;Regenjacke;89.90;J-S;4;S;Nylon;<b>Dicht</b> & leicht;\njacke;Regenjacke;89.90;J-M;0;M;Nylon;;\n"


def table(folder: Path, rows: str, header: str = HEADER, listing: str = LISTING) -> Content:
    """The content of a folder with this mapped table."""
    (folder / "sources.toml").write_text(listing)
    (folder / "artikel.csv").write_text(header + rows)
    return read(folder)


def test_mapped_columns_give_products(tmp_path: Path) -> None:
    """Columns of any name become fields, options and facts; rows of one handle are variants."""
    content = table(tmp_path, ROWS)
    assert not content.problems
    [product] = content.products
    words = product.wording["de"]
    assert (words.name, words.description, words.facts) == ("Regenjacke", "Dicht & leicht", {"Material": "Nylon"})
    assert product.url == "/artikel/jacke"
    assert [(v.sku, v.price, v.currency, v.stock, dict(v.options)) for v in product.variants] == [
        ("J-S", Decimal("89.90"), "EUR", 4, {"Size": "S"}),
        ("J-M", Decimal("89.90"), "EUR", 0, {"Size": "M"}),
    ]
    assert "Price: €89.90." in content.passages[0].text.split("\n")


def test_a_row_in_another_language_gives_words(tmp_path: Path) -> None:
    """A second language of a handle adds its words, and no variant."""
    content = table(tmp_path, ROWS + "jacke;Rain jacket;89.90;;;;Nylon;Dry and light;en-GB\n")
    assert not content.problems
    assert content.products[0].wording["en"].name == "Rain jacket"
    assert len(content.products[0].variants) == 2
    assert {passage.lang for passage in content.passages} == {"de", "en"}


def test_a_mapped_column_that_is_missing_lists_those_found(tmp_path: Path) -> None:
    """A wrong mapping is told once for the file, with the columns that there are."""
    content = table(tmp_path, ROWS.replace(";", ","), "Nr,Name,Preis,SKU,Lager,Groesse,Stoff,Text,Sprache\n")
    assert [str(problem) for problem in content.problems] == [
        "artikel.csv:1, column Bezeichnung: found no such column; there are "
        "Nr, Name, Preis, SKU, Lager, Groesse, Stoff, Text, Sprache, wanted a column 'Bezeichnung'"
    ]


@pytest.mark.parametrize(
    ("row", "column", "found"),
    [
        ("jacke;Regenjacke;12,50;J-L;1;L;;;", "Preis", "'12,50'"),
        ("jacke;Regenjacke;89.90;J-L;-1;L;;;", "Lager", "'-1'"),
        ("jacke;Regenjacke;89.90;J-L;;L;;;", "Lager", "nothing"),
        ("jacke;;89.90;J-L;1;L;;;", "Bezeichnung", "nothing"),
        ("eine jacke;Regenjacke;89.90;J-L;1;L;;;", "Nr", "'eine jacke'"),
        ("jacke;Regenjacke;89.90;J-S;1;L;;;", "sku", "'J-S' again"),
        ("jacke;Regenjacke;89.90;J-L;1;L;;;xx", "Sprache", "unknown language 'xx'"),
        ("jacke;Wollmuetze;19.90;J-L;1;L;;;", "handle", "'jacke' for another product"),
    ],
)
def test_bad_rows_are_told(tmp_path: Path, row: str, column: str, found: str) -> None:
    """A bad cell is named by line and by the shop's own column."""
    content = table(tmp_path, ROWS + row + "\n")
    assert len(content.products) == 1
    assert [(p.line, p.column, p.found) for p in content.problems] == [(4, column, found)]


def test_a_table_with_our_own_names_needs_no_listing(tmp_path: Path) -> None:
    """JSON lines whose keys are the fields' names are told by their looks; without stock nothing is counted."""
    (tmp_path / "shop.jsonl").write_text(
        '{"handle": "mug", "name": "Mug", "price": 9.5, "tags": ["Blue", "gift"], "weight_g": 300}\n'
        '{"handle": "cup", "name": "Cup", "price": true}\n'
    )
    content = read(tmp_path)
    [product] = content.products
    assert (product.tags, product.weight_g) == (("blue", "gift"), 300)
    assert (product.variants[0].price, product.variants[0].stock) == (Decimal("9.5"), UNCOUNTED)
    assert [(p.line, p.column, p.found) for p in content.problems][:1] == [(2, "price", "True")]


def test_an_unknown_field_in_the_mapping_is_told(tmp_path: Path) -> None:
    """A mapping of a field that there is not names those that there are."""
    [problem] = table(tmp_path, ROWS, listing=LISTING.replace("handle =", "handel =")).problems
    assert (problem.file, problem.line, problem.column) == ("sources.toml", 2, "columns")
    assert problem.found == "unknown field 'handel'"
