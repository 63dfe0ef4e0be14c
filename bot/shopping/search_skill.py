"""The skill that finds products by wishes: reads the message, joins it with what was wished before, filters and ranks.

Nothing fits → one named wish is left aside and the reply says which. The words around the list are in `saying.py`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations

from bot.conversation import Visit
from bot.policy import Action
from bot.scene import Proposal, Scene
from bot.shopping import recommending
from bot.shopping.asking import Ask, ask
from bot.shopping.choosing import choices, kinds_to_tap
from bot.shopping.filters import Fit, fitting
from bot.shopping.listing import SEARCH, SHOWN, Page, listed, said
from bot.shopping.named import names_product
from bot.shopping.ranking import Evidence, ranked, stars
from bot.shopping.reading import Reading, read
from bot.shopping.saying import fields, say, thing
from bot.shopping.vocabulary import Vocabulary, vocabulary
from bot.shopping.wishes import Bound, Wishes
from bot.shopping.wording import readable
from knowledge.passages import Hit, Kind, Query, money

Relaxed = tuple[tuple[str, ...], list[Fit]]
"""The names of wishes that were left aside, and what fits without them."""
NEAR = 24
_SURE_COSINE, _SAME = 0.93, 0.92
_ALONE = {
    "cheap": Wishes(order="cheap"),
    "light": Wishes(features=("light",)),
    "warm": Wishes(features=("warm",)),
    "large": Wishes(order="large"),
    "small": Wishes(order="small"),
}
"""What "a lighter tent" wishes for where nothing was shown that it could be lighter than."""
_REDUCED = re.compile(
    r"\b(?:which|what|any|show me|see)\b(?: \w+){0,4} (?:are |is |that are )?(?:on sale|reduced"
    r"|marked down)\b|\bsale items\b"
    r"|(?:哪些|什么|哪款).{0,6}(?:打折|特价|降价)|(?:打折|特价|降价)的?(?:商品|产品|东西)?(?:有哪些|有什么|有啥)",
)
_AND = re.compile(
    r"^(?:and|what about|how about|same|also|or)\b|^(?:那|还有)|也(?:是|都)?(?:一样|这样|可以|行)?的?吗[?？]*$", re.I
)
_CENT = Decimal("0.01")
_GENERIC = ("sizes", "bounds", "materials", "tags", "features", "order", "words", "kinds", "without")


def search(scene: Scene) -> Proposal | None:
    """The reply to a message that asks for products; None when it is not for this skill."""
    words = vocabulary(scene.live.products)
    reading = read(scene.meaning.text, words, currency(scene))
    searching = dict(scene.state.task).get("kind") == SEARCH
    asked = ask(reading, searching=searching, named=names_product(reading.text, scene.live.products, words))
    if asked is None or (asked is Ask.NEW and (_is_entry(reading.text, scene.hits) or _goes_on(scene))):
        return None
    match asked:
        case Ask.RECOMMEND if searching and scene.state.wishes:
            return _best_rated(scene, words)
        case Ask.RECOMMEND:
            return recommending.recommended(scene, words)
        case Ask.WIDE:
            return _ask_back(scene, words)
        case Ask.MORE:
            return _more(scene, words)
        case _:
            return _found(_wished(asked, reading, scene, words), reading, scene, words)


def _goes_on(scene: Scene) -> bool:
    """Whether the message asks the question before, answered from the shop's rules, of something else."""
    rules = any(hit.startswith(("faq:", "policy:")) for hit in scene.state.last_hits)
    return rules and scene.meaning.follows and bool(_AND.search(scene.meaning.text))


def reduced(scene: Scene) -> Proposal | None:
    """The reply to a question for products that are on sale, which is not one for codes and campaigns."""
    return search(scene) if _REDUCED.search(readable(scene.meaning.text)) else None


def currency(scene: Scene) -> str:
    """The currency that the shop's prices are in."""
    prices = (variant.currency for product in scene.live.products.values() for variant in product.variants)
    return next(prices, "")


def _is_entry(text: str, hits: Sequence[Hit]) -> bool:
    """Whether the message is a question that the shop has written an answer to, almost word for word."""
    first = next(iter(hits), None)
    if first is None or first.passage.kind not in (Kind.FAQ, Kind.POLICY):
        return False
    said = readable(text)
    same = any(SequenceMatcher(None, said, readable(question)).ratio() >= _SAME for question in first.passage.questions)
    return same or first.cosine >= _SURE_COSINE


