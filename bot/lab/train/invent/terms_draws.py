"""Values of the *terms* family: periods, amounts, times, countries and goods as one shop has them."""

from random import Random

from bot.lab.train.invent.shop import Shop

_GOODS = {
    "outdoor gear": "tent/tents, rucksack/rucksacks, sleeping bag/sleeping bags, headlamp/headlamps",
    "furniture": "bookcase/bookcases, armchair/armchairs, dining table/dining tables, bed frame/bed frames",
    "kitchenware": "saucepan/saucepans, chef's knife/chef's knives, stand mixer/stand mixers, baking tin/baking tins",
    "bicycles": "bike/bikes, helmet/helmets, bike lock/bike locks, saddle/saddles",
    "books": "novel/novels, cookbook/cookbooks, atlas/atlases, audiobook/audiobooks",
    "cosmetics": "lipstick/lipsticks, foundation/foundations, make-up brush/make-up brushes, eyeshadow palette/eyeshadow palettes",
    "skin care": "moisturiser/moisturisers, serum/serums, cleanser/cleansers, face mask/face masks",
    "coffee": "coffee grinder/coffee grinders, espresso machine/espresso machines, bag of beans/bags of beans, moka pot/moka pots",
    "tea": "teapot/teapots, tea tin/tea tins, kettle/kettles, matcha set/matcha sets",
    "wine": "bottle of red/bottles of red, magnum/magnums, wine cooler/wine coolers, decanter/decanters",
    "toys": "train set/train sets, teddy bear/teddy bears, doll's house/doll's houses, scooter/scooters",
    "board games": "board game/board games, card game/card games, chess set/chess sets, jigsaw/jigsaws",
    "musical instruments": "guitar/guitars, keyboard/keyboards, violin/violins, amplifier/amplifiers",
    "pet supplies": "dog bed/dog beds, cat tree/cat trees, aquarium/aquariums, lead/leads",
    "garden plants": "rose bush/rose bushes, fern/ferns, fruit tree/fruit trees, planter/planters",
    "power tools": "cordless drill/cordless drills, jigsaw/jigsaws, sander/sanders, table saw/table saws",
    "lighting": "floor lamp/floor lamps, pendant light/pendant lights, wall light/wall lights, desk lamp/desk lamps",
    "mattresses": "mattress/mattresses, topper/toppers, pillow/pillows, slatted base/slatted bases",
    "shoes": "pair of boots/boots, pair of trainers/trainers, pair of sandals/sandals, pair of loafers/loafers",
    "workwear": "work jacket/work jackets, tool belt/tool belts, fleece/fleeces, hi-vis vest/hi-vis vests",
    "children's clothes": "snowsuit/snowsuits, romper/rompers, raincoat/raincoats, school bag/school bags",
    "women's fashion": "dress/dresses, coat/coats, blouse/blouses, cardigan/cardigans",
    "menswear": "suit/suits, shirt/shirts, overcoat/overcoats, belt/belts",
    "jewellery": "necklace/necklaces, ring/rings, bracelet/bracelets, brooch/brooches",
    "watches": "diving watch/diving watches, dress watch/dress watches, watch strap/watch straps, pocket watch/pocket watches",
    "eyewear": "pair of sunglasses/sunglasses, pair of reading glasses/reading glasses, glasses case/glasses cases, frame/frames",
    "phones and accessories": "smartphone/smartphones, charger/chargers, phone case/phone cases, power bank/power banks",
    "computers": "laptop/laptops, monitor/monitors, keyboard/keyboards, graphics card/graphics cards",
    "cameras": "camera/cameras, lens/lenses, tripod/tripods, camera bag/camera bags",
    "audio equipment": "turntable/turntables, soundbar/soundbars, pair of headphones/headphones, amplifier/amplifiers",
    "home appliances": "washing machine/washing machines, toaster/toasters, vacuum cleaner/vacuum cleaners, fridge/fridges",
    "fitness equipment": "treadmill/treadmills, kettlebell/kettlebells, rowing machine/rowing machines, yoga mat/yoga mats",
    "craft supplies": "easel/easels, paint set/paint sets, sewing machine/sewing machines, glue gun/glue guns",
    "stationery": "fountain pen/fountain pens, notebook/notebooks, desk organiser/desk organisers, diary/diaries",
    "car parts": "roof box/roof boxes, car battery/car batteries, brake disc/brake discs, dash cam/dash cams",
    "baby products": "pushchair/pushchairs, cot/cots, baby monitor/baby monitors, high chair/high chairs",
    "food and delicacies": "hamper/hampers, cheese box/cheese boxes, jar of honey/jars of honey, olive oil tin/olive oil tins",
    "chocolate": "gift box/gift boxes, truffle box/truffle boxes, chocolate bar/chocolate bars, advent calendar/advent calendars",
    "health supplements": "protein tub/protein tubs, vitamin pack/vitamin packs, shaker/shakers, sample box/sample boxes",
    "fabrics and yarn": "pattern/patterns, knitting kit/knitting kits, loom/looms, yarn box/yarn boxes",
}

