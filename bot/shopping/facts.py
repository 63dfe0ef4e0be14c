"""Exact answers about a product that a message names or that is being talked about, from its structured data.

"How much is the Larch in Ink?", "do you have it in M?", "which sizes?", "what does it weigh?": one or two sentences
that say what the product's own data say now, each with its citation. Who asks for something that the product does not
come in is told so; what is out of stock comes with what is not. A question about a field that the product does not
state, or about the shop's terms, is left to the knowledge. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.conversation import Author
from bot.policy import Action
from bot.recommend import cards
from bot.scene import Proposal, Scene
from bot.shopping import told
from bot.shopping.about import About, about, called, without, written
from bot.shopping.alternatives import instead
from bot.shopping.asked import COLOURS, PRICE, SIZES, STOCK, Asked, asked, beside, policy
from bot.shopping.chosen import Choice, chosen
from bot.shopping.item import Item, is_colour, is_size, item, shop_labels
from bot.shopping.lexicon import FEATURES, GENDERS
from bot.shopping.only import only_one
from bot.shopping.sending import restriction
from bot.shopping.spelling import mended
from knowledge.passages import Passage, Variant
from knowledge.words import STOP_EN, STOP_ZH, fold, terms

MOST = 3
"""Products answered about in one reply."""
RESIDUE = 1
"""Content words that a follow-up may hold beside what was read of it; more, and it is about something else."""
_YES_NO = re.compile(
    r"^(?:so |and |but |ok,? |hi,? |hello,? |hey,? |please,? )*"
    r"(?:is|are|do|does|can|could|has|have|any|got|will|would|you have|isn't|aren't|don't|doesn't)\b"
    r"|\b(?:is|are|do|does|can) (?:it|they|this|that|you|i|there|these|those|the)\b"
    r"|吗|嘛|么[？?]?$|有没有|是不是|能不能|可不可以|有无|还有没有|贵不贵|重不重",
    re.I,
)
_GONE = re.compile(
    r"\b(?:gone|sold out|out of(?: stock)?|r[au]n out|unavailable)\b|缺货|断货|没货|售罄|[卖售][完光掉]", re.I
)
"""Asked whether there is none, yes and no would be misread."""
_WH = re.compile(r"\b(?:how|what|which|when|where|why|who)\b|多少|什么|哪|几", re.I)
_ELLIPSIS = re.compile(
    r"^(?:and|what about|how about|or|but|also|same|then|in|the|size|ok|okay)\b|^(?:那|还有|那么|另外)|呢[？?]?$", re.I
)
_BARE = re.compile(
    r"(?:(?:and|what about|how about|same for|or|ok)[ ,]+)*(?:the )?(?:other|first|second|third|last|cheaper|lighter"
    r"|bigger|smaller)?"
    r"(?: one)?[\s?.!]*|(?:那|还有)?(?:另(?:外)?一|第[一二三]|前一|后一)?[个款件双顶条]?呢?[？?]*",
    re.I,
)
"""Points at a product and asks the same of it."""
_DUMMY = re.compile(
    r"\bcosts? (?:to|me to|extra|for)\b|\bhow much (?:time|longer)\b|"
    r"\bhow long (?:does it take(?! to (?:boil|charge|dry|inflate|fill|pitch|set up))|until|before|will it take)\b|"
    r"\b(?:which|what) size (?:\w+ )?(?:should|do|would|shall|must) (?:i|we|he|she|they|you)\b|\bwhat size (?:am i"
    r"|for me)\b|"
    r"(?:买|选|穿|拿)(?:多大|什么|哪个|几)(?:的?[尺码号]|码)",
    re.I,
)
_USUAL = """
much many cost price stock available have got come size colour color one tell know want need buy get looking thanks
thank hi hello hey there any still left currently now today right actually also please ok okay sure exactly sell
sold made product item version current weigh weight heavy light material fabric warranty guarantee long last wash
clean waterproof wide big tall measure dimension pack small warm cold temperature rating season fit insulation fill
bright lumens battery run time expensive sale medium large extra people litres capacity reduced
多少钱 价格 价钱 有货 现货 库存 颜色 尺码 多重 重量 材质 材料
面料 保修 质保 怎么洗 防水 尺寸
多大 容量 还有 缺货 卖 买 码 色 号 黑色 白色 几 多 大 小 中 件 款 版 种 效果 怎么样 如何 款式 还剩 有没有 出
现在 目前 下单 最后 选 选择 分 半码
"""
"""Words of questions about any product."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is wanted of one product."""

    item: Item
    asked: Asked
    choice: Choice
    yes_no: bool
    text: str


