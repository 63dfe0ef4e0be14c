"""An answer as the model learns it: pieces, and how each is written. Pure.

The pieces are lower case; how a piece that was not copied is written (a space before it or none; lower case, a capital
first, capitals throughout) is one of six surfaces.
"""

from dataclasses import dataclass

from bot.copying.source import CLS, SEP, Reader

LIMIT = 96
LOWER, CAPITAL, UPPER = 0, 1, 2
SURFACES = 6


@dataclass(frozen=True, slots=True)
class Target:
    """`ids` from [CLS] to [SEP]; `surfaces` of each but the first, that of the [SEP] being 0."""

    ids: list[int]
    surfaces: list[int]


def target(text: str, reader: Reader) -> Target:
    """What is to be said; cut after `LIMIT` pieces, then without an end."""
    ids, offsets = reader.pieces(text)
    surfaces, before = [], 0
    for a, b in offsets:
        surfaces.append(3 * (a > before) + case(text[a:b], text[b : b + 1]))
        before = b
    whole = len(ids) < LIMIT - 1
    return Target(
        [CLS, *ids[: LIMIT - 2], *([SEP] if whole else [])], [*surfaces[: LIMIT - 2], *([0] if whole else [])]
    )


def case(written: str, after: str) -> int:
    """How a piece is written; a single capital counts as `UPPER` only when the word goes on in capitals."""
    if written.isupper() and (len(written) > 1 or after.isupper()):
        return UPPER
    return CAPITAL if written[:1].isupper() else LOWER


def written(piece: str, surface: int) -> str:
    """A generated piece, with the space before it."""
    plain = piece.removeprefix("##")
    cased = {LOWER: plain, CAPITAL: plain[:1].upper() + plain[1:], UPPER: plain.upper()}[surface % 3]
    return f"{' ' * (surface >= 3 and not piece.startswith('##'))}{cased}"
