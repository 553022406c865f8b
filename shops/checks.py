"""What `manage.py check --deploy` says about the settings of this floor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.utils.module_loading import import_string

from shops.sms import HttpSms, can_send


@checks.register(checks.Tags.security)
def sms_is_set_up(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """The SMS settings name a way that exists and has what it needs."""
    try:
        way = import_string(settings.SMS_BACKEND)
    except ImportError:
        return [checks.Error(f"SMS_BACKEND names no class: {settings.SMS_BACKEND}.", id="shops.E001")]
    if isinstance(way, type) and issubclass(way, HttpSms) and not settings.SMS_HTTP_URL:
        return [checks.Error("SMS_BACKEND sends over HTTP: set SMS_HTTP_URL (see docs/sign-in.md).", id="shops.E002")]
    return []


@checks.register(checks.Tags.security, deploy=True)
def sms_leaves_the_house(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Codes and reminders need a gateway on the internet; without one the pages do not offer them."""
    if can_send():
        return []
    hint = "Set SMS_BACKEND=shops.sms.HttpSms and a gateway (docs/sign-in.md). Until then nobody can sign in by a code."
    return [checks.Warning("SMS is not configured.", hint=hint, id="shops.W001")]
