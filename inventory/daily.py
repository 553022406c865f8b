"""The job of each morning: paces worked out, and one notice for each shop of what needs somebody's eye."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from inventory.pace import fresh_pace
from inventory.selectors import below_zero_count, runs_out_count
from shops.models import Role, Shop
from shops.notice_models import Notice
from smartkirana.dates import shop_today

log = logging.getLogger(__name__)
RUNS_OUT_DAYS = 3
EXPIRES_DAYS = 15


def daily_alerts() -> dict[str, int]:
    """Every open shop's notice of today, each in a transaction of its own. May run twice. Shop ids by outcome, counted.

    A shop that fails is logged and does not stop the others.
    """
    done = {"made": 0, "nothing": 0, "failed": 0}
    for shop_id in list(Shop.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)):
        try:
            notice = tell_shop(shop_id)
        except Exception:
            log.exception("The daily notice of shop %s failed.", shop_id)
            done["failed"] += 1
        else:
            done["made" if notice else "nothing"] += 1
    return done


def tell_shop(shop_id: int, today: date | None = None) -> Notice | None:
    """Make the shop's notice of today and mail it; None when there is nothing to tell or it was made before."""
    day = today or shop_today()
    with transaction.atomic():
        shop = Shop.objects.get(pk=shop_id)
        fresh_pace(shop)
        lines = stock_lines(shop, day)
        if not lines:
            return None
        title = ", ".join(line["text"] for line in lines)
        notice, made = Notice.objects.get_or_create(shop=shop, kind=Notice.Kind.STOCK, day=day, defaults={"title": title, "lines": lines})
    if not made:
        return None
    mail(notice)
    return notice


def stock_lines(shop: Shop, day: date) -> list[dict[str, str]]:
    """The notice's lines; what there is none of is left out."""
    low = runs_out_count(shop, RUNS_OUT_DAYS)
    lots = shop.lots.filter(on_hand__gt=0)
    old = lots.filter(expiry__range=(day, day + timedelta(days=EXPIRES_DAYS))).values("product_id").distinct().count()
    past = lots.filter(expiry__lt=day).values("product_id").distinct().count()
    short = below_zero_count(shop)
    lines = []
    if low:
        text = f"{_counted(low, 'product runs', 'products run')} out within {RUNS_OUT_DAYS} days"
        lines.append({"text": text, "url": "inventory:low_stock", "query": f"?within={RUNS_OUT_DAYS}"})
    if old:
        text = f"{_counted(old, 'product expires', 'products expire')} within {EXPIRES_DAYS} days"
        lines.append({"text": text, "url": "inventory:expiry", "query": f"?days={EXPIRES_DAYS}"})
    if past:
        text = f"{_counted(past, 'product is', 'products are')} past the date"
        lines.append({"text": text, "url": "inventory:expiry", "query": "?days=past"})
    if short:
        text = f"{_counted(short, 'product is', 'products are')} below zero"
        lines.append({"text": text, "url": "inventory:below_zero", "query": ""})
    return lines


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def mail(notice: Notice) -> None:
    """Send a notice to the owners who gave an address, where mail is set up. Mail that fails is logged: the notice stands."""
    if not settings.MAILS_NOTICES:
        return
    owners = notice.shop.memberships.filter(role=Role.OWNER, is_active=True, user__is_active=True).exclude(user__email="")
    words = "\n".join(f"- {line['text']}" for line in notice.lines)
    for address in owners.values_list("user__email", flat=True):
        try:
            send_mail(f"{notice.shop.name}: {notice.title}", f"{words}\n\nSmartKirana", None, [address])
        except Exception as error:  # whatever a mail server comes up with
            log.warning("Notice %s could not be mailed: %s", notice.pk, type(error).__name__)
