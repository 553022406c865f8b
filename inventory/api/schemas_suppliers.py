"""What the operations on suppliers take and answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from smartkirana.api.fields import Day, Id, Name, Rupees, RupeesIn, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

MOST_SHARES = 200


class SuppliersAsked(Paging):
    q: Text | None = Field(None, max_length=80, description="Part of the name, phone or GSTIN.")
    show: Literal["", "owed", "overdue", "unused"] = Field("", description="Left out: those in use.")


class SupplierIn(Shape):
    name: Name = Field(max_length=80, examples=["Gupta Traders"])
    phone: Text = Field("", max_length=20, examples=["9876543210"])
    email: Text = Field("", max_length=254)
    address: Text = Field("", max_length=200)
    state_code: Text = Field("", max_length=2, description="Left out: by the GSTIN, else the shop's own.", examples=["27"])
    gstin: Text = Field("", max_length=20, description="Without it their bills carry no GST.")
    composition: bool = Field(False, description="Pays GST by composition, so charges none.")
    due_days: int = Field(0, ge=0, le=10_000, description="Days to pay a bill.")
    lead_days: int = Field(2, ge=0, le=10_000, description="Days from order to goods.")
    note: Text = Field("", max_length=200)


class SupplierChange(Shape):
    """Give what is to change; null leaves a field as it is."""

    name: Name | None = Field(None, max_length=80)
    phone: Text | None = Field(None, max_length=20)
    email: Text | None = Field(None, max_length=254)
    address: Text | None = Field(None, max_length=200)
    state_code: Text | None = Field(None, max_length=2)
    gstin: Text | None = Field(None, max_length=20)
    composition: bool | None = None
    due_days: int | None = Field(None, ge=0, le=10_000)
    lead_days: int | None = Field(None, ge=0, le=10_000)
    note: Text | None = Field(None, max_length=200)
    is_active: bool | None = Field(None, description="False: no longer offered for new bills.")


class SupplierOut(Shape):
    id: int
    name: str
    phone: str
    email: str
    address: str
    state_code: str
    gstin: str
    composition: bool
    due_days: int
    lead_days: int
    note: str
    is_active: bool
    balance: Rupees = Field(description="What the shop owes them; below zero: paid ahead.")


class SupplierRowOut(SupplierOut):
    overdue: Rupees
    oldest_open: date | None


class OwedOut(Shape):
    owed: Rupees
    overdue: Rupees
    paid_ahead: Rupees


class AgeBandOut(Shape):
    from_days: int | None = Field(description="Days past due; null: not due yet.")
    to_days: int | None = Field(description="null: and more.")
    bills: int
    amount: Rupees


class AgeingOut(Shape):
    open: Rupees
    overdue: Rupees
    oldest: date | None
    bands: list[AgeBandOut]


class OpenBillOut(Shape):
    entry_id: int
    bill_number: str
    purchase_id: int | None
    day: date
    due: date | None
    days_late: int
    amount: Rupees
    open: Rupees


class StatementAsked(Paging):
    start: Day | None = Field(None, description="Left out: this financial year's first day.")
    end: Day | None = None


class StatementRowOut(Shape):
    entry_id: int
    day: date
    number: str
    paper: str = Field(examples=["Bill"])
    bill_number: str
    purchase_id: int | None
    details: str
    billed: Rupees
    paid: Rupees
    balance: Rupees = Field(description="Owed after it.")


class SupplierStatementOut(Shape):
    start: date
    end: date
    opening: Rupees
    billed: Rupees
    paid: Rupees
    closing: Rupees
    rows: list[StatementRowOut]


class SupplierShareIn(Shape):
    entry_id: Id = Field(description="Of an open bill.")
    amount: RupeesIn


class PaySupplierIn(Shape):
    amount: RupeesIn = Field(examples=["5000.00"])
    method: Literal["cash", "upi", "bank"] = Field(examples=["upi"])
    discount: RupeesIn = Field(Decimal(0), description="What they let go on top.")
    reference: Text = Field("", max_length=40)
    day: Day | None = None
    note: Text = Field("", max_length=200)
    shares: list[SupplierShareIn] | None = Field(
        None, max_length=MOST_SHARES, description="Which bills it pays; left out: the oldest first."
    )


class SupplierPaidOut(Shape):
    document_id: int
    number: str = Field(examples=["PV/26-27/0001"])
    day: date
    amount: Rupees
    discount: Rupees
    method: str
    reference: str
    balance: Rupees = Field(description="What is owed now.")
    unused: Rupees = Field(description="What no bill took: an advance.")


class SupplierOpeningIn(Shape):
    way: Literal["owed", "ahead"] = Field(description="The shop owed them, or had paid ahead.")
    amount: RupeesIn
    day: Day | None = None
    note: Text = Field("", max_length=200)


class SupplierOpenedOut(Shape):
    document_id: int
    day: date
    balance: Rupees
