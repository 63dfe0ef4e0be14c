"""What goes with a product, as far as the shop's own data say so: never a fit that nobody states.

A shop says it by a tag that ends in another product's handle (`accessory-for:ridgeline-2-tent`), by a fact such as
"Fits" or "Compatible with", or in a sentence of the description that names the product. Where nothing is stated, the
kind asked for is offered without a word on whether it fits. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.policy import Action
from bot.recommend import card
from bot.scene import Proposal, Scene
from bot.sentences import sentences
from bot.shopping.about import About, about
from bot.shopping.asked import policy
from bot.shopping.item import Item, item
from bot.shopping.lexicon import NOUNS
from bot.shopping.similar import live
from knowledge.passages import Passage, Product
from knowledge.words import HAN, fold

MOST = 4
_ASKS = re.compile(
    r"\baccessor(?:y|ies)\b|\bgo(?:es)? (?:well )?with\b|\bcompatible\b|\bfits? (?:the|my|this|that|it|with|"
    r"in|on|inside|into)\b|\bwork(?:s)? with\b|\bspare\b|\breplacement\b|\brefills?\b"
    r"|\b(?:need|get|buy|have) (?:\w+ ){0,4}?(?:for|with) (?:it|this|that|the|my)\b|\badd-?ons?\b|\bextras?\b|"
    r"\bpairs? with\b|\bmatching\b"
    r"|配件|搭配|配什么|配套|兼容|适配|替换|备件|备用|能配|可以配|配哪|用什么.{0,6}(?:罐|芯|布|钉|杆)|适合.{1,20}的",
    re.I,
)
_HOLDS = re.compile(r"\bhow (?:many|much)\b[^?]{0,40}\b(?:fit|go)s?\b|能(?:睡|住|装|坐)(?:下|得下)?(?:几|多少)", re.I)
"""Asks how much goes into it, and for nothing that goes with it."""
_FIT = re.compile(r"\bfit|\bcompatible|\bwork(?:s)? with|\bgo(?:es)? with|兼容|适配|能配|可以配|能用", re.I)
_LABEL = re.compile(r"\bfits?\s+(?!\w)|^fits$|compatib|suit(?:s|able) for|accessor|适用|兼容|适配", re.I)


@dataclass(frozen=True, slots=True)
class Part:
    """Something that goes with a product, and the words by which the shop says so."""

    item: Item
    because: str


def accessories(scene: Scene) -> Proposal | None:
    """What goes with the product named or in focus; None when the message asks for nothing of the kind."""
    text = scene.meaning.text
    if not _ASKS.search(text) or _HOLDS.search(text):
        return None
    found = about(scene)
    if policy(found.rest) or found.either or not _ASKS.search(_beside_names(text, found, scene)):
        return None
    if len(found.named) == 2 and _FIT.search(found.rest):
        return _pair(scene, found)
    handle = found.named[0] if len(found.named) == 1 else "" if found.named else found.focus
    thing = item(scene, handle) if handle else None
    if thing is None:
        return None
    parts = fitting(scene, thing)
    if not parts and (whole := next((other for other in _others(scene, thing) if stated(thing, other)), None)):
        return _told(scene, thing, whole)
    kind = _kind(found.rest, scene.live.products)
    if kind and _is(thing.product, kind):
        kind = ()
    if kind:
        parts = [part for part in parts if _is(part.item.product, kind)]
    if not parts:
        return _unstated(scene, thing, kind)
    return _listed(scene, thing, parts[:MOST])


def _beside_names(text: str, found: About, scene: Scene) -> str:
    """The text without names given in full: a "Replacement Cartridge" is called so, and nobody asks for one to it."""
    plain = fold(text)
    names = [fold(w.name) for handle in found.named for w in scene.live.products[handle].wording.values()]
    for name in sorted(names, key=len, reverse=True):
        plain = plain.replace(name, " , ")
    return plain


def _others(scene: Scene, thing: Item) -> list[Item]:
    return live([item(scene, h) for h in scene.live.products if h != thing.product.handle])


def fitting(scene: Scene, thing: Item) -> list[Part]:
    """All products of which the shop's data say that they go with this one, in stock first."""
    out = [Part(other, because) for other in _others(scene, thing) if (because := stated(other, thing))]
    return sorted(out, key=lambda part: not any(v.stock for v in part.item.product.variants))


def stated(other: Item, thing: Item) -> str:
    """The shop's words that one product goes with another; empty without any."""
    handle = thing.product.handle
    if any(tag.rpartition(":")[2] == handle and tag != handle for tag in other.product.tags):
        return f"适用于{thing.name}。" if other.written == "zh" else f"Accessory for: {thing.name}."
    names = _names(thing.product)
    for wording in (other.words, *other.product.wording.values()):
        for label, value in wording.facts.items():
            if _LABEL.search(label) and any(_names_it(value, name) for name in names):
                return f"{label}: {value}"
        for sentence in sentences(wording.description):
            if _JOINS.search(sentence) and any(_names_it(sentence, name) for name in names):
                return sentence.strip()
    return ""


