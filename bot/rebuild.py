"""Reading, checking and building the knowledge in a process of its own: `python -m bot.rebuild`.

What happens here can take long, use much memory, hang or crash, so it never happens in a process that serves shoppers.
The job comes as one line of JSON on standard input; progress and, last, the outcome go out as lines of JSON on standard
output. When standard input ends, whoever wanted the job is gone, and so the process ends at once. Nothing is activated
here, and a kill at any moment leaves what `knowledge.build` promises.

    {"stage", "done", "total"}            again and again
    {"outcome": {…}}                      last, if the job was done
    {"problems": […]} | {"error": "…"}    last, if not
"""

import base64
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from bot.gathering import Kept, gather
from knowledge import gold, records
from knowledge.build import Progress, build, rehearse
from knowledge.compare import compare, wholes
from knowledge.encode import Encoder, open_counter, open_encoder
from knowledge.errors import KnowledgeError, SnapshotError, SourceError
from knowledge.gold import Gold, Score
from knowledge.library import current
from knowledge.overlay import Edit
from knowledge.passages import Hit, Query
from knowledge.patient import Patient
from knowledge.search import Index
from knowledge.snapshot import Snapshot
from knowledge.sources import Content

Say = Callable[[Mapping[str, Any]], None]
Task = Literal["read", "check", "build"]


@dataclass(frozen=True, slots=True)
class Job:
    """What to do, and with what.

    Attributes:
        kind: `read` the sources, `check` what a build would do, or `build`.
        content: Folder of the sources.
        root: Folder of the snapshots.
        cache: Folder of exported encoders.
        golds: Questions beside those that the content folder holds.
        skip_bad: Leave bad rows out instead of refusing.
    """

    kind: Task
    content: str
    root: str
    encoder: str
    cache: str
    kept: Kept = field(default_factory=Kept)
    golds: tuple[Gold, ...] = ()
    threads: int = 1
    skip_bad: bool = False

    def as_line(self) -> bytes:
        """The job as one line."""
        plain = asdict(self)
        uploads = {name: base64.b64encode(content).decode() for name, content in self.kept.uploads.items()}
        plain["kept"] = {"edits": plain["kept"]["edits"], "uploads": uploads}
        return json.dumps(plain).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "Job":
        """The job that `as_line` wrote."""
        plain: dict[str, Any] = json.loads(line)
        edits = tuple(
            Edit(**edit | {"questions": None if edit["questions"] is None else tuple(edit["questions"])})
            for edit in plain["kept"]["edits"]
        )
        uploads = {name: base64.b64decode(content) for name, content in plain["kept"]["uploads"].items()}
        golds = tuple(Gold(**one) for one in plain["golds"])
        return cls(**plain | {"kept": Kept(edits, uploads), "golds": golds})


class _Again(Exception):
    """Some texts could not be embedded: build without them."""


