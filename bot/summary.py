"""A conversation at a glance, kept message by message: for the desk, which lists hundreds. Pure.

A summary is what its messages make of it, in order (`after`), so it can be made again from the transcript. The store
keeps it in the same transaction as the message; rules of who may do what in which phase read it there (`rules.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from bot.conversation import TABLE, Author, Draft, Event, Message, Mood, Phase, Reason, Sign, Stage
from bot.mood import soothed
from bot.stage import Heard, Reading, read, retold

LINE = 120
REMEMBERED_MOODS = 2
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{2,63})+", re.ASCII)
_LETTERS = {Mood.CALM: "c", Mood.ANNOYED: "n", Mood.ANGRY: "a"}


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation without its messages.

    Attributes:
        lang: Language of the last reply; before the first, that of the page.
        reason: Why a person was wanted the last time, which may be over; None when never.
        staff: Who has it; empty unless the phase is staff.
        waiting_since: None unless the phase is waiting.
        moods: The shopper's last two messages, a letter each (c, n, a): calm, annoyed, angry. Thanks begin anew.
        stage: How near the shopper is to buying; what only a reply knows (the page, the cart, products named) comes
            with it.
        signs: By what stage and mood were read.
        messages: Bubbles of shopper, bot and staff.
        question: The shopper's first message, shortened; `last` what was said last.
        rating: -1 when a reply was rated down, else 1 when one was rated up, else 0.
        email: The address that the shopper left while nobody was there; empty when none.
    """

    conversation: str
    lang: str
    identity: str
    opened_at: datetime
    last_at: datetime
    phase: Phase = Phase.BOT
    reason: Reason | None = None
    staff: str = ""
    waiting_since: datetime | None = None
    moods: str = ""
    messages: int = 0
    question: str = ""
    last: str = ""
    rating: int = 0
    email: str = ""
    stage: Stage = Stage.DISCOVERY
    signs: tuple[Sign, ...] = ()

    @property
    def mood(self) -> Mood:
        """The worst of the moods kept."""
        return next((m for m in (Mood.ANGRY, Mood.ANNOYED) if _LETTERS[m] in self.moods), Mood.CALM)


def after(summary: Summary, message: Message) -> Summary:
    """The summary once `message` is in the transcript."""
    if message.draft.author is Author.SYSTEM:
        return _moved(summary, message) if message.draft.event else summary
    said = _said(summary, message) if message.draft.author is Author.SHOPPER else _read(summary, message.draft)
    return replace(
        said,
        last_at=message.at,
        messages=summary.messages + 1,
        last=shortened(message.draft.text) or summary.last,
        lang=message.draft.lang if message.draft.author is Author.BOT and message.draft.lang else summary.lang,
    )


def _said(summary: Summary, message: Message) -> Summary:
    text = message.draft.text
    reading = read(Heard(text), Reading(summary.stage, summary.mood, _own(summary), summary.signs))
    letter = _LETTERS[reading.own]
    return replace(
        summary,
        question=summary.question or shortened(text),
        moods=letter if soothed(text) else (summary.moods + letter)[-REMEMBERED_MOODS:],
        stage=reading.stage,
        signs=reading.signs,
        email=(address(text) if summary.phase is Phase.WAITING else "") or summary.email,
    )


def _read(summary: Summary, draft: Draft) -> Summary:
    """After a reply that tells what was read of the message before it."""
    reading = _reading(draft.verdict)
    if reading is None:
        return summary
    moods = summary.moods[:-1] + _LETTERS[reading.own]
    return replace(summary, moods=moods, stage=reading.stage, signs=reading.signs)


def _reading(verdict: str) -> Reading | None:
    try:
        kept = orjson.loads(verdict or "null")
    except orjson.JSONDecodeError:
        return None
    return retold(kept.get("reading")) if isinstance(kept, Mapping) else None


def _own(summary: Summary) -> Mood:
    """The mood of the shopper's last message alone."""
    return next((m for m, letter in _LETTERS.items() if summary.moods.endswith(letter)), Mood.CALM)


def _moved(summary: Summary, message: Message) -> Summary:
    """After an event; one that the phase does not allow changes nothing (see `conversation.fold`)."""
    event = message.draft.event
    phase = TABLE.get((summary.phase, event)) if event else None
    if phase is None:
        return summary
    return replace(
        summary,
        phase=phase,
        last_at=message.at,
        reason=message.draft.reason or summary.reason if event is Event.ASK_STAFF else summary.reason,
        staff=message.draft.staff if phase is Phase.STAFF else "",
        waiting_since=message.at if phase is Phase.WAITING else None,
    )


def rated(values: list[int]) -> int:
    """A conversation's rating from those of its replies."""
    return -1 if -1 in values else max(values, default=0)


def address(text: str) -> str:
    """The first e-mail address in a text; empty when there is none."""
    found = _MAIL.search(text)
    return found[0].rstrip(".-") if found else ""


def shortened(text: str) -> str:
    """One line of at most `LINE` characters."""
    line = " ".join(text.split())
    return line if len(line) <= LINE else line[: LINE - 1].rstrip() + "…"
