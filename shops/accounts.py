"""Accounts for the API: customers who sign up by themselves, and people whom an owner adds."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from shops.errors import ShopError
from shops.models import Membership, Role, Shop, User
from smartkirana.db_rules import broken_rule
from smartkirana.text import clean_name

TAKEN = "An account with this phone already exists. Sign in with it, or with a code sent to the phone."


def account_for(phone: str, shop: Shop) -> User | None:
    """The one account that signs in to the shop with this phone (+91…): somebody who works there, else a customer."""
    works = Q(customer_of=None, memberships__shop=shop, memberships__is_active=True)
    found = User.everybody.filter(Q(customer_of=shop) | works, phone=phone, is_active=True)
    return found.order_by(F("customer_of").asc(nulls_first=True)).first()  # one question, whoever it is


def role_in(user: User, shop: Shop) -> str:
    """ "owner", "manager", "staff", "accountant" or "customer"."""
    place = Membership.objects.filter(shop=shop, user=user, is_active=True).first()
    return place.role if place else "customer"


def register_customer(*, shop: Shop, phone: str, name: str, password: str | None = None, email: str = "") -> User:
    """A customer's account with the shop. That the phone is theirs is not proven by it: see `prove_phone`.

    Raises ShopError "phone_taken", "bad_password".
    """
    if account_for(phone, shop) is not None:
        raise ShopError("phone_taken", TAKEN, "phone")
    user = User(phone=phone, name=clean_name(name)[:80], email=email, customer_of=shop)
    return _saved(user, password)


def add_person(*, shop: Shop, by: User, role: str, phone: str, name: str, password: str | None = None, email: str = "") -> User:
    """Somebody who works in the shop, added by an owner. Raises ShopError "phone_taken", "bad_password", "bad_role".

    Who has an account on this installation already is invited instead: a password or a token to it is not the owner's to give.
    """
    if role not in Role.values:
        raise ShopError("bad_role", f"Choose a role: {', '.join(Role.values)} or customer.", "role")
    with transaction.atomic():
        user = _saved(User(phone=phone, name=clean_name(name)[:80], email=email), password)
        Membership.objects.create(shop=shop, user=user, role=role, added_by=by)
    return user


def prove_phone(user: User) -> None:
    """The phone of a customer's account is theirs: a code that was sent to it came back.

    Before, anybody could have typed the number: the password of then is void, and its sign-ins end with it.
    """
    if user.customer_of_id and user.phone_proven_at is None:
        user.phone_proven_at = timezone.now()
        user.set_unusable_password()
        user.save(update_fields=["phone_proven_at", "password"])


def _saved(user: User, password: str | None) -> User:
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise ShopError("bad_password", " ".join(error.messages), "password") from error
    user.set_password(password or None)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        if broken_rule(error).startswith("shops_user_phone"):
            raise ShopError("phone_taken", TAKEN, "phone") from error
        raise
    return user
