"""Folding and cutting texts into terms."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.words import fold, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crème Brûlée", "creme brulee"),
        ("ＬＡＲＣＨ １２", "larch 12"),
        ("退貨運費由誰承擔", "退货运费由谁承担"),
        ("women’s", "WOMEN'S"),
        ("GORE‑TEX", "gore-tex"),
        ("cafe\u0301", "café"),
    ],
)
def test_spellings_fold_to_the_same(one: str, other: str) -> None:
    """Accents, width, case, script and typographic quotes make no difference."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How long does shipping take?", ["long", "ship", "take"]),
        ("the jacket's hoods", ["jacket", "hood"]),
        ("Gore-Tex", ["gore", "tex", "goretex"]),
        ("10,000 mm for $149.50", ["10000", "mm", "149.50"]),
        ("退货运费", ["退", "货运", "运费", "货运费"]),
        ("Larch夹克XL码", ["larch", "夹克", "xl", "码"]),
        ("don't you?", []),
        ("我们的吗？", []),
        ("", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    """Words are stemmed, compounds give parts and whole, Chinese is segmented, stop words fall away."""
    assert terms(text) == expected


def test_a_passage_has_every_word_of_the_dictionary_in_it() -> None:
    """Words that lie across the cuts are terms of a passage, so that asking for 退货 finds 退货运费."""
    assert terms("退货") == ["退货"]
    assert set(terms("退货运费", every=True)) == {"退", "货运", "运费", "货运费", "退货"}


@given(st.text())
def test_any_text_folds_once_and_for_all(text: str) -> None:
    """Folding what was folded changes nothing, and terms of any text are never empty words."""
    assert fold(fold(text)) == fold(text)
    assert all(terms(text))


def test_threads_get_the_same_terms() -> None:
    """Several threads at once, the first Chinese text included, all get what one thread gets."""
    got: list[list[str]] = []
    threads = [threading.Thread(target=lambda: got.append(terms("returning 退货运费 jackets"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [terms("returning 退货运费 jackets")] * 8
