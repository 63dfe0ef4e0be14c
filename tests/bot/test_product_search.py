"""The search skill on the sample shop: what is shown fits, what is said is borne out, what was wished is remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.conversation import State, Understood, Visit
from bot.generate.protocol import Numbered
from bot.ground import Holder, check
from bot.language import language
from bot.policy import Action
from bot.scene import Proposal, Scene
from bot.shopping.search_skill import search
from knowledge.live import Live, Override
from knowledge.passages import Hit, Kind, Passage, Product, Query, Review, Variant
from knowledge.sources import read

AT = datetime(2026, 11, 22, 18, tzinfo=UTC)


CONTENT = Path(__file__).parents[2] / "knowledge" / "content"


@dataclass(frozen=True)
class Known:
    """The sample shop's content as read, not indexed: the skill alone needs no index."""

    products: Mapping[str, Product]
    passages: Mapping[str, Passage]
    reviews: Sequence[Review]


@pytest.fixture(scope="module")
def snapshot() -> Known:
    """The sample shop."""
    content = read(CONTENT)
    products = {product.handle: product for product in content.products}
    return Known(products, {passage.id: passage for passage in content.passages}, content.reviews)


class Shop:
    """A conversation with the skill alone; the search by meaning finds nothing."""

    def __init__(self, snapshot: Known, visit: Visit | None = None, overrides: Mapping[str, Override] | None = None):
        self.snapshot = snapshot
        self.live = Live(snapshot.products, overrides or {})
        self.state = State("c", visit=visit or Visit())
        self.asked: list[Query] = []

    def find(self, query: Query) -> Sequence[Hit]:
        """Nothing; the query is kept."""
        self.asked.append(query)
        return ()

    def say(self, text: str) -> Proposal:
        """What the skill answers; every sentence of it is held against its sources, as the way of a turn does."""
        proposal = self.ask(text)
        assert proposal is not None, text
        lang = language(text, "en", ("en", "zh"))
        numbered = [Numbered(n, p.id, p.kind.value, p.title, p.text, p.lang) for n, p in enumerate(proposal.sources, 1)]
        holder = Holder()
        for sentence in [*holder.feed(proposal.text), *holder.close()]:
            verdict = check(sentence, numbered, lang, text)
            assert verdict.supported, (sentence, [claim for claim in verdict.claims if not claim.supported])
        self.state = replace(proposal.state, asked=proposal.action is Action.ASK)
        return proposal

    def ask(self, text: str) -> Proposal | None:
        """What the skill answers; None where it leaves the message to others."""
        return search(
            Scene(
                meaning=Understood(text, text, language(text, "en", ("en", "zh"))),
                state=self.state,
                hits=(),
                live=self.live,
                passages=self.snapshot.passages,
                reviews=self.snapshot.reviews,
                find=self.find,
                history=(),
                now=AT,
            )
        )

    def variants(self, proposal: Proposal) -> list[tuple[Variant, ...]]:
        """The variants of each product shown."""
        shown = (self.live.product(card.handle) for card in proposal.cards)
        return [product.variants for product in shown if product]


@pytest.fixture
def shop(snapshot: Known) -> Shop:
    """A new conversation."""
    return Shop(snapshot)


def _handles(proposal: Proposal) -> list[str]:
    return [card.handle for card in proposal.cards]


def test_every_product_is_cited_and_has_its_reason(shop: Shop) -> None:
    """Each line has a name, a price, a reason and a number of the product's own passage."""
    reply = shop.say("which rain jackets do you sell")
    assert reply.action is Action.RECOMMEND
    assert 1 <= len(reply.cards) <= 3
    for n, card in enumerate(reply.cards):
        line = reply.text.split("\n")[n + 1]
        assert card.name in line
        assert card.note.split("; ")[0] in line
    cited = [source.product for source in reply.sources if source.kind is Kind.PRODUCT and source.product]
    assert cited == _handles(reply)


@pytest.mark.parametrize("text", ["tents under 300", "300以下的帐篷"])
def test_a_price_holds_for_a_variant(text: str, shop: Shop) -> None:
    """What is shown under a price can be had under it."""
    reply = shop.say(text)
    assert reply.cards
    assert all(any(v.price <= 300 for v in variants) for variants in shop.variants(reply))


def test_the_prices_of_now_count(snapshot: Known) -> None:
    """A price that changed since the build lets a product in, or keeps it out."""
    skus = [variant.sku for variant in snapshot.products["stormglass-2-tent"].variants]
    cut = Shop(snapshot, overrides={sku: Override(price=Decimal("20.00")) for sku in skus})
    assert _handles(cut.say("tents under $50")) == ["stormglass-2-tent"]
    assert "$20.00" in cut.say("tents under $50").text


def test_one_variant_has_everything(shop: Shop) -> None:
    """Size, colour and stock are of one and the same variant."""
    reply = shop.say("women's boots in size 8 in stock")
    for variants in shop.variants(reply):
        assert any("US 8" in v.options.values() and v.stock > 0 for v in variants)


def test_not_leather(shop: Shop) -> None:
    """What is denied is looked up in the material."""
    reply = shop.say("boots that are not leather")
    for handle in _handles(reply):
        assert "eather" not in snapshot_fact(shop, handle)
        assert "uede" not in snapshot_fact(shop, handle)


