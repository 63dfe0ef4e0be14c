"""Gold questions: what a shopper may ask, and the entry that must be found for it. Pure.

A build is measured by how often the entry is the first of the search's hits (hit@1), or one of the first three (hit@3).
An answer is written from the first hits, so what is not among them is not said. Where the questions are kept, and what
becomes of a build that falls short, is not known here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from knowledge.errors import Problem
from knowledge.passages import Hit, Query

FILE = "gold.jsonl"
LONGEST = 500
_KEYS = ("id", "question", "lang", "passage")


@dataclass(frozen=True, slots=True)
class Gold:
    """One question. `passage` is the id of the entry that answers it, as `faq:return-window`."""

    id: str
    question: str
    lang: str
    passage: str


@dataclass(frozen=True, slots=True)
class Score:
    """How a snapshot did. `missed` are the ids of the questions whose entry was not among the first three hits."""

    total: int
    first: int
    passed: int
    missed: tuple[str, ...] = field(default=())

    @property
    def share(self) -> float:
        """Hit@3, from 0 to 1; 1 when nothing was asked."""
        return self.passed / self.total if self.total else 1.0


def judge(questions: Sequence[Gold], search: Callable[[Query], Sequence[Hit]]) -> Score:
    """Ask everything, and count."""
    ranks = [(gold.id, _rank(gold, search(Query(gold.question, gold.lang, limit=8)))) for gold in questions]
    missed = tuple(id_ for id_, rank in ranks if rank is None)
    return Score(len(ranks), sum(rank == 0 for _, rank in ranks), len(ranks) - len(missed), missed)


def _rank(gold: Gold, hits: Sequence[Hit]) -> int | None:
    """The place of the entry among the first three entries; pieces of one entry count as one."""
    entries = list(dict.fromkeys(hit.passage.entry for hit in hits))[:3]
    return entries.index(gold.passage) if gold.passage in entries else None


def why_not(after: Score, before: Score | None, bar: float, drop: float) -> str:
    """Why a build is not good enough to serve by itself; empty if it is.

    Args:
        after: Of the build.
        before: Of the snapshot that serves, on the same questions; None when there is none.
        bar: Least hit@3, from 0 to 1.
        drop: By how much hit@3 may be less than before.
    """
    found = f"{after.passed} of {after.total} gold questions ({after.share:.1%}) find their entry among the first three"
    if after.share < bar:
        return f"{found}, wanted {bar:.1%}"
    if before and after.share < before.share - drop - 1e-9:
        return f"{found}, wanted {before.share - drop:.1%}: the snapshot that serves has {before.share:.1%}"
    return ""


def read(path: Path) -> tuple[tuple[Gold, ...], tuple[Problem, ...]]:
    """The questions of a file, and what is wrong with the others; none of either when there is no such file."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        return (), (Problem(path.name, 0, "", str(error.strerror), "a file that can be read"),)
    found = list(_parsed(lines, path.name))
    golds = {one.id: one for one in found if isinstance(one, Gold)}
    return tuple(golds.values()), tuple(one for one in found if isinstance(one, Problem))


def _parsed(lines: Sequence[bytes], name: str) -> Iterator[Gold | Problem]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value: Any = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield Problem(name, number, "", f"no JSON ({error})", "a question as JSON")
            continue
        wrong = [
            key for key in _KEYS if not (isinstance(value, dict) and isinstance(value.get(key), str) and value[key])
        ]
        if wrong:
            yield Problem(name, number, wrong[0], "nothing", f"a text; the keys are {', '.join(_KEYS)}")
        else:
            yield Gold(*(value[key] for key in _KEYS))
