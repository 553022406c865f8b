"""The acts on webhooks: made, changed, ended; and what happens in the shop written down for them.

Each floor tells of what happens on it by `tell`, inside the act's own transaction: what is rolled back tells nothing, and what is
committed is not lost. Sending is the worker's (`shops/webhook_sending.py`).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from shops.errors import ShopError
from shops.models import Shop, User, Webhook, WebhookDelivery
from shops.webhook_models import Happening
from shops.webhook_urls import checked_url

MOST_WEBHOOKS = 20
PRESSED_TWICE = timedelta(seconds=20)
SECRET_MARK = "whsec_"  # noqa: S105 (what secrets begin with)
SEND = "shops.webhook_sending.send_due"
State = WebhookDelivery.State


def make_webhook(*, shop: Shop, by: User, url: str, events: Sequence[str], by_hand: bool = False) -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown this once and kept to sign with.

    by_hand  a button made it: pressed twice, the one that was made first is answered
    Raises ShopError "bad_url", "needs_https", "private_address", "bad_event", "too_many_webhooks".
    """
    good, kinds = checked_url(url), _checked_events(events)
    with transaction.atomic():
        Shop.objects.select_for_update(no_key=True).only("pk").get(pk=shop.pk)  # two made at once are counted one after the other
        made_now = shop.webhooks.filter(made_by=by, url=good, events=kinds, made_at__gt=timezone.now() - PRESSED_TWICE)
        if by_hand and (twin := made_now.first()) is not None:
            return twin, twin.secret
        if shop.webhooks.count() >= MOST_WEBHOOKS:
            raise ShopError("too_many_webhooks", _("A shop has at most {n} webhooks. End one that is not used.").format(n=MOST_WEBHOOKS))
        secret = SECRET_MARK + secrets.token_urlsafe(32)
        return Webhook.objects.create(shop=shop, url=good, events=kinds, secret=secret, made_by=by), secret


def change_webhook(*, webhook: Webhook, url: str, events: Sequence[str], active: bool) -> None:
    """Another address, other events, off or on again; what waits goes to the new address. Raises ShopError as `make_webhook`."""
    if url != webhook.url:
        webhook.url = checked_url(url)
    webhook.events, webhook.active = _checked_events(events), active
    webhook.save(update_fields=["url", "events", "active"])


def new_secret(*, webhook: Webhook) -> str:
    """Another secret in place of one that got lost or about; the old one is worth nothing from the next message on."""
    webhook.secret = SECRET_MARK + secrets.token_urlsafe(32)
    webhook.save(update_fields=["secret"])
    return webhook.secret


def end_webhook(*, webhook: Webhook) -> None:
    """End a webhook; its log goes with it, and what was on its way is not sent."""
    webhook.delete()


def _checked_events(events: Sequence[str]) -> list[str]:
    if not events or set(events) - set(Happening.values):
        raise ShopError("bad_event", _("Choose what the program is told of."), "events")
    return sorted(set(events))


# --- what happens -----------------------------------------------------------------------------------------------
def tell(*, shop: Shop, kind: str, facts: Callable[[], dict[str, Any]]) -> int:
    """Write down one thing that happened for every webhook that hears `kind`; how many messages. See `tell_each`."""
    return tell_each(shop=shop, kind=kind, facts=lambda: [facts()])


def tell_each(*, shop: Shop, kind: str, facts: Callable[[], Iterable[dict[str, Any]]]) -> int:
    """Write down what happened, an event for each of `facts`, for every webhook that hears `kind`; how many messages.

    Without such a webhook it costs nothing: `facts` is not even called. Else two queries, however many facts.
    Call it inside the act's transaction; sending begins after its commit. Amounts become strings ("105.00"), dates ISO.
    """
    if kind not in shop.hears:
        return 0
    hooks, now = list(shop.webhooks.filter(active=True, events__contains=[kind])), timezone.now()
    rows = []
    for data in facts() if hooks else ():
        event_id = uuid4()
        said = {"id": str(event_id), "event": str(kind), "shop_id": shop.pk, "happened_at": now, "data": data}
        payload = json.loads(json.dumps(said, cls=DjangoJSONEncoder))
        common = {"event_id": event_id, "kind": kind, "payload": payload, "made_at": now, "next_try_at": now}
        rows += [WebhookDelivery(shop=shop, webhook=hook, **common) for hook in hooks]
    if rows:
        WebhookDelivery.objects.bulk_create(rows, batch_size=1000)
        transaction.on_commit(_send_soon, robust=True)
    return len(rows)


def _send_soon() -> None:
    """Have the worker send; should this get lost, the schedule of every minute finds what is due."""
    async_task(SEND, q_options={"save": False})


# --- its log ----------------------------------------------------------------------------------------------------
def deliveries_of(shop: Shop, *, webhook: int | None = None, state: str = "", kind: str = "") -> QuerySet[WebhookDelivery]:
    """The log, newest first."""
    found = shop.webhook_deliveries.select_related("webhook").order_by("-pk")
    wanted = {"webhook": webhook, "state": state, "kind": kind}
    return found.filter(**{name: value for name, value in wanted.items() if value})


def replay(*, delivery: WebhookDelivery) -> None:
    """Send a message once more, with the same event id, and try anew as often as for a fresh one."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state=State.WAITING, tries=0, next_try_at=timezone.now())
    delivery.refresh_from_db()
    transaction.on_commit(_send_soon, robust=True)
