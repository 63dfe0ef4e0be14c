"""Samples as the network takes them: encoded once, kept small, and laid into batches of like length."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bot.copying.source import PAD, SEP, Reader, picked
from bot.copying.target import target
from bot.lab.train.sample import Sample

Ints = NDArray[np.int32]
COPYABLE, GOLD, HEAD, ANSWERING = 1, 2, 4, 8
"""Bits of a piece: copyable, within what the answer rests on, a passage's mark, a mark of one that answers."""

_ROWS = ("ids", "roles", "flags", "said", "surfaces")


@dataclass(frozen=True, slots=True)
class Example:
    """A sample in numbers: `(n,)` pieces, roles and flags of its source, `(m,)` pieces and surfaces of its answer."""

    ids: Ints
    roles: Ints
    flags: Ints
    said: Ints
    surfaces: Ints
    tone: int

    @property
    def size(self) -> int:
        """Pieces of the source."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples side by side. `(batch, source)` and `(batch, steps)`; padding is false in `mask` and `spoken`."""

    ids: Tensor
    roles: Tensor
    copyable: Tensor
    gold: Tensor
    heads: Tensor
    answering: Tensor
    mask: Tensor
    said: Tensor
    surfaces: Tensor
    spoken: Tensor
    tone: Tensor

    def to(self, device: str) -> "Batch":
        """The same on another device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def example(sample: Sample, reader: Reader) -> Example:
    """A sample in numbers. Where it rests on nothing, words may be copied from anywhere."""
    source, answer = reader.read(sample.prompt), target(sample.answer, reader)
    gold = picked(source, sample.rests_on) if sample.rests_on else source.copyable
    heads = {place: n for n, place in enumerate(source.heads, 1)}
    flags = [
        COPYABLE * c + GOLD * g + HEAD * (i in heads) + ANSWERING * (heads.get(i) in sample.rests_on)
        for i, (c, g) in enumerate(zip(source.copyable, gold, strict=True))
    ]
    ids, roles, bits, said, surfaces = (
        np.asarray(row, np.int32) for row in (source.ids, source.roles, flags, answer.ids, answer.surfaces)
    )
    return Example(ids, roles, bits, said, surfaces, source.tone)


def lean(sample: Sample, reader: Reader, limit: int) -> Sample:
    """The sample with fewer wrong passages, the last first, until its source has at most `limit` pieces; one stays."""
    passages = list(sample.prompt.passages)
    while len(reader.read(replace(sample.prompt, passages=tuple(passages)))) > limit:
        wrong = [p for p in passages if p.n not in sample.rests_on]
        if len(wrong) < 2:
            break
        passages.remove(wrong[-1])
    places = {p.n: n for n, p in enumerate(passages, 1)}
    kept = tuple(replace(p, n=places[p.n]) for p in passages)
    rests_on = tuple(places[n] for n in sample.rests_on)
    return replace(sample, prompt=replace(sample.prompt, passages=kept), rests_on=rests_on)


def vocabulary(examples: Iterable[Example], pieces: Sequence[str], size: int) -> list[int]:
    """The `size` pieces that answers hold most often; none with a digit or a sign of currency: they are copied."""
    counts: Counter[int] = Counter()
    for one in examples:
        counts.update(one.said.tolist())
    allowed = (piece for piece, _ in counts.most_common() if piece > SEP and spoken(pieces[piece]))
    found = [SEP, *allowed][:size]
    rest = (
        n for n, piece in enumerate(pieces) if n > SEP and n not in set(found) and piece.isascii() and spoken(piece)
    )
    return [*found, *(next(rest) for _ in range(size - len(found)))]


def spoken(piece: str) -> bool:
    """Whether a piece may be generated: no digit, no sign of currency, no mark."""
    return not any(sign.isdigit() or sign in "$€£¥₹" for sign in piece) and not piece.startswith("[")


def batches(examples: Sequence[Example], pieces: int, rng: random.Random) -> Iterator[list[Example]]:
    """Batches of at most `pieces` source pieces, padding included; every example once, in an order drawn by `rng`."""
    order = sorted(range(len(examples)), key=lambda i: examples[i].size + rng.random() * 16)
    groups: list[list[int]] = [[]]
    for i in order:
        if (len(groups[-1]) + 1) * examples[i].size > pieces and groups[-1]:
            groups.append([])
        groups[-1].append(i)
    rng.shuffle(groups)
    for group in groups:
        yield [examples[i] for i in group]


def batch(examples: Sequence[Example]) -> Batch:
    """Examples side by side."""
    flags = _rows([one.flags for one in examples])
    said = _rows([one.said for one in examples])
    ids = _rows([one.ids for one in examples])
    steps = torch.tensor([len(one.said) for one in examples])
    return Batch(
        ids=ids,
        roles=_rows([one.roles for one in examples]),
        copyable=(flags & COPYABLE) > 0,
        gold=(flags & GOLD) > 0,
        heads=(flags & HEAD) > 0,
        answering=(flags & ANSWERING) > 0,
        mask=ids != PAD,
        said=said,
        surfaces=_rows([one.surfaces for one in examples]),
        spoken=torch.arange(said.shape[1] - 1) < steps[:, None] - 1,
        tone=torch.tensor([one.tone for one in examples]),
    )


def _rows(rows: Sequence[Ints]) -> Tensor:
    out = np.full((len(rows), max(map(len, rows))), PAD, np.int64)
    for place, row in enumerate(rows):
        out[place, : len(row)] = row
    return torch.from_numpy(out)


def keep(examples: Sequence[Example], path: Path) -> None:
    """Write examples, so that another sitting need not make them anew; whole or not at all."""
    columns = {name: np.concatenate([getattr(one, name) for one in examples]) for name in _ROWS}
    sizes = np.asarray([(one.size, len(one.said), len(one.surfaces), one.tone) for one in examples], np.int32)
    part = path.with_suffix(".part.npz")
    np.savez(part, sizes=sizes, **columns)  # type: ignore[arg-type]
    part.replace(path)


def kept(path: Path) -> list[Example]:
    """The examples that `keep` wrote."""
    with np.load(path) as file:
        sizes, columns = file["sizes"], {name: file[name] for name in _ROWS}
    ends = np.cumsum(sizes[:, [0, 0, 0, 1, 2]], axis=0)
    starts = ends - sizes[:, [0, 0, 0, 1, 2]]
    rows = zip(starts.tolist(), ends.tolist(), sizes[:, 3].tolist(), strict=True)
    return [_example(columns, start, end, tone) for start, end, tone in rows]


def _example(columns: Mapping[str, Ints], start: list[int], end: list[int], tone: int) -> Example:
    ids, roles, flags, said, surfaces = (columns[name][a:b] for name, a, b in zip(_ROWS, start, end, strict=True))
    return Example(ids, roles, flags, said, surfaces, tone)
