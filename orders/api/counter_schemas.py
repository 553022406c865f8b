"""What goes in and out of the operations of the counter: codes, names, its log."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import Field

from smartkirana.api.fields import Day, Id, Moment, Quantity, Rupees, RupeesIn, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape


class CodeFilter(Shape):
    code: Text = Field(min_length=1, max_length=100, description="A barcode, a label of the shop's scales, or a PLU of 1 to 5 digits.")
    price_list_id: Id | None = None


class PriceOut(Shape):
    """One way to sell what the code stands for: one for each MRP in stock, the first-expiring first."""

    product_id: int
    product_name: str
    local_name: str
    unit: str
    mrp: Rupees | None
    price: Rupees = Field(description="Rupees a unit, GST in it.")
    quantity: Quantity | None = Field(description="What one scan stands for; null while it is still to be weighed.")
    amount: Rupees = Field(description="What it comes to.")
    in_stock: Quantity
    batch: str
    expiry: date | None
    expired: date | None = Field(description="Since when another batch that is in stock is past its date.")


class NameFilter(Shape):
    q: Text = Field(max_length=80, description="At least two letters of the name.", examples=["par"])


class FoundOut(Shape):
    product_id: int
    product_name: str
    local_name: str
    sku: str
    unit: str
    mrp: Rupees | None
    price: Rupees


class LogFilter(Paging):
    start: Day | None = Field(None, alias="from", description="Left out: today.")
    end: Day | None = Field(None, alias="to")
    counter_id: Id | None = None
    person_id: Id | None = None
    kind: Text = Field("", max_length=20, examples=["line_removed"])


class LogRowOut(Shape):
    id: int
    kind: str
    words: str = Field(examples=["Line removed"])
    by: str
    signed_in: str = Field(description="Whose sign-in the device had.")
    counter: str
    amount: Rupees | None
    reason: str
    details: dict[str, str]
    at: Moment


class UpiFilter(Shape):
    amount: RupeesIn = Field(examples=["105.00"])
    key: UUID | None = Field(None, description="The request key of the bill, for finding the payment on the bank's side.")


class UpiOut(Shape):
    link: str = Field(examples=["upi://pay?pa=shop@okbank&am=105.00&cu=INR"])
    amount: Rupees
    upi_id: str
