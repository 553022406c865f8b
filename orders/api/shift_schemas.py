"""What goes in and out of the operations on shifts and drawers."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from orders.api.payment_schemas import PaymentOut
from orders.shifts import MOST_PIECES
from smartkirana.api.fields import Id, Moment, Rupees, RupeesIn, Text
from smartkirana.api.shapes import Shape

Worth = Literal["2000", "500", "200", "100", "50", "20", "10", "5", "2", "1"]
Takes = Literal["milk", "tea", "supplier", "owner_took", "to_safe", "to_bank", "other_out"]
Puts = Literal["from_safe", "from_bank", "owner_gave", "other_in"]


class DrawerCountIn(Shape):
    """What lies in the drawer: how many of each note and coin, or only the sum."""

    notes: dict[Worth, Annotated[int, Field(ge=0, le=MOST_PIECES)]] | None = Field(None, examples=[{"500": 3, "10": 7}])
    amount: RupeesIn | None = Field(None, examples=["1570.00"])


class OpenShiftIn(DrawerCountIn):
    counter_id: Id
    from_safe: RupeesIn | None = Field(None, description="Rupees of it that just came from the safe or home.")
    reason: Text = Field("", max_length=200, description="Why it differs from what was left; needed from ₹10 on.")


class EndShiftIn(Shape):
    """The end of a shift, with what was just counted."""

    counted: Annotated[str, StringConstraints(max_length=2000)] = Field("", description="`counted` as the count answered it.")
    uncounted: bool = Field(False, description="End it without a count, for who closes the day.")
    to_safe: RupeesIn | None = Field(None, description="Rupees that go into the safe, or home.")
    reason: Text = Field("", max_length=200, description="Why it differs; needed from ₹10 on.")


class CashMoveIn(Shape):
    """Cash put into the drawer or taken out."""

    reason: Takes | Puts
    amount: RupeesIn
    words: Text = Field("", max_length=200, description="What it was for; needed for other_in and other_out.")
    supplier_id: Id | None = Field(None, description="Who is paid, for `supplier`.")


class CashMoveOut(Shape):
    id: int
    reason: str
    amount: Rupees = Field(description="Put in (+) or taken out (−).")
    words: str
    day: date
    by: str
    at: Moment


class ShiftRowOut(Shape):
    id: int
    counter_id: int
    counter: str
    cashier_id: int
    cashier: str
    opened_at: Moment
    closed_at: Moment | None
    counted: Rupees | None = Field(description="At its end; null while it is open and when nobody counted.")
    difference: Rupees | None = Field(description="Over (+) or short (−) at its end.")


class DrawerOut(Shape):
    counter_id: int
    counter: str
    code: str
    needs_shift: bool
    shift: ShiftRowOut | None = Field(description="The shift that is open at it.")


class TakenOut(Shape):
    method: str = Field(examples=["cash"])
    count: int
    amount: Rupees


class ShiftOut(ShiftRowOut):
    """A shift. What the drawer should hold is told only once it is over: counting is blind."""

    began_with: Rupees
    opening_difference: Rupees
    moves: list[CashMoveOut]
    moved: Rupees = Field(description="Put in less taken out.")
    cash_sold: Rupees | None
    expected: Rupees | None
    to_safe: Rupees | None
    stays: Rupees | None = Field(description="What the next shift finds.")
    taken: list[TakenOut] = Field(description="What was taken by way of paying; while it is open for who closes the day alone.")
    claims: list[PaymentOut] = Field(description="What was claimed in it and nobody has seen; the newest 50.")


class CountedOut(Shape):
    counted: str = Field(description="To be sent with the end of the shift.")
    amount: Rupees
    expected: Rupees
    difference: Rupees
    needs_reason: bool
