"""Signed tokens: the shopper's own, and the identity that a shop vouches for.

Both are HS256 JSON Web Tokens (RFC 7519), made and read with PyJWT. A shopper's token names one conversation and is
good for nothing else; an identity is signed by the shop's server with the secret that it shares with Aisle, so that a
browser cannot invent one. Pure: the time is an argument, in seconds since 1970.
"""

from dataclasses import dataclass
from typing import Any

import jwt
from jwt.types import Options

from bot.errors import BadToken

SHOPPER = "aisle:shopper"
IDENTITY = "aisle:identity"
LEEWAY_S = 60
MAX_IDENTITY_AGE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the shop says the shopper is. `user` is the shop's own id; the rest may be empty."""

    user: str
    email: str = ""
    name: str = ""


def issue(conversation: str, secret: str, now_s: float) -> str:
    """A token that resumes `conversation`."""
    return jwt.encode({"aud": SHOPPER, "sub": conversation, "iat": int(now_s)}, secret, algorithm="HS256")


def read(token: str, secret: str, now_s: float, ttl_s: int) -> str:
    """The conversation that `token` resumes.

    Raises:
        BadToken: Forged, malformed, for another purpose, from the future, or issued more than `ttl_s` ago.
    """
    claims = _verified(token, secret, SHOPPER)
    _fresh(claims, now_s, ttl_s)
    return str(claims["sub"])


def identify(token: str, secret: str, now_s: float) -> Identity:
    """The identity that a shop signed: claims `sub` (its user id), `iat` or `exp`, optionally `email` and `name`.

    Raises:
        BadToken: No secret is set here, the signature is wrong, or the token is older than a day or past its `exp`.
    """
    if not secret:
        raise BadToken("got an identity, but AISLE_IDENTITY_SECRET is not set")
    claims = _verified(token, secret, None)
    if "exp" in claims and now_s > float(claims["exp"]) + LEEWAY_S:
        raise BadToken("got an identity past its exp")
    if "exp" not in claims:
        _fresh(claims, now_s, MAX_IDENTITY_AGE_S)
    return Identity(str(claims["sub"]), str(claims.get("email", "")), str(claims.get("name", "")))


def _verified(token: str, secret: str, audience: str | None) -> dict[str, Any]:
    # Times are checked by the caller against its own clock, so PyJWT's checks (against the system's) are off.
    options: Options = {
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
        "verify_aud": bool(audience),
        "require": ["sub"],
    }
    try:
        claims = jwt.decode(token, secret, algorithms=["HS256"], audience=audience, options=options)
    except (jwt.InvalidTokenError, ValueError) as error:
        raise BadToken(f"got a token that does not verify ({error})") from None
    if any(not isinstance(claims.get(name, 0), int | float) for name in ("iat", "exp")):
        raise BadToken("got a token whose iat or exp is no number")
    return dict(claims)


def _fresh(claims: dict[str, Any], now_s: float, ttl_s: int) -> None:
    issued_s = claims.get("iat")
    if issued_s is None or issued_s > now_s + LEEWAY_S:
        raise BadToken("got a token without iat, or from the future")
    if now_s > issued_s + ttl_s:
        raise BadToken(f"got a token older than {ttl_s} s")
