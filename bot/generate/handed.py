"""A draft's way from the thread that makes it to the reader on the event loop; what a draft is, is not known here."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

from bot.errors import GeneratorFailed


class Handed:
    """One draft's pieces. Made on the loop that reads them; `emit` may be called from any thread.

    Attributes:
        stop: Set once nobody reads any more.
    """

    def __init__(self, timeout_s: float, failed: Callable[[str], GeneratorFailed]) -> None:
        self.stop = threading.Event()
        self._timeout_s, self._failed = timeout_s, failed
        self._loop = asyncio.get_running_loop()
        self._said: asyncio.Queue[str | GeneratorFailed | None] = asyncio.Queue()

    def emit(self, piece: str | GeneratorFailed | None) -> None:
        """Hand over a piece; None at the end, an error where the draft breaks off."""
        with suppress(RuntimeError):  # the loop is gone: nobody is there to hear it
            self._loop.call_soon_threadsafe(self._said.put_nowait, piece)

    async def pieces(self) -> AsyncGenerator[str, None]:
        """Yield the pieces as they come, until the end; closing it sets `stop`.

        Raises:
            GeneratorFailed: What was handed over as an error, or silence for longer than the time limit.
        """
        try:
            while (piece := await self._heard()) is not None:
                yield piece
        finally:
            self.stop.set()

    async def _heard(self) -> str | None:
        """The next piece, or None at the end."""
        try:
            async with asyncio.timeout(self._timeout_s):
                piece = await self._said.get()
        except TimeoutError:
            raise self._failed(f"silence for {self._timeout_s:g} s") from None
        if isinstance(piece, GeneratorFailed):
            raise piece
        return piece
