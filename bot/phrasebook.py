"""Tables of what the bot says, in several languages, and saying something of them. Pure.

What is said stands where it is said: `phrases.py`, `orders/words.py`, `promotions/wording.py`, `shopping/saying.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Table = Mapping[str, Mapping[str, str]]
"""Name → language → phrase, with places as `{number}`; each is there in English at least."""


def in_language(words: Mapping[str, str], lang: str) -> str:
    """What is said in `lang`; in English where the language is not spoken."""
    return words.get(lang, words["en"])


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """A table that can be spoken from: `say("sent", "en", digits="6")`."""

    table: Table

    def __call__(self, name: str, lang: str, /, **values: object) -> str:
        """The phrase `name` in `lang`, English where it is not spoken, with its places filled.

        Raises:
            KeyError: There is no such phrase, or one of its places is not given.
        """
        return in_language(self.table[name], lang).format(**values)
