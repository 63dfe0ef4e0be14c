"""`aisle eval`: how good Aisle is, on public data and on the sample shop. Its figures are the README's.

Each section is a process of its own on one thread, over a data folder of its own. A result keeps, section by section,
the command, the day, the commit and the hash of the data; measuring one section again leaves the others as they were.
The report is one table, and its last line is JSON.
"""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.errors import BadSettings, Unavailable
from bot.lab import machine
from bot.lab.place import environment, place, prepared, python
from bot.settings import Settings

SECTIONS: Mapping[str, str] = {
    "entries": "The right entry, or none",
    "rewriting": "Follow-ups that stand alone",
    "languages": "Across languages",
    "needs": "Products by wishes",
    "promotions": "Promotions by rules",
    "injection": "Not to be misled",
    "intent": "Stage and mood",
    "answers": "Price, stock, size, delivery, policy: exactly right, declined, wrong",
    "journeys": "Conversations of many turns",
    "model": "Generators on the same prompts, English",
}
COLUMNS = 120

err = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line.

    Attributes:
        only: Sections; none mean all.
        out: A file to bring up to date; what else a section writes comes beside it.
        beside: More generators for the section that compares them.
    """

    data: Path | None = None
    only: Sequence[str] = ()
    quick: bool = False
    out: Path | None = None
    beside: Sequence[str] = ()

    def command(self, section: str) -> str:
        """The command that measures one section again."""
        return f"aisle eval --only {section}" + " --quick" * self.quick + (" --data DATA" if self.data else "")


def run(order: Order, settings: Settings) -> dict[str, Any]:
    """Measure, print the table and, as the last line, everything as JSON.

    Raises:
        BadSettings: There is no section of that name, a data set is missing, or the result cannot be written.
        Unavailable: A section failed.
    """
    if unknown := [name for name in order.only if name not in SECTIONS]:
        raise BadSettings(f"--only: got {unknown[0]!r}, wanted one of {', '.join(SECTIONS)}")
    result: dict[str, Any] = {"machine": machine.described(), "sections": {}}
    kept = _kept(order.out)
    work = settings.data / "lab"
    work.mkdir(parents=True, exist_ok=True)
    with place(settings) as folder:
        env = environment(settings, folder) | {"AISLE_DATABASE": "memory:", "AISLE_REDIS": "memory:"}
        prepared(settings, folder, env)
        for name in order.only or SECTIONS:
            measured = _measured(name, order, env, work)
            _beside(order.out, measured.pop("files"))
            result["sections"][name] = measured
            _write(order.out, {"sections": kept | result["sections"]})
    Console(width=None if sys.stdout.isatty() else COLUMNS).print(table(result["sections"]))
    print(json.dumps(result, ensure_ascii=False), flush=True)
    return result


def _measured(name: str, order: Order, env: dict[str, str], work: Path) -> dict[str, Any]:
    data = str(order.data.resolve()) if order.data else ""
    given = {"data": data, "work": str(work.resolve()), "quick": order.quick, "beside": list(order.beside)}
    began = time.perf_counter()
    with err.status(f"measuring {name}"):
        done = python(env, "-m", "bot.lab.evaluate.child", name, text=json.dumps(given))
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Unavailable(f"eval: {name} failed (exit status {done.returncode}): {done.stderr.strip()[-1500:]}")
    found = json.loads(lines[-1])
    if "error" in found:
        raise Unavailable(f"eval: {name}: {found['error']['message']}")
    return {
        "command": order.command(name),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "took_s": round(time.perf_counter() - began, 1),
        **found["measured"],
    }


def _kept(out: Path | None) -> dict[str, Any]:
    """Sections of an earlier result."""
    if out is None or not out.exists():
        return {}
    try:
        sections: dict[str, Any] = json.loads(out.read_text("utf-8"))["sections"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadSettings(f"--out: found {out}, which is no earlier result ({error}), wanted one or no file") from None
    return sections


def _write(out: Path | None, result: Mapping[str, Any]) -> None:
    if out is None:
        return
    in_order = {name: result["sections"][name] for name in SECTIONS if name in result["sections"]}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps({"sections": in_order}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise BadSettings(f"--out: got {out}, which cannot be written: {error.strerror}") from None


def _beside(out: Path | None, files: Mapping[str, str]) -> None:
    """Write a section's own files into the folder of the result, if one is written."""
    for name, text in files.items() if out else ():
        path = out.parent / name  # type: ignore[union-attr]
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        except OSError as error:
            raise BadSettings(f"--out: got {out}, beside which {name} cannot be written: {error.strerror}") from None


def table(sections: Mapping[str, Any]) -> Table:
    """One table of all sections."""
    made = Table("measured", "value", "to compare", "aim", box=None)
    for name, title in SECTIONS.items():
        if found := sections.get(name):
            made.add_section()
            made.add_row(f"[bold]{title}[/bold]", f"[dim]{found['date'][:10]}, {found['took_s']:.0f} s[/dim]")
            for row in found["rows"]:
                made.add_row(f"  {row['what']}", row["value"], row["floor"], row["aim"])
    return made


def markdown(sections: Mapping[str, Any]) -> str:
    """The same for the README."""
    return "\n".join(_markdown(sections))


def _markdown(sections: Mapping[str, Any]) -> Iterator[str]:
    yield "| | | to compare | aim |"
    yield "| --- | --- | --- | --- |"
    for name, title in SECTIONS.items():
        if found := sections.get(name):
            yield f"| **{title}** | `{found['command']}`, {found['date'][:10]} | | |"
            for row in found["rows"]:
                yield f"| {row['what']} | {row['value']} | {row['floor']} | {row['aim']} |"
    yield ""
    for name in SECTIONS:
        yield from (f"- {note}" for note in sections.get(name, {}).get("notes", ()))
