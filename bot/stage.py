"""How near a shopper is to buying, and how they feel: read from words and from what the shop's page told. Pure.

A reading goes on from the one before it. The stage rises at once with what buyers say ("add it to my cart"), stays
through small talk, and comes down by a step when the shopper hesitates or refuses; questions about an order that was
made are no wish to buy. The mood is the worse of the last two messages, so it cools after two calm ones, or at once
with thanks. Each reading says by which signs it was made, so that a person can judge it.

What follows from a reading is not known here: the desk orders its list by it, skills and figures look at it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversation import Mood, Sign, Stage, Visit
from bot.mood import holds, own_mood, soothed
from bot.objections import objects_to_price
from bot.wanting import AFTER_SALES, ASKS_ABOUT, BUYING, COMPARES, DELIVERY, HESITATES, REFUSES, STOCK
from knowledge.words import HAN

NOWHERE = Visit()
_STAGES = tuple(Stage)
_MOODS = tuple(Mood)
_SHORTEST_NAME = 3
_ASKS = re.compile(
    r"[?？]|\b(?:can|could|do|does|is|are|will|would|how|what|which|where|when|i'?ll|add|buy|order)\b|吗|呢|什么"
    r"|怎么|多少|[买拍要]",
    re.I,
)
_ASKS_PLAINLY = re.compile(
    r"[?？]\s*$|^(?:does|do|is|are|will|can|how|what|which)\b|[吗呢么]\W*$|(.)不\1|会不会|能不能|还是", re.I
)
_WORD = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read so far.

    Attributes:
        own: The mood of the last message alone.
        signs: By what the stage and the mood were read, at most one each.
    """

    stage: Stage = Stage.DISCOVERY
    mood: Mood = Mood.CALM
    own: Mood = Mood.CALM
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """A shopper's message with what is known about it.

    Attributes:
        earlier: What the shopper wrote before, ascending.
        named: It names a product of the shop.
        at_hand: A product is being talked about, or a list of them was shown.
    """

    text: str
    earlier: tuple[str, ...] = ()
    visit: Visit = NOWHERE
    named: bool = False
    at_hand: bool = False


def read(heard: Heard, before: Reading) -> Reading:
    """The reading after a message."""
    stage, why = _stage(heard, before)
    own, sign = own_mood(heard.text, heard.earlier)
    if own is Mood.CALM and holds(heard.text, heard.earlier):
        own = before.own
    mood = Mood.CALM if soothed(heard.text) and own is Mood.CALM else max(own, before.own, key=_MOODS.index)
    kept = {old.of: old for old in before.signs}
    of_stage = why or (kept.get("stage") if stage is before.stage else None)
    of_mood = None if mood is Mood.CALM else (sign if own is mood else kept.get("mood"))
    return Reading(stage, mood, own, tuple(filter(None, (of_stage, of_mood))))


def own_before(earlier: Sequence[str]) -> Mood:
    """The mood of the last of these messages alone; of the one before it where that one tells nothing."""
    own = Mood.CALM
    for place, text in enumerate(earlier):
        felt = own_mood(text, earlier[:place])[0]
        own = own if felt is Mood.CALM and holds(text, earlier[:place]) else felt
    return own


def names(text: str, titles: Iterable[str]) -> bool:
    """Whether a text names one of these products, be it by the beginning of its title.

    One word will do where it is written as a name is: with a capital inside an English sentence, or in Latin letters
    inside a Chinese one. In small letters the title's second word must follow.
    """
    words = _WORD.findall(_joined(text))
    return any(_named(words, title, chinese=bool(HAN.search(text))) for title in titles)


def told(reading: Reading) -> dict[str, Any]:
    """A reading as JSON values, for the reply that it was made with."""
    signs = [[sign.of, sign.name, sign.words] for sign in reading.signs]
    return {"stage": reading.stage.value, "mood": reading.mood.value, "own": reading.own.value, "signs": signs}