def main() -> int:
    """Do the job that comes on standard input."""
    say = _own_output()
    job = Job.from_line(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        say({"outcome": {"read": _read, "check": _check, "build": _build}[job.kind](job, say)})
    except SourceError as error:
        say({"problems": [asdict(problem) for problem in error.problems]})
        return 1
    except (KnowledgeError, OSError, MemoryError) as error:
        say({"error": str(error) or type(error).__name__})
        return 1
    return 0


def _own_output() -> Say:
    """Standard output for us alone; what libraries print goes to standard error."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    lock = threading.Lock()

    def say(line: Mapping[str, Any]) -> None:
        with lock:
            out.write(json.dumps(line).encode() + b"\n")

    return say


def _end_with_parent() -> None:
    while os.read(0, 4096):  # unbuffered: a reader of `sys.stdin` would hold its lock when the interpreter ends
        pass
    os._exit(3)


def _read(job: Job, say: Say) -> dict[str, Any]:
    """Everything that was read, uncut and without edits, as lines of records."""
    say({"stage": "read", "done": 0, "total": 1})
    content = gather(Path(job.content), Kept(uploads=job.kept.uploads), lambda _text: 0)
    return {
        "passages": records.lines(content.passages).decode(),
        "products": records.lines(content.products).decode(),
        "problems": [asdict(problem) for problem in content.problems],
        "files": dict(content.files),
    }


def _check(job: Job, say: Say) -> dict[str, Any]:
    """All problems, what would change, and what the gold questions would do."""
    content, golds = _gathered(job, say)
    encoder = _encoder(job)
    before = _serving(job, encoder)
    old = (wholes(before.passages.values()), tuple(before.products.values())) if before else ({}, ())
    diff = compare(old[0], wholes(content.passages), (old[1], content.products))
    known = {passage.entry for passage in content.passages}
    problems = [asdict(problem) for problem in content.problems]
    scores: dict[str, Any] = {"before": None, "after": None, "unknown": sorted({g.passage for g in golds} - known)}
    if before:
        scores["before"] = _score(golds, before.index, encoder, say)
    if content.passages:
        index = rehearse(content, Path(job.root), encoder, _progress(say))
        scores["after"] = _score(golds, index, encoder, say)
    return {"problems": problems, "diff": asdict(diff), "gold": scores}


def _build(job: Job, say: Say) -> dict[str, Any]:
    """A snapshot of everything, and how it does beside the one that serves."""
    content, golds = _gathered(job, say)
    if content.problems and not job.skip_bad:
        raise SourceError(content.problems)
    encoder = _encoder(job)
    version, failed = built(content, Path(job.root), Patient(encoder, time.sleep), _progress(say))
    before = _serving(job, encoder)
    after = Snapshot.load(Path(job.root) / version)
    scores = {
        "before": _score(golds, before.index, encoder, say) if before else None,
        "after": _score(golds, after.index, encoder, say),
    }
    problems = [asdict(problem) for problem in content.problems]
    return {"version": version, "problems": problems, "failed": failed, "gold": scores}


def _gathered(job: Job, say: Say) -> tuple[Content, tuple[Gold, ...]]:
    """The sources, and all gold questions; a problem with those is one of the sources'."""
    say({"stage": "read", "done": 0, "total": 1})
    content = gather(Path(job.content), job.kept, open_counter(job.encoder, Path(job.cache)))
    shipped, problems = gold.read(Path(job.content) / gold.FILE)
    merged = {one.id: one for one in (*shipped, *job.golds)}
    say({"stage": "read", "done": 1, "total": 1})
    return replace(content, problems=(*content.problems, *problems)), tuple(merged.values())


def built(content: Content, root: Path, patient: Patient, progress: Progress) -> tuple[str, list[dict[str, str]]]:
    """The version, and the entries that had to be left out because they could not be embedded, each with the reason.

    Raises:
        KnowledgeError: As `knowledge.build.build`.
    """

    def watched(step: str, done: int, total: int) -> None:
        if step == "dense" and patient.failed:
            raise _Again
        progress(step, done, total)

    failed: list[dict[str, str]] = []
    while True:
        try:
            return build(content, root, patient, watched), failed
        except _Again:
            content, lost = _without(content, patient.failed)
            failed += lost
            patient.failed.clear()


def _without(content: Content, failed: Mapping[str, str]) -> tuple[Content, list[dict[str, str]]]:
    """The content without the entries that have a failed row: a part of one would answer only half."""
    from knowledge.dense import row_texts

    why: dict[str, str] = {}
    for passage in content.passages:
        for text in row_texts(passage):
            if text in failed:
                why.setdefault(f"{passage.entry}:{passage.lang}", failed[text])
    kept = tuple(p for p in content.passages if f"{p.entry}:{p.lang}" not in why)
    return replace(content, passages=kept), [{"id": id_, "why": reason} for id_, reason in why.items()]


def _encoder(job: Job) -> Encoder:
    return open_encoder(job.encoder, Path(job.cache), threads=job.threads)


def _serving(job: Job, encoder: Encoder) -> Snapshot | None:
    """The snapshot that serves; None if there is none that this encoder can search."""
    root = Path(job.root)
    try:
        snapshot = Snapshot.load(root / current(root))
    except SnapshotError:
        return None
    return snapshot if (snapshot.manifest.encoder, snapshot.manifest.dim) == (encoder.name, encoder.dim) else None


def _score(golds: Sequence[Gold], index: Index, encoder: Encoder, say: Say) -> dict[str, Any]:
    """The questions through the shop's own search."""
    asked = 0

    def search(query: Query) -> Sequence[Hit]:
        nonlocal asked
        asked += 1
        if asked % 16 == 0:
            say({"stage": "gold", "done": asked, "total": len(golds)})
        return index.search(query, *index.rows(query, encoder.encode))[0]

    say({"stage": "gold", "done": 0, "total": len(golds)})
    score: Score = gold.judge(golds, search)
    return asdict(score)


def _progress(say: Say) -> Progress:
    return lambda step, done, total: say({"stage": step, "done": done, "total": total})


if __name__ == "__main__":
    sys.exit(main())
