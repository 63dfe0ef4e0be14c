"""Personal data in text: what is found, what is left alone, and what becomes of it."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import pii
from bot.pii import Kind

CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "content"
FIGURES = st.text(alphabet="0123456789+-() .,@aXDE４５·–\u200b\n元", max_size=60)


def kinds(text: str, region: str = "") -> list[tuple[str, Kind]]:
    """What was found, as written."""
    return [(text[span.start : span.end], span.kind) for span in pii.find(text, region)]


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111 – 1111 – 1111 – 1111",
        "41111111 11111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "４１１１１１１１１１１１１１１１",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111 1111\n1111 1111",
        "4111\u200b1111\u200b1111\u200b1111",
        "5500 0055 5555 5559",
        "2223 0031 2200 3222",
        "3782 822463 10005",
        "3056 930902 5904",
        "6011 1111 1111 1117",
        "3530 1113 3330 0000",
        "6759 6498 2643 8453",
        "6222 0214 0100 0000 009",
        "622202 1401000000009",
        "2200 7700 0000 0036",
    ],
)
def test_card_numbers_are_found_however_they_are_written(number: str) -> None:
    """Every network's form, with spaces, dashes, dots, other digits and invisible characters, next to any text."""
    found = [(number, Kind.CARD)]
    assert kinds(number) == found
    assert kinds(f"My number is {number}, thanks.") == found
    assert kinds(f"卡号{number}到期") == found


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112 has a wrong check digit",
        "0000 0000 0000 0000",
        "4111 1111 1111 111 is too short",
        "9111 1111 1111 1113 is of no network",
        "41111111111111111111111 is too long",
        "sizes 36 38 39 40 41 42 43, 44 45 46 47 48",
        "0.4111111111111111 of it",
        "EAN 4006381333931, ISBN 978-0-13-468599-1",
    ],
)
def test_what_fails_its_check_is_no_card(text: str) -> None:
    """Check digit, length and network must fit, and a list of small numbers is not put together."""
    assert Kind.CARD not in [kind for _, kind in kinds(text)]


def test_a_card_beside_other_digits_is_found_alone() -> None:
    """Expiry date and security code do not hide the number before them."""
    assert kinds("4111 1111 1111 1111 12/28 123") == [("4111 1111 1111 1111", Kind.CARD)]
    assert kinds("4111 1111 1111 1111 12 28")[0] == ("4111 1111 1111 1111", Kind.CARD)
    two = "4111 1111 1111 1111 5500 0055 5555 5559"
    assert [kind for _, kind in kinds(two)] == [Kind.CARD, Kind.CARD]


def test_any_grouping_is_a_card_where_the_text_says_card() -> None:
    """Odd groups are put together when the words before them speak of a card."""
    odd = "411 111 111 111 111 1"
    assert kinds(f"sizes {odd}") == []
    assert kinds(f"my visa card is {odd}") == [(odd, Kind.CARD)]


@pytest.mark.parametrize(
    "text",
    [
        "GB82 WEST 1234 5698 7654 32",
        "DE89370400440532013000",
        "fr14 2004 1010 0505 0001 3M02 606",
        "NL91-ABNA-0417-1643-00",
    ],
)
def test_bank_accounts_are_found(text: str) -> None:
    """An IBAN with right check digits and its country's length, grouped or not; not when one digit is off."""
    assert kinds(f"please pay to {text} today") == [(text, Kind.IBAN)]
    wrong = re.sub(r"\d(?=\D*$)", lambda m: str((int(m.group()) + 1) % 10), text)
    assert Kind.IBAN not in [kind for _, kind in kinds(wrong)]


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+1 541 555 0142", ""),
        ("(541) 555-0142", ""),
        ("541-555-0142", ""),
        ("+44 20 7946 0958", ""),
        ("020 7946 0958", ""),
        ("030 23125000", ""),
        ("+49 30 23125000", ""),
        ("13912345678", ""),
        ("139 1234 5678", ""),
        ("+86 139 1234 5678", ""),
        ("010-82345678", ""),
        ("06 12 34 56 78", "FR"),
        ("１３９１２３４５６７８", ""),
    ],
)
def test_phone_numbers_are_found(text: str, region: str) -> None:
    """Numbers that are valid where they are written, with and without their country's code."""
    assert kinds(f"call {text}, please", region) == [(text, Kind.PHONE)]


