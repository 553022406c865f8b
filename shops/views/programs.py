"""Programs that work with the shop: keys they come with, webhooks that tell them. The owner's pages."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shops.access import Can, shop_page
from shops.api.keys import SCOPES, keys_of, make_key, revoke_key
from shops.errors import ShopError
from shops.models import Webhook
from shops.program_forms import WORDS, KeyForm, WebhookChangeForm, WebhookForm
from shops.selectors import webhooks_of
from shops.webhook_models import Happening
from shops.webhooks import change_webhook, deliveries_of, end_webhook, make_webhook, new_secret, replay
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import go, sent, show

KEYS_SHOWN = 60
TOLD = "shops/told_once.html"


@shop_page(Can.RUN_SHOP)
def programs(request: HttpRequest) -> HttpResponse:
    """The shop's keys and webhooks."""
    keys = list(keys_of(request.shop)[:KEYS_SHOWN])
    for key in keys:
        key.rights = [WORDS[SCOPES[scope]] for scope in key.scopes if scope in SCOPES]
    hooks = list(webhooks_of(request.shop))
    for hook in hooks:
        hook.words = _words(hook)
    context = {
        "keys": [key for key in keys if key.revoked_at is None],
        "revoked": [key for key in keys if key.revoked_at is not None],
        "webhooks": hooks,
    }
    return render(request, "shops/programs.html", context)


def _words(hook: Webhook) -> list[str]:
    return [Happening(event).label for event in hook.events if event in Happening.values]


# --- keys -------------------------------------------------------------------------------------------------------
@never_cache
@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key for a program; the answer shows it, this once."""
    form = KeyForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = make_key(shop=request.shop, by=request.cashier, by_hand=True, **form.cleaned_data)
        except ShopError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return render(request, TOLD, {"secret": secret, "kind": "key", "name": key.name})
    return render(request, "shops/key.html", {"form": form}, status=422 if form.is_bound else 200)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def end_key(request: HttpRequest, key: int) -> HttpResponse:
    """Revoke a key."""
    found = get_object_or_404(request.shop.api_keys, pk=key)
    revoke_key(key=found)
    messages.success(request, _("{name} is revoked: it is worth nothing any more.").format(name=found.name))
    return go(request, "shops:programs", request.shop.slug)


# --- webhooks ---------------------------------------------------------------------------------------------------
@never_cache
@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def new_webhook(request: HttpRequest) -> HttpResponse:
    """Have an address told; the answer shows the secret, this once."""
    form = WebhookForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = make_webhook(shop=request.shop, by=request.cashier, by_hand=True, **form.cleaned_data)
        except ShopError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return render(request, TOLD, {"secret": secret, "kind": "webhook", "name": hook.url, "hook": hook})
    return render(request, "shops/webhook.html", {"form": form}, status=422 if form.is_bound else 200)


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def webhook(request: HttpRequest, webhook: int) -> HttpResponse:
    """One webhook: its address and events, and the log of what it was told."""
    hook = _webhook(request, webhook)
    start = {"url": hook.url, "events": hook.events, "active": hook.active}
    form = WebhookChangeForm(sent(request), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            change_webhook(webhook=hook, **form.cleaned_data)
        except ShopError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("shops:webhook", request.shop.slug, hook.pk)
    page = page_of(request, deliveries_of(request.shop, webhook=hook.pk).defer("payload"))
    context = {"form": form, "hook": hook, "page": page, "at_the_end": at_the_end(page)}
    return show(request, "shops/webhook.html", context, partial="" if form.is_bound else "webhook_log", bad=form.is_bound)


@never_cache
@shop_page(Can.RUN_SHOP, methods=("POST",))
def webhook_secret(request: HttpRequest, webhook: int) -> HttpResponse:
    """Another secret in place of one that got lost or about."""
    hook = _webhook(request, webhook)
    return render(request, TOLD, {"secret": new_secret(webhook=hook), "kind": "webhook", "name": hook.url, "hook": hook})


@shop_page(Can.RUN_SHOP, methods=("POST",))
def webhook_end(request: HttpRequest, webhook: int) -> HttpResponse:
    """End a webhook; its log goes with it."""
    end_webhook(webhook=_webhook(request, webhook))
    messages.success(request, _("The webhook is ended. Nothing more is sent to it."))
    return go(request, "shops:programs", request.shop.slug)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def delivery_again(request: HttpRequest, delivery: int) -> HttpResponse:
    """Send a message once more."""
    found = get_object_or_404(deliveries_of(request.shop), pk=delivery)
    replay(delivery=found)
    messages.success(request, _("It is sent once more."))
    return go(request, "shops:webhook", request.shop.slug, found.webhook_id)


@shop_page(Can.RUN_SHOP)
def delivery(request: HttpRequest, delivery: int) -> HttpResponse:
    """One message: what was sent and what was answered."""
    found = get_object_or_404(deliveries_of(request.shop), pk=delivery)
    message = json.dumps(found.payload, ensure_ascii=False, indent=2)
    return render(request, "shops/delivery.html", {"told": found, "hook": found.webhook, "message": message})


def _webhook(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(request.shop.webhooks, pk=pk)
