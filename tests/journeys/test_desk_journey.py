"""Staff at the desk of the real program: the list, reading along, taking over, giving back; one worker and two."""

import asyncio

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.support.fixtures import Serve
from tests.support.running import Running, aisle, environment
from tests.support.shopper import Shopper, shopping
from tests.support.staff import Desk, at_desk, signed_in

CANADA = "How long does shipping to Canada take?"


async def _waiting(shopper: Shopper) -> str:
    """The shopper asks for a person; the conversation."""
    await shopper.send(type="ask_staff", id="ask-staff-1")
    await shopper.until(lambda f: f["type"] == "status" and f["phase"] == "waiting")
    return str(shopper.welcome["conversation"])


async def test_asked_claimed_answered_given_back_closed(serve: Serve) -> None:
    """The whole way: the bot answers, a person is asked for, takes over, answers, gives back; the bot goes on."""
    server = serve()
    async with at_desk(server) as desk, shopping(server.ws) as shopper:
        reply = await shopper.ask(CANADA)
        conversation = str(shopper.welcome["conversation"])
        line = await desk.line(conversation, lambda s: s["messages"] == 2)
        assert (line["phase"], line["lang"], line["mood"]) == ("bot", "en", "calm")
        assert line["lines"][0] == CANADA
        await _waiting(shopper)
        line = await desk.line(conversation, lambda s: s["phase"] == "waiting")
        assert (line["reason"], line["staff"]) == ("shopper_asked", None)
        assert line["waiting_since"]

        opened = await desk.watch(conversation)
        said = {m["seq"]: m for m in opened["messages"]}
        assert said[reply["seq"]]["text"] == reply["text"]
        why = said[reply["seq"]]["why"]
        assert why["hits"][0]["title"]
        assert {"query", "generator", "fallback", "claims", "ms"} <= set(why)

        assert (await desk.do("claim", conversation))["type"] == "done"
        await shopper.until(lambda f: f["type"] == "status" and f["phase"] == "staff")
        seq = await shopper.say("Is it you?")
        answer_id = "reply-id-0001"
        for _ in range(2):
            done = await desk.do("reply", conversation, answer_id, text="Yes, it is me.")
            assert done["type"] == "done"
        staff = await shopper.until(lambda f: f["type"] == "message" and f["author"] == "staff")
        assert (staff["text"], staff["id"]) == ("Yes, it is me.", answer_id)
        assert "staff" not in staff

        assert (await desk.do("give_back", conversation))["type"] == "done"
        await shopper.until(lambda f: f["type"] == "status" and f["phase"] == "bot")
        again = await shopper.ask(CANADA)
        assert again["action"] == "answer"
        assert not [m for m in shopper.messages.values() if m.get("turn") == seq]
        assert [m["text"] for m in shopper.messages.values() if m["author"] == "staff"] == ["Yes, it is me."]

        assert (await desk.do("close", conversation))["type"] == "done"
        await shopper.until(lambda f: f["type"] == "status" and f["phase"] == "closed")
        line = await desk.line(conversation, lambda s: s["phase"] == "closed")
        assert line["lines"][0] == CANADA


async def test_typing_goes_to_the_other_side_and_sticks_nowhere(serve: Serve) -> None:
    """Each sees the other type, no tab sees itself, and who leaves no longer types."""
    server = serve()
    async with at_desk(server) as desk, shopping(server.ws) as shopper:
        conversation = await _waiting(shopper)
        async with shopping(server.ws, token=shopper.welcome["token"]) as tab:
            await desk.watch(conversation)
            await tab.send(type="typing", on=True)
            typing = await desk.until(lambda f: f["type"] == "typing")
            assert (typing["author"], typing["on"], typing["conversation"]) == ("shopper", True, conversation)
        typing = await desk.until(lambda f: f["type"] == "typing")
        assert (typing["author"], typing["on"]) == ("shopper", False)
        await desk.send(type="typing", conversation=conversation, on=True)  # not mine yet: nobody is told
        await desk.do("claim", conversation)
        await desk.line(conversation, lambda s: s["staff"] == "staff")
        await desk.send(type="typing", conversation=conversation, on=True)
        typing = await shopper.until(lambda f: f["type"] == "typing" and f["author"] == "staff")
        assert typing["on"]
        await desk.do("reply", conversation, text="Hello")
        assert not [f for f in desk.frames if f["type"] == "typing" and f["author"] == "staff"]
        assert not [f for f in shopper.frames if f["type"] == "typing" and f["author"] == "shopper"]


async def test_notes_are_for_staff_only(serve: Serve) -> None:
    """A note reaches the other desks that watch, once under its id, and no shopper."""
    server = serve()
    async with at_desk(server) as desk, at_desk(server, "admin") as other, shopping(server.ws) as shopper:
        conversation = await _waiting(shopper)
        for one in (desk, other):
            await one.watch(conversation)
        for _ in range(2):
            assert (await desk.do("note", conversation, "note-id-0001", text="A good customer 👍"))["type"] == "done"
        note = await other.until(lambda f: f["type"] == "note")
        assert (note["note"]["text"], note["note"]["staff"]) == ("A good customer 👍", "staff")
        await shopper.ask("thanks")
        assert "good customer" not in str(shopper.frames)
        assert [n["text"] for n in (await other.watch(conversation))["notes"]] == ["A good customer 👍"]


