"""Generators on the same prompts: right, wrong or declined, fluent, supported, beside `quote:` and earlier weights.

The generator that is set is measured on invented shops held out from training, on the sample shop, and, where the
public data is at hand, on the test split of SGD and the held-out part of DSTC11. A draft is judged by rules
(`judge.py`), before and after the check that every reply passes. English only: so is what the built-in model learns.

`python -m bot.lab.evaluate.model --samples FILE --generator copy:…` judges one generator on a file of samples, to
choose between runs of training.
"""

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.generate import open_generator
from bot.generate.protocol import Generator
from bot.lab.evaluate import printed
from bot.lab.evaluate.compared import report, rows
from bot.lab.evaluate.judge import Posed, posed
from bot.lab.evaluate.scores import Figures, bleu, rouge, scored, slot_errors
from bot.lab.evaluate.section import Ground, Section
from bot.lab.evaluate.sets import QUICK, SEED, Reached, Sizes, dstc_test, held_out, sample_shop, sgd_test
from bot.lab.evaluate.told import Perplexed, Told, told
from bot.lab.train.data import read

QUOTE = "quote:"
READ = 100
"""Answers printed to be read."""
PERPLEXITY = 400
"""Samples that perplexity is taken over at most."""
WRONG = 12
"""Wrong answers kept with the figures of each set."""
TIMEOUT_S = 120.0
NOTES = (
    "model: drafts before the check; an answer is right when all that it must say is said and nothing that only a "
    "wrong one says; 95 % Wilson intervals; where nothing answers, right is to decline",
    "model, served: after the check and the step down to `quote:`, as a shopper reads it",
    "model, sample shop: skills off; questions that the policy asks back or declines itself are not counted here",
    "model, not fluent: doubled words, broken or missing spaces, words run together, no end, a loop, a small letter at "
    "the beginning, found by rules",
)

Sets = Mapping[str, Sequence[Posed]]


def measure(ground: Ground) -> Section:
    """Every generator on every set."""
    sets, reached = _sets(ground)
    settings = ground.settings
    specs = list(dict.fromkeys((settings.generator, QUOTE, *ground.beside)))
    every: dict[str, dict[str, list[Told]]] = {}
    figures: dict[str, Figures] = {}
    for spec in specs:
        key = settings.generator_key.get_secret_value() if spec == settings.generator else ""
        cache = settings.data / "generators"
        generator = open_generator(spec, key=key, timeout_s=TIMEOUT_S, threads=settings.threads, cache=cache)
        every[spec], perplexity = asyncio.run(_all(generator, sets, ground))
        figures[spec] = {name: _figures(name, some) for name, some in every[spec].items()} | perplexity
    chosen = printed.picked(every[specs[0]], READ, SEED)
    files = {} if ground.quick else {"model_answers.md": printed.page(specs[0], chosen, SEED)}
    made = {"generators": figures, "reached": reached, "seed": SEED}
    return Section(made, tuple(rows(figures, specs)), NOTES, files)


def _sets(ground: Ground) -> tuple[Sets, dict[str, int]]:
    sizes = QUICK if ground.quick else Sizes()
    sets: dict[str, Sequence[Posed]] = {"shops": held_out(sizes)}
    sets["sample_shop"], reached = asyncio.run(sample_shop(ground, sizes))
    if ground.data:
        sets["sgd"], sets["dstc11"] = sgd_test(ground, sizes.sgd), dstc_test(ground, sizes.dstc)
    ground.say(", ".join(f"{name}: {len(some)}" for name, some in sets.items()))
    return sets, {name: getattr(reached, name) for name in Reached.__dataclass_fields__}


async def _all(generator: Generator, sets: Sets, ground: Ground) -> tuple[dict[str, list[Told]], Figures]:
    """All that a generator says, and how likely it finds the answers to the held-out shops, if it can tell."""
    out = {}
    async with aclosing(generator):
        for name, some in sets.items():
            out[name] = await told(generator, some)
            ground.say(f"{generator.name} {name}: {len(some)} answers")
        return out, await _perplexity(generator, sets["shops"])


async def _perplexity(generator: Generator, some: Sequence[Posed]) -> Figures:
    """Empty where the generator cannot tell."""
    if not isinstance(generator, Perplexed):
        return {}
    samples = [one.sample for one in some][:PERPLEXITY]
    return {"perplexity": round(await asyncio.to_thread(generator.perplexity, samples), 4)}


def _figures(name: str, some: Sequence[Told]) -> Figures:
    """What is measured of every set, and what only of one."""
    figures = scored(some)
    answerable = [one for one in some if one.posed.answerable]
    if name == "sgd":
        figures |= {"bleu": bleu(answerable), "slot_errors": slot_errors(answerable)}
    if name in ("sgd", "dstc11"):
        figures["rouge_l"] = rouge(answerable)
    return figures | {"wrong": [_shown(one) for one in some if one.verdict == "wrong"][:WRONG]}


def _shown(one: Told) -> dict[str, Any]:
    """An answer that is not right, to be looked into."""
    sample = one.posed.sample
    return {
        "kind": sample.kind,
        "question": sample.prompt.question,
        "passages": [passage.title for passage in sample.prompt.passages],
        "draft": one.draft,
        "reference": sample.answer,
        "must": sample.must,
        "never": sample.never,
    }


def main(
    samples: Annotated[Path, typer.Option(help="A file of samples, as `aisle train data` writes.")],
    generator: Annotated[str, typer.Option(help="As in AISLE_GENERATOR.")] = QUOTE,
    limit: Annotated[int, typer.Option(help="At most so many samples, picked by seed.")] = 300,
    out: Annotated[Path | None, typer.Option("--json", help="Write all figures to this file.")] = None,
    wrong: Annotated[int, typer.Option(help="Wrong answers to print.")] = 10,
) -> None:
    """Judge one generator on a file of samples."""
    every = [posed(sample) for sample in read(samples)]
    chosen = random.Random(SEED).sample(every, min(limit, len(every)))
    found, perplexity = asyncio.run(_alone(open_generator(generator, timeout_s=TIMEOUT_S), chosen))
    figures = scored(found) | perplexity | {"generator": generator, "samples": samples.name}
    figures["not_right"] = [_shown(one) for one in found if one.verdict in ("wrong", "declined")]
    _say(figures, [one for one in found if one.verdict == "wrong"][:wrong])
    if out:
        out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")


async def _alone(generator: Generator, some: Sequence[Posed]) -> tuple[list[Told], Figures]:
    async with aclosing(generator):
        return await told(generator, some), await _perplexity(generator, some)


def _say(figures: Figures, wrong: Sequence[Told]) -> None:
    for line in report(figures):
        typer.echo(line)
    for one in wrong:
        shown = _shown(one)
        passages = "\n".join(f"    [{p.n}] {p.title}: {p.text}"[:300] for p in one.posed.passages)
        typer.echo(f"\n[{shown['kind']}] {shown['question']}\n{passages}")
        typer.echo(
            f"  said: {shown['draft']}\n  wanted: {shown['reference']}\n  must {shown['must']} never {shown['never']}"
        )


if __name__ == "__main__":
    typer.run(main)
