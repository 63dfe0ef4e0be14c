"""`aisle export`, `aisle forget`, `aisle retention …`: transcripts as records, with or without a running server.

Errors of ours go up as they are; `cli.main` makes one message of them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from bot import embedded
from bot.archive import Search
from bot.audit import Audit
from bot.conversation import Phase, Reason
from bot.database import open_database
from bot.erasure import Receipt, Wanted
from bot.export_formats import Format
from bot.exports import Asked
from bot.feed import open_feed
from bot.records import Ground, Records, open_records
from bot.sessions import open_sessions
from bot.settings import Settings, load

app = typer.Typer(help="For how long what is kept.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)

BY = "cli"

T = TypeVar("T")
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _with_records(do: Callable[[Records], Awaitable[T]], *, redis: bool) -> T:
    """Open the stores of the settings, do one thing, close them. Without `redis` live state is not touched."""

    async def run() -> T:
        async with _opened(load(), redis=redis) as records:
            return await do(records)

    return asyncio.run(run())


@asynccontextmanager
async def _opened(settings: Settings, *, redis: bool) -> AsyncIterator[Records]:
    async with AsyncExitStack() as stack:
        url = await _redis(settings, stack) if redis else "memory:"
        sessions, feed = await open_sessions(url), await open_feed(url)
        stack.push_async_callback(sessions.aclose)
        stack.push_async_callback(feed.aclose)
        database = await open_database(settings.access_database_url)
        stack.push_async_callback(database.aclose)
        clock = partial(datetime.now, UTC)
        yield open_records(Ground(settings, database, sessions, feed, Audit(database, clock), clock))


async def _redis(settings: Settings, stack: AsyncExitStack) -> str:
    """Address of the Redis; an embedded one is attached to, or started if no server runs."""
    if not settings.redis.startswith("embedded:"):
        return settings.redis
    settings.data.mkdir(parents=True, exist_ok=True)
    server = await embedded.start(settings.data / "redis")
    stack.push_async_callback(server.aclose)
    return server.url


def export(  # noqa: PLR0913 - each is an option of the command line
    format: Annotated[Format, typer.Option(help="What to write.")] = Format.JSONL,
    folder: Annotated[Path | None, typer.Option(help="Folder to write into; default exports in AISLE_DATA.")] = None,
    q: Annotated[str, typer.Option(help="Words that all occur in the conversation.")] = "",
    since: Annotated[datetime | None, typer.Option("--from", help="Something was said then or later (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option("--to", help="Opened then or earlier (UTC).")] = None,
    lang: Annotated[str, typer.Option(help="Language of the last reply.")] = "",
    reason: Annotated[Reason | None, typer.Option(help="Why a person was wanted.")] = None,
    staff: Annotated[str, typer.Option(help="Who of the staff wrote in it.")] = "",
    product: Annotated[str, typer.Option(help="Handle of a product that was shown.")] = "",
    phase: Annotated[Phase | None, typer.Option(help="Who answers now.")] = None,
) -> None:
    """Write transcripts into a file, and print its path."""
    end = datetime.combine(until, time.max) if until and until.time() == time.min else until
    search = Search(
        q=q, since=_utc(since), until=_utc(end), lang=lang, reason=reason, staff=staff, product=product, phase=phase
    )

    async def write(records: Records) -> Path:
        return await records.exports.write(Asked(BY, format, search), folder or records.folder)

    print(_with_records(write, redis=False))


def forget(
    conversation: Annotated[str, typer.Option(help="One conversation.")] = "",
    identity: Annotated[str, typer.Option(help="Everything of a verified shopper.")] = "",
    email: Annotated[str, typer.Option(help="Every conversation in which this address was written.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase a shopper everywhere, for good, and print the receipt."""
    wanted = Wanted(conversation, identity, email)
    if wanted.kind and not yes:
        typer.confirm(f"Erase everything of this {wanted.kind}? It cannot be undone", abort=True)
    receipt = _with_records(lambda records: records.erasure.erase(wanted, BY), redis=True)
    if as_json:
        print(json.dumps(asdict(receipt), default=str, indent=2))
    else:
        _print_receipt(receipt)


def _print_receipt(receipt: Receipt) -> None:
    out.print(f"receipt {receipt.id} of {receipt.at:%Y-%m-%d %H:%M} UTC, erased by {receipt.wanted}")
    counts = {"conversations": receipt.conversations, "messages": receipt.messages, "notes": receipt.notes}
    counts |= {"suggestions": receipt.suggestions, "rows of the search index": receipt.search_rows}
    for what, count in {**counts, "keys in Redis": receipt.redis_keys, **(receipt.other or {})}.items():
        out.print(f"  {count:6} {what}")
    for export in receipt.exports:
        where = export["file"] or f"downloaded by {export['by']}"
        fate = "deleted" if export["deleted"] else "still there: see to it that it is deleted"
        out.print(f"  export {export['id']} of {export['at']:.19} ({where}): {fate}", markup=False)
    for entry in receipt.entries:
        out.print(f"  entry {entry} of the FAQ was approved from it and stays: look whether it should", markup=False)
    if not receipt.done:
        out.print("  Redis or a file was out of reach: the server finishes this as soon as it can")


@app.command("show")
def show(as_json: JsonOption = False) -> None:
    """Print for how many days what is kept."""
    days = asdict(_with_records(lambda records: records.retention.get(), redis=False))
    if as_json:
        print(json.dumps(days))
        return
    for name, value in days.items():
        out.print(f"{name.removesuffix('_days'):12} {f'{value} days' if value else 'for ever'}")


@app.command("run")
def run(as_json: JsonOption = False) -> None:
    """Remove now what is older than its days. The server does so once a day."""
    done = _with_records(lambda records: records.retention.run(BY), redis=True)
    if as_json:
        print(json.dumps(dict(done.removed)))
        return
    for name, count in done.removed.items():
        out.print(f"{count:6} {name}")


def _utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
