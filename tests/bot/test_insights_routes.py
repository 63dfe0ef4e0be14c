"""Figures and suggestions over HTTP: who may see them, as JSON and CSV, and what is refused."""

import csv
import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.access import open_access
from bot.accounts import Role, Wanted
from bot.approvals import Approvals
from bot.conversation import Reason
from bot.database import open_database
from bot.definitions import DEFINITIONS
from bot.edits import Edits
from bot.insights import Insights
from bot.passwords import Passwords
from bot.policy import Action
from bot.routes import auth, insights, problems, suggestions
from bot.routes.auth import CSRF_HEADER
from bot.routes.insights import SHOWN, InsightsGate
from bot.settings import Settings, load
from bot.sheets import NAMES
from bot.suggestions import Suggestions
from bot.transcripts import open_transcripts
from knowledge.hashed import HashedEncoder
from knowledge.library import Library
from tests.support.shelves import shelf
from tests.support.talks import answers, clock, replies, says, write

WORD = "a kettle for two"
DAY = {"from": "2026-03-10", "to": "2026-03-11"}


def small_app(settings: Settings, library: Library) -> FastAPI:
    """The routes of figures, suggestions and signing in."""
    now = clock(600)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = await open_database(settings.database_url)
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        access = app.state.access = open_access(database, settings, now, quick)
        for name, role in (("mei", Role.STAFF), ("ada", Role.ADMIN)):
            await access.accounts.add_missing(Wanted(name, role, WORD), "test")
        suggested, figures = Suggestions(database, now), Insights(database, library.embed, now)
        app.state.insights = InsightsGate(settings, figures, suggested, library)
        app.state.approvals = Approvals(database, suggested, Edits(database, access.audit, now), access.audit)
        yield
        await database.aclose()

    app = FastAPI(lifespan=lifespan)
    app.state.settings = settings
    problems.install(app)
    for module in (auth, insights, suggestions):
        app.include_router(module.router)
    return app


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The small shop, with so many more entries that lists of them are cut."""
    root = tmp_path_factory.mktemp("knowledge")
    shelf(root, SHOWN + 5)
    return Library.open(root, HashedEncoder())


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    """Settings on a database with a few conversations."""
    settings = load(data=tmp_path, timezone="Asia/Shanghai")
    transcripts = await open_transcripts(settings.database_url)
    formula = '=HYPERLINK("https://evil.example") kayaks ann@mail.example'
    await write(transcripts, "one", says(0, formula), replies(1, 1, Action.DECLINE, Reason.NO_KNOWLEDGE))
    await write(transcripts, "two", says(0, "Larch?"), answers(1, 1, "product:larch-jacket:en"))
    await write(transcripts, "three", says(0, "Too expensive!"), replies(1, 1, Action.ASK))
    await transcripts.aclose()
    return settings


@pytest.fixture
def client(settings: Settings, library: Library) -> Iterator[TestClient]:
    """A browser with nobody signed in."""
    with TestClient(small_app(settings, library), base_url="http://aisle.test") as client:
        yield client


@pytest.fixture
def admin(client: TestClient) -> TestClient:
    """A browser in which an admin is signed in."""
    return enter(client, "ada")


def enter(client: TestClient, name: str) -> TestClient:
    """Sign in, and send the session's CSRF token from then on."""
    who = client.post("/api/sign-in", json={"name": name, "password": WORD}).json()
    client.headers[CSRF_HEADER] = who["csrf"]
    return client


def rows_of(response: Any) -> list[dict[str, str]]:
    """A CSV as rows by column."""
    assert response.status_code == 200
    text = response.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


PATHS = ["/api/insights", "/api/insights/totals.csv", "/api/suggestions"]


@pytest.mark.parametrize("path", PATHS)
def test_only_admins_see_figures(client: TestClient, path: str) -> None:
    """Nobody and staff are refused."""
    assert client.get(path).status_code == 401
    assert enter(client, "mei").get(path).status_code == 403


