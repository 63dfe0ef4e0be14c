"""Exact match: which products a text names literally, by SKU, handle or name. Pure.

Vectors and BM25 blur what a shopper spelled out; a code or a product's full name settles it. The longest match wins and
uses up its words, so "Larch Pro Jacket" is never taken for "Larch Jacket".

* A SKU counts in any case, with its dashes, without them, or with blanks in their place. One of letters only must be
  written as the shop writes it, one of digits only must have five or more: otherwise "TENT" and "1001" would match
  plain words and sums. Order numbers are never SKUs.
* A handle counts when it has a dash, since a handle such as `tent` is a plain word.
* A name counts as whole words in any case, also with a plural or possessive end, also without the brand it begins
  with; a name of one word must be written as the shop writes it. A Chinese name counts anywhere, from three
  characters on, in simplified or traditional characters; of a mixed one ("落叶松 Larch 防雨夹克") either half of the
  first part may be missing.
* A name's beginning counts for it, after whole names, if it is two words or more, tells the product from most (at most
  `SHARED` begin so), leaves out no number, and holds a number or begins with a word that the shop's descriptions do not
  use as a plain one: "Ridgeline 1" and "Larch Pro", but not "Trail Running".
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from knowledge.passages import Product
from knowledge.words import HAN, LETTER, fold

ORDER_NUMBER = re.compile(r"fw-?\d{6}")
MIN_DIGITS = 5
MIN_HAN_CHARS = 3
MAX_PARTS = 8
SHARED = 3
Form = TypeVar("Form", bound=Hashable)

_TOKEN = re.compile(rf"{LETTER}+(?:'{LETTER}+)?")
_PLAIN_WORD = re.compile(r"(?<![^\W_])[a-z]+(?![^\W_])")
_MIXED = re.compile(rf"({HAN.pattern})((?:\s|{LETTER})+)({HAN.pattern})")
_CODE = re.compile(rf"{LETTER}+(?:[-_./]{LETTER}+)*")


class Way(IntEnum):
    """How a product was named; the first is the surest."""

    SKU = 0
    HANDLE = 1
    NAME = 2
    BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A product that a text names. `text` is the SKU, handle or name as the shop writes it; `start` its place."""

    handle: str
    text: str
    way: Way
    start: int


@dataclass(frozen=True, slots=True)
class _Key:
    """What the shop writes, which product it stands for, and whether the shopper must write it in the same case."""

    text: str
    handle: str
    way: Way
    cased: bool = False


