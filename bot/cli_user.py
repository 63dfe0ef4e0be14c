"""`aisle user …` and `aisle token …`: who may sign in, and which programs may come in. Works beside a running server.

Passwords are asked for without showing them, or read from standard input with `--stdin`, never taken as an argument:
arguments are seen by everyone on the machine and kept in the shell's history.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.access import Access, open_access
from bot.accounts import Role, Wanted, check_name
from bot.api_tokens import ApiToken, Scope, WantedToken
from bot.database import open_database
from bot.errors import BadAccount
from bot.passwords import check_password
from bot.settings import load

app = typer.Typer(help="Accounts of staff and admins.", no_args_is_help=True)
tokens = typer.Typer(help="API tokens for programs.", no_args_is_help=True)
out = Console(highlight=False)

BY = "cli"
DAY_S = 24 * 3600

T = TypeVar("T")
Name = Annotated[str, typer.Argument(help="The account's name.")]
Stdin = Annotated[bool, typer.Option("--stdin", help="Read the password from standard input, not from the terminal.")]


def _with_access(do: Callable[[Access], Awaitable[T]]) -> T:
    """Open the database of the settings, do one thing, close it."""

    async def run() -> T:
        settings = load()
        database = await open_database(settings.access_database_url)
        try:
            return await do(open_access(database, settings, partial(datetime.now, UTC)))
        finally:
            await database.aclose()

    return asyncio.run(run())


def _password(name: str, stdin: bool) -> str:
    """A password that may be one, asked for twice in a terminal.

    Raises:
        BadAccount: It may not, or nothing was typed.
    """
    check_name(name)
    if stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    check_password(name, password)
    return password


@app.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="staff: the desk; admin: everything.")] = Role.STAFF,
    stdin: Stdin = False,
) -> None:
    """Make an account; its password is asked for."""
    wanted = Wanted(name, role, _password(name, stdin))
    made = _with_access(lambda access: access.accounts.add(wanted, BY))
    out.print(f"{made.name} can sign in at /signin as {made.role}")


@app.command("list")
def show() -> None:
    """Show every account, its role, and when it last signed in (UTC)."""
    table = Table("name", "role", "made", "last signed in", "state")
    for account in _with_access(lambda access: access.accounts.all()):
        state = f"disabled {_moment(account.disabled_at)}" if account.disabled_at else "in use"
        table.add_row(account.name, account.role, _moment(account.created_at), _moment(account.signed_in_at), state)
    out.print(table)


@app.command()
def disable(name: Name) -> None:
    """Let an account sign in no more; its sessions end at once, its tokens open nothing."""
    account = _with_access(lambda access: access.accounts.disable(name, BY))
    out.print(f"{account.name} is disabled and signed out everywhere")


@app.command()
def enable(name: Name) -> None:
    """Let an account sign in again, at once."""
    account = _with_access(lambda access: access.accounts.enable(name, BY))
    out.print(f"{account.name} can sign in again")


@app.command()
def password(name: Name, stdin: Stdin = False) -> None:
    """Set a new password; the account's sessions end, and it may sign in at once."""
    chosen = _password(name, stdin)
    account = _with_access(lambda access: access.accounts.set_password(name, chosen, BY))
    out.print(f"{account.name} has a new password and is signed out everywhere")


@tokens.command("add")
def add_token(
    account: Annotated[str, typer.Argument(help="The account that the program acts for.")],
    scope: Annotated[list[str], typer.Option(help="What it is for; may be given more than once.")],
    days: Annotated[float, typer.Option(help="How long it is good.")] = 90,
    note: Annotated[str, typer.Option(help="What it is for, in your words.")] = "",
) -> None:
    """Make a token; it is printed once, alone on standard output, and cannot be shown again."""
    wanted = WantedToken(account, tuple(_scope(text) for text in scope), days * DAY_S, note)
    text, token = _with_access(lambda access: access.tokens.add(wanted, BY))
    print(text)
    print(
        f"token {token.id} is good until {_moment(token.expires_at)}; keep it, it is not shown again", file=sys.stderr
    )


@tokens.command("list")
def show_tokens() -> None:
    """Show every token, what it is for, and when it was last used (UTC)."""
    table = Table("id", "account", "scopes", "note", "last used", "state")
    for token in _with_access(lambda access: access.tokens.all()):
        table.add_row(
            token.id, token.account, " ".join(token.scopes), token.note, _moment(token.used_at), _state(token)
        )
    out.print(table)


@tokens.command()
def revoke(token: Annotated[str, typer.Argument(help="The token's id, as `aisle token list` shows it.")]) -> None:
    """Let a token open nothing any more, from now on."""
    _with_access(lambda access: access.tokens.revoke(token, BY))
    out.print(f"token {token} is revoked")


def _scope(text: str) -> Scope:
    try:
        return Scope(text)
    except ValueError:
        raise BadAccount(f"scope: got {text[:40]!r}, wanted one of {', '.join(Scope)}") from None


def _state(token: ApiToken) -> str:
    if token.revoked_at:
        return f"revoked {_moment(token.revoked_at)}"
    expired = token.expires_at <= datetime.now(UTC)
    return f"{'expired' if expired else 'good until'} {_moment(token.expires_at)}"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"
