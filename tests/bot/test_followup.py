"""Follow-ups made to stand alone: what the conversation, the products shown and the page give to a short message."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue import Catalogue
from bot.context import Context
from bot.conversation import State, Understood, Visit
from bot.policy import decide, may_propose
from bot.understand import understand
from knowledge.match import Matcher
from knowledge.passages import Origin, Product, Variant, Wording

CATEGORIES = {"Boots": "靴子", "Jackets": "外套", "Tents": "帐篷"}


def product(handle: str, names: tuple[str, str], category: str, price: str, colours: str = "Black") -> Product:
    """A product in English and Chinese, in sizes M and L of each colour."""
    variants = tuple(
        Variant(f"{handle}-{colour}-{size}".upper(), Decimal(price), "USD", 3, {"Colour": colour, "Size": size})
        for colour in colours.split()
        for size in ("M", "L")
    )
    wording = {
        "en": Wording(names[0], "", category),
        "zh": Wording(names[1], "", CATEGORIES[category], options={"Blue": "蓝色"}),
    }
    weight_g = 300 + 100 * len(variants)
    return Product(handle, wording, "Acme", variants, Origin("p.csv", 1), weight_g=weight_g)


GOODS = (
    product("alder-parka", ("Alder Parka", "阿尔德派克大衣"), "Jackets", "220", "Black Blue"),
    product("birch-shell", ("Birch Shell Jacket", "白桦冲锋夹克"), "Jackets", "140", "Green"),
    product("cedar-mens", ("Cedar Men's Boot", "雪松男款登山靴"), "Boots", "180"),
    product("cedar-womens", ("Cedar Women's Boot", "雪松女款登山靴"), "Boots", "180"),
    product("dune-tent", ("Dune 2 Tent", "沙丘双人帐篷"), "Tents", "300", "Sand"),
)
BY_HANDLE = {one.handle: one for one in GOODS}
WORDS = Catalogue.of(BY_HANDLE, Matcher(GOODS).find)
SHELF = ("alder-parka", "birch-shell")


def heard(text: str, last: str = "", state: State | None = None, choices: tuple[str, ...] = ()) -> Understood:
    """What the message means after the question `last`."""
    questions = (last,) if last else ()
    return understand(text, Context(state or State("c"), ("en", "zh"), questions, WORDS, BY_HANDLE.get, choices))


def about(focus: str, **more: object) -> State:
    """A conversation about a product."""
    return State("c", focus=focus, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "last", "wanted"),
    [
        ("Does it come in black?", "How heavy is the Alder Parka?", "Alder Parka: Does it come in black?"),
        ("is this waterproof?", "How heavy is the Alder Parka?", "Alder Parka: is this waterproof?"),
        ("what colours are there?", "How heavy is the Alder Parka?", "Alder Parka: what colours are there?"),
        ("can I return it?", "Is the Alder Parka warm?", "can I return an item?"),
        ("and in L?", "Alder Parka: does it come in black?", "Alder Parka: does it come in black in L?"),
        ("and in blue?", "Alder Parka: does it come in black?", "Alder Parka: does it come in blue?"),
        ("what about the Birch Shell Jacket?", "Is the Alder Parka warm?", "Is the Birch Shell Jacket warm?"),
        ("same for the tent", "Can I return the jacket after a month?", "Can I return the tent after a month?"),
        ("no, I meant the Dune 2 Tent", "Alder Parka: how heavy is it?", "Dune 2 Tent: how heavy is it?"),
        ("有黑色的吗", "阿尔德派克大衣多重？", "阿尔德派克大衣: 有黑色的吗"),
        ("有黑色的嗎", "阿尔德派克大衣多重？", "阿尔德派克大衣: 有黑色的吗"),
        ("那L码呢", "阿尔德派克大衣: 有黑色的吗", "阿尔德派克大衣: 有黑色的吗，L码"),
        ("不对，我是说白桦冲锋夹克", "阿尔德派克大衣: 有黑色的吗", "白桦冲锋夹克: 有黑色的吗"),
    ],
)
def test_a_follow_up_is_about_the_product_talked_about(text: str, last: str, wanted: str) -> None:
    """A colour takes a colour's place, a size is added, another product takes the place of the one before."""
    lang = "zh" if wanted.isascii() is False else "en"
    meaning = heard(text, last, about("alder-parka", lang=lang))
    assert meaning.query == wanted
    assert meaning.follows


