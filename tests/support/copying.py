"""The built-in network's shape with random weights, and prompts for it."""

from collections.abc import Sequence
from functools import cache
from itertools import islice

import numpy as np
import torch

from bot.copying.decode import Spoken
from bot.copying.lexicon import Lexicon, generable
from bot.copying.model import CopyConfig, CopyModel, warmed
from bot.copying.packaged import open_reader
from bot.copying.source import PASSAGES, SEP, Source
from bot.copying.target import target
from bot.generate.protocol import Numbered, Prompt, Said

OUTPUTS = 3000

SHELL = Numbered(
    1,
    "product:larch",
    "product",
    "Larch rain shell",
    "Larch rain shell\nWeight: 310 g\nPrice: A$1,049.50\nColours: Moss, Ink/Black\n"
    "The Larch keeps water out (tested), so don't wash it above 30 °C; it ships in 3–5 business days.\n"
    "- XL/Green: in stock (12)",
)
SHIPPING = Numbered(
    2,
    "faq:shipping",
    "faq",
    "How long does shipping take?",
    "Shipping to Canada takes 6–9 days and costs $12.95. Mail help@fernway.example or see "
    "https://fernway.example/ship?x=1 for more.",
)
RETURNS = Numbered(
    3, "policy:returns", "policy", "Returns", "Returns are free within 60 days.\n\nSale items stay sold."
)


def asking(question: str, passages: Sequence[Numbered] = (SHELL, SHIPPING, RETURNS), **more: object) -> Prompt:
    """A prompt."""
    return Prompt(question, "en", "Fernway", tuple(passages), **more)  # type: ignore[arg-type]


def source_of(prompt: Prompt) -> Source:
    """As the network reads it."""
    return open_reader()[0].read(prompt)


@cache
def outputs() -> tuple[int, ...]:
    """A vocabulary: [SEP], then the commonest pieces without figures."""
    pieces = open_reader()[1]
    ok = (n for n, piece in enumerate(pieces) if n > SEP and piece.isascii() and generable(piece))
    return (SEP, *islice(ok, OUTPUTS - 1))


@cache
def lexicon() -> Lexicon:
    """Of that vocabulary."""
    return Lexicon.of(open_reader()[1], outputs())


def model(seed: int = 1, copies: float = 1.0) -> CopyModel:
    """A network that was never trained; the higher `copies`, the more it copies."""
    torch.manual_seed(seed)
    made = warmed(CopyConfig(outputs=OUTPUTS), list(outputs()))
    with torch.no_grad():
        made.word.bias.fill_(-copies)
        made.carry.bias.fill_(1.0)
    return made.eval()  # type: ignore[no-any-return, no-untyped-call]


HISTORY = (Said("shopper", "Is the Larch in stock?"), Said("bot", "Yes, 12 of them in XL."))


NOWHERE = np.zeros(PASSAGES + 1, np.float32)


def generated(text: str) -> list[Spoken]:
    """Pieces that are generated, written as in the text."""
    made = target(text, open_reader()[0])
    return [Spoken(p, s, 1.0, NOWHERE) for p, s in zip(made.ids[1:-1], made.surfaces[:-1], strict=True)]


def copied(source: Source, text: str, part: int, surface: int = 3) -> list[Spoken]:
    """The pieces of `text` as they stand in the source's text number `part` (the question is 0)."""
    own = source.texts[part]
    start = own.text.index(text)
    out = []
    for place in range(own.start, own.end):
        found = source.chars[place]
        if found and found[1] >= start and found[2] <= start + len(text):
            out.append(Spoken(source.ids[place], surface, 1.0, NOWHERE, place))
    return out
