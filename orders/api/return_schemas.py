"""What goes in and out of the operations on goods that come back."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from orders.api.approving import ReturnApprovalIn
from orders.bill import MOST_LINES
from smartkirana.api.fields import ChangeIn, Day, Id, Moment, Percent, Quantity, QuantityIn, Rupees, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

Where = Literal["shelf", "damaged", "supplier"]


class BackIn(Shape):
    item_id: Id = Field(description="The id of an item of the order.", examples=[41])
    quantity: QuantityIn
    where: Where = Field("shelf", description="Where it goes: back to the shelf, thrown away, or to the supplier.")


class NewGoodsIn(Shape):
    product_id: Id = Field(examples=[17])
    quantity: QuantityIn = Field(description="In the product's unit.")


class ExchangeIn(Shape):
    """New goods taken at the same time, at the shop's prices. What comes back pays for them first."""

    items: Annotated[list[NewGoodsIn], Field(min_length=1, max_length=MOST_LINES)]
    payment_method: Literal["cash", "upi", "card", "bank_transfer", "credit"] = Field("cash", description="How the rest is paid.")
    reference: Text = Field("", max_length=40)


class ReturnAskedIn(Shape):
    order_id: Id
    items: Annotated[list[BackIn], Field(min_length=1, max_length=MOST_LINES)]
    refund_method: Literal["cash", "upi", "credit"] = Field("cash", description="From the drawer, from the bank, or to the khata.")
    customer_id: Id | None = Field(None, description="Whose khata it goes to, for an order without a customer.")
    khata_first: bool = Field(True, description="What is still owed for the order goes down before money is given.")
    exchange: ExchangeIn | None = None
    counter_id: Id | None = Field(None, description="Whose drawer. Left out: the order's counter.")


class ReturnIn(ReturnAskedIn):
    reason: Text = Field("", max_length=200, examples=["Damaged or spoiled"])
    reference: Text = Field("", max_length=40, description="Of the money that is given back.")
    approval: ReturnApprovalIn | None = Field(None, description="For who may not take goods back alone.")
    expected_balance: Annotated[ChangeIn, Field(decimal_places=2)] | None = Field(
        None, description="Rupees to be paid (+) or given (−) as they were shown: another balance refuses it.", examples=["-52.50"]
    )


class ReturnableItemOut(Shape):
    item_id: int
    product_id: int
    product_name: str
    unit: str
    sold: Quantity
    came_back: Quantity
    may_come_back: Quantity
    line_total: Rupees


class ReturnableOut(Shape):
    order_id: int
    invoice_number: str
    without_gst: bool = Field(description="The law's last day is over: a note gives the price back, the tax stays paid.")
    paid_in_money: Rupees
    open_on_khata: Rupees
    not_yet_seen: Rupees
    items: list[ReturnableItemOut]


class ReturnSumsOut(Shape):
    """What it comes to; nothing is written."""

    total: Rupees = Field(description="What the goods that come back are worth.")
    off_khata: Rupees
    to_new_goods: Rupees
    money_back: Rupees
    new_total: Rupees
    balance: Rupees = Field(description="To be paid (+) or given (−) in the end.")
    not_yet_seen: bool = Field(description="A part of the money that is given back was claimed and nobody has seen it.")


class NoteFilter(Paging):
    q: Text = Field("", max_length=80, description="The end of the note's or the bill's number, or a part of the buyer's name or phone.")
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")
    counter_id: Id | None = None
    went: Where | None = Field(None, description="Where goods of it went.")


class RefundOut(Shape):
    method: Literal["cash", "upi", "credit", "new_goods"]
    amount: Rupees


class NoteRowOut(Shape):
    id: int
    number: str = Field(examples=["CNS1/2627/00001"])
    at: Moment
    day: date
    order_id: int
    invoice_number: str
    customer_name: str
    total: Rupees
    without_gst: bool
    refunds: list[RefundOut]


class NoteLineOut(Shape):
    item_id: int
    product_name: str
    unit: str
    quantity: Quantity
    where: Where
    unit_price: Rupees
    gst_rate: Percent
    gst_amount: Rupees
    line_total: Rupees


class NoteOut(NoteRowOut):
    reason: str
    title: str
    subtotal: Rupees
    discount_amount: Rupees
    tax_amount: Rupees
    cgst: Rupees
    sgst: Rupees
    igst: Rupees
    round_off: Rupees
    exchange_order_id: int | None
    items: list[NoteLineOut]
