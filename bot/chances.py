"""What entries that are left out give of their probability to those that are kept. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.passages import Hit

SHARED_AT_MOST = 0.7
"""Of the probability, what is left out gives at most so much to what is kept."""


def chances(hits: Iterable[Hit]) -> dict[str, float]:
    """Entry → its probability, once however many of its passages were found."""
    return {hit.passage.entry: hit.probability or 0.0 for hit in hits}


def left_out(kept: Sequence[Hit], hits: Sequence[Hit]) -> float:
    """The probability, 0.0 to 1.0, of the entries among `hits` of which nothing was kept."""
    return sum(chances(hits).values()) - sum(chances(kept).values())


def shared(kept: Sequence[Hit], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The kept hits, as likely as they are once those left out cannot be meant; hits without a probability stay so."""
    share = 1 - min(left_out(kept, hits), SHARED_AT_MOST)
    return tuple(
        replace(hit, probability=min(1.0, hit.probability / share)) if hit.probability else hit for hit in kept
    )
