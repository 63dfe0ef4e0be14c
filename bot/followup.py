"""A shopper's question read with the conversation: what it points at, picks or leaves out is put into words. Pure.

The rules are tried from the surest on: an answer to the bot's own question, a product picked among those shown, a
fragment that takes something's place in the question before, a message that points back. A question that stands alone
is left as it is (`rewrite.py` has the rewriting itself).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot import rewrite
from bot.catalogue import COLOUR, NOUN, PLACE, PRODUCT, SIZE, Slot, singular
from bot.chosen import Pick, chosen, other
from bot.context import Context
from bot.questions import parted
from bot.rewrite import Before
from bot.topic import rewritten
from knowledge.words import HAN, fold

# A message that opens like this, or is this short and points back, is read with what was said before.
_LEANS = re.compile(
    r"^(?:and|what about|how about|but|also|same for|or|then|in|for)\b"
    r"|\b(?:it|its|it's|they|them|their|these|those|the same)\b"
    r"|\b(?:does|do|is|was|has|will|can|would|with|for|on|of|like|in|have|about) (?:this|that)\b"
    r"(?! (?:an?|the|my|your|conversation|chat|shop|site|store|website|page|bot|code|order|real|safe|unaccept\w+)\b)"
    r"|\b(?:this|that|the|an?) (?:[\w'’-]+ )?one\b"
    r"|^(?:那|还有|那么|另外|如果)|它|[这那]个(?!对话|订单|问题|优惠|码|活动|网站|店|包裹|地址|价)|[这那][款件双顶条]",
    re.I,
)
_IMPLIES = re.compile(
    r"^(?:(?:and|ok|so)[ ,]+)?(?:(?:what|which) (?:sizes?|colou?rs?|materials?)(?: (?:are there|do you have|is "
    r"there|are available))?"
    r"|how (?:heavy|much|warm|big|long)|in stock|available|waterproof|price|weight|sizes?|colou?rs?|material"
    r"|(?:any )?reviews?)\s*\?*$"
    r"|^(?:有|还有)?(?:没有)?(?:[\u4e00-\u9fff]{1,4}色|[A-Za-z0-9]{1,3}[码号]|现货|货)的?(?:吗|呢|么)?[？?]*$"
    r"|^(?:多重|多少钱|什么(?:材质|颜色|尺码)|防水吗|有货吗|有(?:哪些|什么|几个)(?:颜色|尺码)|多大|尺码|重量)[？?呢]*$"
    r"|^(?:is there |do you have |are there )?(?:any )?(?:other|more) (?:colou?rs?|sizes?)\s*\?*$"
    r"|^有没有(?:别的|其他|其它)?(?:颜色|尺码|码数|尺寸)[？?吗呢]*$",
    re.I,
)
_WHOSE = re.compile(
    r"^(?:(?:and|ok|so)[ ,]+)?(?:how (?:heavy|much|big|long)|(?:the )?(?:price|weight))\s*\?*$"
    r"|^(?:那|请问)?(?:多重|多少钱|什么价格?|多大|重量|什么材质)[？?呢]*$",
    re.I,
)
"""Asks for one thing of a product and names none."""
_POLICY = re.compile(
    r"\b(?:ship|shipped|shipping|deliver\w*|arrives?|refund\w*|track\w*|cancel\w*|customs|dut(?:y|ies)|pay|checkout|"
    r"orders?|ordered|returns?|returned|damaged|broken|defect\w*|arrived|exchange|swap|codes?|coupons?|cheaper"
    r"|rush|urgent\w*|"
    r"tax|post office|box|parcel|package|gift|back|dropped|mend|repair\w*|bought|sent|sells|(?:get|have) more)\b"
    r"|\b(?:does|will|would) it (?:usually )?take\b"
    r"|\bis it (?:possible|safe|ok|okay|too late|free) to\b|发货|配送|运费|到货|多久(?:能|可以)?到|退款|退货"
    r"|取消|关税|付款|快递|物流",
    re.I,
)
_SEVERAL = re.compile(
    r"^(?:(?:and|so|ok)[ ,]+)?which (?:one |of (?:them|these|those|the two) )?(?:is|are|has|would|should|do"
    r"|one)\b(?!.* or )"
    r"|^(?:are|do|does|is|can|could) both\b"
    r"|\bcompare (?:them|these|those)\b|\b(?:difference )?between (?:them|these|those|the two)\b"
    r"|\b(?:any|all|either|each) of (?:them|these|those)\b"
    r"|^(?:那|请问|它们|他们)?.{0,3}哪(?:一?[款件双顶]|一?个(?:更|比较|最|好|便宜|轻|重|暖|大))"
    r"|^(?:那|请问)?(?:它们|他们|[这那][两几]|两)[个款件双顶](?=都|有|哪|的?区别|比|之?间|[，,]|$)|^(?:对比"
    r"|比较)一下|^(?:它们)?有什么(?:区别|不同"
    r"|差别)|(?:它们|他们).{0,4}都",
    re.I,
)
_OWN = re.compile(r"\b(?:the|my|an?|another|your) (?!one|same)[\w'’-]+.*(?:[,.;]|\band\b|\bis\b)", re.I)
"""What a pronoun later in the message stands for, if the message names it itself."""
_TOPIC = re.compile(
    r"^(?:the |your )?(?:returns?|refunds?|exchanges?|shipping|delivery|warranty|guarantee|payments?|discounts?"
    r"|promotions?|"
    r"repairs?|gift cards?|customs|opening hours|privacy|sizing|reviews?|price|returns? policy)$"
    r"|^(?:退货|退款|换货|运费|配送|发货|保修|质保|付款|支付|优惠|维修|礼品卡(?:一起)?|关税|营业时间|价格|评价)$",
    re.I,
)
"""A topic of its own, which takes nothing's place."""
_TOPICS = re.compile(
    r"\b(?:(?P<pay>pay(?:ing|ments?)?)|(?P<warranty>warrant(?:y|ies)|guarantees?)|(?P<returning>returns?|returning)"
    r"|(?P<refund>refunds?)|(?P<repair>repairs?)|(?P<discount>discounts?|promotions?|codes?)|(?P<privacy>privacy)"
    r"|(?P<hours>opening hours))\b",
    re.I,
)
_BARE = re.compile(
    r"[\s,.!?:;，。！？、]|\b(?:please|then|i'?ll take|i want|i'?d like|give me|let'?s (?:go with|take)|ok"
    r"|yes)\b|我?要|就|选|吧|的",
    re.I,
)
_SHORT_WORDS, _SHORT_HAN = 12, 18
_ANSWER_WORDS, _ANSWER_HAN = 5, 10
_OBJECT = re.compile(
    r"\b(return|exchange|swap|refund|repair|mend|ship|deliver|send) (?P<what>them|(?:it|this"
    r"|that)(?: one)?)\b(?! back)",
    re.I,
)
"""What is done with a thing, whichever it is."""
_ANY_ONE = re.compile(r"(?<=\w )(?<!this )(?<!that )(?<!which )(?<!the )(?<!another )(?<!no )one(?=\s*[?.!]*$)", re.I)
_BACK = 3
"""Questions to look back for what is meant."""
_SENDING = re.compile(
    r"\b(?:ship\w*|deliver\w*|postage|express|standard|customs|dut(?:y|ies)|import tax\w*)\b"
    r"|运费|邮费|快递|加急|配送|关税|包邮|免邮|[寄送发运]",
    re.I,
)
_ANYWHERE = re.compile(
    r"\b(?:countr(?:y|ies)|worldwide|abroad|international\w*|where)\b|哪些?|国家|国外|海外|国际", re.I
)
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）")
_SCRAP_HAN = 4
_TWO = 2
_ONE = re.compile(
    r"\b(?:it|its|it's|this|this one|that one)\b|它(?!们)|[这那][款件双顶条]|[这那]个(?=[^\u4e00-\u9fff]|有|防"
    r"|多|适|是|可|好|$)",
    re.I,
)
_MANY = re.compile(r"\b(?:they|them|their|these|those)\b|它们|他们", re.I)


