"""Which addresses may be told: none inside our own network, whatever its name is made to point at.

Outside a local installation only https, and only addresses on the open internet; a name is looked up and checked anew at every
connection, and the connection goes to the very address that was checked, so that a name cannot change in between.
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from shops.errors import ShopError

LONGEST_URL = 500
# Inside these an IPv4 address of our own network can be hidden.
HIDES_OTHERS = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")]


class BadAddress(OSError):
    """The name leads to no address on the open internet."""


def checked_url(text: str) -> str:
    """The address as it is kept. Raises ShopError "bad_url", "needs_https", "private_address"."""
    url = text.strip()
    parts = _parts(url)
    if parts is None or len(url) > LONGEST_URL or not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise ShopError("bad_url", _("Give the whole address, such as https://example.in/smartkirana."), "url")
    if parts.username is not None or parts.fragment:
        raise ShopError("bad_url", _("Leave out names, passwords and # from the address."), "url")
    if parts.scheme != "https" and not settings.LOCAL:
        raise ShopError("needs_https", _("The address must begin with https://."), "url")
    try:
        addresses_of(parts.hostname or "", parts.port or 443)
    except BadAddress:
        words = _("This address is not on the open internet, or its name is not known. Give one that anybody can reach.")
        raise ShopError("private_address", words, "url") from None
    return url


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0  # a port that is none raises
    except ValueError:
        return None
    return parts if good else None


def addresses_of(host: str, port: int) -> list[tuple]:
    """What `socket.getaddrinfo` says of a name, when all of it is on the open internet. Raises BadAddress.

    A local installation may be told anything but a name that is not known.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadAddress("The name is not known.") from None
    if not settings.LOCAL and not all(is_open(one[4][0]) for one in found):
        raise BadAddress("The address is not on the open internet.")
    if not found:
        raise BadAddress("The name is not known.")
    return found


def is_open(address: str | int) -> bool:
    """True for an address on the open internet."""
    ip = ipaddress.ip_address(str(address).partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_open(str(ip.ipv4_mapped))
        if any(ip in net for net in HIDES_OTHERS):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def connect(address: tuple[str, int], timeout: float, source: object = None) -> socket.socket:
    """For `http.client`: a connection to the first of the checked addresses that answers. Raises OSError."""
    problem: OSError = BadAddress("The name is not known.")
    for family, kind, protocol, _name, place in addresses_of(*address):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(timeout)
            sock.connect(place)
        except OSError as error:
            sock.close()
            problem = error
        else:
            return sock
    raise problem
