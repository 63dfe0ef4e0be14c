"""Two questions in one message, told apart. Pure.

What is said before a question belongs to it ("I bought a tent. Can I return it?"); a greeting or thanks does not.
"""

import re

from knowledge.words import HAN_CHARS

_SENTENCE = re.compile(rf"[^.!?。！？；;\n]+(?:[.!?。！？；;]+(?=\s|$|[{HAN_CHARS}])|$|\.(?=\d)|[.!?](?=\S))*")
_ASKS = re.compile(
    r"[?？]\s*$|^(?:and |also |then |but |plus |so )*(?:how|what|when|where|which|who|why|do|does|did|is|are|can"
    r"|could|will|would|"
    r"should|may|has|have)\b|[吗呢么][。！!]*$|多少|多久|多长|怎么|什么|哪|几[天个件]|能不能|可不可以|有没有"
    r"|是不是|是否",
    re.I,
)
_JOIN = re.compile(
    r",?\s+(?:and|also|plus|but)\s+(?:also\s+)?(?=(?:how (?:much|long|many|do|does|can|is|are|big|heavy)|what"
    r"|when|where|which|"
    r"do (?:you|i|they)|does|is (?:it|there|the)|are (?:there|they|the)|can i|can you|will (?:it|you))\b)"
    r"|[，,]\s*(?=(?:另外|还有|还想问|顺便问|顺便)|(?:运费|多久|多少钱|多少|怎么|什么时候|能不能|可以|有没有"
    r"|几天).{1,})",
    re.I,
)
_EMPTY = re.compile(
    r"^(?:hi|hello|hey|thanks?(?: you)?|thx|please|ok(?:ay)?|great|good (?:morning|afternoon|evening)|你好|您好"
    r"|谢谢|好的?|请问)"
    r"(?: there| so much| a lot)?[\s,.!，。！]*$",
    re.I,
)
_OPENS = re.compile(r"^(?:and|also|plus|but|then|另外|还有|还想问(?:一下)?|顺便问(?:一下)?|顺便)[，,：:\s]*", re.I)
_LEAST = 2


def parted(text: str) -> tuple[str, str]:
    """The first question and the second, with all that comes after; the second is empty when there is one only."""
    said = [piece for match in _SENTENCE.finditer(text) if (piece := match.group().strip()) and not _EMPTY.match(piece)]
    asking = [index for index, piece in enumerate(said) if _ASKS.search(piece)]
    if len(asking) >= _LEAST:
        cut = asking[0] + 1
        return " ".join(said[:cut]), _opened(" ".join(said[cut:]))
    return _joined(text) if len(asking) == 1 else (text, "")


def _joined(text: str) -> tuple[str, str]:
    """Two questions in one sentence: what stands before the joining word must ask something by itself."""
    for match in _JOIN.finditer(text):
        first, second = text[: match.start()].strip(), text[match.end() :].strip()
        if _ASKS.search(first) and _ASKS.search(second) and first:
            return first, _opened(second)
    return text, ""


def _opened(text: str) -> str:
    return _OPENS.sub("", text)
