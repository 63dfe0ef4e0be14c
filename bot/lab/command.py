"""`aisle bench` and `aisle eval` on the command line. What they measure is loaded only when they are called."""

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


def evaluate(
    data: Annotated[Path | None, typer.Option(help="Folder of the public data sets; see the README.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only this section, as `entries`.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A little of everything, to see that it runs.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the result to this file too, section by section.")] = None,
    beside: Annotated[list[str] | None, typer.Option(help="Measure this generator too, as `copy:<folder>`.")] = None,
) -> None:
    """Measure how good Aisle is; prints one table, and as its last line the result as JSON."""
    from bot.lab.evaluate.run import Order, run

    run(Order(data, tuple(only or ()), quick, out, tuple(beside or ())), load())
