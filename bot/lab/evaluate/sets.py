"""The sets that generators are judged on: invented shops held out, the sample shop, SGD's test split, DSTC11's part.

Every prompt is made as training or the server makes it. Invented shops are made here by their seeds, so they need no
data; nothing of the sample shop is ever in training. What is left out of the public sets in training for figures or
names that nothing says is left out here too.
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.answer import Voice
from bot.app import opened
from bot.generate.protocol import Prompt
from bot.lab.evaluate import answers
from bot.lab.evaluate.fresh import written
from bot.lab.evaluate.judge import Posed, posed
from bot.lab.evaluate.prompted import Prompted
from bot.lab.evaluate.questions import GOLD, Asked
from bot.lab.evaluate.section import Ground
from bot.lab.train import dstc, sgd
from bot.lab.train.data import Plan, families, opened_shops, stocked
from bot.lab.train.figures import nameless, unfounded
from bot.lab.train.sample import Sample

UNANSWERABLE = GOLD / "unanswerable.jsonl"
SEED = 20261122
LANG = "en"
T = TypeVar("T")
_PARTS = re.compile(r"[\n;,]\s*")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each set, at most.

    Attributes:
        per_shop: Samples of a shop, about.
        each: Questions of a kind on the sample shop's products.
        answerable: Questions to the sample shop in all; `unanswerable` likewise.
    """

    shops: int = 40
    per_shop: int = 30
    each: int = 45
    answerable: int = 1000
    unanswerable: int = 1000
    sgd: int = 600
    dstc: int = 300


QUICK = Sizes(shops=2, per_shop=12, each=3, answerable=40, unanswerable=12, sgd=20, dstc=20)


@dataclass(frozen=True, slots=True)
class Reached:
    """How many questions to the sample shop come to a generator, with the answer in the passages where there is one.

    The others are asked back or declined before, or the search did not bring the answer.
    """

    answerable: int
    answerable_reached: int
    unanswerable: int
    unanswerable_reached: int


def held_out(sizes: Sizes) -> list[Posed]:
    """Samples of invented shops that no training has seen, from the default plan's seeds."""
    test = opened_shops(Plan(Path()))["test"][: sizes.shops]
    asking = families()
    made = (sample for seed, shop in test for sample in stocked(seed, shop, asking, sizes.per_shop))
    return [posed(sample) for sample in made if not unfounded(sample)]


def sgd_test(ground: Ground, count: int) -> list[Posed]:
    """Turns of SGD's test split, picked by seed."""
    rows = ground.rows("train/sgd_grounded_test.jsonl.gz")
    return _picked(sgd.samples(rows, random.Random(f"{SEED}:sgd")), count)


def dstc_test(ground: Ground, count: int) -> list[Posed]:
    """Questions of DSTC11 on the places that are held out."""
    rows, snippets = (ground.rows(f"train/dstc11_{name}.jsonl.gz") for name in ("grounded", "snippets"))
    made = dstc.opinions(rows, snippets, random.Random(f"{SEED}:dstc11"))
    return _picked((sample for sample in made if dstc.held_out(sample.group) == "test"), count)


def _picked(samples: Iterator[Sample], count: int) -> list[Posed]:
    """So many at most, in their order."""
    fit = [posed(sample) for sample in samples if not unfounded(sample) and not nameless(sample)]
    places = sorted(random.Random(SEED).sample(range(len(fit)), min(count, len(fit))))
    return [fit[place] for place in places]


async def sample_shop(ground: Ground, sizes: Sizes) -> tuple[list[Posed], Reached]:
    """Questions to the sample shop with the prompts that the server would make were there no skills."""
    quoting = ground.settings.model_copy(update={"generator": "quote:"})
    async with opened(quoting) as services:
        settings = services.settings
        voice = Voice(settings.shop, settings.langs, settings.tone, settings.reach)
        shop = Prompted(services.library, voice, services.upkeep.prices.over)
        questions = _some([*answers.made(services, LANG, sizes.each), *written("fresh", LANG)], sizes.answerable)
        asked = [(one, await shop.prompt(one.text, LANG, answers.AT)) for one in questions]
        hopeless = [await shop.prompt(text, LANG, answers.AT) for text in _some(unanswerable(), sizes.unanswerable)]
    known = [_known(one, prompt) for one, prompt in asked if prompt and _founded(one, prompt)]
    unknown = [Posed(_sample(prompt, "decline"), answerable=False) for prompt in hopeless if prompt]
    return [*known, *unknown], Reached(len(asked), len(known), len(hopeless), len(unknown))


def _known(asked: Asked, prompt: Prompt) -> Posed:
    """A question whose answer's text has a test of its own."""
    return Posed(_sample(prompt, asked.kind), answerable=True, right=asked.right)


def _founded(asked: Asked, prompt: Prompt) -> bool:
    """Whether the passages say it. Only of prices can that be told: a span of prices answers none of one variant."""
    parts = (part for passage in prompt.passages for part in _PARTS.split(passage.text))
    return asked.kind != "price" or any(map(asked.right, parts))


def _sample(prompt: Prompt, kind: str) -> Sample:
    return Sample(prompt, answer="", rests_on=(), kind=kind, source="sample_shop", group="sample_shop")


def unanswerable() -> list[str]:
    """Questions near the sample shop's topics that its texts do not answer, written for this."""
    return [json.loads(line)["question"] for line in UNANSWERABLE.read_text("utf-8").splitlines()]


def _some(every: Sequence[T], count: int) -> list[T]:
    return list(every) if count >= len(every) else random.Random(SEED).sample(every, count)
