"""The playground: an answer by the very path that shoppers get, kept nowhere, with everything that led to it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from bot.access import Person
from bot.accounts import Role
from bot.api_tokens import Scope
from bot.conversation import Author, Draft, Message, State
from bot.explain import explained
from bot.generate.protocol import Prompt
from bot.prompt import messages
from bot.reply import Turn
from bot.routes.auth import signed_in

router = APIRouter(prefix="/api", tags=["playground"])

_admin = signed_in(Role.ADMIN, Scope.KNOWLEDGE_READ)


class Question(BaseModel):
    """What a shopper would write, and in which language; without one, as it is read from the question."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=8000)
    lang: str = Field("", max_length=2, pattern=r"^[a-z]*$")


@router.post("/playground")
async def playground(body: Question, request: Request, _who: Annotated[Person, Depends(_admin)]) -> dict[str, Any]:
    """Answer a question as a shopper would be answered, without keeping it.

    Gives the reply with its citations and cards, the query, the hits with their scores, the prompt as the generator's
    messages (null when nothing was generated), the whole draft, the verdict by claim, and milliseconds by stage.
    """
    services = request.app.state.services
    clock = request.app.state.access.clock
    said = Message("playground", 1, clock(), Draft(Author.SHOPPER, body.question))
    async with services.places:
        reply = await services.playground.answer(Turn(said, State("playground", lang=body.lang)), _to_nobody)
    told = explained(Message("playground", 2, clock(), reply.draft), reply.trace)
    return told | {"prompt": _prompt(reply.trace.prompt), "draft": reply.trace.draft}


async def _to_nobody(_piece: str) -> None:
    """Nobody watches the answer grow."""


def _prompt(prompt: Prompt | None) -> list[Any] | None:
    return None if prompt is None else list(messages(prompt))
