"""Questions about places: what they lie in is put into the query, and hits on other places step back. Pure.

"Express to Calgary?" asks about Canada, so a line on the United States is no answer however near its words are.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.cargo import led
from bot.chances import chances, shared
from bot.claims import facts
from bot.places import places
from knowledge.gazetteer import Place, found
from knowledge.passages import EVEN, Hit, Kind, Passage
from knowledge.words import fold

_ASKS = {
    "price": re.compile(
        r"\bhow much\b|\bcosts?\b|\bprices?\b|\bcharge|\bfees?\b|\bpostage\b|"
        r"多少钱|多少錢|费用|費用|运费|運費|邮费|郵費|收费|价格|價格",
        re.IGNORECASE,
    ),
    "duration": re.compile(
        r"\bhow (?:long|fast|quick|soon|many (?:\w+ )?days)\b|\b(?:delivery|shipping|transit) times?\b|"
        r"\bwhen (?:will|would|do|does|can|could)\b.{0,40}\b(?:arrive|reach|get|come|here|have)\b|"
        r"多久|几天|幾天|多少天|多长时间|时效|時效|什么时候.{0,6}[到收]",
        re.IGNORECASE,
    ),
}

_SENDING = re.compile(r"\b(?:ship|deliver|send|mail|post)|[寄发送运]|配送|邮|收到货|到货|时效", re.IGNORECASE)
_TWO = re.compile(r"\band\b|\balso\b|还有|以及|另外|[?？;；。].*\w", re.IGNORECASE)
_BACK = re.compile(r"退|寄回|换货|返修|寄来")
_LED = re.compile(r"[寄送运]|从|退|发[往到至]|[在去到]$")
_AT_START = "发，,。？！?! 们问下那呢"
_ELSEWHERE = {"en": "other countries", "zh": "其他国家"}

Known = Callable[[str], bool]
"""Whether the shop's texts name a place."""

_OTHERS = re.compile(
    r"\b(?:only|except|other than|outside|elsewhere|(?:all|any) other|other (?:countries|places))\b|"
    r"仅|只|以外|其他|除了|除外",
    re.IGNORECASE,
)
"""With these, a passage that names places speaks on the others too: "in the United States only"."""

NOWHERE = 2
"""Rank of a passage on no place."""
LISTS = 5
"""From this many places on a passage lists where the shop goes; it speaks on a place by leaving it out, too."""


def naming(passages: Iterable[Passage]) -> Known:
    """Tells whether texts of these passages name a place; products do not count, a tent may be called Vienna."""
    texts = [f"{p.title}\n{p.text}\n{' '.join(p.questions)}" for p in passages if p.kind is not Kind.PRODUCT]
    every = fold("\n".join(texts))
    return lambda name: re.search(rf"(?<![a-z]){re.escape(fold(name))}(?![a-z])", every) is not None


def located(query: str, lang: str, known: Known) -> str:
    """The query with the countries that its places lie in.

    A place that the shop's texts do not name gives way to its country: "express to Calgary?" → "express to Canada?".
    Behind one that they do, and behind a member of a union, stands what it lies in: "to Italy (European Union)?".
    Where something is to be sent, a country that they do not name is one of the others: "to Peru (other countries)?".
    """
    out, last = "", 0
    for place in found(query):
        name, outer = query[place.start : place.stop], place.around(lang)
        country = "" if place.whole or known(name) else outer[0]
        behind = [one for one in (outer[1:] if country else outer) if one.lower() not in query.lower()]
        if _SENDING.search(query) and not behind and not _named(name, place, known):
            behind.append(_ELSEWHERE["zh" if lang == "zh" else "en"])
        out = _led(out + query[last : place.start], query, lang) + (country or name) + _aside(behind, lang)
        last = place.stop
    return out + query[last:]


def _named(name: str, place: Place, known: Known) -> bool:
    """Whether the shop's texts name a country, by this name or a usual one; of a union's members it is taken so."""
    usual = [replace(place, whole=False).around(lang) for lang in _ELSEWHERE]
    return any(len(names) > 1 or known(names[0]) for names in usual) or known(name)


def _led(before: str, query: str, lang: str) -> str:
    """What stands before a place; where something is to be sent there, with the plainest word for it in Chinese."""
    if lang != "zh" or not _SENDING.search(query) or _BACK.search(query) or _LED.search(before):
        return before
    return f"{before.removesuffix('发')}寄到" if not before or before[-1] in _AT_START else before


def _aside(names: Sequence[str], lang: str) -> str:
    if not names:
        return ""
    return f"（{'，'.join(names)}）" if lang == "zh" else f" ({', '.join(names)})"


def ordered(hits: Sequence[Hit], query: str) -> tuple[Hit, ...]:
    """The hits with those on the places asked about first; those on other places only are left out.

    So are all that cannot be meant where a figure is asked for and one on the place has it. Products stay where they
    are, and without a place in the query nothing changes. A passage on sending the very thing leads (`cargo.py`).
    """
    asked = places(query)
    if not asked:
        return tuple(hits)
    wanted = _wanted(query)
    ranked = [((rank, _lacks(hit, wanted)), hit) for hit in hits if (rank := _rank(hit, asked)) is not None]
    best = [(order, hit) for order, hit in ranked if order == (0, False) or (hit.probability or 0.0) >= EVEN]
    if wanted and not _TWO.search(query) and any(hit.passage.kind is not Kind.PRODUCT for _, hit in best):
        ranked = best
    kept = tuple(hit for _, hit in sorted(ranked, key=lambda pair: pair[0]))
    return led(_as_one(shared(kept, hits), asked), query)


def _as_one(hits: tuple[Hit, ...], asked: frozenset[str]) -> tuple[Hit, ...]:
    """The hits; where none names the place, lists of where the shop goes say the same: each is as likely as all."""
    if any(asked & places(f"{hit.passage.title}\n{hit.passage.text}") for hit in hits):
        return hits
    lists = [hit for hit in hits if hit.probability and _lists(hit.passage)]
    alike = sum(chances(lists).values())
    return tuple(replace(hit, probability=min(1.0, alike)) if hit in lists else hit for hit in hits)


def _lists(passage: Passage) -> bool:
    """Whether it lists places and says how the others fare."""
    return len(places(passage.text)) >= LISTS and bool(_OTHERS.search(passage.text))


def _wanted(query: str) -> frozenset[str]:
    """Kinds of figures that the question asks for, as `claims.py` names them."""
    return frozenset(kind for kind, pattern in _ASKS.items() if pattern.search(query))


def _lacks(hit: Hit, wanted: frozenset[str]) -> bool:
    """Whether an answer to the question needs a figure that this passage does not have."""
    there = {fact.kind for fact in facts(hit.passage.text)} if wanted else frozenset[str]()
    return not hit.exact and not wanted <= there


def _rank(hit: Hit, asked: frozenset[str]) -> int | None:
    passage = hit.passage
    if hit.exact or passage.kind is Kind.PRODUCT:
        return 0
    named = places(f"{passage.title}\n{passage.text}")
    if asked & named or (named and _OTHERS.search(passage.text)):
        return 0
    if len(named) >= LISTS:
        return 1
    return None if named else NOWHERE