@pytest.mark.parametrize(
    ("text", "last", "wanted"),
    [
        ("what about Canada?", "How long does shipping to France take?", "How long does shipping to Canada take?"),
        ("and to the UK?", "How long does shipping to France take?", "How long does shipping to the UK take?"),
        ("Germany?", "How long does shipping to France take?", "How long does shipping to Germany take?"),
        ("sorry, Japan", "How long does shipping to France take?", "How long does shipping to Japan take?"),
        ("and Toronto?", "How long does shipping to France take?", "How long does shipping to Toronto take?"),
        ("and to Canada?", "How much is shipping?", "How much is shipping to Canada?"),
        ("what about Klarna?", "Do you accept PayPal?", "Do you accept Klarna?"),
        ("how long are they valid?", "Do you sell gift cards?", "how long are gift cards valid?"),
        ("how long does it take?", "Do you ship to Canada?", "Do you ship to Canada? how long does it take?"),
        ("加拿大呢", "寄到法国要多久？", "寄到加拿大要多久？"),
        ("寄到日本呢", "寄到法国要多久？", "寄到日本要多久？"),
        ("英国也一样吗", "寄到法国要多久？", "寄到英国要多久？"),
        ("帐篷也一样吗", "夹克可以退货吗？", "帐篷可以退货吗？"),
    ],
)
def test_a_fragment_takes_the_place_of_what_is_of_its_kind(text: str, last: str, wanted: str) -> None:
    """The question before is asked again, of another place or thing."""
    assert heard(text, last).query == wanted


@pytest.mark.parametrize(
    ("text", "handle", "query"),
    [
        ("the cheaper one", "birch-shell", "Birch Shell Jacket"),
        ("the second one", "birch-shell", "Birch Shell Jacket"),
        ("2", "birch-shell", "Birch Shell Jacket"),
        ("I'll take the first", "alder-parka", "Alder Parka"),
        ("is the second one waterproof?", "birch-shell", "Birch Shell Jacket: is it waterproof?"),
        ("does the cheapest come in L?", "birch-shell", "Birch Shell Jacket: does it come in L?"),
        ("the more expensive one", "alder-parka", "Alder Parka"),
        ("the lighter one please", "birch-shell", "Birch Shell Jacket"),
        ("the blue one", "alder-parka", "Alder Parka"),
        ("便宜的那款", "birch-shell", "白桦冲锋夹克"),
        ("第二个", "birch-shell", "白桦冲锋夹克"),
        ("第一款防水吗", "alder-parka", "阿尔德派克大衣: 它防水吗"),
        ("蓝色的那件", "alder-parka", "阿尔德派克大衣"),
    ],
)
def test_words_pick_among_the_products_shown(text: str, handle: str, query: str) -> None:
    """By place, price, weight or colour; the query then says the name."""
    lang = "en" if query.isascii() else "zh"
    meaning = heard(text, "show me jackets", State("c", shown=SHELF, lang=lang))
    assert (meaning.focus, meaning.query) == (handle, query)


@pytest.mark.parametrize(
    "text",
    [
        "is there a cheaper one?",
        "which is the cheapest jacket",
        "the black one",
        "my first order",
        "第一次买有优惠吗",
        "有没有更便宜的",
    ],
)
def test_a_search_or_a_tie_picks_nothing(text: str) -> None:
    """A wish for something cheaper is a search; two that fit equally leave it open."""
    shown = ("cedar-mens", "cedar-womens") if "black" in text else SHELF
    assert heard(text, "show me jackets", State("c", shown=shown)).focus == ""


