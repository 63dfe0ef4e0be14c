"""How a request to the shop is signed, so that its server can tell that Aisle sent it, and when. Pure.

    Aisle-Timestamp: 1795132800
    Aisle-Signature: v1=<HMAC-SHA256 of "1795132800." + body, with AISLE_ORDERS_SECRET, in hex>

A shop in Python may call `verify` as it stands.
"""

import hashlib
import hmac
from collections.abc import Mapping

from bot.errors import BadToken

TIMESTAMP, SIGNATURE, IDEMPOTENCY = "Aisle-Timestamp", "Aisle-Signature", "Idempotency-Key"
OLDEST_S = 300


def sign(body: bytes, secret: str, now_s: float) -> dict[str, str]:
    """The headers that prove `body`."""
    stamp = str(int(now_s))
    return {TIMESTAMP: stamp, SIGNATURE: f"v1={_digest(body, secret, stamp)}"}


def verify(body: bytes, headers: Mapping[str, str], secret: str, now_s: float) -> None:
    """Check a request's headers; names count in any case.

    Raises:
        BadToken: The signature is missing or another, or it was made more than five minutes ago or ahead.
    """
    given = {name.lower(): value for name, value in headers.items()}
    stamp, signature = given.get(TIMESTAMP.lower(), ""), given.get(SIGNATURE.lower(), "")
    if not hmac.compare_digest(signature.encode(), f"v1={_digest(body, secret, stamp)}".encode()):
        raise BadToken("got a request whose signature is not ours")
    if not stamp.isdigit() or abs(now_s - int(stamp)) > OLDEST_S:
        raise BadToken(f"got a request signed more than {OLDEST_S} s away from now")


def _digest(body: bytes, secret: str, stamp: str) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
