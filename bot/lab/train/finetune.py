"""Fine-tuning: adapts a generator to a shop, judges it before and after, and activates it when it is not worse.

    own samples (knowledge, approved transcripts) → train → gold questions, before and after → activate, or keep only

The work is done in `generators/own/unfinished` of the data folder; a run that was stopped is gone on with while samples
and options are the same. At the end only weights and the report stay, in `generators/own/<stamp>/`: no sample does.
Nothing is sent anywhere.
"""

import asyncio
import hashlib
import json
import math
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.answer import Voice
from bot.errors import BadSettings
from bot.generate import open_generator
from bot.generate import own as places
from bot.lab.evaluate.judge import Posed
from bot.lab.train import gold
from bot.lab.train.gathered import Gathered, gathered
from bot.lab.train.gold import Marks
from bot.lab.train.own import divided, mixed
from bot.lab.train.sample import Sample
from bot.settings import Settings

UNFINISHED, REPORT = "unfinished", "report.json"
COPY_RATE = 8e-5
"""A tenth of what the weights were first trained with."""
JUDGEMENTS, PATIENCE = 8, 3
HELD_MOST = 64
"""Held-out samples that are judged by, about: each judgement costs as much as reading them, and there are several."""
TIMEOUT_S = 300.0
"""Longest wait for a generator that is judged; exporting new weights comes first."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done.

    Attributes:
        generator: `copy:`, `copy:own`, `copy:<folder>`, `hf:<model or path>` or `hf:own`; what is adapted.
        general: Folder of `aisle train data`, of which a tenth is mixed in; None for none.
        minutes: Longest time in training.
    """

    generator: str
    general: Path | None = None
    minutes: float = 5.0
    seed: int = 1

    @property
    def scheme(self) -> str:
        """The kind of generator."""
        return self.generator.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Learnt:
    """What training gave: loss of a piece on held-out entries before and after, in nats, and its own figures."""

    before: float
    after: float
    more: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of it. `why_not` is empty if the weights were activated; `folder` has them and the report."""

    folder: Path
    report: dict[str, Any]
    why_not: str


def looked_at(settings: Settings, wanted: Wanted) -> Gathered:
    """What would be trained on, and judged by.

    Raises:
        BadSettings: The generator cannot be fine-tuned.
        KnowledgeError: No knowledge is active.
    """
    if wanted.scheme not in places.SCHEMES or ":" not in wanted.generator:
        known = ", ".join(f"{scheme}:" for scheme in places.SCHEMES)
        raise BadSettings(f"got {wanted.generator!r}, wanted a generator that can be fine-tuned: {known}")
    # The built-in model reads English only.
    langs = tuple(lang for lang in settings.langs if lang == "en") if wanted.scheme == "copy" else settings.langs
    return asyncio.run(gathered(settings, langs, wanted.seed))


def finetune(settings: Settings, wanted: Wanted, say: Say = lambda _: None) -> Result:
    """Adapt, judge, activate or not.

    Raises:
        BadSettings: The generator cannot be fine-tuned, there is nothing to learn from, or it cannot be opened.
        KnowledgeError: No knowledge is active.
    """
    began = time.monotonic()
    found = looked_at(settings, wanted)
    learn, held = divided(found.samples, wanted.seed)
    if not learn:
        raise BadSettings(f"found {len(found.samples)} samples of the shop's own, wanted those of two entries at least")
    start = _start(settings, wanted)
    say(f"{len(learn)} samples to learn from, {len(held)} of other entries to stop by; from {start}")
    work = _workplace(settings, wanted, found.samples, start)
    held = held[:: max(1, len(held) // HELD_MOST)]
    learnt = _LEARN[wanted.scheme](_Course(settings, wanted, work, start), _all(learn, wanted), held)
    folder = _kept(settings, work)
    voice = Voice(settings.shop, settings.langs, settings.tone, settings.reach)
    every = asyncio.run(gold.posed(found.library, voice, found.golds))
    say(f"judging by {len(every)} questions, before and after")
    before, after = (_judged(settings, f"{wanted.scheme}:{where}", every) for where in (start, folder))
    why_not = _why_not(learnt, before, after)
    report = _report(wanted, found, learnt, (before, after)) | {"activated": not why_not, "why_not": why_not}
    report |= {"samples": {"learnt": len(learn), "held_out": len(held)}, "start": start}
    report["seconds"] = round(time.monotonic() - began, 1)
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if not why_not:
        places.activate(_cache(settings), wanted.scheme, folder.name)
    return Result(folder, report, why_not)


@dataclass(frozen=True, slots=True)
class _Course:
    settings: Settings
    wanted: Wanted
    work: Path
    start: str


def _cache(settings: Settings) -> Path:
    return settings.data / "generators"


def _start(settings: Settings, wanted: Wanted) -> str:
    """Name or folder of the weights to go on from."""
    from bot.copying.weights import BUILT_IN

    rest = places.meant(_cache(settings), wanted.scheme, wanted.generator.partition(":")[2])
    if wanted.scheme == "hf" and not rest:
        raise BadSettings("generator: got 'hf:' alone, wanted hf:<model or path>")
    return rest or str(BUILT_IN)


def _workplace(settings: Settings, wanted: Wanted, samples: Sequence[Sample], start: str) -> Path:
    """A folder for the work; the one that is there when it is of the same samples and options, else an empty one."""
    work = places.home(_cache(settings)) / UNFINISHED
    asked = json.dumps([start, repr(replace(wanted, minutes=0)), [sample.row() for sample in samples]])
    digest = hashlib.sha256(asked.encode()).hexdigest()
    before = ""
    with suppress(FileNotFoundError):
        before = (work / "digest").read_text()
    if before != digest:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    (work / "digest").write_text(digest)
    return work


def _all(learn: Sequence[Sample], wanted: Wanted) -> list[Sample]:
    """The shop's samples, and some general ones."""
    from bot.lab.train.data import read

    path = wanted.general / "train.jsonl.gz" if wanted.general else None
    if path and not path.is_file():
        raise BadSettings(f"found no {path}, wanted the folder of a run of aisle train data")
    return list(mixed(learn, read(path) if path else (), wanted.seed))


