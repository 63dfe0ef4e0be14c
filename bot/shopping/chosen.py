"""Which of a product's variants a message means: option values read from words, and values that there are not. Pure.

A value counts as it stands in the shop's data, in any of its wordings or as another product of the shop has it
translated; sizes also in words ("medium", 大码) and without their prefix ("9.5" for US 9.5); colours also by family, so
that "blue" finds an Ink if there is nothing simply blue. What the message asks for and the product does not come in is
kept in the shopper's own words.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.shopping.item import Item, is_colour, is_size
from bot.shopping.lexicon import COLOURS
from knowledge.passages import Product, Variant
from knowledge.words import HAN, fold

_LETTERS = {
    "XXS": r"xxs|2xs|double extra small|加加小",
    "XS": r"xs|extra[ -]small|x[ -]small|加小|特小",
    "S": r"s|small|小",
    "M": r"m|medium|med|中",
    "L": r"l|large|大",
    "XL": r"xl|1xl|extra[ -]large|x[ -]large|加大|特大",
    "XXL": r"xxl|2xl|xx[ -]large|double xl|double extra[ -]large|加加大|双加大",
    "XXXL": r"xxxl|3xl|xxx[ -]large|triple xl",
}
_LETTER = re.compile(r"(?<![\w'’&.+-])(?:XXXL|XXL|XXS|XL|XS|[2-5]XL|S|M|L)(?![\w'’&-]|\.\w)", re.A)
_LOWER = re.compile(
    r"(?:\b(?:size|sizes|in|an?|the|or|and|for)\s+|尺码\s?)(xxxl|xxl|xxs|xl|xs|[2-5]xl|s|m|l)(?![\w'’&-])"
    r"|(?<![a-z])(xxxl|xxl|xxs|xl|xs|[2-5]xl|s|m|l)\s?[码号]",
    re.A,
)
_SPELLED = re.compile(
    r"\b(?:double |x{1,3}[ -]|extra[ -])?(?:small|medium|large)\b(?! (?:group|family|amount|number|enough|order|party))"
    r"|(?:加加大|双加大|加大|特大|加小|特小|[大中小])(?:[码号]|尺码)|均码"
)
_LENGTHS = re.compile(
    r"\b(?:in|size)(?: an?| the)? (short|regular|long|wide|narrow|tall)\b(?! (?:run|term|time|trips?|distances?"
    r"|hikes?|walks?))"
)
_NUMBER = re.compile(
    r"(?:\b(?:size|sizes|in|in an?|in size|us|eu|uk|eur|the|an?)\s?(?P<en>\d{1,2}(?:\.5|½)?[ky]?)\b"
    r"(?!\s?(?:%|days?|weeks?|months?|years?|hours?|kg|g\b|oz|lbs?|litres?|liters?|people|person|cm|mm|colou?rs?|"
    r"sizes?|of\b|or more|packs?|pairs?|pieces?|stars?|minutes?|percent|dollars?)))"
    r"|(?P<zh>\d{1,2}(?:\.5)?)\s?[码号]",
    re.A,
)
_UNITS = {
    "g": r"(?:g|gr|grams?|克)",
    "kg": r"(?:kg|kilos?|公斤|千克)",
    "ml": r"(?:ml|millilit(?:er|re)s?|毫升)",
    "l": r"(?:l|lit(?:er|re)s?|升)",
    "cm": r"(?:cm|centimet(?:er|re)s?|厘米|公分)",
    "mm": r"(?:mm|毫米)",
    "m": r"(?:m|met(?:er|re)s?|米)",
    "person": r"(?:persons?|people|man|人)",
    "y": r"(?:y|yrs?|years?(?:[ -]olds?)?|岁)",
    "k": r"(?:k|kids?|c)",
}
_SPANS = re.compile(r"(?<=\d)\s?(?:-|to|~|至|到)\s?(?=\d)")
SMALL = 3
"""A bare number up to this is more often a count than a size."""
_FAMILY = {word: name for name, group in COLOURS.items() for word in group}
_PLAIN_COLOUR = frozenset(
    [
        "black",
        "white",
        "grey",
        "gray",
        "red",
        "orange",
        "yellow",
        "green",
        "blue",
        "navy",
        "teal",
        "turquoise",
        "purple",
        "violet",
        "pink",
        "brown",
        "beige",
        "khaki",
        "maroon",
        "tan",
        "cream",
        "silver",
        "gold",
        "olive",
    ]
) | {word for group in COLOURS.values() for word in group if HAN.fullmatch(word) and word.endswith("色")}
_MONEY = re.compile(r"[$€£¥]\s?\d+")
_PLAIN_EN = "|".join(sorted((w for w in _PLAIN_COLOUR if w.isascii()), key=len, reverse=True))
_PLAIN_ZH = "|".join(sorted((w for w in _PLAIN_COLOUR if not w.isascii()), key=len, reverse=True))
_IN_COLOUR = re.compile(
    rf"\bin (?:an? |the )?(?:(?:dark|light|bright|pale) )?(?P<en>{_PLAIN_EN})(?= (?:colou?r|one|version)|[^\w]*$"
    rf"| (?:and|or|please)\b)"
    rf"|(?P<zh>{_PLAIN_ZH})"
)
"""A colour asked of a product that is made in one only."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a message chooses.

    Attributes:
        values: Option → the product's values that are meant; only options that the message speaks of.
        missing: Option → what is asked for and there is not, in the shopper's words.
        rest: The message without what was read.
    """

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rest: str = ""

    def __bool__(self) -> bool:
        return bool(self.values or self.missing)

    def variants(self, product: Product) -> tuple[Variant, ...]:
        """The variants that are meant; all when nothing was chosen."""
        return tuple(
            variant
            for variant in product.variants
            if all(variant.options.get(name) in values for name, values in self.values.items())
        )

    def over(self, other: "Choice") -> "Choice":
        """This choice, and of an earlier one what this does not speak of."""
        spoken = {*self.values, *self.missing}
        kept = {name: values for name, values in other.values.items() if name not in spoken}
        return Choice({**kept, **self.values}, self.missing, self.rest)


def chosen(text: str, item: Item, products: Mapping[str, Product]) -> Choice:
    """What `text`, without product names, chooses of the item's options."""
    reading = _Reading(text, fold(text))
    values: dict[str, list[str]] = {}
    for option, value, pattern, cased in sorted(_patterns(item, products), key=lambda p: -len(p[1])):
        if reading.take(pattern, cased=cased):
            values.setdefault(option, []).append(value)
    for option, own in item.options.items():
        if option not in values and is_colour(option):
            values.update(_by_family(reading, option, own, item))
    ordered = {
        option: tuple(v for v in own if v in values[option]) for option, own in item.options.items() if option in values
    }
    return Choice(ordered, dict(_missing(reading, item, ordered)), reading.plain)


