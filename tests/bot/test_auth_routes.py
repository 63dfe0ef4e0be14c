"""Signing in over HTTP: cookies, CSRF, origins, roles, tokens, websockets and the log, on a real database."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Annotated, Any

import pytest
from argon2 import PasswordHasher
from fastapi import Depends, FastAPI, WebSocket
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from bot import tokens
from bot.access import Access, Person, open_access
from bot.accounts import Role, Wanted
from bot.api_tokens import Scope, WantedToken
from bot.database import open_database
from bot.errors import AisleError
from bot.passwords import Passwords
from bot.routes import auth, problems
from bot.routes.auth import COOKIE, for_socket, signed_in
from bot.settings import Settings, load

WORD = "a kettle for two"
SAFE: dict[str, Any] = {
    "env": "production",
    "redis": "redis://redis:6379/0",
    "secret": "k" * 40,
    "origins": ("https://shop.example",),
    "staff_password": "long and our own",
    "orders": "none:",
}


@dataclass
class Clock:
    """A clock that moves when told."""

    now: datetime = datetime(2031, 5, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time."""
        return self.now


def small_app(settings: Settings, clock: Clock) -> FastAPI:
    """The routes of signing in, and beside them one of each kind that asks who calls."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        database = await open_database(settings.database_url)
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        access = app.state.access = open_access(database, settings, clock, quick)
        for name, role in (("mei", Role.STAFF), ("ada", Role.ADMIN)):
            await access.accounts.add_missing(Wanted(name, role, WORD), "test")
        yield
        await database.aclose()

    app = FastAPI(lifespan=lifespan)
    app.state.settings = settings
    problems.install(app)
    app.include_router(auth.router)

    @app.get("/staff-only")
    @app.post("/staff-only")
    async def desk(who: Annotated[Person, Depends(signed_in(Role.STAFF, Scope.CHAT_READ))]) -> str:
        return f"{who.name} {who.role} {who.via.partition(':')[0]}"

    @app.get("/admin-only")
    async def admin(who: Annotated[Person, Depends(signed_in(Role.ADMIN))]) -> str:
        return who.name

    @app.patch("/products")
    async def products(who: Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.PRODUCTS_WRITE))]) -> str:
        return who.name

    @app.websocket("/desk")
    async def socket(socket: WebSocket) -> None:
        try:
            who = await for_socket(socket, Role.STAFF)
        except AisleError as error:
            await socket.close(4401, error.code)
            return
        await socket.accept()
        await socket.send_text(who.name)
        await socket.close()

    return app


@pytest.fixture
def clock() -> Clock:
    """The clock of a test."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of development, on a database of the test's own."""
    return load(data=tmp_path, trusted_proxies=("testclient",))


@pytest.fixture
def client(settings: Settings, clock: Clock) -> Iterator[TestClient]:
    """A browser on plain HTTP, with nobody signed in."""
    with TestClient(small_app(settings, clock), base_url="http://aisle.test") as client:
        yield client


def enter(client: TestClient, name: str, password: str = WORD, **headers: str) -> Any:
    """Try to sign in."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/api/sign-in", json={"name": name, "password": password}, headers=headers)


def cookie_of(response: Any) -> dict[str, str]:
    """The session cookie that a response sets: its attributes, in lower case, `value` among them."""
    (line,) = response.headers.get_list("set-cookie")
    first, *rest = line.split("; ")
    name, _, value = first.partition("=")
    assert name == COOKIE
    return {"value": value, **{part.partition("=")[0].lower(): part.partition("=")[2] for part in rest}}


def within(client: TestClient, act: Any, *arguments: Any) -> Any:
    """Call something of access on the server's own loop."""
    assert client.portal
    return client.portal.call(act, *arguments)


def access_of(client: TestClient) -> Access:
    """The server's access."""
    app: Any = client.app
    access: Access = app.state.access
    return access


# Sessions


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(client: TestClient) -> None:
    """HttpOnly, SameSite=Strict, for the whole server, for a week; the answer is not kept by caches."""
    response = enter(client, "mei")
    assert response.status_code == 200
    cookie = cookie_of(response)
    assert len(cookie.pop("value")) == 43
    cookie.pop("expires", None)
    assert cookie == {"httponly": "", "max-age": "604800", "path": "/", "samesite": "strict"}
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == {"name": "mei", "role": "staff", "csrf": response.json()["csrf"]}


@pytest.mark.parametrize(("proto", "secure"), [("https", True), ("http", False)])
def test_behind_tls_the_cookie_is_secure(client: TestClient, proto: str, secure: bool) -> None:
    """A proxy that the settings trust says whether the browser speaks TLS."""
    assert ("secure" in cookie_of(enter(client, "mei", x_forwarded_proto=proto))) is secure


