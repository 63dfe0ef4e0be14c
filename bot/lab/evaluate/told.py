"""Has a generator answer samples: its drafts, and what the same check and ladder as in a turn leave of them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot import ground
from bot.answer import Shown, checked
from bot.errors import GeneratorFailed
from bot.generate.protocol import Generator, Prompt
from bot.generate.quote import Quote
from bot.lab.evaluate.judge import Posed, Verdict, judge
from bot.lab.train.sample import Sample
from bot.reply import Trace
from bot.telemetry import Stopwatch

AT_ONCE = 8
"""Answers under way at the same time: a generator that can write several as one batch does."""


@runtime_checkable
class Perplexed(Protocol):
    """A generator that can say how likely it finds given answers."""

    def perplexity(self, samples: Sequence[Sample]) -> float:
        """Per piece of its own, over all answers together."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """What a generator made of a sample.

    Attributes:
        draft: As it came, citations included; what came before it failed, if it did.
        shown: What a shopper would have read: the draft up to its first sentence that is not supported; if that is
            the very first, the best passage's own words; empty where these are not supported either.
        unsupported: Claims of the draft that its passages do not bear out.
        left: The same of what is shown; more than 0 would be a fault of the check.
        stepped_down: Why the draft, or a part of it, was not shown; empty where all was.
    """

    posed: Posed
    draft: str
    shown: str
    unsupported: tuple[str, ...]
    left: tuple[str, ...]
    stepped_down: str

    @property
    def verdict(self) -> Verdict:
        """On the draft."""
        return judge(self.posed, self.draft)

    @property
    def served(self) -> Verdict:
        """On what is shown; where nothing is, a person is offered, which declines."""
        if not self.shown.strip():
            return "declined" if self.posed.answerable else "right"
        return judge(self.posed, self.shown)


class _Replay:
    """A generator that says what was said."""

    def __init__(self, draft: str) -> None:
        self.name, self._draft = "replay:", draft

    async def stream(self, _prompt: Prompt) -> AsyncGenerator[str, None]:
        yield self._draft

    async def ping(self) -> None:
        """Always ready."""

    async def aclose(self) -> None:
        """Holds nothing."""


async def told(generator: Generator, every: Sequence[Posed], at_once: int = AT_ONCE) -> list[Told]:
    """What the generator makes of each, in their order."""
    room = asyncio.Semaphore(at_once)

    async def one(posed: Posed) -> Told:
        async with room:
            draft, failed = await _draft(generator, posed.sample.prompt)
        shown, why = await _laddered(draft, posed.sample.prompt)
        return Told(posed, draft, shown, _unsupported(draft, posed), _unsupported(shown, posed), failed or why)

    return await asyncio.gather(*map(one, every))


async def _draft(generator: Generator, prompt: Prompt) -> tuple[str, str]:
    """The draft, and why it ends early if it does."""
    draft = ""
    try:
        async with aclosing(generator.stream(prompt)) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                draft += piece
    except GeneratorFailed as error:
        return draft, str(error)
    return draft, ""


async def _laddered(draft: str, prompt: Prompt) -> tuple[str, str]:
    """What is shown of a draft, and why not all of it."""
    why = ""

    async def show(_piece: str) -> None:
        """Nobody looks on."""

    for generator in (_Replay(draft), Quote()):
        shown = Shown(show, Stopwatch())
        try:
            await checked(generator, prompt, shown, Trace())
        except GeneratorFailed as error:
            why = why or str(error)
        if shown.text:
            return shown.text, why
    return "", why or "nothing was said"


def _unsupported(text: str, posed: Posed) -> tuple[str, ...]:
    prompt = posed.sample.prompt
    verdicts = (ground.check(part, prompt.passages, prompt.lang, prompt.question) for part in ground.sentences(text))
    return tuple(f"{claim.kind} {claim.text}" for found in verdicts for claim in found.claims if not claim.supported)
