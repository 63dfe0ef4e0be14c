"""Words in two languages: which words of the one say what a text of the other asks for.

A glossary is made of terms, each one meaning with its forms by language. They come from four places, the surer ones
first: the shop's own list, its catalogue (names, options, labels in two languages), the general list that comes with
Aisle (`glossary.tsv`), and words that go together in entries that exist in two languages (`mined.py`). What the shop
says about a form is all that counts for it; catalogue and general list add up; mined words fill gaps only.

`concepts` cuts a question into its meanings: the longest forms first, and what no form covers word by word. A word that
"says nothing" (how, 怎么) is a form without any translation. How passages are scored by concepts is not known here
(`crossing.py`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files

from knowledge.numerals import figures
from knowledge.words import HAN, LETTER, fold, terms

GENERAL = "glossary.tsv"
NOTHING = "-"
LANGS = ("en", "zh")
_WORD = re.compile(rf"{LETTER}+(?:[-'.]{LETTER}+)*")

Words = tuple[str, ...]
"""Search terms (`words.terms`) of one form, in order."""


class Layer(IntEnum):
    """Where a term is from; the first is the surest."""

    SHOP = 0
    CATALOGUE = 1
    GENERAL = 2
    MINED = 3


@dataclass(frozen=True, slots=True)
class Term:
    """One meaning: its forms by language, the usual form first. None in a language: it says nothing there."""

    forms: Mapping[str, tuple[str, ...]]
    layer: Layer = Layer.SHOP


@dataclass(frozen=True, slots=True)
class Concept:
    """A part of a question.

    Attributes:
        text: As it stands there, folded.
        words: Its own search terms; a passage in any language may have them.
        others: Search terms of each translation; empty where none is known.
    """

    text: str
    words: Words
    others: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known about a form in one language: its translations, and forms of its own language, as written."""

    layer: Layer
    others: dict[str, None] = field(default_factory=dict)
    alike: dict[str, None] = field(default_factory=dict)


