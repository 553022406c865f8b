"""The shop's settings: every number checked, scheme and GSTIN in step."""

import pytest

from shops.errors import ShopError
from shops.forms import ShopForm
from shops.models import Shop
from shops.services import change_shop
from tests import factories

GUJARAT = "24AAPFU0939F1Z1"


@pytest.fixture
def typed(shop):
    """What the page holds when it is opened."""
    return {name: value or "" for name, value in ShopForm(instance=shop).initial.items()}


def send(client, shop, typed, **data):
    return client.post(f"/s/{shop.slug}/settings/", typed | data)


def test_saves_what_was_changed(shop, browser, typed):
    answer = send(
        browser(shop.owner), shop, typed, name="  Sharma &  Sons ", local_name="शर्मा", pincode="411 038", fssai="1152 3014 000123",
        upi_id="Sharma@OKBank", rounding="half", stock_policy="block", language="hi", receipt_footer="Thank you 🙏",
    )  # fmt: skip
    assert (answer.status_code, answer.url) == (302, f"/s/{shop.slug}/settings/")
    shop = Shop.objects.get(pk=shop.pk)
    assert (shop.name, shop.local_name, shop.pincode) == ("Sharma & Sons", "शर्मा", "411038")
    assert (shop.fssai, shop.upi_id, shop.rounding, shop.stock_policy) == ("11523014000123", "sharma@okbank", "half", "block")
    assert (shop.language, shop.receipt_footer, shop.pan) == ("hi", "Thank you 🙏", "AAPFU0939F")


def test_the_hours_of_reminders_are_set_and_what_is_left_empty_stays(shop, browser, typed):
    send(browser(shop.owner), shop, typed, remind_from="10", remind_until="18", remind_every="")
    shop.refresh_from_db()
    assert (shop.remind_from, shop.remind_until, shop.remind_every) == (10, 18, 7)


def test_writes_only_what_changed(shop):
    stale = Shop.objects.get(pk=shop.pk)
    change_shop(shop=shop, phone="020-24331234")
    assert change_shop(shop=stale, name="New name", city=stale.city) == ["name"]
    assert Shop.objects.get(pk=shop.pk).phone == "020-24331234"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": ""}, "required"),
        ({"name": "x" * 81}, "at most 80"),
        ({"pincode": "041103"}, "A PIN code has 6 digits"),
        ({"pincode": "<b>"}, "A PIN code has 6 digits"),
        ({"state_code": "99"}, "Select a valid choice"),
        ({"phone": "call me"}, "Only digits"),
        ({"gstin": "27AAPFU0939F1ZX"}, "One character of this GSTIN is misread"),
        ({"gstin": "27AAPFU"}, "A GSTIN has 15 characters"),
        ({"gstin": ""}, "A registered shop needs its GSTIN"),
        ({"scheme": "unregistered"}, "not registered has no GSTIN"),
        ({"scheme": "composition", "gstin": ""}, "A registered shop needs its GSTIN"),
        ({"state_code": "24"}, "belongs to Maharashtra, the shop is in Gujarat"),
        ({"pan": "AAPFU0939G"}, "was given to PAN AAPFU0939F"),
        ({"pan": "123"}, "A PAN has 10 characters"),
        ({"fssai": "123"}, "An FSSAI number has 14 digits"),
        ({"upi_id": "sharma"}, "A UPI id looks like"),
        ({"rounding": "up"}, "Select a valid choice"),
        ({"stock_policy": ""}, "required"),
        ({"remind_from": "20", "remind_until": "9"}, "Give an hour after the first one"),
        ({"remind_until": "25"}, "Give an hour after the first one"),
        ({"remind_every": "0"}, "Give 1 to 90 days."),
        ({"receipt_footer": "x" * 121}, "at most 120"),
        ({"pincode": "411\x00030"}, "Null characters"),
    ],
)
def test_refuses_in_a_sentence_and_changes_nothing(shop, browser, typed, data, sentence):
    before = Shop.objects.values().get(pk=shop.pk)
    answer = send(browser(shop.owner), shop, typed, **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Shop.objects.values().get(pk=shop.pk) == before


def test_a_refused_name_does_not_stand_in_the_head(shop, browser, typed):
    page = send(browser(shop.owner), shop, typed, name="Changed", pincode="1").content.decode()
    assert "· Sharma Kirana</title>" in page
    assert 'value="Changed"' in page


def test_a_shop_goes_over_to_composition_and_out_of_gst(shop, browser, typed):
    client = browser(shop.owner)
    assert send(client, shop, typed, scheme="composition").status_code == 302
    assert send(client, shop, typed, scheme="unregistered", gstin="", pan="").status_code == 302
    shop.refresh_from_db()
    assert (shop.scheme, shop.gstin, shop.charges_gst) == ("unregistered", "", False)


def test_a_tax_deductors_number_is_no_sellers(shop, browser, typed):
    from shops.gstin import check_character

    number = "27MUMA12345A1D"
    answer = send(browser(shop.owner), shop, typed, gstin=number + check_character(number))
    assert "not one to sell under" in answer.content.decode()


def test_the_database_says_the_same_when_the_form_is_passed_by(shop):
    with pytest.raises(ShopError) as refused:
        change_shop(shop=shop, scheme="unregistered")
    assert refused.value.code == "gstin_needed"
    shop.refresh_from_db()
    with pytest.raises(ShopError) as refused:
        change_shop(shop=shop, state_code="24")
    assert refused.value.code == "gstin_state"


def test_the_line_under_the_gstin_speaks_while_typing(shop, browser):
    client = browser(shop.owner, headers={"HX-Request": "true"})
    good = client.get(f"/s/{shop.slug}/settings/gstin/", {"gstin": "27 aapfu0939f1zv"}).content.decode()
    assert "Maharashtra, PAN AAPFU0939F (firm)" in good
    assert "<html" not in good
    bad = client.get(f"/s/{shop.slug}/settings/gstin/", {"gstin": "27<script>"}).content.decode()
    assert "A GSTIN has 15 characters" in bad
    assert "<script>" not in bad
    assert client.get(f"/s/{shop.slug}/settings/gstin/").status_code == 200


def test_only_the_owner_gets_here(ladder):
    assert ladder("settings/")
    assert ladder("settings/", "post")
    assert ladder("settings/gstin/")


def test_the_page_takes_as_many_queries_for_many_counters_as_for_one(shop, browser, django_assert_num_queries):
    client = browser(shop.owner)
    url = f"/s/{shop.slug}/settings/"
    client.get(url)
    with django_assert_num_queries(4):
        client.get(url)
    for n in range(20):
        shop.counters.create(name=f"Counter {n}", code=f"K{n}")
    with django_assert_num_queries(4):
        client.get(url)


def test_another_shop_stays_as_it_is(shop, other_shop, browser, typed):
    send(browser(shop.owner), shop, typed, name="Mine", slug=other_shop.slug, id=other_shop.pk)
    other_shop.refresh_from_db()
    assert (other_shop.name, Shop.objects.get(pk=shop.pk).slug) == ("Gupta Stores", shop.slug)


def test_an_unregistered_shop_may_stay_without_numbers(browser, db):
    shop = factories.make_shop(scheme=Shop.Scheme.UNREGISTERED)
    typed = {name: value or "" for name, value in ShopForm(instance=shop).initial.items()}
    assert send(browser(shop.owner), shop, typed).status_code == 302
