"""Profit and loss: what was earned in a period, against the one before."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import StockDocument
from inventory.services import adjust_stock
from ledger import chart, reports, selectors
from ledger.posting_rules import credit, debit
from ledger.sales_chart import sales_chart
from ledger.services import record_entry
from orders.services import cancel_order
from smartkirana.dates import period, shop_today
from tests import factories

D = Decimal


def url(shop, name="profit_loss", **query):
    return reverse(f"ledger:{name}", args=[shop.slug], query=query)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=1000)


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def post_on(shop, day, source_id, *lines):
    """An entry of another day, by the service itself."""
    return record_entry(shop=shop, day=day, narration="Test", source_kind="stock", source_id=source_id, lines=lines)


def report_of(response) -> reports.ProfitLoss:
    return response.context["report"]


def test_shows_sales_cost_and_profit_of_today(owner, shop, soap):
    factories.make_order(shop, [(soap, 10)])
    response = owner.get(url(shop, period="today"))
    report = report_of(response)
    assert (report.revenue.now, report.cost.now, report.gross.now, report.net.now) == (D(500), D(400), D(100), D(100))
    assert report.margin == D("20.0")
    assert report.bills.now == 1
    assert "Gross profit" in response.text
    assert "20 % margin" in response.text.replace("\N{NO-BREAK SPACE}", " ")


def test_cancelled_bill_leaves_nothing(owner, shop, soap):
    order = factories.make_order(shop, [(soap, 10)])
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Wrong goods")
    report = report_of(owner.get(url(shop)))
    assert (report.revenue.now, report.net.now, report.bills.now) == (0, 0, 0)


def test_expenses_other_income_and_returns_each_stand_in_their_block(owner, shop, soap):
    factories.make_order(shop, [(soap, 10)])
    adjust_stock(shop=shop, by=shop.owner, product=soap, change=D(-3), reason=StockDocument.Reason.DAMAGE)
    adjust_stock(shop=shop, by=shop.owner, product=soap, change=D(1), reason=StockDocument.Reason.FOUND)
    today = shop_today()
    post_on(shop, today, 9_000_001, debit("5003", D(50)), credit(chart.CASH, D(50)))
    post_on(shop, today, 9_000_002, debit(chart.SALES_RETURN, D(100)), credit(chart.CASH, D(100)))
    report = report_of(owner.get(url(shop)))
    assert [(r.account.code, r.figure.now) for r in report.revenue_rows] == [("4010", D(500)), ("4002", D(-100))]
    assert report.revenue.now == D(400)
    assert [(r.account.code, r.figure.now) for r in report.other_income_rows] == [("4300", D(40))]
    assert [(r.account.code, r.figure.now) for r in report.expense_rows] == [("5003", D(50)), ("5020", D(120))]
    assert report.net.now == D(400) - D(400) + D(40) - D(170)


def test_period_before_stands_beside(owner, shop, soap):
    yesterday = shop_today() - timedelta(days=1)
    post_on(shop, yesterday, 9_000_001, debit(chart.CASH, D(200)), credit(chart.SALES_TAXABLE, D(200)))
    factories.make_order(shop, [(soap, 10)])
    report = report_of(owner.get(url(shop, period="today")))
    assert report.revenue == reports.Figure(D(500), D(200))
    assert report.revenue.change == D("150.0")


def test_own_dates_exclude_what_lies_outside(owner, shop, soap):
    today = shop_today()
    for n, back in enumerate((3, 2, 1), 9_000_001):
        post_on(shop, today - timedelta(days=back), n, debit(chart.CASH, D(back)), credit(chart.SALES_TAXABLE, D(back)))
    start, end = today - timedelta(days=2), today - timedelta(days=1)
    report = report_of(owner.get(url(shop, start=start, end=end)))
    assert report.revenue == reports.Figure(D(3), D(3))


def test_year_is_the_financial_year(owner, shop):
    response = owner.get(url(shop, period="year", on="2026-03-31"))
    assert response.context["span"].label == "FY 2025-26"


def test_dates_of_a_whole_month_become_that_month_and_can_be_stepped(owner, shop):
    response = owner.get(url(shop, start="2026-02-01", end="2026-02-28"))
    assert response.context["span"].name == "month"
    assert response.context["earlier"] == "2026-01-31"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"start": "2026-02-10", "end": "2026-02-01"}, "The last day comes before the first"),
        ({"start": "2026-02-10"}, "Give both dates"),
        ({"start": "junk", "end": "2026-02-01"}, "Give a date"),
        ({"start": "1066-01-01", "end": "2026-02-01"}, "between 2000 and 2099"),
        ({"period": "decade"}, "Choose one of the periods"),
        ({"period": "today", "on": "99999-01-01"}, "Give a date"),
    ],
)
@pytest.mark.parametrize("name", ["profit_loss", "profit_loss_csv"])
def test_wrong_dates_are_told_with_422(owner, shop, name, query, words):
    response = owner.get(url(shop, name, **query))
    assert response.status_code == 422
    assert words in response.text


@pytest.mark.parametrize("on", ["2000-01-01", "2099-12-31", "0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["today", "week", "month", "year"])
def test_ends_of_the_calendar_do_not_break_the_page(owner, shop, name, on):
    assert owner.get(url(shop, period=name, on=on)).status_code == 200


def test_htmx_gets_the_part_only(owner, shop, soap):
    factories.make_order(shop, [(soap, 1)])
    response = owner.get(url(shop), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert response.text.strip().startswith('<div class="stack" id="profit-loss">')
    assert "HX-Request" in response.headers["Vary"]


def test_empty_books_say_what_to_do(owner, shop):
    assert "Nothing sold or spent" in owner.get(url(shop)).text


def test_other_shops_figures_never_show(owner, shop, other_shop):
    factories.make_order(other_shop, [(factories.make_product(other_shop, stock=5), 5)])
    assert report_of(owner.get(url(shop))).is_empty


def test_csv_has_the_same_figures(owner, shop, soap):
    factories.make_order(shop, [(soap, 10)])
    response = owner.get(url(shop, "profit_loss_csv", period="today"))
    text = response.getvalue().decode("utf-8-sig")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert '4010,"Sales, taxable goods",500.00,0.00' in text
    assert ",Net profit,100.00,0.00" in text


def test_query_count_does_not_grow_with_bills(owner, shop, soap):
    counts = []
    for bills in (1, 19):
        for _ in range(bills):
            factories.make_order(shop, [(soap, 1)])
        with CaptureQueriesContext(connection) as queries:
            owner.get(url(shop, period="year"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


# --- the chart ------------------------------------------------------------------------------------------------
def test_chart_has_a_bar_for_each_day_of_a_month_and_the_line_of_the_one_before():
    span = period("month", shop_today().replace(day=15))
    chart_of_sales = sales_chart([(span.start, D(100)), (span.before().start, D(50))], span, span.before())
    assert len(chart_of_sales.bars) == span.days
    assert (chart_of_sales.bars[0].amount, chart_of_sales.bars[0].before) == (D(100), D(50))
    assert chart_of_sales.line
    assert not chart_of_sales.by_month


def test_chart_of_a_year_has_twelve_months_from_april():
    span = period("year", shop_today())
    bars = sales_chart([(span.end, D(1))], span, span.before()).bars
    assert [b.label[:3] for b in bars] == ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    assert bars[-1].amount == 1


def test_chart_of_one_day_is_none():
    span = period("today", shop_today())
    assert sales_chart([], span, span.before()) is None


def test_days_below_zero_draw_no_bar():
    span = period("week", shop_today())
    assert sales_chart([(span.start, D(-500))], span, span.before()).bars[0].height == 0


def test_bars_stay_in_the_picture():
    span = period("month", shop_today())
    drawn = sales_chart([(span.start, D("99999999999.99"))], span, span.before())
    assert all(0 <= b.y <= drawn.height and b.x + b.width <= drawn.right for b in drawn.bars)


def test_bills_are_counted_as_the_books_count_them(shop, soap):
    order = factories.make_order(shop, [(soap, 1)])
    factories.make_order(shop, [(soap, 1)])
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Test")
    assert selectors.bill_counts(shop, period("today", shop_today())) == [1]
