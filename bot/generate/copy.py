"""The built-in model: a small network that says what the passages say and copies whatever must be exact.

It comes with the package and needs no download, no key and no GPU; ONNX Runtime computes, in a thread of its own, up
to 16 drafts as one batch (`batch.py`). It speaks English only: the retrieval encoder that it is built on knows 244
Chinese characters, so another language, and passages in one, are left to `quote:`. So are prompts without passages,
those of which the search is sure (an entry that is the very answer is best in the shop's own words), questions about
nothing in particular, and drafts that are less likely right than the passage's own words (`bot.copying.trust`).
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from bot.claims import facts
from bot.copying.exported import BUILT_IN, CONFIG, OnnxNet, exported, settings_of
from bot.copying.packaged import open_reader
from bot.copying.rows import Rows
from bot.copying.steps import Speaking, Talk
from bot.copying.trust import Trust, passes_over
from bot.errors import GeneratorFailed
from bot.generate.batch import Batch, Closed
from bot.generate.handed import Handed
from bot.generate.protocol import Prompt
from bot.generate.quote import Quote, not_found, quotation, words

LANG = "en"
_GENERAL = re.compile(
    r"\b(?:tell|show|know|read|hear|learn|find out)\b[^.?!]{0,24}? about\b|\bdescri(?:be|ption)\b|"
    r"\bmore (?:info|information|details) (?:on|about|of)\b",
    re.IGNORECASE,
)
"""Asks for nothing in particular; the network learnt to answer questions, and judges that no passage answers this."""


class Copy:
    """Drafts with the built-in weights, or those of a folder; their export is kept in `cache`.

    `trust` is that of the weights where none is given.
    """

    def __init__(
        self, folder: str, *, cache: Path, timeout_s: float, threads: int = 1, trust: Trust | None = None
    ) -> None:
        self.name = f"copy:{folder}"
        self._weights = Path(folder) if folder else BUILT_IN
        self._cache, self._timeout_s, self._threads = cache, timeout_s, threads
        self._given, self._trust = trust, trust or Trust()
        self._quote = Quote()
        self._batch = Batch(self._opened)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """Yield words once the draft is whole and trusted; closing it ends the draft before its next piece.

        Silence counts from the call, as in `local.py`: waiting for a place in the batch is within the time limit.
        """
        if prompt.sure or _GENERAL.search(prompt.question) or not _readable(prompt):
            async for quoted in self._quote.stream(prompt):
                yield quoted
            return
        handed = Handed(self._timeout_s, self._failed)
        self._add(_Draft(prompt, handed, self._failed, lambda: self._trust))
        async with aclosing(handed.pieces()) as pieces:
            async for piece in pieces:
                yield piece

    async def ping(self) -> None:
        """Load the network when it is not loaded yet, waiting at most the time limit."""
        loaded: Future[None] = Future()
        self._add(loaded)
        try:
            async with asyncio.timeout(self._timeout_s):
                await asyncio.wrap_future(loaded)
        except TimeoutError:
            raise self._failed(f"no model loaded within {self._timeout_s:g} s") from None
        except Exception as error:
            raise self._failed(f"no model: {type(error).__name__}: {error}") from None

    async def aclose(self) -> None:
        """End drafts in flight and let go of the network."""
        await asyncio.to_thread(self._batch.close)

    def _opened(self) -> Speaking:
        """In the thread: the network, exported first when it is not yet."""
        self._trust = self._given or Trust.of(settings_of(self._weights), str(self._weights / CONFIG))
        return Speaking(Rows(OnnxNet(exported(self._weights, self._cache), self._threads)))

    def _add(self, job: "_Draft | Future[None]") -> None:
        try:
            self._batch.add(job)
        except Closed:
            raise self._failed("a question after it was closed") from None

    def _failed(self, got: str) -> GeneratorFailed:
        return GeneratorFailed(f"{self.name}: got {got}")


@dataclass(eq=False)
class _Draft:
    """A `batch.Job`: hands over what is to be said once the draft is whole."""

    prompt: Prompt
    handed: Handed
    failed: Callable[[str], GeneratorFailed]
    trust: Callable[[], Trust]

    @property
    def unwanted(self) -> bool:
        """As in `Job`."""
        return self.handed.stop.is_set()

    def begin(self, speaking: Speaking) -> Talk:
        """As in `Job`."""
        passages = tuple(passage for passage in self.prompt.passages if passage.lang == LANG)
        source = open_reader()[0].read(replace(self.prompt, passages=passages))
        return speaking.join(source, self.prompt.max_tokens, [passage.n for passage in passages])

    def hear(self, talk: Talk) -> None:
        """As in `Job`."""
        if talk.ended:
            for word in words(_said(self.prompt, talk, self.trust())):
                self.handed.emit(word)
            self.handed.emit(None)

    def fail(self, error: Exception) -> None:
        """As in `Job`."""
        got = "closed in the middle of a draft" if isinstance(error, Closed) else f"{type(error).__name__}: {error}"
        self.handed.emit(self.failed(got))


def _readable(prompt: Prompt) -> bool:
    """Whether the model can read the question and what the answer would rest on."""
    return prompt.lang == LANG and bool(prompt.passages) and prompt.passages[0].lang == LANG


def _said(prompt: Prompt, talk: Talk, trust: Trust) -> str:
    """The draft, the words of the passage that answers best, or that the shop's texts do not say it.

    Where no passage is judged to answer, a draft must rest on none and state nothing: it declines, or talks small.
    """
    answered = max(talk.answers, default=0.0) >= trust.answers
    fits = not passes_over(talk) if answered else not talk.copied and not facts(talk.text)
    if talk.text.strip() and fits and trust.gives(talk):
        return talk.text
    return quotation(_reordered(prompt, talk.answers)) if answered else not_found(prompt)


def _reordered(prompt: Prompt, answers: Sequence[float]) -> Prompt:
    """With the passage first that answers best; those in another language, which were not judged, last."""
    judged = iter(answers)
    chances = {passage.n: next(judged, 0.0) for passage in prompt.passages if passage.lang == LANG}
    order = sorted(prompt.passages, key=lambda passage: -chances.get(passage.n, 0.0))
    return replace(prompt, passages=tuple(order), sure=True)
