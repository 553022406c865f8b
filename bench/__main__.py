"""`python -m bench [bill] [pages] [pdf] …`: loads its own database once (20,000 products, 200,000 bills), then measures."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartkirana.settings")
os.environ.setdefault("SMARTKIRANA_ENV", "local")


def main(wanted: list[str]) -> int:
    from bench import database

    os.environ["DATABASE_URL"] = database.own_database()
    import django

    django.setup()
    from bench import cases, world
    from smartkirana.prepare import collect_static

    collect_static()
    shop = world.ready()
    unknown = set(wanted) - cases.ALL.keys()
    if unknown:
        print(f"No such measurement: {', '.join(sorted(unknown))}. There are: {', '.join(cases.ALL)}")
        return 2
    print(f"{'what':54}{'here':>12}{'floor':>12}{'ratio':>8}   budget")
    kept = [result for name, measure in cases.ALL.items() if not wanted or name in wanted for result in measure(shop)]
    missed = [r.what for r in kept if not r.kept]
    print(f"\n{len(kept) - len(missed)} of {len(kept)} budgets kept" + (f"; missed: {', '.join(missed)}" if missed else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
