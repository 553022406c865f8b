"""Codes by SMS: six digits that show that a phone is in somebody's hand; to sign in with, or to set a new password.

Nothing here tells whether a phone is known: the same rows are written and the same questions asked for every phone, and the worker
alone looks, when it sends. The code is made by the worker too, so that it stands in no queue, no log and no answer.

Who guesses gets nowhere: five tries a code, five codes an hour and twenty wrong tries a day for a phone, sixty an hour for an address.
"""

from __future__ import annotations

import logging
import secrets
import unicodedata
from datetime import timedelta
from enum import Enum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from shops import accounts
from shops.code_models import GOOD_FOR, MOST_TRIES, SignInCode
from shops.errors import BadCode, ShopError, TooManyTries
from shops.models import Shop, User
from shops.rates import count_try, take_back
from shops.sms import Sms, can_send, send_sms
from smartkirana.db_rules import broken_rule
from smartkirana.limits import household

log = logging.getLogger(__name__)
DIGITS = 6
HOUR, DAY = 60 * 60, 24 * 60 * 60
KEPT_FOR = timedelta(days=7)
Purpose = SignInCode.Purpose


class Where(Enum):
    """Codes that belong to no shop."""

    HOUSE = "the pages of this house"


HOUSE = Where.HOUSE
Place = Shop | Where | None


def account_for(phone: str, shop: Place) -> User | None:
    """Who signs in with this phone (+91…): on the house's pages whoever may sign in there, else the shop's own account of the phone."""
    if shop is HOUSE:
        found = User.objects.filter(phone=phone, is_active=True).first()
    else:
        found = accounts.account_for(phone, shop) if shop is not None and shop.is_active else None
    return None if found is None or (found.is_demo and not settings.LOCAL) else found


def ask_code(*, phone: str, purpose: str, shop: Place = HOUSE, ip: str) -> None:
    """Have a code sent to a phone, when it is one that may sign in there; the same is done and answered when it is not.

    phone  as +91…        purpose  "sign_in" or "reset"        ip  the asker's address
    shop   HOUSE for the pages of the house; a shop for its API; None when the asker named one that is not there: nothing is sent

    Call it outside any transaction. Raises TooManyTries: one in 30 seconds and 5 an hour for a phone, 20 an hour for an address.
    Raises ShopError "no_sms" where no SMS can be sent at all.
    """
    if not can_send():
        raise ShopError("no_sms", _("No code can be sent here: this installation sends no SMS. Sign in with your password."), "phone")
    _insist(f"code-asked:{household(ip)}", HOUR, 20)
    _insist(f"code-asked:{phone}:at-once", 30, 1)
    _insist(f"code-asked:{phone}", HOUR, 5)
    if shop is None:
        return
    try:
        with transaction.atomic():
            asked = _write(phone, purpose, shop)
            transaction.on_commit(lambda: async_task("shops.codes.send_code", asked.pk))
    except IntegrityError as error:
        if broken_rule(error) != "shops_signincode_one_open":  # asked twice at the same moment: the other one is on its way
            raise


def check_code(*, phone: str, code: str, purpose: str, shop: Place = HOUSE, ip: str) -> User:
    """The person whose phone got this code; the code is used up by it.

    Every try counts before it is looked at. Call it outside any transaction: what it counts must stay, whatever becomes of the act.
    Raises BadCode; TooManyTries after 20 wrong tries in a day for a phone, whatever the codes, or 60 in an hour for an address.
    """
    keys = (f"code-wrong:{household(ip)}", f"code-wrong:{phone}")
    _insist(keys[0], HOUR, 60)
    _insist(keys[1], DAY, 20)
    user = account_for(phone, shop) if _use(phone, plain_digits(code), purpose, shop) else None
    if user is None:
        raise BadCode
    for key in keys:
        take_back(key)
    return user