async def test_a_desk_that_comes_back_is_exactly_right(serve: Serve) -> None:
    """What an open desk's frames have made of its list is what a desk that opens now is told."""
    server = serve()
    async with at_desk(server) as desk:
        for n in range(4):
            async with shopping(server.ws) as shopper:
                reply = await shopper.ask(CANADA)
                if n % 2:
                    conversation = await _waiting(shopper)
                    await desk.do("claim", conversation)
                await shopper.send(type="rate", seq=reply["seq"], value=-1)
                await shopper.until(lambda f: f["type"] == "rated")
                await desk.line(str(shopper.welcome["conversation"]), lambda s: s["rating"] == -1)
        async with at_desk(server, "admin") as fresh:
            assert fresh.lines == desk.lines
            assert len(fresh.lines) == 4


async def test_who_is_not_signed_in_has_no_desk(serve: Serve) -> None:
    """Without a session, or with a shopper's token, the socket closes; another staff's page of another host too."""
    server = serve()
    async with shopping(server.ws) as shopper, signed_in(server.base) as client:
        cookie = client.cookies["aisle_session"]
        for headers, code in (
            ({"origin": server.base}, 4401),
            ({"origin": server.base, "cookie": f"aisle_session={shopper.welcome['token']}"}, 4401),
            ({"origin": "http://evil.example", "cookie": f"aisle_session={cookie}"}, 4403),
        ):
            assert await _closed(server, headers) == code


async def _closed(server: Running, headers: dict[str, str]) -> int:
    async with connect(server.base.replace("http", "ws", 1) + "/ws/staff", additional_headers=headers) as socket:
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0


@pytest.mark.parametrize("turn", range(3))
async def test_of_two_who_claim_at_once_on_two_workers_one_has_it(serve: Serve, redis_url: str, turn: int) -> None:
    """Two staff on two workers press at the same moment: one is told done, the other why not; all see the same."""
    left, right = serve(redis=redis_url), serve(redis=redis_url)
    _add_staff(left, "mei", "a kettle for two")
    async with (
        at_desk(left) as one,
        at_desk(right, "mei", "a kettle for two") as two,
        shopping((left, right)[turn % 2].ws) as shopper,
    ):
        conversation = await _waiting(shopper)
        answers = await asyncio.gather(one.do("claim", conversation), two.do("claim", conversation))
        assert sorted(a["type"] for a in answers) == ["done", "error"]
        assert next(a for a in answers if a["type"] == "error")["code"] == "bad_phase"
        winner, loser, name = (one, two, "staff") if answers[0]["type"] == "done" else (two, one, "mei")
        for desk in (one, two):
            assert (await desk.line(conversation, lambda s: s["phase"] == "staff"))["staff"] == name
        refused = await loser.do("reply", conversation, text="I have it!")
        assert (refused["type"], refused["code"]) == ("error", "bad_phase")
        assert (await winner.do("reply", conversation, text="Hello"))["type"] == "done"
        await shopper.until(lambda f: f["type"] == "message" and f["author"] == "staff")
        assert [m.get("event") for m in shopper.messages.values() if m["author"] == "system"] == ["ask_staff", "claim"]


def _add_staff(server: Running, name: str, password: str) -> None:
    data = server.log.parent / "data"
    done = aisle("user", "add", name, "--role", "staff", "--stdin", env=environment(data), typed=password)
    assert done.returncode == 0, done.stdout + done.stderr


async def test_the_list_is_live_on_the_other_worker(serve: Serve, redis_url: str) -> None:
    """A conversation on one worker appears and changes at a desk on the other, streamed words and all."""
    left, right = serve(redis=redis_url), serve(redis=redis_url)
    async with at_desk(right) as desk, shopping(left.ws) as shopper:
        conversation = str(shopper.welcome["conversation"])
        first = await shopper.ask("thanks")
        await desk.line(conversation, lambda s: s["messages"] == 2)
        await desk.watch(conversation)
        reply = await shopper.ask(CANADA)
        seen = await desk.until(lambda f: f["type"] == "message" and f["message"]["seq"] == reply["seq"])
        deltas = [f["text"] for f in desk.frames if f["type"] == "delta" and f["turn"] == reply["turn"]]
        assert "".join(deltas) == reply["text"] == seen["message"]["text"]
        assert first["seq"] < reply["seq"]
        assert (await desk.line(conversation, lambda s: s["messages"] == 4))["lines"][1]


async def _suggested(desk: Desk, conversation: str) -> str:
    answer = await desk.http.post("/api/desk/suggest", json={"conversation": conversation})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["text"])


async def test_a_reply_is_suggested_from_the_knowledge_and_told_to_nobody(serve: Serve) -> None:
    """With a person in the conversation, the draft answers what was asked last, and the shopper sees none of it."""
    server = serve()
    async with at_desk(server) as desk, shopping(server.ws) as shopper:
        conversation = await _waiting(shopper)
        await desk.do("claim", conversation)
        await shopper.until(lambda f: f["type"] == "status" and f["phase"] == "staff")
        await shopper.say(CANADA)
        text = await _suggested(desk, conversation)
        assert "6–9 business days" in text
        assert "[1]" not in text
        await shopper.say("Who won the 1966 football world cup final?")
        assert await _suggested(desk, conversation) == ""
        await desk.do("reply", conversation, text="One moment")
        await shopper.until(lambda f: f["type"] == "message" and f["author"] == "staff")
        assert not [f for f in shopper.frames if f["type"] == "delta"]
