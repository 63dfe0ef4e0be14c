"""Answers of a generator, printed to be read by a person: the question, the passages, what was said, the verdict."""

import random
from collections.abc import Iterator, Mapping, Sequence

from bot.generate.protocol import Numbered
from bot.lab.evaluate.told import Told

PASSAGE_CHARS = 280
SHARES = {"shops": 0.55, "sample_shop": 0.25, "sgd": 0.1, "dstc11": 0.1}


def picked(sets: Mapping[str, Sequence[Told]], count: int, seed: int) -> list[tuple[str, Told]]:
    """So many answers by seed, of each set about its share and in its order; the first set fills what others lack."""
    chance = random.Random(seed)
    wanted = {name: round(count * SHARES.get(name, 0)) for name in sets}
    first = next(iter(sets))
    wanted[first] += count - sum(min(wanted[name], len(told)) for name, told in sets.items())
    out = []
    for name, told in sets.items():
        places = sorted(chance.sample(range(len(told)), min(wanted[name], len(told))))
        out += [(name, told[place]) for place in places]
    return out


def page(generator: str, chosen: Sequence[tuple[str, Told]], seed: int) -> str:
    """The page as Markdown."""
    lines = [
        f"# {len(chosen)} answers of `{generator}`",
        "",
        f"Picked by seed {seed}, by `aisle eval --only model`. Drafts, as they came, before the check; of what the "
        "check did not let pass it is said what was shown instead.",
        "",
    ]
    for place, (name, told) in enumerate(chosen, start=1):
        lines += [f"## {place}. {name}, {told.posed.sample.kind}: {told.verdict}", "", *_entry(told), ""]
    return "\n".join(lines).rstrip() + "\n"


def _entry(told: Told) -> Iterator[str]:
    sample = told.posed.sample
    for said in sample.prompt.history:
        yield f"- *{said.author}:* {_line(said.text)}"
    yield f"- **{_line(sample.prompt.question)}** ({sample.prompt.tone}, {sample.prompt.shop})"
    yield from (f"  - {_passage(passage)}" for passage in sample.prompt.passages)
    yield f"- **Answer:** {_line(told.draft) or '(nothing)'}"
    if told.shown.strip() != told.draft.strip():
        yield f"- *Shown:* {_line(told.shown) or '(a person is offered)'} ({_line(told.stepped_down)})"
    if sample.answer:
        yield f"- *Reference:* {_line(sample.answer)}"


def _passage(passage: Numbered) -> str:
    text = _line(passage.text)
    short = text if len(text) <= PASSAGE_CHARS else text[:PASSAGE_CHARS].rsplit(" ", 1)[0] + " …"
    return f"[{passage.n}] {_line(passage.title)}: {short}"


def _line(text: str) -> str:
    """On one line, with no mark of Markdown's that would change it."""
    joined = " / ".join(part.strip() for part in text.strip().split("\n") if part.strip())
    for mark in "\\`*_<>|":
        joined = joined.replace(mark, f"\\{mark}")
    return joined
