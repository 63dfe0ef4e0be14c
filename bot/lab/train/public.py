"""Public data sets as samples, each with the split that it belongs to; see the README of the data for their licences.

Schema-Guided Dialogue keeps its published splits; places of DSTC9 and DSTC11 and intents of Bitext are held out by a
hash of their names. Samples whose answer has a figure or a name that nothing in the prompt says are left out. The
articles on Business Central are not used: they explain a program to a shop's staff, and some would answer a request.
"""

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from bot.errors import BadSettings
from bot.lab.train import dstc, sgd
from bot.lab.train.figures import nameless, unfounded
from bot.lab.train.sample import Sample

Split = Literal["train", "dev", "test"]

SPLITS: tuple[Split, ...] = ("train", "dev", "test")
FILES = (
    *(f"sgd_grounded_{split}" for split in SPLITS),
    "dstc11_grounded",
    "dstc11_snippets",
    "dstc9_faq_replies",
    "dstc9_faq",
    "bitext_support",
)
REQUESTS = 0.3
"""Share of Bitext's requests that is taken: a style of asking, not more."""


def rows(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """The rows of `train/<name>.jsonl.gz` in the folder of the data.

    Raises:
        BadSettings: There is no such file.
    """
    path = located(folder, name)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def located(folder: Path, name: str) -> Path:
    """The file of a data set.

    Raises:
        BadSettings: There is no such file.
    """
    path = folder / "train" / f"{name}.jsonl.gz"
    if not path.is_file():
        raise BadSettings(f"found no {path}, wanted the data set; say where it is with --data")
    return path


def samples(folder: Path, split: Split, seed: int) -> Iterator[Sample]:
    """All samples of a split, source by source; the same in every run with the same seed.

    Raises:
        BadSettings: A file is missing.
    """
    for sample in (*_held(folder, split, seed), *_dialogues(folder, split, seed)):
        if not unfounded(sample) and not nameless(sample):
            yield sample


def _dialogues(folder: Path, split: Split, seed: int) -> Iterator[Sample]:
    return sgd.samples(rows(folder, f"sgd_grounded_{split}"), random.Random(f"{seed}:sgd:{split}"))


def _held(folder: Path, split: Split, seed: int) -> Iterator[Sample]:
    """Of the sets without published splits."""
    rng = random.Random(f"{seed}:public")
    faq = list(rows(folder, "dstc9_faq"))
    places = [row for row in faq if row["entity"]]
    asked = [row for row in rows(folder, "bitext_support") if rng.random() < REQUESTS]
    every: Iterable[Iterator[Sample]] = (
        dstc.opinions(rows(folder, "dstc11_grounded"), rows(folder, "dstc11_snippets"), rng),
        dstc.entries(rows(folder, "dstc9_faq_replies"), faq, rng),
        dstc.requests(asked, places, rng),
    )
    for source in every:
        yield from (sample for sample in source if dstc.held_out(sample.group) == split)
