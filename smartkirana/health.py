"""Is this installation able to work? For load balancers, `make run`, and people."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from shops.access import open_to_all


@open_to_all()  # tells nothing but ok, and load balancers have no account
def health(request: HttpRequest) -> JsonResponse:
    """200 {"status": "ok", …} when the database answers and no migration waits; 503 with the reason otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = migrations_waiting()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "does not answer"}, status=503)
    if waiting:
        return JsonResponse({"status": "unavailable", "database": "ok", "migrations": f"{waiting} waiting"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "migrations": "applied"})


_applied = False


def migrations_waiting() -> int:
    """How many of this code's migrations the database lacks. Asked until it is none: a process never gets new ones."""
    global _applied
    if _applied:
        return 0
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _applied = not waiting
    return waiting
