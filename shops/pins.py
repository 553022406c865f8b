"""PINs of the counter: 4 to 6 digits that prove a person to a device which is signed in already.

Only a hash is kept. The digits are mixed with the installation's secret and the membership before Django's hasher sees them, so that
neither a stolen database nor a hash moved to another row is worth anything: ten thousand PINs alone would be tried in minutes.

Each try is written down before it is looked at. However many workers ask at the same moment, five are looked at, and no more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shops.errors import ShopError
from shops.models import Membership, Pin, Shop, User
from shops.signals import counter_fact

FEWEST_DIGITS, MOST_DIGITS = 4, 6
MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=5)  # also how long wrong tries count; each further lock in a row is twice as long
LONGEST_LOCK = timedelta(minutes=80)
OFTEN_CHOSEN = {"1004", "2580", "0852", "5683", "6969", "7007", "0007", "1122", "1313", "112233", "159753", "123321", "456789"}


class WrongPin(ShopError):
    """A try that was looked at and was wrong; the fifth in a row has the code "pin_locked". `left` tries remain."""

    def __init__(self, code: str, message: str, left: int) -> None:
        super().__init__(code, message, "pin")
        self.left = left


def clean_pin(text: str) -> str:
    """The digits as typed, in any script, as 0–9. Raises ShopError "bad_pin" for anything but 4 to 6 digits."""
    typed = text.strip()
    if not (FEWEST_DIGITS <= len(typed) <= MOST_DIGITS and typed.isdecimal()):
        raise ShopError("bad_pin", _("A PIN has 4 to 6 digits."), "pin")
    return "".join(str(unicodedata.decimal(digit)) for digit in typed)


@transaction.atomic
def set_pin(*, membership: Membership, pin: str, by: User) -> Pin:
    """Give a member a new PIN in place of the one they had; whoever stands at a counter by the old one is locked out at once.

    Setting the same one again, as a second press does, only takes wrong tries back.
    Raises ShopError "bad_pin", "weak_pin", "not_at_work"; "has_pin" when another than the person sets one over theirs.
    """
    digits = clean_pin(pin)
    place = Membership.objects.select_for_update(of=("self",), no_key=True).select_related("user", "shop").get(pk=membership.pk)
    if not place.is_active:
        raise ShopError("not_at_work", _("{name} does not work here now.").format(name=place.user), "pin")
    if is_weak(digits, place.user):
        raise ShopError("weak_pin", _("Too easy to guess. Not a row like 1234 or 1111, a year, or a part of the phone."), "pin")
    known = Pin.objects.filter(membership=place).first()
    if known and known.set_by_id == by.pk and _is_right(known, digits):
        _forget_tries(known)
        return known
    if known and by.pk != place.user_id:
        raise ShopError("has_pin", _("{name} has a PIN already. Clear it first.").format(name=place.user), "pin")
    if known:
        known.delete()
    new = Pin(shop=place.shop, membership=place, digits=len(digits), set_by=by)
    new.hash = make_password(_mixed(place.pk, digits, settings.SECRET_KEY))
    new.save(force_insert=True)
    _tell(place, "pin_set", by)
    return new


@transaction.atomic
def clear_pin(*, membership: Membership, by: User) -> bool:
    """Take a member's PIN away, at once wherever they stand. False when there was none."""
    gone, _rows = Pin.objects.filter(membership=membership).delete()
    if gone:
        _tell(membership, "pin_cleared", by)
    return bool(gone)


def check_pin(membership: Membership, pin: str) -> Pin:
    """The member's PIN row when `pin` is theirs; wrong tries are counted, across all workers.

    Call it outside any transaction: what it counts must stay, whatever becomes of the act.
    Raises ShopError "bad_pin" (not counted), "no_pin", "pin_locked"; WrongPin "wrong_pin" or, at the fifth, "pin_locked".
    """
    digits = clean_pin(pin)
    kept = _count_try(membership, timezone.now())
    if _is_right(kept, digits):
        _forget_tries(kept)
        return kept
    left = MOST_TRIES - kept.wrong
    if left > 0:
        words = ngettext("Wrong PIN for {name}. {left} try left.", "Wrong PIN for {name}. {left} tries left.", left)
        raise WrongPin("wrong_pin", words.format(name=membership.user, left=left), left)
    raise WrongPin("pin_locked", _locked_words(membership, kept.locked_until, timezone.now()), 0)


def is_weak(digits: str, user: User) -> bool:
    """True for what people try first: one digit over and over, a run, a pair repeated, a year, the person's own phone."""
    steps = {int(b) - int(a) for a, b in pairwise(digits)}
    repeated = any(digits == digits[:n] * (len(digits) // n) for n in (1, 2, 3) if len(digits) % n == 0)
    year = len(digits) == 4 and "1940" <= digits <= "2039"
    return steps <= {1} or steps <= {-1} or repeated or year or digits in OFTEN_CHOSEN or digits in user.short_phone


# --- counting ---------------------------------------------------------------------------------------------------
@transaction.atomic(durable=True)
def _count_try(membership: Membership, now: datetime) -> Pin:
    """Write the try down as a wrong one, under the row's lock; a right one takes it back."""
    kept = Pin.objects.select_for_update(of=("self",), no_key=True).filter(membership=membership).first()
    if kept is None:
        raise ShopError("no_pin", _("{name} has no PIN yet: it is set under “My counter PIN”.").format(name=membership.user), "pin")
    if kept.locked_until and kept.locked_until > now:
        raise ShopError("pin_locked", _locked_words(membership, kept.locked_until, now), "pin")
    over = kept.locked_until is not None or kept.wrong_at is None or now - kept.wrong_at > LOCKED_FOR
    kept.wrong, kept.wrong_at, kept.locked_until = (1 if over else kept.wrong + 1), now, None
    if kept.wrong >= MOST_TRIES:
        kept.locked_until = now + min(LOCKED_FOR * 2 ** min(kept.lockouts, 10), LONGEST_LOCK)
        kept.lockouts = min(kept.lockouts + 1, 1000)
    kept.save(update_fields=["wrong", "wrong_at", "locked_until", "lockouts"])
    return kept


def _locked_words(membership: Membership, until: datetime | None, now: datetime) -> str:
    minutes = 1 if until is None else max(1, -int((now - until).total_seconds() // 60))
    words = ngettext(
        "Five wrong PINs for {name}. It opens again in {minutes} minute.",
        "Five wrong PINs for {name}. It opens again in {minutes} minutes.",
        minutes,
    )
    return words.format(name=membership.user, minutes=minutes)


def _forget_tries(kept: Pin) -> None:
    Pin.objects.filter(pk=kept.pk).update(wrong=0, wrong_at=None, lockouts=0, locked_until=None)


# --- the hash ---------------------------------------------------------------------------------------------------
def _is_right(kept: Pin, digits: str) -> bool:
    return any(check_password(_mixed(kept.membership_id, digits, secret), kept.hash) for secret in _secrets())


def _secrets() -> Iterator[str]:
    """The installation's secret, then those it had before."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _mixed(membership_id: int, digits: str, secret: str) -> str:
    return salted_hmac("shops.pin", f"{membership_id}:{digits}", secret=secret, algorithm="sha256").hexdigest()


def _tell(place: Membership, kind: str, by: User) -> None:
    counter_fact.send(sender=Shop, shop=place.shop, kind=kind, by=by, details={"person": str(place.user)[:80]})
