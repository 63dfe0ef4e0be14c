"""What must not get in, and what must not get out: hidden characters, personal data, the prompt itself.

Three plain functions without state. Injection is not judged here yet.
"""

import re
import unicodedata

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Controls but tab and newline, bidirectional marks, invisible fillers, lone surrogates, tags. Joiners of emoji and of
scripts that need them (U+200C, U+200D) stay."""

_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}", re.ASCII)
_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-])", re.ASCII)
_PHONE = re.compile(
    r"(?<![\w.,$€£¥-])(?:"
    r"(?:\+|00)[1-9]\d{0,2}(?:[ ./-]?\(?\d{1,4}\)?){2,6}"  # international: + and the country's code
    r"|\(\d{3}\) ?\d{3}[-. ]\d{4}|[2-9]\d{2}([-. ])\d{3}\1\d{4}"  # North America
    r"|1[3-9]\d(?:[ -]?)\d{4}(?:[ -]?)\d{4}"  # mobiles in mainland China
    r"|0[1-9]\d{1,3}[ -]\d{3,4}[ -]?\d{3,4}"  # with a trunk 0
    r")(?![\w-]|[.,]\d)",
    re.ASCII,
)
_WORD = re.compile(r"[A-Za-z']+|[\u3400-\u9fff]")
LEAK_WORDS, LEAK_CHARS_ZH = 9, 16
"""Words (Chinese: characters) in a row that a draft may not share with the system prompt."""


def clean(text: str) -> str:
    """The text as it is understood: hidden characters gone, NFC, line ends as line feeds."""
    return unicodedata.normalize("NFC", _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def mask(text: str) -> str:
    """The text with e-mail addresses, card numbers (by their check digit) and phone numbers replaced by their kind.

    For logs and for servers that are not the shop's. Order numbers, prices, dates and SKUs stay readable.
    """
    text = _EMAIL.sub("[email]", text)
    text = _CARD.sub(lambda found: "[card]" if _luhn(found.group()) else found.group(), text)
    return _PHONE.sub(lambda found: "[phone]" if _phone_length(found.group()) else found.group(), text)


def _luhn(number: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B."""
    digits = [int(c) for c in number if c.isdigit()]
    doubled = [sum(divmod(2 * d, 10)) for d in digits[-2::-2]]
    return len(set(digits)) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _phone_length(number: str) -> bool:
    """7 to 15 digits, as ITU-T E.164 allows."""
    return 7 <= sum(c.isdigit() for c in number) <= 15


def leaks(draft: str, system: str) -> bool:
    """Whether the draft repeats a run of the system prompt word for word (9 English words, 16 Chinese characters)."""
    secret, said = _words(system), _words(draft)
    return _shares(said, secret, LEAK_WORDS, "a") or _shares(said, secret, LEAK_CHARS_ZH, "\u3400")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _shares(said: list[str], secret: list[str], length: int, script: str) -> bool:
    """Whether both hold one run of `length` words; `script` is the first character of the script that counts."""
    ours = [word for word in said if (word >= "\u3400") == (script >= "\u3400")]
    theirs = [word for word in secret if (word >= "\u3400") == (script >= "\u3400")]
    runs = {tuple(theirs[i : i + length]) for i in range(len(theirs) - length + 1)}
    return any(tuple(ours[i : i + length]) in runs for i in range(len(ours) - length + 1))
