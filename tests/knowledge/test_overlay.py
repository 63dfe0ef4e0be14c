"""Edits over the sources: what they win over, what they leave alone, and what they say of themselves."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.overlay import EDITS, Edit, overlaid
from knowledge.passages import Kind, Origin
from knowledge.sources import Content, read
from knowledge.split import LIMIT, approximate
from tests.support.shelves import LARCH, content

AT = "2026-11-22T10:00:00+00:00"
FAQ = '{"id": "refund", "questions": ["When do I get my refund?", "refund time"], "answer": "Within 7 days."}\n'
TABLE = (
    "handle,name,description,price,stock,sku\nlarch,Larch Jacket,A light jacket.,149.00,3,L-1\n"
    "tent,Moth Bivy,For one.,99.00,0,T-1\n"
)


def edit(entry: str, lang: str = "en", **words: object) -> Edit:
    """Anna's edit."""
    return replace(Edit(entry, lang, "anna", AT), **words)  # type: ignore[arg-type]


def ids(of: Content) -> set[str]:
    """Of all passages."""
    return {passage.id for passage in of.passages}


def find(of: Content, id_: str) -> str:
    """The text of a passage."""
    return next(passage.text for passage in of.passages if passage.id == id_)


def test_without_edits_nothing_changes() -> None:
    """No edits: the very content that was read."""
    read_content = content()
    assert overlaid(read_content, []) is read_content


def test_an_edit_wins_over_the_file_and_says_who_and_when() -> None:
    """The edited text stands in the file's place; its questions stay; its origin tells file, person and time."""
    out = overlaid(content(), [edit("faq:refund", text="Within 3 days.")])
    passage = next(p for p in out.passages if p.id == "faq:refund:en")
    assert (passage.text, passage.questions) == ("Within 3 days.", ("When do I get my refund?",))
    assert passage.origin == Origin("made.jsonl", 1, "anna", AT)
    assert len(out.passages) == len(content().passages)


def test_an_edit_may_change_title_questions_and_address() -> None:
    """All words of an entry can be edited; a new first question is the title."""
    asked = ("Money back?", "refund?")
    out = overlaid(content(), [edit("faq:refund", text="Soon.", questions=asked, url="/faq#refund")])
    passage = next(p for p in out.passages if p.id == "faq:refund:en")
    assert (passage.title, passage.questions, passage.url) == ("Money back?", asked, "/faq#refund")


def test_an_edit_in_one_language_leaves_the_others() -> None:
    """Each language has its own words."""
    out = overlaid(content(), [edit("faq:canada", "zh", text="十天。")])
    assert find(out, "faq:canada:zh") == "十天。"
    assert find(out, "faq:canada:en") == find(content(), "faq:canada:en")


def test_a_new_entry_is_there_without_any_file() -> None:
    """An edit of what no file has makes an entry."""
    out = overlaid(content(), [edit("faq:gift-wrap", text="Yes, for $4.", questions=("Do you wrap gifts?",))])
    passage = next(p for p in out.passages if p.id == "faq:gift-wrap:en")
    assert (passage.title, passage.kind, passage.origin.file) == ("Do you wrap gifts?", Kind.FAQ, "")


@pytest.mark.parametrize(("lang", "left"), [("en", {"faq:canada:zh"}), ("", set())])
def test_a_hidden_entry_is_gone(lang: str, left: set[str]) -> None:
    """Hidden in one language or in all."""
    out = overlaid(content(), [edit("faq:canada", lang, hidden=True)])
    assert {id_ for id_ in ids(out) if id_.startswith("faq:canada")} == left


def test_a_hidden_promotion_is_gone_with_its_conditions() -> None:
    """Hidden in each of its languages, no rule knows the code any more; an edit of its words leaves it."""
    hidden = edit("promotion:RAIN10", "en", hidden=True)
    assert overlaid(content(), [hidden]).promotions == ()
    assert overlaid(content(), [edit("promotion:RAIN10", "en", text="Rain.")]).promotions == content().promotions


def test_a_hidden_product_is_gone_with_its_reviews() -> None:
    """No passage, product or review of it is left."""
    out = overlaid(content(), [edit("product:larch-jacket", "", hidden=True)])
    assert "larch-jacket" not in {p.handle for p in out.products} | {p.product for p in out.passages}
    assert out.reviews == ()


