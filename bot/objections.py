"""Whether a shopper finds the price too high: too dear, cheaper elsewhere, over budget, a lower price asked for.

By words, and pure; English and Chinese. A false alarm costs trust in the figure, so a price that is only asked about
("is express expensive?", "something not too expensive", "anything cheaper?") is none.
"""

import re

_VERY = r"(?:(?:so|very|really|way|far|much|quite|pretty|rather|a bit|a little|kind of|kinda|just|too)\s+)"
_DEAR = r"(?:expensive|pricey|pricy|costly|overpriced)"
_SHOPS = r"(?:amazon|walmart|decathlon|rei|another (?:shop|store)|other (?:shops|stores)|your competitors?)"
_PLACE = (
    rf"(?:elsewhere|somewhere else|on (?:amazon|ebay|temu|aliexpress|taobao)|at {_SHOPS}|"
    r"in (?:another|other|a different) (?:shops?|stores?))"
)
_FOUND = r"(?:sell|have|has|get|got|buy|find|found|seen|saw)"

_TOO_DEAR = (
    rf"\b{_VERY}*too (?:{_DEAR}|dear)\b(?! to\b)",
    r"(?:\b(?:that|this|it|they|these|those|price|shipping|delivery|which)"
    rf"(?:'s|'re|\s+(?:is|are|was|seems?|looks?|sounds?))|^)\s*{_VERY}*(?:{_DEAR}|steep)\b(?![^.!]*\?)(?! to\b)",
    rf"\b(?:so|super|insanely|ridiculously|crazy) {_DEAR}\b(?! to\b)|\boverpriced\b|^(?:wow|ouch)\W+{_DEAR}\W*$",
    r"\bprices?(?: is| are|'s| seems?)? (?:\w+ ){0,2}(?:too|very|so|really) (?:high|steep|much)\b",
    r"\bcosts? (?:way |far )?too much\b|\btoo much (?:money|to pay|to spend)\b",
    r"\b(?:way|far) too much for (?:a|an|the|this|that)\b|\brip[- ]?off\b(?! \w)",
)
_OVER_BUDGET = (
    r"\b(?:can ?not|can't|cant|couldn't|could not) afford\b",
    r"\b(?:out of|outside|above|beyond|over|exceeds?) my (?:budget|price range)\b",
    r"\bmore than i (?:can|want|wanted|would like|am willing|planned|was planning|was hoping) (?:to )?"
    r"(?:pay|spend|afford)\b",
    r"\bnot worth (?:the (?:price|money)|that (?:much|price)|[$€£¥]?\d+)\b",
)
_CHEAPER_ELSEWHERE = (
    rf"\b(?:it'?s|is|are|was|that'?s|much|way|far|{_FOUND} (?:it|this|that|the same \w*)|same \w+) (?:\w+ ){{0,3}}?"
    rf"(?:cheaper|for less)(?: \w+){{0,3}}? {_PLACE}\b",
    r"\bcheaper (?:elsewhere|somewhere else)\b|\bfound (?:it|this|that|the same \w*) (?:\w+ ){0,2}cheaper\b",
    rf"\b{_SHOPS} (?:is|are|(?:has|have|sells?) (?:it|this))(?: \w+){{0,2}} (?:cheaper|for less)\b",
)
_TAKE_LESS = (
    r"\b(?:can|could|will|would) (?:you|u|i)(?: \w+){0,2} (?:lower|reduce|drop|knock|come down on|do better on|"
    r"negotiate|haggle)(?: \w+){0,3} (?:price|off|cost)\b",
    r"\b(?:can|could) (?:you|u) (?:do|make) (?:it |this |that )?(?:any )?cheaper\b",
)
_ENGLISH = re.compile("|".join((*_TOO_DEAR, *_OVER_BUDGET, *_CHEAPER_ELSEWHERE, *_TAKE_LESS)), re.I)
_NOT_ENGLISH = re.compile(
    r"\b(?:not?|isn'?t|aren'?t|wasn'?t|nothing|less|never)\s+(?:\w+\s+){0,2}(?:too |that |so |very |really )?"
    rf"{_DEAR}\b|\b(?:most|least|more|less|how|if|unless|in case)\b(?:\s+\w+){{0,3}}\s+(?:too )?{_DEAR}\b",
    re.I,
)

_NOT_ABOUT_PRICE = r"(?!重|宾|公司|店|方|姓|族|司|处|干|的?[吗么不])"
_OTHERS = r"(?:别家|别的店|其[他它][店家]|别处|别的地方|人家|京东|淘宝|天猫|拼多多|亚马逊|网上|隔壁)"
_CHINESE = re.compile(
    rf"(?:太|好|有点|有些|真|挺|很|非常|这么|那么|偏|过于|实在)贵{_NOT_ABOUT_PRICE}"
    r"|贵(?:死|爆|得离谱|得要命|了(?:[点些吧啊呀！!。]|好多|很多|不少|一[点些]|\d|$))"
    rf"|(?:价格|价钱|价位|售价|运费|定价)\S{{0,3}}?(?:[太偏过虚]高|好高|有点高|离谱|太?贵{_NOT_ABOUT_PRICE})"
    rf"|{_OTHERS}\S{{0,8}}?(?:便宜|更低|才卖?\d|只[要卖]\d)|比\S{{1,8}}?贵"
    r"|(?:能|可以|可否|可不可以)(?:再|给我|帮我)?\S{0,2}?便宜(?:一?点|一?些|吗|不|\d)|便宜(?:一?点|些)(?:吧|行|可以吗|呗|嘛)"
    r"|(?:能|可以)\S{0,2}?(?:降价|降一?点价|少一?点|砍价|讲价|还价)"
    r"|买不起|超[出过]?了?(?:我的?)?预算|不值(?:这|那)(?:个|么)?(?:价|多)|不划算|性价比(?:太|不|很|有点)?(?:低|差)|坑钱|宰客|抢钱|割韭菜"
)
_NOT_CHINESE = re.compile(
    r"(?:不|没|没有|不是|不算|别|不要|不会|并不)\S{0,2}?(?:太|很|那么|这么|特别|非常|算|比较)?贵|贵不贵"
    r"|(?:如果|要是|是不是|会不会|会)\S{0,4}?(?:太|很|比较)?贵"
)


def objects_to_price(text: str) -> bool:
    """Whether the message says that something costs too much."""
    plain = text.replace("’", "'")
    dense = "".join(plain.split())
    return bool(_ENGLISH.search(_NOT_ENGLISH.sub(" ", plain)) or _CHINESE.search(_NOT_CHINESE.sub(" ", dense)))
