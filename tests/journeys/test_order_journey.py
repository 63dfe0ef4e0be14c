"""A shopper and their orders, over the real socket and a real mail server: proof, facts, changes, refusals, erasure."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest

from tests.support.fixtures import MADE
from tests.support.post import Post, mailing_aside
from tests.support.running import Running, environment, serving, until
from tests.support.shopper import Shopper, shopping

WREN = ("FW-205471", "wren.halloran@mail.example")
BRIDGET = ("FW-205006", "bridget.calloway@mail.example")
DORA = ("FW-205539", "dora.esposito@post.example")
HATTIE = ("FW-205372", "hattie.longmire@mail.example")
PERCY = ("FW-205273", "percy.stroud@post.example")
CORMAC = ("FW-205194", "cormac.d@post.example")
JOANNA = ("FW-204793", "joanna.sedgwick@mail.example")
SIYUAN = ("FW-205342", "siyuan.zhou@youxiang.example")
SHARED = "shared with the shop alone, and long"


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    """A mail server."""
    with mailing_aside() as one:
        yield one


@pytest.fixture(scope="module")
def shop(built: Path, post: Post, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server on the sample shop that sends its codes there; each test has a shopper of its own."""
    folder = tmp_path_factory.mktemp("orders")
    for name in MADE:
        shutil.copytree(built / name, folder / name)
    dials = {"orders_sender": post.url, "mail_from": "orders@fernway.example", "identity_secret": SHARED}
    dials |= {"trusted_proxies": "127.0.0.1"}
    with serving(environment(folder, **dials), folder / "server.log") as server:
        yield server


async def prove(shopper: Shopper, post: Post, text: str, email: str) -> dict[str, object]:
    """Ask, take the code from the mail, and give it; the reply."""
    before = post.count(email)
    await shopper.ask(text)
    await until(lambda: post.count(email) > before)
    return await shopper.ask(post.code(email))


async def test_an_order_is_looked_up_after_its_code(shop: Running, post: Post) -> None:
    """Number, address, code, facts with their source; the same facts again within the trust, and after a reconnect."""
    async with shopping(shop.ws) as shopper:
        first = await shopper.ask("Where is my order?")
        assert first["action"] == "order"
        assert not first["citations"]
        await shopper.ask(BRIDGET[0])
        reply = await prove(shopper, post, BRIDGET[1], BRIDGET[1])
        token = shopper.welcome["token"]
    assert "on its way" in str(reply["text"])
    assert "MR1745967973GB" in str(reply["text"])
    assert [one["passage"] for one in reply["citations"]] == ["order:FW-205006"]  # type: ignore[attr-defined]
    async with shopping(shop.ws, token=token) as again:
        assert "FW-205006" in (await again.ask("where is my parcel?"))["text"]
    assert post.count(BRIDGET[1]) == 1


async def test_three_wrong_codes_are_enough(shop: Running, post: Post) -> None:
    """The right one is no use after them, and nothing of the order was said."""
    async with shopping(shop.ws) as shopper:
        await shopper.ask(f"where is my order {CORMAC[0]} {CORMAC[1]}")
        await until(lambda: bool(post.count(CORMAC[1])))
        right = post.code(CORMAC[1])
        wrong = [code for code in ("111111", "222222", "333333", "444444") if code != right][:3]
        told = [(await shopper.ask(code))["text"] for code in [*wrong, right]]
    assert "left: 2" in told[0]
    assert "cannot be tried again" in told[2]
    assert "no code to try" in told[3]
    assert not any("Meridian" in text or "on its way" in text for text in told)


async def test_nobody_is_told_whether_an_order_is_theirs(shop: Running, post: Post) -> None:
    """A wrong address and an unknown number get the same words, and no mail."""
    told = []
    for number, email in (JOANNA, (JOANNA[0], "eve@mail.example"), ("FW-999999", JOANNA[1])):
        async with shopping(shop.ws) as shopper:
            replies = [await shopper.ask(f"where is my order {number} {email}"), await shopper.ask("000000")]
            told.append([(reply["text"], reply["choices"]) for reply in replies])
    assert told[0] == told[1] == told[2]
    assert post.count("eve@mail.example") == 0
    assert post.count(JOANNA[1]) <= 1


async def test_many_conversations_from_one_address_are_stopped(shop: Running) -> None:
    """Each asks for another order with another e-mail; addresses of one IPv6 network are one, and others go on."""
    told = []
    for n in range(21):
        async with shopping(shop.ws, address=f"2001:db8:7:7::{n:x}") as shopper:
            reply = await shopper.ask(f"where is my order FW-3000{n:02} guess{n}@mail.example")
            told.append("6-digit code" in reply["text"])
    assert told == [True] * 20 + [False]
    async with shopping(shop.ws, address="2001:db8:7:8::1") as shopper:
        reply = await shopper.ask("where is my order FW-300020 guess20@mail.example")
        assert "6-digit code" in reply["text"]
    assert "2001:db8" not in shop.log.read_text()


