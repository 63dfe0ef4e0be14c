"""What is read from a message, and how wishes are kept, refined and dropped."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shopping.asking import Ask, ask
from bot.shopping.figures import figures
from bot.shopping.privacy import without
from bot.shopping.reading import Reading, read
from bot.shopping.vocabulary import Vocabulary, vocabulary
from bot.shopping.wishes import Bound, Wishes
from bot.shopping.wording import key, readable, singular
from knowledge.passages import Origin, Product, Variant, Wording

_HERE = Origin("products.csv", 1)


def _product(handle: str, name: str, category: str, **more: object) -> Product:
    facts = more.pop("facts", {})
    options = more.pop("options", ({},))
    assert isinstance(facts, dict)
    assert isinstance(options, tuple)
    price = Decimal(str(more.pop("price", 100)))
    brand, tags = str(more.pop("brand", "Bergauf")), more.pop("tags", ())
    assert isinstance(tags, tuple)
    variants = tuple(Variant(f"{handle}-{n}", price, "USD", 3, chosen) for n, chosen in enumerate(options))
    return Product(handle, {"en": Wording(name, "", category, facts)}, brand, variants, _HERE, tags)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    """A small catalogue of nobody's."""
    products = [
        _product("dome", "Dome 3 Tent", "Tents", facts={"Capacity": "3 people"}, tags=("three-season",)),
        _product("peg", "Steel Pegs, Set of 6", "Tent Accessories", tags=("accessory-for:dome",)),
        _product(
            "shell",
            "Gale Jacket",
            "Rain Jackets",
            facts={"Material": "Nylon", "Waterproofing": "15,000 mm"},
            options=({"Colour": "Midnight", "Size": "M"}, {"Colour": "Moss", "Size": "L"}),
            tags=("women", "waterproof"),
        ),
        _product("puffer", "Eider Down Jacket", "Insulated Jackets", facts={"Insulation": "800-fill goose down"}),
        _product(
            "boot", "Ridge Boot", "Boots", facts={"Material": "Suede"}, options=({"Size": "US 9"},), brand="Stieglitz"
        ),
        _product(
            "bag", "Loft Sleeping Bag", "Sleeping Bags", facts={"Temperature rating": "Comfort -3 °C, limit -9 °C"}
        ),
    ]
    return vocabulary({product.handle: product for product in products})


def _read(text: str, words: Vocabulary) -> Reading:
    return read(text, words, "USD")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a light rain jacket under 150 for a tall person", {"kinds": "rain jacket", "price": "money:..150"}),
        ("tents between $200 and $300", {"kinds": "tent", "price": "money:200..300"}),
        ("boots over 80 dollars in size US 9", {"kinds": "boot", "price": "money:80..", "sizes": "us 9"}),
        ("women's rain jackets in blue, size L", {"gender": "women", "colours": "blue", "sizes": "l"}),
        ("a down jacket by Stieglitz", {"kinds": "down jacket", "brands": "Stieglitz"}),
        ("the cheapest tent in stock", {"kinds": "tent", "order": "cheap", "in_stock": "yes"}),
        ("boots on sale", {"kinds": "boot", "on_sale": "yes"}),
        ("a 3-person tent", {"kinds": "tent", "bounds": "person:3..3"}),
        ("a tent for 3 people", {"kinds": "tent", "bounds": "person:3.."}),
        ("sleeping bag for -5 °C", {"kinds": "sleeping bag", "bounds": "°C:..-5"}),
        ("tents lighter than 2 kg", {"kinds": "tent", "bounds": "g:..2000"}),
        ("rain jackets in size M below 90", {"kinds": "rain jacket", "sizes": "m", "price": "money:..90"}),
        ("packs under 1 kg", {"kinds": "pack", "bounds": "g:..1000"}),
        ("150以下的轻便冲锋衣", {"kinds": "rain jacket", "price": "money:..150", "features": "light"}),
        ("三人帐篷有吗", {"kinds": "tent", "bounds": "person:3..3"}),
        ("女款L码黑色羽绒服", {"kinds": "down jacket", "gender": "women", "sizes": "l", "colours": "black"}),
        ("送爸爸的礼物预算300", {"recipient": "men", "price": "money:..300"}),
        ("200到300刀的帐篷", {"kinds": "tent", "price": "money:200..300"}),
        ("40升到60升的背包", {"kinds": "pack", "bounds": "ml:40000..60000"}),
        ("適合冬天的羽絨服，三百元以內", {"kinds": "down jacket", "price": "money:..300"}),
    ],
)
def test_a_message_is_read(text: str, wanted: dict[str, str], words: Vocabulary) -> None:
    """Kinds, prices, sizes, colours and figures are read from English and Chinese."""
    found = dict(_read(text, words).wishes.pairs())
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("boots, not leather", "material=leather"),
        ("non-leather boots", "material=leather"),
        ("leather-free boots", "material=leather"),
        ("no wool or down", "material=wool|material=down"),
        ("不要皮的靴子", "material=leather"),
        ("除了黑色都可以", "colour=black"),
        ("冲锋衣，不要男款", "gender=men"),
        ("冲锋衣不要男款的", "gender=men"),
        ("黑色不要", "colour=black"),
    ],
)
def test_what_is_not_wanted(text: str, denied: str, words: Vocabulary) -> None:
    """A denial reaches over the list that follows it, and is not taken for a wish."""
    found = _read(text, words).wishes
    assert "|".join(found.without) == denied
    assert not found.materials
    assert not found.colours


def test_有没有_denies_nothing(words: Vocabulary) -> None:
    """有没有 asks whether there is something."""
    assert _read("有没有羊毛的", words).wishes.materials == ("wool",)


