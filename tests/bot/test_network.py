"""Network addresses: what counts as one, and that none can be read off what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.network import network, pseudonym


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("unknown", "unknown", True),
        ("unknown", "testclient", False),
    ],
)
def test_a_customers_addresses_are_one_network(one: str, other: str, same: bool) -> None:
    """An IPv4 address however it is written, and the /64 of an IPv6 address; the pseudonym says the same."""
    assert (network(one) == network(other)) is same
    assert (pseudonym(one, "k") == pseudonym(other, "k")) is same


@given(st.ip_addresses() | st.text(), st.text(max_size=9))
def test_a_pseudonym_is_a_hash_of_one_length(address: object, secret: str) -> None:
    """Whatever a proxy passed on: 64 hexadecimal digits, which another secret makes otherwise."""
    kept = pseudonym(str(address), secret)
    assert len(kept) == 64
    assert set(kept) <= set("0123456789abcdef")
    assert kept != pseudonym(str(address), secret + "x")
