"""What kinds of pieces there are: which may be generated, which go on a word, which are figures. Pure.

A figure (a digit, a fraction, a sign of currency, a per cent sign) is never generated: it is copied or not said.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.copying.source import SEP

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

UNKNOWN = 100
STOPS = ".,;:!?…"
JOINTS = "-–—‑/×+~<>=±"
"""Signs that would make one number of the two that stand beside them."""
MARKUP = "|*_#\\`[]{}<>^•◦‣▪●"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All pieces, `(pieces,)` flags each, and those that may be generated.

    Attributes:
        texts: As in the vocabulary, `##` before what goes on a word.
        outputs: `(outputs,)`; the pieces that the network may generate.
        sayable: `(outputs,)`; of these, the ones that it really may.
        output_of: `(pieces,)`; a piece's place in `outputs`, -1 for none.
        joined: Goes on a word.
        words: Letters or digits.
        stops: A sign after which no other such sign may come.
        closing: A sign that nothing begins with.
        figures: Has a figure.
    """

    texts: tuple[str, ...]
    outputs: Ints
    sayable: Flags
    output_of: Ints
    joined: Flags
    words: Flags
    stops: Flags
    closing: Flags
    figures: Flags

    @classmethod
    def of(cls, texts: Sequence[str], outputs: Sequence[int]) -> "Lexicon":
        """The lexicon of a tokenizer's pieces, in order of their ids, and a network's output vocabulary."""
        chosen = np.asarray(outputs, np.int64)
        output_of = np.full(len(texts), -1, np.int64)
        output_of[chosen] = np.arange(len(chosen))
        bare = [text.removeprefix("##") for text in texts]
        return cls(
            texts=tuple(texts),
            outputs=chosen,
            sayable=np.array([int(n) == SEP or generable(texts[n]) for n in chosen]),
            output_of=output_of,
            joined=np.array([text.startswith("##") for text in texts]),
            words=np.array([text[:1].isalnum() for text in bare]),
            stops=np.array([text in STOPS for text in bare]),
            closing=np.array([text in STOPS + ")]'’”" for text in bare]),
            figures=np.array([figure(text) for text in bare]),
        )


@lru_cache(8192)
def figure(text: str) -> bool:
    """Whether a text has a digit, a fraction, a sign of currency or of per cent."""
    return any(sign.isnumeric() or sign in "%‰" or unicodedata.category(sign) == "Sc" for sign in text)


def generable(piece: str) -> bool:
    """Whether a piece may be said without being copied: no figure, no mark of BERT's, none of markup."""
    return not figure(piece) and not any(sign in MARKUP for sign in piece.removeprefix("##"))
