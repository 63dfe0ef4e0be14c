"""The shop's knowledge, for admins: entries and their edits, uploaded files, gold questions, and checking it all."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import UploadFile

from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.edits import LARGEST_FILE_BYTES, check_file
from bot.entries import Entry, Filter, problems_of
from bot.errors import BadKnowledge, TooLarge
from bot.routes.auth import signed_in
from bot.upkeep import Upkeep
from knowledge import gold
from knowledge.overlay import Edit
from knowledge.passages import Kind

router = APIRouter(prefix="/api", tags=["knowledge"])

_reads = signed_in(Role.ADMIN, Scope.KNOWLEDGE_READ)
_writes = signed_in(Role.ADMIN, Scope.KNOWLEDGE_WRITE)
Reader = Annotated[Person, Depends(_reads)]
Writer = Annotated[Person, Depends(_writes)]


MOST_FILES = 20
LARGEST_FORM_BYTES = 2 * LARGEST_FILE_BYTES
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            }
        },
    }
}


class Wanted(BaseModel):
    """Which entries; everything that is given must fit. `next` of one page is `after` of the next one."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=200)
    kind: Literal["", "faq", "policy", "product", "promotion"] = ""
    lang: str = Field("", max_length=2)
    origin: Literal["", "file", "edit"] = ""
    after: str = Field("", max_length=400)
    limit: int = Field(50, ge=1, le=500)


class Words(BaseModel):
    """An edit. What is not given stays as the files have it; a product's `text` is its description."""

    model_config = ConfigDict(extra="forbid")

    title: str = ""
    text: str
    questions: list[str] | None = None
    url: str = ""


class Question(BaseModel):
    """A gold question; without an `id` one is chosen. `passage` is the id of the entry that must be found."""

    model_config = ConfigDict(extra="forbid")

    id: str = ""
    question: str
    lang: str
    passage: str


@router.get("/knowledge/entries")
async def entries(request: Request, asked: Annotated[Wanted, Query()], _who: Reader) -> dict[str, Any]:
    """Every entry of files, uploads and edits, in the order of ids.

    Each tells where it came from (`origin`), in which snapshot it is (null: in none yet), whether it is `indexed` just
    as shown here, why the latest build left it out (`failed`), and whether an edit hides it.
    """
    services, upkeep = request.app.state.services, _upkeep(request)
    latest = next((run for run in await upkeep.runs.log.latest(1)), None)
    failed = {one["id"]: one["why"] for one in (latest.report.failed if latest else ())}
    wanted = Filter(asked.q, asked.kind, asked.lang, asked.origin, asked.after, asked.limit)
    found, total = await upkeep.entries.page(wanted, services.library.current, failed)
    more = found[-1].id if len(found) == asked.limit else None
    return {"items": [_shown(entry) for entry in found], "next": more, "total": total}


@router.put("/knowledge/entries/{entry}")
async def edit(entry: str, body: Words, request: Request, who: Writer, lang: str) -> dict[str, Any]:
    """Write an entry in one language: a new one, or in the place of what the files say. In the next build.

    The id begins with the kind: `faq:…`, `policy:…`, `promotion:…`, or `product:…` for a product's name and
    description.
    """
    questions = None if body.questions is None else tuple(body.questions)
    wanted = Edit(entry, lang, who.name, "", body.title, body.text, questions, body.url)
    return asdict(await _upkeep(request).edits.put(wanted))


@router.delete("/knowledge/entries/{entry}")
async def remove(entry: str, request: Request, who: Writer, lang: str = "") -> dict[str, str]:
    """Drop the edit of an entry, so that the files' words count again; without an edit, hide the entry.

    Without `lang`, it is hidden in every language. The answer's `state` is `dropped` or `hidden`.
    """
    return {"state": await _upkeep(request).edits.remove(entry, lang, who.name)}


@router.post("/knowledge/entries/{entry}/restore", status_code=204)
async def restore(entry: str, request: Request, who: Writer, lang: str = "") -> None:
    """Show a hidden entry again. 404 when it is not hidden."""
    await _upkeep(request).edits.restore(entry, lang, who.name)


@router.get("/knowledge/files")
async def files(request: Request, _who: Reader) -> dict[str, Any]:
    """All uploaded files, with who uploaded them and when."""
    return {"items": [asdict(upload) for upload in await _upkeep(request).edits.files()]}


