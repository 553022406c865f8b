"""Sign-in, sign-up, sessions: `/auth`. Nothing here tells whether a phone is known, but for the 409 that sign-up owes its callers."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from ninja import Router

from shops import accounts, codes
from shops.access import Can
from shops.api import proofs
from shops.api.auth import Bearer
from shops.api.caller import CUSTOMER, Caller
from shops.api.declare import operation
from shops.api.limits import address_of, insist
from shops.api.schemas import (
    LoginIn,
    MeOut,
    MessageOut,
    RefreshIn,
    RegisteredOut,
    RegisterIn,
    SendCodeIn,
    SessionOut,
    TokensOut,
    VerifyCodeIn,
)
from shops.api.tokens import Tokens, close_session, open_session, renew, sessions_of
from shops.devices import device_words
from shops.models import Shop, User
from smartkirana.api.fields import Id
from smartkirana.api.problems import ApiProblem, NotThere

router = Router(tags=["auth"])
CODE_SENT = "If this phone may sign in here, a code is on its way to it. It is good for 10 minutes."
HOUR = 60 * 60


def shop_at(shop_id: int) -> Shop | None:
    """The open shop with this number."""
    return Shop.objects.filter(pk=shop_id, is_active=True).first()


def _tokens_out(user: User, shop: Shop, role: str, tokens: Tokens) -> dict:
    names = {"user_id": user.pk, "role": role, "shop_id": shop.pk, "phone": user.short_phone, "name": user.name}
    return {"access_token": tokens.access, "refresh_token": tokens.refresh, **names}


@operation(router, "POST", "/register", answer=RegisteredOut, status=201, open_to_all=True, problems={400, 401, 403, 404, 409})
def register(request: HttpRequest, body: RegisterIn):
    """Make an account. Anybody may become a customer; every other role needs the token of an owner of the shop."""
    insist(f"register:{address_of(request)}", most=30, per=HOUR)
    shop = shop_at(body.shop_id)
    if shop is None:
        raise NotThere("shop")
    about = {"shop": shop, "phone": body.phone, "name": body.name, "password": body.password, "email": body.email or ""}
    if body.role == CUSTOMER:
        user = accounts.register_customer(**about)
    else:
        user = accounts.add_person(by=_owner_of(request, shop).user, role=body.role, **about)
    return _tokens_out(user, shop, body.role, open_session(request, user, shop, body.role))


def _owner_of(request: HttpRequest, shop: Shop) -> Caller:
    if "Authorization" not in request.headers:
        raise ApiProblem(403, "owners_only", "Only an owner of the shop adds people who work there. Send the owner's token.")
    caller = Bearer(Can.RUN_SHOP)(request)
    if caller.shop.pk != shop.pk:
        raise ApiProblem(403, "other_shop", "Your token is for another shop.")
    return caller


@operation(router, "POST", "/login", answer=TokensOut, open_to_all=True, problems={401})
def login(request: HttpRequest, body: LoginIn):
    """Sign in with phone and password. Unknown phone, unknown shop and wrong password: the same words after the same time."""
    shop = shop_at(body.shop_id)
    user = proofs.by_password(request, shop, body.phone, body.password, body.second_code)
    role = accounts.role_in(user, shop)
    return _tokens_out(user, shop, role, open_session(request, user, shop, role))


@operation(router, "POST", "/send-otp", answer=MessageOut, open_to_all=True, problems={400})
def send_otp(request: HttpRequest, body: SendCodeIn):
    """Send a sign-in code to a phone by SMS. The answer is the same whether or not the phone is known."""
    codes.ask_code(phone=body.phone, purpose="sign_in", shop=shop_at(body.shop_id), ip=address_of(request))
    return {"message": CODE_SENT}


@operation(router, "POST", "/verify-otp", answer=TokensOut, open_to_all=True, problems={401})
def verify_otp(request: HttpRequest, body: VerifyCodeIn):
    """Sign in with the code that came by SMS: six digits, good for 10 minutes, 5 tries and one use."""
    shop = shop_at(body.shop_id)
    user = proofs.by_code(request, shop, body.phone, body.otp, body.second_code)
    role = accounts.role_in(user, shop)
    return _tokens_out(user, shop, role, open_session(request, user, shop, role))


@operation(router, "GET", "/me", answer=MeOut, customers=True)
def me(request: HttpRequest):
    """Who the token belongs to."""
    caller: Caller = request.auth
    user = caller.user
    about = {"user_id": user.pk, "phone": user.short_phone, "name": user.name, "email": user.email or None}
    return about | {"role": caller.role, "shop_id": caller.shop.pk}


@operation(router, "POST", "/refresh", answer=TokensOut, open_to_all=True, problems={401})
def refresh(request: HttpRequest, body: RefreshIn):
    """New tokens for a refresh token, which is used up. One that comes a second time ends its session."""
    caller, tokens = renew(body.refresh_token)
    return _tokens_out(caller.user, caller.shop, caller.role, tokens)


@operation(router, "POST", "/logout", answer=MessageOut, customers=True, people=True)
def logout(request: HttpRequest):
    """Sign this device out. Its tokens are worth nothing from now on."""
    close_session(request.auth.session)
    return {"message": "Signed out."}


@operation(router, "GET", "/sessions", answer=list[SessionOut], customers=True, people=True)
def list_sessions(request: HttpRequest):
    """Where one is signed in to this shop by the API, the newest first."""
    caller: Caller = request.auth
    mine = sessions_of(caller.user, caller.shop)
    return [_session_out(session) | {"is_this": session.session_key == caller.session} for session in mine]


def _session_out(session: UserSession) -> dict:
    return {"id": session.pk, "device": device_words(session.user_agent), "ip": session.ip, "created_at": session.created_at}


@operation(router, "DELETE", "/sessions/{session_id}", answer=MessageOut, customers=True, people=True, problems={404})
def end_session(request: HttpRequest, session_id: Id):
    """Sign one of one's own devices out."""
    found = sessions_of(request.auth.user, request.auth.shop).filter(pk=session_id).first()
    if found is None:
        raise NotThere("session")
    found.end()
    return {"message": "Signed out."}
