"""Entries of the *faq* family as one shop has them: drawn from banks, with their pieces, and pieces without a fact.

Banks are written as in `terms_grammar`; a section is one entry: `# slug | topic | trade/trade`, `*` for every trade.
Answers (`=`) are condensed; a fact without them is answered by its statement.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from random import Random

from bot.lab.train.invent.shop import Shop
from bot.lab.train.invent.terms_draws import common, drawn
from bot.lab.train.invent.terms_grammar import Fact, Section, always, named, read, sentence, vary
from bot.lab.train.sample import Piece

_BANKS = ("orders", "service", "shop", "home", "wear", "tech", "table", "leisure")
_COMMON = re.compile(r"(day|carrier|town)\d?$|site$")
_ASKS = re.compile(
    r"(?:what|how|is|are|do|does|did|can|could|will|would|which|when|where|who|why|may|should|must)\b", re.I
)


@cache
def entries() -> tuple[Section, ...]:
    """Every entry of the banks."""
    folder = files(__package__)
    texts = (folder.joinpath(f"faq_{bank}.txt") for bank in _BANKS)
    return tuple(section for text in texts if text.is_file() for section in read(text.read_text("utf-8")))


def trades(section: Section) -> list[str]:
    """The trades whose shops have the entry; `["*"]` for all."""
    return [trade.strip() for trade in section.subs]


@dataclass(frozen=True)
class Stated:
    """A fact as one entry states it: its variant, the sentence, and the title of an entry that begins with it."""

    fact: Fact
    variant: str
    said: str
    title: str

    @cached_property
    def answers(self) -> list[str]:
        """Templates of condensed answers; none where only the statement will do."""
        return self.fact.of("=", self.variant)

    @cached_property
    def slots(self) -> frozenset[str]:
        """The slots that every answer names."""
        answers = self.answers or self.fact.of("+", self.variant)
        return frozenset.intersection(*map(always, answers))


@dataclass
class Entry:
    """An entry of one shop; `slots` are its values and those of the shop, `kinds` what kind its own values are."""

    section: Section
    stated: list[Stated]
    missing: list[Fact]
    filler: str
    slots: dict[str, str]
    kinds: dict[str, str]

    @property
    def topic(self) -> str:
        """What the entry is about, as `delivery`."""
        return self.section.headings[0].strip()

    @cached_property
    def piece(self) -> Piece:
        """The whole entry."""
        return self._piece(self.stated)

    def _piece(self, stated: Sequence[Stated]) -> Piece:
        text = " ".join(filter(None, (*(one.said for one in stated), self.filler)))
        return Piece(f"faq:{self.section.topic}", "faq", stated[0].title, text)

    def without(self, left_out: Stated) -> Piece | None:
        """The entry without one of its facts and what hangs on it; None where nothing would be left."""
        name = left_out.fact.name
        left = [one for one in self.stated if name not in (one.fact.name, one.fact.given.partition(":")[0])]
        return self._piece(left) if left else None

    def values(self, stated: Sequence[Stated]) -> dict[str, str]:
        """What these facts name, slots with their values."""
        texts = (text for one in stated for text in one.fact.of("+", one.variant))
        return {slot: self.slots[slot] for text in texts for slot in named(text) if slot in self.kinds}


class Page:
    """All entries of one shop."""

    def __init__(self, rng: Random, shop: Shop, general: float = 0.36) -> None:
        """Draw them; of the general ones about the share `general`, of the trade's own nearly all."""
        self.rng, self.shop, self.slots = rng, shop, common(rng, shop)
        self.entries: list[Entry] = []
        self.absent: list[Entry] = []
        for section in entries():
            own = trades(section)
            if "*" not in own and shop.trade not in own:
                continue
            entry = self._entry(section)
            here = rng.random() < (general if "*" in own else 0.85)
            (self.entries if here else self.absent).append(entry)
        rng.shuffle(self.entries)
        self.told = {one.fact.name for entry in self.entries for one in entry.stated}

    def open(self, fact: Fact) -> bool:
        """Whether nothing on the page answers a question to this fact."""
        return fact.name not in self.told and self.told.isdisjoint(fact.unless)

    def _entry(self, section: Section) -> Entry:
        rng, slots = self.rng, dict(self.slots)
        kinds = self._draw(section, slots)
        variants: dict[str, str] = {}
        stated: list[Stated] = []
        missing: list[Fact] = []
        for place, fact in enumerate(section.facts):
            name, _, wanted = fact.given.partition(":")
            if name and variants.get(name, "-") not in (wanted or variants.get(name, "")):
                continue
            if rng.random() < (0.88 if place == 0 else 0.8) or (not stated and place == len(section.facts) - 1):
                stated.append(self._state(fact, slots))
                variants[fact.name] = stated[-1].variant
            else:
                missing.append(fact)
        if not stated:
            stated, missing = [self._state(section.facts[0], slots)], []
        filler = vary(rng, rng.choice(section.filler), slots) if section.filler and rng.random() < 0.35 else ""
        return Entry(section, stated, missing, filler, slots, kinds)

    def _draw(self, section: Section, slots: dict[str, str]) -> dict[str, str]:
        kinds: dict[str, str] = {}
        for name, kind, arguments in section.draws:
            for _ in range(12):
                value = drawn(self.rng, self.shop, kind, arguments)
                if not any(value in slots[other] or slots[other] in value for other in kinds):
                    break
            slots[name], kinds[name] = value, kind
        return kinds

    def _state(self, fact: Fact, slots: dict[str, str]) -> Stated:
        rng = self.rng
        variant = rng.choice(fact.variants)
        said = sentence(vary(rng, rng.choice(fact.of("+", variant)), slots))
        asked = [text for mark in ("", "y") for text in fact.lines.get(("?", mark), [])]
        plain = [text for text in asked if _ASKS.match(text) and "[" not in text[:1] and "." not in text] or asked
        title = sentence(vary(rng, rng.choice(plain[:3]), slots)).rstrip("?.") + "?"
        return Stated(fact, variant, said, title)


def common_slot(slot: str) -> bool:
    """Whether a slot's value, drawn for the whole shop, is a fact that an answer may be judged by."""
    return _COMMON.match(slot) is not None