def test_a_stranger_cannot_say_that_there_is_tls(tmp_path: Path, clock: Clock) -> None:
    """Forwarded headers count only from a trusted proxy."""
    with TestClient(small_app(load(data=tmp_path), clock), base_url="http://aisle.test") as client:
        assert "secure" not in cookie_of(enter(client, "mei", x_forwarded_proto="https"))


@pytest.mark.parametrize(("base", "more"), [("https://aisle.test", {}), ("http://aisle.test", SAFE)])
def test_over_tls_and_in_production_the_cookie_is_secure(
    tmp_path: Path, clock: Clock, base: str, more: dict[str, Any]
) -> None:
    """In production it is, whatever the server sees itself."""
    with TestClient(small_app(load(data=tmp_path, **more), clock), base_url=base) as client:
        assert "secure" in cookie_of(enter(client, "mei"))


def test_signing_in_again_rotates_the_session(client: TestClient) -> None:
    """The cookie that the browser had before is worth nothing after."""
    first = cookie_of(enter(client, "mei"))["value"]
    second = cookie_of(enter(client, "ada"))["value"]
    assert first != second
    assert client.get("/api/whoami").json()["name"] == "ada"
    client.cookies.clear()
    assert client.get("/api/whoami", headers={"cookie": f"{COOKIE}={first}"}).json()["name"] is None


def test_signing_out_ends_the_session_here_and_on_the_server(client: TestClient) -> None:
    """The cookie is removed, and a copy of it opens nothing."""
    entered = enter(client, "mei")
    kept = cookie_of(entered)["value"]
    out = client.post("/api/sign-out", headers={"x-csrf-token": entered.json()["csrf"]})
    assert out.status_code == 204
    assert cookie_of(out)["max-age"] == "0"
    assert client.get("/staff-only", headers={"cookie": f"{COOKIE}={kept}"}).status_code == 401
    assert client.post("/api/sign-out").status_code == 204


def test_disabling_ends_the_session(client: TestClient) -> None:
    """The very next call is refused."""
    enter(client, "mei")
    assert client.get("/staff-only").status_code == 200
    within(client, access_of(client).accounts.disable, "mei", "ada")
    assert client.get("/staff-only").status_code == 401


def test_a_session_ends_when_idle_and_after_a_week(client: TestClient, clock: Clock) -> None:
    """As the settings say; calls keep it from being idle."""
    enter(client, "mei")
    for _ in range(2):
        clock.now += timedelta(hours=11)
        assert client.get("/staff-only").status_code == 200
    clock.now += timedelta(hours=12, seconds=1)
    assert client.get("/staff-only").status_code == 401


def test_whoami_tells_nobody_apart_from_somebody(client: TestClient) -> None:
    """A page can ask without an error; nobody has no CSRF token."""
    assert client.get("/api/whoami").json() == {"name": None, "role": None, "csrf": ""}
    csrf = enter(client, "mei").json()["csrf"]
    assert client.get("/api/whoami").json() == {"name": "mei", "role": "staff", "csrf": csrf}


# The same answer, and limits


def test_unknown_and_wrong_get_the_same_answer(client: TestClient) -> None:
    """Status, body and headers do not tell which accounts there are."""
    within(client, access_of(client).accounts.disable, "ada", "test")
    answers = [enter(client, name, word) for name, word in (("nobody", WORD), ("mei", "wrong word!"), ("ada", WORD))]
    assert {(a.status_code, a.text, tuple(sorted(a.headers.items()))) for a in answers} == {
        (answers[0].status_code, answers[0].text, tuple(sorted(answers[0].headers.items())))
    }
    assert answers[0].status_code == 401
    assert "set-cookie" not in answers[0].headers


def test_too_many_tries_say_when_to_come_again(client: TestClient) -> None:
    """429 with Retry-After, for the right password, too."""
    for turn in range(5):
        assert enter(client, "mei", "wrong word!", x_forwarded_for=f"198.51.100.{turn}").status_code == 401
    refused = enter(client, "mei", x_forwarded_for="198.51.100.77")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert refused.json()["code"] == "rate_limited"
    assert refused.json()["retry_after_s"] == 900