@dataclass(frozen=True, slots=True)
class Read:
    """What was made of a message.

    Attributes:
        query: Stands alone.
        second: Another question, standing alone too; empty when there is none.
        focus: Handle of the product that its words picked; empty when none.
        follows: The query leans on what was said before.
        between: Names of the products shown, where it points at one of them and does not tell which.
    """

    query: str
    second: str = ""
    focus: str = ""
    follows: bool = False
    between: tuple[str, ...] = ()


def read(text: str, lang: str, context: Context) -> Read:
    """The question or questions of a normalised message, each made to stand alone."""
    said, corrects = rewrite.opening(text)
    first, second = parted(said)
    if between := _between(first, lang, context):
        return Read(first, second, between=between)
    query, focus = _alone(first, lang, context, corrects)
    if not second:
        return Read(query, focus=focus, follows=query != first)
    return Read(query, _second(second, query, lang, context), focus, follows=query != first)


def _between(text: str, lang: str, context: Context) -> tuple[str, ...]:
    """The products shown that `it` may be, if it is none that was talked about and the bot has not just asked."""
    shown = context.shown()
    points = (_ONE.search(text) and _leans(text)) or _WHOSE.search(text)
    if context.focus or context.state.asked or len(shown) < _TWO or not points:
        return ()
    if _POLICY.search(text) or _things(text, context) or chosen(text, shown) or _SEVERAL.search(text):
        return ()
    return tuple(product.words(lang).name for product in shown)


