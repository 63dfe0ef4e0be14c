"""Judges one answer: right, declined or wrong. Pure; the judge is rules, so that each verdict can be looked up.

An answer is declined when it says that something is not known and states nothing else. It is right when all that a
right answer must say is said and nothing that only a wrong one says; where the passages do not answer, declining is
right and everything else wrong. Where the answer came from is not known here.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from bot import ground
from bot.claims import facts
from bot.generate.protocol import Numbered
from bot.lab.train.sample import Sample

Verdict = Literal["right", "declined", "wrong", "unjudged"]

SHORT = 3
"""Up to so many letters a wanted word must stand alone: `no` is not said by `now`."""
Z_95 = 1.959964
"""Of the standard normal distribution, two-sided 95 %."""

_CITE = re.compile(r"\s*\[\s?\d{1,3}(?:[ ,、]+\d{1,3})*\s?\]")
_NOT = r"(?:\w+n['’]t|\bnot|\bcannot|\bunable to|\bnever)"
_FILL = (
    r"(?:really|actually|yet|to|be|able|for|have|been|any|quite|even|exactly|entirely|honestly|currently|fully|"
    r"certain|certainly|safely|reliably|truthfully|the|want|going|wish|like)"
)
_TEXTS = (
    r"(?:texts?|pages?|information|info|passages?|sources?|details|descriptions?|listings?|notes?|website|site|"
    r"catalogue|catalog|faqs?|articles?|materials?|data|documents?|records?|sheets?|entry|entries|specs?|reviews?|reviewers?|buyers|customers|"
    r"specifications?|what (?:i|we) have|knowledge|write-?ups?|papers?)"
)
_SAYS = r"(?:say|mention|state|specify|answer|tell|spell|indicate|note|clarify|settle|go into|touch on|reveal|disclose)"
_PATTERNS = (
    # I do not know, we could not find, I'm not sure
    rf"\b(?:i|we)\b[^.?!;]{{0,24}}?(?:{_NOT}|\bnothing)\s+(?:{_FILL}\s+){{0,4}}"
    r"(?:know|find|found|see|say|tell|confirm|sure|certain|guess|answer (?:that|this|it|you)|"
    r"(?:that|this|it|anything|an answer) (?:here|on|to)|look (?:it|that|this) up|make out|locate|come across|"
    r"speak to|advise|verify|information|details?|word on)\b",
    r"\bi (?:do not|don['’]t|have not got|haven['’]t got) (?:currently |yet )?have\b|"
    r"\bnot among the \w+ (?:that )?i know\b|n['’]t among the \w+ (?:that )?i know\b",
    r"\bwish i knew\b|\blooked\b.{0,120}(?:n['’]t|\bnot) there\b|\bsorry\b[^.?!]{0,80}\bmissing\b|"
    r"\bthat(?:['’]s| is) missing\b|(?:n['’]t|\bnot) on (?:the|our|its) (?:\w+ )?(?:pages?|site|website)\b",
    # the page does not say, our texts don't cover
    rf"\b{_TEXTS}\b[^.?!;]{{0,80}}?{_NOT}\s+(?:{_FILL}\s+)*"
    rf"(?:{_SAYS}|list|cover|give|include|describe|contain|show|address|explain|have|hold|go (?:that|so) far)\b",
    rf"\b(?:it|that|this|they|which|shop|store|policy|policies|nobody|seller|maker|brand|product|we|label|one)\b"
    rf"[^.?!;,]{{0,30}}?{_NOT}\s+(?:{_FILL}\s+)*(?:{_SAYS}|list (?:it|that|this|any|the|one|whether|how|what|which))\b",
    # it is not mentioned
    rf"{_NOT}\s+(?:\w+\s+)?(?:mentioned|stated|specified|listed|documented|written|noted|described|recorded|"
    r"spell?(?:ed|t) out|indicated|known|said|clear from|part of (?:what|our|the|my)|"
    rf"in (?:our|my|these|the|any of (?:our|the)) (?:\w+ ){{0,2}}?{_TEXTS}|"
    r"something (?:that )?(?:i|we|our|the)|given (?:here|anywhere|in what)|"
    r"answered|on record|to hand)\b",
    # no information, no word on, nothing about it
    r"\bno (?:\w+ ){0,2}?(?:information|info|mention|answer|word (?:on|about|of)|idea|record of)\b",
    r"\bno (?:details?|data|text|page|passage|source) (?:on|about|of|for|there|here|that|says)\b",
    r"\bno (?:reviews?|reviewers?|buyers?|customers?|one|body) (?:\w+ ){0,2}?"
    r"(?:writes?|says?|mentions?|tells?|told|wrote|mentioned|comments?|commented)\b",
    r"\b(?:(?:i|we) (?:\w+ )?have|there are) no reviews\b|\b(?:i|we) (?:\w+ )?have (?:got )?nothing\b",
    r"\b(?:i|we) (?:\w+ )?(?:find|found|see) (?:no|nothing)\b",
    r"\b(?:i|we) (?:lack|am missing|are missing)\b|\bthere(?: is| are|['’]s) nothing\b",
    r"\bnothing (?:\w+ ){0,6}?(?:says?|about|mentions?|tells?|answers?|states?|on (?:that|this|it|whether|how|what))\b",
    r"\b(?:none|neither) of (?:\w+ ){0,4}?(?:says?|mentions?|tells?|answers?|states?|covers?|gives?|lists?)\b",
    # what one says instead
    r"(?:\bnot|n['’]t|\bwithout|\bthan|\bto|\bonly|\bjust) (?:\w+ )?guess(?:ing|work)?\b",
    r"\b(?:unknown|unclear|unsure|uncertain)\b|\bsilent (?:on|about)\b",
    r"\b(?:beyond|outside|more than|further than) (?:what|anything|the things?) (?:i|we|our|my|the)\b",
    r"\bmissing from\b|\bleaves? (?:it|that|this) (?:open|out)\b",
    r"\b(?:come up empty|draw(?:ing|n)? a blank|open question)\b",
    r"\b(?:is|are|stays?|remains?|leaves?) (?:\w+ )?(?:left )?(?:un(?:answered|said|stated|specified|documented))\b",
    r"不知道|不清楚|不确定|没有?(?:写明|写|提到|提及|说明|找到|相关|注明|这方面)|未(?:写明|提及|注明|说明)|"
    r"找不到|查不到|无法确认|没有.{0,12}(?:信息|资料|答案|说明)|猜测",
)
_DECLINE = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_BUT = re.compile(r"[,;–—]\s+(?:but|however|though|while|only)\b|\bbut\b|但", re.IGNORECASE)
_POLAR = re.compile(r"\s*(?:yes|no)\s?[,:–—](?! (?:sorry|i)\b)", re.IGNORECASE)
_OFFER = re.compile(
    r"\b(?:sorry|apolog\w+|afraid|persons?|people|team|colleagues?|staff|someone|somebody|humans?|agents?|help|ask|pass|"
    r"forward|connect|through|hand|look into|get back|reach|contact|let me|happy|glad\w*|like|rather|thanks?|please|"
    r"hello|hi|question|unfortunately|looked|checked|searched)\b|人工|同事|转接|抱歉|客服",
    re.IGNORECASE,
)
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")


@dataclass(frozen=True, slots=True)
class Posed:
    """A sample as it is judged.

    Attributes:
        answerable: Whether the passages answer; if not, declining is right.
        right: A test of the answer's text instead of `must` and `never`, where there is one.
    """

    sample: Sample
    answerable: bool
    right: Callable[[str], bool] | None = None

    @property
    def passages(self) -> tuple[Numbered, ...]:
        """What the answer may rest on."""
        return self.sample.prompt.passages


def posed(sample: Sample) -> Posed:
    """A sample as it stands: answerable unless it is of the kind `decline`."""
    return Posed(sample, sample.kind != "decline")


def fold(text: str) -> str:
    """As texts are compared: without case, citations and spaces at dashes; one kind of dash, apostrophe and space."""
    text = unicodedata.normalize("NFKC", _CITE.sub("", text)).casefold().replace("’", "'")
    text = re.sub(r"\s+", " ", _DASHES.sub("-", text)).strip()
    return re.sub(r" ?- ?", "-", text)


def says(text: str, wanted: str) -> bool:
    """Whether `wanted` stands in a text, both folded: from the start of a word, figures whole, short words whole."""
    wanted = fold(wanted).replace("cannot", "can not")
    if not wanted:
        return False
    begins = re.match(r"[a-z\d]", wanted) and wanted != "n't"
    before = r"(?<![a-z\d])(?<!\d[.,])" if begins else ""
    said = fold(text).replace("cannot", "can not")
    return re.search(before + re.escape(wanted) + _after(wanted), said) is not None


def _after(wanted: str) -> str:
    """What may not follow: more of a figure, or more of a short word."""
    tail = re.search(r"[a-z]+$|\d$", wanted)
    if tail is None:
        return ""
    if tail.group().isdigit():
        return r"(?![a-z\d])(?![.,]\d)"
    least = SHORT - wanted[0].isdigit()  # `2 min` is said by `2 minutes`, `2 m` not by `2 mm`
    return r"(?![a-z\d])" if len(tail.group()) <= least else ""


def declines(text: str, passages: Sequence[Numbered] = ()) -> bool:
    """Whether a text says that something is not known, and no more: what else it says cites nothing and states nothing.

    Words that stand just so in a passage ("we cannot say when") are the shop's own and decline nothing.
    """
    known = _known(passages)
    sentences = [sentence for sentence in ground.sentences(text) if not ground.empty(sentence)]
    unknowing = [_unknowing(sentence, known) and not _goes_on(sentence) for sentence in sentences]
    return any(unknowing) and all(own or _bare(sentence) for own, sentence in zip(unknowing, sentences, strict=True))


def says_unknown(text: str, passages: Sequence[Numbered] = ()) -> bool:
    """Whether a text says that something is not known, whatever else it says."""
    known = _known(passages)
    return any(_unknowing(sentence, known) for sentence in ground.sentences(text))


def _known(passages: Sequence[Numbered]) -> str:
    return fold(" ".join(f"{passage.title} {passage.text}" for passage in passages))


def _unknowing(sentence: str, known: str) -> bool:
    """Whether a sentence says that something is not known, in words that are not those of a passage."""
    if _POLAR.match(sentence):
        return False
    return any(fold(found.group()) not in known for found in _DECLINE.finditer(_CITE.sub("", sentence)))


def _goes_on(sentence: str) -> bool:
    """Whether a sentence that says that something is not known says something else too, before a `but` or after it."""
    cites = bool(ground.cited(sentence))
    parts = [_CITE.sub("", part) for part in _BUT.split(sentence)]
    return any(
        not _DECLINE.search(part) and (bool(facts(part)) or (cites and not _OFFER.search(part)))
        for part in parts
        if not ground.empty(part)
    )


def _bare(sentence: str) -> bool:
    """Whether a sentence says nothing of the shop: an apology, an offer, a question."""
    if ground.cited(sentence):
        return False
    return sentence.rstrip().endswith(("?", "？")) or (bool(_OFFER.search(sentence)) and not facts(sentence))


def judge(posed: Posed, text: str) -> Verdict:
    """The verdict on an answer; `unjudged` where only a reference is known, and on that no verdict can rest."""
    sample = posed.sample
    if ground.empty(text):
        return "wrong"
    if sample.kind == "small_talk":
        return "right" if _fits(posed, text) and not ground.cited(text) else "wrong"
    declined = declines(text, posed.passages)
    if not posed.answerable:
        return "right" if declined else "wrong"
    if declined:
        return "declined"
    if sample.kind == "two_half" and not says_unknown(text, posed.passages):
        return "wrong"
    if posed.right is None and not sample.must and not sample.never:
        return "unjudged"
    return "right" if _fits(posed, text) else "wrong"


def _fits(posed: Posed, text: str) -> bool:
    """Whether it says what it must and nothing that it must not."""
    if posed.right is not None:
        return posed.right(text)
    said = all(any(says(text, one) for one in some) for some in posed.sample.must)
    return said and not any(says(text, one) for one in posed.sample.never)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share, both ends 0 to 1; all of it where nothing was counted.

    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 1927.
    """
    if not count:
        return 0.0, 1.0
    share, square = hits / count, Z_95**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = Z_95 * sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)
