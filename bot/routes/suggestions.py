"""Suggested entries of the FAQ, for admins: list, add, approve, reject."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.approvals import Approvals, Wording, entry_of
from bot.frames import Language, Text
from bot.routes.auth import signed_in
from bot.suggestions import LONGEST, MOST_QUESTIONS, State, Suggestion, Wanted

router = APIRouter(prefix="/api/suggestions", tags=["suggestions"])

Reader = Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.KNOWLEDGE_READ))]
Writer = Annotated[Person, Depends(signed_in(Role.ADMIN, Scope.KNOWLEDGE_WRITE))]


class Listing(BaseModel):
    """Which; without a state, all."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["", "open", "approved", "rejected"] = ""


Id = Annotated[int, Path(ge=1, le=2**53)]
Question = Annotated[Text, Field(min_length=1, max_length=LONGEST["question"])]


class New(BaseModel):
    """Questions that mean the same, such as a group of questions without an answer, and what answers them."""

    model_config = ConfigDict(extra="forbid")

    questions: list[Question] = Field(min_length=1, max_length=MOST_QUESTIONS)
    answer: Text = Field(min_length=1, max_length=LONGEST["answer"])
    lang: Language


class Edited(BaseModel):
    """A suggestion as the admin left it; what is not given stays as it was suggested."""

    model_config = ConfigDict(extra="forbid")

    questions: list[Question] | None = Field(None, min_length=1, max_length=MOST_QUESTIONS)
    answer: Text | None = Field(None, min_length=1, max_length=LONGEST["answer"])


@router.get("")
async def listed(asked: Annotated[Listing, Query()], request: Request, _who: Reader) -> list[dict[str, Any]]:
    """Suggestions, the newest first, at most 500."""
    found = await _approvals(request).suggestions.list(State(asked.state) if asked.state else None)
    return [_shown(suggestion) for suggestion in found]


@router.post("", status_code=201)
async def add(body: New, request: Request, who: Writer) -> dict[str, Any]:
    """Suggest an entry; it stays open until somebody approves or rejects it."""
    wanted = Wanted(who.name, tuple(body.questions), body.answer, body.lang)
    return _shown(await _approvals(request).add(wanted))


@router.post("/{id}/approve")
async def approve(id: Id, request: Request, who: Writer, body: Edited | None = None) -> dict[str, Any]:
    """Make it, as it is or edited, an entry of the FAQ, for the next build. 409 when it was settled before."""
    wording = Wording(tuple(body.questions or ()), body.answer or "") if body else Wording()
    return {"id": id, "state": State.APPROVED, "entry": await _approvals(request).approve(id, who.name, wording)}


@router.post("/{id}/reject")
async def reject(id: Id, request: Request, who: Writer) -> dict[str, Any]:
    """Set it aside. 409 when it was settled before."""
    await _approvals(request).reject(id, who.name)
    return {"id": id, "state": State.REJECTED}


def _approvals(request: Request) -> Approvals:
    approvals: Approvals = request.app.state.approvals
    return approvals


def _shown(suggestion: Suggestion) -> dict[str, Any]:
    wanted = suggestion.wanted
    reply = {"conversation": wanted.conversation, "seq": wanted.seq}
    return {
        "id": suggestion.id,
        "at": suggestion.at.isoformat(),
        "by": wanted.by,
        "questions": list(wanted.questions),
        "answer": wanted.answer,
        "lang": wanted.lang,
        "count": len(wanted.questions),
        "from": reply if wanted.conversation else {"cluster": wanted.questions[0]},
        "state": suggestion.state.value,
        "entry": entry_of(suggestion.id) if suggestion.state is State.APPROVED else None,
    }
