"""A product as passages: lines that can each be quoted alone, since an answer may be made of them without any model.

Each line answers one natural question: what it is, what it costs, which colours and sizes there are, what is in stock,
what it weighs, is made of, how long its warranty is; then a line a variant, with its SKU. Pure. Labels are in English
or Chinese; other languages get the shop's own words with English labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from knowledge.passages import UNCOUNTED, Kind, Passage, Product, Variant, Wording, money
from knowledge.split import LIMIT, Count, approximate, pieces, sentences

FEW = 8
"""Up to so many variants each has a line with its SKU, and the stock stands in the product's first passage."""

_COLOURS = frozenset({"colour", "color", "颜色"})
_WEIGHTS = frozenset({"weight", "item weight", "重量"})


@dataclass(frozen=True, slots=True)
class _Labels:
    """A language's words and marks for what a shop's data do not say in words."""

    by: str
    price: str
    span: str
    was: str
    before: str
    reduced: str
    in_stock: str
    sold: str
    out_of_stock: str
    count: str
    some_in_stock: str
    category: str
    weight: str
    colon: str
    comma: str
    semicolon: str
    stop: str


_EN = _Labels(
    by="{name} by {brand}",
    price="Price",
    span="from {low} to {high}",
    was="{now} (on sale, was {was})",
    before="{now} (was {was})",
    reduced="On sale",
    in_stock="In stock",
    sold="Available",
    out_of_stock="Out of stock",
    count="{count} in stock",
    some_in_stock="{good} of {all} variants are in stock",
    category="Category",
    weight="Weight",
    colon=": ",
    comma=", ",
    semicolon="; ",
    stop=".",
)
_ZH = _Labels(
    by="{name}（品牌：{brand}）",
    price="价格",
    span="{low} 至 {high}",
    was="{now}（特价，原价 {was}）",
    before="{now}（原价 {was}）",
    reduced="特价",
    in_stock="有货",
    sold="可订购",
    out_of_stock="缺货",
    count="库存 {count} 件",
    some_in_stock="{all} 款中有 {good} 款有货",
    category="类别",
    weight="重量",
    colon="：",
    comma="、",
    semicolon="；",
    stop="。",
)


@dataclass(frozen=True, slots=True)
class _View:
    """A product in one language."""

    product: Product
    lang: str
    words: Wording
    labels: _Labels

    def choice(self, variant: Variant, without: str = "") -> str:
        """What a shopper chooses with this variant, as `L / Green`; empty when there is nothing to choose."""
        values = (value for name, value in variant.options.items() if name != without)
        return " / ".join(self.words.options.get(value, value) for value in values)

    def line(self, label: str, value: str) -> str:
        """A line that ends like a sentence."""
        text = f"{label}{self.labels.colon}{value}" if label else value
        return text if text.endswith((".", "!", "?", "。", "！", "？")) else f"{text}{self.labels.stop}"


def passages(product: Product, lang: str, count: Count = approximate, limit: int = LIMIT) -> tuple[Passage, ...]:
    """The product in one language: one passage if it fits, else its variants apart and the rest cut to size."""
    view = _View(product, lang, product.words(lang), _ZH if lang == "zh" else _EN)
    about, variants = list(_about(view)), list(_variants(view))
    whole = "\n".join(about + variants)
    if count(whole) <= limit:
        return (_passage(view, "", whole),)
    return (*_pieces(view, "", about, count, limit), *_pieces(view, "/variants", variants, count, limit))


def _pieces(view: _View, suffix: str, lines: Sequence[str], count: Count, limit: int) -> Iterator[Passage]:
    for number, text in enumerate(pieces("\n".join(lines), count, limit), start=1):
        yield _passage(view, suffix + (f"/{number}" if number > 1 else ""), text)


def _passage(view: _View, suffix: str, text: str) -> Passage:
    entry = f"product:{view.product.handle}"
    return Passage(
        id=f"{entry}:{view.lang}{suffix}",
        entry=entry,
        kind=Kind.PRODUCT,
        lang=view.lang,
        title=view.words.name,
        text=text,
        origin=view.product.origin,
        url=view.product.url,
        product=view.product.handle,
    )


def _about(view: _View) -> Iterator[str]:
    """What it is, price, choices, stock, facts, and the rest of the description last."""
    labels, words, product = view.labels, view.words, view.product
    first, *rest = list(sentences(words.description)) or [""]
    name = labels.by.format(name=words.name, brand=product.brand) if product.brand else words.name
    yield view.line(name, first.strip()) if first.strip() else view.line("", name)
    yield from _prices(view)
    yield from _choices(view)
    if len(product.variants) <= FEW:
        yield from _stock(view)
    else:
        good = sum(variant.stock > 0 for variant in product.variants)
        yield view.line("", labels.some_in_stock.format(good=good, all=len(product.variants)))
    if product.weight_g and not any(label.lower() in _WEIGHTS for label in words.facts):
        yield view.line(labels.weight, f"{product.weight_g:,} g")
    for label, value in words.facts.items():
        yield view.line(label, value)
    if words.category:
        yield view.line(labels.category, words.category)
    yield from "".join(rest).strip().split("\n") if rest else ()


