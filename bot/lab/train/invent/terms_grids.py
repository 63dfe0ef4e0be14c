"""The tables of the *terms* family: their rows, their columns, and how each is asked for and told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its label, how its values are drawn, and wordings with `{row}` and `{value}`.

    `common` says that other pages may tell the same, so that its absence here proves nothing.
    """

    label: str
    kind: str
    arguments: str
    told: str
    asks: tuple[str, ...]
    tells: tuple[str, ...]
    unknown: str
    follow: str
    common: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `closed` and `denied` are the sentences by which rows are ruled out, `there` asks for a row itself."""

    topic: str
    like: str
    row: str
    title: str
    opening: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...] = ()
    countries: bool = False
    ordered: bool = False
    preposition: str = ""
    closed: str = ""
    denied: str = ""
    there: tuple[str, ...] = ()
    is_there: tuple[str, ...] = ()
    is_not: tuple[str, ...] = ()
    unknown: str = ""
    told: tuple[str, ...] = ()
    page: str = ""
    share: float = 0.6


_COUNTRIES = Grid(
    topic="shipping-countries",
    like="shipping",
    row="Country",
    title="[Shipping|Delivery|Shipping and delivery] › [Countries and prices|Where we deliver|Delivery costs|Shipping by country|International orders]",
    opening="[These are our rates.|Delivery depends on where you live.|Here is what delivery costs and how long it takes.|Times are counted from dispatch.]",
    countries=True,
    preposition="to",
    page="[Shipping to {row}|Delivery to {row}|Shipping › {row}|International orders › {row}]",
    share=0.92,
    closed="We do not deliver to any other country.",
    denied="We cannot deliver to {rows}.",
    unknown="whether we [deliver|ship] to {row}",
    there=(
        "do you [ship|deliver|send parcels] to {row}",
        "can you [ship|send my order|deliver {a_thing}] to {row}",
        "is [delivery|shipping] to {row} possible",
        "I live in {row}, can I order from you",
        "shipping to {row} possible",
        "would you send {a_thing} to {row}",
        "my sister lives in {row}. Can you send her {a_thing}?",
        "can I order from {row}",
    ),
    is_there=(
        "we [deliver|ship] to {row}.",
        "delivery to {row} is possible.",
        "{row} is one of the countries that we deliver to.",
    ),
    is_not=(
        "we [do not|don't] [deliver|ship] to {row}.",
        "[delivery|shipping] to {row} is not possible.",
        "we can't [deliver|ship] to {row}.",
    ),
    columns=(
        Column(
            "Standard",
            "money",
            "2 30 1",
            "standard delivery to {row} costs {value}",
            (
                "how much is [standard delivery|standard shipping] to {row}",
                "what does [standard delivery|standard shipping] to {row} cost",
                "how much does it cost to [ship|send] {a_thing} to {row} by standard delivery",
                "standard shipping to {row}, how much",
                "what are the standard delivery costs for {row}",
                "what would I pay for standard delivery to {row}",
                "I'm in {row}. What is the price of standard shipping?",
            ),
            (
                "Standard delivery to {row} costs {value}.",
                "It costs {value} to {row} by standard delivery.",
                "For {row}, standard delivery is {value}.",
                "{value} is the price of standard delivery to {row}.",
            ),
            "what standard delivery to {row} costs",
            "[and how much is standard|what does standard cost|and standard delivery, how much is it]?",
        ),
        Column(
            "Express",
            "money",
            "12 80 1",
            "express delivery to {row} costs {value}",
            (
                "how much is express [delivery|shipping] to {row}",
                "what does express [delivery|] to {row} cost",
                "express to {row} price",
                "I need it quickly in {row}, what's the price of express",
                "express shipping cost {row}",
                "if I want {a_thing} sent to {row} by express, how much is that",
            ),
            (
                "Express delivery to {row} costs {value}.",
                "Express to {row} is {value}.",
                "For {row}, express [costs|is] {value}.",
            ),
            "what express delivery to {row} costs",
            "[and express|what about express|and how much is express|and by express]?",
        ),
        Column(
            "Delivery time",
            "bdays",
            "1 18",
            "delivery to {row} takes {value}",
            (
                "how long does [delivery|shipping] to {row} take",
                "when will my order [arrive|be] in {row}",
                "delivery time {row}",
                "how many days until [my parcel|{a_thing}] arrives in {row}",
                "how fast is delivery to {row}",
                "I live in {row}, how long will I wait for my {thing}",
            ),
            (
                "Delivery to {row} takes {value}.",
                "It takes {value} to {row}.",
                "Please allow {value} for {row}.",
            ),
            "how long delivery to {row} takes",
            "[and how long does it take|how long does that take|when would it arrive|and how long until it's here]?",
        ),
        Column(
            "Free from",
            "money",
            "25 300 5",
            "delivery to {row} is free from {value}",
            (
                "from what amount is delivery to {row} free",
                "when is shipping to {row} free",
                "free shipping to {row}",
                "what do I have to spend for free delivery to {row}",
                "is there free delivery to {row} for larger orders, and from what amount",
                "what's the minimum for free shipping to {row}",
            ),
            (
                "Delivery to {row} is free from {value}.",
                "For {row}, [delivery|shipping] is free from {value}.",
                "You get free delivery to {row} from {value}.",
            ),
            "from what amount delivery to {row} is free",
            "[and when is it free|is it free from some amount|and from what amount is it free]?",
        ),
    ),
)

_METHODS = Grid(
    topic="shipping-methods",
    like="shipping",
    row="Method",
    title="[Shipping|Delivery|Shipping and delivery] › [Delivery options|Methods|Ways of delivery in {home}|Options at the checkout]",
    opening="[You choose the method at the checkout.|All methods are for orders within {home}.|Pick what suits you.]",
    rows=(
        "economy delivery",
        "standard delivery",
        "express delivery",
        "priority delivery",
        "registered mail",
        "parcel post",
        "courier delivery",
        "overnight delivery",
        "delivery by freight carrier",
    ),
    preposition="for",
    told=("cutoff",),
    closed="There are no other methods of delivery.",
    there=(
        "do you [offer|have] {row}",
        "is {row} available",
        "can I choose {row}",
        "{row} possible",
        "I'd like {row}, is that an option",
    ),
    is_there=("{row} is available.", "you can choose {row}.", "we offer {row}."),
    is_not=("we do not offer {row}.", "{row} isn't available.", "{row} is not among our methods."),
    unknown="whether {row} is available",
    columns=(
        Column(
            "Price",
            "money",
            "2 40 1",
            "{row} costs {value}",
            (
                "how much is {row}",
                "what does {row} cost",
                "{row} price",
                "price of {row} [please|]",
                "what would I pay for {row}",
                "what's the charge for {row} of {a_thing}",
            ),
            ("{row} costs {value}.", "{value} is the price of {row}.", "For {row} we charge {value}."),
            "what {row} costs",
            "[and how much is it|what does that cost|and the price|how much is that]?",
        ),
        Column(
            "Takes",
            "bdays",
            "1 12",
            "{row} takes {value}",
            (
                "how long does {row} take",
                "how fast is {row}",
                "when does my order arrive with {row}",
                "how many days with {row}",
                "I picked {row} for my {thing}. When is it going to be here?",
            ),
            ("{row} takes {value}.", "With {row}, it takes {value}.", "Please allow {value} for {row}."),
            "how long {row} takes",
            "[how long does that take|and how long does it take|and how fast is it|when would it be here]?",
        ),
        Column(
            "Order by",
            "time",
            "9 19",
            "for {row}, orders must be placed by {value}",
            (
                "until what time can I order for {row}",
                "by when do I have to order for {row}",
                "cut-off time for {row}",
                "what's the latest time to order with {row}",
            ),
            (
                "For {row}, please order by {value}.",
                "Orders with {row} must be placed by {value}.",
                "The latest time for {row} is {value}.",
            ),
            "until what time orders with {row} can be placed",
            "[and by when do I have to order|until what time can I order]?",
            True,
        ),
        Column(
            "Weight up to",
            "pick",
            "2 kg/5 kg/10 kg/15 kg/20 kg/25 kg/31.5 kg/40 kg/50 kg/60 kg",
            "{row} is possible up to {value}",
            (
                "how heavy may a parcel be for {row}",
                "what is the weight limit for {row}",
                "max weight {row}",
                "up to what weight is {row} possible",
            ),
            (
                "{row} is possible up to {value}.",
                "The weight limit for {row} is {value}.",
                "With {row}, a parcel may weigh up to {value}.",
            ),
            "how heavy a parcel may be for {row}",
            "[and how heavy may it be|what's the weight limit]?",
        ),
    ),
)

GRIDS: tuple[Grid, ...] = (_COUNTRIES, _METHODS)
