"""Whose khata it is: the household's members, the private page's key, and what the customer does not agree with."""

from __future__ import annotations

import secrets
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.errors import OrderError
from orders.models import Customer, KhataDispute, KhataEntry, KhataMember
from shops.models import User
from smartkirana.db_rules import broken_rule
from smartkirana.money import money
from smartkirana.text import clean_name

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
KEY_LETTERS = 26  # 130 bits
MOST_MEMBERS = 30


# --- the household ----------------------------------------------------------------------------------------------
def save_member(*, customer: Customer, name: str, limit: Decimal | None, member: KhataMember | None = None) -> KhataMember:
    """Write down somebody who may take goods on this khata; `limit` rupees of their own, None for none.

    Raises OrderError "no_name", "bad_limit", "name_taken", "too_many".
    """
    if member is None:
        if customer.members.count() >= MOST_MEMBERS:
            raise OrderError("too_many", _("A household has {most} people at most here.").format(most=MOST_MEMBERS), "name")
        member = KhataMember(shop=customer.shop, customer=customer)
    member.name = clean_name(name)[:60]
    if not member.name:
        raise OrderError("no_name", _("Write the name."), "name")
    if limit is not None and (not limit.is_finite() or limit < 0):
        raise OrderError("bad_limit", _("A limit is zero or more rupees; leave it empty for none."), "limit")
    member.limit, member.is_active = None if limit is None else money(limit), True
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        if broken_rule(error) == "orders_khatamember_name":
            raise OrderError("name_taken", _("{name} stands in the household already.").format(name=member.name), "name") from None
        raise
    return member


def set_member_active(*, member: KhataMember, active: bool) -> None:
    """Let somebody take goods on the khata no more, or again; what they took stays theirs."""
    member.is_active = active
    member.save(update_fields=["is_active"])


# --- the private page -------------------------------------------------------------------------------------------
def give_link(*, customer: Customer) -> str:
    """The key of the customer's private page, made when there is none."""
    if not customer.link_key:
        customer.link_key = "".join(secrets.choice(ALPHABET) for _n in range(KEY_LETTERS))
        made = Customer.objects.filter(pk=customer.pk, link_key=None).update(link_key=customer.link_key)
        if not made:
            customer.refresh_from_db(fields=["link_key"])
    return customer.link_key


def revoke_link(*, customer: Customer) -> None:
    """The old address shows nothing any more; the next one is a new one."""
    customer.link_key = None
    customer.save(update_fields=["link_key"])


def customer_of_key(key: str) -> Customer | None:
    """Whose private page this is; None for anything else, and for a shop that is closed."""
    if len(key) != KEY_LETTERS or set(key) - set(ALPHABET):
        return None
    return Customer.objects.select_related("shop").filter(link_key=key, is_active=True, shop__is_active=True).first()


# --- "I don't agree" ----------------------------------------------------------------------------------------------
def dispute(*, customer: Customer, number: int, words: str) -> KhataDispute:
    """The customer does not agree with an entry; saying it twice says it once. Raises OrderError "unknown_entry"."""
    entry = KhataEntry.objects.filter(shop=customer.shop_id, customer=customer, number=number).first()
    if entry is None:
        raise OrderError("unknown_entry", _("There is no entry {number} in this khata.").format(number=number))
    said = KhataDispute.objects.filter(shop=customer.shop_id, entry=entry, settled_at=None)
    try:
        with transaction.atomic():
            return KhataDispute.objects.create(shop_id=customer.shop_id, customer=customer, entry=entry, words=clean_name(words)[:200])
    except IntegrityError as error:
        if broken_rule(error) != "orders_khatadispute_open_once":
            raise
        return said.get()


def settle_dispute(*, dispute: KhataDispute, by: User, answer: str) -> KhataDispute:
    """Shop and customer have found each other: how, in words. Settling twice does it once. Raises OrderError "no_reason"."""
    answer = clean_name(answer)[:200]
    if not answer:
        raise OrderError("no_reason", _("Write how you settled it."), "note")
    with transaction.atomic():
        locked = KhataDispute.objects.select_for_update(no_key=True).get(pk=dispute.pk)
        if locked.settled_at is None:
            locked.settled_at, locked.settled_by, locked.answer = timezone.now(), by, answer
            locked.save(update_fields=["settled_at", "settled_by", "answer"])
    return locked