def test_a_product_edit_changes_its_words_and_keeps_price_and_stock() -> None:
    """Name and description are the admin's, figures the shop's; both are in the passage that is rendered anew."""
    out = overlaid(content(), [edit("product:larch-jacket", title="Larch Rain Jacket", text="Now with pit zips.")])
    product = next(p for p in out.products if p.handle == "larch-jacket")
    assert (product.words("en").name, product.variants) == ("Larch Rain Jacket", LARCH.variants)
    text = find(out, "product:larch-jacket:en")
    assert "Now with pit zips." in text
    assert "$149.00" in text
    assert next(p for p in out.passages if p.id == "product:larch-jacket:en").origin.edited_by == "anna"


def test_an_edit_of_a_product_that_is_gone_waits() -> None:
    """It makes nothing until the product is back."""
    assert ids(overlaid(content(), [edit("product:sold-off", text="Nice.")])) == ids(content())


def test_a_long_edit_is_cut_to_size_and_a_cut_entry_is_replaced_whole() -> None:
    """Pieces of the old text do not stay beside the new one."""
    long = " ".join(f"This is sentence number {n} of a long answer." for n in range(120))
    cut = overlaid(content(), [edit("faq:refund", text=long)])
    pieces = [p for p in cut.passages if p.entry == "faq:refund"]
    assert len(pieces) > 1
    assert all(approximate(p.text) <= LIMIT for p in pieces)
    again = overlaid(cut, [edit("faq:refund", text="Short.")])
    assert [p.text for p in again.passages if p.entry == "faq:refund"] == ["Short."]


def test_the_edits_are_among_the_files_that_a_snapshot_names() -> None:
    """Two states of edits can be told apart by their hash; the order of edits does not count."""
    one, two = edit("faq:refund", text="A."), edit("faq:canada", text="B.")
    assert overlaid(content(), [one, two]).files == overlaid(content(), [two, one]).files
    assert overlaid(content(), [one]).files[EDITS] != overlaid(content(), [two]).files[EDITS]


@given(st.lists(st.sampled_from(["refund", "canada", "giftcard", "new"]), unique=True), st.booleans())
def test_what_is_not_edited_stays_as_it_is(names: list[str], hidden: bool) -> None:
    """Whatever is edited or hidden, every other passage is the same, and no id comes twice."""
    edits = [edit(f"faq:{name}", "en", text="" if hidden else "Edited.", hidden=hidden) for name in names]
    out = overlaid(content(), edits)
    touched = {f"faq:{name}:en" for name in names}
    assert [p for p in out.passages if p.id not in touched] == [p for p in content().passages if p.id not in touched]
    assert len(ids(out)) == len(out.passages)


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Path, Path]:
    """A content folder, and an empty folder of uploads."""
    folder, uploads = tmp_path / "content", tmp_path / "uploads"
    folder.mkdir()
    uploads.mkdir()
    (folder / "faq.en.jsonl").write_text(FAQ)
    (folder / "products.csv").write_text(TABLE)
    return folder, uploads


def test_uploads_are_read_with_the_folder(shop: tuple[Path, Path]) -> None:
    """A further file adds its entries, and its origins say that it is an upload."""
    folder, uploads = shop
    (uploads / "faq.more.jsonl").write_text(FAQ.replace('"refund"', '"parcel"'))
    out = read(folder, uploads=uploads)
    assert {"faq:refund:en", "faq:parcel:en"} <= ids(out)
    assert next(p for p in out.passages if p.id == "faq:parcel:en").origin.file == "uploads/faq.more.jsonl"
    assert {"faq.en.jsonl", "uploads/faq.more.jsonl"} <= out.files.keys()
    assert not out.problems


def test_an_upload_stands_for_the_file_of_its_name(shop: tuple[Path, Path]) -> None:
    """The folder's own file is not read then, and not touched."""
    folder, uploads = shop
    (uploads / "faq.en.jsonl").write_text(FAQ.replace("7 days", "3 days"))
    out = read(folder, uploads=uploads)
    assert find(out, "faq:refund:en") == "Within 3 days."
    assert (folder / "faq.en.jsonl").read_text() == FAQ
    assert not out.problems


def test_a_bad_upload_is_told_by_its_name(shop: tuple[Path, Path]) -> None:
    """Problems of uploads say that they are of uploads, also for files of no known kind."""
    folder, uploads = shop
    (uploads / "faq.more.jsonl").write_text('{"id": "x", "questions": ["Why?"], "answer": ""}\n')
    (uploads / "odd.csv").write_text("a,b\n1,2\n")
    assert {problem.file for problem in read(folder, uploads=uploads).problems} == {
        "uploads/faq.more.jsonl",
        "uploads/odd.csv",
    }
