"""Webhooks, and the log of what they were told: `/webhooks`, for owners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shops.access import Can
from shops.api.declare import operation
from shops.api.schemas import MessageOut
from shops.api.schemas_webhooks import (
    DeliveriesAsked,
    DeliveryFullOut,
    DeliveryOut,
    NewWebhookOut,
    SecretOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookOut,
)
from shops.models import Shop, Webhook, WebhookDelivery
from shops.webhooks import MOST_WEBHOOKS, change_webhook, deliveries_of, end_webhook, make_webhook, new_secret, replay
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["webhooks"])


def _out(hook: Webhook) -> dict[str, Any]:
    names = ("url", "events", "active", "made_at")
    return {"id": hook.pk, "made_by": str(hook.made_by), **{name: getattr(hook, name) for name in names}}


def _webhook(shop: Shop, pk: int) -> Webhook:
    found = shop.webhooks.select_related("made_by").filter(pk=pk).first()
    if found is None:
        raise NotThere("webhook")
    return found


def _delivery(shop: Shop, pk: int) -> WebhookDelivery:
    found = deliveries_of(shop).filter(pk=pk).first()
    if found is None:
        raise NotThere("message")
    return found


def _told(delivery: WebhookDelivery) -> dict[str, Any]:
    names = ("webhook_id", "kind", "state", "tries", "next_try_at", "delivered_at", "answer_code", "answer_text")
    return {
        "id": delivery.pk,
        "event_id": str(delivery.event_id),
        "url": delivery.webhook.url,
        "happened_at": delivery.made_at,
        "last_try_at": delivery.tried_at,
        **{name: getattr(delivery, name) for name in names},
    }


@operation(router, "GET", "", right=Can.RUN_SHOP, answer=list[WebhookOut])
def list_webhooks(request: HttpRequest):
    """The shop's webhooks; their secrets are not told again."""
    return [_out(hook) for hook in request.auth.shop.webhooks.select_related("made_by").order_by("pk")[:MOST_WEBHOOKS]]


@operation(router, "POST", "", right=Can.RUN_SHOP, people=True, answer=NewWebhookOut, status=201, problems={400})
def new_webhook(request: HttpRequest, body: WebhookIn):
    """Have an address told of events; the answer has the secret that signs the messages, this once."""
    hook, secret = make_webhook(shop=request.auth.shop, by=request.auth.user, url=body.url, events=body.events)
    return _out(hook) | {"secret": secret}


@operation(router, "GET", "/deliveries", right=Can.RUN_SHOP, answer=list[DeliveryOut], paged=True)
def list_deliveries(request: HttpRequest, response: HttpResponse, asked: Query[DeliveriesAsked], part: Query[Paging]):
    """The log of messages, newest first; kept for 30 days."""
    found = deliveries_of(request.auth.shop, webhook=asked.webhook_id, state=asked.state or "", kind=asked.kind or "")
    return [_told(delivery) for delivery in page_of(found.defer("payload"), part, response)]


@operation(router, "GET", "/deliveries/{delivery_id}", right=Can.RUN_SHOP, answer=DeliveryFullOut, problems={404})
def one_delivery(request: HttpRequest, delivery_id: Id):
    """One message with what was sent."""
    delivery = _delivery(request.auth.shop, delivery_id)
    return _told(delivery) | {"message": delivery.payload}


@operation(router, "POST", "/deliveries/{delivery_id}/replay", right=Can.RUN_SHOP, answer=DeliveryOut, problems={404})
def replay_delivery(request: HttpRequest, delivery_id: Id):
    """Send a message once more, with the same event id."""
    delivery = _delivery(request.auth.shop, delivery_id)
    replay(delivery=delivery)
    return _told(delivery)


# --- one webhook; below the addresses that are words ---------------------------------------------------------------
@operation(router, "PUT", "/{webhook_id}", right=Can.RUN_SHOP, people=True, answer=WebhookOut, problems={400, 404})
def put_webhook(request: HttpRequest, webhook_id: Id, body: WebhookChangeIn):
    """Another address, other events, off or on again."""
    hook = _webhook(request.auth.shop, webhook_id)
    now = {"url": hook.url, "events": hook.events, "active": hook.active}
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    change_webhook(webhook=hook, **(now | given))
    return _out(hook)


@operation(router, "POST", "/{webhook_id}/secret", right=Can.RUN_SHOP, people=True, answer=SecretOut, problems={404})
def new_webhook_secret(request: HttpRequest, webhook_id: Id):
    """Another secret; the old one is worth nothing from the next message on."""
    return {"secret": new_secret(webhook=_webhook(request.auth.shop, webhook_id))}


@operation(router, "DELETE", "/{webhook_id}", right=Can.RUN_SHOP, people=True, answer=MessageOut, problems={404})
def delete_webhook(request: HttpRequest, webhook_id: Id):
    """End a webhook; its log goes with it."""
    end_webhook(webhook=_webhook(request.auth.shop, webhook_id))
    return {"message": "Ended. Nothing more is sent to it."}