def test_the_other_of_a_pair_needs_no_noun() -> None:
    """`the women's` alone is enough."""
    meaning = heard("what about the women's?", "Cedar Men's Boot: is it warm?", about("cedar-mens"))
    assert (meaning.focus, meaning.query) == ("cedar-womens", "Cedar Women's Boot: is it warm?")


def test_the_other_one_of_a_pair_takes_its_place() -> None:
    """The women's boot is found though only the men's was talked about, and the question is asked of it."""
    meaning = heard("no, I meant the women's one", "Is the Cedar Men's Boot in stock in L?", about("cedar-mens"))
    assert meaning.focus == "cedar-womens"
    assert meaning.query == "Is the Cedar Women's Boot in stock in L?"


def test_all_products_shown_are_named_where_several_are_asked_about() -> None:
    """Which of them is warmer can only be found out with their names."""
    meaning = heard("which is warmer?", "show me jackets", State("c", shown=SHELF))
    assert meaning.query == "Alder Parka and Birch Shell Jacket: which is warmer?"
    assert heard("哪款更轻", "", State("c", shown=SHELF, lang="zh")).query.startswith("阿尔德派克大衣、白桦冲锋夹克: ")


def test_a_changed_mind_starts_anew() -> None:
    """What is wanted instead stands alone."""
    assert heard("actually, show me boots instead", "show me jackets", State("c", shown=SHELF)).query == "show me boots"
    assert heard("算了，推荐一双靴子", "推荐外套").query == "推荐一双靴子"


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "Does the Alder Parka come in black? And how long does shipping take?",
            "Does the Alder Parka come in black?",
            "how long does shipping take?",
        ),
        (
            "do you ship to Canada and how much is it?",
            "do you ship to Canada",
            "do you ship to Canada? how much is it?",
        ),
        ("阿尔德派克大衣有黑色吗？另外怎么退货？", "阿尔德派克大衣有黑色吗?", "怎么退货?"),
        (
            "Is the Alder Parka warm and does it have a hood?",
            "Is the Alder Parka warm",
            "Alder Parka: does it have a hood?",
        ),
    ],
)
def test_two_questions_are_told_apart(text: str, first: str, second: str) -> None:
    """Each stands alone; the second may lean on the first."""
    meaning = heard(text)
    assert (meaning.query, meaning.second) == (first, second)


@pytest.mark.parametrize(
    "text",
    ["I bought a tent. Can I return it?", "Do you have gift cards? Thanks!", "What is the size of the M and L packs?"],
)
def test_one_question_stays_one(text: str) -> None:
    """What is said before a question belongs to it; thanks is no question."""
    assert heard(text).second == ""


def test_a_choice_that_was_tapped_answers_the_bots_question() -> None:
    """A product's name is what the question before is about; another choice is a question itself."""
    asked = State("c", asked=True)
    choices = ("Cedar Men's Boot", "Cedar Women's Boot", "How long does a refund take?")
    assert heard(choices[1], "is the cedar warm?", asked, choices).query == "Cedar Women's Boot: is the cedar warm?"
    assert heard(choices[2], "how long does it take?", asked, choices).query == choices[2]


def test_a_short_answer_completes_the_question_that_was_open() -> None:
    """After the bot asked back, a place or a colour is read with the question before."""
    asked = State("c", asked=True)
    assert heard("Canada", "How much is shipping?", asked).query == "How much is shipping to Canada?"
    assert heard("in blue", "I need a jacket", asked).query == "I need a jacket in blue"


