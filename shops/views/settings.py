"""What the shop says of itself, its counters, and the list of all pages."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from shops import gstin, services
from shops.access import Can, shop_page
from shops.errors import ShopError
from shops.forms import CounterChangeForm, CounterForm, ShopForm
from smartkirana.web import sent, show


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def settings(request: HttpRequest) -> HttpResponse:
    """The shop's own words and rules; bills already given keep theirs."""
    form = ShopForm(sent(request), instance=copy(request.shop))  # a copy: a refused name must not stand in the page's head
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_shop(shop=request.shop, **form.cleaned_data)
        except ShopError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "Saved. Bills from now on show it." if changed else "Nothing was changed.")
            return redirect("shops:settings", request.shop.slug)
    context = {"form": form, "counters": request.shop.counters.all(), "gstin_says": _gstin_says(form["gstin"].value() or "")}
    return render(request, "shops/settings.html", context, status=422 if form.is_bound else 200)


@shop_page(Can.RUN_SHOP)
def gstin_check(request: HttpRequest) -> HttpResponse:
    """What the GSTIN being typed tells, for the line under its box."""
    typed = request.GET.get("gstin", "")[:40]
    return show(request, "shops/settings.html#gstin_note", {"gstin_says": _gstin_says(typed)})


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def add_counter(request: HttpRequest) -> HttpResponse:
    """A further till."""
    form = CounterForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            counter = services.add_counter(shop=request.shop, **form.cleaned_data)
        except ShopError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, f"{counter} is ready. Its bills begin with {counter.code}/.")
            return redirect("shops:settings", request.shop.slug)
    return render(request, "shops/counter.html", {"form": form}, status=422 if form.is_bound else 200)


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def counter(request: HttpRequest, counter: int) -> HttpResponse:
    """Rename a till, change its paper, take it out of use."""
    till = get_object_or_404(request.shop.counters, pk=counter)
    form = CounterChangeForm(sent(request), instance=copy(till))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_counter(counter=till, **form.cleaned_data)
        except ShopError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, f"{till} is saved.")
            return redirect("shops:settings", request.shop.slug)
    return render(request, "shops/counter.html", {"form": form, "till": till}, status=422 if form.is_bound else 200)


@shop_page(Can.ENTER)
def more(request: HttpRequest) -> HttpResponse:
    """Every page one may open, for a phone; and what concerns oneself."""
    return render(request, "shops/more.html")


def _gstin_says(typed: str) -> dict[str, str]:
    if not typed.strip():
        return {}
    try:
        number = gstin.parse_gstin(typed)
    except gstin.GstinError as error:
        return {"bad": error.message}
    holder = gstin.pan_holder(number.pan)
    words = f"{number.state}, PAN {number.pan}" if number.pan else number.state
    return {"good": f"{words} ({holder})" if holder else words, "warning": number.warning}
