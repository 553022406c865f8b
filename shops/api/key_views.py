"""Keys for programs: `/keys`, for owners."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from shops.access import Can
from shops.api.declare import operation
from shops.api.keys import SCOPES, keys_of, make_key, revoke_key
from shops.api.schemas import KeyIn, KeyOut, MessageOut, NewKeyOut
from smartkirana.api.fields import Id
from smartkirana.api.problems import NotThere

router = Router(tags=["keys"])


def _out(key) -> dict:
    fields = ("name", "start", "scopes", "made_at", "last_used_on", "revoked_at")
    return {"id": key.pk, "made_by": key.made_by.name, **{name: getattr(key, name) for name in fields}}


@operation(router, "GET", "", right=Can.RUN_SHOP, people=True, answer=list[KeyOut])
def list_keys(request: HttpRequest):
    """The shop's keys, those in use first."""
    return [_out(key) for key in keys_of(request.auth.shop)[:100]]


@operation(router, "POST", "", right=Can.RUN_SHOP, people=True, answer=NewKeyOut, status=201, problems={400})
def new_key(request: HttpRequest, body: KeyIn):
    """Make a key for a program; it acts as you, with the rights you name."""
    key, secret = make_key(shop=request.auth.shop, by=request.auth.user, name=body.name, scopes=body.scopes)
    return _out(key) | {"key": secret}


@operation(router, "GET", "/scopes", right=Can.RUN_SHOP, people=True, answer=dict[str, str])
def list_scopes(request: HttpRequest):
    """The rights a key may be given, and what they allow."""
    return {scope: str(right) for scope, right in SCOPES.items()}


@operation(router, "DELETE", "/{key_id}", right=Can.RUN_SHOP, people=True, answer=MessageOut, problems={404})
def end_key(request: HttpRequest, key_id: Id):
    """Revoke a key; from the next call on it is worth nothing."""
    key = keys_of(request.auth.shop).filter(pk=key_id).first()
    if key is None:
        raise NotThere("key")
    revoke_key(key=key)
    return {"message": "Revoked."}
