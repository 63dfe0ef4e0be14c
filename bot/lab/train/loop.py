"""A training run: from samples to weights, in steps that can be stopped and gone on with.

A run is a folder: `run.json` (what was asked for, and on what), `log.jsonl` (loss and perplexity by step),
`checkpoint.pt` (all that going on needs), `best/` (the weights with the lowest loss on held-out shops). On a processor
with bf16 instructions (AVX-512 BF16, AMX) the arithmetic is done in it: 4.5 times as fast as fp32 on the machine of the
first runs. The upper encoder layers, the decoder and the heads are trained; the rest is the retrieval encoder's own.
"""

import json
import math
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any, cast

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn

from bot.copying.model import CopyConfig, CopyModel, own, warmed
from bot.copying.packaged import open_reader
from bot.copying.source import Reader
from bot.copying.weights import opened, save
from bot.lab.train.batches import Example, batch, batches, example, keep, kept, lean, vocabulary
from bot.lab.train.data import read
from bot.lab.train.loss import Loss, loss
from bot.lab.train.lower import Lower

CHECKPOINT, EXAMPLES, LOG, RUN, BEST = "checkpoint.pt", "examples.npz", "log.jsonl", "run.json", "best"
AVERAGED = 0.999
"""Weight of the past in the running mean of the weights, which is what is judged and kept."""
UPPER_RATE = 0.4
WHOLE = 0.12
"""Share of samples that keep all their passages however long, as sources are long in service too."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does.

    Attributes:
        data: Folder of `aisle train data`.
        out: Folder of the run.
        minutes: How long it may train in all, over all its sittings; the learning rate falls to 0 by then.
        rate: Highest learning rate; the encoder's layers have `UPPER_RATE` of it.
        pieces: Source pieces in a batch, padding included.
        lean: Sources of more pieces than that lose wrong passages, save a few of them.
        held_each: Every how-many-th held-out sample is judged by.
        start: Folder of weights to start from instead of the packaged encoder's; "" for none.
        patience: The run ends early after so many judgements in a row without a better one; the first is then of the
            weights that it starts from, so what is kept is never worse than these. 0: it never does.
    """

    data: Path
    out: Path
    minutes: float = 150.0
    rate: float = 8e-4
    pieces: int = 3072
    lean: int = 200
    seed: int = 1
    threads: int = 2
    frozen_layers: int = 3
    decoder_from: tuple[int, ...] = (1, 3, 5)
    outputs: int = 5000
    judged_every_s: float = 300.0
    held_each: int = 4
    start: str = ""
    patience: int = 0


@dataclass
class State:
    """How far a run is. `spent_s` counts time in training only; `stale` the judgements since the best one."""

    step: int = 0
    seen: int = 0
    spent_s: float = 0.0
    best: float = math.inf
    stale: int = 0


def roomy() -> None:
    """Start again with an allocator that keeps large blocks: asking the system for each costs as much as arithmetic.

    The C library reads its thresholds once, at the start of a process.
    """
    wanted = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "17179869184"}
    if wanted.items() <= os.environ.items() or not sys.platform.startswith("linux"):
        return
    os.execve(sys.executable, [sys.executable, "-m", "bot", *sys.argv[1:]], {**os.environ, **wanted})


def train(plan: Plan) -> None:
    """Train until the plan's time is up; goes on where an earlier call on the same folder was stopped."""
    torch.set_num_threads(plan.threads)
    plan.out.mkdir(parents=True, exist_ok=True)
    reader, pieces = open_reader()
    held = [example(sample, reader) for sample in islice(read(plan.data / "dev.jsonl.gz"), 0, None, plan.held_each)]
    learnt = _learnt(plan, reader)
    torch.manual_seed(plan.seed)
    config = CopyConfig(frozen_layers=plan.frozen_layers, decoder_from=list(plan.decoder_from), outputs=plan.outputs)
    run = _Run(plan, _started(plan, config, learnt, pieces))
    run.resume()
    if plan.patience and not run.state.step:
        run.judge(held)
    with Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task("training", total=plan.minutes * 60)
        for examples in _endless(learnt, plan, run.state.seen):
            if run.state.spent_s >= plan.minutes * 60 or run.over:
                break
            said = run.learn(examples)
            bar.update(task, completed=run.state.spent_s, description=said)
            if run.due():
                run.judge(held)
    run.judge(held)


def _learnt(plan: Plan, reader: Reader) -> list[Example]:
    """The samples to learn from; all but a few are made short, as reading is what costs time. Made once for a run."""
    path = plan.out / EXAMPLES
    if not path.is_file():
        rng = random.Random(plan.seed)
        samples = (
            sample if rng.random() < WHOLE else lean(sample, reader, plan.lean)
            for sample in read(plan.data / "train.jsonl.gz")
        )
        keep([example(sample, reader) for sample in samples], path)
    return kept(path)


def _started(plan: Plan, config: CopyConfig, learnt: Sequence[Example], pieces: Sequence[str]) -> CopyModel:
    if plan.start:
        return cast(CopyModel, opened(Path(plan.start)).train())
    return warmed(config, vocabulary(learnt, pieces, plan.outputs))


