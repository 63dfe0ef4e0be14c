"""From what the shopper wrote, and what was said before, to a query that stands alone.

Pure: no model, no clock. Which hits a query finds is not known here, nor what is done with them (`policy.py`).
"""

import re
import unicodedata
from dataclasses import replace

from bot.context import Context
from bot.conversation import Intent, Phase, Understood
from bot.followup import read
from bot.language import foreign, language, simplified
from bot.mood import alarm
from bot.offtopic import is_abuse, off_topic
from bot.smalltalk import small_talk
from bot.summary import address
from knowledge.words import HAN_CHAR

_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please(?: do)?|yes,? please(?: do)?|go ahead)[\s.!]*$"
    r"|^(?:是|是的|好|好的|好啊|可以|要|需要|麻烦了|行)[的吧呀啊！!。.~ ]*$",
    re.I,
)
_NO = re.compile(
    r"^(?:no|nope|nah|no,? thanks?(?: you)?|not now)[\s.!]*$|^(?:不|不用|不用了|不需要|不要|算了)[了吧！!。. ]*$", re.I
)

_YES_STAFF = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please)\b[ ,.!]*(?:(?:please|do|i do|i would|then)[ ,.!]+)*"
    r"(?:(?:get|give|bring|send|put|connect|pass|hand|transfer|let|ask|call|fetch)\b.{0,30}|i(?:'d| would)? (?:like"
    r"|want|need|"
    r"prefer)\b.{0,20}|(?:an? |the |some |with an? |to an? )?(?:real |human )?(?:person|human|agent|someone|somebody"
    r"|staff|"
    r"colleague|operator))[ ,]*(?:please|now)?[\s.!]*$"
    r"|^(?:好的?|是的?|可以|要|行|嗯)[，, ]*(?:请|麻烦|帮我|给我)*(?:转|找|接|叫|要)(?:一?[个位])?(?:人工|真人|客服"
    r"|人).{0,4}$",
    re.I,
)
"""Yes to the offer of a person, in more words than that."""
_NO_STAFF = re.compile(
    r"^(?:no|nope|nah|not now|never ?mind|forget it|leave it)\b[ ,.!]*(?:(?:thanks?(?: you)?|please|it'?s (?:fine"
    r"|ok(?:ay)?"
    r"|alright|good)|that'?s (?:fine|ok(?:ay)?|alright|good)|i'?m (?:fine|good|ok(?:ay)?|alright)|forget (?:it|that"
    r"|about it)|never ?mind|"
    r"leave it|not (?:now|yet|needed|necessary)|no need|(?:please )?don'?t|(?:i|we) (?:don'?t|do not) (?:need|want)"
    r" (?:one|that|it|to|a person|anyone|anybody)|(?:i'?d|i would) rather not|maybe later|later)[ ,.!]*)*$"
    r"|^(?:不|不用|不用了|不需要|不要|算了|不必)[，, ]*(?:不|用|必|需要|要|了|谢谢|没事|算|我|自己|先|再|看看"
    r"|吧)*[。！!. ]*$",
    re.I,
)
"""No to it, likewise."""

_PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        Intent.STAFF,
        re.compile(
            r"\b(talk|speak|chat|connect|transfer|switch|put|get)\b.{0,20}\b(person|human|agent|someone|somebody|staff|"
            r"representative|operator|real (?:person|human)|colleague|manager)\b"
            r"|\b(?:give me|get me|i (?:want|need)|i'd like|i would like|can i have)\b (?:to (?:have|see) )?(?:an?"
            r"|another|some)"
            r" (?:real |live |actual )?(?:person|human|agent|representative|operator)(?=[\s.!?,]*$|,? (?:please|now"
            r"|here|instead)\b)"
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

_PIECES = re.compile(r"[,.!~，。！～]+|\s(?=(?:good ?)?bye\b)|\b(?:and|then)\b", re.I)
_POLITE = tuple(pair for pair in _PATTERNS if pair[0] in (Intent.HELLO, Intent.THANKS, Intent.BYE))
_PLEASED = ("laugh", "praise", "cool")
"""Small talk that goes with thanks."""
_SEVERAL = 2
_ADDRESS_WORDS = 6
_ADDRESS_HAN = 12


def normalise(text: str) -> str:
    """NFKC with control, format and tag characters dropped and runs of white space made one space."""
    folded = unicodedata.normalize("NFKC", text)
    kept = "".join(" " if c.isspace() else c for c in folded if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())


def understand(text: str, context: Context) -> Understood:
    """What `text`, as the shopper wrote it, means in its conversation."""
    meaning = _meaning(normalise(text), context)
    left = _left_address(meaning.text) if context.state.phase is Phase.WAITING else ""
    return replace(meaning, alarm=alarm(meaning.text), address=left)


def _meaning(clean: str, context: Context) -> Understood:
    lang = language(clean, context.state.lang, context.spoken)
    plain = simplified(clean)
    tapped = clean in context.choices and not _is_staff(clean)
    intent, about = (Intent.QUESTION, "") if tapped else _intent(plain, context)
    if intent is not Intent.QUESTION:
        return Understood(plain, plain, lang, intent, about=about)
    found = read(plain, lang, context)
    return Understood(
        plain, found.query, lang, follows=found.follows, second=found.second, focus=found.focus, between=found.between
    )


def _is_staff(text: str) -> bool:
    """Whether a choice is the one that asks for a person."""
    return bool(_PATTERNS[0][1].search(text))


def _intent(clean: str, context: Context) -> tuple[Intent, str]:
    """The kind of message and, where it is not about the shop, of what kind that is."""
    talk = small_talk(clean)
    if context.state.offered and (_YES_STAFF.search(clean) or _NO_STAFF.search(clean)):
        return (Intent.YES if _YES_STAFF.search(clean) else Intent.NO), ""
    said = (Intent.YES, Intent.NO) if context.state.offered else (Intent.NOD, Intent.NOD)
    if _YES.search(clean) or talk == "pleased":
        return said[0], ""
    if _NO.search(clean):
        return said[1], ""
    for intent, pattern in _PATTERNS:
        if pattern.search(clean):
            return intent, ""
    if last := _pleasantries(clean):
        return last, ""
    task = dict(context.state.task)
    if task and task.get("kind") != "search" and task.get("step") != "done":
        # Whatever it is, it may be the answer that the task waits for; a search, or what is done, waits for none.
        return Intent.QUESTION, ""
    return _aside(clean, talk, context)


def _pleasantries(clean: str) -> Intent | None:
    """What the last of several polite pieces is ("thanks a lot, bye"); None where one of them says anything else."""
    pieces = [piece.strip() for piece in _PIECES.split(clean) if piece.strip()]
    kinds = [next((intent for intent, pattern in _POLITE if pattern.search(piece)), None) for piece in pieces]
    good = [
        kind or (Intent.SMALL_TALK if small_talk(piece) in _PLEASED else None)
        for kind, piece in zip(kinds, pieces, strict=True)
    ]
    if len(pieces) < _SEVERAL or not all(good):
        return None
    return Intent.THANKS if good[-1] is Intent.SMALL_TALK else good[-1]


def _aside(clean: str, talk: str, context: Context) -> tuple[Intent, str]:
    if talk == "grateful":
        return Intent.THANKS, ""
    if talk and not (talk == "unclear" and context.catalogue.named(clean)):
        return Intent.SMALL_TALK, talk
    if is_abuse(clean):
        return Intent.ABUSE, ""
    if about := off_topic(clean, context.catalogue.sold()):
        return Intent.OFF_TOPIC, about
    return (Intent.SMALL_TALK, "languages") if foreign(clean, context.spoken) else (Intent.QUESTION, "")


def _left_address(text: str) -> str:
    """The e-mail address of a message that says little else and asks nothing."""
    found = address(text)
    rest = text.replace(found, " ")
    little = len(rest.split()) <= _ADDRESS_WORDS and len(HAN_CHAR.findall(rest)) <= _ADDRESS_HAN
    return found if little and not re.search(r"[?？]", rest) else ""
