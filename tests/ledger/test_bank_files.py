"""Reading a bank's file: hostile ones get a sentence, rows that are no payment are left, nothing counts twice."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from catalog.importing.cells import BadCell
from ledger.bank_files.acts import bring_in, reading_of, set_columns, take_in
from ledger.bank_files.cells import clock, moment, signed
from ledger.bank_files.columns import guess_columns
from ledger.bank_files.reading import numbered, read_lines
from ledger.bank_models import BankFile, BankLayout, BankLine
from ledger.errors import LedgerError
from smartkirana.dates import shop_today
from smartkirana.money import indian
from tests.ledger.bank import HEADS, bring, csv_of, statement_of

D = Decimal
TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 14, 15, 2, 11, tzinfo=ZoneInfo("Asia/Kolkata"))


def read(rows, heads=HEADS, mapping=None):
    cells = [[n + 2, [str(cell) for cell in row]] for n, row in enumerate(rows)]
    return read_lines(cells, list(heads), mapping or guess_columns(heads), TODAY)


def refused(code, act, **more) -> str:
    with pytest.raises(LedgerError) as error:
        act(**more)
    assert error.value.code == code
    return error.value.message


def brought(shop, content, name="bank.csv", **more):
    return bring_in(shop=shop, by=shop.owner, filename=name, content=content, **more)


# --- cells --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "rupees"),
    [("1,23,456.50", "123456.50"), ("₹ 500", "500"), ("Rs. 1,000/-", "1000"), ("500.00 Cr", "500"), ("500.00Dr", "-500"),
     ("(500.25)", "-500.25"),
     ("-500", "-500"), ("+45.5", "45.50"), ("0", "0"), ("41.6666667", "41.67"), ("'250", "250"), ("INR 20.00", "20")],
)  # fmt: skip
def test_an_amount_is_read_as_banks_write_it(text, rupees):
    assert signed(text) == D(rupees)


@pytest.mark.parametrize("text", ["", "abc", "=SUM(A1:A9)", "1e999", "NaN", "Infinity", "12_000", "₹", "99999999999", "1.2.3", "--5x", "."])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(BadCell):
        signed(text)


@given(st.integers(1, 99_999_999))
def test_indian_grouping_is_read_back(paise):
    assert signed(f"₹ {indian(D(paise) / 100)}") == D(paise) / 100


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [("14/11/2026", date(2026, 11, 14), None), ("14-11-26", date(2026, 11, 14), None), ("14 Nov 2026", date(2026, 11, 14), None),
     ("2026-11-14", date(2026, 11, 14), None), ("14/11/2026 15:02", date(2026, 11, 14), time(15, 2)),
     ("14-Nov-26, 03:02:11 PM", date(2026, 11, 14), time(15, 2, 11)), ("2026-11-14 15:02:11", date(2026, 11, 14), time(15, 2, 11)),
     ("2026-11-14T15:02:11+05:30", date(2026, 11, 14), time(15, 2, 11)), ("2026-11-14T20:02:11Z", date(2026, 11, 15), time(1, 32, 11)),
     ("2026-11-14T15:02:11", date(2026, 11, 14), time(15, 2, 11)), ("14/11/2026 12:05 am", date(2026, 11, 14), time(0, 5))],
)  # fmt: skip
def test_a_moment_is_read_as_banks_write_it(text, day, at):
    assert moment(text) == (day, at)


@pytest.mark.parametrize("text", ["", "x", "11/25/2026", "31/02/2026", "11/2026", "14/11/1999", "2026-13-45", "14/11/2026 25:00"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(BadCell):
        moment(text)


@pytest.mark.parametrize("text", ["", "x", "24:00", "13:00 PM", "9"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(BadCell):
        clock(text)


# --- rows ---------------------------------------------------------------------------------------------------------
def test_gross_charge_and_net_are_kept_apart():
    line = read([("14/11/2026 15:02:11", "100", "2", "0.36", "97.64", "0000634512557733", "UPI")]).lines[0]
    assert (line.amount, line.charge, line.net, line.reference) == (100, D("2.36"), D("97.64"), "634512557733")
    assert line.at == AT


def test_net_and_charge_give_the_amount_and_amount_and_net_the_charge():
    heads = ("Date", "Net Amount", "MDR")
    assert read([("14/11/2026", "97.64", "-2.36")], heads).lines[0][3:6] == (100, D("2.36"), D("97.64"))
    assert read([("14/11/2026", "100", "97.64")], ("Date", "Amount", "Net Amount")).lines[0][3:6] == (100, D("2.36"), D("97.64"))


@pytest.mark.parametrize(
    ("row", "why"),
    [(("14/11/2026", "100", "2", "0.36", "90", "1", ""), "Amount less charges would be 97.64."),
     (("14/11/2026", "100", "0", "0", "101", "1", ""), "More than what was paid."),
     (("14/11/2026", "100", "100", "0", "", "1", ""), "The charge is as large as the payment."),
     (("14/11/2026", "100", "x", "0", "", "1", ""), "Not a number."),
     (("30/11/2026", "100", "", "", "", "1", ""), "This day has not come yet. Is the month before the day?"),
     (("11/14/2026", "100", "", "", "", "1", ""), "Not a date. The day comes first: 14/11/2026."),
     (("14/11/2026", "=A1+5", "", "", "", "1", ""), "Not a number.")],
)  # fmt: skip
def test_a_row_that_looks_like_a_payment_and_cannot_be_read_is_told(row, why):
    found = read([row])
    assert (found.lines, [problem.why for problem in found.problems]) == ([], [why])


def test_sums_headings_again_money_that_left_and_failed_payments_are_no_payments():
    heads = ("Date", "Narration", "Withdrawal Amt.", "Deposit Amt.", "Status")
    found = read(
        [("14/11/26", "Opening Balance", "", "", ""), ("14/11/26", "UPI", "", "1,200.00", "SUCCESS"), ("14/11/26", "Rent", "9,000", "", ""),
         ("14/11/26", "Back", "", "-50", ""), ("14/11/26", "UPI", "", "70", "FAILED"), heads, ("Total", "", "", "5,00,000", ""),
         ("", "Closing", "", "99", ""), ("Closing balance", "", "", "77", "")],
        heads,
    )  # fmt: skip
    assert ([line.amount for line in found.lines], found.left, found.failed, found.other) == ([1200], 2, 1, 5)
    assert found.problems == []


def test_a_status_nobody_knows_is_asked_about():
    found = read([("14/11/26", "5", "Weird")], ("Date", "Amount", "Status"))
    assert "Success or Failed" in found.problems[0].why


def test_cr_and_dr_tell_what_came():
    heads = ("Date", "Amount", "Cr/Dr")
    assert [line.amount for line in read([("14/11/26", "5", "DR"), ("14/11/26", "7", "CR")], heads).lines] == [7]


def test_lines_alike_have_places_by_their_time_whichever_way_the_file_runs():
    rows = [("14/11/2026 18:00:00", "50", "", "", "", "", "b"), ("14/11/2026 10:00:00", "50", "", "", "", "", "a")]
    for order in (rows, rows[::-1]):
        assert {line.text: line.place for line in read(order).lines} == {"a": 1, "b": 2}
    assert numbered([]) == []


# --- files --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "word"),
    [("a.csv", b"", "empty"), ("a.csv", b"Date,Amount,RRN\n", "no rows"), ("a.pdf", b"%PDF-1.7\x00\xff", "neither"),
     ("a.xlsx", b"hello", "not an Excel"),
     ("a.xls", b"\xd0\xcf\x11\xe0x", "old Excel"), ("a.xlsx", b"PK\x03\x04junk", "damaged"), ("a.csv", b'Date,Amount\n"1,2\n', "quotation"),
     ("a.csv", b"x" * (10 * 1024 * 1024 + 1), "10 MB"), ("a.csv", b"Date,Amount,RRN\n" + b"14/11/2026,5,x\n" * 10_001, "10,000 rows")],
)  # fmt: skip
def test_what_is_no_such_file_gets_a_sentence(shop, name, content, word):
    assert word in refused("bad_file", brought, shop=shop, content=content, name=name)
    assert not BankFile.objects.exists()


def test_headings_may_stand_below_the_banks_name_and_in_two_rows(shop):
    text = "HDFC BANK\nAccount no.,5010\n\nTransaction,,Deposit,Withdrawal\nDate,Narration,Amount,Amount\n14/11/2026,UPI,500,\n"
    file = brought(shop, text.encode())
    assert file.headings == ["Transaction Date", "Narration", "Deposit Amount", "Withdrawal Amount"]
    assert guess_columns(file.headings) == {"date": 0, "text": 1, "amount": 2, "debit": 3}


def test_an_excel_file_keeps_its_times(shop):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Transaction Date", "Amount", "RRN"])
    book.active.append([AT.replace(tzinfo=None), 1234.5, 634512557733])
    book.save(out)
    file = brought(shop, out.getvalue(), "report.xlsx")
    set_columns(file=file, by=shop.owner, mapping=guess_columns(file.headings), source="upi", account="Paytm")
    line = reading_of(file).lines[0]
    assert (line.amount, line.reference) == (D("1234.50"), "634512557733")
    assert timezone.localtime(line.at).time() == time(15, 2, 11)


def test_columns_and_account_are_remembered_for_the_same_headings(shop):
    first = bring(shop, [("14/11/2026", "5", "", "", "", "1", "")], account="Paytm")
    again = brought(shop, csv_of([("15/11/2026", "6", "", "", "", "2", "")]))
    assert (again.mapping, again.account, again.source) == (first.mapping, "Paytm", "upi")
    other = brought(shop, b"Day,Came,Note\n1,2,3\n")
    assert (other.mapping, other.account) == ({}, "")
    assert BankLayout.objects.count() == 1


@pytest.mark.parametrize(
    ("mapping", "more", "code"),
    [({"date": 0}, {}, "no_columns"), ({"amount": 1}, {}, "no_columns"), ({"date": 0, "amount": 0}, {}, "column_twice"),
     ({"date": 0, "amount": 99}, {}, "bad_column"), ({"date": 0, "amount": True}, {}, "bad_column"), ({"x": 0}, {}, "bad_column"),
     ({"date": 0, "amount": 1}, {"source": "x"}, "bad_source"), ({"date": 0, "amount": 1}, {"account": " - "}, "no_account_name")],
)  # fmt: skip
def test_a_mapping_that_cannot_be_read_by_is_refused(shop, mapping, more, code):
    file = brought(shop, csv_of([("14/11/2026", "5", "", "", "", "1", "")]))
    refused(code, set_columns, **{"file": file, "by": shop.owner, "mapping": mapping, "source": "upi", "account": "A"} | more)
    assert not BankLayout.objects.exists()


def test_the_same_form_sent_twice_brings_one_file(shop):
    key, content = uuid4(), csv_of([("14/11/2026", "5", "", "", "", "1", "")])
    assert brought(shop, content, request_key=key).pk == brought(shop, content, request_key=key).pk
    assert BankFile.objects.count() == 1


# --- taken in -----------------------------------------------------------------------------------------------------
def row_of(day, amount, rrn=""):
    return (f"{shop_today() - timedelta(days=day):%d/%m/%Y}", amount, "", "", "", rrn, "UPI")


def test_the_same_file_twice_counts_nothing_twice(shop):
    rows = [row_of(1, 50), row_of(1, 50), row_of(2, 70, "634512557733")]
    one, two = statement_of(shop, rows), statement_of(shop, rows, name="again.csv")
    assert [(s.read, s.known) for s in (one, two)] == [(3, 0), (3, 3)]
    assert BankLine.objects.count() == 3


def test_overlapping_periods_count_each_line_once(shop):
    noon, evening = [row_of(1, 50)], [row_of(1, 50), row_of(1, 50), row_of(1, 60), row_of(0, 50)]
    statement_of(shop, noon)
    later = statement_of(shop, evening)
    assert (later.known, BankLine.objects.count()) == (1, 4)
    assert sorted(BankLine.objects.filter(amount=50).values_list("place", flat=True)) == [1, 1, 2]


def test_the_same_money_in_the_banks_and_the_apps_file_is_known_by_its_reference(shop):
    statement_of(shop, [row_of(1, 50, "634512557733"), row_of(1, 20)], account="Paytm")
    bank = statement_of(shop, [row_of(0, 50, "000634512557733"), row_of(1, 20)], account="HDFC", source="bank")
    assert (bank.known, BankLine.objects.count()) == (1, 3)


def test_pressing_twice_takes_in_once_and_a_forgotten_file_is_gone(shop):
    file = bring(shop, [row_of(1, 50)])
    assert take_in(file=file, by=shop.owner).pk == take_in(file=file, by=shop.owner).pk
    assert (BankFile.objects.count(), BankLine.objects.count()) == (0, 1)
    forgotten = bring(shop, [row_of(1, 60)])
    BankFile.objects.filter(pk=forgotten.pk).delete()
    refused("gone", take_in, file=forgotten, by=shop.owner)
    refused("no_lines", take_in, file=bring(shop, [row_of(1, "-5")]), by=shop.owner)


def test_five_thousand_lines_are_taken_in_with_few_statements(shop, django_assert_max_num_queries):
    file = bring(shop, [row_of(n % 9, 10 + n, f"63451255{n:06}") for n in range(5000)])
    with django_assert_max_num_queries(16):
        statement = take_in(file=file, by=shop.owner)
    assert statement.lines.count() == 5000


words = st.text(max_size=12)


@given(st.lists(st.lists(words, min_size=7, max_size=7), max_size=6))
def test_no_row_breaks_the_reading(rows):
    found = read(rows)
    assert len(found.lines) + len(found.problems) + found.left + found.failed + found.other == len(rows)
    for line in found.lines:
        assert line.amount > line.charge >= 0
        assert line.day <= TODAY