def send_code(code_id: int) -> None:
    """The worker's part: make the code, keep its hash, and send it when the phone is one that may sign in. Does nothing a second time."""
    asked = SignInCode.objects.select_related("shop").filter(pk=code_id).first()
    if asked is None:
        return
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    place, phone = asked.shop or HOUSE, asked.phone.as_e164
    unmade = SignInCode.objects.filter(pk=code_id, code_hash="", used_at=None, ended_at=None, expires_at__gt=timezone.now())
    if not unmade.update(code_hash=_hash(asked.purpose, place, phone, code)):
        return
    user = account_for(phone, place)
    if user is None:
        return
    try:
        send_sms(Sms(phone, _words(asked.purpose, code, user.language), kind="code", code=code))
    except Exception as error:  # whatever a gateway comes up with; its words may hold the code
        log.error("A code could not be sent by SMS: %s", error if type(error).__module__ == "shops.sms" else type(error).__name__)
    else:
        SignInCode.objects.filter(pk=code_id).update(sent_at=timezone.now())


def plain_digits(text: str) -> str:
    """A code as typed or pasted ("12 34 56", in any script) as 0-9."""
    return "".join(str(unicodedata.decimal(character)) for character in text[:40] if character.isdecimal())


def purge_codes() -> int:
    """Throw away codes of more than a week ago, and say how many."""
    gone, _rows = SignInCode.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()
    return gone


# --- the row ----------------------------------------------------------------------------------------------------
def _write(phone: str, purpose: str, shop: Shop | Where) -> SignInCode:
    now = timezone.now()
    _open(phone, purpose, shop).update(ended_at=now)
    at = None if shop is HOUSE else shop
    return SignInCode.objects.create(phone=phone, purpose=purpose, shop=at, made_at=now, expires_at=now + GOOD_FOR)


@transaction.atomic(durable=True)
def _use(phone: str, digits: str, purpose: str, shop: Place) -> bool:
    """Count a try at the open code, and use it up when it is right. The row's lock lets two at once take turns."""
    kept = _open(phone, purpose, shop).select_for_update(of=("self",)).first()
    now = timezone.now()
    is_right = any(constant_time_compare(kept.code_hash if kept else "", h) for h in _hashes(purpose, shop, phone, digits))
    if kept is None or kept.tries >= MOST_TRIES or kept.expires_at <= now:
        return False
    kept.tries = F("tries") + 1
    if is_right:
        kept.used_at = now
    kept.save(update_fields=["tries", "used_at"])
    return is_right


def _open(phone: str, purpose: str, shop: Place):
    rows = SignInCode.objects.filter(phone=phone, purpose=purpose, used_at=None, ended_at=None)
    if shop is None:
        return rows.none()
    return rows.filter(shop=None) if shop is HOUSE else rows.filter(shop=shop)


def _hashes(purpose: str, shop: Place, phone: str, digits: str) -> list[str]:
    """The code's hash under the installation's secret, then under those it had before."""
    return [_hash(purpose, shop, phone, digits, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _hash(purpose: str, shop: Place, phone: str, digits: str, secret: str = "") -> str:
    about = f"{purpose}:{shop.pk if isinstance(shop, Shop) else 0}:{phone}:{digits}"
    return salted_hmac("shops.codes", about, secret=secret or None, algorithm="sha256").hexdigest()


# --- words ------------------------------------------------------------------------------------------------------
def _words(purpose: str, code: str, language: str) -> str:
    """The message. An operator's own words (SMS_CODE_TEXT), where the law wants those that are registered."""
    if settings.SMS_CODE_TEXT:
        return settings.SMS_CODE_TEXT.replace("{code}", code)
    with translation.override(language):
        if purpose == Purpose.RESET:
            words = _("{code} is your SmartKirana code for a new password. It is good for 10 minutes. Never tell it to anybody.")
        else:
            words = _("{code} is your SmartKirana sign-in code. It is good for 10 minutes. Never tell it to anybody.")
    return words.format(code=code)


def _insist(key: str, per: int, most: int) -> None:
    if wait := count_try(key, per, most):
        raise TooManyTries(wait)
