"""Words for exact facts of one product: price, stock, choices, what the shop states. English and Chinese. Pure.

Each sentence says what a line of the product's passage says (`knowledge/render.py`), in a form that the check of an
answer reads the same way, and ends without full stop, so that its citation can stand before it (`cite`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.shopping.item import Item, is_colour
from knowledge.passages import UNCOUNTED, Variant, money

_PLURAL = re.compile(r"[a-z](?<!s)s$|(?:trousers|pants)$")
LISTED = 8
"""Up to so many variants are priced one by one where no option alone decides the price."""
_SINGULAR = re.compile(r"(?:lens|compass|canvas|gas|bus)$")


def cite(sentences: Iterable[str], n: int, lang: str) -> str:
    """The sentences as lines, each with its citation and full stop."""
    stop = "。" if lang == "zh" else "."
    return "\n".join(f"{sentence.rstrip('.。 ')} [{n}]{stop}" for sentence in sentences)


def plural(name: str) -> bool:
    """Whether an English name is of a thing in the plural, as `Trail Trousers` or `Tent Pegs, Set of 8`."""
    words = [word for word in re.findall(r"[A-Za-z][a-z'’-]*", name.split(",")[0].split(" for ")[0]) if len(word) > 2]
    last = words[-1].lower() if words else ""
    return bool(_PLURAL.search(last)) and not _SINGULAR.search(last)


def subject(item: Item, values: Mapping[str, Sequence[str]] | None = None) -> str:
    """The product with what is chosen of it: `the Larch Jacket in Ink, M`, `落叶松夹克（墨蓝 / M）`."""
    chosen = {name: [item.said(value) for value in own] for name, own in (values or {}).items()}
    if item.lang == "zh":
        return f"{item.name}（{' / '.join('、'.join(own) for own in chosen.values())}）" if chosen else item.name
    worn = [" or ".join(own) for name, own in chosen.items() if _worn(name)]
    rest = [" or ".join(own) for name, own in chosen.items() if not _worn(name)]
    name = f"the {item.name}" + (f" ({', '.join(rest)})" if rest else "")
    return f"{name} in {', '.join(worn)}" if worn else name


def _worn(option: str) -> bool:
    return is_colour(option) or option.strip().casefold() in ("size", "sizes")


def options_of(variant: Variant) -> dict[str, tuple[str, ...]]:
    """What is chosen with one variant."""
    return {name: (value,) for name, value in variant.options.items()}


def _verb(item: Item) -> str:
    return "are" if plural(item.name) else "is"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def yes(sentence: str, item: Item, *, asked: bool) -> str:
    """The sentence as the answer to a yes-or-no question, or standing by itself."""
    if not asked:
        return sentence if item.lang == "zh" else _upper(sentence)
    return f"有的，{sentence}" if item.lang == "zh" else f"Yes, {sentence}"


def no(sentence: str, item: Item, *, asked: bool) -> str:
    """The same for no."""
    if not asked:
        return sentence if item.lang == "zh" else _upper(sentence)
    return f"抱歉，{sentence}" if item.lang == "zh" else f"No, {sentence}"


# Price


def price(item: Item, values: Mapping[str, Sequence[str]], variants: Sequence[Variant]) -> list[str]:
    """What the variants cost; each price by what decides it where they differ."""
    if len({(v.price, v.compare_at) for v in variants}) == 1:
        return [_costs(item, values, _amount(variants[0], item.lang))]
    groups = _by_price(item, variants)
    listed = ("；" if item.lang == "zh" else "; ").join(
        f"{'、' if item.lang == 'zh' else ''}{g}".lstrip("、") for g in groups
    )
    every = len(variants) == len(item.product.variants)
    if len(groups) > 1 and not every:
        return [_costs(item, values, listed)]
    low, high = min(v.price for v in variants), max(v.price for v in variants)
    currency = variants[0].currency
    if low == high:
        return [_costs(item, values, listed)]
    if item.lang == "zh":
        span = f"{money(low, currency)} 至 {money(high, currency)}"
    else:
        span = f"from {money(low, currency)} to {money(high, currency)}"
    return [_costs(item, values, span), *([listed] if len(groups) > 1 else [])]


def _costs(item: Item, values: Mapping[str, Sequence[str]], amount: str) -> str:
    if item.lang == "zh":
        return f"{subject(item, values)}售价 {amount}"
    return _upper(f"{subject(item, values)} {'cost' if plural(item.name) else 'costs'} {amount}")


def _amount(variant: Variant, lang: str) -> str:
    now = money(variant.price, variant.currency)
    if not variant.compare_at:
        return now
    was = money(variant.compare_at, variant.currency)
    return f"{now}（特价，原价 {was}）" if lang == "zh" else f"{now} (on sale, was {was})"


def _by_price(item: Item, variants: Sequence[Variant]) -> list[str]:
    """Each price with the choices that have it, as `Fern Green, Ink $179.00`; empty when that would be too long."""
    comma = "、" if item.lang == "zh" else ", "
    for option in item.options:
        amounts: dict[str, set[str]] = {}
        for variant in variants:
            amounts.setdefault(variant.options.get(option, ""), set()).add(_amount(variant, item.lang))
        if all(own == {f"{item.said(value)}.00"} for value, own in amounts.items()):
            return []
        if all(len(own) == 1 for own in amounts.values()):
            return _grouped(((item.said(value), min(own)) for value, own in amounts.items()), comma)
    groups = _grouped(((item.choice(v), _amount(v, item.lang)) for v in variants), comma)
    return groups if len(variants) <= LISTED else []


def _grouped(pairs: Iterable[tuple[str, str]], comma: str) -> list[str]:
    of: dict[str, list[str]] = {}
    for choice, amount in pairs:
        of.setdefault(amount, []).append(choice)
    return [f"{comma.join(choices)} {amount}" for amount, choices in of.items()]


# Stock


def one_stock(item: Item, values: Mapping[str, Sequence[str]], variant: Variant, *, asked: bool) -> str:
    """Whether one variant is in stock, and how many."""
    who, zh = subject(item, values), item.lang == "zh"
    if not variant.stock:
        return no(f"{who}目前缺货" if zh else f"{who} {_verb(item)} out of stock", item, asked=asked)
    if variant.stock >= UNCOUNTED:
        return yes(f"{who}可以订购" if zh else f"{who} {_verb(item)} available", item, asked=asked)
    if zh:
        return yes(f"{who}有货，库存 {variant.stock} 件", item, asked=asked)
    return yes(f"{who} {_verb(item)} in stock ({variant.stock} left)", item, asked=asked)


def some_stock(
    item: Item, values: Mapping[str, Sequence[str]], variants: Sequence[Variant], *, asked: bool
) -> list[str]:
    """Whether any of several variants is in stock, then which."""
    who, zh = subject(item, values), item.lang == "zh"
    if not any(variant.stock for variant in variants):
        return [no(f"{who}目前缺货" if zh else f"{who} {_verb(item)} out of stock", item, asked=asked)]
    if any(variant.stock >= UNCOUNTED for variant in variants):
        lead = f"{who}可以订购" if zh else f"{who} {_verb(item)} available"
    else:
        lead = f"{who}有货" if zh else f"{who} {_verb(item)} in stock"
    return [yes(lead, item, asked=asked), *stock_lines(item, variants)]


def stock_lines(item: Item, variants: Sequence[Variant]) -> list[str]:
    """What is in stock, in the passage's own form: a line for each colour where there is more to choose."""
    options = item.options
    by = next((name for name in options if is_colour(name)), next(iter(options), ""))
    if len(options) == 1 or (len(variants) > 1 and len({v.options.get(by) for v in variants}) == len(variants)):
        return _flat(item, variants)
    lines = []
    for value in options.get(by, ()):
        own = [variant for variant in variants if variant.options.get(by) == value]
        if own:
            lines.append(f"{item.said(value)}{_colon(item)}{_listed(item, own, by)}")
    return lines


