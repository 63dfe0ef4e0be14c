"""The policies of an invented shop: sections drawn from the banks of facts, what each states, and how it is laid out."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from random import Random

from bot.lab.train.invent.shop import Shop
from bot.lab.train.invent.terms_draws import common, drawn
from bot.lab.train.invent.terms_grammar import Fact, Section, always, named, read, sentence, vary
from bot.lab.train.sample import Piece

_BANKS = ("returns", "shipping", "payment", "orders", "warranty", "service", "account", "store")

_NOTES = ("Please note:", "Good to know:", "Important:", "Note:", "By the way:")


@cache
def sections() -> tuple[Section, ...]:
    """All sections that a shop may have."""
    folder = files(__package__)
    texts = (folder.joinpath(f"terms_{bank}.txt") for bank in _BANKS)
    found = tuple(section for text in texts if text.is_file() for section in read(text.read_text("utf-8")))
    facts = {fact.name: fact for section in found for fact in section.facts}
    for fact in facts.values():
        if fact.given:
            first = facts[fact.given.partition(":")[0]]
            first.unless = (*first.unless, fact.name)
    return found


@dataclass(frozen=True)
class Stated:
    """A fact as one shop states it: the variant, the sentence, and the line of a list where it has one."""

    fact: Fact
    variant: str
    said: str
    line: str

    @cached_property
    def slots(self) -> frozenset[str]:
        """The slots that its answers always name."""
        answers = self.fact.of("=", self.variant)
        return frozenset.intersection(*map(always, answers)) if answers else frozenset()


@dataclass
class Page:
    """A section of one shop: what it states, how it is laid out, and the piece that this makes."""

    section: Section
    key: str
    title: str
    layout: str
    opening: str
    closing: str
    stated: list[Stated]
    slots: dict[str, str] = field(repr=False)

    @cached_property
    def piece(self) -> Piece:
        """The whole passage."""
        return self.without(None)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The slots that its sentences may name."""
        return frozenset(slot for one in self.stated for text in one.fact.of("+", one.variant) for slot in named(text))

    def without(self, left_out: Stated | None) -> Piece:
        """The passage without one of its facts."""
        told = [one for one in self.stated if one is not left_out]
        if self.layout == "prose":
            text = " ".join(filter(None, (self.opening, *(one.said for one in told), self.closing)))
        else:
            mark = "- " if self.layout == "bullets" else ""
            lines = (mark + (one.line or one.said if self.layout != "bullets" else one.said) for one in told)
            text = "\n".join(filter(None, (self.opening, *lines, self.closing)))
        return Piece(self.key, "policy", self.title, text)


class Policies:
    """What one shop has written: its pages, and the values that are drawn once for all of them."""

    def __init__(self, rng: Random, shop: Shop, told: frozenset[str], share: float = 0.55) -> None:
        """Draw a shop's pages without the facts that are `told` elsewhere; each section with a chance of `share`."""
        self.rng = rng
        self.slots = common(rng, shop)
        self.told = told
        self.kinds: dict[str, str] = {}
        self.style = rng.choice(("", "long", "long", "colon"))
        for section in sections():
            self._draw(section, shop)
        self.pages: list[Page] = []
        self.missing: list[tuple[Section, Fact]] = []
        self.variants: dict[str, str] = {}
        for section in sections():
            self._page(section, rng.random() < share)

    def _draw(self, section: Section, shop: Shop) -> None:
        """Values of the section; two of one kind are different."""
        taken: set[str] = set()
        for name, kind, arguments in section.draws:
            if name in self.slots:
                raise ValueError(f"drawn twice: {name}")
            for _ in range(12):
                value = drawn(self.rng, shop, kind, arguments)
                if not any(value in other or other in value for other in taken):
                    break
            taken.add(value)
            self.slots[name], self.kinds[name] = value, kind

    def _page(self, section: Section, kept: bool) -> None:
        rng = self.rng
        stated: list[Stated] = []
        for fact in section.facts:
            if not self._fits(fact):
                continue
            if kept and rng.random() < 0.8:
                stated.append(self._state(fact))
            else:
                self.missing.append((section, fact))
        if len(stated) < 2:
            self.missing += [(section, one.fact) for one in stated]
            return
        if rng.random() < 0.4:
            rng.shuffle(stated)
        page = Page(
            section=section,
            key=f"policy:{section.topic}#{1 + sum(other.section.topic == section.topic for other in self.pages)}",
            title=self._title(section),
            layout=rng.choice(("prose", "prose", "bullets", "lines")),
            opening=self._filler(section, 0.3),
            closing=self._filler(section, 0.15),
            stated=stated,
            slots=self.slots,
        )
        if page.opening == page.closing:
            page.closing = ""
        self.pages.append(page)

    def _fits(self, fact: Fact) -> bool:
        """Whether nothing stated so far speaks against the fact, and nothing tells it elsewhere."""
        name, _, variants = fact.given.partition(":")
        return fact.name not in self.told and self.variants.get(name, variants) in variants

    def _filler(self, section: Section, share: float) -> str:
        rng = self.rng
        if not section.filler or rng.random() > share:
            return ""
        return sentence(vary(rng, rng.choice(section.filler), self.slots))

    def _title(self, section: Section) -> str:
        heading, sub = self.rng.choice(section.headings).strip(), self.rng.choice(section.subs).strip()
        if self.style == "colon":
            return f"{heading}: {sub}"
        return f"{heading} › {sub}" if self.style or self.rng.random() < 0.5 else sub

    def _state(self, fact: Fact) -> Stated:
        rng = self.rng
        variant = rng.choice(fact.variants)
        self.variants[fact.name] = variant
        said = sentence(vary(rng, rng.choice(fact.of("+", variant)), self.slots))
        if rng.random() < 0.05:
            said = f"{rng.choice(_NOTES)} {said}"
        lines = fact.of(":", variant)
        return Stated(fact, variant, said, vary(rng, rng.choice(lines), self.slots) if lines else "")

    def near(self, page: Page | None, section: Section, hidden: frozenset[str], names: tuple[str, ...]) -> list[Page]:
        """Other pages, those of the same policy first; none that mentions `hidden` slots or states one of `names`."""
        pages = [
            other
            for other in self.pages
            if other is not page
            and not (hidden & other.mentioned)
            and not any(one.fact.name in names for one in other.stated)
        ]
        self.rng.shuffle(pages)
        pages.sort(key=lambda other: (other.section is not section, other.section.topic != section.topic))
        return pages