async def test_an_order_is_cancelled_with_a_yes_and_once(shop: Running, post: Post) -> None:
    """Summary, yes, done; a second yes does nothing, and the state has changed for everyone."""
    async with shopping(shop.ws) as shopper:
        summary = await prove(shopper, post, f"cancel my order {WREN[0]} {WREN[1]}", WREN[1])
        assert "Shall I go ahead?" in str(summary["text"])
        yes = str(summary["choices"][0])  # type: ignore[index]
        done = await shopper.ask(yes)
        assert "is cancelled" in done["text"]
        again = await shopper.ask("yes")
        assert again["action"] != "order"
        assert "was cancelled on" in (await shopper.ask("where is my order?"))["text"]


async def test_the_same_yes_sent_twice_is_one_message(shop: Running, post: Post) -> None:
    """A double tap, or a client that sends again after a cut, has one reply and one change."""
    async with shopping(shop.ws) as shopper:
        await prove(shopper, post, f"cancel my order {DORA[0]} {DORA[1]}", DORA[1])
        await shopper.send(type="say", id="the-one-yes", text="yes")
        await shopper.send(type="say", id="the-one-yes", text="yes")
        reply = await shopper.until(lambda f: f["type"] == "message" and f.get("author") == "bot")
        assert "is cancelled" in reply["text"]
        said = [m for m in shopper.messages.values() if m["author"] == "shopper" and m["text"] == "yes"]
        assert len(said) <= 1


async def test_what_has_left_is_not_cancelled(shop: Running, post: Post) -> None:
    """The refusal says why and what can be done."""
    async with shopping(shop.ws) as shopper:
        reply = await prove(shopper, post, f"please cancel my order {BRIDGET[0]}, {BRIDGET[1]}", BRIDGET[1])
        assert "has left already" in str(reply["text"])
        assert (await shopper.ask("yes"))["action"] != "order"


async def test_a_change_of_mind_is_answered(shop: Running, post: Post) -> None:
    """In the middle of it another question gets its own answer, and a later yes cancels nothing."""
    async with shopping(shop.ws) as shopper:
        await prove(shopper, post, f"cancel my order {HATTIE[0]} {HATTIE[1]}", HATTIE[1])
        other = await shopper.ask("How long does shipping to Canada take?")
        assert "6–9 business days" in other["text"]
        await shopper.ask("yes")
        assert "was cancelled" not in (await shopper.ask("where is my order?"))["text"]


async def test_it_goes_in_chinese(shop: Running, post: Post) -> None:
    """The bot's words, the mail and the facts."""
    async with shopping(shop.ws) as shopper:
        assert "订单号" in (await shopper.ask("我的订单到哪了？"))["text"]
        reply = await prove(shopper, post, f"{SIYUAN[0]} {SIYUAN[1]}", SIYUAN[1])
        assert "正在备货" in str(reply["text"])
        summary = await shopper.ask("取消订单")
        assert "$203.00" in summary["text"]
        assert "已取消" in (await shopper.ask("确定取消订单"))["text"]
    assert "验证码" in post.last(SIYUAN[1])


async def test_a_verified_shopper_sees_their_own_order_without_a_code(shop: Running, post: Post) -> None:
    """The identity that the shop signed is the proof."""
    identity = jwt.encode({"sub": BRIDGET[1], "iat": int(time.time())}, SHARED, algorithm="HS256")
    before = len(post.mails)
    async with shopping(shop.ws, identity=identity) as shopper:
        assert "FW-205006" in (await shopper.ask("where is my order?"))["text"]
        assert "Which e-mail" in (await shopper.ask(f"and where is order {WREN[0]}"))["text"]
    assert len(post.mails) == before


async def test_questions_about_orders_in_general_are_answered_from_the_faq(shop: Running) -> None:
    """How to cancel is a question, not a wish."""
    async with shopping(shop.ws) as shopper:
        for question in ("How do I cancel an order?", "Can I change my delivery address?", "How long do refunds take?"):
            reply = await shopper.ask(question)
            assert (reply["action"], bool(reply["citations"])) == ("answer", True), question


async def test_logs_hold_nothing_personal(shop: Running, post: Post) -> None:
    """Neither address, number, code, name nor the new address of a parcel is in the server's log."""
    async with shopping(shop.ws) as shopper:
        await prove(shopper, post, f"I want to change my delivery address, {PERCY[0]} {PERCY[1]}", PERCY[1])
        await shopper.ask("Percival Stroud, 77 Quiet Lane, Bend OR 97701, USA")
        reply = await shopper.ask("yes")
        assert "goes to the new address" in reply["text"]
        code = post.code(PERCY[1])
    log = shop.log.read_text()
    assert "order change" in log
    assert not [secret for secret in (*PERCY, code, "Quiet Lane", "Stroud") if secret in log]
