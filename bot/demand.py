"""What shoppers ask for: questions without an answer, passages, products, what was out of stock, what was too dear.

Pure. A question counts when it was asked; a product counts once for a question, however often it is cited in the
reply. Stock is that of the moment of the reply: what the card showed, and what the cited passage said then.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.availability import sold_out, table
from bot.clusters import Asked
from bot.guard import mask
from bot.lines import Basis, Cited, Exchange, Line, Talk
from bot.objections import objects_to_price
from bot.quantities import plain
from bot.tally import Span
from knowledge.passages import Passage, Product

MOST_EXAMPLES = 5
NO_PRODUCT = "–"
"""Stands for the name where no product was talked about."""

_PIECE = re.compile(r"/(?:\d+|variants)$")
_OUT = ("out of stock", "缺货")


@dataclass(slots=True)
class _Wanted:
    """How often something was asked for, in which conversations, and the latest questions."""

    name: str = ""
    count: int = 0
    conversations: set[str] = field(default_factory=set)
    asked: list[tuple[Line, str]] = field(default_factory=list)

    def add(self, talk: Talk, line: Line, text: str) -> None:
        self.count += 1
        self.conversations.add(talk.conversation)
        self.asked.append((line, text))

    def row(self) -> dict[str, Any]:
        latest = sorted(self.asked, key=lambda one: (one[0].at, one[1]), reverse=True)
        examples = list(dict.fromkeys(mask(text) for _, text in latest))[:MOST_EXAMPLES]
        return {"count": self.count, "conversations": len(self.conversations), "examples": examples}


class Demand:
    """Collects from talks one by one. `missed` are the questions without an answer, masked."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.missed: list[Asked] = []
        self._passages: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._products: dict[str, _Wanted] = defaultdict(_Wanted)
        self._gone: dict[tuple[str, str], _Wanted] = defaultdict(_Wanted)
        self._dear: dict[str, _Wanted] = defaultdict(_Wanted)

    def add(self, talk: Talk) -> None:
        """Take in what the shopper asked within the range."""
        focus = ""
        for exchange in talk.exchanges():
            basis = exchange.reply.basis if exchange.reply else Basis()
            products = _products(basis)
            focus = products[0] if products else focus
            if self._span.holds(exchange.asked.at):
                self._take(talk, exchange, products)
                if objects_to_price(exchange.asked.text):
                    self._dear[focus].add(talk, exchange.asked, exchange.asked.text)

    def _take(self, talk: Talk, exchange: Exchange, products: list[str]) -> None:
        asked, reply = exchange.asked, exchange.reply
        if reply is None:
            return
        if exchange.missed:
            lang = reply.lang or talk.lang
            self.missed.append(Asked(mask(exchange.question), lang, talk.conversation, asked.seq, asked.at))
        self._passages.update({cited.passage for cited in reply.basis.cited})
        self._names |= {cited.product: cited.title for cited in reply.basis.cited if cited.product}
        self._names |= {handle: name for handle, name, _ in reply.basis.cards}
        for handle in products:
            self._products[handle].add(talk, asked, exchange.question)
        for place in dict.fromkeys(_gone(exchange.question, reply.basis)):
            self._gone[place].add(talk, asked, exchange.question)

    def figures(self, passages: Mapping[str, Passage], products: Mapping[str, Product], lang: str) -> dict[str, Any]:
        """Everything but `missed`, JSON-able.

        Args:
            passages: Of the snapshot that serves, by id; no others are listed.
            products: Of that snapshot, by handle.
            lang: Only passages in this language, and names in it where there are any; empty: all.
        """
        names = self._names | {handle: product.words(lang or "en").name for handle, product in products.items()}
        return {
            "passages": self._used(passages, lang),
            "products": [{**_product(handle, names), **of.row()} for handle, of in _ranked(self._products)],
            "out_of_stock": [
                {**_product(handle, names), "choice": choice, **of.row()}
                for (handle, choice), of in _ranked(self._gone)
            ],
            "price_objections": [{**_product(handle, names), **of.row()} for handle, of in _ranked(self._dear)],
        }

    def _used(self, passages: Mapping[str, Passage], lang: str) -> dict[str, Any]:
        """A passage that was cut for the index is one here, as it is in citations."""
        whole = [p for p in passages.values() if not _PIECE.search(p.id) and lang in ("", p.lang)]
        used = sorted((p for p in whole if self._passages[p.id]), key=lambda p: (-self._passages[p.id], p.id))
        return {
            "most": [{**_passage(p), "count": self._passages[p.id]} for p in used],
            "never": [_passage(p) for p in whole if not self._passages[p.id]],
        }


def _products(basis: Basis) -> list[str]:
    """Handles of the products that a question is about: cited in the reply, or else the first that it names.

    Not all that it names: "the Ridgeline 1" is the beginning of the names of a tent and of its footprint.
    """
    cited = [one.product for one in basis.cited if one.product]
    return list(dict.fromkeys(cited or [handle for handle, _ in basis.named[:1]]))


def _gone(question: str, basis: Basis) -> Iterator[tuple[str, str]]:
    """Handle and choice of whatever the question is about and had no stock; the choice is empty for a whole product."""
    shown = {handle: stock for handle, _, stock in basis.cards}
    words = dict(basis.named)
    for cited in basis.cited:
        if not cited.product:
            continue
        if shown.get(cited.product) == 0:
            yield cited.product, ""
        elif (choice := _gone_choice(question, cited, words.get(cited.product, ""))) is not None:
            yield cited.product, choice


def _gone_choice(question: str, cited: Cited, words: str) -> str | None:
    text = plain(cited.text)
    by_sku = (line for line in text.split("\n") if words and line.lower().startswith(f"{words.lower()}:"))
    if any(word in line.lower() for line in by_sku for word in _OUT):
        return words
    return sold_out(plain(question), table(text))


def _passage(passage: Passage) -> dict[str, str]:
    return {"passage": passage.id, "title": passage.title, "kind": passage.kind.value, "lang": passage.lang}


def _ranked(of: Mapping[Any, _Wanted]) -> Iterable[tuple[Any, _Wanted]]:
    return sorted(of.items(), key=lambda item: (-item[1].count, -len(item[1].conversations), item[0]))


def _product(handle: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"product": handle, "name": names.get(handle, handle) or NO_PRODUCT}
