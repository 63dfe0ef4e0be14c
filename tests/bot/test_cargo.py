"""Sending a thing to a place: who speaks on the thing's sending leads over who speaks on the place alone."""

import pytest

from bot.cargo import led
from bot.whereabouts import ordered
from knowledge.passages import Hit, Kind, Origin, Passage


def hit(name: str, text: str, probability: float | None, *questions: str, kind: Kind = Kind.FAQ) -> Hit:
    """A hit on a passage of that text."""
    passage = Passage(
        f"{kind.value}:{name}:en", f"{kind.value}:{name}", kind, "en", name, text, Origin("f", 1), questions
    )
    return Hit(passage, 1.0, probability=probability)


CANADA = hit(
    "canada", "Standard shipping to Canada takes 6–9 days. 寄往加拿大的标准配送 6–9 天。", 0.6, "ship to Canada?"
)
FUEL = hit(
    "fuel",
    "Fuel canisters ship within the United States only. 燃气罐只能在美国寄送。",
    0.35,
    "gas shipping",
    "气罐能寄吗",
)
CARE = hit("care", "Wash tents by hand. 帐篷手洗。", 0.1)


@pytest.mark.parametrize("query", ["can the gas be shipped to Canada?", "气罐能寄到加拿大吗", "send gas to Toronto"])
def test_the_passage_on_the_thing_leads(query: str) -> None:
    """It is then as likely as the one on the place was, and both stay."""
    first, second = led((CANADA, FUEL), query)
    assert (first.passage, first.probability) == (FUEL.passage, 0.6)
    assert second is CANADA


@pytest.mark.parametrize(
    "query",
    [
        "do you ship tents to Canada?",
        "帐篷能寄到加拿大吗",
        "how long does express shipping to Canada take",
        "寄到加拿大要几天",
        "can I return gas from Canada",
        "do you ship gas",
        "gas for a trip to Canada",
    ],
)
def test_without_thing_place_or_sending_nothing_changes(query: str) -> None:
    """Nor where no passage speaks on sending the thing, or where it is about sending back."""
    assert led((CANADA, FUEL, CARE), query) == (CANADA, FUEL, CARE)


def test_of_two_that_name_the_thing_the_one_that_begins_with_it_leads() -> None:
    """A passage on a place that excepts fuel in its last sentence begins with a yes."""
    alaska = hit("alaska", "Yes, we ship to Alaska. Only fuel canisters cannot be shipped there.", 0.5)
    assert led((alaska, FUEL), "can you ship fuel canisters to Alaska")[0].passage is FUEL.passage


def test_places_and_things_work_together() -> None:
    """The order by places has the thing's passage first, too."""
    assert ordered((CANADA, FUEL), "can the gas be shipped to Canada?")[0].passage is FUEL.passage


def test_nothing_found_stays_nothing() -> None:
    """No hits, no error."""
    assert led((), "can the gas be shipped to Canada?") == ()