def _endless(examples: Sequence[Example], plan: Plan, seen: int) -> Iterator[list[Example]]:
    """Batches, round after round; the rounds before `seen` examples are not gone through again."""
    for number in count(seen // max(1, len(examples))):
        yield from batches(examples, plan.pieces, random.Random(f"{plan.seed} {number}"))


class _Run:
    """A model being trained, with all that changes as it is. On a GPU where there is one."""

    def __init__(self, plan: Plan, model: CopyModel) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.plan, self.state = plan, State()
        self.model = cast(CopyModel, cast(nn.Module, model).to(self.device))
        _thaw(model)
        upper = [p for name, p in model.named_parameters() if p.requires_grad and name.startswith("encoder.")]
        rest = [p for name, p in model.named_parameters() if p.requires_grad and not name.startswith("encoder.")]
        self.groups = [(upper, plan.rate * UPPER_RATE), (rest, plan.rate)]
        self.optimizer = torch.optim.AdamW(
            [{"params": params, "lr": rate} for params, rate in self.groups],
            betas=(0.9, 0.98),
            weight_decay=0.01,
            fused=True,
        )
        self.mean = {name: value.clone() for name, value in own(model).items()}
        self.lower = Lower(self.model, self.device)
        self.inverse = _inverse(model).to(self.device)
        self.judged_s = 0.0
        self.recent: list[float] = []

    def learn(self, examples: Sequence[Example]) -> str:
        """One step; what there is to say of it."""
        began = time.monotonic()
        self._rate()
        found = self._loss(examples)
        found.total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([p for params, _ in self.groups for p in params], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self._average()
        self.state.step += 1
        self.state.seen += len(examples)
        self.state.spent_s += time.monotonic() - began
        self.recent = [*self.recent[-99:], float((found.words / found.pieces).detach())]
        mean = sum(self.recent) / len(self.recent)
        return f"step {self.state.step} · {self.state.seen} samples · loss {mean:.3f}"

    def _loss(self, examples: Sequence[Example]) -> Loss:
        laid = batch(examples).to(self.device)
        states = self.lower.states(examples)
        with torch.autocast(self.device, torch.bfloat16):
            return loss(self.model, states, laid, self.inverse)

    def _rate(self) -> None:
        """Rises for the first three hundredths of the time, then falls as a cosine."""
        done = min(1.0, self.state.spent_s / (self.plan.minutes * 60))
        factor = max(0.02, done / 0.03) if done < 0.03 else 0.5 * (1 + math.cos(math.pi * (done - 0.03) / 0.97))
        for group, (_, rate) in zip(self.optimizer.param_groups, self.groups, strict=True):
            group["lr"] = rate * factor

    def _average(self) -> None:
        keep = min(AVERAGED, self.state.step / (self.state.step + 10))
        with torch.no_grad():
            for name, value in own(self.model).items():
                if value.is_floating_point():
                    self.mean[name].lerp_(value, 1 - keep)

    # Judging and keeping

    @property
    def over(self) -> bool:
        """Whether it has not become better for so long that it ends early."""
        return 0 < self.plan.patience <= self.state.stale

    def due(self) -> bool:
        """Whether it is time to judge."""
        return self.state.spent_s - self.judged_s >= self.plan.judged_every_s

    def judge(self, held: Sequence[Example]) -> None:
        """Loss on held-out samples with the averaged weights; keeps them when they are the best, and the checkpoint."""
        self.judged_s = self.state.spent_s
        now = {name: value.clone() for name, value in own(self.model).items()}
        self.model.load_state_dict(self.mean, strict=False)
        with torch.no_grad():
            parts = [self._loss(examples) for examples in batches(held, self.plan.pieces, random.Random(0))]
        sums = [float(torch.stack([part[i].float() for part in parts]).sum()) for i in range(5)]
        row = {
            **asdict(self.state),
            "train_loss": sum(self.recent) / max(1, len(self.recent)),
            "loss": sums[0] / sums[3],
            "perplexity": math.exp(sums[0] / sums[3]),
            "surface": sums[1] / sums[3],
            "answers": sums[2] / max(1.0, sums[4]),
        }
        with (self.plan.out / LOG).open("a") as file:
            file.write(json.dumps(row) + "\n")
        self.state.stale += 1
        if row["loss"] < self.state.best:
            self.state.best, self.state.stale = row["loss"], 0
            save(self.model, self.plan.out / BEST)
        self.model.load_state_dict(now, strict=False)
        self._keep()

    def _keep(self) -> None:
        kept = {
            "state": asdict(self.state),
            "model": own(self.model),
            "mean": self.mean,
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }
        part = self.plan.out / f"{CHECKPOINT}.part"
        torch.save(kept, part)
        part.replace(self.plan.out / CHECKPOINT)

    def resume(self) -> None:
        """Take up the checkpoint of this folder, if there is one; else write down what is begun."""
        asked = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self.plan).items()}
        with suppress(FileNotFoundError):
            kept: dict[str, Any] = torch.load(self.plan.out / CHECKPOINT, weights_only=True)
            self.state = State(**kept["state"])
            self.model.load_state_dict(kept["model"], strict=False)
            self.mean = kept["mean"]
            self.optimizer.load_state_dict(kept["optimizer"])
            torch.set_rng_state(kept["random"])
            self.judged_s = self.state.spent_s
        trained = sum(p.numel() for params, _ in self.groups for p in params)
        (self.plan.out / RUN).write_text(json.dumps({**asked, "trained_weights": trained}, indent=2))


def _thaw(model: CopyModel) -> None:
    """What is trained is what is saved; the rest stays as it came."""
    names = own(model).keys()
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name in names


def _inverse(model: CopyModel) -> Tensor:
    """A piece's place in the output vocabulary, -1 for none."""
    inverse = torch.full((model.config.pieces,), -1)
    inverse[model.vocabulary] = torch.arange(model.config.outputs)  # type: ignore[index]
    return inverse