def _wished(asked: Ask, reading: Reading, scene: Scene, words: Vocabulary) -> Wishes:
    """The wishes of the message together with those before it, as far as they still count."""
    newer = replace(reading.wishes, words=reading.cleaned)
    before = Wishes.of(scene.state.wishes)
    if asked is Ask.NEW:
        return newer.refined(_ALONE.get(reading.relative, Wishes()))
    if asked is Ask.SAME_FOR:
        return before.drop(*_GENERIC).refined(newer)
    wishes = before.drop(*reading.dropped).refined(replace(newer, words=f"{before.words} {newer.words}".strip()))
    return _compared(reading, wishes, scene, words)


def _compared(reading: Reading, wishes: Wishes, scene: Scene, words: Vocabulary) -> Wishes:
    """Cheaper ones are cheaper than what was shown, or than the limit that is named; lighter ones lighter."""
    relative, spoken = reading.relative, reading.wishes
    shown = [product for handle in scene.state.shown if (product := scene.live.product(handle))]
    if not shown or not relative or (relative in ("cheap", "dear") and spoken.price):
        return wishes
    prices = [min(v.price for v in product.variants) for product in shown]
    if relative == "cheap":
        low = wishes.price.low if wishes.price else None
        return replace(wishes, price=Bound("money", low, min(prices) - _CENT), order="")
    if relative == "dear":
        return replace(wishes, price=Bound("money", max(prices) + _CENT, None), order="")
    if relative == "light":
        weights = [product.weight_g for product in shown if product.weight_g]
        lighter = Bound("g", None, Decimal(min(weights) - 1)) if weights else None
        return wishes.refined(Wishes(bounds=(lighter,))) if lighter else wishes
    if relative == "warm":
        return wishes.refined(Wishes(features=("warm",), order="warm"))
    return _sized(relative, wishes, [product.handle for product in shown], words)


def _sized(relative: str, wishes: Wishes, shown: Sequence[str], words: Vocabulary) -> Wishes:
    """Bigger or smaller than what was shown, by how many people or litres it holds."""
    for base in ("person", "ml"):
        held = [m.high for h in shown for m in words.traits[h].measures if m.base == base and m.of == "capacity"]
        if held:
            bigger = Bound(base, max(held) + 1, None)
            bound = bigger if relative == "large" else Bound(base, None, min(held) - 1)
            return wishes.refined(Wishes(bounds=(bound,)))
    return replace(wishes, order=relative)


def _found(wishes: Wishes, reading: Reading, scene: Scene, words: Vocabulary) -> Proposal:
    wishes = _measurable(wishes, words)
    fits = _without_spares(fitting(wishes, words, scene.live), wishes)
    prefix = say("foreign", scene.lang, currency=currency(scene)) + "\n" if reading.foreign else ""
    if _says_nothing(fits, wishes, words) and not scene.state.asked:
        return _ask_back(scene, words)
    if fits:
        return _shown(_order(fits, wishes, scene), wishes, prefix, scene)
    relaxed = next(_relaxed(wishes, words, scene), None)
    relative = "" if reading.wishes.price else reading.relative
    return _closest(relaxed, wishes, relative, scene) if relaxed else _nothing(wishes, scene, words)


def _says_nothing(fits: Sequence[Fit], wishes: Wishes, words: Vocabulary) -> bool:
    """Whether hardly anything is ruled out, so that any list would be a guess."""
    return not wishes.hard and not wishes.order and len(fits) > len(words.traits) / 2


def _measurable(wishes: Wishes, words: Vocabulary) -> Wishes:
    """Without a number of people where the kind of thing is not made for a number of people, as stoves are not."""
    of_kind = [words.traits[handle].measures for kind in wishes.kinds for handle in words.handles(kind)]
    counted = not of_kind or any(measure.base == "person" for measures in of_kind for measure in measures)
    return wishes if counted else replace(wishes, bounds=tuple(b for b in wishes.bounds if b.base != "person"))


def _without_spares(fits: list[Fit], wishes: Wishes) -> list[Fit]:
    """Without parts of other things where no kind of thing was named, unless that is all there is."""
    whole = [one for one in fits if not one.traits.spare]
    return whole if whole and not wishes.kinds else fits


def _order(fits: Sequence[Fit], wishes: Wishes, scene: Scene) -> list[Fit]:
    return ranked(fits, wishes, Evidence(_near(wishes, scene), stars(scene.reviews), _seen(scene.state.visit)))


def _near(wishes: Wishes, scene: Scene) -> tuple[str, ...]:
    if not wishes.words:
        return ()
    hits = scene.find(Query(wishes.words, scene.lang, frozenset({Kind.PRODUCT}), NEAR))
    return tuple(dict.fromkeys(hit.passage.product for hit in hits if hit.passage.product))


