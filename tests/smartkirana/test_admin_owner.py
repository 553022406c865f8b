"""An owner sees the rows of their own shops and no trace of another's. All texts of the other shop hold the word Zebra."""

import json

import pytest
from django.contrib import admin
from django.db.models import ForeignKey

from catalog.models import Category, Product
from shops.models import Membership, Role, Shop, User
from smartkirana.admin_tools import owned_shops
from tests import factories
from tests.smartkirana.admin_world import make_platform_admin, make_platform_rows, make_world, of_shop, ours, page, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(client):
    """(own shop, somebody else's), with the owner of the first signed in."""
    mine, theirs = make_world("Sharma"), make_world("Zebra")
    client.force_login(mine.owner)
    return mine, theirs


def clean(answer) -> bool:
    return b"zebra" not in answer.content.lower()


def tables(owner_sees: bool = True):
    """Our tables that an owner may look at."""
    return [model for model in ours() if bool(admin.site._registry[model].owners_may) is owner_sees]


def listed(client, model, place: int) -> list:
    """The rows of one page of the model's list."""
    return list(client.get(page(model, "changelist"), {"p": place}).context["cl"].result_list)


def test_lists_show_own_rows_only(client, two):
    mine, _ = two
    for model in tables():
        answer = client.get(page(model, "changelist"))
        assert answer.status_code == 200, model
        assert clean(answer), model
        rows = of_shop(model, mine)
        if rows is not None:
            shown = {row.pk for place in answer.context["cl"].paginator.page_range for row in listed(client, model, place)}
            assert shown == set(rows.values_list("pk", flat=True)), model
            assert shown, f"no row of {model} to show"


def test_search_filters_and_dates_stay_within_own_rows(client, two):
    _, theirs = two
    for model in tables():
        assert clean(client.get(page(model, "changelist"), {"q": "bra"})), model
        table = admin.site._registry[model]
        if any(f.name == "shop" for f in model._meta.fields):
            assert clean(client.get(page(model, "changelist"), {"of_shop": theirs.pk})), model
            for query in ({"shop__id__exact": theirs.pk}, {"shop_id__in": str(theirs.pk)}):
                answer = client.get(page(model, "changelist"), query)
                assert answer.status_code == 200, model
                assert clean(answer), model
                assert not list(answer.context["cl"].result_list), (model, query)
        if table.date_hierarchy:
            assert clean(client.get(page(model, "changelist"), {f"{table.date_hierarchy}__year": 2026})), model


def test_rows_forms_and_histories_show_own_names_only(client, two):
    mine, _ = two
    for model in tables():
        rows = of_shop(model, mine)
        row = (model._default_manager if rows is None else rows).first()
        for act in ("change", "history"):
            answer = client.get(page(model, act, row.pk))
            assert answer.status_code == 200, (model, act)
            assert clean(answer), (model, act)
        answer = client.get(page(model, "add"))
        assert answer.status_code == (200 if "add" in admin.site._registry[model].owners_may else 403), model
        assert clean(answer), model
    assert clean(client.get("/admin/"))


def test_a_guessed_address_leads_nowhere(client, two):
    _, theirs = two
    for model in tables():
        rows = of_shop(model, theirs)
        for row in [] if rows is None else rows[:2]:
            for act in ("change", "history", "delete"):
                for way in (client.get, client.post):
                    answer = way(page(model, act, row.pk), {})
                    assert answer.status_code in (302, 403), (model, act)
                    assert clean(answer), (model, act)
                    assert clean(client.get("/admin/")), "the message on the next page names it"
            answer = client.get(page(model, "change", row.pk), {"_to_field": "id", "_popup": 1})
            assert answer.status_code in (302, 403), model
    assert Product.objects.filter(shop=theirs).exists()


def test_tables_of_the_installation_are_closed(client, two):
    make_platform_rows(make_platform_admin())
    closed = [model for model in registered() if model not in tables()]
    assert len(closed) == 9
    for model in closed:
        row = model._default_manager.first()
        for address in (page(model, "changelist"), page(model, "add"), page(model, "change", row.pk), page(model, "delete", row.pk)):
            assert client.get(address).status_code == 403, address


def test_choosers_offer_own_rows_only(client, two):
    asked = 0
    for model in ours():
        for field in model._meta.fields:
            if isinstance(field, ForeignKey):
                query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field.name}
                for term in ("", "a", "zebra"):
                    answer = client.get("/admin/autocomplete/", query | {"term": term})
                    assert answer.status_code in (200, 403, 404), query
                    assert clean(answer), query
                    asked += answer.status_code == 200
    assert asked > 50
    query = {"app_label": "catalog", "model_name": "product", "field_name": "category", "term": ""}
    found = json.loads(client.get("/admin/autocomplete/", query).content)["results"]
    assert [row["text"] for row in found] == ["Sharma Shelf"]


def test_a_prefilled_form_names_no_foreign_row(client, two):
    _, theirs = two
    shelf = Category.objects.get(shop=theirs)
    answer = client.get(page(Product, "add"), {"shop": theirs.pk, "category": shelf.pk})
    assert answer.status_code == 200
    assert clean(answer)


