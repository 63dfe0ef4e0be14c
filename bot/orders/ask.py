"""Which messages are about an order of the shopper's own, and what they bring: number, address, code. Pure.

A question about how the shop does things ("how do I cancel an order?", "可以改地址吗") is none: the knowledge answers
it. What counts is a wish about an order of one's own: "cancel my order", "FW-204817", 查一下我的快递.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.orders import answers
from bot.pii import emails
from knowledge.words import STOP_EN, fold


class Want(StrEnum):
    """What is wanted of an order; `OTHER` is what only a person can do."""

    STATUS = "status"
    CANCEL = "cancel"
    ADDRESS = "address"
    RETURN = "return"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a message says.

    Attributes:
        want: None where it is not about an order of one's own.
        number: An order number that is one by its form, or is called one.
        bare: Digits that may be one, where a number was asked for.
        code: Six digits that may be the code, where one was asked for.
        it: What is wanted is said of "it", whatever that is.
        could: What may be asked of the order just spoken of, and is else a question for the knowledge: "can I still
            cancel it?"
        again: The code is to be sent again.
        lost: Something is not there, or not known: the mail, the number.
        asks: It is worded as a question.
        wonders: It asks how things are, and so names nothing to choose.
        alone: A number or code in it is all that there is, or nearly so.
    """

    want: Want | None = None
    number: str = ""
    bare: str = ""
    email: str = ""
    code: str = ""
    it: bool = False
    could: Want | None = None
    yes: bool = False
    no: bool = False
    again: bool = False
    lost: bool = False
    asks: bool = False
    wonders: bool = False
    alone: bool = False


_NUMBER = re.compile(r"(?<![\w@.-])[A-Za-z]{1,5}-?\d{5,12}(?![\w@]|[-.]\w)", re.ASCII)
_SPACED = re.compile(r"(?:^|\border (?:number )?|订单号?)([a-z]{2,3}) (\d{5,12})(?![\w@]|[-.]\w)", re.ASCII)
_BARE = re.compile(r"(?<![\w@.$€£¥-])#?(\d{4,12})(?![\w@%]|[-.,]\d)", re.ASCII)
_SAID_NUMBER = re.compile(
    r"(?:\border(?: (?:no\.?|number|nr\.?|id))?|订单号?)\s*(?:is|:|是|为)?\s*#?(\d{4,12})(?!\w)", re.I
)
_CODE = re.compile(r"(?<![\w@.-])(\d{3})[ -]?(\d{3})(?![\w@]|[-.]\d)", re.ASCII)

