"""One product's history: what happened, what was there after it, and the lots it lies in."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from inventory.models import StockMovement
from inventory.services import adjust_stock
from orders.services import cancel_order
from shops.models import Role
from tests import factories

D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=10)


@pytest.fixture
def page(client, soap):
    client.force_login(soap.shop.owner)
    return lambda query="", **more: client.get(reverse("inventory:history", args=[soap.shop.slug, soap.pk]) + query, **more)


def told(response):
    return [(m.reason, m.quantity, m.running) for m in response.context["table"].data.data]


def test_newest_first_with_the_stock_after_each(shop, soap, page):
    order = factories.make_order(shop, [(soap, 12)])
    adjust_stock(shop=shop, by=shop.owner, product=soap, reason="found", change=D(5))
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="wrong")
    assert told(page()) == [("cancelled", 12, 15), ("found", 5, 3), ("sale", -12, -2), ("opening", 10, 10)]


def test_a_sale_leads_to_its_bill_and_a_paper_shows_its_note(shop, soap, page):
    order = factories.make_order(shop, [(soap, 1)])
    adjust_stock(shop=shop, by=shop.owner, product=soap, reason="damage", change=D(-1), note="fell <b>down</b>")
    shown = page().content.decode()
    assert order.bill_number in shown
    assert f'href="{order.get_absolute_url()}"' in shown
    assert "fell &lt;b&gt;down&lt;/b&gt;" in shown


def test_other_products_and_shops_are_not_told(shop, soap, other_shop, page):
    factories.make_product(shop, "Other", stock=3)
    factories.make_product(other_shop, stock=3)
    assert told(page()) == [("opening", 10, 10)]


def test_the_running_stock_goes_on_over_the_pages(shop, soap, page):
    lot = soap.lots.get()
    StockMovement.objects.bulk_create(
        StockMovement(
            shop=shop, lot=lot, product=soap, quantity=D(1), value=D(40), unit_cost=D(40), reason="found", document="stock",
            document_id=n, by=shop.owner, at=timezone.now(),
        )
        for n in range(60)
    )  # fmt: skip
    assert told(page())[0][2] == 70
    assert told(page())[-1][2] == 21
    assert told(page("?page=2")) == [*(("found", 1, n) for n in range(20, 10, -1)), ("opening", 10, 10)]


def test_lots_show_batch_date_and_what_has_expired(soap, page):
    factories.stock_up(soap, 2, batch="OLD", expiry=date(2026, 1, 31))
    shown = page().content.decode()
    assert "OLD" in shown
    assert "31 Jan 2026" in shown
    assert "Expired" in shown


def test_empty_lots_are_shown_when_asked_for(shop, soap, page):
    factories.stock_up(soap, 2, batch="GONE", expiry=date(2099, 1, 31))
    adjust_stock(shop=shop, by=shop.owner, product=soap, reason="damage", change=D(-2))
    assert "GONE" not in [lot.batch for lot in page().context["lots"]]
    assert "GONE" in [lot.batch for lot in page("?all=1").context["lots"]]


@pytest.mark.parametrize(("role", "sees"), [(Role.OWNER, True), (Role.MANAGER, True), (Role.ACCOUNTANT, True), (Role.STAFF, False)])
def test_cost_and_value_are_for_those_who_may_see_them(client, shop, soap, role, sees):
    client.force_login(factories.make_member(shop, role))
    shown = client.get(reverse("inventory:history", args=[shop.slug, soap.pk])).content.decode()
    assert ("400.00" in shown) is sees
    assert ("40.00" in shown) is sees


def test_a_product_nothing_happened_to(client, shop):
    new = factories.make_product(shop, "New")
    client.force_login(shop.owner)
    assert "Nothing has moved yet" in client.get(reverse("inventory:history", args=[shop.slug, new.pk])).content.decode()


def test_htmx_gets_the_movements_alone(page):
    assert page(headers={"HX-Request": "true"}).content.decode().strip().startswith('<section class="sheet" id="movements"')


def test_query_count_is_flat(shop, soap, page, django_assert_max_num_queries):
    counts = []
    for n in range(20):
        factories.make_order(shop, [(soap, 1)])
        factories.stock_up(soap, 1)
        if n in (0, 19):
            with django_assert_max_num_queries(14) as asked:
                page()
            counts.append(len(asked))
    assert counts[0] == counts[1]
