"""`aisle kb build · check · list · activate · rollback · search`: the shop's knowledge from the command line.

Errors of ours go up as they are; `cli.main` makes one message of them. Results go to standard output, progress to
standard error.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bot.gathering import gather
from bot.kept import kept_in
from bot.settings import Settings, load
from knowledge.build import Progress, build
from knowledge.encode import open_counter, open_encoder
from knowledge.errors import Problem, SourceError
from knowledge.library import Found, Info, Library, activate, rollback, versions
from knowledge.passages import Hit, Kind, Query
from knowledge.sources import Content

app = typer.Typer(no_args_is_help=True)
out = Console()
err = Console(stderr=True)

ContentOption = Annotated[Path | None, typer.Option(help="Folder of the sources; default AISLE_CONTENT.")]
DataOption = Annotated[Path | None, typer.Option(help="Folder of the snapshots; default AISLE_DATA.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("build")
def build_command(
    content: ContentOption = None,
    data: DataOption = None,
    activate_it: Annotated[bool, typer.Option("--activate/--no-activate", help="Have it serve at once.")] = True,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave bad rows out instead of refusing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Build the knowledge from the shop's sources."""
    settings = _settings(content, data)
    began = time.monotonic()
    found = _read(settings)
    if found.problems and not skip_bad:
        raise SourceError(found.problems)
    for problem in found.problems:
        err.print(f"left out: {escape(str(problem))}", highlight=False, soft_wrap=True)
    encoder = open_encoder(settings.encoder, _encoders(settings), threads=settings.threads)
    with _progress() as progress:
        version = build(found, _shelf(settings), encoder, progress)
    if activate_it:
        activate(_shelf(settings), version)
    facts = _facts(found, version, activate_it) | {"seconds": round(time.monotonic() - began, 2)}
    _tell(facts, as_json, "{version}: {passages} passages, {products} products, {reviews} reviews; {state}")


@app.command()
def check(content: ContentOption = None, as_json: JsonOption = False) -> None:
    """Read the sources and list every problem; nothing is built. Exit status 1 if there is any."""
    found = _read(_settings(content, None))
    problems = [_problem(problem) for problem in found.problems]
    if as_json:
        print(json.dumps({"problems": problems, **_counts(found)}, ensure_ascii=False, indent=2))
    else:
        for problem in found.problems:
            print(problem)
        counts = ", ".join(f"{count} {name}" for name, count in _counts(found).items())
        print(f"{len(problems)} problem{'' if len(problems) == 1 else 's'}; {counts}")
    raise typer.Exit(1 if problems else 0)


