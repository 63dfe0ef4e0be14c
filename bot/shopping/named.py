"""Whether a message names one product of the shop, by its name or code. Whose answer that is, is decided elsewhere."""

from collections.abc import Mapping

from bot.shopping.vocabulary import Vocabulary
from bot.shopping.wording import key, singular, tokens
from knowledge.passages import Product


def names_product(text: str, products: Mapping[str, Product], words: Vocabulary) -> bool:
    """Whether a whole product name, a SKU, or a word that only names of products have, stands in a `readable` text."""
    run = f" {key(text)} "
    if any(
        f" {key(w.name)} " in run or (w.name >= "\u3400" and key(w.name) in run)
        for p in products.values()
        for w in p.wording.values()
    ):
        return True
    said = {token.text for token in tokens(text)}
    if any(v.sku and v.sku.lower() in text for p in products.values() for v in p.variants):
        return True
    return any(words.is_own_name(singular(word)) for word in said)
