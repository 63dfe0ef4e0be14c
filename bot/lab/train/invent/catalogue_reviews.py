"""What buyers say about invented goods: pieces that count reviews and quote them, and questions for them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from bot.lab.train.invent import catalogue_words as words
from bot.lab.train.invent.catalogue_draft import Draft, Talk
from bot.lab.train.invent.goods_items import Item
from bot.lab.train.sample import Piece


@dataclass(frozen=True, slots=True)
class _Aspect:
    """Something that reviews judge: how it is called, the judgements, sentences of buyers, and questions."""

    name: str
    ways: tuple[str, ...]
    quotes: tuple[tuple[str, ...], ...]
    asked: tuple[str, ...]


_ASPECTS = (
    _Aspect(
        "the size",
        ("runs small", "runs large", "is true to size"),
        (
            (
                "I should have ordered one size up",
                "Smaller than I expected, even after measuring",
                "A bit tight, so I exchanged it for the next size",
            ),
            (
                "Roomier than my usual size",
                "Really generous, you can order smaller",
                "Comes out bigger than in the pictures",
            ),
            ("My normal size was spot on", "Exactly as the measurements say", "Sizing is just right"),
        ),
        (
            "do buyers say {n} run[s] small",
            "do people find {n} true to size",
            "what do reviews say about the size of {n}",
            "how {do} {n} fit according to buyers",
            "any reviews on sizing for {n}",
        ),
    ),
    _Aspect(
        "the quality",
        ("is well made", "feels cheap", "lasts"),
        (
            (
                "You can feel the care that went into it",
                "Solid work, nothing wobbles",
                "Neatly finished down to the last detail",
            ),
            (
                "For this price I had hoped for better finish",
                "Looks nicer in the photos than in real life",
                "The finish was disappointing",
            ),
            (
                "Still like new after two winters",
                "Used every day for a year without a problem",
                "Has survived my kids so far",
            ),
        ),
        (
            "what do buyers say about the quality of {n}",
            "is the quality of {n} good according to reviews",
            "do people say {n} last[s]",
            "reviews on the quality of {n}?",
            "{is} {n} well made, going by the reviews",
        ),
    ),
    _Aspect(
        "the delivery",
        ("arrived quickly", "arrived late", "was well packed"),
        (
            (
                "Was on my doorstep sooner than promised",
                "Ordered in the evening and got it in no time",
                "Fast shipping, thank you",
            ),
            (
                "The parcel took far longer than announced",
                "Had to wait and write twice",
                "Came a week after the birthday",
            ),
            (
                "Packed with a lot of care and hardly any plastic",
                "Arrived safe in a sturdy carton",
                "Lovely wrapping, nothing broken",
            ),
        ),
        (
            "what do people say about the delivery of {n}",
            "did {n} arrive quickly for other buyers",
            "how was the packaging of {n} according to reviews",
            "reviews about delivery of {n}",
        ),
    ),
)
_WORN = ("shoes", "workwear", "children's clothes", "women's fashion", "menswear")
_GENERAL = (
    "Exactly what I was looking for",
    "Would buy it again any time",
    "My sister wants one now as well",
    "Does what it should, no more and no less",
    "A little pricey but worth it",
    "Not quite the colour I had in mind",
    "The best purchase of this year for me",
    "Good, although the instructions could be clearer",
    "I gave it away as a present and it was a hit",
    "Took some getting used to, now I love it",
    "We use it almost every day",
    "Fine for the money",
)
_OVERALL = (
    "what do buyers think of {n}",
    "how {is} {n} rated",
    "{is} {n} any good",
    "{n} reviews",
    "what rating {do} {n} have",
    "how many stars {do} {n} have",
    "what do other people say about {n}",
    "are there reviews of {n}, and what do they say",
)
_RATED = (
    "{N} {has} {count} reviews with {stars} of 5 stars on average.",
    "{count} buyers gave {n} {stars} of 5 stars on average.",
    "On average, {n} {is} rated {stars} of 5 stars ({count} reviews).",
    "{It} {is} rated {stars} of 5 on average, from {count} reviews.",
)
_QUOTED = (
    "One buyer writes: “{quote}”.",
    "As one of them puts it: “{quote}”.",
    "For example: “{quote}”.",
    "In a buyer's words: “{quote}”.",
)
_JUDGED = (
    "{most} of {said} reviews that mention {aspect} say it {way}.",
    "Of the {said} reviews that mention {aspect}, {most} say it {way}.",
    "Buyers who mention {aspect} ({said}) mostly say it {way} ({most}).",
    "{most} of the {said} buyers who write about {aspect} say it {way}.",
)


def ask(rng: random.Random, item: Item) -> Iterator[Draft]:
    """One question for the rating and one for what buyers judge, for some of the products."""
    if rng.random() < 0.4:
        return
    count, stars = rng.randint(4, 180), f"{rng.randint(27, 50) / 10:.1f}"
    quote = rng.choice(_GENERAL)
    piece = _piece(item, f"{words.capital(item.ref)} has {count} reviews, {stars} of 5 stars on average.\n“{quote}”")
    yield _overall(rng, item, piece, {"count": str(count), "stars": stars, "quote": quote})
    aspect = rng.choice(_ASPECTS if item.kind.trade in _WORN and "Fit" in item.kind.facts else _ASPECTS[1:])
    yield _judged(rng, item, aspect, count, stars)


def _piece(item: Item, text: str) -> Piece:
    return Piece(f"review:{item.product.handle}", "review", f"Reviews of {item.ref}", text)


def _overall(rng: random.Random, item: Item, piece: Piece, slots: dict[str, str]) -> Draft:
    talk = Talk(rng, item)
    answer = talk.answer(_RATED, **slots)
    quoted = rng.random() < 0.6
    return Draft(
        kind="review",
        items=(item,),
        tags=("review",),
        question=talk.question(_OVERALL),
        follow=talk.question(
            ("and the reviews", "how {is} {it} rated", "what do buyers say", "reviews?", "{is} {it} any good")
        ),
        answer=f"{answer} {talk.answer(_QUOTED, **slots)}" if quoted else answer,
        decline=_none(talk),
        must=((slots["stars"],), (slots["count"],)),
        pieces=(piece,),
        twin=(),
        near=item.pieces,
    )


def _judged(rng: random.Random, item: Item, aspect: _Aspect, count: int, stars: str) -> Draft:
    talk = Talk(rng, item)
    way = rng.randrange(3)
    said = rng.randint(3, max(3, min(count, 30)))
    most = rng.randint(said // 2 + 1, said)
    fewer = said - most
    other = rng.choice([index for index in range(3) if index != way])
    counts = f"{most} say it {aspect.ways[way]}" + (
        f", {fewer} {'says' if fewer == 1 else 'say'} it {aspect.ways[other]}" if fewer else ""
    )
    quote = rng.choice(aspect.quotes[way])
    rated = f"{words.capital(item.ref)} has {max(count, said)} reviews, {stars} of 5 stars on average."
    first = f"{said} of {max(count, said)} reviews of {item.ref} mention {aspect.name}; {counts}."
    slots = {"most": str(most), "said": str(said), "aspect": aspect.name, "way": aspect.ways[way], "quote": quote}
    answer = talk.answer(_JUDGED, **slots)
    return Draft(
        kind="review",
        items=(item,),
        tags=("review",),
        question=talk.question(aspect.asked),
        follow=words.filled(rng.choice(aspect.asked).replace("{n}", "{it}"), item.kind.plural, {}),
        answer=f"{answer} {talk.answer(_QUOTED, **slots)}" if rng.random() < 0.5 else answer,
        decline=talk.answer(
            (
                f"The reviews don't mention {aspect.name}, sorry. Shall I ask a colleague?",
                f"I can't find anything about {aspect.name} in the reviews of {{n}}. A person from our team may know more.",
                f"No reviewer writes about {aspect.name} of {{n}}. Would you like to talk to someone from the team?",
            )
        ),
        must=((aspect.ways[way],), (str(most),)),
        never=tuple(one for index, one in enumerate(aspect.ways) if index != way),
        pieces=(_piece(item, f"{first}\n{rated}\n“{quote}”"),),
        twin=(_piece(item, f"{rated}\n“{rng.choice(_GENERAL)}”"),),
        near=item.pieces,
    )


def _none(talk: Talk) -> str:
    return talk.answer(
        (
            "I have no reviews of {n}, sorry. Shall I ask a colleague what buyers told us?",
            "There are no reviews of {n} in what I have. A person from our team can tell you more.",
            "Sorry, I don't know what buyers think of {n}. Would you like to talk to someone from the team?",
        )
    )
