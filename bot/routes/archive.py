"""Transcripts over HTTP: search, read and export for staff; erasing and retention for admins."""

from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot import erasure
from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.archive import LARGEST_PAGE, Search
from bot.conversation import Phase, Reason
from bot.desk_frames import NoteOut, StaffMessage, SummaryOut, staffed, summed
from bot.errors import NotFound
from bot.export_formats import Format
from bot.exports import Asked
from bot.frames import Text
from bot.publish import framed
from bot.records import Records
from bot.retention import LONGEST_DAYS
from bot.routes.auth import signed_in
from bot.routes.callers import client_address

router = APIRouter(prefix="/api", tags=["transcripts"])

Reader = Annotated[Person, Depends(signed_in(Role.STAFF, Scope.TRANSCRIPTS_READ))]
Eraser = Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.TRANSCRIPTS_ERASE))]
Admin = Annotated[Person, Depends(signed_in(Role.ADMIN))]
SENT_CHARS = 64 * 1024


def _whole_day(value: Any) -> Any:
    """A day without a time stays a day."""
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-01-01") else value


Day = Annotated[datetime | date, BeforeValidator(_whole_day)]
Word = Annotated[Text, Field(max_length=200)]


class Narrowed(BaseModel):
    """Which conversations; everything that is given must fit. Days without a time are whole days in UTC."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    q: Word = ""
    since: Day | None = Field(None, alias="from")
    until: Day | None = Field(None, alias="to")
    rating: Literal["-1", "0", "1", ""] = ""
    reason: Reason | Literal[""] = ""
    staff: Word = ""
    product: Word = ""
    lang: Word = ""
    phase: Phase | Literal[""] = ""

    def search(self) -> Search:
        """The same for the archive."""
        return Search(
            q=self.q,
            since=_moment(self.since, time.min),
            until=_moment(self.until, time.max),
            rating=int(self.rating) if self.rating else None,
            reason=self.reason or None,
            staff=self.staff,
            product=self.product,
            lang=self.lang,
            phase=self.phase or None,
        )


class Listed(Narrowed):
    """A page of them; `after` is `next` of the page before."""

    after: Annotated[Text, Field(max_length=400)] = ""
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)


class Exported(Narrowed):
    """All of them, in a form."""

    format: Format = Format.JSONL


class FoundOut(SummaryOut):
    """A conversation in the list, with a line of it where the words are."""

    snippet: str


class PageOut(BaseModel):
    """A page; `next` is null when it is the last."""

    items: list[FoundOut]
    next: str | None


class WholeOut(BaseModel):
    """A conversation with everything in it."""

    summary: SummaryOut
    messages: list[StaffMessage]
    notes: list[NoteOut]


class Erase(BaseModel):
    """Whom: one of these."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    conversation: Word = ""
    identity: Word = ""
    email: Word = ""


class DaysIn(BaseModel):
    """Days to change; 0: for ever."""

    model_config = ConfigDict(extra="forbid")

    transcripts_days: int | None = Field(None, ge=0, le=LONGEST_DAYS)
    notes_days: int | None = Field(None, ge=0, le=LONGEST_DAYS)
    audit_days: int | None = Field(None, ge=0, le=LONGEST_DAYS)
    attempts_days: int | None = Field(None, ge=0, le=LONGEST_DAYS)
    exports_days: int | None = Field(None, ge=0, le=LONGEST_DAYS)


@router.get("/transcripts")
async def transcripts(asked: Annotated[Listed, Query()], request: Request, _who: Reader) -> PageOut:
    """Conversations that fit, the one in which something was said last first."""
    page = await _records(request).archive.page(asked.search(), asked.after, asked.limit)
    items = [FoundOut(**summed(found.summary).model_dump(), snippet=found.snippet) for found in page.items]
    return PageOut(items=items, next=page.next or None)


@router.get("/transcripts/export")
async def export(asked: Annotated[Exported, Query()], request: Request, who: Reader) -> StreamingResponse:
    """All that fit as a file, which leaves while it is read. Logged and listed, so that an erasure can name it."""
    wanted = Asked(who.name, asked.format, asked.search(), who.via, _address(request))
    pieces = await _records(request).exports.download(wanted)
    name = f"transcripts-{datetime.now(UTC):%Y%m%d}.{asked.format.value}"
    # A page is shown, to be printed; anything else is saved.
    how = "inline" if asked.format is Format.HTML else "attachment"
    headers = {"content-disposition": f'{how}; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(_gathered(pieces), media_type=asked.format.media_type, headers=headers)


@router.get("/transcripts/{conversation}")
async def transcript(conversation: Word, request: Request, _who: Reader) -> WholeOut:
    """One conversation; 404 when there is none."""
    whole = await _records(request).archive.get(conversation)
    if whole is None:
        raise NotFound("got a conversation that there is not, or no longer")
    return WholeOut(
        summary=summed(whole.summary),
        messages=[staffed(message, framed(message)) for message in whole.messages],
        notes=[NoteOut(id=note.id, at=note.at, staff=note.staff, text=note.text) for note in whole.notes],
    )


@router.post("/shoppers/erase")
async def erase(wanted: Erase, request: Request, who: Eraser) -> dict[str, Any]:
    """Erase a shopper everywhere; gives the receipt."""
    whom = erasure.Wanted(wanted.conversation, wanted.identity, wanted.email)
    return asdict(await _records(request).erasure.erase(whom, who.name, _address(request)))


@router.get("/shoppers/erasures")
async def erasures(request: Request, _who: Eraser) -> list[dict[str, Any]]:
    """Receipts of erasures, newest first."""
    return [asdict(receipt) for receipt in await _records(request).erasure.receipts()]


@router.get("/retention")
async def retention(request: Request, _who: Admin) -> dict[str, int]:
    """For how many days what is kept."""
    return asdict(await _records(request).retention.get())


@router.put("/retention")
async def change_retention(wanted: DaysIn, request: Request, who: Admin) -> dict[str, int]:
    """Change some of the days."""
    given = wanted.model_dump(exclude_none=True)
    return asdict(await _records(request).retention.put(given, who.name, _address(request)))


async def _gathered(pieces: AsyncIterator[str]) -> AsyncIterator[str]:
    """The same text in larger pieces, for each is a frame of its own on the wire."""
    waiting, size = [], 0
    async for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= SENT_CHARS:
            yield "".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield "".join(waiting)


def _moment(at: datetime | date | None, of_day: time) -> datetime | None:
    if at is None:
        return None
    moment = at if isinstance(at, datetime) else datetime.combine(at, of_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(request: Request) -> str:
    return client_address(request, request.app.state.settings.trusted_proxies)


def _records(request: Request) -> Records:
    records: Records = request.app.state.records
    return records
