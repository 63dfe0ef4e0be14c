"""`Steps` of any network that computes on arrays: what is kept of each chat, and how a step's batch is laid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from bot.copying.decode import Scores
from bot.copying.lexicon import Floats, Ints, Lexicon
from bot.copying.source import Source
from bot.copying.table import Table

FAR = -1e4
"""Added to a logit of what is not there; as in `model.py`, which needs torch."""
SOURCE_ROUND, SAID_ROUND = 32, 32


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the decoder."""

    layers: int
    heads: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Laid:
    """A step's batch.

    `piece`, `place` and `tone` are `(batch,)`; `past` `(batch, said)` and `mask` `(batch, source)` are 0 or `FAR`.
    `source` is states, pointer keys and bias, then keys and values for each layer; `cache` keys and values of what was
    said for each layer. These are arrays of the network's own kind.
    """

    piece: Ints
    place: Ints
    tone: Ints
    past: Floats
    mask: Floats
    source: Sequence[Any]
    cache: Sequence[Any]


class Net(Protocol):
    """A network on arrays of its own kind."""

    shape: Shape
    lexicon: Lexicon

    def zeros(self, shape: tuple[int, ...]) -> Any:
        """An array."""
        ...

    def host(self, array: Any) -> Floats:
        """An array as numpy's."""
        ...

    def read(self, source: Source) -> Sequence[Any]:
        """States, pointer keys, bias, answers, then keys and values for each layer, of one source: `(1, …)` each."""
        ...

    def go(self, laid: Laid) -> Sequence[Any]:
        """Copy, carry, word, vocabulary, surface, then new keys and values for each layer."""
        ...


class Rows:
    """`Steps` of a network."""

    def __init__(self, net: Net) -> None:
        self._net, self.lexicon = net, net.lexicon
        shape = net.shape
        each = (shape.heads, 0, shape.hidden // shape.heads)
        self._crossed = [f"{part}{n}" for n in range(shape.layers) for part in ("keys", "values")]
        wide = {"states": (0, shape.hidden), "pointed": (0, shape.hidden), "bias": (0,)}
        self._source = Table(net.zeros, wide | dict.fromkeys(self._crossed, each), SOURCE_ROUND)
        self._said = Table(net.zeros, dict.fromkeys(self._crossed, each), SAID_ROUND)
        self._sizes: list[int] = []
        self._tones: list[int] = []
        self._steps: list[int] = []

    def join(self, source: Source) -> list[float]:
        """As in `Steps`."""
        states, pointed, bias, answers, *crossed = self._net.read(source)
        row = self._source.add(len(source))
        self._said.add(1)
        names = ["states", "pointed", "bias", *self._crossed]
        for name, array in zip(names, [states, pointed, bias, *crossed], strict=True):
            self._source.put(name, row, array[0])
        self._sizes.append(len(source))
        self._tones.append(source.tone)
        self._steps.append(0)
        logits = self._net.host(answers)[0]
        return [float(1 / (1 + np.exp(-logits[head]))) for head in source.heads]

    def leave(self, row: int) -> None:
        """As in `Steps`."""
        self._source.drop(row)
        self._said.drop(row)
        for kept in (self._sizes, self._tones, self._steps):
            kept[row] = kept[-1]
            kept.pop()

    def step(self, pieces: Sequence[int]) -> list[Scores]:
        """As in `Steps`."""
        self._said.widen(max(self._steps) + 1)
        out = self._net.go(self._laid(pieces))
        for name, array in zip(self._crossed, out[5:], strict=True):
            for row, step in enumerate(self._steps):
                self._said.put(name, row, array[row], step)
        self._steps = [step + 1 for step in self._steps]
        copy, carry, word, vocabulary, surface = map(self._net.host, out[:5])
        return [
            Scores(copy[row, :size], float(carry[row]), float(word[row]), vocabulary[row], surface[row])
            for row, size in enumerate(self._sizes)
        ]

    def _laid(self, pieces: Sequence[int]) -> Laid:
        source = [self._source.view(name) for name in ("states", "pointed", "bias", *self._crossed)]
        return Laid(
            piece=np.array(pieces, np.int64),
            place=np.array(self._steps, np.int64),
            tone=np.array(self._tones, np.int64),
            past=_hidden(self._steps, self._said.width),
            mask=_hidden(self._sizes, self._source.width),
            source=source,
            cache=[self._said.view(name) for name in self._crossed],
        )


def _hidden(sizes: Sequence[int], width: int) -> Floats:
    """`(rows, width)`: 0 where there is something, `FAR` behind it."""
    return np.where(np.arange(width) < np.array(sizes)[:, None], 0, FAR).astype(np.float32)
