"""Questions for the stated facts of invented goods, for two at once, and for facts that are not stated."""

import random
import re
from collections.abc import Iterator, Sequence

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_draft import Draft, Talk
from bot.lab.train.invent.goods import traits
from bot.lab.train.invent.goods_items import Item
from bot.lab.train.invent.goods_prose import stated


def ask(rng: random.Random, item: Item) -> Iterator[Draft]:
    """A question for each fact."""
    talk = Talk(rng, item)
    for label, value in item.facts.items():
        slots = _slots(label)
        known = words.phrases_of(label)
        yield Draft(
            kind="table" if label in ("In the box", "Ingredients") else "field",
            items=(item,),
            tags=(f"fact:{label}",),
            question=talk.question(known.asked, **slots),
            follow=talk.question(known.follow, **slots),
            answer=stated(rng, item, label, value),
            decline=talk.missing(topic(label)),
            intent=f"fact:{label}",
            must=((value,),),
        )


def _slots(label: str) -> dict[str, str]:
    spoken = words.spoken(label)
    return {"l": spoken, "L": label, "p": spoken.rpartition(" ")[0] or spoken, "lis": words.agreeing(spoken)}


def topic(label: str) -> str:
    """How a missing fact is named: `the warranty`, `what is in the box`."""
    return _TOPICS.get(label, f"the {words.spoken(label)}")


_TOPICS = {
    "In the box": "the contents of the box",
    "Made in": "the country of origin",
    "Compatible with": "the compatibility",
    "Fits": "the fit",
    "Suitable for": "the intended use",
    "Care": "the care instructions",
    "Use": "the instructions",
    "Age": "the recommended age",
    "Seats": "the number of seats",
    "Sleeps": "the number of people",
    "Best within": "the shelf life",
    "Drink until": "the drinking window",
    "Hardy down to": "the hardiness",
    "Heat-resistant up to": "the heat resistance",
    "Keeps cold": "the cooling time",
    "Keeps hot": "the heat retention",
    "Shelf life after opening": "the shelf life",
    "Best before": "the shelf life",
    "Model": "the size that the model wears",
}
_COUNTS = (
    "Pages,Pieces,Keys,Stitches,Recipes,Shelves,Pockets,Gears,Frets,Sounds,Compartments,Players,Posts,Leg sections,"
    "Autofocus points,Resistance levels,Grind settings,Carrying positions,Slats,Sheets,Columns,Ventilation holes,Elements".split(
        ","
    )
)
_TOPICS.update({label: f"the number of {label.lower()}" for label in _COUNTS})


def twice(rng: random.Random, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """One or two questions that ask for two facts of a product at once."""
    simple = [draft for draft in drafts if draft.kind in ("field", "price") and draft.follow]
    for _ in range(min(2, len(simple) // 2)):
        first, second = rng.sample(simple, 2)
        if set(first.tags) & set(second.tags):
            continue
        talk = Talk(rng, first.items[0])
        ask_first = first.question.rstrip("?")
        follow = second.follow.rstrip("?")
        for start in ("and ", "thanks. and ", "what about "):
            follow = follow.removeprefix(start)
        yield Draft(
            kind="two_facts",
            items=first.items,
            tags=(*first.tags, *second.tags),
            question=talk.question("two.q", a=ask_first, b=follow),
            answer=f"{first.answer} {_again(second, first)}",
            decline=talk.missing(f"{_named(first)} or {_named(second)}"),
            must=(*first.must, *second.must),
        )


_VERBS = r"(?:is|are|has|have|was|can|costs?|weighs?|comes?|holds?|works?|fits?|measures?|takes?|offers?|contains?)\b"


def _again(second: Draft, first: Draft) -> str:
    """The second answer, its product as a pronoun where the sentence begins with it."""
    item = first.items[0]
    start = words.capital(item.ref)
    if re.match(rf"{re.escape(start)} {_VERBS}", second.answer) and item.ref.lower() in first.answer.lower():
        return f"{'They' if item.kind.plural else 'It'}{second.answer[len(start) :]}"
    return second.answer


def _named(draft: Draft) -> str:
    return topic(draft.tags[0].partition(":")[2]) if draft.tags[0].startswith("fact:") else "the price"


def unstated(rng: random.Random, items: Sequence[Item]) -> Iterator[Draft]:
    """Questions that no piece answers: facts, traits and features that other products state."""
    for item in items:
        talk = Talk(rng, item)
        weight = ("Weight",) if item.kind.weight else ()
        missing = [label for label in (*item.kind.facts, *weight) if label not in item.facts]
        if "Storage" in missing and "Storage" in item.options():
            missing.remove("Storage")
        missing = [label for label in missing if label not in item.options()]
        for label in rng.sample(missing, min(2, len(missing))):
            known = words.phrases_of(label)
            yield _decline(talk, label, known)
        silent = [trait for trait in item.kind.traits if trait not in item.traits]
        for name in rng.sample(silent, min(1, len(silent))):
            trait = traits()[name]
            yield Draft(
                kind="decline",
                items=(item,),
                tags=(f"trait:{name}",),
                question=talk.question(trait.questions),
                answer=(text := talk.unknown(f"{{n}} {trait.holds}")),
                decline=text,
                formal=talk.unknown(f"{{n}} {trait.holds}"),
                follow="",
                never=("Yes,", "No,"),
            )
        lacking = [feature for feature in item.kind.features if feature not in item.features]
        for feature in rng.sample(lacking, min(1, len(lacking))):
            yield Draft(
                kind="decline",
                items=(item,),
                tags=(f"feature:{feature}",),
                question=talk.question("feature.q", **words.counted(feature)),
                answer=(text := talk.unknown(f"{{n}} {{has}} {feature}")),
                decline=text,
                formal=talk.unknown(f"{{n}} {{has}} {feature}"),
                never=("Yes,", "No,"),
            )


def _decline(talk: Talk, label: str, known: words.Phrases) -> Draft:
    slots = _slots(label)
    text = talk.missing(topic(label))
    return Draft(
        kind="decline",
        items=(talk.item,),
        tags=(f"fact:{label}",),
        question=talk.question(known.asked, **slots),
        follow=talk.question(known.follow, **slots),
        answer=text,
        formal=talk.missing(topic(label)),
        decline=text,
    )
