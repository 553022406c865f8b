"""Ending the sign-ins of a person: browsers, and what the API handed out, which hangs on sessions of the same kind."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from shops.models import User

MOST_DEVICES = 50  # browsers of one person; who signs in on yet another one is signed out on the oldest


def sign_out_everywhere(user: User, *, except_session: str | None = None) -> int:
    """Sign the person out on every device but that of `except_session` (a session's key); says how many there were."""
    rows = UserSession.objects.filter(user=user)
    return _end(rows.exclude(session_key=except_session) if except_session else rows)


def live_sessions(user: User) -> list[UserSession]:
    """Where the person is signed in, the newest first; those that ended meanwhile are thrown away. Three queries at most."""
    rows = list(UserSession.objects.filter(user=user).order_by("-created_at", "-pk"))
    kept = Session.objects.filter(expire_date__gt=timezone.now()).in_bulk([row.session_key for row in rows])
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    alive = [row for row in rows if row.session_key in kept and _is_of(kept[row.session_key], hashes)]
    if len(alive) < len(rows):
        _end(UserSession.objects.filter(user=user, pk__in={row.pk for row in rows} - {row.pk for row in alive}))
    return alive


def keep_within_bounds(user: User) -> None:
    """End the oldest browser sessions beyond MOST_DEVICES. Those of the API have bounds of their own."""
    browsers = UserSession.objects.filter(user=user, data={}).order_by("-created_at", "-pk")
    _end(UserSession.objects.filter(pk__in=list(browsers.values_list("pk", flat=True)[MOST_DEVICES:])))


def _end(rows) -> int:
    keys = list(rows.values_list("session_key", flat=True))
    if keys:
        Session.objects.filter(pk__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def _is_of(session: Session, hashes: list[str]) -> bool:
    """True while the person's password is still the one of the sign-in."""
    kept = session.get_decoded().get(HASH_SESSION_KEY, "")
    return any(constant_time_compare(kept, known) for known in hashes)
