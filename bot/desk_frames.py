"""Wire protocol of the desk, version 1: what goes over `/ws/staff`, one JSON object per text frame.

From the server: desk, conversation, gone, opened, message, delta, typing, note, rated, done, error. From the client:
watch, unwatch, claim, give_back, close, queue, reply, note, typing. `desk` comes first and is the whole truth; each
`conversation` and `gone` after it changes one line, so that `desk` and all frames after it always make what a fresh
`desk` would say (`changes`). A second `desk` takes the place of the first. What was asked for under an `id` is answered
by `done` or `error` with it; asked again under the same id, it is done once.

Pure, like `frames.py`, whose types these share.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from bot import frames
from bot.conversation import Message
from bot.frames import ClientId, In, MessageOut, Out, Text
from bot.summary import Summary
from bot.urgency import place_at

VERSION = 1
LONGEST = 4000
Conversation = Annotated[Text, Field(min_length=1, max_length=100)]


class SignOut(Out):
    """By what a stage or a mood was read; `words` are the shopper's own, or empty."""

    of: Literal["stage", "mood"]
    name: str
    words: str


class SummaryOut(Out):
    """A conversation in the list. `lines` are its first question and what was said last, shortened.

    Those who wait are taken in the order of `place_at` (see `urgency.py`).
    """

    conversation: str
    phase: Literal["bot", "waiting", "staff", "closed"]
    reason: str | None
    lang: str
    mood: Literal["calm", "annoyed", "angry"]
    opened_at: datetime
    last_at: datetime
    waiting_since: datetime | None
    place_at: datetime | None = None
    stage: Literal["discovery", "interested", "ready"] = "discovery"
    signs: tuple[SignOut, ...] = ()
    staff: str | None
    messages: int
    rating: int
    lines: tuple[str, str]
    email: str = ""


class StaffMessage(MessageOut):
    """A message with what only staff see: why a person was wanted, who wrote it, and why the bot said this."""

    reason: str | None = None
    staff: str | None = None
    why: dict[str, Any] | None = None


class NoteOut(Out):
    """A private note."""

    id: int
    at: datetime
    staff: str
    text: str


class Me(Out):
    """Who is signed in."""

    name: str
    role: str


class HoursOut(Out):
    """Whether somebody should be there now, and the opening hours as they were set; empty when they were not."""

    open: bool
    text: str


class Desk(Out):
    """The whole list as it is now."""

    type: Literal["desk"] = "desk"
    v: int = VERSION
    me: Me
    conversations: tuple[SummaryOut, ...]
    hours: HoursOut


class ConversationOut(Out):
    """A line of the list is new or changed."""

    type: Literal["conversation"] = "conversation"
    summary: SummaryOut


class Gone(Out):
    """A conversation is no longer in the list."""

    type: Literal["gone"] = "gone"
    conversation: str


class Opened(Out):
    """Answer to watch: everything so far. What happens from now on comes by itself."""

    type: Literal["opened"] = "opened"
    conversation: str
    messages: tuple[StaffMessage, ...]
    notes: tuple[NoteOut, ...]


class MessageFrame(Out):
    """A message of a watched conversation was committed."""

    type: Literal["message"] = "message"
    conversation: str
    message: StaffMessage


class DeltaFrame(frames.Delta):
    """A checked piece of the bot's answer in the making."""

    conversation: str


class TypingFrame(frames.TypingOut):
    """Somebody else types, or no longer does."""

    conversation: str


class RatedFrame(frames.Rated):
    """A message's rating is now this."""

    conversation: str


class NoteFrame(Out):
    """A note was written."""

    type: Literal["note"] = "note"
    conversation: str
    note: NoteOut


class Done(Out):
    """What was asked for under this id is done."""

    type: Literal["done"] = "done"
    id: str


class ErrorFrame(Out):
    """What was asked for, under this id if it had one, was not done."""

    type: Literal["error"] = "error"
    id: str | None = None
    code: str
    message: str


class Watch(In):
    """Read along."""

    type: Literal["watch"] = "watch"
    conversation: Conversation


class Unwatch(In):
    """No longer read along."""

    type: Literal["unwatch"] = "unwatch"
    conversation: Conversation


class Act(In):
    """Take a conversation, give it back to the bot, put it back into the queue, or close it."""

    type: Literal["claim", "give_back", "queue", "close"]
    id: ClientId
    conversation: Conversation


class Reply(In):
    """A message to the shopper."""

    type: Literal["reply"] = "reply"
    id: ClientId
    conversation: Conversation
    text: Text = Field(min_length=1, max_length=LONGEST)


class WriteNote(In):
    """A private note."""

    type: Literal["note"] = "note"
    id: ClientId
    conversation: Conversation
    text: Text = Field(min_length=1, max_length=LONGEST)


class Types(In):
    """I am (or am no longer) typing."""

    type: Literal["typing"] = "typing"
    conversation: Conversation
    on: bool


Frame = Watch | Unwatch | Act | Reply | WriteNote | Types
_client: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


def parse(raw: str | bytes) -> Frame:
    """Read one frame of a desk.

    Raises:
        TooLarge: The frame is over its limit.
        BadFrame: It is not a frame of this protocol; says where and what was wanted.
    """
    try:
        return _client.validate_python(frames.read_object(raw))
    except ValidationError as error:
        raise frames.told(error) from None


def dump(frame: Out) -> str:
    """A server frame as JSON text."""
    return frame.model_dump_json()


def summed(summary: Summary) -> SummaryOut:
    """A conversation as a line of the list."""
    return SummaryOut(
        conversation=summary.conversation,
        phase=summary.phase.value,
        reason=summary.reason.value if summary.reason else None,
        lang=summary.lang,
        mood=summary.mood.value,
        opened_at=summary.opened_at,
        last_at=summary.last_at,
        waiting_since=summary.waiting_since,
        place_at=place_at(summary),
        stage=summary.stage.value,
        signs=tuple(SignOut.model_validate(asdict(sign)) for sign in summary.signs),
        staff=summary.staff or None,
        messages=summary.messages,
        rating=summary.rating,
        lines=(summary.question, summary.last),
        email=summary.email,
    )


def staffed(message: Message, out: MessageOut) -> StaffMessage:
    """A message as staff see it; `out` is how the shopper sees it."""
    draft = message.draft
    why = orjson.loads(draft.verdict) if draft.verdict else None
    rest = {"reason": draft.reason.value if draft.reason else None, "staff": draft.staff or None, "why": why}
    return StaffMessage.model_validate({**out.model_dump(), **rest})


def changes(before: Mapping[str, Summary], after: Mapping[str, Summary]) -> list[ConversationOut | Gone]:
    """The frames that make the list `after` of the list `before`."""
    gone = [Gone(conversation=name) for name in before if name not in after]
    new = [ConversationOut(summary=summed(s)) for name, s in after.items() if before.get(name) != s]
    return [*gone, *new]
