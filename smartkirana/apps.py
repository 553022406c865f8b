from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps  # the module: a class in sight would count as an app of ours


class SmartKiranaConfig(AppConfig):
    name = "smartkirana"
    verbose_name = "SmartKirana"
    default = True


class HouseAdminConfig(admin_apps.AdminConfig):
    """Django's admin behind our own door."""

    default_site = "smartkirana.admin_site.HouseAdminSite"
    default = False