def _copy(course: _Course, learn: Sequence[Sample], held: Sequence[Sample]) -> Learnt:
    """Go on training the built-in network."""
    from bot.lab.train.curves import course as told
    from bot.lab.train.data import written
    from bot.lab.train.loop import BEST, Plan, train

    wanted, work = course.wanted, course.work
    (work / "data").mkdir(exist_ok=True)
    written(work / "data" / "train.jsonl.gz", learn)
    written(work / "data" / "dev.jsonl.gz", held)
    plan = Plan(work / "data", work / "run", minutes=wanted.minutes, start=course.start, held_each=1)
    every_s = wanted.minutes * 60 / JUDGEMENTS
    plan = replace(plan, rate=COPY_RATE, judged_every_s=every_s, patience=PATIENCE)
    train(replace(plan, threads=course.settings.threads, seed=wanted.seed))
    rows = told(plan.out)
    shutil.rmtree(work / "out", ignore_errors=True)
    shutil.copytree(plan.out / BEST, work / "out")
    more = {"steps": rows[-1]["step"], "seen": rows[-1]["seen"], "seconds": round(rows[-1]["spent_s"], 1)}
    return Learnt(rows[0]["loss"], min(row["loss"] for row in rows), more)


def _hf(course: _Course, learn: Sequence[Sample], held: Sequence[Sample]) -> Learnt:
    """Train an adapter of a causal language model."""
    from bot.lab.train.lora import Plan, adapt

    wanted = course.wanted
    plan = Plan(course.start, course.work / "out", wanted.minutes, judgements=JUDGEMENTS, patience=PATIENCE)
    came = adapt(replace(plan, threads=course.settings.threads, seed=wanted.seed), learn, held)
    return Learnt(came.before, came.after, asdict(came))


_LEARN: dict[str, Callable[[_Course, Sequence[Sample], Sequence[Sample]], Learnt]] = {"copy": _copy, "hf": _hf}


def _kept(settings: Settings, work: Path) -> Path:
    """The weights under a name of their own; nothing else of the work stays."""
    home = places.home(_cache(settings))
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    folder = next(path for n in range(1000) if not (path := home / (f"{stamp}-{n}" if n else stamp)).exists())
    (work / "out").rename(folder)
    shutil.rmtree(work)
    return folder


def _judged(settings: Settings, spec: str, every: Sequence[Posed]) -> Marks:
    generator = open_generator(spec, timeout_s=TIMEOUT_S, threads=settings.threads, cache=_cache(settings))
    return gold.judged(generator, every)


def _why_not(learnt: Learnt, before: Marks, after: Marks) -> str:
    """Why the weights are not to serve; empty if they are."""
    if learnt.after >= learnt.before:
        return "it learnt nothing: the held-out entries are no likelier than before"
    if not after.asked:
        return "no gold question reaches the generator, so nothing tells whether it got worse: add some"
    return gold.worse(before, after)


def _report(wanted: Wanted, found: Gathered, learnt: Learnt, marks: tuple[Marks, Marks]) -> dict[str, Any]:
    before, after = ({"perplexity": round(math.exp(loss), 4)} for loss in (learnt.before, learnt.after))
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "generator": wanted.generator,
        "seed": wanted.seed,
        "minutes": wanted.minutes,
        "general": bool(wanted.general),
        "knowledge": found.library.current.version,
        "left_out": dict(found.left_out.most_common()),
        "suggestions": list(found.suggestions),
        "training": learnt.more,
        "before": before | marks[0].as_json(),
        "after": after | marks[1].as_json(),
    }


def table(report: dict[str, Any]) -> list[str]:
    """The report as lines to read."""
    names = {
        "perplexity": "perplexity of held-out answers",
        "right": f"gold questions right, of {report['after']['asked']}",
        "declined": "declined",
        "wrong": "wrong",
        "invented": f"answered without a source, of {report['after']['unanswerable']}",
        "unsupported": "unsupported claims per 100 answers",
        "in_tone": "share of answers in the shop's tone",
        "seconds": "seconds to load and answer all",
    }
    rows = [f"{label:38} {report['before'][name]:>10} {report['after'][name]:>10}" for name, label in names.items()]
    return [f"{'':38} {'before':>10} {'after':>10}", *rows]
