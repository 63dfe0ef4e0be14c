"""How a shopper feels, and whether they speak of the law, by words. Pure; English and Chinese.

A person is offered because of it, so a false alarm is worse than a missed one: words count only as they are said by
somebody who is cross ("this is ridiculous"), not as they name things ("ridiculously light", "anger management book").
"""

import re
from enum import StrEnum

from bot.conversation import Reason


class Mood(StrEnum):
    """The mood, from good to bad."""

    CALM = "calm"
    ANNOYED = "annoyed"
    ANGRY = "angry"


_VERY = r"(?:(?:so|very|really|absolutely|totally|completely|utterly|just|beyond|getting|extremely|simply|quite)\s+)*"
_SELF = r"\b(?:i'?m|i am|we'?re|we are|i feel|makes? me|making me|am|feeling)\s+" + _VERY
_THAT = r"\b(?:this|that|it|you|which)(?:'s|\s+(?:is|are|was|company is|shop is|service is|bot is))\s+" + _VERY
_BAD = r"(?:terrible|horrible|awful|appalling|disgusting|disgraceful|shameful|pathetic|shocking|atrocious)"
_OURS = r"(?:customer service|customer support|service|support|experience|shop|store|company|bot|chatbot|people)"

_ANGRY = re.compile(
    rf"{_SELF}(?:furious|angry|mad(?! (?:about|for|on))|livid|pissed(?: off)?|outraged|fuming|disgusted)\b"
    rf"|^{_VERY}(?:furious|livid|outrageous|unacceptable|ridiculous|disgraceful|unbelievable)\s*[.!]*$"
    rf"|{_THAT}(?:ridiculous|outrageous|unacceptable|disgraceful|a disgrace|a (?:total |complete |bad )?joke|bullshit|"
    rf"bs|a (?:total |complete )?(?:scam|rip-?off|waste of (?:my )?time)|insane|{_BAD})"
    r"\s*(?:[.!,;?]|$|(?:service|and|that|how)\b)"
    rf"|\b(?:absolutely|totally|completely|just) (?:ridiculous|outrageous|unacceptable|disgraceful|{_BAD})\b"
    rf"|\b{_BAD} {_OURS}\b|\b(?:the )?worst {_OURS}\b|\buseless {_OURS}\b|\bhow dare you\b"
    r"|\b(?:fed up|sick (?:and tired )?of (?:this|you|waiting|being)|had enough of (?:this|you))\b"
    r"|\bi'?ve had (?:it|enough)\b"
    r"|\b(?:you(?: people| guys)?|they) (?:are|r) (?:all )?"
    r"(?:scammers?|thieves|liars|crooks|useless|idiots|incompetent)\b"
    r"|\byou(?:'re| are|'ve| have)? (?:ripp(?:ed|ing)|scamm(?:ed|ing)|cheat(?:ed|ing)) (?:me|us|people)\b"
    r"|\bwhat the (?:hell|fuck|heck)\b|\bwtf\b|\bfuck(?:ing|ed)?\b|\bbullshit\b|\bare you (?:fucking )?kidding me\b"
    r"|\bwast(?:ed|ing) my time\b|\b(?:what|such) a waste of (?:my )?time\b"
    r"|\b(?:will )?never (?:buy|shop|order|use)(?:ing)? (?:\w+ ){0,4}again\b"
    r"|太过分|气死|气炸|忍无可忍|受够了|太离谱|离谱至极|太差劲|太恶劣|太气人|欺人太甚|什么破|搞什么鬼|欺骗消费者|坑人|坑我"
    r"|(?:很|非常|特别|真的?|好|十分|太)(?:生气|愤怒|恼火|火大)|我(?:生气|愤怒|怒)了"
    r"|(?:你们|骗子|就是|都是|一群|是个?)(?:骗子|奸商|黑店)|你们(?:这|这就|就|都)?是?(?:在)?骗人|骗子(?:公司|店|商家|吧)"
    r"|垃圾(?:客服|店|商家|服务|公司|平台|态度)|(?:服务|态度|客服)(?:真|也|实在|简直|太)?(?:垃圾|差到|太差|极差|很差|恶劣|烂透)"
    r"|他妈|妈的|滚蛋|有病吧|你们(?:耍我|耍人|骗我)|再也不(?:会)?(?:买|来|光顾)",
    re.I,
)

