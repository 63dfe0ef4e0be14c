"""The staff side of a conversation: take it, answer, give it back, close it, and what helps in doing so.

Every act is an event or a message in the transcript, judged there by `rules.py`, so of two who press at once the one
whose event is first has it, on whichever workers they are. Acts come under the client's own id; again under the same
id, they are done once. Who signed in is not known here, nor sockets (`routes/staff.py`), nor the list (`board.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot import rules
from bot.answer import Answerer
from bot.audit import Action as Deeds
from bot.audit import Audit, Deed
from bot.conversation import Author, Citation, Draft, Event, Message, Phase, Reason
from bot.errors import NotFound, Refused
from bot.frames import TypingOut
from bot.notes import Note, Notes
from bot.notes import Wanted as WantedNote
from bot.record import HISTORY, Move, Record
from bot.reply import Turn
from bot.suggestions import Suggestion, Suggestions
from bot.suggestions import Wanted as WantedSuggestion
from bot.summary import Summary

PAGE = 500
LOOKED_BACK = 50
_MARK = re.compile(r"\s*\[\d+\]")

EVENTS: Final[Mapping[str, tuple[Event, Deeds]]] = {
    "claim": (Event.CLAIM, Deeds.CLAIM),
    "give_back": (Event.GIVE_BACK, Deeds.GIVE_BACK),
    "queue": (Event.ASK_STAFF, Deeds.QUEUE),
    "close": (Event.CLOSE, Deeds.CLOSE),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts, and from which address."""

    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """In which conversation something is asked for, by whom, and under which id of the client."""

    conversation: str
    by: Staff
    id: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the desk keeps beside the transcripts."""

    notes: Notes
    suggestions: Suggestions
    audit: Audit


@dataclass(frozen=True, slots=True)
class Suggested:
    """A reply drafted from the knowledge, without the numbers of its citations; empty when it knows none."""

    text: str
    citations: tuple[Citation, ...] = ()


class Desk:
    """What staff do on this worker. Every method may raise `StoreLost`."""

    def __init__(self, record: Record, kept: Kept, answerer: Answerer) -> None:
        self._record, self._answerer = record, answerer
        self._notes, self._suggestions, self._audit = kept.notes, kept.suggestions, kept.audit

    async def act(self, what: str, asked: Asked) -> None:
        """Claim, give back, queue or close.

        Raises:
            BadPhase: The phase does not allow it, or somebody else has the conversation: of two claims, the second.
            NotFound: There is no such conversation.
        """
        event, deed = EVENTS[what]
        summary = await self.summary(asked.conversation)
        reason = summary.reason or Reason.SHOPPER_ASKED if event is Event.ASK_STAFF else None
        move = Move(event, asked.id, reason, staff=asked.by.name)
        message, new = await self._record.move(asked.conversation, move, rules.may_move(event, asked.by.name))
        if not new:
            _check_repeats(message, asked, event)
            return
        if event is Event.CLAIM:
            # What the bot was about to say would not be kept any more.
            await self._record.publish.stop(asked.conversation)
        await self._log(deed, asked)

    async def reply(self, asked: Asked, text: str) -> Message:
        """Say something to the shopper.

        Raises:
            BadPhase: Somebody else has the conversation, or nobody.
        """
        draft = Draft(Author.STAFF, text, client_id=asked.id, staff=asked.by.name)
        message, new = await self._record.write(asked.conversation, draft, rules.may_write(asked.by.name))
        if new:
            await self._log(Deeds.REPLY, asked, seq=message.seq)
        else:
            _check_repeats(message, asked, None)
        return message

    async def note(self, asked: Asked, text: str) -> Note:
        """Keep a private note.

        Raises:
            NotFound: There is no such conversation.
        """
        await self.summary(asked.conversation)
        note, new = await self._notes.add(WantedNote(asked.conversation, asked.by.name, text, asked.id))
        if new:
            await self._record.publish.noted(asked.conversation)
            await self._log(Deeds.NOTE, asked)
        return note

    async def typing(self, conversation: str, *, on: bool) -> None:
        """Tell the shopper that somebody of the staff types, or no longer does."""
        await self._record.publish.typing(conversation, TypingOut(author="staff", on=on))

    async def summary(self, conversation: str) -> Summary:
        """The conversation at a glance.

        Raises:
            NotFound: There is no such conversation.
        """
        summary = await self._record.transcripts.summary(conversation)
        if summary is None:
            raise NotFound(f"got conversation {conversation[:80]!r}, which there is not")
        return summary

    async def messages(self, conversation: str, seq: int = 0) -> list[Message]:
        """All messages above `seq`."""
        found: list[Message] = []
        while page := await self._record.transcripts.after(conversation, found[-1].seq if found else seq, PAGE):
            found += page
        return found

    async def notes(self, conversation: str, id: int = 0) -> list[Note]:
        """All notes above `id`."""
        return await self._notes.after(conversation, id)

    async def suggest(self, conversation: str) -> Suggested:
        """A reply to what the shopper said last, as the bot would give it; nothing of it is stored or told.

        Raises:
            NotFound: There is no such conversation.
        """
        await self.summary(conversation)
        turn = await self._turn(conversation)
        if turn is None:
            return Suggested("")
        reply = await self._answerer.answer(turn, _unseen)
        if reply.draft.action != "answer":
            return Suggested("")
        return Suggested(_MARK.sub("", reply.draft.text), reply.draft.citations)

    async def mark_wrong(self, conversation: str, seq: int, answer: str, by: Staff) -> Suggestion:
        """Say what the bot should have answered: a suggested entry of the FAQ.

        Raises:
            NotFound: There is no such message.
            Refused: It is not a reply of the bot, or the answer cannot be.
        """
        message = await self._record.transcripts.get(conversation, seq)
        if message is None:
            raise NotFound(f"got message {seq} of conversation {conversation[:80]!r}, which there is not")
        if message.draft.author is not Author.BOT or message.draft.reply_to is None:
            raise Refused(f"got message {seq}, wanted a reply of the bot to a question")
        question = await self._record.transcripts.get(conversation, message.draft.reply_to)
        asked = " ".join(question.draft.text.split())[:500] if question else ""
        lang = message.draft.lang or (await self.summary(conversation)).lang
        wanted = WantedSuggestion(by.name, (asked,), answer, lang, conversation, seq)
        suggestion = await self._suggestions.add(wanted)
        await self._log(Deeds.MARK_WRONG, Asked(conversation, by, ""), seq=seq, suggestion=suggestion.id)
        return suggestion

    async def _turn(self, conversation: str) -> Turn | None:
        """The shopper's last message as the bot would meet it; None when there is none."""
        info = await self._record.transcripts.find(conversation)
        last = info.last_seq if info else 0
        recent = await self._record.transcripts.after(conversation, max(0, last - LOOKED_BACK), LOOKED_BACK)
        said = [m for m in recent if m.draft.author is Author.SHOPPER]
        if not said:
            return None
        state = replace(await self._record.state(conversation), phase=Phase.BOT, offered=False)
        return Turn(said[-1], state, tuple(m for m in recent if m.seq < said[-1].seq)[-HISTORY:])

    async def _log(self, deed: Deeds, asked: Asked, **detail: int) -> None:
        await self._audit.record(Deed(asked.by.name, deed, asked.conversation, detail, asked.by.address))


def _check_repeats(message: Message, asked: Asked, event: Event | None) -> None:
    """Refuse an id that stands for something else, or for what somebody else did."""
    if message.draft.staff != asked.by.name or message.draft.event is not event:
        raise Refused(f"id: got {asked.id!r}, which was used for something else, wanted a new one")


async def _unseen(_piece: str) -> None:
    """Nobody watches a suggestion being made."""
