"""What the *faq* family asks beside its entries: small talk, and wishes that no entry of any shop answers."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from random import Random

from bot.lab.train.invent.faq_bank import Page, trades
from bot.lab.train.invent.terms_grammar import Section, read, sentence, vary
from bot.lab.train.invent.terms_voice import declined, formal, put
from bot.lab.train.sample import Asked, Piece

TALKS = 26
"""Turns of small talk with each shop."""

WISHES = 14
"""Wishes that nothing answers, of each shop."""

_ASKED = re.compile(
    r"(?:what|how|is|are|do|would|shall|can|could|may|anything|should|but what)\b(?! (?:comes|and|if))", re.IGNORECASE
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")

Nearest = Callable[[str], tuple[Piece, ...]]


@cache
def _bank(name: str) -> tuple[Section, ...]:
    text = files(__package__).joinpath(f"faq_{name}.txt")
    return read(text.read_text("utf-8")) if text.is_file() else ()


def ended(text: str) -> str:
    """The text with each sentence begun by a capital and ended by one mark: a question by a question mark."""
    sentences = []
    for one in _SENTENCE.split(text):
        said = sentence(one.rstrip(".?!"))
        mark = "?" if _ASKED.match(said) or one.rstrip(".").endswith("?") else "!" if "!" in one[-2:] else "."
        sentences.append(said + mark)
    return " ".join(sentences)


def small_talk(rng: Random, slots: dict[str, str], pieces: Sequence[Piece]) -> Iterator[Asked]:
    """Turns of small talk, with passages beside them that have nothing to do with it."""
    intents = [fact for section in _bank("talk") for fact in section.facts]
    for _ in range(TALKS if intents else 0):
        fact = rng.choice(intents)
        question = vary(rng, rng.choice(fact.of("?")), slots)
        answer = ended(vary(rng, rng.choice(fact.of("=")), slots))
        yield Asked(
            kind="small_talk",
            question=rng.choice((question, question, sentence(question))),
            answer=answer,
            formal=ended(vary(rng, rng.choice(fact.of("=", "f")), slots)),
            near=tuple(rng.sample(list(pieces), min(3, len(pieces)))),
        )


def hopeless(rng: Random, page: Page, nearest: Nearest) -> Iterator[Asked]:
    """Questions that no entry of a shop answers, beside the entries that sound most like them."""
    sections = [section for section in _bank("wishes") if {"*", page.shop.trade} & set(trades(section))]
    wishes = [fact for section in sections for fact in section.facts if page.open(fact)]
    for fact in rng.sample(wishes, min(WISHES, len(wishes))):
        plain = vary(rng, rng.choice(fact.of("?")), page.slots)
        text = declined(rng, vary(rng, rng.choice(fact.of("-")), page.slots))
        yield Asked(
            kind="decline",
            question=put(rng, plain, page.slots),
            answer=text,
            formal=sentence(formal(text)),
            near=nearest(plain),
            decline=text,
            never=("yes,", "no,"),
        )
