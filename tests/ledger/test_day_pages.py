"""The pages of the day: X report, closing, Z reports on screen and on paper; and who may."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.closing import close_day
from orders.shifts import Count, move_cash, open_shift
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.orders.roll_printer import read

D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=500)


@pytest.fixture
def owner(shop, client):
    client.force_login(shop.owner)
    return shop.owner


def at(name, shop, *args):
    return reverse(f"ledger:{name}", args=[shop.slug, *args])


def press_close(client, shop, day=None):
    return client.post(at("day_close", shop), {"day": (day or shop_today()).isoformat()}, follow=True)


def words_of(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def size_of(pdf: bytes) -> list[str]:
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [line for line in told.splitlines() if line.startswith(("Pages", "Page size"))]


def test_the_day_page_tells_the_day_and_changes_nothing(client, shop, soap, owner):
    factories.make_order(shop, [(soap, 2)])
    page = client.get(at("day", shop)).content.decode()
    assert "1 bill so far" in page
    assert "105.00" in page
    assert not shop.day_closes.exists()


def test_closing_goes_to_the_z_report(client, shop, soap, owner):
    factories.make_order(shop, [(soap, 2)])
    answer = press_close(client, shop)
    z = shop.day_closes.get()
    assert answer.request["PATH_INFO"] == at("z_report", shop, 1)
    assert z.short_seal in answer.content.decode()
    assert "is closed: Z 1." in client.get(at("day", shop)).content.decode()


def test_pressing_close_twice_closes_once(client, shop, owner):
    press_close(client, shop)
    assert press_close(client, shop).status_code == 200
    assert shop.day_closes.count() == 1


def test_an_open_shift_stands_in_the_way_with_a_link(client, shop, owner):
    shift = open_shift(shop=shop, counter=shop.counters.get(), cashier=shop.owner, count=Count(D(10)))
    answer = press_close(client, shop)
    assert answer.status_code == 422
    assert "A shift is still open" in answer.content.decode()
    assert reverse("orders:shift_count", args=[shop.slug, shift.pk]) in answer.content.decode()


@pytest.mark.parametrize("day", ["", "x", "2026-13-45", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused_in_words(client, shop, owner, day):
    answer = client.post(at("day_close", shop), {"day": day})
    assert answer.status_code == 422
    assert "Only a day up to today can be closed." in answer.content.decode()


def test_days_left_open_are_told_and_closed_first(client, shop, soap, owner):
    factories.make_order(shop, [(soap, 1)], at=timezone.now() - timedelta(days=3))
    assert "is still open; it is closed first." in client.get(at("day", shop)).content.decode()
    press_close(client, shop)
    assert shop.day_closes.count() == 2


def test_the_z_report_stays_as_it_was(client, shop, soap, owner):
    factories.make_order(shop, [(soap, 2)])
    press_close(client, shop)
    factories.make_order(shop, [(soap, 7)])
    assert "367.50" not in client.get(at("z_report", shop, 1)).content.decode()
    assert "105.00" in client.get(at("z_report", shop, 1)).content.decode()


@pytest.mark.parametrize("number", [0, 2, 2**31, 10**18])
def test_a_z_report_that_is_none_is_404(client, shop, owner, number):
    close_day(shop=shop, day=shop_today(), by=shop.owner)
    for name in ("z_report", "z_pdf", "z_bin"):
        assert client.get(at(name, shop, number)).status_code == 404


# --- paper --------------------------------------------------------------------------------------------------------
@pytest.fixture
def closed(shop, soap, owner):
    """A day with all there can be in it."""
    till = shop.counters.get()
    asha = factories.make_customer(shop)
    factories.make_order(shop, [(soap, 2)])
    from orders.bill import Tender

    factories.make_order(shop, [(soap, 3)], customer=asha, payments=[Tender("upi", D(50)), Tender("khata", None)])
    move_cash(shop=shop, by=shop.owner, counter=till, reason="milk", amount=D(60))
    move_cash(shop=shop, by=shop.owner, reason="owner_gave", amount=D(500))
    return close_day(shop=shop, day=shop_today(), by=shop.owner)


def test_the_a4_sheet_has_everything(client, shop, closed):
    pdf = client.get(at("z_pdf", shop, 1)).content
    words = words_of(pdf)
    assert size_of(pdf)[0].split()[-1] == "1"
    for told in (shop.name, "Z report 1", "Net sales", "263.00", "Milk (1)", "-60.00".replace("-", "−"), closed.short_seal, closed.seal):
        assert told in words


def test_the_roll_is_one_page_of_80_mm_as_long_as_it_needs(client, shop, closed):
    pdf = client.get(at("z_pdf", shop, 1), {"paper": "r80"}).content
    pages, size = size_of(pdf)
    assert pages.split()[-1] == "1"
    assert size.split()[2] == "226.772"
    words = words_of(pdf)
    assert closed.short_seal in words
    assert "Net sales" in words


@pytest.mark.parametrize("paper", ["r80", "r58", "", "a4"])
def test_a_roll_printer_gets_bytes_it_can_print(client, shop, closed, paper):
    printed = read(client.get(at("z_bin", shop, 1), {"paper": paper}).content)
    assert "Z report 1" in printed.text


def test_the_x_report_has_papers_too(client, shop, soap, owner):
    factories.make_order(shop, [(soap, 2)])
    words = words_of(client.get(at("x_pdf", shop)).content)
    assert "X report" in words
    assert "The day is still open" in words
    assert client.get(at("x_bin", shop)).status_code == 200
    assert not shop.day_closes.exists()


def test_hindi_papers_come_out(client, shop, closed):
    shop.owner.language = "hi"
    shop.owner.save(update_fields=["language"])
    client.force_login(shop.owner)
    for name in ("z_pdf", "z_bin", "z_report"):
        assert client.get(at(name, shop, 1)).status_code == 200


# --- who ----------------------------------------------------------------------------------------------------------
NAMES = ["day", "x_pdf", "x_bin", "z_list"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("role", "status"), [(Role.OWNER, 200), (Role.MANAGER, 200), (Role.ACCOUNTANT, 200), (Role.STAFF, 403)])
def test_who_sees_the_day(client, shop, name, role, status):
    client.force_login(factories.make_member(shop, role))
    assert client.get(at(name, shop)).status_code == status


@pytest.mark.parametrize(("role", "closes"), [(Role.OWNER, 1), (Role.MANAGER, 1), (Role.ACCOUNTANT, 0), (Role.STAFF, 0)])
def test_who_closes_the_day(client, shop, role, closes):
    client.force_login(factories.make_member(shop, role))
    answer = client.post(at("day_close", shop), {"day": shop_today().isoformat()})
    assert answer.status_code == (302 if closes else 403)
    assert shop.day_closes.count() == closes


def test_a_manager_does_not_see_where_the_money_is(client, shop, closed):
    client.force_login(factories.make_member(shop, Role.MANAGER))
    for address in (at("z_report", shop, 1), at("day", shop)):
        assert "Money at the end" not in client.get(address).content.decode()
    assert "Money at the end" not in words_of(client.get(at("z_pdf", shop, 1)).content)
    client.force_login(shop.owner)
    assert "Money at the end" in client.get(at("z_report", shop, 1)).content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_gets_404(client, shop, other_shop, name):
    client.force_login(other_shop.owner)
    assert client.get(at(name, shop)).status_code == 404


@pytest.mark.parametrize("days", [1, 12])
def test_the_list_of_z_reports_takes_the_same_queries(client, shop, owner, days, django_assert_num_queries):
    for ago in range(days, 0, -1):
        close_day(shop=shop, day=shop_today() - timedelta(days=ago), by=shop.owner)
    client.get(at("z_list", shop))
    with django_assert_num_queries(4):
        client.get(at("z_list", shop))
