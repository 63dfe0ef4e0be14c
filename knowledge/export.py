"""A sentence-transformers model to ONNX, once. The only module of this package that imports torch.

What is exported is the whole way from pieces to unit rows: transformer, pooling (mean or first piece) and length 1.
Before the folder appears under its name, a few texts in both languages must come out as sentence-transformers gives
them (cosine ≥ `PARITY`); otherwise, or if the model is built differently, the record says that sentence-transformers
has to serve it. Serving is not known here (`encode.py`).
"""

import fcntl
import hashlib
import logging
import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from knowledge.encode import MODEL, PACKAGED, RECORD, RECORD_FORMAT, TOKENIZER, OnnxEncoder, source_of
from knowledge.errors import EncoderError

PARITY = 0.9999
PROBES = (
    "How long does shipping to Canada take?",
    "The Larch rain shell weighs 310 g and costs $149.00.",
    "refund",
    "退货政策是什么？",
    "We accept returns within 30 days. " * 30,
)

logger = logging.getLogger(__name__)


class NotExportable(Exception):
    """The model is not a transformer with mean or first-piece pooling, or its export differs."""


def load_model(spec: str) -> Any:
    """The sentence-transformers model of `spec` on the CPU; the packaged one without asking any network.

    Raises:
        EncoderError: It cannot be loaded.
    """
    label, source = source_of(spec)
    if label == PACKAGED:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(source, device="cpu", local_files_only=label == PACKAGED)
    except (OSError, ValueError, ImportError, KeyError, RuntimeError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise EncoderError(
            f"AISLE_ENCODER: found {spec!r}, which sentence-transformers cannot load: {first}"
        ) from error


def export(spec: str, folder: Path) -> None:
    """Write the export of `spec` as `folder`, whole or not at all; a second caller waits and finds it done.

    Raises:
        EncoderError: The model cannot be loaded, or the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f".{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / RECORD).is_file():
                _export(spec, folder)
    except OSError as error:
        raise EncoderError(f"{error.filename or folder}: cannot write the export: {error.strerror}") from error


def _export(spec: str, folder: Path) -> None:
    """With the lock held: build beside `folder`, check, rename."""
    for left in folder.parent.glob(f".{folder.name}.part-*"):
        shutil.rmtree(left, ignore_errors=True)
    part = folder.parent / f".{folder.name}.part-{os.getpid()}"
    part.mkdir()
    try:
        model = load_model(spec)
        record = _facts(spec, model)
        _save_tokenizer(model, part, record)
        try:
            _save_onnx(model, part, record)
            _check(model, part, record)
        except NotExportable as reason:
            (part / MODEL).unlink(missing_ok=True)
            record |= {"runtime": "sentence-transformers", "why": str(reason)}
            logger.warning("encoder %s cannot be exported: %s", record["name"], reason)
        (part / RECORD).write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2))
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _facts(spec: str, model: Any) -> dict[str, Any]:
    """The record so far. The name carries a hash of the weights, so it is the same wherever they are the same."""
    label, _ = source_of(spec)
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.float().numpy()).tobytes())
    return {
        "format": RECORD_FORMAT,
        "name": f"{label}@{digest.hexdigest()[:12]}",
        "runtime": "onnx",
        "dim": int(model.get_embedding_dimension()),
        "max_pieces": int(model.max_seq_length or 512),
        "unknown": model.tokenizer.unk_token or "",
        "pad": int(model.tokenizer.pad_token_id or 0),
        "sha256": {},
    }


def _save_tokenizer(model: Any, part: Path, record: dict[str, Any]) -> None:
    """The fast tokenizer as one JSON file.

    Raises:
        EncoderError: The model has none.
    """
    fast = getattr(model.tokenizer, "backend_tokenizer", None)
    if fast is None:
        raise EncoderError(f"encoder {record['name']}: found a tokenizer without a tokenizer.json, wanted a fast one")
    data = fast.to_str().encode()
    (part / TOKENIZER).write_bytes(data)
    record["sha256"][TOKENIZER] = hashlib.sha256(data).hexdigest()


def _pooling(model: Any) -> str:
    """`mean` or `cls`, if the model is a transformer, such a pooling and nothing else that matters."""
    names = [type(module).__name__ for module in model]
    if names not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise NotExportable(f"found modules {' + '.join(names)}, wanted Transformer + Pooling (+ Normalize)")
    mode = model[1].pooling_mode
    if mode not in ("mean", "cls"):
        raise NotExportable(f"found pooling {mode}, wanted mean or cls")
    if model.default_prompt_name:
        raise NotExportable(f"found a default prompt {model.default_prompt_name!r}, wanted none")
    return str(mode)


def _save_onnx(model: Any, part: Path, record: dict[str, Any]) -> None:
    """Trace pieces → unit rows. The output is not called `embedding`: that clashes with a name inside."""
    import torch

    pooling = _pooling(model)

    class Rows(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].auto_model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            hidden = self.transformer(input_ids=ids, attention_mask=mask).last_hidden_state
            if pooling == "cls":
                pooled = hidden[:, 0]
            else:
                weight = mask.unsqueeze(-1).to(hidden.dtype)
                pooled = (hidden * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(pooled, dim=1)

    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    ids = torch.tensor([[1, 2, 3, 4], [1, 2, 3, 4]])
    axes = {0: torch.export.Dim("b"), 1: torch.export.Dim("n")}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Rows().eval(),
                (ids, torch.ones_like(ids)),
                part / MODEL,
                input_names=["input_ids", "attention_mask"],
                output_names=["unit_rows"],
                dynamic_shapes=(axes, axes),
                dynamo=True,
                external_data=False,
                verbose=False,
            )
    except Exception as error:  # whatever the tracer trips over, the model can still be served by torch
        raise NotExportable(f"torch.onnx.export: {type(error).__name__}: {str(error).splitlines()[0]}") from error
    record["sha256"][MODEL] = hashlib.sha256((part / MODEL).read_bytes()).hexdigest()


def _check(model: Any, part: Path, record: dict[str, Any]) -> None:
    """Compare the export with the original on `PROBES`, one by one and as a batch."""
    (part / RECORD).write_bytes(orjson.dumps(record))
    exported = OnnxEncoder(part, record | {"unknown": ""}, threads=1)
    wanted = np.asarray(model.encode(list(PROBES), normalize_embeddings=True, show_progress_bar=False))
    for rows in (exported.encode(PROBES), np.concatenate([exported.encode([text]) for text in PROBES])):
        worst = float((rows * wanted).sum(1).min())
        if not worst >= PARITY:
            raise NotExportable(f"the export's cosine to the original is {worst:.6f}, wanted ≥ {PARITY}")