def _colon(item: Item) -> str:
    return "：" if item.lang == "zh" else ": "


def _flat(item: Item, variants: Sequence[Variant]) -> list[str]:
    comma = "、" if item.lang == "zh" else ", "
    return [f"{label}{_colon(item)}{comma.join(own)}" for label, own in _by_stock(item, variants, "") if any(own)]


def _listed(item: Item, variants: Sequence[Variant], by: str) -> str:
    zh = item.lang == "zh"
    parts = [
        f"{label if zh else label.lower()} {('、' if zh else ', ').join(own)}".strip()
        for label, own in _by_stock(item, variants, by)
    ]
    return ("；" if zh else "; ").join(parts)


def _by_stock(item: Item, variants: Sequence[Variant], without: str) -> list[tuple[str, list[str]]]:
    zh = item.lang == "zh"
    there, sold, gone = ("有货", "可订购", "缺货") if zh else ("In stock", "Available", "Out of stock")
    groups: dict[str, list[str]] = {there: [], sold: [], gone: []}
    for variant in variants:
        choice = " / ".join(item.said(v) for name, v in variant.options.items() if name != without)
        if variant.stock >= UNCOUNTED:
            groups[sold].append(choice)
        elif variant.stock:
            groups[there].append(f"{choice} ({variant.stock})" if choice else str(variant.stock))
        else:
            groups[gone].append(choice)
    return [(label, own) for label, own in groups.items() if own]