def test_an_address_is_the_proxys_word_only_when_it_is_trusted(tmp_path: Path, clock: Clock) -> None:
    """Whoever invents forwarded addresses is still counted as one."""
    with TestClient(small_app(load(data=tmp_path), clock), base_url="http://aisle.test") as client:
        codes = [
            enter(client, f"name{turn}", "wrong word!", x_forwarded_for=f"198.51.100.{turn}").status_code
            for turn in range(21)
        ]
    assert codes == [401] * 20 + [429]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"name": "mei"}, "body.password: Field required"),
        ({"name": "m" * 65, "password": WORD}, "body.name: String should have at most 64"),
        ({"name": "mei", "password": "x" * 300}, "body.password: String should have at most 256"),
        ({"name": "mei", "password": WORD, "role": "admin"}, "body.role: Extra inputs"),
        ({"name": ["mei"], "password": WORD}, "body.name: Input should be a valid string"),
        (["mei", WORD], "body: "),
    ],
)
def test_a_wrong_body_is_told_by_field_and_not_repeated(client: TestClient, body: Any, where: str) -> None:
    """The message says which field and what was wanted, without the password."""
    response = client.post("/api/sign-in", json=body)
    assert response.status_code == 422
    assert response.json()["code"] == "bad_request"
    assert where in response.json()["message"]
    assert WORD not in response.text


@pytest.mark.parametrize("raw", [b"{", b'{"name": "mei", "password": "\\ud800 and so on"}', b'"\xff"', b"[" * 5000])
def test_a_body_that_is_no_text_is_no_fault_of_ours(client: TestClient, raw: bytes) -> None:
    """Broken JSON, lone surrogates, bad UTF-8 and deep nesting are refused like any wrong body."""
    response = client.post("/api/sign-in", content=raw, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)


# Forged calls


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_change_without_the_csrf_token_is_refused(client: TestClient, token: str | None) -> None:
    """The cookie alone changes nothing; reading needs no such token."""
    enter(client, "mei")
    headers = {} if token is None else {b"x-csrf-token": token.encode("latin-1")}
    refused = client.post("/staff-only", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert client.post("/api/sign-out", headers=headers).status_code == 403
    assert client.get("/staff-only").status_code == 200


def test_a_csrf_token_is_good_for_its_own_session_only(client: TestClient) -> None:
    """That of another session, even of the same account, is refused."""
    other = enter(client, "mei").json()["csrf"]
    client.cookies.clear()
    own = enter(client, "mei").json()["csrf"]
    assert client.post("/staff-only", headers={"x-csrf-token": other}).status_code == 403
    assert client.post("/staff-only", headers={"x-csrf-token": own}).json() == "mei staff session"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.test"},
        {"origin": "http://aisle.test.evil.test"},
        {"origin": "http://aisle.test:81"},
        {"origin": "null"},
        {"origin": "http://[aisle.test"},
    ],
)
def test_a_change_from_another_sites_page_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    """Even with cookie and token; nor can another site sign somebody in or out."""
    csrf = enter(client, "mei").json()["csrf"]
    with_token = {**headers, "x-csrf-token": csrf}
    for path in ("/staff-only", "/api/sign-out"):
        refused = client.post(path, headers=with_token)
        assert (refused.status_code, refused.json()["code"]) == (403, "bad_origin")
    assert client.post("/api/sign-in", json={"name": "ada", "password": WORD}, headers=headers).status_code == 403
    assert client.get("/api/whoami").json()["name"] == "mei"


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://aisle.test"}, {}])
def test_a_change_from_a_page_of_ours_is_done(client: TestClient, headers: dict[str, str]) -> None:
    """Whatever of the two headers the browser sends."""
    csrf = enter(client, "mei", **headers).json()["csrf"]
    assert client.post("/staff-only", headers={**headers, "x-csrf-token": csrf}).status_code == 200


def test_a_form_of_another_site_cannot_pass_for_json(client: TestClient) -> None:
    """Content types that a form can send are not read as JSON."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        body = b'{"name": "mei", "password": "a kettle for two"}'
        response = client.post("/api/sign-in", content=body, headers={"content-type": kind})
        assert response.status_code == 422, kind


# Roles, tokens, shoppers


def test_roles_open_what_is_theirs(client: TestClient) -> None:
    """Nobody: 401; staff: not the admins'; an admin: both."""
    assert [client.get(path).status_code for path in ("/staff-only", "/admin-only")] == [401, 401]
    enter(client, "mei")
    assert [client.get(path).status_code for path in ("/staff-only", "/admin-only", "/api/audit")] == [200, 403, 403]
    enter(client, "ada")
    assert [client.get(path).status_code for path in ("/staff-only", "/admin-only", "/api/audit")] == [200, 200, 200]


