"""The shop's own list of words, and the words that its catalogue and its entries hold."""

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.glossary import Glossary, Layer
from knowledge.mined import mined
from knowledge.passages import Passage, Product, Wording
from knowledge.sources import read
from tests.support.shelves import LARCH, faq, product


def test_a_table_of_terms(tmp_path: Path) -> None:
    """A file with the columns en and zh is told by its header; bars part forms, a dash is nothing."""
    (tmp_path / "terms.tsv").write_text("en\tzh\nrepair shop|workshop\t工坊\nhow\t-\n", "utf-8")
    content = read(tmp_path)
    assert content.problems == ()
    assert [(t.forms["en"], t.forms["zh"], t.layer) for t in content.terms] == [
        (("repair shop", "workshop"), ("工坊",), Layer.SHOP),
        (("how",), (), Layer.SHOP),
    ]
    assert "terms.tsv" in content.files


def test_terms_as_json_lines(tmp_path: Path) -> None:
    """JSON lines take lists or texts with bars."""
    (tmp_path / "terms.jsonl").write_text('{"en": ["a b", "c"], "zh": "甲|乙"}\n', "utf-8")
    assert [t.forms for t in read(tmp_path).terms] == [{"en": ("a b", "c"), "zh": ("甲", "乙")}]


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ('{"en": "", "zh": "甲"}', "terms.jsonl:2, column en: found nothing, wanted words in this language"),
        ('{"en": 5, "zh": "甲"}', "terms.jsonl:2, column en: found 5, wanted words in this language"),
        ('{"en": "-", "zh": "-"}', "terms.jsonl:2: found no words in either language"),
        ('{"en": "a|-", "zh": "甲"}', "terms.jsonl:2, column en: found '-', wanted words"),
        ('{"en": "a", "zh": "' + "甲" * 81 + '"}', "at most 80 characters each"),
    ],
)
def test_bad_rows_are_told(row: str, found: str, tmp_path: Path) -> None:
    """A bad row is named by file, line and column, and the others are read."""
    (tmp_path / "terms.jsonl").write_text('{"en": "tent", "zh": "帐篷"}\n' + row + "\n", "utf-8")
    content = read(tmp_path)
    assert len(content.terms) == 1
    assert [found in str(problem) for problem in content.problems] == [True]


def test_uploaded_terms_stand_for_the_folders(tmp_path: Path) -> None:
    """An admin's upload of the same name replaces the shop's list."""
    folder, uploads = tmp_path / "content", tmp_path / "uploads"
    for place, zh in ((folder, "工坊"), (uploads, "车间")):
        place.mkdir()
        (place / "terms.tsv").write_text(f"en\tzh\nworkshop\t{zh}\n", "utf-8")
    assert [t.forms["zh"] for t in read(folder, uploads=uploads).terms] == [("车间",)]


def test_the_catalogue_is_a_dictionary() -> None:
    """Names and labels of a product in two languages are translations of one another."""
    glossary = Glossary(mined([LARCH], ()))
    assert glossary.translated("Larch Jacket", "zh") == "落叶松 Larch 防雨夹克"
    both = product("mug", "M-1", en="Mug", zh="杯子")
    words = {
        "en": Wording("Mug", "A mug.", "Kitchenware", {"Colour": "Sea", "Weight": "300 g"}),
        "zh": Wording("杯子", "杯子。", "杯具", {"颜色": "海蓝", "重量": "300 克"}),
    }
    glossary = Glossary(mined([replace(both, wording=words)], ()))
    assert [glossary.translated(word, "zh") for word in ("Kitchenware", "Colour", "Sea", "300 g")] == [
        "杯具",
        "颜色",
        "海蓝",
        "",
    ]


def test_labels_in_another_order_teach_nothing() -> None:
    """Where one product's facts stand in another order, the usual pairs win and its values are not taken."""

    def made(handle: str, zh: dict[str, str]) -> Product:
        words = {"en": Wording(handle, "", "", {"Fit": "Slim", "Care": "Wipe"}), "zh": Wording("某", "", "", zh)}
        return replace(product(handle, handle, en=handle), wording=words)

    usual = [made(f"p{n}", {"版型": "修身", "保养": "擦"}) for n in range(2)]
    glossary = Glossary(mined([*usual, made("odd", {"保养": "水洗", "版型": "宽松"})], ()))
    assert [glossary.translated(word, "zh") for word in ("Fit", "Care", "Slim")] == ["版型", "保养", "修身"]
    assert glossary.translated("宽松", "en") == ""


def test_entries_in_two_languages_are_a_dictionary() -> None:
    """Words that only ever meet in the same entries are translations; those that are everywhere are none."""
    passages: list[Passage] = []
    for n in range(30):
        extra = ("falconry", "猎鹰") if n % 6 == 0 else ("parcel", "包裹")
        passages += [
            faq(f"e{n}", "en", f"About {extra[0]} here?", text="Shop."),
            faq(f"e{n}", "zh", extra[1], text="商店。"),
        ]
    glossary = Glossary(mined((), passages))
    assert glossary.translated("猎鹰", "en") == "falconri"
    assert glossary.translated("商店", "en") == ""
    assert mined((), passages) == mined((), passages[::-1])
