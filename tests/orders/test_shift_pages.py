"""The pages of the drawer: who may see what, the blind count, a second press, and what is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import signing
from django.urls import reverse

from orders.bill import Tender
from orders.models import DrawerEvent, TillEvent
from orders.shift_forms import COUNTED
from orders.shifts import Count, close_shift, move_cash, open_shift
from shops.models import Role
from tests import factories
from tests.inventory.buying import make_supplier

D = Decimal
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"


@pytest.fixture
def till(shop):
    return shop.counters.get()


@pytest.fixture
def clerk(shop, client):
    person = factories.make_member(shop)
    client.force_login(person)
    return person


@pytest.fixture
def mine(shop, till, clerk):
    """A shift of the clerk with 2,000 in the drawer."""
    return open_shift(shop=shop, counter=till, cashier=clerk, count=Count(D(2000)))


def at(name, shop, *args):
    return reverse(f"orders:{name}", args=[shop.slug, *args])


def count(client, shop, shift, **posted):
    return client.post(at("shift_count", shop, shift.pk), posted)


def token(response):
    return response.context["form"]["counted"].value()


# --- opening ------------------------------------------------------------------------------------------------------
def test_the_drawer_page_offers_to_open(client, shop, till, clerk):
    page = client.get(at("drawer", shop)).content.decode()
    assert at("shift_open", shop, till.pk) in page


def test_opening_counts_notes_and_tells_the_sum(client, shop, till, clerk):
    answer = client.post(at("shift_open", shop, till.pk), {"request_key": KEY, "n500": "3", "n10": "5"}, follow=True)
    shift = shop.shifts.get()
    assert (shift.cashier, shift.events.get().counted) == (clerk, D(1550))
    assert "The shift is open with ₹ 1,550.00 in the drawer." in answer.content.decode()


def test_a_difference_is_told_after_the_count_and_asks_why(client, shop, till, clerk, mine):
    close_shift(shop=shop, shift=mine, by=clerk, count=Count(D(2000)))
    answer = client.post(at("shift_open", shop, till.pk), {"amount": "1900"})
    assert answer.status_code == 422
    assert "₹ 100.00 short. Count once more, or write why." in answer.content.decode()
    answer = client.post(at("shift_open", shop, till.pk), {"amount": "1900", "reason": "tea on the way"}, follow=True)
    assert "That is ₹ 100.00 less than was left." in answer.content.decode()


def test_pressing_open_twice_opens_once(client, shop, till, clerk):
    for _ in "ab":
        client.post(at("shift_open", shop, till.pk), {"request_key": KEY, "amount": "100"})
    assert shop.shifts.count() == 1


@pytest.mark.parametrize("posted", [{}, {"n500": "x"}, {"n500": "-1"}, {"amount": "NaN"}, {"n500": "1", "amount": "7"}, {"n7": "1"}])
def test_a_count_that_is_none_gets_a_sentence(client, shop, till, clerk, posted):
    answer = client.post(at("shift_open", shop, till.pk), posted)
    assert answer.status_code == 422
    assert 'class="bad"' in answer.content.decode() or 'role="alert"' in answer.content.decode()
    assert not shop.shifts.exists()


# --- in and out ---------------------------------------------------------------------------------------------------
def test_milk_is_taken_out(client, shop, mine):
    posted = {"request_key": KEY, "reason": "milk", "amount": "60", "words": "2 packets"}
    for _ in "ab":
        answer = client.post(at("shift_move", shop, mine.pk), posted, follow=True)
    assert "2 packets" in answer.content.decode()
    assert mine.events.get(kind="moved").amount == D(-60)


def test_only_who_buys_pays_a_supplier(client, shop, till, mine):
    supplier = make_supplier(shop)
    posted = {"reason": "supplier", "amount": "60", "supplier": supplier.pk}
    assert client.post(at("shift_move", shop, mine.pk), posted).status_code == 422
    manager = factories.make_member(shop, Role.MANAGER)
    client.force_login(manager)
    assert client.post(at("shift_move", shop, mine.pk), posted).status_code == 302
    supplier.refresh_from_db()
    assert supplier.balance == D(-60)


@pytest.mark.parametrize("posted", [{}, {"reason": "milk"}, {"reason": "milk", "amount": "-1"}, {"reason": "gift", "amount": "5"},
                                    {"reason": "other_out", "amount": "5"}, {"reason": "supplier", "amount": "5"}])  # fmt: skip
def test_a_move_that_is_none_gets_a_sentence(client, shop, mine, posted):
    answer = client.post(at("shift_move", shop, mine.pk), posted)
    assert answer.status_code == 422
    assert not mine.events.filter(kind="moved").exists()


def test_nothing_is_taken_out_of_a_shift_that_is_over(client, shop, mine):
    close_shift(shop=shop, shift=mine, by=mine.cashier, count=Count(D(2000)))
    answer = client.post(at("shift_move", shop, mine.pk), {"reason": "milk", "amount": "60"})
    assert answer.status_code == 422


# --- the count ----------------------------------------------------------------------------------------------------
def test_what_should_be_there_is_nowhere_before_the_count(client, shop, till, mine):
    soap = factories.make_product(shop, stock=5)
    factories.make_order(shop, [(soap, 1)])
    till.refresh_from_db()
    for name, args in (("drawer", ()), ("shift", (mine.pk,)), ("shift_count", (mine.pk,))):
        assert "2,053" not in client.get(at(name, shop, *args)).content.decode()


def test_the_count_tells_the_difference_and_is_kept_in_the_log(client, shop, mine):
    answer = count(client, shop, mine, n500="3", n100="4")
    assert answer.status_code == 200
    assert "2,000.00" in answer.content.decode()
    assert answer.context["difference"] == D(-100)
    noted = TillEvent.objects.get(shop=shop, kind="drawer_counted")
    assert (noted.amount, noted.details) == (D(1900), {"expected": "2000.00", "difference": "-100.00"})
    assert mine.events.count() == 1


def test_the_shift_ends_with_its_count_a_reason_and_what_goes_into_the_safe(client, shop, till, mine):
    counted = token(count(client, shop, mine, n500="3", n100="4"))
    refused = client.post(at("shift_end", shop, mine.pk), {"counted": counted, "to_safe": "1500"})
    assert (refused.status_code, mine.events.count()) == (422, 1)
    posted = {"counted": counted, "to_safe": "1500", "reason": "gave it for tea"}
    for _ in "ab":
        answer = client.post(at("shift_end", shop, mine.pk), posted, follow=True)
        assert "Stayed in the drawer" in answer.content.decode()
    ended = mine.events.get(kind="closed")
    assert (ended.counted, ended.difference, ended.safe, ended.words) == (D(1900), D(-100), D(1500), "gave it for tea")
    till.refresh_from_db()
    assert till.cash == D(400)


def test_a_sale_between_count_and_end_asks_to_count_again(client, shop, mine):
    counted = token(count(client, shop, mine, amount="2000"))
    factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    answer = client.post(at("shift_end", shop, mine.pk), {"counted": counted})
    assert answer.status_code == 422
    assert "Count once more" in answer.content.decode()
    assert shop.shifts.get().is_open


@pytest.mark.parametrize(
    "counted",
    ["", "x", signing.dumps({"shift": 1}, salt="other"), signing.dumps({"shift": 0}, salt=COUNTED)],
    ids=["nothing", "nonsense", "signed for something else", "of another shift"],  # the signed ones hold the second of their making
)
def test_a_count_that_was_not_made_here_ends_nothing(client, shop, mine, counted):
    answer = client.post(at("shift_end", shop, mine.pk), {"counted": counted})
    assert answer.status_code == 422
    assert "Count the drawer first" in answer.content.decode()
    assert shop.shifts.get().is_open


def test_the_end_lists_claims_nobody_has_seen(client, shop, mine):
    soap = factories.make_product(shop, stock=5)
    claimed = factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])
    assert claimed.bill_number in count(client, shop, mine, amount="2000").content.decode()


def test_only_who_closes_the_day_ends_a_shift_nobody_counted(client, shop, mine):
    client.post(at("shift_end", shop, mine.pk), {"uncounted": "1"})
    assert shop.shifts.get().is_open
    client.force_login(factories.make_member(shop, Role.MANAGER))
    client.post(at("shift_end", shop, mine.pk), {"uncounted": "1"})
    assert not shop.shifts.get().is_open


# --- who ----------------------------------------------------------------------------------------------------------
PAGES = ("shift", "shift_count")


@pytest.mark.parametrize("name", PAGES)
def test_somebody_elses_shift_is_not_for_a_helper(client, shop, mine, name):
    client.force_login(factories.make_member(shop))
    assert client.get(at(name, shop, mine.pk)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_owner_and_manager_see_everybodys(client, shop, mine, name, role):
    client.force_login(factories.make_member(shop, role))
    assert client.get(at(name, shop, mine.pk)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_and_another_shops_shift_get_404(client, shop, other_shop, mine, name):
    client.force_login(other_shop.owner)
    assert client.get(at(name, shop, mine.pk)).status_code == 404
    assert client.get(at(name, other_shop, mine.pk)).status_code == 404


def test_an_accountant_sells_nothing_and_has_no_drawer(client, shop):
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.get(at("drawer", shop)).status_code == 403


def test_a_helper_sees_own_shifts_the_owner_all(client, shop, till, mine):
    close_shift(shop=shop, shift=mine, by=mine.cashier, count=Count(D(1990)), reason="x")
    client.force_login(factories.make_member(shop))
    assert at("shift", shop, mine.pk) not in client.get(at("drawer", shop)).content.decode()
    client.force_login(shop.owner)
    page = client.get(at("drawer", shop)).content.decode()
    assert at("shift", shop, mine.pk) in page
    assert "₹\u00a010.00 short" in page


@pytest.mark.parametrize("shifts", [1, 20])
def test_the_list_takes_the_same_queries(client, shop, till, shifts, django_assert_num_queries):
    for _ in range(shifts):
        shift = open_shift(shop=shop, counter=till, cashier=shop.owner, count=Count(D(100)))
        move_cash(shop=shop, by=shop.owner, counter=till, reason="from_safe", amount=D(5))
        close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(105)), to_safe=D(5))
    client.force_login(shop.owner)
    client.get(at("drawer", shop))
    with django_assert_num_queries(7):
        client.get(at("drawer", shop))


@pytest.mark.parametrize("moves", [1, 15])
def test_a_shift_takes_the_same_queries(client, shop, till, mine, moves, django_assert_num_queries):
    soap = factories.make_product(shop, stock=100)
    for _ in range(moves):
        move_cash(shop=shop, by=shop.owner, counter=till, reason="supplier", amount=D(5), supplier=make_supplier(shop))
        factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])
    client.force_login(shop.owner)
    client.get(at("shift", shop, mine.pk))
    with django_assert_num_queries(8):
        client.get(at("shift", shop, mine.pk))


def test_a_counter_that_sells_only_in_a_shift_says_so_at_the_counter(client, shop, till, clerk):
    shop.counters.update(needs_shift=True)
    page = client.get(at("counter", shop)).content.decode()
    assert at("shift_open", shop, till.pk) in page


def test_the_counter_shows_its_open_shift(client, shop, till, mine):
    assert at("shift", shop, mine.pk) in client.get(at("counter", shop)).content.decode()


def test_drawer_events_stand_in_the_day_book(client, shop, till, mine):
    client.force_login(shop.owner)
    page = client.get(reverse("ledger:day_book", args=[shop.slug]), {"kind": "drawer"}).content.decode()
    assert "shift opened" in page
    assert DrawerEvent.objects.filter(shop=shop).count() == 1
