"""Questions about places: the countries come into the query, and hits on other places step back."""

from bot.whereabouts import located, ordered
from knowledge.passages import Hit, Kind, Origin, Passage


def hit(name: str, text: str, kind: Kind = Kind.FAQ) -> Hit:
    """A hit on a passage of that text."""
    return Hit(Passage(f"faq:{name}:en", f"faq:{name}", kind, "en", name, text, Origin("faq.jsonl", 1)), 1.0)


CANADA = hit("canada", "Shipping to Canada takes 6 days.")
STATES = hit("states", "Shipping within the United States takes 3 days.")
LIST = hit("list", "We ship to the United States, Canada, Japan, Singapore and Australia.")
RETURNS = hit("returns", "You have 60 days.")
TENT = hit("tent", "A tent from Canada.", Kind.PRODUCT)


def test_countries_stand_behind_the_query_in_its_language() -> None:
    """A city is followed by its country, a country of the union by the union; without places nothing changes."""
    assert located("Express to Calgary?", "en") == "Express to Calgary? (Canada)"
    assert located("寄到柏林要多久", "zh") == "寄到柏林要多久（德国，欧盟）"
    assert located("how do returns work", "en") == "how do returns work"
    assert located("", "en") == ""


def test_hits_on_the_place_come_first_and_those_on_others_go() -> None:
    """The order within each group stays; a list of places and what names none step back, another place goes."""
    assert ordered((STATES, RETURNS, LIST, CANADA), "express to Canada") == (LIST, CANADA, RETURNS)
    assert ordered((CANADA, RETURNS, LIST, STATES), "do you ship to Turkey") == (LIST, RETURNS)


def test_without_a_place_in_the_query_and_for_products_nothing_changes() -> None:
    """No place, no order; products are never left out."""
    assert ordered((STATES, CANADA), "how long does it take") == (STATES, CANADA)
    assert TENT in ordered((TENT,), "ship the tent to Japan")