def _seen(visit: Visit) -> tuple[str, ...]:
    return (visit.product, *visit.viewed)


def _shown(fits: Sequence[Fit], wishes: Wishes, prefix: str, scene: Scene, start: int = 0) -> Proposal:
    name = "more" if start else "one" if len(fits) == 1 else "all" if len(fits) <= SHOWN else "some"
    lead = say(name, scene.lang, count=len(fits))
    if wishes.order and len(fits) > 1 and not start:
        lead = say("ordered", scene.lang, count=len(fits), order=say(f"first_{wishes.order}", scene.lang))
    page = Page(
        lead=prefix + lead,
        found=fits[start : start + SHOWN],
        wishes=wishes,
        kept=wishes,
        told=say("some", scene.lang, count=len(fits)),
        start=start,
        choices=choices(fits, wishes, scene.lang, more=len(fits) > start + SHOWN),
    )
    return listed(page, scene, stars(scene.reviews))


def _relaxed(wishes: Wishes, words: Vocabulary, scene: Scene) -> Iterator[Relaxed]:
    """What fits without one of the wishes, else without two; the kind of thing is never given up."""
    given_up = [name for name in wishes.hard if name != "kinds"]
    for count in (1, 2):
        for names in combinations(given_up, count):
            if not wishes.kinds and len(names) == len(given_up):
                continue
            if fits := _without_spares(fitting(wishes.drop(*names), words, scene.live), wishes):
                yield names, fits


def _closest(relaxed: Relaxed, wishes: Wishes, relative: str, scene: Scene) -> Proposal:
    """What fits without some wishes, saying so; the nearest in price where the price was given up.

    A wish for more of something than was shown ("cheaper") is not kept when there is none.
    """
    names, fits = relaxed
    looser = wishes.drop(*names)
    lead, told = say("relaxed", scene.lang, field=fields(names, scene.lang)), ""
    if relative:
        lead = say(f"no_{relative}", scene.lang)
    elif names == ("price",) and wishes.price:
        told = _limit(wishes.price, scene)
        lead = say("relaxed_price", scene.lang, price=told)
    if names == ("price",) and wishes.price:
        looser = replace(looser, order="cheap" if wishes.price.high is not None else "dear")
    found = _order(fits, looser, scene)
    kept = replace(looser, order=wishes.order) if relative else wishes
    page = Page(lead, found[:SHOWN], looser, kept, told, choices=choices(found, looser, scene.lang, more=False))
    return listed(page, scene, stars(scene.reviews))


def _limit(bound: Bound, scene: Scene) -> str:
    code = currency(scene)
    low, high = (None if end is None else money(end, code) for end in (bound.low, bound.high))
    name = "between" if low and high else "under" if high else "over"
    return say(name, scene.lang, low=low, high=high)


def _nothing(wishes: Wishes, scene: Scene, words: Vocabulary) -> Proposal:
    """An honest no: the shop has no such thing, or nothing near it."""
    unknown = wishes.kinds and not any(words.handles(kind) for kind in wishes.kinds)
    named = thing(wishes, scene.lang)
    text = say("not_sold", scene.lang, thing=named) if unknown and named else say("none", scene.lang)
    return said(text, scene, Action.ANSWER, Wishes(), kinds_to_tap(scene, words))


def _more(scene: Scene, words: Vocabulary) -> Proposal:
    """The next of the results."""
    wishes = Wishes.of(scene.state.wishes)
    start = int(dict(scene.state.task).get("start", "0") or 0) + SHOWN
    fits = _order(_without_spares(fitting(wishes, words, scene.live), wishes), wishes, scene)
    if start >= len(fits):
        return said(say("no_more", scene.lang), scene, Action.ANSWER, wishes, kinds_to_tap(scene, words))
    return _shown(fits, wishes, "", scene, start)


def _best_rated(scene: Scene, words: Vocabulary) -> Proposal:
    """Of what was searched for, what buyers liked best."""
    wishes = replace(Wishes.of(scene.state.wishes), order="rated")
    fits = _order(_without_spares(fitting(wishes, words, scene.live), wishes), wishes, scene)
    return _shown(fits, wishes, "", scene) if fits else recommending.recommended(scene, words)


def _ask_back(scene: Scene, words: Vocabulary) -> Proposal:
    """One question back with choices; what other buyers like instead of asking twice."""
    if scene.state.asked:
        return recommending.recommended(scene, words)
    return said(say("wide", scene.lang), scene, Action.ASK, Wishes(), kinds_to_tap(scene, words))
