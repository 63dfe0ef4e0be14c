"""Signed tokens: made, read, and refused when forged, old, or meant for something else."""

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import tokens
from bot.errors import BadToken

SECRET = "s" * 40
NOW_S = 1_800_000_000.0
DAY_S = 86_400


def test_a_token_opens_its_own_conversation() -> None:
    """What was issued for a conversation is read as that conversation."""
    assert tokens.read(tokens.issue("c1", SECRET, NOW_S), SECRET, NOW_S + 5, DAY_S) == "c1"


def _unsigned(claims: dict[str, object]) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."


@pytest.mark.parametrize(
    "token",
    [
        tokens.issue("c1", "x" * 40, NOW_S),
        _unsigned({"aud": tokens.SHOPPER, "sub": "c1", "iat": NOW_S}),
        jwt.encode({"sub": "c1", "iat": NOW_S}, SECRET),
        jwt.encode({"aud": tokens.IDENTITY, "sub": "c1", "iat": NOW_S}, SECRET),
        jwt.encode({"aud": tokens.SHOPPER, "iat": NOW_S}, SECRET),
        jwt.encode({"aud": tokens.SHOPPER, "sub": "c1"}, SECRET),
        jwt.encode({"aud": tokens.SHOPPER, "sub": "c1", "iat": NOW_S + 3600}, SECRET),
        tokens.issue("c1", SECRET, NOW_S - DAY_S - 1),
        "",
        "a.b.c",
    ],
    ids=["other secret", "alg none", "no aud", "other aud", "no sub", "no iat", "future", "old", "empty", "junk"],
)
def test_tokens_that_are_not_good_are_refused(token: str) -> None:
    """Forged, unsigned, foreign, future and expired tokens open nothing."""
    with pytest.raises(BadToken):
        tokens.read(token, SECRET, NOW_S, DAY_S)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the reader fail in any other way than BadToken."""
    with pytest.raises(BadToken):
        tokens.read(text, SECRET, NOW_S, DAY_S)


def test_one_changed_character_breaks_a_token() -> None:
    """Any change to a token's claims or signature is found."""
    good = tokens.issue("c1", SECRET, NOW_S)
    for at in range(0, len(good) - 1, 7):
        changed = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :]
        with pytest.raises(BadToken):
            tokens.read(changed, SECRET, NOW_S, DAY_S)


def test_an_identity_signed_by_the_shop_is_believed() -> None:
    """The shop's user id, e-mail and name come through."""
    token = jwt.encode({"sub": "u1", "email": "a@b.example", "name": "Ann", "iat": NOW_S}, SECRET)
    assert tokens.identify(token, SECRET, NOW_S) == tokens.Identity("u1", "a@b.example", "Ann")


@pytest.mark.parametrize(
    ("claims", "secret"),
    [
        ({"sub": "u1", "iat": NOW_S - DAY_S - 1}, SECRET),
        ({"sub": "u1", "exp": NOW_S - 61}, SECRET),
        ({"sub": "u1"}, SECRET),
        ({"sub": "u1", "exp": "soon"}, SECRET),
        ({"sub": "u1", "iat": NOW_S}, ""),
    ],
    ids=["old", "past exp", "undated", "exp no number", "no secret here"],
)
def test_an_identity_that_is_stale_or_cannot_be_checked_is_refused(claims: dict[str, object], secret: str) -> None:
    """Old, undated or uncheckable identities are nobody's."""
    with pytest.raises(BadToken):
        tokens.identify(jwt.encode(claims, SECRET), secret, NOW_S)


def test_an_expiry_that_is_set_may_be_later_than_a_day() -> None:
    """The shop decides how long its identity lasts when it says so."""
    token = jwt.encode({"sub": "u1", "iat": NOW_S - 2 * DAY_S, "exp": NOW_S + 5}, SECRET)
    assert tokens.identify(token, SECRET, NOW_S).user == "u1"
