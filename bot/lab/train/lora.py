"""Adapts a causal language model (`hf:`) to samples with LoRA: small matrices beside its weights are trained, no more.

Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022; by peft. Prompts are worded as the server
words them (`bot/prompt.py`), answers carry citations as the prompt's rules want them, and only the answer's tokens are
learnt. On a GPU where there is one. What is kept is the adapter with the lowest loss on held-out samples, and the model
with it merged in, which `hf:<folder>` opens without peft.
"""

import math
import random
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from bot import ground
from bot.errors import BadSettings
from bot.generate.local import UNKNOWN_WINDOW, _tokens
from bot.lab.train.sample import Sample
from bot.terms import terms

IGNORED = -100
"""The label of tokens that are not learnt, as transformers has it."""
ADAPTER = "adapter"

Row = tuple[list[int], list[int]]
"""Tokens, and their labels."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run does.

    Attributes:
        base: Name or folder of the model.
        out: Folder of the merged model, its adapter in `adapter/`.
        rate: Highest learning rate; it falls to 0 as a cosine.
        rank: Of the matrices.
        tokens: Of a step, padding included.
        judgements: How often it is judged, in all.
        patience: It ends early after so many judgements without a better one.
    """

    base: str
    out: Path
    minutes: float = 10.0
    rate: float = 2e-4
    rank: int = 16
    tokens: int = 4096
    judgements: int = 12
    patience: int = 3
    threads: int = 1
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Course:
    """What came of it: loss of a token on held-out samples, in nats, before and after."""

    before: float
    after: float
    steps: int
    seen: int
    too_long: int
    seconds: float


def cited(sample: Sample) -> str:
    """The answer with citations behind its sentences, each of the passage that it has most words of."""
    passages = [passage for passage in sample.prompt.passages if passage.n in sample.rests_on]
    if not passages:
        return sample.answer
    out = []
    for sentence in ground.sentences(sample.answer):
        words = set(terms(sentence))
        best = max(passages, key=lambda p: len(words & set(terms(f"{p.title} {p.text}"))))
        body = sentence.rstrip()
        out.append(f"{body} [{best.n}]{sentence[len(body) :]}" if words else sentence)
    return "".join(out)


def adapt(plan: Plan, samples: Sequence[Sample], held: Sequence[Sample]) -> Course:
    """Train until the time is up or nothing is gained, and write what was best.

    Raises:
        BadSettings: There is no such model, peft is not installed, or no sample fits into the model's window.
    """
    run = _Run(plan)
    rows, tests = run.rows(samples), run.rows(held)
    if not rows or not tests:
        raise BadSettings(f"found no samples that {plan.base} can read whole, wanted some to learn and to judge by")
    too_long = len(samples) + len(held) - len(rows) - len(tests)
    began = time.monotonic()
    before = run.judge(tests)
    best, stale, steps, seen = before, 0, 0, 0
    limit_s = plan.minutes * 60
    due_s = limit_s / plan.judgements
    for batch in run.endless(rows):
        spent_s = time.monotonic() - began
        if spent_s >= limit_s or stale >= plan.patience:
            break
        run.learn(batch, spent_s / limit_s)
        steps, seen = steps + 1, seen + len(batch)
        if spent_s >= due_s:
            due_s += limit_s / plan.judgements
            stale += 1
            if (found := run.judge(tests)) < best:
                best, stale = found, 0
                run.remember()
    if (found := run.judge(tests)) < best:
        best = found
        run.remember()
    run.write()
    return Course(before, best, steps, seen, too_long, time.monotonic() - began)


