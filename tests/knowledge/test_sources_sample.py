"""The sample shop's own files, read as they are."""

from functools import cache
from pathlib import Path

from knowledge.passages import Kind
from knowledge.sources import Content, read_strict
from knowledge.sources.listing import LISTING
from knowledge.split import LIMIT, approximate

FOLDER = Path(__file__).resolve().parents[2] / "knowledge" / "content"


@cache
def sample() -> Content:
    """The sample shop's content, read once."""
    return read_strict(FOLDER)


def test_the_sample_shop_has_no_problem() -> None:
    """Every file of the sample shop but its orders and gold questions is listed and read, without a single problem."""
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert sample().files.keys() == files - {"orders.jsonl", "gold.jsonl"}
    assert LISTING in sample().files


def test_the_sample_shop_is_of_the_promised_size() -> None:
    """There are products, reviews and entries enough, and 40 products in Chinese."""
    content = sample()
    assert len(content.products) >= 200
    assert len(content.reviews) >= 300
    assert sum("zh" in product.wording for product in content.products) >= 40
    for lang in ("en", "zh"):
        entries = {p.entry for p in content.passages if p.kind is Kind.FAQ and p.lang == lang}
        assert len(entries) >= 80


def test_texts_are_there_in_both_languages() -> None:
    """FAQ, policies and promotions have the same entries in English and in Chinese."""
    for kind in (Kind.FAQ, Kind.POLICY, Kind.PROMOTION):
        english, chinese = (
            {p.entry for p in sample().passages if p.kind is kind and p.lang == lang} for lang in ("en", "zh")
        )
        assert english == chinese


def test_passages_fit_the_encoder_and_have_pages() -> None:
    """Each passage is of the encoder's size, has a page to cite, and an id of its own."""
    passages = sample().passages
    assert all(approximate(p.text) <= LIMIT for p in passages)
    assert all(p.url.startswith("/") and p.title for p in passages)
    assert len({p.id for p in passages}) == len(passages)


def test_each_product_begins_with_its_name_and_price() -> None:
    """The first passage of a product opens with its name, and its price follows."""
    first = {p.id: p for p in sample().passages}
    for product in sample().products:
        for lang, words in product.wording.items():
            lines = first[f"product:{product.handle}:{lang}"].text.split("\n")
            assert lines[0].startswith(words.name)
            assert lines[1].startswith("价格：" if lang == "zh" else "Price: ")
