"""The trial balance: every account on its side, both sides the same."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger import chart, reports
from ledger.posting_rules import credit, debit
from ledger.services import record_entry
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def url(shop, name="trial_balance", **query):
    return reverse(f"ledger:{name}", args=[shop.slug], query=query)


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def sides(report) -> dict[str, tuple[Decimal, Decimal]]:
    return {row.account.code: (row.debit, row.credit) for group in report.groups for row in group.rows}


def test_balances_stand_on_their_sides_and_agree(owner, shop):
    soap = factories.make_product(shop, stock=100)
    factories.make_order(shop, [(soap, 10)])
    response = owner.get(url(shop))
    report = response.context["report"]
    assert {code: both for code, both in sides(report).items() if any(both)} == {
        "1001": (D(525), 0),
        "1003": (D(3600), 0),
        "2101": (0, D("12.50")),
        "2102": (0, D("12.50")),
        "3090": (0, D(4000)),
        "4010": (0, D(500)),
        "5001": (D(400), 0),
    }
    assert report.debit == report.credit == D(4525)
    assert report.agrees
    assert "Debit and credit agree" in response.text


def test_children_stand_under_their_parent_with_their_sum(owner, shop):
    factories.make_order(shop, [(factories.make_product(shop, stock=100), 10)])
    report = owner.get(url(shop)).context["report"]
    liabilities = next(g for g in report.groups if g.type == "liability")
    assert [(r.account.code, r.depth, r.together) for r in liabilities.rows] == [
        ("2003", 0, D(-25)),
        ("2101", 1, D("-12.50")),
        ("2102", 1, D("-12.50")),
    ]


def test_day_asked_for_is_the_last_one_counted(owner, shop):
    today = shop_today()
    for n, (back, amount) in enumerate(((1, 901), (0, 902)), 9_000_001):
        lines = [debit(chart.CASH, D(amount)), credit(chart.CAPITAL, D(amount))]
        record_entry(shop=shop, day=today - timedelta(days=back), narration="Test", source_kind="stock", source_id=n, lines=lines)
    assert owner.get(url(shop, on=today - timedelta(days=1))).context["report"].debit == 901
    assert owner.get(url(shop, on=today)).context["report"].debit == 901 + 902


def test_empty_accounts_show_when_asked(owner, shop):
    assert "The books are still empty" in owner.get(url(shop)).text
    assert len(sides(owner.get(url(shop, all="on")).context["report"])) == len(chart.CHART)


def test_balances_of_another_shop_stay_out(owner, shop, other_shop):
    factories.make_product(other_shop, stock=5)
    assert owner.get(url(shop)).context["report"].groups == []


def test_difference_is_shown_as_such():
    account = reports.Account(pk=1, code="1001", name="Cash", type="asset")
    report = reports.trial_balance([account], {1: D(5)})
    assert not report.agrees


def test_grandchildren_are_not_lost():
    a, b, c = (reports.Account(pk=n, code=f"100{n}", name="x", type="asset", parent_id=n - 1 or None) for n in (1, 2, 3))
    report = reports.trial_balance([a, b, c], {3: D(5)})
    assert [(r.account.pk, r.depth, r.together) for r in report.groups[0].rows] == [(1, 0, D(5)), (2, 1, D(5)), (3, 2, D(5))]


@pytest.mark.parametrize("on", ["junk", "1900-01-01", "2100-01-01", "2026-02-30"])
@pytest.mark.parametrize("name", ["trial_balance", "trial_balance_csv"])
def test_wrong_day_is_told_with_422(owner, shop, name, on):
    assert owner.get(url(shop, name, on=on)).status_code == 422


def test_htmx_gets_the_part_only(owner, shop):
    response = owner.get(url(shop), headers={"HX-Request": "true"})
    assert response.text.strip().startswith('<div class="stack" id="trial-balance">')


def test_query_count_is_flat(owner, shop):
    soap = factories.make_product(shop, stock=100)
    counts = []
    for bills in (1, 19):
        for _ in range(bills):
            factories.make_order(shop, [(soap, 1)])
        with CaptureQueriesContext(connection) as queries:
            owner.get(url(shop))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_csv_ends_with_the_total(owner, shop):
    factories.make_order(shop, [(factories.make_product(shop, stock=100), 10)])
    lines = owner.get(url(shop, "trial_balance_csv")).getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Code,Account,Group,Debit,Credit"
    assert "1001,Cash,Assets,525.00," in lines
    assert lines[-1] == ",Total,,4525.00,4525.00"
