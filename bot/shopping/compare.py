"""Two or three products side by side: a table of the fields that they share, and the plain difference in a sentence.

What is compared is named, or chosen among those last shown ("the first two"), or is the product in focus beside one
that is named. Fields that differ come first. A cell holds what a line of the product's own passage says, and each
column is checked against the passage of its product (`ground.py`). "Which is lighter?" is answered in the first
sentence. Pure.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.chosen import leads
from bot.policy import Action
from bot.quantities import amounts, plain
from bot.recommend import cards
from bot.scene import Proposal, Scene
from bot.shopping import told
from bot.shopping.about import about, shortened
from bot.shopping.asked import asked, policy
from bot.shopping.item import Item, is_colour, is_size, item, shop_labels
from bot.shopping.sides import other_side
from knowledge.passages import UNCOUNTED, Passage, Review, money

MOST = 3
FACTS = 6
"""Facts in a table beside price, choices and reviews."""
LONG = 90
"""Characters of a cell; a fact that is longer for any product is left out."""
_COMPARE = re.compile(
    r"\bcompar(?:e|es|ed|ing|ison)\b|\bdifferen(?:t|ce|ces)\b|\bdiffers?\b|\bversus\b|\bvs\b\.?|\bside by side\b"
    r"|\bwhich (?:one |of (?:them|these|those|the two) )?(?:is|are|has|weighs|costs|would|should|do you)\b"
    r"|\bor\b.{0,60}\bwhich\b"
    r"|\bbetter\b|\b(?:lighter|heavier|cheaper|warmer|bigger|larger|smaller|more expensive) (?:than|of)\b"
    r"|对比|比较|相比|区别|不同|差别|哪个更|哪款更|哪一[个款]更|哪个比较|哪个好|哪款好|谁更|更轻|更便宜|更贵|更重"
    r"|和.{1,40}比|比.{1,24}(?:[好强轻重贵暖大小]|便宜)(?:在哪|吗|多少|不)?[?？]?$",
    re.I,
)
_OR = re.compile(r"\bor\b|还是", re.I)
"""A comparison, where nothing else is asked of the two."""
_LIST = re.compile(
    r"\b(?:(?:the )?(?:first|last|top) (?P<en>two|three|2|3)"
    r"|both|these|those|them|the two|the three|all of them|all three)\b"
    r"|前(?P<zh>[两二三23])|这(?P<zh2>[两二三几])[款个种]|它们|这些|两者|两款|三款",
    re.I,
)
_ORDINALS = (
    r"\b(?:first|1st)\b|第一|第1",
    r"\b(?:second|2nd)\b|第二|第2",
    r"\b(?:third|3rd)\b|第三|第3",
    r"\b(?:fourth|4th)\b|第四|第4",
)
_NUMBERS = {"two": 2, "2": 2, "两": 2, "二": 2, "three": 3, "3": 3, "三": 3}


_WEIGHT = re.compile(r"weight|重量", re.I)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what it is about, and a cell for each product."""

    label: str
    cells: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the products are not alike in this."""
        return len(set(self.cells)) > 1


def compare(scene: Scene) -> Proposal | None:
    """The comparison; None when the message asks for none, or it is not clear of what."""
    text, rest = scene.meaning.text, about(scene).rest
    plainly = _COMPARE.search(text)
    if not (plainly or _OR.search(text)) or policy(rest):
        return None
    things = [thing for handle in _handles(scene)[:MOST] if (thing := item(scene, handle))]
    if len(things) < 2 or (not plainly and any(asked(rest, thing) for thing in things)):
        return None
    rated = [rating(scene.reviews, thing) for thing in things]
    rows = _rows(things, rated, scene)
    lead = _lead(things)
    marks = " ".join(f"[{n}]" for n in range(1, len(things) + 1))
    stop = "。" if scene.lang == "zh" else "."
    said = "\n".join(f"{sentence} {marks}{stop}" for sentence in (*_answers(things, text), lead))
    sources = tuple(_source(thing, line) for thing, line in zip(things, rated, strict=True))
    ahead = leads(text, [thing.product for thing in things])
    state = replace(scene.state, focus=ahead or scene.state.focus, task=())
    shown = cards([thing.product for thing in things], scene.lang)
    return Proposal(f"{said}\n{table(things, rows)}", Action.ANSWER, state, sources, shown)


def _handles(scene: Scene) -> tuple[str, ...]:
    """What is to be compared, in order."""
    found = about(scene)
    named = (*found.named, *(found.either if len(found.named) + len(found.either) <= MOST else ()))
    if len(named) == 1 and (other := other_side(scene.meaning.text, named[0], scene.live.products)):
        named = (*named, other)
    if len(named) == 1:
        named = (*named, *(h for h in shortened(found.rest, scene) if h not in named))[:2]
    if found.points and found.focus and 0 < len(named) < MOST and found.focus not in named:
        named = (found.focus, *named)
    if len(named) >= 2:
        return tuple(dict.fromkeys(named))
    text, shown = scene.meaning.text, scene.state.shown
    if len(places := [n for n, pattern in enumerate(_ORDINALS) if re.search(pattern, text, re.I)]) >= 2:
        return tuple(shown[n] for n in places if n < len(shown))
    if listed := _LIST.search(text):
        count = _NUMBERS.get(next(filter(None, (listed["en"], listed["zh"], listed["zh2"])), "").lower(), MOST)
        last = listed.group().lower().startswith(("last", "the last"))
        few = shown[-count:] if last else shown[:count]
        if not named:
            return few
    if named and found.focus and found.focus != named[0]:
        return (found.focus, *named)
    bare = not named and re.search(r"\bwhich\b|哪|谁|区别|不同|对比|比较|\bcompare\b|\bdifference", text, re.I)
    return shown[:MOST] if bare and 2 <= len(shown) <= MOST and len(text) < SHORT else ()


SHORT = 60
"""Characters of a question that can mean nothing but the products just shown ("which is lighter?")."""


def rating(reviews: Sequence[Review], thing: Item) -> str:
    """The reviews of a product in a few words, as `4.3 of 5 (14 reviews)`; empty when there are none."""
    stars = [review.stars for review in reviews if review.product == thing.product.handle]
    if not stars:
        return ""
    average = f"{Decimal(sum(stars)) / len(stars):.1f}"
    if thing.lang == "zh":
        return f"{average} 星（{len(stars)} 条评价）"
    return f"{average} of 5 ({len(stars)} review{'s' if len(stars) > 1 else ''})"


def _source(thing: Item, rated: str) -> Passage:
    """The product's passage with the line on its reviews."""
    passage = thing.passage()
    if not rated:
        return passage
    line = f"评价：{rated}。" if thing.lang == "zh" else f"Reviews: {rated}."
    return replace(passage, text=f"{passage.text}\n{line}")


