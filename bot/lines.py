"""A conversation as the figures read it: its lines in order, who asked, and what came of each question. Pure.

A line holds less than a message: what figures are made of, and nothing that they do not need. How lines are read from
the database is in `insights.py`; what a conversation came to is in `outcomes.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import Author, Event, Reason
from bot.gratitude import said_so
from bot.policy import Action
from bot.stage import Heard, Reading, read
from bot.understand import normalise

WRITTEN = (Author.SHOPPER, Author.BOT, Author.STAFF)
"""Who writes bubbles; what the system says is none."""

_PRODUCT = "product:"


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage that a reply rests on, with its text as it was then."""

    passage: str
    title: str
    text: str = ""

    @property
    def product(self) -> str:
        """Handle of the product that the passage is about; empty when it is about none."""
        return self.passage.split(":")[1] if self.passage.startswith(_PRODUCT) else ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a reply of the bot rests on.

    Attributes:
        query: The question as it was searched for: it stands alone.
        first_word_ms: From the start of the turn to the first word; `answer_ms` to the end. None when not known.
        cards: Handle, name and pieces in stock of the products shown.
        named: Handles of products that the question names, each with the very words.
        settled: A reply about an order told, did or refused for good what was wanted; it asked nothing back.
        reading: Stage and mood as they were after the message replied to; None where the reply does not tell.
    """

    query: str = ""
    first_word_ms: float | None = None
    answer_ms: float | None = None
    cited: tuple[Cited, ...] = ()
    cards: tuple[tuple[str, str, int], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    settled: bool = False
    reading: Reading | None = None


NOTHING = Basis()


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `at` is aware; A bot's line replies to the shopper's of `seq` `reply_to`, in `lang`."""

    seq: int
    at: datetime
    author: Author
    text: str = ""
    event: Event | None = None
    reply_to: int | None = None
    action: str = ""
    reason: Reason | None = None
    stopped: bool = False
    rating: int = 0
    lang: str = ""
    basis: Basis = NOTHING


@dataclass(frozen=True, slots=True)
class Exchange:
    """A shopper's line and the bot's reply to it; None while, or because, there is none."""

    asked: Line
    reply: Line | None

    @property
    def answered(self) -> bool:
        """Whether the reply is an answer out of the shop's knowledge."""
        return self.reply is not None and self.reply.action == Action.ANSWER

    @property
    def settled(self) -> bool:
        """Whether the shopper got what was wanted: an answer, or an order told or changed, or why it cannot be."""
        reply = self.reply
        return self.answered or (reply is not None and reply.action == Action.ORDER and reply.basis.settled)

    @property
    def missed(self) -> bool:
        """Whether the shop's knowledge had no answer: the bot asked back or declined, and nothing was broken.

        Thanks that the bot did not understand are no question.
        """
        reply = self.reply
        if reply is None or reply.action not in (Action.ASK, Action.DECLINE):
            return False
        return not self.failed and not said_so(self.asked.text)

    @property
    def failed(self) -> bool:
        """Whether something was broken."""
        reply = self.reply
        return reply is not None and reply.action == Action.DECLINE and reply.reason is Reason.TOOL_FAILURE

    @property
    def question(self) -> str:
        """What was asked, such that it stands alone."""
        return (self.reply.basis.query if self.reply else "") or normalise(self.asked.text)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation: its language (of the last reply; before the first, of the page) and its lines, ascending."""

    conversation: str
    lang: str
    lines: tuple[Line, ...]

    @property
    def began(self) -> datetime | None:
        """When the shopper first wrote; None when they never did."""
        return next((line.at for line in self.lines if line.author is Author.SHOPPER), None)

    def exchanges(self) -> Iterator[Exchange]:
        """Every line of the shopper with its reply, in order."""
        replies = {line.reply_to: line for line in self.lines if line.author is Author.BOT}
        for line in self.lines:
            if line.author is Author.SHOPPER:
                yield Exchange(line, replies.get(line.seq))

    def readings(self) -> Iterator[Reading]:
        """Stage and mood after each line of the shopper; by its words alone where no reply tells."""
        reading = Reading()
        for exchange in self.exchanges():
            told = exchange.reply.basis.reading if exchange.reply else None
            reading = told or read(Heard(exchange.asked.text), reading)
            yield reading
