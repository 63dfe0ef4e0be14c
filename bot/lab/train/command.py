"""`aisle train …` on the command line. What it needs is loaded only when it is called."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Make the built-in generator, and adapt generators to a shop.", no_args_is_help=True)


@app.callback()
def train() -> None:
    """Data and weights of the built-in generator, and fine-tuning."""


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


@app.command()
def trust(
    weights: Annotated[Path, typer.Option(help="Folder of weights; the outcome is kept in its config.json.")],
    data: Annotated[Path, typer.Option(help="Folder of `aisle train data`.")],
    samples: Annotated[int, typer.Option(min=100, help="Held-out samples to judge drafts by.")] = 1500,
    seed: Annotated[int, typer.Option(help="Of which samples.")] = 1,
) -> None:
    """Find how sure drafts must be to be shown in place of a passage's own words, on held-out shops."""
    import json

    from bot.lab.train.trust import write

    typer.echo(json.dumps(write(weights, data, samples, seed)))


@app.command()
def finetune(  # noqa: PLR0913
    generator: Annotated[str, typer.Option(help="What to adapt: copy:… or hf:…; default AISLE_GENERATOR.")] = "",
    general: Annotated[
        Path | None, typer.Option("--data", help="Folder of `aisle train data`; a tenth is mixed in.")
    ] = None,
    minutes: Annotated[float, typer.Option(min=0.01, help="How long to train at most.")] = 5.0,
    seed: Annotated[int, typer.Option(help="Of the samples and their order.")] = 1,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would learn from; train nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Adapt the generator to your shop, from its FAQ and from answers that a person approved.

    Exit status 3: the new weights are worse on the gold questions; they were kept, and the old ones serve on.
    """
    import json

    from bot.lab.train import finetune as work
    from bot.lab.train.gathered import told
    from bot.settings import load

    settings = load()
    wanted = work.Wanted(generator or settings.generator, general, minutes, seed)
    if dry_run:
        typer.echo("\n".join(told(work.looked_at(settings, wanted))))
        return
    _roomy(wanted.scheme)
    done = work.finetune(settings, wanted, lambda line: typer.echo(line, err=True))
    typer.echo(json.dumps(done.report, ensure_ascii=False) if as_json else "\n".join(work.table(done.report)))
    if done.why_not:
        typer.echo(f"not activated: {done.why_not}; the weights are in {done.folder}", err=True)
        raise typer.Exit(3)
    typer.echo(f"activated: {done.folder}; AISLE_GENERATOR={wanted.scheme}:own uses it", err=True)


def _roomy(scheme: str) -> None:
    if scheme == "copy":
        from bot.lab.train.loop import roomy

        roomy()