_UNITS = {"days": "day", "months": "month", "years": "year", "weeks": "week", "hours": "hour", "points": "point"}
_TOWNS = (
    "Alderton Brackwell Carrow Dunmere Eastholm Farleigh Granby Holloway Inverlee Kelsey Larkstone Marbury Norwood "
    "Oakhurst Penfield Quayside Redmoor Saltby Thornley Upwell Verley Westbrook Yarmley Ashcombe Belmore Coldridge"
).split()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CARRIERS = (
    "DHL",
    "UPS",
    "FedEx",
    "DPD",
    "GLS",
    "PostNL",
    "Royal Mail",
    "USPS",
    "Purolator",
    "Hermes",
    "Aramex",
    "TNT",
)


def _span(rng: Random, arguments: str) -> str:
    low, high = (int(part) for part in arguments.split()[:2])
    start = rng.randint(low, high - 1)
    end = min(high, start + rng.choice((1, 1, 2, 2, 3, 5)))
    return f"{start}{rng.choice(('–', '-', ' to '))}{end}"


def _money(rng: Random, shop: Shop, arguments: str) -> str:
    low, high, *step = (int(part) for part in arguments.split())
    unit = step[0] if step else 5
    cents = rng.randrange(low, high + 1, unit) * 100
    if unit == 1 and rng.random() < 0.7:
        cents += rng.choice((50, 90, 95, 99, 49))
    scale = (
        100 if shop.money_as.startswith(("¥", "₹")) else 10 if "kr" in shop.money_as or "{} D" in shop.money_as else 1
    )
    return shop.money(cents * scale // 100 * 100 if scale > 1 else cents)


def _time(rng: Random, arguments: str) -> str:
    low, high = (int(part) for part in arguments.split())
    hour, minute = rng.randint(low, high), rng.choice((0, 0, 0, 30))
    if rng.random() < 0.4:
        return f"{hour}:{minute:02d}"
    half, shown = ("am" if hour < 12 else "pm"), (hour - 1) % 12 + 1
    tail = rng.choice((f" {half}", half, f" {half[0]}.m."))
    return f"{shown}:{minute:02d}{tail}" if minute else f"{shown}{tail}"


def drawn(rng: Random, shop: Shop, kind: str, arguments: str) -> str:
    """A value of a kind.

    Kinds: a unit of time with numbers to choose from (`days 14 30`), `span low high`, `bdays low high` and `dspan` for
    a span with its unit, `money low high step`, `percent a b`, `time low high`, `pick a/b/c`, `some k a/b/c` (k or one
    more of them, as a list in words), `number a b`, `email local parts`, `phone`.

    Raises:
        ValueError: There is no such kind.
    """
    if kind in _UNITS:
        number = rng.choice(arguments.split())
        return f"{number} {_UNITS[kind] if number == '1' else kind}"
    if kind == "span":
        return _span(rng, arguments)
    if kind in ("bdays", "dspan", "wspan"):
        unit = {"bdays": rng.choice(("business", "working")) + " days", "dspan": "days", "wspan": "weeks"}[kind]
        return f"{_span(rng, arguments)} {unit}"
    if kind == "money":
        return _money(rng, shop, arguments)
    if kind == "percent":
        return f"{rng.choice(arguments.split())}%"
    if kind == "number":
        return rng.choice(arguments.split())
    if kind == "time":
        return _time(rng, arguments)
    if kind == "pick":
        return rng.choice(arguments.split("/"))
    if kind == "some":
        count, _, names = arguments.partition(" ")
        return listed(rng.sample(names.split("/"), int(count) + rng.randint(0, 1)))
    if kind == "email":
        return f"{rng.choice(arguments.split())}@{domain(shop)}"
    if kind == "phone":
        return f"{rng.randint(200, 989)} {rng.randint(200, 989)} {rng.randint(1000, 9899)}"
    raise ValueError(f"no such kind of value: {kind}")


def listed(names: list[str], last: str = "and") -> str:
    """Names as a list in words: `a, b and c`."""
    return f"{', '.join(names[:-1])} {last} {names[-1]}" if len(names) > 1 else names[0]


def domain(shop: Shop) -> str:
    """An address of the shop that leads nowhere."""
    return "".join(letter for letter in shop.name.lower() if letter.isalnum()) + ".example"


def common(rng: Random, shop: Shop) -> dict[str, str]:
    """Slots that every bank may use: goods, places, days, carriers, the shop's name and countries."""
    goods = [item.strip().split("/") for item in _GOODS[shop.trade].split(",")]
    rng.shuffle(goods)
    (one, many), (other, others), (third, thirds), _ = goods
    towns, days, carriers = rng.sample(_TOWNS, 3), rng.sample(_DAYS, 3), rng.sample(_CARRIERS, 3)
    return {
        "shop": shop.name,
        "a_thing": f"{_article(one)} {one}",
        "thing": one,
        "things": many,
        "a_other": f"{_article(other)} {other}",
        "other": other,
        "others": others,
        "third": third,
        "thirds": thirds,
        "home": shop.country,
        "town": towns[0],
        "town2": towns[1],
        "town3": towns[2],
        "day": days[0],
        "day2": days[1],
        "day3": days[2],
        "carrier": carriers[0],
        "carrier2": carriers[1],
        "carrier3": carriers[2],
        "site": domain(shop),
    }


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"
