"""What staff find in the knowledge to put into a reply: passages, and products as they are now."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.conversation import Card
from bot.recommend import card
from knowledge.library import Library
from knowledge.live import Live
from knowledge.passages import Passage, Query
from knowledge.snapshot import Snapshot

EXCERPT = 600
_PIECE = re.compile(r"/(?:\d+|variants)$")


@dataclass(frozen=True, slots=True)
class Found:
    """Passages with the figures of now, and the products among them, each once, best first."""

    passages: tuple[Passage, ...]
    products: tuple[Card, ...]


async def find(library: Library, live: Callable[[Snapshot], Live], query: Query, lang: str) -> Found:
    """Search the current snapshot; product cards are in `lang`.

    Raises:
        KnowledgeError: The search is broken.
    """
    snapshot = library.current
    found = await asyncio.to_thread(partial(library.search, query, snapshot))
    now = live(snapshot)
    unique = {_PIECE.sub("", hit.passage.id): now.passage(hit.passage) for hit in found.hits}
    handles = dict.fromkeys(hit.passage.product for hit in found.hits if hit.passage.product)
    products = [product for handle in handles if (product := now.product(handle))]
    return Found(tuple(unique.values()), tuple(card(product, lang) for product in products))
