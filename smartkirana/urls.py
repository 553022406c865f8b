"""All addresses of the house. A shop's pages live under /s/<shop>/, so that two tabs can hold two shops."""

from django.contrib import admin
from django.urls import include, path, re_path

from smartkirana.api_root import api, nothing_here
from smartkirana.health import health

urlpatterns = [
    path("health", health, name="health"),
    path("admin/", admin.site.urls),
    path("api/", api.urls),
    re_path(r"^api(/.*)?$", nothing_here),
    path("", include("shops.entrance_urls")),
    path("b/", include("orders.public_urls")),
    path("k/", include("orders.khata.public_urls")),
    path("s/<slug:shop>/", include("shops.urls")),
    path("s/<slug:shop>/", include("catalog.urls")),
    path("s/<slug:shop>/", include("inventory.urls")),
    path("s/<slug:shop>/", include("orders.urls")),
    path("s/<slug:shop>/", include("ledger.urls")),
]
