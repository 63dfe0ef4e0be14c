"""What must not get in, and what must not get out: hidden characters, personal data, the prompt itself.

Three plain functions without state. Whether a text gives orders to a model is judged in `injection.py`.
"""

import re
import unicodedata

from bot import pii
from bot.disguise import readings
from knowledge.words import HAN_CHARS, fold

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls but tab and newline, bidirectional marks, invisible fillers, lone surrogates, tags. Joiners of emoji and of
scripts that need them (U+200C, U+200D) stay."""

_WORD = re.compile(f"[A-Za-z']+|[{HAN_CHARS}]")
LEAK_WORDS, LEAK_CHARS_ZH = 9, 16
"""Words (Chinese: characters) in a row that a draft may not share with the system prompt."""


def clean(text: str) -> str:
    """The text as it is understood: hidden characters gone, NFC, line ends as line feeds."""
    return unicodedata.normalize("NFC", _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def mask(text: str) -> str:
    """The text with e-mail addresses, phone and card numbers and IBANs replaced by their kind (see `pii.py`).

    For logs and for servers that are not the shop's. Order numbers, prices, dates and SKUs stay readable.
    """
    return pii.mask(text)


def leaks(draft: str, system: str) -> bool:
    """Whether the draft repeats a run of the system prompt word for word (9 English words, 16 Chinese characters).

    Spaced out, backwards, rotated or in base64 it is the same prompt (see `disguise.py`).
    """
    secret = _words(fold(system))
    return any(_repeats(_words(reading.text), secret) for reading in readings(draft))


def _repeats(said: list[str], secret: list[str]) -> bool:
    return _shares(said, secret, LEAK_WORDS, "a") or _shares(said, secret, LEAK_CHARS_ZH, "\u3400")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _shares(said: list[str], secret: list[str], length: int, script: str) -> bool:
    """Whether both hold one run of `length` words; `script` is the first character of the script that counts."""
    ours = [word for word in said if (word >= "\u3400") == (script >= "\u3400")]
    theirs = [word for word in secret if (word >= "\u3400") == (script >= "\u3400")]
    runs = {tuple(theirs[i : i + length]) for i in range(len(theirs) - length + 1)}
    return any(tuple(ours[i : i + length]) in runs for i in range(len(ours) - length + 1))
