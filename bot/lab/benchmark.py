"""`aisle bench`: how fast Aisle is on this machine. A timing here is a figure to know, never a test's pass mark.

Parts: `embed` (one question into a vector, against sentence-transformers), `search` (dense, lexical, fused, by shop
size), `stores` (a commit to SQL and to Redis), `generate` (the built-in generator), `language_model` (one of half a
billion weights beside it) and `serve` (cold start, memory, chats against a real server). Each part
is a process of its own (`part.py`), on one thread. All of it works in a folder beside the shop's own data, on the same
disk, which is removed at the end; the shop's data is read only. The report is a table, and as its last line one JSON
object.
"""

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.errors import BadSettings, Unavailable
from bot.lab import machine
from bot.lab.part import PARTS
from bot.lab.place import environment, place, prepared, python
from bot.lab.plan import FULL, QUICK, THREADS, Plan
from bot.lab.report import table
from bot.settings import Settings

NEEDS_KNOWLEDGE = ("search", "serve")
REPORT_COLUMNS = 100

err = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for on the command line. No names in `only` mean all parts; `out` is a file to write."""

    quick: bool = False
    only: Sequence[str] = ()
    out: Path | None = None

    @property
    def command(self) -> str:
        """The command that gives this order; where its result is written does not matter to it."""
        return " ".join(["aisle bench", *["--quick"] * self.quick, *(f"--only {name}" for name in self.only)])


def run(order: Order, settings: Settings) -> dict[str, Any]:
    """Measure, print the report, and write it to `order.out` if there is one.

    Raises:
        BadSettings: There is no part of that name, or the result cannot be written.
        Unavailable: A part could not be measured.
    """
    _check(order)
    result = _measured(order, settings)
    Console(width=None if sys.stdout.isatty() else REPORT_COLUMNS).print(table(result))
    line = json.dumps(result, ensure_ascii=False)
    if order.out:
        order.out.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")
    print(line, flush=True)
    return result


def _check(order: Order) -> None:
    """Refuse at once what would only fail after minutes."""
    if unknown := [name for name in order.only if name not in PARTS]:
        raise BadSettings(f"--only: got {unknown[0]!r}, wanted one of {', '.join(PARTS)}")
    if order.out:
        try:
            order.out.parent.mkdir(parents=True, exist_ok=True)
            order.out.open("a").close()
        except OSError as error:
            raise BadSettings(f"--out: got {order.out}, which cannot be written: {error.strerror}") from None


def _measured(order: Order, settings: Settings) -> dict[str, Any]:
    plan = QUICK if order.quick else FULL
    names = [name for name in PARTS if not order.only or name in order.only]
    result: dict[str, Any] = {
        "command": order.command,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": machine.commit(),
        "machine": machine.described(),
        "threads": THREADS,
        "plan": json.loads(json.dumps(asdict(plan))),
    }
    began = time.perf_counter()
    with place(settings) as folder:
        env = environment(settings, folder)
        if set(names) & set(NEEDS_KNOWLEDGE):
            result["knowledge"] = prepared(settings, folder, env)
        for name in names:
            with err.status(f"measuring {name}"):
                result[name] = _part(name, plan, env)
    return {**result, "took_s": round(time.perf_counter() - began, 1)}


def _part(name: str, plan: Plan, env: dict[str, str]) -> dict[str, Any]:
    """What a part measured.

    Raises:
        Unavailable: It failed, or did not end.
    """
    done = python(env, "-m", "bot.lab.part", name, text=json.dumps(asdict(plan)))
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Unavailable(f"benchmark: {name} failed (exit status {done.returncode}): {done.stderr.strip()[-1000:]}")
    found = json.loads(lines[-1])
    if "error" in found:
        raise Unavailable(f"benchmark: {name}: {found['error']['message']}")
    measured: dict[str, Any] = found["measured"]
    return measured
