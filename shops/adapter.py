"""How allauth meets our people: the phone is the login, typed as ten digits, stored as +91…"""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from phonenumber_field.formfields import PhoneNumberField

from shops.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by phone and password; accounts are made by an owner's invitation, never by open sign-up."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def phone_form_field(self, **kwargs):
        return IndianPhoneField(region="IN", **kwargs)

    def get_phone(self, user):
        return (user.phone.as_e164, True) if user.phone else None

    def set_phone(self, user, phone: str, verified: bool) -> None:
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user, phone: str) -> None:
        """A phone is known by the owner's invitation."""

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()


class IndianPhoneField(PhoneNumberField):
    """Ten digits or +91…; gives E.164 text."""

    def clean(self, value):
        number = super().clean(value)
        return number.as_e164 if number else ""