def _second(text: str, first: str, lang: str, context: Context) -> str:
    """The second question, which leans on the first one rather than on what was before."""
    named = context.catalogue.named(first)
    if named and _leans(text) and _POLICY.search(text):
        return _OBJECT.sub(r"\1 an item", text)
    if named and _leans(text):
        return rewrite.pointed(text, context.name(named[0].handle, lang))
    if what := rewrite.fragment(text):
        return rewrite.exchanged(what, Before(first), context.catalogue) or text
    return (
        rewrite.followed(text, f"{first.rstrip('?？')}?")
        if _leans(text) or _IMPLIES.search(text) or _is_scrap(text)
        else text
    )


def _is_scrap(text: str) -> bool:
    """Whether a Chinese question is too short to stand alone."""
    return 0 < sum(map(len, HAN.findall(text))) <= _SCRAP_HAN and not _POLICY.search(text)


def _alone(text: str, lang: str, context: Context, corrects: bool) -> tuple[str, str]:
    """The query, and the handle of the product that was picked."""
    if text in context.choices:
        return _tapped(text, context), ""
    shown = context.shown()
    names = not context.catalogue.named(text)
    if names and (pick := _sibling(text, context)):
        name = context.name(pick.handle, lang)
        return rewrite.exchanged(name, Before(context.last), context.catalogue) or name, pick.handle
    if names and (pick := other(text, shown, context.focus) or chosen(text, shown)):
        return _picked(text, pick, lang, context, corrects=corrects), pick.handle
    what = rewrite.fragment(text, corrects=corrects or _answers(text, context) or _is_slot(text, context))
    if _TOPIC.search(what) or _topics(what) - _topics(context.last):
        return _sent_there(text, context) or text, ""
    if what and (query := _exchanged(what, lang, context)):
        return query, ""
    if names and len(shown) > 1 and _SEVERAL.search(text) and not _things(text, context):
        return f"{_listed([product.words(lang).name for product in shown], lang)}: {text}", ""
    if query := _any_one(text, context) or _sent_there(text, context):
        return query, ""
    if not _leans(text) and not _IMPLIES.search(text):
        return text, ""
    if len(shown) >= _TWO and not context.focus and _MANY.search(text) and not _POLICY.search(text):
        return f"{_listed([product.words(lang).name for product in shown], lang)}: {text}", ""
    return _pointed(text, lang, context), ""


def _tapped(choice: str, context: Context) -> str:
    """A choice that names a product is what the question before is about; any other is a question itself."""
    return rewrite.pointed(context.last, choice) if context.last and context.catalogue.named(choice) else choice


def _picked(text: str, pick: Pick, lang: str, context: Context, *, corrects: bool) -> str:
    name = context.name(pick.handle, lang)
    if corrects and _about_focus(context, lang):
        return rewrite.exchanged(name, Before(context.last), context.catalogue) or name
    rest = text[: pick.start] + ("它" if lang == "zh" else "it") + text[pick.end :]
    if _BARE.sub("", text[: pick.start] + text[pick.end :]):
        if (what := rewrite.fragment(text)) and len(what) <= pick.end - pick.start + len("the "):
            return rewrite.exchanged(name, Before(context.last), context.catalogue) or name
        return f"{name}: {rest.strip()}"
    return rewrite.pointed(context.last, name) if context.state.asked and context.last else name


def _topics(text: str) -> set[str]:
    """The shop's rules that a text speaks of, each by its stem."""
    return {match.lastgroup or "" for match in _TOPICS.finditer(text)}


def _sent_there(text: str, context: Context) -> str:
    """A short question on sending that names no place, after one that named one, with that place."""
    short = len("".join(HAN.findall(text))) <= _ANSWER_HAN and len(text.split()) <= _SHORT_WORDS
    if not short or not _SENDING.search(text) or _ANYWHERE.search(text) or not _SENDING.search(context.last):
        return ""
    if context.catalogue.slots(text):
        return ""
    places = [slot for slot in context.catalogue.slots(_ASIDE.sub("", context.last)) if slot.kind == PLACE]
    return rewrite.exchanged(places[0].text, Before(text), context.catalogue) if len(places) == 1 else ""


def _any_one(text: str, context: Context) -> str:
    """`can I return one?` with what it is one of: the thing that one of the last questions was about."""
    match = _ANY_ONE.search(text)
    thing = _last_thing(context) if match and not _things(text, context) else ""
    return f"{text[: match.start()]}a {singular(thing)}{text[match.end() :]}" if match and thing else ""


