"""`aisle bench`: how fast Aisle is on this machine. A timing here is a figure to know, never a test's pass mark.

Parts: `embed` (one question into a vector, against sentence-transformers), `search` (dense, lexical, fused, by shop
size), `stores` (a commit to SQL and to Redis) and `serve` (cold start, memory, chats against a real server). Each part
is a process of its own (`part.py`), on one thread. All of it works in a folder beside the shop's own data, on the same
disk, which is removed at the end; the shop's data is read only. The report is a table, and as its last line one JSON
object.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.errors import BadSettings, Unavailable
from bot.lab import machine
from bot.lab.part import PARTS
from bot.lab.plan import FULL, QUICK, THREADS, Plan
from bot.lab.report import table
from bot.settings import Settings
from knowledge.errors import SnapshotError
from knowledge.library import current

PART_LIMIT_S = 900.0
NEEDS_KNOWLEDGE = ("search", "serve")
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
KEPT = ("content", "encoder", "generator", "generator_timeout_s", "answers_in_flight", "answers_queued")

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
    with _place(settings) as place:
        env = _environment(settings, place)
        if set(names) & set(NEEDS_KNOWLEDGE):
            result["knowledge"] = _prepared(settings, place, env)
        for name in names:
            with err.status(f"measuring {name}"):
                result[name] = _part(name, plan, env)
    return {**result, "took_s": round(time.perf_counter() - began, 1)}


@contextmanager
def _place(settings: Settings) -> Iterator[Path]:
    """A data folder for the benchmark, on the disk of the shop's own and with its exported encoders."""
    encoders = settings.data / "encoders"
    encoders.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="bench-", dir=settings.data))
    try:
        (place / "encoders").symlink_to(encoders.resolve())
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _environment(settings: Settings, place: Path) -> dict[str, str]:
    """The environment of every part: the settings that matter to speed, stores of its own, one thread."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AISLE_")}
    kept = {f"AISLE_{name.upper()}": str(getattr(settings, name)) for name in KEPT}
    key = {"AISLE_GENERATOR_KEY": settings.generator_key.get_secret_value()}
    path = os.pathsep.join(filter(None, (str(machine.ROOT), clean.get("PYTHONPATH", ""))))
    own = {"AISLE_DATA": str(place), "AISLE_THREADS": str(THREADS), "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"}
    return {
        **clean,
        **kept,
        **key,
        **own,
        **dict.fromkeys(THREAD_VARIABLES, str(THREADS)),
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def _prepared(settings: Settings, place: Path, env: dict[str, str]) -> dict[str, Any]:
    """Have the shop's knowledge in `place`; what the shop has built already is not embedded again."""
    taken_over = _copied(settings.data / "knowledge", place / "knowledge")
    with err.status(
        "building the shop's knowledge" + ("" if taken_over else " (nothing is built yet: a minute or more)")
    ):
        done = _python(env, "-m", "bot", "kb", "build", "--activate", "--json")
    if done.returncode:
        raise Unavailable(f"benchmark: the knowledge could not be built: {done.stderr.strip()[-500:]}")
    facts = json.loads(done.stdout)
    return {name: facts[name] for name in ("passages", "products", "seconds")} | {"vectors_taken_over": taken_over}


def _copied(root: Path, target: Path) -> bool:
    """Copy the snapshot that serves, if one does."""
    try:
        version = current(root)
        shutil.copytree(root / version, target / version)
    except (SnapshotError, OSError):
        shutil.rmtree(target, ignore_errors=True)
        return False
    return True


def _part(name: str, plan: Plan, env: dict[str, str]) -> dict[str, Any]:
    """What a part measured.

    Raises:
        Unavailable: It failed, or did not end.
    """
    done = _python(env, "-m", "bot.lab.part", name, text=json.dumps(asdict(plan)))
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Unavailable(f"benchmark: {name} failed (exit status {done.returncode}): {done.stderr.strip()[-1000:]}")
    found = json.loads(lines[-1])
    if "error" in found:
        raise Unavailable(f"benchmark: {name}: {found['error']['message']}")
    measured: dict[str, Any] = found["measured"]
    return measured


def _python(env: dict[str, str], *arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *arguments]
    try:
        return subprocess.run(
            command, env=env, input=text, capture_output=True, text=True, timeout=PART_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"benchmark: {' '.join(arguments)} did not end within {PART_LIMIT_S:g} s") from None