def test_a_change_needs_the_csrf_token(admin: TestClient) -> None:
    """Without it nothing is suggested, approved or rejected."""
    del admin.headers[CSRF_HEADER]
    for path in ("", "/1/approve", "/1/reject"):
        assert admin.post(f"/api/suggestions{path}", json={}).status_code == 403


def test_figures_come_with_what_they_mean(admin: TestClient) -> None:
    """All parts are there, on the shop's own clock unless another is asked for, and never from a cache."""
    response = admin.get("/api/insights", params=DAY)
    told = response.json()
    assert response.headers["cache-control"] == "no-store"
    assert told["range"] == {**DAY, "timezone": "Asia/Shanghai", "lang": ""}
    assert told["totals"]["conversations"] == told["series"][0]["conversations"] == 3
    assert told["definitions"] == DEFINITIONS
    assert {row["question"] for row in told["unanswered"]} == {
        '=HYPERLINK("https://evil.example") kayaks [email]',
        "Too expensive!",
    }
    in_new_york = admin.get("/api/insights", params={**DAY, "timezone": "America/New_York"}).json()
    assert in_new_york["range"]["timezone"] == "America/New_York"


def test_a_figure_is_defined(admin: TestClient) -> None:
    """Every table and every outcome has its definition in both languages."""
    told = admin.get("/api/insights", params=DAY).json()
    named = {*told["outcomes"], *NAMES} - {"totals", "series", "passages_most", "passages_never"}
    assert named <= set(told["definitions"])
    assert all(set(words) == {"en", "zh"} and all(words.values()) for words in told["definitions"].values())


def test_long_lists_are_cut_and_say_so(admin: TestClient) -> None:
    """JSON holds the first rows and how many there are in all; the CSV has every one."""
    told = admin.get("/api/insights", params=DAY).json()
    rows = rows_of(admin.get("/api/insights/passages_never.csv", params=DAY))
    assert len(told["passages"]["never"]) == SHOWN
    assert told["cut"] == {"passages_never": len(rows)}
    assert [row["passage"] for row in rows[:SHOWN]] == [row["passage"] for row in told["passages"]["never"]]


def test_every_table_is_a_csv(admin: TestClient) -> None:
    """Each has a heading, a name to save it under, and no personal data."""
    for name in NAMES:
        response = admin.get(f"/api/insights/{name}.csv", params=DAY)
        assert bool(rows_of(response)) is (name != "out_of_stock")
        saved_as = f'attachment; filename="aisle-{name}-2026-03-10-2026-03-11.csv"'
        assert response.headers["content-disposition"] == saved_as
        assert response.content.startswith(b"\xef\xbb\xbf")
        assert "ann@" not in response.text


def test_what_a_shopper_wrote_is_no_formula(admin: TestClient) -> None:
    """A cell that a spreadsheet would run gets an apostrophe before it."""
    rows = rows_of(admin.get("/api/insights/unanswered.csv", params=DAY))
    (row,) = (row for row in rows if "HYPERLINK" in row["question"])
    assert row["question"].startswith("'=HYPERLINK")
    assert row["examples"].startswith("'=HYPERLINK")


def test_who_took_a_table_is_logged(admin: TestClient) -> None:
    """The log says who took which table of which days; what is refused is not logged."""
    admin.get("/api/insights/products.csv", params=DAY)
    admin.get("/api/insights/wages.csv", params=DAY)
    (entry,) = admin.get("/api/audit", params={"action": "insights"}).json()["entries"]
    assert (entry["actor"], entry["target"], entry["detail"]) == ("ada", "products", {**DAY, "lang": ""})


def test_csv_and_json_tell_the_same(admin: TestClient) -> None:
    """Both are the same figures."""
    told = admin.get("/api/insights", params=DAY).json()
    outcomes = rows_of(admin.get("/api/insights/outcomes.csv", params=DAY))
    assert {row["outcome"]: int(row["conversations"]) for row in outcomes} == told["outcomes"]
    series = rows_of(admin.get("/api/insights/series.csv", params=DAY))
    assert [{k: v if k == "day" else int(v) for k, v in row.items()} for row in series] == told["series"]
    passages = rows_of(admin.get("/api/insights/passages.csv", params=DAY))
    assert passages[0]["passage"] == "product:larch-jacket:en"
    assert {row["count"] for row in passages[1:]} == {"0"}


