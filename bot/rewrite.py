"""A follow-up made to stand alone by what the question before, or the product talked about, has to give. Pure.

* A fragment puts one thing in the place of another: after "How long does shipping to Canada take?", "what about the
  UK?" asks the same of the UK. A place takes a place's place, a product a product's, a size a size's, a colour a
  colour's; where the question before has none, it is added.
* A message that points back ("does it come in black?") gets the name of what it points at, in front.
* A correction ("no, I meant the women's one") or a changed mind ("actually, show me boots instead") loses its opening,
  and is read as what remains.

Whatever stands alone comes back as it is.
"""

import re
from dataclasses import dataclass

from bot.catalogue import COLOUR, NOUN, PLACE, PRODUCT, SIZE, Catalogue, Slot, singular
from knowledge.words import HAN, fold

MAX_QUERY = 240
"""Characters of a query that may grow by what was said before; above it only the last question's own words are kept."""

_CORRECTS = re.compile(
    r"^(?:(?:no+|nope|sorry|oops|wait|hmm|ah|oh|hold on|not that(?: one)?|my bad|my mistake)[ ,.!;:-]+)*"
    r"(?:i (?:actually |really )?(?:meant?|was asking about|am asking about)(?: to (?:say|ask))?|i'?m talking "
    r"about|make that|"
    r"rather)[ ,:]+"
    r"|^(?:no+\s?[,.!;:-]+|(?:sorry|oops|wait|correction)[ ,.!;:-])[ ,.!;:-]*(?=\S)"
    r"|^(?:(?:不是?|不对|错了|不好意思|抱歉|等等|啊|哦|噢)[，,。！! ]*)*(?:我(?:是说|说的是|问的是|指的是"
    r"|想说的是|要问的是|的意思是)|应该是|改成)[，,：: ]*"
    r"|^(?:不对|错了|抱歉|不好意思|说错了|打错了)[，,。！! ]+(?=\S)"
    r"|^(?:不是[^，,。]{1,20}[，,]\s*(?:我?(?:说的)?是|而是))"
    r"|^not (?:the )?[\w' -]{2,30}, (?:but )?",
    re.I,
)
_CHANGES = re.compile(
    r"^(?:(?:actually|on second thoughts?|never ?mind(?: that)?|forget (?:it|that|about (?:it|that))|instead"
    r"|well|ok(?:ay)?|"
    r"hmm+|in fact|wait)[ ,.!;:-]+)+"
    r"|^(?:(?:其实|算了|还是|那还是|不要了|改主意了|我改主意了)[，,。！! ]*)+",
    re.I,
)
_INSTEAD = re.compile(r",?\s*\binstead\b(?=[\s.?!]*$)|(?<=\S)(?:好了|算了|吧)(?=[。！!]*$)", re.I)
_FRAGMENT = re.compile(
    r"^(?:(?:ok(?:ay)?|and|but|so|then|also|hmm|cool|great|thanks|alright)[ ,]+)*"
    r"(?:(?:(?:what|how) about|same (?:question |thing )?(?:for|with)|and(?: what about)?(?: for| to| in| on| with"
    r"| from)?"
    r"|is (?:it|that) the same "
    r"(?:for|with|in)|does (?:that|this|it) (?:also )?(?:apply|go) (?:to|for)|or|for|in|to|with)\s+)"
    r"(?P<what>[^?!]{1,60}?)(?:,? (?:too|as well|also|then|please|instead|is (?:it|that) the same))*\s*[?.!]*$",
    re.I,
)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|does|do|did|can|could|will|would|should|has|have|how|when|where|why|who|which|what"
    r"|need|want|"
    r"i|you|we|show|tell|give|find|it|they)\b",
    re.I,
)
_ZH_FRAGMENT = re.compile(
    r"^(?:那么?|还有|另外|然后|如果是?|换成|要是|对于|和|或者?|好[，,])*(?:那|如果)?(?:发|寄|送|到|去|买|是"
    r"|换)?(?:到|往|去)?"
    r"(?P<what>[^，,。？?！!呢吗]{1,16}?)(?:的话)?(?:呢|也(?:是)?(?:一样|这样|可以)(?:的)?吗?"
    r"|(?:是不是)?也(?:一样|行|有)吗?)[？?。！!～~]*$"
)
_ZH_CLAUSE = re.compile(r"[多怎什几了]|哪|谁|为何|有没有|能不能|可不可以|是不是|(?<![没])有(?!也)|可以|需要|支持")
_THE = re.compile(r"^(?:the|a|an|my|your|to|in|for|with|from|这个|那个|这款|那款)\s?", re.I)
_JOINED = re.compile(r"^\s*(?:,|and|or|&|/|和|或|、)+\s*(?:the\s)?$", re.I)
_POINTER = re.compile(
    r"\b(?:it|they|them|this one|that one|this|that|these|those)\b|它们?|这个|那个|这款|那款|这件|那件", re.I
)
_PREFIX = re.compile(r"^(?P<name>[^:：?？]{2,80}?)[:：]\s?(?P<rest>.+)$")
_NAME = re.compile(r"^(?:to |in |for )?(?P<name>[A-Z][\w'.-]*(?: [A-Z][\w'.-]*){0,2})$")
_NAME_WITHIN = re.compile(r"(?<=[a-z,] )[A-HJ-Z]\w+(?: [A-Z]\w+)*")
_ASIDE = re.compile(r"^\s?(?:\([^)]*\)|（[^）]*）)")
"""What a place lies in, put behind it for the search: it goes with the place."""
_MEANS = re.compile(r"\b(?:with|by|via|using) (?P<name>(?!my\b|your\b|the\b|an?\b)[\w-]+)[?.!]*$", re.I)
_PREPOSITION = re.compile(r"^(?:in|to|for|with|from|by)\b\s?", re.I)


