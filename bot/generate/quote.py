"""The generator without a model: answers in the best passage's own words, with its number.

It chooses (which passage, which of its sentences or lines) and never words anything, so what it says is what the shop
wrote. A passage in another language than the shopper's is quoted as it is, after a word that says so; only labels that
the glossary knows are put into the shopper's. It is also the rung of the failure ladder below every model.
"""

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass

from bot.generate.protocol import Numbered, Prompt
from bot.places import places
from bot.sentences import lines, sentences
from bot.terms import coverage, rarity, terms
from knowledge.words import HAN, HAN_CHARS

WHOLE_SENTENCES = 4
PICKED_SENTENCES = 3
NEAR_BEST = 0.55
RANK_DECAY = 0.35
SECOND_HAS, FIRST_LACKS = 0.6, 0.34
_PIECE = re.compile(r"\s*[\u3000-\u9fff\uff00-\uffef]{1,2}|\s*[^\s\u3000-\u9fff\uff00-\uffef]+|\s+")
_LINE = re.compile(r"(?P<label>[^:：\n|]{1,40})[:：]\s*(?P<value>\S.*)")
_SKU = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")
_PARTS = re.compile(r"[?？;；]|\band\b|\balso\b|以及|还有|另外|，那?么?|。")
_FIELDS: dict[str, tuple[str, str]] = {
    "price": (
        r"how much(?! does it weigh| weigh)|\bprice|\bcosts?\b|expensive|cheap|多少钱|价格|价钱|售价|几块|贵",
        r"^price|价格|售价",
    ),
    "weight": (r"\bweigh|\bheavy|\blight(er|est)?\b|how much does it weigh|多重|重量|轻|几克|几斤", r"weight|重量"),
    "stock": (
        r"\bstock|\bavailab|sold out|\bleft\b|do you have|库存|有货|现货|缺货|还有",
        r"stock|库存|有货|缺货|现货",
    ),
    "colour": (
        r"colou?r|\bcomes? in\b(?! size)|颜色|什么色|有没有[黑白灰红蓝绿橙黄粉紫棕]色",
        r"colou?r|颜色",
    ),
    "size": (r"\bsizes?\b|\bfits?\b|尺码|码数|大码|小码|号", r"^sizes?|尺码|尺寸"),
    "dimensions": (r"dimension|how (big|long|wide|tall)|\bmeasure|尺寸|多大|多长|多宽", r"dimension|length|尺寸|长度"),
    "material": (r"material|made (of|from)|fabric|材质|材料|面料|什么做", r"material|fabric|材质|材料|面料"),
    "warranty": (r"warrant|guarantee|保修|质保|保多久", r"warrant|保修|质保"),
    "care": (r"\bwash|\bclean|\bcare\b|保养|清洗|怎么洗|能洗|机洗", r"\bcare\b|保养|洗"),
    "capacity": (r"capacity|lit(re|er)s?|how many people|容量|几个人|几升", r"capacity|容量"),
    "water": (r"water|rain|防水|防雨", r"water|防水"),
    "warmth": (r"\bwarm|\bcold|temperature|degrees|保暖|温标|多少度|冷", r"temperature|温"),
    "season": (r"season|winter|summer|季", r"season|季"),
}
_NOT_FOUND = {
    "en": "The texts of {shop} do not say that, and I would rather not guess. Would you like to talk to a person?",
    "zh": "{shop}的资料里没有写明这一点，我不想随意猜测。需要为您转接人工客服吗？",
}
_FOREIGN = {
    "en": "Our page on this is in another language; in its own words:",
    "zh": "本店这部分资料只有外文，原文如下：",
    "en zh": "Our page on this is in Chinese only; in its own words:",
    "zh en": "本店这部分资料只有英文，原文如下：",
}


@dataclass(frozen=True, slots=True)
class _Bit:
    """A piece of a passage's own words, with where it stands there."""

    place: int
    text: str


