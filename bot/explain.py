"""A reply with why it is what it is, as JSON-able values: for the command line and the playground."""

from typing import Any

from bot.conversation import Message
from bot.publish import framed
from bot.reply import Trace
from knowledge.passages import Hit


def explained(message: Message, trace: Trace) -> dict[str, Any]:
    """The reply as JSON-able values: what a shopper sees, then why. Times are milliseconds."""
    frame = framed(message).model_dump(mode="json")
    seen = {name: frame[name] for name in ("text", "citations", "cards", "choices", "action")}
    return {
        **seen,
        "lang": trace.lang,
        "query": trace.query,
        "generator": trace.generator,
        "fallback": trace.fallback,
        "hits": [_hit(hit) for hit in trace.hits],
        "verdict": [{"kind": c.kind, "text": c.text, "supported": c.supported} for c in trace.claims],
        "snapshot": trace.snapshot,
        "ms": {stage: round(ms, 2) for stage, ms in trace.ms.items()},
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "passage": hit.passage.id,
        "title": hit.passage.title,
        "score": round(hit.score, 5),
        "exact": hit.exact,
        "dense_rank": hit.dense_rank,
        "cosine": round(hit.cosine, 4),
        "lexical_rank": hit.lexical_rank,
        "bm25": round(hit.bm25, 3),
        "coverage": round(hit.coverage, 3),
        "probability": None if hit.probability is None else round(hit.probability, 4),
        "threshold": None if hit.threshold is None else round(hit.threshold, 4),
    }
