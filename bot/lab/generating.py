"""Benchmark: the built-in generator on prompts of the shop's own questions, each with three of its passages.

Measured through the generator's own protocol, thread and batch included: how soon the first words come (with passages
that were never read before, and with ones that were), and how many pieces a second, for one chat and several at once.
"""

import asyncio
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from bot.copying.packaged import open_reader
from bot.copying.trust import Trust
from bot.generate import open_generator, own
from bot.generate.copy import Copy
from bot.generate.protocol import Generator, Numbered, Prompt
from bot.lab.metrics import figures
from bot.lab.plan import SEED, THREADS, Plan
from bot.settings import Settings
from knowledge.passages import Passage
from knowledge.sources import read

AT_ONCE = (1, 4, 16)
PASSAGES = 3
LIMIT_S = 300.0
MIB = 1024 * 1024


def measure(plan: Plan, settings: Settings) -> dict[str, Any]:
    """Seconds to load, milliseconds to the first words, pieces a second, and MiB of memory."""
    spec = settings.generator if settings.generator.startswith("copy:") else "copy:"
    return asyncio.run(_measured(spec, settings.data / "generators", prompts(settings, plan.queries), plan.runs))


async def _measured(spec: str, cache: Path, asked: Sequence[Prompt], runs: int) -> dict[str, Any]:
    before, open_reader_s = _rss_mib(), _timed_reader()
    exported_s = await _ready(spec, cache)
    generator = open_generator(spec, timeout_s=LIMIT_S, threads=THREADS, cache=cache)
    began = time.perf_counter()
    await generator.ping()
    load_s = time.perf_counter() - began
    loaded = _rss_mib()
    new = [await first_word_ms(generator, prompt) for prompt in asked]
    known = [[await first_word_ms(generator, prompt) for prompt in asked] for _ in range(runs)]
    await generator.aclose()
    folder = own.meant(cache, *spec.split(":", 1))
    # Every draft is given out: what stands in place of one costs next to nothing.
    drafting = Copy(folder, cache=cache, timeout_s=LIMIT_S, threads=THREADS, trust=Trust())
    await drafting.ping()
    speeds = {str(count): [await _pieces_per_s(drafting, asked, count) for _ in range(runs)] for count in AT_ONCE}
    await drafting.aclose()
    return {
        "generator": spec,
        "passages": PASSAGES,
        "load_s": round(load_s + open_reader_s, 2),
        "first_load_s": round(exported_s, 2),
        "memory_mib": {"before": round(before, 1), "loaded": round(loaded, 1), "most": round(_rss_mib(), 1)},
        "first_word_new": figures([new]).as_json(),
        "first_word_known": figures(known).as_json(),
        "pieces_per_s": {count: figures([[speed] for speed in found]).as_json(1) for count, found in speeds.items()},
    }


def prompts(settings: Settings, count: int) -> list[Prompt]:
    """Example questions in English, each with its own passage and others of the shop, in an order drawn once."""
    passages = [passage for passage in read(settings.content).passages if passage.lang == "en"]
    draw = random.Random(SEED)
    asked = [(question, passage) for passage in passages for question in passage.questions[:1]] or [
        (passage.title, passage) for passage in passages
    ]
    draw.shuffle(asked)
    return [_prompt(settings, asked[i % len(asked)], passages, draw) for i in range(count)]


def _prompt(settings: Settings, asked: tuple[str, Passage], passages: Sequence[Passage], draw: random.Random) -> Prompt:
    question, own = asked
    others = draw.sample([passage for passage in passages if passage is not own], PASSAGES - 1)
    numbered = tuple(Numbered(n, p.id, p.kind.value, p.title, p.text) for n, p in enumerate((own, *others), 1))
    return Prompt(question, "en", settings.shop, numbered, tone=settings.tone)


async def first_word_ms(generator: Generator, prompt: Prompt) -> float:
    """From the call to the first piece of text; the draft is left there."""
    began = time.perf_counter()
    stream = generator.stream(prompt)
    try:
        async for _ in stream:
            break
        return (time.perf_counter() - began) * 1000
    finally:
        await stream.aclose()  # type: ignore[attr-defined]


async def _pieces_per_s(generator: Generator, asked: Sequence[Prompt], at_once: int) -> float:
    """Pieces of all drafts over the time that they took, reading the prompts included."""
    places = asyncio.Semaphore(at_once)

    async def drafted(prompt: Prompt) -> int:
        async with places:
            text = "".join([piece async for piece in generator.stream(prompt)])
        return len(open_reader()[0].pieces(text)[0])

    began = time.perf_counter()
    said = await asyncio.gather(*map(drafted, asked))
    return sum(said) / (time.perf_counter() - began)


async def _ready(spec: str, cache: Path) -> float:
    """Seconds to the first answer that the generator could ever give, its export included when there was none."""
    began = time.perf_counter()
    generator = open_generator(spec, timeout_s=LIMIT_S, threads=THREADS, cache=cache)
    await generator.ping()
    took = time.perf_counter() - began
    await generator.aclose()
    return took


def _timed_reader() -> float:
    began = time.perf_counter()
    open_reader()
    return time.perf_counter() - began


def _rss_mib() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / MIB
