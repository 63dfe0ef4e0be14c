"""Whether a question may mean several things, and which. Pure.

It is asked back only where it really is open: few words, and no hit that leads. Of FAQ entries the calibrated
probabilities tell: the first must be at least twice the second to lead; in more words, two that are nearly even and
neither likely are asked about. Products tie where the question has the word that their names begin with ("how heavy is
the Ridgeline?") and no word that tells them apart.
"""

import re
from collections.abc import Sequence

from bot.places import places
from knowledge.passages import EVEN, Hit, Kind
from knowledge.words import HAN, fold, terms

CHOICES = 4
MAX_TERMS = 2
LEAD = 2.0
"""So many times as likely as the next one, an entry leads."""
ALMOST = 0.7
"""With a second entry so nearly as likely as a first that is less likely than not, it is asked which one is meant. Of
the sample shop's held-out wordings, both languages: from 0.6 to 0.7 the first was right for 10 of 14, from there on for
15 of 34."""
COVERED = 0.7
LIKELY = 0.05
"""An entry less likely than that is not offered where others are likelier."""
ALIKE = 1 / 3
"""Titles that share more of their words than this are one choice."""
_SEVERAL = re.compile(
    r"\b(?:which|compare|all|both|any|vs|versus|difference|or)\b|哪|比较|对比|区别|还是|所有|都", re.I
)


def open_between(query: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The titles of what a question may mean, likeliest first; empty when it is clear enough, or quite unclear."""
    if not hits or _SEVERAL.search(query):
        return ()
    return _products(query, hits) or (() if any(hit.exact for hit in hits) else _entries(query, hits))


def _entries(query: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    if hits[0].probability is None:
        return ()
    if len(set(terms(query))) > MAX_TERMS:
        return _even(query, hits)
    best: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda one: -(one.probability or 0.0)):
        if hit.probability is not None and hit.coverage >= COVERED:
            best.setdefault(hit.passage.entry, hit)
    likely = list(best.values())
    if len(likely) < 2 or _leads(likely) or _sold(likely[0], hits):
        return ()
    some = [hit for hit in likely if (hit.probability or 0.0) >= LIKELY]
    titles = _different([hit.passage.title for hit in (some if len(some) > 1 else likely)])
    return titles if len(titles) > 1 else ()


def _even(query: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The titles of entries that are about as likely, the first less likely than not; a place decides by itself."""
    chances = {hit.passage.title: hit.probability or 0.0 for hit in reversed(hits)}
    likely = sorted(chances, key=lambda title: -chances[title])
    high, low = (chances[title] for title in likely[:2]) if len(likely) > 1 else (1.0, 0.0)
    if places(query) or not (hits[0].threshold or 0.0) <= high < EVEN or low < ALMOST * high:
        return ()
    titles = _different([title for title in likely if chances[title] * LEAD >= high])
    return titles if len(titles) > 1 else ()


def _sold(first: Hit, hits: Sequence[Hit]) -> bool:
    """Whether the words are rather those of a product, where no entry is likely enough to answer from."""
    unlikely = (first.probability or 0.0) < (first.threshold or 0.0)
    return unlikely and any(hit.passage.kind is Kind.PRODUCT and hit.coverage >= COVERED for hit in hits)


def _different(titles: Sequence[str]) -> tuple[str, ...]:
    """The first titles of those that say nearly the same."""
    kept: list[str] = []
    for title in titles:
        words = set(terms(title))
        if all(len(words & set(terms(other))) <= ALIKE * len(words | set(terms(other))) for other in kept):
            kept.append(title)
    return tuple(kept[:CHOICES])


def _leads(likely: Sequence[Hit]) -> bool:
    first, second = (hit.probability or 0.0 for hit in likely[:2])
    return first >= (likely[0].threshold or 0.0) and first >= LEAD * second


def _products(query: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Names that tie: they begin with a word of the question, and none has more words of it than another."""
    if hits[0].passage.kind is not Kind.PRODUCT:
        return ()
    said = _words(query)
    shared = {
        hit.passage.title: len(said & _words(hit.passage.title))
        for hit in hits
        if hit.passage.kind is Kind.PRODUCT and _coined(hit.passage.title) in said
    }
    most = max(shared.values(), default=0)
    tied = [title for title, count in shared.items() if count == most]
    return tuple(tied[:CHOICES]) if 2 <= len(tied) <= CHOICES + 2 else ()


def _words(text: str) -> set[str]:
    """Words without a possessive or plural end; Chinese as pairs of characters."""
    folded = fold(text)
    pairs = {run[i : i + 2] for run in HAN.findall(folded) for i in range(len(run) - 1)}
    return pairs | {re.sub(r"'s$|(?<=\w{3})s$", "", word) for word in re.findall(r"[a-z0-9]+(?:'s)?", folded)}


def _coined(title: str) -> str:
    """The word that a name begins with: its first Latin one, in a Chinese name too."""
    found = re.search(r"[a-z]{3,}", fold(title))
    word = found.group() if found else ""
    return (
        ""
        if not word or (not HAN.search(title) and not fold(title).startswith(word))
        else re.sub(r"(?<=\w{3})s$", "", word)
    )