def _variants(view: _View) -> Iterator[str]:
    """Lines that get a passage of their own when there is not room for all."""
    variants = view.product.variants
    if len(variants) > FEW:
        yield from _prices_by_option(view)
        yield from _stock(view)
    else:
        for variant in variants:
            if variant.sku:
                parts = [view.choice(variant), money(variant.price, variant.currency), _count(view, variant)]
                yield view.line(variant.sku, view.labels.comma.join(filter(None, parts)))


def _count(view: _View, variant: Variant) -> str:
    if variant.stock >= UNCOUNTED:
        return view.labels.sold.lower()
    return view.labels.count.format(count=variant.stock) if variant.stock else view.labels.out_of_stock.lower()


def _prices(view: _View) -> Iterator[str]:
    labels, variants = view.labels, view.product.variants
    if not variants:
        return
    low, high = min(variants, key=_price), max(variants, key=_price)
    text, top = money(low.price, low.currency), money(high.price, high.currency)
    was = {variant.compare_at for variant in variants}
    if text != top:
        yield view.line(labels.price, labels.span.format(low=text, high=top))
    elif len(was) == 1 and low.compare_at:
        yield view.line(labels.price, labels.was.format(now=text, was=money(low.compare_at, low.currency)))
        return
    else:
        yield view.line(labels.price, text)
    reduced = [variant for variant in variants if variant.compare_at]
    if 0 < len(reduced) <= FEW:
        yield view.line(labels.reduced, labels.semicolon.join(_reduced(view, variant) for variant in reduced))


def _reduced(view: _View, variant: Variant) -> str:
    now, was = money(variant.price, variant.currency), money(variant.compare_at or variant.price, variant.currency)
    return f"{view.choice(variant)} {view.labels.before.format(now=now, was=was)}".strip()


def _price(variant: Variant) -> Decimal:
    return variant.price


def _choices(view: _View) -> Iterator[str]:
    """A line an option, as `Sizes: S, M, L.`"""
    for name, values in _options(view.product.variants).items():
        label = view.words.options.get(name, name)
        listed = (view.words.options.get(value, value) for value in values)
        yield view.line(label if view.lang == "zh" else _plural(label), view.labels.comma.join(listed))


def _options(variants: Sequence[Variant]) -> Mapping[str, Mapping[str, None]]:
    """Option → its values, both in the order of the variants."""
    found: dict[str, dict[str, None]] = {}
    for variant in variants:
        for name, value in variant.options.items():
            found.setdefault(name, {})[value] = None
    return found


def _plural(label: str) -> str:
    """An English option's name for several values: `Size` is `Sizes`, `Capacity` is `Capacities`."""
    if label.endswith("y") and label[-2:-1] not in "aeiou":
        return f"{label[:-1]}ies"
    return label if label.endswith("s") else f"{label}s"


def _prices_by_option(view: _View) -> Iterator[str]:
    """Which choice costs what, when one option alone decides it: `Price: M, L $129.00; XL $139.00.`"""
    variants = view.product.variants
    if len({variant.price for variant in variants}) < 2:
        return
    for name in _options(variants):
        price_of: dict[str, set[str]] = {}
        for variant in variants:
            price_of.setdefault(variant.options.get(name, ""), set()).add(money(variant.price, variant.currency))
        if all(len(prices) == 1 for prices in price_of.values()):
            yield view.line(
                view.labels.price, _by_price(view, {value: prices.pop() for value, prices in price_of.items()})
            )
            return


def _by_price(view: _View, price_of: Mapping[str, str]) -> str:
    values: dict[str, list[str]] = {}
    for value, price in price_of.items():
        values.setdefault(price, []).append(view.words.options.get(value, value))
    return view.labels.semicolon.join(f"{view.labels.comma.join(found)} {price}" for price, found in values.items())


def _stock(view: _View) -> Iterator[str]:
    """What is in stock: one line, or with several options a line for each colour (else each value of the first)."""
    variants, options = view.product.variants, _options(view.product.variants)
    if len(options) < 2:
        parts = (
            view.line(label, listed) if listed else view.line("", label) for label, listed in _by_stock(view, variants)
        )
        yield ("" if view.lang == "zh" else " ").join(parts)
        return
    by = next((name for name in options if name.lower() in _COLOURS), next(iter(options)))
    for value in options[by]:
        group = [variant for variant in variants if variant.options.get(by) == value]
        parts = (f"{label.lower()} {listed}".strip() for label, listed in _by_stock(view, group, by))
        yield view.line(view.words.options.get(value, value), view.labels.semicolon.join(parts))


def _by_stock(view: _View, variants: Sequence[Variant], by: str = "") -> list[tuple[str, str]]:
    """`In stock`, `Available` and `Out of stock` with the choices they hold for: `("In stock", "S (2), M (5)")`."""
    labels = view.labels
    groups: dict[str, list[str]] = {labels.in_stock: [], labels.sold: [], labels.out_of_stock: []}
    for variant in variants:
        choice = view.choice(variant, without=by)
        if variant.stock >= UNCOUNTED:
            groups[labels.sold].append(choice)
        elif variant.stock:
            groups[labels.in_stock].append(f"{choice} ({variant.stock})" if choice else str(variant.stock))
        else:
            groups[labels.out_of_stock].append(choice)
    return [(label, labels.comma.join(filter(None, found))) for label, found in groups.items() if found]
