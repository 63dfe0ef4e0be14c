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
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, count, takewhile, zip_longest
from typing import Literal

import structlog

from bot import ground, handoff, injection, phrases
from bot.concern import concerned
from bot.conversation import Author, Draft, Message, Reason, State, Understood
from bot.errors import GeneratorFailed
from bot.generate.protocol import Generator, Numbered, Prompt, Said
from bot.generate.quote import Quote
from bot.gloss import glossed
from bot.guard import leaks
from bot.handoff import Reach
from bot.listener import Listener, feeling
from bot.policy import Action, Decision, decide, declined, is_likely, may_propose, needs_search
from bot.prompt import system
from bot.reply import Reply, Thought, Trace, Turn, replied, spoken
from bot.scene import Scene
from bot.skills import Skills
from bot.telemetry import Stopwatch, Telemetry
from bot.whereabouts import ordered
from knowledge.errors import KnowledgeError
from knowledge.library import Library
from knowledge.live import Live
from knowledge.passages import EVEN, Hit, Passage, Query
from knowledge.snapshot import Snapshot

log = structlog.get_logger()

Show = Callable[[str], Awaitable[None]]
HISTORY = 6
_PIECE = re.compile(r"(?:/variants)?(?:/\d+)?$")
SEARCHED = 8
WARMING = {"en": "Which products do you have?", "zh": "你们有什么商品？"}
WARMED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Of a turn that nobody said and nobody reads."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How the bot speaks: the shop's name, its languages (default first), its tone, and how people are reached."""

    shop: str
    langs: tuple[str, ...]
    tone: Literal["friendly", "formal"] = "friendly"
    reach: Reach = field(default_factory=Reach)


class Unsupported(GeneratorFailed):
    """A draft said what its passages do not say."""


