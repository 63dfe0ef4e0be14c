"""Small talk beyond greetings: how are you, a joke, a laugh, praise; and what says nothing, as emoji or `asdfgh`. Pure.

Every pattern is the whole message: one that goes on is a question. What is answered is not known here (`phrases.py`).
"""

import re
import unicodedata
from collections.abc import Mapping

_END = r"[\s.!?,~:;)(^_。！？，～…\-]*$"
_TALK: Mapping[str, re.Pattern[str]] = {
    about: re.compile(rf"^(?:{pattern}){_END}", re.I)
    for about, pattern in {
        "how_are_you": r"(?:(?:hi|hello|hey)[ ,!]*(?:there)?[ ,!]*)?(?:how are (?:you|u|ya|things)(?: (?:doing"
        r"|today|going))*|"
        r"how(?:'s| is) (?:it going|your day(?: going)?|everything|life)|how do you do|what'?s up|sup|wass?up"
        r"|how have you been|"
        r"(?:are )?you (?:ok|okay|alright|good)|nice to meet you|long time no see)"
        r"|(?:你好[，, ]*)?(?:你?(?:最近|今天)?(?:过得)?(?:怎么样|好吗|还好吗)|你?吃(?:饭)?了(?:吗|没|没有)?"
        r"|吃了么|在干(?:嘛|什么|啥)|在忙(?:什么|啥|吗)|"
        r"最近(?:如何|怎样|忙吗)|你好吗|很?高兴认识你|好久不见)[呀啊呢]?",
        "joke": r"(?:please |can (?:you|u|ya) |could (?:you|u) |do (?:you|u) know )*(?:tell|give|know|say) (?:me "
        r"|us )?(?:a|another"
        r"|any|some)? ?(?:\w+ )?"
        r"jokes?(?: please)?|(?:make me laugh|entertain me|sing (?:me )?a song|sing for me|say something funny)"
        r"|(?:给我|跟我|再)?(?:讲|说)(?:一?个|点)?(?:笑话|段子|冷笑话)(?:吧|呗|听听)?|(?:给我)?唱(?:一?首"
        r"|个)歌(?:吧|呗)?|逗我(?:笑|开心)(?:吧|一下)?|我无聊了?",
        "laugh": r"(?:(?:a?(?:ha|he|hi){2,}h?|lo+l+|lmf?ao+|rofl|xd+|hehe|haha+|ha ha(?: ha)*|😂+|🤣+)[ ,!.]*)+"
        r"(?:(?:that'?s|so|very) )?(?:funny|hilarious|great|good|nice|cool|ok(?:ay)?)?|(?:that'?s |so "
        r"|very )+(?:funny|hilarious)"
        r"|(?:[哈呵嘿嘻]{2,}|笑死(?:我了)?|233+|hhh+|太搞笑了|好好笑)",
        "praise": r"(?:(?:wow|oh|haha|ok)[ ,!]*)?(?:you(?:'re| are| r)|ur|this (?:bot|chat) is) (?:so |very "
        r"|really |such |pretty |quite |"
        r"a |an |the )*(?:funny|nice|great|good|smart|clever|cool|awesome|amazing|kind|sweet|cute|helpful|best"
        r"|star|legend|"
        r"genius|lovely|fast|quick)(?: (?:bot|robot|assistant|person|one))?|(?:good|great|nice|clever|smart) "
        r"(?:bot|job|work)|well done|"
        r"i like you|impressive|wow+|nice one|(?:that'?s |this is )?(?:so )?(?:amazing|awesome|impressive|cool"
        r"|interesting)"
        r"|(?:你|您|哇[，, ]*|你们)?(?:真|好|太|很|可真)?(?:厉害|聪明|可爱|棒|牛|贴心|专业|有意思|搞笑|幽默|靠谱"
        r"|智能|强)(?:啊|呀|了|的|哦|哟|嘛)*|(?:给你)?点(?:个)?赞|"
        r"6{3,}|赞|哇+|牛逼|你(?:真|好|太)(?:好|逗|好玩)(?:了|啊)?|(?:辛苦|麻烦)(?:了|你了|您了|你们了|啦)"
        r"|不错(?:哦|嘛|啊)?",
        "cool": r"(?:(?:ok(?:ay)?|k+|oh|ah|i see|got it|understood|alright|all ?right|fine|good|great|cool|nice"
        r"|right|sure|perfect|"
        r"sounds good|makes sense|good to know|fair enough|no problem|no worries|np|never ?mind|nvm|noted"
        r"|interesting|mm+|hm+|hmm+|aha|"
        r"yay|sweet|gotcha|will do|let me think|one (?:sec|moment)|wait)[ ,.!]*)+(?:then|thanks)?"
        r"|(?:(?:好|嗯|哦|噢|喔|行|懂了|明白了?|知道了|收到|了解了?|原来如此|这样啊|没事了?|没关系|算了吧|随便"
        r"|先看看|我看看|我想想|我再看看|稍等|等等|等一下|好吧|好嘞|可以的|没问题|嗯嗯|哦哦)"
        r"[的了啦呀啊哦吧，,。 ]*)+",
        "name": r"(?:what(?:'s| is|s) your name|do you have a name|who (?:made|built|created|programmed) you|"
        r"are you (?:chat ?gpt|siri|alexa|gemini|claude|deepseek))|你(?:叫什么(?:名字)?|的名字(?:是什么|叫什么)"
        r"|是(?:ChatGPT|GPT|豆包|文心一言|DeepSeek|Siri)(?:吗)?)"
        r"|谁(?:做|开发|创造|发明)(?:的你|了你)",
        "sorry": r"(?:i'?m |so |very |oh )*(?:sorry|apologies|my bad|my mistake|oops|whoops|i apologi[sz]e)(?: "
        r"about that| for that)?"
        r"|(?:对不起|不好意思|抱歉)(?:啊|了|哈)?|打错了",
        "test": r"(?:this is (?:a|just a) )?test(?:ing)?(?: (?:test|testing|123|1 2 3))*|hello world|foo(?:bar)?"
        r"|测试(?:一下|测试)?|试试",
    }.items()
}
_PLEASED = re.compile(r"^[\s👍👌✅🙂😊😀😃😄😁🤗❤🧡💛💚💙💜🖤🤍💯🎉🥰😍\ufe0f\u200d🏻🏼🏽🏾🏿]+$")
_GRATEFUL = re.compile(r"^[\s🙏💐🌹\ufe0f🏻🏼🏽🏾🏿]+$")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
_LEAST_GIBBERISH = 4
_RUN = 5


