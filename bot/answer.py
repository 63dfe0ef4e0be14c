"""One reply: from a shopper's message to a checked draft, and what to do when a step fails.

The stages are understand → search → decide → prompt → stream → ground. The failure ladder lives here and nowhere else:
a generator that is slow, down or says what its passages do not say → the best passage's own words; no passage → ask
once, then offer a person; the search itself broken → say so and offer a person. A sentence is shown only once it was
checked, so nothing has to be taken back.

How turns are ordered, stored and sent is not known here (`dialogue.py`).
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, count, takewhile
from typing import Literal

import orjson
import structlog

from bot import ground, handoff, phrases
from bot.conversation import SETTLING, Author, Citation, Draft, Message, Reason, State, Understood
from bot.errors import GeneratorFailed
from bot.generate.protocol import Generator, Numbered, Prompt, Said
from bot.generate.quote import Quote
from bot.guard import leaks
from bot.handoff import Reach
from bot.policy import Action, Decision, decide, declined, needs_search
from bot.prompt import system
from bot.recommend import cards
from bot.telemetry import Stopwatch, Telemetry
from bot.understand import understand
from knowledge.errors import KnowledgeError
from knowledge.library import Library
from knowledge.live import Live
from knowledge.passages import Hit, Kind, Passage, Query
from knowledge.snapshot import Snapshot

log = structlog.get_logger()

Show = Callable[[str], Awaitable[None]]
HISTORY = 6
_PIECE = re.compile(r"(?:/variants)?(?:/\d+)?$")
SEARCHED = 8


@dataclass(frozen=True, slots=True)
class Voice:
    """How the bot speaks: the shop's name, its languages (default first), its tone, and how people are reached."""

    shop: str
    langs: tuple[str, ...]
    tone: Literal["friendly", "formal"] = "friendly"
    reach: Reach = field(default_factory=Reach)


@dataclass(frozen=True, slots=True)
class Turn:
    """A shopper's message with what came before it; `history` is ascending and ends before `message`."""

    message: Message
    state: State
    history: tuple[Message, ...] = ()