def retold(kept: object) -> Reading | None:
    """The reading that `told` made these values of; None where they are none."""
    if not isinstance(kept, Mapping):
        return None
    try:
        signs = tuple(Sign(*map(str, sign)) for sign in kept["signs"])
        return Reading(Stage(kept["stage"]), Mood(kept["mood"]), Mood(kept["own"]), signs)
    except (KeyError, TypeError, ValueError):
        return None


def further(one: Stage, other: Stage) -> Stage:
    """The one nearer to buying."""
    return max(one, other, key=_STAGES.index)


def worse(one: Mood, other: Mood) -> Mood:
    """The one further from calm."""
    return max(one, other, key=_MOODS.index)


def _stage(heard: Heard, before: Reading) -> tuple[Stage, Sign | None]:
    """The stage, and the sign where this message has one."""
    text, now = heard.text, before.stage
    if AFTER_SALES.search(text) or (_of_what_was_bought(heard, before) and not _ASKS.search(text)):
        return now, None
    if sign := _buying(heard, now):
        return Stage.READY, sign
    if (sign := _backs_off(text)) and not heard.named:
        return _lowered(now, firmly=sign.name == "refuses"), sign if now is not Stage.DISCOVERY else None
    if heard.visit.cart:
        return Stage.READY, Sign("stage", "cart")
    sign = _interest(heard, now)
    return (further(now, Stage.INTERESTED), sign if now is not Stage.READY else None) if sign else (now, None)


def _of_what_was_bought(heard: Heard, before: Reading) -> bool:
    """Whether the talk is of something bought, or of anger about it: a name then tells which, and wants nothing."""
    return before.mood is Mood.ANGRY or bool(heard.earlier and AFTER_SALES.search(heard.earlier[-1]))


def _buying(heard: Heard, now: Stage) -> Sign | None:
    """A sign that the shopper is about to buy; stock and delivery are one only where a product is meant."""
    for name, pattern in BUYING.items():
        if found := pattern.search(heard.text):
            return Sign("stage", name, found[0].strip())
    if not (heard.named or heard.at_hand or heard.visit.product or heard.visit.cart or now is not Stage.DISCOVERY):
        return None
    for name, pattern in (("stock", STOCK), ("delivery", DELIVERY)):
        if found := pattern.search(heard.text):
            return Sign("stage", name, found[0].strip())
    return None


def _backs_off(text: str) -> Sign | None:
    for name, pattern in (("refuses", REFUSES), ("hesitates", HESITATES)):
        if found := pattern.search(text):
            return Sign("stage", name, found[0].strip())
    return Sign("stage", "too_dear") if objects_to_price(text) else None


def _lowered(stage: Stage, *, firmly: bool) -> Stage:
    """One step down; who only hesitates stays interested."""
    if stage is Stage.READY:
        return Stage.INTERESTED
    return Stage.DISCOVERY if firmly else stage


def _interest(heard: Heard, now: Stage) -> Sign | None:
    text = heard.text
    if heard.named:
        return Sign("stage", "names_product")
    meant = heard.at_hand or bool(heard.visit.product or heard.visit.viewed) or now is not Stage.DISCOVERY
    if meant and (found := COMPARES.search(text)):
        return Sign("stage", "compares", found[0].strip())
    if heard.visit.product and _ASKS_PLAINLY.search(text):
        return Sign("stage", "product_page")
    if meant and (found := ASKS_ABOUT.search(text)):
        return Sign("stage", "asks_about", found[0].strip())
    return None


def _joined(text: str) -> str:
    """Without apostrophes, which many leave out."""
    return text.replace("'", "").replace("’", "")


def _named(words: list[str], title: str, *, chinese: bool) -> bool:
    parts = _WORD.findall(_joined(title))
    if not parts:
        return False
    first, second = parts[0].casefold(), parts[1].casefold() if len(parts) > 1 else ""
    for place, word in enumerate(words):
        if word.casefold() != first:
            continue
        follows = place + 1 < len(words) and words[place + 1].casefold() == second
        stands_out = len(word) >= _SHORTEST_NAME and (chinese or (place > 0 and word[:1].isupper()))
        if follows or stands_out:
            return True
    return False
