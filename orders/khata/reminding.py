"""Reminders of what is owed: who may be reminded now, and the act of it. Quiet hours and how often are the shop's own rules."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders import locks
from orders.errors import OrderError
from orders.khata.sending import reminder_words
from orders.khata.statement import language_of
from orders.models import Customer, KhataDispute, KhataEntry, KhataReminder
from shops.models import Shop, User
from shops.sms import Sms, send_sms

log = logging.getLogger(__name__)
Way = KhataReminder.Way


def is_quiet(shop: Shop, now: datetime | None = None) -> bool:
    """True in the hours in which nobody is reminded, by the shop's clock."""
    return not shop.remind_from <= timezone.localtime(now or timezone.now()).hour < shop.remind_until


def to_remind(shop: Shop, now: datetime | None = None) -> QuerySet[Customer]:
    """Who owes something past its day and was not reminded lately, who owes most first; with `oldest`, `reminded_at` and `disputed`."""
    now = now or timezone.now()
    open_ones = KhataEntry.objects.filter(shop=shop, customer=OuterRef("pk"), open__gt=0).order_by("since")
    late = open_ones.filter(due__lt=timezone.localtime(now).date())
    reminded = KhataReminder.objects.filter(shop=shop, customer=OuterRef("pk")).order_by("-at")
    recent = reminded.filter(at__gt=now - timedelta(days=shop.remind_every))
    said = KhataDispute.objects.filter(shop=shop, customer=OuterRef("pk"), settled_at=None)
    owing = shop.customers.filter(is_active=True, outstanding__gt=0).filter(Exists(late), ~Exists(recent))
    owing = owing.annotate(oldest=Subquery(open_ones.values("since")[:1]), reminded_at=Subquery(reminded.values("at")[:1]))
    return owing.annotate(disputed=Exists(said)).order_by("-outstanding", "pk")


def remind(*, customer: Customer, by: User, way: str, address: str, now: datetime | None = None) -> KhataReminder:
    """Remind a customer, and write down that it was done. WhatsApp's message is sent by hand: here it is only written down.

    address  the private page's, to stand in the message; "" without one
    Raises OrderError "bad_way", "quiet", "too_soon", "owes_nothing", "no_email", "not_sent".
    """
    now = now or timezone.now()
    shop = customer.shop
    if way not in Way.values:
        raise OrderError("bad_way", _("Choose WhatsApp, SMS or e-mail."), "way")
    if is_quiet(shop, now):
        words = _("Nobody is reminded before {start}:00 or after {end}:00.").format(start=shop.remind_from, end=shop.remind_until)
        raise OrderError("quiet", words)
    with transaction.atomic():
        locked = locks.lock_customer(shop, customer.pk)
        owed = locked.outstanding if locked else Decimal(0)
        if owed <= 0:
            raise OrderError("owes_nothing", _("{customer} owes nothing.").format(customer=customer))
        if customer.reminders.filter(at__gt=now - timedelta(days=shop.remind_every)).exists():
            words = _("{customer} was reminded less than {days} days ago.").format(customer=customer, days=shop.remind_every)
            raise OrderError("too_soon", words)
        _send(customer, way, reminder_words(customer, address))
        return KhataReminder.objects.create(shop=shop, customer=customer, way=way, amount=owed, by=by, at=now)


def _send(customer: Customer, way: str, text: str) -> None:
    if way == Way.EMAIL and not customer.email:
        raise OrderError("no_email", _("{customer} has no e-mail address here.").format(customer=customer))
    try:
        if way == Way.SMS:
            send_sms(Sms(customer.phone.as_e164, text))
        elif way == Way.EMAIL:
            with translation.override(language_of(customer)):
                subject = _("Your khata at {shop}").format(shop=customer.shop.name)
            send_mail(subject, text, None, [customer.email])
    except Exception as error:  # whatever a provider or a mail server comes up with
        log.warning("A reminder of shop %s could not be sent: %s", customer.shop_id, type(error).__name__)
        raise OrderError("not_sent", _("The message could not be sent. Try again later, or use WhatsApp.")) from error
