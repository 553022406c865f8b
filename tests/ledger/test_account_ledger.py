"""One account: opening balance, postings, the balance after each, on any page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger import chart
from ledger.posting_rules import credit, debit
from ledger.services import record_entry
from orders.services import cancel_order
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def url(shop, code="1001", name="account", **query):
    return reverse(f"ledger:{name}", args=[shop.slug, code], query=query)


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def move_cash(shop, day, amount, n):
    """Rupees into the drawer (+) or out of it (−), against capital."""
    lines = [debit(chart.CASH, D(amount)), credit(chart.CAPITAL, D(amount))]
    return record_entry(shop=shop, day=day, narration=f"No. {n}", source_kind="stock", source_id=9_000_000 + n, lines=lines)


def test_opening_movements_and_closing_agree(owner, shop):
    today = shop_today()
    move_cash(shop, today - timedelta(days=1), 1000, 1)
    move_cash(shop, today, 250, 2)
    move_cash(shop, today, -100, 3)
    response = owner.get(url(shop, period="today"))
    sums = response.context["sums"]
    assert (sums.opening, sums.debit, sums.credit, sums.closing) == (D(1000), D(250), D(100), D(1150))
    assert [balance for _, _, balance in response.context["rows"]] == [D(1250), D(1150)]
    assert response.context["brought"] == D(1000)


def test_credit_balances_are_marked_so(owner, shop):
    move_cash(shop, shop_today(), 1000, 1)
    assert "1,000.00\N{NO-BREAK SPACE}Cr" in owner.get(url(shop, chart.CAPITAL)).text


def test_balance_is_carried_to_the_next_page(owner, shop):
    today = shop_today()
    move_cash(shop, today - timedelta(days=1), 7, 0)
    for n in range(1, 121):
        move_cash(shop, today, n, n)
    for page, first in ((1, 1), (2, 51), (3, 101)):
        response = owner.get(url(shop, period="today", page=page))
        rows = response.context["rows"]
        assert response.context["brought"] == 7 + sum(range(1, first))
        assert rows[0][2] == 7 + sum(range(1, first + 1))
    assert rows[-1][2] == response.context["sums"].closing == 7 + sum(range(1, 121))
    assert owner.get(url(shop, period="today", page=4)).context["rows"][0][2] == 8  # no such page: the first


def test_entries_written_later_for_an_earlier_day_stand_in_their_place(owner, shop):
    today = shop_today()
    move_cash(shop, today, 10, 1)
    move_cash(shop, today - timedelta(days=1), 5, 2)
    response = owner.get(url(shop, start=today - timedelta(days=1), end=today))
    assert [(row.entry.narration, balance) for row, _, balance in response.context["rows"]] == [("No. 2", D(5)), ("No. 1", D(15))]


def test_two_postings_of_one_entry_each_have_their_balance(owner, shop):
    soap = factories.make_product(shop, stock=10)
    order = factories.make_order(shop, [(soap, 2)])
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Test")
    response = owner.get(url(shop))
    assert [balance for _, _, balance in response.context["rows"]] == [D(105), D(0)]
    assert response.text.count(f'href="{order.get_absolute_url()}"') == 2


def test_other_accounts_and_shops_stay_out(owner, shop, other_shop):
    move_cash(other_shop, shop_today(), 99, 1)
    response = owner.get(url(shop))
    assert response.context["rows"] == []
    assert "Nothing moved this account" in response.text


def test_htmx_gets_the_part_only(owner, shop):
    response = owner.get(url(shop), headers={"HX-Request": "true"})
    assert response.text.strip().startswith('<div class="stack" id="account">')


@pytest.mark.parametrize("name", ["account", "account_csv"])
def test_wrong_dates_are_told_with_422(owner, shop, name):
    assert owner.get(url(shop, name=name, start="2026-02-10", end="2026-02-01")).status_code == 422
    assert owner.get(url(shop, name=name, start="2020-02-10", end="2026-02-01")).status_code == 422


def test_query_count_is_flat(owner, shop):
    soap = factories.make_product(shop, stock=100)
    counts = []
    for bills in (1, 19):
        for _ in range(bills):
            factories.make_order(shop, [(soap, 1)])
        with CaptureQueriesContext(connection) as queries:
            owner.get(url(shop))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_csv_runs_from_opening_to_closing(owner, shop):
    today = shop_today()
    move_cash(shop, today - timedelta(days=1), 1000, 1)
    move_cash(shop, today, 250, 2)
    lines = owner.get(url(shop, name="account_csv", period="today")).getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Date,Entry,Particulars,Customer,Debit,Credit,Balance"
    assert lines[1] == f"{today},,Opening balance,,,,1000.00"
    assert lines[2].endswith(",No. 2,,250.00,0.00,1250.00")
    assert lines[3] == f"{today},,Closing balance,,250.00,0.00,1250.00"


def test_chart_lists_every_account_under_its_parent(owner, shop):
    text = owner.get(reverse("ledger:accounts", args=[shop.slug])).text
    places = [
        text.index(f">{name}</a>") for name in ("Cash", "GST Payable", "Input CGST", "Output CGST", "Capital", "Sales Revenue", "Round off")
    ]
    assert places == sorted(places)
    assert text.count("<tr><td") == len(chart.CHART)


def test_chart_as_csv_names_the_parent(owner, shop):
    text = owner.get(reverse("ledger:accounts_csv", args=[shop.slug])).getvalue().decode("utf-8-sig")
    assert "2101,Output CGST,Liability,2003,CGST on sales" in text
