"""The network in ONNX Runtime: it says what torch says, whole or not at all, and without torch."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import orjson
import pytest

from bot.copying.exported import CONFIG, ENCODE, LOWER, RECORD, STEP, OnnxNet, cached, exported
from bot.copying.field import Rules
from bot.copying.packaged import embeddings
from bot.copying.rows import Rows
from bot.copying.source import CLS
from bot.copying.steps import Speaking, drafted
from bot.errors import BadSettings
from tests.support.copying import HISTORY, RETURNS, asking, model, source_of

RULES = Rules(most=24)
SOURCES = [
    source_of(asking("How long does it take to Canada?", history=HISTORY)),
    source_of(asking("What does the Larch weigh?", tone="formal")),
    source_of(asking("Can I return it?", (RETURNS,))),
]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Random ones, to be served in single precision."""
    folder = tmp_path_factory.mktemp("weights") / "whole"
    model().save_pretrained(folder)
    config = orjson.loads((folder / CONFIG).read_bytes())
    (folder / CONFIG).write_bytes(orjson.dumps(config | {"int8": []}))
    return folder


@pytest.fixture(scope="module")
def export(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their export."""
    return exported(weights, tmp_path_factory.mktemp("cache"))


def test_the_export_drafts_what_torch_drafts(weights: Path, export: Path) -> None:
    """Greedy drafts are the same to the letter, alone and as a batch."""
    from bot.copying.weights import opened

    wanted = [talk.text for talk in opened(weights).drafts(SOURCES, RULES)]
    assert [talk.text for talk in drafted(Speaking(Rows(OnnxNet(export)), RULES), SOURCES)] == wanted
    alone = Speaking(Rows(OnnxNet(export)), RULES)
    assert [drafted(alone, [source])[0].text for source in SOURCES] == wanted


def test_the_export_is_made_once(weights: Path, export: Path) -> None:
    """The same weights have the same folder; asked again, nothing is written; changed ones have another."""
    before = {path: path.stat().st_mtime_ns for path in export.iterdir()}
    assert exported(weights, export.parent) == export
    assert {path: path.stat().st_mtime_ns for path in export.iterdir()} == before
    assert [path.name for path in export.parent.iterdir() if path.is_dir()] == [export.name]
    other = weights.parent / "other"
    other.mkdir()
    for path in weights.iterdir():
        (other / path.name).write_bytes(path.read_bytes() + (b" " if path.name == CONFIG else b""))
    assert cached(other, export.parent) != export


def test_embeddings_are_those_of_the_network() -> None:
    """Looked up in the package's file they are what the network has."""
    words, places = embeddings()
    network = model()
    assert np.array_equal(words[:300], network.pieces.weight[:300].numpy(force=True))
    assert np.allclose(places, network.positions.weight.numpy(force=True))


def test_a_damaged_export_is_refused(export: Path, tmp_path: Path) -> None:
    """A file that is not what was written is not computed with."""
    for name in (LOWER, ENCODE, STEP, RECORD):
        broken = tmp_path / name
        broken.mkdir()
        for path in export.iterdir():
            (broken / path.name).write_bytes(path.read_bytes())
        (broken / name).write_bytes(b"{}" if name == RECORD else (export / name).read_bytes()[:-1] + b"?")
        with pytest.raises(BadSettings, match="delete the folder to export again"):
            OnnxNet(broken)


def test_weights_that_are_none_are_refused(tmp_path: Path) -> None:
    """No folder, an empty one, and one with other weights; nothing is left of the attempt."""
    with pytest.raises(BadSettings, match="found no model"):
        exported(tmp_path / "none", tmp_path / "cache")
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / CONFIG).write_text("{}")
    (bad / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(BadSettings, match="cannot be exported"):
        exported(bad, tmp_path / "cache")
    assert [path.name for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_int8_says_nearly_the_same(weights: Path, export: Path, tmp_path: Path) -> None:
    """Quantised graphs are a third of the size, and what they say of a piece is near to what the whole ones say."""
    small = tmp_path / "small"
    small.mkdir()
    for path in weights.iterdir():
        (small / path.name).write_bytes(path.read_bytes())
    config = orjson.loads((small / CONFIG).read_bytes())
    (small / CONFIG).write_bytes(orjson.dumps(config | {"int8": ["lower", "encode", "step"]}))
    folder = exported(small, tmp_path / "cache")
    for name in (LOWER, ENCODE, STEP):
        assert (folder / name).stat().st_size < 0.4 * (export / name).stat().st_size
    whole, quick = Rows(OnnxNet(export)), Rows(OnnxNet(folder))
    for rows in (whole, quick):
        rows.join(SOURCES[0])
    one, other = whole.step([CLS])[0], quick.step([CLS])[0]
    assert abs(one.copy - other.copy).max() < 0.1
    assert abs(one.word - other.word) < 0.1
    assert np.corrcoef(one.vocabulary, other.vocabulary)[0, 1] > 0.7  # with random heads; trained ones do better


def test_serving_does_not_import_torch(export: Path) -> None:
    """The chat process stays small."""
    code = (
        "import sys; from pathlib import Path; from bot.copying.exported import OnnxNet; import bot.generate.copy;"
        f"OnnxNet(Path({str(export)!r})); sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
