"""A list of products as a reply: a lead, a line each with its reasons and its number, cards, choices, the new state.

Which products, in which order and why, is settled before (`search_skill.py`, `recommending.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import recommend
from bot.conversation import Card
from bot.policy import Action
from bot.scene import Proposal, Scene
from bot.shopping.filters import Fit
from bot.shopping.ranking import Stars
from bot.shopping.reasons import Why, rating, why
from bot.shopping.wishes import Wishes
from knowledge import render
from knowledge.passages import Kind, Origin, Passage, Product, money

SHOWN = 3
SEARCH = "search"
_OWN = Origin("", 0)


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown of what was found.

    Attributes:
        lead: The sentence before the list.
        found: The products to show, best first; at most `SHOWN` are.
        wishes: What they answer; the reasons are chosen by them.
        kept: The wishes to remember.
        told: What the lead says of the search, as a passage's text, for the check of the reply.
        start: How many of the results came before.
        choices: What to tap next.
    """

    lead: str
    found: Sequence[Fit]
    wishes: Wishes
    kept: Wishes
    told: str = ""
    start: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    fit: Fit
    why: Why


def listed(page: Page, scene: Scene, stars: Mapping[str, Stars]) -> Proposal:
    """The reply that shows the page."""
    lang = scene.lang
    lines = [_Line(one, why(one, page.wishes, stars.get(one.product.handle), lang)) for one in page.found[:SHOWN]]
    sources: list[Passage] = []
    rows: list[str] = [page.lead]
    for line in lines:
        numbers = _cite(line, scene, stars, sources)
        rows.append(_row(line, lang) + numbers)
    if page.told:
        sources.append(note("found", page.told, lang))
    shown = tuple(line.fit.product.handle for line in lines)
    cards = tuple(_card(line, lang) for line in lines)
    state = replace(
        scene.state,
        wishes=page.kept.pairs(),
        shown=shown,
        focus=shown[0] if len(shown) == 1 else None,
        task=(("kind", SEARCH), ("start", str(page.start))),
    )
    return Proposal("\n".join(rows), Action.RECOMMEND, state, tuple(sources), cards, page.choices)


def said(text: str, scene: Scene, action: Action, kept: Wishes, choices: tuple[str, ...] = ()) -> Proposal:
    """A reply without products."""
    state = replace(scene.state, wishes=kept.pairs(), task=(("kind", SEARCH), ("start", "0")))
    return Proposal(text, action, state, choices=choices)


def note(name: str, text: str, lang: str) -> Passage:
    """What a search came to, as a passage: figures that stand in no product's text."""
    return Passage(f"{SEARCH}:{name}", f"{SEARCH}:{name}", Kind.PRODUCT, lang, f"{SEARCH} {name}", text, _OWN)


def _cite(line: _Line, scene: Scene, stars: Mapping[str, Stars], sources: list[Passage]) -> str:
    """The numbers of the line's passages, which are put to the sources."""
    sources.append(passage(line.fit.product, scene))
    numbers = f" [{len(sources)}]"
    if line.why.reviewed:
        sources.append(_reviews(line.fit.product, stars[line.fit.product.handle], scene.lang))
        numbers += f"[{len(sources)}]"
    return numbers


def passage(product: Product, scene: Scene) -> Passage:
    """The product's whole passage with the figures of now; in the shopper's language where there is one."""
    base = f"product:{product.handle}"
    lang = next((lang for lang in (scene.lang, "en") if f"{base}:{lang}" in scene.passages), scene.lang)
    return render.passages(product, lang, lambda _text: 0)[0]


def _reviews(product: Product, given: Stars, lang: str) -> Passage:
    name = product.words(lang).name
    return Passage(
        id=f"review:{product.handle}",
        entry=f"review:{product.handle}",
        kind=Kind.REVIEW,
        lang=lang,
        title=name,
        text=f"{name}: {rating(given, lang)}",
        origin=product.origin,
        url=product.url,
        product=product.handle,
    )


def price(one: Fit, lang: str) -> str:
    """What the cheapest of the variants that fit costs; `from` where others that fit cost more."""
    cheapest = one.cheapest
    text = money(cheapest.price, cheapest.currency)
    if all(variant.price == cheapest.price for variant in one.variants):
        return text
    return f"{text} 起" if lang == "zh" else f"from {text}"


def _row(line: _Line, lang: str) -> str:
    name = line.fit.product.words(lang).name
    parts = list(_parts(line, lang))
    if lang == "zh":
        return f"- {name}，{price(line.fit, lang)}" + ("：" + "； ".join(parts) if parts else "")
    return f"- {name}, {price(line.fit, lang)}" + (": " + "; ".join(parts) if parts else "")


def _parts(line: _Line, lang: str) -> Iterator[str]:
    yield from (reason.rstrip(".。") for reason in line.why.reasons)
    if not line.fit.available and not any("out of stock" in reason or "缺货" in reason for reason in line.why.reasons):
        yield "目前缺货" if lang == "zh" else "out of stock now"


def _card(line: _Line, lang: str) -> Card:
    mark = "；" if lang == "zh" else "; "
    return replace(recommend.card(line.fit.product, lang), note=mark.join(line.why.reasons))
