"""A bank's file on its way in: bring it, say what its columns are, take its lines in. `/bank/files`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from ledger import bank_selectors as selectors
from ledger.api.bank import statement_out
from ledger.api.schemas_bank import BankColumnsIn, BankFileOut, BankFileReadOut, BankStatementOut
from ledger.bank_files.acts import bring_in, drop, known_lines, reading_of, set_columns, statement_of_file, take_in
from ledger.bank_files.columns import COLUMNS, guess_columns
from ledger.bank_files.reading import Reading
from ledger.bank_models import BankFile
from shops.access import Can
from shops.api.declare import operation
from shops.api.schemas import MessageOut
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.api.uploads import FileIn

router = Router(tags=["bank"])
FIRST_LINES, MOST_PROBLEMS = 8, 50


def _file(shop: Shop, pk: int) -> BankFile:
    found = shop.bank_files.select_related("by").filter(pk=pk).first()
    if found is None:
        raise NotThere("file")
    found.shop = shop
    return found


def _out(file: BankFile) -> dict[str, Any]:
    return {
        "id": file.pk,
        "filename": file.filename,
        "source": file.source,
        "account": file.account,
        "headings": file.headings,
        "columns": file.mapping or guess_columns(file.headings),
        "needs_columns": not file.mapping,
        "rows": len(file.rows),
        "brought_in_at": file.created_at,
        "brought_in_by": str(file.by),
    }


def _read(file: BankFile) -> dict[str, Any]:
    found = reading_of(file) if file.mapping else Reading()
    known = len(known_lines(file.shop, file.account, found.lines))
    first = sorted(found.lines, key=lambda line: line.row)[:FIRST_LINES]
    return _out(file) | {
        "fields": {column.field: column.label for column in COLUMNS},
        "new_lines": len(found.lines) - known,
        "known_lines": known,
        "amount": found.amount,
        "charge": found.charge,
        "net": found.net,
        "left_out": found.left + found.failed + found.other,
        "problems": [{"row": p.line, "column": p.column, "text": p.text, "reason": p.why} for p in found.problems[:MOST_PROBLEMS]],
        "problem_count": len(found.problems),
        "first_lines": [line._asdict() for line in first],
    }


@operation(router, "GET", "", right=Can.SEE_BOOKS, answer=list[BankFileOut], paged=True)
def list_bank_files(request: HttpRequest, response: HttpResponse, part: Query[Paging]):
    """Files that were brought in and not taken in yet, the newest first."""
    return [_out(file) for file in page_of(request.auth.shop.bank_files.select_related("by"), part, response)]


@operation(router, "POST", "", right=Can.SEE_BOOKS, answer=BankFileReadOut, status=201, moves=True, problems={400})
def bring_bank_file(request: HttpRequest, body: FileIn):
    """Bring a file of the bank, the UPI app or the card machine; the columns of files with the same headings are known."""
    caller = request.auth
    filename, content = body.name_and_bytes()
    file = bring_in(shop=caller.shop, by=caller.user, filename=filename, content=content, request_key=request.request_key)
    return _read(_file(caller.shop, file.pk))


@operation(router, "GET", "/{file_id}", right=Can.SEE_BOOKS, answer=BankFileReadOut, problems={404})
def bank_file(request: HttpRequest, file_id: Id):
    """One file and what can be read of it."""
    return _read(_file(request.auth.shop, file_id))


@operation(router, "PUT", "/{file_id}/columns", right=Can.SEE_BOOKS, answer=BankFileReadOut, problems={400, 404})
def bank_file_columns(request: HttpRequest, file_id: Id, body: BankColumnsIn):
    """Say what each column is, and whose file it is; remembered for files with the same headings."""
    file = _file(request.auth.shop, file_id)
    set_columns(file=file, by=request.auth.user, mapping=body.columns, source=body.source, account=body.account)
    return _read(file)


@operation(router, "DELETE", "/{file_id}", right=Can.SEE_BOOKS, answer=MessageOut, problems={404})
def forget_bank_file(request: HttpRequest, file_id: Id):
    """Forget a file that is not taken in."""
    drop(file=_file(request.auth.shop, file_id))
    return {"message": "Forgotten. Nothing of it was taken in."}


@operation(router, "POST", "/{file_id}/take-in", right=Can.SEE_BOOKS, answer=BankStatementOut, status=201, moves=True, problems={400, 404})
def take_in_bank_file(request: HttpRequest, file_id: Id):
    """Write the file's lines as what the bank says; lines that are known are not written again. Twice is once."""
    shop = request.auth.shop
    made = statement_of_file(shop, file_id) or take_in(file=_file(shop, file_id), by=request.auth.user)
    return statement_out(selectors.statements(shop).get(pk=made.pk))
