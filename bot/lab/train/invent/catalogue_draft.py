"""A question about products before its pieces are chosen."""

import random
import re
from dataclasses import dataclass, field

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.goods_items import Item
from bot.lab.train.sample import Piece

YES = (("yes",),)
NO = (("no,", "no:", "no.", "not", "n't", "none", "only", "without"),)


_FRAMED = 0.15


def _with_pronoun(template: str) -> str:
    """The question about `it`, to follow the product's name; empty where it would not do."""
    if template.count("{n}") != 1:
        return ""
    found = re.sub(r"((?:\{(?:is|do|Is)\}|can|will|could|would)) \{n\}", r"\1 {it}", template)
    if found != template:
        return found
    return re.sub(r"\{n\}$", "{them}", template) if re.search(r"[a-z] \{n\}$", template) else ""


@dataclass(frozen=True, slots=True)
class Draft:
    """As `Asked`, without its pieces.

    Attributes:
        items: What it is about.
        tags: The facts that answer it, as in `Item.units`.
        question: Without a mark at its end or a capital at its start; `follow` the same put after another question.
        intent: The same for the same question to another product; empty where that makes no sense.
        proof: Texts that a piece has to have to be the one that answers; `must` where there are none.
        pieces: What answers it where that is no product's piece; then with `twin` and `near`.
    """

    kind: str
    items: tuple[Item, ...]
    tags: tuple[str, ...]
    question: str
    answer: str
    decline: str
    follow: str = ""
    formal: str = ""
    intent: str = ""
    must: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    twin: tuple[Piece, ...] = ()
    proof: tuple[str, ...] = ()
    near: tuple[Piece, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Talk:
    """Says things about one product with the templates."""

    rng: random.Random
    item: Item

    def question(self, name: str | tuple[str, ...], **values: str) -> str:
        """One of an intent's questions, the product named in one of its ways."""
        ref = self.rng.choice(self.item.refs)
        if self.rng.random() < _FRAMED:
            templates = words.phrases()[name] if isinstance(name, str) else name
            plain = _with_pronoun(self.rng.choice(templates))
            if plain:
                frame = self.rng.choice(words.phrases()["frame"]).replace("{q}", plain)
                return self._said((frame,), ref, values)
        return self._said(name, ref, values)

    def answer(self, name: str | tuple[str, ...], **values: str) -> str:
        """One of an intent's answers, as a sentence."""
        return words.capital(self._said(name, self.item.ref, values))

    def missing(self, topic: str) -> str:
        """That `topic` is not known: `the warranty`."""
        return self.answer("decline", t=topic, tis=words.agreeing(topic))

    def unknown(self, clause: str) -> str:
        """That it is not known whether `clause`, a template: `{n} {is} waterproof`."""
        return self.answer("decline.if", c=self._said((clause,), self.item.ref, {}))

    def _said(self, name: str | tuple[str, ...], ref: str, values: dict[str, str]) -> str:
        templates = words.phrases()[name] if isinstance(name, str) else name
        return words.filled(self.rng.choice(templates), self.item.kind.plural, {"n": ref, **values})
