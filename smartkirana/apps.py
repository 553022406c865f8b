from django.apps import AppConfig


class SmartKiranaConfig(AppConfig):
    name = "smartkirana"
    verbose_name = "SmartKirana"
