"""A shop's counters: added, renamed, taken out of use; a code never changes."""

import pytest
from django.db import IntegrityError, transaction

from shops.errors import ShopError
from shops.services import add_counter, change_counter
from smartkirana.db_rules import broken_rule


@pytest.fixture
def till(shop):
    return shop.counters.get()


def page(shop, counter="new"):
    return f"/s/{shop.slug}/settings/counters/{counter}/"


def test_adds_a_counter_with_a_code_of_its_own(shop, browser):
    answer = browser(shop.owner).post(page(shop), {"name": " Milk  window ", "code": "m1", "paper": "r58", "printer": "browser"})
    assert answer.url == f"/s/{shop.slug}/settings/"
    made = shop.counters.get(code="M1")
    assert (made.name, made.paper, made.is_active) == ("Milk window", "r58", True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"code": "S1"}, "Another counter has this code already"),
        ({"code": "s1"}, "Another counter has this code already"),
        ({"code": "1A"}, "One letter, then letters or digits"),
        ({"code": "ABCD"}, "at most 3"),
        ({"code": "A/"}, "One letter, then letters or digits"),
        ({"code": ""}, "required"),
        ({"name": ""}, "required"),
        ({"paper": "a3"}, "Select a valid choice"),
        ({"printer": "fax"}, "Select a valid choice"),
        ({"printer": ""}, "required"),
        ({"paper": "a4", "printer": "raw"}, "ESC/POS is for rolls"),
    ],
)
def test_refuses_in_a_sentence(shop, browser, data, sentence):
    answer = browser(shop.owner).post(page(shop), {"name": "Second", "code": "S2", "paper": "r80", "printer": "browser"} | data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert shop.counters.count() == 1


def test_two_shops_may_use_the_same_code(shop, other_shop):
    assert {shop.counters.get().code, other_shop.counters.get().code} == {"S1"}


def test_renames_it_and_changes_its_paper_but_never_its_code(shop, till, browser):
    browser(shop.owner).post(page(shop, till.pk), {"name": "Front", "paper": "a4", "printer": "browser", "is_active": "on", "code": "ZZ"})
    till.refresh_from_db()
    assert (till.name, till.paper, till.code, till.is_active) == ("Front", "a4", "S1", True)


@pytest.mark.parametrize("change", [{"code": "Z9"}, {"shop": None}])
def test_the_database_itself_keeps_the_code(shop, other_shop, till, change):
    if "shop" in change:
        change = {"shop": other_shop}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        shop.counters.filter(pk=till.pk).update(**change)
    assert broken_rule(refused.value) == "shops_counter_frozen"


def test_the_last_counter_in_use_stays_in_use(shop, till, browser):
    answer = browser(shop.owner).post(page(shop, till.pk), {"name": till.name, "paper": till.paper, "printer": till.printer})
    assert answer.status_code == 422
    assert "This is the only counter in use" in answer.content.decode()
    till.refresh_from_db()
    assert till.is_active


def test_a_roll_printer_gets_its_bytes_directly_and_opens_the_drawer(shop, till, browser):
    assert (till.printer, till.opens_drawer, till.is_raw, till.dots) == ("browser", False, False, 576)
    sent = {"name": till.name, "paper": "r58", "printer": "raw", "opens_drawer": "on", "is_active": "on"}
    assert browser(shop.owner).post(page(shop, till.pk), sent).status_code == 302
    till.refresh_from_db()
    assert (till.printer, till.opens_drawer, till.is_raw, till.dots) == ("raw", True, True, 384)


@pytest.mark.parametrize("change", [{"printer": "raw", "paper": "a4"}, {"printer": "fax"}])
def test_the_database_itself_keeps_raw_printing_to_rolls(till, change):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        type(till).objects.filter(pk=till.pk).update(**change)
    assert broken_rule(refused.value) == "shops_counter_raw_on_a_roll"


def test_the_service_says_why_an_a4_sheet_is_not_raw(shop, till):
    for act in (
        lambda: change_counter(counter=till, name=till.name, paper="a4", printer="raw", is_active=True),
        lambda: add_counter(shop=shop, name="Second", code="S2", paper="a4", printer="raw"),
    ):
        with pytest.raises(ShopError) as refused:
            act()
        assert (refused.value.code, refused.value.field) == ("raw_needs_roll", "printer")


def test_one_of_two_goes_out_of_use_and_comes_back(shop, till):
    second = add_counter(shop=shop, name="Second", code="S2")
    change_counter(counter=till, name=till.name, paper=till.paper, is_active=False)
    with pytest.raises(ShopError) as refused:
        change_counter(counter=second, name=second.name, paper=second.paper, is_active=False)
    assert refused.value.code == "last_counter"
    change_counter(counter=till, name=till.name, paper=till.paper, is_active=True)
    till.refresh_from_db()
    assert till.is_active


def test_only_the_owner_of_that_shop_gets_to_a_counter(shop, other_shop, till, browser, ladder):
    assert ladder("settings/counters/new/")
    assert ladder(f"settings/counters/{till.pk}/")
    assert ladder(f"settings/counters/{till.pk}/", "post")
    assert browser(other_shop.owner).get(page(other_shop, till.pk)).status_code == 404
    assert browser(shop.owner).get(page(shop, 99999999999999999999)).status_code == 404
