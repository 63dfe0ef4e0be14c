"""Building a snapshot; `snapshot.py` tells how and why. What serves is not changed here (`library.py`)."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np

from knowledge import manifest, records
from knowledge.dense import Dense, owners, row_texts
from knowledge.encode import Encoder, Vectors
from knowledge.errors import EncoderError, SnapshotError
from knowledge.glossary import Glossary, Term, general
from knowledge.head import save_none
from knowledge.learn import learn
from knowledge.lexical import Lexical, document
from knowledge.manifest import BUILDING, FORMAT, MANIFEST, Manifest, folders
from knowledge.match import Matcher
from knowledge.mined import mined
from knowledge.passages import Passage, Product, Promotion, Review
from knowledge.search import Index, Learned
from knowledge.snapshot import (
    GLOSSARY,
    INDEX,
    LEXICAL,
    PASSAGES,
    PRODUCTS,
    PROMOTIONS,
    REVIEWS,
    VECTORS,
    Snapshot,
    read_vectors,
    verify,
)

EMBED_TOGETHER = 64

Progress = Callable[[str, int, int], None]


class Sources(Protocol):
    """What has been read from the shop's sources; `knowledge.sources.Content` is one."""

    @property
    def passages(self) -> Sequence[Passage]:
        """Any order; ids occur once."""
        ...

    @property
    def products(self) -> Sequence[Product]:
        """Any order; handles occur once."""
        ...

    @property
    def reviews(self) -> Sequence[Review]:
        """Kept in this order."""
        ...

    @property
    def promotions(self) -> Sequence[Promotion]:
        """Any order; codes occur once."""
        ...

    @property
    def terms(self) -> Sequence[Term]:
        """The shop's own words in two languages, in any order."""
        ...

    @property
    def files(self) -> Mapping[str, str]:
        """Source file → SHA-256."""
        ...


