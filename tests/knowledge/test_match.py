"""Products named literally."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.match import Matcher, Way
from knowledge.passages import Wording
from tests.support.shelves import LARCH, LARCH_PRO, TENT, product

MERINO = product("merino-150-tee", "20150", en="Merino 150 Tee")
SOCKS = product("sprint", "SP-1", en="Trail Running Socks", zh="袜子")
BOOTS = replace(product("boots", "BT-1", en="Drover"), wording={"en": Wording("Drover", "For every trail there is.")})
MATCHER = Matcher([LARCH, LARCH_PRO, TENT, MERINO, SOCKS, BOOTS])


def handles(text: str) -> list[str]:
    """Handles in the order of the matches."""
    return [match.handle for match in MATCHER.find(text)]


@pytest.mark.parametrize(
    "text", ["LJ-100-L", "is lj-100-l in stock?", "lj100l", "LJ 100 L", "有没有LJ-100-L？", "(LJ‑100‑L)"]
)
def test_a_sku_counts_however_it_is_written(text: str) -> None:
    """Any case, with dashes, blanks or nothing between its parts, next to Chinese."""
    (match,) = MATCHER.find(text)
    assert (match.handle, match.text, match.way) == ("larch-jacket", "LJ-100-L", Way.SKU)


@pytest.mark.parametrize(
    "text",
    [
        "a tent for two",
        "1001 nights",
        "LJ-100",
        "xLJ-100-Lx",
        "FW-201500",
        "order fw201500",
        "$201.50",
        "Larch",
        "larch",
    ],
)
def test_what_only_looks_like_a_code_or_name_does_not_count(text: str) -> None:
    """Plain words, sums, order numbers and parts of codes name no product."""
    assert handles(text) == []


def test_a_code_of_letters_must_be_written_as_the_shop_does() -> None:
    """A SKU such as TENT is a plain word in any other spelling."""
    assert handles("TENT in stock?") == ["tent"]


def test_a_code_of_five_digits_counts() -> None:
    """A long number can be a SKU."""
    assert handles("do you have 20150") == ["merino-150-tee"]


def test_order_numbers_are_not_skus() -> None:
    """A code of the order number's form is never a SKU, even if the shop has one like it."""
    assert Matcher([product("odd", "FW-123456", en="Odd Thing")]).find("where is FW-123456") == ()


def test_a_handle_counts_as_in_a_page_address() -> None:
    """A handle with a dash is found in an address; one that is a plain word is not."""
    assert handles("https://shop.example/products/larch-pro-jacket") == ["larch-pro-jacket"]
    assert handles("/products/tent") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is the Larch Pro Jacket warm?", ["larch-pro-jacket"]),
        ("is the larch jacket's hood removable", ["larch-jacket"]),
        ("larch jackets", ["larch-jacket"]),
        ("Larch Jacket or Larch Pro Jacket?", ["larch-jacket", "larch-pro-jacket"]),
        ("Larch Pro Jacket or Larch Jacket?", ["larch-pro-jacket", "larch-jacket"]),
        ("polarch jacket", []),
        ("larch green jacket", []),
        ("落葉松防雨夾克有貨嗎", ["larch-jacket"]),
        ("Larch 防雨夹克多少钱", ["larch-jacket"]),
        ("落叶松 Larch 防雨夹克", ["larch-jacket"]),
        ("袜子", []),
        ("larch pro in L?", ["larch-pro-jacket"]),
        ("Merino 150 size M", ["merino-150-tee"]),
        ("trail running shoes", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    """Whole names, longest first, word by word; Chinese anywhere; beginnings only if they are telling."""
    assert handles(text) == expected


def test_products_of_one_name_are_all_found() -> None:
    """Two products that share a name are both named by it."""
    twins = Matcher([product("a-1", "A-1", en="Twin Mug"), product("b-1", "B-1", en="Twin Mug")])
    assert {match.handle for match in twins.find("twin mug")} == {"a-1", "b-1"}


def test_the_brand_may_be_left_out() -> None:
    """A name that begins with its brand is found without it."""
    matcher = Matcher([product("fj", "F-1", en="Fernway Storm Jacket")])
    assert [match.text for match in matcher.find("storm jacket")] == ["Fernway Storm Jacket"]


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    """Whatever a shopper writes, matching ends, and names each product once."""
    found = handles(text)
    assert len(found) == len(set(found))


@given(st.text(alphabet="xyz ,.", max_size=20), st.text(alphabet="xyz ,.", max_size=20))
def test_a_name_between_other_words_is_found(before: str, after: str) -> None:
    """A full name set off by blanks is found whatever stands around it."""
    assert handles(f"{before} Larch Jacket {after}") == ["larch-jacket"]
