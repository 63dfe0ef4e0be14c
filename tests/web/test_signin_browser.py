"""The sign-in page in Chromium: keyboard, languages, small screens, errors, where it leads, the strict policy."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, Page, expect

from bot.access import Access, open_access
from bot.accounts import Role, Wanted
from bot.database import open_database
from bot.passwords import Passwords
from bot.routes import auth, pages, problems
from bot.routes.headers import SecurityHeaders
from bot.settings import load

WORD = "a kettle for two"
DEADLINE_S = 10.0
SHOTS = Path("/tmp/aisle-shots")


@dataclass
class Door:
    """A server with the sign-in page, and how to reach its insides."""

    loop: asyncio.AbstractEventLoop | None = None
    access: Access | None = None
    url: str = ""

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something on the server's loop."""
        assert self.loop
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(DEADLINE_S)


def application(door: Door, folder: Path) -> FastAPI:
    """The page, its files and routes as the server has them, and two plain pages to go on to."""
    settings = load(data=folder)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        door.loop = asyncio.get_running_loop()
        database = await open_database(settings.database_url)
        quick = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        door.access = app.state.access = open_access(database, settings, partial(datetime.now, UTC), quick)
        yield
        await database.aclose()

    app = FastAPI(lifespan=lifespan)
    app.state.settings = settings
    app.add_middleware(SecurityHeaders)
    problems.install(app)
    app.include_router(auth.router)
    pages.mount(app)

    @app.get("/staff")
    @app.get("/admin")
    async def inside(request: Request) -> HTMLResponse:
        return HTMLResponse(f"<h1>{request.url.path}</h1>")

    return app


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The server, for all tests of this file."""
    door = Door()
    app = application(door, tmp_path_factory.mktemp("door"))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    door.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield door
    server.should_exit = True
    thread.join(DEADLINE_S)
    assert not thread.is_alive()


def wait_for(condition: Callable[[], bool]) -> None:
    """Poll until it holds, or fail."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, "the condition did not come about"
        time.sleep(0.01)


@pytest.fixture
def door(running: Door) -> Door:
    """The server with `mei` (staff) and `ada` (admin), whom nobody has kept waiting."""
    access = running.access
    assert access
    for name, role in (("mei", Role.STAFF), ("ada", Role.ADMIN)):
        if not running.do(access.accounts.add_missing(Wanted(name, role, WORD), "test")):
            running.do(access.accounts.enable(name, "test"))
    return running


@dataclass
class Visit:
    """Opens pages, each in a browser profile of its own, and remembers what the browser complained about."""

    browser: Browser
    door: Door
    complaints: list[str] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)

    def open(self, path: str = "/signin", **context: Any) -> Page:
        """A page, when it is ready to be used."""
        profile = self.browser.new_context(**{"locale": "en-US", "viewport": {"width": 1100, "height": 760}, **context})
        profile.set_default_timeout(DEADLINE_S * 1000)
        self.closing.append(profile.close)
        page = profile.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.goto(self.door.url + path)
        return page


@pytest.fixture
def visit(browser: Browser, door: Door) -> Iterator[Visit]:
    """Visits of this test; afterwards no script failed and no policy was violated (refusals are told as such)."""
    opened = Visit(browser, door)
    yield opened
    for close in opened.closing:
        close()
    assert [said for said in opened.complaints if "status of 4" not in said] == []


def fill(page: Page, name: str, password: str = WORD) -> None:
    """Fill in the form and press Enter."""
    page.locator("#name").fill(name)
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")


def shot(page: Page, name: str) -> None:
    """Keep a picture for people to look at."""
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"signin-{name}.png")