def build(
    content: Sources,
    root: Path,
    encoder: Encoder,
    progress: Progress | None = None,
    created_at: datetime | None = None,
) -> str:
    """Build `content` into a folder of `root` and return its version. Activates nothing.

    Args:
        content: What was read; must have at least one passage.
        root: Folder of the snapshots; made if it is not there.
        encoder: Embeds the texts that no earlier snapshot has.
        progress: Called with a step's name, how much of it is done, and of how much.
        created_at: Aware; now by default.

    Raises:
        SnapshotError: Nothing to build, an id twice, another build running, or the disk is full.
        EncoderError: The encoder's rows are not what it promised.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with _alone(root):
            for left in root.glob(f"{BUILDING}*"):
                shutil.rmtree(left)
            return _Build(content, root, encoder, progress or _silent, created_at or datetime.now(UTC)).version()
    except OSError as error:
        what = error.strerror or f"{error}; is the disk full?"  # NumPy tells a short write without the system's reason
        raise SnapshotError(f"{error.filename or root}: {what}; nothing was changed") from error


def rehearse(content: Sources, root: Path, encoder: Encoder, progress: Progress | None = None) -> Index:
    """The index that `build` would make of `content`; nothing is written, and other builds may run.

    Raises:
        SnapshotError: There is nothing to build, or an id twice.
        EncoderError: The encoder's rows are not what it promised.
    """
    passages, _ = _records(content)
    made = _Build(content, root, encoder, progress or _silent, datetime.now(UTC))
    dense = Dense.build(made._vectors(passages), owners(passages))
    words = Lexical.build([document(p) for p in passages])
    learned = Learned(Glossary(_terms(content, passages)), learn(passages, dense.vectors))
    return Index(passages, Matcher(content.products), dense, words, learned)


def _silent(step: str, done: int, total: int) -> None:
    """Progress that nobody wants to see."""


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the lock on builds, or refuse."""
    with (root / ".build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SnapshotError(f"{root}: found another build running, wanted to be the only one") from None
        yield


@dataclass(frozen=True, slots=True)
class _Build:
    """One build, with the lock held."""

    content: Sources
    root: Path
    encoder: Encoder
    progress: Progress
    created_at: datetime

    def version(self) -> str:
        """The version of the content, built if it is not there."""
        passages, texts = _records(self.content)
        digest = _digest(self.encoder, texts)
        if (there := _existing(self.root, digest)) is not None:
            return there
        version = f"{self.created_at.astimezone(UTC):%Y%m%dT%H%M%S}-{digest}"
        folder = self.root / f"{BUILDING}{version}"
        folder.mkdir()
        try:
            counts = self._write(folder, passages, texts)
            self._seal(folder, version, counts)
            self._publish(folder, self.root / version)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return version

    def _write(self, folder: Path, passages: Sequence[Passage], texts: Mapping[str, bytes]) -> dict[str, int]:
        """All files but the manifest; gives its counts."""
        vectors = self._vectors(passages)
        self.progress("dense", 0, 1)
        index = Dense.build(vectors, owners(passages)).dump()
        self.progress("dense", 1, 1)
        words = Lexical.build([document(p) for p in self._counted("lexical", passages)])
        self.progress("learn", 0, 1)
        head = learn(passages, vectors)
        self.progress("learn", 1, 1)
        self.progress("write", 0, 1)
        for name, data in (*texts.items(), (INDEX, index)):
            (folder / name).write_bytes(data)
        with (folder / VECTORS).open("wb") as file:
            np.save(file, vectors, allow_pickle=False)
        head.save(folder) if head else save_none(folder)
        (folder / LEXICAL).mkdir()
        words.save(folder / LEXICAL)
        self.progress("write", 1, 1)
        return {
            "passages": len(passages),
            "rows": len(vectors),
            "unreadable": int(np.sum(~np.any(vectors, axis=1))),
            "products": len(self.content.products),
            "reviews": len(self.content.reviews),
            "promotions": len(self.content.promotions),
            "terms": len(self.content.terms),
        }

    def _vectors(self, passages: Sequence[Passage]) -> Vectors:
        """Rows of all passages; equal texts and those that an earlier snapshot has are not embedded again."""
        texts = [text for passage in passages for text in row_texts(passage)]
        known = _known(self.root, self.encoder)
        new = sorted({text for text in texts if _key(text) not in known}, key=lambda text: (len(text), text))
        self.progress("embed", 0, len(new))
        for start in range(0, len(new), EMBED_TOGETHER):
            some = new[start : start + EMBED_TOGETHER]
            known.update(zip(map(_key, some), _checked(self.encoder, some), strict=True))
            self.progress("embed", start + len(some), len(new))
        return np.stack([known[_key(text)] for text in texts])

    def _counted(self, step: str, passages: Sequence[Passage]) -> Iterator[Passage]:
        """The passages, with progress once in a while."""
        for done, passage in enumerate(passages):
            if done % 256 == 0:
                self.progress(step, done, len(passages))
            yield passage
        self.progress(step, len(passages), len(passages))

    def _seal(self, folder: Path, version: str, counts: Mapping[str, int]) -> None:
        """Flush every file, then write the manifest with their hashes."""
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        for path in (*files, folder / LEXICAL):
            manifest.sync(path)
        label = Manifest(
            version=version,
            created_at=self.created_at.astimezone(UTC).isoformat(),
            encoder=self.encoder.name,
            dim=self.encoder.dim,
            counts=counts,
            files={path.relative_to(folder).as_posix(): manifest.sha256(path) for path in files},
            sources=dict(self.content.files),
        )
        (folder / MANIFEST).write_bytes(manifest.sealed(label))
        manifest.sync(folder / MANIFEST)
        manifest.sync(folder)

    def _publish(self, folder: Path, final: Path) -> None:
        """Load the folder as a worker would; give it its name if that works."""
        self.progress("verify", 0, 1)
        Snapshot.load(folder)
        self.progress("publish", 0, 1)
        if final.exists():  # a damaged one: a whole one would have been found by its digest
            shutil.rmtree(final)
        os.replace(folder, final)
        manifest.sync(self.root)
        self.progress("publish", 1, 1)


def _records(content: Sources) -> tuple[tuple[Passage, ...], dict[str, bytes]]:
    """Passages in the order of ids, and the files of what was read.

    Raises:
        SnapshotError: No passages, an id or handle twice, or text that cannot be written.
    """
    passages = tuple(sorted(content.passages, key=lambda p: p.id))
    products = sorted(content.products, key=lambda p: p.handle)
    promotions = sorted(content.promotions, key=lambda p: p.code)
    if not passages:
        raise SnapshotError("found no passage in the sources, wanted at least one; the old knowledge stays")
    for ids in ([p.id for p in passages], [p.handle for p in products], [p.code for p in promotions]):
        if twice := next((a for a, b in pairwise(ids) if a == b), None):
            raise SnapshotError(f"found {twice!r} twice in the sources, wanted each id once")
    try:
        files = {PASSAGES: passages, PRODUCTS: products, REVIEWS: content.reviews, PROMOTIONS: promotions}
        files[GLOSSARY] = _terms(content, passages)
        return passages, {name: records.lines(values) for name, values in files.items()}
    except ValueError as error:
        raise SnapshotError(f"cannot be written as JSON: {error}") from None


def _terms(content: Sources, passages: Sequence[Passage]) -> tuple[Term, ...]:
    """The glossary's terms: the shop's, those that its content holds, and the general ones."""
    return (*content.terms, *mined(content.products, passages), *general())


def _digest(encoder: Encoder, texts: Mapping[str, bytes]) -> str:
    """Hash of all that makes a snapshot what it is."""
    digest = hashlib.sha256(f"{FORMAT} {encoder.name} {encoder.dim}".encode())
    for name, data in texts.items():
        digest.update(f"\n{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:12]


def _existing(root: Path, digest: str) -> str | None:
    """The newest whole snapshot of that digest."""
    return next((label.version for label in _whole(root) if label.version.endswith(f"-{digest}")), None)


def _whole(root: Path) -> Iterator[Manifest]:
    """Manifests of the snapshots that nothing is wrong with, newest first."""
    for folder in folders(root):
        try:
            yield verify(folder)
        except SnapshotError:
            continue


def _known(root: Path, encoder: Encoder) -> dict[bytes, Vectors]:
    """Rows by key of their text, from the newest whole snapshot of the same encoder; empty if there is none."""
    fitting = (label for label in _whole(root) if (label.encoder, label.dim) == (encoder.name, encoder.dim))
    label = next(fitting, None)
    if label is None:
        return {}
    passages = records.parse((root / label.version / PASSAGES).read_bytes(), records.passage)
    texts = (text for passage in passages for text in row_texts(passage))
    return dict(zip(map(_key, texts), read_vectors(root / label.version), strict=True))


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _checked(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """Rows of `texts`.

    Raises:
        EncoderError: They have another shape than promised, or are neither of length 1 nor all zeros.
    """
    rows = np.asarray(encoder.encode(texts), np.float32)
    if rows.shape != (len(texts), encoder.dim):
        raise EncoderError(f"encoder {encoder.name}: found rows {rows.shape}, wanted {(len(texts), encoder.dim)}")
    lengths = np.linalg.norm(rows, axis=1)
    wrong = np.flatnonzero(~((np.abs(lengths - 1) < 1e-3) | (lengths == 0)))
    if len(wrong):
        raise EncoderError(f"encoder {encoder.name}: found a row of length {lengths[wrong[0]]}, wanted 1 or all zeros")
    return rows
