"""Everything that fine-tuning starts from: the knowledge that serves, gold questions, and the samples made of them."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.archive import Archive
from bot.audit import Audit
from bot.database import open_database
from bot.gold_questions import GoldQuestions
from bot.lab.train.approved import Settled, from_transcripts
from bot.lab.train.own import Shop, from_knowledge
from bot.lab.train.sample import Sample
from bot.settings import Settings
from bot.suggestions import State, Suggestions
from knowledge import gold
from knowledge.encode import open_encoder
from knowledge.gold import Gold
from knowledge.library import Library

MOST = 100_000
"""Suggestions that are read at most."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is.

    Attributes:
        golds: All gold questions in the languages of the samples.
        suggestions: Numbers of the approved suggestions that samples were made of; when one of their conversations is
            erased later, fine-tuning once more forgets it too.
    """

    library: Library
    golds: tuple[Gold, ...]
    samples: list[Sample]
    left_out: Counter[str]
    suggestions: tuple[int, ...]


async def gathered(settings: Settings, langs: tuple[str, ...], seed: int) -> Gathered:
    """Read the knowledge and the database, and make samples in these languages.

    Raises:
        KnowledgeError: No knowledge is active.
        StoreLost: The database is away.
    """
    encoder = open_encoder(settings.encoder, settings.data / "encoders", threads=settings.threads)
    library = await asyncio.to_thread(Library.open, settings.data / "knowledge", encoder)
    saved, settled = await _kept(settings)
    shipped, _ = gold.read(settings.content / gold.FILE)
    golds = tuple({one.id: one for one in (*shipped, *saved)}.values())
    shop = Shop(
        name=settings.shop,
        tone=settings.tone,
        langs=langs,
        passages=library.current.passages,
        search=lambda query: library.search(query).hits,
        golds=tuple(one.question for one in golds),
    )
    made = from_transcripts(shop, settled, seed)
    used = tuple(sorted({int(sample.group.rpartition("-")[2]) for sample in made.samples}))
    made += await asyncio.to_thread(from_knowledge, shop, seed)
    return Gathered(library, tuple(one for one in golds if one.lang in langs), made.samples, made.left_out, used)


async def _kept(settings: Settings) -> tuple[tuple[Gold, ...], list[Settled]]:
    """Saved gold questions, and settled suggestions about replies with their conversations; none without a database."""
    url = settings.access_database_url
    if _is_missing(url):
        return (), []
    database = await open_database(url)
    try:
        clock = partial(datetime.now, UTC)
        saved = await GoldQuestions(database, Audit(database, clock), clock).all()
        settled = []
        for suggestion in await Suggestions(database, clock).list(State.APPROVED, MOST):
            if suggestion.wanted.conversation and suggestion.wanted.seq is not None:
                whole = await Archive(database).get(suggestion.wanted.conversation)
                settled.append(Settled(suggestion, whole.messages if whole else ()))
        return saved, settled
    finally:
        await database.aclose()


def _is_missing(url: str) -> bool:
    scheme, _, path = url.partition(":///")
    return scheme == "sqlite" and not Path(path).is_file()


def told(found: Gathered, first: int = 3) -> list[str]:
    """What would be trained on, as lines to read."""
    kinds = Counter(f"{sample.kind} ({sample.prompt.lang})" for sample in found.samples)
    lines = [f"{len(found.samples)} samples, {len(found.suggestions)} of approved transcripts"]
    lines += [f"  {count:6} {kind}" for kind, count in sorted(kinds.items())]
    lines += [f"{sum(found.left_out.values())} left out"]
    lines += [f"  {count:6} {why}" for why, count in found.left_out.most_common()]
    lines += [f"{len(found.golds)} gold questions to judge by"]
    for sample in found.samples[:first]:
        prompt = sample.prompt
        lines += ["", *(f"  {said.author}: {said.text}" for said in prompt.history), f"  asked: {prompt.question}"]
        lines += [
            f"    [{p.n}]{'*' if p.n in sample.rests_on else ' '} {p.title}: {p.text}"[:200] for p in prompt.passages
        ]
        lines += [f"  answer: {sample.answer}"]
    return lines
