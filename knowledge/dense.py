"""Nearest passages by cosine, in FAISS: exact for small shops, a graph with an exact second look for large ones.

Each passage has one row for its title and text and one for each example question; a passage scores what its best row
scores. Rows that are all zeros (texts that the encoder cannot read) are kept in the array, so that rows stay aligned
with the passages, and left out of the index.

Measured 2026-11-22, one thread, 384 dimensions, synthetic unit rows in clusters. Exact: 0.04 ms a query at 1k rows,
0.4 at 10k, 1.0 at 20k, 3.3 at 50k, 6.4 at 100k. HNSW on 8-bit rows with exact re-scoring: 0.2 ms at 100k with recall@10
1.0 where clusters are large; at 50k rows in clusters of five, 0.92 in 1.0 ms (breadth 256) and 0.98 in 1.8 ms (512),
after 45 s of building. So up to `FLAT_ROWS` rows search is exact: it costs about what embedding the query does and
builds at once. Above, the breadth is chosen when the index is built: the smallest of `BREADTHS` that finds `RECALL` of
the true ten on the shop's own rows. Where none does, the index stays exact.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.encode import Vectors
from knowledge.passages import Passage

FLAT_ROWS = 100_000
NEIGHBOURS = 32
BUILD_BREADTH = 100
BREADTHS = (64, 128, 256, 512, 1024)
RECALL = 0.99
TRIALS = 200
TRIAL_COSINE = 0.7

Places = NDArray[np.int64]


def row_texts(passage: Passage) -> list[str]:
    """The texts of a passage's rows, in order: title and text together, then each example question."""
    return [f"{passage.title}\n{passage.text}", *passage.questions]


def owners(passages: Sequence[Passage]) -> Places:
    """For each row, the place of its passage, `(rows,)`."""
    return np.repeat(np.arange(len(passages)), [1 + len(p.questions) for p in passages]).astype(np.int64)


class Dense:
    """An index over rows, searched by passage.

    Attributes:
        vectors: `(rows, dim)` float32, unit or zero rows; may be a memory map.
    """

    def __init__(self, index: Any, vectors: Vectors, owner: Places) -> None:
        self._index = index
        self._exact = type(index).__name__.startswith("IndexFlat")
        self.vectors = vectors
        self._rows = _readable(vectors)
        self._all = owner
        self._owner = owner[self._rows]

    @classmethod
    def build(cls, vectors: Vectors, owner: Places, flat_rows: int = FLAT_ROWS) -> Self:
        """Index `vectors`, exactly up to `flat_rows` of them; on one thread, so equal rows give equal bytes."""
        faiss = _faiss()
        rows = np.ascontiguousarray(vectors[_readable(vectors)])
        index = _graph(rows) if len(rows) > flat_rows else None
        if index is None:
            index = faiss.IndexFlatIP(vectors.shape[1])
            index.add(rows)
        return cls(index, vectors, owner)

    @property
    def exact(self) -> bool:
        """Whether a search looks at every row; otherwise a graph answers."""
        return self._exact

    def read(self, passages: int) -> NDArray[np.bool_]:
        """For each of so many passages whether at least half of its rows can be read."""
        rows = np.bincount(self._all, minlength=passages)
        return np.bincount(self._owner, minlength=passages) * 2 >= np.maximum(rows, 1)

    def dump(self) -> bytes:
        """The index without `vectors`, in FAISS' own format."""
        faiss = _faiss()

        data: bytes = faiss.serialize_index(self._index).tobytes()
        return data

    @classmethod
    def load(cls, data: bytes, vectors: Vectors, owner: Places) -> Self:
        """Read what `dump` gave; the caller has checked its hash, because FAISS reads some damaged data in silence.

        Raises:
            ValueError: The parts do not fit one another.
            RuntimeError: FAISS cannot read `data`.
        """
        faiss = _faiss()

        index = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        if len(owner) != len(vectors):
            raise ValueError(f"found {len(vectors)} vectors, wanted {len(owner)}")
        if index.d != vectors.shape[1]:
            raise ValueError(f"found an index of dimension {index.d}, wanted {vectors.shape[1]}")
        if index.ntotal != len(_readable(vectors)):
            raise ValueError(f"found {index.ntotal} rows in the index, wanted {len(_readable(vectors))}")
        return cls(index, vectors, owner)

    def search(self, vector: Vectors, allowed: NDArray[np.bool_], depth: int) -> list[tuple[int, float]]:
        """The best `depth` allowed passages as (place, cosine of the best row), best first, ties by place.

        Args:
            vector: `(dim,)`, of length 1; all zeros (unreadable) finds nothing.
            allowed: `(passages,)`, which passages may be returned.
            depth: At most so many.
        """
        rows = np.flatnonzero(allowed[self._owner])
        if not len(rows) or not np.any(vector):
            return []
        wanted = min(len(rows), depth * 4)
        while True:
            near, cosines = self._nearest(vector, rows, wanted)
            best = _best_rows(self._owner[near], cosines)
            if len(best) >= depth or wanted >= len(rows):
                return best[:depth]
            wanted = min(len(rows), wanted * 4)

    def _nearest(self, vector: Vectors, rows: Places, wanted: int) -> tuple[Places, Vectors]:
        """About `wanted` of `rows` (numbers in the index) with their exact cosines, in no order that matters."""
        if self._exact:
            return self._ask(vector, rows, wanted)
        if len(rows) <= max(FLAT_ROWS, wanted):
            return rows, self.vectors[self._rows[rows]] @ vector
        near, _ = self._ask(vector, rows, wanted)
        return near, self.vectors[self._rows[near]] @ vector

    def _ask(self, vector: Vectors, rows: Places, wanted: int) -> tuple[Places, Vectors]:
        """The index's own answer among `rows`."""
        faiss = _faiss()

        options: dict[str, Any] = {}
        if len(rows) < self._index.ntotal:
            allowed = np.zeros(self._index.ntotal, np.bool_)
            allowed[rows] = True
            options["sel"] = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
        if self._exact:
            params = faiss.SearchParameters(**options)
        else:
            params = faiss.SearchParametersHNSW(efSearch=max(self._index.hnsw.efSearch, wanted), **options)
        cosines, near = self._index.search(vector[None], wanted, params=params)
        found = near[0] >= 0
        return near[0][found], cosines[0][found]


