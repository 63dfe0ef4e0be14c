"""`aisle train …` on the command line. What it needs is loaded only when it is called."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Build the data of the built-in generator.", no_args_is_help=True)


@app.callback()
def train() -> None:
    """Data and weights of the built-in generator."""


@app.command()
def data(
    out: Annotated[Path, typer.Option(help="Folder to write to.")],
    public: Annotated[Path | None, typer.Option("--data", help="Folder of the public data; none: shops alone.")] = None,
    shops: Annotated[int, typer.Option(min=1, help="Invented shops in training.")] = 700,
    per_shop: Annotated[int, typer.Option(min=1, help="Samples of a shop, about.")] = 140,
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.")] = 1,
) -> None:
    """Build training data from invented shops and public data sets; the last line printed is what is in it, as JSON."""
    import json

    from bot.lab.train.data import Plan, build

    plan = Plan(out, shops=shops, per_shop=per_shop, seed=seed, public=public)
    typer.echo(json.dumps(build(plan, say=typer.echo)))