# The table


def table(things: Sequence[Item], rows: Sequence[Row]) -> str:
    """Lines `| label | cell | … |`; the head has the names."""
    head = "| | " + " | ".join(_cell(thing.name) for thing in things) + " |"
    return "\n".join([head, *("| " + " | ".join((row.label, *row.cells)) + " |" for row in rows)])


def _cell(text: str) -> str:
    return re.sub(r"\s*[|\n]\s*", " / ", text).strip().rstrip(".。")


def _rows(things: Sequence[Item], rated: Sequence[str], scene: Scene) -> list[Row]:
    zh = scene.lang == "zh"
    rows = [Row("价格" if zh else "Price", tuple(map(_price, things)))]
    rows += _facts(things, scene)
    for option, test in (("尺码" if zh else "Sizes", is_size), ("颜色" if zh else "Colours", is_colour)):
        rows.append(Row(option, tuple(_values(thing, test) for thing in things)))
    rows.append(Row("库存" if zh else "Stock", tuple(map(_stock, things))))
    rows.append(Row("评价" if zh else "Reviews", tuple(rated)))
    kept = [Row(_cell(r.label), tuple(_cell(c) or "–" for c in r.cells)) for r in rows if sum(map(bool, r.cells)) > 1]
    return [row for row in kept if row.differs] + [row for row in kept if not row.differs]


def _price(thing: Item) -> str:
    prices = [variant.price for variant in thing.product.variants]
    currency = thing.product.variants[0].currency
    low, high = money(min(prices), currency), money(max(prices), currency)
    if low == high:
        return low
    return f"{low} 至 {high}" if thing.written == "zh" else f"from {low} to {high}"


def _values(thing: Item, test: Callable[[str], bool]) -> str:
    comma = "、" if thing.written == "zh" else ", "
    return next((comma.join(map(thing.said, own)) for option, own in thing.options.items() if test(option)), "")


def _stock(thing: Item) -> str:
    """Whether it can be had, in the words of its passage."""
    variants = thing.product.variants
    zh = thing.written == "zh"
    good = sum(variant.stock > 0 for variant in variants)
    if not good:
        return "缺货" if zh else "Out of stock"
    if len(variants) == 1:
        count = variants[0].stock
        return ("可订购" if zh else "Available") if count >= UNCOUNTED else ("有货" if zh else "In stock")
    return "有货" if zh else "In stock"


