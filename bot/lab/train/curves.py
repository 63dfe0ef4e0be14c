"""The course of a run as a picture: loss and perplexity on training and held-out samples, over samples seen."""

import json
import math
from pathlib import Path
from typing import Any

from bot.errors import BadSettings


def course(run: Path) -> list[dict[str, Any]]:
    """What a run's log says, oldest first.

    Raises:
        BadSettings: There is no log.
    """
    path = run / "log.jsonl"
    if not path.is_file():
        raise BadSettings(f"found no {path}, wanted the folder of a run of aisle train run")
    return [json.loads(line) for line in path.read_text().splitlines()]


def draw(runs: list[Path], out: Path) -> None:
    """Write the picture of one or more runs, side by side in the same axes.

    Raises:
        BadSettings: A run has no log, or matplotlib is not installed.
    """
    courses = {run.name: course(run) for run in runs}
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise BadSettings("found no matplotlib, wanted it for the picture: pip install 'aisle[train]'") from None
    figure = Figure(figsize=(9, 4), layout="constrained")
    losses, perplexities = figure.subplots(1, 2)
    for name, rows in courses.items():
        seen = [row["seen"] for row in rows]
        losses.plot(seen, [row["train_loss"] for row in rows], "--", label=f"{name}, training")
        losses.plot(seen, [row["loss"] for row in rows], label=f"{name}, held out")
        perplexities.plot(seen, [math.exp(row["train_loss"]) for row in rows], "--")
        perplexities.plot(seen, [row["perplexity"] for row in rows])
    for axes, what in ((losses, "loss of a piece, nats"), (perplexities, "perplexity of a piece")):
        axes.set(xlabel="samples seen", ylabel=what, yscale="log")
        axes.grid(alpha=0.3)
    losses.legend()
    figure.savefig(out, dpi=110)
