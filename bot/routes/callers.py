"""Where a call comes from: its address, whether over TLS, and whether a page of ours made it."""

from collections.abc import Container
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from bot.errors import BadOrigin

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def client_address(connection: HTTPConnection, trusted_proxies: Container[str]) -> str:
    """The client's address; a forwarded one only from a proxy that the settings trust."""
    direct = connection.client.host if connection.client else "unknown"
    forwarded = connection.headers.get("x-forwarded-for", "")
    if direct in trusted_proxies and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return direct


def is_https(connection: HTTPConnection, trusted_proxies: Container[str]) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy that the settings trust."""
    direct = connection.client.host if connection.client else "unknown"
    forwarded = connection.headers.get("x-forwarded-proto", "")
    if direct in trusted_proxies and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip() == "https"
    return connection.url.scheme in ("https", "wss")


def check_same_site(connection: HTTPConnection) -> None:
    """Refuse a change that another site's page makes the browser ask for.

    Browsers say where a request comes from in `Sec-Fetch-Site`, which no page can change; those that do not, as over
    plain HTTP, say at least `Origin`. A program says neither, and has no cookie that could be misused.

    Raises:
        BadOrigin: It comes from elsewhere.
    """
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise BadOrigin(f"got a call from a {site[:40]} page, wanted one of this server's own pages")
    elif "origin" in connection.headers:
        check_own_origin(connection)


def check_own_origin(connection: HTTPConnection) -> None:
    """Refuse a call without `Origin`, or with that of another host than the one it is made to.

    Raises:
        BadOrigin: It comes from elsewhere, or does not say.
    """
    origin = connection.headers.get("origin", "")
    try:
        parts = urlsplit(origin)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != connection.headers.get("host", "").lower():
        raise BadOrigin(f"got origin {origin[:200]!r}, wanted this server's own")
