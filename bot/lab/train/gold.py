"""Judges a generator on a shop's gold questions: right, declined, wrong, supported, in the shop's tone, how fast.

A gold question names the entry that answers it. Its prompt is made as the server makes it, skills aside; an answer is
right when one of its sentences says what the entry says. Each is asked once more without the entry, and then declining
is right, unless another passage may answer it too. What generators were given before is not known here.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot import ground
from bot.answer import Voice
from bot.generate.protocol import Generator, Numbered, Prompt
from bot.lab.evaluate.judge import Posed
from bot.lab.evaluate.prompted import Prompted
from bot.lab.evaluate.told import Told, told
from bot.lab.train.own import DECLINED, SAYS_PART, SOURCE, says_too
from bot.lab.train.sample import Sample
from bot.terms import terms
from knowledge.gold import Gold
from knowledge.library import Library

DRAWN = 0.6
"""From this share of its terms on a sentence is drawn from a passage."""
AT = datetime(2026, 11, 22, 18, tzinfo=UTC)
"""When the questions are asked: a fixed time, so that two looks are alike."""

_INFORMAL = re.compile(
    r"!|！|~|～|\b\w+(?:n't|'(?:ll|re|ve|m|d))\b|\b(?:it|that|there|here|what|let)'s\b|"
    r"\b(?:hi|hey|yep|yeah|nope|sure thing|no worries|awesome|cool|super|gonna|wanna|guys|folks|oops|btw)\b|"
    r"[\U0001F300-\U0001FAFF\u2600-\u27BF]|[啦哦呀哟嘛噢]|亲[，,爱]|你(?!们好)",
    re.IGNORECASE,
)
_STIFF = re.compile(
    r"\b(?:dear (?:sir|madam|customer)|hereby|herewith|kindly|pursuant|aforementioned|henceforth|we regret to inform|"
    r"please be advised|in accordance with|at your earliest convenience|yours (?:sincerely|faithfully))\b|"
    r"特此|敬请|兹|贵方|敝店|悉知",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """How a generator did. Shares are 0 to 1; `right`, `declined` and `wrong` count answerable questions.

    Attributes:
        unanswerable: Questions without their entry; `invented` those that were answered nevertheless.
        unsupported: Claims that no passage bears out, per 100 answers, before the check that keeps them from shoppers.
        in_tone: Share of the answers without a word or sign that the other tone would have.
        seconds: To load it, and to answer everything, several answers at once.
    """

    asked: int
    right: int
    declined: int
    wrong: int
    unanswerable: int
    invented: int
    unsupported: float
    in_tone: float
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


async def posed(library: Library, voice: Voice, golds: Sequence[Gold]) -> list[Posed]:
    """The questions whose entry reaches a generator, and their unanswerable twins; others tell nothing of it."""
    prompted = Prompted(library, voice)
    made = [(gold, await prompted.prompt(gold.question, gold.lang, AT)) for gold in golds]
    return [one for gold, prompt in made if prompt for one in _posed(gold, prompt)]


def _posed(gold: Gold, prompt: Prompt) -> list[Posed]:
    """The question, and the same without what answers it; nothing where its entry was not found."""
    entry = tuple(p for p in prompt.passages if p.id == gold.passage or p.id.startswith(f"{gold.passage}:"))
    if not entry:
        return []
    found = [Posed(_sample(gold, prompt, "faq"), answerable=True, right=says(entry, prompt.lang))]
    left = [p for p in prompt.passages if p not in entry]
    answer = " ".join(p.text for p in entry)
    if left and not any(says_too(p.text, answer, SAYS_PART) for p in left):
        without = tuple(replace(p, n=n) for n, p in enumerate(left, 1))
        bare = replace(prompt, passages=without, sure=False, both=False)
        found.append(Posed(_sample(gold, bare, DECLINED), answerable=False))
    return found


def _sample(gold: Gold, prompt: Prompt, kind: str) -> Sample:
    return Sample(prompt, "", (), kind, SOURCE, gold.id)


def says(entry: Sequence[Numbered], lang: str) -> Callable[[str], bool]:
    """A test of whether a text says, in one sentence at least, what an entry says and the entry bears out."""
    known = set(terms(" ".join(f"{p.title} {p.text}" for p in entry)))

    def right(text: str) -> bool:
        return any(_drawn(sentence, known, entry, lang) for sentence in ground.sentences(text))

    return right


def _drawn(sentence: str, known: set[str], entry: Sequence[Numbered], lang: str) -> bool:
    bare = re.sub(r"\s*\[\d+\]", "", sentence)
    words = set(terms(bare))
    if not words or len(words & known) < DRAWN * len(words):
        return False
    return ground.check(bare, entry, lang).supported


async def marked(generator: Generator, every: Sequence[Posed]) -> Marks:
    """Have the generator answer everything, judge it, and close it; where there is nothing to ask it is not loaded."""
    if not every:
        return marks((), 0.0)
    began = time.monotonic()
    async with aclosing(generator):
        await generator.ping()
        found = await told(generator, every)
    return marks(found, time.monotonic() - began)


def marks(found: Sequence[Told], seconds: float) -> Marks:
    """The figures of what was said."""
    verdicts = Counter(one.verdict for one in found if one.posed.answerable)
    bare = [one for one in found if not one.posed.answerable]
    claims = sum(len(one.unsupported) for one in found)
    return Marks(
        asked=verdicts.total(),
        right=verdicts["right"],
        declined=verdicts["declined"],
        wrong=verdicts["wrong"],
        unanswerable=len(bare),
        invented=sum(one.verdict == "wrong" for one in bare),
        unsupported=round(100 * claims / max(1, len(found)), 2),
        in_tone=round(sum(in_tone(one.draft, one.posed.sample.prompt.tone) for one in found) / max(1, len(found)), 4),
        seconds=round(seconds, 2),
    )


def in_tone(text: str, tone: str) -> bool:
    """Whether a text has nothing that only the other tone would have.

    Formal: no contraction, exclamation mark, emoji or colloquial word, 您 and not 你. Friendly: no stiff phrase.
    """
    return not (_INFORMAL if tone == "formal" else _STIFF).search(text.replace("’", "'"))


def worse(before: Marks, after: Marks) -> str:
    """In what `after` is worse on the gold questions; empty if in nothing."""
    found = []
    if after.right < before.right:
        found.append(f"{after.right} of {after.asked} gold questions right, {before.right} before")
    if after.wrong > before.wrong:
        found.append(f"{after.wrong} wrong, {before.wrong} before")
    if after.invented > before.invented:
        found.append(f"{after.invented} of {after.unanswerable} unanswerable ones answered, {before.invented} before")
    return "; ".join(found)


def judged(generator: Generator, every: Sequence[Posed]) -> Marks:
    """As `marked`, for a program without an event loop."""
    return asyncio.run(marked(generator, every))
