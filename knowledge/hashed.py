"""An encoder without a model: the twin of the real ones, for tests and for trying things out.

Each word is a fixed direction, taken from its hash; a text is the sum of its words'. Texts that share words are near
one another, and nothing else is known. Like the packaged model, it cannot read Chinese.
"""

import hashlib
from collections.abc import Sequence

import numpy as np

from knowledge.encode import Vectors
from knowledge.words import HAN, terms


class HashedEncoder:
    """`Encoder` by hashing; `dim` of a few dozen keeps chance likeness low. Counts what it embeds in `embedded`."""

    def __init__(self, dim: int = 64, name: str = "hashed") -> None:
        self.dim = dim
        self.name = f"{name}-{dim}"
        self.embedded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As in `Encoder`: a text with a Chinese character in it, or without any word, is unreadable."""
        self.embedded += len(texts)
        rows = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(rows, texts, strict=True):
            if not HAN.search(text):
                row += sum((self._direction(term) for term in terms(text)), np.zeros(self.dim, np.float32))
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
        return unit

    def _direction(self, term: str) -> Vectors:
        """A fixed row of ±1 for a word."""
        data = hashlib.shake_128(term.encode()).digest(self.dim)
        return np.where(np.frombuffer(data, np.uint8) & 1, 1.0, -1.0).astype(np.float32)
