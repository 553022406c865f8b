"""The second step after password or code: an authenticator app, a recovery code, or a passkey. One rule for pages and API.

A code of the app is good once: the count it stands for is kept, and only a later one is taken. Every try counts before it is looked at.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt, is_mfa_enabled
from django.db import transaction
from django.utils.crypto import constant_time_compare

from shops.codes import plain_digits
from shops.errors import TooManyTries
from shops.models import User
from shops.rates import count_try, forget

FIVE_MINUTES, DAY = 5 * 60, 24 * 60 * 60
LAST = "last_counter"  # in an app's data: the count of the last code that was used
Type = Authenticator.Type


def needs_second_step(user: User) -> bool:
    """True when a password or a code by SMS does not do for this person: they have an authenticator app or a passkey."""
    return is_mfa_enabled(user, [Type.TOTP, Type.WEBAUTHN])


def second_step_is_right(user: User, code: str) -> bool:
    """True when `code` is the app's of now or an unused recovery code; it is used up by that.

    Call it outside any transaction. Raises TooManyTries: 5 in five minutes, and 50 wrong ones in a day.
    """
    return use_code(user, code) is not None


def use_code(user: User, code: str) -> Authenticator | None:
    """The authenticator whose code it is, which is used up; None for a wrong one. Raises TooManyTries."""
    short, long = f"second-step:{user.pk}", f"second-step:{user.pk}:day"
    for key, per, most in ((short, FIVE_MINUTES, 5), (long, DAY, 50)):
        if wait := count_try(key, per, most):
            raise TooManyTries(wait, "code")
    digits = plain_digits(code)
    for kept in Authenticator.objects.filter(user_id=user.pk, type__in=[Type.TOTP, Type.RECOVERY_CODES]).order_by("-type"):
        if _use_app_code(kept.pk, digits) if kept.type == Type.TOTP else kept.wrap().validate_code(digits):
            forget(short)
            forget(long)
            kept.user = user
            return kept
    return None


@transaction.atomic
def _use_app_code(authenticator_id: int, digits: str) -> bool:
    """The row's lock lets two who come with one code take turns: the second finds it used."""
    kept = Authenticator.objects.select_for_update().get(pk=authenticator_id)
    secret, last = decrypt(kept.data["secret"]), kept.data.get(LAST, 0)
    for counter in yield_hotp_counters_from_time():
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), digits) and counter > last:
            kept.data[LAST] = counter
            kept.save(update_fields=["data"])
            return True
    return False
