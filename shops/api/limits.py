"""How often one caller may call."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from shops.api.caller import Caller
from shops.rates import count_try
from smartkirana.api.problems import ApiProblem
from smartkirana.limits import household

MINUTE = 60


def address_of(request: HttpRequest) -> str:
    """The caller's address on the internet, as far as the trusted proxies tell it; of one home for IPv6."""
    return household(get_adapter().get_client_ip(request))


def count_call(request: HttpRequest, caller: Caller | None) -> None:
    """Count this call. Raises ApiProblem 429 with the seconds to wait when there were too many within a minute."""
    if caller is None:
        insist(f"api:{address_of(request)}", most=settings.API_STRANGERS_PER_MINUTE)
    else:
        insist(f"api:{caller.label}", most=settings.API_PER_MINUTE)


def insist(key: str, *, most: int, per: int = MINUTE) -> None:
    """Count a try under `key`. Raises ApiProblem 429 when it is more than `most` in `per` seconds."""
    if wait := count_try(key, per, most):
        raise ApiProblem(429, "too_many", f"Too many tries. Wait {wait} seconds, then try again.", wait=wait)
