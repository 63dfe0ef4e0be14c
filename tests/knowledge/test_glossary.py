"""The glossary: what a question's words are in the other language, and who is right about them."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.glossary import LANGS, Glossary, Layer, Term, general, split_forms
from knowledge.words import HAN

LISTED = Glossary(general())


def term(en: str, zh: str, layer: Layer = Layer.GENERAL) -> Term:
    """A term as in a list."""
    return Term({"en": split_forms(en), "zh": split_forms(zh)}, layer)


def parts(text: str, lang: str, glossary: Glossary = LISTED) -> list[str]:
    """The texts of a question's concepts."""
    return [concept.text for concept in glossary.concepts(text, lang)]


def others(text: str, lang: str, glossary: Glossary = LISTED) -> Sequence[str]:
    """All translated search terms of a question."""
    return [word for concept in glossary.concepts(text, lang) for form in concept.others for word in form]


def test_the_general_list_is_large_and_sound() -> None:
    """At least 500 meanings, each with words in one language at least, Chinese ones in the Chinese column."""
    assert len(general()) >= 500
    for listed in general():
        assert any(listed.forms.values())
        assert not any(HAN.search(form) for form in listed.forms["en"])
        assert len(set(listed.forms["zh"])) == len(listed.forms["zh"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("寄到加拿大要多久", {"canada", "ship"}),
        ("運費多少", {"postag"}),
        ("退貨", {"return"}),
        ("三人帐篷防水吗", {"tent", "waterproof", "person"}),
        ("可以用支付宝付款吗", {"alipay", "pay"}),
        ("有没有ＸＬ码", {"size"}),
    ],
)
def test_chinese_questions(text: str, wanted: set[str]) -> None:
    """Words of a Chinese question are known in English, traditional and full-width ones too."""
    assert wanted <= set(others(text, "zh"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("How long does shipping to Canada take?", {"加拿大", "配送"}),
        ("can I return it?", {"退货"}),
        ("do you have a student discount", {"学生"}),
    ],
)
def test_english_questions(text: str, wanted: set[str]) -> None:
    """Words of an English question are known in Chinese, in whatever form they stand."""
    assert wanted <= set(others(text, "en"))


def test_the_longest_form_counts() -> None:
    """A gift card is no gift, and 退款 is no 款; what a form uses up is not read again."""
    assert parts("can I buy a gift card", "en") == ["buy", "gift card"]
    assert parts("退款运费", "zh") == ["退款", "运费"]


def test_words_that_say_nothing_are_no_concepts() -> None:
    """Words of asking are left out in both languages, so that they cannot make a passage look unfit."""
    assert parts("请问怎么退货", "zh") == ["退货"]
    assert parts("I would like to know how to return", "en") == ["return"]


def test_what_is_not_known_stays() -> None:
    """Names, codes and numbers stand for themselves."""
    found = {concept.text: concept for concept in LISTED.concepts("Larch 夹克 FW-200 三百元", "zh")}
    assert found["larch"].words == ("larch",)
    assert found["larch"].others == ()
    assert "300" in found


def test_the_shop_wins() -> None:
    """What the shop says of a form is all that counts, whatever the order of the lists; in both directions."""
    for listed in (
        [term("points", "山径积分", Layer.SHOP), *general()],
        [*general(), term("points", "山径积分", Layer.SHOP)],
    ):
        glossary = Glossary(listed)
        assert set(others("points", "en", glossary)) == {"山径", "积分"}
        assert glossary.translated("山径积分", "en") == "points"
        assert "member" in others("会员", "zh", glossary)


def test_the_shop_can_take_a_word_out() -> None:
    """With a dash the shop says that a word says nothing."""
    assert parts("outdoor tent", "en", Glossary([*general(), term("outdoor", "-", Layer.SHOP)])) == ["tent"]


def test_mined_words_only_fill_gaps() -> None:
    """A pair that was mined does not add to a word that is listed."""
    glossary = Glossary([*general(), term("alaska", "夏威", Layer.MINED), term("apo", "军邮", Layer.MINED)])
    assert "夏威" not in others("alaska", "en", glossary)
    assert "军邮" in others("apo", "en", glossary)


def test_catalogue_words_add_to_the_general_ones() -> None:
    """A colour that the shop's catalogue has in two languages is known beside its usual translation."""
    glossary = Glossary([term("Ink", "墨蓝", Layer.CATALOGUE), term("Navy", "夜蓝", Layer.CATALOGUE), *general()])
    assert glossary.translated("Ink", "zh") == "墨蓝"
    assert {"夜", "蓝"} <= set(others("navy", "en", glossary))
    assert "藏青" in others("navy", "en", glossary)


@pytest.mark.parametrize(
    ("text", "used", "wanted"),
    [
        ("保固多久", {"保修"}, "保修多久"),
        ("保固多久", {"保固", "保修"}, "保固多久"),
        ("保固多久", set(), "保固多久"),
        ("寄到東京的運費", {"邮费"}, "寄到东京的邮费"),
    ],
)
def test_words_that_nobody_uses_here(text: str, used: set[str], wanted: str) -> None:
    """A word that the shop never writes is put as the shop writes it, if it does; others stay as they are."""
    assert LISTED.reworded(text, "zh", used.__contains__) == wanted


def test_translated_needs_the_whole_label() -> None:
    """A label is put into the other language only if the glossary has it exactly."""
    assert LISTED.translated("Weight", "zh") == "重量"
    assert LISTED.translated("重量", "en") == "weight"
    assert LISTED.translated("Weight of nothing", "zh") == ""
    assert LISTED.translated("Gewicht", "de") == ""


def test_gloss_holds_the_other_language() -> None:
    """The gloss of a question has the forms as they are written, for choosing sentences."""
    assert "shipping" in LISTED.gloss("运费是多少", "zh")
    assert LISTED.gloss("Bonjour", "fr") == ""


@given(st.text(max_size=80), st.sampled_from([*LANGS, "fr"]))
def test_any_text(text: str, lang: str) -> None:
    """Whatever is asked gives concepts with words, each once."""
    found = LISTED.concepts(text, lang)
    assert all(concept.words and all(concept.others) for concept in found)
    assert len({concept.words for concept in found}) == len(found)
    LISTED.gloss(text, lang)


def test_a_question_is_carried_over_word_by_word_with_its_share() -> None:
    """The usual translations in order; words without one lower the share, those that say nothing count for nothing."""
    glossary = Glossary(general())
    text, share = glossary.carried("没有账号可以买东西吗", "zh")
    assert "account" in text
    assert share > 0.5
    assert glossary.carried("哥白尼骑鲸鱼", "zh")[1] < 0.5
    assert glossary.carried("", "zh") == ("", 0.0)
    assert glossary.carried("où est mon colis", "fr") == ("", 0.0)