def test_what_there_is_not_is_refused(admin: TestClient) -> None:
    """An unknown table, day, time zone or parameter is an error that says so."""
    assert admin.get("/api/insights/wages.csv").json()["code"] == "not_found"
    for wrong in ({"from": "x"}, {"timezone": "Mars/Olympus"}, {"from": "2027-01-01", "to": "2026-01-01"}):
        response = admin.get("/api/insights", params=wrong)
        assert (response.status_code, response.json()["code"]) == (422, "refused")
    assert admin.get("/api/insights", params={"days": "3"}).status_code == 422


def test_from_a_question_without_an_answer_to_an_entry(admin: TestClient) -> None:
    """Writing an answer suggests an entry, the figures show that, and approving makes it an entry, once."""
    (row,) = (r for r in admin.get("/api/insights", params=DAY).json()["unanswered"] if "kayaks" in r["question"])
    assert row["suggestion"] is None
    body = {"questions": row["examples"], "answer": "We do not rent kayaks.", "lang": row["lang"]}
    made = admin.post("/api/suggestions", json=body)
    assert made.status_code == 201
    told = made.json()
    assert (told["questions"], told["from"], told["by"]) == (row["examples"], {"cluster": row["question"]}, "ada")
    assert admin.get("/api/suggestions", params={"state": "open"}).json() == [told]
    shown = {r["question"]: r["suggestion"] for r in admin.get("/api/insights", params=DAY).json()["unanswered"]}
    assert shown[row["question"]] == {"id": told["id"], "state": "open"}
    approved = admin.post(f"/api/suggestions/{told['id']}/approve")
    assert approved.json() == {"id": told["id"], "state": "approved", "entry": f"faq:suggested-{told['id']}"}
    assert admin.post(f"/api/suggestions/{told['id']}/approve").status_code == 409
    assert admin.get("/api/suggestions", params={"state": "open"}).json() == []
    assert [one["entry"] for one in admin.get("/api/suggestions").json()] == [approved.json()["entry"]]


def test_a_rejected_suggestion_leaves_the_question_open(admin: TestClient) -> None:
    """It is listed as rejected, and the figures show the question as without a suggestion."""
    body = {"questions": ["Too expensive!"], "answer": "Sorry.", "lang": "en"}
    number = admin.post("/api/suggestions", json=body).json()["id"]
    assert admin.post(f"/api/suggestions/{number}/reject").json() == {"id": number, "state": "rejected"}
    rows = admin.get("/api/insights", params=DAY).json()["unanswered"]
    assert {row["suggestion"] for row in rows} == {None}
    assert [one["state"] for one in admin.get("/api/suggestions").json()] == ["rejected"]


@pytest.mark.parametrize(
    "body",
    [
        {"questions": [], "answer": "Yes.", "lang": "en"},
        {"questions": ["Kayaks?"], "answer": "", "lang": "en"},
        {"questions": ["Kayaks?"], "answer": "Yes.", "lang": "xx"},
        {"questions": ["Kayaks?\x00"], "answer": "Yes.", "lang": "en"},
    ],
)
def test_a_suggestion_that_cannot_be_is_refused(admin: TestClient, body: dict[str, Any]) -> None:
    """Nothing is kept."""
    assert admin.post("/api/suggestions", json=body).status_code == 422
    assert admin.get("/api/suggestions").json() == []


def test_an_unknown_suggestion_is_not_found(admin: TestClient) -> None:
    """Neither approved nor rejected."""
    for act in ("approve", "reject"):
        assert admin.post(f"/api/suggestions/99/{act}").status_code == 404
        assert admin.post(f"/api/suggestions/{10**30}/{act}").status_code == 422
