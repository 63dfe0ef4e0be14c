"""What the network shares with the retrieval encoder's package, without torch: its tokenizer and its embeddings."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from bot.copying.lexicon import Floats
from bot.copying.source import CLS, Reader
from bot.errors import BadSettings
from knowledge.encode import TOKENIZER, packaged

WEIGHTS = "model.safetensors"


@cache
def open_reader() -> tuple[Reader, tuple[str, ...]]:
    """A reader with the package's tokenizer, and the text of each piece in order of their ids."""
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_file(str(packaged() / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    pieces = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    assert pieces[CLS][0] == "[CLS]"
    return Reader(tokenizer), tuple(piece for piece, _ in pieces)


def embeddings() -> tuple[Floats, Floats]:
    """Of pieces, `(pieces, hidden)`, and of places, `(positions, hidden)`, that of the first type added to each.

    Those of pieces stay in the package's file: only the rows that are looked at come into memory.
    """
    path = packaged() / WEIGHTS
    words, places, types = (
        _mapped(path, f"embeddings.{name}_embeddings.weight") for name in ("word", "position", "token_type")
    )
    return words, np.asarray(places + types[0], np.float32)


def _mapped(path: Path, name: str) -> Floats:
    """A tensor of a safetensors file: eight bytes tell the length of a JSON header, which tells where each lies."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        found = orjson.loads(file.read(size))[name]
    if found["dtype"] != "F32":
        raise BadSettings(f"{path}: found {name} as {found['dtype']}, wanted F32")
    return np.memmap(path, np.float32, "r", 8 + size + found["data_offsets"][0], tuple(found["shape"]))
