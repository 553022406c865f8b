"""Who may call an operation. Every operation of the API names its right here, as every page does in shops/access.py."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.security import HttpBearer

from shops.access import Can
from shops.api.caller import CUSTOMER, Caller
from shops.api.keys import KEY_MARK, caller_with_key
from shops.api.limits import count_call
from shops.api.tokens import caller_of
from smartkirana.api.problems import ApiProblem


class Bearer(HttpBearer):
    """`Authorization: Bearer <access token or API key>`.

    right      what the role must carry; None: anybody who is signed in
    customers  True where customers may call too, for what is theirs
    people     True where a program's key is not enough
    """

    def __init__(self, right: Can | None, *, customers: bool = False, people: bool = False) -> None:
        super().__init__()
        self.right, self.customers, self.people = right, customers, people

    def __call__(self, request: HttpRequest) -> Caller:
        caller = super().__call__(request) or self._by_query(request)
        if not isinstance(caller, Caller):
            count_call(request, None)
            raise ApiProblem(401, "not_signed_in", "Sign in first: the token is missing, too old, or its device was signed out.")
        count_call(request, caller)
        self._may(request, caller)
        return caller

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        return caller_with_key(token) if token.startswith(KEY_MARK) else caller_of(token)

    def _by_query(self, request: HttpRequest) -> Caller | None:
        token = request.GET.get("token", "") if settings.API_QUERY_TOKEN else ""
        return caller_of(token) if token else None

    def _may(self, request: HttpRequest, caller: Caller) -> None:
        asked = request.GET.get("shop_id")
        if asked is not None and asked != str(caller.shop.pk):
            raise ApiProblem(403, "other_shop", "Your token is for another shop. Sign in to that shop first.")
        if self.people and not caller.session:
            raise ApiProblem(403, "people_only", "Keys of programs may not do this. Sign in as a person.")
        if caller.role == CUSTOMER and not self.customers:
            raise ApiProblem(403, "not_allowed", "This is for the people who work in the shop.")
        if caller.role != CUSTOMER and self.right is not None and self.right not in caller.can:
            raise ApiProblem(403, "not_allowed", f"Your role in {caller.shop} may not {self.right}.")
