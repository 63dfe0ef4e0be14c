"""Entries in the other language: found by translated words, beside those in the question's own."""

from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.crossing import TRUST, chances, cross
from knowledge.dense import Dense, owners, row_texts
from knowledge.encode import Vectors
from knowledge.glossary import Concept, Glossary, general
from knowledge.hashed import HashedEncoder
from knowledge.lexical import Lexical, document
from knowledge.match import Matcher
from knowledge.passages import Hit, Passage, Query
from knowledge.search import Index, Learned
from tests.support.shelves import faq

CANADA = faq("canada", "en", "How long does shipping to Canada take?", text="Shipping to Canada takes 6 days.")
JAPAN = faq("japan", "en", "How long does shipping to Japan take?", text="Shipping to Japan takes 8 days.")
WASH = faq("wash", "zh", "羽绒服怎么洗？", text="用 30 度水清洗羽绒服。")
RETURNS = [
    faq("returns", "en", "How do I return something?", text="Return it within 60 days."),
    faq("returns", "zh", "怎么退货？", text="60 天内退货。"),
]
SHOP = (CANADA, JAPAN, WASH, *RETURNS)


def index(passages: Sequence[Passage], *, blind: str = "", glossary: Glossary | None = None) -> Index:
    """The product's index; the encoder cannot read passages in `blind`."""
    ordered = sorted(passages, key=lambda passage: passage.id)
    rows = np.concatenate([_rows(passage, blind) for passage in ordered])
    words = Lexical.build([document(passage) for passage in ordered])
    dense = Dense.build(rows, owners(ordered))
    return Index(ordered, Matcher(()), dense, words, Learned(glossary or Glossary(general())))


def _rows(passage: Passage, blind: str) -> Vectors:
    return HashedEncoder().encode(row_texts(passage)) * np.float32(passage.lang != blind)


def hits(made: Index, text: str, lang: str, *, readable: bool = False) -> tuple[Hit, ...]:
    """What is found; unless `readable`, the question has no vector."""
    vector = HashedEncoder().encode([text])[0]
    return made.search(Query(text, lang), vector if readable else vector * 0)[0]


def test_an_entry_in_the_other_language_is_found() -> None:
    """A Chinese question finds the English entry, which is marked, its translated words counted as covered."""
    first = hits(index(SHOP), "寄到加拿大要多久", "zh")[0]
    assert (first.passage, first.crossed) == (CANADA, True)
    assert first.coverage == pytest.approx(1.0)
    assert hits(index(SHOP), "how do I wash a down jacket", "en")[0].passage == WASH


def test_without_a_glossary_it_is_not_found() -> None:
    """Nothing else finds it, so the glossary is what did."""
    assert hits(index(SHOP, glossary=Glossary()), "寄到加拿大要多久", "zh") == ()


def test_what_exists_in_the_own_language_is_found_there() -> None:
    """Of an entry in both languages only the question's is returned, and it is not marked."""
    found = [hit for hit in hits(index(SHOP), "怎么退货", "zh") if hit.passage.entry == "faq:returns"]
    assert [(hit.passage.lang, hit.crossed) for hit in found] == [("zh", False)]


def test_an_unread_entry_can_come_first() -> None:
    """Where the encoder reads the question and not the entry, its words stand for its missing place."""
    first = hits(index(SHOP, blind="zh"), "how do I wash a down jacket", "en", readable=True)[0]
    assert (first.passage, first.dense_rank, first.cosine) == (WASH, None, 0.0)


def test_an_encoder_of_many_languages_places_what_it_reads() -> None:
    """An entry in the other language that the encoder reads has its own place in the dense ranking."""
    vector = HashedEncoder().encode(["shipping to canada"])[0]
    found = {hit.passage.id: hit for hit in index(SHOP).search(Query("寄到加拿大要多久", "zh"), vector)[0]}
    assert found[CANADA.id].crossed
    assert found[CANADA.id].dense_rank is not None


def test_forms_of_one_meaning_count_once() -> None:
    """A meaning weighs by the passages that have any of its forms; one that nobody has takes its share of coverage."""
    words = Lexical.build([["ship", "fee"], ["postag"], ["mug"]])
    everything = np.ones(3, np.bool_)
    one = Concept("运费", ("运费",), (("ship", "fee"), ("postag",)))
    unknown = Concept("量子", ("量子",))
    found = cross([one, unknown], words, everything, 5)
    assert [place for place, _ in found.ranking] == [1, 0]
    assert found.coverage[0] == found.coverage[1]
    assert 0 < found.coverage[0] < 0.5
    assert found.coverage[2] == 0
    half = Concept("运费", ("运费",), (("ship", "cost"),))
    assert cross([half], words, everything, 5).ranking == []


def test_only_the_other_language_is_searched() -> None:
    """Passages outside of the mask are not returned, and at most so many are."""
    words = Lexical.build([["canada"], ["canada"], ["canada"]])
    found = cross([Concept("加拿大", ("加拿大",), (("canada",),))], words, np.array([True, False, True]), 1)
    assert [place for place, _ in found.ranking] == [0]


def test_chances_are_never_certain() -> None:
    """The best entry that covers all gets the measured share; others by coverage and score; none for no ranking."""
    words = Lexical.build([["canada", "ship"], ["ship", "mug"], ["mug"]])
    asked = [Concept("寄", ("寄",), (("ship",),)), Concept("加拿大", ("加拿大",), (("canada",),))]
    found = chances(cross(asked, words, np.ones(3, np.bool_), 5))
    assert found[0] == pytest.approx(TRUST)
    assert 0 < found[1] < TRUST / 2
    assert chances(cross([], words, np.ones(3, np.bool_), 5)) == {}
