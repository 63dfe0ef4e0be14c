"""Reads passages as evidence, and says whether one bears out a claim.

A passage is read once, sentence by sentence and table row by row, in the same way as drafts are (`claims.py`). What a
draft's sentence is, how its citations work and what follows from a verdict is not known here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.availability import Stock, agrees, table
from bot.claims import Fact, facts, methods
from bot.generate.protocol import Numbered
from bot.places import places
from bot.quantities import Amount, head_unit, in_unit, plain
from bot.sentences import lines, sentences
from bot.terms import terms

SAME_WORDS = 0.8
"""From this share of common words on (Jaccard), two sentences are taken to say the same or its opposite."""

_NOT = re.compile(
    r"\b(?:not|no|never|cannot|nowhere|nothing|neither|nor|without|none)\b|n't\b|\bnon-|\bun(?=available|able)|[不没无未勿]",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[,;，；:()。.]\s*|\b(?:but|and)\b|但")
_ABOUT_SENDING = re.compile(r"ship|deliver|postage|dut(?:y|ies)|return|express|运|送|寄|退|关税", re.IGNORECASE)
_AT_MOST = re.compile(
    r"(?:up to|within|at most|no more than|maximum(?: of)?|at the latest|最多|不超过|至多|最迟)\s*$", re.IGNORECASE
)
_AT_LEAST = re.compile(
    r"(?:at least|from|starting (?:at|from)|as (?:little|low) as|minimum(?: of)?|最少|至少|最快|最低)\s*$",
    re.IGNORECASE,
)
_INSIDE_ZH = re.compile(r"\s?(?:以内|之内|内)")
_PAID = re.compile(r"\bincluded\b|\bprepaid\b|\bwe (?:pay|cover)\b|包含|已含|承担|预付", re.IGNORECASE)
_LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
_SPAN = re.compile(r"\b(X{0,3}S|M|X{0,3}L)\s?(?:-|to|至|到)\s?(X{0,3}S|M|X{0,3}L)\b")
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or row of a passage, read. Its places are its own, else those of the passage's title."""

    text: str
    facts: tuple[Fact, ...]
    places: frozenset[str]
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage, read once for all sentences that rest on it."""

    n: int
    title: str
    words: str
    segments: tuple[Segment, ...]
    codes: frozenset[str]
    figures: frozenset[str]
    places: frozenset[str]
    stock: Stock


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence, or the part of one before a citation, as it is held against passages.

    Attributes:
        text: Made `plain`, without citation marks.
        places: Those that it names.
        asked: When it names none, those that the shopper asked about.
    """

    text: str
    places: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


@lru_cache(maxsize=512)
def read(passage: Numbered) -> Source:
    """The passage as evidence."""
    title, whole = plain(passage.title), plain(f"{passage.title}\n{passage.text}")
    segments = [_segment(title, places(title), "")]
    for line in lines(passage.text):
        method = ""
        for text in map(plain, sentences(line)):
            segments.append(_segment(text, places(title), method))
            method = (methods(text) or [(0, method)])[-1][1]
    return Source(
        n=passage.n,
        title=title,
        words=whole,
        segments=tuple(segments),
        codes=frozenset(re.findall(r"[A-Z0-9]+(?:-[A-Z0-9]+)*", whole.upper())),
        figures=frozenset(_figure(found) for found in _FIGURE.findall(whole)),
        places=places(whole),
        stock=table(whole),
    )


def _figure(text: str) -> str:
    text = text.replace(",", "").lstrip("0") or "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _segment(text: str, title_places: frozenset[str], method: str) -> Segment:
    """Read a sentence; without a way of shipping of its own it has that of the sentence before it."""
    found = list(facts(text))
    if not methods(text):
        found = [Fact(f.kind, f.value, f.text, f.start, f.amount, method) for f in found]
    for fact in [f for f in found if f.kind == "number" and f.amount]:
        before = text[text.rfind(";", 0, fact.start) + 1 : fact.start]
        if fact.amount and (unit := head_unit(before)) is not None:
            amount = in_unit(fact.amount, unit)
            found.append(Fact(amount.kind, amount.value, fact.text, fact.start, amount, fact.method))
    for first, last in _SPAN.findall(text):
        between = _LETTERS[_LETTERS.index(first) : _LETTERS.index(last) + 1]
        found.extend(Fact("size", size, size, 0) for size in between)
    return Segment(text, tuple(found), places(text) or title_places, _terms(text))


def _terms(text: str) -> frozenset[str]:
    return frozenset(terms(_NOT.sub(" ", text)))


