"""What waits to leave through a websocket: bounded, so that a slow reader is dropped and holds up nobody."""

import asyncio
from contextlib import suppress

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from bot.settings import Settings

DRAIN_S = 0.5


class Closed(Exception):
    """The connection ends, with this close code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Outbox:
    """Frames for one socket, as JSON text, in order."""

    def __init__(self, socket: WebSocket, settings: Settings) -> None:
        self._socket, self._timeout_s = socket, settings.send_timeout_s
        self._waiting: asyncio.Queue[str] = asyncio.Queue(settings.send_queue)

    def put(self, text: str) -> None:
        """Queue a frame.

        Raises:
            Closed: The reader is too slow: the outbox is full.
        """
        try:
            self._waiting.put_nowait(text)
        except asyncio.QueueFull:
            raise Closed(4413, f"{self._waiting.maxsize} frames are waiting for a slow reader") from None

    async def run(self) -> None:
        """Send for ever.

        Raises:
            Closed: A frame could not be sent in time.
        """
        while True:
            text = await self._waiting.get()
            try:
                async with asyncio.timeout(self._timeout_s):
                    await self._socket.send_text(text)
            except TimeoutError:
                raise Closed(4413, "a frame could not be sent in time") from None
            self._waiting.task_done()

    async def drain_and_close(self, closed: Closed) -> None:
        """Give what is queued a moment to leave, then close."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                await self._waiting.join()
        if self._socket.application_state is WebSocketState.CONNECTED:
            with suppress(RuntimeError, WebSocketDisconnect):
                await self._socket.close(closed.code, closed.reason[:120])
