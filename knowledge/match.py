"""Exact match: which products a text names literally, by SKU, handle or name. Pure.

Vectors and BM25 blur what a shopper spelled out; a code or a product's full name settles it. The longest match wins and
uses up its words, so "Larch Pro Jacket" is never taken for "Larch Jacket".

* A SKU counts in any case, with its dashes, without them, or with blanks in their place. One of letters only must be
  written as the shop writes it, one of digits only must have five or more: otherwise "TENT" and "1001" would match
  plain words and sums. Order numbers are never SKUs.
* A handle counts when it has a dash, since a handle such as `tent` is a plain word.
* A name counts as whole words in any case, also with a plural or possessive end, also without the brand it begins
  with; a name of one word must be written as the shop writes it. A Chinese name counts anywhere, from three
  characters on, in simplified or traditional characters.
"""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeVar

from knowledge.passages import Product
from knowledge.words import HAN, LETTER, fold

ORDER_NUMBER = re.compile(r"fw-?\d{6}")
MIN_DIGITS = 5
MIN_HAN_CHARS = 3
MAX_PARTS = 8
Form = TypeVar("Form", bound=Hashable)

_TOKEN = re.compile(rf"{LETTER}+(?:'{LETTER}+)?")
_CODE = re.compile(rf"{LETTER}+(?:[-_./]{LETTER}+)*")


class Way(IntEnum):
    """How a product was named; the first is the surest."""

    SKU = 0
    HANDLE = 1
    NAME = 2


@dataclass(frozen=True, slots=True)
class Match:
    """A product that a text names. `text` is the SKU, handle or name as the shop writes it; `start` its place."""

    handle: str
    text: str
    way: Way
    start: int


@dataclass(frozen=True, slots=True)
class _Key:
    """What the shop writes, whom it stands for, and whether the shopper must write it in the same case."""

    text: str
    handles: tuple[str, ...]
    way: Way
    cased: bool = False


