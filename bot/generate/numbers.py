"""No number that nobody gave: a limit on what a language model may say next, for any tokenizer.

A token with digits is possible only where it goes on with a number of the conversation or the passages; a number that
was begun must be said to the end of one of its parts (of `1,049.50` that is `1`, `1,049` or all of it). The number of a
passage may follow `[`. Words for numbers are not digits and are left to the check of the draft (`bot.ground`).
"""

import re
from collections.abc import Iterable
from typing import Any

from bot.generate.protocol import Prompt

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TAIL = re.compile(r"(\[?)(\d+(?:[.,]\d+)*[.,]?)$")
_SPACES = str.maketrans("▁Ġ", "  ")
LOOKED_BACK = 24
"""Tokens in which a number is looked for; longer ones are nobody's price."""


class Numbers:
    """Which digits may follow a text. `known` are texts, `cited` the numbers of passages. Pure."""

    def __init__(self, known: Iterable[str], cited: Iterable[int]) -> None:
        found = {number for text in known for number in _NUMBER.findall(text)}
        self._begun, self._whole = _ways(found)
        self._cites = _ways({str(n) for n in cited})

    @classmethod
    def of(cls, prompt: Prompt) -> "Numbers":
        """Those of a prompt."""
        texts = [prompt.question, *(said.text for said in prompt.history)]
        texts += [text for passage in prompt.passages for text in (passage.title, passage.text)]
        return cls(texts, [passage.n for passage in prompt.passages])

    def may_follow(self, text: str, token: str) -> bool:
        """Whether a token keeps every number known, or the beginning of a known one at the very end."""
        for sign in token:
            if not sign.isdecimal() and not self.whole(text):
                return False
            text += sign
            if sign.isdecimal() and not self._known(text):
                return False
        return True

    def whole(self, text: str) -> bool:
        """Whether a text does not end within a number."""
        found = _TAIL.search(text)
        if not found or found[2][-1] in ".,":
            return True
        return found[2] in (self._cites[1] if found[1] else self._whole)

    def _known(self, text: str) -> bool:
        found = _TAIL.search(text)
        return found is not None and found[2] in (self._cites[0] if found[1] else self._begun)


def _ways(numbers: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """All beginnings of the numbers, and those beginnings after which no digit is missing."""
    begun = {number[:end] for number in numbers for end in range(1, len(number) + 1)}
    whole = {number[: found.end()] for number in numbers for found in re.finditer(r"\d+", number)}
    return frozenset(begun), frozenset(whole)


def figured(tokenizer: Any) -> dict[int, str]:
    """The tokens that have digits, as text."""
    pieces = tokenizer.convert_ids_to_tokens(list(range(len(tokenizer))))
    return {
        n: piece.translate(_SPACES)
        for n, piece in enumerate(pieces)
        if piece is not None and any(sign.isdecimal() for sign in piece)
    }


class OnlyKnownNumbers:
    """A `transformers.LogitsProcessor` for one draft.

    Args:
        numbers: What may be said.
        tokens: `figured` of the tokenizer.
        tokenizer: To read what was said.
        start: How many tokens the prompt has.
    """

    def __init__(self, numbers: Numbers, tokens: dict[int, str], tokenizer: Any, start: int) -> None:
        self._numbers, self._tokens, self._tokenizer, self._start = numbers, tokens, tokenizer, start

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Scores `(batch, vocabulary)` with minus infinity for what must not follow `input_ids` `(batch, said)`."""
        for row, ids in enumerate(input_ids):
            said = ids[max(self._start, len(ids) - LOOKED_BACK) :].tolist()
            scores[row] = self._limited(self._tokenizer.decode(said, skip_special_tokens=True), scores[row])
        return scores

    def _limited(self, text: str, scores: Any) -> Any:
        """One row. Where a number must go on and no token can do that, anything without digits may follow."""
        ids = list(self._tokens)
        fits = [n for n, token in self._tokens.items() if self._numbers.may_follow(text, token)]
        limited = scores.clone()
        if self._numbers.whole(text) or not fits:
            limited[ids] = float("-inf")
        else:
            limited[:] = float("-inf")
        limited[fits] = scores[fits]
        return limited
