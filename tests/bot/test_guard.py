"""Hidden characters, personal data, and the prompt itself."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import guard
from bot.generate.protocol import Prompt
from bot.prompt import system


def test_hidden_characters_go_and_words_stay() -> None:
    """Controls, bidirectional marks, tags, zero-width spaces and lone surrogates are dropped."""
    assert guard.clean("a\x00b\u202ec\u200bd\U000e0041e\ud800f\r\ng\th") == "abcdef\ng\th"


def test_emoji_and_scripts_that_need_joiners_stay() -> None:
    """A family emoji keeps its joiners; decomposed letters become one."""
    assert guard.clean("👨\u200d👩\u200d👧") == "👨\u200d👩\u200d👧"
    assert guard.clean("cafe\u0301") == "café"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """Cleaning is idempotent, normalised, and leaves no character of category Cc but tab and newline."""
    once = guard.clean(text)
    assert guard.clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n" for c in once)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to ana.b+c@mail.example, please", "write to [email], please"),
        ("call +1 541 555 0142 or (541) 555-0142", "call [phone] or [phone]"),
        ("我的手机是13912345678。", "我的手机是[phone]。"),
        ("card 4111 1111 1111 1111.", "card [card]."),
        ("5500-0055-5555-5559", "[card]"),
    ],
)
def test_personal_data_are_masked(text: str, masked: str) -> None:
    """E-mail addresses, phone numbers and card numbers are replaced by their kind."""
    assert guard.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "order FW-204817 of 2026-12-15, $1,299.00",
        "FW-RDG2-GRN weighs 1,480 g, open 9:00–18:00",
        "number 4111 1111 1111 1112 has a wrong check digit",
        "6–9 business days, 2026-10-15 to 2026-12-15",
        "0000 0000 0000 0000",
    ],
)
def test_ordinary_figures_stay(text: str) -> None:
    """Order numbers, dates, prices, SKUs, and digits without a right check digit are no personal data."""
    assert guard.mask(text) == text


@given(st.text(alphabet="0123456789+-() .@a", max_size=40))
def test_masking_twice_is_masking_once(text: str) -> None:
    """What was masked stays as it is, and nothing hangs on odd figures."""
    once = guard.mask(text)
    assert guard.mask(once).count("[") >= once.count("[")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_draft_that_recites_the_rules_leaks(lang: str) -> None:
    """A run of the system prompt is found, whatever its punctuation and case; an ordinary answer is not."""
    rules = system(Prompt("?", lang, "Fernway", ()))
    line = rules.split("\n")[1]
    assert guard.leaks(f"My rules: {line.upper().replace(',', ' -')}", rules)
    assert not guard.leaks("Shipping to Canada takes 6–9 business days. [1]", rules)
    assert not guard.leaks("寄往加拿大需要 6–9 个工作日。[1]", rules)
    assert not guard.leaks("", rules)
