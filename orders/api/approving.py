"""Somebody's approval of what the caller may not do alone, proven by their counter PIN."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field

from orders.approvals import NOTHING, Ask, Cover, approve, approved
from orders.errors import OrderError
from orders.till_log import record
from orders.till_models import TillEvent
from shops.api.caller import Caller
from shops.models import Counter, Membership
from shops.pins import WrongPin
from shops.selectors import people_with_pin
from smartkirana.api.fields import Id, PercentIn, RupeesIn, Secret, Text
from smartkirana.api.shapes import Shape

OURS = UUID("2f3d4c1e-52f0-4bb2-9a56-8d1d7a0c9e11")  # the space of names in which an approval's id is made of the request's key


class ApproverIn(Shape):
    """Who lets pass what the caller may not do alone."""

    person_id: Id = Field(description="Of /people: somebody with a PIN, whose own limits cover it.")
    pin: Secret = Field(max_length=12, description="Their counter PIN.", examples=["482913"])
    reason: Text = Field(max_length=200, examples=["Regular customer"])


class SaleApprovalIn(ApproverIn):
    percent: PercentIn = Field(Decimal(0), description="The highest discount by hand on a line or the order.")
    rate: bool = Field(False, description="Prices other than the shop's.")
    khata_up_to: RupeesIn | None = Field(None, description="Rupees that the khata may reach.")


class ReturnApprovalIn(ApproverIn):
    take_back: RupeesIn = Field(description="Goods worth up to so many rupees.", examples=["105.00"])
    unpaid: bool = Field(False, description="More money than was paid.")


def let_sell(caller: Caller, counter: Counter, given: SaleApprovalIn | None, request_key: UUID) -> Cover:
    """What the approval lets pass for an order; nothing without one. Raises as orders.approvals.approve()."""
    if given is None:
        return NOTHING
    what = {"percent": given.percent, "rate": given.rate, "khata_up_to": given.khata_up_to}
    return approved(caller.shop, request_key, [_approve(caller, counter, given, request_key, what)])


def let_take_back(caller: Caller, counter: Counter, given: ReturnApprovalIn | None, request_key: UUID) -> Ask | None:
    """What the approval lets pass for a return; None without one. Raises as orders.approvals.approve()."""
    if given is None:
        return None
    what = {"take_back": given.take_back, "unpaid": given.unpaid}
    _approve(caller, counter, given, request_key, what)
    return Ask(**what)


def _approve(caller: Caller, counter: Counter, given: ApproverIn, request_key: UUID, what: dict[str, Any]) -> UUID:
    place = people_with_pin(caller.shop).filter(pk=given.person_id).first()
    if place is None:
        raise OrderError("bad_approver", "Choose somebody of /people who has a PIN.", "approval.person_id")
    place.shop = caller.shop
    try:
        made = approve(
            shop=caller.shop, counter=counter, request_key=request_key, asked_by=caller.user, approver=place, pin=given.pin,
            reason=given.reason, client_id=uuid5(OURS, str(request_key)), **what,
        )  # fmt: skip
    except WrongPin as wrong:
        _log(caller, counter, place, wrong, request_key)
        raise
    return made.public_id


def _log(caller: Caller, counter: Counter, place: Membership, wrong: WrongPin, request_key: UUID) -> None:
    """A wrong PIN goes into the counter's log before it is told."""
    kind = TillEvent.Kind.PIN_WRONG if wrong.left else TillEvent.Kind.PIN_LOCKED
    record(
        shop=caller.shop, kind=kind, by=caller.user, signed_in=caller.user, counter=counter, request_key=request_key,
        details={"person": str(place.user)[:80]},
    )  # fmt: skip
