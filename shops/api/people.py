"""Who works in the shop: `/people`, for owners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shops import pins, services
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from shops.api.formed import checked
from shops.api.limits import insist
from shops.api.proofs import FIVE_MINUTES, TRIES_OF_A_PHONE
from shops.api.schemas import MessageOut
from shops.api.schemas_house import InvitationOut, InviteIn, NewInvitationOut, OwnPinIn, PersonOut, PinIn, RoleIn
from shops.errors import ShopError
from shops.forms import InviteForm
from shops.models import Invitation, Membership, Shop
from shops.selectors import open_invitations, people_of
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["people"])


def _person(place: Membership) -> dict[str, Any]:
    return {
        "id": place.pk,
        "user_id": place.user_id,
        "name": place.user.name,
        "phone": place.user.short_phone,
        "role": place.role,
        "is_active": place.is_active,
        "has_pin": hasattr(place, "pin"),
        "since": place.created_at,
    }


def _invitation(asked: Invitation) -> dict[str, Any]:
    phone = asked.phone.as_e164.removeprefix("+91")
    return {"id": asked.pk, "name": asked.name, "phone": phone, "role": asked.role, "expires_at": asked.expires_at}


def _place(shop: Shop, pk: int) -> Membership:
    found = people_of(shop).filter(pk=pk).first()
    if found is None:
        raise NotThere("person")
    return found


@operation(router, "GET", "", right=Can.RUN_SHOP, answer=list[PersonOut], paged=True)
def list_people(request: HttpRequest, response: HttpResponse, part: Query[Paging]):
    """Everybody who works or worked in the shop, at work first."""
    return [_person(place) for place in page_of(people_of(request.auth.shop), part, response)]


@operation(router, "GET", "/invitations", right=Can.RUN_SHOP, answer=list[InvitationOut], paged=True)
def list_invitations(request: HttpRequest, response: HttpResponse, part: Query[Paging]):
    """Who has been asked to join and has not come yet."""
    return [_invitation(asked) for asked in page_of(open_invitations(request.auth.shop), part, response)]


@operation(router, "POST", "/invitations", right=Can.RUN_SHOP, people=True, answer=NewInvitationOut, status=201, problems={400})
def invite_person(request: HttpRequest, body: InviteIn):
    """Ask a person to join; the answer has the code to tell them, this once. A second one for a phone ends the first."""
    asked, code = services.invite(shop=request.auth.shop, by=request.auth.user, **checked(InviteForm(body.model_dump())))
    return _invitation(asked) | {"code": code}


@operation(router, "DELETE", "/invitations/{invitation_id}", right=Can.RUN_SHOP, people=True, answer=MessageOut, problems={404})
def withdraw_invitation(request: HttpRequest, invitation_id: Id):
    """Take an invitation back: its code is worth nothing from now on."""
    asked = open_invitations(request.auth.shop).filter(pk=invitation_id).first()
    if asked is None:
        raise NotThere("invitation")
    asked.delete()
    return {"message": f"The invitation to {asked.name} is withdrawn."}


@operation(router, "PUT", "/me/pin", right=Can.SELL, people=True, answer=MessageOut, problems={400})
def set_own_pin(request: HttpRequest, body: OwnPinIn):
    """Set the caller's own counter PIN in this shop; their password is asked."""
    caller: Caller = request.auth
    insist(f"own pin:{caller.user.pk}", most=TRIES_OF_A_PHONE, per=FIVE_MINUTES)
    if not caller.user.check_password(body.password):
        raise ShopError("wrong_password", "This is not your present password.", "password")
    pins.set_pin(membership=Membership.objects.get(shop=caller.shop, user=caller.user), pin=body.pin, by=caller.user)
    return {"message": f"Your PIN is set. It works at every counter of {caller.shop}."}


# --- one person; below the addresses that are words
@operation(router, "PUT", "/{person_id}", right=Can.RUN_SHOP, people=True, answer=PersonOut, problems={400, 404})
def change_person(request: HttpRequest, person_id: Id, body: RoleIn):
    """Give a person another role; one who was removed works here again with it."""
    place = _place(request.auth.shop, person_id)
    services.give_role(membership=place, role=body.role, by=request.auth.user)
    return _person(_place(request.auth.shop, person_id))


@operation(router, "DELETE", "/{person_id}", right=Can.RUN_SHOP, people=True, answer=MessageOut, problems={400, 404})
def remove_person(request: HttpRequest, person_id: Id):
    """End a person's place in the shop, at once; what they did stays under their name."""
    place = _place(request.auth.shop, person_id)
    services.remove_member(membership=place)
    return {"message": f"{place.user} is removed and sees nothing of the shop any more."}


@operation(router, "PUT", "/{person_id}/pin", right=Can.RUN_SHOP, people=True, answer=MessageOut, problems={400, 404})
def give_first_pin(request: HttpRequest, person_id: Id, body: PinIn):
    """Give somebody their first counter PIN; nobody can read it later. One's own is set at /people/me/pin."""
    place = _place(request.auth.shop, person_id)
    if place.user_id == request.auth.user.pk:
        raise ShopError("own_pin", "Set your own PIN at /people/me/pin: it asks your password.", "pin")
    pins.set_pin(membership=place, pin=body.pin, by=request.auth.user)
    return {"message": f"{place.user} has a PIN. Tell it to them now."}


@operation(router, "DELETE", "/{person_id}/pin", right=Can.RUN_SHOP, people=True, answer=MessageOut, problems={404})
def clear_persons_pin(request: HttpRequest, person_id: Id):
    """Take a PIN away: lost, seen by others, or too often wrong."""
    place = _place(request.auth.shop, person_id)
    pins.clear_pin(membership=place, by=request.auth.user)
    return {"message": f"{place.user} has no PIN any more."}
