"""Something else asked in the middle of an order: it is answered, the task is kept, and how to go on is said once."""

import json

import pytest

from bot.orders.ask import Want, read
from bot.orders.beside import MOST_ASIDES, about
from bot.orders.order import ChangeKind
from bot.orders.table import MemoryOrders
from bot.orders.words import say
from bot.understand import normalise
from tests.support.ordering import CONTENT, NOW, RULES, Chat, chatting, order

ANA = "ana@mail.example"
NUMBER = "AB-10001"
ASIDE = {"en": "how long do refunds take?", "zh": "退款要多久到账？"}
DELIVERED = {"delivered_at": "2026-11-20T10:00:00+00:00"}


async def asked_in_between(chat: Chat, text: str = ASIDE["en"]) -> str:
    """Ask something else; what the reply says beside the answer."""
    assert await chat.say(text) is None
    return chat.history[-1].draft.text.removeprefix("(the knowledge answers)").strip()


def cancelling() -> tuple[Chat, MemoryOrders]:
    """Somebody whose order can be cancelled."""
    orders = MemoryOrders([order()], RULES, lambda: NOW)
    return chatting(orders), orders


async def test_every_step_goes_on_after_a_question_in_between() -> None:
    """Number, address, code and yes: each is asked for again in a sentence, and taken."""
    chat, orders = cancelling()
    await chat.told("cancel my order")
    assert "its number and the e-mail" in await asked_in_between(chat)
    await chat.told(NUMBER)
    assert "e-mail address" in await asked_in_between(chat)
    await chat.told(ANA)
    assert "type the code" in await asked_in_between(chat)
    assert "I would cancel" in await chat.told(chat.code)
    assert "shall I go on" in await asked_in_between(chat)
    assert orders.changes == {}
    assert "I would cancel" in await chat.told("yes")
    assert orders.changes == {}
    assert "is cancelled" in await chat.told("Yes, cancel the order")
    assert len(orders.changes) == 1


async def test_it_goes_on_in_chinese() -> None:
    """The same in Chinese, with the change's own yes after its summary was said again."""
    chat, orders = cancelling()
    await chat.told("我要取消订单")
    assert "订单号和下单时用的邮箱" in await asked_in_between(chat, ASIDE["zh"])
    await chat.told(f"{NUMBER} {ANA}")
    assert "验证码" in await asked_in_between(chat, ASIDE["zh"])
    await chat.told(chat.code)
    assert "没有任何更改" in await asked_in_between(chat, ASIDE["zh"])
    assert "确定要取消吗" in await chat.told(say("choice_go_on", "zh"))
    assert "已取消" in await chat.told("确定")
    assert len(orders.changes) == 1


async def test_an_address_and_items_are_taken_after_a_question() -> None:
    """And a question that holds digits or an item's name is none of them."""
    orders = MemoryOrders([order(), order("AB-10002", "delivered", shipping=DELIVERED)], RULES, lambda: NOW)
    chat = chatting(orders, identity=ANA)
    await chat.told(f"change the address of {NUMBER}")
    assert "new address" in await asked_in_between(chat, "how much is shipping for 2 parcels to Canada")
    assert "is that right" in (await chat.told("Ana Lee, 5 High Street, Ely CB7 4JS, UK")).lower()
    await chat.told("no")
    await chat.told("I want to return order AB-10002")
    assert "which items" in await asked_in_between(chat, "how long does the red hat take to be refunded")
    assert "2 × Red Hat" in await chat.told("the red hat")


async def test_how_to_go_on_is_said_once_and_then_it_ends() -> None:
    """The replies after the first keep it without a word; after some of them something else is talked about."""
    chat, _ = cancelling()
    await chat.told("cancel my order")
    said = [bool(await asked_in_between(chat)) for _ in range(MOST_ASIDES)]
    assert said == [True] + [False] * (MOST_ASIDES - 1)
    assert "e-mail" in await chat.told("AB-10001")
    for _ in range(MOST_ASIDES + 1):
        await asked_in_between(chat)
    assert await chat.say(ANA) is None


@pytest.mark.parametrize("text", ["yes", "no", "no thanks", "好的", "do you have it in size 482913?", "I don't know"])
async def test_after_two_questions_a_word_is_no_answer_to_ours(text: str) -> None:
    """By then a yes, a no or digits in a sentence are about something else, and the code is still good."""
    chat, orders = cancelling()
    await chat.told(f"cancel my order {NUMBER} {ANA}")
    for _ in range(2):
        await asked_in_between(chat)
    assert await chat.say(text) is None
    assert "I would cancel" in await chat.told(f"ok, here is the code: {chat.code}")
    assert orders.changes == {}


async def test_a_yes_after_a_question_sends_no_code() -> None:
    """Nor does it use up any: only what asks for a new one does."""
    chat, _ = cancelling()
    await chat.told(f"cancel my order {NUMBER} {ANA}")
    await asked_in_between(chat)
    assert await chat.say("yes") is None
    assert len(chat.mails.sent) == 1
    assert "6-digit" in await chat.told("send a new code")