@pytest.mark.parametrize("text", ["ana.b+c@mail.example", "a_b-c@sub.shop.example.com", "ＡＮＡ@mail.example"])
def test_email_addresses_are_found(text: str) -> None:
    """Addresses inside a sentence, also of Chinese without spaces."""
    assert (("[email]" in pii.mask(f"write to {text}.")), pii.mask(f"邮箱{text}。")[-8:]) == (True, "[email]。")


@pytest.mark.parametrize(
    "text",
    [
        "order FW-204817 of 2026-12-15, $1,299.00",
        "FW-RDG2-GRN weighs 1,480 g, open 9:00–18:00, 210 × 130 × 105 cm",
        "6–9 business days, 2026-10-15 to 2026-12-15",
        "2026-11-22T11:02:05.123456Z took 12.345678 ms",
        "10.0.0.1:8000 and 192.168.100.200",
        "tracking 1Z999AA10123456784, batch #5415550142",
        "sizes 7 7.5 8 8.5 9 9.5 10 10.5 11 11.5 12 13 14",
        "¥1299 1599 1899 2199",
        "c-0f8fad5bd9cb469fa16570867728950e",
    ],
)
def test_a_shops_ordinary_figures_stay(text: str) -> None:
    """Order numbers, SKUs, prices, sizes, dates, times, addresses of machines and identifiers are nobody's data."""
    assert kinds(text) == []


def test_nothing_in_the_shops_own_texts_is_taken_for_personal() -> None:
    """Over every line of the sample shop: no card, no IBAN, and no phone or address but the shop's own."""
    found: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    files = [path for path in CONTENT.rglob("*") if path.is_file() and path.name != "orders.jsonl"]
    assert len(files) > 8
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            for text, kind in kinds(line):
                found[kind].add(text)
    assert found[Kind.CARD] == found[Kind.IBAN] == set()
    assert all(re.search(r"555.?01\d\d$", phone) for phone in found[Kind.PHONE]), found[Kind.PHONE]
    assert all(address.endswith((".example", ".example.com")) for address in found[Kind.EMAIL]), found[Kind.EMAIL]


def test_orders_hold_no_card_and_no_account() -> None:
    """Order and tracking numbers are left alone."""
    for line in (CONTENT / "orders.jsonl").read_text(encoding="utf-8").splitlines():
        assert {kind for _, kind in kinds(line)} <= {Kind.EMAIL, Kind.PHONE}


def test_a_card_is_replaced_by_a_mark_in_the_texts_language() -> None:
    """People see that something was taken out; everything else stays, other personal data too."""
    assert pii.without_cards("card 4111 1111 1111 1111, a@b.example") == "card [card number removed], a@b.example"
    assert pii.without_cards("卡号4111111111111111。") == "卡号[银行卡号已删除]。"
    assert pii.without_cards("4111111111111111@b.example") == "[card number removed]@b.example"
    assert pii.without_cards("call +1 541 555 0142") == "call +1 541 555 0142"


def test_everything_is_masked_by_its_kind() -> None:
    """One text with each kind."""
    text = "a@b.example, +1 541 555 0142, 4111111111111111, DE89 3704 0044 0532 0130 00"
    assert pii.mask(text) == "[email], [phone], [card], [iban]"


def test_addresses_are_listed_in_lower_case() -> None:
    """For finding a shopper by what they wrote."""
    assert pii.emails("Ana@Mail.Example, or bo@mail.example.") == ["ana@mail.example", "bo@mail.example"]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), FIGURES))
def test_what_is_found_is_gone_after_masking(text: str) -> None:
    """Nothing raises; spans are in order and apart; masked text holds nothing personal, and is masked once for all."""
    spans = pii.find(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    masked = pii.mask(text)
    assert pii.find(masked) == []
    assert pii.mask(masked) == masked


@settings(max_examples=150, deadline=None)
@given(FIGURES, st.sampled_from(["4111 1111 1111 1111", "378282246310005"]), FIGURES)
def test_no_card_outlives_its_removal(before: str, card: str, after: str) -> None:
    """Whatever stands around it, no card is left to find, and removing again changes nothing."""
    text = pii.without_cards(f"{before} card {card} {after}")
    assert Kind.CARD not in [span.kind for span in pii.find(text)]
    assert pii.without_cards(text) == text
