"""Translations that a shop's own content holds: a catalogue in two languages, and entries that exist in both.

A product's names, category, options and labels stand side by side in its wordings and are taken as they are. Entries in
two languages give words that go together: for each pair of words the log-likelihood ratio (Dunning, "Accurate methods
for the statistics of surprise and coincidence", Computational Linguistics 1993) of their meeting in the same entries;
only pairs that are each other's best count, and only with `EVIDENCE` or more. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product as pairs
from math import log

from knowledge.glossary import LANGS, Layer, Term
from knowledge.passages import Kind, Passage, Product, Wording
from knowledge.words import HAN, terms

EVIDENCE = 12.0
"""About what p = 0.0005 asks of a ratio with one degree of freedom: with thousands of pairs tried, less is luck."""

MEETINGS = 3
COMMON = 0.3
"""Words in more than this share of the entries say nothing about any."""
SHORT = 40
_OF = {"en": re.compile(r"[a-z]+"), "zh": HAN}


def mined(products: Sequence[Product], passages: Sequence[Passage]) -> tuple[Term, ...]:
    """Terms of the catalogue, then of aligned entries, each once and in a fixed order."""
    labels = _labels(products)
    catalogue = {pair for product in products for pair in _of_product(product, labels)}
    aligned = set(_of_entries(passages)) - catalogue
    return tuple(
        Term({"en": (en,), "zh": (zh,)}, layer)
        for layer, found in ((Layer.CATALOGUE, catalogue), (Layer.MINED, aligned))
        for en, zh in sorted(found)
    )


def _labels(products: Iterable[Product]) -> set[tuple[str, str]]:
    """Labels of facts that mostly stand in the same place of the two languages' lists."""
    met = Counter(pair for product in products for pair in _side_by_side(product))
    best: list[dict[str, tuple[str, str]]] = [{}, {}]
    for pair, _ in sorted(met.items(), key=lambda item: (-item[1], item[0])):
        for side in (0, 1):
            best[side].setdefault(pair[side], pair)
    return {pair for pair in met if best[0][pair[0]] == pair == best[1][pair[1]]}


def _side_by_side(product: Product) -> Iterator[tuple[str, str]]:
    en, zh = (product.wording.get(lang) for lang in LANGS)
    if en and zh and len(en.facts) == len(zh.facts):
        yield from zip(en.facts, zh.facts, strict=True)


def _of_product(product: Product, labels: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """English and Chinese of one thing, by the product's wordings; facts where their labels belong together."""
    en, zh = (product.wording.get(lang) for lang in LANGS)
    if en is None or zh is None:
        return
    found = [(en.name, zh.name), (en.category, zh.category), *_options(product, en, zh)]
    for one, other in set(_side_by_side(product)) & labels:
        found += [(one, other), (en.facts[one], zh.facts[other])]
    for one, other in found:
        figures = any(map(str.isdigit, one)) and one != en.name
        if one and other and one != other and len(one) <= SHORT and len(other) <= SHORT and not figures:
            yield one, other


def _options(product: Product, en: Wording, zh: Wording) -> Iterator[tuple[str, str]]:
    """Names and values of options, as each language has them."""
    source = {word for variant in product.variants for option in variant.options.items() for word in option}
    for word in sorted(source):
        if word in en.options or word in zh.options:
            yield en.options.get(word, word), zh.options.get(word, word)


def _of_entries(passages: Sequence[Passage]) -> Iterator[tuple[str, str]]:
    """Pairs of words that meet in the same entries more than by chance, and are each other's best."""
    sides = _sides(passages)
    entries = [both for both in sides.values() if len(both) == len(LANGS)]
    counts = [Counter(word for both in entries for word in both[lang]) for lang in LANGS]
    usable = [{w for w, n in count.items() if MEETINGS <= n <= COMMON * len(entries)} for count in counts]
    together: Counter[tuple[str, str]] = Counter()
    for both in entries:
        en, zh = (sorted(both[lang] & known) for lang, known in zip(LANGS, usable, strict=True))
        together.update(pairs(en, zh))
    ratios = {
        pair: _ratio(n, counts[0][pair[0]], counts[1][pair[1]], len(entries))
        for pair, n in together.items()
        if n >= MEETINGS
    }
    best = [_best(ratios, side) for side in (0, 1)]
    for pair, ratio in ratios.items():
        if ratio >= EVIDENCE and best[0][pair[0]] == pair and best[1][pair[1]] == pair:
            yield pair


def _sides(passages: Iterable[Passage]) -> Mapping[str, dict[str, set[str]]]:
    """Entry → language → its words. Products are left out: their wordings are read apart, and speak of one product."""
    out: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for passage in passages:
        if passage.kind is not Kind.PRODUCT and passage.lang in LANGS:
            texts = (passage.title, *passage.questions, passage.text)
            words = {word for text in texts for word in terms(text) if len(word) > 1}
            out[passage.entry].setdefault(passage.lang, set()).update(filter(_OF[passage.lang].fullmatch, words))
    return out


def _best(ratios: Mapping[tuple[str, str], float], side: int) -> dict[str, tuple[str, str]]:
    """Each word's best pair; of equal ones the first by alphabet."""
    out: dict[str, tuple[str, str]] = {}
    for pair in sorted(ratios, key=lambda pair: (-ratios[pair], pair)):
        out.setdefault(pair[side], pair)
    return out


def _ratio(both: int, one: int, other: int, total: int) -> float:
    """Dunning's ratio, 0 where the words meet no more than by chance."""
    if both * total <= one * other:
        return 0.0
    cells = (both, one - both, other - both, total - one - other + both)
    rows, columns = (one, one, total - one, total - one), (other, total - other, other, total - other)
    return 2 * sum(n * log(n * total / (r * c)) for n, r, c in zip(cells, rows, columns, strict=True) if n)
