"""Whether the rules judge promotions rightly: the sample shop's codes on a grid of carts and days.

The grid holds each code, days around each start and end, and carts drawn from the shop's products, alone and together.
What is right is said by a slow reading of the six codes' terms written apart from the rules: by product handles and
cents, with the goods of each code told by name and category as a person would sort them.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from bot.lab.evaluate.section import Ground, Row, Section
from bot.lab.samples import active
from bot.promotions.rules import Finding, Line, Order, judge, together
from bot.promotions.scope import Fit, Vocabulary
from knowledge.passages import Product, Promotion

SEED = 20261122
CARTS = 400
QUICK = 40
PAIRS = 4


def measure(ground: Ground) -> Section:
    """Compare rules and oracle on the grid."""
    snapshot = active(ground.settings)
    codes, products = snapshot.promotions, list(snapshot.products.values())
    vocabulary = Vocabulary.of(products)
    right = asked = 0
    wrong: list[dict[str, str]] = []
    for order in _orders(codes, products, QUICK if ground.quick else CARTS):
        for promotion in codes:
            finding = judge(promotion, order, vocabulary)
            asked += 1
            if _agrees(finding, _expected(promotion, order)):
                right += 1
            elif len(wrong) < 20:
                wrong.append(_told(finding, order))
    pairs = _pairs(codes, products, vocabulary)
    figures = {"right": right, "of": asked, "wrong": wrong, "pairs": {"right": pairs[0], "of": pairs[1]}, "seed": SEED}
    share = f"{right / asked:.2%} ({right} of {asked})"
    rows = (Row("rule cases right", share, aim="100 %"), Row("pairs of codes right", f"{pairs[0]} of {pairs[1]}"))
    return Section(figures, rows)


def _orders(codes: Sequence[Promotion], products: Sequence[Product], count: int) -> Iterator[Order]:
    """Carts of one to four lines on days at and beside the codes' first and last days."""
    chance = random.Random(SEED)
    ends = [day for p in codes for day in (p.starts, p.ends) if day]
    days = sorted({day + timedelta(days=n) for day in ends for n in (-1, 0, 1)})
    special = [p for p in products if p.words("en").category in ("Tents", "Gift Cards", "Sandals", "Insulated Jackets")]
    for _ in range(count):
        chosen = [chance.choice(special if chance.random() < 0.5 else products) for _ in range(chance.randint(1, 4))]
        lines = tuple(Line(p, chance.choice(p.variants), chance.randint(1, 2)) for p in chosen)
        yield Order(lines, chance.choice(days), chance.choice([None, True, False]))


def _expected(promotion: Promotion, order: Order) -> tuple[str, int]:
    """`yes`, `no` or `depends`, and the cents that come off; by the terms of the code, one after another."""
    code = promotion.code
    if (promotion.starts is not None and order.day < promotion.starts) or order.day > promotion.ends:
        return "no", 0
    cents = [int(line.variant.price * 100) * line.pieces for line in order.lines]
    if sum(cents) < int(promotion.min_order * 100):
        return "no", 0
    if code == "WELCOME10" and order.first is False:
        return "no", 0
    if code == "FREESHIP":
        return "depends", 0
    sorts = [_sort(code, line) for line in order.lines]
    meant = sum(c for c, sort in zip(cents, sorts, strict=True) if sort == "yes")
    if "yes" not in sorts:
        return ("depends" if "depends" in sorts else "no"), 0
    if meant < int(promotion.min_order * 100):
        return "depends", 0
    off = int(promotion.value * 100) if code == "TRAIL20" else _percent(meant, int(promotion.value))
    return ("depends" if code == "WELCOME10" and order.first is None else "yes"), min(off, meant)


def _percent(cents: int, percent: int) -> int:
    """Rounded half up."""
    return (cents * percent * 2 + 100) // 200


def _sort(code: str, line: Line) -> str:
    """Whether a line is what a code is for, as a person reads the code's words."""
    words = line.product.words("en")
    match code:
        case "WELCOME10":
            return "no" if (line.variant.compare_at or Decimal(0)) > line.variant.price else "yes"
        case "TRAIL20":
            return "no" if words.category == "Gift Cards" else "yes"
        case "TENTS15":
            return (
                "yes"
                if line.product.brand == "Fernway" and words.category == "Tents"
                else _by_name(line, "Tent", "Fernway")
            )
        case "WINTER25":
            if line.product.brand != "Nordlys":
                return "no"
            jackets, named = words.category.endswith("Jackets"), words.name.split(",")[0].endswith("Jacket")
            return "yes" if jackets and named else "depends" if jackets or named else "no"
        case "SUMMER30":
            return "yes" if words.category == "Sandals" else _by_name(line, "Sandal", "")
        case _:
            return "depends"


def _by_name(line: Line, noun: str, brand: str) -> str:
    """By its name alone it may be meant: it depends."""
    named = line.product.words("en").name.split(",")[0].endswith((noun, f"{noun}s"))
    return "depends" if named and brand in ("", line.product.brand) else "no"


def _agrees(finding: Finding, expected: tuple[str, int]) -> bool:
    names: Mapping[Fit, str] = {Fit.YES: "yes", Fit.NO: "no", Fit.UNCLEAR: "depends"}
    return (names[finding.fit], int(finding.saving * 100)) == expected


def _told(finding: Finding, order: Order) -> dict[str, str]:
    cart = ", ".join(f"{line.pieces} {line.product.handle}" for line in order.lines)
    return {
        "code": finding.promotion.code,
        "day": str(order.day),
        "cart": cart,
        "got": f"{finding.fit.name} {finding.saving}",
    }


def _pairs(codes: Sequence[Promotion], products: Sequence[Product], vocabulary: Vocabulary) -> tuple[int, int]:
    """Every two codes on some carts: none of the sample shop's may be combined, so nothing comes off either way."""
    right = asked = 0
    for order in _orders(codes, products, PAIRS):
        for one in codes:
            for other in codes:
                if one.code == other.code:
                    continue
                joint, back = together([one, other], order, vocabulary), together([other, one], order, vocabulary)
                asked += 1
                right += joint == back and joint.fit is Fit.NO and joint.saving == 0
    return right, asked
