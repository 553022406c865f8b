"""`manage.py db start|stop|status|psql`: the embedded database by hand."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from smartkirana import postgres


class Command(BaseCommand):
    help = "Start, stop or look at the embedded PostgreSQL, or open psql on it."
    requires_system_checks: list[str] = []  # it must work while the database is down

    def add_arguments(self, parser):
        parser.add_argument("act", choices=["start", "stop", "status", "psql"])

    def handle(self, *args, act: str, **options):
        if settings.DATABASE_URL:
            raise CommandError("DATABASE_URL names the server, so the embedded PostgreSQL is not in use. Use that server's own tools.")
        try:
            getattr(self, act)()
        except postgres.DatabaseNotReady as e:
            raise CommandError(str(e)) from e

    def start(self):
        self.stdout.write("Started." if postgres.start() else "It was running already.")

    def stop(self):
        self.stdout.write("Stopped." if postgres.stop() else "It was not running.")

    def status(self):
        now = postgres.status()
        if now.running:
            self.stdout.write(f"PostgreSQL {now.version} runs: process {now.pid}, {now.connections} connection(s), socket in {now.host}")
        else:
            self.stdout.write("It does not run.")
        self.stdout.write(f"Data: {now.data_dir}\nLog:  {now.log}")

    def psql(self):
        postgres.ensure_running()
        command, environment = postgres.psql_command()
        os.execve(command[0], command, {**os.environ, **environment})  # noqa: S606 (our own psql, no shell)
