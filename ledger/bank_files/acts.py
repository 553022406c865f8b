"""The steps of a bank's file: brought in, its columns matched, its lines taken in, or forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from inventory.bill_files.columns import signature
from ledger.bank_files.columns import checked_mapping
from ledger.bank_files.layout import sheet_of
from ledger.bank_files.reading import Reading, ReadLine, read_lines
from ledger.bank_models import BankFile, BankLayout, BankLine, BankStatement, Source
from ledger.errors import LedgerError
from shops.models import Shop, User
from smartkirana.dates import shop_today
from smartkirana.db_rules import broken_rule, made_with_key
from smartkirana.text import clean_name, normalise

KEPT_DAYS = 30
AT_ONCE = 1000
SURE_REFERENCE = 8  # letters and digits: a bank's reference of this length is no other payment's
SAME_MONEY_WITHIN = timedelta(days=7)


def bring_in(*, shop: Shop, by: User, filename: str, content: bytes, request_key: UUID | None = None) -> BankFile:
    """Keep a bank's file until its lines are taken in; columns and account of files with the same headings are as the last time.

    request_key  one per opened form: a second call with it and the same file answers the first one
    Files that nobody went on with go after 30 days. Raises LedgerError (field "file") when it is no such file.
    """
    headings, rows = sheet_of(filename, content)
    name, kept = clean_name(filename)[-120:] or "statement", [[row.line, row.cells] for row in rows]
    known, key = made_with_key(shop.bank_files, request_key, filename=name)
    if known and known.rows == kept:
        return known
    last = shop.bank_layouts.filter(signature=signature(headings)).first()
    mapping = _still_good(last, headings)
    file = BankFile(shop=shop, by=by, filename=name, headings=headings, rows=kept, mapping=mapping, request_key=key)
    if last and mapping:
        file.source, file.account = last.source, last.account
    try:
        with transaction.atomic():
            shop.bank_files.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
            file.save(force_insert=True)
    except IntegrityError as error:
        if broken_rule(error) == "ledger_bankfile_request_key":
            return shop.bank_files.get(request_key=request_key)
        raise
    return file


def _still_good(last: BankLayout | None, headings: list[str]) -> dict[str, int]:
    try:
        return checked_mapping(last.mapping, headings) if last else {}
    except LedgerError:  # the program knows other columns today than when it was remembered
        return {}


@transaction.atomic
def set_columns(*, file: BankFile, by: User, mapping: Mapping[str, int], source: str, account: str) -> None:
    """Say what each column is and whose file it is, and remember it for files with the same headings.

    mapping  field → number of the column, from 0; source  a `Source`; account  as the shop calls it
    Raises LedgerError "bad_column", "column_twice", "no_columns", "bad_source", "no_account_name".
    """
    good = checked_mapping(mapping, file.headings)
    if source not in Source.values:
        raise LedgerError("bad_source", "Say whose file it is: the bank’s, the UPI app’s or the card machine’s.", "source")
    name = clean_name(account)[:40]
    if not normalise(name):
        raise LedgerError("no_account_name", "Give the account a name, such as HDFC current.", "account")
    file.mapping, file.source, file.account = good, source, name
    BankFile.objects.filter(pk=file.pk).update(mapping=good, source=source, account=name)
    BankLayout.objects.update_or_create(
        shop=file.shop,
        signature=signature(file.headings),
        defaults={"headings": file.headings, "mapping": good, "source": source, "account": name, "changed_by": by},
    )


def drop(*, file: BankFile) -> None:
    """Forget a file; what was remembered of such files stays."""
    BankFile.objects.filter(pk=file.pk).delete()


def reading_of(file: BankFile) -> Reading:
    """What the file holds, by its mapping."""
    return read_lines(file.rows, file.headings, file.mapping, shop_today())


def known_lines(shop: Shop, account: str, lines: Iterable[ReadLine]) -> set[int]:
    """Rows of the lines that earlier files have told: by their key, or, of another account or day, by amount and a long reference."""
    lines = list(lines)
    if not lines:
        return set()
    days = (min(line.day for line in lines), max(line.day for line in lines))
    key = normalise(account)[:40]
    near = shop.bank_lines.filter(day__range=(days[0] - SAME_MONEY_WITHIN, days[1] + SAME_MONEY_WITHIN))
    same = set(near.filter(key=key).values_list("day", "amount", "reference", "place"))
    others = near.exclude(reference="").values_list("amount", "reference")
    elsewhere = {found for found in others if is_sure(found[1])}
    return {line.row for line in lines if (*line.key, line.place) in same or (line.amount, line.reference) in elsewhere}


def is_sure(reference: str) -> bool:
    """True for a reference long enough to mean one payment."""
    return sum(c.isalnum() for c in reference) >= SURE_REFERENCE and any(c.isdigit() for c in reference)


@transaction.atomic
def take_in(*, file: BankFile, by: User) -> BankStatement:
    """Write the file's lines as what the bank says; a line that is known is not written again. The file goes.

    Pressed twice it answers the statement of the first time. Raises LedgerError "no_columns", "no_lines".
    """
    shop = file.shop
    locked = shop.bank_files.select_for_update().filter(pk=file.pk).first()
    if locked is None:
        if (made := shop.bank_statements.filter(file_number=file.pk).first()) is None:
            raise LedgerError("gone", "This file was forgotten meanwhile. Bring it in again.")
        return made
    if not locked.mapping:
        raise LedgerError("no_columns", "Say first what each column is.")
    found = reading_of(locked)
    if not found.lines or found.days is None:
        raise LedgerError("no_lines", "No row of this file is money that came in. Look at the columns again.")
    known = known_lines(shop, locked.account, found.lines)
    statement = BankStatement.objects.create(
        shop=shop, source=locked.source, account=locked.account, filename=locked.filename, file_number=locked.pk,
        first_day=found.days[0], last_day=found.days[1], read=len(found.lines), known=len(known), by=by,
    )  # fmt: skip
    _write(statement, [line for line in found.lines if line.row not in known])
    locked.delete()
    return statement


def _write(statement: BankStatement, lines: list[ReadLine]) -> None:
    """The constraint answers two people who bring in the same lines at the same moment: the second writes nothing."""
    key = normalise(statement.account)[:40]
    rows = [
        BankLine(
            shop_id=statement.shop_id, statement=statement, row=line.row, key=key, day=line.day, at=line.at, amount=line.amount,
            charge=line.charge, net=line.net, reference=line.reference, text=line.text, place=line.place,
        )
        for line in lines
    ]  # fmt: skip
    BankLine.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)


def statement_of_file(shop: Shop, number: int) -> BankStatement | None:
    """The statement that a file became, or None."""
    return shop.bank_statements.filter(file_number=number).annotate(new=F("read") - F("known")).first()
