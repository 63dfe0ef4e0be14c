"""A shopper's way through the real program, over the real socket: asked, streamed, cited, rated, handed over."""

import signal

import httpx
import pytest

from tests.support.fixtures import Serve
from tests.support.model import modelling
from tests.support.shopper import shopping

CANADA = "How long does shipping to Canada take?"


async def test_a_question_is_answered_from_the_shops_own_words_with_its_citation(serve: Serve) -> None:
    """Shipping to Canada: streamed, right in its figures, cited, and the same as the committed message."""
    server = serve()
    async with shopping(server.ws) as shopper:
        reply = await shopper.ask(CANADA)
    assert reply["action"] == "answer"
    assert "6–9 business days" in reply["text"]
    assert "[1]" in reply["text"]
    assert "Canada" in reply["citations"][0]["excerpt"]
    assert reply["citations"][0]["url"].startswith("/")
    deltas = [f for f in shopper.frames if f["type"] == "delta"]
    assert len(deltas) >= 1
    assert "".join(d["text"] for d in deltas) == reply["text"]


async def test_a_chinese_question_is_answered_in_chinese(serve: Serve) -> None:
    """The same fact in Chinese, from the Chinese entry."""
    async with shopping(serve().ws) as shopper:
        reply = await shopper.ask("寄到加拿大要多久？")
    assert "加拿大" in reply["text"]
    assert "6–9" in reply["text"]
    assert all(c["passage"].endswith(":zh") for c in reply["citations"])


async def test_a_follow_up_is_about_the_product_in_focus(serve: Serve) -> None:
    """'How much is it?' after a product's name gives that product's price, with its card."""
    async with shopping(serve().ws) as shopper:
        first = await shopper.ask("Tell me about the Ridgeline 2 Tent")
        second = await shopper.ask("How much does it cost?")
    assert first["cards"][0]["handle"] == second["cards"][0]["handle"]
    assert first["cards"][0]["price"].removeprefix("from ") in second["text"]


async def test_what_is_not_known_is_asked_once_and_then_declined_with_a_person(serve: Serve) -> None:
    """Nothing is made up: one question back, then an honest no with the offer of a person; yes queues for one."""
    async with shopping(serve().ws) as shopper:
        first = await shopper.ask("Do your drivers wear uniforms?")
        second = await shopper.ask("Is the founder of the shop left-handed?")
        assert (first["action"], second["action"]) == ("ask", "decline")
        assert not first["citations"]
        third = await shopper.ask("yes please")
        assert third["action"] == "hand_over"
        status = await shopper.until(lambda f: f["type"] == "status")
    assert status["phase"] == "waiting"
    assert second["choices"] == ["Talk to a person"]


async def test_a_person_can_be_asked_for_and_withdrawn(serve: Serve) -> None:
    """ask_staff moves to waiting, withdraw back; doing either twice changes nothing more."""
    async with shopping(serve().ws) as shopper:
        await shopper.send(type="ask_staff", id="ask-staff-1")
        assert (await shopper.until(lambda f: f["type"] == "status"))["phase"] == "waiting"
        await shopper.send(type="ask_staff", id="ask-staff-2")
        reply = await shopper.ask(CANADA)
        assert reply["action"] == "answer"
        await shopper.send(type="withdraw", id="withdraw-1")
        assert (await shopper.until(lambda f: f["type"] == "status"))["phase"] == "bot"
    events = [m.get("event") for m in shopper.messages.values() if m["author"] == "system"]
    assert events == ["ask_staff", "withdraw"]


async def test_a_reload_of_the_page_keeps_the_conversation(serve: Serve) -> None:
    """A hello with the token and the last seq replays exactly what was missed; from zero it replays all."""
    server = serve()
    async with shopping(server.ws) as first:
        await first.ask(CANADA)
        token, last = first.welcome["token"], max(first.messages)
    async with shopping(server.ws, token=token, after_seq=last) as second:
        assert second.messages == {}
        await second.ask("And how much is it?")
    async with shopping(server.ws, token=token) as third:
        assert third.messages == {**first.messages, **second.messages}
        assert sorted(third.messages) == list(range(1, max(third.messages) + 1))


