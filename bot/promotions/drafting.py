"""One answer about promotions in the making: what was asked of whom, and the passages that it cites so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.promotions.asked import Asked
from bot.promotions.rules import Line, Order
from bot.promotions.scope import Vocabulary
from bot.promotions.wording import say
from bot.scene import Scene
from knowledge.passages import Kind, Origin, Passage, Product, Promotion


@dataclass(frozen=True, slots=True)
class Talk:
    """One answer in the making: `sources` grows as passages are cited."""

    scene: Scene
    asked: Asked
    vocabulary: Vocabulary
    sources: list[Passage] = field(default_factory=list)

    @property
    def lang(self) -> str:
        """Language to answer in."""
        return self.scene.lang

    @property
    def today(self) -> date:
        """The day that conditions are judged on, in UTC."""
        return self.scene.now.date()

    def say(self, name: str, **values: str) -> str:
        """A phrase in the shopper's language."""
        return say(name, self.lang, **values)

    def cite(self, passage: Passage | None) -> str:
        """The mark for a passage, which becomes a source; empty for none."""
        if passage is None:
            return ""
        if passage not in self.sources:
            self.sources.append(passage)
        return f"[{self.sources.index(passage) + 1}]"

    def passage(self, promotion: Promotion) -> Passage | None:
        """The promotion's passage, in the shopper's language if there is one."""
        langs = (self.lang, "en", *promotion.title)
        ids = (f"promotion:{promotion.code}:{lang}" for lang in langs)
        return next((p for id_ in ids if (p := self.scene.passages.get(id_))), None)

    def cited(self, promotion: Promotion) -> str:
        """The mark for a promotion's passage."""
        return self.cite(self.passage(promotion))

    def about(self) -> str:
        """The mark for the passage of the product that the question is about; a name may hold figures of its own."""
        return self.cited_product(self.asked.product) if self.asked.product else ""

    def cited_product(self, product: Product) -> str:
        """The mark for a product's passage, with the figures of now."""
        ids = (f"product:{product.handle}:{lang}" for lang in (self.lang, *product.wording))
        found = next((p for id_ in ids if (p := self.scene.passages.get(id_))), None)
        return self.cite(self.scene.live.passage(found)) if found else ""

    def title(self, promotion: Promotion) -> str:
        """The promotion's title, in the shopper's language if there is one."""
        return promotion.title.get(self.lang) or promotion.title.get("en") or next(iter(promotion.title.values()))

    def words(self, promotion: Promotion) -> str:
        """The promotion's text as the shop wrote it, without the lines of figures."""
        passage = self.passage(promotion)
        written = promotion.text.get(passage.lang if passage else self.lang, "")
        if passage and written not in passage.text:
            written = passage.text.split("\n")[0]
        return written

    def made(self, id_: str, title: str, text: str) -> Passage:
        """A passage that says what was worked out."""
        return Passage(id_, id_, Kind.PROMOTION, self.lang, title, text, Origin("", 0))

    def order(self, lines: Iterable[Line]) -> Order:
        """An order of today; the first one is ruled out where the page told of earlier ones."""
        return Order(tuple(lines), self.today, False if self.scene.state.visit.bought else None)