_THING = r"(?:orders?|parcels?|packages?|deliver(?:y|ies)|shipments?)"
_MY = r"(?:my|our|the|this|that)(?: (?:last|latest|recent|whole|entire))?"
_POLITE = r"^(?:(?:hi|hello|hey|please|ok(?:ay)?|so|and|then|actually|no|well|sorry)[,.! ]+)*"
_WISH = (
    r"(?:(?:i|we) (?:(?:just |really |still )?(?:want|need|wish|have)|would like|'d like|wanna) (?:you )?to "
    r"|(?:i'd|we'd) like (?:you )?to |i(?:'d| would) rather |let'?s |let me |(?:can|could|would|"
    r"will) you (?:please |just )?|help me (?:to )?)?(?:please )?"
)
_END = (
    r"(?=\s*(?:$|[,.!;?]|please|now|asap|immediately|then|instead|because|for me|from|with|of|,|and|i |it|\(|#|number))"
)
_STATUS = re.compile(
    rf"\bwhere(?:'?s| is| are)? (?:{_MY} )?(?:my |our )?{_THING}\b(?! (?:number|confirmation))"
    rf"|{_POLITE}{_WISH}(?:track|trace|locate|look up|check|find|see) (?:on |"
    rf"up )?(?:the status of )?{_MY} {_THING}\b(?! (?:number|confirmation))"
    rf"|\b(?:status|whereabouts|state) of (?:my|our|this) {_THING}\b|^(?:please )?(?:my |check )?order status[.!?]*$"
    rf"|\bmy (?:order|delivery) status\b(?! mean)"
    rf"|\bwhen (?:will|does|is|should|can i expect) (?:my|our) {_THING}\b(?:[^?]{{0,8}}\b(?:arriv\w*|com(?:e|es|"
    rf"ing)|be (?:here|delivered)|due|get here|delivered)\b|\?*$)"
    rf"|\b(?:has|have|is|was) (?:my|our) {_THING} (?:already |been |yet )*(?:shipped|sent|left|dispatched|"
    rf"on (?:its|the) way|delayed|delivered)\b"
    rf"|\bwhat(?:'s| is| was) (?:in|happening with|happening to|going on with|up with) (?:my|our) {_THING}\b"
    rf"|\b(?:any |an )?(?:news|updates?) (?:on|about|for) (?:my|our) {_THING}\b"
    rf"|\b(?:my|our) {_THING} (?:still )?(?:hasn'?t|has not|haven'?t|didn'?t|did not|never) (?:yet )?(?:arriv|com|"
    rf"shown up|been delivered|turned up)"
    rf"|\b(?:haven'?t|have not|never|didn'?t|did not) (?:yet )?(?:receive|received|get|got|gotten) (?:my|"
    rf"our) {_THING}\b(?! confirmation)",
    re.I,
)
_CANCEL = re.compile(
    rf"{_POLITE}{_WISH}(?:canc(?:el|le|ell|al)|stop) (?:{_MY} |an? )?(?:pre-?)?order\b{_END}"
    r"|\border(?:ed)?\b.{0,40}\b(?:want|need|like) to cancel(?: (?:it|that|the order))?[.! ]*$",
    re.I,
)
_IT = (
    (
        Want.CANCEL,
        re.compile(
            rf"{_POLITE}{_WISH}canc(?:el|le|ell)(?: (?:it|that|this|that one|this one))?{_END}.{{0,30}}$|^(?:那|"
            rf"那就|我要|我想|帮我|请)*(?:把它)?取消(?:它|吧|掉|一下)*[。！!]*$",
            re.I,
        ),
    ),
    (
        Want.RETURN,
        re.compile(
            rf"{_POLITE}{_WISH}(?:return (?:it|them|that|this|those|these)|send back (?:it|them|that|this|"
            rf"those|these)|send (?:it|them|that|this|those|these) back)\b.{{0,30}}$|^(?:那|那就|我要|"
            rf"我想|帮我|请)*(?:把它)?退(?:货|掉|了)(?:它|吧|一下)*[。！!]*$",
            re.I,
        ),
    ),
)
_IT_STATUS = re.compile(
    r"^(?:and |so |but |ok(?:ay)? |then )*(?:where(?:'s| is) it(?: now)?|track it"
    r"|when (?:will|does|is|should) it (?:arriv\w*|com\w*|due|(?:be|get) (?:here|delivered))"
    r"|is it (?:late|shipped|sent|on (?:its|the) way|delivered)|has it (?:shipped|left|been (?:sent|shipped|delivered))"
    r"|what(?:'s| is| was) in (?:it|there)|(?:what(?:'s| is) )?(?:the|its) tracking (?:number|code))\b[^?]{0,20}[?.!]*$"
    r"|^(?:它|那)?(?:到哪|什么时候(?:能)?到|现在在哪|发货了[吗没]|里面有什么|运单号(?:是多少|是什么|呢)?[?？]*$)",
    re.I,
)
_ASKED = r"^(?:and |so |but |ok(?:ay)?,? )*(?:can|could|may) (?:i|we|you) (?:still |please |just |now )*"
_ASKED_ZH = r"^(?:那|那么|我|现在)*(?:还)?(?:能不能|能|可不可以|可以)(?:再)?"
_COULD = (
    (
        Want.CANCEL,
        re.compile(
            rf"{_ASKED}cancel(?: (?:it|this|that|my order|this order|the order))?(?: now| please| then)*[?.! ]*$"
            rf"|{_ASKED_ZH}取消(?:它|订单|掉)?[吗么呢]?[?？。 ]*$"
        ),
    ),
    (
        Want.RETURN,
        re.compile(
            rf"{_ASKED}(?:return|send back) (?:it|them|this|that|these|this order|the order)(?: back)?"
            rf"(?: now| please| then)*[?.! ]*$|{_ASKED_ZH}退(?:货|掉|了)?(?:它)?[吗么呢]?[?？。 ]*$"
        ),
    ),
    (
        Want.ADDRESS,
        re.compile(
            rf"{_ASKED}(?:change|update) (?:the|its|my) (?:delivery |shipping )?address(?: now| please| then)*[?.! ]*$"
            rf"|{_ASKED_ZH}改(?:一下)?(?:收货|送货)?地址[吗么呢]?[?？。 ]*$"
        ),
    ),
)
FEW_WORDS = 6
_ADDRESS = re.compile(
    rf"{_POLITE}{_WISH}(?:change|update|correct|edit|modify|fix|switch) (?:my |the |our )(?:delivery |shipping |"
    rf"postal )?address\b"
    rf"|{_POLITE}{_WISH}(?:change|update|correct) (?:of )?(?:delivery |shipping )?address[.! ]*$"
    rf"|{_POLITE}{_WISH}(?:deliver|ship|send|redirect) (?:my|our|this|the) (?:order|parcel|package) to (?:a |an|my )",
    re.I,
)
_RETURN = re.compile(
    rf"{_POLITE}(?:(?:i|we) (?:(?:just |really |still )?(?:want|need|wish)|would like|'d like|wanna) to |(?:i'd|"
    rf"we'd) like to |let me |help me (?:to )?|please )"
    r"(?:return|send back) (?!policy|to )\w"
    rf"|{_POLITE}{_WISH}return {_MY} (?:order|parcel)\b{_END}|{_POLITE}{_WISH}(?:start|register|open|make|request|"
    rf"begin) (?:a|my) return\b"
    rf"|{_POLITE}{_WISH}send (?:my|the|this|these) .{{2,40}} back\b",
    re.I,
)
_GENERAL = re.compile(
    r"\b(?:how|what|why|which|who)\b|\b(?:can|could|may|am) (?:i|we|one)\b|\bis it possible\b|\bdo (?:you|i)\b|"
    r"\bdoes\b|\bare there\b|\bif\b|\bafter\b|\bpolicy\b",
    re.I,
)
_ZH_GENERAL = re.compile(
    r"怎么|如何|怎样|能不能|可不可以|可以.*[吗么]|能.*[吗么]|[吗么][?？]*$|多久|几天|是否|是什么|什么意思|流程|"
    r"政策|规定|期限"
)
_ZH_WISH = re.compile(r"帮我|麻烦|(?<!申)请(?!问)|给我|我要|我想")
_ZH_THING = r"(?:订单|单|快递|包裹|快件|货物|货|东西)"
_ZH_STATUS = re.compile(
    rf"(?:我|我们)(?:昨天|前天|今天|上周|之前|刚才?)?(?:的|买的|订的|下的)?{_ZH_THING}(?:现在|目前|已经)?(?:到哪|"
    rf"在哪|走到哪|寄到哪|送到哪|"
    rf"什么时候(?:能)?(?:到|送到|送达)|还没(?:有)?(?:到|收到)|怎么还没(?:到|送)|发货了|发出了|寄出了)"
    rf"|^(?:请问|你好|您好|[，, ])*{_ZH_THING}(?:现在)?(?:到哪|在哪|走到哪)"
    rf"|^(?:请问|你好|您好|[，, ])*(?:我(?:要|想)|想|帮我|麻烦(?:你|您)?|请|请帮我)*(?:查|查询|查下|查一下|查查|"
    rf"查看|跟踪|追踪|看看|看一下)(?:一下|下)?(?:我的|我|一下)*(?:最近的|这个)?(?:订单|快递|包裹|物流|快件)(?!号)"
    rf"|(?:查|看)(?:一下|下|查|看)?我的{_ZH_THING}"
    rf"|我的?(?:订单|快递|包裹)(?:的)?(?:状态|进度|物流)"
)
_ZH_WHEN = r"(?:刚才?|昨天|前天|今天|上周|之前)(?:下|买|订)?的"
_ZH_CANCEL = re.compile(
    r"^(?:请问|你好|您好|[，, ])*(?:我(?:要|想|需要)|想要?|要|帮我|麻烦(?:你|您)?(?:帮我)?|请(?:帮我)?|"
    rf"给我)*(?:把)?(?:我的?|这个|那个|整个|{_ZH_WHEN})*(?:订单|单子)?(?:给)?取消(?:掉|了)?(?:我的?|这个|那个|一下|"
    rf"{_ZH_WHEN})*(?:订单|单子)?[了吧。！!,，]*$"
)
_ZH_ADDRESS = re.compile(
    r"^(?:请问|你好|您好|[，, ])*(?:我(?:要|想|需要)|想要?|要|帮我|麻烦(?:你|您)?(?:帮我)?|请(?:帮我)?|"
    r"给我)*(?:把)?(?:我的?|订单的?|这个)*(?:改|修改|更改|更换|换|变更)(?:一下|个|下)*(?:我的?|订单的?|"
    r"这个)*(?:收货|收件|送货|配送|订单|寄送)?(?:的)?地址"
    r"|^(?:请|帮我|麻烦).{0,12}地址(?:改|换)"
)
_ZH_RETURN = re.compile(
    r"^(?:你好|您好|[，, ])*(?:我(?:要|想|需要)|想要|帮我|麻烦(?:你|您)?(?:帮我)?|请(?:帮我)?|给我|申请|办理|"
    r"登记)+(?:把)?.{0,20}?(?:退货|退掉|退了|退回|退)(?!款|换货|订)"
    r"|^退货[。！!]*$"
)
_WORDS_OF = (
    (Want.CANCEL, re.compile(r"\bcanc(?:el|le|ell)|取消", re.I)),
    (Want.RETURN, re.compile(r"\breturn(?!ed)|send .{0,30}back|退货|退掉|退回", re.I)),
    (Want.ADDRESS, re.compile(r"\baddress|地址|改寄", re.I)),
    (
        Want.OTHER,
        re.compile(
            r"\b(?:add|change|swap|remove|exchange|replace|edit|modify|invoice|receipt|damaged|broken|faulty|"
            r"missing|wrong|discount|complain\w*|upgrade|combine|gift)\b"
            r"|修改|换货|换成|加一|增加|删掉|发票|坏了|破损|少了|发错|投诉|升级|合并",
            re.I,
        ),
    ),
)