def test_a_shoppers_token_opens_no_route_of_staff(client: TestClient, settings: Settings) -> None:
    """Neither as a bearer token nor as the session cookie, over HTTP or a websocket."""
    token = tokens.issue("c-1", settings.secret.get_secret_value(), time())
    ways = [{"authorization": f"Bearer {token}"}, {"cookie": f"{COOKIE}={token}"}]
    for headers in ways:
        for path in ("/staff-only", "/admin-only", "/api/audit"):
            assert client.get(path, headers=headers).status_code == 401
        assert client.post("/staff-only", headers={**headers, "x-csrf-token": token}).status_code in (401, 403)
        assert socket_of(client, {**headers, "origin": "http://aisle.test"}) == "not_signed_in"


def test_an_api_token_needs_no_cookie_and_no_csrf(client: TestClient) -> None:
    """It changes what its scope names, from any page or program, and nothing else."""
    wanted = WantedToken("ada", (Scope.PRODUCTS_WRITE,), 3600)
    token, made = within(client, access_of(client).tokens.add, wanted, "ada")
    bearer = {"authorization": f"Bearer {token}", "origin": "https://stock.example"}
    assert client.patch("/products", headers=bearer).json() == "ada"
    assert [client.get(path, headers=bearer).status_code for path in ("/staff-only", "/admin-only")] == [403, 403]
    assert client.get("/api/whoami", headers=bearer).json() == {"name": "ada", "role": "admin", "csrf": ""}
    within(client, access_of(client).tokens.revoke, made.id, "ada")
    assert client.patch("/products", headers=bearer).status_code == 401
    assert client.get("/api/whoami", headers=bearer).status_code == 401


def test_an_api_token_expires(client: TestClient, clock: Clock) -> None:
    """After its time it opens nothing."""
    token, _ = within(client, access_of(client).tokens.add, WantedToken("mei", (Scope.CHAT_READ,), 3600), "ada")
    bearer = {"authorization": f"bearer {token}"}
    assert client.get("/staff-only", headers=bearer).json() == "mei staff token"
    clock.now += timedelta(hours=1)
    assert client.get("/staff-only", headers=bearer).status_code == 401


def test_a_bad_token_is_not_made_good_by_a_cookie(client: TestClient) -> None:
    """A call that brings a token is judged by the token alone."""
    enter(client, "ada")
    assert client.get("/admin-only", headers={"authorization": "Bearer aisle_nothing"}).status_code == 401
    assert client.get("/admin-only", headers={"authorization": "Basic cHJveHk6cHJveHk="}).status_code == 200


# Websockets


def socket_of(client: TestClient, headers: dict[str, str]) -> str:
    """What a websocket says: the name of who opened it, or why it was refused."""
    try:
        with client.websocket_connect("ws://aisle.test/desk", headers=headers) as socket:
            return socket.receive_text()
    except WebSocketDisconnect as refused:
        return refused.reason


def test_a_websocket_with_a_cookie_is_for_pages_of_the_same_host(client: TestClient) -> None:
    """Browsers send cookies along with websockets of any page; the origin tells whose page it is."""
    assert socket_of(client, {"origin": "http://aisle.test"}) == "not_signed_in"
    enter(client, "mei")
    assert socket_of(client, {"origin": "http://aisle.test"}) == "mei"
    for origin in ("http://evil.test", "null", "http://aisle.test.evil.test"):
        assert socket_of(client, {"origin": origin}) == "bad_origin"
    assert socket_of(client, {}) == "bad_origin"


# The log


def test_admins_read_the_log_page_by_page(client: TestClient) -> None:
    """Who, what, when and from where, newest first; searched by actor and action."""
    enter(client, "mei", x_forwarded_for="198.51.100.4")
    enter(client, "ada", "wrong word!")
    enter(client, "ada")
    page = client.get("/api/audit", params={"limit": 2}).json()
    assert [entry["action"] for entry in page["entries"]] == ["sign_in.ok", "sign_in.failed"]
    rest = client.get("/api/audit", params={"limit": 2, "after": page["next"]}).json()
    assert rest["entries"][0] == {
        "id": page["next"] - 1,
        "at": "2031-05-06T00:00:00Z",
        "actor": "mei",
        "action": "sign_in.ok",
        "target": "mei",
        "detail": {},
        "address": "198.51.100.4",
    }
    found = client.get("/api/audit", params={"action": "account", "actor": "test"}).json()
    assert [entry["target"] for entry in found["entries"]] == ["ada", "mei"]
    assert found["next"] is None
    assert client.get("/api/audit", params={"actor": "\x00"}).status_code == 422
    assert client.get("/api/audit", params={"limit": 0}).json()["message"].startswith("query.limit: ")


def test_the_log_is_never_changed_over_http(client: TestClient) -> None:
    """There is no route for it."""
    enter(client, "ada")
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.request(method, "/api/audit").status_code == 405