def _last_thing(context: Context) -> str:
    """The thing that one of the last questions was about, in its words; empty when none was."""
    asked = (_things(question, context) for question in reversed(context.questions[-_BACK:]))
    return next((things[-1].text for things in asked if things), "")


def _sibling(text: str, context: Context) -> Pick | None:
    """The product beside the one in focus that the words tell: the women's one, where the men's was talked about.

    Beside it are those whose names begin alike.
    """
    focus = context.product(context.focus) if context.focus else None
    if focus is None:
        return None
    start = fold(focus.words("en").name).split()[0]
    beside = [p for p in context.catalogue.products.values() if fold(p.words("en").name).split()[0] == start]
    if len(beside) < 2 or any(product.handle in context.state.shown for product in beside if product is not focus):
        return None
    pick = chosen(text, beside, by_words_only=True)
    return pick if pick and pick.handle != focus.handle else None


def _exchanged(what: str, lang: str, context: Context) -> str:
    """The last question asked of something else; a thing that one of the products shown is stands for that product."""
    strayed = context.focus and (not _about_focus(context, lang) or _POLICY.search(context.last))
    if strayed and rewrite.colour_or_size(what, context.catalogue):
        return ""
    things = _things(what, context)
    if len(things) == 1 and things[0].kind == NOUN:
        fits = [p for p in context.shown() if rewrite.same_thing(things[0], p.words(lang).name)]
        if len(fits) == 1 and not rewrite.same_thing(things[0], context.name(context.focus, lang)):
            what = fits[0].words(lang).name
    return rewrite.exchanged(what, Before(_base(what, context)), context.catalogue)


def _base(what: str, context: Context) -> str:
    """The question that a fragment changes: for a place the last one on places or rules; else the last."""
    kinds = {slot.kind for slot in context.catalogue.slots(what)}
    if PLACE not in kinds or not context.catalogue.named(context.last):
        return context.last
    asked = (q for q in reversed(context.questions) if any(s.kind == PLACE for s in context.catalogue.slots(q)))
    return next(asked, context.last if _POLICY.search(context.last) else "")


def _pointed(text: str, lang: str, context: Context) -> str:
    """A message that points back, with what it points at: the product talked about, else the question before."""
    name = context.name(context.focus, lang)
    if not name or _POLICY.search(text):
        return _policy(text, name, lang, context)
    return rewrite.pointed(text, name)


def _policy(text: str, name: str, lang: str, context: Context) -> str:
    """A message on shipping, returns and the like: rules hold for things, so a product's name would mislead."""
    if not context.last or (name and _about_focus(context, lang)):
        return _OBJECT.sub(r"\1 an item", text)
    if (found := _OBJECT.search(text)) and found["what"].lower() == "them" and (thing := _last_thing(context)):
        return text[: found.start("what")] + thing + text[found.end("what") :]
    spoken = rewritten(text, (context.last,)) if lang == "en" else text
    return spoken if spoken != text else rewrite.followed(text, context.last)


def _about_focus(context: Context, lang: str) -> bool:
    """Whether the last question was about the product in focus."""
    handles = {match.handle for match in context.catalogue.named(context.last)}
    return context.focus in handles or fold(context.name(context.focus, lang)) in fold(context.last)


def _answers(text: str, context: Context) -> bool:
    """Whether a short message may answer what the bot asked."""
    if not context.state.asked or context.state.task:
        return False
    return (
        len(HAN.sub("", text)) + len("".join(HAN.findall(text))) <= _ANSWER_HAN
        if HAN.search(text)
        else len(text.split()) <= _ANSWER_WORDS
    )


def _is_slot(text: str, context: Context) -> bool:
    """Whether a message is a place, a colour or a size and nothing else."""
    bare = text.strip(" ?.!？。！")
    slots = context.catalogue.slots(bare)
    return len(slots) == 1 and slots[0].kind in (PLACE, COLOUR, SIZE) and slots[0].text == bare


def _leans(text: str) -> bool:
    han = sum(map(len, HAN.findall(text)))
    short = han <= _SHORT_HAN if han else len(text.split()) <= _SHORT_WORDS
    found = _LEANS.search(text) if short else None
    return found is not None and not _OWN.search(text[: found.start()])


def _things(text: str, context: Context) -> list[Slot]:
    return [slot for slot in context.catalogue.slots(text) if slot.kind in (NOUN, PRODUCT)]


def _listed(names: Sequence[str], lang: str) -> str:
    if lang == "zh":
        return "、".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
