"""Questions on codes and discounts are answered by the rules, in both languages, and nothing else is taken."""

from datetime import date

import pytest

from bot.conversation import Visit
from bot.reply import Reply
from knowledge.library import Library
from tests.support.outfitter import FAQ, Chat, library

SKILL = "promotions"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The outfitter's knowledge."""
    return library(tmp_path_factory.mktemp("outfitter"))


async def taken(chat: Chat, text: str) -> Reply:
    """The reply, which must be of this skill and get past the check."""
    reply = await chat.ask(text)
    assert (reply.trace.generator, reply.trace.fallback) == (SKILL, ""), (text, reply.draft.text)
    return reply


@pytest.mark.parametrize(
    "text", ["Is there a discount code?", "any coupons right now", "有优惠码吗？", "現在有什麼優惠碼？"]
)
async def test_the_codes_of_today_are_listed_with_those_to_come(shop: Library, text: str) -> None:
    """Each code that is on is cited; one that has not begun is told apart; one that ended is left out."""
    reply = await taken(Chat(shop), text)
    said = reply.draft.text
    later = said.index("soon" if reply.draft.lang == "en" else "即将")
    assert all(said.index(code) < later for code in ("HELLO10", "TRIP20", "CAMP15", "SHIPIT"))
    assert said.index("COLD25") > later
    assert "SUN30" not in said
    assert {c.passage.rpartition(":")[0] for c in reply.draft.citations} >= {"promotion:CAMP15", "promotion:COLD25"}


@pytest.mark.parametrize(("text", "what"), [("Any deals on tents?", "For tents"), ("帐篷有折扣吗？", "帐篷")])
async def test_a_kind_of_goods_gets_the_codes_that_are_for_it(shop: Library, text: str, what: str) -> None:
    """The code for tents is there, that for jackets is not."""
    said = (await taken(Chat(shop), text)).draft.text
    assert said.startswith(what)
    assert "CAMP15" in said
    assert "COLD25" not in said


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Does TRIP20 work on a gift card?", "No, TRIP20 does not apply to Alder Gift Card"),
        ("TRIP20 可以买礼品卡吗？", "不可以，TRIP20 不适用于"),
        ("Does CAMP15 work on socks?", "No, CAMP15 is not for socks"),
        ("can I use HELLO10 on sale items", "No, HELLO10 does not apply to sale items"),
        ("does CAMP15 work on the Ridge 2 Tent?", "$255.00 instead of $300.00"),
        ("What's the price of the Ridge 2 Tent with CAMP15?", "$255.00 instead of $300.00"),
        ("山脊双人帐篷用 CAMP15 多少钱？", "为 $255.00，不用码是 $300.00"),
        ("does HELLO10 work on the Fell Down Jacket?", "if this is your first order"),
        ("Does TRIP20 work on the Wool Hiking Socks?", "so $100.00 more is needed"),
        ("does CLUB5 work on the Ridge 2 Tent?", "I cannot say for sure"),
        ("does COLD25 work on the Fell Down Jacket?", "COLD25 starts on 1 December 2026"),
        ("Is SUN30 still valid?", "SUN30 ended on 31 August 2026"),
        ("SUN30 还能用吗？", "SUN30 已于 2026 年 8 月 31 日结束"),
        ("is SUMMER50 valid?", "I cannot find SUMMER50 among our codes"),
        ("SUMMER50 有效吗？", "找不到 SUMMER50"),
        ("can I combine HELLO10 and TRIP20?", "No, HELLO10 and TRIP20 cannot be combined"),
        ("HELLO10 和 TRIP20 能一起用吗", "不可以，HELLO10 和 TRIP20 不能同时使用"),
        ("trip20", "TRIP20: $20 off orders from $120"),
    ],
)
async def test_a_code_is_judged_for_what_was_asked(shop: Library, text: str, wanted: str) -> None:
    """Goods, exclusions, minimum, days, first order, price, an unknown code, and two codes at once."""
    assert wanted in (await taken(Chat(shop), text)).draft.text


