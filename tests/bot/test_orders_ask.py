"""Which messages are about an order of one's own, in two languages, and which are questions for the knowledge."""

import json

import pytest

from bot.orders.ask import Want, read
from tests.support.ordering import CONTENT

PERSONAL = {
    "track my package": Want.STATUS,
    "wheres my parcel": Want.STATUS,
    "cancle my order please": Want.CANCEL,
    "我的快递到哪了": Want.STATUS,
    "查一下我的包裹在哪": Want.STATUS,
}
"""Example questions of the sample shop's FAQ that are about the shopper's own order: the order answers them better."""


@pytest.mark.parametrize(
    ("text", "want", "number"),
    [
        ("Where is my order?", Want.STATUS, ""),
        ("hi, where's my parcel", Want.STATUS, ""),
        ("where is my order FW-202884", Want.STATUS, "FW-202884"),
        ("FW202884", Want.STATUS, "FW202884"),
        ("fw 202884", Want.STATUS, "FW-202884"),
        ("order number: 100234", Want.STATUS, "100234"),
        ("When will my order arrive?", Want.STATUS, ""),
        ("Has my order shipped yet?", Want.STATUS, ""),
        ("my parcel still hasn't arrived", Want.STATUS, ""),
        ("can you check on my order please", Want.STATUS, ""),
        ("what is the status of my order?", Want.STATUS, ""),
        ("cancel my order", Want.CANCEL, ""),
        ("I'd like to cancel my order", Want.CANCEL, ""),
        ("could you please cancel my order?", Want.CANCEL, ""),
        ("Can I cancel FW-204817?", Want.CANCEL, "FW-204817"),
        ("I need to change my delivery address", Want.ADDRESS, ""),
        ("change the address of order AB-55512", Want.ADDRESS, "AB-55512"),
        ("I want to return the boots from order FW-204793", Want.RETURN, "FW-204793"),
        ("I'd like to send back my tent", Want.RETURN, ""),
        ("start a return", Want.RETURN, ""),
        ("Hi! I placed an order yesterday and want to cancel", Want.CANCEL, ""),
        ("please stop my order", Want.CANCEL, ""),
        ("what's happening with my order?", Want.STATUS, ""),
        ("I want to send this back", Want.RETURN, ""),
        ("我昨天下的单发货了吗", Want.STATUS, ""),
        ("我想取消昨天的订单", Want.CANCEL, ""),
        ("I want to add a pair of socks to order FW-205342", Want.OTHER, "FW-205342"),
        ("我的订单到哪了？", Want.STATUS, ""),
        ("我的訂單到哪了", Want.STATUS, ""),
        ("查快递", Want.STATUS, ""),
        ("订单号 FW-205342 到哪了", Want.STATUS, "FW-205342"),
        ("取消订单", Want.CANCEL, ""),
        ("帮我把订单取消了", Want.CANCEL, ""),
        ("我要取消訂單", Want.CANCEL, ""),
        ("我想改收货地址", Want.ADDRESS, ""),
        ("改地址", Want.ADDRESS, ""),
        ("退货", Want.RETURN, ""),
        ("我想退这双鞋", Want.RETURN, ""),
    ],
)
def test_a_wish_about_an_order_is_understood(text: str, want: Want, number: str) -> None:
    """What is wanted, and of which order."""
    ask = read(text)
    assert (ask.want, ask.number) == (want, number)


@pytest.mark.parametrize(
    "text",
    [
        "How do I cancel an order?",
        "Can I cancel my order?",
        "Can I change my address after ordering?",
        "How long do refunds take?",
        "What is your return policy?",
        "How can I track my order?",
        "What does my order status mean?",
        "Do you sell boots under $150?",
        "Which tent do you recommend?",
        "I want to order two jackets",
        "Will my order arrive before Christmas?",
        "cancel my newsletter",
        "I want to return to your shop next week",
        "where can I find hiking boots",
        "What is the address of your shop?",
        "my tent pole broke, do you repair it?",
        "怎么退货？",
        "可以取消订单吗？",
        "退货运费多少",
        "退货政策是什么？",
        "申请退货要怎么操作",
        "你们的地址在哪",
        "怎么查物流？",
        "有没有防水的靴子",
        "取消订阅邮件",
    ],
)
def test_a_question_about_the_shop_is_left_to_the_knowledge(text: str) -> None:
    """How things are done in general is no wish about an order."""
    assert read(text).want is None


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_of_the_faqs_own_questions_only_personal_ones_are_taken(lang: str) -> None:
    """All example questions of the sample shop, but the few that ask for the shopper's own parcel or order."""
    lines = (CONTENT / f"faq.{lang}.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [question for line in lines for question in json.loads(line)["questions"]]
    taken = {question: want for question in questions if (want := read(question).want)}
    assert taken == {question: want for question, want in PERSONAL.items() if question in questions}
    assert len(questions) > 400


OWN = ("我想取消刚下的订单",)
"""The gold question that is a wish about one's own order; its entry is found all the same."""


def test_gold_questions_are_left_to_the_knowledge() -> None:
    """No question whose entry a build must find is taken away from it."""
    lines = (CONTENT / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines]
    texts = [one["question"] for one in asked]
    assert [text for text in texts if read(text).want and text not in OWN] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("482913", "482913"),
        ("my code is 482 913", "482913"),
        ("验证码 482-913", "482913"),
        ("48291", ""),
        ("4829134", ""),
    ],
)
def test_a_code_is_six_digits(text: str, code: str) -> None:
    """Alone or in a sentence, however it is grouped; no longer number is one."""
    assert read(text).code == code


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("yes", True, False),
        ("Yes, please", True, False),
        ("ok go ahead", True, False),
        ("yes, cancel it", True, False),
        ("好的", True, False),
        ("确定", True, False),
        ("yes but not the hat", False, False),
        ("yes or no?", False, False),
        ("no", False, True),
        ("never mind", False, True),
        ("算了", False, True),
        ("不用了", False, True),
        ("no idea where the number is 55512", False, False),
        ("yesterday", False, False),
        ("好的靴子", False, False),
    ],
)
def test_a_yes_is_a_yes_and_nothing_more(text: str, yes: bool, no: bool) -> None:
    """What adds a condition is no yes."""
    ask = read(text)
    assert (ask.yes, ask.no) == (yes, no)


def test_an_address_of_mail_is_found_and_its_digits_are_no_number() -> None:
    """Digits inside an address are neither a code nor an order's number."""
    ask = read("it is Ana.123456@mail.example, order FW-202884")
    assert (ask.email, ask.number, ask.code, ask.bare) == ("ana.123456@mail.example", "FW-202884", "", "")
