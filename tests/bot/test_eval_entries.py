"""How the classifiers of the evaluation are compared, and what its figures mean."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from bot.lab.evaluate import classifiers, entries
from bot.lab.evaluate.classifiers import Labelled, auroc, calibration_error
from bot.lab.evaluate.section import Ground
from bot.settings import Settings
from knowledge.hashed import HashedEncoder

THEMES = {
    "refund": "money back refund paid",
    "delivery": "parcel arrive delivery days",
    "gift": "gift card voucher balance",
    "size": "size chart fit large",
    "wash": "wash clean wool down",
    "store": "shop address open hours",
}
FRAMES = ("{} {}", "what about {} {}", "please say {} {}", "{} and {}")


def labelled(frames: tuple[str, ...] = FRAMES) -> Labelled:
    """Two words of each theme in each frame."""
    rows = [
        (frame.format(a, b), label)
        for label, words in THEMES.items()
        for frame in frames
        for a, b in zip(words.split(), words.split()[1:], strict=False)
    ]
    texts = tuple(text for text, _ in rows)
    return Labelled(texts, tuple(label for _, label in rows), HashedEncoder().encode(texts))


@pytest.mark.parametrize("name", list(classifiers.ALL))
def test_each_classifier_tells_plain_themes_apart(name: str) -> None:
    """Asked in a frame that it has not seen, each names the theme, and is surer of it than of nonsense."""
    taught = classifiers.ALL[name](labelled())
    asked = labelled(("tell me {} {} now",))
    said = taught.ask(asked)
    assert said.right(asked.labels).mean() > 0.9
    strange = ("quantum physics lecture", "who sang that song")
    foreign = taught.ask(Labelled(strange, ("", ""), HashedEncoder().encode(strange)))
    assert foreign.sure.max() < said.sure.mean()


def test_auroc_counts_pairs_and_ties_half() -> None:
    """Of four pairs two are in order, one is tied, one is not."""
    assert auroc(np.array([0.9, 0.5]), np.array([0.5, 0.6])) == pytest.approx(2.5 / 4)


def test_calibration_error_is_the_gap_between_sure_and_right() -> None:
    """Being 0.8 sure and right in one of two cases is 0.3 off; being right as often as sure is 0 off."""
    assert calibration_error(np.array([0.8, 0.8]), np.array([True, False])) == pytest.approx(0.3)
    assert calibration_error(np.array([0.5, 0.5]), np.array([True, False])) == pytest.approx(0)


def test_the_least_cost_keeps_right_answers_and_drops_foreign_ones() -> None:
    """Where a threshold parts them, it lies at the least sure right answer."""
    right = np.array([True, True, True])
    assert entries.least_cost(np.array([0.9, 0.8, 0.7]), right, np.array([0.6, 0.1])) == 0.7


def test_vectors_are_embedded_once_and_splits_kept_apart(tmp_path: Path) -> None:
    """The second reading takes the vectors from the working folder; test rows are never among those learned from."""
    rows = [{"split": s, "text": f"{s} {n}", "intent": f"i{n % 2}"} for s in ("train", "test") for n in range(6)]
    (tmp_path / "dev").mkdir()
    packed = gzip.compress("\n".join(map(json.dumps, rows)).encode(), mtime=0)
    (tmp_path / "dev" / "banking77.jsonl.gz").write_bytes(packed)
    ground = Ground(tmp_path, Settings(data=tmp_path), tmp_path, False, lambda _line: None)
    encoder = HashedEncoder()
    first = entries._splits(ground, entries.BANKING, encoder)
    again = entries._splits(ground, entries.BANKING, encoder)
    assert encoder.embedded == len(rows)
    assert np.array_equal(first["train"].vectors, again["train"].vectors)
    assert not set(first["train"].texts) & set(first["test"].texts)