@dataclass(slots=True)
class Trace:
    """Why the reply is what it is: for the desk, `aisle ask --json` and the figures. Times are in milliseconds.

    `prompt` and `draft` are for the playground: what the generator was given, and all that the last one said.
    """

    query: str = ""
    lang: str = ""
    hits: tuple[Hit, ...] = ()
    generator: str = ""
    fallback: str = ""
    claims: list[ground.Claim] = field(default_factory=list)
    snapshot: str = ""
    ms: dict[str, float] = field(default_factory=dict)
    prompt: Prompt | None = None
    draft: str = ""

    def as_json(self) -> str:
        """What the desk shows beside the reply."""
        hits = [
            {
                "passage": h.passage.id,
                "title": h.passage.title,
                "score": h.score,
                "exact": h.exact,
                "cosine": h.cosine,
                "coverage": h.coverage,
            }
            for h in self.hits
        ]
        claims = [{"kind": c.kind, "text": c.text, "supported": c.supported} for c in self.claims]
        rest = {"query": self.query, "generator": self.generator, "fallback": self.fallback, "ms": self.ms}
        return orjson.dumps({**rest, "hits": hits, "claims": claims}).decode()


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to store, and the state after it."""

    draft: Draft
    state: State
    trace: Trace


class Unsupported(GeneratorFailed):
    """A draft said what its passages do not say."""


class Answerer:
    """Makes replies. One for a process; knows nothing of the conversation but what a `Turn` carries.

    Attributes:
        live: Gives a snapshot's products with the prices and stock of now; by default those of the snapshot itself.
    """

    def __init__(self, library: Library, generator: Generator, voice: Voice, telemetry: Telemetry) -> None:
        self._library = library
        self._ladder: tuple[Generator, ...] = (generator,) if generator.name == "quote:" else (generator, Quote())
        self._voice = voice
        self._telemetry = telemetry
        self.live: Callable[[Snapshot], Live] = _as_built

    async def answer(self, turn: Turn, show: Show) -> Reply:
        """The reply to `turn`; each checked piece of it is handed to `show` first.

        Cancelling it ends the work; what `show` was given stays true.
        """
        watch, trace = Stopwatch(), Trace()
        snapshot = self._library.current
        live = self.live(snapshot)
        trace.snapshot = snapshot.version
        with watch.stage("understand"):
            meaning = self._understand(turn, snapshot)
        trace.query, trace.lang = meaning.query, meaning.lang
        try:
            if needs_search(meaning):
                trace.hits = await self._search(meaning, snapshot, watch)
        except KnowledgeError as error:
            self._step_down(trace, "search", error)
            decision = declined(Reason.TOOL_FAILURE, "trouble", turn.state)
        else:
            decision = decide(meaning, trace.hits, turn.state)
        sources = tuple(map(live.passage, _sources(decision.hits, snapshot)))
        thought = _Thought(turn, meaning, decision, snapshot, live, sources)
        text = await self._text(thought, _Shown(show, watch), trace)
        if decision.action is Action.ANSWER and not ground.cited(text):
            # Nothing of the shop's stands behind it: the generators had nothing to say, and said so.
            thought = replace(thought, decision=declined(Reason.LOW_SUPPORT, "trouble", turn.state), sources=())
        self._observe(thought.decision, watch, trace)
        return _reply(thought, text, trace)

    def _understand(self, turn: Turn, snapshot: Snapshot) -> Understood:
        product = snapshot.products.get(turn.state.focus or "")
        lang = turn.state.lang or self._voice.langs[0]
        said = [m.draft.text for m in turn.history if m.draft.author is Author.SHOPPER]
        focus = product.words(lang).name if product else ""
        return understand(turn.message.draft.text, turn.state, said, focus, self._voice.langs)

    async def _search(self, meaning: Understood, snapshot: Snapshot, watch: Stopwatch) -> tuple[Hit, ...]:
        query = Query(meaning.query, meaning.lang, limit=SEARCHED)
        with watch.stage("search"):
            found = await asyncio.to_thread(partial(self._library.search, query, snapshot))
        watch.ms.update(found.timings_ms)
        return found.hits

    async def _text(self, thought: "_Thought", shown: "_Shown", trace: Trace) -> str:
        meaning, decision = thought.meaning, thought.decision
        if decision.action is not Action.ANSWER:
            await shown.add(self._words(thought))
            return shown.text
        trace.prompt = prompt = self._prompt(thought.turn, meaning, thought.sources)
        for generator in self._ladder:
            trace.generator = generator.name
            try:
                with shown.watch.stage("generate"):
                    await _checked(generator, prompt, shown, trace)
            except GeneratorFailed as error:
                self._step_down(trace, type(error).__name__, error)
            if shown.text:
                return shown.text
        failed = declined(Reason.TOOL_FAILURE, "trouble", thought.turn.state)
        await shown.add(self._words(replace(thought, decision=failed)))
        return shown.text

    def _words(self, thought: "_Thought") -> str:
        """What is said that no passage says."""
        decision, lang, reach = thought.decision, thought.meaning.lang, self._voice.reach
        at = thought.turn.message.at
        if decision.action is Action.HAND_OVER or decision.phrase == "waiting":
            return handoff.asked(lang, reach, at)
        if decision.reason:
            return handoff.offer(decision.reason, lang, reach, at)
        if decision.phrase == "noted":
            return handoff.noted(lang, reach, thought.meaning.address)
        return phrases.say(decision.phrase, lang, shop=self._voice.shop)

    def _prompt(self, turn: Turn, meaning: Understood, sources: Sequence[Passage]) -> Prompt:
        return Prompt(
            question=meaning.query,
            lang=meaning.lang,
            shop=self._voice.shop,
            passages=_numbered(sources),
            history=_said(turn.history),
            tone=self._voice.tone,
        )

    def _step_down(self, trace: Trace, why: str, error: Exception) -> None:
        trace.fallback = f"{why}: {error}"
        self._telemetry.fallbacks.labels(why).inc()
        log.warning("fallback", why=why, generator=trace.generator, error=str(error))

    def _observe(self, decision: Decision, watch: Stopwatch, trace: Trace) -> None:
        watch.mark("total")
        trace.ms = watch.ms
        self._telemetry.turns.labels(decision.action.value).inc()
        for stage, ms in watch.ms.items():
            self._telemetry.stages.labels(stage).observe(ms / 1000)


class _Shown:
    """What the shopper has been shown of the reply."""

    def __init__(self, show: Show, watch: Stopwatch) -> None:
        self._show = show
        self.watch = watch
        self.text = ""

    async def add(self, piece: str) -> None:
        """Show a checked piece."""
        if not self.text:
            piece = piece.lstrip()
        if piece:
            self.watch.mark("first_word")
            self.text += piece
            await self._show(piece)


async def _checked(generator: Generator, prompt: Prompt, shown: _Shown, trace: Trace) -> None:
    """Stream a draft, showing each sentence once it is found supported.

    Raises:
        GeneratorFailed: The generator failed, or a sentence is not supported; what was shown before it stays.
    """
    holder = ground.Holder()
    trace.draft = ""
    async with aclosing(generator.stream(prompt)) as pieces:  # type: ignore[type-var]
        async for piece in pieces:
            trace.draft += piece
            for sentence in holder.feed(piece):
                await _pass(sentence, prompt, shown, trace)
    for sentence in holder.close():
        await _pass(sentence, prompt, shown, trace)


async def _pass(sentence: str, prompt: Prompt, shown: _Shown, trace: Trace) -> None:
    with shown.watch.stage("ground"):
        verdict = ground.check(sentence, prompt.passages, prompt.lang, prompt.question)
    trace.claims.extend(verdict.claims)
    if not verdict.supported:
        wrong = ", ".join(f"{c.kind} {c.text!r}" for c in verdict.claims if not c.supported)
        raise Unsupported(f"draft claims what its passages do not say: {wrong or sentence[:80]}")
    if ground.repeats(sentence, ground.sentences(shown.text)):
        raise Unsupported(f"draft says a sentence twice: {sentence[:80]!r}")
    if leaks(shown.text + sentence, system(prompt)):
        raise Unsupported("draft repeats its instructions")
    await shown.add(sentence)


def _as_built(snapshot: Snapshot) -> Live:
    return Live(snapshot.products, {})


def _numbered(sources: Sequence[Passage]) -> tuple[Numbered, ...]:
    return tuple(Numbered(n, p.id, p.kind.value, p.title, p.text, p.lang) for n, p in enumerate(sources, 1))


def _sources(hits: Sequence[Hit], snapshot: Snapshot) -> tuple[Passage, ...]:
    """What the hits stand for, each once: a text that was cut for the index is whole again for the reader."""
    whole = {base: _whole(base, snapshot) for base in (_PIECE.sub("", hit.passage.id) for hit in hits)}
    return tuple(whole.values())


def _whole(base: str, snapshot: Snapshot) -> Passage:
    pieces = [*_run(base, snapshot), *_run(f"{base}/variants", snapshot)]
    return replace(pieces[0], text="\n".join(piece.text for piece in pieces))


def _run(first: str, snapshot: Snapshot) -> list[Passage]:
    """A piece and those that follow it: `first`, `first/2`, `first/3`, …"""
    names = chain([first], (f"{first}/{n}" for n in count(2)))
    return list(takewhile(bool, map(snapshot.passages.get, names)))  # type: ignore[arg-type]


def _said(history: Sequence[Message]) -> tuple[Said, ...]:
    said = [m.draft for m in history if m.draft.author is not Author.SYSTEM and m.draft.text]
    return tuple(Said(d.author.value, d.text) for d in said[-HISTORY:])  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Thought:
    """Everything that was settled before the reply was worded."""

    turn: Turn
    meaning: Understood
    decision: Decision
    snapshot: Snapshot
    live: Live
    sources: tuple[Passage, ...]


def _reply(thought: _Thought, text: str, trace: Trace) -> Reply:
    turn, meaning, decision, snapshot = thought.turn, thought.meaning, thought.decision, thought.snapshot
    cited = _citations(text, thought.sources)
    handles = [source.product for n, source in enumerate(thought.sources, 1) if n in {c.n for c in cited}]
    products = [product for handle in handles if handle and (product := thought.live.product(handle))]
    choices = (phrases.say("choice_staff", meaning.lang),) if decision.offers_staff else ()
    draft = Draft(
        Author.BOT,
        text,
        reply_to=turn.message.seq,
        reason=decision.reason,
        action=decision.action.value,
        citations=cited,
        cards=cards(products, meaning.lang),
        choices=choices,
        snapshot=snapshot.version,
        verdict=trace.as_json(),
        lang=meaning.lang,
    )
    return Reply(draft, _after(thought, draft), trace)


def _citations(text: str, sources: Sequence[Passage]) -> tuple[Citation, ...]:
    """The passages whose number stands in the text; a number with no passage never got past the check."""
    used = ground.cited(text)
    return tuple(Citation(n, p.id, p.title, p.text, p.url) for n, p in enumerate(sources, 1) if n in used)


def _after(thought: _Thought, draft: Draft) -> State:
    turn, decision, snapshot = thought.turn, thought.decision, thought.snapshot
    named = [hit.passage.product for hit in decision.hits if hit.passage.kind is Kind.PRODUCT]
    focus = next((handle for handle in named if handle in snapshot.products), turn.state.focus)
    missed = decision.action in (Action.ASK, Action.DECLINE)
    return replace(
        turn.state,
        lang=thought.meaning.lang,
        seq=turn.message.seq,
        focus=focus,
        last_hits=tuple(c.passage for c in draft.citations) or turn.state.last_hits,
        asked=decision.action is Action.ASK,
        offered=decision.offers_staff,
        reason=decision.reason if decision.offers_staff else None,
        spared=None if decision.action.value in SETTLING else turn.state.spared,
        misses=turn.state.misses + 1 if missed else 0,
    )
