"""The sample shop's own FAQ in words that it has not seen: the last two phrasings of each entry are held out.

The shop is indexed without them, as a build would do it, and then asked with them; beside them, with questions that are
about other things. Without the head, the same index is asked again: that is the fusion alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from bot.gathering import Kept, gather
from bot.lab.evaluate.section import Ground
from bot.policy import is_good
from knowledge.build import rehearse
from knowledge.encode import Encoder, Vectors, open_counter, open_encoder
from knowledge.passages import Hit, Kind, Passage, Query
from knowledge.search import Carried, Index

HELD_OUT = 2
LIMIT = 8
KINDS = frozenset({Kind.FAQ})


@dataclass(frozen=True)
class Asked:
    """A wording that was held out. `entry` is empty for a question about something else."""

    query: Query
    entry: str
    vector: Vectors
    carried: Carried | None = None


def measured(ground: Ground, foreign: Sequence[str]) -> dict[str, Any]:
    """Figures by language; `foreign` are English questions about other things."""
    settings = ground.settings
    cache = settings.data / "encoders"
    encoder = open_encoder(settings.encoder, cache)
    content = gather(settings.content, Kept(), open_counter(settings.encoder, cache))
    ground.say(f"indexing {len(content.passages)} passages without {HELD_OUT} phrasings an entry")
    began = perf_counter()
    left = replace(content, passages=tuple(_without(passage) for passage in content.passages))
    index = rehearse(left, settings.data / "knowledge", encoder)
    figures: dict[str, Any] = {"index_s": round(perf_counter() - began, 2)}
    for lang in settings.langs:
        asked = [
            Asked(query, entry, *index.rows(query, encoder.encode))
            for query, entry in _held_out(content.passages, lang, 40 if ground.quick else None)
        ]
        if asked:
            figures[lang] = _figures(index, asked)
    figures["foreign"] = _answered(index, _foreign(foreign, encoder))
    return figures


def _without(passage: Passage) -> Passage:
    return replace(passage, questions=passage.questions[:-HELD_OUT]) if passage.kind is Kind.FAQ else passage


def _held_out(passages: Sequence[Passage], lang: str, most: int | None) -> list[tuple[Query, str]]:
    of_lang = (p for p in passages if p.kind is Kind.FAQ and p.lang == lang)
    return [(Query(text, lang, limit=LIMIT), p.entry) for p in of_lang for text in p.questions[-HELD_OUT:]][:most]


def _foreign(texts: Sequence[str], encoder: Encoder) -> list[Asked]:
    rows = encoder.encode(list(texts))
    return [Asked(Query(text, "en", limit=LIMIT), "", row) for text, row in zip(texts, rows, strict=True)]


def _figures(index: Index, asked: Sequence[Asked]) -> dict[str, Any]:
    """Ranks with and without the head, what is answered, and how far the probabilities can be trusted."""
    found = [index.search(one.query, one.vector, one.carried)[0] for one in asked]
    plain = [index.without_head().search(one.query, one.vector, one.carried)[0] for one in asked]
    took = [index.search(one.query, one.vector, one.carried)[1]["head"] for one in asked]
    sure = np.array([max((h.probability or 0.0 for h in hits), default=0.0) for hits in found])
    right = np.array([_surest(hits) == one.entry for hits, one in zip(found, asked, strict=True)])
    return {
        "n": len(asked),
        "top": _ranked(found, asked),
        "top_without_head": _ranked(plain, asked),
        **_answered(index, asked),
        "mean_probability": round(float(sure.mean()), 4),
        "share_right": round(float(right.mean()), 4),
        "threshold": next((round(h.threshold, 4) for hits in found for h in hits if h.threshold is not None), None),
        "head_ms": round(float(np.median(took)), 3),
    }


def _surest(hits: Sequence[Hit]) -> str:
    judged = [hit for hit in hits if hit.probability is not None]
    return max(judged, key=lambda hit: hit.probability or 0.0).passage.entry if judged else ""


def _ranked(found: Sequence[Sequence[Hit]], asked: Sequence[Asked]) -> Mapping[str, float]:
    """Share of the questions whose entry is among the first one, three and five entries."""
    entries = [list(dict.fromkeys(hit.passage.entry for hit in hits)) for hits in found]
    return {
        str(k): round(sum(one.entry in names[:k] for names, one in zip(entries, asked, strict=True)) / len(asked), 4)
        for k in (1, 3, 5)
    }


def _answered(index: Index, asked: Sequence[Asked]) -> dict[str, float]:
    """Shares answered at all; by the right entry first; with it among what is answered from; without it."""
    good = [
        [h.passage.entry for h in index.search(one.query, one.vector, one.carried)[0] if is_good(h)] for one in asked
    ]
    pairs = list(zip(good, asked, strict=True))
    shares = {
        "answered": sum(bool(names) for names in good),
        "answered_right": sum(names[:1] == [one.entry] for names, one in pairs),
        "answered_right_among": sum(one.entry in names for names, one in pairs),
        "answered_wrong": sum(bool(names) and one.entry not in names for names, one in pairs),
    }
    return {name: round(count / len(asked), 4) for name, count in shares.items()}
