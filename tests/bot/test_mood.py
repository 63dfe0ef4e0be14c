"""Anger and legal threats by words: found where they are meant, and not where they only name things."""

import json
from pathlib import Path

import pytest

from bot.conversation import Reason
from bot.mood import Mood, alarm, mood

CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "content"

ANGRY = (
    "I'm furious",
    "this is ridiculous",
    "This is ridiculous!",
    "that's absolutely unacceptable, I want my money",
    "You people are useless",
    "worst service ever",
    "I am so angry right now",
    "what the hell",
    "are you kidding me?",
    "I’m fed up with this",
    "This is a joke.",
    "THIS IS RIDICULOUS",
    "terrible customer service",
    "never buying from you again",
    "I'm really pissed off",
    "it's ridiculous that I have to wait so long",
    "you ripped me off",
    "太过分了",
    "你们这是骗人",
    "气死我了",
    "服务态度太差了",
    "垃圾客服",
    "我很生气",
    "你们就是骗子",
)
LEGAL = (
    "my lawyer will contact you",
    "I'll sue you",
    "I will sue your company",
    "you will hear from my lawyer",
    "see you in court",
    "I'm going to take legal action",
    "I'll report you to consumer protection",
    "I will file a chargeback",
    "I'm calling my lawyer",
    "I'm taking you to small claims court",
    "投诉到消协",
    "我要打12315投诉",
    "我会找律师",
    "律师函马上到",
    "我要起诉你们",
    "法院见",
    "走法律程序",
    "向消费者协会投诉你们",
)
HARMLESS = (
    "legal size backpack",
    "anger management book",
    "Do you have a lawyer briefcase?",
    "Is Sue's order shipped?",
    "Sue asked for a green tent",
    "ridiculously light tent",
    "Is the Furious red jacket in stock?",
    "The zipper ripped off, can I return it?",
    "Is this shop legit or a scam?",
    "My lawyer friend wants a backpack, which one?",
    "How do I make a complaint?",
    "mad rock climbing shoes",
    "I'm mad about this tent, love it",
    "would it be a waste of my time to waterproof it?",
    "what is the worst weather it survives?",
    "Is the legal action figure in stock?",
    "have you got an angry birds mug",
    "court shoes",
    "is it legal to carry this knife?",
    "shocking pink jacket",
    "Can you get the police officer discount?",
    "怎么投诉？",
    "律师包有吗",
    "我是律师，想买公文包",
    "起诉状文件夹",
    "戴这个会恶心吗",
    "垃圾袋有吗",
    "愤怒的小鸟贴纸",
    "生气的小猫马克杯",
    "型号 A12315 有货吗",
    "法律书籍",
    "滚筒洗衣机能洗吗",
)


@pytest.mark.parametrize("text", ANGRY)
def test_anger_is_found(text: str) -> None:
    """In both languages, whatever the apostrophe and the capitals."""
    assert alarm(text) is Reason.ANGER
    assert mood(text) is Mood.ANGRY


@pytest.mark.parametrize("text", LEGAL)
def test_a_legal_threat_is_found(text: str) -> None:
    """Lawyers, courts, authorities and consumers' associations, as a threat."""
    assert alarm(text) is Reason.LEGAL_THREAT


@pytest.mark.parametrize("text", HARMLESS)
def test_words_that_only_name_things_are_no_alarm(text: str) -> None:
    """A false alarm would keep a shopper from an answer."""
    assert alarm(text) is None


def test_the_shops_own_questions_are_no_alarm() -> None:
    """Of all wordings in the FAQ only those that are cross themselves are found."""
    found = [
        question
        for lang in ("en", "zh")
        for line in (CONTENT / f"faq.{lang}.jsonl").read_text(encoding="utf-8").splitlines()
        for question in json.loads(line).get("questions", [])
        if alarm(question)
    ]
    assert len(found) <= 5
    assert all(any(word in text for word in ("angry", "unacceptable", "气死", "服务太差")) for text in found), found


@pytest.mark.parametrize(
    "text",
    [
        "I'm disappointed",
        "that's not what I asked",
        "WHERE IS MY PARCEL NOW",
        "still waiting for my refund",
        "答非所问",
        "???",
    ],
)
def test_annoyance_is_less_than_anger(text: str) -> None:
    """It shows at the desk, and offers nobody."""
    assert mood(text) is Mood.ANNOYED
    assert alarm(text) is None


@pytest.mark.parametrize("text", ["How much is the tent?", "FW-RDG2-GRN-XL", "Love it!!!", "谢谢", "", "I NEED XL"])
def test_most_of_what_is_said_is_calm(text: str) -> None:
    """Codes and joy are no shouting."""
    assert mood(text) is Mood.CALM
