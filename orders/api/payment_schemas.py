"""What goes in and out of the operations on payments that wait to be seen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from smartkirana.api.fields import Day, Id, Moment, Rupees, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

How = Literal["cashier", "soundbox", "owner", "statement"]
Waiting = Literal["upi", "card", "bank_transfer"]


class ClaimFilter(Paging):
    q: Text = Field("", max_length=80, description="A part of the reference, the bill's number, or the very amount.")
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")
    counter_id: Id | None = None
    method: Waiting | None = None
    late: bool = Field(False, description="Only what is not seen after 3 days.")


class SaidOut(Shape):
    kind: Literal["seen", "failed", "claimed"]
    how: How
    note: str
    by: str
    at: Moment


class PaymentOut(Shape):
    id: int
    method: Literal["cash", "upi", "card", "bank_transfer", "credit", "credit_note"]
    amount: Rupees = Field(description="Below zero: given back.")
    state: Literal["claimed", "seen", "failed"]
    reference: str
    mark: Literal["", "shown", "claimed", "seen"] = Field(description="What the cashier marked.")
    at: Moment
    order_id: int | None
    invoice_number: str | None
    khata_customer_id: int | None = Field(description="Whose khata it was paid for, when it is of no order.")
    counter_id: int | None
    said: list[SaidOut] = Field(description="What was said of it, the oldest first.")


class ClaimSumOut(Shape):
    method: str = Field(examples=["UPI"])
    count: int
    amount: Rupees


class ClaimSumsOut(Shape):
    count: int
    amount: Rupees
    ways: list[ClaimSumOut]
    more: bool = Field(description="There are more than were added up.")


class SeenIn(Shape):
    how: How | None = Field(None, description="Where it was seen. Left out: for owners the bank's app, for others the counter.")


class NeverCameIn(SeenIn):
    reason: Text = Field(max_length=200, description="How it is known.", examples=["Not in the bank's app after two days"])
