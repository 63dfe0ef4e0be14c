"""An order's facts as sentences in the shopper's language, and as the passage that a reply about it cites. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from bot.orders.order import ChangeKind, Item, Order
from bot.phrasebook import Phrasebook, in_language
from knowledge.live import Live
from knowledge.passages import Kind, Origin, Passage, Product, money
from knowledge.words import HAN, fold, terms

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SMALL: Final = frozenset("我想要退货的子这那件双个把订单请帮了给和跟一两三男女款")
LETTERS_A_WORD = 10
_TITLES: Final = {"en": "Order {number}", "zh": "订单 {number}"}
_STATES: Final[dict[str, dict[str, str]]] = {
    "placed": {"en": "We have your order {n}; it is not packed yet.", "zh": "您的订单 {n} 已收到，还没有打包。"},
    "paid": {"en": "Your order {n} is paid and is being prepared.", "zh": "您的订单 {n} 已付款，正在备货。"},
    "packed": {"en": "Your order {n} is packed and ready to leave.", "zh": "您的订单 {n} 已打包，等待发出。"},
    "shipped": {"en": "Your order {n} is on its way.", "zh": "您的订单 {n} 已经发出，正在路上。"},
    "delivered": {"en": "Your order {n} was delivered.", "zh": "您的订单 {n} 已送达。"},
    "on_hold": {
        "en": "Your order {n} is on hold: something must be checked with you. The shop's e-mail to you says what.",
        "zh": "您的订单 {n} 已暂停，有信息需要与您核对，详情请看本店发给您的邮件。",
    },
    "cancelled": {"en": "Your order {n} was cancelled.", "zh": "您的订单 {n} 已取消。"},
    "return_requested": {"en": "A return for your order {n} is registered.", "zh": "您的订单 {n} 已登记退货。"},
    "returned": {
        "en": "Your return for order {n} has arrived back; the refund comes next.",
        "zh": "您的订单 {n} 的退货已寄到，接下来会处理退款。",
    },
    "refunded": {"en": "Your order {n} was refunded.", "zh": "您的订单 {n} 已退款。"},
    "lost": {
        "en": "I am sorry: the carrier has lost track of your order {n}.",
        "zh": "非常抱歉，您的订单 {n} 在运输途中失去了物流信息。",
    },
}
_OTHER: Final = {"en": "The state of your order {n} is: {state}.", "zh": "您的订单 {n} 目前的状态是：{state}。"}
_DATED: Final[dict[str, dict[str, str]]] = {
    "delivered": {"en": "Your order {n} was delivered on {day}.", "zh": "您的订单 {n} 已于{day}送达。"},
    "cancelled": {"en": "Your order {n} was cancelled on {day}.", "zh": "您的订单 {n} 已于{day}取消。"},
    "return_requested": {
        "en": "A return for your order {n} was registered on {day}.",
        "zh": "您的订单 {n} 已于{day}登记退货。",
    },
    "returned": {
        "en": "Your return for order {n} arrived back on {day}; the refund comes next.",
        "zh": "您的订单 {n} 的退货已于{day}寄到，接下来会处理退款。",
    },
    "refunded": {"en": "Your order {n} was refunded on {day}.", "zh": "您的订单 {n} 已于{day}退款。"},
}
_LINES: Final[dict[str, dict[str, str]]] = {
    "collected": {"en": "Your order {n} was picked up on {day}.", "zh": "您的订单 {n} 已于{day}自提。"},
    "mailed": {"en": "Your order {n} was sent by e-mail on {day}.", "zh": "您的订单 {n} 已于{day}通过邮件发送。"},
    "left_with": {"en": "{carrier} has had it since {day}.", "zh": "{carrier}于{day}揽收。"},
    "left": {"en": "It left on {day}.", "zh": "发出日期：{day}。"},
    "eta": {"en": "It should be there by {day}.", "zh": "预计{day}前送达。"},
    "late": {
        "en": "It should have been there by {day}, so it is late. I am sorry about that.",
        "zh": "原定{day}前送达，现在已经晚了，非常抱歉。",
    },
    "tracking": {"en": "Tracking number: {tracking}.", "zh": "运单号：{tracking}。"},
    "items": {"en": "In it: {items}.", "zh": "商品：{items}。"},
    "total": {"en": "Total: {amount}.", "zh": "总额：{amount}。"},
    "placed_on": {"en": "Placed on {day}.", "zh": "下单日期：{day}。"},
    "back_cancel": {
        "en": "You get back {amount}, all that was paid.",
        "zh": "将退还您已支付的全部金额 {amount}。",
    },
    "back_none": {"en": "Nothing was charged for it.", "zh": "该订单尚未扣款。"},
    "back_return": {
        "en": "For this you get back {amount}; if the shop's terms make you pay return postage, that is taken off.",
        "zh": "将退还 {amount}；如果按本店规定需要承担退货运费，会从中扣除。",
    },
    "back_items": {"en": "To be returned: {items}.", "zh": "退货商品：{items}。"},
    "until": {"en": "Returns were possible until {day}.", "zh": "退货截止日期为{day}。"},
}


line = Phrasebook(_LINES)
"""A sentence with facts of an order."""


def day(when: date | datetime, lang: str) -> str:
    """A day as people write it; of a moment, the day it was at the shop's offset."""
    if lang == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{_MONTHS[when.month - 1]} {when.day}, {when.year}"


