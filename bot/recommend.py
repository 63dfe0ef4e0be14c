"""Products as cards. Pure: products in, cards out; which products were found is not known here."""

from collections.abc import Sequence

from bot.conversation import Card
from knowledge.passages import Product, money

CARDS = 3


def card(product: Product, lang: str) -> Card:
    """A product's card in `lang`: its lowest price ("from" where variants differ) and its stock over all variants."""
    cheapest = min(product.variants, key=lambda variant: variant.price)
    price = money(cheapest.price, cheapest.currency)
    if any(variant.price != cheapest.price for variant in product.variants):
        price = f"{price} 起" if lang == "zh" else f"from {price}"
    return Card(
        handle=product.handle,
        name=product.words(lang).name,
        price=price,
        stock=sum(variant.stock for variant in product.variants),
        url=product.url,
        image=product.image,
    )


def cards(products: Sequence[Product], lang: str) -> tuple[Card, ...]:
    """Cards of the first few products, each once, in their order."""
    unique = {product.handle: product for product in products}
    return tuple(card(product, lang) for product in list(unique.values())[:CARDS])