class Quote:
    """Quotes; needs no model, no network and no time."""

    name = "quote:"

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Yield the quotation word by word, at most `max_tokens` words (pairs of characters in Chinese)."""
        for piece in words(quotation(prompt))[: prompt.max_tokens]:
            yield piece

    async def ping(self) -> None:
        """Always ready."""

    async def aclose(self) -> None:
        """Holds nothing."""


def words(text: str) -> list[str]:
    """A text as it is streamed: its words, pairs of characters in Chinese, each with the space before it."""
    return _PIECE.findall(text)


def quotation(prompt: Prompt) -> str:
    """The whole answer. Without passages, that the shop's texts do not say, and the offer of a person."""
    if not prompt.passages:
        return not_found(prompt)
    weights = rarity([_all(p) for p in prompt.passages])
    first = prompt.passages[0] if prompt.sure else _best(prompt.question, prompt, weights)
    if first.lang != prompt.lang:
        return _foreign(first, prompt) or not_found(prompt)
    out = [_quoted(prompt.question, first, prompt)]
    if prompt.both and prompt.passages[1].lang == prompt.lang:
        return "\n".join((*out, _quoted(prompt.question, prompt.passages[1], prompt)))
    for part in _second_parts(prompt.question, first, weights):
        other = _best(part, prompt, weights)
        if other.n != first.n and other.lang == prompt.lang and _covers(part, other, weights) >= SECOND_HAS:
            out = [_quoted(_without(prompt.question, part), first, prompt), _quoted(part, other, prompt)]
            break
    return "\n".join(filter(None, out)) or not_found(prompt)


def _foreign(passage: Numbered, prompt: Prompt) -> str:
    """A passage in another language, after a word that says so; its sentences are chosen by the question's gloss."""
    quoted = _quoted(f"{prompt.question} {prompt.gloss}", passage, prompt)
    lead = _FOREIGN.get(f"{prompt.lang} {passage.lang}") or _FOREIGN.get(prompt.lang, _FOREIGN["en"])
    return f"{lead}\n{quoted}" if quoted else ""


def _labelled(line: str, labels: Mapping[str, str]) -> str:
    """A line `Label: value` with its label in the shopper's language, where it is known."""
    found = _LINE.fullmatch(line)
    known = labels.get(found["label"], "") if found else ""
    if not found or not known:
        return line
    return f"{known}{'：' if HAN.search(known) else ': '}{found['value']}"


def not_found(prompt: Prompt) -> str:
    """That the shop's texts do not say it, and the offer of a person."""
    return _NOT_FOUND.get(prompt.lang, _NOT_FOUND["en"]).format(shop=prompt.shop)


def _all(passage: Numbered) -> str:
    return f"{passage.title}\n{passage.text}"


def _covers(question: str, passage: Numbered, weights: dict[str, float]) -> float:
    """Share of the question's weight in the passage; a place that it names makes a third of it."""
    share = coverage(terms(question), _all(passage), weights, unseen=max(weights.values(), default=1.0))
    asked = places(question)
    return (2 * share + bool(asked & places(_all(passage)))) / 3 if asked else share


def _best(question: str, prompt: Prompt, weights: dict[str, float]) -> Numbered:
    """The search's order, unless a passage further down says far more of what was asked.

    How much passages in two languages say cannot be compared, so those in the first one's language are looked at.
    """
    lang = prompt.passages[0].lang
    asked = question if lang == prompt.lang else f"{question} {prompt.gloss}"
    alike = (passage for passage in prompt.passages if passage.lang == lang)
    return max(alike, key=lambda p: (0.4 + _covers(asked, p, weights)) / (1 + RANK_DECAY * (p.n - 1)))


def _second_parts(question: str, first: Numbered, weights: dict[str, float]) -> list[str]:
    """Parts of a question in two parts of which the first passage says next to nothing."""
    parts = [part for part in _PARTS.split(question) if part and len(set(terms(part))) >= 2]
    if len(parts) < 2:
        return []
    return [part for part in parts if _covers(part, first, weights) < FIRST_LACKS]


def _without(question: str, part: str) -> str:
    return question.replace(part, " ", 1)


def _quoted(question: str, passage: Numbered, prompt: Prompt) -> str:
    if passage.kind == "product":
        bits = _product(question, passage, prompt.labels if passage.lang != prompt.lang else {})
    elif passage.kind in ("faq", "promotion"):
        bits = _chosen(question, passage, prompt, whole=WHOLE_SENTENCES)
    else:
        bits = _chosen(question, passage, prompt, whole=1)
    return "\n".join(f"{bit} [{passage.n}]" for bit in bits)


def _chosen(question: str, passage: Numbered, prompt: Prompt, *, whole: int) -> list[str]:
    """The passage's sentences and table rows that fit best, in their order; all when there are at most `whole`."""
    bits = _bits(passage.text)
    if len(bits) > whole:
        bits = _picked(question, bits, prompt)
    return _joined(bits)