# Choices and facts


def comes_in(item: Item, option: str, *, asked: bool = False) -> str:
    """The values of an option, all of them."""
    values = [item.said(value) for value in item.options[option]]
    if item.lang == "zh":
        return yes(f"{item.name}的{item.label(option)}有：{'、'.join(values)}", item, asked=asked)
    verb = "come" if plural(item.name) else "comes"
    label = item.label(option)
    if _worn(option):
        return yes(f"the {item.name} {verb} in {', '.join(values)}", item, asked=asked)
    return yes(f"{label} of the {item.name}: {', '.join(values)}", item, asked=asked)


def not_in(item: Item, option: str, missing: Sequence[str], *, asked: bool) -> str:
    """That what was asked for is not among an option's values, and which these are."""
    if option not in item.options:
        return _one_version(item, missing[0], asked=asked)
    values = [item.said(value) for value in item.options[option]]
    said, label = missing[0], item.label(option)
    if item.lang == "zh":
        first = f"资料里没有写{said}这个选项"
        return f"{'抱歉，' if asked else ''}{first}；{item.name}的{label}有：{'、'.join(values)}"
    many = f"{label}s are" if len(values) > 1 else f"only {label} is"
    first = f"{said} is not listed for the {item.name}"
    return f"{'No, ' + first if asked else _upper(first)}; its {many} {', '.join(values)}"


def _one_version(item: Item, said: str, *, asked: bool) -> str:
    """That a colour is not stated of a product that has no choice of colours."""
    if item.lang == "zh":
        return f"{'抱歉，' if asked else ''}资料里没有写{item.name}有{said}，这款没有颜色可选"
    first = f"{said} is not listed for the {item.name}"
    return f"{'No, ' + first if asked else _upper(first)}; there is no choice of colours"


def fact(item: Item, label: str, named: str, *, agreed: bool = False) -> str:
    """What the shop states under a label; `named` is the label in the language of the answer."""
    if not label:
        value, named = f"{item.product.weight_g:,} g", "重量" if item.lang == "zh" else "Weight"
    else:
        value = item.words.facts[label].strip().rstrip(".。")
    if item.lang == "zh":
        return f"{'是的，' if agreed else ''}{item.name}的{named}：{value}"
    if named.casefold() == "weight":
        return _upper(f"the {item.name} {'weigh' if plural(item.name) else 'weighs'} {value}")
    return f"{'Yes. ' if agreed else ''}{named} of the {item.name}: {value}"
