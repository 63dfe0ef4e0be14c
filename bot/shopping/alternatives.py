"""Something like a product: cheaper, lighter, or just another of its kind that is in stock.

"What else is like it?", "something similar but cheaper", 有没有类似的: up to three products, each with its price and
its own citation. Only a product that is named or talked about has alternatives; "a cheaper tent" alone is a search.
Pure.
"""

import re
from dataclasses import replace

from bot.policy import Action
from bot.recommend import card
from bot.scene import Proposal, Scene
from bot.shopping.about import about
from bot.shopping.asked import policy
from bot.shopping.compare import grams
from bot.shopping.item import Item, item
from bot.shopping.similar import live, lowest, similar
from knowledge.passages import Passage, money

MOST = 3
_LIKE = re.compile(
    r"\bsimilar\b|\balternatives?\b|\b(?:something|anything|what|others?|else|ones?|"
    r"more) (?:\w+ ){0,3}?like (?:it|this|that|the)\b|\binstead of\b"
    r"|\b(?:something|anything|one that is|one that's|another one|a) (?:\w+ )?(?:cheaper|lighter|"
    r"less expensive)\b|\b(?:cheaper|lighter|less expensive) (?:alternative|version|option)s?\b"
    r"|\bsubstitute\b|\bother options\b|类似|差不多的|替代|平替|同类|相似|"
    r"(?:有没有|有|还有)(?:更|再)?(?:便宜|轻)(?:一?点|些)?的|别的款|其他款|换一款",
    re.I,
)
_CHEAPER = re.compile(r"\bcheap\w*|\bless expensive|\blower price|\bbudget\b|便宜|平替", re.I)
_LIGHTER = re.compile(r"\blight(?:er|weight)?\b|轻", re.I)


def alternatives(scene: Scene) -> Proposal | None:
    """Products like the one named or in focus; None when the message asks for none."""
    if not _LIKE.search(scene.meaning.text):
        return None
    found = about(scene)
    handle = found.named[0] if len(found.named) == 1 else "" if found.named or found.either else found.focus
    thing = item(scene, handle) if handle else None
    if thing is None or policy(found.rest):
        return None
    return _offered(scene, thing, cheaper=bool(_CHEAPER.search(found.rest)), lighter=bool(_LIGHTER.search(found.rest)))


def _offered(scene: Scene, thing: Item, *, cheaper: bool, lighter: bool) -> Proposal:
    things = alike(scene, thing)
    if cheaper:
        things = [other for other in things if lowest(other.product) < lowest(thing.product)]
    if lighter and (weight := grams(thing)) is not None:
        things = [other for other in things if (own := grams(other)) is not None and own < weight]
    state = replace(scene.state, task=())
    if not things:
        return Proposal(
            _nothing(thing, cheaper, lighter), Action.ANSWER, state, cards=(card(thing.product, scene.lang),)
        )
    text = listed(things[:MOST], 1, _lead(thing, cheaper, lighter))
    sources = tuple(other.passage() for other in things[:MOST])
    return Proposal(text, Action.RECOMMEND, state, sources, tuple(card(o.product, scene.lang) for o in things[:MOST]))


def alike(scene: Scene, thing: Item) -> list[Item]:
    """Products like it, in stock, with the values of now."""
    near = similar(scene.live.products, thing.product)
    found = live([item(scene, product.handle) for product in near])
    return [other for other in found if any(variant.stock for variant in other.product.variants)]


def listed(things: list[Item], first: int, lead: str) -> str:
    """`Similar: the A at $80.00 [1]; the B from $90.00 [2].`"""
    zh = things[0].lang == "zh"
    parts = [f"{_priced(thing)} [{n}]" for n, thing in enumerate(things, first)]
    return f"{lead}{('；' if zh else '; ').join(parts)}{'。' if zh else '.'}"


def _priced(thing: Item) -> str:
    prices = {variant.price for variant in thing.product.variants}
    low = money(min(prices), thing.product.variants[0].currency)
    if thing.lang == "zh":
        return f"{thing.name}，{'最低 ' if len(prices) > 1 else ''}{low}"
    return f"{thing.name}, {'from ' if len(prices) > 1 else ''}{low}"


def _lead(thing: Item, cheaper: bool, lighter: bool) -> str:
    if thing.lang == "zh":
        how = "、".join(word for word, on in (("更便宜", cheaper), ("更轻", lighter)) if on)
        return f"同类中{how}而且有现货的：" if how else "同类中有现货的："
    how = " and ".join(word for word, on in (("cheaper", cheaper), ("lighter", lighter)) if on)
    return f"Of the same kind, {how + ' and ' if how else ''}to be had now: "


def _nothing(thing: Item, cheaper: bool, lighter: bool) -> str:
    if thing.lang == "zh":
        how = "、".join(word for word, on in (("更便宜", cheaper), ("更轻", lighter)) if on)
        return f"目前同类商品里没有{how or '其他现货'}的了。"
    how = " and ".join(word for word, on in (("cheaper", cheaper), ("lighter", lighter)) if on)
    return f"We have nothing {how or 'else'} of the same kind as the {thing.name} at the moment."


def instead(scene: Scene, thing: Item, first: int) -> tuple[str, tuple[Passage, ...]]:
    """For a product that is gone: what is like it, with passages numbered from `first`; empty when nothing is."""
    things = alike(scene, thing)[: MOST - 1]
    if not things:
        return "", ()
    lead = "同类中有现货的：" if scene.lang == "zh" else "Of the same kind, to be had now: "
    return listed(things, first, lead), tuple(other.passage() for other in things)
