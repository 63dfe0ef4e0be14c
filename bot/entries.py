"""Every entry as admins see it: where it came from, who changed it and when, in which snapshot it is, whether indexed.

The sources are read in a process of their own, uncut, and kept until a file, an upload or the listing changes; edits
are laid over them here. Comparing with the snapshot that serves tells what is indexed.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from bot.edits import Edits
from bot.errors import BadKnowledge
from bot.process import carry_out
from bot.rebuild import Job
from knowledge import records
from knowledge.compare import Whole, wholes
from knowledge.errors import Problem
from knowledge.overlay import Edit, overlaid
from knowledge.passages import Kind, Origin, Passage, Product
from knowledge.snapshot import Snapshot
from knowledge.sources import UPLOADS, Content


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in one language.

    Attributes:
        id: `entry` and language, as `faq:return-window:en`.
        text: What an edit would replace; for a product, its description.
        snapshot: The version that serves, if the entry is in it; None otherwise.
        indexed: Whether it is in that snapshot just as it is here.
        failed: Why the latest build left it out; None if it did not.
        hidden: Whether an edit hides it.
    """

    id: str
    entry: str
    kind: Kind
    lang: str
    title: str
    text: str
    origin: Origin
    questions: tuple[str, ...] = ()
    url: str = ""
    snapshot: str | None = None
    indexed: bool = False
    failed: str | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries: all that match what is not empty. `q` is looked for in titles, texts, questions and ids."""

    q: str = ""
    kind: str = ""
    lang: str = ""
    origin: Literal["", "file", "edit"] = ""
    after: str = ""
    limit: int = 50


class Sources:
    """The content folder and the uploads, read and kept. `job` gives a job that reads them."""

    def __init__(self, folder: Path, job: Job) -> None:
        self._folder, self._job = folder, job
        self._read: tuple[str, Content] | None = None
        self._reading = asyncio.Lock()

    async def content(self, uploads: Mapping[str, bytes]) -> Content:
        """Everything, uncut and without edits.

        Raises:
            BadKnowledge: The folder or its listing cannot be read.
        """
        stamp = await asyncio.to_thread(_stamp, self._folder, uploads)
        async with self._reading:
            if self._read is None or self._read[0] != stamp:
                self._read = (stamp, await self.fresh(uploads))
            return self._read[1]

    async def fresh(self, uploads: Mapping[str, bytes]) -> Content:
        """The same, read now, with these uploads."""
        job = replace(self._job, kept=replace(self._job.kept, uploads=uploads))
        outcome = await carry_out(job, lambda *_: None)
        if outcome.result is None:
            raise BadKnowledge(outcome.why, outcome.problems)
        return await asyncio.to_thread(_content, outcome.result)


class Entries:
    """The entries of now, beside a snapshot."""

    def __init__(self, edits: Edits, sources: Sources) -> None:
        self._edits, self._sources = edits, sources
        self._serving: tuple[str, dict[str, Whole]] | None = None

    async def page(self, wanted: Filter, snapshot: Snapshot, failed: Mapping[str, str]) -> tuple[list[Entry], int]:
        """A page of entries in the order of ids, and how many match in all.

        Args:
            wanted: Which.
            snapshot: What serves.
            failed: Entry and language → why it was left out.

        Raises:
            BadKnowledge, StoreLost: The sources cannot be read.
        """
        edits = await self._edits.all()
        base = await self._sources.content(await self._edits.contents())
        found = await asyncio.to_thread(self._all, base, edits, snapshot, failed)
        matching = [entry for entry in found if _matches(entry, wanted)]
        later = [entry for entry in matching if entry.id > wanted.after] if wanted.after else matching
        return later[: wanted.limit], len(matching)

    def _all(
        self, base: Content, edits: tuple[Edit, ...], snapshot: Snapshot, failed: Mapping[str, str]
    ) -> list[Entry]:
        if self._serving is None or self._serving[0] != snapshot.version:
            self._serving = (snapshot.version, wholes(snapshot.passages.values()))
        content = overlaid(base, edits, lambda _text: 0)
        view = _View(wholes(content.passages), self._serving[1], snapshot.version, failed)
        shown = {entry.id: entry for entry in map(view.placed, _entries(content))}
        for entry in map(view.placed, _entries(base)):
            if entry.id not in shown:
                edit = next(
                    (e for e in edits if e.hidden and e.entry == entry.entry and e.lang in ("", entry.lang)), None
                )
                shown[entry.id] = replace(entry, hidden=True, origin=_edited(entry.origin, edit))
        for edit in edits:
            if not edit.hidden and f"{edit.entry}:{edit.lang}" not in shown:
                shown[f"{edit.entry}:{edit.lang}"] = _homeless(edit)
        return [shown[id_] for id_ in sorted(shown)]


@dataclass(frozen=True, slots=True)
class _View:
    """What an entry is held against."""

    now: Mapping[str, Whole]
    serving: Mapping[str, Whole]
    version: str
    failed: Mapping[str, str]

    def placed(self, entry: Entry) -> Entry:
        """The entry with where it stands."""
        served, now = self.serving.get(entry.id), self.now.get(entry.id)
        indexed = bool(served and now and served.same(now))
        version = self.version if served else None
        return replace(entry, snapshot=version, indexed=indexed, failed=self.failed.get(entry.id))


def _entries(content: Content) -> Iterator[Entry]:
    origins = {passage.id: passage.origin for passage in content.passages}
    for passage in content.passages:
        if passage.kind is not Kind.PRODUCT:
            yield _text(passage)
    for product in content.products:
        for lang in product.wording:
            yield _product(product, lang, origins)


def _text(passage: Passage) -> Entry:
    names = ("entry", "kind", "lang", "title", "text", "origin", "questions", "url")
    return Entry(id=f"{passage.entry}:{passage.lang}", **{name: getattr(passage, name) for name in names})


def _product(product: Product, lang: str, origins: Mapping[str, Origin]) -> Entry:
    words, entry = product.words(lang), f"product:{product.handle}"
    origin = origins.get(f"{entry}:{lang}", product.origin)
    return Entry(f"{entry}:{lang}", entry, Kind.PRODUCT, lang, words.name, words.description, origin, url=product.url)


def _homeless(edit: Edit) -> Entry:
    """An edit for a product that the sources do not have."""
    why = "the sources have no such product; the edit waits for it"
    id_, origin = f"{edit.entry}:{edit.lang}", _edited(Origin("", 0), edit)
    return Entry(id_, edit.entry, edit.kind, edit.lang, edit.title or edit.entry, edit.text, origin, failed=why)


def _hiding(entry: Entry, edits: Iterable[Edit]) -> Edit | None:
    """The edit that hides an entry."""
    return next((e for e in edits if e.hidden and e.entry == entry.entry and e.lang in ("", entry.lang)), None)


def _edited(origin: Origin, edit: Edit | None) -> Origin:
    return replace(origin, edited_by=edit.by, edited_at=edit.at) if edit else origin


def _matches(entry: Entry, wanted: Filter) -> bool:
    if (wanted.kind and entry.kind != wanted.kind) or (wanted.lang and entry.lang != wanted.lang):
        return False
    if wanted.origin and (wanted.origin == "edit") != bool(entry.origin.edited_by):
        return False
    text = "\n".join((entry.id, entry.title, entry.text, *entry.questions)).casefold()
    return all(word in text for word in wanted.q.casefold().split())


def _stamp(folder: Path, uploads: Mapping[str, bytes]) -> str:
    """Changes whenever a file of the folder, or an upload, does."""
    stamp = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        facts = path.stat()
        stamp.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    for name, content in uploads.items():
        stamp.update(f"{UPLOADS}{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return stamp.hexdigest()


def _content(result: Mapping[str, Any]) -> Content:
    """What the reading process wrote."""
    return Content(
        passages=records.parse(result["passages"].encode(), records.passage),
        products=records.parse(result["products"].encode(), records.product),
        reviews=(),
        problems=tuple(Problem(**problem) for problem in result["problems"]),
        files=result["files"],
    )


def problems_of(content: Content, names: Iterable[str]) -> list[Problem]:
    """What is wrong with these uploads, one that was not taken for a source at all included."""
    of = {f"{UPLOADS}{name}" for name in names}
    found = [problem for problem in content.problems if problem.file in of]
    told = {problem.file for problem in found} | content.files.keys()
    found += [Problem(name, 0, "", "a name that no source has", "products, FAQ, pages, …") for name in of - told]
    return found
