"""Whether somebody finds a price too high: what says so in both languages, and what only sounds like it."""

from pathlib import Path

import orjson
import pytest

from bot.objections import objects_to_price

CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "content"


@pytest.mark.parametrize(
    "text",
    [
        "That's too expensive for me", "This jacket is way too expensive!", "It’s a bit pricey", "so expensive!",
        "Your prices are too high", "I found it cheaper on Amazon", "It's cheaper elsewhere", "Wow, expensive.",
        "I can get it cheaper somewhere else", "Amazon has it cheaper", "That's out of my budget", "What a rip-off",
        "I can't afford that", "This is overpriced", "It costs too much", "$300 is way too much for a jacket",
        "Can you lower the price?", "can you make it cheaper?", "not worth the price", "shipping is too expensive",
        "the same tent is much cheaper at Decathlon", "more than I want to spend", "Why is it so expensive?",
        "太贵了", "有点贵", "这件好贵啊", "价格太高了", "能便宜点吗", "别家更便宜", "京东才卖300", "运费太贵",
        "超出预算了", "买不起", "比淘宝贵", "能不能便宜一点", "贵了点", "怎么这么贵", "淘宝上便宜多了",
        "可以再便宜一点吗？",
    ],
)  # fmt: skip
def test_objections_are_found(text: str) -> None:
    """Too dear, over budget, cheaper elsewhere, or a lower price asked for."""
    assert objects_to_price(text)


@pytest.mark.parametrize(
    "text",
    [
        "Is express shipping expensive?", "something not too expensive please", "Do you have anything cheaper?",
        "what is your most expensive tent", "How expensive is shipping to Canada?", "do you price match?",
        "it isn't too expensive, I'll take it", "which is cheaper, the Larch or the Ridge?", "dear team, hello",
        "Is it too expensive to repair?", "I'm looking for a cheap tent under $100", "The rip-off straps broke",
        "Can I get a refund if it is cheaper next week", "It's not expensive at all", "the jacket is too small",
        "有没有便宜一点的帐篷", "不贵的帐篷", "贵公司在哪里", "贵店支持退货吗", "这个不太贵", "贵不贵",
        "太贵重的东西能寄吗", "最便宜的是哪个", "大学生能打折吗", "运费贵吗", "寄到加拿大会很贵吗", "贵姓",
        "有折扣吗", "会不会太贵",
    ],
)  # fmt: skip
def test_what_only_asks_about_a_price_is_none(text: str) -> None:
    """A question about a price, a wish for something cheap, and words that hold the character for dear."""
    assert not objects_to_price(text)


@pytest.mark.parametrize("name", ["faq.en.jsonl", "faq.zh.jsonl"])
def test_the_shops_own_questions_hardly_object(name: str) -> None:
    """Of a thousand questions about everything, only those say so that tell of a lower price elsewhere."""
    entries = map(orjson.loads, (CONTENT / name).read_bytes().splitlines())
    questions = [(entry["id"], question) for entry in entries for question in entry["questions"]]
    assert len(questions) > 900
    assert {entry for entry, question in questions if objects_to_price(question)} == {"price-match"}
