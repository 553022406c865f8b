"""What the operations on purchase orders take and answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from smartkirana.api.fields import CostIn, Day, Id, Moment, Quantity, QuantityIn, Rupees, Text, UnitCost
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

MOST_LINES = 500
Status = Literal["draft", "sent", "part", "received", "closed", "cancelled"]


class OrdersAsked(Paging):
    q: Text | None = Field(None, max_length=80, description="Part of the number or of the supplier's name.")
    status: Literal["", "open", "draft", "sent", "part", "received", "closed", "cancelled"] = Field(
        "", description="open: all that wait for something."
    )
    supplier_id: Id | None = None


class OrderLineIn(Shape):
    product_id: Id
    packs: QuantityIn = Field(examples=["4"])
    pack_size: QuantityIn = Field(Decimal(1), description="Pieces in a pack.")
    cost: CostIn | None = Field(None, description="Rupees that a pack is expected to cost without tax.")


class PurchaseOrderIn(Shape):
    supplier_id: Id
    lines: list[OrderLineIn] = Field(min_length=1, max_length=MOST_LINES)
    expected: Day | None = Field(None, description="The day it shall come.")
    note: Text = Field("", max_length=200)


class PurchaseOrderChange(Shape):
    """The lines, note and day of a draft anew."""

    lines: list[OrderLineIn] = Field(min_length=1, max_length=MOST_LINES)
    expected: Day | None = None
    note: Text = Field("", max_length=200)
    revision: int | None = Field(None, ge=0, le=2**31 - 1, description="That was read: a draft changed since is not written over.")


class EndOrderIn(Shape):
    reason: Text = Field("", max_length=200, examples=["They no longer stock it"])


class PurchaseOrderRowOut(Shape):
    id: int
    number: str = Field(examples=["PO/26-27/0001"])
    supplier_id: int
    supplier_name: str
    status: Status
    expected: date | None
    written_at: Moment
    goods: int = Field(description="Lines.")
    goods_received: int = Field(description="Lines of which all came.")
    worth: Rupees = Field(description="Expected without tax, of the lines with a price.")


class OrderLineOut(Shape):
    product_id: int
    name: str
    packs: Quantity
    pack_size: Quantity
    quantity: Quantity
    cost: UnitCost | None
    received: Quantity
    missing: Quantity


class OrderBillOut(Shape):
    purchase_id: int
    bill_number: str
    received_on: date
    total: Rupees


class UnaskedOut(Shape):
    name: str
    unit: str
    came: Quantity


class PurchaseOrderOut(PurchaseOrderRowOut):
    note: str
    reason: str
    revision: int
    by_user_id: int
    sent_at: Moment | None
    closed_at: Moment | None
    lines: list[OrderLineOut]
    purchases: list[OrderBillOut]
    unasked: list[UnaskedOut] = Field(description="Goods that came with its bills and do not stand on it.")
