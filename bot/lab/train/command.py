"""`aisle train …` on the command line. What it needs is loaded only when it is called."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Make the built-in generator: its data and its weights.", no_args_is_help=True)


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


@app.command()
def run(  # noqa: PLR0913
    data: Annotated[Path, typer.Option(help="Folder of `aisle train data`.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; one that is there is gone on with.")],
    minutes: Annotated[float, typer.Option(min=0.1, help="How long to train in all.")] = 150.0,
    start: Annotated[str, typer.Option(help="Weights to start from; none: the packaged encoder's.")] = "",
    threads: Annotated[int, typer.Option(min=1, help="Threads of arithmetic.")] = 2,
    seed: Annotated[int, typer.Option(help="Of the weights' start and the order of samples.")] = 1,
) -> None:
    """Train; what is learnt best on held-out shops is in `best/`, and `curves.png` shows the course."""
    import json

    from bot.lab.train.curves import course, draw
    from bot.lab.train.loop import Plan, roomy, train

    roomy()
    train(Plan(data, out, minutes=minutes, start=start, threads=threads, seed=seed))
    draw([out], out / "curves.png")
    typer.echo(json.dumps(course(out)[-1]))
