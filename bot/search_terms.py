"""What a message is found by, and what a search looks for: the same words for every database. Pure.

Words are those of the knowledge (`knowledge.words`): folded, stemmed, Chinese cut into words. Beside them stand marks
that filters look for: `product:`, `reason:` and `staff:` with what they name.
"""

import re
from collections.abc import Iterable, Sequence

from bot.conversation import Draft
from knowledge import words

LONGEST = 60
MOST_ASKED = 12
SNIPPET = 160
_ODD = re.compile(r"[^a-z0-9.,:@+/_-]", re.ASCII)
_WORD = re.compile(rf"{words.LETTER}+(?:[-'’.,]{words.LETTER}+)*|{words.HAN.pattern}")


def terms_of(draft: Draft) -> list[str]:
    """Everything that the message is found by, each once, in order."""
    found = {term[:LONGEST] for term in words.terms(draft.text, every=True)}
    if draft.reason:
        found.add(mark("reason", draft.reason.value))
    if draft.staff:
        found.add(mark("staff", draft.staff))
    found |= {mark("product", card.handle) for card in draft.cards}
    cited = (citation.passage.split(":") for citation in draft.citations)
    found |= {mark("product", parts[1]) for parts in cited if parts[0] == "product" and len(parts) > 1}
    return sorted(found)


def asked_for(q: str) -> list[str]:
    """What a search for `q` looks for; words that say nothing, as "the", are left out. At most `MOST_ASKED`."""
    return list(dict.fromkeys(term[:LONGEST] for term in words.terms(q)))[:MOST_ASKED]


def mark(kind: str, name: str) -> str:
    """The term that stands for a product, a reason or somebody of the staff."""
    return f"{kind}:{_ODD.sub('_', name.lower())}"[:LONGEST]


def snippet(texts: Iterable[str], asked: Sequence[str]) -> str:
    """A line from that text which has most of what was asked for, the first of these if several; else empty."""
    best, most = "", 0
    for text in texts:
        places = _places(text, asked)
        if len(places) > most:
            best, most = _around(text, min(places.values())), len(places)
    return best


def _places(text: str, asked: Sequence[str]) -> dict[str, int]:
    """Where each of the terms first is."""
    found: dict[str, int] = {}
    for match in _WORD.finditer(text):
        for term in set(words.terms(match.group(), every=True)) & set(asked) - found.keys():
            inside = words.fold(match.group()).find(term) if words.HAN.search(term) else 0
            found[term] = match.start() + max(0, inside)
    return found


def _around(text: str, at: int) -> str:
    """A line of about `SNIPPET` characters with what is at `at` in its first third."""
    start = max(0, at - SNIPPET // 3)
    if start and (space := text.find(" ", start, at)) > 0:
        start = space + 1
    line = " ".join(text[start : start + SNIPPET].split())
    return ("…" if start else "") + line + ("…" if start + SNIPPET < len(text) else "")
