"""Questions on price, stock, size, delivery and policy with what a right answer must say. Pure; random by seed.

Questions on products are made from the catalogue, in many wordings, with the figures of its variants. Those on
delivery join wordings, countries and cities with the figures of the shop's delivery table (`gold/delivery.json`); those
on policy are written by hand (`gold/policies.jsonl`). None stands among the shop's example questions: one that does is
left out.
"""

import json
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from knowledge.passages import Product, Variant, Wording

GOLD = Path(__file__).resolve().parent.parent / "gold"
SIZES = ("Size", "Length", "Capacity")

Check = Callable[[str], bool]

_NO = {
    "en": r"\bno\b|\bnot\b|n't\b|out of stock|sold out|unavailable|\bnone\b",
    "zh": r"没有|沒有|不|无货|缺货|售罄|售完|卖完|无",
}
_IN_STOCK = {"en": r"in stock|\bavailable\b|\byes\b|\bleft\b", "zh": r"有货|现货|有，|有。|还有|库存|有的"}
_ASKED: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "price": ("How much is the {name}?", "what does the {name} cost", "price of the {name}?", "{name} how much",
                  "hi, could you tell me what the {name} sells for?", "is the {name} expensive? what's its price"),
        "variant price": ("How much is the {name} in {options}?", "what do you charge for the {name}, {options}",
                          "I'd like the {name} in {options}, what does it cost?"),
        "stock": (
            "Is the {name} in {options} in stock?",
            "do you have the {name} in {options}?",
            "{name} {options} available?",
            "can I get the {name} in {options} right now",
            "have you got any {name} in {options} left?",
            "any {name} left in {options}?",
        ),
        "sizes": ("Which sizes does the {name} come in?", "what sizes do you have of the {name}", "{name} sizes?",
                  "how is the {name} sized? list the sizes please"),
        "size": (
            "Does the {name} come in {size}?",
            "is there a {size} in the {name}",
            "do you make the {name} in {size}",
            "I need size {size}, does the {name} have that?",
        ),
    },
    "zh": {
        "price": ("{name}多少钱？", "{name}的价格是多少", "请问{name}卖多少钱", "{name} 价格",
                  "想买{name}，要多少钱？", "{name}现在什么价"),
        "variant price": ("{name} {options} 多少钱？", "{options}的{name}什么价格", "我想要{name}，{options}，多少钱"),
        "stock": (
            "{name} {options} 有货吗？",
            "{options}的{name}还有吗",
            "{name} {options} 现在能买到吗",
            "请问{name}{options}有没有现货",
            "{name}，{options}，还有库存吗",
            "我想买{options}的{name}，有货吗？",
        ),
        "sizes": ("{name}有哪些尺码？", "{name}都有什么尺码", "{name}的尺码有哪些",
                  "你们的{name}有几个尺码？分别是什么"),
        "size": ("{name}有{size}码吗？", "{name}有没有{size}", "请问{name}出{size}吗", "我穿{size}，{name}有这个码吗"),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the test of an answer's text."""

    kind: str
    lang: str
    text: str
    right: Check


def plain(text: str) -> str:
    """NFKC, lower case, dashes alike, citations and white space between digits and Han characters gone."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"\s*\[\d+\]", "", text).replace("-", "–")
    return re.sub(r"(?<=[\d\u3400-\u9fff])\s+(?=[\d\u3400-\u9fff°])", "", text)


def questions(products: Sequence[Product], known: Sequence[str], lang: str, seed: int, each: int) -> list[Asked]:
    """All questions of a language.

    Args:
        products: The catalogue of now.
        known: The shop's example questions; the same question is not asked.
        lang: `en` or `zh`.
        seed: Which products, variants and wordings.
        each: Questions of each kind on products.
    """
    chance = random.Random(f"{seed} {lang}")
    made = [*_on_products(products, lang, chance, each), *_on_delivery(lang, chance), *_on_policies(lang)]
    seen = {plain(text).strip("?？。 ") for text in known}
    return [asked for asked in made if plain(asked.text).strip("?？。 ") not in seen]


def _on_products(products: Sequence[Product], lang: str, chance: random.Random, each: int) -> Iterator[Asked]:
    makers = (_price, _variant_price, _stock, _sizes, _size)
    for make in makers:
        found = [asked for product in products if (asked := make(product, lang, chance))]
        yield from chance.sample(found, min(each, len(found)))


def _wording(kind: str, lang: str, chance: random.Random, **values: str) -> str:
    text = chance.choice(_ASKED[lang][kind]).format(**values)
    for value in values.values():  # nobody runs one English word into the next
        text = re.sub(rf"(?<=[A-Za-z\d])(?={re.escape(value)}(?![A-Za-z]))(?=[A-Za-z\d])", " ", text)
    return text


def _amounts(text: str) -> set[Decimal]:
    found = re.findall(r"[$€£¥]\s?(\d[\d,]*(?:\.\d+)?)", plain(text))
    return {Decimal(amount.replace(",", "")) for amount in found}


def _priced(variants: Sequence[Variant], least: Variant) -> Check:
    """The lowest price is said, and no figure that is none of theirs."""
    allowed = {variant.price for variant in variants} | {v.compare_at for v in variants if v.compare_at}
    return lambda text: least.price in _amounts(text) and _amounts(text) <= allowed


def _price(product: Product, lang: str, chance: random.Random) -> Asked:
    least = min(product.variants, key=lambda variant: variant.price)
    text = _wording("price", lang, chance, name=product.words(lang).name)
    return Asked("price", lang, text, _priced(product.variants, least))


def _variant_price(product: Product, lang: str, chance: random.Random) -> Asked | None:
    if len({variant.price for variant in product.variants}) < 2:
        return None
    variant = chance.choice(product.variants)
    text = _wording(
        "variant price", lang, chance, name=product.words(lang).name, options=_options(product, variant, lang)
    )
    return Asked("price", lang, text, _priced((variant,), variant))


def _said(words: Wording, value: str) -> str:
    return words.options.get(value, value)


def _options(product: Product, variant: Variant, lang: str) -> str:
    values = [_said(product.words(lang), value) for value in variant.options.values()]
    return " ".join(values) if lang == "zh" else ", ".join(values)


def _stock(product: Product, lang: str, chance: random.Random) -> Asked | None:
    if len(product.variants) < 2:
        return None
    out = [variant for variant in product.variants if variant.stock == 0]
    variant = chance.choice(out if out and chance.random() < 0.5 else product.variants)
    text = _wording("stock", lang, chance, name=product.words(lang).name, options=_options(product, variant, lang))
    return Asked("stock", lang, text, _in_stock(lang, variant.stock) if variant.stock else negative(lang))


def _first(text: str) -> str:
    """The first sentence or line, which is where a yes or no stands."""
    return re.split(r"(?<=[a-z)\]])\.\s|[。！!\n;；]", plain(text).strip(), maxsplit=1)[0]


def _in_stock(lang: str, stock: int) -> Check:
    """It is said to be there, and a count of pieces, if one is said, is the count."""

    def right(text: str) -> bool:
        first = _first(text)
        counts = re.findall(r"(\d+)\s*(?:left|in stock|pieces|available)|(?:库存|还有|剩|现货)\D{0,6}?(\d+)", first)
        fits = all(int(a or b) == stock for a, b in counts)
        return bool(re.search(_IN_STOCK[lang], first)) and not re.search(_NO[lang], first) and fits

    return right


def negative(lang: str) -> Check:
    """The first sentence says no."""
    return lambda text: bool(re.search(_NO[lang], _first(text)))


def positive(lang: str) -> Check:
    """The first sentence does not say no."""
    return lambda text: not re.search(_NO[lang], _first(text))


def _values(product: Product) -> tuple[str, list[str]]:
    """Name and values of the option that says how big it is; empty where there is none."""
    for name in SIZES:
        values = list(dict.fromkeys(v.options[name] for v in product.variants if name in v.options))
        if len(values) > 1 and name == "Size":
            return name, values
    return "", []


def _sizes(product: Product, lang: str, chance: random.Random) -> Asked | None:
    _, values = _values(product)
    if not values:
        return None
    wanted = [plain(_said(product.words(lang), value)) for value in values]
    text = _wording("sizes", lang, chance, name=product.words(lang).name)
    return Asked("size", lang, text, lambda said: all(_word(value, plain(said)) for value in wanted))


def _word(value: str, text: str) -> bool:
    return bool(re.search(rf"(?<![a-z\d]){re.escape(value)}(?![a-z\d])", text))


def _size(product: Product, lang: str, chance: random.Random) -> Asked | None:
    name, values = _values(product)
    if not values:
        return None
    others = [size for size in ("XS", "XXL", "3XL", "S", "XL") if size not in values and values[0].isalpha()]
    if others and chance.random() < 0.5:
        size, right = others[0], negative(lang)
    else:
        there = [v.options[name] for v in product.variants if v.stock and name in v.options]
        if not there:
            return None
        size, right = chance.choice(there), positive(lang)
    said = _said(product.words(lang), size)
    return Asked("size", lang, _wording("size", lang, chance, name=product.words(lang).name, size=said), right)


def _on_delivery(lang: str, chance: random.Random) -> Iterator[Asked]:
    table = json.loads((GOLD / "delivery.json").read_text("utf-8"))[lang]
    for zone in table["zones"]:
        for place in zone["places"]:
            for kind in chance.sample(sorted(zone["needs"]), min(2, len(zone["needs"]))):
                text = chance.choice(table["asked"][kind]).format(place=place)
                yield Asked("delivery", lang, text, _needs([zone["needs"][kind]]))


def _on_policies(lang: str) -> Iterator[Asked]:
    for line in (GOLD / "policies.jsonl").read_text("utf-8").splitlines():
        fact: Mapping[str, Mapping[str, list[str]]] = json.loads(line)
        for text in fact[lang]:
            yield Asked("policy", lang, text, _needs(fact["need"][lang]))


def _needs(wanted: Sequence[str]) -> Check:
    """Each of `wanted` is said; `|` parts different ways to say the same."""
    ways = [[plain(way) for way in one.split("|")] for one in wanted]
    return lambda text: all(any(way in plain(text) for way in some) for some in ways)
