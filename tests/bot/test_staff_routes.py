"""The desk's HTTP routes in the real program: for staff only, forged calls refused, what comes back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.conversation import Phase, Reason
from bot.database import MIGRATIONS, open_database
from bot.transcripts_sql import SqlTranscripts
from tests.support.fixtures import Serve
from tests.support.running import Running
from tests.support.shopper import shopping
from tests.support.staff import signed_in

CANADA = "How long does shipping to Canada take?"


@pytest.fixture
def server(serve: Serve) -> Running:
    """The program."""
    return serve()


@pytest.fixture
async def staff(server: Running) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the staff."""
    async with signed_in(server.base) as client:
        yield client


CALLS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/api/desk/search?q=tent", None),
    ("POST", "/api/desk/suggest", {"conversation": "c"}),
    ("GET", "/api/desk/canned", None),
    ("PUT", "/api/desk/canned", []),
    ("POST", "/api/desk/wrong", {"conversation": "c", "seq": 1, "answer": "x"}),
)


async def test_every_route_is_for_staff_who_signed_in(server: Running, staff: httpx.AsyncClient) -> None:
    """Without a session 401, also with a shopper's token; with one but without the CSRF token a change is 403."""
    async with shopping(server.ws) as shopper, httpx.AsyncClient(base_url=server.base) as nobody:
        token = shopper.welcome["token"]
        for method, path, body in CALLS:
            for headers in ({}, {"authorization": f"Bearer {token}"}, {"cookie": f"aisle_session={token}"}):
                answer = await nobody.request(method, path, json=body, headers=headers)
                assert answer.status_code in (401, 403), path
            if method != "GET":
                forged = await staff.request(method, path, json=body, headers={"x-csrf-token": "0" * 64})
                assert forged.status_code == 403, path


async def test_the_knowledge_is_searched_in_both_languages(staff: httpx.AsyncClient) -> None:
    """Passages with an excerpt and a link, and product cards, best first."""
    found = (await staff.get("/api/desk/search", params={"q": "shipping to Canada"})).json()
    assert any("Canada" in p["excerpt"] for p in found["passages"][:3])
    assert {"id", "kind", "title", "excerpt", "url"} == set(found["passages"][0])
    tents = (await staff.get("/api/desk/search", params={"q": "Ridgeline 2 Tent", "lang": "en", "limit": 3})).json()
    assert tents["products"][0]["handle"] == "ridgeline-2-tent"
    assert len(tents["passages"]) <= 3
    chinese = (await staff.get("/api/desk/search", params={"q": "寄到加拿大", "lang": "zh"})).json()
    assert chinese["passages"][0]["id"].partition("/")[0].endswith(":zh")
    wrongs: tuple[dict[str, str | int], ...] = (
        {"q": ""},
        {"q": "x", "limit": 99},
        {"q": "x", "lang": "de"},
        {"q": "x", "more": 1},
        {},
    )
    for wrong in wrongs:
        assert (await staff.get("/api/desk/search", params=wrong)).status_code == 422


async def test_canned_replies_are_read_and_replaced(staff: httpx.AsyncClient) -> None:
    """Samples at first; a list takes the place of all; a wrong one changes nothing."""
    samples = (await staff.get("/api/desk/canned")).json()
    assert {c["lang"] for c in samples} == {"en", "zh"}
    mine = [{"name": "hi", "text": "Hi!", "lang": "en"}]
    assert (await staff.put("/api/desk/canned", json=mine)).json() == mine
    for wrong in ([*mine, *mine], [{"name": "a b", "text": "x", "lang": "en"}], [{"name": "x"}], {"a": 1}):
        assert (await staff.put("/api/desk/canned", json=wrong)).status_code == 422
    assert (await staff.get("/api/desk/canned")).json() == mine


