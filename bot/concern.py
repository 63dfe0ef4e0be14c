"""A question's concern in words of every shop, as a warranty or washing: hits that are silent on it step back. Pure.

"How long is the warranty on a down jacket?" is near all that is said of down jackets by its words; an entry that never
speaks of a warranty is no answer, so it leaves what it shares of the probability to those that do.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.passages import Hit

_CONCERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bwarrant|\bguarantee|保修|质保|保固|包修",
        r"\bwash|\bclean|\blaunder|洗|清洁",
        r"\b(?:safe|safety|secure|security|fraud)\b|安全(?!码|处|地|带)|泄露",
        r"\btrack|追踪|跟踪|物流|运单|快递单号",
        r"\b(?:swap|exchange)|换货|换码|换尺码|能换|可以换",
        r"\bexpir|过期|失效|有效期",
    )
)
SHARED_AT_MOST = 0.7
"""Of the probability, what is left out gives at most so much to what is kept."""
LEAST = 0.1
"""Below it an entry that speaks of the concern is too unlikely to have others step back for it."""


def concerned(hits: Sequence[Hit], query: str) -> tuple[Hit, ...]:
    """The hits, best first; without those that are silent on the query's concern, where a likely one speaks of it.

    A query with no concern of these, or with several, leaves all as they are.
    """
    about = [pattern for pattern in _CONCERNS if pattern.search(query)]
    if len(about) != 1:
        return tuple(hits)
    speaks = {hit.passage.id: _speaks(hit, about[0]) for hit in hits}
    if not any(speaks[hit.passage.id] and (hit.probability or 0.0) >= LEAST for hit in hits):
        return tuple(hits)
    kept = [hit for hit in hits if hit.exact or speaks[hit.passage.id]]
    entries = {hit.passage.entry: hit.probability or 0.0 for hit in hits}
    lost = sum(entries.values()) - sum({hit.passage.entry: hit.probability or 0.0 for hit in kept}.values())
    share = 1 - min(lost, SHARED_AT_MOST)
    raised = [replace(hit, probability=min(1.0, hit.probability / share)) if hit.probability else hit for hit in kept]
    return tuple(sorted(raised, key=lambda hit: -(hit.probability or 0.0)) if lost else raised)


def _speaks(hit: Hit, concern: re.Pattern[str]) -> bool:
    passage = hit.passage
    return bool(concern.search("\n".join((passage.title, passage.text, *passage.questions))))
