"""A product as an answer about it needs it: in one language, with the whole passage that the answer rests on. Pure.

What was asked is not known here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.scene import Scene
from knowledge import render
from knowledge.passages import Passage, Product, Variant, Wording, money

COLOURS = frozenset({"colour", "color", "colours", "colors", "颜色", "顏色"})
_SIZES = frozenset({"size", "sizes", "尺码", "尺寸", "尺碼", "码数"})
_LABELS = {
    "colour": "颜色",
    "color": "颜色",
    "size": "尺码",
    "capacity": "容量",
    "length": "长度",
    "flavour": "口味",
    "flavor": "口味",
    "amount": "面值",
    "weight": "重量",
    "material": "材料",
    "style": "款式",
}
"""Chinese for option names that a shop has not translated."""


def is_colour(option: str) -> bool:
    """Whether an option's name means colour."""
    return option.strip().casefold() in COLOURS


def is_size(option: str) -> bool:
    """Whether an option's name means size."""
    return option.strip().casefold() in _SIZES


@dataclass(frozen=True, slots=True)
class Item:
    """A product with the values of now. `lang` is the language of the answer, `written` that of the product's words."""

    product: Product
    lang: str

    @property
    def written(self) -> str:
        """The language that the product is described in: the answer's if there is such a wording."""
        wording = self.product.wording
        return self.lang if self.lang in wording else "en" if "en" in wording else next(iter(wording))

    @property
    def words(self) -> Wording:
        """Its words in `written`."""
        return self.product.wording[self.written]

    @property
    def name(self) -> str:
        """Its name."""
        return self.words.name

    @property
    def options(self) -> Mapping[str, tuple[str, ...]]:
        """Option → its values, as they stand in the source, in the order of the variants."""
        found: dict[str, dict[str, None]] = {}
        for variant in self.product.variants:
            for name, value in variant.options.items():
                found.setdefault(name, {})[value] = None
        return {name: tuple(values) for name, values in found.items()}

    def said(self, value: str) -> str:
        """An option's value in words."""
        return self.words.options.get(value, value)

    def label(self, option: str) -> str:
        """An option's name in the language of the answer, in English in lower case."""
        own = self.words.options.get(option, option)
        if self.lang == "zh":
            return _LABELS.get(own.casefold(), own)
        return own.lower()

    def choice(self, variant: Variant) -> str:
        """What is chosen with a variant, as `Ink / M`; empty when there is nothing to choose."""
        return " / ".join(map(self.said, variant.options.values()))

    def passage(self, variants: Sequence[Variant] = ()) -> Passage:
        """The whole passage with the figures of now, and a line for each of `variants` that it does not price alone."""
        whole = render.passages(self.product, self.written, _uncounted)[0]
        extra = [line for line in map(self._line, variants) if line and line not in whole.text]
        return replace(whole, text="\n".join([whole.text, *dict.fromkeys(extra)]))

    def _line(self, variant: Variant) -> str:
        choice, price = self.choice(variant), money(variant.price, variant.currency)
        if not choice:
            return ""
        zh = self.written == "zh"
        was = money(variant.compare_at, variant.currency) if variant.compare_at else ""
        before = (f"（原价 {was}）" if zh else f" (was {was})") if was else ""
        return f"{choice}：{price}{before}。" if zh else f"{choice}: {price}{before}."


def _uncounted(_text: str) -> int:
    """Counts no tokens, so that the passage is not cut."""
    return 0


def item(scene: Scene, handle: str) -> Item | None:
    """The product of now in the scene's language; None when there is none of that handle, or nothing of it to buy."""
    product = scene.live.product(handle)
    return Item(product, scene.lang) if product and product.variants else None


def shop_labels(products: Mapping[str, Product], lang: str) -> Mapping[str, str]:
    """English labels of facts as the shop has them in `lang`, from its products that have both."""
    pairs: Counter[tuple[str, str]] = Counter()
    for product in products.values():
        mine, theirs = product.wording.get("en"), product.wording.get(lang)
        if mine and theirs and lang != "en" and len(mine.facts) == len(theirs.facts):
            pairs.update(zip(mine.facts, theirs.facts, strict=True))
    return {mine: theirs for (mine, theirs), _ in reversed(pairs.most_common())}
