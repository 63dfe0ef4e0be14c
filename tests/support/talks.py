"""Conversations by hand, for tests of the figures: a few words a step, as drafts with their minute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import orjson

from bot.conversation import Author, Card, Citation, Draft, Event, Message, Reason
from bot.lines import NOTHING, Line, Talk
from bot.transcripts import Transcripts

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
"""A Tuesday."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is written, so many minutes after noon; `rating` is given at once."""

    minute: float
    draft: Draft
    rating: int = 0


def says(minute: float, text: str) -> Step:
    """The shopper writes."""
    return Step(minute, Draft(Author.SHOPPER, text, wants_reply=True))


def answers(minute: float, to: int, *cites: str, ms: Sequence[float] = (100, 400), rating: int = 0) -> Step:
    """The bot answers message `to`, citing passages by id; `ms` are first word and whole answer."""
    cited = tuple(Citation(n, passage, f"Title of {passage}", "") for n, passage in enumerate(cites, 1))
    verdict = orjson.dumps({"ms": {"first_word": ms[0], "total": ms[1]}}).decode()
    draft = Draft(
        Author.BOT, "So it is [1].", reply_to=to, action="answer", citations=cited, verdict=verdict, lang="en"
    )
    return Step(minute, draft, rating)


def replies(minute: float, to: int, action: str, reason: Reason | None = None) -> Step:
    """The bot replies to message `to` with something that is no answer."""
    return Step(minute, Draft(Author.BOT, "Well.", reply_to=to, action=action, reason=reason, lang="en"))


def settled(step: Step) -> Step:
    """The same reply as one that told or changed an order."""
    return replace(step, draft=replace(step.draft, verdict=orjson.dumps({"settled": True}).decode()))


def shows(step: Step, text: str = "", named: tuple[str, str] | None = None, query: str = "", *cards: Card) -> Step:
    """An answer whose first citation has this text, to a question that named a product, with these cards."""
    (first, *rest) = step.draft.citations
    verdict = orjson.loads(step.draft.verdict)
    hits = [{"passage": f"product:{named[0]}:en", "exact": named[1]}] if named else []
    citations = (replace(first, excerpt=text), *rest)
    told = orjson.dumps({**verdict, "hits": hits, "query": query}).decode()
    return replace(step, draft=replace(step.draft, citations=citations, cards=cards, verdict=told))


def in_chinese(step: Step) -> Step:
    """The same reply, in Chinese."""
    return replace(step, draft=replace(step.draft, lang="zh"))


def staff(minute: float, text: str = "I am here.") -> Step:
    """Staff write."""
    return Step(minute, Draft(Author.STAFF, text, staff="mei"))


def moves(minute: float, event: Event) -> Step:
    """The phase changes."""
    return Step(minute, Draft(Author.SYSTEM, "", event=event))


def talk(*steps: Step, name: str = "c", lang: str = "en") -> Talk:
    """The steps as the figures read them, without what replies rest on."""
    return Talk(
        name, lang, tuple(_line(Message(name, n, _at(step), step.draft, step.rating)) for n, step in _numbered(steps))
    )


def _numbered(steps: Sequence[Step]) -> list[tuple[int, Step]]:
    return list(enumerate(steps, 1))


def _at(step: Step) -> datetime:
    return NOON + timedelta(minutes=step.minute)


def _line(message: Message) -> Line:
    draft = message.draft
    return Line(
        seq=message.seq,
        at=message.at,
        author=draft.author,
        text=draft.text,
        event=draft.event,
        reply_to=draft.reply_to,
        action=draft.action,
        reason=draft.reason,
        stopped=draft.stopped,
        rating=message.rating,
        lang=draft.lang,
        basis=replace(NOTHING, settled="settled" in draft.verdict),
    )


async def write(transcripts: Transcripts, name: str, *steps: Step, lang: str = "en") -> None:
    """Commit the steps, one after the other, as a conversation."""
    await transcripts.open(name, lang=lang, at=_at(steps[0]) if steps else NOON)
    for n, step in _numbered(steps):
        await transcripts.append(name, step.draft, _at(step))
        if step.rating:
            await transcripts.rate(name, n, step.rating)


def clock(minute: float) -> Callable[[], datetime]:
    """A clock that stands so many minutes after noon."""
    return lambda: NOON + timedelta(minutes=minute)
