"""What goes in and out of the operations on customers."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from smartkirana.api.fields import Id, Moment, Rupees, RupeesIn, Text
from smartkirana.api.lists import Paging
from smartkirana.api.shapes import Shape

Language = Literal["", "en", "hi"]


class CustomerChangeIn(Shape):
    """Any of these. A value that is given is taken, even when it is empty or 0; null as the limit means none."""

    phone: Text = Field("", max_length=20, description="Ten digits of an Indian mobile.", examples=["9876543210"])
    name: Text = Field("", max_length=80, examples=["Asha Patil"])
    local_name: Text = Field("", max_length=80, examples=["आशा पाटील"])
    address: Text = Field("", max_length=200, examples=["7 Neem Lane"])
    state_code: Text = Field("", max_length=2, description="GST state code; another one than the shop's means IGST.", examples=["27"])
    gstin: Text = Field("", max_length=20, examples=["27AAPFU0939F1ZV"])
    group: Text = Field("", max_length=40, description="The shop's own word.", examples=["regulars"])
    language: Language = Field("", description="Of what is sent to them; empty: the shop's.")
    email: Text = Field("", max_length=254, examples=["asha@example.in"])
    credit_limit: RupeesIn | None = Field(None, description="Rupees the khata may reach; null for no limit.", examples=["2000.00"])
    due_days: int = Field(30, ge=0, le=365, description="Days to pay.", examples=[30])
    price_list_id: Id | None = Field(None, description="The list they buy by; for who may change prices.")


class CustomerIn(CustomerChangeIn):
    """A new customer. The phone is enough."""

    phone: Text = Field(min_length=1, max_length=20, description="Ten digits of an Indian mobile.", examples=["9876543210"])


class CustomerFilter(Paging):
    q: Text = Field("", max_length=80, description="A part of a name or a phone, or a GSTIN.")
    owing: bool = Field(False, description="Only who owes something.")


class CustomerOut(Shape):
    id: int
    phone: str = Field(examples=["9876543210"])
    name: str
    local_name: str
    address: str
    state_code: str
    gstin: str
    group: str
    language: Language
    email: str
    credit_limit: Rupees | None
    due_days: int
    price_list_id: int | None
    outstanding: Rupees = Field(description="Rupees owed; below zero: paid ahead.")
    owes_since: date | None
    known_since: Moment