def snapshot_fact(shop: Shop, handle: str) -> str:
    """The product's material."""
    return shop.snapshot.products[handle].words("en").facts.get("Material", "")


def test_nothing_fits_is_said_with_what_was_left_aside(shop: Shop) -> None:
    """The price limit is named, and the nearest shown."""
    reply = shop.say("tents under $50")
    assert "$50.00" in reply.text.split("\n")[0]
    assert reply.cards
    assert "价格" in Shop(shop.snapshot).say("50以下的帐篷").text.split("\n")[0]


def test_what_the_shop_does_not_have(shop: Shop) -> None:
    """It says so, and offers what there is."""
    reply = shop.say("do you sell kayaks?")
    assert not reply.cards
    assert "kayak" in reply.text
    assert reply.choices


def test_wishes_are_carried_and_dropped(shop: Shop) -> None:
    """Refinements add up over turns until they are dropped."""
    shop.say("show me rain jackets under 250")
    blue = shop.say("in blue instead")
    assert dict(shop.state.wishes)["price"] == "money:..250"
    assert dict(shop.state.wishes)["colours"] == "blue"
    assert blue.cards
    shop.say("forget the budget")
    assert "price" not in dict(shop.state.wishes)
    shop.say("what about tents?")
    assert dict(shop.state.wishes)["kinds"] == "tent"


def test_cheaper_ones_are_cheaper(shop: Shop) -> None:
    """Cheaper than the cheapest that was shown; where there is none, it says so and keeps no such limit."""
    before = shop.say("show me headlamps, the most expensive first")
    least = min(v.price for variants in shop.variants(before) for v in variants)
    after = shop.say("cheaper ones")
    cheaper = [min(v.price for v in variants) for variants in shop.variants(after)]
    assert all(price < least for price in cheaper) or "price" not in dict(shop.state.wishes)


def test_more_pages_through_everything_once(shop: Shop) -> None:
    """Each product comes once, and in the end it says that this was all."""
    seen = _handles(shop.say("show me tents"))
    while (page := shop.say("more")).cards:
        seen += _handles(page)
    assert len(seen) == len(set(seen))
    assert {"ridgeline-3-tent", "moth-bivy"} <= set(seen)


def test_every_choice_can_be_tapped(shop: Shop) -> None:
    """What is offered to tap is understood, and shows something."""
    for text in ("show me jackets", "有什么帐篷"):
        start = Shop(shop.snapshot)
        for choice in start.say(text).choices:
            tapped = Shop(shop.snapshot)
            tapped.say(text)
            assert tapped.say(choice).cards, choice


def test_a_foreign_currency_is_named(shop: Shop) -> None:
    """Euros are not converted, and it says so."""
    assert "USD" in shop.say("jackets under 200 euros").text


def test_too_wide_is_asked_once(shop: Shop) -> None:
    """A question back with choices; the second time it shows something."""
    first = shop.say("I want to buy something")
    assert first.action is Action.ASK
    assert first.choices
    assert shop.say("I want to buy something").cards


def test_private_words_reach_neither_search_nor_state(shop: Shop) -> None:
    """The search by meaning and the kept wishes know nothing of them."""
    shop.say("I'm pregnant and need a warm jacket")
    assert not any("pregnan" in query.text for query in shop.asked)
    assert "pregnan" not in repr(shop.state)


@pytest.mark.parametrize("text", ["能买帐篷吗", "这里能买到帐篷吗", "can I buy a tent"])
def test_whether_a_kind_can_be_bought_is_a_wish_for_it(text: str, shop: Shop) -> None:
    """Who asks whether tents can be bought is shown tents."""
    assert "tent" in " ".join(_handles(shop.say(text)))


@pytest.mark.parametrize(
    "text",
    [
        "do you ship tents to Canada",
        "can I return boots",
        "is there a discount code",
        "how do I choose a tent?",
        "帐篷怎么选",
    ],
)
def test_other_questions_are_left_alone(text: str, shop: Shop) -> None:
    """Policy and advice are for the knowledge."""
    assert shop.ask(text) is None


def test_recommends_for_the_page(snapshot: Known) -> None:
    """Something like what is looked at, saying so; never that itself."""
    reply = Shop(snapshot, Visit(product="larch-jacket")).say("what do you recommend?")
    assert snapshot.products["larch-jacket"].words("en").name in reply.text
    assert "larch-jacket" not in _handles(reply)
    assert all("Jackets" in snapshot.products[h].words("en").category for h in _handles(reply))


def test_recommends_what_goes_with_the_cart(snapshot: Known) -> None:
    """Made for what is in the cart, which may be told as a SKU; unknown ones are left out."""
    sku = snapshot.products["ridgeline-2-tent"].variants[0].sku
    reply = Shop(snapshot, Visit(cart=("nonsense", sku))).say("anything else I need?")
    assert "ridgeline-2-footprint" in _handles(reply)


def test_recommends_by_reviews_otherwise(snapshot: Known) -> None:
    """Without a visit, what buyers rated best, with their rating."""
    reply = Shop(snapshot).say("有什么推荐")
    assert len(reply.cards) == 3
    assert "星" in reply.text
    assert any(source.kind is Kind.REVIEW for source in reply.sources)
