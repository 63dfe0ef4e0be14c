"""From what the shopper wrote, and what was said before, to a query that stands alone.

Pure: no model, no clock. Which hits a query finds is not known here, nor what is done with them (`policy.py`).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation import Intent, Phase, State, Understood
from bot.mood import alarm
from bot.summary import address

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_CODE = re.compile(r"\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b")


_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please(?: do)?|yes,? please(?: do)?|go ahead)[\s.!]*$"
    r"|^(?:是|是的|好|好的|好啊|可以|要|需要|麻烦了|行)[的吧呀啊！!。.~ ]*$",
    re.I,
)
_NO = re.compile(
    r"^(?:no|nope|nah|no,? thanks?(?: you)?|not now)[\s.!]*$|^(?:不|不用|不用了|不需要|不要|算了)[了吧！!。. ]*$", re.I
)

_PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        Intent.STAFF,
        re.compile(
            r"\b(talk|speak|chat|connect|transfer|switch|put|get)\b.{0,20}\b(person|human|agent|someone|somebody|staff|"
            r"representative|operator|real (?:person|human)|colleague|manager)\b"
            r"|^(?:an? |the )?(?:human|agent|real person|operator|representative|person|staff)(?: please)?[.!?]*$"
            r"|转?人工|真人|客服人员|人工客服",
            re.I,
        ),
    ),
    (
        Intent.WHO,
        re.compile(
            r"^(?:who|what) are you\b|\bare you (?:a |an )?(?:real|human|bot|robot|ai|machine|person)\b"
            r"|你是谁|你是(?:机器人|真人|人工)",
            re.I,
        ),
    ),
    (
        Intent.HELLO,
        re.compile(
            r"^(?:hi+|hello+|hey+|hiya|howdy|good (?:morning|afternoon|evening|day)|greetings)"
            r"(?:[ ,]+(?:there|all|team|everyone))?[\s.!?~]*$"
            r"|^(?:你好|您好|嗨|哈喽|在吗|在么|早上好|下午好|晚上好)[呀啊吗嘛！!。.~？? ]*$",
            re.I,
        ),
    ),
    (
        Intent.THANKS,
        re.compile(
            r"^(?:ok(?:ay)?[,. ]+|great[,. ]+|perfect[,. ]+|cool[,. ]+)?"
            r"(?:thanks?|thank you|thx|ty|cheers|much appreciated)"
            r"(?:[ ,]+(?:a lot|so much|very much|again|for (?:your|the) help|mate))*[\s.!~]*$"
            r"|^(?:好的?[，, ]*)?(?:谢谢|多谢|感谢|谢了|谢谢你|谢谢您)[您你啦了！!。.~ ]*$",
            re.I,
        ),
    ),
    (
        Intent.BYE,
        re.compile(
            r"^(?:(?:good ?)?bye(?: bye)?|see (?:you|ya)(?: later)?|have a (?:nice|good|great) (?:day|one|evening))"
            r"[\s.!~]*$"
            r"|^(?:再见|拜拜|回头见)[了啦！!。.~ ]*$",
            re.I,
        ),
    ),
)

# A message that opens like this, or is this short and points back, is read with what was said before.
_LEANS = re.compile(
    r"^(?:and|what about|how about|but|also|same for|or|then|in|for)\b"
    r"|\b(?:it|its|it's|they|them|their|this one|that one|these|those|the same|one)\b"
    r"|^(?:那|还有|那么|另外|如果)|它|这个|那个|这款|那款|这件|那件",
    re.I,
)
_ADDRESS_WORDS = 6
_ADDRESS_HAN = 12
_SHORT_WORDS = 9
_SHORT_HAN = 14


def normalise(text: str) -> str:
    """NFKC with control, format and tag characters dropped and runs of white space made one space."""
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(" " if c.isspace() else c for c in folded if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())


def language(text: str, before: str, spoken: Sequence[str]) -> str:
    """Language of `text` among `spoken`; what was spoken `before` decides where the text does not tell.

    Chinese when Han characters outweigh Latin words (a word counts as two characters, so that a product's Latin name
    inside a Chinese sentence does not turn it into English); English when there are Latin words and no Han. SKUs and
    order numbers are no words.
    """
    han, words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(_CODE.sub(" ", text)))
    if han and "zh" in spoken and han * 2 >= words:
        return "zh"
    if words >= 2 and not han and "en" in spoken:
        return "en"
    if before in spoken:
        return before
    return "en" if words and "en" in spoken else spoken[0]


def understand(text: str, state: State, questions: Sequence[str], focus: str, spoken: Sequence[str]) -> Understood:
    """What `text` means in its conversation.

    Args:
        text: What the shopper wrote.
        state: The live state before this message.
        questions: The shopper's earlier questions, oldest first.
        focus: Name of the product being talked about, in the shopper's language; empty when there is none.
        spoken: Languages that the shop answers in, the default first.
    """
    meaning = _meaning(normalise(text), state, questions, focus, spoken)
    left = _left_address(meaning.text) if state.phase is Phase.WAITING else ""
    return replace(meaning, alarm=alarm(meaning.text), address=left)


def _meaning(clean: str, state: State, questions: Sequence[str], focus: str, spoken: Sequence[str]) -> Understood:
    lang = language(clean, state.lang, spoken)
    said = (Intent.YES, Intent.NO) if state.offered else (Intent.NOD, Intent.NOD)
    answers = tuple(zip(said, (_YES, _NO), strict=True))
    for intent, pattern in (*answers, *_PATTERNS):
        if pattern.search(clean):
            return Understood(clean, clean, lang, intent)
    if not _leans(clean) or not (focus or questions):
        return Understood(clean, clean, lang)
    return Understood(clean, _filled(clean, focus, questions), lang, follows=True)


def _left_address(text: str) -> str:
    """The e-mail address of a message that says little else and asks nothing."""
    found = address(text)
    rest = text.replace(found, " ")
    little = len(rest.split()) <= _ADDRESS_WORDS and len(_HAN.findall(rest)) <= _ADDRESS_HAN
    return found if little and not re.search(r"[?？]", rest) else ""


def _leans(text: str) -> bool:
    short = len(_HAN.findall(text)) <= _SHORT_HAN if _HAN.search(text) else len(text.split()) <= _SHORT_WORDS
    return short and bool(_LEANS.search(text))


def _filled(text: str, focus: str, questions: Sequence[str]) -> str:
    """The follow-up with its topic: the product in focus, or else the last question that stood alone."""
    if focus and focus.lower() not in text.lower():
        return f"{focus}: {text}"
    return f"{questions[-1]} {text}" if questions else text