class Glossary:
    """Looks up words. Immutable once made; safe for several threads."""

    def __init__(self, listed: Iterable[Term] = ()) -> None:
        self.terms = tuple(listed)
        self._forms: dict[str, dict[Words | str, _Known]] = {lang: {} for lang in LANGS}
        for term in sorted(self.terms, key=lambda term: term.layer):
            for lang, other in zip(LANGS, reversed(LANGS), strict=True):
                for form in term.forms.get(lang, ()):
                    self._add(lang, form, (term.forms[lang], term.forms.get(other, ())), term.layer)
        self._longest = {lang: max(map(len, forms), default=0) for lang, forms in self._forms.items()}

    def concepts(self, text: str, lang: str) -> tuple[Concept, ...]:
        """The parts of a question in `lang` that say something, each once, in order; empty for other languages."""
        if lang not in LANGS:
            return ()
        found = self._chinese(text) if lang == "zh" else self._english(text)
        return tuple({concept.words: concept for concept in found}.values())

    def gloss(self, text: str, lang: str) -> str:
        """The translations of a question's words, for choosing among sentences of the other language; may be empty."""
        known = (self._lookup(concept.text, lang) for concept in self.concepts(text, lang))
        return " ".join(dict.fromkeys(form for one in known if one for form in one.others))

    def carried(self, text: str, lang: str) -> tuple[str, float]:
        """A question carried over word by word: the usual translations, in order, and the share that they stand for.

        "没有账号可以买东西吗" → ("no account buy things", 0.9). Words that say nothing count on neither side.
        """
        concepts = self.concepts(text, lang)
        known = [(concept, self._lookup(concept.text, lang)) for concept in concepts]
        said = [(len(concept.text), next(iter(one.others), "")) for concept, one in known if one]
        length = sum(len(concept.text) for concept in concepts)
        return " ".join(form for _, form in said if form), sum(size for size, _ in said) / max(1, length)

    def translated(self, form: str, lang: str) -> str:
        """The usual form in `lang` of a word or label in the other language; empty where none is known exactly."""
        other = LANGS[LANGS.index(lang) - 1] if lang in LANGS else ""
        known = self._lookup(form, other) if other else None
        return next(iter(known.others), "") if known else ""

    def reworded(self, text: str, lang: str, known: Callable[[str], bool]) -> str:
        """The text with words that nobody uses here put as they are used: 保固 as 保修, where only that is known.

        Args:
            text: A question in `lang`.
            lang: Its language; of others the text stays as it is.
            known: Whether a search term occurs anywhere.
        """
        for concept in self.concepts(text, lang):
            found = self._lookup(concept.text, lang)
            if found is None or any(map(known, concept.words)):
                continue
            if usual := next((form for form in found.alike if (w := terms(form)) and all(map(known, w))), ""):
                text = figures(fold(text)).replace(concept.text, usual)
        return text

    def _add(self, lang: str, form: str, forms: tuple[Sequence[str], Sequence[str]], layer: Layer) -> None:
        """Note what a form may stand for: `forms` of its own language, and of the other."""
        key = _key(form, lang)
        known = self._forms[lang].setdefault(key, _Known(layer)) if key else None
        if known is None or (layer > known.layer and Layer.SHOP in (known.layer, layer)):
            return
        if not (layer is Layer.MINED and known.layer is not layer):
            known.alike.update(dict.fromkeys(forms[0]))
            known.others.update(dict.fromkeys(forms[1]))

    def _lookup(self, form: str, lang: str) -> _Known | None:
        return self._forms[lang].get(_key(form, lang)) if lang in self._forms else None

    def _english(self, text: str) -> Iterator[Concept]:
        """Runs of words, longest known first; words that are stop words belong to runs, and are nothing alone."""
        words = [match.group() for match in _WORD.finditer(fold(text))] if not HAN.search(text) else []
        if not words:
            yield from (Concept(word, (word,)) for word in dict.fromkeys(terms(text)))
            return
        at = 0
        while at < len(words):
            count, known = self._run(words, at)
            phrase = " ".join(words[at : at + count])
            yield from _concepts(phrase, known)
            at += count

    def _run(self, words: Sequence[str], at: int) -> tuple[int, _Known | None]:
        """How many words from `at` on make the longest known form, and what is known of it; 1 and None if none is."""
        forms = self._forms["en"]
        for count in range(min(self._longest["en"], len(words) - at), 0, -1):
            run = words[at : at + count]
            if (key := tuple(terms(" ".join(run)))) in forms and len(terms(run[0])) and len(terms(run[-1])):
                return count, forms[key]
        return 1, None

    def _chinese(self, text: str) -> Iterator[Concept]:
        """Longest known forms of two characters or more; between them the segmenter's words, known or not."""
        plain, forms = figures(fold(text)), self._forms["zh"]
        at = gap = 0
        while at < len(plain):
            ends = range(min(len(plain), at + self._longest["zh"]), at + 1, -1)
            end = next((end for end in ends if plain[at:end] in forms and _whole(plain, at, end)), 0)
            if not end:
                at += 1
                continue
            yield from self._between(plain[gap:at])
            yield from _concepts(plain[at:end], forms[plain[at:end]])
            at = gap = end
        yield from self._between(plain[gap:])

    def _between(self, text: str) -> Iterator[Concept]:
        for word in dict.fromkeys(terms(text)):
            yield from _concepts(word, self._forms["zh"].get(word))


def _concepts(text: str, known: _Known | None) -> Iterator[Concept]:
    """The concept of a form, or none if it says nothing."""
    words = tuple(dict.fromkeys(terms(text)))
    if known is None:
        yield from (Concept(word, (word,)) for word in words)
        return
    others = dict.fromkeys(tuple(dict.fromkeys(terms(other))) for other in known.others)
    if words and (said := tuple(filter(None, others))):
        yield Concept(text, words, said)


def _key(form: str, lang: str) -> "Words | str":
    """What a form is looked up by: Chinese as it is written, English by its stems."""
    return "".join(figures(fold(form)).split()) if lang == "zh" else tuple(terms(form))


def _whole(text: str, start: int, end: int) -> bool:
    """Whether a Latin letter or digit at either end of a form is not in the middle of a word of the text."""
    left = start and _latin(text[start - 1]) and _latin(text[start])
    return not (left or (end < len(text) and _latin(text[end - 1]) and _latin(text[end])))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def split_forms(cell: str) -> tuple[str, ...]:
    """The forms of a cell, between bars; a lone dash is none."""
    forms = tuple(form for form in (" ".join(part.split()) for part in cell.split("|")) if form)
    return () if forms == (NOTHING,) else forms


@lru_cache(1)
def general() -> tuple[Term, ...]:
    """The list that comes with Aisle."""
    lines = files("knowledge").joinpath(GENERAL).read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    head, *rest = rows
    return tuple(
        Term({lang: split_forms(cell) for lang, cell in zip(head, row, strict=True)}, Layer.GENERAL) for row in rest
    )
