"""Hears a message: what it means, with what the shop's knowledge makes of its words, and how the shopper feels.

The meaning is `understand.py`'s; here it gets what that needs to know of the snapshot, made once for each: the
catalogue's words and the places that the shop's texts name. What is found and answered is not known here (`answer.py`).
"""

from dataclasses import dataclass, replace

from bot import injection
from bot.catalogue import Catalogue
from bot.context import Context
from bot.conversation import Author, Understood
from bot.reply import Turn, asked_before
from bot.stage import Heard, Reading, names, own_before, read
from bot.understand import understand
from bot.whereabouts import Known, located, naming
from knowledge.live import Live
from knowledge.passages import Hit
from knowledge.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class _Known:
    """What is made once of a snapshot."""

    version: str
    catalogue: Catalogue
    places: Known


class Listener:
    """Hears messages in a shop that speaks `langs`, the default first. Safe in threads: what is made twice is equal."""

    def __init__(self, langs: tuple[str, ...]) -> None:
        self._langs = langs
        self._known: _Known | None = None

    def hear(self, turn: Turn, snapshot: Snapshot, live: Live, attacked: bool = False) -> Understood:
        """What the turn's message means; where it gives orders to a model (`attacked`), what it asks besides."""
        text = turn.message.draft.text
        known = self._of(snapshot)
        context = Context(
            state=turn.state,
            spoken=self._langs,
            questions=asked_before(turn.history),
            catalogue=known.catalogue,
            product=live.product,
            choices=next((m.draft.choices for m in reversed(turn.history) if m.draft.author is Author.BOT), ()),
        )
        meaning = understand(injection.question(text) if attacked else text, context)
        query, second = (located(asked, meaning.lang, known.places) for asked in (meaning.query, meaning.second))
        return replace(meaning, query=query, second=second)

    def _of(self, snapshot: Snapshot) -> _Known:
        known = self._known
        if known is None or known.version != snapshot.version:
            catalogue = Catalogue.of(snapshot.products, snapshot.index.named)
            self._known = known = _Known(snapshot.version, catalogue, naming(snapshot.passages.values()))
        return known


def feeling(turn: Turn, meaning: Understood, snapshot: Snapshot, hits: tuple[Hit, ...]) -> Reading:
    """How near the shopper is to buying and how they feel, as this message leaves it."""
    state, found = turn.state, [hit.passage.product for hit in hits if hit.passage.product]
    titles = [p.words(meaning.lang).name for handle in found if (p := snapshot.products.get(handle))]
    earlier = tuple(m.draft.text for m in turn.history if m.draft.author is Author.SHOPPER)
    heard = Heard(
        meaning.text,
        earlier,
        state.visit,
        named=bool(meaning.focus) or any(hit.exact for hit in hits) or names(meaning.text, titles),
        at_hand=bool(state.focus or state.shown),
    )
    return read(heard, Reading(state.stage, state.mood, own_before(earlier), state.signs))
