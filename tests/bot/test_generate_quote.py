"""`quote:`: the best passage's own words, and its number."""

from dataclasses import replace

import pytest

from bot.generate.protocol import Numbered, Prompt
from bot.generate.quote import Quote, quotation

TENT = (
    "product",
    "Ridgeline 2 Tent",
    "Ridgeline 2 Tent by Fernway: A light tent for two. It pitches in four minutes.\nPrice: $349.00.\n"
    "Colours: Green, Sand, Red.\nWeight: 1,480 g.\nMaterial: Ripstop nylon.\nWarranty: 5 years.\n"
    "In stock: Green (12), Sand (3). Out of stock: Red.\nFW-RDG2-GRN: Green, $349.00, 12 in stock.\n"
    "FW-RDG2-SND: Sand, $349.00, 3 in stock.",
)
TENT_ZH = (
    "product",
    "山脊帐篷",
    "山脊帐篷（品牌：Fernway）：轻量双人帐。四分钟搭好。\n"
    "价格：$349.00。\n重量：1,480 克。\n有货：绿色（12）。缺货：红色。",
)
CANADA = (
    "policy",
    "Shipping › Canada",
    "Standard shipping to Canada takes 6–9 business days and costs $12.95. Express takes 3–4 business days. "
    "Duties and taxes are included in the price at checkout. PO boxes get standard shipping only.",
)
CANADA_ZH = (
    "policy",
    "配送 › 加拿大",
    "标准配送需 6–9 个工作日，运费 $12.95。加急配送需 3–4 个工作日。关税和税费已含在价格里。邮政信箱只能用标准配送。",
)
TABLE = (
    "policy",
    "Shipping › Costs",
    "Times are business days.\n\n| To | Standard | Cost |\n| --- | --- | --- |\n"
    "| Canada | 6–9 days | $12.95 |\n| Japan | 8–12 days | $19.95 |",
)
FAQ = (
    "faq",
    "Can I return a gift card?",
    "No. Gift cards are final sale. They never expire. They can be combined with one code.",
)


def asked(question: str, *passages: tuple[str, str, str], lang: str = "en") -> str:
    """What `quote:` says to a question."""
    numbered = tuple(Numbered(n, str(n), kind, title, text, lang) for n, (kind, title, text) in enumerate(passages, 1))
    return quotation(Prompt(question, lang, "Fernway", numbered))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much is it?", "Ridgeline 2 Tent – Price: $349.00. [1]"),
        ("how heavy is the tent", "Ridgeline 2 Tent – Weight: 1,480 g. [1]"),
        ("how much does it weigh?", "Ridgeline 2 Tent – Weight: 1,480 g. [1]"),
        ("what is it made of?", "Ridgeline 2 Tent – Material: Ripstop nylon. [1]"),
        ("is red available?", "Ridgeline 2 Tent – In stock: Green (12), Sand (3). Out of stock: Red. [1]"),
        ("does it come in black?", "Ridgeline 2 Tent – Colours: Green, Sand, Red. [1]"),
        ("what colors are there", "Ridgeline 2 Tent – Colours: Green, Sand, Red. [1]"),
        ("weight and warranty?", "Ridgeline 2 Tent – Weight: 1,480 g. [1]\nWarranty: 5 years. [1]"),
        ("Tell me about it", "Ridgeline 2 Tent by Fernway: A light tent for two. [1]\nPrice: $349.00. [1]"),
        ("FW-RDG2-SND", "Ridgeline 2 Tent – FW-RDG2-SND: Sand, $349.00, 3 in stock. [1]"),
    ],
)
def test_a_product_answers_with_the_lines_that_were_asked_for(question: str, answer: str) -> None:
    """Price, weight, stock: the line that answers, after the product's name; else what it is and its price."""
    assert asked(question, TENT) == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("多少钱？", "山脊帐篷 – 价格：$349.00。 [1]"),
        ("多重", "山脊帐篷 – 重量：1,480 克。 [1]"),
        ("红色有货吗", "山脊帐篷 – 有货：绿色（12）。缺货：红色。 [1]"),
        ("介绍一下", "山脊帐篷（品牌：Fernway）：轻量双人帐。 [1]\n价格：$349.00。 [1]"),
    ],
)
def test_chinese_products_answer_alike(question: str, answer: str) -> None:
    """The same in Chinese."""
    assert asked(question, TENT_ZH, lang="zh") == answer