def facts(scene: Scene) -> Proposal | None:
    """The answer; None when the message is no question about a product's own data, whatever slips it has."""
    if proposal := _facts(scene):
        return proposal
    text = mended(scene.meaning.text, _asking(), written(scene))
    return _facts(replace(scene, meaning=replace(scene.meaning, text=text))) if text != scene.meaning.text else None


def _facts(scene: Scene) -> Proposal | None:
    if _DUMMY.search(scene.meaning.text):
        return None
    found = _narrowed(scene, about(scene))
    if not found.named and (one := item(scene, only_one(scene))):
        return _answered(scene, [_Question(one, Asked((STOCK,)), Choice(), True, scene.meaning.text)])
    if (label := restriction(scene, found)) and (one := item(scene, found.named[0])):
        return _answered(scene, [_Question(one, Asked(facts=(label,)), Choice(), False, found.rest)])
    if policy(found.rest):
        return None
    if found.either and not found.named:
        return _which(scene, found)
    handles = found.named or ((found.focus,) if found.focus and _follows(scene, found) else ())
    questions = [q for handle in handles[:MOST] if (q := _question(scene, found, handle))]
    if not questions or len(questions) < len(handles):
        return None
    return _answered(scene, questions)


def _narrowed(scene: Scene, found: About) -> About:
    """Of the products that a shortened name may mean, the one shown, or that comes in what is asked for, if one is."""
    picked = [handle for handle in found.either if handle == scene.meaning.focus]
    seen = picked or [handle for handle in found.either if handle in scene.state.shown]
    if len(seen) == 1:
        return replace(found, named=(*found.named, *seen), either=())
    things = [thing for handle in found.either if (thing := item(scene, handle))]
    choices = [(thing, chosen(found.rest, thing, scene.live.products)) for thing in things]
    fitting = [thing.product.handle for thing, choice in choices if choice.values and not choice.missing]
    if len(fitting) != 1:
        return found
    return replace(found, named=(*found.named, *fitting), either=())


def _question(scene: Scene, found: About, handle: str) -> _Question | None:
    """What the message wants of the product, with what it leaves out taken from the message before."""
    thing = item(scene, handle)
    if thing is None:
        return None
    choice = _by_sku(scene.meaning.text, thing) or chosen(found.rest, thing, scene.live.products)
    wanted = asked(found.rest, thing)
    earlier = _before(scene, thing) if _leans(scene, found) else None
    if earlier:
        wanted = wanted if wanted else earlier.asked
        if not found.named or scene.state.asked:
            choice = choice.over(earlier.choice)
    residue = [word for word in terms(choice.rest or found.rest) if word not in _known(thing, wanted, choice)]
    if not wanted.fields and not wanted.facts and (wanted.have or wanted.comes) and len(residue) > RESIDUE:
        return None
    if not wanted.fields and not wanted.facts and (wanted.have or (choice and not found.named)):
        wanted = replace(wanted, fields=(STOCK,))
    if wanted.unstated and not wanted.facts and not wanted.fields:
        return None
    if not wanted and not (choice and _asks(scene.meaning.text)):
        return None
    yes_no = _is_yes_no(scene.meaning.text) and not _GONE.search(found.rest)
    return _Question(thing, wanted, choice, yes_no, found.rest)


def _by_sku(text: str, thing: Item) -> Choice | None:
    """The variant whose SKU the message gives."""
    plain = _squeezed(text)
    named = [v for v in thing.product.variants if len(v.sku) > MOST and _squeezed(v.sku) in plain]
    best = max(named, key=lambda variant: len(variant.sku), default=None)
    return Choice(told.options_of(best)) if best and best.options else None


def _squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _asks(text: str) -> bool:
    return bool(_YES_NO.search(text) or re.search(r"[?？]$", text))


def _is_yes_no(text: str) -> bool:
    """Whether yes or no is an answer: a question word that comes first, or anywhere in Chinese, asks for more."""
    found, wh = _YES_NO.search(text), _WH.search(text)
    if not found or not wh:
        return bool(found)
    return found.start() < wh.start() and ("吗" in text or text.isascii())