def _picked(question: str, bits: list[_Bit], prompt: Prompt) -> list[_Bit]:
    every = [bit.text for p in prompt.passages for bit in _bits(p.text)]
    weights = rarity(every)
    wanted, asked = set(terms(question)), places(question)
    scores = [_score(bit.text, wanted, asked, weights) for bit in bits]
    top = max(scores)
    if top == 0:
        return bits[:2]
    near = [(score, -i) for i, score in enumerate(scores) if score >= NEAR_BEST * top]
    kept = {-i for _, i in sorted(near, reverse=True)[:PICKED_SENTENCES]}
    return [bit for i, bit in enumerate(bits) if i in kept]


def _score(text: str, wanted: set[str], asked: frozenset[str], weights: dict[str, float]) -> float:
    """Weight of the wanted terms in a sentence; numbers count double, a place that was asked for most of all."""
    common = wanted & set(terms(text))
    score = sum(weights.get(term, 0.0) * (2 if term[0].isdigit() else 1) for term in common)
    named = places(text)
    if asked & named:
        score += 2 * max(weights.values(), default=1.0)
    elif asked and named:
        score *= 0.5
    return score


def _bits(text: str) -> list[_Bit]:
    """Sentences of prose, rows of tables (with their column heads), lines of lists."""
    parts = [part.strip() for line in lines(text) for part in sentences(line)]
    return [_Bit(i, part) for i, part in enumerate(part for part in parts if part)]


def _joined(bits: Sequence[_Bit]) -> list[str]:
    """Neighbours run on as they do in the passage; where something was left out, a new bit starts."""
    out: list[str] = []
    last = -2
    for bit in bits:
        glue = "" if bit.text[:1] >= "\u3400" else " "
        if bit.place == last + 1 and not bit.text.startswith(("- ", "* ")):
            out[-1] += glue + bit.text
        else:
            out.append(bit.text)
        last = bit.place
    return out


def _product(question: str, passage: Numbered, labels: Mapping[str, str]) -> list[str]:
    """The lines that answer, else the description's first sentence and the price; the product is named first."""
    every = [line.strip() for line in passage.text.split("\n") if line.strip()]
    described = [line for line in every if not _field(line, passage.title)]
    fields = [line for line in every if _field(line, passage.title)]
    picked = [line for line in fields if _answers(question, line, fields)]
    if picked:
        picked = [_labelled(line, labels) for line in picked[:4]]
        return [_named(picked[0], passage.title), *picked[1:]]
    intro = sentences(described[0])[0].strip() if described else passage.title
    price = [line for line in fields if re.search(_FIELDS["price"][1], line.lower())][:1]
    return [_named(intro, passage.title), *(_labelled(line, labels) for line in price)]


def _field(line: str, title: str) -> bool:
    found = _LINE.fullmatch(line)
    return found is not None and not line.startswith(title) and found["label"] not in title


def _named(line: str, title: str) -> str:
    return line if title.lower() in line.lower() else f"{title} – {line}"


def _answers(question: str, line: str, fields: Sequence[str]) -> bool:
    """Whether a line `Label: value` answers: its label was asked for, or a value of it was named."""
    found = _LINE.fullmatch(line)
    label, value = (found["label"], found["value"]) if found else (line, "")
    asked = question.lower()
    if _SKU.fullmatch(label):
        return label.lower() in asked
    if label.lower() in asked or (len(label) > 3 and set(terms(label)) & set(terms(question))):
        return True
    for in_question, in_label in _FIELDS.values():
        if re.search(in_label, label.lower()) and re.search(in_question, asked):
            return True
    return bool(re.search(_FIELDS["stock"][1], label.lower())) and _option_asked(question, fields, value)


def _option_asked(question: str, fields: Sequence[str], value: str) -> bool:
    """Whether the question names a colour or size that this stock line mentions."""
    listed = [found["value"] for line in fields if (found := _LINE.fullmatch(line)) and "," in found["value"]]
    options = {part.strip() for values in listed for part in re.split(r"[,、，;；.。]", values)}
    words = re.findall(rf"[A-Za-z0-9-]+|[{HAN_CHARS}]+", question)
    return any(word in options and word in value for word in words) or any(
        len(option) > 1 and option.lower() in question.lower() and option in value for option in options
    )
