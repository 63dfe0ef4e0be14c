"""Transcripts over HTTP: who may search, read, export, erase and set days; and a socket that is open meanwhile."""

import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient
from websockets.exceptions import ConnectionClosed

from bot.access import open_access
from bot.accounts import Role
from bot.accounts import Wanted as NewAccount
from bot.api_tokens import Scope, WantedToken
from bot.conversation import Author, Card, Draft
from bot.passwords import Passwords
from bot.routes import archive, auth, problems
from bot.settings import load
from tests.support.fixtures import MADE, Serve
from tests.support.records import World, world
from tests.support.running import aisle, environment
from tests.support.shopper import shopping

WORD = "a kettle for two"


@dataclass
class Shop:
    """A server's routes with three conversations, and who calls them."""

    client: TestClient
    world: World
    csrf: str = ""

    def enter(self, name: str) -> None:
        """Sign in."""
        self.csrf = self.client.post("/api/sign-in", json={"name": name, "password": WORD}).json()["csrf"]

    def get(self, path: str, **params: Any) -> Any:
        """Ask for something."""
        return self.client.get(path, params=params)

    def change(self, method: str, path: str, body: Any) -> Any:
        """Change something."""
        return self.client.request(method, path, json=body, headers={"x-csrf-token": self.csrf})

    def listed(self, **params: Any) -> list[str]:
        """Conversations that a search lists."""
        found = self.get("/api/transcripts", **params)
        assert found.status_code == 200, found.text
        return [item["conversation"] for item in found.json()["items"]]

    def within(self, act: Any, *arguments: Any) -> Any:
        """Call something on the server's own loop."""
        assert self.client.portal
        return self.client.portal.call(partial(act, *arguments))


@pytest.fixture
def shop(database_url: str, redis_url: str, tmp_path: Path, conversation: str) -> Iterator[Shop]:
    """Routes over each kind of database; nobody is signed in."""
    settings = load(data=tmp_path)
    made: list[World] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        async with world(database_url, redis_url, tmp_path) as opened:
            app.state.settings, app.state.records = settings, opened.records
            access = app.state.access = open_access(opened.database, settings, partial(datetime.now, UTC), quick)
            for name, role in (("mei", Role.STAFF), ("ada", Role.ADMIN)):
                await access.accounts.add_missing(NewAccount(name, role, WORD), "test")
            for n, text in enumerate(("=a red tent", "帐篷漏水了", "a boot")):
                opened.pass_days(1)
                await opened.chat(f"{conversation}-{n}", text, identity=f"user-{n}")
            shown = Draft(Author.BOT, "This one.", cards=(Card("ridge-2", "Ridge 2", "$1", 1),))
            await opened.transcripts.append(f"{conversation}-0", shown, opened.now)
            made.append(opened)
            yield

    app = FastAPI(lifespan=lifespan)
    app.state.settings = settings
    problems.install(app)
    for module in (auth, archive):
        app.include_router(module.router)
    with TestClient(app, base_url="http://aisle.test") as client:
        yield Shop(client, made[0])


READS = [
    "/api/transcripts",
    "/api/transcripts/export",
    "/api/transcripts/c",
    "/api/retention",
    "/api/shoppers/erasures",
]


def test_nobody_reads_without_signing_in(shop: Shop) -> None:
    """Every route asks who calls."""
    assert [shop.get(path).status_code for path in READS] == [401] * 5
    assert shop.change("POST", "/api/shoppers/erase", {"conversation": "c"}).status_code == 401
    assert shop.change("PUT", "/api/retention", {}).status_code == 401


def test_staff_read_and_only_admins_erase(shop: Shop, conversation: str) -> None:
    """A staff account searches, reads and exports; erasing and days are for admins, with the CSRF token."""
    shop.enter("mei")
    assert [shop.get(path).status_code for path in READS] == [200, 200, 404, 403, 403]
    wanted = {"conversation": f"{conversation}-0"}
    assert shop.change("POST", "/api/shoppers/erase", wanted).status_code == 403
    assert shop.change("PUT", "/api/retention", {"notes_days": 1}).status_code == 403
    shop.enter("ada")
    shop.csrf = "forged"
    assert shop.change("POST", "/api/shoppers/erase", wanted).status_code == 403
    assert len(shop.listed()) == 3


