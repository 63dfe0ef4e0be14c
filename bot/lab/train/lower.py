"""The frozen layers' part of a batch: each text is read once and kept; shops' passages return with every question."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from bot.copying.model import CopyModel
from bot.copying.source import PASSAGE
from bot.lab.train.batches import COPYABLE, Example, Ints

MOST_BYTES = 10 << 30
"""Memory for what is kept; texts beyond are read anew each time."""

Span = tuple[int, int, int]
"""An example's number in its batch, and where a text of it begins and ends."""


class Lower:
    """What the frozen layers make of texts, in bf16."""

    def __init__(self, model: CopyModel, device: str) -> None:
        self._model, self._device = model, device
        self._kept: dict[bytes, Tensor] = {}
        self._bytes = 0

    def states(self, examples: Sequence[Example]) -> Tensor:
        """`(batch, source, hidden)` of examples side by side, padded with zeros."""
        spans = [(row, a, b) for row, one in enumerate(examples) for a, b in _texts(one.flags)]
        width = max(one.size for one in examples)
        out = torch.zeros(len(examples), width, self._model.config.hidden, dtype=torch.bfloat16, device=self._device)
        missing: list[Span] = []
        for row, a, b in spans:
            found = self._kept.get(examples[row].ids[a:b].tobytes())
            if found is None:
                missing.append((row, a, b))
            else:
                out[row, a:b] = found
        self._read(missing, examples, out)
        return out

    def _read(self, spans: list[Span], examples: Sequence[Example], out: Tensor) -> None:
        """Put the states of texts that are not kept where they belong; like lengths together."""
        spans = sorted(spans, key=lambda span: span[2] - span[1])
        for some in (spans[n : n + 32] for n in range(0, len(spans), 32)):
            states = self._run([examples[row].ids[a:b] for row, a, b in some])
            for (row, a, b), state in zip(some, states, strict=True):
                out[row, a:b] = state[: b - a]
                if examples[row].roles[a] >= PASSAGE and self._bytes < MOST_BYTES:
                    kept = state[: b - a].clone()
                    self._kept[examples[row].ids[a:b].tobytes()] = kept
                    self._bytes += kept.nbytes

    def _run(self, texts: list[Ints]) -> Tensor:
        lengths = torch.tensor([len(text) for text in texts])
        ids = np.zeros((len(texts), int(lengths.max())), np.int64)
        for row, text in enumerate(texts):
            ids[row, : len(text)] = text
        places = torch.arange(ids.shape[1])
        mask = (places < lengths[:, None]).to(self._device)
        model, device = self._model, self._device
        with torch.no_grad(), torch.autocast(device, torch.bfloat16):
            embedded = model.embedded(torch.from_numpy(ids).to(device), places.to(device))
            return model.lower(embedded, torch.ones_like(mask), mask).to(torch.bfloat16)


def _texts(flags: Ints) -> list[tuple[int, int]]:
    """Where texts begin, at their marks, and end."""
    marks = np.flatnonzero((flags & COPYABLE) == 0)
    return list(zip(marks.tolist(), [*marks[1:].tolist(), len(flags)], strict=True))
