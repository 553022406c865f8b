"""/health: the database answers and no migration waits."""

import pytest
from django.db import DatabaseError, connection

from smartkirana import health


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch):
    monkeypatch.setattr(health, "_applied", False)


def test_well(db, client):
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_a_waiting_migration_is_told(db, client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ledger'")
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "waiting" in answer.json()["migrations"]


def test_a_dead_database_is_told(db, client, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("gone")

    with monkeypatch.context() as dead:
        dead.setattr(connection, "cursor", refuse)
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "does not answer"}


def test_posting_to_it_is_refused(db, client):
    assert client.post("/health").status_code == 405


def test_once_well_the_migrations_are_not_looked_up_again(db, client, django_assert_num_queries):
    client.get("/health")
    with django_assert_num_queries(1):
        client.get("/health")
