"""The shop's own words and rules, and its counters: `/shop`."""

from __future__ import annotations

from copy import copy
from dataclasses import asdict
from typing import Any, Literal

from django.forms import model_to_dict
from django.http import HttpRequest
from ninja import Router

from shops import services
from shops.access import Can
from shops.api.declare import operation
from shops.api.formed import checked
from shops.api.schemas_house import CounterChangeIn, CounterIn, CounterOut, RulesIn, RulesOut, ShopIn, ShopOut
from shops.forms import CounterChangeForm, CounterForm, ShopForm
from shops.limits import Limits, all_limits, change_limits, limits_of
from shops.models import Counter, Shop
from smartkirana.api.fields import Id
from smartkirana.api.problems import NotThere

router = Router(tags=["shop"])


def _shop(shop: Shop) -> dict[str, Any]:
    said = {name: getattr(shop, name) for name in ShopOut.model_fields if hasattr(shop, name)}
    return said | {"books_closed_until": shop.sealed_until}


def _given(body: Any) -> dict[str, Any]:
    """What was sent; null means: left as it is."""
    return {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}


@operation(router, "GET", "", right=Can.ENTER, answer=ShopOut)
def shop(request: HttpRequest):
    """What the shop says of itself, and how it sells."""
    return _shop(request.auth.shop)


@operation(router, "PUT", "", right=Can.RUN_SHOP, answer=ShopOut, problems={400})
def change_shop(request: HttpRequest, body: ShopIn):
    """Change what the shop says of itself; bills already given keep theirs."""
    ours = request.auth.shop
    now = model_to_dict(ours, fields=ShopForm.Meta.fields)
    services.change_shop(shop=ours, **checked(ShopForm(now | _given(body), instance=copy(ours))))
    return _shop(ours)


# --- counters ---------------------------------------------------------------------------------------------------
def _counter(ours: Shop, pk: int) -> Counter:
    found = ours.counters.filter(pk=pk).first()
    if found is None:
        raise NotThere("counter")
    return found


@operation(router, "GET", "/counters", right=Can.ENTER, answer=list[CounterOut])
def list_counters(request: HttpRequest):
    """The shop's counters by code."""
    return list(request.auth.shop.counters.all()[:200])


@operation(router, "POST", "/counters", right=Can.RUN_SHOP, answer=CounterOut, status=201, problems={400, 409})
def add_counter(request: HttpRequest, body: CounterIn):
    """A further counter, with bill numbers of its own."""
    return services.add_counter(shop=request.auth.shop, **checked(CounterForm(body.model_dump())))


@operation(router, "PUT", "/counters/{counter_id}", right=Can.RUN_SHOP, answer=CounterOut, problems={400, 404})
def change_counter(request: HttpRequest, counter_id: Id, body: CounterChangeIn):
    """Rename a counter, change its paper and printer, take it out of use or back."""
    till = _counter(request.auth.shop, counter_id)
    now = model_to_dict(till, fields=CounterChangeForm.Meta.fields)
    services.change_counter(counter=till, **checked(CounterChangeForm(now | _given(body), instance=copy(till))))
    return till


# --- what roles may do at the counter -----------------------------------------------------------------------------
def _rules(role: str, limits: Limits) -> dict[str, Any]:
    return {"role": role, **asdict(limits)}


@operation(router, "GET", "/counter-rules", right=Can.RUN_SHOP, answer=list[RulesOut])
def list_counter_rules(request: HttpRequest):
    """What each role may do at the counter without asking."""
    return [_rules(role, limits) for role, limits in all_limits(request.auth.shop).items()]


@operation(router, "PUT", "/counter-rules/{role}", right=Can.RUN_SHOP, answer=RulesOut, problems={400})
def change_counter_rules(request: HttpRequest, role: Literal["staff", "manager"], body: RulesIn):
    """Set what a role may do at the counter without asking."""
    ours = request.auth.shop
    limits = Limits(**{**asdict(limits_of(ours, role)), **body.given()})
    change_limits(shop=ours, role=role, by=request.auth.user, limits=limits)
    return _rules(role, limits)
