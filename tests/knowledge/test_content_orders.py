"""The sample shop's orders, checked with the standard readers alone against the shop's facts."""

import csv
import json
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from knowledge import passages

CONTENT = Path(passages.__file__).parent / "content"
Row = dict[str, str]

STATES = {
    *("placed", "paid", "packed", "shipped", "delivered", "cancelled"),
    *("return_requested", "returned", "refunded", "lost", "on_hold"),
}
SALE_BEGAN = date(2026, 9, 15)
HOLIDAYS = {date(2026, 7, 3), date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26)}


@dataclass(frozen=True)
class Rate:
    """What shipping to a zone costs in US dollars, and the business days that it takes."""

    standard: str
    free_from: str
    express: str
    standard_days: tuple[int, int]
    express_days: tuple[int, int]


UNITED_STATES = Rate("5.95", "75", "14.95", (3, 5), (1, 2))
CANADA = Rate("12.95", "150", "24.95", (6, 9), (3, 4))
EUROPE = Rate("18.95", "200", "34.95", (7, 12), (4, 6))
OCEANIA = Rate("22.95", "250", "39.95", (9, 14), (5, 7))
ASIA = Rate("19.95", "200", "36.95", (8, 12), (4, 6))
RATES = {
    "US": UNITED_STATES,
    "CA": CANADA,
    **dict.fromkeys(("GB", "IE", "DE", "FR", "ES", "NL"), EUROPE),
    **dict.fromkeys(("AU", "NZ"), OCEANIA),
    **dict.fromkeys(("CN", "HK", "JP", "SG"), ASIA),
}
# code → first day, last day, minimum
CODES = {
    "WELCOME10": (date.min, date(2027, 12, 31), 50),
    "TRAIL20": (date(2026, 10, 15), date(2026, 12, 15), 120),
    "TENTS15": (date(2026, 11, 1), date(2026, 11, 30), 0),
    "FREESHIP": (date.min, date(2027, 6, 30), 40),
    "WINTER25": (date(2026, 12, 1), date(2027, 1, 15), 0),
    "SUMMER30": (date.min, date(2026, 8, 31), 0),
}


@cache
def variants() -> dict[str, Row]:
    """SKU → its row."""
    with (CONTENT / "products.csv").open(encoding="utf-8", newline="") as file:
        return {row["Variant SKU"]: row for row in csv.DictReader(file, strict=True)}


@cache
def orders() -> list[dict[str, Any]]:
    """The sample orders, amounts as `Decimal`."""
    lines = (CONTENT / "orders.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line, parse_float=Decimal) for line in lines]


@cache
def products() -> dict[str, Row]:
    """Handle → the product's first row."""
    return {row["Handle"]: row for row in variants().values() if row["Title"]}


def product_of(sku: str) -> Row:
    """The product that a SKU belongs to."""
    return products()[variants()[sku]["Handle"]]


def tags_of(product: Row) -> list[str]:
    """A product's tags."""
    return product["Tags"].split(", ")


def cents(amount: Decimal) -> Decimal:
    """Rounded to cents, halves up."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def works(day: date) -> bool:
    """Whether parcels go out on that day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def after(day: date, business_days: int) -> date:
    """The day that many business days later."""
    while business_days:
        day += timedelta(days=1)
        business_days -= works(day)
    return day


def test_orders_have_numbers_of_their_own_and_cover_every_state() -> None:
    """There are thirty or more, numbers are unique, `FW-` and six digits, and no state of an order is missing."""
    numbers = [order["number"] for order in orders()]
    assert len(numbers) >= 30
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"FW-\d{6}", number) for number in numbers)
    assert "FW-204817" in numbers
    assert {order["state"] for order in orders()} == STATES
    assert len({order["shipping"]["country"] for order in orders()}) >= 6


each_order = pytest.mark.parametrize("order", orders(), ids=lambda order: str(order["number"]))


def price_then(sku: str, day: date) -> Decimal:
    """A variant's price on a day: the full one before the autumn sale began."""
    row = variants()[sku]
    full = row["Variant Compare At Price"]
    return Decimal(full if full and day < SALE_BEGAN else row["Variant Price"])


def discount_of(order: dict[str, Any]) -> Decimal:
    """What the order's code takes off, by the promotion's rules."""
    day = datetime.fromisoformat(order["placed_at"]).date()
    if order["promotion"] == "TRAIL20":
        return Decimal(20)
    percent, total = {"WELCOME10": 10, "TENTS15": 15, "SUMMER30": 30}.get(order["promotion"], 0), Decimal(0)
    for item in order["items"]:
        product = product_of(item["sku"])
        on_sale = bool(variants()[item["sku"]]["Variant Compare At Price"]) and day >= SALE_BEGAN
        counts = {
            "WELCOME10": not on_sale,
            "TENTS15": (product["Vendor"], product["Type"]) == ("Fernway", "Tents"),
            "SUMMER30": product["Type"] == "Sandals",
        }
        if counts.get(order["promotion"]):
            total += Decimal(item["price"]) * item["quantity"]
    return cents(total * percent / 100)


@each_order
def test_items_exist_at_their_price(order: dict[str, Any]) -> None:
    """Each item is a variant under its product's name, at the price of the day."""
    day = datetime.fromisoformat(order["placed_at"]).date()
    for item in order["items"]:
        assert item["quantity"] >= 1
        assert item["name"].startswith(product_of(item["sku"])["Title"])
        assert item["price"] == price_then(item["sku"], day), item


