"""What the benchmark takes from the shop: its example questions, and its passages with their vectors."""

import random

import numpy as np

from bot.lab.plan import SEED
from bot.lab.synthetic import Sample
from bot.settings import Settings
from knowledge.dense import owners
from knowledge.errors import SnapshotError
from knowledge.library import current
from knowledge.passages import Passage
from knowledge.snapshot import Snapshot, read_vectors
from knowledge.sources import read


def questions(settings: Settings, lang: str, count: int, seed: int = SEED) -> list[str]:
    """`count` of the sources' example questions in one language, shuffled; over again from the first if they are few.

    Raises:
        SourceError: The sources cannot be read.
        SnapshotError: They hold no question and no title in that language.
    """
    return picked(read(settings.content).passages, lang, count, seed)


def picked(passages: tuple[Passage, ...], lang: str, count: int, seed: int = SEED) -> list[str]:
    """As `questions`; titles stand in where a shop has no example questions."""
    spoken = [passage for passage in passages if passage.lang == lang]
    found = [question for passage in spoken for question in passage.questions] or [passage.title for passage in spoken]
    if not found:
        raise SnapshotError(f"found no question in {lang!r} in the shop's sources, wanted at least one")
    random.Random(seed).shuffle(found)
    return [found[i % len(found)] for i in range(count)]


def active(settings: Settings) -> Snapshot:
    """The snapshot that serves.

    Raises:
        SnapshotError: There is none, or it is damaged.
    """
    root = settings.data / "knowledge"
    return Snapshot.load(root / current(root))


def sample(settings: Settings, snapshot: Snapshot) -> Sample:
    """The snapshot's passages, with the row of each one's title and text."""
    passages = tuple(snapshot.passages.values())
    _, first = np.unique(owners(passages), return_index=True)
    return Sample(passages, np.asarray(read_vectors(settings.data / "knowledge" / snapshot.version)[first]))
