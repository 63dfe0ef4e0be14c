"""Names of invented goods and brands: made-up words, in families that are easily mistaken for one another."""

import random
import re

from bot.lab.train.invent.goods import GoodsKind, pools

_STARTS = "Al Ar Bel Bor Bra Cal Cor Dar Del Dor El Em Fal Fen Fi Gal Gor Hal Hel Is Jor Ka Kel Kor La Lu Mar Mel Mi Nor Nu Ol Or Pel Pra Qui Ra Rho Sal Sel Sol Ta Tel Tor Ul Va Vel Vi Wen Xa Yor Za Zel".split()
_MIDDLES = "a e i o u an en in on ar er or al el il av ev iv am em im ad ed id ast est ond and".split()
_ENDS = "a o is en ar on ix us ia ette ine ora ano ell ow um ova is ex eo ica era ond wyn ley mark by dal vik".split()
_WORDS = "Aurora Basalt Baobab Bluebell Bonfire Breeze Canyon Citrine Cloud Comet Cosmo Cobalt Delta Domino Echo Falcon Feather Fjord Gondola Halo Harvest Horizon Isle Jasper Lagoon Lattice Lupin Mango Meteor Mistral Nectar Nimbus Nougat Oasis Onyx Orbit Pumice Pepper Pioneer Pixel Prairie Puffin Quartz Ripple Sable Saffron Sierra Sonnet Spark Stella Sunday Tango Tempo Terra Topaz Toucan Tundra Vesper Wicker Zenith".split()


def word(rng: random.Random) -> str:
    """A made-up word or a plain one."""
    if rng.random() < 0.35:
        return rng.choice(_WORDS)
    middle = rng.choice(_MIDDLES) if rng.random() < 0.6 else ""
    return re.sub(r"(\w)\1\1", r"\1\1", rng.choice(_STARTS) + middle + rng.choice(_ENDS))


def title(rng: random.Random) -> str:
    """A title of a book or a game."""
    head, tail, lead = (rng.choice(pools()[name]) for name in ("titlehead", "titletail", "titlelead"))
    return rng.choice(
        (
            f"The {head} {tail}",
            f"The {lead} {head}",
            f"{lead} {head}",
            f"{'An' if head[0] in 'AEIOU' else 'A'} {head} {tail}",
        )
    )


def names(rng: random.Random, kind: GoodsKind, count: int) -> list[str]:
    """So many different names of one kind; about half share a series and differ in a word or number only."""
    series = word(rng)
    patterns = kind.names or _usual(rng, kind)
    pattern = rng.choice(patterns)
    found: list[str] = []
    while len(found) < count:
        if found and rng.random() < 0.45:
            series = word(rng)
        if rng.random() < 0.25:
            pattern = rng.choice(patterns)
        name = _name(rng, pattern, series, kind.noun)
        if all(_apart(name, other) for other in found):
            found.append(name)
        else:
            series = word(rng)
    return found


def _usual(rng: random.Random, kind: GoodsKind) -> tuple[str, ...]:
    usual = (
        "{series} {noun}",
        "{series} {mod} {noun}",
        "{series} {num} {noun}",
        "{noun} {series}",
        "{series} {noun} {mod}",
    )
    return tuple(rng.sample(usual, 2)) if kind.countable or kind.plural else usual[:2]


def _name(rng: random.Random, pattern: str, series: str, noun: str) -> str:
    cased = " ".join(part if part.isupper() else part[:1].upper() + part[1:] for part in noun.split())
    code = f"{rng.choice('ABCDEGHKLMPRSTVX')}{rng.choice(('', rng.choice('CDKLRSTX'), '-'))}{rng.choice((rng.randint(2, 99), rng.randint(10, 90) * 10))}"
    slots = {"series": series, "noun": cased, "num": str(rng.randint(2, 9) * rng.choice((1, 1, 10, 100))), "code": code}

    def slot(match: re.Match[str]) -> str:
        if match[1] == "title":
            return title(rng)
        return slots.get(match[1]) or rng.choice(pools()[match[1]])

    return re.sub(r"\{(\w+)\}", slot, pattern)


def _apart(name: str, other: str) -> bool:
    """Whether neither name's words are all among the other's, so that each can be asked for by its name."""
    one, two = set(name.lower().split()), set(other.lower().split())
    return not (one <= two or two <= one)