class Matcher:
    """Finds the products that a text names. Built once a snapshot; time goes by the text's length, not the shop's."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._codes: dict[str, tuple[_Key, ...]] = {}
        self._names: dict[tuple[str, ...], tuple[_Key, ...]] = {}
        self._han: dict[str, tuple[_Key, ...]] = {}
        for product in products:
            for variant in product.variants:
                self._add_sku(variant.sku, product.handle)
            if "-" in product.handle:
                _add(self._codes, product.handle.casefold(), _Key(product.handle, product.handle, Way.HANDLE))
            for wording in product.wording.values():
                self._add_name(wording.name, product)
        for words, name, handle in _beginnings(products):
            _add(self._names, words, _Key(name, handle, Way.BEGINNING))
        self._longest = max(map(len, self._names), default=0)
        self._han_by_start: dict[str, list[str]] = {}
        for spelling in sorted(self._han, key=lambda s: (-len(s), s)):
            self._han_by_start.setdefault(spelling[:2], []).append(spelling)

    def find(self, text: str) -> tuple[Match, ...]:
        """The products named in `text`, each once: SKUs first, then handles, then names; each in order of the text."""
        plain = fold(text)
        cased = text if len(text) == len(plain) else plain
        used = [False] * len(plain)
        matches = [*self._find_codes(plain, cased, used), *self._find_han(plain, used)]
        matches += self._find_names(plain, cased, used)
        first: dict[str, Match] = {}
        for match in sorted(matches, key=lambda m: (m.way, m.start, m.handle)):
            first.setdefault(match.handle, match)
        return tuple(first.values())

    def _add_sku(self, sku: str, handle: str) -> None:
        squeezed = _squeezed(sku)
        if not squeezed or (squeezed.isdigit() and len(squeezed) < MIN_DIGITS):
            return
        key = _Key(sku, handle, Way.SKU, cased=not any(map(str.isdigit, squeezed)))
        _add(self._codes, fold(sku), key)
        _add(self._codes, squeezed, key)

    def _add_name(self, name: str, product: Product) -> None:
        plain = fold(name)
        key = _Key(name, product.handle, Way.NAME)
        if HAN.search(plain):
            for spelling in _han_forms(plain):
                if len(spelling) >= MIN_HAN_CHARS:
                    _add(self._han, spelling, key)
            return
        words, brand = _words(plain), _words(fold(product.brand))
        short = words[len(brand) :] if brand and words[: len(brand)] == brand else ()
        for form in filter(None, (words, short if len(short) > 1 else ())):
            _add(self._names, form, _Key(name, product.handle, Way.NAME, cased=len(form) == 1))

    def _find_codes(self, plain: str, cased: str, used: list[bool]) -> Iterable[Match]:
        """SKUs and handles: tokens as they stand, then runs of tokens that make up a SKU when joined."""
        tokens = list(_CODE.finditer(plain))
        for order in [t for t in tokens if ORDER_NUMBER.fullmatch(t.group())]:
            _use(used, order.start(), order.end())
        for count in range(min(MAX_PARTS, len(tokens)), 0, -1):
            for run in zip(*(tokens[i:] for i in range(count)), strict=False):
                start, end = run[0].start(), run[-1].end()
                if not any(used[start:end]):
                    keys = self._code("".join(t.group() for t in run), count > 1)
                    yield from _matches(keys, cased[start:end], start, used)

    def _code(self, joined: str, several: bool) -> tuple[_Key, ...]:
        """What `joined` tokens spell; of `several` tokens only a SKU with letters and digits counts."""
        squeezed = _squeezed(joined)
        keys = self._codes.get(joined) or self._codes.get(squeezed, ())
        if (several and squeezed.isalpha()) or (joined != squeezed and squeezed.isdigit()):
            return tuple(key for key in keys if not several and fold(key.text) == joined)
        return tuple(key for key in keys if key.way is Way.SKU or key.text.casefold() == joined)

    def _find_names(self, plain: str, cased: str, used: list[bool]) -> Iterable[Match]:
        """Names in Latin letters, longest first at each word."""
        tokens = list(_TOKEN.finditer(plain))
        for at in range(len(tokens)):
            for count in range(min(self._longest, len(tokens) - at), 0, -1):
                start, end = tokens[at].start(), tokens[at + count - 1].end()
                if not any(used[start:end]):
                    keys = self._name(tuple(t.group() for t in tokens[at : at + count]))
                    yield from _matches(keys, cased[start:end], start, used)

    def _name(self, words: tuple[str, ...]) -> tuple[_Key, ...]:
        """The name that `words` are, allowing `'s`, `s` or `es` at the end of the last."""
        last = words[-1].partition("'")[0]
        ends = dict.fromkeys((words[-1], last, last.removesuffix("s"), last.removesuffix("es")))
        return next((keys for end in ends if (keys := self._names.get((*words[:-1], end)))), ())

    def _find_han(self, plain: str, used: list[bool]) -> Iterable[Match]:
        """Names with Chinese characters, longest first at each character; blanks in the text do not count."""
        places = [i for i, char in enumerate(plain) if not char.isspace()]
        text = "".join(plain[i] for i in places)
        for at in range(len(text) - 1):
            for name in self._han_by_start.get(text[at : at + 2], ()):
                stop = at + len(name)
                if text.startswith(name, at) and _bordered(text, at, stop):
                    start, end = places[at], places[stop - 1] + 1
                    if not any(used[start:end]):
                        yield from _matches(self._han[name], plain[start:end], start, used)


def _add(keys: dict[Form, tuple[_Key, ...]], form: Form, key: _Key) -> None:
    """Put `key` under `form`; products that share a form stand side by side, and the surer way wins."""
    old = keys.get(form, ())
    if not old or key.way < old[0].way:
        keys[form] = (key,)
    elif key.way == old[0].way and all(key.handle != other.handle for other in old):
        keys[form] = (*old, key)


def _han_forms(plain: str) -> list[str]:
    """A Chinese name without blanks; of one that is Chinese, Latin, Chinese also without the first or second part.

    Without the Latin words a number among them may stay: 长途 Longhaul 65 重装背包 is also 长途65重装背包.
    """
    whole = "".join(plain.split())
    parts = _MIXED.fullmatch(plain)
    if parts is None:
        return [whole]
    first, latin, last = ("".join(part.split()) for part in parts.groups())
    number = "".join(re.findall(r"\d+", latin))
    return list(dict.fromkeys((whole, first + last, first + number + last, latin + last)))


def _beginnings(products: Sequence[Product]) -> Iterable[tuple[tuple[str, ...], str, str]]:
    """Beginnings of names that count for the whole, with the name and its product's handle."""
    wordings = [(product, words) for product in products for words in product.wording.values()]
    plain = {word for _, words in wordings for word in _PLAIN_WORD.findall(words.description)}
    names = {(_latin_words(words.name), words.name, product.handle) for product, words in wordings}
    short = [(form, name, handle) for words, name, handle in sorted(names) for form in _prefixes(words, name)]
    sharing = Counter(form for form, handle in {(form, handle) for form, _, handle in short})
    for form, name, handle in short:
        coined = form[0] not in plain or any(map(str.isdigit, "".join(form[1:])))
        if coined and sharing[form] <= SHARED:
            yield form, name, handle


def _prefixes(words: tuple[str, ...], name: str) -> Iterable[tuple[str, ...]]:
    """Beginnings of two words or more that leave out no number; of a Chinese name all its Latin words."""
    if HAN.search(name):
        return [words] if len(words) > 1 else []
    numbers = [i for i, word in enumerate(words) if any(map(str.isdigit, word))]
    return [words[:count] for count in range(max(2, 1 + max(numbers, default=0)), len(words))]


def _latin_words(name: str) -> tuple[str, ...]:
    return _words(fold(name))


def _squeezed(text: str) -> str:
    """Letters and digits only, folded."""
    return "".join(filter(str.isalnum, fold(text)))


def _words(plain: str) -> tuple[str, ...]:
    """The words of a folded name."""
    return tuple(match.group() for match in _TOKEN.finditer(plain))


def _use(used: list[bool], start: int, end: int) -> None:
    """Mark characters as part of a match."""
    used[start:end] = [True] * (end - start)


def _matches(keys: Iterable[_Key], cased: str, start: int, used: list[bool]) -> list[Match]:
    """The keys that the text's own spelling, `cased` from `start` on, is good enough for; uses up its characters."""
    found = [Match(k.handle, k.text, k.way, start) for k in keys if not k.cased or cased.startswith(k.text)]
    if found:
        _use(used, start, start + len(cased))
    return found


def _bordered(text: str, start: int, stop: int) -> bool:
    """Whether a Latin letter or digit at either end of `text[start:stop]` is the end of its word."""
    return not (
        (start and _latin(text[start]) and _latin(text[start - 1]))
        or (stop < len(text) and _latin(text[stop - 1]) and _latin(text[stop]))
    )


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