def test_a_program_reads_with_its_scope_alone(shop: Shop, conversation: str) -> None:
    """A token for reading transcripts does not erase."""
    access: Any = shop.client.app.state.access  # type: ignore[attr-defined]
    wanted = WantedToken("ada", (Scope.TRANSCRIPTS_READ,), 3600, "")
    text, _ = shop.within(access.tokens.add, wanted, "test")
    headers = {"authorization": f"Bearer {text}"}
    assert shop.client.get("/api/transcripts", headers=headers).status_code == 200
    body = {"conversation": f"{conversation}-0"}
    assert shop.client.post("/api/shoppers/erase", json=body, headers=headers).status_code == 403


def test_search_has_filters_pages_and_snippets(shop: Shop, conversation: str) -> None:
    """As the desk's page asks for them; a wrong filter is told by name."""
    shop.enter("mei")
    first, second, third = (f"{conversation}-{n}" for n in range(3))
    assert shop.listed(q="tents") == [first]
    assert shop.listed(q="帳篷") == [second]
    assert shop.listed(product="ridge-2") == [first]
    assert set(shop.listed(**{"from": "2026-11-04"})) == {first, third}
    assert shop.listed(to="2026-11-02") == [first]
    assert shop.listed(phase="closed") == []
    assert shop.listed(rating="0", reason="", staff="", lang="", phase="") == shop.listed()
    pages, after = [], ""
    for _ in range(3):
        page = shop.get("/api/transcripts", limit=1, after=after).json()
        pages += page["items"]
        after = page["next"]
    assert after is None
    assert {item["conversation"] for item in pages} == {first, second, third}
    (item,) = shop.get("/api/transcripts", q="red").json()["items"]
    assert item["snippet"] == "=a red tent"
    assert {"phase", "mood", "lines", "messages", "opened_at"} <= item.keys()
    for wrong in (
        {"phase": "asleep"},
        {"rating": "5"},
        {"limit": 0},
        {"nonsense": "1"},
        {"q": "x" * 201},
        {"after": "!"},
    ):
        assert shop.get("/api/transcripts", **wrong).status_code == 422, wrong


def test_one_transcript_has_everything(shop: Shop, conversation: str) -> None:
    """Summary, messages with why the bot said it, notes."""
    shop.enter("mei")
    whole = shop.get(f"/api/transcripts/{conversation}-0").json()
    assert [message["text"] for message in whole["messages"]] == ["=a red tent", "You said: =a red tent", "This one."]
    assert whole["messages"][1]["why"] == {"query": "=a red tent"}
    assert [note["text"] for note in whole["notes"]] == ["about =a red tent"]
    assert whole["summary"]["conversation"] == f"{conversation}-0"


