"""Rules that the database itself keeps: rows of one shop stay together, written facts stay written.

Each rule has a name, `<table>_<fact>`. When PostgreSQL refuses a row, `broken_rule(error)` gives that name, and a
service turns it into a sentence. The name is the interface between the database and the screen.
"""

from __future__ import annotations

from uuid import UUID

import pgtrigger
from django.db import IntegrityError, models
from django.db.backends.ddl_references import Statement, Table


def shop_key(table: str) -> models.UniqueConstraint:
    """The pair (shop, id) as a key, so that rows elsewhere can point at it with their own shop beside (`SameShop`)."""
    return models.UniqueConstraint(fields=["shop", "id"], name=f"{table}_shop_key")


class SameShop(models.BaseConstraint):
    """A foreign key (shop_id, x_id) -> (shop_id, id): a row can refer only to a row of its own shop.

    It stands *instead of* the single-column key, so the field is declared with `db_constraint=False`.
    `also` names columns that both tables share and that must agree too, e.g. a posting's date and its entry's.
    Deferred, as Django's own foreign keys are.
    """

    def __init__(self, *, field: str, name: str, also: tuple[str, ...] = ()) -> None:
        super().__init__(name=name)
        self.field = field
        self.also = tuple(also)

    def constraint_sql(self, model, schema_editor):
        return self.create_sql(model, schema_editor)

    def create_sql(self, model, schema_editor):
        """Queued to the end of the migration: the key it points at may be made in the same one."""
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        target = field.remote_field.model
        ours = ["shop_id", field.column, *self.also]
        theirs = ["shop_id", target._meta.pk.column, *self.also]
        statement = Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(ours)s) REFERENCES %(to)s (%(theirs)s) "
            "DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            ours=", ".join(map(quote, ours)),
            to=Table(target._meta.db_table, quote),
            theirs=", ".join(map(quote, theirs)),
        )
        schema_editor.deferred_sql.append(statement)

    def remove_sql(self, model, schema_editor):
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model, instance, exclude=None, using=None):
        """Nothing to do in Python: only the database sees both rows at once."""

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs["field"] = self.field
        if self.also:
            kwargs["also"] = self.also
        return path, args, kwargs

    def __eq__(self, other):
        if isinstance(other, SameShop):
            return (self.name, self.field, self.also) == (other.name, other.field, other.also)
        return super().__eq__(other)

    def __hash__(self):
        return hash((self.name, self.field, self.also))


def refuse(rule: str, message: str) -> str:
    """PL/pgSQL that refuses the row at hand under the name `rule`; arrives in Python as IntegrityError."""
    return f"RAISE EXCEPTION '{message}' USING ERRCODE = 'restrict_violation', CONSTRAINT = '{rule}';"


def append_only(table: str) -> pgtrigger.Trigger:
    """Rows may be inserted and never changed or deleted: a mistake is corrected by a further row."""
    return pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=refuse(f"{table}_append_only", f"{table}: written rows are never changed or deleted"),
    )


def never_deleted(table: str) -> pgtrigger.Trigger:
    """Rows may change in the columns that another rule leaves free, but are never deleted."""
    return pgtrigger.Trigger(
        name="never_deleted",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=refuse(f"{table}_never_deleted", f"{table}: rows are never deleted"),
    )


def frozen_but(table: str, *free: str) -> pgtrigger.Trigger:
    """Every column is frozen once written, except the named derived ones."""
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF (to_jsonb(NEW) - ARRAY[{", ".join(f"'{c}'" for c in free)}]) IS DISTINCT FROM
               (to_jsonb(OLD) - ARRAY[{", ".join(f"'{c}'" for c in free)}]) THEN
                {refuse(f"{table}_frozen", f"{table}: an issued row keeps what was printed")}
            END IF;
            RETURN NEW;
        """,
    )


def moved_only_by(table: str, column: str, message: str) -> pgtrigger.Trigger:
    """A derived column that only the trigger of another table may change; the rule is `<table>_<column>`."""
    return pgtrigger.Trigger(
        name=f"{column}_kept"[:30],
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(column),
        func=f"""
            IF NEW.{column} IS DISTINCT FROM OLD.{column} AND pg_trigger_depth() < 2 THEN
                {refuse(f"{table}_{column}", message)}
            END IF;
            RETURN NEW;
        """,
    )


def broken_rule(error: IntegrityError) -> str:
    """The name of the constraint or trigger rule that refused, or "" when PostgreSQL names none."""
    diag = getattr(error.__cause__, "diag", None)
    return (diag and diag.constraint_name) or ""


class InsertOnlyManager(models.Manager):
    """For event tables: `post_save` must fire once per fact, so bulk writes are refused."""

    def bulk_create(self, *args, **kwargs):
        raise TypeError(f"{self.model.__name__} rows are facts: save them one by one, so that their signal fires.")


def made_with_key[Row: models.Model](rows: models.QuerySet[Row], key: UUID | None, **same: object) -> tuple[Row | None, UUID | None]:
    """Whether a form that may be sent twice made its row already: (that row, None), or (None, the key for the new row).

    A form gone back to and filled in otherwise (`same` tells by which fields) makes a row of its own, without a key. One look at
    the database decides: of two looks the other press could come in between, and both would make a row.
    """
    known = rows.filter(request_key=key).first() if key else None
    if known is None:
        return None, key
    return (known if all(getattr(known, name) == value for name, value in same.items()) else None), None
