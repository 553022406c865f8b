"""The acts on customers: people the shop knows by phone, some of whom have a khata."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog.models import PriceList
from orders.errors import OrderError
from orders.models import Customer
from shops.gstin import STATES, GstinError, gstin_in
from shops.identifiers import IdentifierError, parse_phone
from shops.models import Shop
from smartkirana.db_rules import broken_rule
from smartkirana.money import money
from smartkirana.text import clean_name

LARGEST_LIMIT = Decimal("9999999.99")
LONGEST_DUE_DAYS = 365
CHANGED = (
    "phone", "name", "local_name", "address", "state_code", "gstin", "credit_limit", "due_days", "price_list", "group", "language", "email",
)  # fmt: skip


def phone_number(text: str) -> str:
    """A phone as people type it (ten digits, spaces, 0 or +91 before it) as E.164: "+919876543210".

    Raises OrderError "bad_phone".
    """
    try:
        return parse_phone(text)
    except IdentifierError as wrong:
        raise OrderError(wrong.code, wrong.message, "phone") from None


def find_customer(*, shop: Shop, phone: str) -> Customer | None:
    """The customer with this phone (as typed), or None. Raises OrderError "bad_phone"."""
    return shop.customers.filter(phone=phone_number(phone), is_active=True).first()


def create_customer(
    *,
    shop: Shop,
    phone: str,
    name: str = "",
    local_name: str = "",
    address: str = "",
    state_code: str = "",
    gstin: str = "",
    credit_limit: Decimal | None = None,
    due_days: int = 30,
    price_list: PriceList | None = None,
    group: str = "",
    language: str = "",
    email: str = "",
) -> Customer:
    """Write down a new customer of the shop; the phone is enough.

    state_code    where goods are delivered; another state than the shop's makes a sale inter-state
    credit_limit  rupees the khata may reach, None for no limit; due_days in days
    group         the shop's own word for whom it is; language "en", "hi" or "" for the shop's: of what is sent to them
    price_list    the shop's list the customer buys by, None for the prices of everybody

    Raises OrderError "bad_phone", "phone_taken", "bad_state", "gstin_…", "gstin_other_state", "bad_limit", "bad_due_days",
    "bad_price_list", "bad_language", "bad_email".
    """
    customer = Customer(shop=shop, price_list=_list_of(shop.pk, price_list))
    _set(customer, phone, name, local_name, address, state_code, gstin, credit_limit, due_days)
    _set_reach(customer, group, language, email)
    _save(customer)
    return customer


def change_customer(
    *,
    customer: Customer,
    phone: str,
    name: str,
    local_name: str,
    address: str,
    state_code: str,
    gstin: str,
    credit_limit: Decimal | None,
    due_days: int,
    price_list: PriceList | None,
    group: str = "",
    language: str = "",
    email: str = "",
) -> Customer:
    """Change what is known of a customer; bills that are written keep what they printed. Raises as create_customer()."""
    _set(customer, phone, name, local_name, address, state_code, gstin, credit_limit, due_days)
    _set_reach(customer, group, language, email)
    customer.price_list = _list_of(customer.shop_id, price_list)
    _save(customer, update_fields=CHANGED)
    return customer


def _set(customer: Customer, phone, name, local_name, address, state_code, gstin, credit_limit, due_days) -> None:
    if state_code and state_code not in STATES:
        raise OrderError("bad_state", "Choose a state from the list.", "state_code")
    if not 0 <= due_days <= LONGEST_DUE_DAYS:
        raise OrderError("bad_due_days", f"Give 0 to {LONGEST_DUE_DAYS} days.", "due_days")
    customer.phone = phone_number(phone)
    customer.name, customer.local_name = clean_name(name)[:80], clean_name(local_name)[:80]
    customer.address, customer.state_code = clean_name(address)[:200], state_code
    customer.gstin = _gstin(gstin, state_code)
    customer.credit_limit, customer.due_days = _limit(credit_limit), due_days


def _set_reach(customer: Customer, group: str, language: str, email: str) -> None:
    if language not in ("", "en", "hi"):
        raise OrderError("bad_language", _("Choose a language from the list."), "language")
    try:
        validate_email(email.strip() or "nobody@example.in")
    except ValidationError:
        raise OrderError("bad_email", _("Write an e-mail address like name@example.in, or leave it empty."), "email") from None
    customer.group, customer.language, customer.email = clean_name(group)[:40], language, email.strip()


def _list_of(shop_id: int, price_list: PriceList | None) -> PriceList | None:
    if price_list is not None and price_list.shop_id != shop_id:
        raise OrderError("bad_price_list", _("Choose a price list of this shop."), "price_list")
    return price_list


def _gstin(text: str, state_code: str) -> str:
    try:
        return gstin_in(text, state_code)
    except GstinError as wrong:
        raise OrderError(wrong.code, wrong.message, "gstin") from None


def _limit(amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    if not amount.is_finite() or not 0 <= amount <= LARGEST_LIMIT:
        raise OrderError("bad_limit", "Give a khata limit from 0 up to 99,99,999.99, or nothing for no limit.", "credit_limit")
    return money(amount)


def _save(customer: Customer, update_fields: tuple[str, ...] | None = None) -> None:
    try:
        with transaction.atomic():
            customer.save(update_fields=update_fields)
    except IntegrityError as error:
        if broken_rule(error) == "orders_customer_phone":
            raise OrderError("phone_taken", "A customer with this phone already exists.", "phone") from None
        raise
