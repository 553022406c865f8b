"""What the operations on the shop, its counters, people and notices take and answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from shops.api.schemas import Phone
from smartkirana.api.fields import Moment, Name, Percent, PercentIn, Secret, Text
from smartkirana.api.shapes import Shape

RoleOf = Literal["owner", "manager", "staff", "accountant"]
Hour = Annotated[int, Field(ge=0, le=24)]


class ShopOut(Shape):
    id: int
    slug: str
    name: str
    local_name: str
    address: str
    city: str
    pincode: str
    state_code: str
    phone: str
    scheme: str
    gstin: str
    pan: str
    fssai: str
    upi_id: str
    upi_name: str
    rounding: str
    stock_policy: str
    language: str
    receipt_footer: str
    remind_from: int
    remind_until: int
    remind_every: int
    books_closed_until: date | None


class ShopIn(Shape):
    """What is left out stays as it is."""

    name: Name | None = Field(None, max_length=80)
    local_name: Text | None = Field(None, max_length=80)
    address: Text | None = Field(None, max_length=200)
    city: Text | None = Field(None, max_length=60)
    pincode: Text | None = Field(None, max_length=10, examples=["411030"])
    state_code: Text | None = Field(None, max_length=2, examples=["27"])
    phone: Text | None = Field(None, max_length=20)
    scheme: Literal["regular", "composition", "unregistered"] | None = None
    gstin: Text | None = Field(None, max_length=40, examples=["27AAPFU0939F1ZV"])
    pan: Text | None = Field(None, max_length=20)
    fssai: Text | None = Field(None, max_length=40)
    upi_id: Text | None = Field(None, max_length=100)
    upi_name: Text | None = Field(None, max_length=60)
    rounding: Literal["rupee", "half", "none"] | None = None
    stock_policy: Literal["warn", "block"] | None = None
    language: Literal["en", "hi"] | None = None
    receipt_footer: Text | None = Field(None, max_length=120)
    remind_from: Hour | None = None
    remind_until: Hour | None = None
    remind_every: Annotated[int, Field(ge=1, le=90)] | None = None


class CounterOut(Shape):
    id: int
    name: str
    code: str
    paper: str
    printer: str
    opens_drawer: bool
    needs_shift: bool
    is_active: bool


class CounterChangeIn(Shape):
    """What is left out stays as it is. The code stands in bill numbers and never changes."""

    name: Name | None = Field(None, max_length=40)
    paper: Literal["r80", "r58", "a4"] | None = None
    printer: Literal["browser", "raw"] | None = None
    opens_drawer: bool | None = None
    needs_shift: bool | None = None
    is_active: bool | None = None


class CounterIn(Shape):
    name: Name = Field(max_length=40, examples=["Milk window"])
    code: Name = Field(max_length=3, description="A letter, then letters or digits; it stands in bill numbers.", examples=["S2"])
    paper: Literal["r80", "r58", "a4"] = "r80"
    printer: Literal["browser", "raw"] = "browser"
    opens_drawer: bool = False
    needs_shift: bool = False


class RulesOut(Shape):
    """What a role may do at the counter without asking."""

    role: RoleOf
    discount_percent: Percent
    may_change_rate: bool
    may_pass_khata_limit: bool
    may_cancel_open_bill: bool
    may_take_back: bool


class RulesIn(Shape):
    """What is left out stays as it is."""

    discount_percent: PercentIn | None = None
    may_change_rate: bool | None = None
    may_pass_khata_limit: bool | None = None
    may_cancel_open_bill: bool | None = None
    may_take_back: bool | None = None

    def given(self) -> dict[str, Decimal | bool]:
        return {name: value for name, value in self.model_dump(exclude_unset=True).items() if value is not None}


# --- people -----------------------------------------------------------------------------------------------------
class PersonOut(Shape):
    id: int = Field(description="Of the place in this shop.")
    user_id: int
    name: str
    phone: str
    role: RoleOf
    is_active: bool
    has_pin: bool
    since: Moment


class RoleIn(Shape):
    role: RoleOf


class PinIn(Shape):
    pin: Secret = Field(max_length=12, description="4 to 6 digits, not easy to guess.", examples=["482913"])


class OwnPinIn(PinIn):
    password: Secret


class InviteIn(Shape):
    name: Name = Field(max_length=80, examples=["Ravi More"])
    phone: Phone
    role: RoleOf = "staff"


class InvitationOut(Shape):
    id: int
    name: str
    phone: str
    role: RoleOf
    expires_at: Moment


class NewInvitationOut(InvitationOut):
    code: str = Field(description="To be told to the person; shown this once.")


# --- notices ----------------------------------------------------------------------------------------------------
class NoticeLineOut(Shape):
    text: str
    page: str = Field(description="The page it leads to, on this server; empty when it has none.")


class NoticeOut(Shape):
    id: int
    kind: str
    day: date
    title: str
    lines: list[NoticeLineOut]
    seen_at: Moment | None
    seen_by: str | None