async def test_what_the_page_tells_of_the_visit_is_used(serve: Serve) -> None:
    """The product of the page is "it"; it is told again at each connection, so another page means another product."""
    server = serve()
    async with shopping(server.ws, page={"product": "ridgeline-2-tent"}) as tent:
        assert "Ridgeline 2 Tent" in (await tent.ask("How heavy is it?"))["text"]
    async with shopping(server.ws, page={"product": "larch-jacket", "cart": ["no-such-thing"]}) as jacket:
        assert "Larch Jacket" in (await jacket.ask("How heavy is it?"))["text"]


async def test_two_tabs_see_the_same_conversation(serve: Serve) -> None:
    """What is said in one tab, and its answer, appear in the other in the same order."""
    server = serve()
    async with (
        shopping(server.ws) as left,
        shopping(server.ws, token=left.welcome["token"]) as right,
    ):
        reply = await left.ask(CANADA)
        await right.until(lambda f: f["type"] == "message" and f["seq"] == reply["seq"])
    assert left.messages == right.messages


async def test_the_same_client_id_is_answered_once(serve: Serve) -> None:
    """A say that is sent three times is acknowledged three times with one seq, and answered once."""
    async with shopping(serve().ws) as shopper:
        seqs = [await shopper.say(CANADA, "the-same-id") for _ in range(3)]
        await shopper.reply_to(seqs[0])
        await shopper.ask("thanks")
    assert len(set(seqs)) == 1
    assert len([m for m in shopper.messages.values() if m.get("turn") == seqs[0]]) == 1


async def test_messages_sent_at_once_are_answered_in_order(serve: Serve) -> None:
    """Three messages before the first answer get three answers, in the order of the messages."""
    async with shopping(serve().ws) as shopper:
        seqs = [await shopper.say(text) for text in (CANADA, "Do you sell gift cards?", "thanks")]
        for seq in seqs:
            await shopper.reply_to(seq)
    turns = [m["turn"] for m in shopper.messages.values() if m["author"] == "bot"]
    assert turns == seqs


async def test_an_answer_can_be_stopped(serve: Serve) -> None:
    """A stop ends the answer within a moment; what was shown of it stays as the reply."""
    slow = (
        "Standard shipping to Canada takes 6–9 business days [1]. " + "Standard shipping to Canada is reliable. " * 40
    )
    async with (
        modelling(slow, pause_s=0.05) as model,
        shopping(serve(generator=f"openai:{model.url}#test").ws) as shopper,
    ):
        seq = await shopper.say(CANADA)
        await shopper.until(lambda f: f["type"] == "delta")
        await shopper.send(type="stop")
        reply = await shopper.reply_to(seq)
    assert reply["stopped"]
    assert reply["text"].startswith("Standard shipping to Canada takes")
    assert len(reply["text"]) < 400


@pytest.mark.parametrize(
    "lie",
    [
        "Standard shipping to Canada takes 2–3 business days [1].",
        "Shipping to Canada costs $1.00 [1].",
        "I will email you the details later.",
        "See https://evil.example/canada for more.",
        "Use code SAVE90 for 90% off.",
    ],
)
async def test_a_model_that_invents_is_replaced_by_the_shops_own_words(serve: Serve, lie: str) -> None:
    """No invented figure, price, promise, link or discount is ever shown, not even for a moment."""
    async with modelling(lie) as model, shopping(serve(generator=f"openai:{model.url}#test").ws) as shopper:
        reply = await shopper.ask(CANADA)
    assert len(model.asked) == 1
    shown = "".join(f.get("text", "") for f in shopper.frames if f["type"] in ("delta", "message"))
    assert lie.split()[0:6] != reply["text"].split()[0:6]
    assert not any(word in shown for word in ("2–3", "$1.00", "email you", "evil.example", "SAVE90"))
    assert "6–9 business days" in reply["text"]


async def test_pages_and_health_are_served(serve: Serve) -> None:
    """The addresses that the start prints answer, with a strict policy on every page."""
    server = serve()
    async with httpx.AsyncClient(base_url=server.base) as client:
        for path in (
            "/",
            "/docs",
            "/protocol.json",
            "/openapi.json",
            "/healthz",
            "/readyz",
            "/metrics",
            "/web/chat.js",
        ):
            answer = await client.get(path)
            assert answer.status_code == 200, path
            assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert server.stop() in (0, -signal.SIGTERM)