@pytest.mark.parametrize(
    "text",
    [
        "I'm pregnant, which jacket do you recommend?",
        "a jacket for a muslim woman",
        "boots for my diabetic father",
        "我怀孕了，推荐一件羽绒服",
        "给老年人买靴子",
        "a jacket, I am 62 years old",
    ],
)
def test_what_is_private_leaves_no_trace(text: str, words: Vocabulary) -> None:
    """Health, faith, age and the like are neither kept nor searched for, and do not hinder the search."""
    reading = _read(text, words)
    assert reading.private
    assert reading.wishes.kinds
    written = repr((reading.wishes, reading.rest, reading.cleaned)).lower()
    assert not any(word in written for word in ("pregnan", "muslim", "diabet", "怀孕", "老年", "62"))


@given(st.text(max_size=60))
def test_private_words_are_blanked_in_place(text: str) -> None:
    """Nothing but the words themselves changes, so that places in the text stay true."""
    clean = readable(text)
    assert len(without(clean)[0]) == len(clean)


def test_a_foreign_price_is_no_limit() -> None:
    """A price in another currency is named, not taken for the shop's."""
    told = figures("jackets under 200 euros", "USD")
    assert (told.price, told.foreign) == (None, "EUR")


_BOUNDS = st.builds(
    Bound,
    st.sampled_from(["g", "ml", "person"]),
    st.none() | st.integers(0, 9999).map(Decimal),
    st.none() | st.integers(0, 9999).map(Decimal),
)
_WORD = st.sampled_from(["tent", "blue", "l", "down"])
_SOME = st.lists(_WORD, unique=True, max_size=3).map(tuple)
_WISHES = st.builds(
    Wishes,
    kinds=_SOME,
    price=st.none() | _BOUNDS.map(lambda b: Bound("money", b.low, b.high)),
    sizes=_SOME,
    colours=_SOME,
    gender=st.sampled_from(["", "women", "men"]),
    in_stock=st.booleans(),
    bounds=st.lists(_BOUNDS, max_size=1).map(tuple),
    features=_SOME,
)


@given(_WISHES)
def test_wishes_survive_the_state(wishes: Wishes) -> None:
    """What is kept between turns is what was wished."""
    assert Wishes.of(wishes.pairs()) == wishes


@given(_WISHES, _WISHES)
def test_the_newer_wish_counts(before: Wishes, newer: Wishes) -> None:
    """Refining keeps what was not said again, and takes what was."""
    both = before.refined(newer)
    assert both.kinds == (newer.kinds or before.kinds)
    assert both.price == (newer.price or before.price)
    assert both.refined(newer) == both


def test_a_wish_can_be_denied_later() -> None:
    """After `not black`, black is no longer wished for; wishing for it again undoes that."""
    black = Wishes(colours=("black",))
    denied = black.refined(Wishes(without=("colour=black",)))
    assert denied == Wishes(without=("colour=black",))
    assert denied.refined(black).without == ()


def test_dropping_the_cut_keeps_the_others_out() -> None:
    """Without `women's`, what is cut for men stays out."""
    assert Wishes(gender="women").drop("gender") == Wishes(recipient="women")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("which rain jackets do you sell", Ask.NEW),
        ("do you have tents for 3 people?", Ask.NEW),
        ("boots not leather", Ask.NEW),
        ("有什么帐篷", Ask.NEW),
        ("what do you recommend?", Ask.RECOMMEND),
        ("有什么推荐", Ask.RECOMMEND),
        ("I want to buy something", Ask.WIDE),
        ("do you ship tents to Canada", None),
        ("can I return boots", None),
        ("is there a discount code for tents", None),
        ("how do I wash a down jacket", None),
        ("帐篷能退吗", None),
        ("羽绒服怎么洗", None),
        ("three years", None),
        ("do you have this in blue", None),
    ],
)
def test_which_messages_are_searches(text: str, wanted: Ask | None, words: Vocabulary) -> None:
    """Wishes are taken; policy and how-to are left to the knowledge."""
    assert ask(_read(text, words), searching=False, named=False) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cheaper ones", Ask.REFINE),
        ("in blue instead", Ask.REFINE),
        ("only women's", Ask.REFINE),
        ("under 100", Ask.REFINE),
        ("forget the budget", Ask.REFINE),
        ("颜色都行", Ask.REFINE),
        ("what about boots", Ask.SAME_FOR),
        ("more", Ask.MORE),
        ("换一批", Ask.MORE),
        ("how much is shipping?", None),
    ],
)
def test_which_messages_go_on_searching(text: str, wanted: Ask | None, words: Vocabulary) -> None:
    """After a list, a bare wish refines it; alone it would be nothing."""
    assert ask(_read(text, words), searching=True, named=False) is wanted


@pytest.mark.parametrize(
    ("many", "one"), [("boots", "boot"), ("gloves", "glove"), ("knives", "knife"), ("shorts", "shorts")]
)
def test_singular(many: str, one: str) -> None:
    """English plurals are looked up as their singular; what has none stays."""
    assert singular(many) == one


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(text: str) -> None:
    """Looking up a key finds the same key."""
    assert key(key(text)) == key(text)


@pytest.mark.parametrize(
    ("text", "high"),
    [("有没有八十以内的背包", 80), ("想买三百以下的冲锋衣", 300), ("预算一百五", 150), ("十分轻的背包", None)],
)
def test_a_limit_in_chinese_numerals_is_a_price(text: str, high: int | None) -> None:
    """A numeral beside a bound is an amount of money, as a figure is; 十分 is none."""
    price = figures(text, "USD").price
    assert (price and price.high) == high