@each_order
def test_totals_add_up(order: dict[str, Any]) -> None:
    """Subtotal and total are what the lines give; tax is a US matter and at most eleven percent."""
    assert order["subtotal"] == sum(item["price"] * item["quantity"] for item in order["items"])
    assert order["currency"] == "USD"
    assert order["total"] == order["subtotal"] + order["shipping_cost"] - order["discount"] + order["tax"]
    most = (order["subtotal"] - order["discount"]) * Decimal("0.11")
    assert 0 <= order["tax"] <= (most if order["shipping"]["country"] == "US" else 0)


@each_order
def test_codes_obey_their_rules(order: dict[str, Any]) -> None:
    """A code is used within its dates, above its minimum, on what it is for, and takes off what it says."""
    code = order["promotion"]
    assert order["discount"] == discount_of(order)
    if code is None:
        return
    starts, ends, minimum = CODES[code]
    assert starts <= datetime.fromisoformat(order["placed_at"]).date() <= ends
    assert order["subtotal"] >= minimum
    assert code != "TRAIL20" or all(product_of(i["sku"])["Type"] != "Gift Cards" for i in order["items"])
    assert code == "FREESHIP" or order["discount"] > 0


def test_welcome10_is_used_on_first_orders() -> None:
    """Nobody uses the first-order code on a second order."""
    earlier: set[str] = set()
    for order in sorted(orders(), key=lambda order: str(order["placed_at"])):
        assert order["promotion"] != "WELCOME10" or order["email"] not in earlier
        earlier.add(order["email"])


@each_order
def test_shipping_costs_what_the_table_says(order: dict[str, Any]) -> None:
    """Cost follows zone, method and value; hazardous goods go by US standard only."""
    shipping = order["shipping"]
    rate = RATES[shipping["country"]]
    free = order["subtotal"] - order["discount"] >= Decimal(rate.free_from) or order["promotion"] == "FREESHIP"
    expected = {
        "standard": Decimal(0) if free else Decimal(rate.standard),
        "express": Decimal(rate.express),
        "pickup": Decimal(0),
        "email": Decimal(0),
    }
    assert order["shipping_cost"] == expected[shipping["method"]]
    if order["promotion"] == "FREESHIP":
        assert (shipping["country"], shipping["method"]) == ("US", "standard")
    tags = {tag for item in order["items"] for tag in tags_of(product_of(item["sku"]))}
    if "hazmat" in tags:
        assert (shipping["country"], shipping["method"]) == ("US", "standard")
    if shipping["method"] == "email":
        assert all(product_of(item["sku"])["Gift Card"] == "true" for item in order["items"])


@each_order
def test_history_runs_forward_to_the_state(order: dict[str, Any]) -> None:
    """History begins when the order was placed, only moves on, and ends in the order's state."""
    history = order["history"]
    times = [datetime.fromisoformat(step["at"]) for step in history]
    assert history[0] == {"at": order["placed_at"], "state": "placed"}
    assert history[-1]["state"] == order["state"]
    assert times == sorted(times)
    assert len({*times}) == len(times)
    states = [step["state"] for step in history]
    for later, before in (("delivered", "paid"), ("return_requested", "delivered"), ("returned", "return_requested")):
        assert later not in states or states.index(before) < states.index(later)
    assert "cancelled" not in states or "shipped" not in states


@each_order
def test_parcels_leave_and_arrive_on_time(order: dict[str, Any]) -> None:
    """Dispatch follows the 13:00 rule, and arrival falls in the promised business days."""
    shipping = order["shipping"]
    at = {step["state"]: step["at"] for step in order["history"]}
    assert (shipping["dispatched_at"], shipping["delivered_at"]) == (at.get("shipped"), at.get("delivered"))
    if not shipping["dispatched_at"]:
        assert [shipping[name] for name in ("tracking", "carrier", "eta")] == [None, None, None]
        return
    placed = datetime.fromisoformat(order["placed_at"])
    left = datetime.fromisoformat(shipping["dispatched_at"]).date()
    same_day = works(placed.date()) and placed.hour < 13
    assert left == (placed.date() if same_day else after(placed.date(), 1))
    rate = RATES[shipping["country"]]
    first, last = rate.express_days if shipping["method"] == "express" else rate.standard_days
    assert date.fromisoformat(shipping["eta"]) == after(left, last)
    assert shipping["tracking"], order
    assert shipping["carrier"], order
    if shipping["delivered_at"]:
        came = datetime.fromisoformat(shipping["delivered_at"]).date()
        assert after(left, first) <= came <= after(left, last)


@each_order
def test_returns_and_losses_follow_the_policy(order: dict[str, Any]) -> None:
    """Returns come within 60 days and not of final-sale items; refunds in 7 days; losses after 15 without a scan."""
    at = {step["state"]: datetime.fromisoformat(step["at"]).date() for step in order["history"]}
    if "return_requested" in at:
        assert at["return_requested"] <= at["delivered"] + timedelta(days=60)
        assert all("final sale" not in tags_of(product_of(item["sku"])) for item in order["items"])
    if "returned" in at and "refunded" in at:
        assert after(at["returned"], 5) <= at["refunded"] <= after(at["returned"], 7)
    if "lost" in at:
        assert at["lost"] >= after(at["shipped"], 15)


def test_people_are_invented() -> None:
    """Every address is at an example domain."""
    assert all(re.fullmatch(r"[a-z.]+@[a-z]+\.example", order["email"]) for order in orders())
