"""Sentences in Hindi: `manage.py messages` brings the catalogue up to date and compiles it."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Puts every sentence of the sources into smartkirana/locale/hi/LC_MESSAGES/django.po and compiles it to django.mo."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the files are not up to date or not right")

    def handle(self, *, check, **options):
        try:
            from smartkirana import translating
        except ImportError as error:
            raise CommandError("polib is missing: .venv/bin/pip install -r requirements-dev.txt -c constraints.txt") from error
        path = translating.catalogue()
        po = translating.opened(path)
        translating.update(po, translating.in_house(Path(settings.BASE_DIR)))
        if wrong := translating.faults(po):
            raise CommandError("\n".join(wrong))
        files = {path: f"{po}\n".encode(), path.with_suffix(".mo"): translating.compiled(po)}
        old = [one.name for one, content in files.items() if not one.exists() or one.read_bytes() != content]
        if check and old:
            raise CommandError(f"{' and '.join(old)}: not what the sources say. Run make messages and commit both files.")
        for one, content in files.items():
            one.write_bytes(content)
        self.stdout.write(f"{path.parts[-3]}: {len(po.translated_entries())} translated, {len(po.untranslated_entries())} still English")
