"""The job of each morning on this floor."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from shops.codes import purge_codes
from shops.models import ApiAnswer, WebhookDelivery
from shops.rates import purge_rates

KEPT_DAYS = 30  # of answers by Idempotency-Key, and of messages that are not on their way any more


def tidy_up() -> dict[str, int]:
    """Throw away old codes, counts that are over, old answers of the API and old messages to programs; how many of each."""
    return {"codes": purge_codes(), "counts": purge_rates(), "answers": purge_answers(), "messages": purge_messages()}


def purge_answers() -> int:
    """Answers that are asked for again only by mistake by now."""
    return ApiAnswer.objects.filter(at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()[0]


def purge_messages() -> int:
    """Messages that arrived, were given up, or waited for a webhook that is off, so long ago that nobody sends them again."""
    old = WebhookDelivery.objects.filter(made_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    return old.exclude(state=WebhookDelivery.State.WAITING, webhook__active=True).delete()[0]
