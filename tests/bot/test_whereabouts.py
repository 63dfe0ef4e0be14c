"""Questions about places: the countries come into the query, and hits on other places step back."""

from bot.whereabouts import located, naming, ordered
from knowledge.passages import Hit, Kind, Origin, Passage


def hit(name: str, text: str, kind: Kind = Kind.FAQ) -> Hit:
    """A hit on a passage of that text."""
    return Hit(Passage(f"faq:{name}:en", f"faq:{name}", kind, "en", name, text, Origin("faq.jsonl", 1)), 1.0)


CANADA = hit("canada", "Shipping to Canada takes 6 days.")
STATES = hit("states", "Shipping within the United States takes 3 days.")
LIST = hit("list", "We ship to the United States, Canada, Japan, Singapore and Australia.")
RETURNS = hit("returns", "You have 60 days.")
TENT = hit("tent", "A tent from Canada.", Kind.PRODUCT)


KNOWN = naming([p.passage for p in (CANADA, STATES, LIST, hit("alaska", "To Alaska it is the same. 阿拉斯加"))])


def test_a_place_gives_way_to_its_country_unless_the_shop_names_it() -> None:
    """A city becomes its country; a member of the union is followed by the union; what the shop names stays."""
    assert located("Express to Calgary?", "en", KNOWN) == "Express to Canada?"
    assert located("寄到柏林要多久", "zh", KNOWN) == "寄到德国（欧盟）要多久"
    assert located("ship to Italy?", "en", KNOWN) == "ship to Italy (European Union)?"
    assert located("boots to Anchorage, Alaska", "en", KNOWN) == "boots to United States, Alaska"


def test_without_a_place_the_query_stays_as_it_is() -> None:
    """Plain words are not changed, and neither is nothing."""
    assert located("how do returns work", "en", KNOWN) == "how do returns work"
    assert located("", "en", KNOWN) == ""


def test_a_product_s_name_does_not_make_a_place_known() -> None:
    """A tent from Canada says nothing on where the shop ships."""
    assert not naming([TENT.passage])("Canada")


def test_among_hits_on_the_place_those_with_the_figure_asked_for_lead() -> None:
    """Asked what it costs, a passage without any price steps back behind one that has it."""
    priced = hit("priced", "To Canada it costs $12.95.")
    assert ordered((CANADA, priced), "what does shipping to Canada cost") == (priced, CANADA)
    assert ordered((priced, CANADA), "how many days to Canada") == (CANADA, priced)


def test_hits_on_the_place_come_first_and_those_on_others_go() -> None:
    """The order within each group stays; a list of places and what names none step back, another place goes."""
    assert ordered((STATES, RETURNS, LIST, CANADA), "express to Canada") == (LIST, CANADA, RETURNS)
    assert ordered((CANADA, RETURNS, LIST, STATES), "do you ship to Turkey") == (LIST, RETURNS)


def test_what_holds_for_one_place_only_speaks_on_the_others() -> None:
    """"In the United States only" answers a question about Canada, and so does "other than"."""
    only = hit("klarna", "Klarna is offered in the United States only.")
    assert ordered((only, STATES), "klarna in Canada") == (only,)


def test_without_a_place_in_the_query_and_for_products_nothing_changes() -> None:
    """No place, no order; products are never left out."""
    assert ordered((STATES, CANADA), "how long does it take") == (STATES, CANADA)
    assert TENT in ordered((TENT,), "ship the tent to Japan")