_JOINS = re.compile(
    r"\b(?:fits?|for the|shaped for|made for|spares? for|compatible|goes with|suits)\b|适合|适用|专用|配", re.I
)


def _names(product: Product) -> list[str]:
    """Its names, and these without their last word if two are left."""
    out = []
    for words in product.wording.values():
        parts = words.name.split()
        out += [words.name, *([" ".join(parts[:-1])] if len(parts) > 2 and not HAN.search(words.name) else [])]
    return [fold(name) for name in out]


def _names_it(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])(?! pro\b)", fold(text)))


def _kind(rest: str, products: Mapping[str, Product]) -> tuple[str, ...]:
    """The kind of thing asked for, as its words; empty when none is named or the shop has no such thing."""
    plain = fold(rest)
    found = [(len(word), group) for group in NOUNS.values() for word in group if _in(word, plain)]
    for _, group in sorted(found, reverse=True):
        if any(_is(product, group) for product in products.values()):
            return group
    return ()


def _in(word: str, plain: str) -> bool:
    if HAN.search(word):
        return word in plain and len(word) > 1
    return bool(re.search(rf"(?<![^\W_]){re.escape(word)}(?:s|es)?(?![^\W_])", plain))


def _is(product: Product, kind: tuple[str, ...]) -> bool:
    names = " ".join(fold(words.name) for words in product.wording.values())
    return any(_in(word, names) for word in kind)


# Replies


def _listed(scene: Scene, thing: Item, parts: list[Part]) -> Proposal:
    zh = scene.lang == "zh"
    names = [f"{part.item.name} [{n}]" for n, part in enumerate(parts, 1)]
    lead = f"店里标明可以搭配{thing.name}的有：" if zh else f"Listed as going with the {thing.name}: "
    text = f"{lead}{('、' if zh else '; ').join(names)}{'。' if zh else '.'}"
    shown = tuple(card(part.item.product, scene.lang) for part in parts)
    state = replace(scene.state, focus=thing.product.handle, task=())
    return Proposal(text, Action.RECOMMEND, state, tuple(map(_source, parts)), shown)


def _source(part: Part) -> Passage:
    passage = part.item.passage()
    return passage if part.because in passage.text else replace(passage, text=f"{passage.text}\n{part.because}")


def _pair(scene: Scene, found: About) -> Proposal | None:
    """Whether one of two named products is stated to go with the other."""
    one, other = (item(scene, handle) for handle in found.named)
    if one is None or other is None:
        return None
    for part, thing in ((one, other), (other, one)):
        if stated(part, thing):
            return _told(scene, part, thing, yes=True)
    if scene.lang == "zh":
        said = f"资料里没有写明{one.name}和{other.name}能否配套，我不想随意猜测。"
    else:
        names = f"the {one.name} and the {other.name}"
        said = f"Our information does not say whether {names} go together, and I would rather not guess."
    state = replace(scene.state, focus=other.product.handle, task=())
    return Proposal(said, Action.ANSWER, state, (one.passage(), other.passage()))


def _told(scene: Scene, part: Item, thing: Item, *, yes: bool = False) -> Proposal:
    """That a product is stated to go with another."""
    if scene.lang == "zh":
        said = f"{'可以，' if yes else ''}店里标明{part.name}适用于{thing.name} [1]。"
    else:
        said = f"{'Yes, the' if yes else 'The'} {part.name} is listed for the {thing.name} [1]."
    state = replace(scene.state, focus=part.product.handle, task=())
    source = _source(Part(part, stated(part, thing)))
    return Proposal(said, Action.ANSWER, state, (source,), (card(part.product, scene.lang),))


def _unstated(scene: Scene, thing: Item, kind: tuple[str, ...]) -> Proposal | None:
    """The kind asked for, without any claim that it fits."""
    if not kind:
        return None
    things = live(
        [
            item(scene, p.handle)
            for p in scene.live.products.values()
            if _is(p, kind) and p.handle != thing.product.handle
        ]
    )
    there = [other for other in things if any(variant.stock for variant in other.product.variants)][: MOST - 1]
    if not there:
        return None
    if scene.lang == "zh":
        text = f"资料里没有写明哪一款适合{thing.name}。店里有这些，供您参考："
    else:
        text = f"Our information does not say which one fits the {thing.name}. These are the ones that we have."
    state = replace(scene.state, focus=thing.product.handle, task=())
    return Proposal(text, Action.RECOMMEND, state, cards=tuple(card(other.product, scene.lang) for other in there))