def small_talk(text: str) -> str:
    """Of what kind the small talk is, as `joke`; empty when the message is anything else.

    `pleased` and `grateful` are emoji alone that say so; `unclear` is a message that says nothing.
    """
    clean = text.strip().replace("’", "'")
    if clean and _PLEASED.match(clean):
        return "pleased"
    if clean and _GRATEFUL.match(clean):
        return "grateful"
    found = next((about for about, pattern in _TALK.items() if pattern.match(clean)), "")
    return found or ("unclear" if _says_nothing(clean) else "")


def _says_nothing(text: str) -> bool:
    """Whether there is no letter and no digit, or each word is a run over the keyboard or has no vowel to speak of."""
    if not any(unicodedata.category(char)[0] in "LN" for char in text):
        return True
    return all(map(_is_gibberish, text.split()))


def _is_gibberish(word: str) -> bool:
    """Whether a lower-case Latin word cannot be one; what holds a digit, or is a short code in capitals, may be one."""
    lower = word.lower().strip(".!?,")
    if len(lower) < _LEAST_GIBBERISH or not (lower.isascii() and lower.isalpha()) or word.isupper():
        return False
    if len(set(lower)) <= 2 or any(row[i : i + 4] in lower for row in _KEYS for i in range(len(row) - 3)):
        return True
    return not _VOWELS & set(lower) or bool(re.search(rf"[^aeiouy]{{{_RUN},}}", lower) and len(lower) > _RUN)
