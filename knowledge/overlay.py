"""Edits over what was read: an admin's words win over the files, and nothing is ever written into those. Pure.

An edit belongs to one entry in one language: it replaces the text there, makes a new entry, or hides it. A product's
edit changes its name and description only; prices and stock come from the shop's files (or its own updates, see
`live.py`). An edit for a product that the files no longer have waits until it is back. Who wrote an edit, and when,
goes into the origin of what it makes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import orjson

from knowledge import render
from knowledge.passages import Kind, Origin, Passage, Product, Wording
from knowledge.sources import Content
from knowledge.split import Count, approximate, cut

EDITS = "edits"
"""Stands for all edits among the files that a snapshot was made from."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What an admin wrote.

    Attributes:
        entry: As `faq:return-window`; what stands before the first colon is its kind.
        lang: ISO 639-1; empty only when hiding, and then for every language.
        title: Empty: as in the files; for what is new, the first question, else the entry's own name.
        text: For a product, its description. Empty when hiding.
        questions: Of an FAQ entry; None: as in the files.
        url: Empty: as in the files.
        by: Name of the account.
        at: ISO 8601, UTC.
    """

    entry: str
    lang: str
    by: str
    at: str
    title: str = ""
    text: str = ""
    questions: tuple[str, ...] | None = None
    url: str = ""
    hidden: bool = False

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return Kind(self.entry.partition(":")[0])


def overlaid(content: Content, edits: Iterable[Edit], count: Count = approximate) -> Content:
    """The content as the edits leave it.

    Args:
        content: What was read; not changed.
        edits: At most one for an entry and language. Their order does not matter.
        count: Tokens of a text, as the encoder counts.
    """
    ordered = sorted(edits, key=lambda edit: (edit.entry, edit.lang))
    if not ordered:
        return content
    words = {(e.entry, e.lang): e for e in ordered if not e.hidden}
    hidden = _Hidden(ordered)
    products = tuple(_products(content.products, words, hidden))
    handles = {product.handle for product in products}
    texts = _texts(content.passages, words, hidden)
    changed = [p for p in products if any(edit.entry == f"product:{p.handle}" for edit in ordered)]
    about = {p.handle: _rendered(p, words, hidden, count) for p in changed}
    passages = (
        *(piece for passage in texts for piece in cut(passage, count)),
        *(p for p in content.passages if p.kind is Kind.PRODUCT and p.product in handles and p.product not in about),
        *(passage for rendered in about.values() for passage in rendered),
    )
    return replace(
        content,
        passages=passages,
        products=products,
        reviews=tuple(review for review in content.reviews if review.product in handles),
        promotions=tuple(p for p in content.promotions if not hidden.everywhere(f"promotion:{p.code}", p.title)),
        files={**content.files, EDITS: _digest(ordered)},
    )


class _Hidden:
    """Which entries are hidden, and in which languages."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._hidden = {(edit.entry, edit.lang) for edit in edits if edit.hidden}

    def __call__(self, entry: str, lang: str = "") -> bool:
        """Whether the entry is hidden in `lang`, or, without one, in every language."""
        return (entry, "") in self._hidden or (entry, lang) in self._hidden

    def everywhere(self, entry: str, langs: Iterable[str]) -> bool:
        """Whether the entry is hidden in each of the languages that it has words in."""
        return self(entry) or all(self(entry, lang) for lang in langs)


def _texts(passages: Sequence[Passage], words: Mapping[tuple[str, str], Edit], hidden: _Hidden) -> Iterator[Passage]:
    """All texts that are not of products: those of files, those with new words, and new ones."""
    seen: set[tuple[str, str]] = set()
    for passage in passages:
        place = (passage.entry, passage.lang)
        if passage.kind is Kind.PRODUCT or hidden(*place):
            continue
        if (edit := words.get(place)) is None:
            yield passage
        elif place not in seen:
            yield _reworded(passage, edit)
        seen.add(place)
    for place, edit in words.items():
        if edit.kind is not Kind.PRODUCT and place not in seen and not hidden(*place):
            yield _reworded(_new(edit), edit)


def _new(edit: Edit) -> Passage:
    """What an edit without anything below it starts from."""
    title = next(iter(edit.questions or ()), "") or edit.entry.partition(":")[2]
    return Passage(f"{edit.entry}:{edit.lang}", edit.entry, edit.kind, edit.lang, title, "", Origin("", 0))


def _reworded(passage: Passage, edit: Edit) -> Passage:
    questions = passage.questions if edit.questions is None else edit.questions
    title = edit.title or (questions[0] if edit.questions else passage.title)
    return replace(
        passage,
        id=f"{edit.entry}:{edit.lang}",
        title=title,
        text=edit.text,
        questions=questions,
        url=edit.url or passage.url,
        origin=_origin(passage.origin, edit),
    )


def _origin(below: Origin, edit: Edit) -> Origin:
    return replace(below, edited_by=edit.by, edited_at=edit.at)


def _products(products: Sequence[Product], words: Mapping[tuple[str, str], Edit], hidden: _Hidden) -> Iterator[Product]:
    """The products that are not hidden everywhere, with their new words."""
    for product in products:
        entry = f"product:{product.handle}"
        if hidden.everywhere(entry, product.wording):
            continue
        edits = {edit.lang: edit for (of, _), edit in words.items() if of == entry}
        wording = {lang: of for lang, of in product.wording.items() if not hidden(entry, lang)}
        for lang, edit in edits.items():
            wording[lang] = _worded(product.wording.get(lang) or Wording(product.words(lang).name, ""), edit)
        yield replace(product, wording=wording) if wording != product.wording else product


def _worded(wording: Wording, edit: Edit) -> Wording:
    return replace(wording, name=edit.title or wording.name, description=edit.text)


def _rendered(
    product: Product, words: Mapping[tuple[str, str], Edit], hidden: _Hidden, count: Count
) -> Iterator[Passage]:
    """A changed product's passages; those in a language that somebody edited say so."""
    entry = f"product:{product.handle}"
    for lang in product.wording:
        edit = words.get((entry, lang))
        if hidden(entry, lang):
            continue
        for passage in render.passages(product, lang, count):
            yield replace(passage, origin=_origin(passage.origin, edit)) if edit else passage


def _digest(edits: Sequence[Edit]) -> str:
    return hashlib.sha256(b"\n".join(orjson.dumps(edit) for edit in edits)).hexdigest()
