"""Yes and no about invented goods, with the reason: traits and features, as often so as not."""

import random
from collections.abc import Iterator

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_draft import NO, YES, Draft, Talk
from bot.lab.train.invent.goods import traits
from bot.lab.train.invent.goods_items import Item


def ask(rng: random.Random, item: Item) -> Iterator[Draft]:
    """A question for each trait and each feature that the pieces state or deny."""
    talk = Talk(rng, item)
    for name in item.traits:
        yield _trait(talk, name)
    for feature, has in item.features.items():
        yield _feature(talk, feature, has)


def _trait(talk: Talk, name: str) -> Draft:
    trait, (yes, why) = traits()[name], talk.item.traits[name]
    start = "Yes, {it} " if yes else "No, {it} "
    if talk.rng.random() < 0.5:
        start = start.replace("{it}", "{n}")
    ends = ("{w}.",) if not why else (" ({w}).", ": {w}.", " - {w}.", "; the page says: {w}.")
    answer = talk.answer(
        (start + (trait.holds if yes else trait.fails) + (talk.rng.choice(ends) if why else "."),), w=why
    )
    return Draft(
        kind="yes_no",
        items=(talk.item,),
        tags=(f"trait:{name}",),
        question=talk.question(trait.questions),
        follow=words.filled(talk.rng.choice(trait.questions).replace("{n}", "{it}"), talk.item.kind.plural, {}),
        answer=answer,
        decline=talk.unknown(f"{{n}} {trait.holds}"),
        intent=f"trait:{name}",
        must=YES if yes else NO,
        never=("No,",) if yes else ("Yes,",),
    )


def _feature(talk: Talk, feature: str, has: bool) -> Draft:
    slots = words.counted(feature)
    return Draft(
        kind="yes_no",
        items=(talk.item,),
        tags=(f"feature:{feature}",),
        question=talk.question("feature.q", **slots),
        follow=talk.question("feature.f", **slots),
        answer=talk.answer("feature.yes" if has else "feature.no", **slots),
        decline=talk.unknown(f"{{n}} {{has}} {feature}"),
        intent=f"feature:{feature}",
        must=YES if has else NO,
        never=("No,",) if has else ("Yes,",),
    )
