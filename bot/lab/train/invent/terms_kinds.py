"""The lists of the *terms* family: what may be named, and how it is asked for and told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A list; `inside_is_yes` says what being named means, `tails` rule all others out (or in), `others` are filler."""

    topic: str
    like: str
    title: str
    names: tuple[str, ...]
    inside_is_yes: bool
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    others: tuple[str, ...]
    asks: tuple[str, ...]
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    asks_all: tuple[str, ...]
    tells_all: tuple[str, ...]
    unknown: str
    unknown_all: str
    asks_inverse: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


_EXCLUDED = Kind(
    topic="returns-exceptions",
    like="returns",
    title="[Returns|Returns and refunds|Sending things back] › [Exceptions|What cannot be returned|Items that we do not take back|Excluded items]",
    names=(
        "sale items",
        "gift cards",
        "opened cosmetics",
        "custom-made items",
        "engraved items",
        "socks",
        "swimsuits",
        "earrings",
        "perishables",
        "live plants",
        "fabrics cut to length",
        "opened games",
        "downloads",
        "clearance items",
        "personalised items",
        "used sheets",
        "opened snacks",
        "magazines",
        "face masks",
        "bundles with parts missing",
        "refurbished goods",
        "ex-display items",
        "batteries",
        "assembled shelves",
        "opened supplements",
    ),
    inside_is_yes=False,
    heads=("[We cannot take back|We do not accept returns of|Excluded from returns are]",),
    tails=(
        "[Everything else|All other items] [can|may] be returned as usual.",
        "All other goods are returnable.",
        "Anything not named here can be returned.",
    ),
    others=(
        "This does not change your rights when something is faulty.",
        "Your statutory rights remain as they are.",
        "We ask for your understanding.",
    ),
    asks=(
        "can I return {name}",
        "can {name} be returned",
        "are {name} returnable",
        "do you take back {name}",
        "is it possible to send back {name}",
        "I ordered {name} and changed my mind. Can I send them back?",
        "will you accept a return of {name}",
        "{name}: can they go back",
        "may I return {name} if I don't like them",
        "I'd like to send back {name}, is that allowed",
    ),
    asks_inverse=(
        "are {name} excluded from returns",
        "is it true that {name} can't be returned",
        "are {name} final sale",
    ),
    inside=("{name} cannot be returned.", "{name} are excluded from returns.", "we do not take back {name}."),
    outside=("{name} can be returned.", "{name} can be returned as usual.", "you can return {name}."),
    asks_all=(
        "what can't I return",
        "which items cannot be returned",
        "what is excluded from returns",
        "are there [items|things] you don't take back, and which",
        "return exceptions",
        "what are the exceptions to your return policy",
    ),
    tells_all=("{names} cannot be returned.", "We don't take back {names}.", "Excluded from returns are {names}."),
    unknown="whether {name} can be returned",
    unknown_all="which items cannot be returned",
    told=("engreturn",),
)

_PAYMENT = Kind(
    topic="payment-methods",
    like="payment",
    title="[Payment|Paying|Payment and invoices] › [Ways to pay|Methods|What we accept|How you can pay]",
    names=(
        "Visa",
        "Mastercard",
        "American Express",
        "PayPal",
        "Apple Pay",
        "Google Pay",
        "Klarna",
        "bank transfer",
        "cash on delivery",
        "Amazon Pay",
        "Maestro",
        "Discover",
        "Afterpay",
        "Bitcoin",
        "Alipay",
        "WeChat Pay",
        "Shop Pay",
        "purchase on account",
        "UnionPay",
    ),
    inside_is_yes=True,
    heads=(
        "[We accept|You can pay with|We take|At the checkout you can choose]",
        "[Accepted are|Payment is possible with]",
    ),
    tails=("We accept no other methods.", "Other ways of paying are not possible.", "We cannot accept anything else."),
    others=("Payments are encrypted.", "We never see your card number.", "All amounts are charged in our currency."),
    asks=(
        "do you [take|accept] {name}",
        "can I pay [with|by|using] {name}",
        "is {name} possible",
        "{name}",
        "is payment [with|by] {name} accepted",
        "I'd like to pay with {name}, does that work",
        "can I use {name}",
        "does your checkout support {name}",
    ),
    asks_inverse=("is it true that you don't [accept|take] {name}",),
    inside=(
        "we accept {name}.",
        "you can pay with {name}.",
        "{name} is accepted.",
        "{name} is one of our payment methods.",
    ),
    outside=(
        "we do not accept {name}.",
        "{name} is not accepted; you can pay with {names}.",
        "you can't pay with {name}.",
        "{name} isn't possible, we accept {names}.",
    ),
    asks_all=(
        "how can I pay",
        "what payment methods do you [accept|take|offer]",
        "payment methods",
        "which cards and methods do you take",
        "what ways are there to pay",
        "payment options?",
    ),
    tells_all=("We accept {names}.", "You can pay with {names}.", "We take {names}."),
    unknown="whether you can pay with {name}",
    unknown_all="which payment methods are accepted",
    told=("account",),
)

_EXPORT = Kind(
    topic="shipping-limits",
    like="shipping",
    title="[Shipping|Delivery] › [Goods we cannot send abroad|Only within {home}|What does not travel]",
    names=(
        "{things}",
        "{others}",
        "{thirds}",
        "batteries",
        "liquids",
        "glasses",
        "perishables",
        "sprays",
        "oversized items",
        "gift cards",
        "knives",
        "spirits",
        "plants",
        "mirrors",
        "gas cartridges",
        "paints",
        "candles",
        "magnets",
    ),
    inside_is_yes=False,
    heads=("Only delivered within {home} are", "[Not sent abroad are|Excluded from delivery abroad are]"),
    tails=(
        "All other goods are sent abroad as well.",
        "Everything else can be sent abroad.",
        "There are no limits for other goods.",
    ),
    others=(
        "Rules of the carriers leave us no choice.",
        "This list may change.",
        "We keep this list as short as we can.",
    ),
    asks=(
        "can you send {name} abroad",
        "do you ship {name} abroad",
        "are {name} delivered outside {home}",
        "can I have {name} sent to another country",
        "I'm abroad, can you send me {name}",
    ),
    asks_inverse=("are {name} only delivered within {home}", "are {name} excluded from delivery abroad"),
    inside=(
        "{name} are not sent abroad.",
        "we cannot send {name} abroad.",
        "we don't ship {name} abroad, only within {home}.",
    ),
    outside=("{name} can be sent abroad.", "we send {name} abroad.", "we ship {name} abroad as well."),
    asks_all=(
        "what can't you ship abroad",
        "which goods are not sent abroad",
        "what do you only deliver within {home}",
    ),
    tells_all=("We do not send {names} abroad.", "{names} are not sent abroad."),
    unknown="whether {name} can be sent abroad",
    unknown_all="which goods are not sent abroad",
)

KINDS = (_EXCLUDED, _PAYMENT, _EXPORT)
