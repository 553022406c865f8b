"""What the operations on sign-in take and answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, Field, StringConstraints

from shops.adapter import TEN_DIGITS, IndianPhoneField
from smartkirana.api.fields import Id, Moment, Name, Secret, Text
from smartkirana.api.shapes import Shape

SIX_DIGITS = r"^[0-9]{6}$"


def _indian_phone(value: str) -> str:
    try:
        return IndianPhoneField().clean(value)
    except ValidationError:
        raise ValueError(TEN_DIGITS) from None


def _mail(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise ValueError("Give an e-mail address, as in asha@example.in.") from None
    return value


Phone = Annotated[
    str,
    StringConstraints(max_length=20),
    AfterValidator(_indian_phone),
    Field(description="Ten digits of an Indian mobile, or +91 and these.", examples=["9876543210"]),
]
Email = Annotated[str, StringConstraints(max_length=254), AfterValidator(_mail), Field(examples=["asha@example.in"])]


class RegisterIn(Shape):
    shop_id: Id
    name: Name = Field(max_length=80, examples=["Asha Patil"])
    phone: Phone
    email: Email | None = None
    password: Secret | None = Field(None, description="At least 8 characters. Without one, codes sign in.", examples=["neem-lane-42"])
    role: Literal["customer", "staff", "manager", "accountant", "owner"] = "customer"


class LoginIn(Shape):
    shop_id: Id
    phone: Phone
    password: Secret = Field(examples=["neem-lane-42"])
    second_code: Text | None = Field(None, max_length=20, description="Of the authenticator app, for people who have one.")


class SendCodeIn(Shape):
    shop_id: Id
    phone: Phone


class VerifyCodeIn(Shape):
    shop_id: Id
    phone: Phone
    otp: str = Field(pattern=SIX_DIGITS, examples=["482913"])
    second_code: Text | None = Field(None, max_length=20, description="Of the authenticator app, for people who have one.")


class RefreshIn(Shape):
    refresh_token: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class TokensOut(Shape):
    access_token: str = Field(description="Good for 24 hours.")
    refresh_token: str = Field(description="Good for 30 days and for one refresh.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 (a word of the standard)
    user_id: int
    role: str
    shop_id: int


class RegisteredOut(TokensOut):
    phone: str
    name: str


class MessageOut(Shape):
    message: str


class MeOut(Shape):
    user_id: int
    phone: str
    name: str
    email: str | None
    role: str
    shop_id: int


class SessionOut(Shape):
    id: int
    device: str = Field(description="What the device says of itself.", examples=["Chrome on Android"])
    ip: str
    created_at: Moment
    is_this: bool = Field(description="The one whose token was sent.")


class KeyIn(Shape):
    name: Name = Field(max_length=60, examples=["Tally export"])
    scopes: list[Annotated[str, StringConstraints(max_length=20)]] = Field(min_length=1, max_length=20, examples=[["see_books"]])


class KeyOut(Shape):
    id: int
    name: str
    start: str = Field(description="Its first characters, to know it by.")
    scopes: list[str]
    made_by: str
    made_at: Moment
    last_used_on: date | None
    revoked_at: Moment | None


class NewKeyOut(KeyOut):
    key: str = Field(description="The key itself. It is shown this once.")
