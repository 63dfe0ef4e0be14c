"""A snapshot: one immutable build of the shop's knowledge, in a folder of its own.

A build is a transaction. Everything is written into a folder whose name begins with `.building-`, which nobody reads;
each file is flushed to the disk; `manifest.json` with the hashes of all others comes last; the finished folder is
loaded once as a worker would load it; only then it gets its real name, in one step. A build that is killed, fails or
finds the disk full leaves such a hidden folder at most, and the next build removes it. Until `library.activate` points
at the new folder, the old one serves.

Folders are named by the time of the build and the hash of what was built: format, encoder, passages, products, reviews,
promotions. Building the same content again gives the version that is there. Vectors are taken over from the newest
whole snapshot of the same encoder, text by text, so only new and changed texts are embedded.

One build at a time: a lock on `.build.lock`, which the system lets go when its holder dies, keeps a second one out.

    passages.jsonl  products.jsonl  reviews.jsonl   what was read, in the order of ids
    promotions.jsonl                                their codes and conditions, in the order of codes
    glossary.jsonl                                  words in two languages: the shop's, the catalogue's, general ones
    vectors.npy     index.faiss                     rows of all passages in order; FAISS over those that can be read
    lexical/                                        bm25s: arrays and JSON
    head.json  head.npz                             what tells the FAQ's entries apart; `{}` where they are too few
    manifest.json                                   last

Nothing is ever unpickled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np

from knowledge import head, lexical, manifest, records
from knowledge.dense import Dense, owners
from knowledge.encode import Vectors
from knowledge.errors import SnapshotError
from knowledge.glossary import Glossary
from knowledge.head import Head
from knowledge.manifest import MANIFEST, Manifest
from knowledge.match import Matcher
from knowledge.passages import Hit, Passage, Product, Promotion, Query, Review
from knowledge.search import Index, Learned

PASSAGES, PRODUCTS, REVIEWS = "passages.jsonl", "products.jsonl", "reviews.jsonl"
PROMOTIONS, GLOSSARY = "promotions.jsonl", "glossary.jsonl"
VECTORS, INDEX, LEXICAL = "vectors.npy", "index.faiss", "lexical"
FILES = (
    PASSAGES,
    PRODUCTS,
    REVIEWS,
    PROMOTIONS,
    GLOSSARY,
    VECTORS,
    INDEX,
    *head.FILES,
    *(f"{LEXICAL}/{name}" for name in lexical.FILES),
)


@dataclass(frozen=True)
class Snapshot:
    """A loaded snapshot. Immutable; searched by many threads at once.

    Attributes:
        passages: By id, in the order of ids.
        products: By handle.
    """

    manifest: Manifest
    passages: Mapping[str, Passage]
    products: Mapping[str, Product]
    reviews: tuple[Review, ...]
    index: Index
    promotions: tuple[Promotion, ...] = ()
    glossary: Glossary = field(default_factory=Glossary)

    @property
    def version(self) -> str:
        """Also the folder's name."""
        return self.manifest.version

    @classmethod
    def load(cls, folder: Path) -> "Snapshot":
        """Check every file's hash, then load.

        Raises:
            SnapshotError: A file is missing, damaged, of another format, or does not fit the others.
        """
        label = verify(folder)
        try:
            return _load(folder, label)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise SnapshotError(f"{folder}: {error}") from error

    def search(self, query: Query, vector: Vectors) -> tuple[Hit, ...]:
        """Hits for `query`, best first; `vector` is its `(dim,)` row, all zeros if the encoder cannot read it."""
        return self.index.search(query, vector)[0]


def verify(folder: Path) -> Manifest:
    """Check that the folder is a whole snapshot of this format: each file there, each hash right.

    Raises:
        SnapshotError: Naming the first file that is not as it was written.
    """
    label = manifest.verify(folder)
    if missing := set(FILES) - set(label.files):
        raise SnapshotError(f"{folder / MANIFEST}: found no hash of {min(missing)}, wanted one")
    return label


def _load(folder: Path, label: Manifest) -> Snapshot:
    """The parts, put together; whether they fit one another is checked where they meet."""
    passages = records.parse((folder / PASSAGES).read_bytes(), records.passage)
    products = records.parse((folder / PRODUCTS).read_bytes(), records.product)
    vectors = read_vectors(folder)
    if vectors.shape[1] != label.dim:
        raise ValueError(f"found vectors of dimension {vectors.shape[1]}, wanted {label.dim}")
    dense = Dense.load((folder / INDEX).read_bytes(), vectors, owners(passages))
    words = lexical.Lexical.load(folder / LEXICAL)
    if words.size != len(passages):
        raise ValueError(f"found {words.size} documents in {LEXICAL}, wanted {len(passages)}")
    glossary = Glossary(records.parse((folder / GLOSSARY).read_bytes(), records.term))
    return Snapshot(
        manifest=label,
        passages=MappingProxyType({passage.id: passage for passage in passages}),
        products=MappingProxyType({product.handle: product for product in products}),
        reviews=records.parse((folder / REVIEWS).read_bytes(), records.review),
        index=Index(passages, Matcher(products), dense, words, Learned(glossary, Head.load(folder, vectors))),
        promotions=records.parse((folder / PROMOTIONS).read_bytes(), records.promotion),
        glossary=glossary,
    )


def read_vectors(folder: Path) -> Vectors:
    """All rows, `(rows, dim)`, as a memory map.

    Raises:
        ValueError: It is not such an array.
    """
    vectors = np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False)
    if vectors.ndim != 2 or vectors.dtype != np.float32:
        raise ValueError(f"{VECTORS}: found {vectors.dtype} of shape {vectors.shape}, wanted float32 (rows, dim)")
    rows: Vectors = vectors
    return rows
