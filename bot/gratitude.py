"""Whether a shopper says that they were helped: thanks, or that it is solved. Pure; English and Chinese.

Every word of the message must be one of those that say so, since a message that goes on is about something else. What
follows from it is not known here.
"""

import re

from bot.understand import normalise

_THANKS_EN = (
    r"(?:many |big )?thanks?(?: you)?|thank u|thx|ty|tysm|cheers|much appreciated|appreciate (?:it|that|your help)|"
    r"i appreciate (?:it|that|your help)"
)
_HELPED_EN = (
    r"(?:(?:that|this|it)(?:'s| is| was|s)?|you(?:'ve| have| were)?|ok|yes|yep|yeah) ?"
    r"(?:really |very |so |super |just |exactly |perfectly |all |been )*"
    r"(?:helped|helps|helpful|a (?:big |great )?help|solved(?: it)?|solves it|worked|works|perfect|great|clear|"
    r"answers? (?:my|the) question|answered (?:my|the) question|what i (?:needed|wanted|was looking for)|"
    r"(?:all )?i (?:needed|wanted)(?: to know)?|did it|it did)|"
    r"(?:problem |issue |question )?(?:solved|answered|sorted|all sorted)|got it|all good|all set|all clear|"
    r"perfect|great|brilliant|excellent|awesome|wonderful|lovely|fantastic"
)
_PAD_EN = (
    r"ok(?:ay)?|yes|yep|yeah|ah|oh|cool|nice|good|alright|right|so much|very much|a lot|a bunch|again|mate|indeed|now|"
    r"for (?:your|the|all your|all the) (?:help|answer|info|information|quick reply|reply|time)|for that|for this|"
    r"(?:good)?bye|have a (?:nice|good|great) (?:day|one|evening)|that'?s all|you too"
)
_THANKS_ZH = (
    r"(?:非常|十分|太|多)?(?:谢谢|感谢|谢了|多谢|谢啦|谢)"
    r"(?:你们|您们|你|您|啦|了|哦|呀|啊|的帮助|的解答|的回复)*"
)
_HELPED_ZH = (
    r"(?:问题|已经|都)*解决了|(?:我|这下)?(?:明白|知道|清楚|懂|了解)(?:了|啦)|搞定了?|(?:很|非常|真的?)?(?:有帮助|有用)|帮(?:到|了)(?:我|大忙)了?|"
    r"太好了|完美|正是我(?:想|需)要的"
)
_PAD_ZH = (
    r"好(?:的|嘞|滴|吧)?|嗯+|哦+|行|可以|没问题|没有?(?:别的|其他)?(?:问题|事)了|"
    r"再见|拜拜|辛苦(?:了|你了|您了)|了|啦"
)

_GAP = r"[\s,.!~;:，。！～；、…\-👍🙏😊❤\ufe0f]*"
_PHRASE = re.compile(
    rf"(?:(?P<thanks>{_THANKS_EN})|(?P<helped>{_HELPED_EN})|(?:{_PAD_EN}))(?![\w'])"
    rf"|(?P<thanks_zh>{_THANKS_ZH})|(?P<helped_zh>{_HELPED_ZH})|(?:{_PAD_ZH})",
    re.I,
)
_SPACE = re.compile(_GAP)
_LONGEST = 120


def said_so(text: str) -> bool:
    """Whether a message says that what came before helped, and nothing else: thanks, or that it is solved.

    Every word must be one of those that say so, so neither `thanks, and in blue?` nor `thanks for nothing` does, nor
    does a lone `ok`.
    """
    if len(text) > _LONGEST:
        return False
    clean, told = normalise(text).replace("’", "'"), False
    place = _past_gap(clean, 0)
    while place < len(clean):
        found = _PHRASE.match(clean, place)
        if not found or found.end() == place:
            return False
        told = told or found.lastgroup is not None
        place = _past_gap(clean, found.end())
    return told


def _past_gap(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place
