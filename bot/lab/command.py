"""`aisle bench` on the command line. What it measures is in `benchmark.py`, which is loaded only when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import load


def bench(
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes and few runs: about a minute.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this part: embed, search, stores or serve.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the result to this file too.")] = None,
) -> None:
    """Measure how fast Aisle is on this machine; the last line printed is the result as JSON."""
    from bot.lab.benchmark import Order, run

    run(Order(quick, tuple(only or ()), out), load())
