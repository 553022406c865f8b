"""PINs and what each role may do with them: one's own PIN, others' first one, the rules of the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shops import pins
from shops.access import Can, shop_page
from shops.errors import ShopError
from shops.forms import FirstPinForm, LimitsForm, MyPinForm, RoleForm
from shops.limits import all_limits, change_limits
from shops.models import CounterLimits, Membership, Pin
from shops.passwords import check_own_password
from shops.stand import stand_by_password
from smartkirana.web import sent


@never_cache
@shop_page(Can.SELL, methods=("GET", "POST"))
def my_pin(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own PIN in this shop, whoever stands at the device: the password is asked."""
    form = MyPinForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            check_own_password(request, form.cleaned_data["password"])
            pins.set_pin(membership=request.membership, pin=form.cleaned_data["pin"], by=request.user)
        except ShopError as error:
            form.add_error(error.field, error.message)
        else:
            stand_by_password(request)
            messages.success(request, _("Your PIN is set. It works at every counter of {shop}.").format(shop=request.shop))
            return redirect("shops:more", request.shop.slug)
    known = Pin.objects.filter(membership=request.membership).select_related("set_by", "membership").first()
    return render(request, "shops/my_pin.html", {"form": form, "pin": known}, status=422 if form.errors else 200)


@never_cache
@shop_page(Can.RUN_SHOP, methods=("POST",))
def first_pin(request: HttpRequest, member: int) -> HttpResponse:
    """An owner chooses a first PIN for somebody. For oneself there is `my_pin`, which asks the password."""
    place = member_with_pin(request, member)
    form = FirstPinForm(request.POST)
    if form.is_valid():
        try:
            if place.user in (request.user, request.cashier):
                raise ShopError("own_pin", _("Set your own PIN under “My counter PIN”: it asks your password."), "pin")
            pins.set_pin(membership=place, pin=form.cleaned_data["pin"], by=request.cashier)
        except ShopError as error:
            form.add_error("pin", error.message)
        else:
            messages.success(request, _("{name} has a PIN. Tell it to them now: nobody can read it later.").format(name=place.user))
            return redirect("shops:person", request.shop.slug, place.pk)
    return person_page(request, place, RoleForm(initial={"role": place.role}), form)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def clear_pin(request: HttpRequest, member: int) -> HttpResponse:
    """Take a PIN away: lost, seen by others, or too often wrong."""
    place = member_with_pin(request, member)
    if pins.clear_pin(membership=place, by=request.cashier):
        messages.success(request, _("{name} has no PIN any more.").format(name=place.user))
    return redirect("shops:person", request.shop.slug, place.pk)


def member_with_pin(request: HttpRequest, member: int) -> Membership:
    return get_object_or_404(request.shop.memberships.select_related("user", "pin", "pin__set_by"), pk=member)


def person_page(request: HttpRequest, place: Membership, form: RoleForm, pin_form: FirstPinForm | None = None) -> HttpResponse:
    """One person with their role and PIN; 422 when one of the forms was refused."""
    context = {"form": form, "place": place, "is_self": place.user_id == request.user.pk, "pin_form": pin_form or FirstPinForm()}
    bad = form.is_bound or pin_form is not None
    return render(request, "shops/person.html", context, status=422 if bad else 200)


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def counter_rules(request: HttpRequest) -> HttpResponse:
    """What staff and managers may do at the counter without asking."""
    now = all_limits(request.shop)
    forms = [LimitsForm(sent(request), prefix=role.value, role=role, limits=now[role]) for role in CounterLimits.LIMITED]
    right = [form.is_valid() for form in forms]  # each of them, so that both show what is wrong
    if request.method == "POST" and all(right):
        changed = [change_limits(shop=request.shop, role=form.role, by=request.cashier, limits=form.limits()) for form in forms]
        messages.success(request, _("Saved. It counts from the next bill on.") if any(changed) else _("Nothing was changed."))
        return redirect("shops:counter_rules", request.shop.slug)
    return render(request, "shops/counter_rules.html", {"forms": forms}, status=422 if request.method == "POST" else 200)