@dataclass(frozen=True, slots=True)
class View:
    """How an order is told: language, the products as they are named now, and today."""

    lang: str
    live: Live
    now: datetime


def item_name(item: Item, view: View) -> str:
    """The item's name in the language, with its options; as the order has it where the catalogue cannot tell."""
    found = _by_sku(view.live.products).get(item.sku)
    wording = found.wording.get(view.lang) if found and view.lang != "en" else None
    if found is None or wording is None:
        return item.name
    options = next(v.options for v in found.variants if v.sku == item.sku).values()
    said = " / ".join(wording.options.get(value, value) for value in options)
    return f"{wording.name} ({said})" if said else wording.name


def _by_sku(products: Mapping[str, Product]) -> dict[str, Product]:
    return {variant.sku: product for product in products.values() for variant in product.variants if variant.sku}


def tags(item: Item, live: Live) -> frozenset[str]:
    """The tags of the item's product; none where the catalogue does not know it."""
    product = _by_sku(live.products).get(item.sku)
    return frozenset(product.tags) if product else frozenset()


def listed(items: tuple[Item, ...], view: View) -> str:
    """Items in one line, each with its count."""
    parts = [f"{item.quantity} × {item_name(item, view)}" for item in items]
    return ("；" if view.lang == "zh" else "; ").join(parts)


def is_late(order: Order, now: datetime) -> bool:
    """Whether it is on its way and was to be there on a day that has passed."""
    eta = order.shipping.eta
    return order.state == "shipped" and eta is not None and now.astimezone(order.placed_at.tzinfo).date() > eta


def state_line(order: Order, view: View) -> str:
    """The state, with its day where there is one."""
    came = order.shipping.delivered_at or order.since("delivered")
    if order.state == "delivered" and came and order.shipping.method in ("pickup", "email"):
        name = "collected" if order.shipping.method == "pickup" else "mailed"
        return line(name, view.lang, n=order.number, day=day(came, view.lang))
    at = came if order.state == "delivered" else order.since(order.state)
    table = _DATED if at and order.state in _DATED else _STATES
    found = table.get(order.state, _OTHER)
    when = day(at, view.lang) if at else ""
    return found.get(view.lang, found["en"]).format(n=order.number, day=when, state=order.state.replace("_", " "))


def travel_lines(order: Order, view: View) -> list[str]:
    """Carrier, day and tracking of a parcel that has left and is not there yet."""
    shipping, lang = order.shipping, view.lang
    if order.state not in ("shipped", "lost"):
        return []
    out = []
    if shipping.dispatched_at:
        name = "left_with" if shipping.carrier else "left"
        out.append(line(name, lang, carrier=shipping.carrier or "", day=day(shipping.dispatched_at, lang)))
    if shipping.eta and order.state == "shipped":
        out.append(line("late" if is_late(order, view.now) else "eta", lang, day=day(shipping.eta, lang)))
    if shipping.tracking:
        out.append(line("tracking", lang, tracking=shipping.tracking))
    return out


def status_lines(order: Order, view: View) -> list[str]:
    """What is said when somebody asks where an order is."""
    items = [line("items", view.lang, items=listed(order.items, view))] if order.items else []
    return [state_line(order, view), *travel_lines(order, view), *items]


def refund_line(kind: ChangeKind, amount: Decimal, order: Order, lang: str) -> str:
    """What the shopper gets back; empty for a change that costs nothing."""
    if kind is ChangeKind.ADDRESS:
        return ""
    if not amount:
        return line("back_none", lang) if kind is ChangeKind.CANCEL else ""
    return line(f"back_{kind.value}", lang, amount=money(amount, order.currency))


def returns_until(order: Order, days: int, view: View) -> str:
    """The last day for a return; empty when nobody knows when it came."""
    came = order.shipping.delivered_at or order.since("delivered")
    return line("until", view.lang, day=day(came + timedelta(days=days), view.lang)) if came else ""


def shared(item: Item, said: str, view: View) -> int:
    """How much a message names an item: words of its name or category, and in Chinese the characters of its name."""
    product = _by_sku(view.live.products).get(item.sku)
    category = product.words(view.lang).category if product else ""
    names = f"{item.name} {item_name(item, view)} {category}"
    common = frozenset(terms(said)) & frozenset(terms(names, every=True))
    letters = frozenset("".join(HAN.findall(fold(said)))) - _SMALL
    return LETTERS_A_WORD * len(common) + len(letters & frozenset(fold(names)))


def passage(order: Order, view: View, more: tuple[str, ...] = ()) -> Passage:
    """The order as what a reply rests on: everything that may be said of it, and `more` that follows by rules."""
    lang = view.lang
    facts = [*status_lines(order, view), line("placed_on", lang, day=day(order.placed_at, lang))]
    facts.append(line("total", lang, amount=money(order.total, order.currency)))
    title = in_language(_TITLES, lang).format(number=order.number)
    text = "\n".join([*facts, *filter(None, more)])
    name = f"order:{order.number}"
    return Passage(name, name, Kind.ORDER, lang, title, text, Origin("orders", 0))


def own_words(text: str, lang: str) -> Passage:
    """The bot's own words about what it does, so that the check finds them where the code put them."""
    return Passage(
        "order:words",
        "order:words",
        Kind.ORDER,
        lang,
        in_language(_TITLES, lang).format(number=""),
        text,
        Origin("orders", 0),
    )
