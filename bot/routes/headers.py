"""Headers that keep pages from doing what they should not; plain ASGI, so that sockets pass untouched."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

POLICY = b"default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)


class SecurityHeaders:
    """Adds `HEADERS` to every response; the widget's files may also be loaded by other pages (CORS)."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers added to the start of an HTTP response."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        extra = list(HEADERS)
        if scope["path"].startswith("/web/"):
            extra.append((b"access-control-allow-origin", b"*"))
            extra.append((b"cache-control", b"no-cache"))

        async def send_with_headers(event: MutableMapping[str, Any]) -> None:
            if event["type"] == "http.response.start":
                event["headers"] = [*event.get("headers", []), *extra]
            await send(event)

        await self._app(scope, receive, send_with_headers)
