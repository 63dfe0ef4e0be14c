"""Choices to tap under a list: the next wish that would part what was found, in words that the search itself reads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.scene import Scene
from bot.shopping.filters import Fit, is_reduced
from bot.shopping.saying import say
from bot.shopping.vocabulary import Vocabulary
from bot.shopping.wishes import Wishes
from knowledge.passages import money

MOST = 4
FEW = 4
"""From so many results on it is worth narrowing them."""
_ROUND = (
    Decimal(500),
    Decimal(250),
    Decimal(200),
    Decimal(150),
    Decimal(100),
    Decimal(75),
    Decimal(50),
    Decimal(30),
    Decimal(20),
)


def choices(fits: Sequence[Fit], wishes: Wishes, lang: str, *, more: bool) -> tuple[str, ...]:
    """Up to four; none that would leave all or nothing."""
    out = list(_narrowing(fits, wishes, lang))[: MOST - more] if len(fits) >= FEW else []
    return (*out, *([say("more_choice", lang)] if more else []))


def _narrowing(fits: Sequence[Fit], wishes: Wishes, lang: str) -> Iterator[str]:
    if wishes.price is None and (limit := _limit(fits)):
        text = money(limit, fits[0].cheapest.currency).removesuffix(".00")
        yield say("under", lang, high=text).capitalize() if lang == "en" else say("under", lang, high=text)
    if not wishes.gender and not wishes.recipient:
        found = Counter(one.traits.gender for one in fits)
        yield from (say(f"only_{name}", lang) for name in ("women", "men", "kids") if 0 < found[name] < len(fits))
    if not wishes.on_sale and _parts(sum(any(is_reduced(v) for v in one.variants) for one in fits), fits):
        yield say("on_sale", lang)
    if not wishes.order:
        yield say("cheapest", lang)
    if not wishes.in_stock and _parts(sum(one.available for one in fits), fits):
        yield say("in_stock", lang)


def _parts(some: int, fits: Sequence[Fit]) -> bool:
    return 0 < some < len(fits)


def _limit(fits: Sequence[Fit]) -> Decimal | None:
    """A round sum that about half of what was found lies under."""
    prices = sorted(one.cheapest.price for one in fits)
    middle = prices[len(prices) // 2]
    limit = next((step for step in _ROUND if step <= middle), None)
    return limit if limit and prices[0] <= limit < prices[-1] else None


def kinds_to_tap(scene: Scene, words: Vocabulary) -> tuple[str, ...]:
    """The shop's largest categories, by name."""
    products = (scene.live.products[handle] for handle, traits in words.traits.items() if not traits.spare)
    counted = Counter(product.words(scene.lang).category for product in products)
    native = [name for name, _ in counted.most_common() if name and (name >= "\u3400") == (scene.lang == "zh")]
    return tuple((native or list(filter(None, counted)))[:MOST])
