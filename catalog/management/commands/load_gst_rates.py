from django.core.management.base import BaseCommand

from catalog.gst import load_gst_rates


class Command(BaseCommand):
    help = "Make the GST rates agree with the data file. Runs after every migration too; safe at any time."

    def handle(self, *args, **options) -> None:
        count = load_gst_rates(using="default")
        self.stdout.write(f"{count} goods of the GST schedules are loaded.")
