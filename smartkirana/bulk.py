"""Many rows in one statement, without building the query anew each time: for the few INSERTs that every bill makes.

`Model.objects.bulk_create` writes the same rows (the tests compare them) and is right everywhere else; on a bill of
five lines, two thirds of its time is spent composing SQL that never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.db import connection, models


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert unsaved instances of one model, all their columns but the id; every value must be of the column's own Python type.

    No signals, no ids back, no defaults of the database: what stands on the instance is what is written.
    """
    if not rows:
        return
    statement, columns = _statement(type(rows[0]))
    with connection.cursor() as cursor:
        cursor.execute(statement, [[getattr(row, column) for row in rows] for column in columns])


def insert_row(row: models.Model) -> None:
    """Insert one unsaved instance and give it its id. No signals; values are prepared as `save` would."""
    statement, fields = _one_statement(type(row))
    with connection.cursor() as cursor:
        cursor.execute(statement, [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields])
        row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, connection.alias


def _written(model: type[models.Model]) -> tuple[models.Field, ...]:
    return tuple(f for f in model._meta.local_concrete_fields if not f.primary_key and not f.generated)


@cache
def _one_statement(model: type[models.Model]) -> tuple[str, tuple[models.Field, ...]]:
    fields, quote = _written(model), connection.ops.quote_name
    columns, marks = ", ".join(quote(f.column) for f in fields), ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks}) RETURNING {quote(model._meta.pk.column)}"  # noqa: S608
    return sql, fields


@cache
def _statement(model: type[models.Model]) -> tuple[str, tuple[str, ...]]:
    fields, quote = _written(model), connection.ops.quote_name
    columns = ", ".join(quote(f.column) for f in fields)
    arrays = ", ".join(f"%s::{_array_type(f)}" for f in fields)
    # Names come from our own models, values go as parameters.
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) SELECT * FROM unnest({arrays})"  # noqa: S608
    return sql, tuple(f.attname for f in fields)


def _array_type(field: models.Field) -> str:
    """The column's type without its length, as an array: varchar(40) → varchar[]."""
    return field.db_type(connection).partition("(")[0] + "[]"
