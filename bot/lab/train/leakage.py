"""Leakage: runs of eight words that a training text shares with what the model is judged on.

Two kinds are told apart. The sample shop's texts (`knowledge/content`) must not be in training at all: a sample that
shares a run with them is dropped. Held-out shops share phrases with training shops, since both were made by the same
rules; how much is counted and told, for questions, answers and passages apart.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from bot.lab.train.sample import Sample

LENGTH = 8
"""Words in a run, as GPT-3's and later reports on contamination use runs of 8 to 13."""

Part = Literal["question", "answer", "passage"]
Gram = tuple[str, ...]

_WORD = re.compile(r"\w+")


def grams(text: str) -> frozenset[Gram]:
    """All runs of eight words (letters and digits, without case); none in a shorter text."""
    words = _WORD.findall(text.casefold())
    return frozenset(zip(*(words[start:] for start in range(LENGTH)), strict=False))


def content(folder: Path) -> frozenset[Gram]:
    """All runs of the texts of a shop's sources: paragraphs of Markdown, cells of tables, strings of JSON."""
    found: set[Gram] = set()
    for path in sorted(folder.rglob("*")):
        for text in _texts(path) if path.is_file() else ():
            found |= grams(text)
    return frozenset(found)


def _texts(path: Path) -> Iterator[str]:
    if path.suffix == ".jsonl":
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from _strings(json.loads(line)) if line.strip() else ()
    elif path.suffix in (".csv", ".tsv"):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines, delimiter="," if path.suffix == ".csv" else "\t"):
                yield from row
    elif path.suffix == ".md":
        yield from re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)


def parts(sample: Sample) -> Iterator[tuple[Part, str]]:
    """The texts of a sample; what was said earlier counts as questions and answers."""
    prompt = sample.prompt
    yield "question", prompt.question
    yield "answer", sample.answer
    for said in prompt.history:
        yield ("question" if said.author == "shopper" else "answer"), said.text
    for passage in prompt.passages:
        yield "passage", passage.title
        yield "passage", passage.text


class Watch:
    """Sees all samples go by, held-out ones first: which share a run with the content, and which runs come again.

    Attributes:
        leaking: Samples that share a run with the content, by split.
    """

    def __init__(self, content: frozenset[Gram]) -> None:
        self._content = content
        self._held: dict[Part, set[Gram]] = {"question": set(), "answer": set(), "passage": set()}
        self._again: dict[Part, set[Gram]] = {"question": set(), "answer": set(), "passage": set()}
        self._of = lru_cache(maxsize=20_000)(grams)
        self.leaking: Counter[str] = Counter()

    def passes(self, sample: Sample, split: str) -> bool:
        """Whether the sample may be written: always, unless it is for training and shares a run with the content."""
        texts = [(part, self._of(text)) for part, text in parts(sample)]
        leaking = any(not self._content.isdisjoint(runs) for _, runs in texts)
        self.leaking[split] += leaking
        if leaking and split == "train":
            return False
        for part, runs in texts:
            if split == "train":
                self._again[part] |= self._held[part] & runs
            else:
                self._held[part] |= runs
        return True

    def overlap(self) -> dict[str, dict[str, float]]:
        """Of the runs in held-out questions, answers and passages: how many, and the share that training has."""
        return {
            part: {"runs": len(held), "in_training": round(len(self._again[part]) / len(held), 4) if held else 0.0}
            for part, held in self._held.items()
        }