_ANNOYED = re.compile(
    rf"{_SELF}(?:annoyed|frustrated|disappointed|upset|unhappy|irritated|not (?:happy|satisfied|impressed))\b"
    rf"|{_THAT}(?:annoying|frustrating|disappointing|unhelpful|no help)\b"
    rf"|{_THAT}not (?:helpful|helping|good enough|acceptable)\b"
    r"|\b(?:so|very|how) (?:annoying|frustrating|disappointing)\b"
    r"|\bnot what i (?:asked|said|meant)\b|\byou(?:'re| are)? not (?:listening|understanding|helping|answering)\b"
    r"|\byou (?:don'?t|do not) (?:understand|listen|help|answer)\b"
    r"|\bi(?:'ve| have)? (?:already )?(?:told|asked) you (?:already|twice|before|again|\w+ times)\b"
    r"|\bi(?:'ve| have)? already (?:told|asked) you\b|\bi(?:'m| am| have been|'ve been) still waiting\b"
    r"|\bstill (?:waiting|no (?:answer|reply|response|refund|parcel|package))\b"
    r"|\bwaiting for (?:weeks|days|ages|hours)\b"
    r"|[?？][!?！？]{2,}|[!！][?？]"
    r"|失望|无语|太烦|烦死|答非所问|听不懂(?:吗|我)|没有?(?:用|帮助)[！!。]?$|不满意|差评|投诉"
    r"|怎么(?:还|又)(?:没|不)|等了(?:很|好|这么|那么|半|几|\d)|说了(?:多少|几|好几)[遍次]|问了(?:多少|几|好几)[遍次]",
    re.I,
)

_LAW = re.compile(
    r"\b(?:my|our|a|an|contact(?:ed|ing)?|call(?:ed|ing)?|see(?:ing)?|hire|get(?:ting)?|from) "
    r"(?:lawyers?|attorneys?|solicitors?|legal team)\b(?=[^?]*$|.{0,40}\b(?:you|this|refund)\b)(?! (?:bag|case|brief))"
    r"|\b(?:i'?ll|i will|will|going to|gonna|i'?m|can|could|should|might|to) su(?:e|ing) "
    r"(?:you|y'?all|your|this|the (?:shop|store|company))\b|^sue you\b|\bsu(?:e|ing) you(?: (?:guys|people|all|for))?\b"
    r"|\b(?:take|taking|pursue|pursuing|start|threaten|consider(?:ing)?|seek(?:ing)?) legal (?:action|steps|advice)\b"
    r"|\blegal action\b(?! figure)"
    r"|\b(?:take|taking|bring|drag)(?:ing)? (?:you|this|it|your \w+) to (?:court|small claims)\b"
    r"|\bsee you in court\b|\bsmall claims(?: court)?\b"
    r"|\b(?:report|reporting|complain|complaining|complaint|go|going|turn)\b.{0,30}\b(?:consumer (?:protection|rights|"
    r"affairs|council|agency)|trading standards|better business bureau|bbb|ftc|ombudsman|police|authorities)\b"
    r"|\b(?:file|filing|filed|open|opening|start|do) a (?:chargeback|lawsuit|legal claim|police report)\b|\blawsuit\b"
    r"|律师函|(?:我的|找|请|联系|咨询|委托|让|通知)(?:了|个|一?位)?(?:我的?)?律师|(?:要|去|会|就|准备|将)起诉|起诉(?:你|贵|商家)"
    r"|告(?:你们|上法庭|上法院|到法院|死你)|(?:法院|法庭)(?:上)?见|(?:走|通过|采取|诉诸)法律|法律(?:途径|手段|程序|武器)"
    r"|消协|消费者协会|消保委|(?<![\dA-Za-z-])12315(?![\dA-Za-z-])|(?:工商|市场监管|市监)(?:局|部门|总局)|(?:要|去|会|就|马上)报警|曝光你们",
    re.I,
)

_SHOUTED = re.compile(r"(?<![\w-])[A-Z']{2,}(?![\w-])")
_LOUD_WORDS = 4


def alarm(text: str) -> Reason | None:
    """Why this message alone calls for a person: a legal threat, or else anger; None when neither."""
    plain = _plain(text)
    if _LAW.search(plain):
        return Reason.LEGAL_THREAT
    return Reason.ANGER if _ANGRY.search(plain) else None


def mood(text: str) -> Mood:
    """The mood of one message. A legal threat counts as anger, shouting in capitals as annoyance."""
    if alarm(text):
        return Mood.ANGRY
    return Mood.ANNOYED if _ANNOYED.search(_plain(text)) or _shouts(text) else Mood.CALM


def _shouts(text: str) -> bool:
    """At least so many words, and hardly a small letter among them."""
    small = sum(c.islower() for c in text)
    return len(_SHOUTED.findall(text)) >= _LOUD_WORDS and small <= len(text) // 20


def _plain(text: str) -> str:
    return text.replace("’", "'").replace("`", "'")
