"""What entries that are left out give to those that are kept."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chances import SHARED_AT_MOST, chances, left_out, shared
from knowledge.passages import Hit, Kind, Origin, Passage


def hits(*probabilities: float | None) -> list[Hit]:
    """A hit each, of an entry each."""
    origin = Origin("faq.jsonl", 1)
    passages = [
        Passage(f"faq:{n}:en", f"faq:{n}", Kind.FAQ, "en", f"Entry {n}", "It is so.", origin)
        for n in range(len(probabilities))
    ]
    return [replace(Hit(p, 1.0), probability=found) for p, found in zip(passages, probabilities, strict=True)]


def test_what_is_left_out_is_shared_in_proportion() -> None:
    """Of 0.5, 0.3 and 0.2 without the last: 0.625 and 0.375; a hit that no head judged stays without one."""
    found = hits(0.5, 0.3, None, 0.2)
    assert [hit.probability for hit in shared(found[:3], found)] == pytest.approx([0.625, 0.375, None])
    assert left_out(found[:3], found) == pytest.approx(0.2)


def test_an_entry_counts_once() -> None:
    """Two passages of an entry are one chance."""
    (one,) = hits(0.6)
    other = replace(one, passage=replace(one.passage, id="faq:0:zh"))
    assert one.passage.entry == other.passage.entry
    assert sum(chances([one, other]).values()) == 0.6
    assert left_out([one], [one, other]) == 0


@given(st.lists(st.floats(0, 1), max_size=6), st.integers(0, 6))
def test_what_is_kept_never_gets_less_likely_nor_too_likely(found: list[float], kept: int) -> None:
    """Whatever is left out: between what it was and certain, and at most so many times as likely."""
    every = hits(*found)
    for before, after in zip(every[:kept], shared(every[:kept], every), strict=True):
        assert before.probability is not None
        assert after.probability is not None
        assert before.probability <= after.probability <= 1
        assert after.probability <= before.probability / (1 - SHARED_AT_MOST) + 1e-9
