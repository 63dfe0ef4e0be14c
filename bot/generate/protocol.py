"""What every generator is: a prompt of numbered passages in, a streamed draft out.

A generator knows nothing of sockets, transcripts or the check of its draft (`bot.ground`). It cites passage *n* by
writing `[n]` right after what it took from it and never writes a link of its own.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Numbered:
    """A passage as a generator sees it. `n` counts from 1, best first."""

    n: int
    id: str
    kind: str
    title: str
    text: str
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier message; oldest first in a prompt."""

    author: Literal["shopper", "bot", "staff"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything that a draft may rest on.

    Attributes:
        question: The shopper's message, or the stand-alone query made of it.
        lang: Language to answer in, `en` or `zh`.
        passages: May be empty; then the draft says that the shop's texts do not answer.
        tone: The shop's tone of voice.
        sure: The first passage is likely the very answer, not just near: no other is to be put before it.
        both: The question is two, and the first two passages are likely the very answers to them.
        max_tokens: Where a draft is cut at the latest, in the generator's own tokens.
        gloss: The question's words in the language of passages that are in another one; to choose by, not to say.
        labels: A label as it stands in such passages, as `Weight` → the same in `lang`.
    """

    question: str
    lang: str
    shop: str
    passages: tuple[Numbered, ...]
    history: tuple[Said, ...] = ()
    tone: Literal["friendly", "formal"] = "friendly"
    sure: bool = False
    both: bool = False
    max_tokens: int = 256
    gloss: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


class Generator(Protocol):
    """Drafts an answer."""

    name: str

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Yield the draft in pieces of any size; their concatenation is the draft.

        Closing the iterator (or cancelling the task that reads it) ends the work within one piece.

        Raises:
            GeneratorFailed: Down, refusing, broken in the middle, or silent for longer than its time limit.
        """
        ...

    async def ping(self) -> None:
        """Return when the generator could answer now.

        Raises:
            GeneratorFailed: It could not.
        """
        ...

    async def aclose(self) -> None:
        """Free what it holds. May be called twice."""
        ...
