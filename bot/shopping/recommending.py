"""Recommendation without a stated wish: by the page, cart, views and orders that the shop's page told; else by reviews.

Similar things to what is looked at, things that go with what is in the cart or was bought. Only handles and SKUs are
read; who the shopper is plays no part. What the visit names and the shop does not sell is left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.scene import Proposal, Scene
from bot.shopping.filters import Fit
from bot.shopping.listing import SHOWN, Page, listed
from bot.shopping.ranking import Stars, stars
from bot.shopping.saying import say
from bot.shopping.traits import Traits
from bot.shopping.vocabulary import Vocabulary
from bot.shopping.wishes import Wishes
from knowledge.live import Live
from knowledge.passages import Product

GOES_WITH = "accessory-for:"
KIND, CATEGORY, TAG, GENDER, PRICE = 2.0, 1.0, 0.5, 0.5, 0.7
_TELLING_NOTHING = frozenset(
    {"sale", "bestseller", "unisex", "women", "men", "kids", "final sale", "recycled", "vegan"}
)


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a recommendation rests on: products of the visit, and the phrase that says so."""

    phrase: str
    products: tuple[Product, ...]
    beside: bool
    """To go with them rather than instead of them."""


def recommended(scene: Scene, words: Vocabulary) -> Proposal:
    """Up to three products, and because of what."""
    given = stars(scene.reviews)
    taken = _taken(scene)
    for basis in _bases(scene):
        scored = _beside(basis, scene.live, words) if basis.beside else _like(basis, scene.live, words)
        found = _best(scored, taken, scene.live, words, given)
        if found:
            name = basis.products[0].words(scene.lang).name
            return _page(say(basis.phrase, scene.lang, name=name), found, scene, given)
    popular = {handle: one.weighed + min(one.count, 10) / 20 for handle, one in given.items()}
    found = _best(popular, taken, scene.live, words, given)
    if not found:
        found = _best(dict.fromkeys(words.traits, 1.0), taken, scene.live, words, given)
    return _page(say("popular", scene.lang), found, scene, given, Wishes(order="rated"))


def _page(
    lead: str, found: Sequence[Fit], scene: Scene, given: Mapping[str, Stars], reasons: Wishes | None = None
) -> Proposal:
    return listed(Page(lead, found, reasons or Wishes(), Wishes()), scene, given)


def handles_of(told: Iterable[str], live: Live) -> tuple[str, ...]:
    """Handles for handles or SKUs, each once, in their order; unknown ones are left out."""
    by_sku = {v.sku.lower(): handle for handle, product in live.products.items() for v in product.variants if v.sku}
    found = (name if name in live.products else by_sku.get(name.lower(), "") for name in told)
    return tuple(dict.fromkeys(handle for handle in found if handle))


def _taken(scene: Scene) -> frozenset[str]:
    """What the shopper has, or looks at right now."""
    visit = scene.state.visit
    return frozenset(handles_of((visit.product, *visit.cart, *visit.bought), scene.live))


def _bases(scene: Scene) -> list[_Basis]:
    visit = scene.state.visit
    told = (
        ("looking", (visit.product,), False),
        ("cart", visit.cart, True),
        ("viewed", visit.viewed, False),
        ("bought", visit.bought, True),
    )
    out = []
    for phrase, names, beside in told:
        known = [scene.live.product(handle) for handle in handles_of(filter(None, names), scene.live)]
        if products := tuple(product for product in known if product):
            out.append(_Basis(phrase, products[:SHOWN], beside))
    return out


def _best(
    scored: Mapping[str, float], taken: frozenset[str], live: Live, words: Vocabulary, given: Mapping[str, Stars]
) -> list[Fit]:
    """The best that can be bought now, nothing of what is there already."""
    fits = [
        Fit(product, words.traits[handle], product.variants)
        for handle in scored
        if handle not in taken and (product := live.product(handle)) and any(v.stock > 0 for v in product.variants)
    ]

    def place(one: Fit) -> tuple[float, str]:
        handle = one.product.handle
        return -scored[handle] - 0.2 * (given[handle].weighed if handle in given else 3.5), handle

    return sorted(fits, key=place)[:SHOWN]


def _like(basis: _Basis, live: Live, words: Vocabulary) -> dict[str, float]:
    """Products like the first of the basis: of its kind or category, for the same people, at about its price."""
    product = basis.products[0]
    own = words.traits[product.handle]
    out = {}
    for handle, traits in words.traits.items():
        other = live.products[handle]
        same = len(own.kinds & traits.kinds)
        if (
            handle == product.handle
            or traits.spare != own.spare
            or not (same or _category(other) == _category(product))
        ):
            continue
        if _other_people(own, traits):
            continue
        alike = (
            KIND * bool(same)
            + CATEGORY * (_category(other) == _category(product))
            + TAG * len(_tags(other) & _tags(product))
        )
        out[handle] = alike + GENDER * (own.gender == traits.gender) + PRICE * _price_alike(product, other)
    return out


def _beside(basis: _Basis, live: Live, words: Vocabulary) -> dict[str, float]:
    """Products to go with the basis: made for one of them, else for the same use but of another kind."""
    out: dict[str, float] = {}
    for rank, product in enumerate(basis.products):
        own = words.traits[product.handle]
        for handle, traits in words.traits.items():
            other = live.products[handle]
            fits = f"{GOES_WITH}{product.handle}" in other.tags
            shared = _tags(other) & _tags(product)
            if _other_people(own, traits) or own.kinds & traits.kinds or not (fits or (shared and not traits.spare)):
                continue
            score = (
                (4.0 + 1 / sum(GOES_WITH in tag for tag in other.tags) if fits else 0.0)
                + TAG * len(shared)
                - 0.3 * rank
            )
            out[handle] = max(out.get(handle, 0.0), score)
    return out


def _tags(product: Product) -> frozenset[str]:
    return frozenset(tag for tag in product.tags if ":" not in tag) - _TELLING_NOTHING


def _category(product: Product) -> str:
    return product.words("en").category


def _other_people(own: Traits, other: Traits) -> bool:
    """Whether two things are cut for different people."""
    known = {own.gender, other.gender} - {"", "unisex"}
    return len(known) > 1 or ("kids" in known and own.gender != other.gender)


def _price_alike(product: Product, other: Product) -> float:
    """1 for the same lowest price, 0 for none or more than double apart."""
    prices = [min((v.price for v in one.variants), default=None) for one in (product, other)]
    if not all(prices):
        return 0.0
    low, high = sorted(float(price) for price in prices if price)
    return max(0.0, 2 * low / high - 1)
