"""Approving and rejecting suggested entries, over SQLite and PostgreSQL: once, whole, logged, and in the next build."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.approvals import Approvals, Wording, entry_of
from bot.audit import Audit, Search
from bot.database import open_database
from bot.edits import Edits
from bot.errors import BadKnowledge, BadPhase, NotFound
from bot.suggestions import State, Suggestions, Wanted
from knowledge.overlay import overlaid
from tests.support.shelves import content
from tests.support.talks import clock

KAYAKS = Wanted(
    "mei", ("Do you rent kayaks?", "kayaks to rent? ann@mail.example"), "Yes, from May: hire@shop.example", "en"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What approving works on."""

    suggestions: Suggestions
    edits: Edits
    audit: Audit
    approvals: Approvals

    async def logged(self) -> list[tuple[str, str, str]]:
        """Who did what to what about suggestions, oldest first."""
        entries = await self.audit.page(Search(action="suggestion"))
        return [(entry.deed.actor, entry.deed.action, entry.deed.target) for entry in reversed(entries)]


@pytest.fixture
async def parts(database_url: str) -> AsyncIterator[Parts]:
    """Over an empty database."""
    database = await open_database(database_url)
    suggestions, audit = Suggestions(database, clock(0)), Audit(database, clock(0))
    edits = Edits(database, audit, clock(0))
    yield Parts(suggestions, edits, audit, Approvals(database, suggestions, edits, audit))
    await database.aclose()


async def test_an_approved_suggestion_is_in_the_next_build(parts: Parts) -> None:
    """It becomes an entry with its questions and answer; shoppers' addresses do not come with it, the shop's do."""
    made = await parts.approvals.add(KAYAKS)
    entry = await parts.approvals.approve(made.id, "ada")
    built = {passage.id: passage for passage in overlaid(content(), await parts.edits.all()).passages}
    passage = built[f"{entry}:en"]
    assert passage.questions == ("Do you rent kayaks?", "kayaks to rent? [email]")
    assert (passage.title, passage.text) == ("Do you rent kayaks?", "Yes, from May: hire@shop.example")
    assert passage.origin.edited_by == "ada"
    assert [one.state for one in await parts.suggestions.list()] == [State.APPROVED]
    target = f"suggestion {made.id}"
    assert await parts.logged() == [("mei", "suggestion.add", target), ("ada", "suggestion.approve", target)]


async def test_the_words_of_who_approves_count(parts: Parts) -> None:
    """What was changed before approving is what the entry says, and what the suggestion keeps."""
    made = await parts.approvals.add(KAYAKS)
    await parts.approvals.approve(made.id, "ada", Wording(("Can I rent a kayak?",), "Yes, from June."))
    (edit,) = await parts.edits.all()
    assert (edit.questions, edit.text) == (("Can I rent a kayak?",), "Yes, from June.")
    (kept,) = await parts.suggestions.list(State.APPROVED)
    assert (kept.wanted.questions, kept.wanted.answer) == (("Can I rent a kayak?",), "Yes, from June.")


async def test_a_long_question_can_be_approved(parts: Parts) -> None:
    """A question may be longer than a title may be."""
    made = await parts.approvals.add(Wanted("mei", ("kayak " * 80,), "Yes.", "en"))
    assert await parts.approvals.approve(made.id, "ada") == entry_of(made.id)


async def test_a_rejected_suggestion_changes_nothing_else(parts: Parts) -> None:
    """It is set aside and logged; no entry comes of it."""
    made = await parts.approvals.add(KAYAKS)
    await parts.approvals.reject(made.id, "ada")
    assert await parts.edits.all() == ()
    assert [one.state for one in await parts.suggestions.list()] == [State.REJECTED]
    assert (await parts.logged())[-1] == ("ada", "suggestion.reject", f"suggestion {made.id}")


async def test_what_is_settled_stays_so(parts: Parts) -> None:
    """Neither approving nor rejecting comes twice, and what is not there cannot be settled."""
    made = await parts.approvals.add(KAYAKS)
    await parts.approvals.reject(made.id, "ada")
    for settle in (parts.approvals.approve, parts.approvals.reject):
        with pytest.raises(BadPhase, match="rejected already"):
            await settle(made.id, "ada")
        with pytest.raises(NotFound):
            await settle(made.id + 1, "ada")
    assert await parts.edits.all() == ()
    assert len(await parts.logged()) == 2


async def test_of_two_at_once_one_settles_it(parts: Parts) -> None:
    """The entry is there exactly if the suggestion is approved, whoever of the two was first."""
    made = await parts.approvals.add(KAYAKS)
    both = (parts.approvals.approve(made.id, "ada"), parts.approvals.reject(made.id, "bob"))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(result, BadPhase) for result in results) == 1
    (kept,) = await parts.suggestions.list()
    assert bool(await parts.edits.all()) is (kept.state is State.APPROVED)
    assert len(await parts.logged()) == 2


@pytest.mark.parametrize("wording", [Wording(answer="   "), Wording(questions=("  ",))])
async def test_what_cannot_be_an_entry_stays_open(parts: Parts, wording: Wording) -> None:
    """Approving in words that cannot be changes nothing: no half of it is kept."""
    made = await parts.approvals.add(KAYAKS)
    with pytest.raises(BadKnowledge):
        await parts.approvals.approve(made.id, "ada", wording)
    assert await parts.suggestions.get(made.id) == made
    assert await parts.edits.all() == ()
    assert len(await parts.logged()) == 1