def _facts(things: Sequence[Item], scene: Scene) -> list[Row]:
    """Facts that at least two of them state and none at length, the shop's order kept."""
    named = [_by_label(thing, shop_labels(scene.live.products, scene.lang)) for thing in things]
    labels = list(dict.fromkeys(label for own in named for label in own))
    rows = [Row(label, tuple(own.get(label, "") for own in named)) for label in labels]
    good = [r for r in rows if sum(map(bool, r.cells)) > 1 and max(map(len, r.cells)) <= LONG]
    return sorted(good, key=lambda row: not row.differs)[:FACTS]


def _by_label(thing: Item, labels: Mapping[str, str]) -> dict[str, str]:
    own = thing.words.facts
    return {labels.get(k, k) if thing.written != thing.lang else k: value for k, value in own.items()}


# The difference in words


def _lead(things: Sequence[Item]) -> str:
    """Which weighs least and which costs least, with the figures of all; else only what is compared."""
    zh = things[0].lang == "zh"
    weights, prices = _weights(things), _prices(things)
    who = f"the {min(things, key=_lowest).name} "
    if not zh and weights.startswith(who) and prices.startswith(who):
        prices = f"and {prices.removeprefix(who)}"
    said = [line for line in (weights, prices) if line]
    if said:
        text = ("；" if zh else "; ").join(said).replace("; and ", " and ")
        return text[:1].upper() + text[1:]
    names = [thing.name for thing in things]
    return f"这是{'和'.join(names)}的对比" if zh else f"Here are the {' and the '.join(names)} side by side"


def grams(thing: Item) -> Decimal | None:
    """What it weighs, from what the shop states to shoppers, else from its data."""
    for label, value in thing.words.facts.items():
        if _WEIGHT.search(label):
            return next((a.low for a in amounts(plain(value)) if a.base == "g"), None)
    return Decimal(thing.product.weight_g) if thing.product.weight_g else None


def _weights(things: Sequence[Item]) -> str:
    weights = {thing.product.handle: weight for thing in things if (weight := grams(thing)) is not None}
    if len(weights) < len(things) or len(set(weights.values())) == 1:
        return ""
    order = sorted(things, key=lambda thing: weights[thing.product.handle])
    zh = order[0].lang == "zh"
    figures = [f"{weights[thing.product.handle].normalize():,f} {'克' if zh else 'g'}" for thing in order]
    if zh:
        return f"{order[0].name}{'最' if len(things) > 2 else '更'}轻（{_beside(order, figures)}）"
    verb = "are" if told.plural(order[0].name) else "is"
    how = "lighter" if len(things) == 2 else "the lightest"
    return f"the {order[0].name} {verb} {how} ({_beside(order, figures)})"


def _lowest(thing: Item) -> Decimal:
    return min(variant.price for variant in thing.product.variants)


def _prices(things: Sequence[Item]) -> str:
    lows = {thing.product.handle: _lowest(thing) for thing in things}
    currencies = {thing.product.variants[0].currency for thing in things}
    if len(currencies) > 1 or len(set(lows.values())) == 1:
        return ""
    order = sorted(things, key=lambda thing: lows[thing.product.handle])
    figures = [_from(thing) for thing in order]
    if order[0].lang == "zh":
        return f"{order[0].name}{'最' if len(things) > 2 else '更'}便宜（{_beside(order, figures)}）"
    verb = "cost" if told.plural(order[0].name) else "costs"
    return f"the {order[0].name} {verb} {'less' if len(things) == 2 else 'least'} ({_beside(order, figures)})"


def _from(thing: Item) -> str:
    """The lowest price, marked as such where prices differ."""
    prices = sorted({variant.price for variant in thing.product.variants})
    low = money(prices[0], thing.product.variants[0].currency)
    if len(prices) == 1:
        return low
    return f"最低 {low}" if thing.lang == "zh" else f"from {low}"


def _beside(order: Sequence[Item], figures: Sequence[str]) -> str:
    """The first figure, then those of the others with their names."""
    zh = order[0].lang == "zh"
    rest = [
        f"{thing.name} {figure}" if zh else f"the {thing.name} {figure}"
        for thing, figure in zip(order[1:], figures[1:], strict=True)
    ]
    return ("，" if zh else ", ").join([figures[0], *rest])


def _answers(things: Sequence[Item], text: str) -> list[str]:
    """Facts that the question names, of all that state them: `Brightness: the Glimmer 450 450 lumens, …`."""
    wanted = [asked(text, thing).facts for thing in things]
    common = [
        label for label in wanted[0] if label and not _WEIGHT.search(label) and all(label in own for own in wanted)
    ]
    zh = things[0].lang == "zh"
    out = []
    for label in common:
        values = [f"{thing.name}{'为' if zh else ':'} {thing.words.facts[label].rstrip('.。')}" for thing in things]
        out.append(f"{label}{'：' if zh else ' – '}{('；' if zh else '; ').join(values)}")
    return out
