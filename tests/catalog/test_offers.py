"""Offers: made, changed and ended; what is refused in words; and their pages."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from catalog.errors import CatalogError
from catalog.models import Offer
from catalog.offers.selectors import offers, offers_of
from catalog.offers.services import OfferDetails, save_offer, set_offer_on
from catalog.offers.words import says
from catalog.picking import label, options, pick
from catalog.terms import terms_for
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50.00", mrp="52.50", sku="SOAP")


@pytest.fixture
def tea(shop):
    return factories.make_product(shop, "Red Label Tea", price="149.00", mrp="155.00", sku="TEA", barcodes=[("8901719101038", D(1))])


@pytest.fixture
def shelf(shop):
    return shop.categories.create(name="Soaps")


def details(**given) -> OfferDetails:
    return OfferDetails(**{"name": "Fair", "kind": "percent", "percent": D(10), "first_day": shop_today()} | given)


def make(shop, **given) -> Offer:
    return save_offer(shop=shop, by=shop.owner, details=details(**given))


def parts(offer):
    return list(offer.parts.values_list("product__name", "quantity"))


# --- making and changing --------------------------------------------------------------------------------------
def test_each_kind_is_kept_with_its_own_figures_only(shop, soap, tea, shelf):
    everything = {"percent": D(5), "amount": D(4), "buy": D(2), "get": D(1), "price": D(120), "parts": [(soap, D(1)), (tea, D(1))]}
    for kind, kept in (("percent", {"percent"}), ("amount", {"amount"}), ("buy_get", {"buy", "get"}), ("combo", {"price"})):
        made = make(shop, kind=kind, product=soap, **everything)
        assert {name for name in ("percent", "amount", "buy", "get", "price") if getattr(made, name) is not None} == kept
        assert bool(made.product_id) is (kind != "combo")
        assert len(parts(made)) == (2 if kind == "combo" else 0)


def test_an_offer_says_what_it_gives(shop, soap, tea):
    assert says(make(shop, product=soap, percent=D("12.50"))) == "12.5\xa0% off"
    assert says(make(shop, product=soap, kind="amount", amount=D(5))) == "₹\xa05.00 off each"
    assert says(make(shop, product=soap, kind="buy_get", buy=D(2), get=D(1))) == "Buy 2, get 1 free"
    combo = make(shop, kind="combo", price=D(190), parts=[(soap, D(1)), (tea, D(1))])
    assert says(combo) == "Set for ₹\xa0190.00"
    assert says(terms_for(shop, [tea], None, shop_today())[tea.pk].offers[0]) == "Set for ₹\xa0190.00", "the counter says it too"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"name": " "}, "no_name", "name"),
        ({"name": "x" * 61}, "too_long", "name"),
        ({"kind": "gift"}, "bad_kind", "kind"),
        ({"percent": None}, "bad_figure", "percent"),
        ({"percent": D(0)}, "bad_figure", "percent"),
        ({"percent": D("100.01")}, "bad_figure", "percent"),
        ({"percent": D("NaN")}, "bad_figure", "percent"),
        ({"percent": D("2.555")}, "bad_figure", "percent"),
        ({"kind": "amount"}, "bad_figure", "amount"),
        ({"kind": "amount", "amount": D(50)}, "all_of_it", "amount"),
        ({"kind": "buy_get", "buy": D(2)}, "bad_figure", "get"),
        ({"kind": "buy_get", "buy": D("1.5"), "get": D(1)}, "bad_figure", "buy"),
        ({"kind": "buy_get", "buy": D(99999), "get": D(1)}, "bad_figure", "buy"),
        ({"product": None}, "bad_scope", "product"),
        ({"first_day": date(1999, 12, 31)}, "day_far", "first_day"),
        ({"last_day": date(2100, 1, 1)}, "day_far", "last_day"),
        ({"last_day": shop_today() - timedelta(days=1)}, "days_backwards", "last_day"),
        ({"first_day": date(2020, 1, 1), "last_day": date(2020, 1, 2)}, "day_over", "last_day"),
        ({"kind": "combo", "price": D(40)}, "no_parts", "parts"),
    ],
)
def test_refuses_offers_that_make_no_sense_and_writes_nothing(shop, soap, given, code, field):
    with pytest.raises(CatalogError) as refused:
        make(shop, **{"product": soap} | given)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not shop.offers.exists()


def test_refuses_product_and_category_together_and_goods_of_another_shop(shop, other_shop, soap, shelf):
    theirs = factories.make_product(other_shop, "Salt")
    their_shelf = other_shop.categories.create(name="Salts")
    for goods in ({"product": soap, "category": shelf}, {"product": theirs}, {"category": their_shelf}):
        with pytest.raises(CatalogError) as refused:
            make(shop, **goods)
        assert refused.value.code == "bad_scope"
    with pytest.raises(CatalogError) as refused:
        make(shop, kind="combo", price=D(40), parts=[(soap, D(1)), (theirs, D(1))])
    assert refused.value.code == "bad_part"


def test_a_set_is_cheaper_than_its_goods_one_by_one(shop, soap, tea):
    for goods, price, code in (
        ([(soap, D(1)), (tea, D(1))], "199.00", "no_saving"),
        ([(soap, D(3))], "150.00", "no_saving"),
        ([(soap, D(1)), (soap, D(2))], "100.00", "part_twice"),
        ([(soap, D(0)), (tea, D(1))], "100.00", "bad_part"),
        ([(soap, D("1.5"))], "50.00", "bad_part"),
        ([(soap, D(99999))], "50.00", "bad_part"),
    ):
        with pytest.raises(CatalogError) as refused:
            make(shop, kind="combo", price=D(price), parts=goods)
        assert refused.value.code == code
    assert make(shop, kind="combo", price=D("149.99"), parts=[(soap, D(3))]).pk


def test_a_change_replaces_kind_figures_and_parts(shop, soap, tea):
    combo = make(shop, kind="combo", price=D(190), parts=[(soap, D(1)), (tea, D(1))])
    save_offer(shop=shop, by=shop.owner, offer=combo, details=details(kind="combo", price=D(180), parts=[(tea, D(2))]))
    combo.refresh_from_db()
    assert (combo.price, parts(combo)) == (D("180.00"), [("Red Label Tea", D("2.000"))])
    save_offer(shop=shop, by=shop.owner, offer=combo, details=details(product=soap, name="Soap fair", last_day=shop_today()))
    combo.refresh_from_db()
    assert (combo.kind, combo.price, combo.percent, combo.product, parts(combo)) == ("percent", None, D("10.00"), soap, [])
    assert shop.offers.count() == 1


def test_an_old_offer_may_be_put_right_though_its_days_are_over(shop, soap):
    old = make(shop, product=soap, first_day=date(2026, 1, 1))
    day = date(2026, 1, 31)
    save_offer(shop=shop, by=shop.owner, offer=old, details=details(product=soap, first_day=date(2026, 1, 1), last_day=day))
    assert shop.offers.get().last_day == day


def test_one_form_makes_one_offer_and_one_gone_back_to_another(shop, soap):
    key = uuid4()
    for name in ("Fair", "Fair", "Other fair"):
        save_offer(shop=shop, by=shop.owner, details=details(name=name, product=soap), request_key=key)
    assert sorted(shop.offers.values_list("name", flat=True)) == ["Fair", "Other fair"]


def test_ending_stops_an_offer_at_once_and_it_can_come_back(shop, soap):
    made = make(shop, product=soap)
    set_offer_on(offer=made, by=shop.owner, on=False)
    assert made.state(shop_today()) == "over"
    assert terms_for(shop, [soap], None, shop_today())[soap.pk].offers == ()
    set_offer_on(offer=made, by=shop.owner, on=True)
    assert made.state(shop_today()) == "running"
    assert len(terms_for(shop, [soap], None, shop_today())[soap.pk].offers) == 1


def test_running_comes_before_coming_and_over(shop, soap, shelf):
    day = shop_today()
    over = make(shop, name="Over", product=soap, last_day=day)
    coming = make(shop, name="Coming", category=shelf, first_day=day + timedelta(days=5))
    ended = make(shop, name="Ended", product=soap)
    running = make(shop, name="Running", product=soap, first_day=day)
    set_offer_on(offer=ended, by=shop.owner, on=False)
    tomorrow = day + timedelta(days=1)
    assert [one.name for one in offers(shop, day=tomorrow)] == ["Running", "Coming", "Ended", "Over"]
    for state, found in (("running", [running]), ("coming", [coming]), ("over", [ended, over])):
        assert list(offers(shop, day=tomorrow, state=state)) == found
        assert {one.state(tomorrow) for one in found} == {state}
    assert len(offers(shop, day=tomorrow, state="nonsense")) == 4


def test_a_products_offers_are_those_on_it_its_category_and_its_sets(shop, soap, tea, shelf):
    soap.category = shelf
    soap.save()
    on_it, on_shelf = make(shop, product=soap), make(shop, category=shelf, first_day=shop_today() + timedelta(days=3))
    combo = make(shop, kind="combo", price=D(190), parts=[(soap, D(1)), (tea, D(1))])
    set_offer_on(offer=make(shop, product=soap), by=shop.owner, on=False)
    assert set(offers_of(soap, day=shop_today())) == {on_it, on_shelf, combo}
    assert offers_of(tea, day=shop_today()) == [combo]


# --- naming a product in one box ------------------------------------------------------------------------------
def test_a_product_is_named_by_code_barcode_suggestion_or_enough_of_its_name(shop, soap, tea):
    for typed in ("tea", "TEA", " 8901719101038 ", "Red Label Tea · TEA", "red lab", label(tea)):
        assert pick(shop, typed) == tea, typed


def test_a_name_that_several_bear_is_asked_back(shop, soap):
    for size in ("Small", "Large", "Huge"):
        factories.make_product(shop, f"{size} soap")
    for typed, code in (("", "no_product"), ("soa", "which_product"), ("nothing like it", "unknown_product"), ("\x00", "no_product")):
        with pytest.raises(CatalogError) as refused:
            pick(shop, typed)
        assert refused.value.code == code, typed
    assert pick(shop, "soap") == soap, "its code"


def test_suggestions_begin_at_two_letters_and_know_this_shop_only(shop, other_shop, soap):
    factories.make_product(other_shop, "Soap of others")
    assert options(shop, "s") == []
    assert options(shop, "so") == [soap]


# --- the pages ------------------------------------------------------------------------------------------------
@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop, name, *args):
    return reverse(f"catalog:{name}", args=[shop.slug, *args])


def sent(**given):
    return {"kind": "percent", "name": "Diwali", "percent": "10", "product": "SOAP", "first_day": shop_today().isoformat()} | given


def test_the_empty_list_says_what_to_do(owner, shop):
    page = owner.get(url(shop, "offers"))
    assert "No offers yet" in page.text
    assert url(shop, "offer_new") in page.text
    assert "No offer runs today" in owner.get(url(shop, "offers") + "?state=running").text


def test_a_percent_offer_is_made_by_the_form(owner, shop, soap):
    answer = owner.post(url(shop, "offer_new"), sent())
    assert answer.headers["Location"] == url(shop, "offers")
    made = shop.offers.get()
    assert (made.kind, made.percent, made.product, made.last_day, made.changed_by) == ("percent", D("10.00"), soap, None, shop.owner)
    page = owner.get(url(shop, "offers")).text
    for text in ("Diwali", "10\xa0% off", "Soap", "Running", "until ended"):
        assert text in page


def test_a_set_is_made_by_the_form(owner, shop, soap, tea):
    rows = {"part": ["SOAP", "", "Red Label Tea · TEA"], "part_quantity": ["2", "1", "1"]}
    owner.post(url(shop, "offer_new"), sent(kind="combo", name="Bath and tea", price="₹ 240", product="", percent="", **rows))
    combo = shop.offers.get()
    assert (combo.price, parts(combo)) == (D("240.00"), [("Soap", D("2.000")), ("Red Label Tea", D("1.000"))])
    assert "2 × Soap + Red Label Tea" in owner.get(url(shop, "offers")).text
    page = owner.get(url(shop, "offer", combo.pk)).text
    assert 'value="Soap · SOAP"' in page
    assert 'name="part_quantity" value="2"' in page


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(owner, shop, soap):
    answer = owner.post(url(shop, "offer_new"), sent(percent="110", last_day="2020-01-01"))
    assert answer.status_code == 422
    assert "The last day comes before the first." in answer.text
    answer = owner.post(url(shop, "offer_new"), sent(percent="110"))
    assert answer.context["form"].errors == {"percent": ["At most 100 percent."]}
    assert 'value="110"' in answer.text
    answer = owner.post(url(shop, "offer_new"), sent(product="nothing like it"))
    assert "No product is found" in answer.context["form"].errors["product"][0]
    assert not shop.offers.exists()


def test_a_figure_of_another_kind_is_nobodys_business(owner, shop, soap):
    assert owner.post(url(shop, "offer_new"), sent(amount="many", buy="x", price="1e999")).status_code == 302


def test_wrong_rows_of_a_set_are_told_at_the_rows(owner, shop, soap):
    rows = {"part": ["SOAP", "no such thing", "SOAP"], "part_quantity": ["1", "1", "some"]}
    answer = owner.post(url(shop, "offer_new"), sent(kind="combo", price="30", **rows))
    assert [bool(row.error) for row in answer.context["form"].rows] == [False, True, True]
    assert answer.status_code == 422
    assert owner.post(url(shop, "offer_new"), sent(kind="combo", price="30", part=["SOAP"] * 12)).status_code == 422
    assert not shop.offers.exists()


def test_an_offer_is_changed_and_ended_on_its_page(owner, shop, soap):
    made = make(shop, product=soap)
    page = owner.get(url(shop, "offer", made.pk))
    assert "It runs today" in page.text
    owner.post(url(shop, "offer", made.pk), sent(percent="15"))
    made.refresh_from_db()
    assert (made.percent, made.name) == (D("15.00"), "Diwali")
    owner.post(url(shop, "offer_end", made.pk), {"on": "no"})
    made.refresh_from_db()
    assert not made.is_active
    assert "Put it back" in owner.get(url(shop, "offer", made.pk)).text
    owner.post(url(shop, "offer_end", made.pk), {"on": "yes"})
    made.refresh_from_db()
    assert made.is_active


def test_an_offer_begun_on_a_products_page_is_for_that_product(owner, shop, other_shop, soap):
    assert 'value="Soap · SOAP"' in owner.get(url(shop, "offer_new") + f"?product={soap.pk}").text
    theirs = factories.make_product(other_shop, "Salt of others")
    for asked in (theirs.pk, "x", "9" * 30, ""):
        assert "Salt of others" not in owner.get(url(shop, "offer_new") + f"?product={asked}").text


def test_suggestions_come_for_whichever_box_asks(owner, shop, soap):
    for box in ("product", "part"):
        assert owner.get(url(shop, "product_options"), {box: "soa"}).text.strip() == '<option value="Soap · SOAP"></option>'
    assert owner.get(url(shop, "product_options")).text.strip() == ""


def test_the_list_asks_the_same_few_questions_for_one_offer_and_thirty(owner, shop, soap, tea, django_assert_max_num_queries):
    for n in range(30):
        make(shop, kind="combo", name=f"Set {n}", price=D(190), parts=[(soap, D(1)), (tea, D(1))])
    with django_assert_max_num_queries(8):
        page = owner.get(url(shop, "offers"))
    assert page.text.count("Soap + Red Label Tea") == 30


def test_staff_and_accountant_make_no_offers_and_see_those_of_a_product(client, shop, soap):
    make(shop, product=soap)
    for role in (Role.STAFF, Role.ACCOUNTANT):
        client.force_login(factories.make_member(shop, role))
        assert client.get(url(shop, "offers")).status_code == 403
        assert client.get(url(shop, "offer_new")).status_code == 403
        page = client.get(url(shop, "product", soap.pk)).text
        assert "Fair" in page
        assert "Make an offer" not in page
