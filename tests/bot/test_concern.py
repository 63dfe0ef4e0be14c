"""A question's concern: entries that never speak of a warranty, washing or tracking step back for those that do."""

import pytest

from bot.concern import concerned
from knowledge.passages import Hit, Kind, Origin, Passage


def hit(name: str, text: str, probability: float | None, kind: Kind = Kind.FAQ) -> Hit:
    """A hit on an entry of that text."""
    passage = Passage(f"faq:{name}:zh", f"faq:{name}", kind, "zh", name, text, Origin("faq.jsonl", 1))
    return Hit(passage, 1.0, probability=probability)


WASH = hit("down", "羽绒服用 30 °C 清洗。", 0.5)
WARRANTY = hit("warranty", "所有商品保修 2 年。", 0.45)


def test_entries_silent_on_the_concern_step_back() -> None:
    """What they share of the probability goes to those that speak of it."""
    (only,) = concerned([WASH, WARRANTY], "羽绒服保修多久")
    assert only.passage is WARRANTY.passage
    assert only.probability == pytest.approx(0.9)


@pytest.mark.parametrize("query", ["羽绒服多少钱", "怎么洗，保修多久", "how much is the jacket"])
def test_without_one_concern_the_hits_stay(query: str) -> None:
    """A question with no concern, or with two, changes nothing."""
    assert concerned([WASH, WARRANTY], query) == (WASH, WARRANTY)


def test_nothing_steps_back_for_what_is_unlikely() -> None:
    """Where no likely entry speaks of the concern, the search's order stands."""
    unlikely = hit("warranty", "保修 2 年", 0.02)
    assert concerned([WASH, unlikely], "羽绒服保修多久") == (WASH, unlikely)


def test_a_safety_code_is_not_about_safety() -> None:
    """An entry on a card's code does not speak of being safe."""
    declined, safe = hit("declined", "请检查安全码", 0.44), hit("safe", "在这里刷卡是安全的", 0.32)
    assert [h.passage.title for h in concerned([declined, safe], "信用卡付款安全吗")] == ["safe"]


REPAIR = hit("repairs", "Our workshop repairs gear from $18. It takes 10 business days from arrival.", 0.65)
DAMAGED = hit("damaged", "If an item arrives damaged, tell us. 到货时商品损坏请告诉我们。", 0.29)
OTHER_COLOUR = hit("exchange-other", "不能换其他颜色。", 0.27)
WRONG_ITEM = hit("wrong-item", "如果我们发错了商品、尺码或颜色，请告诉我们。 You sent me the wrong size.", 0.15)
SENT = hit("gift-card-delivery", "礼品卡以邮件发送。 Gift cards come by e-mail.", 0.31)
EXPIRES = hit("gift-card-expiry", "礼品卡永不过期。 Gift cards never expire.", 0.09)
BOOTS = hit("size-boots", "Order boots half a size larger. 靴子大半码。", 0.53)
EXCHANGE = hit("exchange-size", "Exchanging for another size is free. 换码免费，可以换货。", 0.14)
CANADA = hit("shipping-canada", "寄往加拿大 6–9 天，运费 $12.95。 To Canada 6 days.", 0.59)
BACK = hit("returns-canada", "从加拿大退货扣 $7.00。 A return from Canada costs $7.00.", 0.27)
METHODS = hit("payment-methods", "可以用信用卡付款。 We accept credit cards.", 0.26)
CHARGED = hit("when-charged", "什么时候扣款？发货时扣款。 When will my card be charged? At dispatch.", 0.2)
KEPT = hit("privacy-chat", "聊天记录保存 180 天。 Chats are kept for 180 days.", 0.1)


@pytest.mark.parametrize(
    ("query", "silent", "speaking"),
    [
        ("there is a hole in my new tent", REPAIR, DAMAGED),
        ("the headlamp arrived broken", REPAIR, DAMAGED),
        ("夹克到手是破的咋办", REPAIR, DAMAGED),
        ("收到的颜色和下单的不一样", OTHER_COLOUR, WRONG_ITEM),
        ("I received something different from my order", OTHER_COLOUR, WRONG_ITEM),
        ("礼品卡多久内要用完", SENT, EXPIRES),
        ("until when is a gift card valid", SENT, EXPIRES),
        ("the shoes are too small, can I get a bigger pair", BOOTS, EXCHANGE),
        ("鞋子小了，能换双大点的吗", BOOTS, EXCHANGE),
        ("从加拿大退东西会扣我多少", CANADA, BACK),
        ("what do you take off for sending it back from Canada", CANADA, BACK),
        ("我的信用卡哪天会被扣钱", METHODS, CHARGED),
        ("when is my credit card charged", METHODS, CHARGED),
        ("跟你聊的内容会存多长时间", WARRANTY, KEPT),
        ("how long do you store our chat", WARRANTY, KEPT),
    ],
)
def test_matters_of_every_shop_are_concerns(query: str, silent: Hit, speaking: Hit) -> None:
    """Damage on arrival, the wrong thing sent, validity, a misfit, returns, charging, what is kept of a chat."""
    assert [one.passage.title for one in concerned([silent, speaking], query)] == [speaking.passage.title]


@pytest.mark.parametrize("query", ["can you fix a hole in my old tent", "帐篷旧了破了个洞能补吗"])
def test_what_wore_out_is_no_damage_on_arrival(query: str) -> None:
    """Who asks for a repair gets the repair."""
    assert concerned([REPAIR, DAMAGED], query) == (REPAIR, DAMAGED)
