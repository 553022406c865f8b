"""What a local run keeps in `var/`: the secret made once, and the embedded database."""

import os
import secrets
from pathlib import Path

import environ


def secret_key(var: Path) -> str:
    """The secret of this checkout, made at first use and kept in `var/secret_key` (mode 0600), never committed."""
    path = var / "secret_key"
    var.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as f:
            f.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


def database(url: str, var: Path, *, needed: bool) -> dict:
    """Django's parameters for the server `url` names, else for the embedded PostgreSQL, started here when `needed`."""
    if url:
        return environ.Env.db_url_config(url)
    if not needed:
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "smartkirana"}
    from smartkirana import postgres

    return postgres.ensure_running()