class Matcher:
    """Finds the products that a text names. Built once a snapshot; time goes by the text's length, not the shop's."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._codes: dict[str, _Key] = {}
        self._names: dict[tuple[str, ...], _Key] = {}
        self._han: dict[str, list[tuple[str, _Key]]] = {}
        for product in products:
            for variant in product.variants:
                self._add_sku(variant.sku, product.handle)
            if "-" in product.handle:
                _add(self._codes, product.handle.casefold(), _Key(product.handle, (product.handle,), Way.HANDLE))
            for wording in product.wording.values():
                self._add_name(wording.name, product)
        self._longest = max(map(len, self._names), default=0)
        for found in self._han.values():
            found.sort(key=lambda pair: (-len(pair[0]), pair[0]))

    def find(self, text: str) -> tuple[Match, ...]:
        """The products named in `text`, each once: SKUs first, then handles, then names; each in order of the text."""
        plain = fold(text)
        cased = text if len(text) == len(plain) else plain
        used = [False] * len(plain)
        matches = [*self._find_codes(plain, cased, used), *self._find_names(plain, cased, used)]
        matches += self._find_han(plain, used)
        first: dict[str, Match] = {}
        for match in sorted(matches, key=lambda m: (m.way, m.start, m.handle)):
            first.setdefault(match.handle, match)
        return tuple(first.values())

    def _add_sku(self, sku: str, handle: str) -> None:
        squeezed = _squeezed(sku)
        if not squeezed or (squeezed.isdigit() and len(squeezed) < MIN_DIGITS):
            return
        key = _Key(sku, (handle,), Way.SKU, cased=not any(map(str.isdigit, squeezed)))
        _add(self._codes, fold(sku), key)
        _add(self._codes, squeezed, key)

    def _add_name(self, name: str, product: Product) -> None:
        plain = fold(name)
        key = _Key(name, (product.handle,), Way.NAME)
        if HAN.search(plain):
            squeezed = "".join(plain.split())
            if len(squeezed) >= MIN_HAN_CHARS:
                self._han.setdefault(squeezed[:2], []).append((squeezed, key))
            return
        words, brand = _words(plain), _words(fold(product.brand))
        short = words[len(brand) :] if brand and words[: len(brand)] == brand else ()
        for form in (words, short if len(short) > 1 else ()):
            if form:
                _add(self._names, form, _Key(name, key.handles, Way.NAME, cased=len(form) == 1))

    def _find_codes(self, plain: str, cased: str, used: list[bool]) -> Iterable[Match]:
        """SKUs and handles: tokens as they stand, then runs of tokens that make up a SKU when joined."""
        tokens = list(_CODE.finditer(plain))
        for order in [t for t in tokens if ORDER_NUMBER.fullmatch(t.group())]:
            _use(used, order.start(), order.end())
        for count in range(min(MAX_PARTS, len(tokens)), 0, -1):
            for run in zip(*(tokens[i:] for i in range(count)), strict=False):
                start, end = run[0].start(), run[-1].end()
                key = self._code("".join(t.group() for t in run), count > 1)
                if key and not any(used[start:end]) and _spelled(key, cased[start:end]):
                    _use(used, start, end)
                    yield from (Match(h, key.text, key.way, start) for h in key.handles)

    def _code(self, joined: str, several: bool) -> _Key | None:
        """The key that `joined` tokens spell; of `several` tokens only a SKU with letters and digits counts."""
        key = self._codes.get(joined) or self._codes.get(_squeezed(joined))
        if key and several and (key.cased or key.way is not Way.SKU or _squeezed(key.text).isdigit()):
            return None
        if key and key.way is Way.HANDLE and key.text.casefold() != joined:
            return None
        return key

    def _find_names(self, plain: str, cased: str, used: list[bool]) -> Iterable[Match]:
        """Names in Latin letters, longest first at each word."""
        tokens = list(_TOKEN.finditer(plain))
        at = 0
        while at < len(tokens):
            for count in range(min(self._longest, len(tokens) - at), 0, -1):
                start, end = tokens[at].start(), tokens[at + count - 1].end()
                key = self._name(tuple(t.group() for t in tokens[at : at + count]))
                if key and not any(used[start:end]) and _spelled(key, cased[start:end]):
                    _use(used, start, end)
                    yield from (Match(h, key.text, key.way, start) for h in key.handles)
                    at += count - 1
                    break
            at += 1

    def _name(self, words: tuple[str, ...]) -> _Key | None:
        """The name that `words` are, allowing `'s`, `s` or `es` at the end of the last."""
        last = words[-1].partition("'")[0]
        ends = dict.fromkeys((words[-1], last, last.removesuffix("s"), last.removesuffix("es")))
        return next((key for end in ends if (key := self._names.get((*words[:-1], end)))), None)

    def _find_han(self, plain: str, used: list[bool]) -> Iterable[Match]:
        """Names with Chinese characters, longest first at each character; blanks in the text do not count."""
        places = [i for i, char in enumerate(plain) if not char.isspace()]
        text = "".join(plain[i] for i in places)
        for at in range(len(text) - 1):
            for name, key in self._han.get(text[at : at + 2], ()):
                start, stop = places[at], at + len(name)
                if not text.startswith(name, at) or not _bordered(text, at, stop):
                    continue
                if not any(used[start : places[stop - 1] + 1]):
                    _use(used, start, places[stop - 1] + 1)
                    yield from (Match(h, key.text, key.way, start) for h in key.handles)
                    break


def _add(keys: dict[Form, _Key], form: Form, key: _Key) -> None:
    """Put `key` under `form`; products that share a form share the key, and the surer way wins."""
    old = keys.get(form)
    if old is None or key.way < old.way:
        keys[form] = key
    elif key.way == old.way:
        keys[form] = replace(old, handles=tuple(dict.fromkeys((*old.handles, *key.handles))))


def _squeezed(text: str) -> str:
    """Letters and digits only, folded."""
    return "".join(filter(str.isalnum, fold(text)))


def _words(plain: str) -> tuple[str, ...]:
    """The words of a folded name."""
    return tuple(match.group() for match in _TOKEN.finditer(plain))


def _use(used: list[bool], start: int, end: int) -> None:
    """Mark characters as part of a match."""
    used[start:end] = [True] * (end - start)


def _spelled(key: _Key, cased: str) -> bool:
    """Whether the text's own spelling is good enough for `key`."""
    return not key.cased or cased.startswith(key.text)


def _bordered(text: str, start: int, stop: int) -> bool:
    """Whether a Latin letter or digit at either end of `text[start:stop]` is the end of its word."""
    return not (
        (start and _latin(text[start]) and _latin(text[start - 1]))
        or (stop < len(text) and _latin(text[stop - 1]) and _latin(text[stop]))
    )


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
