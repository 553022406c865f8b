"""The ledger's part of each morning: a notice of payments that were claimed days ago and that nobody has seen."""

from __future__ import annotations

import logging

from django.db import transaction

from inventory.daily import mail
from orders.payment_selectors import LATE_DAYS, late_claims
from shops.models import Shop
from shops.notice_models import Notice
from smartkirana.dates import shop_today
from smartkirana.money import rupees

log = logging.getLogger(__name__)


def daily_claims() -> dict[str, int]:
    """Every open shop's notice of today, each in a transaction of its own. May run twice. Shops by outcome, counted.

    A shop that fails is logged and does not stop the others.
    """
    done = {"made": 0, "nothing": 0, "failed": 0}
    for shop_id in list(Shop.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True)):
        try:
            notice = tell_shop(shop_id)
        except Exception:
            log.exception("The notice of payments not seen of shop %s failed.", shop_id)
            done["failed"] += 1
        else:
            done["made" if notice else "nothing"] += 1
    return done


def tell_shop(shop_id: int) -> Notice | None:
    """Make the shop's notice of today and mail it; None when nothing is late or it was made before."""
    with transaction.atomic():
        shop = Shop.objects.get(pk=shop_id)
        count, amount = late_claims(shop)
        if not count:
            return None
        text = f"{count} payment{'s' * (count != 1)} of {rupees(amount)} not seen after {LATE_DAYS} days"
        lines = [{"text": text, "url": "orders:claims", "query": f"?late={LATE_DAYS}"}]
        notice, made = Notice.objects.get_or_create(
            shop=shop, kind=Notice.Kind.CLAIMS, day=shop_today(), defaults={"title": text, "lines": lines}
        )
    if not made:
        return None
    mail(notice)
    return notice
