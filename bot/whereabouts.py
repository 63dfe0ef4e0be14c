"""Questions about places: what they lie in is put into the query, and hits on other places step back. Pure.

"Express to Calgary?" asks about Canada, so a line on the United States is no answer however near its words are.
"""

from collections.abc import Sequence

from bot.places import places
from knowledge.gazetteer import around
from knowledge.passages import Hit, Kind

LISTS = 5
"""From this many places on a passage lists where the shop goes; it speaks on a place by leaving it out, too."""


def located(query: str, lang: str) -> str:
    """The query with the countries that its places lie in, as "express to Calgary? (Canada)"."""
    names = around(query, lang)
    if not names:
        return query
    return f"{query}（{'，'.join(names)}）" if lang == "zh" else f"{query} ({', '.join(names)})"


def ordered(hits: Sequence[Hit], query: str) -> tuple[Hit, ...]:
    """The hits with those on the places asked about first; those on other places only are left out.

    Products stay where they are, and without a place in the query nothing changes.
    """
    asked = places(query)
    if not asked:
        return tuple(hits)
    ranked = [(rank, hit) for hit in hits if (rank := _rank(hit, asked)) is not None]
    return tuple(hit for _, hit in sorted(ranked, key=lambda pair: pair[0]))


def _rank(hit: Hit, asked: frozenset[str]) -> int | None:
    passage = hit.passage
    if hit.exact or passage.kind is Kind.PRODUCT:
        return 0
    named = places(f"{passage.title}\n{passage.text}")
    if asked & named:
        return 0
    if len(named) >= LISTS:
        return 1
    return None if named else 2