@app.command("list")
def list_command(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show all snapshots, newest first."""
    shown = versions(_shelf(_settings(None, data)))
    if as_json:
        print(json.dumps([_info(info) for info in shown], indent=2))
        return
    table = Table("", Column("version", no_wrap=True), "passages", "products", "reviews", "encoder", box=None)
    for info in shown:
        counts = [str((info.counts or {}).get(name, "")) for name in ("passages", "products", "reviews")]
        table.add_row("*" if info.current else "", info.version, *counts, escape(info.problem or info.encoder))
    out.print(table)


@app.command("activate")
def activate_command(version: Annotated[str, typer.Argument(help="As in `list`.")], data: DataOption = None) -> None:
    """Have a snapshot serve."""
    activate(_shelf(_settings(None, data)), version)
    print(f"{version}: active")


@app.command("rollback")
def rollback_command(data: DataOption = None) -> None:
    """Go back to the snapshot that served before."""
    print(f"{rollback(_shelf(_settings(None, data)))}: active")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="What to look for.")],
    lang: Annotated[str | None, typer.Option(help="Prefer passages in this language.")] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only this kind; may be given several times.")] = None,
    k: Annotated[int, typer.Option("-k", "--k", min=1, max=1000, help="Number of hits.")] = 5,
    as_json: JsonOption = False,
) -> None:
    """Search the active snapshot and show where each hit comes from."""
    settings = load()
    encoder = open_encoder(settings.encoder, _encoders(settings), threads=settings.threads)
    library = Library.open(_shelf(settings), encoder)
    found = library.search(Query(text, lang, frozenset(kind or ()), k))
    if as_json:
        print(json.dumps(_found(text, found), ensure_ascii=False, indent=2))
    else:
        out.print(_table(found))
        took = ", ".join(f"{stage} {ms:.1f} ms" for stage, ms in found.timings_ms.items())
        out.print(f"{found.snapshot}: {took}", highlight=False)


def _settings(content: Path | None, data: Path | None) -> Settings:
    """Settings, with the options given on the command line winning."""
    return load(**{name: path for name, path in (("content", content), ("data", data)) if path is not None})


def _shelf(settings: Settings) -> Path:
    """Folder of the snapshots; the server opens the same."""
    return settings.data / "knowledge"


def _encoders(settings: Settings) -> Path:
    """Folder of exported encoders; the server opens the same."""
    return settings.data / "encoders"


def _read(settings: Settings) -> Content:
    """Everything that a build of the server would read: files, uploads and edits."""
    kept = asyncio.run(kept_in(settings))
    return gather(settings.content, kept, open_counter(settings.encoder, _encoders(settings)))


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar for each step of a build, with rate and time left; nothing stays on the screen."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    rate = TextColumn("{task.fields[rate]}")
    with Bars(
        TextColumn("{task.description:8}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(),
        console=err, transient=True,
    ) as bars:  # fmt: skip
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total, rate="")
            speed = bars.tasks[tasks[step]].speed
            bars.update(tasks[step], completed=done, total=total, rate=f"{speed:.0f}/s" if speed else "")

        yield show


def _counts(content: Content) -> dict[str, int]:
    """How much was read."""
    return {name: len(getattr(content, name)) for name in ("passages", "products", "reviews")}


def _facts(content: Content, version: str, active: bool) -> dict[str, Any]:
    return {"version": version, "state": "active" if active else "not active", **_counts(content)}


def _tell(facts: dict[str, Any], as_json: bool, line: str) -> None:
    """Facts as JSON or as one line."""
    print(json.dumps(facts, indent=2) if as_json else line.format(**facts))


def _problem(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("file", "line", "column", "found", "wanted")}


def _info(info: Info) -> dict[str, Any]:
    names = ("version", "current", "created_at", "encoder", "counts", "problem")
    return {name: getattr(info, name) for name in names}


def _found(text: str, found: Found) -> dict[str, Any]:
    """A search as JSON; fused ranks are the places in the list, from 0 like the others."""
    return {
        "query": text,
        "snapshot": found.snapshot,
        "timings_ms": {stage: round(ms, 3) for stage, ms in found.timings_ms.items()},
        "hits": [_hit(rank, hit) for rank, hit in enumerate(found.hits)],
    }


def _hit(rank: int, hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.passage.id,
        "kind": hit.passage.kind.value,
        "lang": hit.passage.lang,
        "title": hit.passage.title,
        "text": hit.passage.text,
        "url": hit.passage.url,
        "exact": hit.exact,
        "fused": {"rank": rank, "score": round(hit.score, 6)},
        "dense": None if hit.dense_rank is None else {"rank": hit.dense_rank, "cosine": round(hit.cosine, 4)},
        "lexical": None if hit.lexical_rank is None else {"rank": hit.lexical_rank, "bm25": round(hit.bm25, 4)},
        "coverage": round(hit.coverage, 4),
        "probability": None if hit.probability is None else round(hit.probability, 4),
    }


def _table(found: Found) -> Table:
    """Hits for reading."""
    table = Table(
        "#", Column("passage", overflow="fold"), "title", "exact", "dense", "lexical", "fused", "coverage", box=None
    )
    for rank, hit in enumerate(found.hits):
        dense = "" if hit.dense_rank is None else f"{hit.dense_rank} ({hit.cosine:.2f})"
        lexical = "" if hit.lexical_rank is None else f"{hit.lexical_rank} ({hit.bm25:.1f})"
        named = [escape(text) for text in (hit.passage.id, hit.passage.title, hit.exact)]
        table.add_row(str(rank), *named, dense, lexical, f"{hit.score:.4f}", f"{hit.coverage:.2f}")
    return table
