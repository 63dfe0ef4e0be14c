"""The rows that compare generators: the one that is set in the second column, the others beside it. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.lab.evaluate.scores import NAMES, Figures
from bot.lab.evaluate.section import Row

TITLES = {"shops": "held-out shops", "sample_shop": "sample shop", "sgd": "SGD test", "dstc11": "DSTC11, held out"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of every set of `sets`: what it is, how it is written, what is wanted of the held-out shops."""

    what: str
    told: Callable[[Figures], str]
    sets: tuple[str, ...]
    aim: str = ""


def percent(value: float | None) -> str:
    """A share as a person reads it."""
    return "–" if value is None else f"{value:.1%}"


def counted(found: Mapping[str, Any]) -> str:
    """Verdicts with the interval of what is right: `93.1% right (91.0–94.8), 2.0% wrong, 4.9% declined`."""
    if not found["count"]:
        return "–"
    right = found["right"]
    rest = (f", {percent(found[name]['share'])} {name}" for name in reversed(NAMES[1:]) if found[name]["count"])
    return f"{percent(right['share'])} right ({100 * right['low']:.1f}–{100 * right['high']:.1f})" + "".join(rest)


def _counted(which: str) -> Callable[[Figures], str]:
    return lambda figures: f"{counted(figures['drafts'][which])} of {figures['drafts'][which]['count']}"


def _served(figures: Figures) -> str:
    served = figures["served"]
    return f"{counted(served['answerable'])}; {counted(served['unanswerable'])}"


def _support(figures: Figures) -> str:
    found = figures["support"]
    return f"{found['unsupported_per_100_before']}, {found['unsupported_per_100_after']}"


def _copying(figures: Figures) -> str:
    found = figures["copying"]
    return f"{percent(found['with_a_whole_sentence'])}, {percent(found['only_whole_sentences'])}"


def _length(figures: Figures) -> str:
    found = figures["length"]
    return "–" if found["words"] is None else f"{found['words']:g} words, × {found['to_quoted']}"


JUDGED = ("shops", "sample_shop")
LINES = (
    Line("answerable", _counted("answerable"), JUDGED, "≥ 92% right, ≤ 2% wrong"),
    Line("not answerable", _counted("unanswerable"), (*JUDGED, "sgd", "dstc11"), "≥ 95% right (declined)"),
    Line("both as served", _served, JUDGED),
    Line("unsupported claims per 100 answers, before and after the check", _support, JUDGED, "≤ 2, 0"),
    Line("answers with a whole sentence of a passage, with nothing else", _copying, JUDGED),
    Line("median length, and all to what is quoted", _length, JUDGED),
    Line("answers that are not fluent, per 100", lambda f: str(f["fluency"]["any"]), JUDGED, "0"),
    Line("citations exactly right", lambda f: percent(f["citations"]["exact"]), ("shops",)),
    Line("BLEU", lambda f: str(f["bleu"]), ("sgd",)),
    Line("slot error rate", lambda f: percent(f["slot_errors"]["rate"]), ("sgd",)),
    Line("ROUGE-L", lambda f: str(f["rouge_l"]), ("sgd", "dstc11")),
)


def rows(figures: Mapping[str, Figures], specs: Sequence[str]) -> list[Row]:
    """Set by set; `figures` by generator, then by set."""
    every = [row for name in TITLES if name in figures[specs[0]] for row in _of_set(name, figures, specs)]
    told = [(spec, figures[spec]["perplexity"]) for spec in specs if "perplexity" in figures[spec]]
    if told:
        said = [f"{value:.3f}" if spec == specs[0] else f"{spec} {value:.3f}" for spec, value in told]
        every.append(Row(f"{TITLES['shops']}, perplexity of right answers", said[0], "; ".join(said[1:])))
    return every


def _of_set(name: str, figures: Mapping[str, Figures], specs: Sequence[str]) -> Iterator[Row]:
    for line in (line for line in LINES if name in line.sets):
        cells = [line.told(figures[spec][name]) for spec in specs]
        beside = "; ".join(f"{spec} {cell}" for spec, cell in zip(specs[1:], cells[1:], strict=True))
        yield Row(f"{TITLES[name]}, {line.what}", cells[0], beside, line.aim if name == "shops" else "")


def report(figures: Figures) -> Iterator[str]:
    """All of one generator on one set, a line each, kinds of questions too."""
    for line in (line for line in LINES if "shops" in line.sets):
        yield f"{line.what}: {line.told(figures)}"
    for kind, counts in figures["kinds"].items():
        yield f"  {kind}: " + ", ".join(f"{count} {name}" for name, count in counts.items())
    if "perplexity" in figures:
        yield f"perplexity: {figures['perplexity']:.3f}"