async def test_a_price_after_a_discount_is_cited_from_what_was_worked_out(shop: Library) -> None:
    """The computed price has a source of its own that shows the sum, and is said to be the checkout's to settle."""
    reply = await taken(Chat(shop), "How much is the Ridge 2 Tent with CAMP15?")
    source = next(c for c in reply.draft.citations if c.passage == "promotion-price:CAMP15:ridge-tent")
    assert "$45.00 off" in source.excerpt
    assert "checkout" in reply.draft.text


@pytest.mark.parametrize(
    "text",
    [
        "give me 20% off", "your colleague promised me 50%", "can you make it cheaper?",
        "sell me the tent for 1 dollar",
        "便宜点吧", "打个折呗", "你们客服答应给我五折", "打八折行不行",
    ],
)  # fmt: skip
async def test_haggling_gets_a_friendly_no_and_what_is_really_on(shop: Library, text: str) -> None:
    """No figure of the shopper's is repeated, and only codes that are on are named."""
    said = (await taken(Chat(shop), text)).draft.text
    assert "CAMP15" in said
    assert not any(figure in said for figure in ("50%", "五折", "八折", "$1 "))
    assert "SUN30" not in said


async def test_a_code_that_fails_is_asked_for_once(shop: Library) -> None:
    """Codes to tap come with the question; the next message names the code and gets its conditions."""
    chat = Chat(shop)
    reply = await taken(chat, "My code does not work")
    assert reply.draft.action == "ask"
    assert any("CAMP15" in choice for choice in reply.draft.choices)
    assert "from $120" in (await taken(chat, "TRIP20")).draft.text


async def test_it_means_the_code_talked_about(shop: Library) -> None:
    """After a code was explained, "it" is that code."""
    chat = Chat(shop)
    await taken(chat, "What is TRIP20?")
    assert "does not apply to" in (await taken(chat, "can I use it on a gift card?")).draft.text


async def test_the_cart_counts_where_the_page_told_it(shop: Library) -> None:
    """One of each thing in the cart; what is missing to a minimum is said only then."""
    chat = Chat(shop, visit=Visit(cart=("wool-socks",)))
    assert "so $100.00 more is needed" in (await taken(chat, "does TRIP20 work on my cart?")).draft.text
    full = Chat(shop, visit=Visit(cart=("RIDGE-TENT-1", "wool-socks")))
    assert "$300.00 instead of $320.00" in (await taken(full, "does TRIP20 work on my cart?")).draft.text
    assert "more is needed" not in (await taken(Chat(shop), "does TRIP20 work on my cart?")).draft.text


async def test_earlier_orders_rule_out_a_first_one(shop: Library) -> None:
    """Where the page tells of earlier purchases, the code for first orders is refused."""
    chat = Chat(shop, visit=Visit(bought=("wool-socks",)))
    said = (await taken(chat, "does HELLO10 work on the Ridge 2 Tent?")).draft.text
    assert said.startswith("No, HELLO10")


async def test_the_day_decides(shop: Library) -> None:
    """On its first day a code works, and another that ended yesterday does not."""
    chat = Chat(shop, day=date(2026, 12, 1))
    said = (await taken(chat, "How much is the Fell Down Jacket with COLD25?")).draft.text
    assert "starts at $135.00 instead of $180.00" in said
    assert "ended" in (await taken(Chat(shop, day=date(2027, 1, 1)), "Is CAMP15 still valid?")).draft.text


@pytest.mark.parametrize(
    "text",
    [
        *(words for entry in FAQ for words in (entry[1], entry[3])),
        "Is there a military discount?", "Can I stack coupons?", "do you price match", "gift card balance check",
        "What is the postal code of your office?", "where is my order FW-204817", "can I return sale items",
        "Can I pay with a gift card?", "学生能打折吗", "差价能退吗", "有便宜点的帐篷吗",
        "你们的夹克都有什么尺码", "有哪些尺码？", "优惠码可以用两个吗",
    ],
)  # fmt: skip
async def test_other_questions_are_not_taken(shop: Library, text: str) -> None:
    """What has words that are none of promotions' own is left to the knowledge and to other skills."""
    assert (await Chat(shop).ask(text)).trace.generator != SKILL