def test_exports_are_files_that_are_logged(shop: Shop, conversation: str) -> None:
    """In each form, narrowed by the same filters; the log has who and how many, not what was looked for."""
    shop.enter("mei")
    lines = shop.get("/api/transcripts/export", q="tent").text.splitlines()
    assert [json.loads(line)["conversation"] for line in lines] == [f"{conversation}-0"]
    table = shop.get("/api/transcripts/export", format="messages.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="transcripts-' in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert len(rows) == 7
    assert rows[0]["text"] == "'=a red tent"
    page = shop.get("/api/transcripts/export", format="html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    assert shop.get("/api/transcripts/export", format="docx").status_code == 422
    logged = shop.within(shop.world.logged, "transcripts.export")
    assert [entry.deed.actor for entry in logged] == ["mei"] * 3
    assert logged[-1].deed.detail == {
        "format": "jsonl",
        "conversations": 1,
        "narrowed_by": ["q"],
        "via": "session",
    }
    assert len(shop.within(shop.world.records.exports.all)) == 3


def test_erasing_gives_a_receipt(shop: Shop, conversation: str) -> None:
    """By identity; the download that had it is named; afterwards nothing is found, and the receipt is listed."""
    shop.enter("ada")
    shop.get("/api/transcripts/export")
    done = shop.change("POST", "/api/shoppers/erase", {"identity": "user-1"})
    assert done.status_code == 200
    receipt = done.json()
    assert (receipt["conversations"], receipt["messages"], receipt["redis_keys"]) == (1, 2, 2)
    assert [(export["by"], export["deleted"]) for export in receipt["exports"]] == [("ada", False)]
    assert shop.get(f"/api/transcripts/{conversation}-1").status_code == 404
    assert shop.listed(q="帐篷") == []
    assert shop.get("/api/shoppers/erasures").json() == [receipt]
    for wrong in ({}, {"identity": "a", "email": "a@b.example"}, {"email": "nobody"}, {"whom": "x"}):
        assert shop.change("POST", "/api/shoppers/erase", wrong).status_code == 422, wrong


def test_days_are_read_and_changed(shop: Shop) -> None:
    """Some of them at once; what cannot be is refused."""
    shop.enter("ada")
    before = shop.get("/api/retention").json()
    assert set(before) == {"transcripts_days", "notes_days", "audit_days", "attempts_days", "exports_days"}
    changed = shop.change("PUT", "/api/retention", {"transcripts_days": 30, "exports_days": 7}).json()
    assert changed == {**before, "transcripts_days": 30, "exports_days": 7}
    assert shop.get("/api/retention").json() == changed
    for wrong in ({"audit_days": 5}, {"transcripts_days": -1}, {"weeks": 1}):
        assert shop.change("PUT", "/api/retention", wrong).status_code == 422
    assert shop.get("/api/retention").json() == changed


def _files_with(folder: Path, word: bytes) -> list[str]:
    """Files of the data folder but the knowledge that have these bytes."""
    files = [path for path in folder.rglob("*") if path.is_file() and not set(MADE) & set(path.parts)]
    return [str(path.relative_to(folder)) for path in files if word in path.read_bytes()]


async def test_an_open_chat_ends_when_it_is_erased(serve: Serve, data: Path) -> None:
    """`aisle forget` beside a running server: the socket closes, its token opens nothing, files have no byte of it."""
    server, env = serve(), environment(data)
    secret = "zanzibarquokka"
    async with shopping(server.ws) as shopper:
        reply = await shopper.ask(f"Do you have a {secret} tent? My card is 4111 1111 1111 1111")
        assert reply["text"]
        assert "[card number removed]" in shopper.messages[1]["text"]
        token, name = shopper.welcome["token"], shopper.welcome["conversation"]
        exported = aisle("export", "--q", secret, env=env)
        file = Path(exported.stdout.strip())
        assert _files_with(file.parent, secret.encode()) == [file.name], exported.stderr
        done = aisle("forget", "--conversation", name, "--yes", "--json", env=env)
        assert done.returncode == 0, done.stderr
        receipt = json.loads(done.stdout)
        assert (receipt["conversations"], receipt["done"], receipt["scrubbed"]) == (1, True, True)
        with pytest.raises(ConnectionClosed) as closed:
            await shopper.until(lambda _: False)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4401
    async with shopping(server.ws, token=token) as again:
        assert again.welcome["code"] == "bad_token"
    assert _files_with(data, secret.encode()) == _files_with(data, b"4111 1111") == []
    shown = aisle("retention", "show", "--json", env=env)
    assert json.loads(shown.stdout)["transcripts_days"] == 365
    assert json.loads(aisle("retention", "run", "--json", env=env).stdout)["transcripts"] == 0
    wrong = aisle("forget", "--email", "nobody", "--yes", env=env)
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (1, False)
    assert "wanted one such as" in wrong.stderr
