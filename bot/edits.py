"""What admins wrote in the browser, and the files that they uploaded, kept in SQL: apart from the shop's own files.

A sync of those touches nothing here, and a build reads all of it as one (`sources.py`). Edits are by entry and
language; uploads by name. Every change is logged in the transaction that makes it.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Action, Audit, Deed
from bot.database import Database
from bot.errors import BadKnowledge, NotFound
from bot.knowledge_tables import entry_edits, uploads
from knowledge.overlay import Edit
from knowledge.passages import Kind
from knowledge.sources.fields import ADDRESS, language

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LONGEST = {"title": 300, "text": 20_000, "questions": 500, "url": 500}
MOST_QUESTIONS = 50
_ENTRY = re.compile(rf"({'|'.join(Kind)}):[^\s:\x00-\x1f\x7f]{{1,200}}")
_NAME = re.compile(
    r"(?:[\w][\w .+-]{0,80}/){0,4}[\w][\w .+-]{0,120}\.(?:csv|tsv|txt|jsonl|ndjson|md|markdown|html|htm|xml)"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file, without its content. `at` is in UTC."""

    name: str
    sha256: str
    size_bytes: int
    by: str
    at: datetime


class Edits:
    """Edits and uploads in SQL. Every method may raise `StoreLost`."""

    def __init__(self, database: Database, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database, self._audit, self._clock = database, audit, clock

    async def all(self) -> tuple[Edit, ...]:
        """Every edit, in the order of entries."""
        return tuple(_edit(row) for row in await self._rows(sa.select(entry_edits).order_by(*entry_edits.primary_key)))

    async def put(self, edit: Edit, connection: AsyncConnection | None = None) -> Edit:
        """Keep an edit, in the place of an earlier one; `at` is set. With `connection`, in the caller's transaction.

        Raises:
            BadKnowledge: It cannot be; every field that is wrong is listed.
        """
        kept = replace(_checked(edit), at=_iso(self._clock()))
        row = {name: getattr(kept, name) for name in ("entry", "lang", "title", "text", "url", "hidden", "by")}
        row["questions"] = None if kept.questions is None else orjson.dumps(kept.questions).decode()
        row["at"] = self._clock()
        deed = Deed(kept.by, Action.SOURCE_CHANGED, _label(kept.entry, kept.lang), {"hidden": kept.hidden})

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(self._upsert(entry_edits, row))
            await self._audit.entry(connection, deed)

        await (write(connection) if connection else self._database.write(write))
        return kept

    async def remove(self, entry: str, lang: str, by: str) -> str:
        """Drop the edit of an entry; where there is none, hide the entry. Hiding what is hidden changes nothing.

        Returns:
            `dropped` or `hidden`.
        """
        if await self._drop(entry, lang, by, sa.false()):
            return "dropped"
        await self.put(Edit(entry, lang, by, "", hidden=True))
        return "hidden"

    async def restore(self, entry: str, lang: str, by: str) -> None:
        """Show a hidden entry again.

        Raises:
            NotFound: It is not hidden.
        """
        if not await self._drop(entry, lang, by, sa.true()):
            raise NotFound(f"got {_label(entry, lang)[:120]!r}, wanted an entry that is hidden")

    async def files(self) -> tuple[Upload, ...]:
        """All uploads, in the order of names."""
        columns = [column for column in uploads.c if column is not uploads.c.content]
        rows = await self._rows(sa.select(*columns).order_by(uploads.c.name))
        return tuple(Upload(row.name, row.sha256, row.size_bytes, row.by, row.at) for row in rows)

    async def contents(self) -> dict[str, bytes]:
        """Every upload's content, by name.

        Raises:
            BadKnowledge: One is not as it was when it was kept.
        """
        rows = await self._rows(sa.select(uploads).order_by(uploads.c.name))
        for row in rows:
            if hashlib.sha256(row.content).hexdigest() != row.sha256:
                raise BadKnowledge(f"{row.name}: got other bytes than were kept, wanted the file to be uploaded again")
        return {row.name: row.content for row in rows}

    async def put_file(self, name: str, content: bytes, by: str) -> Upload:
        """Keep a file, in the place of an earlier one of that name. Whether it can be read is not looked at.

        Raises:
            BadKnowledge: The name is none that a source may have, or the file is too large or empty.
        """
        check_file(name, content)
        upload = Upload(name, hashlib.sha256(content).hexdigest(), len(content), by, self._clock())
        row = {field: getattr(upload, field) for field in upload.__slots__} | {"content": content}
        detail = {"file": name, "sha256": upload.sha256, "size_bytes": upload.size_bytes}

        async def write(connection: AsyncConnection) -> None:
            await connection.execute(self._upsert(uploads, row))
            await self._audit.entry(connection, Deed(by, Action.SOURCE_CHANGED, f"file {name}", detail))

        await self._database.write(write)
        return upload

    async def remove_file(self, name: str, by: str) -> None:
        """Forget a file.

        Raises:
            NotFound: There is none of that name.
        """

        async def write(connection: AsyncConnection) -> bool:
            gone = (await connection.execute(sa.delete(uploads).where(uploads.c.name == name))).rowcount > 0
            if gone:
                await self._audit.entry(connection, Deed(by, Action.SOURCE_CHANGED, f"file {name}", {"removed": True}))
            return gone

        if not await self._database.write(write):
            raise NotFound(f"got {name[:120]!r}, wanted the name of an uploaded file")

    async def _drop(self, entry: str, lang: str, by: str, hidden: sa.ColumnElement[bool]) -> bool:
        where = (entry_edits.c.entry == entry) & (entry_edits.c.lang == lang) & (entry_edits.c.hidden == hidden)

        async def write(connection: AsyncConnection) -> bool:
            gone = (await connection.execute(sa.delete(entry_edits).where(where))).rowcount > 0
            if gone:
                deed = Deed(by, Action.SOURCE_CHANGED, _label(entry, lang), {"dropped": True})
                await self._audit.entry(connection, deed)
            return gone

        return await self._database.write(write)

    def _upsert(self, table: sa.Table, row: dict[str, Any]) -> sa.UpdateBase:
        insert = (postgresql.insert if self._database.is_postgres else sqlite.insert)(table).values(row)
        return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=row)

    async def _rows(self, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        async def select(connection: AsyncConnection) -> list[sa.Row[Any]]:
            return list((await connection.execute(statement)).all())

        return await self._database.read(select)


def check_file(name: str, content: bytes) -> None:
    """Raise BadKnowledge for what cannot be a source by its name and size alone."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise BadKnowledge(
            f"file: got the name {name[:120]!r}, wanted letters, digits, dots and dashes, "
            "ending in .csv, .tsv, .txt, .jsonl, .ndjson, .md, .html or .xml"
        )
    if not 0 < len(content) <= LARGEST_FILE_BYTES:
        raise BadKnowledge(f"{name}: got {len(content):,} bytes, wanted 1 to {LARGEST_FILE_BYTES:,}")


def _checked(edit: Edit) -> Edit:
    """The edit with its texts tidied.

    Raises:
        BadKnowledge: With every field that is wrong.
    """
    tidied = replace(
        edit,
        title=" ".join(edit.title.split()),
        text=edit.text.strip().replace("\r\n", "\n"),
        questions=None
        if edit.questions is None
        else tuple(filter(None, (" ".join(q.split()) for q in edit.questions))),
        url=edit.url.strip(),
    )
    wrong = [{"column": column, "found": found, "wanted": wanted} for column, found, wanted in _wrong(tidied)]
    if wrong:
        message = "; ".join(f"{w['column']}: got {w['found']}, wanted {w['wanted']}" for w in wrong)
        raise BadKnowledge(message, wrong)
    return tidied


def _wrong(edit: Edit) -> list[tuple[str, str, str]]:
    """Column, found and wanted of whatever is wrong."""
    out = []
    if not _ENTRY.fullmatch(edit.entry):
        out.append(("entry", repr(edit.entry[:80]), "an id as faq:return-window, policy:…, promotion:… or product:…"))
    elif edit.questions and edit.kind is not Kind.FAQ:
        out.append(("questions", f"{len(edit.questions)}", f"none: only FAQ entries have them, not a {edit.kind}"))
    elif edit.url and edit.kind is Kind.PRODUCT:
        out.append(("url", repr(edit.url[:80]), "none: a product's address comes from the shop's files"))
    if language(edit.lang) != edit.lang and not (edit.hidden and not edit.lang):
        out.append(("lang", repr(edit.lang[:20]), "a language of ISO 639-1, as en or zh"))
    if not edit.text and not edit.hidden:
        out.append(("text", "nothing", "the answer, section or description"))
    if edit.url and not ADDRESS.fullmatch(edit.url):
        out.append(("url", repr(edit.url[:80]), "an address that begins with https://, http:// or /"))
    if edit.questions is not None and len(edit.questions) > MOST_QUESTIONS:
        out.append(("questions", str(len(edit.questions)), f"at most {MOST_QUESTIONS}"))
    for column, text in [(c, getattr(edit, c)) for c in ("title", "text", "url")] + [
        ("questions", question) for question in edit.questions or ()
    ]:
        if len(text) > LONGEST[column]:
            out.append((column, f"{len(text):,} characters", f"at most {LONGEST[column]:,}"))
        if "\x00" in text or text != text.encode("utf-8", "replace").decode():
            out.append((column, "a character that no text may have", "plain text"))
    return out


def _edit(row: sa.Row[Any]) -> Edit:
    questions = None if row.questions is None else tuple(orjson.loads(row.questions))
    words = {name: getattr(row, name) for name in ("entry", "lang", "by", "title", "text", "url", "hidden")}
    return Edit(**words, at=_iso(row.at), questions=questions)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _label(entry: str, lang: str) -> str:
    return f"{entry}:{lang}" if lang else entry
