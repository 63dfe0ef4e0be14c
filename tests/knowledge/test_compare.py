"""Differences between two states of the knowledge."""

from dataclasses import replace
from decimal import Decimal

from knowledge.compare import Change, Named, compare, wholes
from knowledge.split import cut
from tests.support.shelves import LARCH, PASSAGES, TENT, faq


def test_equal_states_do_not_differ() -> None:
    """Nor do they when they come in another order."""
    assert compare(wholes(PASSAGES), wholes(PASSAGES[::-1]), ((LARCH,), (LARCH,))).is_empty


def test_added_changed_and_removed_entries_are_told_apart() -> None:
    """By entry and language, with the title that is there now (or was)."""
    new = [p for p in PASSAGES if p.id != "faq:refund:en"]
    new[0] = replace(new[0], text="4 days.")
    new.append(faq("wrap", "en", "Do you wrap?", text="Yes."))
    diff = compare(wholes(PASSAGES), wholes(new), ((), ()))
    assert diff.added == (Named("faq:wrap:en", "Do you wrap?"),)
    assert diff.changed == (Named("faq:canada:en", "How long does shipping to Canada take?"),)
    assert diff.removed == (Named("faq:refund:en", "When do I get my refund?"),)


def test_where_the_index_cuts_is_no_difference() -> None:
    """The same text in one piece or in many, in any order of pieces, is the same entry."""
    long = faq("long", "en", "Long?", text=" ".join(f"Sentence {n} is here." for n in range(300)))
    pieces = cut(long)
    assert len(pieces) > 10
    assert compare(wholes([long]), wholes(pieces[::-1]), ((), ())).is_empty


def test_changed_questions_are_a_difference() -> None:
    """Other questions find the entry, so it is another one."""
    new = replace(PASSAGES[0], questions=("Canada?",))
    assert [n.id for n in compare(wholes(PASSAGES[:1]), wholes([new]), ((), ())).changed] == ["faq:canada:en"]


def test_prices_and_stock_are_listed_by_sku() -> None:
    """Only those of variants that both states have, and only where the figure differs."""
    cheaper = replace(LARCH, variants=(replace(LARCH.variants[0], price=Decimal("99.00"), stock=0),))
    diff = compare({}, {}, ((LARCH, TENT), (cheaper, TENT)))
    assert diff.prices == (Change("LJ-100-L", "149.00", "99.00"),)
    assert diff.stock == (Change("LJ-100-L", "3", "0"),)
    assert compare({}, {}, ((LARCH,), ())).prices == ()
    assert compare(
        {}, {}, ((LARCH,), (replace(LARCH, variants=(replace(LARCH.variants[0], price=Decimal("149")),)),))
    ).is_empty
