"""Which language a message is in: short, mixed and foreign ones too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import foreign, language, simplified

SPOKEN = ("en", "zh")


@pytest.mark.parametrize(
    ("text", "before", "wanted"),
    [
        ("ok", "zh", "zh"),
        ("ok", "", "en"),
        ("L码 still available吗", "en", "zh"),
        ("Larch jacket 有货吗", "en", "zh"),
        ("Larch Jacket", "zh", "zh"),
        ("Ridgeline 2 Tent", "zh", "zh"),
        ("Ridgeline 2 Tent", "en", "en"),
        ("FW-202884", "zh", "zh"),
        ("FW-202884", "", "en"),
        ("？", "zh", "zh"),
        ("？", "en", "en"),
        ("do you have 羽绒服 in L?", "", "en"),
        ("is this the 帐篷 from the video", "zh", "en"),
        ("can I pay with 支付宝", "", "en"),
        ("支付宝", "en", "zh"),
        ("iPhone 充电宝", "en", "zh"),
        ("請問有黑色的嗎", "en", "zh"),
        ("運費多少", "", "zh"),
        ("how much is shipping", "zh", "en"),
        ("in English please", "zh", "en"),
        ("请说中文", "en", "zh"),
        ("これは防水ですか", "", "en"),
        ("これは防水ですか", "zh", "zh"),
        ("Wie lange dauert der Versand?", "zh", "zh"),
        ("anna@example.com", "zh", "zh"),
    ],
)
def test_the_language_is_the_messages_or_else_the_conversations(text: str, before: str, wanted: str) -> None:
    """A name, a code or a mark tells nothing; a language that is not spoken leaves the conversation's."""
    assert language(text, before, SPOKEN) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("送料はいくらですか", "ja"),
        ("배송은 얼마나 걸리나요?", "ko"),
        ("Сколько стоит доставка?", "ru"),
        ("كم تكلفة الشحن؟", "ar"),
        ("Wie lange dauert der Versand nach Berlin?", "de"),
        ("Quels sont les délais de livraison pour la France ?", "fr"),
        ("¿Cuánto cuesta el envío a España?", "es"),
        ("Do you ship to München?", ""),
        ("Is the La Sportiva boot in stock?", ""),
        ("帐篷防水吗", ""),
        ("請問有黑色的嗎", ""),
        ("Do you sell ピカチュウ mugs in the shop here?", ""),
        ("larch jacket die cut patch", ""),
        ("cafe", ""),
        ("Do you ship to Москва?", ""),
        ("Larch Jacket は防水ですか", "ja"),
    ],
)
def test_another_language_is_told_only_where_it_is_plain(text: str, wanted: str) -> None:
    """Names from elsewhere in an English sentence do not make it foreign."""
    assert foreign(text, SPOKEN) == wanted


def test_a_language_that_the_shop_speaks_is_not_foreign() -> None:
    """What is foreign depends on the shop."""
    assert foreign("Wie lange dauert der Versand?", ("en", "de")) == ""


def test_traditional_characters_are_read_as_simplified() -> None:
    """Only the characters change: case, width and marks stay."""
    assert simplified("請問 L碼有貨嗎？OK") == "请问 L码有货吗？OK"


@given(st.text(), st.sampled_from(["", "en", "zh", "de"]))
def test_the_language_is_always_one_that_is_spoken(text: str, before: str) -> None:
    """Whatever was written and spoken before."""
    assert language(text, before, SPOKEN) in SPOKEN
    assert language(text, before, ("zh",)) == "zh"
    assert len(simplified(text)) == len(text)
