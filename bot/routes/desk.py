"""What helps staff to write, over HTTP: search, a drafted reply, canned replies; and marking a reply wrong."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.access import Person
from bot.accounts import Role
from bot.audit import Action, Deed
from bot.canned import LONGEST, MOST, Canned
from bot.desk import Staff
from bot.finding import EXCERPT, find
from bot.frames import CardOut, CitationOut, Language, Text
from bot.routes.auth import signed_in
from bot.routes.callers import client_address
from bot.routes.staff import DeskGate
from bot.suggestions import LONGEST as LONGEST_SUGGESTED
from bot.suggestions import Suggestion
from knowledge.passages import Passage
from knowledge.passages import Query as Search

router = APIRouter(prefix="/api/desk", tags=["desk"])
Caller = Annotated[Person, Depends(signed_in(Role.STAFF))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Wanted(_Body):
    """What to search for."""

    q: Text = Field(min_length=1, max_length=500)
    lang: Language = "en"
    limit: int = Field(8, ge=1, le=20)


class PassageOut(BaseModel):
    """A passage that was found, with the beginning of its text."""

    id: str
    kind: str
    title: str
    excerpt: str
    url: str


class FoundOut(BaseModel):
    """Passages and products, best first."""

    passages: list[PassageOut]
    products: list[CardOut]


class Which(_Body):
    """A conversation."""

    conversation: Text = Field(min_length=1, max_length=100)


class SuggestedOut(BaseModel):
    """A drafted reply; empty when the knowledge has none."""

    text: str
    citations: list[CitationOut]


class CannedOut(_Body):
    """A canned reply."""

    name: Text = Field(min_length=1, max_length=40)
    text: Text = Field(min_length=1, max_length=LONGEST)
    lang: Language


class CannedList(RootModel[list[CannedOut]]):
    """All of them."""

    root: list[CannedOut] = Field(max_length=MOST)


class Wrong(_Body):
    """A reply that was wrong, and what would have been right."""

    conversation: Text = Field(min_length=1, max_length=100)
    seq: int = Field(ge=1, le=2**31 - 1)
    answer: Text = Field(min_length=1, max_length=LONGEST_SUGGESTED["answer"])


@router.get("/search")
async def search(wanted: Annotated[Wanted, Query()], request: Request, _who: Caller) -> FoundOut:
    """Passages and products to put into a reply."""
    gate = _gate(request)
    found = await find(gate.library, gate.live, Search(wanted.q, wanted.lang, limit=wanted.limit), wanted.lang)
    return FoundOut(
        passages=[_passage(passage) for passage in found.passages],
        products=[CardOut.model_validate(card) for card in found.products],
    )


@router.post("/suggest")
async def suggest(wanted: Which, request: Request, _who: Caller) -> SuggestedOut:
    """What the bot would answer to what the shopper said last. Nothing is stored or told."""
    gate = _gate(request)
    async with gate.places:
        suggested = await gate.desk.suggest(wanted.conversation)
    return SuggestedOut(
        text=suggested.text, citations=[CitationOut.model_validate(citation) for citation in suggested.citations]
    )


@router.get("/canned")
async def canned(request: Request, _who: Caller) -> list[CannedOut]:
    """Every canned reply."""
    return [CannedOut(**asdict(one)) for one in await _gate(request).canned.all()]


@router.put("/canned")
async def replace_canned(wanted: CannedList, request: Request, who: Caller) -> list[CannedOut]:
    """Keep these and no others."""
    gate = _gate(request)
    await gate.canned.replace([Canned(one.name, one.text, one.lang) for one in wanted.root])
    staff = _staff(request, who)
    await gate.audit.record(Deed(staff.name, Action.CANNED, "", {"count": len(wanted.root)}, staff.address))
    return await canned(request, who)


@router.post("/wrong", status_code=201)
async def wrong(wanted: Wrong, request: Request, who: Caller) -> dict[str, Any]:
    """Mark a reply wrong: it becomes a suggested entry of the FAQ."""
    gate = _gate(request)
    suggestion = await gate.desk.mark_wrong(wanted.conversation, wanted.seq, wanted.answer, _staff(request, who))
    return suggested(suggestion)


def suggested(suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as JSON."""
    wanted = suggestion.wanted
    origin = {"conversation": wanted.conversation, "seq": wanted.seq} if wanted.conversation else None
    return {
        "id": suggestion.id,
        "at": suggestion.at,
        "questions": wanted.questions,
        "answer": wanted.answer,
        "lang": wanted.lang,
        "from": origin,
        "count": 1,
        "by": wanted.by,
        "state": suggestion.state,
    }


def _passage(passage: Passage) -> PassageOut:
    excerpt = passage.text if len(passage.text) <= EXCERPT else passage.text[:EXCERPT].rstrip() + "…"
    return PassageOut(
        id=passage.id, kind=passage.kind.value, title=passage.title, excerpt=excerpt, url=passage.url or ""
    )


def _staff(request: Request, who: Person) -> Staff:
    return Staff(who.name, client_address(request, _gate(request).settings.trusted_proxies))


def _gate(request: Request) -> DeskGate:
    gate: DeskGate = request.app.state.desk
    return gate