def test_a_form_accepts_no_foreign_key_in_any_field(client, two):
    """For each chooser of each form: the key of a row of the other shop is refused, as one that does not exist."""
    mine, theirs = two
    tried = 0
    for model in tables():
        if "add" not in admin.site._registry[model].owners_may:
            continue
        form = client.get(page(model, "add")).context["adminform"].form
        for name, field in form.fields.items():
            foreign = of_shop(field.queryset.model, theirs) if hasattr(field, "queryset") else None
            if foreign is not None:
                answer = client.post(
                    page(model, "add"), {"shop": mine.pk, name: foreign.first().pk, "barcodes-TOTAL_FORMS": 0, "barcodes-INITIAL_FORMS": 0}
                )
                assert answer.status_code == 200
                assert "Select a valid choice" in str(answer.context["adminform"].form.errors[name]), (model, name)
                assert clean(answer)
                tried += 1
    assert tried >= 5


def test_an_inline_cannot_reach_into_another_shop(client, two):
    from catalog.models import Barcode

    mine, theirs = two
    own, foreign = Product.objects.filter(shop=mine).earliest("pk"), Barcode.objects.get(shop=theirs)
    data = product_data(own) | {
        "barcodes-TOTAL_FORMS": 1, "barcodes-INITIAL_FORMS": 1, "barcodes-0-id": foreign.pk, "barcodes-0-product": own.pk,
        "barcodes-0-code": "TAKEN-OVER", "barcodes-0-pack_quantity": "1",
    }  # fmt: skip
    client.post(page(Product, "change", own.pk), data)
    foreign.refresh_from_db()
    assert foreign.product.shop == theirs
    assert foreign.code != "TAKEN-OVER"


def product_data(product) -> dict:
    names = ("name", "local_name", "search_words", "sku", "category", "unit", "hsn", "gst_goods", "mrp", "price", "cost")
    more = ("min_stock", "max_stock", "reorder_quantity", "plu")
    values = {name: getattr(product, Product._meta.get_field(name).attname) for name in names + more}
    data = {name: value for name, value in values.items() if value is not None} | {"is_active": "on"}
    return data | {"barcodes-TOTAL_FORMS": 0, "barcodes-INITIAL_FORMS": 0}


def test_a_person_of_two_shops_shows_only_the_own_one(client, two):
    mine, theirs = two
    both = factories.make_member(mine, Role.STAFF, factories.make_user("Both"))
    factories.make_member(theirs, Role.MANAGER, both)
    answer = client.get(page(User, "change", both.pk))
    assert answer.status_code == 200
    assert clean(answer)
    assert b"Manager" not in answer.content


def test_an_owner_learns_nothing_of_people_by_filtering(client, two):
    for query in (
        {"password__startswith": "a"},
        {"is_superuser": 1},
        {"email__startswith": "a"},
        {"memberships__shop__name__startswith": "Z"},
    ):
        assert client.get(page(User, "changelist"), query).status_code == 400, query
    from shops.models import Invitation

    assert client.get(page(Invitation, "changelist"), {"code_hash__startswith": "a"}).status_code == 400


def test_shared_tables_tell_nothing_of_who_uses_them(client, two):
    from catalog.models import GstGoods

    _, theirs = two
    foreign = Product.objects.filter(shop=theirs).earliest("pk")
    for query in (
        {"products__id": foreign.pk},
        {"products": foreign.pk},
        {"products__isnull": 1},
        {"products__shop__id__exact": theirs.pk},
    ):
        assert client.get(page(GstGoods, "changelist"), query).status_code == 400, query


def test_an_action_on_marked_rows_reaches_own_rows_only(client, two):
    mine, theirs = two
    own, foreign = mine.categories.create(name="Empty"), theirs.categories.create(name="Zebra Empty")
    marked = {"action": "delete_selected", "_selected_action": [own.pk, foreign.pk], "post": "yes"}
    assert client.post(page(Category, "changelist"), marked).status_code == 302
    assert not Category.objects.filter(pk=own.pk).exists()
    assert Category.objects.filter(pk=foreign.pk).exists()


def test_an_owner_of_two_shops_sees_both_and_mixes_neither(client, two):
    mine, theirs = two
    Membership.objects.create(shop=theirs, user=mine.owner, role=Role.OWNER)
    shown = client.get(page(Shop, "changelist")).context["cl"].result_list
    assert {shop.pk for shop in shown} == {mine.pk, theirs.pk}
    assert b"Zebra Kirana" in client.get(page(Product, "changelist")).content
    own, shelf = Product.objects.filter(shop=mine).earliest("pk"), Category.objects.get(shop=theirs)
    answer = client.post(page(Product, "change", own.pk), product_data(own) | {"category": shelf.pk})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["category"] == ["Choose one of Sharma Kirana."]
    own.refresh_from_db()
    assert own.category.shop == mine


def test_ownership_ends_with_the_next_page(client, two, rf):
    mine, _ = two
    assert client.get(page(Product, "changelist")).status_code == 200
    factories.make_member(mine, Role.OWNER)
    Membership.objects.filter(shop=mine, user=mine.owner).update(role=Role.STAFF)
    assert client.get(page(Product, "changelist")).status_code == 302
    request = rf.get("/admin/")
    request.user = User.objects.get(pk=mine.owner.pk)
    assert owned_shops(request) == []
