"""The command line: `aisle serve · ask · chat · kb … · config · protocol · bench`."""

import asyncio
import json
import secrets
import socket
import sys
from contextlib import suppress
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot import cli_kb, cli_records, cli_user
from bot.errors import AisleError, BadSettings
from bot.lab.command import bench, evaluate
from bot.lab.train import command as train
from bot.settings import DEV_STAFF_PASSWORD, Settings, load, settings_table, shown
from knowledge.errors import KnowledgeError

app = typer.Typer(help="Aisle: a self-hosted shop assistant that cites its sources.", no_args_is_help=True)
app.add_typer(cli_kb.app, name="kb", help="Build, check, search and switch the knowledge.")
app.add_typer(cli_user.app, name="user", help="Add, list and disable accounts of staff and admins.")
app.add_typer(cli_user.tokens, name="token", help="Add, list and revoke API tokens for programs.")
app.command()(bench)
app.command("eval")(evaluate)
app.add_typer(train.app, name="train", help="Build what the built-in generator learns from.")
app.add_typer(cli_records.app, name="retention", help="For how long what is kept: show it, or apply it now.")
app.command("export")(cli_records.export)
app.command("forget")(cli_records.forget)
out = Console()
PAGES = {
    "/": "the demo shop with the chat widget",
    "/staff": "the desk, for staff",
    "/transcripts": "search and export, for staff",
    "/admin": "knowledge and figures, for admins",
    "/docs": "protocol and routes",
}
err = Console(stderr=True)


def main() -> None:
    """Run a command; an error of ours is one clear message and exit code 1, never a traceback."""
    try:
        app()
    except (AisleError, KnowledgeError) as error:
        err.print(f"[bold red]aisle:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise SystemExit(1) from None


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; default AISLE_HOST.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on; default AISLE_PORT; 0 takes a free one.")] = -1,
) -> None:
    """Serve chats until stopped."""
    overrides: dict[str, Any] = {**({"host": host} if host else {}), **({"port": port} if port >= 0 else {})}
    settings = load(**overrides)
    _serve(settings, _listener(settings))


def _listener(settings: Settings) -> socket.socket:
    """A bound socket; bound before anything else starts, so that a taken port is told at once."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise BadSettings(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
            f"another program has it, or it is not yours: choose another with PORT=8001 or AISLE_PORT"
        ) from None
    return listener


def _serve(settings: Settings, listener: socket.socket) -> None:
    import uvicorn

    from bot.app import create
    from bot.frames import MAX_FRAME_BYTES
    from bot.telemetry import configure_logs

    configure_logs(json=settings.env == "production")
    _greet(settings, listener.getsockname()[1])
    config = uvicorn.Config(
        create(settings),
        ws="websockets-sansio",
        # Somewhat over the protocol's own limit, so that a frame just over it still gets a typed error.
        ws_max_size=2 * MAX_FRAME_BYTES,
        ws_per_message_deflate=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _greet(settings: Settings, port: int) -> None:
    base = f"http://{settings.host}:{port}"
    out.print(f"\n[bold]Aisle[/] for {settings.shop} — Ctrl+C stops it", highlight=False)
    for path, what in PAGES.items():
        out.print(f"  {base}{path:10} {what}", highlight=False)
    if settings.env == "development" and settings.staff_password.get_secret_value() == DEV_STAFF_PASSWORD:
        out.print(
            f"  sign in as [bold]staff[/] or [bold]admin[/] with [bold]{DEV_STAFF_PASSWORD}[/] (development only)\n"
        )
    sys.stdout.flush()


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What a shopper would write.")],
    as_json: Annotated[bool, typer.Option("--json", help="Everything about the answer, as JSON.")] = False,
) -> None:
    """Answer one question by the very path that the server takes."""
    answers = asyncio.run(_converse([question]))
    if as_json:
        print(json.dumps(answers[0], ensure_ascii=False, indent=2))
    else:
        _print_answer(answers[0])


async def _converse(questions: list[str]) -> list[dict[str, Any]]:
    async with _conversation() as talk:
        return [await talk(question) for question in questions]


def _conversation() -> Any:
    from bot.talk import talking
    from bot.telemetry import configure_logs

    configure_logs(json=False, level="ERROR")
    return talking(load())


def _print_answer(answer: dict[str, Any]) -> None:
    out.print(answer["text"], highlight=False, markup=False)
    for citation in answer["citations"]:
        out.print(f"  \\[{citation['n']}] {citation['title']}  [dim]{citation['url']}[/]", highlight=False)
    for card in answer["cards"]:
        out.print(
            f"  · {card['name']}  {card['price']}  {'in stock' if card['stock'] else 'sold out'}", highlight=False
        )
    for choice in answer["choices"]:
        out.print(f"  ▸ {choice}", highlight=False)


@app.command()
def chat() -> None:
    """Chat in the terminal; an empty line or Ctrl+D ends it."""

    async def loop() -> None:
        async with _conversation() as talk:
            while line := (await asyncio.to_thread(_line)):
                _print_answer(await talk(line))

    asyncio.run(loop())


def _line() -> str:
    try:
        return input("› ").strip()
    except EOFError:
        return ""


@app.command()
def config(
    markdown: Annotated[bool, typer.Option(help="The table of all settings, as README has it.")] = False,
) -> None:
    """Print the effective settings, secrets masked."""
    if markdown:
        print(settings_table())
        return
    table = Table("variable", "value")
    for name, value in shown(load()).items():
        table.add_row(name, value)
    out.print(table)


@app.command()
def protocol() -> None:
    """Print the wire protocol as JSON Schema."""
    from bot.frames import json_schema

    print(json.dumps(json_schema(), indent=2))


@app.command()
def secret() -> None:
    """Print a fresh secret, good for AISLE_SECRET."""
    print(secrets.token_urlsafe(32))
