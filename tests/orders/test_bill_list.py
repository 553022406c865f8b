"""The list of bills: who sees it, how it is narrowed, that it stays quick, and its export."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.bill import Tender
from orders.services import cancel_order
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def address(shop, name="bills", **query):
    url = reverse(f"orders:{name}", args=[shop.slug])
    return f"{url}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else url


def bills_on(response) -> list[str]:
    return [row.record.bill_number for row in response.context["table"].paginated_rows]


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=500)


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def test_shows_the_newest_bill_first(owner, shop, soap):
    numbers = [factories.make_order(shop, [(soap, n)]).bill_number for n in (1, 2, 3)]
    response = owner.get(address(shop))
    assert response.status_code == 200
    assert bills_on(response) == numbers[::-1]
    assert "₹\xa0157.50" not in response.text  # rounded to the rupee
    assert "₹\xa0158.00" in response.text


def test_htmx_gets_only_the_rows(owner, shop, soap):
    factories.make_order(shop, [(soap, 1)])
    response = owner.get(address(shop), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "S1/" in response.text
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.ACCOUNTANT])
def test_every_role_sees_bills(client, shop, role):
    client.force_login(factories.make_member(shop, role))
    assert client.get(address(shop)).status_code == 200


@pytest.mark.parametrize("name", ["bills", "bills_csv"])
def test_stranger_gets_404(client, shop, other_shop, name):
    client.force_login(other_shop.owner)
    assert client.get(address(shop, name)).status_code == 404


@pytest.mark.parametrize("name", ["bills", "bills_csv"])
def test_anonymous_is_sent_to_sign_in(client, shop, name):
    response = client.get(address(shop, name))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("name", ["bills", "bills_csv"])
def test_wrong_method_is_405(owner, shop, name):
    assert owner.post(address(shop, name)).status_code == 405


def test_never_shows_another_shops_bill(owner, shop, other_shop):
    factories.make_order(other_shop, [(factories.make_product(other_shop, stock=5), 1)])
    assert bills_on(owner.get(address(shop))) == []
    assert "No bills yet" in owner.get(address(shop)).text


def test_narrows_by_number_name_phone_status_counter_and_payment(owner, shop, soap):
    asha = factories.make_customer(shop, "Asha Deshpande", "+919876512345")
    second = shop.counters.create(name="Counter 2", code="S2")
    cash = factories.make_order(shop, [(soap, 1)])
    khata = factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)])
    upi = factories.make_order(shop, [(soap, 1)], counter=second, payments=[Tender("upi", None)])
    cancel_order(shop=shop, bill_number=cash.bill_number, by=shop.owner, reason="Wrong goods")

    def found(**query):
        return bills_on(owner.get(address(shop, **query)))

    assert found(q=khata.bill_number) == found(q=khata.slug) == found(q=khata.number) == [khata.bill_number]
    assert found(q="2") == [khata.bill_number]
    assert found(q="desh") == found(q="12345") == found(q="98765 12345") == [khata.bill_number]
    assert found(q="nobody") == found(q="%25") == found(q="999999") == []
    assert found(status="cancelled") == [cash.bill_number]
    assert found(paid="khata") == [khata.bill_number]
    assert found(paid="cash") == [cash.bill_number]
    assert found(counter=second.pk) == [upi.bill_number]
    assert found(paid="upi", status="cancelled") == []


def test_narrows_by_days_and_adds_them_up(owner, shop, soap):
    today = shop_today()
    now = timezone.now()
    for days in (0, 0, 3, 40):
        factories.make_order(shop, [(soap, 2)], at=now - timedelta(days=days))
    response = owner.get(address(shop, start=today - timedelta(days=5), end=today))
    assert len(bills_on(response)) == 3
    sums = response.context["sums"]
    assert (sums.sold, sums.total, sums.cancelled) == (3, D("315.00"), 0)
    assert len(bills_on(owner.get(address(shop, end=today - timedelta(days=1))))) == 2
    assert owner.get(address(shop, start=today - timedelta(days=90))).context["sums"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"start": "2026-13-45"},
        {"start": "yesterday"},
        {"start": "0001-01-01"},
        {"start": "2026-06-02", "end": "2026-06-01"},
        {"status": "gone"},
        {"paid": "gold"},
        {"counter": "999999999999999999999"},
        {"counter": "x' or 1=1"},
        {"q": "x" * 200},
    ],
)
def test_says_what_is_wrong_with_a_filter(owner, shop, query):
    response = owner.get(address(shop, **query))
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert owner.get(address(shop, "bills_csv", **query)).status_code == 422


def test_another_shops_counter_is_no_filter_here(owner, shop, other_shop):
    assert owner.get(address(shop, counter=other_shop.counters.get().pk)).status_code == 422


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "99999999999999999999", "200", "٣"])
def test_odd_page_numbers_show_a_page(owner, shop, soap, page):
    factories.make_order(shop, [(soap, 1)])
    assert owner.get(address(shop, page=page)).status_code == 200


def test_query_count_is_flat_and_bills_are_never_counted(owner, shop, soap):
    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as caught:
            owner.get(address(shop))
        return [q["sql"] for q in caught]

    factories.make_order(shop, [(soap, 1)])
    queries()
    with_one = queries()
    asha = factories.make_customer(shop)
    for _ in range(19):
        factories.make_order(shop, [(soap, 1)], customer=asha)
    with_twenty = queries()
    assert len(with_one) == len(with_twenty) <= 9
    counting = [sql for sql in with_twenty if "COUNT(" in sql and '"orders_order"' in sql]
    assert all('"day" >=' in sql for sql in counting)  # only the day's sums
    assert len(counting) == 1, counting


def test_exports_what_is_shown(owner, shop, soap):
    evil = factories.make_customer(shop, "=HYPERLINK(0)")
    factories.make_order(shop, [(soap, 1)], customer=evil)
    factories.make_order(shop, [(soap, 2)])
    response = owner.get(address(shop, "bills_csv"))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert lines[0].startswith("Bill,Date,Time,Kind")
    assert [line.split("/")[-1][:6] for line in lines[1:]] == ["000002", "000001"]
    assert lines[1].endswith("105.00")
    assert "'=HYPERLINK(0)" in lines[2]