@dataclass(frozen=True, slots=True)
class Before:
    """What a follow-up may lean on. `question` stands alone; `product` is the name of the product talked about."""

    question: str = ""
    product: str = ""


def opening(text: str) -> tuple[str, bool]:
    """The message without an opening that corrects or changes one's mind, and whether it corrects what was said.

    Nothing is taken from a message that is such an opening and no more.
    """
    if (match := _CORRECTS.match(text)) and text[match.end() :].strip(" ?.!？。！"):
        return text[match.end() :].strip(), True
    changed = _CHANGES.match(text)
    rest = _INSTEAD.sub("", text[changed.end() :] if changed else text).strip()
    return (rest, False) if rest.strip(" ?.!？。！") and (changed or rest != text) else (text, False)


def fragment(text: str, *, corrects: bool = False) -> str:
    """The thing that a message with no clause of its own names, as `Canada` of "what about Canada?"; empty when none.

    Args:
        text: Normalised.
        corrects: What is left of a correction names a thing without any opening ("sorry, Germany").
    """
    match = _FRAGMENT.match(text) or _ZH_FRAGMENT.match(text)
    what = match["what"].strip() if match else ""
    if not what and corrects:
        what = text.strip(" ?.!？。！的吗呢")
    if not what or (_ZH_CLAUSE if HAN.search(what) else _CLAUSE).search(_THE.sub("", what)):
        return ""
    return what


def exchanged(what: str, before: Before, catalogue: Catalogue) -> str:
    """The question before with `what` in it, in the place of what is of its kind, or else added; empty without one."""
    last = before.question
    if not last:
        return ""
    fills = _runs(what, catalogue)
    if not fills:
        return _unknown(what, last, catalogue)
    for slot in fills.values():
        last = _with(slot, what, last, catalogue)
    return last


