"""Where the money is, moving it, and the cash book of a drawer, the safe and all cash."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.suppliers import pay_supplier
from ledger.money import money_now
from orders.bill import Tender
from orders.shifts import Count, move_cash, open_shift
from shops.models import Role
from shops.services import add_counter
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import buy, make_supplier, received

D = Decimal
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"


def at(name, shop):
    return reverse(f"ledger:{name}", args=[shop.slug])


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=500)


@pytest.fixture
def owner(shop, client):
    client.force_login(shop.owner)
    return shop.owner


def test_every_rupee_has_its_place(shop, soap):
    first, second = shop.counters.get(), add_counter(shop=shop, name="Milk window", code="M1")
    asha, supplier = factories.make_customer(shop), make_supplier(shop)
    move_cash(shop=shop, by=shop.owner, reason="owner_gave", amount=D(9000))
    open_shift(shop=shop, counter=first, cashier=shop.owner, count=Count(D(2000)))
    factories.make_order(shop, [(soap, 2)], counter=second)
    factories.make_order(shop, [(soap, 4)], customer=asha, payments=[Tender("upi", D(100)), Tender("card", D(30)), Tender("khata", None)])
    move_cash(shop=shop, by=shop.owner, reason="to_bank", amount=D(3000))
    buy(supplier, received(soap, 10, 40))
    pay_supplier(shop=shop, by=shop.owner, supplier=supplier, amount=D(50), method="cash")
    supplier.refresh_from_db()
    now = money_now(shop)
    assert [(till.name, till.cash, bool(shift)) for till, shift in now.drawers] == [
        ("Milk window", D(105), False),
        (first.name, D(2000), True),
    ]
    assert (now.none, now.safe, now.bank, now.upi, now.card) == (D(-50), D(4000), D(3000), D(100), D(30))
    assert (now.khata, now.owed, now.unseen) == (D(80), supplier.balance, 2)
    assert now.own == D(9185)


def test_the_page_shows_them_with_their_links(client, shop, soap, owner):
    till = shop.counters.get()
    factories.make_order(shop, [(soap, 2)])
    page = client.get(at("money", shop)).content.decode()
    assert f"{at('cash_book', shop)}?of=counter-{till.pk}" in page
    assert "₹\u00a0105.00" in page


@pytest.mark.parametrize("bills", [1, 9])
def test_the_page_takes_the_same_queries(client, shop, soap, owner, bills, django_assert_num_queries):
    for n in range(bills):
        add_counter(shop=shop, name=f"Window {n}", code=f"W{n}")
        factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])
    client.get(at("money", shop))
    with django_assert_num_queries(9):
        client.get(at("money", shop))


# --- moving -------------------------------------------------------------------------------------------------------
def test_money_goes_from_the_drawer_to_the_bank_once(client, shop, owner):
    till = shop.counters.get()
    open_shift(shop=shop, counter=till, cashier=shop.owner, count=Count(D(5000)))
    posted = {"request_key": KEY, "place": f"counter-{till.pk}", "reason": "to_bank", "amount": "4000", "words": "slip 12"}
    for _ in "ab":
        assert client.post(at("money_move", shop), posted).status_code == 302
    till.refresh_from_db()
    assert (till.cash, money_now(shop).bank) == (D(1000), D(4000))


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"place": "safe"},
        {"place": "safe", "reason": "to_safe", "amount": "5"},
        {"place": "counter-0", "reason": "to_bank", "amount": "5"},
        {"place": "safe", "reason": "milk", "amount": "5"},
        {"place": "safe", "reason": "to_bank", "amount": "-5"},
    ],
)
def test_a_move_that_is_none_gets_a_sentence(client, shop, owner, posted):
    answer = client.post(at("money_move", shop), posted)
    assert answer.status_code == 422
    assert 'class="bad"' in answer.content.decode()
    assert not shop.drawer_events.exists()


def test_the_accountant_looks_and_moves_nothing(client, shop):
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert "Move money" not in client.get(at("money", shop)).content.decode()
    assert client.post(at("money_move", shop), {"place": "safe", "reason": "to_bank", "amount": "5"}).status_code == 403


@pytest.mark.parametrize("name", ["money", "cash_book", "cash_book_csv"])
@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.ACCOUNTANT, 200), (Role.MANAGER, 403), (Role.STAFF, 403)])
def test_who_sees_the_money(client, shop, name, role, status):
    client.force_login(factories.make_member(shop, role))
    assert client.get(at(name, shop)).status_code == status


@pytest.mark.parametrize("name", ["money", "cash_book", "cash_book_csv"])
def test_a_stranger_gets_404(client, shop, other_shop, name):
    client.force_login(other_shop.owner)
    assert client.get(at(name, shop)).status_code == 404


# --- the cash book ------------------------------------------------------------------------------------------------
@pytest.fixture
def three_days(shop, soap, owner):
    """105 two days ago, 52.50 (rounded to 53) yesterday of which 20 went for tea; 1,000 into the safe today."""
    till = shop.counters.get()
    ago = lambda days: timezone.now() - timedelta(days=days)  # noqa: E731
    factories.make_order(shop, [(soap, 2)], at=ago(2))
    factories.make_order(shop, [(soap, 1)], at=ago(1))
    move_cash(shop=shop, by=shop.owner, counter=till, reason="tea", amount=D(20), at=ago(1))
    move_cash(shop=shop, by=shop.owner, reason="owner_gave", amount=D(1000))
    return till


def test_the_book_of_a_drawer_runs_by_day(client, shop, three_days):
    days = (shop_today() - timedelta(days=1), shop_today())
    asked = {"of": f"counter-{three_days.pk}", "start": days[0].isoformat(), "end": days[1].isoformat()}
    context = client.get(at("cash_book", shop), asked).context
    assert [(d.day, d.opening, d.came, d.went, d.closing) for d in context["days"]] == [(days[0], D(105), D(53), D(20), D(138))]
    assert (context["sums"].opening, context["sums"].closing) == (D(105), D(138))
    asked = {"of": f"counter-{three_days.pk}", "period": "today", "on": days[0].isoformat()}
    context = client.get(at("cash_book", shop), asked).context
    assert [balance for _, balance in context["rows"]] == [D(158), D(138)]


@pytest.mark.parametrize(("of", "closing"), [("all", 1138), ("", 1138), ("safe", 1000), ("none", 0)])
def test_the_book_of_the_safe_and_of_all(client, shop, three_days, of, closing):
    assert client.get(at("cash_book", shop), {"of": of, "period": "year"}).context["sums"].closing == D(closing)


def test_the_file_runs_from_opening_to_closing(client, shop, three_days):
    lines = b"".join(client.get(at("cash_book_csv", shop), {"period": "year"})).decode().splitlines()
    assert lines[0] == "\ufeffDate,Entry,Particulars,Drawer,In,Out,Balance"
    assert lines[1].endswith("Opening balance,,,,0.00")
    assert lines[-1].endswith("Closing balance,,1158.00,20.00,1138.00")
    assert len(lines) == 7


@pytest.mark.parametrize("query", [{"of": "counter-0"}, {"period": "custom", "start": "2026-01-01"}, {"of": "x"}])
def test_a_wrong_question_gets_a_sentence(client, shop, owner, query):
    for name in ("cash_book", "cash_book_csv"):
        assert client.get(at(name, shop), query).status_code == 422


@pytest.mark.parametrize("bills", [1, 12])
def test_the_cash_book_takes_the_same_queries(client, shop, soap, owner, bills, django_assert_max_num_queries):
    for _ in range(bills):
        factories.make_order(shop, [(soap, 1)])
    client.get(at("cash_book", shop))
    with django_assert_max_num_queries(7):
        client.get(at("cash_book", shop))
    with django_assert_max_num_queries(9):
        client.get(at("cash_book", shop), {"period": "today"})
