"""Why a product is shown: from its own fields, and from its reviews counted; never a word that neither has."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.shopping import lexicon
from bot.shopping.filters import Fit, is_reduced, size_is
from bot.shopping.ranking import Stars
from bot.shopping.traits import colour_of, sizes_of
from bot.shopping.wishes import Wishes
from bot.shopping.wording import readable
from knowledge.passages import Variant, Wording, money

MOST = 3
LONGEST = 90
_LABELS = {
    "light": r"^(?:item )?weight|^重量",
    "waterproof": r"waterproof|防水",
    "water-resistant": r"waterproof|防水",
    "rain": r"waterproof|防水",
    "warm": r"temperature|insulation|r.value|温标|填充|温",
    "winter": r"temperature|season|insulation|温标|季节|填充",
    "summer": r"season|季节|sun",
    "durable": r"material|材料|warranty|保修",
    "roomy": r"fit|dimension|版型|尺寸",
    "tall": r"dimension|fit|尺寸|版型",
    "packable": r"packed|收纳",
    "comfortable": r"fit|版型",
    "beginner": r"^$",
    "bright": r"brightness|亮度",
    "commuting": r"capacity|容量",
    "sun-protection": r"sun|防晒",
}
"""Which facts speak of a feature, by their label."""
_BASES = {
    "person": r"capacity|sleeps|容量",
    "ml": r"capacity|volume|容量",
    "g": r"^(?:item )?weight|^重量",
    "°C": r"temperature|温标",
    "mm": r"waterproof|防水",
    "lm": r"brightness|lumen|亮度",
    "mAh": r"capacity|容量|material|材料",
    "Wh": r"capacity|容量",
}
_ORDER_FACT = {
    "light": _BASES["g"],
    "heavy": _BASES["g"],
    "warm": _LABELS["warm"],
    "large": _BASES["ml"],
    "small": _BASES["ml"],
    "bright": _BASES["lm"],
}
_USUAL = (
    _BASES["ml"],
    r"insulation|填充",
    r"temperature|温标",
    _BASES["lm"],
    r"waterproof|防水",
    _BASES["g"],
    r"material|材料",
)


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons for one product, best first, and whether one of them rests on its reviews."""

    reasons: tuple[str, ...]
    reviewed: bool = False


def why(one: Fit, wishes: Wishes, given: Stars | None, lang: str) -> Why:
    """Up to three reasons that answer the wishes; what it is like where no wish was said."""
    found = list(dict.fromkeys(_answers(one, wishes, lang)))
    stars = (
        rating(given, lang)
        if given and (wishes.order == "rated" or (given.count >= MOST and given.mean >= 4.5))
        else ""
    )
    if stars and wishes.order == "rated":
        return Why((stars, *found, *_usual(one, lang, found))[:MOST], reviewed=True)
    if len(found) < 2:
        found += list(_usual(one, lang, found))[: 2 - len(found)]
    if stars and len(found) < MOST:
        return Why((*found, stars), reviewed=True)
    return Why(tuple(found[:MOST]))


def rating(given: Stars, lang: str) -> str:
    """What buyers gave, as `4.6 of 5 stars from 12 reviews`."""
    if lang == "zh":
        return f"{given.count} 条评价，平均 {given.mean:.1f} 星"
    return f"{given.mean:.1f} of 5 stars from {given.count} review{'s' * (given.count != 1)}"


def _answers(one: Fit, wishes: Wishes, lang: str) -> Iterator[str]:
    """Reasons that each answer a wish."""
    words = one.product.words(lang)
    if wishes.on_sale:
        yield from _reduced(one.cheapest, lang)
    if wishes.sizes:
        yield from _sizes(one, wishes, words, lang)
    if wishes.colours:
        yield _colours(one, words, lang)
    patterns = [_BASES[bound.base] for bound in wishes.bounds if bound.base in _BASES]
    patterns += [_ORDER_FACT[wishes.order]] if wishes.order in _ORDER_FACT else []
    patterns += [_LABELS[feature] for feature in wishes.features if feature in _LABELS]
    patterns += [r"material|fabric|insulation|材料|面料|填充"] if wishes.materials else []
    for pattern in patterns:
        yield from _fact(words, pattern)
    for feature in wishes.features:
        yield from _said(words, feature) if feature not in _LABELS else ()
    yield from _reduced(one.cheapest, lang)


def _reduced(variant: Variant, lang: str) -> Iterator[str]:
    if is_reduced(variant) and variant.compare_at is not None:
        was = money(variant.compare_at, variant.currency)
        yield f"特价，原价 {was}" if lang == "zh" else f"on sale, was {was}"


def _sizes(one: Fit, wishes: Wishes, words: Wording, lang: str) -> Iterator[str]:
    """Each size that was asked for, with whether it is there."""
    for size in wishes.sizes:
        holds = [v for v in one.variants if any(size_is(value, size) for value in sizes_of(v))]
        if not holds:
            continue
        value = next(v for v in holds[0].options.values() if size_is(readable(v), size))
        shown = words.options.get(value, value)
        colours = {colour_of(variant) for variant in holds}
        if wishes.colours and len(colours) == 1 and (colour := colours.pop()):
            shown = f"{words.options.get(colour, colour)}{'，' if lang == 'zh' else ', '}{shown}"
        there = any(variant.stock > 0 for variant in holds)
        if lang == "zh":
            yield f"{shown} {'有货' if there else '缺货'}"
        else:
            yield f"{shown} is {'in stock' if there else 'out of stock'}"


def _colours(one: Fit, words: Wording, lang: str) -> str:
    values = dict.fromkeys(colour_of(variant) for variant in one.variants)
    shown = [words.options.get(value, value) for value in values if value][:MOST]
    return f"颜色：{'、'.join(shown)}" if lang == "zh" else f"in {', '.join(shown)}"


def _fact(words: Wording, label: str) -> Iterator[str]:
    """The first fact with such a label, as the shop wrote it; its own unit in brackets is left out."""
    for name, value in words.facts.items():
        if re.search(label, name, re.I) and len(value) <= LONGEST:
            yield (
                re.sub(r"\s*[(（][^()（）]*\b(?:oz|lb|in|盎司)[^()（）]*[)）]", "", value)
                if _is_weight(name)
                else value
            )
            return


def _is_weight(name: str) -> bool:
    return bool(re.search(_BASES["g"], name, re.I))


def _said(words: Wording, feature: str) -> Iterator[str]:
    """A fact that has one of the feature's words."""
    named = [word for word in lexicon.FEATURES[feature] if len(word) > 2 or word >= "\u3400"]
    for name, value in words.facts.items():
        if len(value) <= LONGEST and any(word in readable(f"{name} {value}") for word in named):
            yield value
            return


def _usual(one: Fit, lang: str, found: Sequence[str]) -> Iterator[str]:
    """What one would want to know of such a thing anyway."""
    words = one.product.words(lang)
    for label in _USUAL:
        for text in _fact(words, label):
            if text not in found:
                yield text
