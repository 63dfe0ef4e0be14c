"""Questions about an invented shop's products: facts, prices, stock, options, traits, comparisons, reviews.

Each question is a `Draft` by one of the modules beside this one; here it gets its pieces: what answers it, what nearly
does, and the same without the fact.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from bot.lab.train.invent import (
    catalogue_checks,
    catalogue_facts,
    catalogue_grid,
    catalogue_pairs,
    catalogue_prices,
    catalogue_reviews,
    catalogue_stock,
    catalogue_traits,
)
from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_draft import Draft
from bot.lab.train.invent.goods_items import Item
from bot.lab.train.invent.goods_shelf import filled
from bot.lab.train.invent.shop import Shop
from bot.lab.train.sample import Asked, Piece

Alone = Callable[[random.Random, Item], Iterator[Draft]]

_ALONE: tuple[Alone, ...] = (
    catalogue_facts.ask,
    catalogue_prices.prices,
    catalogue_stock.stock,
    catalogue_stock.options,
    catalogue_grid.stock,
    catalogue_checks.ask,
    catalogue_stock.skus,
    catalogue_traits.ask,
)
_NEAR = 6
_EACH = 11
_NEVER = 8


def ask(rng: random.Random, shop: Shop) -> Iterator[Asked]:
    """About 120 to 200 questions about one shop's products, in no order."""
    items = filled(rng, shop)
    drafts: list[Draft] = []
    for item in items:
        own = [draft for about in _ALONE for draft in about(rng, item)]
        rng.shuffle(own)
        drafts += own[:_EACH]
        drafts += catalogue_facts.twice(rng, own)
        drafts += catalogue_reviews.ask(rng, item)
    drafts += catalogue_facts.unstated(rng, items)
    drafts += catalogue_pairs.ask(rng, items)
    rng.shuffle(drafts)
    for draft in drafts:
        asked = _asked(rng, draft, items, drafts)
        if _sound(asked):
            yield asked


def _asked(rng: random.Random, draft: Draft, items: Sequence[Item], drafts: Sequence[Draft]) -> Asked:
    """The draft with its pieces and, for about half, with what was said before."""
    rests = (
        _unique([piece for item in draft.items for piece in _stating(item, draft)])
        if not draft.pieces
        else draft.pieces
    )
    if draft.kind == "decline":
        rests = ()
    near = _near(rng, draft, items, {piece.key for piece in rests})
    friendly, formal = words.answered(rng, draft.answer)
    if draft.kind == "decline":
        friendly, formal = draft.answer, draft.formal or draft.answer
    question = words.opened(rng, draft.question)
    after, follow = _before(rng, draft, drafts)
    said = f"{question}\n{friendly}\n{formal}".lower()
    shown = "\n".join((question, friendly, formal, *(f"{piece.title}\n{piece.text}" for piece in rests))).lower()
    return Asked(
        kind=draft.kind,
        question=question,
        answer=friendly,
        formal=formal,
        rests_on=rests,
        near=near,
        twin=_twin(rng, draft, rests),
        decline=draft.decline,
        after=after,
        follow_up=follow,
        must=draft.must,
        never=tuple(
            dict.fromkeys(
                text for text in _never(draft, items) if text.lower() not in (said if text in draft.never else shown)
            )
        )[:_NEVER],
    )


def _stating(item: Item, draft: Draft) -> tuple[Piece, ...]:
    told = [texts[0] for texts in draft.must if texts[0] not in ("yes", "no,")] if len(draft.items) == 1 else []
    return item.stating(draft.tags, draft.proof or told)


def _sound(asked: Asked) -> bool:
    """Whether the pieces hold all that the answer says, and the answer all that it has to."""
    shown = "\n".join((asked.question, *(f"{piece.title}\n{piece.text}" for piece in asked.rests_on))).lower()
    said = (asked.answer.lower(), asked.formal.lower())
    if asked.kind != "decline" and not set(re.findall(r"\d+", said[0])) <= set(re.findall(r"\d+", shown)):
        return False
    return all(any(text.lower() in one for text in texts) for texts in asked.must for one in said)


def _twin(rng: random.Random, draft: Draft, rests: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces without the facts; of a comparison at times only one of the two lacks them."""
    if draft.pieces:
        return draft.twin
    cut = draft.items if len(draft.items) == 1 or rng.random() < 0.4 else (rng.choice(draft.items),)
    out = []
    for piece in rests:
        for item in cut:
            piece = item.without(piece, draft.tags) if piece in item.pieces else piece
        if piece.text:
            out.append(piece)
    return tuple(out)


def _never(draft: Draft, items: Sequence[Item]) -> Iterator[str]:
    """The same fact of the other products, which only a mistaken answer has."""
    yield from draft.never
    if len(draft.items) > 1 or len(draft.tags) > 1 or draft.kind not in ("field", "price", "table"):
        return
    for item in items:
        if item is not draft.items[0]:
            name, _, label = draft.tags[0].partition(":")
            yield from item.paid.values() if name == "price" else (item.facts[label],) if label in item.facts else ()


def _near(rng: random.Random, draft: Draft, items: Sequence[Item], used: set[str]) -> tuple[Piece, ...]:
    """The same product's other pieces, then the same fact of similar products, then anything of the shop."""
    own = [piece for item in draft.items for piece in item.silent(draft.tags)]
    kinds = {item.kind.noun for item in draft.items}
    others = [item for item in items if item not in draft.items]
    rng.shuffle(others)
    others.sort(key=lambda item: item.kind.noun not in kinds)
    same = [piece for item in others for piece in item.stating(draft.tags)[:1]]
    rest = [piece for item in others for piece in item.pieces[:1]]
    return tuple([piece for piece in _unique([*own, *draft.near, *same, *rest]) if piece.key not in used][:_NEAR])


def _unique(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple({piece.key: piece for piece in pieces}.values())


def _before(rng: random.Random, draft: Draft, drafts: Sequence[Draft]) -> tuple[tuple[str, str] | None, str]:
    """An earlier question and answer and what would be asked then; nothing for about half."""
    if not draft.follow or rng.random() < 0.5:
        return None, ""
    item = draft.items[0]
    same = [
        one
        for one in drafts
        if one.intent == draft.intent
        and one.items[0].kind == item.kind
        and one.items[0] is not item
        and len(one.items) == 1
    ]
    if same and len(draft.items) == 1 and draft.intent and rng.random() < 0.35:
        earlier = rng.choice(same)
        again = rng.choice(
            ("and {n}", "what about {n}", "and for {n}", "how about {n}", "same question for {n}", "and with {n}")
        )
        follow = again.replace("{n}", item.ref)
    else:
        about = [
            one
            for one in drafts
            if one.items == draft.items
            and one is not draft
            and one.kind != "decline"
            and not set(one.tags) & set(draft.tags)
        ]
        if not about:
            return None, ""
        earlier, follow = rng.choice(about), draft.follow
    question = words.opened(rng, earlier.question)
    answer = words.answered(rng, earlier.answer)[0] if earlier.kind != "decline" else earlier.answer
    return (question, answer), words.followed(rng, follow)
