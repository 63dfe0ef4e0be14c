"""Chinese numerals: what they stand for, and which of a text are rewritten."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import figures, spelled, value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("三百五", "350"),
        ("三百零五", "305"),
        ("两千", "2000"),
        ("兩千零一", "2001"),
        ("十五", "15"),
        ("一百十五", "115"),
        ("一万二", "12000"),
        ("一万零五", "10005"),
        ("一亿二千万", "120000000"),
        ("二〇二六", "2026"),
        ("三点五", "3.5"),
        ("半", "0.5"),
        ("零", "0"),
        ("3千", "3000"),
        ("2.5万", "25000"),
        ("350", "350"),
    ],
)
def test_value(text: str, number: str) -> None:
    """A numeral stands for what a reader takes it for, abbreviations such as 三百五 included."""
    assert value(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "七八", "三四百", "万一", "一二", "三点", "零零", "件", "十百", "3点"])
def test_no_value(text: str) -> None:
    """What is no single number has no value: a guess between two, a word that looks like one, half a numeral."""
    assert value(text) is None


@given(st.integers(0, 10**12 - 1) | st.integers(0, 20_000))
def test_there_and_back(number: int) -> None:
    """A number that is written out is read as itself, and running text gives its figures."""
    assert value(spelled(number)) == number
    if number >= 20:
        assert figures(spelled(number) + "元") == f"{number}元"


@pytest.mark.parametrize("number", [-1, 10**12])
def test_too_large(number: int) -> None:
    """Numbers that cannot be written are refused."""
    with pytest.raises(ValueError, match="wanted 0 to"):
        spelled(number)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("三人帐篷", "3人帐篷"),
        ("两百元以内的鞋", "200元以内的鞋"),
        ("预算一百五十左右", "预算150左右"),
        ("三十升背包", "30升背包"),
        ("两年保修", "2年保修"),
        ("一年质保", "1年质保"),
        ("两年半", "2.5年"),
        ("半公斤", "0.5公斤"),
        ("打八五折", "打85折"),
        ("百分之二十", "20%"),
        ("3千元", "3000元"),
        ("千元以内", "1000元以内"),
        ("三点五公斤", "3.5公斤"),
    ],
)
def test_rewritten(text: str, wanted: str) -> None:
    """Numerals that count something become figures."""
    assert figures(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("一起买", "一个背包", "十分好", "千万别寄", "万一坏了", "统一尺码", "一下", "七八天", "三四百", "半价"),
        *("星期三", "下午三点", "第一层", "两三天", "五颜六色", "a plain text", ""),
    ],
)
def test_left_alone(text: str) -> None:
    """What only looks like a numeral, or is no single number, stays as it is."""
    assert figures(text) == text


@given(st.text("零〇一二两三四五六七八九十百千万亿点半个年元人折第百分之 12.a帐"))
def test_once_is_enough(text: str) -> None:
    """Rewriting a second time changes nothing, whatever the characters."""
    assert figures(figures(text)) == figures(text)
