"""`aisle user` and `aisle token`: what they do to the database, print, refuse and log."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner, Result

from bot.access import Access, open_access
from bot.accounts import Role
from bot.audit import Search
from bot.cli import app
from bot.database import open_database
from bot.errors import BadAccount, NotSignedIn
from bot.settings import load
from bot.sign_ins import Trial

WORD = "a kettle for two"
T = TypeVar("T")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own, and a terminal wide enough for tables."""
    monkeypatch.setenv("AISLE_DATA", str(tmp_path))
    monkeypatch.setattr("bot.cli_user.out.width", 200)


def aisle(*words: str, typed: str = "") -> Result:
    """Run a command as a person would."""
    return CliRunner().invoke(app, words, input=typed)


def refused(result: Result) -> str:
    """Why it was refused, as `main` would print it."""
    assert isinstance(result.exception, BadAccount), result.output
    return result.exception.message


def inside(do: Callable[[Access], Awaitable[T]]) -> T:
    """Look at the same database as a server would."""

    async def run() -> T:
        settings = load()
        database = await open_database(settings.access_database_url)
        try:
            return await do(open_access(database, settings, partial(datetime.now, UTC)))
        finally:
            await database.aclose()

    return asyncio.run(run())


def sign_in(name: str, password: str) -> Role:
    """Sign in on the server's side; the account's role."""
    trial = Trial(name, password, "192.0.2.7")
    return inside(lambda access: access.sign_ins.sign_in(trial, datetime.now(UTC)))[1].role


def test_an_added_user_can_sign_in() -> None:
    """In the role that was asked for, staff when none was; the password is typed twice and never shown."""
    made = aisle("user", "add", "mei", typed=f"{WORD}\n{WORD}\n")
    assert "mei can sign in at /signin as staff" in made.output
    assert WORD not in made.output
    assert "as admin" in aisle("user", "add", "ada", "--role", "admin", "--stdin", typed=f"{WORD}\n").output
    assert [sign_in(name, WORD) for name in ("mei", "ada")] == [Role.STAFF, Role.ADMIN]


def test_a_user_that_cannot_be_is_refused_before_a_password_is_asked_for() -> None:
    """A bad name at once, then a bad password, then a taken name; nothing is made."""
    assert "name: got 'me i'" in refused(aisle("user", "add", "me i"))
    assert "password: got 5 characters" in refused(aisle("user", "add", "mei", "--stdin", typed="short\n"))
    assert aisle("user", "add", "mei", "--stdin", typed=f"{WORD}\n").exit_code == 0
    assert "which is taken" in refused(aisle("user", "add", "mei", "--stdin", typed=f"{WORD}\n"))
    assert aisle("user", "add", "eve", "--role", "boss").exit_code == 2


def test_users_are_listed_with_role_and_state() -> None:
    """Everybody, also who is disabled."""
    for name, role in (("mei", "staff"), ("ada", "admin")):
        aisle("user", "add", name, "--role", role, "--stdin", typed=f"{WORD}\n")
    aisle("user", "disable", "mei")
    lines = aisle("user", "list").output.splitlines()
    assert any(re.search(r"ada .*admin .*never .*in use", line) for line in lines)
    assert any(re.search(r"mei .*staff .*never .*disabled \d{4}-", line) for line in lines)


def test_a_disabled_user_is_out_until_enabled() -> None:
    """Disabling ends what is open; enabling lets the user in again; an unknown name is an error."""
    aisle("user", "add", "mei", "--stdin", typed=f"{WORD}\n")
    assert "signed out everywhere" in aisle("user", "disable", "mei").output
    with pytest.raises(NotSignedIn):
        sign_in("mei", WORD)
    assert "can sign in again" in aisle("user", "enable", "mei").output
    assert sign_in("mei", WORD) is Role.STAFF
    assert "wanted the name of an account" in refused(aisle("user", "disable", "nobody"))


def test_a_new_password_replaces_the_old() -> None:
    """The old one is good no more."""
    aisle("user", "add", "mei", "--stdin", typed=f"{WORD}\n")
    aisle("user", "password", "mei", "--stdin", typed="three pegs and a rope\n")
    assert sign_in("mei", "three pegs and a rope") is Role.STAFF
    with pytest.raises(NotSignedIn):
        sign_in("mei", WORD)


def test_a_token_is_printed_once_and_can_be_revoked() -> None:
    """Standard output is the token alone, so that a script can take it; the list shows everything but the secret."""
    aisle("user", "add", "ada", "--role", "admin", "--stdin", typed=f"{WORD}\n")
    made = aisle("token", "add", "ada", "--scope", "products:write", "--days", "7", "--note", "stock sync")
    token = made.stdout.strip()
    assert re.fullmatch(r"aisle_[0-9a-f]{12}_[0-9a-f]{64}", token)
    assert inside(lambda access: access.tokens.find(token)) is not None
    shown = aisle("token", "list").output
    assert re.search(r"ada .*products:write .*stock sync .*good until", shown)
    assert token.split("_")[2] not in shown
    assert "is revoked" in aisle("token", "revoke", token.split("_")[1]).output
    assert inside(lambda access: access.tokens.find(token)) is None
    assert "revoked" in aisle("token", "list").output


def test_a_token_that_cannot_be_is_refused() -> None:
    """An unknown scope names those there are; staff get none of the admins'."""
    aisle("user", "add", "mei", "--stdin", typed=f"{WORD}\n")
    assert "wanted one of chat:read" in refused(aisle("token", "add", "mei", "--scope", "everything"))
    assert "mei as staff may not do" in refused(aisle("token", "add", "mei", "--scope", "products:write"))


def test_what_is_done_here_is_logged() -> None:
    """As done by `cli`, in the same log that admins see."""
    aisle("user", "add", "mei", "--stdin", typed=f"{WORD}\n")
    aisle("user", "disable", "mei")
    entries = inside(lambda access: access.audit.page(Search()))
    assert [(e.deed.actor, e.deed.action) for e in entries] == [("cli", "account.disabled"), ("cli", "account.added")]