def test_a_short_faq_answer_is_quoted_whole() -> None:
    """An answer of up to four sentences is not cut."""
    assert asked("can i give back a gift card", FAQ) == f"{FAQ[2]} [1]"


def test_a_policy_answers_with_the_sentences_that_fit() -> None:
    """The one to three best sentences, in their order."""
    assert (
        asked("Are duties and taxes included?", CANADA) == "Duties and taxes are included in the price at checkout. [1]"
    )
    assert asked("How many days is express?", CANADA) == "Express takes 3–4 business days. [1]"
    assert asked("关税包含吗？", CANADA_ZH, lang="zh") == "关税和税费已含在价格里。 [1]"


def test_a_table_answers_with_the_row_of_the_place() -> None:
    """The row that was asked for, each cell after its column's head."""
    assert asked("How long to Japan?", TABLE) == "Japan – Standard: 8–12 days; Cost: $19.95. [1]"


def test_a_passage_further_down_wins_when_it_says_far_more() -> None:
    """The search's order is kept unless another passage covers the question much better."""
    assert asked("How long does shipping to Canada take?", FAQ, CANADA).endswith("[2]")
    assert asked("gift card", FAQ, CANADA).endswith("[1]")


def test_two_questions_get_two_passages() -> None:
    """A second passage is added only for a second part that the first says nothing about."""
    both = asked("How long does shipping to Canada take and how much is the Ridgeline tent?", CANADA, TENT)
    assert "6–9 business days" in both
    assert "$349.00. [2]" in both
    assert "[2]" not in asked("Are duties and taxes included for Canada?", CANADA, TENT)


@pytest.mark.parametrize("lang", ["en", "zh", "fr"])
def test_without_passages_it_says_so_and_offers_a_person(lang: str) -> None:
    """Nothing is made up: a fixed sentence with the shop's name."""
    text = asked("?", lang=lang)
    assert "Fernway" in text
    assert ("人工" in text) if lang == "zh" else ("person" in text)
    assert "[" not in text


def test_odd_passages_are_no_error() -> None:
    """Empty texts, tables without rows and lines without labels still give an answer, if only that there is none."""
    for kind in ("product", "policy", "faq", "promotion"):
        for text in ("", "\n\n", "| a |", "word", "：："):
            assert asked("What is it?", (kind, "T", text)).strip()


async def test_it_streams_words_and_stops_at_its_tokens() -> None:
    """Pieces are words (pairs of characters in Chinese), at most `max_tokens`, and make up the quotation."""
    passage = Numbered(1, "a", *FAQ)
    whole = Prompt("gift card", "en", "Fernway", (passage,))
    pieces = [piece async for piece in Quote().stream(whole)]
    assert "".join(pieces) == quotation(whole)
    assert max(map(len, pieces)) < 14
    cut = Prompt("gift card", "en", "Fernway", (passage,), max_tokens=3)
    assert [piece async for piece in Quote().stream(cut)] == pieces[:3]


def test_a_passage_that_is_likely_the_very_answer_is_not_passed_over() -> None:
    """Words that another passage shares with the question do not count against a sure first one."""
    first = Numbered(1, "1", "faq", "When are refunds paid?", "Within 5–7 business days.", "en")
    other = Numbered(2, "2", "policy", "Faulty goods", "How long until my refund arrives depends on the fault.", "en")
    prompt = Prompt("how long until my refund arrives", "en", "Fernway", (first, other))
    assert quotation(prompt).endswith("[2]")
    assert quotation(replace(prompt, sure=True)) == "Within 5–7 business days. [1]"