@router.post("/knowledge/files", openapi_extra=_FORM)
async def upload(request: Request, who: Writer) -> dict[str, Any]:
    """Keep source files beside the content folder; one of the same name as a file there is read in its place.

    They are read first, together with everything else. When anything in them is wrong, or they make something else
    wrong, nothing is kept, and 422 lists all `problems` by file, line and column.
    """
    new = await _uploaded(request)
    upkeep = _upkeep(request)
    kept = await upkeep.edits.contents()
    before = await upkeep.sources.content(kept)
    after = await upkeep.sources.fresh({**kept, **new})
    known = set(before.problems)
    problems = list(dict.fromkeys(problems_of(after, new) + [p for p in after.problems if p not in known]))
    if problems:
        raise BadKnowledge("\n".join(map(str, problems[:20])), [asdict(problem) for problem in problems])
    return {"items": [asdict(await upkeep.edits.put_file(name, content, who.name)) for name, content in new.items()]}


@router.delete("/knowledge/files/{name:path}", status_code=204)
async def remove_file(name: str, request: Request, who: Writer) -> None:
    """Forget an uploaded file; what it replaced counts again with the next build."""
    await _upkeep(request).edits.remove_file(name, who.name)


@router.post("/knowledge/check")
async def check(request: Request, _who: Reader) -> dict[str, Any]:
    """What a build would do: all problems, the differences to the snapshot that serves, and the gold questions' scores.

    Nothing is built. `gold` has the scores `before` (what serves) and `after`, and the `unknown` entries that questions
    ask for and the sources do not have.
    """
    outcome = await _upkeep(request).runs.check()
    if outcome.result is None:
        raise BadKnowledge(outcome.why, outcome.problems)
    return outcome.result


@router.get("/gold")
async def gold_questions(request: Request, _who: Reader) -> dict[str, Any]:
    """All gold questions: those in the content folder's `gold.jsonl` (`saved` is false), and those saved here."""
    path = request.app.state.settings.content / gold.FILE
    shipped, problems = await asyncio.to_thread(gold.read, path)
    saved = await _upkeep(request).golds.all()
    ids = {one.id for one in saved}
    items = [asdict(one) | {"saved": False} for one in shipped if one.id not in ids]
    items += [asdict(one) | {"saved": True} for one in saved]
    return {"items": items, "problems": [asdict(problem) for problem in problems]}


@router.post("/gold")
async def save_gold(body: Question, request: Request, who: Writer) -> dict[str, Any]:
    """Save a question with the entry that must be found for it; every later build is measured by it too.

    A passage's id is taken for that of its entry. One with the id of another question takes its place.
    """
    wanted = gold.Gold(body.id, body.question, body.lang, _entry(body.passage))
    return asdict(await _upkeep(request).golds.put(wanted, who.name)) | {"saved": True}


@router.delete("/gold/{id}", status_code=204)
async def remove_gold(id: str, request: Request, who: Writer) -> None:
    """Forget a saved question; a shipped one with its id counts again."""
    await _upkeep(request).golds.remove(id, who.name)


def _upkeep(request: Request) -> Upkeep:
    upkeep: Upkeep = request.app.state.services.upkeep
    return upkeep


async def _uploaded(request: Request) -> dict[str, bytes]:
    """The form's files by name. It is read here, and not before it is known who sends it and how much.

    Raises:
        TooLarge: The body is, or does not say how large it is.
        BadKnowledge: A file cannot be a source, or there is none.
    """
    size = request.headers.get("content-length", "")
    if not size.isdecimal() or int(size) > LARGEST_FORM_BYTES:
        raise TooLarge(f"got {size or 'no'} bytes by Content-Length, wanted at most {LARGEST_FORM_BYTES:,}")
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FILES) as form:
        files = [file for file in form.getlist("files") if isinstance(file, UploadFile)]
        found = {file.filename or "": await file.read() for file in files}
    if not found:
        raise BadKnowledge("files: got none, wanted a form (multipart/form-data) with files under this name")
    for name, content in found.items():
        check_file(name, content)
    return found


def _entry(passage: str) -> str:
    """`faq:x:en/2` and `faq:x:en` are of entry `faq:x`."""
    kind, _, rest = passage.partition(":")
    return f"{kind}:{rest.partition(':')[0]}" if kind in {k.value for k in Kind} else passage


def _shown(entry: Entry) -> dict[str, Any]:
    origin = entry.origin
    found: dict[str, Any] = {"file": origin.file, "line": origin.line} if origin.file else {}
    found |= {"edited_by": origin.edited_by, "at": origin.edited_at} if origin.edited_by else {}
    return {name: getattr(entry, name) for name in entry.__slots__} | {"origin": found}