def read(text: str) -> Ask:
    """What a message says about an order of one's own."""
    plain = fold(text)
    found = emails(text)
    rest = re.sub(r"\S+@\S+", " ", plain)
    number = _number(rest)
    bare = _BARE.search(rest)
    code = _CODE.search(rest)
    return Ask(
        want=_want(rest, number) or _want_it(rest),
        number=number,
        bare=bare[1] if bare and len(rest.split()) <= FEW_WORDS else "",
        it=_want(rest, number) is None and _want_it(rest) is not None,
        email=found[0] if found else "",
        code=code[1] + code[2] if code else "",
        could=next((want for want, words in _COULD if words.search(plain)), None),
        yes=bool(answers.YES.match(plain)),
        no=bool(answers.NO.match(plain)),
        again=bool(answers.AGAIN.search(plain)),
        lost=bool(answers.NOT_HERE.search(plain)),
        wonders=bool(answers.WONDERS.search(plain)),
        alone=answers.alone(rest),
        asks=bool(re.search(r"[?？]\s*$", plain) or _ZH_GENERAL.search(plain)),
    )


def _number(text: str) -> str:
    """An order's number that is one by its form, or is called one."""
    if found := _NUMBER.search(text):
        return found[0].upper()
    if (found := _SPACED.search(text)) and found[1] not in STOP_EN:
        return f"{found[1]}-{found[2]}".upper()
    said = _SAID_NUMBER.search(text)
    return said[1] if said else ""