def _with(slot: Slot, what: str, last: str, catalogue: Catalogue) -> str:
    slots = _runs(last, catalogue)
    if same := slots.get(slot.kind):
        article = "the " if re.match(r"(?:\w+ )?the\b", what) and not last[: same.start].endswith("the ") else ""
        if slot.kind != PLACE:
            return last[: same.start] + slot.text + last[same.end :]
        return last[: same.start] + article + slot.text + _ASIDE.sub("", last[same.end :])
    if slot.kind in (PRODUCT, NOUN):
        return _about(slot, last, list(slots.values()))
    return _added(_phrase(slot, what), last)


def _about(slot: Slot, last: str, slots: list[Slot]) -> str:
    """The last question asked of another thing, where it named one in front, in its midst, or by a pronoun."""
    things = [one for one in slots if one.kind in (PRODUCT, NOUN)]
    prefix = _PREFIX.match(last)
    if prefix and things and things[0].start == 0:
        return f"{slot.text}: {prefix['rest']}"
    if things:
        one = things[0]
        return last[: one.start] + slot.text + last[one.end :]
    pointer = _POINTER.search(last)
    if pointer and slot.kind == NOUN:
        the = "" if HAN.search(last) else "the "
        return last[: pointer.start()] + the + slot.text + last[pointer.end() :]
    return f"{slot.text}: {last}"


def _phrase(slot: Slot, what: str) -> str:
    """How a slot is added: with the preposition that it came with, or one that fits."""
    given = _PREPOSITION.match(what)
    if HAN.search(slot.text):
        return slot.text
    return f"{given.group().strip() if given else 'to' if slot.kind == PLACE else 'in'} {slot.text}"


def _added(phrase: str, last: str) -> str:
    plain = last.rstrip(" ?.!？。！")
    mark = last[len(plain) :].strip()[:1]
    gap = "，" if HAN.search(phrase) and HAN.search(last) else " "
    return f"{plain}{gap}{phrase}{mark}"


def _unknown(what: str, last: str, catalogue: Catalogue) -> str:
    """A name that is on no list takes a place's place, or that of another name; anything else is added."""
    slots = _runs(last, catalogue)
    place, name = slots.get(PLACE), _NAME.match(what)
    if place and (name or HAN.search(what)) and not _PREFIX.match(last):
        return last[: place.start] + (name["name"] if name else what) + _ASIDE.sub("", last[place.end :])
    means = _MEANS.search(last)
    if means and re.fullmatch(r"[\w-]+", what) and not slots:
        return last[: means.start("name")] + what + last[means.end("name") :]
    names = list(_NAME_WITHIN.finditer(last))
    if name and names and not slots:
        return last[: names[-1].start()] + name["name"] + last[names[-1].end() :]
    return _added(what if HAN.search(what) or _PREPOSITION.match(what) else f"({what})", last)


def _runs(text: str, catalogue: Catalogue) -> dict[str, Slot]:
    """The first slot of each kind; what is listed ("the UK and Germany") is one."""
    out: dict[str, Slot] = {}
    for slot in catalogue.slots(text):
        first = out.setdefault(slot.kind, slot)
        if slot is not first and _JOINED.match(text[first.end : slot.start]):
            out[slot.kind] = Slot(slot.kind, text[first.start : slot.end], first.start, slot.end, first.handle)
    return out


def pointed(text: str, name: str) -> str:
    """A message that points back, with the name in front of what it asks."""
    return f"{name}: {text}" if name and fold(name) not in fold(text) else text


def followed(text: str, last: str) -> str:
    """A message after the question that it leans on."""
    return f"{last} {text}" if last and len(last) + len(text) < MAX_QUERY else text


def colour_or_size(what: str, catalogue: Catalogue) -> bool:
    """Whether a fragment names nothing but a colour or a size."""
    slots = catalogue.slots(_THE.sub("", what))
    return bool(slots) and all(slot.kind in (COLOUR, SIZE) for slot in slots)


def same_thing(slot: Slot, name: str) -> bool:
    """Whether a noun is what a product's name says it is."""
    return singular(fold(slot.text)) in {singular(word) for word in re.findall(r"\w+", fold(name))} or (
        bool(HAN.search(slot.text)) and fold(slot.text) in fold(name)
    )
