"""The network in ONNX Runtime: exported once for each set of weights, and opened from then on. Never imports torch.

The export is made by a process of its own (`export.py`), into a folder that is named after the weights. Word embeddings
are not exported: they are looked up in the encoder's package.
"""

import hashlib
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from bot.copying.lexicon import Floats, Ints, Lexicon
from bot.copying.packaged import embeddings, open_reader
from bot.copying.rows import Laid, Shape
from bot.copying.source import Source
from bot.errors import BadSettings

BUILT_IN = Path(__file__).parent / "weights"
CONFIG, WEIGHTS, RECORD = "config.json", "model.safetensors", "generator.json"
LOWER, ENCODE, STEP = "lower.onnx", "encode.onnx", "step.onnx"
FORMAT = 2
REMEMBERED = 20_000
"""Pieces of texts of which the lower layers' states are kept, 15 MiB; a passage is read for many questions."""
EXPORT_LIMIT_S = 300.0


class OnnxNet:
    """A `Net` of ONNX Runtime. One call at a time."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        record = _record(folder)
        self.shape = Shape(record["layers"], record["heads"], record["hidden"])
        self.lexicon = Lexicon.of(open_reader()[1], record["outputs"])
        self._words, self._places = embeddings()
        self._lower, self._encode, self._step = (
            _session(folder, name, record, threads) for name in (LOWER, ENCODE, STEP)
        )
        self._read: OrderedDict[bytes, NDArray[np.float16]] = OrderedDict()

    def zeros(self, shape: tuple[int, ...]) -> Floats:
        """As in `Net`."""
        return np.zeros(shape, np.float32)

    def host(self, array: Floats) -> Floats:
        """As in `Net`."""
        return array

    def read(self, source: Source) -> Sequence[Floats]:
        """As in `Net`."""
        ids, places = np.array(source.ids), np.array(source.places)
        texts = zip(*(np.split(row, np.flatnonzero(places == 0)[1:]) for row in (ids, places)), strict=True)
        states = np.concatenate([self._text(*text) for text in texts], 1, dtype=np.float32)
        roles, copyable = np.array([source.roles], np.int64), np.array([source.copyable])
        words = np.asarray(self._words[ids[None]], np.float32)
        fed = {"states": states, "words": words, "roles": roles, "copyable": copyable}
        out: Sequence[Floats] = self._encode.run(None, fed)
        return out

    def _text(self, ids: Ints, places: Ints) -> NDArray[np.float16]:
        """States of a text, `(1, text, hidden)`, remembered from the last time where it is not too long ago."""
        key = ids.tobytes()
        found = self._read.pop(key, None)
        if found is None:
            found = self._lower.run(None, {"embedded": self._embedded(ids[None], places[None])})[0].astype(np.float16)
        self._read[key] = found
        while sum(states.shape[1] for states in self._read.values()) > REMEMBERED:
            self._read.popitem(last=False)
        return found

    def go(self, laid: Laid) -> Sequence[Floats]:
        """As in `Net`."""
        fed = [self._embedded(laid.piece, laid.place), laid.tone, laid.past, laid.mask, *laid.source, *laid.cache]
        out: Sequence[Floats] = self._step.run(None, dict(zip(step_inputs(self.shape.layers), fed, strict=True)))
        return out

    def _embedded(self, pieces: Ints, places: Ints) -> Floats:
        return np.asarray(self._words[pieces] + self._places[places], np.float32)


def step_inputs(layers: int) -> list[str]:
    """Names of a step's inputs, in the order of `Laid`."""
    caches = [f"{part}{n}" for n in range(layers) for part in ("keys", "values")]
    said = [f"said_{name}" for name in caches]
    return ["embedded", "tone", "past", "mask", "states", "pointed", "bias", *caches, *said]


def settings_of(weights: Path) -> dict[str, Any]:
    """`config.json` of a folder of weights.

    Raises:
        BadSettings: There is no model in the folder.
    """
    try:
        found: dict[str, Any] = orjson.loads((weights / CONFIG).read_bytes())
        (weights / WEIGHTS).stat()
    except (OSError, ValueError) as error:
        raise BadSettings(f"{weights}: found no model ({error}), wanted {CONFIG} and {WEIGHTS}") from None
    return found


def cached(weights: Path, cache: Path) -> Path:
    """Folder in `cache` where the export of these weights is or will be.

    Raises:
        BadSettings: There are none.
    """
    settings_of(weights)
    stamp = hashlib.sha256(f"{FORMAT}".encode())
    for name in (CONFIG, WEIGHTS):
        with (weights / name).open("rb") as file:
            stamp.update(hashlib.file_digest(file, "sha256").digest())
    return cache / f"copy-{stamp.hexdigest()[:12]}"


def exported(weights: Path, cache: Path) -> Path:
    """The folder of the export; made now if it is not there, which takes some ten seconds.

    Raises:
        BadSettings: There are no such weights, or they cannot be exported.
    """
    folder = cached(weights, cache)
    if not (folder / RECORD).is_file():
        command = [sys.executable, "-m", "bot.copying.export", str(weights.resolve()), str(folder.resolve())]
        done = subprocess.run(
            command,
            cwd=Path(__file__).resolve().parent.parent.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=EXPORT_LIMIT_S,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
            raise BadSettings(f"{weights}: cannot be exported: {last}")
    return folder


def _record(folder: Path) -> dict[str, Any]:
    try:
        record: dict[str, Any] = orjson.loads((folder / RECORD).read_bytes())
        if record["format"] == FORMAT:
            return record
        found = f"format {record['format']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = f"{type(error).__name__}: {error}"
    raise BadSettings(f"{folder / RECORD}: found {found}, wanted format {FORMAT}; delete the folder to export again")


def _session(folder: Path, name: str, record: dict[str, Any], threads: int) -> Any:
    """A graph, if its file is what was written."""
    import onnxruntime as ort

    try:
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadSettings(f"{folder / name}: {error.strerror}; delete the folder to export again") from None
    if found != record["sha256"].get(name):
        wanted = record["sha256"].get(name, "")
        raise BadSettings(
            f"{folder / name}: found SHA-256 {found[:12]}…, wanted {wanted[:12]}…; delete the folder to export again"
        )
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
