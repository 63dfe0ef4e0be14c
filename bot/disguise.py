"""A text as a model might read it: the disguises taken off that are used to get orders past a filter. Pure.

Hidden characters, tag characters that spell ASCII, look-alike letters of other scripts, digits for letters, letters
spaced out, marks of emphasis between words, base64, hexadecimal, text written backwards or rotated by 13 letters.
"""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.words import HAN_CHARS, fold

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_SPACED = re.compile(r"(?<!\w)(?:[a-z][ ._*|/-]{1,3}){5,}[a-z](?!\w)")
_SPACED_HAN = re.compile(rf"(?:[{HAN_CHARS}][ ._*|/·-]){{3,}}[{HAN_CHARS}]")
_LEET = re.compile(r"\b(?=\w*[a-z])(?=\w*[0-9@$])[a-z0-9@$]{3,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"\b(?:[0-9a-fA-F]{2}\s?){12,}\b")
_MARKS = re.compile(r"[*_`~#]+")
_DOTS = re.compile(r"(?<=[a-z])[._](?=[a-z])")
_FIGURES = str.maketrans("013457@$", "oieastas")

_ALIKE = str.maketrans(
    "асеорхуіјѕѵԁһӏгтмкпвнβαεορτυικνχ",
    "aceopxyijsvdhlrtmknbhbaeoptuiknx",
)
"""Cyrillic and Greek letters that look like Latin ones, for words that mix scripts."""
_MIXED = re.compile(r"\b(?=\w*[a-z])(?=\w*[\u0370-\u052f])\w+\b|\b[асеорхуіјѕԁһ]{2,}\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, folded (case, width, script), and the disguise that was taken off; `plain` for none."""

    name: str
    text: str


def readings(text: str) -> Iterator[Reading]:
    """The text as it stands, then each way of reading it that gives another text."""
    seen = set()
    for name, read in _all(text):
        if read and read not in seen:
            seen.add(read)
            yield Reading(name, read)


def _all(text: str) -> Iterator[tuple[str, str]]:
    clean = _HIDDEN.sub("", _TAGS.sub("", text))
    folded = fold(clean)
    yield "plain", folded
    if tagged := "".join(chr(ord(c) - 0xE0000) for run in _TAGS.findall(text) for c in run):
        yield "hidden", fold(tagged)
    yield "alike", _MIXED.sub(lambda word: word.group().translate(_ALIKE), _unaccented(folded))
    joined = _SPACED.sub(lambda run: _joined(run.group()), folded)
    yield "spaced", _SPACED_HAN.sub(lambda run: re.sub(rf"[^{HAN_CHARS}]", "", run.group()), joined)
    yield "marked", " ".join(_DOTS.sub(" ", _MARKS.sub(" ", folded)).split())
    yield "figures", _LEET.sub(lambda word: word.group().translate(_FIGURES), folded)
    for run in (*_BASE64.findall(clean), *_HEX.findall(clean)):
        if decoded := _decoded(run):
            yield "encoded", fold(decoded)
    yield "reversed", folded[::-1]
    yield "rotated", codecs.decode(folded, "rot13")


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _joined(run: str) -> str:
    """`i g n o r e   a l l` as `ignore all`: more than one mark between letters parts words."""
    return re.sub(r"[ ._*|/-]", "", re.sub(r"\s{2,}|(?<=\w) (?=\w-)", "\0", run)).replace("\0", " ")


def _decoded(run: str) -> str:
    """What base64 or hexadecimal digits stand for, if that is text; else empty."""
    packed = run.replace(" ", "")
    for decode in (_from_hex, _from_base64):
        try:
            text = decode(packed).decode("utf-8")
        except (binascii.Error, ValueError):
            continue
        if text.isprintable() and len(text) >= 8:
            return text
    return ""


def _from_hex(text: str) -> bytes:
    return bytes.fromhex(text)


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_", "+/")) + "=" * (-len(text) % 4))
