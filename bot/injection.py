"""Tells text that gives orders to a language model from text that shoppers and shops write. Pure.

A message, product text, review or page is read as it stands and as it may be meant (`disguise.py`): without hidden
characters, with look-alike letters made plain, spaced-out letters joined, base64, reversed and rotated text decoded.
Each sign found has a weight; weights add up like independent chances (noisy or). The score decides nothing about
answers to ordinary questions: a flagged message that also asks something is answered as if nothing were wrong, since
discounts, proof, prices and handoff are decided by code. What is done with a score is not known here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.disguise import Reading, readings
from bot.injection_signs import SIGNS
from bot.sentences import lines, sentences

SUSPICIOUS = 0.5
"""From this score on a text is taken for an attack: one strong sign, or two middling ones."""
LONGEST = 4000
"""Characters that are read; what comes after can only add signs, never take one away."""

_ASKS = re.compile(
    r"[?？]|^(?:what|how|when|where|which|who|why|do|does|did|can|could|is|are|will|would|should|may)\b|"
    r"\b(?:i (?:need|want|am looking)|looking for|show me|tell me|tracking)\b|吗|呢|多少|怎么|什么|哪|几|有没有|想|要",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """What was found: its kind, the words, and how the text had to be read for it (`plain` or a disguise)."""

    kind: str
    text: str
    weight: float
    reading: str = "plain"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How much a text looks like an attack, 0 to 1, and why."""

    score: float = 0.0
    signs: tuple[Sign, ...] = ()

    @property
    def attack(self) -> bool:
        """Whether it is taken for one."""
        return self.score >= SUSPICIOUS

    @property
    def kinds(self) -> tuple[str, ...]:
        """Of its signs, each once."""
        return tuple(dict.fromkeys(sign.kind for sign in self.signs))


def judge(text: str) -> Suspicion:
    """How much a text looks like orders to a model. Takes time in proportion to the text, up to `LONGEST`."""
    found: dict[str, Sign] = {}
    for reading in readings(text[:LONGEST]):
        for sign in _signs(reading):
            found.setdefault(sign.kind, sign)
    unlikely = 1.0
    for sign in found.values():
        unlikely *= 1 - sign.weight
    return Suspicion(round(1 - unlikely, 4), tuple(found.values()))


def apart(text: str) -> tuple[str, str]:
    """The sentences of a text that give no orders, and those that do, each joined in their order."""
    parts = [part for line in lines(text) for part in sentences(line)]
    marked = [(part, judge(part).attack) for part in parts]
    return "\n".join(p.strip() for p, bad in marked if not bad), "\n".join(p.strip() for p, bad in marked if bad)


def question(text: str) -> str:
    """What a message that gives orders asks besides; the whole message where it asks nothing else."""
    left, _ = apart(text)
    return left if _ASKS.search(left) and not judge(left).attack else text


@lru_cache(4096)
def harmless(text: str) -> str:
    """A passage's text without the sentences that give orders to a model; nearly always the very text.

    Remembered, as the same few passages are read again and again. A line that only together with others is an attack
    takes the whole text with it.
    """
    if not judge(text).attack:
        return text
    kept = apart(text)[0]
    return "" if judge(kept).attack else kept


def _signs(reading: Reading) -> Iterable[Sign]:
    for kind, weight, pattern in _compiled():
        if found := pattern.search(reading.text):
            yield Sign(kind, found.group()[:120].strip(), weight, reading.name)


@lru_cache(1)
def _compiled() -> tuple[tuple[str, float, "re.Pattern[str]"], ...]:
    return tuple((kind, weight, re.compile(pattern)) for kind, weight, pattern in SIGNS)