@dataclass(slots=True)
class _Reading:
    """A text from which what was understood is taken out, as written and folded."""

    text: str
    plain: str

    def take(self, pattern: str, *, cased: bool = False) -> str:
        """Cut the first match out of both; what it was, empty without any. In patterns only ASCII counts as a word."""
        found = re.search(pattern, self.text if cased else self.plain, re.A)
        if not found or not found.group().strip():
            return ""
        said = found.group().strip()
        if cased:
            self.text, self.plain = _cut(self.text, found), self._also(self.plain, fold(said))
        else:
            self.plain, self.text = _cut(self.plain, found), self._also(self.text, said)
        return said

    @staticmethod
    def _also(text: str, said: str) -> str:
        """The other form of the text without the same words."""
        edges = rf"(?<![a-z\d]){re.escape(said)}(?![a-z\d])"
        found = re.search(edges, text, re.A | re.I) or re.search(re.escape(said), text, re.I)
        return _cut(text, found) if found else text


def _cut(text: str, found: "re.Match[str]") -> str:
    return f"{text[: found.start()]} , {text[found.end() :]}"


def _patterns(item: Item, products: Mapping[str, Product]) -> Iterator[tuple[str, str, str, bool]]:
    """Option, value, how it is written, and whether that must be in the shop's case."""
    known = _glossary(item, products)
    for option, values in item.options.items():
        for value in values:
            for spelling in {value, *known.get(value, ())}:
                yield from ((option, value, pattern, cased) for pattern, cased in _spelled(spelling, option))


