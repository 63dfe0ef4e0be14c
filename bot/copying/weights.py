"""Keeping the network's own weights: half precision, safetensors, without what comes with the encoder's package."""

import os
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from bot.copying.model import CopyConfig, CopyModel, own, warmed
from bot.errors import BadSettings

WEIGHTS = "model.safetensors"
BUILT_IN = Path(__file__).parent / "weights"


def save(model: CopyModel, folder: Path) -> None:
    """Write `config.json` and the weights as `folder`, whole or not at all."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    model.config.save_pretrained(part)
    save_file({name: _small(value) for name, value in own(model).items()}, part / WEIGHTS, {"format": "pt"})
    if folder.exists():
        shutil.rmtree(folder)
    os.replace(part, folder)


def opened(folder: Path) -> CopyModel:
    """The model of `folder` in single precision, for use: nothing is trained.

    Raises:
        BadSettings: There is no such model in the folder, or its weights do not fit its configuration.
    """
    try:
        config = CopyConfig.from_pretrained(folder)
        weights = load_file(folder / WEIGHTS)
    except (OSError, ValueError) as error:
        raise BadSettings(f"{folder}: found no model ({error}), wanted config.json and {WEIGHTS}") from None
    model = warmed(config, weights["vocabulary"].tolist())
    wanted, found = own(model), weights
    odd = {name for name in wanted.keys() | found.keys() if _shape(wanted, name) != _shape(found, name)}
    if odd:
        name = min(odd)
        got, want = _shape(found, name), _shape(wanted, name)
        raise BadSettings(f"{folder / WEIGHTS}: found {name} of shape {got}, wanted {want}")
    model.load_state_dict({name: _large(value) for name, value in found.items()}, strict=False)
    return model.eval()  # type: ignore[no-any-return, no-untyped-call]


def _small(value: Tensor) -> Tensor:
    return value.to(torch.float16 if value.is_floating_point() else torch.int32).contiguous().cpu()


def _large(value: Tensor) -> Tensor:
    return value.to(torch.float32 if value.is_floating_point() else torch.int64)


def _shape(weights: dict[str, Tensor], name: str) -> tuple[int, ...] | None:
    return tuple(weights[name].shape) if name in weights else None