def test_the_page_that_is_open_is_what_it_means() -> None:
    """On a product's page the first message may say `it`."""
    assert (
        heard("how heavy is it?", "", State("c", visit=Visit(product="dune-tent"))).query
        == "Dune 2 Tent: how heavy is it?"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Which payment methods do you accept?",
        "the jacket is too small, can you swap it for a large?",
        "how many days do I have to send it back",
        "is it safe to pay with my card?",
        "use more than one discount code",
        "What about returns?",
        "两个优惠码能一起用吗",
        "会员积分怎么用",
        "订单 placed 和 paid 有什么区别",
    ],
)
def test_what_stands_alone_is_left_alone(text: str) -> None:
    """Questions on the shop's rules, or with a subject of their own, are not mixed with the product talked about."""
    meaning = heard(text, "Is the Alder Parka warm?", about("alder-parka", shown=SHELF))
    assert meaning.query == text
    assert not meaning.follows


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["", *BY_HANDLE]), st.booleans())
def test_reading_never_fails(text: str, last: str, focus: str, asked: bool) -> None:
    """Whatever was written and said before, there is a query in a spoken language, not without end."""
    meaning = heard(text, last, State("c", focus=focus or None, shown=SHELF, asked=asked))
    assert meaning.lang in ("en", "zh")
    assert len(meaning.query) <= 400 + len(meaning.text)


def test_it_is_asked_back_where_several_products_were_shown() -> None:
    """None was talked about, so `it` may be either; asked once, the message stands as it is."""
    meaning = heard("does it come in black?", "show me jackets", State("c", shown=SHELF))
    assert meaning.between == ("Alder Parka", "Birch Shell Jacket")
    assert decide(meaning, (), State("c", shown=SHELF)).choices == meaning.between
    assert not may_propose(meaning, State("c", shown=SHELF))
    assert heard("does it come in black?", "show me jackets", State("c", shown=SHELF, asked=True)).between == ()
    assert heard("does it come in black?", "show me jackets", State("c", shown=SHELF[:1])).query.startswith(
        "Alder Parka: "
    )
    assert heard("它防水吗", "推荐外套", State("c", shown=SHELF, lang="zh")).between == (
        "阿尔德派克大衣",
        "白桦冲锋夹克",
    )


def test_they_are_all_that_were_shown() -> None:
    """A plural points at the whole list."""
    meaning = heard("do they come in black?", "show me jackets", State("c", shown=SHELF))
    assert meaning.query == "Alder Parka and Birch Shell Jacket: do they come in black?"


def test_a_place_goes_to_the_question_on_places() -> None:
    """After a question on a product, a place is read with the last question that had one."""
    questions = ("How long does shipping to France take?", "Alder Parka: is it in stock?")
    context = Context(about("alder-parka"), ("en", "zh"), questions, WORDS, BY_HANDLE.get)
    assert understand("what about Canada?", context).query == "How long does shipping to Canada take?"


@pytest.mark.parametrize(
    ("text", "last", "wanted"),
    [
        ("how much is express?", "Do you ship to Canada?", "how much is express to Canada?"),
        ("is customs included?", "Do you deliver to Italy (European Union)?", "is customs included to Italy?"),
        ("which countries do you ship to?", "Do you ship to Canada?", "which countries do you ship to?"),
        ("and norway?", "do you ship to germany (European Union)?", "do you ship to norway?"),
        ("那挪威呢", "你们寄到德国（欧盟）吗", "你们寄到挪威吗"),
        ("how much is express?", "Is the Alder Parka warm?", "how much is express?"),
        ("can I return one?", "Are the boots warm?", "can I return a boot?"),
        ("can I exchange them for another size?", "Are the boots warm?", "can I exchange boots for another size?"),
        ("what about payment in parts?", "Is the tent warm?", "what about payment in parts?"),
        ("what about cheque?", "can I pay with cash?", "can I pay with cheque?"),
    ],
)
def test_a_bare_question_keeps_the_place_the_thing_or_its_own_topic(text: str, last: str, wanted: str) -> None:
    """A question on sending keeps the place, `one` and `them` the thing; another topic keeps nothing."""
    assert heard(text, last).query == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("is the other one waterproof?", "birch-shell"),
        ("那另一款防水吗", "birch-shell"),
        ("the first one", "alder-parka"),
    ],
)
def test_of_two_shown_the_other_one_is_the_one_not_talked_about(text: str, wanted: str) -> None:
    """The list shown outlasts the product talked about."""
    assert heard(text, "Alder Parka: how heavy is it?", about("alder-parka", shown=SHELF)).focus == wanted