class Answerer:
    """Makes replies. One for a process; knows nothing of the conversation but what a `Turn` carries.

    Attributes:
        live: Gives a snapshot's products with the prices and stock of now; by default those of the snapshot itself.
    """

    def __init__(
        self,
        library: Library,
        generator: Generator,
        voice: Voice,
        telemetry: Telemetry,
        skills: Skills | None = None,
    ) -> None:
        self._library = library
        self._ladder: tuple[Generator, ...] = (generator,) if generator.name == "quote:" else (generator, Quote())
        self._voice = voice
        self._telemetry = telemetry
        self._skills = skills or Skills()
        self._listener = Listener(voice.langs)
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
            trace.attack = self._attack(turn.message.draft.text)
            meaning = await asyncio.to_thread(self._listener.hear, turn, snapshot, live, bool(trace.attack))
        trace.query, trace.lang = meaning.query, meaning.lang
        shown = Shown(show, watch)
        try:
            if needs_search(meaning):
                trace.hits = await self._search(meaning, snapshot, watch)
            trace.reading = felt = feeling(turn, meaning, snapshot, trace.hits)
            turn = replace(turn, state=replace(turn.state, stage=felt.stage, mood=felt.mood, signs=felt.signs))
            if reply := await self._proposed(Thought(turn, meaning, snapshot, live), shown, trace):
                return reply
        except KnowledgeError as error:
            self._step_down(trace, "search", error)
            decision = declined(Reason.TOOL_FAILURE, "trouble", turn.state)
        else:
            decision = decide(meaning, trace.hits, turn.state)
        sources = tuple(map(live.passage, _sources(decision.hits, snapshot)))
        thought = Thought(turn, meaning, snapshot, live, decision, sources)
        text = await self._text(thought, shown, trace)
        if decision.action is Action.ANSWER and not ground.cited(text):
            # Nothing of the shop's stands behind it: the generators had nothing to say, and said so.
            thought = replace(thought, decision=declined(Reason.LOW_SUPPORT, "trouble", turn.state), sources=())
        return await self._observed(thought, shown, trace)

    async def warm(self) -> None:
        """Make what is made once of the snapshot that serves, a second or so, so that no shopper waits for it."""
        snapshot = self._library.current
        live = self.live(snapshot)
        for lang in self._voice.langs:
            draft = Draft(Author.SHOPPER, WARMING.get(lang, WARMING["en"]))
            turn = Turn(Message("", 1, WARMED_AT, draft), State("", lang=lang))
            meaning = await asyncio.to_thread(self._listener.hear, turn, snapshot, live)
            with suppress(KnowledgeError):
                hits = await self._search(meaning, snapshot, Stopwatch())
                await Skills().propose(self._scene(Thought(turn, meaning, snapshot, live), hits))

    def _attack(self, text: str) -> tuple[str, ...]:
        """Kinds of orders to a model in a message: noted, counted, and never a reason not to answer a question."""
        found = injection.judge(text)
        if not found.attack:
            return ()
        self._telemetry.attacks.inc()
        log.info("attack", kinds=found.kinds, score=found.score)
        return found.kinds

    # Skills

    def _scene(self, thought: Thought, hits: tuple[Hit, ...]) -> Scene:
        turn, snapshot = thought.turn, thought.snapshot
        return Scene(
            meaning=thought.meaning,
            state=turn.state,
            hits=hits,
            live=thought.live,
            passages=snapshot.passages,
            reviews=snapshot.reviews,
            find=lambda query: self._library.search(query, snapshot).hits,
            history=turn.history,
            now=turn.message.at,
            conversation=turn.message.conversation,
            identity=turn.identity,
            shop=self._voice.shop,
            promotions=snapshot.promotions,
            seq=turn.message.seq,
        )

    async def _proposed(self, thought: Thought, shown: "Shown", trace: Trace) -> Reply | None:
        """The reply that a skill makes; None when the message is for none of them, or its draft is not supported."""
        if not may_propose(thought.meaning, thought.turn.state):
            return None
        with shown.watch.stage("skills"):
            name, proposal = await self._skills.propose(self._scene(thought, trace.hits))
        if proposal is None:
            return None
        trace.generator, trace.draft = name, proposal.text
        trace.settled = proposal.settles
        decision = Decision(proposal.action, reason=proposal.reason)
        thought = replace(thought, decision=decision, sources=proposal.sources, proposal=proposal)
        try:
            sentences = _supported(proposal.text, self._prompt(thought, proposal.sources), trace)
        except GeneratorFailed as error:
            self._step_down(trace, name, error)
            return None
        for sentence in sentences:
            await shown.add(sentence)
        return await self._observed(thought, shown, trace)

    async def _search(self, meaning: Understood, snapshot: Snapshot, watch: Stopwatch) -> tuple[Hit, ...]:
        """Hits for the message; where it asks two things, the best of each in turns."""
        found = []
        for text in filter(None, (meaning.query, meaning.second)):
            query = Query(text, meaning.lang, limit=SEARCHED)
            with watch.stage("search"):
                answer = await asyncio.to_thread(partial(self._library.search, query, snapshot))
            watch.ms.update(answer.timings_ms)
            found.append(ordered(concerned(answer.hits, text), text))
        turns = chain.from_iterable(zip_longest(*found))
        once: dict[str, Hit] = {}
        for hit in filter(None, turns):
            # A passage found for both keeps how well it fits the question that it fits best.
            once.setdefault(hit.passage.id, hit)
        return tuple(once.values())

    async def _text(self, thought: Thought, shown: "Shown", trace: Trace) -> str:
        if thought.decision.action is not Action.ANSWER:
            await shown.add(self._words(thought))
            return shown.text
        trace.prompt = prompt = self._prompt(thought, thought.sources)
        for generator in self._ladder:
            trace.generator = generator.name
            try:
                with shown.watch.stage("generate"):
                    await checked(generator, prompt, shown, trace)
            except GeneratorFailed as error:
                self._step_down(trace, type(error).__name__, error)
            if shown.text:
                return shown.text
        failed = declined(Reason.TOOL_FAILURE, "trouble", thought.turn.state)
        await shown.add(self._words(replace(thought, decision=failed)))
        return shown.text

    def _words(self, thought: Thought) -> str:
        """What is said that no passage says."""
        decision, lang, reach = thought.decision, thought.meaning.lang, self._voice.reach
        at = thought.turn.message.at
        if decision.action is Action.HAND_OVER or decision.phrase == "waiting":
            return handoff.asked(lang, reach, at)
        if decision.reason:
            return handoff.offer(decision.reason, lang, reach, at)
        if decision.phrase == "noted":
            return handoff.noted(lang, reach, thought.meaning.address)
        spoken = phrases.languages(self._voice.langs, lang)
        return phrases.say(decision.phrase, lang, shop=self._voice.shop, languages=spoken)

    def _prompt(self, thought: Thought, sources: Sequence[Passage]) -> Prompt:
        meaning = thought.meaning
        prompt = Prompt(
            question=f"{meaning.query} {meaning.second}".strip(),
            lang=meaning.lang,
            shop=self._voice.shop,
            passages=_numbered(sources),
            history=_said(thought.turn.history),
            tone=self._voice.tone,
            sure=any(map(is_likely, thought.decision.hits[:1])),
            both=bool(meaning.second) and _each_likely(thought.decision.hits[:2]),
        )
        return glossed(prompt, thought.snapshot.glossary)

    def _step_down(self, trace: Trace, why: str, error: Exception) -> None:
        trace.fallback = f"{why}: {error}"
        self._telemetry.fallbacks.labels(why).inc()
        log.warning("fallback", why=why, generator=trace.generator, error=str(error))

    async def _observed(self, thought: Thought, shown: "Shown", trace: Trace) -> Reply:
        """The reply, once what stands beside it is said and its times are known."""
        scene = self._scene(thought, trace.hits)
        maker = trace.generator if thought.proposal else ""
        beside = self._skills.beside(maker, scene, spoken(thought, shown.text))
        if beside and beside.text:
            await shown.add(f"\n\n{beside.text}")
        shown.watch.mark("total")
        trace.ms = shown.watch.ms
        self._telemetry.turns.labels(thought.decision.action.value).inc()
        for stage, ms in trace.ms.items():
            self._telemetry.stages.labels(stage).observe(ms / 1000)
        return replied(replace(thought, beside=beside), shown.text, trace)