class _Run:
    """A model with an adapter in training."""

    def __init__(self, plan: Plan) -> None:
        torch.set_num_threads(plan.threads)
        torch.manual_seed(plan.seed)
        self.plan = plan
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.tokenizer, self.model = _opened(plan, self.device)
        self.window = int(getattr(self.model.config, "max_position_embeddings", None) or UNKNOWN_WINDOW)
        trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(trained, lr=plan.rate, weight_decay=0.0)
        self.best = self._adapter()

    def rows(self, samples: Sequence[Sample]) -> list[Row]:
        """Tokens and labels of those that the model can read whole."""
        end = self.tokenizer.eos_token_id
        rows = []
        for sample in samples:
            asked, _ = _tokens(sample.prompt, self.tokenizer)
            text = cited(sample) if self.tokenizer.chat_template else f" {cited(sample)}"
            said = [*self.tokenizer(text, add_special_tokens=False)["input_ids"], *([] if end is None else [end])]
            if len(asked) + len(said) <= self.window:
                rows.append(([*asked, *said], [*[IGNORED] * len(asked), *said]))
        return rows

    def endless(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        """Batches of at most `plan.tokens`, round after round, each round in another order."""
        rng = random.Random(self.plan.seed)
        while True:
            batches = list(_batches(sorted(rows, key=lambda row: len(row[0]) + rng.random() * 64), self.plan.tokens))
            rng.shuffle(batches)
            yield from batches

    def learn(self, batch: Sequence[Row], done: float) -> None:
        """One step; `done` is the share of the time that is spent."""
        self.model.train()
        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.rate * min(1.0, 0.1 + done / 0.03) * 0.5 * (1 + math.cos(math.pi * done))
        total, count = self._loss(batch)
        (total / count).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([p for p in self.model.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)

    def judge(self, rows: Sequence[Row]) -> float:
        """Loss of an answer's token."""
        self.model.eval()
        with torch.no_grad():
            parts = [self._loss(batch) for batch in _batches(sorted(rows, key=lambda r: len(r[0])), self.plan.tokens)]
        return sum(float(total) for total, _ in parts) / sum(count for _, count in parts)

    def _loss(self, batch: Sequence[Row]) -> tuple[Tensor, int]:
        """Sum over the answers' tokens, and how many these are."""
        width = max(len(ids) for ids, _ in batch)
        ids = torch.zeros(len(batch), width, dtype=torch.long)
        labels, mask = torch.full_like(ids, IGNORED), torch.zeros_like(ids)
        for place, (some, wanted) in enumerate(batch):
            ids[place, : len(some)], mask[place, : len(some)] = torch.tensor(some), 1
            labels[place, : len(some)] = torch.tensor(wanted)
        labels = labels[:, 1:].to(self.device)
        found = self.model(input_ids=ids.to(self.device), attention_mask=mask.to(self.device), use_cache=False)
        said = labels != IGNORED
        logits = found.logits[:, :-1][said].float()
        return torch.nn.functional.cross_entropy(logits, labels[said], reduction="sum"), int(said.sum())

    def _adapter(self) -> dict[str, Tensor]:
        named = self.model.named_parameters()
        return {name: value.detach().cpu().clone() for name, value in named if value.requires_grad}

    def remember(self) -> None:
        """The adapter is the best so far."""
        self.best = self._adapter()

    def write(self) -> None:
        """Write the best adapter, and the model with it merged in."""
        self.model.load_state_dict(self.best, strict=False)
        self.model.save_pretrained(self.plan.out / ADAPTER)
        self.model.merge_and_unload().save_pretrained(self.plan.out)
        self.tokenizer.save_pretrained(self.plan.out)


def _opened(plan: Plan, device: str) -> tuple[Any, Any]:
    """The tokenizer, and the model with a new adapter beside each of its linear layers."""
    try:
        from peft import LoraConfig, get_peft_model
    except ImportError:
        raise BadSettings("found no peft, wanted it to fine-tune hf: models: pip install 'aisle[train]'") from None
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(plan.base)
        dtype: Any = "auto" if device == "cuda" else torch.float32
        model: Any = AutoModelForCausalLM.from_pretrained(plan.base, dtype=dtype)
    except (OSError, ValueError) as error:
        raise BadSettings(f"hf:{plan.base}: found no model: {error}") from None
    config = LoraConfig(
        r=plan.rank, lora_alpha=2 * plan.rank, lora_dropout=0.05, target_modules="all-linear", task_type="CAUSAL_LM"
    )
    with warnings.catch_warnings():
        # peft asks transformers by a name that is going to change.
        warnings.simplefilter("ignore", FutureWarning)
        return tokenizer, get_peft_model(model.to(device), config)


def _batches(rows: Sequence[Row], tokens: int) -> Iterator[list[Row]]:
    """Neighbours together, as many as fit; a row that is longer is alone."""
    batch: list[Row] = []
    for row in rows:
        if batch and (len(batch) + 1) * max(len(one[0]) for one in [*batch, row]) > tokens:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
