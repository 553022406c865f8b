"""Every page of the admin, walked over what is registered, so that a new table cannot be forgotten."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smartkirana.admin_tools import CountedToALimit, LongTable, RowsOfOwnShops
from tests.smartkirana.admin_world import APPS, make_platform_admin, make_platform_rows, make_world, ours, page, registered, widen

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform(client):
    """A platform admin, signed in."""
    user = make_platform_admin()
    client.force_login(user)
    return user


def test_every_table_of_ours_is_registered():
    models = {model for label in APPS for model in apps.get_app_config(label).get_models()}
    assert models - set(admin.site._registry) == set()


def test_every_table_of_ours_keeps_owners_to_their_shops():
    for model in ours():
        table = admin.site._registry[model]
        assert isinstance(table, RowsOfOwnShops), model
        assert all(issubclass(inline, RowsOfOwnShops) for inline in table.inlines), model
        assert table.raw_id_fields == (), "a raw id chooser names any row by its key"
        assert table.to_shop or model._meta.model_name in ("gstgoods", "gstrate", "rate"), model


def test_a_platform_admin_opens_every_list_row_history_and_form(client, platform):
    make_world("Sharma")
    make_platform_rows(platform)
    for model in registered():
        row = model._default_manager.first()
        assert row is not None, f"no row of {model._meta.label} to open"
        assert client.get(page(model, "changelist")).status_code == 200, model
        assert client.get(page(model, "changelist"), {"q": "soap 1"}).status_code == 200, model
        answer = client.get(page(model, "change", row.pk))
        assert answer.status_code == 200, model
        assert client.get(page(model, "history", row.pk)).status_code == 200, model
        allowed = admin.site._registry[model].has_add_permission(answer.wsgi_request)
        assert client.get(page(model, "add")).status_code == (200 if allowed else 403), model
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/orders/").status_code == 200


def test_every_filter_of_every_list_answers(client, platform):
    make_world("Sharma")
    make_world("Gupta")
    for model in ours():
        changelist = client.get(page(model, "changelist")).context["cl"]
        for spec in changelist.filter_specs:
            for choice in list(spec.choices(changelist))[1:3]:
                query = choice.get("query_string")
                assert query is None or client.get(page(model, "changelist") + query).status_code == 200, (model, query)


def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_twenty(client, platform):
    shop = make_world("Sharma")
    counted = {}
    for more in (0, 20):
        widen(shop, more)
        for model in ours():
            client.get(page(model, "changelist"))  # content types and the like are remembered after the first time
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page(model, "changelist"))
            counted.setdefault(model, []).append(len(queries))
    assert {model: counts for model, counts in counted.items() if counts[0] != counts[1]} == {}


def test_a_bill_asks_the_same_number_of_questions_for_one_line_and_for_twenty(client, platform):
    from orders.models import Order
    from tests import factories
    from tests.smartkirana.admin_world import add_product

    shop = make_world("Sharma")
    products = [add_product(shop, number) for number in range(2, 22)]
    counted = []
    for lines in (1, 20):
        bill = factories.make_order(shop, [(product, 1) for product in products[:lines]])
        client.get(page(Order, "change", bill.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(page(Order, "change", bill.pk))
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_an_inline_shows_at_most_a_hundred_rows(client, platform, monkeypatch):
    from inventory.models import StockLot
    from smartkirana.admin_tools import FirstRows

    shop = make_world("Sharma")
    lot = StockLot.objects.filter(shop=shop).first()
    assert lot.movements.count() > 2
    monkeypatch.setattr(FirstRows, "LIMIT", 2)
    answer = client.get(page(StockLot, "change", lot.pk))
    assert len(answer.context["inline_admin_formsets"][0].formset.forms) == 2


def test_long_lists_count_only_to_a_limit(client, platform, monkeypatch):
    shop = make_world("Sharma")
    widen(shop, 3)
    from catalog.models import Product

    monkeypatch.setattr(CountedToALimit, "LIMIT", 3)
    assert b"3+" in client.get(page(Product, "changelist")).content
    for model in ours():
        table = admin.site._registry[model]
        if isinstance(table, LongTable):
            assert table.paginator is CountedToALimit
            assert table.show_full_result_count is False
            assert not table.date_hierarchy or model._meta.model_name == "stockdocument", "reads the whole table"


def test_products_are_found_by_words_in_any_order_and_case(client, platform):
    from catalog.models import Product

    make_world("Sharma")
    found = client.get(page(Product, "changelist"), {"q": "SOAP sharma"})
    assert b"Sharma Soap 1" in found.content
    assert b"Sharma Soap 1" not in client.get(page(Product, "changelist"), {"q": "soap gupta"}).content
    assert b"Sharma Soap 1" not in client.get(page(Product, "changelist"), {"q": "!!!"}).content