@pytest.mark.parametrize(("name", "path"), [("mei", "/staff"), ("ada", "/admin")])
def test_signing_in_with_the_keyboard_alone_leads_to_the_roles_page(visit: Visit, name: str, path: str) -> None:
    """The name is focused at once; Tab, typing and Enter are enough."""
    page = visit.open()
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    expect(page.locator("#show")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(WORD)
    page.keyboard.press("Enter")
    page.wait_for_url(visit.door.url + path)


def test_the_cookie_is_not_for_scripts(visit: Visit) -> None:
    """The browser keeps it as HttpOnly and SameSite=Strict; the page's scripts see none."""
    page = visit.open()
    fill(page, "mei")
    page.wait_for_url("**/staff")
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("aisle_session", True, "Strict")
    assert page.evaluate("document.cookie") == ""


def test_it_leads_back_to_the_page_that_sent_there(visit: Visit) -> None:
    """With its query, as after a session has ended."""
    page = visit.open("/signin?next=%2Fstaff%3Fopen%3Dc-7")
    fill(page, "mei")
    page.wait_for_url("**/staff?open=c-7")


def test_no_link_leads_elsewhere_after_signing_in(visit: Visit) -> None:
    """Whatever `next` says, the page that follows is one of this server's."""
    page = visit.open()
    for elsewhere in (
        "https://evil.test/",
        "//evil.test/x",
        "/%5Cevil.test",
        "javascript:alert(1)",
        "/signin",
        "http://[",
    ):
        page.context.clear_cookies()
        page.goto(f"{visit.door.url}/signin?next={elsewhere}")
        fill(page, "mei")
        page.wait_for_url(visit.door.url + "/staff")


def test_a_wrong_password_is_told_and_may_be_typed_again(visit: Visit) -> None:
    """The message is an alert, the password selected, the name kept; the right one then works."""
    page = visit.open()
    fill(page, "mei", "not my password")
    expect(page.get_by_role("alert")).to_have_text("Name and password do not fit together.")
    expect(page.locator("#password")).to_be_focused()
    expect(page.locator("#password")).to_have_attribute("aria-invalid", "true")
    shot(page, "wrong")
    page.keyboard.type(WORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")


def test_waiting_is_told_in_minutes(visit: Visit) -> None:
    """After five wrong passwords the page says how long to wait."""
    page = visit.open()
    for turn in range(6):
        answered = page.expect_response("**/api/sign-in")
        with answered as response:
            fill(page, "mei", f"wrong one {turn}")
        expect(page.locator("#enter")).to_be_enabled()
    assert response.value.status == 429
    expect(page.get_by_role("alert")).to_have_text("Too many tries. Please try again in 15 minutes.")


def test_nothing_typed_is_told_without_asking_the_server(visit: Visit) -> None:
    """The empty field is focused."""
    page = visit.open()
    page.locator("#name").fill("mei")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Please give your name and your password.")
    expect(page.locator("#password")).to_be_focused()


def test_without_a_connection_it_says_so(visit: Visit) -> None:
    """What was typed stays, to be sent again."""
    page = visit.open()
    page.context.set_offline(True)
    fill(page, "mei")
    expect(page.get_by_role("alert")).to_have_text("No connection to the server. Please try again.")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")
    visit.complaints = [said for said in visit.complaints if "ERR_INTERNET_DISCONNECTED" not in said]


def test_the_password_can_be_shown(visit: Visit) -> None:
    """By a switch that says which way it is."""
    page = visit.open()
    show = page.get_by_role("button", name="Show")
    show.click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.get_by_role("button", name="Hide")).to_have_attribute("aria-pressed", "true")


def test_chinese_is_complete_and_stays(visit: Visit) -> None:
    """Chosen once, the page is Chinese from title to errors, also the next time, and keeps where it leads."""
    page = visit.open("/signin?next=%2Fstaff%3Fopen%3Dc-7")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading")).to_have_text("登录")
    assert page.title() == "登录 · Aisle"
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    fill(page, "mei", "not my password")
    expect(page.get_by_role("alert")).to_have_text("用户名与密码不匹配。")
    shot(page, "zh")
    page.goto(visit.door.url + "/signin")
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    page.go_back()
    fill(page, "mei")
    page.wait_for_url("**/staff?open=c-7")


def test_a_chinese_browser_is_greeted_in_chinese(visit: Visit) -> None:
    """Without a choice the browser's language counts."""
    page = visit.open(locale="zh-CN")
    expect(page.get_by_role("heading")).to_have_text("登录")


def test_somebody_signed_in_is_shown_the_ways_on_and_out(visit: Visit) -> None:
    """An admin sees both pages; signing out ends the session on the server."""
    page = visit.open()
    fill(page, "ada")
    page.wait_for_url("**/admin")
    (cookie,) = page.context.cookies()
    page.goto(visit.door.url + "/signin")
    expect(page.get_by_role("heading")).to_have_text("You are signed in as ada")
    expect(page.get_by_role("link", name="Knowledge and insights")).to_be_visible()
    shot(page, "inside")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("alert")).to_have_text("You are signed out.")
    assert page.context.cookies() == []
    kept = {"cookie": f"aisle_session={cookie['value']}"}
    assert page.request.get(visit.door.url + "/api/whoami", headers=kept).json()["name"] is None


def test_staff_sent_from_an_admins_page_are_told_why(visit: Visit) -> None:
    """Instead of being sent to and fro."""
    page = visit.open()
    fill(page, "mei")
    page.wait_for_url("**/staff")
    page.goto(visit.door.url + "/signin?next=/admin")
    expect(page.locator("#hint")).to_have_text("That page is for admins. Sign out to use another account.")
    expect(page.get_by_role("link", name="Knowledge and insights")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_small_phone(visit: Visit, scheme: Any) -> None:
    """At 320 pixels, in light and dark, nothing is cut off and targets are big enough to touch."""
    page = visit.open(viewport={"width": 320, "height": 568}, color_scheme=scheme)
    expect(page.locator("#name")).to_be_focused()
    fill(page, "mei", "not my password")
    expect(page.get_by_role("alert")).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for box in (page.locator(at).bounding_box() for at in ("#name", "#password", "#enter")):
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    shot(page, f"320-{scheme}")


def test_a_page_of_another_site_signs_nobody_out(visit: Visit) -> None:
    """Its form can be posted here, but without the cookie, and it is refused for where it comes from."""
    page = visit.open()
    fill(page, "mei")
    page.wait_for_url("**/staff")
    form = f'<form method="post" action="{visit.door.url}/api/sign-in" enctype="text/plain"><input name="x"></form>'
    page.route("http://foreign.test/", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://foreign.test/")
    with page.expect_response("**/api/sign-in") as answered:
        page.evaluate("document.forms[0].submit()")
    assert answered.value.status == 403
    assert answered.value.json()["code"] == "bad_origin"
    assert "cookie" not in answered.value.request.all_headers()
    page.goto(visit.door.url + "/signin")
    expect(page.get_by_role("heading")).to_have_text("You are signed in as mei")
