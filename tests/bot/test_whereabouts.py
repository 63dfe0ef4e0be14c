"""Questions about places: the countries come into the query, and hits on other places step back."""

from dataclasses import replace

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


def test_of_hits_on_the_place_those_with_the_figure_asked_for_are_meant() -> None:
    """Asked what it costs, a passage without any price is left out where one has it; of two questions, steps back."""
    priced = hit("priced", "To Canada it costs $12.95.")
    assert ordered((CANADA, RETURNS, priced), "what does shipping to Canada cost") == (priced,)
    assert ordered((priced, CANADA), "how many days to Canada") == (CANADA,)
    assert ordered((CANADA, priced), "what does shipping to Canada cost, and is there tax") == (priced, CANADA)


def test_what_cannot_be_meant_leaves_its_probability_to_the_rest() -> None:
    """With the States' 0.5 gone, Canada's 0.2 is 0.2 of the 0.5 that is left."""
    found = (replace(STATES, probability=0.5), replace(CANADA, probability=0.2))
    assert [one.probability for one in ordered(found, "express to Canada")] == [0.4]


def test_lists_of_where_the_shop_goes_answer_for_a_country_on_none_as_one() -> None:
    """Two entries that both say where the shop goes and that it goes nowhere else are as likely as both together."""
    text = f"{LIST.passage.text} Other countries we do not."
    lists = [replace(hit(name, text), probability=0.25) for name in ("where", "where-not")]
    assert [one.probability for one in ordered(lists, "do you ship to Turkey")] == [0.5, 0.5]
    assert [one.probability for one in ordered(lists, "do you ship to Canada")] == [0.25, 0.25]


def test_a_country_that_the_shop_does_not_name_is_one_of_the_others() -> None:
    """Only where something is to be sent there; who travels there asks for something else."""
    assert located("can you deliver to Turkey", "en", KNOWN) == "can you deliver to Turkey (other countries)"
    assert located("a tent for Turkey", "en", KNOWN) == "a tent for Turkey"
    assert located("do you ship to Canada", "en", KNOWN) == "do you ship to Canada"


def test_in_chinese_the_plainest_word_for_sending_leads_a_place() -> None:
    """A place that begins the question, or follows 发, gets 寄到; one that is led by another word is left alone."""
    assert located("柏林多久能收到货", "zh", KNOWN) == "寄到德国（欧盟）多久能收到货"
    assert located("发柏林的时效是多久", "zh", KNOWN) == "寄到德国（欧盟）的时效是多久"
    assert located("加拿大寄回去退货多少钱", "zh", KNOWN) == "加拿大寄回去退货多少钱"
    assert located("从柏林退货的运费", "zh", KNOWN) == "从德国（欧盟）退货的运费"


def test_hits_on_the_place_come_first_and_those_on_others_go() -> None:
    """The order within each group stays; a list of places and what names none step back, another place goes."""
    assert ordered((STATES, RETURNS, LIST, CANADA), "express to Canada") == (LIST, CANADA, RETURNS)
    assert ordered((CANADA, RETURNS, LIST, STATES), "do you ship to Turkey") == (LIST, RETURNS)


def test_what_holds_for_one_place_only_speaks_on_the_others() -> None:
    """A text on "the United States only" answers a question about Canada, and so does "other than"."""
    only = hit("klarna", "Klarna is offered in the United States only.")
    assert ordered((only, STATES), "klarna in Canada") == (only,)


def test_without_a_place_in_the_query_and_for_products_nothing_changes() -> None:
    """No place, no order; products are never left out."""
    assert ordered((STATES, CANADA), "how long does it take") == (STATES, CANADA)
    assert TENT in ordered((TENT,), "ship the tent to Japan")
