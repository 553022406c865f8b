"""Tokens of the API: JWTs that hang on a device session in the database, so that signing the device out ends them at once.

The access token says who, in which shop, as what; it is believed only while its session is there and the person's password is the
one of the sign-in. A refresh token is good once: one that comes a second time was copied, and ends the session.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.headless.tokens.strategies.jwt import internal as jwt
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from shops.api.caller import CUSTOMER, Caller, rights_of
from shops.limits import carried_limits, with_limits
from shops.models import Membership, Shop, User
from smartkirana.api.problems import ApiProblem

SHOP = "api_shop"  # in the session: the shop that its tokens are for
MOST_DEVICES = 50  # a program that signs in for every request must not fill the table: the oldest go


@dataclass(frozen=True, slots=True)
class Tokens:
    access: str
    refresh: str


def open_session(request: HttpRequest, user: User, shop: Shop, role: str) -> Tokens:
    """Sign a person in on the calling device. The session is one of theirs, beside those of browsers."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY], session[SHOP] = user.get_session_auth_hash(), shop.pk
    session.set_expiry(settings.HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN)
    session.create()
    tokens = _tokens(user, session, role)
    session.save()
    agent = request.headers.get("User-Agent", "")[: UserSession._meta.get_field("user_agent").max_length]
    UserSession.objects.create(
        user=user, ip=get_adapter().get_client_ip(request), session_key=session.session_key, user_agent=agent, data={SHOP: shop.pk}
    )
    for old in list(sessions_of(user, shop)[MOST_DEVICES:]):
        old.end()
    return tokens


def sessions_of(user: User, shop: Shop):
    """The API sessions of a person in the shop, the newest first."""
    return UserSession.objects.filter(user=user, data__api_shop=shop.pk).order_by("-created_at", "-pk")


def _tokens(user: User, session: SessionStore, role: str) -> Tokens:
    claims = {"user_id": user.pk, "shop_id": session[SHOP], "role": role}
    return Tokens(jwt.create_access_token(user, session, claims), jwt.create_refresh_token(user, session))


def caller_of(token: str) -> Caller | None:
    """Who holds an access token; None when it is not ours, too old, or its session, person or place in the shop is gone. Two queries."""
    payload = jwt.decode_token(token, "access")
    key = payload and jwt.session_key_from_sid(payload["sid"])
    if not key:
        return None
    session = SessionStore(key)
    return caller_in(session) if session.get(SHOP) and session[SESSION_KEY] == payload["sub"] else None


def caller_in(session: SessionStore) -> Caller | None:
    """The person of a loaded API session, with role and rights as they are now."""
    shop_id, user_id = session[SHOP], int(session[SESSION_KEY])
    places = with_limits(Membership.objects.select_related("shop", "user"))
    place = places.filter(user=user_id, shop=shop_id, is_active=True, shop__is_active=True, user__is_active=True).first()
    if place is not None:
        user, role, limits = place.user, place.role, carried_limits(place)
    else:
        account = User.everybody.select_related("customer_of").filter(pk=user_id, customer_of=shop_id, is_active=True).first()
        if account is None or not account.customer_of.is_active:
            return None
        user, role, limits = account, CUSTOMER, None
    if not constant_time_compare(session[HASH_SESSION_KEY], user.get_session_auth_hash()) or (user.is_demo and not settings.LOCAL):
        return None
    shop = place.shop if place is not None else user.customer_of
    kept = {"limits": limits} if limits else {}
    return Caller(user, shop, role, rights_of(role), session=session.session_key, **kept)


def renew(refresh: str) -> tuple[Caller, Tokens]:
    """New tokens for a refresh token, which is used up by it. Raises ApiProblem 401, for a copied one after ending its session."""
    payload = jwt.decode_token(refresh, "refresh")
    key = payload and jwt.session_key_from_sid(payload["sid"])
    with transaction.atomic():
        # Two who come with one token take turns: the second finds it used.
        if not key or not Session.objects.select_for_update().filter(pk=key).exists():
            raise signed_out()
        session = SessionStore(key)
        caller = caller_in(session) if session.get(SHOP) and session[SESSION_KEY] == payload["sub"] else None
        known = jwt.get_refresh_token_state(session)
        if caller is not None and payload["jti"] in known:
            jwt.invalidate_refresh_token(session, payload)
            tokens = _tokens(caller.user, session, caller.role)
            session.set_expiry(settings.HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN)
            session.save()
            return caller, tokens
    close_session(key)
    raise signed_out()


def signed_out() -> ApiProblem:
    return ApiProblem(401, "signed_out", "This sign-in has ended. Sign in again.")


def close_session(key: str) -> None:
    """Sign a device out; its tokens are worth nothing from now on."""
    SessionStore().delete(key)
    UserSession.objects.filter(session_key=key).delete()