class Shown:
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


async def checked(generator: Generator, prompt: Prompt, shown: Shown, trace: Trace) -> None:
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


async def _pass(sentence: str, prompt: Prompt, shown: Shown, trace: Trace) -> None:
    with shown.watch.stage("ground"):
        _check(sentence, shown.text, prompt, trace)
    await shown.add(sentence)


def _check(sentence: str, before: str, prompt: Prompt, trace: Trace) -> None:
    """Raise Unsupported unless `sentence` may be shown after what was said `before`."""
    verdict = ground.check(sentence, prompt.passages, prompt.lang, prompt.question)
    trace.claims.extend(verdict.claims)
    if not verdict.supported:
        wrong = ", ".join(f"{c.kind} {c.text!r}" for c in verdict.claims if not c.supported)
        raise Unsupported(f"draft claims what its passages do not say: {wrong or sentence[:80]}")
    if ground.repeats(sentence, ground.sentences(before)):
        raise Unsupported(f"draft says a sentence twice: {sentence[:80]!r}")
    if leaks(before + sentence, system(prompt)):
        raise Unsupported("draft repeats its instructions")
    if injection.judge(sentence).attack:
        raise Unsupported(f"draft gives orders to a model: {sentence[:80]!r}")


def _supported(text: str, prompt: Prompt, trace: Trace) -> list[str]:
    """The sentences of a proposal; unlike a stream, it is shown whole or not at all.

    Raises:
        Unsupported: One of them says what the sources do not.
    """
    holder = ground.Holder()
    sentences = [*holder.feed(text), *holder.close()]
    for place, sentence in enumerate(sentences):
        _check(sentence, "".join(sentences[:place]), prompt, trace)
    return sentences


def _as_built(snapshot: Snapshot) -> Live:
    return Live(snapshot.products, {})


def _each_likely(hits: Sequence[Hit]) -> bool:
    """Whether the two hits are likely what the two questions of a message mean."""
    return len(hits) > 1 and all(is_likely(hit) and (hit.probability or 0.0) >= EVEN for hit in hits)


def _numbered(sources: Sequence[Passage]) -> tuple[Numbered, ...]:
    return tuple(
        Numbered(n, p.id, p.kind.value, injection.harmless(p.title), injection.harmless(p.text), p.lang)
        for n, p in enumerate(sources, 1)
    )


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
