"""A shop's own weights, made by `aisle train finetune`: where they are kept, and which of them serve.

Each is a folder of `own/` named after when it was made. `copy.current` and `hf.current` beside them name the one that
`AISLE_GENERATOR=copy:own` and `hf:own` mean. A pointer is replaced in one step; servers follow it when they start.
"""

import os
from pathlib import Path

from bot.errors import BadSettings

OWN = "own"
SCHEMES = ("copy", "hf")
"""Generators that can be fine-tuned."""


def home(cache: Path) -> Path:
    """Folder of all own weights."""
    return cache / OWN


def activate(cache: Path, scheme: str, stamp: str) -> None:
    """Have the weights of that name be the ones that `<scheme>:own` means.

    Raises:
        BadSettings: There are none of that name.
    """
    folder = home(cache) / stamp
    if not (folder / "config.json").is_file():
        raise BadSettings(f"found no weights in {folder}, wanted some that aisle train finetune made")
    part = home(cache) / f".{scheme}.part"
    part.write_text(f"{stamp}\n", "utf-8")
    os.replace(part, _pointer(cache, scheme))


def current(cache: Path, scheme: str) -> Path | None:
    """Folder of the weights that `<scheme>:own` means; None when none were activated."""
    try:
        stamp = _pointer(cache, scheme).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    return home(cache) / stamp


def meant(cache: Path, scheme: str, rest: str) -> str:
    """What follows the scheme, with `own` as the folder that it means.

    Raises:
        BadSettings: It is `own`, and no own weights were activated.
    """
    if scheme not in SCHEMES or rest != OWN:
        return rest
    folder = current(cache, scheme)
    if folder is None:
        raise BadSettings(
            f"generator: got {scheme}:own, wanted own weights to be active: run aisle train finetune first"
        )
    return str(folder)


def _pointer(cache: Path, scheme: str) -> Path:
    return home(cache) / f"{scheme}.current"
