"""A database of the bench's own, beside the shop's, so that measuring touches nobody's books."""

from __future__ import annotations

import os
from urllib.parse import quote, urlsplit, urlunsplit

import environ
import psycopg

from smartkirana import postgres

NAME = "smartkirana_bench"


def own_database(name: str = NAME, *, anew: bool = False) -> str:
    """Make the bench's database if it is missing (anew: an empty one in any case); its address as a DATABASE_URL."""
    given = os.environ.get("DATABASE_URL", "")
    if given:
        parts = urlsplit(given)
        url = urlunsplit(parts._replace(path=f"/{name}"))
        server = environ.Env.db_url_config(given)
    else:
        server = postgres.ensure_running()
        socket = str(server["HOST"])
        host, query = ("", f"?host={quote(socket)}&port={server['PORT']}") if socket.startswith("/") else (f"{socket}:{server['PORT']}", "")
        url = f"postgres://{server['USER']}:{server.get('PASSWORD') or ''}@{host}/{name}{query}"
    with psycopg.connect(
        host=server.get("HOST") or None,
        port=server.get("PORT") or None,
        user=server.get("USER") or None,
        password=server.get("PASSWORD") or None,
        dbname=server["NAME"],
        autocommit=True,
    ) as connection:
        if anew:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return url
