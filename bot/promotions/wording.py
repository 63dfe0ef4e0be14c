"""How promotions are spoken of, in English and Chinese. The shop's own words and figures are filled in."""

from datetime import date
from typing import Final

from bot.phrasebook import Phrasebook

WORDS: Final[dict[str, dict[str, str]]] = {
    "on": {"en": "These codes can be used today:", "zh": "今天可以使用这些优惠码："},
    "on_one": {"en": "This code can be used today:", "zh": "今天可以使用这个优惠码："},
    "on_for": {"en": "For {what}{cite}, these codes can be used today:", "zh": "{what}{cite}今天可以使用这些优惠码："},
    "none": {"en": "No promotion code can be used today.", "zh": "今天没有可用的优惠码。"},
    "none_for": {"en": "I know of no code for {what}{cite} today.", "zh": "目前我没有查到适用于{what}{cite}的优惠码。"},
    "coming": {"en": "Not yet, but soon:", "zh": "即将开始："},
    "until": {
        "en": "- {code}: {title}{least}, until {ends} {cite}",
        "zh": "- {code}：{title}{least}，至 {ends} {cite}",
    },
    "from": {
        "en": "- {code}: {title}{least}, from {starts} to {ends} {cite}",
        "zh": "- {code}：{title}{least}，{starts}至 {ends} {cite}",
    },
    "least": {"en": ", orders from {amount}", "zh": "，满 {amount} 可用"},
    "reduced": {
        "en": "Some {what} are reduced right now as well: {names} {cite}.",
        "zh": "另外，{what}里这些正在特价：{names} {cite}。",
    },
    "today": {"en": "It can be used today.", "zh": "今天可以使用。"},
    "over": {
        "en": "{code} ended on {ends} and no longer works {cite}.",
        "zh": "{code} 已于 {ends}结束，不能再使用 {cite}。",
    },
    "not_yet": {
        "en": "{code} starts on {starts}, so it cannot be used yet {cite}.",
        "zh": "{code} 从 {starts}开始，现在还不能使用 {cite}。",
    },
    "unknown": {"en": "I cannot find {code} among our codes.", "zh": "我在本店的优惠码里找不到 {code}。"},
    "yes": {"en": "Yes, {code} works for {what} {cite}.", "zh": "可以，{code} 适用于{what} {cite}。"},
    "yes_if_first": {
        "en": "{code} works for {what} if this is your first order {cite}.",
        "zh": "如果这是您的首单，{code} 适用于{what} {cite}。",
    },
    "price": {
        "en": "With {code}, {item} comes to {after} instead of {before} {cite}; the final amount is worked "
        "out at checkout.",
        "zh": "使用 {code} 后，{item}为 {after}，不用码是 {before} {cite}；最终金额以结账页面为准。",
    },
    "price_from": {
        "en": "With {code}, {item} starts at {after} instead of {before} {cite}; the final amount is worked "
        "out at checkout.",
        "zh": "使用 {code} 后，{item}最低 {after}，不用码最低 {before} {cite}；最终金额以结账页面为准。",
    },
    "price_source": {
        "en": "{item} with {code}: {after} instead of {before}, {saving} off. Worked out from today's prices.",
        "zh": "{item}使用 {code}：{after}，不用码 {before}，优惠 {saving}。按今天的价格计算。",
    },
    "price_title": {"en": "{item} with {code}", "zh": "{item}使用 {code}"},
    "not_for": {"en": "No, {code} is not for {what} {cite}.", "zh": "不可以，{code} 不适用于{what} {cite}。"},
    "excluded": {"en": "No, {code} does not apply to {what} {cite}.", "zh": "不可以，{code} 不适用于{what} {cite}。"},
    "some_excluded": {"en": "It does not cover the reduced variants.", "zh": "特价的款式不参加。"},
    "minimum": {
        "en": "Not alone: {code} is for orders from {least} {cite}, and {what} comes to {total}, so {missing} "
        "more is needed {price}.",
        "zh": "单买还不够：{code} 需满 {least} {cite}，{what}为 {total}，还差 {missing} {price}。",
    },
    "minimum_source": {
        "en": "{what} comes to {total}. {code} is for orders from {least}: {missing} more is needed. Worked "
        "out from today's prices.",
        "zh": "{what}为 {total}。{code} 需满 {least}：还差 {missing}。按今天的价格计算。",
    },
    "depends": {
        "en": "Whether {code} covers {what} I cannot say for sure; its conditions are: {text} {cite} The "
        "checkout shows it once you enter the code.",
        "zh": "{code} 是否适用于{what}，我不能确定。它的条件是：{text} {cite} 在结账页面输入后即可看到结果。",
    },
    "cart": {"en": "your cart (one of each)", "zh": "您的购物车（每样一件）"},
    "sale_items": {"en": "sale items", "zh": "特价商品"},
    "combine_no": {"en": "No, {codes} cannot be combined {cite}.", "zh": "不可以，{codes} 不能同时使用 {cite}。"},
    "combine_yes": {"en": "Yes, {codes} can be combined {cite}.", "zh": "可以，{codes} 能同时使用 {cite}。"},
    "combine_unclear": {
        "en": "I cannot say for sure whether {codes} can be combined; the checkout shows it.",
        "zh": "{codes} 能否同时使用，我不能确定，以结账页面为准。",
    },
    "and": {"en": " and ", "zh": " 和 "},
    "which": {
        "en": "Which code is it? I can look up its dates and conditions.",
        "zh": "请问是哪个码？我可以查到它的有效期和使用条件。",
    },
    "check": {
        "en": "If it is refused, the cause is one of its conditions: dates, minimum, or what it is for.",
        "zh": "如果提示不能用，通常是条件不符：日期、最低金额或适用商品。",
    },
    "haggle": {
        "en": "I like a good bargain too, but prices are not mine to change: only the shop's own codes count.",
        "zh": "我也希望您买得划算，不过价格我改不了，只有本店的优惠码有效。",
    },
    "promised": {
        "en": "I cannot see or confirm what somebody may have told you; a person from our team can look into "
        "it if you ask for one.",
        "zh": "别人对您说过什么，我看不到，也无法确认；如需核实，可以请人工客服来看。",
    },
    "choice_use": {"en": "What does {code} give?", "zh": "{code} 有什么优惠？"},
}

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

say = Phrasebook(WORDS)


def day(value: date, lang: str) -> str:
    """A date as it is read: `15 December 2026`, `2026 年 12 月 15 日`."""
    if lang == "zh":
        return f"{value.year} 年 {value.month} 月 {value.day} 日"
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
