"""The way into a shop: choosing one, and joining one."""

from __future__ import annotations

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from shops import services
from shops.access import open_to_all, signed_in
from shops.errors import ShopError
from shops.forms import JoinAsMyselfForm, JoinForm
from shops.landing import first_page
from shops.selectors import places_of
from smartkirana.web import sent


@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """To work: straight into the only shop, else to the choice."""
    places = list(places_of(request.user)[:2])
    if len(places) == 1:
        return redirect(first_page(places[0]))
    return redirect("choose_shop")


@signed_in()
def choose(request: HttpRequest) -> HttpResponse:
    """All shops one works in."""
    places = [(place, first_page(place)) for place in places_of(request.user)]
    return render(request, "shops/choose.html", {"places": places})


@never_cache
@open_to_all(methods=("GET", "POST"))  # who joins has no account yet
def join(request: HttpRequest) -> HttpResponse:
    """Take up an invitation with the code the owner told. A wrong code never tells whether the phone is known here."""
    known = request.user.is_authenticated
    form = (JoinAsMyselfForm if known else JoinForm)(sent(request))
    if request.method != "POST" or not form.is_valid():
        return _join_page(request, form)
    phone = request.user.phone.as_e164 if known else form.cleaned_data["phone"]
    if not ratelimit.consume(request, action="join", key=phone):
        return ratelimit.respond_429(request)
    try:
        place = services.join(**{"phone": phone, "user": request.user if known else None} | form.cleaned_data)
    except ShopError as error:
        if error.code == "sign_in_first":
            messages.info(request, error.message)
            return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('join')})}")
        form.add_error(error.field, error.message)
        return _join_page(request, form)
    messages.success(request, f"Welcome to {place.shop}.")
    return redirect(first_page(place)) if known else perform_login(request, place.user, redirect_url=first_page(place))


def _join_page(request: HttpRequest, form: JoinForm | JoinAsMyselfForm) -> HttpResponse:
    return render(request, "shops/join.html", {"form": form}, status=422 if form.errors else 200)
