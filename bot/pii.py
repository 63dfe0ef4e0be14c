"""Personal data in plain text: e-mail addresses, phone and card numbers, bank accounts (IBAN). Pure.

What has a checksum must pass it: cards by Luhn's digit and the lengths that their network issues, IBANs by ISO 7064 and
their country's form. Phone numbers must be valid in the numbering plan that they are written for. So order numbers,
prices, dates, sizes and SKUs are left alone, and a mistyped card number is, too: it is nobody's.

Digits are read however they are written: full-width, Arabic-Indic, with spaces, dashes or dots between them, with
invisible characters in between. It does not know who wrote a text, nor where it goes.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from stdnum import iban, luhn

from knowledge.words import HAN

REGIONS = ("US", "CN")
"""Whose phone numbers are known without a country's code; an area's leading 0 is also tried in `TRUNK`."""
TRUNK = ("GB", "DE", "FR", "AU", "JP")


class Kind(StrEnum):
    """What was found; also the word that stands in its place."""

    EMAIL = "email"
    IBAN = "iban"
    CARD = "card"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is one of these."""

    start: int
    end: int
    kind: Kind


_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}", re.ASCII)
_GAP = r"(?: {1,3}| ?[-._] ?)"
_DIGITS = re.compile(rf"(?<!\d)\d+(?:{_GAP}\d+)*(?!\d)", re.ASCII)
_GROUP = re.compile(r"\d+", re.ASCII)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}", re.ASCII)
_IBAN_END = re.compile(r"[A-Za-z0-9](?![A-Za-z0-9])", re.ASCII)
_CUE = re.compile(
    r"\bcards?\b|visa|master ?card|amex|american express|maestro|discover|union ?pay|银行卡|卡号|信用卡|借记卡",
    re.I,
)
CUE_CHARS = 40
_SAME = dict.fromkeys(map(ord, "‐‑‒–—−"), "-") | dict.fromkeys(map(ord, "·•"), ".")
_TRUNK = re.compile(r"(?<![\d.,-])\(?0[1-9][\d ()/-]{7}", re.ASCII)
_PART_OF_MORE = re.compile(r"(?:\w-|[#№$€£¥])$", re.ASCII)
"""Before a number that is no phone's: FW-204817, #5415550142, $5415550142."""
_FEWEST_PHONE_DIGITS = 7

_Lengths = tuple[int, ...]
_16, _16_19, _12_19 = (16,), (16, 17, 18, 19), (12, 13, 14, 15, 16, 17, 18, 19)
NETWORKS: tuple[tuple[str, str, _Lengths], ...] = (
    ("4", "4", (13, 16, 19)),  # Visa
    ("51", "55", _16),  # Mastercard
    ("2221", "2720", _16),
    ("34", "34", (15,)),  # American Express
    ("37", "37", (15,)),
    ("300", "305", (14, 16, 17, 18, 19)),  # Diners Club
    ("3095", "3095", (14, 16, 17, 18, 19)),
    ("36", "36", (14, 16, 17, 18, 19)),
    ("38", "39", (14, 16, 17, 18, 19)),
    ("3528", "3589", _16_19),  # JCB
    ("6011", "6011", _16_19),  # Discover
    ("644", "649", _16_19),
    ("65", "65", _16_19),
    ("62", "62", _16_19),  # UnionPay
    ("81", "81", _16_19),
    ("5018", "5018", _12_19),  # Maestro
    ("5020", "5020", _12_19),
    ("5038", "5038", _12_19),
    ("5893", "5893", _12_19),
    ("6304", "6304", _12_19),
    ("6759", "6759", _12_19),
    ("6761", "6763", _12_19),
    ("2200", "2204", _16_19),  # Mir
    ("60", "60", _16),  # RuPay
    ("82", "82", _16),
    ("508", "508", _16),
    ("5060", "5061", (16, 18, 19)),  # Verve
    ("5067", "5067", _16),  # Elo
    ("509", "509", _16),
    ("6362", "6363", _16),
    ("9792", "9792", _16),  # Troy
)
"""First digits (from, to) and the lengths issued under them: ISO/IEC 7812-1 and the networks' own rules."""


def find(text: str, region: str = "") -> list[Span]:
    """Everything personal in a text, in order, without overlaps.

    Args:
        text: Any text.
        region: Two letters of the country whose phone numbers are written without a code; empty: `REGIONS`.
    """
    return _found(text, (_emails, _ibans, _cards, lambda plain: _phones(plain, region)))


def _found(text: str, seekers: Sequence[Callable[[str], Iterator[Span]]]) -> list[Span]:
    """What the seekers find, the first of them first where they overlap."""
    plain, at = _readable(text)
    found: list[Span] = []
    for seek in seekers:
        for span in seek(plain):
            if not any(span.start < other.end and other.start < span.end for other in found):
                found.append(span)
    found.sort(key=lambda span: span.start)
    return [Span(at[span.start], at[span.end - 1] + 1, span.kind) for span in found]


