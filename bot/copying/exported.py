"""The network in ONNX Runtime: exported once for each set of weights, and opened from then on. Never imports torch.

The export is made by a process of its own (`export.py`), into a folder that is named after the weights. Word embeddings
are not exported: they are looked up in the encoder's package.
"""

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from bot.copying.lexicon import Floats, Ints, Lexicon
from bot.copying.packaged import embeddings, open_reader
from bot.copying.rows import Laid, Shape
from bot.copying.source import Source
from bot.errors import BadSettings

BUILT_IN = Path(__file__).parent / "weights"
CONFIG, WEIGHTS, RECORD = "config.json", "model.safetensors", "generator.json"
ENCODE, STEP = "encode.onnx", "step.onnx"
FORMAT = 1
EXPORT_LIMIT_S = 300.0


class OnnxNet:
    """A `Net` of ONNX Runtime. One call at a time."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        record = _record(folder)
        self.shape = Shape(record["layers"], record["heads"], record["hidden"])
        self.lexicon = Lexicon.of(open_reader()[1], record["outputs"])
        self._words, self._places = embeddings()
        self._encode, self._step = (_session(folder, name, record, threads) for name in (ENCODE, STEP))

    def zeros(self, shape: tuple[int, ...]) -> Floats:
        """As in `Net`."""
        return np.zeros(shape, np.float32)

    def host(self, array: Floats) -> Floats:
        """As in `Net`."""
        return array

    def read(self, source: Source) -> Sequence[Floats]:
        """As in `Net`."""
        embedded = self._embedded(np.array([source.ids]), np.array([source.places]))
        roles, copyable = np.array([source.roles], np.int64), np.array([source.copyable])
        out: Sequence[Floats] = self._encode.run(None, {"embedded": embedded, "roles": roles, "copyable": copyable})
        return out

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
