"""A question's concern in words of every shop, as a warranty or washing: hits that are silent on it step back. Pure.

"How long is the warranty on a down jacket?" is near all that is said of down jackets by its words; an entry that never
speaks of a warranty is no answer, so it leaves what it shares of the probability to those that do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chances import left_out, shared
from bot.misfit import MISFIT
from knowledge.passages import Hit

_HARM = (
    r"\b(?:holes?|torn|tears?|ripped?|broken?|crack\w*|damag\w*|defect\w*|faulty|scratch\w*|dent(?:s|ed)?|leaks?)\b"
    r"|\b(?:doesn't|don't|does not|won't|not) work\w*\b"
)
_HARM_ZH = r"破|坏|洞|裂|瑕疵|开线|划痕|打不开|用不了|不能用|不亮|漏|质量问题"
_CAME = (
    r"\b(?:(?:my|our|the|this|brand)[ -]new|just (?:got|unpacked|bought)|arriv\w*|reach\w*|receiv\w*|came|deliver\w*)\b"
)
_CAME_ZH = r"到手|到货|收到|刚到|刚买|刚拆|拆开|寄来|拿到|送来|新买|新的|全新"
_MEND = r"\b(?:repair\w*|fix\w*|mend\w*|patch\w*|warrant\w*|old|years?|months?)\b|修|补|保|旧|年"
_OTHER_SIZE = (
    r"\b(?:bigger|smaller|larger|another|different|other|next|right) (?:size|pair|ones?)\b|\bsize (?:up|down)\b"
    r"|[大小][一半]?[码号双点]|[换调]"
)


@dataclass(frozen=True, slots=True)
class _Concern:
    """How it is asked about, and how an entry speaks of it."""

    asks: re.Pattern[str]
    speaks: re.Pattern[str]


def _concern(asks: str, speaks: str = "") -> _Concern:
    """One that entries speak of in the same words where no others are given."""
    return _Concern(re.compile(asks, re.IGNORECASE), re.compile(speaks or asks, re.IGNORECASE))


_CONCERNS = (
    _concern(r"\bwarrant|\bguarantee|保修|质保|保固|包修"),
    _concern(r"\bwash|\bclean|\blaunder|洗|清洁"),
    _concern(r"\b(?:safe|safety|secure|security|fraud)\b|安全(?!码|处|地|带)|泄露"),
    _concern(r"\btrack|追踪|跟踪|物流|运单|快递单号"),
    _concern(
        rf"\b(?:swap|exchange)|换货|换码|换尺码|能换|可以换|(?=.*(?:{MISFIT.pattern}))(?=.*(?:{_OTHER_SIZE}))",
        r"\b(?:swap|exchang)|换货|换码|换尺码|能换|可以换",
    ),
    _concern(
        r"\bexpir|过期|失效|有效期"
        r"|(?=.*(?:\bcards?\b|vouchers?|points?\b|礼品卡|购物卡|积分|余额))"
        r"(?=.*(?:\bvalid\b|\bruns? out\b|\bgood (?:for|until)\b|\buse (?:it|them) (?:up|by)\b"
        r"|用完|作废|清零|有效|用到|放(?:多久|几年)))",
        r"\bexpir|\bvalid\b|过期|失效|有效期|清零|作废",
    ),
    _concern(
        rf"^(?!.*(?:{_MEND}))(?=.*(?:{_HARM}))(?=.*(?:{_CAME}))|^(?!.*(?:{_MEND}))(?=.*(?:{_HARM_ZH}))(?=.*(?:{_CAME_ZH}))",
        rf"(?:{_CAME}|\bbox\b|\bdelivery\b|\bday one\b).{{0,40}}(?:{_HARM})"
        rf"|(?:{_HARM}).{{0,40}}(?:{_CAME}|\bbox\b|\barrival\b)"
        rf"|(?:{_CAME_ZH}).{{0,10}}(?:{_HARM_ZH}|损坏|缺陷)",
    ),
    _concern(
        r"\b(?:receiv\w+|got|sent|came|arriv\w+)\b.{0,40}\b(?:wrong|different|not what|not the (?:one|same)|isn't what)"
        r"|\b(?:different|not the same)\b.{0,20}\border"
        r"|(?:收到|寄来|发来|到手|送来|拿到).{0,14}(?:不一样|不符|不对|不同|不是我|错)"
        r"|[跟和与]我?(?:下单|订|买|选).{0,6}(?:不一样|不符|不同|对不上)",
        r"\b(?:receiv\w+|reciev\w+|got|sent|sends?)\b.{0,24}\bwrong\b|\bwrong\b.{0,24}\bin the box"
        r"|\bnot what i ordered\b|发错|寄错|不是我[订买]",
    ),
    _concern(
        r"\b(?:when|what day|which day)\b.{0,40}\b(?:charged?|debit\w*|take the money)\b"
        r"|(?:哪天|什么时候|几时|何时|多久).{0,12}(?:扣款|扣钱|被扣)"
    ),
    _concern(
        r"(?=.*(?:\bchats?\b|\bconversations?\b|聊|对话))"
        r"(?=.*(?:\bstor\w+|\bkeep\w*|\bkept\b|\bsaved?\b|\brecord\w*|\bdelet\w*|存|保留|删|记录|录))",
        r"\bchats?\b|聊天|对话",
    ),
    _concern(
        r"\breturn(?:s|ed|ing|able)?\b|\b(?:send|give|bring|take)\w* (?:it |them |this |that |\w+ )?back\b"
        r"|退(?!税)|寄回",
        r"\breturn|\brefund|\bback\b|退|寄回",
    ),
)
LEAST = 0.05
"""Below it an entry that speaks of the concern is too unlikely to have others step back for it."""


def concerned(hits: Sequence[Hit], query: str) -> tuple[Hit, ...]:
    """The hits, best first; without those that are silent on the query's concern, where a likely one speaks of it.

    A query with no concern of these, or with several, leaves all as they are.
    """
    about = [concern for concern in _CONCERNS if concern.asks.search(query)]
    if len(about) != 1:
        return tuple(hits)
    speaks = {hit.passage.id: _speaks(hit, about[0]) for hit in hits}
    if not any(speaks[hit.passage.id] and (hit.probability or 0.0) >= LEAST for hit in hits):
        return tuple(hits)
    kept = [hit for hit in hits if hit.exact or speaks[hit.passage.id]]
    raised = shared(kept, hits)
    return tuple(sorted(raised, key=lambda hit: -(hit.probability or 0.0))) if left_out(kept, hits) else raised


def _speaks(hit: Hit, concern: _Concern) -> bool:
    passage = hit.passage
    return bool(concern.speaks.search("\n".join((passage.title, passage.text, *passage.questions))))