def mask(text: str, region: str = "") -> str:
    """The text with everything personal replaced by its kind, as in `[email]`."""
    return _replaced(text, lambda t: find(t, region), lambda span: f"[{span.kind}]")


def without_cards(text: str) -> str:
    """The text with card numbers taken out, and a mark for people to see in their place."""
    if sum(map(str.isdigit, text)) < 12:
        return text
    mark = "[银行卡号已删除]" if HAN.search(text) else "[card number removed]"
    return _replaced(text, lambda t: [s for s in _found(t, (_ibans, _cards)) if s.kind is Kind.CARD], lambda _: mark)


def emails(text: str) -> list[str]:
    """The e-mail addresses in a text, in lower case."""
    return [span.group().lower().strip(".-+") for span in _EMAIL.finditer(_readable(text)[0])]


def _replaced(text: str, seek: Callable[[str], list[Span]], mark: Callable[[Span], str]) -> str:
    """Replace until nothing is left: what stood beside a number may look like one when that is gone.

    Ends, because each round takes digits or an @ away and marks bring none.
    """
    while spans := seek(text):
        for span in reversed(spans):
            text = text[: span.start] + mark(span) + text[span.end :]
    return text


def _readable(text: str) -> tuple[str, Sequence[int]]:
    """The text with digits, dashes and spaces as ASCII has them and without invisible characters; and where each
    character of it was.
    """
    if text.isascii() and text.isprintable():
        return text, range(len(text))
    plain, at = [], []
    for i, char in enumerate(text):
        if not char.isascii() and unicodedata.category(char) in ("Cf", "Mn", "Me"):
            continue
        plain.append(_ascii(char))
        at.append(i)
    return "".join(plain), at


def _ascii(char: str) -> str:
    if char.isspace():
        return " "
    if char.isascii():
        return char
    if (digit := unicodedata.decimal(char, None)) is not None:
        return str(digit)
    wide = unicodedata.normalize("NFKC", char)
    return _SAME.get(ord(char), wide if len(wide) == 1 and wide.isascii() else char)


def _emails(text: str) -> Iterator[Span]:
    for match in _EMAIL.finditer(text) if "@" in text else ():
        yield Span(*match.span(), Kind.EMAIL)


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN.finditer(text):
        for end in _IBAN_END.finditer(text, match.start() + 14, match.end() + 1):
            if iban.is_valid(text[match.start() : end.end()]):
                yield Span(match.start(), end.end(), Kind.IBAN)
                break


# Cards


def _cards(text: str) -> Iterator[Span]:
    for run in _DIGITS.finditer(text):
        groups = [
            m.span() for m in _GROUP.finditer(text, run.start(), run.end()) if text[m.start() - 2 : m.start()] != "0."
        ]
        if run.end() - run.start() >= 12:
            cued = bool(_CUE.search(text, max(0, run.start() - CUE_CHARS), run.start()))
            yield from _cards_of(text, groups, cued)


def _cards_of(text: str, groups: list[tuple[int, int]], cued: bool) -> Iterator[Span]:
    """Cards among groups of digits, each the longest from its first group."""
    first = 0
    while first < len(groups):
        last = _last_group(text, groups[first : first + 19], cued)
        if last is None:
            first += 1
        else:
            yield Span(groups[first][0], groups[first + last][1], Kind.CARD)
            first += last + 1


def _last_group(text: str, groups: list[tuple[int, int]], cued: bool) -> int | None:
    digits, found = "", None
    for i, (start, end) in enumerate(groups):
        digits += text[start:end]
        if len(digits) > 19:
            break
        if is_card(digits) and (cued or _as_printed([e - s for s, e in groups[: i + 1]])):
            found = i
    return found


def _as_printed(sizes: list[int]) -> bool:
    """Whether digits are grouped as on a card, or one by one: 4-4-4-4, 4-6-5, 6-13, … and not as a list of sizes."""
    return all(size >= 4 for size in sizes[:-1]) or set(sizes) == {1}


def is_card(digits: str) -> bool:
    """Whether these digits can be a card's number: network, length and check digit fit."""
    fits = any(low <= digits[: len(low)] <= high and len(digits) in lengths for low, high, lengths in NETWORKS)
    return fits and len(set(digits)) > 1 and bool(luhn.is_valid(digits))


# Phones


def _phones(text: str, region: str) -> Iterator[Span]:
    if sum(map(str.isdigit, text)) < _FEWEST_PHONE_DIGITS:
        return
    for where in (region.upper(),) if region else REGIONS:
        yield from _matches(text, where)
    if not region and _TRUNK.search(text):
        for where in TRUNK:
            yield from (span for span in _matches(text, where) if _TRUNK.match(text, span.start))


def _matches(text: str, region: str) -> Iterator[Span]:
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        enough = sum(map(str.isdigit, match.raw_string)) >= _FEWEST_PHONE_DIGITS
        if enough and not _PART_OF_MORE.search(text, max(0, match.start - 2), match.start):
            yield Span(match.start, match.end, Kind.PHONE)
