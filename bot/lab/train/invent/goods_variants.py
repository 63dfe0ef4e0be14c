"""How an invented shop prices and numbers what it sells: its habits, and the variants of a product."""

import itertools
import random
from dataclasses import dataclass
from decimal import Decimal

from bot.lab.train.invent.goods import GoodsKind, values_of
from bot.lab.train.invent.shop import Shop
from knowledge.passages import UNCOUNTED, Variant, money

_CURRENCIES = {
    "the United States": ("USD", 1.0),
    "the United Kingdom": ("GBP", 0.9),
    "Sweden": ("SEK", 10),
    "Denmark": ("DKK", 7),
    "Switzerland": ("CHF", 1.0),
    "Canada": ("CAD", 1.4),
    "Australia": ("AUD", 1.5),
    "New Zealand": ("NZD", 1.6),
    "Japan": ("JPY", 150),
    "Singapore": ("SGD", 1.4),
    "India": ("INR", 80),
    "South Africa": ("ZAR", 18),
    "Poland": ("PLN", 4),
    "Norway": ("NOK", 11),
    "Brazil": ("BRL", 5),
    "Mexico": ("MXN", 18),
}


@dataclass(frozen=True, slots=True)
class Style:
    """A shop's habits: how it writes facts, money and SKUs."""

    shop: Shop
    currency: str
    rate: float
    own_money: bool
    capitals: bool
    prose: bool
    grams: bool
    sku: str
    colour: str

    def cents(self, rng: random.Random, price: float) -> int:
        """A price in small change, with an ending that shops like."""
        whole = max(1, round(price * self.rate))
        if self.currency == "JPY":
            return max(100, whole // 10 * 10) * 100
        whole = whole if whole < 200 else whole // 5 * 5
        return whole * 100 - rng.choice((0, 0, 1, 5, 10, 50))

    def money(self, cents: int) -> str:
        """As it stands in the pieces."""
        return self.shop.money(cents) if self.own_money else money(Decimal(cents) / 100, self.currency)


def style(rng: random.Random, shop: Shop) -> Style:
    """The habits of one shop."""
    currency, rate = _CURRENCIES.get(shop.country, ("EUR", 1.0))
    return Style(
        shop=shop,
        currency=currency,
        rate=rate,
        own_money=rng.random() < 0.3,
        capitals=rng.random() < 0.5,
        prose=rng.random() < 0.2,
        grams=rng.random() < 0.5,
        sku=rng.choice(("{p}-{n}", "{p}{n}", "{n}.{p}", "{p}/{n}", "{n}")),
        colour="Color" if currency == "USD" else "Colour",
    )


def variants(rng: random.Random, style: Style, kind: GoodsKind) -> tuple[Variant, ...]:
    """All choices with prices and stock; a price goes by the last option or is the same for all."""
    options = {option: _some(rng, values_of(spec)) for option, spec in kind.options.items()}
    if len(options) > 1 and rng.random() < 0.35:
        options.pop(rng.choice(list(options)))
    base, step = rng.uniform(*kind.price), rng.choice((0.0, 0.0, 0.12, 0.25))
    by = list(options)[-1] if options and step and "olour" not in list(options)[-1] else ""
    reduced = 1 - rng.choice((0.1, 0.15, 0.2, 0.3)) if rng.random() < 0.25 else 0.0
    rows = list(itertools.islice(itertools.product(*options.values()), 12))
    reduced = 0.0 if by and len(rows) > 4 else reduced
    counted, prefix = rng.random() > 0.12, "".join(rng.sample("ABCDEFGHKLMNPRSTVWX", 3))
    found, number = [], rng.randint(100, 8999)
    names = [style.colour if option == "Colour" else option for option in options]
    prices: dict[int, tuple[int, int]] = {}
    for row in rows:
        place = options[by].index(row[list(options).index(by)]) if by else 0
        if place not in prices:
            full = style.cents(rng, base * (1 + step * place))
            prices[place] = (style.cents(rng, full * reduced / 100 / style.rate) if reduced else full, full)
        now, full = prices[place]
        now = min(now, full)
        number += rng.randint(1, 7)
        found.append(
            Variant(
                sku=style.sku.format(p=prefix, n=number) if style.sku != "{n}" else f"{number + 10000}",
                price=Decimal(now) / 100,
                currency=style.currency,
                stock=_stock(rng) if counted else UNCOUNTED,
                options=dict(zip(names, row, strict=True)),
                compare_at=Decimal(full) / 100 if full > now else None,
            )
        )
    return tuple(found)


def _some(rng: random.Random, values: tuple[str, ...]) -> list[str]:
    count = min(len(values), rng.choice((2, 3, 3, 4, 5)))
    chosen = set(rng.sample(values, count))
    return [value for value in values if value in chosen]


def _stock(rng: random.Random) -> int:
    return 0 if rng.random() < 0.3 else rng.choice((rng.randint(1, 9), rng.randint(1, 40)))
