"""The network to ONNX, once for each set of weights: `python -m bot.copying.export WEIGHTS FOLDER`. Imports torch.

Three graphs: `lower` reads one text, `encode` one source of such texts, `step` takes a piece for each chat. Which of
them are quantised (int8 weights, activations quantised as they come) the weights' configuration says, as measured for
them; without a word there, those that read: that halves their time, and a step is fast enough as it is. Before the
folder appears under its name, the graphs must say in single precision what torch says.
"""

import fcntl
import hashlib
import os
import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import torch

from bot.copying.exported import ENCODE, FORMAT, LOWER, RECORD, STEP, OnnxNet, settings_of, step_inputs
from bot.copying.model import CopyModel
from bot.copying.packaged import open_reader
from bot.copying.rows import Rows
from bot.copying.source import CLS
from bot.copying.stepping import Going, Lower, Reading, TorchNet
from bot.copying.steps import Steps
from bot.copying.weights import opened
from bot.errors import AisleError, BadSettings
from bot.generate.protocol import Numbered, Prompt

PARTS = {"lower": LOWER, "encode": ENCODE, "step": STEP}
QUANTISED = ("lower", "encode")
APART = 2e-3
"""How far a probability may be from torch's before quantisation."""
OPSET = 17
PROBE = Prompt(
    "How long does it take to Canada, and what does it cost?",
    "en",
    "Shop",
    (
        Numbered(1, "a", "faq", "Shipping", "Shipping to Canada takes 6–9 days and costs $12.95. It is tracked."),
        Numbered(2, "b", "policy", "Returns", "Returns are free within 60 days. " * 6),
    ),
)


def export(weights: Path, folder: Path) -> None:
    """Write the export of `weights` as `folder`, whole or not at all; a second caller waits and finds it done.

    Raises:
        BadSettings: The weights are none, or their export says something else.
        OSError: The folder cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / RECORD).is_file():
            _export(weights, folder)


def _export(weights: Path, folder: Path) -> None:
    """With the lock held: build beside `folder`, check, rename."""
    for left in folder.parent.glob(f".{folder.name}.part-*"):
        shutil.rmtree(left, ignore_errors=True)
    part = folder.parent / f".{folder.name}.part-{os.getpid()}"
    part.mkdir()
    try:
        model = opened(weights)
        _trace(model, part)
        record = _facts(model)
        _write(record, part)
        _check(Rows(TorchNet(model, open_reader()[1])), Rows(OnnxNet(part)))
        for name in settings_of(weights).get("int8", QUANTISED):
            _quantise(part / PARTS[name])
        _write(record, part)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _facts(model: CopyModel) -> dict[str, Any]:
    outputs: Any = model.vocabulary
    config = model.config
    return {
        "format": FORMAT,
        "layers": len(model.decoder),
        "heads": config.heads,
        "hidden": config.hidden,
        "outputs": outputs.tolist(),
    }


def _write(record: dict[str, Any], part: Path) -> None:
    """The record, with what the files are now."""
    record["sha256"] = {name: hashlib.sha256((part / name).read_bytes()).hexdigest() for name in PARTS.values()}
    (part / RECORD).write_bytes(orjson.dumps(record))


def _trace(model: CopyModel, part: Path) -> None:
    """The graphs, in single precision.

    By torch's older exporter: 2 s a graph, while the newer one takes 30.
    """
    layers, heads, hidden = len(model.decoder), model.config.heads, model.config.hidden
    chats, said, size = 2, 3, 5
    text, flags = torch.randn(1, size, hidden), torch.tensor([[False, True, False, True, True]])
    roles = torch.tensor([[1, 1, 4, 4, 4]])
    width = hidden // heads
    source = [torch.randn(chats, size, hidden)] * 2 + [torch.randn(chats, size)]
    source += [torch.randn(chats, heads, size, width)] * 2 * layers
    cache = [torch.randn(chats, heads, said, width)] * 2 * layers
    own = torch.randn(chats, hidden), torch.zeros(chats, dtype=torch.int64)
    masks = torch.zeros(chats, said), torch.zeros(chats, size)
    names = step_inputs(layers)
    axes = {name: {0: "chats", 1: "source"} for name in names} | {
        "embedded": {0: "chats"},
        "tone": {0: "chats"},
        "past": {0: "chats", 1: "said"},
        **{name: {0: "chats", 2: "source"} for name in names if name.startswith(("keys", "values"))},
        **{name: {0: "chats", 2: "said"} for name in names if name.startswith("said_")},
    }
    sizes = {name: {1: "source"} for name in ("states", "words", "roles", "copyable")}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        _save(Lower(model), (text,), ["embedded"], {"embedded": {1: "text"}}, part / LOWER)
        _save(Reading(model), (text, text, roles, flags), list(sizes), sizes, part / ENCODE)
        _save(Going(model), (own, masks, source, cache), names, axes, part / STEP)


def _save(module: torch.nn.Module, fed: Any, names: list[str], axes: dict[str, dict[int, str]], path: Path) -> None:
    torch.onnx.export(
        module.eval(), fed, path, input_names=names, dynamic_axes=axes, opset_version=OPSET, dynamo=False
    )  # fmt: skip


def _quantise(path: Path) -> None:
    """Int8 weights of what is multiplied; seven bits, as older processors add up pairs in sixteen."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    whole = path.with_suffix(".whole")
    path.rename(whole)
    quantize_dynamic(
        whole,
        path,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )
    whole.unlink()


def _check(wanted: Steps, found: Steps) -> None:
    """Compare two networks over some steps of a draft, alone and beside another.

    Raises:
        BadSettings: They differ.
    """
    source = open_reader()[0].read(PROBE)
    for steps in (wanted, found):
        steps.join(source)
        steps.join(open_reader()[0].read(Prompt("hello", "en", "Shop", ())))
    for piece in [CLS, *source.ids[20:24]]:
        pairs = zip(wanted.step([piece, piece]), found.step([piece, piece]), strict=True)
        for one, other in pairs:
            apart = max(np.abs(one.copy - other.copy).max(), abs(one.word - other.word), abs(one.carry - other.carry))
            if not apart <= APART:
                raise BadSettings(f"the export differs from torch by {apart:.4f}, wanted at most {APART}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    try:
        export(Path(sys.argv[1]), Path(sys.argv[2]))
    except (AisleError, OSError) as error:
        sys.exit(str(error))