async def test_a_wrong_reply_becomes_a_suggestion_and_is_logged(server: Running, staff: httpx.AsyncClient) -> None:
    """With the shopper's question, the right answer, who, and where from; what is no reply cannot be marked."""
    async with shopping(server.ws) as shopper:
        reply = await shopper.ask(CANADA)
        conversation = shopper.welcome["conversation"]
        body = {"conversation": conversation, "seq": reply["seq"], "answer": "Six to nine business days."}
        made = await staff.post("/api/desk/wrong", json=body)
        assert made.status_code == 201, made.text
        told = made.json()
        assert told["questions"] == [CANADA]
        assert told["from"] == {"conversation": conversation, "seq": reply["seq"]}
        assert (told["answer"], told["lang"], told["by"], told["state"]) == (body["answer"], "en", "staff", "open")
        for wrong, status in (({"seq": 1}, 422), ({"seq": 99}, 404), ({"answer": ""}, 422), ({"seq": 0}, 422)):
            assert (await staff.post("/api/desk/wrong", json={**body, **wrong})).status_code == status
        async with signed_in(server.base, "admin") as admin:
            log = (await admin.get("/api/audit", params={"action": "conversation.wrong"})).json()["entries"]
        assert [(e["actor"], e["target"]) for e in log] == [("staff", conversation)]
        assert CANADA not in str(log)


async def test_a_suggestion_for_nothing_is_empty_and_for_nobody_not_found(
    server: Running, staff: httpx.AsyncClient
) -> None:
    """A conversation without a word has no draft; one that is not there is 404."""
    async with shopping(server.ws) as shopper:
        answer = await staff.post("/api/desk/suggest", json={"conversation": shopper.welcome["conversation"]})
        assert answer.json() == {"text": "", "citations": []}
    missing = await staff.post("/api/desk/suggest", json={"conversation": "nowhere"})
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")


async def test_conversations_from_before_the_desk_get_their_summaries(tmp_path: Path) -> None:
    """A database of the version before is brought up to date with what its transcripts say."""
    path = tmp_path / "old.db"
    _old_database(path)
    database = await open_database(f"sqlite:///{path}")
    transcripts = SqlTranscripts(database)
    summary = await transcripts.summary("c")
    empty = await transcripts.summary("d")
    await database.aclose()
    assert summary is not None
    assert (summary.question, summary.last, summary.phase) == ("This is ridiculous!", "Sorry", Phase.WAITING)
    assert (summary.reason, summary.messages, summary.rating, summary.mood) == (Reason.ANGER, 2, -1, "angry")
    assert summary.waiting_since == datetime(2026, 1, 1, 12, 3, tzinfo=UTC)
    assert empty is not None
    assert (empty.messages, empty.last_at) == (0, datetime(2026, 1, 1, 12, tzinfo=UTC))


def _old_database(path: Path) -> None:
    """As revision 0003 left it: two conversations, one with three messages."""
    engine = sa.create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    texts = "'', '[]', '[]', '[]', '', '', ''"
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for name in ("c", "d"):
            connection.exec_driver_sql(
                f"INSERT INTO conversations VALUES ('{name}', 'en', '', '2026-01-01 12:00:00', 0)"
            )
        rows = (
            (1, "shopper", "This is ridiculous!", "NULL", "NULL", 0),
            (2, "bot", "Sorry", "NULL", "NULL", -1),
            (3, "system", "", "'ask_staff'", "'anger'", 0),
        )
        columns = (
            "conversation, seq, at, author, text, wants_reply, owed, event, reason, rating, stopped, "
            "action, citations, cards, choices, snapshot, verdict, lang"
        )
        for seq, author, text, event, reason, rating in rows:
            connection.exec_driver_sql(
                f"INSERT INTO messages ({columns}) "
                f"VALUES ('c', {seq}, '2026-01-01 12:0{seq}:00', '{author}', '{text}', "
                f"0, 0, {event}, {reason}, {rating}, 0, {texts})"
            )
    engine.dispose()
