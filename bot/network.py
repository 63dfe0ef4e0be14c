"""A client's network address: what limits count as one, and how it may be kept with a conversation. Pure."""

import hashlib
import hmac
import ipaddress


def network(address: str) -> str:
    """What one customer gets: an IPv4 address, or the /64 of an IPv6 address; what is no address is hashed."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def pseudonym(address: str, secret: str) -> str:
    """The network of an address as it is kept: the same one again is known, and without the secret none is.

    An HMAC (RFC 2104), as there are few enough IPv4 addresses to try all of them at a plain hash.
    """
    said = f"network\n{network(address)}".encode("utf-8", "surrogatepass")
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()
