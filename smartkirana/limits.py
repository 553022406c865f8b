"""How often an address may ask for a page that needs no sign-in. Counted in the cache, so all workers count together."""

from __future__ import annotations

import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

IPV6_HOME = 64  # the part of an address that one household has


def within(request: HttpRequest, what: str, *, most: int, seconds: int = 60) -> bool:
    """True for the first `most` requests for `what` from one address in each span of `seconds`."""
    span = int(time.time()) // seconds
    key = f"limit:{what}:{household(get_adapter().get_client_ip(request))}:{span}"
    if cache.add(key, 1, timeout=2 * seconds):
        return True
    try:
        return cache.incr(key) <= most
    except ValueError:  # thrown away meanwhile: the span is over, or the cache is full
        return True


def household(address: str) -> str:
    """The address that is counted: of IPv6 the part that one household has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:60]
    return str(ipaddress.ip_network(f"{ip}/{IPV6_HOME}", strict=False)) if ip.version == 6 else str(ip)