def _want(text: str, number: str) -> Want | None:
    if number:
        return next((want for want, words in _WORDS_OF if words.search(text)), Want.STATUS)
    if re.search(r"\bmean\b|意思", text):
        return None
    if _STATUS.search(text) and not re.match(r"(?:.*\b)?(?:how|can i|could i|may i)\b", text):
        return Want.STATUS
    if not _GENERAL.search(text):
        wishes = ((Want.CANCEL, _CANCEL), (Want.ADDRESS, _ADDRESS), (Want.RETURN, _RETURN))
        for want, words in wishes:
            if words.search(text):
                return want
    return _want_zh(text)


def _want_it(text: str) -> Want | None:
    """What is wanted of something that is not named; a question about how things are done wants nothing."""
    if _IT_STATUS.search(text):
        return Want.STATUS
    if _GENERAL.search(text) or _ZH_GENERAL.search(text):
        return None
    return next((want for want, words in _IT if words.search(text)), None)


def _want_zh(text: str) -> Want | None:
    if _ZH_STATUS.search(text) and not re.search(r"怎么(?!还)|如何|怎样|能不能|可以", text):
        return Want.STATUS
    if _ZH_GENERAL.search(text) and not _ZH_WISH.search(text):
        return None
    wishes = ((Want.CANCEL, _ZH_CANCEL), (Want.ADDRESS, _ZH_ADDRESS), (Want.RETURN, _ZH_RETURN))
    return next((want for want, words in wishes if words.search(text)), None)
