"""Exports, and the list of them: who exported what, when, where the file is, and which conversations are in it.

An export is listed, and logged, before its first word leaves, so that an erasure always finds it. A file that Aisle
wrote is then deleted; what somebody downloaded can only be named.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive import Archive, Search
from bot.audit import Action, Audit, Deed
from bot.database import Database
from bot.errors import Refused
from bot.export_formats import Format, written
from bot.record_tables import export_contents as contents
from bot.record_tables import exports as table

STYLE = Path(__file__).resolve().parent.parent / "web" / "print.css"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """An export that somebody wants. `via` is how, as the log shows it; `address` where the call came from."""

    by: str
    format: Format
    search: Search
    via: str = "cli"
    address: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """An export that was made; `path` is empty when it was downloaded, `gone_at` None while its file is there."""

    id: str
    at: datetime
    by: str
    format: str
    path: str
    gone_at: datetime | None


class Exports:
    """Exports over one database. Every method may raise `StoreLost`."""

    def __init__(self, database: Database, archive: Archive, audit: Audit, clock: Callable[[], datetime]) -> None:
        self._database, self._archive, self._audit, self._clock = database, archive, audit, clock

    async def download(self, asked: Asked) -> AsyncIterator[str]:
        """Begin an export that leaves as it is read. It is listed once this returns."""
        _, names = await self._list(asked, None)
        return written(asked.format, self._archive.wholes(names))

    async def write(self, asked: Asked, folder: Path) -> Path:
        """Write an export into a new file of `folder`, which only its owner can read.

        Raises:
            Refused: The file cannot be written.
        """
        export, names = await self._list(asked, folder)
        style = STYLE.read_text("utf-8") if asked.format is Format.HTML else ""
        path = Path(export.path)
        try:
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
            with open(path, "x", encoding="utf-8", newline="", opener=_open_private) as file:  # noqa: ASYNC230
                async for piece in written(asked.format, self._archive.wholes(names), style):
                    await asyncio.to_thread(file.write, piece)
        except BaseException as error:
            _delete(export.path)
            await self._gone([export.id])
            if isinstance(error, OSError):
                raise Refused(f"got a folder that cannot be written to ({error}), wanted another") from error
            raise
        return path

    async def all(self) -> list[Export]:
        """Every export, newest first."""
        return await self._select(sa.select(table).order_by(table.c.at.desc(), table.c.id))

    async def forget(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Delete the files that have any of these conversations, and tell of the exports that cannot be deleted.

        Returns:
            For each export that has one: id, at, by, format, the file's name (empty: downloaded), and whether it was
            deleted.
        """
        found: list[Export] = []
        for start in range(0, len(names), CHUNK):
            chunk = contents.c.contains.in_(list(names[start : start + CHUNK]))
            having = sa.select(contents.c.export).where(chunk)
            found += await self._select(sa.select(table).where(table.c.id.in_(having), table.c.gone_at.is_(None)))
        told = []
        for export in sorted(set(found), key=lambda export: (export.at, export.id)):
            deleted = await asyncio.to_thread(_delete, export.path)
            if deleted:
                await self._gone([export.id])
            told.append({**_told(export), "deleted": deleted})
        await self._unlist(names)
        return told

    async def expire(self, before: datetime) -> int:
        """Delete the files from before that; how many there were."""
        old = (table.c.at < before) & table.c.gone_at.is_(None) & (table.c.path != "")
        found = await self._select(sa.select(table).where(old))
        gone = [export.id for export in found if await asyncio.to_thread(_delete, export.path)]
        await self._gone(gone)
        return len(gone)

    async def _list(self, asked: Asked, folder: Path | None) -> tuple[Export, list[str]]:
        """List and log an export with what will be in it."""
        names, now, id = await self._archive.ids(asked.search), self._clock(), secrets.token_hex(8)
        path = "" if folder is None else _path(folder, f"transcripts-{now:%Y%m%dT%H%M%SZ}-{id}.{asked.format}")
        row: dict[str, Any] = {
            "id": id,
            "at": now,
            "by": asked.by,
            "format": asked.format.value,
            "path": path,
            "gone_at": None,
        }
        detail = {"format": asked.format.value, "conversations": len(names), "narrowed_by": asked.search.narrowed_by}

        async def keep(connection: AsyncConnection) -> None:
            await connection.execute(sa.insert(table).values(row))
            if names:
                await connection.execute(sa.insert(contents), [{"export": id, "contains": name} for name in names])
            deed = Deed(asked.by, Action.EXPORT, id, {**detail, "via": asked.via}, asked.address)
            await self._audit.entry(connection, deed)

        await self._database.write(keep)
        return Export(**row), names

    async def _gone(self, ids: Iterable[str]) -> None:
        for id in ids:
            gone = sa.update(table).where(table.c.id == id).values(gone_at=self._clock())
            await self._execute(gone, sa.delete(contents).where(contents.c.export == id))

    async def _unlist(self, names: Sequence[str]) -> None:
        for start in range(0, len(names), CHUNK):
            chunk = list(names[start : start + CHUNK])
            await self._execute(sa.delete(contents).where(contents.c.contains.in_(chunk)))

    async def _execute(self, *statements: sa.UpdateBase) -> None:
        async def work(connection: AsyncConnection) -> None:
            for statement in statements:
                await connection.execute(statement)

        await self._database.write(work)

    async def _select(self, query: sa.Select[Any]) -> "list[Export]":
        async def select(connection: AsyncConnection) -> list[Export]:
            return [Export(**row._mapping) for row in await connection.execute(query)]

        return await self._database.read(select)


def _told(export: Export) -> dict[str, Any]:
    name = Path(export.path).name if export.path else ""
    return {"id": export.id, "at": export.at.isoformat(), "by": export.by, "format": export.format, "file": name}


def _path(folder: Path, name: str) -> str:
    return str(folder.resolve() / name)


def _delete(path: str) -> bool:
    """Whether a file was there, and is no longer."""
    try:
        Path(path or "/").unlink()
    except OSError:
        return False
    return True


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