def _glossary(item: Item, products: Mapping[str, Product]) -> Mapping[str, frozenset[str]]:
    """Value → its words in every language; a value that this product leaves untranslated borrows from others."""
    out: dict[str, set[str]] = {}
    for wording in item.product.wording.values():
        for value, words in wording.options.items():
            out.setdefault(value, set()).add(words)
    if len(item.product.wording) == 1 and item.lang not in item.product.wording:
        for other in products.values():
            for value, words in other.words(item.lang).options.items():
                out.setdefault(value, set()).add(words)
    return {value: frozenset(words) for value, words in out.items()}


def _spelled(value: str, option: str) -> Iterator[tuple[str, bool]]:
    plain = fold(value)
    if (letter := value.upper()) in _LETTERS:
        yield rf"(?<![\w'’&.+-]){re.escape(letter)}(?![\w'’&-]|\.\w)", True
        words = _LETTERS[letter]
        yield (
            rf"(?:\b(?:size|in|in an?|in the|an?|the|or|and)\s+|尺码\s?|^\s*)(?:{words})(?![\w'’&-])"
            rf"|(?<![a-z\d加特双])(?:{words})\s?(?:尺?码|号)",
            False,
        )
        if letter in ("S", "M", "L", "XL", "XS", "XXL"):
            yield (
                rf"(?<![\w-])(?:{'|'.join(w for w in words.split('|') if len(w) > 4 and w.isascii())})(?![\w-])",
                False,
            )
        return
    if HAN.fullmatch(plain):
        yield re.escape(plain), False
        return
    if parts := re.fullmatch(r"(us|uk|eu|eur)\s?(\d+(?:\.\d)?)([a-z]?)", plain):
        number = re.escape(parts[2]) + (rf"\s?{_UNITS.get(parts[3], parts[3])}" if parts[3] else "")
        yield rf"(?<![\w.]){parts[1]}\s?(?:size\s?)?{number}(?![\w.]\w|\w)", False
        yield rf"(?:\b(?:size|in|in an?|an?|the|or|and)\s+|^\s*){number}(?![\d:/%]|\.\d|\s?(?:{_NOT_SIZES}))", False
        yield rf"(?<![\d.]){number}\s?(?:尺?码|号)", False
        if len(parts[2]) > 1 or int(parts[2]) > SMALL:
            yield _bare(number), False
        return
    yield _measured(plain), False
    if is_size(option) and re.fullmatch(r"\d+(?:\.5)?", plain):
        yield rf"(?<![\d.]){plain}\s?(?:尺?码|号|腰)", False
        yield _bare(plain), False


_NOT_SIZES = (
    r"%|percent|days?|weeks?|months?|years?|hours?|kg|g\b|oz|lbs?|lit|people|person|cm|mm|pairs?|pieces?|stars?|min|"
    r"个|件|天|元|克|双"
)


def _bare(number: str) -> str:
    """A pattern for a number that stands alone and counts nothing."""
    return rf"(?<![\w.$#-]){number}(?![\w:/%-]|\.\d|\s?(?:{_NOT_SIZES}|left|of\b|x\b))"