def bears(source: Source, fact: Fact, saying: Saying) -> bool:
    """Whether a passage bears out one fact of a sentence."""
    if fact.kind == "code":
        return fact.value in source.codes
    if fact.kind == "place":
        return _place(source, fact.value, saying)
    if fact.kind == "number" and fact.amount is not None:
        return _figures(fact.amount) <= source.figures
    if fact.kind == "free":
        return any(_PAID.search(s.text) or any(f.kind == "free" for f in s.facts) for s in source.segments)
    return any(
        _same(known, fact, saying.text) and _fits(segment, known, fact, saying)
        for segment in source.segments
        for known in segment.facts
    )


def _figures(amount: Amount) -> frozenset[str]:
    return frozenset(_figure(f"{n:f}") for n in (amount.low, amount.high))


def _same(known: Fact, fact: Fact, text: str) -> bool:
    """Whether two facts state the same; one end of a range passes when it is spoken of as an end."""
    if known.kind != fact.kind:
        return False
    if known.amount is None or fact.amount is None:
        if fact.kind == "date":
            pairs = zip(known.value.split("-"), fact.value.split("-"), strict=True)
            return all(mine in ("?", theirs) for theirs, mine in pairs)
        return known.value == fact.value
    spanned = len(_FIGURE.findall(fact.text)) > 1
    if fact.amount.agrees(known.amount):
        return spanned <= (len(_FIGURE.findall(known.text)) > 1)
    if fact.amount.base != known.amount.base or spanned:
        return False
    before, after = text[: fact.start], text[fact.start + len(fact.text) :]
    top = fact.amount.low == known.amount.high and bool(_AT_MOST.search(before) or _INSIDE_ZH.match(after))
    return top or (fact.amount.low == known.amount.low and bool(_AT_LEAST.search(before)))


def _fits(segment: Segment, known: Fact, fact: Fact, saying: Saying) -> bool:
    """Whether both are about the same place and way of shipping, as far as they say."""
    if known.method and fact.method and known.method != fact.method:
        return False
    if saying.places and segment.places and not saying.places & segment.places:
        return False
    asked = saying.asked if _ABOUT_SENDING.search(segment.text) else frozenset()
    return not (asked and segment.places and not asked & segment.places)


def _place(source: Source, code: str, saying: Saying) -> bool:
    """Whether the passage speaks of a place, and not only to say the opposite of what the sentence says."""
    if code not in source.places:
        return "eu" in saying.places & source.places or bool(_NOT.search(saying.text))
    said = _tones(saying.text, code)
    known = {tone for s in source.segments for tone in _tones(s.text, code)}
    return not said or not known or bool(said & known)


def _tones(text: str, code: str) -> set[bool]:
    """Whether the clauses that name a place deny something."""
    return {bool(_NOT.search(clause)) for clause in _listed(text) if code in places(clause)}


def _listed(text: str) -> list[str]:
    """Clauses; the members of a list stay with what comes before them."""
    out: list[str] = []
    for clause in _CLAUSES.split(text):
        if out and len(clause.split()) <= 2 and (places(clause) or not clause.strip()):
            out[-1] += f", {clause}"
        else:
            out.append(clause)
    return out


def stocked(source: Source, clause: str, there: bool, count: int | None) -> bool:
    """Whether a clause on stock fits what the passage lists, or, where it lists nothing, uses the passage's words."""
    if source.stock:
        return agrees(clause, there, count, source.stock)
    return any(overlap(segment.terms, _terms(clause)) >= SAME_WORDS for segment in source.segments) or (
        _terms(clause) <= _terms(source.words) and bool(_NOT.search(clause)) <= bool(_NOT.search(source.words))
    )


def overlap(some: frozenset[str], others: frozenset[str]) -> float:
    """Share of common members (Jaccard); 0 for two empty sets."""
    return len(some & others) / len(some | others) if some | others else 0.0


def verbatim(source: Source, text: str) -> bool:
    """Whether a sentence stands in the passage nearly as it is, and in the same sense."""
    words, denies = _terms(text), bool(_NOT.search(text))
    return any(overlap(words, s.terms) >= SAME_WORDS and denies == bool(_NOT.search(s.text)) for s in source.segments)


def vouches(source: Source, verb: str, text: str) -> bool:
    """Whether the shop itself says that it does this: the verb, and two more words of the sentence, in one sentence."""
    words, stems = _terms(text), frozenset(terms(verb))
    return any(
        (stems <= s.terms or verb in s.text.lower().replace("e-mail", "email")) and len((words - stems) & s.terms) >= 2
        for s in source.segments
    )


def turned(source: Source, text: str) -> bool:
    """Whether a sentence has nearly all the words of the sentences nearest to it in the passage, and denies them."""
    words, denies = _terms(text), bool(_NOT.search(text))
    if len(words) < 3:
        return False
    near = [s for s in source.segments if overlap(words, s.terms) >= SAME_WORDS]
    return bool(near) and all(bool(_NOT.search(s.text)) != denies for s in near)
