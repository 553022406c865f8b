"""Closing a day: the Z report is kept, the day is sealed, and what comes late goes into the first open day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from inventory.errors import StockError
from inventory.services import adjust_stock
from ledger.checks import run
from ledger.closing import MOST_AT_ONCE, close_day, days_to_close, running_day, running_figures
from ledger.errors import LedgerError
from ledger.models import DayClose, JournalEntry, Posting
from ledger.posting_rules import credit, debit
from ledger.services import record_entry
from ledger.stock_value import stock_value
from orders.bill import Tender
from orders.errors import OrderError
from orders.khata.acts import Act, enter_opening_balance, give, reverse_entry, take_payment
from orders.payments import mark_failed, mark_seen
from orders.returning import BackLine, take_back
from orders.services import cancel_order
from orders.shifts import Count, close_shift, move_cash, open_shift
from shops.models import Shop
from shops.services import add_counter
from smartkirana.dates import shop_today
from tests import factories
from tests.at_once import at_once

D = Decimal


def noon(days_ago=0):
    return timezone.make_aware(datetime.combine(shop_today() - timedelta(days=days_ago), time(12)))


def day(days_ago=0):
    return shop_today() - timedelta(days=days_ago)


def close(shop, days_ago=0):
    return close_day(shop=shop, day=day(days_ago), by=shop.owner)


def broken(shop):
    return {rule.name: [b.what for b in breaches] for rule, breaches in run([shop.pk]) if breaches}


@pytest.fixture
def soap(shop):
    product = factories.make_product(shop)
    factories.stock_up(product, 1000)
    return product


def sell(shop, soap, quantity=1, days_ago=0, **more):
    return factories.make_order(shop, [(soap, quantity)], at=noon(days_ago), **more)


# --- the Z report -------------------------------------------------------------------------------------------------
def test_a_day_adds_up(shop, soap):
    asha = factories.make_customer(shop)
    till = shop.counters.get()
    shift = open_shift(shop=shop, counter=till, cashier=shop.owner, count=Count(D(1000)))
    sell(shop, soap, 2)
    sell(shop, soap, 4, customer=asha, payments=[Tender("upi", D(100)), Tender("khata", None)])
    spoilt = sell(shop, soap, 1, payments=[Tender("card", None)])
    cancel_order(shop=shop, bill_number=spoilt.bill_number, by=shop.owner, reason="wrong")
    move_cash(shop=shop, by=shop.owner, counter=till, reason="milk", amount=D(60))
    close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(1043)), to_safe=D(500))
    z = close(shop)
    figures = z.figures
    assert (z.number, z.day, figures["net"]) == (1, day(), "315.00")
    assert figures["sold"] == {"count": 3, "gross": "367.50", "discount": "0.00", "round_off": "0.50", "total": "368.00", "tax": "17.50"}
    assert (figures["cancelled"]["count"], figures["cancelled"]["total"]) == (1, "53.00")
    assert [(t["method"], t["count"], t["taken"], t["back"], t["unseen"]) for t in figures["tenders"]] == [
        ("cash", 1, "105.00", "0.00", "0.00"),
        ("upi", 1, "100.00", "0.00", "100.00"),
        ("card", 1, "53.00", "53.00", "0.00"),
        ("khata", 1, "110.00", "0.00", "0.00"),
    ]
    rate = {"supply_class": "taxable", "rate": "5.00", "value": "300.00", "cgst": "7.50", "sgst": "7.50", "igst": "0.00", "cess": "0.00"}
    assert figures["rates"] == [rate | {"total": "315.00"}]
    first, last = f"{spoilt.bill_number[:9]}000001", spoilt.bill_number
    assert figures["series"] == [{"series": last[:8], "first": first, "last": last, "count": 3}]
    assert figures["khata"]["given"] == "110.00"
    assert figures["khata"]["got"] == "0.00"
    assert figures["moves"] == [{"reason": "milk", "place": "drawer", "count": 1, "amount": "-60.00"}]
    assert figures["counts"] == [{"counter": till.name, "shifts": 1, "difference": "-2.00", "safe": "-500.00", "uncounted": 0}]
    assert figures["money"]["drawers"] == "543.00"
    assert figures["money"]["safe"] == "-500.00"
    assert broken(shop) == {}


def test_what_came_in_khatas_is_told_by_how_it_came(shop, soap):
    asha, till = factories.make_customer(shop), shop.counters.get()
    sell(shop, soap, 4, customer=asha, payments=[Tender("khata", None)])
    entry = take_payment(Act(shop, asha, shop.owner, till), amount=D(100), method="cash", discount=D(5))
    take_payment(Act(shop, asha, shop.owner, till), amount=D(50), method="upi")
    give(Act(shop, asha, shop.owner, till), amount=D(20), method="cash")
    reverse_entry(Act(shop, asha, shop.owner, till, note="wrong customer"), number=entry.number)
    take_payment(Act(shop, asha, shop.owner), amount=D(30), method="cash")
    khata = close(shop).figures["khata"]
    assert (khata["given"], khata["got"]) == ("230.00", "80.00")
    assert [(r["kind"], r["method"], r["count"], r["amount"]) for r in khata["rows"]] == [
        ("discount", "", 1, "-5.00"),
        ("gave", "cash", 1, "20.00"),
        ("payment", "cash", 2, "-30.00"),
        ("payment", "upi", 1, "-50.00"),
        ("sale", "", 1, "210.00"),
    ]
    till.refresh_from_db()
    assert till.cash == D(-20)
    assert broken(shop) == {}


def test_returned_goods_come_off_sales_tax_and_the_drawer(shop, soap):
    bill = sell(shop, soap, 4)
    till = add_counter(shop=shop, name="Milk window", code="M1")
    line = BackLine(bill.lines.get().line_no, D(2))
    take_back(shop=shop, counter=till, by=shop.owner, bill_number=bill.bill_number, lines=[line], how="cash", request_key=uuid4())
    figures = close(shop).figures
    assert (figures["returns"]["count"], figures["returns"]["total"], figures["net"]) == (1, "105.00", "105.00")
    assert [(t["method"], t["taken"], t["back"]) for t in figures["tenders"]] == [("cash", "210.00", "105.00")]
    assert [(r["value"], r["cgst"]) for r in figures["rates"]] == [("100.00", "2.50")]
    assert [one.cash for one in shop.counters.order_by("code")] == [D(-105), D(210)]
    assert broken(shop) == {}


def test_the_x_report_says_the_same_and_changes_nothing(shop, soap):
    sell(shop, soap, 2)
    before = running_figures(shop, day())
    assert shop.day_closes.count() == 0
    assert close(shop).figures == before


def test_z_reports_are_numbered_one_after_the_other(shop, soap):
    for ago in (3, 2, 0):
        sell(shop, soap, days_ago=ago)
        close(shop, ago)
    assert list(shop.day_closes.values_list("number", "day", "after")) == [(3, day(), day(2)), (2, day(2), day(3)), (1, day(3), None)]


def test_a_day_that_sold_nothing_can_be_closed(shop):
    z = close(shop)
    assert (z.entries, z.figures["sold"]["count"], z.figures["net"]) == (0, 0, "0.00")
    assert broken(shop) == {}


def test_earlier_days_are_closed_first_and_in_order(shop, soap):
    for ago in (9, 5):
        sell(shop, soap, days_ago=ago)
    assert days_to_close(shop, day()) == [day(9), day(5)]  # the opening stock is of today
    z = close(shop)
    assert [(one.number, one.day) for one in shop.day_closes.order_by("number")] == [(1, day(9)), (2, day(5)), (3, day())]
    assert z.number == 3
    assert broken(shop) == {}


def test_one_press_closes_a_month_at_most(shop, soap):
    for ago in range(MOST_AT_ONCE + 2, 0, -1):
        sell(shop, soap, days_ago=ago)
    first = close(shop, 1)
    assert shop.day_closes.count() == MOST_AT_ONCE
    assert first.day < day(1)
    assert close(shop, 1).day == day(1)


def test_pressing_twice_closes_once(shop, soap):
    sell(shop, soap)
    assert close(shop) == close(shop)
    assert shop.day_closes.count() == 1


def test_tomorrow_cannot_be_closed(shop):
    with pytest.raises(LedgerError) as refused:
        close(shop, -1)
    assert refused.value.code == "bad_day"


def test_an_open_shift_is_named(shop):
    shift = open_shift(shop=shop, counter=shop.counters.get(), cashier=shop.owner, count=Count(D(10)))
    with pytest.raises(LedgerError) as refused:
        close(shop)
    assert refused.value.code == "open_shifts"
    assert shift.counter.name in refused.value.message
    assert shop.day_closes.count() == 0


def test_yesterday_can_be_closed_while_todays_shift_is_open(shop, soap):
    sell(shop, soap, days_ago=1)
    open_shift(shop=shop, counter=shop.counters.get(), cashier=shop.owner, count=Count(D(10)))
    assert close(shop, 1).day == day(1)


@pytest.mark.parametrize("bills", [1, 12])
def test_closing_takes_the_same_queries_however_many_bills(shop, soap, bills, django_assert_num_queries):
    for _ in range(bills):
        sell(shop, soap)
    with django_assert_num_queries(20):
        close(shop)


# --- what is closed stays closed ----------------------------------------------------------------------------------
def lines(amount="5"):
    return [debit("1015", D(amount)), credit("3001", D(amount))]


def test_the_database_refuses_an_entry_of_a_closed_day(shop):
    close(shop, 1)
    for ago in (1, 400):
        with pytest.raises(IntegrityError, match="the books of that day are closed"), transaction.atomic():
            record_entry(shop=shop, day=day(ago), narration="x", source_kind="drawer", source_id=9_000_000, lines=lines())
    record_entry(shop=shop, day=day(), narration="x", source_kind="drawer", source_id=9_000_000, lines=lines())


def test_the_database_refuses_postings_slipped_into_a_closed_entry(shop, soap):
    order = sell(shop, soap)
    close(shop)
    posting = shop.postings.filter(entry__source_id=order.events.get().pk, entry__source_kind="order").first()
    posting.pk = None
    with pytest.raises(IntegrityError, match="the books of that day are closed"), transaction.atomic():
        posting.save(force_insert=True)


def test_days_are_closed_only_by_a_close_and_in_order(shop):
    with pytest.raises(IntegrityError, match="only by a day close"), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(sealed_until=day())
    z = close(shop, 1)
    for change in ({"day": day(2)}, {"number": 7}, {"after": day(9)}, {"previous": "0" * 64}):
        fields = {"number": 2, "day": day(), "after": day(1), "previous": z.seal} | change
        with pytest.raises(IntegrityError), transaction.atomic():
            DayClose.objects.create(shop=shop, entries=0, seal="0" * 64, figures={}, by=shop.owner, **fields)


def test_a_bill_that_comes_late_is_booked_on_the_first_open_day(shop, soap):
    close(shop, 1)
    order = sell(shop, soap, days_ago=3)
    assert (order.day, order.events.get().day) == (day(3), day())
    assert shop.journal.get(source_kind="order").date == day()
    assert running_figures(shop, day())["sold"]["count"] == 1
    assert stock_value(shop, day(1)).agrees
    assert stock_value(shop, day()).agrees
    assert broken(shop) == {}


def test_after_closing_today_the_counter_sells_into_tomorrow(shop, soap):
    sold, claimed = sell(shop, soap), sell(shop, soap, payments=[Tender("upi", None)])
    owed = sell(shop, soap, payments=[Tender("upi", None)])
    close(shop)
    cancel_order(shop=shop, bill_number=sold.bill_number, by=shop.owner, reason="wrong")
    mark_seen(shop=shop, payment_id=claimed.payments.get().pk, by=shop.owner, how="owner")
    mark_failed(shop=shop, payment_id=owed.payments.get().pk, by=shop.owner, how="owner", reason="not there")
    move_cash(shop=shop, by=shop.owner, counter=shop.counters.get(), reason="tea", amount=D(5))
    adjust_stock(shop=shop, by=shop.owner, product=soap, reason="damage", change=D(-1))
    sell(shop, soap)
    assert running_day(shop) == day(-1)
    assert set(shop.journal.order_by("-id").values_list("date", flat=True)[:6]) == {day(-1)}
    assert broken(shop) == {}


def test_a_stock_paper_of_a_closed_day_is_refused_in_words(shop, soap):
    close(shop, 1)
    with pytest.raises(StockError) as refused:
        adjust_stock(shop=shop, by=shop.owner, product=soap, reason="damage", change=D(-1), day=day(1))
    assert (refused.value.code, refused.value.field) == ("day_closed", "day")
    assert f"closed up to {day(1):%-d %b %Y}" in refused.value.message


def test_an_opening_balance_of_a_closed_day_is_refused_in_words(shop):
    asha = factories.make_customer(shop)
    close(shop, 1)
    with pytest.raises(OrderError) as refused:
        enter_opening_balance(Act(shop, asha, shop.owner), amount=D(50), day=day(1))
    assert refused.value.code == "day_closed"
    assert enter_opening_balance(Act(shop, asha, shop.owner), amount=D(50)).day == day()


def test_khata_acts_after_closing_today_are_booked_tomorrow(shop, soap):
    asha = factories.make_customer(shop)
    close(shop)
    sell(shop, soap, customer=asha, payments=[Tender("khata", None)])
    take_payment(Act(shop, asha, shop.owner), amount=D(10), method="cash")
    assert set(asha.entries.values_list("day", flat=True)) == {day(-1)}
    assert broken(shop) == {}


@pytest.mark.django_db(transaction=True)
def test_a_bill_and_a_close_at_the_same_moment_never_miss_each_other(shop, soap):
    """Whatever comes first: the bill is in the seal, or on the next day."""
    at_once([lambda: sell(shop, soap), lambda: close(shop), lambda: sell(shop, soap), lambda: close(shop)])
    assert shop.day_closes.count() == 1
    assert shop.orders.count() == 2
    assert broken(shop) == {}


# --- the seal -----------------------------------------------------------------------------------------------------
def change_narration(entry):
    JournalEntry.objects.filter(pk=entry.pk).update(narration="x")


def change_amount(entry):
    entry.postings.filter(debit__gt=0).update(debit=F("debit") + 1)


def change_account(entry):
    entry.postings.filter(debit__gt=0).update(account=entry.shop.accounts.get(code="1015"))


def change_drawer(entry):
    entry.postings.update(counter=None)


def take_out_entry(entry):
    entry.postings.all().delete()
    JournalEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.parametrize("change", [change_narration, change_amount, change_account, change_drawer, take_out_entry])
def test_a_row_changed_behind_the_programs_back_names_its_day(shop, soap, change):
    for ago in (2, 1, 0):
        sell(shop, soap, days_ago=ago)
        close(shop, ago)
    entry = shop.journal.get(date=day(1))
    connection.check_constraints()  # what waits for the end of the transaction looks now
    with pgtrigger.ignore("ledger.JournalEntry:append_only", "ledger.Posting:append_only"):
        change(entry)
    assert [what.split(":")[0] for what in broken(shop)["seals"]] == [f"Z 2 of {day(1)}"]


def test_an_entry_slipped_into_a_closed_day_is_found(shop, soap):
    sell(shop, soap, days_ago=3)
    close(shop, 3)
    sell(shop, soap, days_ago=1)
    close(shop, 1)
    codes = dict(shop.accounts.values_list("code", "pk"))
    with pgtrigger.ignore("ledger.JournalEntry:day_is_open", "ledger.Posting:day_is_open"):
        entry = JournalEntry.objects.create(shop=shop, date=day(2), narration="x", source_kind="drawer", source_id=9_000_000)
        for line in lines():
            Posting.objects.create(shop=shop, entry=entry, date=day(2), account_id=codes[line.code], debit=line.debit, credit=line.credit)
    assert [what.split(":")[0] for what in broken(shop)["seals"]] == [f"Z 2 of {day(1)}"]


def test_a_close_taken_out_of_the_row_is_found(shop, soap):
    for ago in (3, 2, 1):
        close(shop, ago)
    with pgtrigger.ignore("ledger.DayClose:append_only"):
        shop.day_closes.filter(number=2).delete()
    assert any("it does not follow" in what for what in broken(shop)["seals"])


def test_a_moved_last_closed_day_is_found(shop):
    close(shop, 1)
    with pgtrigger.ignore("shops.Shop:sealed_until_kept"):
        Shop.objects.filter(pk=shop.pk).update(sealed_until=day(5))
    assert broken(shop)["seals"] == [f"books closed up to {day(5)}, last Z of {day(1)}"]


def test_the_seal_is_told_short(shop):
    z = close(shop)
    assert z.short_seal == "-".join(z.seal.upper()[n : n + 4] for n in (0, 4, 8, 12))
    assert JournalEntry.objects.filter(shop=shop).count() == z.entries
