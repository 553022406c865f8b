"""What goes in and out of the operations on khatas."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from smartkirana.api.fields import Day, Id, Moment, Rupees, RupeesIn, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

Got = Literal["cash", "upi", "card", "bank_transfer"]
Given = Literal["cash", "upi", "bank_transfer"]
MOST_SHARES = 50


class KhataFilter(Paging):
    q: Text = Field("", max_length=80, description="A part of a name or a phone.")
    show: Literal["owing", "late", "over", "ahead", "disputed", "all"] = Field(
        "owing", description="Who owes, is past their day, over their limit, paid ahead, does not agree; or everybody."
    )
    group: Text = Field("", max_length=40)
    band: int | None = Field(None, ge=0, le=3, description="Something open is this old: 0–30, 31–60, 61–90, 91 and more days.")


class AgeOut(Shape):
    """Open rupees by days since the goods were taken."""

    days_0_30: Rupees
    days_31_60: Rupees
    days_61_90: Rupees
    days_91_more: Rupees
    late: Rupees = Field(description="Of them past their day.")


class KhataRowOut(Shape):
    customer_id: int
    name: str
    phone: str
    group: str
    outstanding: Rupees = Field(description="Rupees owed; below zero: paid ahead.")
    credit_limit: Rupees | None
    owes_since: date | None
    last_paid_on: date | None
    last_reminded_at: Moment | None
    age: AgeOut


class KhataSummaryOut(Shape):
    customers_owing: int
    owed: Rupees
    paid_ahead: Rupees
    age: AgeOut
    groups: list[str]
    open_disputes: int


class MemberOut(Shape):
    id: int
    name: str
    limit: Rupees | None
    is_active: bool


class KhataOut(KhataRowOut):
    last_entry: int = Field(description="The number of the last entry.")
    due_days: int
    has_opening_balance: bool
    members: list[MemberOut]


class EntryOut(Shape):
    number: int
    kind: str = Field(examples=["payment"])
    words: str = Field(examples=["Paid, UPI"])
    amount: Rupees = Field(description="More (+) or less (−) owed.")
    balance: Rupees
    open: Rupees = Field(description="What no other entry has settled yet.")
    day: date
    due: date | None
    at: Moment
    by: str
    order_id: int | None
    invoice_number: str | None
    payment_id: int | None
    payment_state: str | None
    member: str | None
    receipt: str
    note: str
    reverses: int | None = Field(description="The number of the entry that it takes back.")
    code: str = Field(description="Its check code, chained to the entry before.")


class KhataShareIn(Shape):
    entry_number: int = Field(ge=1, le=2**31 - 1, examples=[12])
    amount: RupeesIn


class MoneyIn(Shape):
    amount: RupeesIn
    reference: Text = Field("", max_length=40, examples=["612345678901"])
    note: Text = Field("", max_length=200)
    counter_id: Id | None = Field(None, description="Whose drawer cash lies in. Left out: the shop's only counter, else none.")


class GotIn(MoneyIn):
    """Money that a customer brings."""

    method: Got = "cash"
    discount: RupeesIn | None = Field(None, description="Let off on top.")
    shares: Annotated[list[KhataShareIn], Field(max_length=MOST_SHARES)] | None = Field(
        None, description="Left out: the oldest entries first."
    )


class GaveIn(MoneyIn):
    """Money that the shop gives on the khata."""

    method: Given = "cash"


class KhataOpeningIn(Shape):
    """What stood between shop and customer when the books began."""

    amount: RupeesIn
    paid_ahead: bool = Field(False, description="The customer had paid ahead.")
    day: Day | None = Field(None, description="Left out: today.")
    note: Text = Field("", max_length=200, examples=["Old book, page 12"])


class KhataWriteOffIn(Shape):
    amount: RupeesIn
    note: Text = Field(max_length=200, description="Why it will not be paid.", examples=["Moved away"])


class ReasonIn(Shape):
    note: Text = Field(max_length=200, description="Why, or how.", examples=["Typed twice"])


class MemberIn(Shape):
    name: Text = Field(max_length=60, examples=["Ravi"])
    limit: RupeesIn | None = Field(None, description="Rupees of their own; null for none.")


class MemberChangeIn(Shape):
    name: Text | None = Field(None, max_length=60)
    limit: RupeesIn | None = None
    is_active: bool | None = Field(None, description="May take goods on the khata.")


class LinkOut(Shape):
    link: str = Field(description='The address of the private page; "" while there is none.')


class DisputeOut(Shape):
    id: int
    customer_id: int
    customer_name: str
    entry_number: int
    entry_amount: Rupees
    invoice_number: str | None
    words: str
    at: Moment


class ReminderOut(Shape):
    customer_id: int
    name: str
    phone: str
    outstanding: Rupees
    owes_since: date | None
    last_reminded_at: Moment | None
    disputed: bool
    text: str = Field(description="The message, in the customer's language.")
    whatsapp: str = Field(description="Opens WhatsApp with the message written.")


class RemindIn(Shape):
    way: Literal["whatsapp", "sms", "email"] = Field("whatsapp", description="WhatsApp's message is sent by hand; it is only written down.")


class RemindedOut(Shape):
    customer_id: int
    way: str
    amount: Rupees
    at: Moment


class StatementFilter(Paging):
    start: Day | None = Field(None, alias="from", description="Left out: this financial year's first day.")
    end: Day | None = Field(None, alias="to", description="Left out: today.")


class KhataStatementOut(Shape):
    start: date
    end: date
    opening: Rupees
    more: Rupees = Field(description="Taken in these days.")
    less: Rupees = Field(description="Paid and brought back in these days.")
    closing: Rupees
    entries: list[EntryOut]
