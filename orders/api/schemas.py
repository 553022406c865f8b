"""What goes in and out of the operations on orders."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from orders.api.approving import SaleApprovalIn
from orders.bill import MOST_LINES
from smartkirana.api.fields import Day, Id, Moment, Percent, PriceIn, Quantity, QuantityIn, Rupees, RupeesIn, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

OrderStatus = Literal["pending", "confirmed", "packed", "completed", "cancelled"]
PaymentStatus = Literal["pending", "completed", "failed", "refunded"]
Way = Literal["cash", "upi", "card", "bank_transfer", "credit"]
Channel = Literal["counter", "phone", "online"]
MOST_PAYMENTS = 20


class OrderItemIn(Shape):
    product_id: Id = Field(examples=[17])
    quantity: QuantityIn = Field(description="In the product's unit.")
    unit_price: PriceIn | None = Field(None, description="Rupees a unit, GST in it. Left out: the shop's price.", examples=["75.00"])
    discount: RupeesIn | None = Field(None, description="Rupees off this line.", examples=["5.00"])


class TenderIn(Shape):
    method: Way
    amount: RupeesIn
    reference: Text = Field("", max_length=40, description="UTR or the last digits of the card.", examples=["612345678901"])


class OrderIn(Shape):
    """What is ordered and how it is paid: `payment_method` for the whole, or `payments` that together are the total."""

    items: Annotated[list[OrderItemIn], Field(min_length=1, max_length=MOST_LINES)]
    customer_id: Id | None = Field(None, examples=[5])
    payment_method: Way = "cash"
    payments: Annotated[list[TenderIn], Field(max_length=MOST_PAYMENTS)] | None = None
    is_credit_sale: bool = Field(False, description="What `payments` leave open, or all of it, goes on the customer's khata.")
    credit_duration_days: int | None = Field(None, ge=0, le=365, description="Days to pay what goes on the khata.", examples=[15])
    notes: Text | None = Field(None, max_length=500, examples=["Ring twice"])
    discount_amount: RupeesIn | None = Field(None, description="Rupees off the whole order.", examples=["10.00"])
    expected_total: RupeesIn | None = Field(None, description="What the buyer saw: another total refuses the order.", examples=["150.00"])
    counter_id: Id | None = Field(None, description="Whose drawer and number series. Left out: the shop's first counter.")
    channel: Channel = Field("counter", description="Where the order came from. Orders of customers are always online.")
    approval: SaleApprovalIn | None = Field(None, description="For what the caller's role may not give alone.")


class OrderFilter(Paging):
    status: OrderStatus | None = None
    payment_status: PaymentStatus | None = None
    start: Day | None = Field(None, alias="from", description="Orders of this day and later.")
    end: Day | None = Field(None, alias="to", description="Orders up to this day.")
    customer_id: Id | None = None
    counter_id: Id | None = None
    q: Text = Field("", max_length=80, description="A bill or order number, or a part of the buyer's name or phone.")


class StatusIn(Shape):
    new_status: Text | None = Field(None, max_length=20, examples=["confirmed"])
    reason: Text | None = Field(None, max_length=200, description="Why, for what is cancelled or never came.", examples=["Not at home"])


class OrderRowOut(Shape):
    id: int
    order_number: str = Field(examples=["ORD-20260204-0001"])
    invoice_number: str = Field(examples=["S1/26-27/000123"])
    order_date: Moment
    customer_id: int | None
    customer_name: str
    channel: Channel
    total_amount: Rupees
    payment_status: PaymentStatus
    order_status: OrderStatus


class OrderItemOut(Shape):
    id: int
    product_id: int
    product_name: str
    unit: str
    hsn_code: str
    quantity: Quantity
    unit_price: Rupees = Field(description="Rupees a unit, GST in it.")
    mrp: Rupees | None
    discount: Rupees = Field(description="Rupees off, the share of the order's discount counted in.")
    gst_rate: Percent
    gst_amount: Rupees = Field(description="The GST in line_total.")
    cess_amount: Rupees
    line_total: Rupees = Field(description="quantity × unit_price − discount.")


class OrderPaymentOut(Shape):
    id: int
    method: Literal["cash", "upi", "card", "bank_transfer", "credit", "credit_note"]
    amount: Rupees
    state: Literal["claimed", "seen", "failed"] = Field(description="UPI, card and bank money is claimed until somebody has seen it.")
    reference: str


class OrderOut(Shape):
    """An order. subtotal − discount_amount + round_off = total_amount; prices have their GST in them, so the tax is a part of these."""

    id: int
    order_number: str = Field(examples=["ORD-20260204-0001"])
    invoice_number: str = Field(examples=["S1/26-27/000123"])
    order_date: Moment
    business_date: date
    customer_id: int | None
    customer_name: str
    counter_id: int
    channel: Channel
    subtotal: Rupees = Field(description="The goods before discounts, GST in it.")
    discount_amount: Rupees
    taxable_amount: Rupees = Field(description="The goods after discounts without tax, exempt ones counted in.")
    tax_amount: Rupees = Field(description="cgst + sgst + igst + cess.")
    cgst: Rupees
    sgst: Rupees
    igst: Rupees
    cess: Rupees
    round_off: Rupees
    total_amount: Rupees
    payment_method: str = Field(description='A way of paying, "split" for several, "none" for an order of nothing.', examples=["cash"])
    payment_status: PaymentStatus
    order_status: OrderStatus
    notes: str
    items: list[OrderItemOut]
    payments: list[OrderPaymentOut]


class OrderMovedOut(Shape):
    message: str
    order_id: int
    new_status: str
