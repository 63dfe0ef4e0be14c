"""How a message answers what the bot asked about an order: yes, no, send it again, I have none, only this. Pure.

All patterns are for folded text. Which messages are about an order at all is in `ask.py`.
"""

import re

YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok(?:ay)?|confirm(?:ed)?|correct|right|go ahead|do it|please do|that'?s (?:right|"
    r"correct|fine))"
    r"(?:[,.! ]+(?:please|yes|go ahead|do it|do so|do that|cancel (?:it|the order|my order)|that'?s (?:right|"
    r"correct|fine)|"
    r"confirm(?:ed)?|return (?:it|them)|change it|use (?:it|this address)|correct|thanks|thank you))*[.! ]*$"
    r"|^(?:是|是的|对|对的|好|好的|可以|行|确定|确认|没错|嗯|要)(?:[,， ]*(?:取消|退货|修改|确定|确认|吧|的|谢谢|"
    r"取消吧|改吧|退吧|取消订单))*[吧啊了呀!。. ]*$",
    re.I,
)
NO = re.compile(
    r"^(?:no|nope|nah|no,? thanks?(?: you)?|not now|never ?mind|forget (?:it|that|about it)|stop|don'?t|do not|"
    r"leave it|keep it|cancel that|"
    r"no,? leave it as it is|no,? keep it|i changed my mind)\b[^?\d]{0,30}$"
    r"|^(?:不|不用|不用了|不要|不要了|不了|算了|不是|不取消|先不|别|没事|不需要|不,保持原样|"
    r"不，保持原样)[了吧!。. ,，取消保持原样不先用要查问退改]*$",
    re.I,
)
AGAIN = re.compile(
    r"\b(?:re-?send|send (?:it|me|a|the|another)(?: new)?(?: code)?(?: again)?|new code|another code|"
    r"again please)\b|重新发|再发|重发|重新发送",
    re.I,
)
NOT_HERE = re.compile(
    r"\b(?:no|not|haven'?t|didn'?t|never|don'?t|nothing|can'?t find|cannot find|lost|"
    r"forgot(?:ten)?)\b.{0,25}\b(?:code|mail|e-?mail|number|came|come|get|got|received?|arrived?|have|know|it)\b"
    r"|没(?:有)?收到|收不到|没有?(?:订单号|邮件|验证码)|不知道|忘了|忘记|找不到",
    re.I,
)
WONDERS = re.compile(
    r"\b(?:how|what|when|why|where|who|which|does|do you|did|is there|are there|have you|got any|show me|"
    r"looking for)\b|多久|怎么|什么|多少|几天|哪|有没有|推荐"
)
"""A question, with or without its mark, which names nothing to choose: "how long does the hat take"."""
_SAID = re.compile(r"\b(?:code|number)\b|验证码|订单号|号码")
_SMALL = re.compile(r"\b(?:it'?s|it is|is|here|the|my|this|ok(?:ay)?|sorry|and|please|thanks)\b|是|这个|好的|给")
_WORD = re.compile(r"[^\W\d_]{2}")


def alone(text: str) -> bool:
    """Whether there is little but digits, or what they are is said: "ok, 123 456", 我的验证码是123456."""
    return bool(_SAID.search(text)) or not _WORD.search(_SMALL.sub(" ", text))
