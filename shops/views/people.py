"""Who works in the shop: inviting, changing roles, removing. The owner's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from shops import services
from shops.access import Can, shop_page
from shops.errors import ShopError
from shops.forms import InviteForm, RoleForm
from shops.models import Invitation, Membership
from shops.selectors import open_invitations, people_of
from shops.views.pins import member_with_pin, person_page
from smartkirana.web import sent


@shop_page(Can.RUN_SHOP)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a place in the shop, and who has been asked to join."""
    everybody = list(people_of(request.shop))
    context = {
        "at_work": [person for person in everybody if person.is_active],
        "removed": [person for person in everybody if not person.is_active],
        "invitations": open_invitations(request.shop),
        "now": timezone.now(),
    }
    return render(request, "shops/people.html", context)


@never_cache
@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def invite(request: HttpRequest) -> HttpResponse:
    """Ask a person to join; the answer shows the code, this once."""
    form = InviteForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            return _invited(request, *services.invite(shop=request.shop, by=request.cashier, **form.cleaned_data))
        except ShopError as error:
            form.add_error(error.field, error.message)
    return render(request, "shops/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@shop_page(Can.RUN_SHOP, methods=("POST",))
def new_code(request: HttpRequest, invitation: int) -> HttpResponse:
    """The code was lost or is too old: a new one, which ends the old one."""
    asked = _invitation(request, invitation)
    try:
        told = services.invite(shop=request.shop, by=request.cashier, name=asked.name, phone=asked.phone.as_e164, role=asked.role)
    except ShopError as error:
        messages.error(request, error.message)
        return redirect("shops:people", request.shop.slug)
    return _invited(request, *told)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def withdraw(request: HttpRequest, invitation: int) -> HttpResponse:
    """Take an invitation back: its code is worth nothing from now on."""
    asked = _invitation(request, invitation)
    asked.delete()
    messages.success(request, f"The invitation to {asked.name} is withdrawn.")
    return redirect("shops:people", request.shop.slug)


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def person(request: HttpRequest, member: int) -> HttpResponse:
    """One person: their role, and the way out. A removed one can be taken back with a role."""
    place = member_with_pin(request, member)
    form = RoleForm(sent(request), initial={"role": place.role})
    if request.method == "POST" and form.is_valid():
        try:
            _save_role(request, place, form.cleaned_data["role"])
        except ShopError as error:
            form.add_error(error.field, error.message)
        else:
            own = place.user == request.user and place.role != "owner"
            return redirect("home") if own else redirect("shops:people", request.shop.slug)
    return person_page(request, place, form)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def remove(request: HttpRequest, member: int) -> HttpResponse:
    """End a person's place in the shop, at once."""
    place = _member(request, member)
    try:
        services.remove_member(membership=place)
    except ShopError as error:
        messages.error(request, error.message)
        return redirect("shops:person", request.shop.slug, place.pk)
    if place.user == request.user:
        messages.success(request, f"You have left {request.shop}.")
        return redirect("home")
    messages.success(request, f"{place.user} is removed and sees nothing of the shop any more.")
    return redirect("shops:people", request.shop.slug)


def _save_role(request: HttpRequest, place: Membership, role: str) -> None:
    worked = place.is_active
    services.give_role(membership=place, role=role, by=request.cashier)
    label = place.get_role_display().lower()
    messages.success(request, f"{place.user} is now {label}." if worked else f"{place.user} works here again, as {label}.")


def _invited(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    return render(request, "shops/invited.html", {"invitation": invitation, "code": f"{code[:4]}-{code[4:]}"})


def _member(request: HttpRequest, member: int) -> Membership:
    return get_object_or_404(request.shop.memberships.select_related("user"), pk=member)


def _invitation(request: HttpRequest, invitation: int) -> Invitation:
    return get_object_or_404(open_invitations(request.shop), pk=invitation)
