"""A slip of the fingers in an English question about a product, mended: `how hevy` is `how heavy`. Pure.

Only words that the shop's texts do not have are looked at, and only one letter may be wrong, missing, too many or
changed with its neighbour. Where two words are as near, nothing is mended. When a text is worth it is not known here.
"""

import re
from collections.abc import Collection

LEAST = 4
"""Letters of a word that can be told from another one letter away."""


def mended(text: str, wanted: Collection[str], known: Collection[str]) -> str:
    """The text with each word that is not `known` put as the one of `wanted` that it must be; else unchanged."""
    return re.sub(r"(?<![^\W_])[a-z]+(?![^\W_])", lambda found: _word(found.group(), wanted, known), text, flags=re.I)


def _word(word: str, wanted: Collection[str], known: Collection[str]) -> str:
    low = word.lower()
    if len(low) < LEAST or low in known or low in wanted or low.removesuffix("s") in known:
        return word
    fits = [other for other in wanted if len(other) >= LEAST and is_slip(low, other)]
    return fits[0] if len(fits) == 1 else word


def is_slip(typed: str, meant: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours changed places (Damerau, at distance one)."""
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest, other = typed[start:], meant[start:]
    changed = rest[:2] == other[1::-1] and rest[2:] == other[2:] and len(rest) > 1
    return changed or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
