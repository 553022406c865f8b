"""What the admin changes goes through the services; what is written for good is not changed at all."""

from decimal import Decimal

import pytest
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.sessions.models import Session

from catalog.models import Barcode, Category, GstGoods, GstRate, PriceChange, Product
from ledger.models import Account
from orders.models import Customer
from shops.models import Counter, Membership, Rate, Role, Shop, User
from shops.rates import count_try
from smartkirana.admin_tools import READ
from tests import factories
from tests.smartkirana.admin_world import make_platform_admin, make_world, ours, page

pytestmark = pytest.mark.django_db
MISREAD = "8901030000011"  # its check digit would be 0


@pytest.fixture
def owner(client, shop):
    """The shop's owner, signed in."""
    client.force_login(shop.owner)
    return shop.owner


@pytest.fixture
def platform(client):
    """A platform admin, signed in."""
    user = make_platform_admin()
    client.force_login(user)
    return user


def form_data(client, url: str, **changes) -> dict:
    """What the form at `url` would send, with changes; choosers left empty stay empty."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    form = answer.context["adminform"].form
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    for inline in answer.context["inline_admin_formsets"]:
        sent = inline.formset.management_form  # a browser sends back what the page holds
        data |= {sent.add_prefix(name): sent[name].value() for name in sent.fields}
        for row in inline.formset.initial_forms:
            data |= {row.add_prefix(name): row[name].value() for name in row.fields}
    data |= changes
    return {name: str(value) for name, value in data.items() if value is not None and value is not False}


def send(client, url: str, **changes):
    return client.post(url, form_data(client, url, **changes))


def errors(answer) -> dict:
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


# --- for good -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["owner", "platform"])
def test_what_is_written_for_good_has_no_way_to_change_it(client, who):
    shop = make_world("Sharma")
    client.force_login(shop.owner if who == "owner" else make_platform_admin())
    for_good = [model for model in ours() if admin.site._registry[model].acts == READ]
    assert {model._meta.label for model in for_good} >= {
        "orders.Order", "orders.OrderLine", "orders.Payment", "orders.OrderEvent", "orders.BillPrint", "shops.NumberSeries",
        "inventory.StockLot", "inventory.StockDocument", "inventory.StockMovement", "inventory.StockEvent",
        "inventory.Supplier", "inventory.SupplierEntry", "inventory.Settlement", "inventory.SupplierPayment", "inventory.GoodsReceipt",
        "inventory.ReceiptLine", "inventory.PurchaseReturn", "inventory.PurchaseReturnLine",
        "ledger.JournalEntry", "ledger.Posting", "catalog.PriceChange",
    }  # fmt: skip
    count_try("a key of no shop", 60, 1)
    for model in for_good:
        rows = model._default_manager.all()
        row = rows.first() if model is Rate else rows.filter(shop=shop).first()
        before = model._default_manager.filter(pk=row.pk).values().get()
        for address in (page(model, "add"), page(model, "change", row.pk), page(model, "delete", row.pk)):
            assert client.post(address, {"post": "yes", "note": "x", "name": "x"}).status_code == 403, address
        action = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        client.post(page(model, "changelist"), action)
        assert model._default_manager.filter(pk=row.pk).values().get() == before


def test_products_shops_customers_and_people_are_never_deleted(client, platform):
    shop = make_world("Sharma")
    for row in (
        Product.objects.filter(shop=shop).earliest("pk"),
        Customer.objects.get(shop=shop),
        shop,
        shop.owner,
        shop.counters.first(),
        shop.accounts.first(),
    ):
        assert client.post(page(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403, row


# --- goods ----------------------------------------------------------------------------------------------------
def test_a_new_product_is_saved_as_on_its_own_page(client, shop, owner):
    answer = send(
        client, page(Product, "add"), name="  Kesar  Badam ", price="90", mrp="100", cost="70", gst_goods=factories.goods().pk,
        **{"barcodes-TOTAL_FORMS": 2, "barcodes-0-code": "036000291452", "barcodes-0-pack_quantity": "1",
           "barcodes-1-code": "box-12", "barcodes-1-pack_quantity": "12"},
    )  # fmt: skip
    assert answer.status_code == 302, errors(answer)
    product = shop.products.get()
    assert (product.name, product.sku, product.changed_by) == ("Kesar Badam", "P00001", owner)
    assert [(b.code, b.pack_quantity) for b in product.barcodes.all()] == [("0036000291452", 1), ("BOX-12", 12)]
    assert "kesar" in product.search_text
    assert "box" in product.search_text


def test_a_changed_price_is_noted_with_who_changed_it(client, shop, owner):
    product = factories.make_product(shop, barcodes=[("OLD-1", Decimal(1))])
    code = product.barcodes.get()
    codes = {
        "barcodes-TOTAL_FORMS": 2, "barcodes-INITIAL_FORMS": 1, "barcodes-0-id": code.pk, "barcodes-0-product": product.pk,
        "barcodes-0-code": "OLD-1", "barcodes-0-pack_quantity": "1", "barcodes-0-DELETE": "on",
        "barcodes-1-code": "NEW-1", "barcodes-1-pack_quantity": "6", "barcodes-1-product": product.pk,
    }  # fmt: skip
    answer = send(client, page(Product, "change", product.pk), price="49.50", **codes)
    assert answer.status_code == 302, errors(answer)
    product.refresh_from_db()
    assert (product.price, product.cost, product.changed_by) == (Decimal("49.50"), Decimal("40"), owner)
    assert [(b.code, b.pack_quantity) for b in product.barcodes.all()] == [("NEW-1", 6)]
    change = PriceChange.objects.get(product=product)
    assert (change.old_price, change.price, change.changed_by) == (Decimal("52.50"), Decimal("49.50"), owner)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": "60"}, "price"),
        ({"price": "0"}, "price"),
        ({"cost": "52.51"}, "cost"),
        ({"plu": "100000"}, "plu"),
        ({"unit": "kg"}, "unit"),
        ({"name": "\u200b"}, "name"),
    ],
)
def test_a_refusal_stands_in_the_form_and_nothing_is_written(client, shop, owner, changes, field):
    product = factories.make_product(shop, stock=5)
    answer = send(client, page(Product, "change", product.pk), **changes)
    assert errors(answer)
    assert field in errors(answer) or "__all__" in errors(answer)
    before = Product.objects.filter(pk=product.pk).values("price", "cost", "plu", "unit", "name").get()
    assert before == {"price": Decimal("52.50"), "cost": Decimal("40"), "plu": None, "unit": "pc", "name": "Soap"}


def test_a_taken_sku_barcode_or_category_is_told_in_words(client, shop, owner):
    factories.make_product(shop, "Soap", sku="A1", barcodes=[("TAKEN", Decimal(1))])
    other = factories.make_product(shop, "Oil")
    assert "SKU already exists" in str(errors(send(client, page(Product, "change", other.pk), sku="a1")))
    code = {"barcodes-TOTAL_FORMS": 1, "barcodes-0-code": "taken", "barcodes-0-pack_quantity": "1", "barcodes-0-product": other.pk}
    assert "is already a barcode of Soap" in str(errors(send(client, page(Product, "change", other.pk), **code)))
    twice = {"barcodes-TOTAL_FORMS": 2} | {f"barcodes-{n}-{k}": v for n in (0, 1) for k, v in (("code", "NEW"), ("pack_quantity", "1"))}
    assert "twice" in str(errors(send(client, page(Product, "change", other.pk), **twice)))
    assert not other.barcodes.exists()
    shop.categories.create(name="Oils")
    assert "exists already" in str(errors(send(client, page(Category, "add"), name="OILS")))


def test_a_misread_barcode_is_refused_beside_it(client, shop, owner):
    product = factories.make_product(shop)
    code = {
        "barcodes-TOTAL_FORMS": 1,
        "barcodes-0-code": MISREAD,
        "barcodes-0-pack_quantity": "1",
        "barcodes-0-product": product.pk,
    }
    answer = send(client, page(Product, "change", product.pk), **code)
    assert "Misread code" in answer.content.decode()
    assert not Barcode.objects.filter(product=product).exists()


def test_a_category_in_use_stays_and_an_empty_one_goes(client, shop, owner):
    used, empty = shop.categories.create(name="Oils"), shop.categories.create(name="Empty")
    factories.make_product(shop, category=used)
    client.post(page(Category, "delete", used.pk), {"post": "yes"})
    client.post(page(Category, "delete", empty.pk), {"post": "yes"})
    assert list(shop.categories.all()) == [used]


def test_gst_tables_are_the_platforms_to_change(client, shop, owner):
    goods = factories.goods()
    assert client.get(page(GstGoods, "change", goods.pk)).status_code == 200
    assert client.post(page(GstGoods, "change", goods.pk), {"goods": "Free goods"}).status_code == 403
    assert client.post(page(GstRate, "add"), {"goods": goods.pk, "valid_from": "2026-01-01", "rate": 0}).status_code == 403
    client.force_login(make_platform_admin())
    answer = send(client, page(GstRate, "add"), goods=goods.pk, valid_from="2031-01-01", rate="6", cess_rate="0")
    assert answer.status_code == 302, errors(answer)
    assert goods.rates.get(valid_from="2031-01-01").rate == 6


# --- customers ------------------------------------------------------------------------------------------------
def test_a_customer_is_written_down_and_changed(client, shop, owner):
    answer = send(client, page(Customer, "add"), phone="98201 23456", name="Asha", due_days=30)
    assert answer.status_code == 302, errors(answer)
    customer = shop.customers.get()
    assert customer.phone.as_e164 == "+919820123456"
    answer = send(client, page(Customer, "change", customer.pk), name="Asha Rao", credit_limit="500", is_active="")
    assert answer.status_code == 302, errors(answer)
    customer.refresh_from_db()
    assert (customer.name, customer.credit_limit, customer.is_active) == ("Asha Rao", Decimal(500), False)
    assert "already exists" in str(errors(send(client, page(Customer, "add"), phone="9820123456", name="Again", due_days=30)))
    assert "gstin" in errors(send(client, page(Customer, "change", customer.pk), gstin="27AAPFU0939F1ZX"))


# --- the shop and its people ----------------------------------------------------------------------------------
def test_an_owner_changes_the_shops_settings_but_not_its_address_in_the_browser(client, shop, owner):
    answer = send(client, page(Shop, "change", shop.pk), city="Nashik", slug="taken-over", is_active="")
    assert answer.status_code == 302, errors(answer)
    slug = shop.slug
    shop.refresh_from_db()
    assert (shop.city, shop.slug, shop.is_active) == ("Nashik", slug, True)
    assert "gstin" in errors(send(client, page(Shop, "change", shop.pk), gstin="27AAPFU0939F1ZX"))
    assert client.get(page(Shop, "add")).status_code == 403


def test_a_platform_admin_opens_a_shop_with_its_books_and_closes_it(client, platform):
    person = factories.make_user("Ravi")
    answer = send(
        client, page(Shop, "add"), owner=person.pk, name="Ravi Stores", slug="ravi", address="1 MG Road", city="Pune", pincode="411001",
        state_code="27", scheme="unregistered", rounding="rupee", stock_policy="warn", language="en",
    )  # fmt: skip
    assert answer.status_code == 302, errors(answer)
    shop = Shop.objects.get(slug="ravi")
    assert shop.memberships.get().user == person
    assert shop.counters.get().code == "S1"
    assert shop.accounts.exists()
    answer = send(client, page(Shop, "change", shop.pk), is_active="")
    assert answer.status_code == 302, errors(answer)
    shop.refresh_from_db()
    assert shop.is_active is False


def test_counters_are_added_and_the_last_one_stays_open(client, shop, owner):
    first = shop.counters.get()
    assert "only counter in use" in str(errors(send(client, page(Counter, "change", first.pk), is_active="")))
    answer = send(client, page(Counter, "add"), code="S2", name="Back", paper="r58")
    assert answer.status_code == 302, errors(answer)
    answer = send(client, page(Counter, "change", first.pk), is_active="", code="ZZ")
    assert answer.status_code == 302, errors(answer)
    first.refresh_from_db()
    assert (first.code, first.is_active) == ("S1", False)
    assert "this code already" in str(errors(send(client, page(Counter, "add"), code="S2", name="Third", paper="r58")))


def test_roles_change_through_the_services_and_the_last_owner_stays(client, shop, owner):
    clerk = shop.memberships.get(user=factories.make_member(shop))
    answer = send(client, page(Membership, "change", clerk.pk), role=Role.MANAGER)
    assert answer.status_code == 302, errors(answer)
    clerk.refresh_from_db()
    assert clerk.role == Role.MANAGER
    send(client, page(Membership, "change", clerk.pk), is_active="")
    clerk.refresh_from_db()
    assert clerk.is_active is False
    send(client, page(Membership, "change", clerk.pk), is_active="on", role=Role.STAFF)
    clerk.refresh_from_db()
    assert (clerk.is_active, clerk.role, clerk.added_by) == (True, Role.STAFF, owner)
    own = shop.memberships.get(user=owner)
    assert "needs an owner" in str(errors(send(client, page(Membership, "change", own.pk), role=Role.STAFF)))
    assert client.post(page(Membership, "add"), {"shop": shop.pk, "user": clerk.user_id, "role": "owner"}).status_code == 403


def test_an_owner_changes_no_person(client, shop, owner):
    clerk = factories.make_member(shop)
    for address in (
        page(User, "change", clerk.pk),
        page(User, "add"),
        page(User, "delete", clerk.pk),
        f"/admin/shops/user/{clerk.pk}/password/",
    ):
        answer = client.post(address, {"is_superuser": "on", "name": "Boss", "password1": "a-new-one-9", "password2": "a-new-one-9"})
        assert answer.status_code == 403, address
    clerk.refresh_from_db()
    assert (clerk.is_superuser, clerk.name) == (False, "staff of Sharma Kirana")
    assert clerk.check_password(factories.PASSWORD)


def test_a_platform_admin_makes_changes_and_gives_a_new_password_to_a_person(client, platform):
    answer = send(
        client,
        page(User, "add"),
        phone="9820123456",
        name="Ravi",
        language="en",
        usable_password="true",
        password1="long-rains-1",
        password2="long-rains-1",
    )
    assert answer.status_code == 302, errors(answer)
    person = User.objects.get(phone="+919820123456")
    assert person.check_password("long-rains-1")
    answer = send(client, page(User, "change", person.pk), name="Ravi Rao")
    assert answer.status_code == 302, errors(answer)
    person.refresh_from_db()
    assert person.name == "Ravi Rao"
    assert client.get(f"/admin/shops/user/{person.pk}/password/").status_code == 200
    client.post(
        f"/admin/shops/user/{person.pk}/password/",
        {"usable_password": "true", "password1": "new-rains-2", "password2": "new-rains-2", "set-password": "1"},
    )
    person.refresh_from_db()
    assert person.check_password("new-rains-2")


def test_deleting_a_device_signs_it_out(client, platform, client_of):
    person = factories.make_user()
    device = client_of(person)
    row = UserSession.objects.get(user=person)
    assert row.session_key not in client.get(page(UserSession, "change", row.pk)).content.decode()
    assert client.post(page(UserSession, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert not Session.objects.filter(session_key=row.session_key).exists()
    assert device.get("/shops/").status_code == 302


@pytest.fixture
def client_of():
    """Signs a person in on a device of their own, through the sign-in page."""
    from django.test import Client

    def sign_in(person):
        device = Client()
        device.post("/sign-in/", {"login": str(person.phone), "password": factories.PASSWORD})
        return device

    return sign_in


def test_only_the_words_of_an_account_change_and_only_for_the_platform(client, shop, owner):
    account = shop.accounts.first()
    assert client.post(page(Account, "change", account.pk), {"name": "Mine"}).status_code == 403
    client.force_login(make_platform_admin())
    answer = send(client, page(Account, "change", account.pk), name="Money in hand", code="9999", is_active="")
    assert answer.status_code == 302, errors(answer)
    code = account.code
    account.refresh_from_db()
    assert (account.name, account.code, account.is_active) == ("Money in hand", code, True)
