"""Prove the books over all data: events, entries, stock, khata, money, taxes and bill numbers agree."""

from django.core.management.base import BaseCommand, CommandError

from ledger.checks import MOST_NAMED, RULES, Breach, run
from shops.models import Shop


class Command(BaseCommand):
    help = "Prove that the books agree with bills, stock and khata. Prints one line for each rule; exit code 1 when one is broken."

    def add_arguments(self, parser):
        parser.add_argument("--shop", default="", help="address (slug) of one shop; without it, all shops")
        parser.add_argument("--quiet", action="store_true", help="print broken rules only")

    def handle(self, *args, shop, quiet, **options):
        shops = dict(Shop.objects.filter(**({"slug": shop} if shop else {})).values_list("pk", "slug"))
        if shop and not shops:
            raise CommandError(f"There is no shop {shop}.")
        broken = 0
        for rule, breaches in run(list(shops)):
            if breaches:
                broken += 1
                self.stdout.write(f"✗ {rule.words} ({breaches[0].count} not)")
                self._name(breaches)
            elif not quiet:
                self.stdout.write(f"✓ {rule.words}")
        if broken:
            raise CommandError(f"{broken} of {len(RULES)} rules are broken.", returncode=1)
        if not quiet:
            self.stdout.write(f"The books of {len(shops)} shop{'s' * (len(shops) != 1)} agree.")

    def _name(self, breaches: list[Breach]) -> None:
        for breach in breaches:
            self.stdout.write(f"    {breach.shop}: {breach.what}")
        if breaches[0].count > MOST_NAMED:
            self.stdout.write(f"    … and {breaches[0].count - MOST_NAMED} more")