def _leans(scene: Scene, found: About) -> bool:
    """Whether the message is to be read with the one before it."""
    text = scene.meaning.text
    return scene.state.asked or found.points or bool(_ELLIPSIS.search(text)) or scene.meaning.follows


def _before(scene: Scene, thing: Item) -> _Question | None:
    """The shopper's message before, as a question about the same product."""
    said = [m.draft.text for m in scene.history if m.draft.author is Author.SHOPPER and m.draft.text]
    rest = without(said[-1], [thing.product]) if said else ""
    if not rest or policy(rest):
        return None
    return _Question(thing, asked(rest, thing), chosen(rest, thing, scene.live.products), False, rest)


def _follows(scene: Scene, found: About) -> bool:
    """Whether a message that names no product is about the one in focus: it points there, or has no other topic."""
    thing = item(scene, found.focus)
    if thing is None:
        return False
    choice = chosen(found.rest, thing, scene.live.products)
    wanted = asked(found.rest, thing)
    if not (wanted or choice):
        return (
            scene.meaning.follows and scene.meaning.focus == found.focus and bool(_BARE.fullmatch(found.rest.strip()))
        )
    residue = [word for word in terms(choice.rest) if word not in _known(thing, wanted, choice)]
    least = RESIDUE + 1 if found.points else 0 if not choice and not wanted.facts else RESIDUE
    return len(residue) <= least or (bool(wanted.facts) and _own(thing, beside(found.rest)))


def _own(thing: Item, text: str) -> bool:
    """Whether all that a text says is in what the shop says of the product ("how long does the battery last?")."""
    words = thing.words
    said = " ".join((words.description, *words.facts, *words.facts.values()))
    return set(terms(text)) <= {*terms(said), *_usual(), *terms(words.category), *terms(words.name)}


def _known(thing: Item, wanted: Asked, choice: Choice) -> frozenset[str]:
    """Terms that belong to a question about any product, say of what kind this one is, or name what it lacks."""
    words = thing.product.wording.values()
    lacks = (fold(word) for missing in choice.missing.values() for word in missing)
    own = " ".join((*(w.category for w in words), *(w.name for w in words), *wanted.facts, *lacks))
    kinds = (form for name in (w for one in words for w in (one.category, one.name)) for form in called(name))
    return frozenset(terms(" ".join((own, *kinds)))) | _usual()


@lru_cache(maxsize=1)
def _asking() -> frozenset[str]:
    """The English words of questions about any product."""
    return frozenset(word for word in _USUAL.split() if word.isascii())


@lru_cache(maxsize=1)
def _usual() -> frozenset[str]:
    people = (form for forms in GENDERS.values() for form in forms)
    return frozenset(terms(" ".join((_USUAL, *people)))) | STOP_EN | STOP_ZH


def _which(scene: Scene, found: About) -> Proposal | None:
    """One question back when a shortened name may mean several products; never two in a row."""
    things = [thing for handle in found.either if (thing := item(scene, handle))]
    if scene.state.asked or not any(_question(scene, found, thing.product.handle) for thing in things):
        return None
    text = "您指的是哪一款？" if scene.lang == "zh" else "Which one do you mean?"
    names = tuple(thing.name for thing in things)
    shown = cards([thing.product for thing in things], scene.lang)
    return Proposal(text, Action.ASK, replace(scene.state, task=()), cards=shown, choices=names)


def _answered(scene: Scene, questions: Sequence[_Question]) -> Proposal | None:
    """The sentences for each product, with its passage."""
    texts, sources = [], list[Passage]()
    for n, question in enumerate(questions, 1):
        sentences = _sentences(scene, question)
        if not sentences:
            return None
        texts.append(told.cite(dict.fromkeys(sentences), n, scene.lang))
        sources.append(question.item.passage(question.choice.variants(question.item.product)))
    if (
        len(questions) == 1
        and (STOCK in questions[0].asked.fields)
        and not any(v.stock for v in questions[0].item.product.variants)
    ):
        more, passages = instead(scene, questions[0].item, len(sources) + 1)
        texts, sources = [*texts, *filter(None, [more])], [*sources, *passages]
    first = questions[0].item.product.handle
    shown = cards([question.item.product for question in questions], scene.lang)
    state = replace(scene.state, focus=first, task=())
    return Proposal("\n".join(texts), Action.ANSWER, state, tuple(sources), shown)