def _measured(plain: str) -> str:
    """A pattern for a value of words, numbers and units, however these are spaced."""
    if re.fullmatch(r"\d+(?:\.5)?", plain):
        return rf"(?:\b(?:size|waist|in|in an?|an?|the|or|and|w)\s*|^\s*){plain}(?![\d:/%]|\.\d|\s?(?:{_NOT_SIZES}))"
    out: list[str] = []
    for piece in re.findall(r"\d+(?:\.\d+)?|[a-z]+|[^\sa-z\d]", plain):
        if piece == "-":
            out.append(r"\s?(?:-|to|~|至|到)?\s?")
        elif out and piece in _UNITS and re.search(r"\d", plain):
            out.append(rf"[\s-]?{_UNITS[piece]}")
        else:
            out.append((r"\s*" if out else "") + re.escape(piece))
    start = r"(?<![\d.$])" if plain[0].isdigit() else r"(?<![^\W_])" if plain[0].isalpha() else ""
    end = r"(?![\d.]\d|\d)" if plain[-1].isdigit() else r"(?![^\W_])"
    guard = r"(?<!how )(?<!so )(?<!as )(?<!too )" if plain in ("long", "short", "wide", "regular") else ""
    ends = r"(?! (?:does|do|will|is|enough|time|term))" if guard else ""
    return f"{start}{guard}{''.join(out)}{end}{ends}"


def _by_family(reading: _Reading, option: str, own: Sequence[str], item: Item) -> dict[str, list[str]]:
    """Values whose name holds the colour word of the text, else those of its family."""
    for word in sorted(_FAMILY, key=len, reverse=True):
        if (word in _PLAIN_COLOUR or HAN.fullmatch(word)) and _there(word, reading.plain):
            forms = {value: _forms(value, item) for value in own}
            core = word.removesuffix("色")
            same = [value for value in own if any(_there(core, form) for form in forms[value])]
            family = _FAMILY[word]
            near = same or [value for value in own if family in _families(forms[value])]
            if near:
                reading.take(_colour_pattern(word))
                return {option: near}
    return {}


def _there(word: str, plain: str) -> bool:
    return bool(re.search(_colour_pattern(word), plain, re.A))


def _colour_pattern(word: str) -> str:
    if HAN.fullmatch(word):
        return re.escape(word) if len(word) > 1 else rf"{word}(?:色|的|款)|(?<=要){word}"
    return rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"


def _forms(value: str, item: Item) -> set[str]:
    return {fold(value), *(fold(w.options[value]) for w in item.product.wording.values() if value in w.options)}


def _families(forms: set[str]) -> set[str]:
    """Families of a value: by its whole name first, else by its words."""
    whole = {_FAMILY[form] for form in forms if form in _FAMILY}
    return whole or {_FAMILY[word] for form in forms for word in form.split() if word in _FAMILY}


def _missing(
    reading: _Reading, item: Item, values: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is asked for that the product does not come in."""
    if not any(map(is_colour, item.options)) and (bare := _IN_COLOUR.search(reading.plain)):
        yield "", (bare["en"] or bare["zh"],)
    for option in item.options:
        if is_colour(option) and option not in values:
            found = [w for w in sorted(_PLAIN_COLOUR, key=len, reverse=True) if _there(w, reading.plain)]
            found = [w for w in found if not any(w != other and w in other for other in found)]
            if found:
                yield option, tuple(found[:1])
        elif is_size(option) and (found := list(_sizes(reading))):
            yield option, tuple(dict.fromkeys(found))
        elif is_size(option) and option not in values and (length := _LENGTHS.search(reading.plain)):
            yield option, (length[1],)
        elif option not in values and all(_MONEY.fullmatch(value) for value in item.options[option]):
            yield from ((option, (found,)) for found in _MONEY.findall(reading.plain)[:1])


def _sizes(reading: _Reading) -> Iterator[str]:
    for found in _LETTER.finditer(reading.text):
        yield found.group()
    for found in _LOWER.finditer(reading.plain):
        yield (found[1] or found[2]).upper()
    for found in _SPELLED.finditer(reading.plain):
        yield found.group()
    for found in _NUMBER.finditer(reading.plain):
        yield (found["en"] or found["zh"]).upper()