async def test_an_order_that_left_meanwhile_is_not_summed_up_again() -> None:
    """The state of the moment decides, before the yes as after it."""
    chat, orders = cancelling()
    await chat.prove(NUMBER, ANA, "cancel my order {number} {email}")
    await asked_in_between(chat)
    orders._orders["AB10001"] = order(state="delivered", shipping=DELIVERED)
    assert "delivered already" in await chat.told("Go on with it")


async def test_the_order_in_focus_is_the_one_shown_though_there_are_several() -> None:
    """Right after it was shown and after a question in between, whatever else could be cancelled."""
    orders = MemoryOrders([order(), order("AB-10002"), order("AB-10003")], RULES, lambda: NOW)
    for in_between in range(2):
        chat = chatting(orders)
        await chat.prove("AB-10002", ANA)
        for _ in range(in_between):
            await asked_in_between(chat)
        assert "I would cancel order AB-10002" in await chat.told("ok cancel it")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("can I still cancel it?", "I would cancel order AB-10001"),
        ("can I change the address", "new address for order AB-10001"),
        ("还能取消吗？", "取消整个订单 AB-10001"),
        ("可以改地址吗", "订单 AB-10001 要改寄到哪里"),
    ],
)
async def test_what_can_be_done_with_the_order_shown_is_told_of_that_order(text: str, wanted: str) -> None:
    """The same question before any order was shown is one for the knowledge."""
    chat, orders = cancelling()
    assert await chat.say(text) is None
    await chat.prove(NUMBER, ANA)
    assert wanted in await chat.told(text)
    assert orders.changes == {}


async def test_after_something_else_it_may_be_a_product() -> None:
    """Of the order "when will it arrive?" is only right after it was shown."""
    chat, _ = cancelling()
    await chat.prove(NUMBER, ANA)
    await asked_in_between(chat, "do you have the blue one in stock?")
    assert await chat.say("when will it arrive?") is None


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("How do I cancel an order?", Want.CANCEL),
        ("i ordered by mistake", Want.CANCEL),
        ("发货后还能取消吗", Want.CANCEL),
        ("怎么取消", Want.CANCEL),
        ("how do I cancel my newsletter subscription", None),
        ("Can I change my delivery address?", Want.ADDRESS),
        ("地址填错了", Want.ADDRESS),
        ("delivered to the wrong address", None),
        ("how do I change my e-mail address", None),
        ("怎么修改邮箱地址", None),
        ("how do I return an item", Want.RETURN),
        ("怎么退货？", Want.RETURN),
        ("what is your return policy?", None),
        ("how can I track my parcel", Want.STATUS),
        ("包裹好几天没到", Want.STATUS),
        ("do you track me with cookies?", None),
        ("订单号在哪里看", None),
        ("do you have tents?", None),
    ],
)
def test_what_a_question_is_about_can_be_done_at_once(text: str, want: Want | None) -> None:
    """How orders are cancelled, changed, returned or followed, and nothing that only sounds like it."""
    assert about(normalise(text)) is want


def test_few_entries_of_the_faq_offer_to_do_something() -> None:
    """Those that answer how an order is looked up or changed; each kind is there in both languages."""
    for lang in ("en", "zh"):
        lines = (CONTENT / f"faq.{lang}.jsonl").read_text("utf-8").splitlines()
        titles = [json.loads(line)["questions"][0] for line in lines]
        found = [want for title in titles if (want := about(normalise(title)))]
        assert {Want.STATUS, Want.CANCEL, Want.ADDRESS, Want.RETURN} == set(found)
        assert len(found) < len(titles) / 8


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("want", ["status", *(kind.value for kind in ChangeKind)])
def test_what_is_offered_is_understood(want: str, lang: str) -> None:
    """A tap on it says what it offers."""
    assert read(normalise(say(f"now_{want}", lang))).want == want


async def test_what_is_told_done_or_refused_settles_and_a_question_does_not() -> None:
    """So the figures count who was helped: each reply on the way says whether it was the end of it."""
    orders = MemoryOrders([order(), order("AB-10002", "lost")], RULES, lambda: NOW)
    chat = chatting(orders)
    said = ["where is my order AB-10001", ANA, "", "cancel it", "yes", "where is order AB-10001", "cancel it"]
    settled = []
    for text in [*said, "where is order AB-10002", "change my address", "I want to add a hat to order AB-10001"]:
        proposal = await chat.say(text or chat.code)
        assert proposal is not None, text
        settled.append(proposal.settles)
    assert settled == [False, False, True, False, True, True, True, False, True, False]


async def test_an_address_that_was_changed_settles() -> None:
    """Though nothing of the order is cited for it."""
    chat = chatting(MemoryOrders([order()], RULES, lambda: NOW), identity=ANA)
    said = ["change my address", "Ana Lee, 5 High Street, Ely CB7 4JS, UK", "yes"]
    settled = [proposal.settles for text in said if (proposal := await chat.say(text))]
    assert settled == [False, False, True]