def _sentences(scene: Scene, question: _Question) -> list[str]:
    """All that was asked, in its order; first what the product does not come in."""
    thing, wanted, choice = question.item, question.asked, question.choice
    out = [told.not_in(thing, option, missing, asked=question.yes_no) for option, missing in choice.missing.items()]
    if choice.missing:
        return out
    variants = choice.variants(thing.product)
    if not variants:
        return _no_such(question)
    fields = list(wanted.fields)
    if not fields and not wanted.facts:
        fields = [STOCK] if choice else []
    if wanted.comes and choice and STOCK not in fields and not wanted.facts and PRICE not in fields:
        fields = [STOCK, *(f for f in fields if f not in (SIZES, COLOURS))]
    if STOCK in fields and not choice and (SIZES in fields or COLOURS in fields):
        fields = [STOCK, *(f for f in fields if f not in (SIZES, COLOURS, STOCK))]
    for name in fields:
        out += _field(name, question, variants)
    labels = shop_labels(scene.live.products, scene.lang)
    for label in wanted.facts:
        named = labels.get(label, label) if thing.written != scene.lang else label
        out.append(told.fact(thing, label, named, agreed=_agreed(question)))
    return out


def _field(name: str, question: _Question, variants: Sequence[Variant]) -> list[str]:
    thing, values = question.item, question.choice.values
    match name:
        case "price":
            return told.price(thing, values, variants)
        case "sale":
            return _sale(question, variants)
        case "stock":
            return _stock(question, variants)
        case "count":
            return _count(question, variants)
        case "sizes":
            others = [option for option in thing.options if not is_colour(option)]
            sizes = [option for option in others if is_size(option)] or others
            return [told.comes_in(thing, option) for option in sizes]
        case _:
            return [told.comes_in(thing, option) for option in thing.options if is_colour(option)]


def _sale(question: _Question, variants: Sequence[Variant]) -> list[str]:
    reduced = [variant for variant in variants if variant.compare_at]
    lines = told.price(question.item, question.choice.values, variants)
    if not question.yes_no:
        return lines
    zh = question.item.lang == "zh"
    if not reduced:
        return ["目前没有特价，" + lines[0] if zh else f"No sale price at the moment: {lines[0]}"]
    return [("是的，" if zh else "Yes. ") + lines[0], *lines[1:]]


def _stock(question: _Question, variants: Sequence[Variant]) -> list[str]:
    thing, values = question.item, question.choice.values
    if len(variants) == 1:
        out = [told.one_stock(thing, values or told.options_of(variants[0]), variants[0], asked=question.yes_no)]
    else:
        out = told.some_stock(thing, values, variants, asked=question.yes_no)
    if not any(variant.stock for variant in variants):
        out += _instead(question)
    return out


def _instead(question: _Question) -> list[str]:
    """Other variants of the same product that are in stock: those that keep the size first."""
    thing, values = question.item, question.choice.values
    there = [variant for variant in thing.product.variants if variant.stock]
    kept = {name: own for name, own in values.items() if not is_colour(name)}
    same = [v for v in there if all(v.options.get(name) in own for name, own in kept.items())]
    return told.stock_lines(thing, same or there) if there else []


def _count(question: _Question, variants: Sequence[Variant]) -> list[str]:
    thing = question.item
    if len(variants) == 1:
        values = question.choice.values or told.options_of(variants[0])
        line = told.one_stock(thing, values, variants[0], asked=False)
        return [line] if variants[0].stock else [line, *_instead(question)]
    if question.choice.values:
        return told.some_stock(thing, question.choice.values, variants, asked=False)
    return told.stock_lines(thing, variants)


def _no_such(question: _Question) -> list[str]:
    """Each value exists, but not together."""
    thing, values = question.item, question.choice.values
    first = next(iter(values))
    near = [v for v in thing.product.variants if v.options.get(first) in values[first]]
    zh = thing.lang == "zh"
    who = told.subject(thing, values)
    lead = f"没有这个组合：{who}" if zh else f"There is no such combination as {who}"
    return [lead, *told.stock_lines(thing, near)]


def _agreed(question: _Question) -> bool:
    """Whether a yes or no was asked for that a tag of the product's answers with yes."""
    if not question.yes_no:
        return False
    plain = fold(question.text)
    for tag in question.item.product.tags:
        if any(re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", plain) for word in (tag, *FEATURES.get(tag, ()))):
            return True
    return False
