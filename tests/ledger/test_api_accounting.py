"""The six operations of the contract under /accounting."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest

from ledger.pairs import Pairs
from orders.bill import Tender
from orders.payments import mark_failed
from orders.services import cancel_order
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api
from tests.ledger.books import balance

pytestmark = pytest.mark.django_db
CLIENTS_RELY_ON = {
    "1001": ("Cash", "asset"), "1002": ("Bank Account", "asset"), "1003": ("Inventory", "asset"),
    "1004": ("Accounts Receivable", "asset"), "1005": ("Fixed Assets", "asset"), "2001": ("Accounts Payable", "liability"),
    "2002": ("Loan Payable", "liability"), "2003": ("GST Payable", "liability"), "3001": ("Capital", "equity"),
    "4001": ("Sales Revenue", "income"), "4002": ("Sales Return", "income"), "5001": ("Cost of Goods Sold", "expense"),
    "5002": ("Salary & Wages", "expense"), "5003": ("Rent", "expense"), "5004": ("Utilities", "expense"),
    "5005": ("Administrative", "expense"),
}  # fmt: skip


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=500)


@pytest.fixture
def api(shop):
    return Api(shop, shop.owner)


def test_every_account_that_clients_rely_on_is_in_the_chart(api):
    found = {row["account_code"]: (row["account_name"], row["account_type"]) for row in api.get("/accounting/chart-of-accounts").json()}
    assert CLIENTS_RELY_ON.items() <= found.items()


def test_the_chart_can_be_narrowed_to_a_type(api):
    rows = api.get("/accounting/chart-of-accounts?account_type=liability").json()
    assert {row["account_type"] for row in rows} == {"liability"}
    assert api.get("/accounting/chart-of-accounts?account_type=magic").status_code == 422


def test_the_pairs_of_every_entry_add_up_to_its_postings(shop, soap, api):
    factories.make_order(shop, [(soap, 2)], payments=[Tender("cash", Decimal(50)), Tender("upi", None)])
    cancel_order(shop=shop, bill_number=factories.make_order(shop, [(soap, 3)]).bill_number, by=shop.owner, reason="Wrong goods")
    answer = api.get("/accounting/ledger?limit=100")
    rows = answer.json()
    assert answer["X-Total-Count"] == str(len(rows))
    assert len({row["id"] for row in rows}) == len(rows)
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        assert row["debit_amount"] == row["credit_amount"]
        assert Decimal(row["debit_amount"]) > 0
        moved[row["debit_account"]] += Decimal(row["debit_amount"])
        moved[row["credit_account"]] -= Decimal(row["credit_amount"])
    assert {code: net for code, net in moved.items() if net} == {
        account.code: net for account in shop.accounts.all() if (net := balance(shop, account.code))
    }


def test_a_sale_reads_as_cash_against_sales_and_tax_and_cost_against_stock(shop, soap, api):
    order = factories.make_order(shop, [(soap, 2)])
    pairs = [row for row in api.get("/accounting/ledger").json() if row["reference_type"] == "order"]
    assert {row["reference_id"] for row in pairs} == {order.pk}
    told = [(row["debit_account"], row["credit_account"], row["debit_amount"]) for row in pairs]
    assert told == [("1001", "4010", "100.00"), ("1001", "2101", "2.50"), ("1001", "2102", "2.50"), ("5001", "1003", "80.00")]


def test_pages_of_pairs_join_without_gap_or_repeat(shop, soap, api):
    for _ in range(3):
        factories.make_order(shop, [(soap, 1)], payments=[Tender("cash", Decimal(20)), Tender("upi", None)])
    whole = api.get("/accounting/ledger?limit=100").json()
    parts = [row for page in range(1, len(whole) // 3 + 2) for row in api.get(f"/accounting/ledger?limit=3&page={page}").json()]
    assert parts == whole
    assert api.get("/accounting/ledger?page=999").json() == []


def test_pairs_of_one_account_and_of_one_with_others_below_it(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    answer = api.get("/accounting/ledger?account=1003")
    assert answer["X-Total-Count"] == str(len(answer.json())) == "2"  # opening stock, and the sale's cost
    assert {"2101", "2102"} == {row["credit_account"] for row in api.get("/accounting/ledger?account=2003").json()}
    assert api.get("/accounting/ledger?account=9876").status_code == 404
    assert api.get("/accounting/ledger?account=cash").status_code == 422


def test_the_ledger_can_be_narrowed_to_days(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    tomorrow = shop_today() + timedelta(days=1)
    assert api.get(f"/accounting/ledger?start_date={tomorrow}").json() == []
    assert len(api.get(f"/accounting/ledger?start_date={shop_today()}&end_date={shop_today()}").json()) == 5
    back = api.get(f"/accounting/ledger?start_date={tomorrow}&end_date={shop_today()}")
    assert (back.status_code, back.json()["code"]) == (400, "period_backwards")


def test_the_queries_of_the_ledger_do_not_grow(shop, soap, api, django_assert_max_num_queries):
    factories.make_order(shop, [(soap, 1)])
    for _ in range(2):
        with django_assert_max_num_queries(14):
            api.get("/accounting/ledger?limit=100")
        for _ in range(12):
            factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])


def test_the_count_of_pairs_is_the_number_of_pairs(shop, soap):
    for amount in ("10.01", "52.50", "31.17"):
        factories.make_order(shop, [(soap, 3)], payments=[Tender("cash", Decimal(amount)), Tender("upi", None)])
    pairs = Pairs(shop)
    assert len(pairs) == len(pairs[0:1000])


def test_profit_and_loss_of_the_last_days(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    found = api.get("/accounting/profit-loss").json()
    assert (found["period_days"], found["period_end"]) == (30, shop_today().isoformat())
    assert (found["total_revenue"], found["total_cogs"], found["gross_profit"]) == ("100.00", "80.00", "20.00")
    assert (found["net_profit"], found["profit_margin_percent"], found["order_count"]) == ("20.00", "20.00", 1)
    assert api.get("/accounting/profit-loss?period_days=7").json()["period_start"] == (shop_today() - timedelta(days=6)).isoformat()


def test_profit_and_loss_of_own_dates(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    found = api.get("/accounting/profit-loss?from=2025-04-01&to=2026-03-31").json()
    assert (found["period_start"], found["period_days"], found["total_revenue"]) == ("2025-04-01", 365, "0.00")
    assert api.get("/accounting/profit-loss?from=2025-04-01").status_code == 400
    assert api.get("/accounting/profit-loss?from=2026-04-01&to=2025-03-31").status_code == 400
    assert api.get("/accounting/profit-loss?period_days=0").status_code == 422


def test_the_sales_ledger_adds_up_and_leaves_out_cancelled_bills(shop, soap, api):
    asha = factories.make_customer(shop, credit_limit=Decimal(5000))
    paid = factories.make_order(shop, [(soap, 2)])
    factories.make_order(shop, [(soap, 1)], payments=[Tender("khata", None)], customer=asha)
    lost = factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])
    cancel_order(shop=shop, bill_number=factories.make_order(shop, [(soap, 1)]).bill_number, by=shop.owner, reason="Wrong")
    mark_failed(shop=shop, payment_id=lost.payments.get().pk, by=shop.owner, how="owner", reason="Not in the app")
    answer = api.get("/accounting/sales-ledger")
    rows = answer.json()
    assert answer["X-Total-Count"] == "3"
    assert [row["payment_status"] for row in rows] == ["failed", "pending", "completed"]
    assert rows[1]["customer_id"] == asha.pk
    for row in rows:
        assert sum(Decimal(row[name]) for name in ("subtotal", "tax_amount", "round_off")) == Decimal(row["total_amount"])
    first = rows[2]
    assert (first["order_number"], first["subtotal"], first["tax_amount"]) == (paid.number, "100.00", "5.00")


def test_the_balance_of_an_account_and_of_those_below_it(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    cash = api.get("/accounting/account-balance/1001").json()
    assert (cash["account_name"], cash["account_type"], cash["balance"]) == ("Cash", "asset", "105.00")
    gst = api.get("/accounting/account-balance/2003").json()
    assert (gst["credit_total"], gst["debit_total"], gst["balance"]) == ("5.00", "0.00", "5.00")
    assert api.get("/accounting/account-balance/4001").json()["balance"] == "100.00"
    assert api.get("/accounting/account-balance/1001?as_of_date=2026-01-01").json()["balance"] == "0.00"
    assert api.get("/accounting/account-balance/9999").status_code == 404


def test_a_month_in_figures(shop, soap, api):
    today = shop_today()
    asha = factories.make_customer(shop)
    factories.make_order(shop, [(soap, 2)], customer=asha)
    factories.make_order(shop, [(soap, 4)], customer=asha)
    cancel_order(shop=shop, bill_number=factories.make_order(shop, [(soap, 1)]).bill_number, by=shop.owner, reason="Wrong")
    found = api.get(f"/accounting/monthly-summary?year={today.year}&month={today.month}").json()
    assert found == {
        "month": today.month, "year": today.year, "total_revenue": "300.00", "total_tax": "15.00",
        "order_count": 2, "unique_customers": 1, "avg_order_value": "157.50",
    }  # fmt: skip
    assert api.get("/accounting/monthly-summary?year=2026&month=13").status_code == 422
    assert api.get("/accounting/monthly-summary").status_code == 422


PATHS = [
    "/ledger", "/profit-loss", "/sales-ledger", "/account-balance/1001", "/monthly-summary?year=2026&month=11", "/chart-of-accounts",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_for_owner_and_accountant_only(shop, path):
    for role, status in ((Role.ACCOUNTANT, 200), (Role.MANAGER, 403), (Role.STAFF, 403)):
        assert Api(shop, factories.make_member(shop, role)).get(f"/accounting{path}").status_code == status
    assert Api().get(f"/accounting{path}").status_code == 401


def test_another_shop_sees_nothing_of_it(shop, soap):
    factories.make_order(shop, [(soap, 2)])
    other = factories.make_shop("Other")
    api = Api(other, other.owner)
    assert api.get("/accounting/ledger").json() == api.get("/accounting/sales-ledger").json() == []
    assert api.get("/accounting/account-balance/1001").json()["balance"] == "0.00"
    assert api.get(f"/accounting/ledger?shop_id={shop.pk}").status_code == 403