def _faiss() -> Any:
    """FAISS, on one thread: more make one query slower on a busy machine. Its type stubs lack half of what it has."""
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss


def _readable(vectors: Vectors) -> Places:
    """Numbers of the rows that are not all zeros."""
    return np.flatnonzero(np.any(vectors, axis=1)).astype(np.int64)


def _graph(rows: Vectors) -> Any | None:
    """An HNSW index over `rows`, its breadth set as the module's docstring says; None where it recalls too little."""
    faiss = _faiss()

    index = faiss.IndexHNSWSQ(rows.shape[1], faiss.ScalarQuantizer.QT_8bit, NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = BUILD_BREADTH
    index.train(rows[:: max(1, len(rows) // 20_000)])
    index.add(rows)
    trials = _questions(rows[:: max(1, len(rows) // TRIALS)])
    truth = [set(np.argpartition(-(rows @ trial), 10)[:10]) for trial in trials]
    for breadth in BREADTHS:
        params = faiss.SearchParametersHNSW(efSearch=breadth)
        found = [_rescored(rows, trial, index.search(trial[None], 40, params=params)[1][0]) for trial in trials]
        if sum(len(t & f) for t, f in zip(truth, found, strict=True)) >= RECALL * 10 * len(trials):
            index.hnsw.efSearch = breadth
            return index
    return None


def _questions(rows: Vectors) -> Vectors:
    """Unit vectors at cosine `TRIAL_COSINE` to each of `rows`: a question lies near what answers it, never on it.

    Asked with the rows themselves, breadth 64 seemed to do at 100k rows, where real questions found 0.90 of their ten.
    """
    noise = np.random.default_rng(0).standard_normal(rows.shape).astype(np.float32)
    noise -= (noise * rows).sum(1, keepdims=True) * rows
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    return np.ascontiguousarray(TRIAL_COSINE * rows + np.sqrt(1 - TRIAL_COSINE**2, dtype=np.float32) * noise)


def _rescored(rows: Vectors, vector: Vectors, near: Places) -> set[Any]:
    """The ten nearest of `near` by exact cosine."""
    near = near[near >= 0]
    return set(near[np.argsort(-(rows[near] @ vector))[:10]])


def _best_rows(owner: Places, cosines: Vectors) -> list[tuple[int, float]]:
    """For each owner its best cosine, best first, ties by owner."""
    order = np.lexsort((owner, -cosines))
    _, first = np.unique(owner[order], return_index=True)
    ranked = order[np.sort(first)]
    return [(int(owner[i]), float(cosines[i])) for i in ranked]
