"""`manage.py daily_alerts`: the morning's job by hand. What was told today is not told again."""

from django.core.management.base import BaseCommand, CommandError

from inventory.daily import daily_alerts


class Command(BaseCommand):
    help = "Work out the paces and make today's notices, as the background worker does each morning."

    def handle(self, *args, **options):
        done = daily_alerts()
        self.stdout.write(f"{done['made']} notices made, {done['nothing']} shops with nothing new.")
        if done["failed"]:
            raise CommandError(f"{done['failed']} shops failed; the log says why.")
