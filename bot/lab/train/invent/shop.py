"""An invented shop: its name, its trade, where it is and how it writes money."""

import random
from dataclasses import dataclass

TRADES = (
    "outdoor gear",
    "furniture",
    "kitchenware",
    "bicycles",
    "books",
    "cosmetics",
    "skin care",
    "coffee",
    "tea",
    "wine",
    "toys",
    "board games",
    "musical instruments",
    "pet supplies",
    "garden plants",
    "power tools",
    "lighting",
    "mattresses",
    "shoes",
    "workwear",
    "children's clothes",
    "women's fashion",
    "menswear",
    "jewellery",
    "watches",
    "eyewear",
    "phones and accessories",
    "computers",
    "cameras",
    "audio equipment",
    "home appliances",
    "fitness equipment",
    "craft supplies",
    "stationery",
    "car parts",
    "baby products",
    "food and delicacies",
    "chocolate",
    "health supplements",
    "fabrics and yarn",
)

COUNTRIES = {
    "the United States": ("${}", "US"),
    "the United Kingdom": ("£{}", "UK"),
    "Ireland": ("€{}", "IE"),
    "Germany": ("€{}", "DE"),
    "France": ("€{}", "FR"),
    "the Netherlands": ("€{}", "NL"),
    "Spain": ("€{}", "ES"),
    "Italy": ("€{}", "IT"),
    "Sweden": ("{} kr", "SE"),
    "Denmark": ("{} DKK", "DK"),
    "Switzerland": ("CHF {}", "CH"),
    "Canada": ("CA${}", "CA"),
    "Australia": ("A${}", "AU"),
    "New Zealand": ("NZ${}", "NZ"),
    "Japan": ("¥{}", "JP"),
    "Singapore": ("S${}", "SG"),
    "India": ("₹{}", "IN"),
    "South Africa": ("R{}", "ZA"),
    "Poland": ("{} zł", "PL"),
    "Norway": ("{} NOK", "NO"),
    "Brazil": ("R${}", "BR"),
    "Mexico": ("MX${}", "MX"),
}
"""How money is written there and the country's code; shops sell to some and name others as not served."""

_FIRST = """
Amber Birch Blue Bramble Bright Cedar Clover Copper Coral Crescent Dawn Dover Ember Fern Fig Flint Fox Gable
Garnet Glen Golden Harbour Hazel Heron High Hollow Iron Ivy Juniper Kestrel Kite Lark Linden Little Lumen Lunar
Maple Marlow Meadow Mill Mint Moss North Oak Old Olive Opal Orchard Otter Penny Pine Plum Poppy Quill Raven Red
River Robin Rowan Rush Sage Salt Silver Slate Sparrow Spruce Stone Summer Swift Tally Teal Thistle Timber Tide
Umber Vale Velvet Violet Walnut Wick Wild Willow Winter Wren Yarrow
""".split()
_SECOND = """
Barn Bay Bench Box Bridge Brothers Cabin Cart Company Corner Cove Craft Crate Dock Field Forge Gate Goods Grove
Hall Haven Hill House Hut Ladder Lane Lodge Loft Market Mercantile Nook Outpost Parlour Peak Pier Place Point
Post Room Row Shed Shelf Shop Stall Station Store Street Studio Supply Trading Union Vault Wharf Works Workshop
Yard
""".split()


@dataclass(frozen=True, slots=True)
class Shop:
    """An invented shop. `sells_to` begins with its own country; `not_to` are countries that its texts may rule out."""

    name: str
    trade: str
    country: str
    sells_to: tuple[str, ...]
    not_to: tuple[str, ...]
    money_as: str

    def money(self, cents: int) -> str:
        """An amount as this shop writes it: `$1,049.50`; without small change where it has none, as `¥1,200`."""
        whole = self.money_as.startswith("¥") or (cents % 100 == 0 and self.money_as[0] != "$" and len(self.name) % 2)
        return self.money_as.format(f"{cents // 100:,}" if whole else f"{cents / 100:,.2f}")


def opened(rng: random.Random) -> Shop:
    """A new shop; about 180,000 names are possible."""
    parts = [rng.choice(_FIRST), *([rng.choice(_FIRST)] if rng.random() < 0.3 else []), rng.choice(_SECOND)]
    joint = rng.choice((" ", " ", " ", " & ", "")) if len(parts) == 2 else " "
    countries = rng.sample(sorted(COUNTRIES), 9)
    sold = rng.randint(2, 5)
    return Shop(
        name=joint.join(parts),
        trade=rng.choice(TRADES),
        country=countries[0],
        sells_to=tuple(countries[:sold]),
        not_to=tuple(countries[sold:]),
        money_as=COUNTRIES[countries[0]][0],
    )
