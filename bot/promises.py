"""Finds promises and finished deeds that only people or code may vouch for: "I have refunded you", "we will call you".

The bot itself can do nothing but say what the shop's texts say, and bring in a person; that offer is no promise here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_VERBS = {
    "email": r"e-?mail(?:ed)?|drop you (?:a line|an e-?mail)",
    "call": r"(?:call|phone|ring)(?:ed)?(?! (?:on|it|this|them))|give you a (?:call|ring)",
    "text": r"(?:text|message)(?:ed)? you",
    "contact": r"contact(?:ed)?|g[eo]t back to|reach(?:ed)? out|follow(?:ed)? up|writ(?:e|ten) to you|get in touch",
    "notify": r"notif(?:y|ied)|remind(?:ed)?|let you know",
    "refund": r"refund(?:ed)?|reimburse[d]?|compensate[d]?|credit(?:ed)?",
    "send": r"(?:re)?sen[dt]|(?:re)?ship(?:ped)?|dispatch(?:ed)?",
    "cancel": r"cancel(?:l?ed)?",
    "change": r"(?:change|update|modif(?:y|ie)|amend)d?(?:ed)?",
    "forward": r"forward(?:ed)?|escalate[d]?|open(?:ed)? a (?:ticket|case)|file[d]? a|log(?:ged)? a",
    "arrange": r"arrange[d]?|book(?:ed)?|schedule[d]?|register(?:ed)?",
    "reserve": r"reserve[d]?|set aside|(?:hold|held) (?:it|one|them|this|that)|put (?:it|one|them) aside",
    "process": r"process(?:ed)?|issue[d]?|initiate[d]?|approve[d]?",
    "waive": r"waive[d]?|make an exception|made an exception|extend(?:ed)?|upgrade[d]?|beat (?:the|that|any) price",
    "replace": r"replace[d]?|exchange[d]?",
    "apply": r"(?:apply|applied|add(?:ed)?|remove[d]?|place[d]?)(?= (?:an?|the|your|this|that|it|\d|[A-Z]))",
    "discount": r"(?:give|given|gave|offer(?:ed)?|grant(?:ed)?|do|get) (?:you |it for you |that )?(?:for )?"
    r"[^.;!?]{0,30}?"
    r"(?:discount|% off|percent off|for free|free of|deal|(?:special|better) price|voucher|coupon|store credit)",
}
_ADVERBS = (
    r"(?:(?:also|gladly|now|then|just|already|happily|personally|be able to|go ahead and|be happy to|be glad to) )*"
)
_FIRST = r"(?:'ll| will| shall| can| could| have|'ve| am going to|'m going to| am able to| just| already|'d)"
_MANY = r"(?:'ll| will| shall| have|'ve| are going to|'re going to)"
_DONE = re.compile(
    r"\b(?:your|the) (?:\w+ )?(?:refund|order|return|exchange|address|discount|payment|ticket|request|account|code)\b"
    r"[^.;!?]{0,20}? (?:has|have) (?:now |already |just |successfully )?been (?:\w+ed|sent)\b",
    re.IGNORECASE,
)
_ZH = (
    r"发(?:送)?(?:电子)?(?:邮件|短信|信息|消息)|邮件通知|退款|退钱|打电话|致电|回电|回拨|联系您|联系你|通知您|通知你|提醒您|取消|修改|更改|更新|"
    r"转交|上报|反馈|预留|保留|补发|重发|寄出|发货|换货|赔偿|补偿|打\S{1,2}折|打折|优惠|折扣|赠送|免除|免去|减免|申请|办理|处理|登记|安排"
)
_ZH_DEEDS = (
    (
        "i",
        re.compile(
            rf"我(?!们)(?:会|将|已经?|可以|能|来|马上|这就|帮|给|为|现在)[^，。；！？不没无未]{{0,10}}?(?P<verb>{_ZH})"
        ),
    ),
    ("we", re.compile(rf"我们(?:会|将|已经?|马上|可以)[^，。；！？不没无未]{{0,10}}?(?P<verb>{_ZH})")),
    ("i", re.compile(rf"(?:已经?|可以|这就|马上)?(?:为|帮|给|替)[您你][^，。；！？不没无未]{{0,8}}?(?P<verb>{_ZH})")),
    ("i", re.compile(rf"[您你]的[^，。；！？]{{0,6}}已经?(?:为[您你])?(?:被)?(?P<verb>{_ZH})")),
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise or a deed. `actor` is `i` for the bot, `we` for the shop; `verb` is its plain form."""

    actor: str
    verb: str
    text: str
    start: int


def _compiled() -> list[tuple[str, str, "re.Pattern[str]"]]:
    out = []
    for verb, pattern in _VERBS.items():
        first = rf"\b(?:I{_FIRST}|like me to|shall I|let me|I) {_ADVERBS}(?:{pattern})\b"
        many = rf"\b(?:we|our team|the team|someone|somebody|a colleague|support){_MANY} {_ADVERBS}(?:{pattern})\b"
        out.append(("i", verb, re.compile(first, re.IGNORECASE)))
        out.append(("we", verb, re.compile(many, re.IGNORECASE)))
    return out


_DEEDS = _compiled()


def promises(text: str) -> Iterator[Promise]:
    """Promises and deeds in a text made `plain`."""
    for actor, verb, pattern in _DEEDS:
        for found in pattern.finditer(text):
            yield Promise(actor, verb, found.group(), found.start())
    for found in _DONE.finditer(text):
        yield Promise("i", "done", found.group(), found.start())
    for actor, pattern in _ZH_DEEDS:
        for found in pattern.finditer(text):
            yield Promise(actor, found["verb"], found.group(), found.start())
