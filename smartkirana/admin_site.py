"""The admin's door: who comes in, and by which sign-in."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache

from smartkirana.admin_tools import RowsOfOwnShops, may_open
from smartkirana.web import is_handed_over


class HouseAdminSite(admin.AdminSite):
    """Open to platform admins and to owners; signed in on the house's own page, where wrong tries are counted and locked out."""

    site_header = site_title = "SmartKirana"
    index_title = "The house"
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Not while somebody else may stand at the device: the admin shows all, and asks for no PIN."""
        return request.user.is_active and may_open(request) and not is_handed_over(request)

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """No form here, and none that could be guessed at: strangers go to the sign-in page, others in or away."""
        onward = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
            onward = reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(onward)
        if is_handed_over(request):
            return redirect(f"{reverse('this_is_me')}?{urlencode({'next': onward})}")
        if not self.has_permission(request):
            raise PermissionDenied("The admin is for owners.")
        return redirect(onward)

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """One page for it in the whole house: the one that counts tries."""
        return redirect("account_change_password")

    def get_urls(self) -> list:
        """The same pattern as Django's, before it: ours is the one that answers."""
        ours = path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.view_on_site), name="view_on_site")
        return [ours, *super().get_urls()]

    def view_on_site(self, request: HttpRequest, content_type_id: str, object_id: str) -> HttpResponse:
        """To a row's page in the shop. Django's own would tell the address of any row of any shop."""
        tables = {str(kind.pk): self._registry[model] for model, kind in ContentType.objects.get_for_models(*self._registry).items()}
        table = tables.get(content_type_id)
        if not isinstance(table, RowsOfOwnShops) or not table.has_view_permission(request):
            raise Http404("No such row.")
        row = table.get_object(request, object_id)
        if row is None or not hasattr(row, "get_absolute_url"):
            raise Http404("No such row.")
        return redirect(row.get_absolute_url())
