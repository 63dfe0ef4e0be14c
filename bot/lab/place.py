"""Where a measurement works: a data folder of its own with the shop's knowledge, and an environment of one thread."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.errors import Unavailable
from bot.lab import machine
from bot.lab.plan import THREADS
from bot.settings import Settings
from knowledge.errors import SnapshotError
from knowledge.library import current

LIMIT_S = 3600.0
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
KEPT = ("content", "encoder", "generator", "generator_timeout_s", "answers_in_flight", "answers_queued")

err = Console(stderr=True)


@contextmanager
def place(settings: Settings) -> Iterator[Path]:
    """A data folder for one run, on the disk of the shop's own and with its exported models; removed at the end."""
    settings.data.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="lab-", dir=settings.data))
    try:
        for name in ("encoders", "generators"):
            exports = settings.data / name
            exports.mkdir(exist_ok=True)
            (folder / name).symlink_to(exports.resolve())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    """The environment of what is measured: the settings that matter to it, stores of its own, one thread."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AISLE_")}
    kept = {f"AISLE_{name.upper()}": str(getattr(settings, name)) for name in KEPT}
    key = {"AISLE_GENERATOR_KEY": settings.generator_key.get_secret_value()}
    path = os.pathsep.join(filter(None, (str(machine.ROOT), clean.get("PYTHONPATH", ""))))
    own = {"AISLE_DATA": str(folder), "AISLE_THREADS": str(THREADS), "PYTHONPATH": path, "HF_HUB_OFFLINE": "1"}
    return {
        **clean,
        **kept,
        **key,
        **own,
        **dict.fromkeys(THREAD_VARIABLES, str(THREADS)),
        "OMP_WAIT_POLICY": "PASSIVE",
    }


def prepared(settings: Settings, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    """Have the shop's knowledge in `folder`; what the shop has built already is not embedded again."""
    taken_over = _copied(settings.data / "knowledge", folder / "knowledge")
    with err.status(
        "building the shop's knowledge" + ("" if taken_over else " (nothing is built yet: a minute or more)")
    ):
        done = python(env, "-m", "bot", "kb", "build", "--activate", "--json")
    if done.returncode:
        raise Unavailable(f"the knowledge could not be built: {done.stderr.strip()[-500:]}")
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


def python(env: dict[str, str], *arguments: str, text: str = "") -> "subprocess.CompletedProcess[str]":
    """Run Python in that environment.

    Raises:
        Unavailable: It did not end within `LIMIT_S`.
    """
    command = [sys.executable, *arguments]
    try:
        return subprocess.run(
            command, env=env, input=text, capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"{' '.join(arguments)} did not end within {LIMIT_S:g} s") from None
