"""The language of the screen is the person's own, and so is the choice."""

import pytest
from django.urls import reverse

from shops.models import User
from tests import factories

HINDI = {"Accept-Language": "hi"}


@pytest.fixture
def meena(shop):
    return factories.make_member(shop)


def test_one_press_changes_it_and_leads_back(browser, shop, meena):
    client = browser(meena)
    here = f"/s/{shop.slug}/more/?x=1"
    answer = client.post("/language/", {"language": "hi", "next": here})
    assert (answer.status_code, answer.url) == (302, here)
    assert User.objects.get(pk=meena.pk).language == "hi"
    page = client.get(f"/s/{shop.slug}/more/")
    assert '<html lang="hi">' in page.text
    assert page.headers["Content-Language"] == "hi"
    client.post("/language/", {"language": "en"})
    assert '<html lang="en">' in client.get(f"/s/{shop.slug}/more/").text


@pytest.mark.parametrize("bad", ["", "fr", "en-in", "\x00", "HI"])
def test_an_unknown_language_is_refused_in_words(browser, meena, bad):
    answer = browser(meena).post("/language/", {"language": bad})
    assert answer.status_code == 400
    assert "English or Hindi" in answer.text
    assert User.objects.get(pk=meena.pk).language == "en"


@pytest.mark.parametrize("stray", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "javascript:alert(1)", "home", "7"])
def test_it_leads_to_no_other_site(browser, meena, stray):
    assert browser(meena).post("/language/", {"language": "hi", "next": stray}).url == reverse("home")


def test_each_person_has_their_own(browser, shop, meena):
    browser(meena).post("/language/", {"language": "hi"})
    assert '<html lang="en">' in browser(shop.owner).get(f"/s/{shop.slug}/more/").text


def test_a_persons_choice_stands_above_the_browsers(browser, shop, meena):
    page = browser(meena, headers=HINDI).get(f"/s/{shop.slug}/more/")
    assert '<html lang="en">' in page.text
    assert "Cookie" in page.headers["Vary"]
    assert "Accept-Language" not in page.headers["Vary"]


def test_before_sign_in_the_browsers_wish_counts(browser, db):
    page = browser(headers=HINDI).get("/sign-in/")
    assert '<html lang="hi">' in page.text
    assert {"Cookie", "Accept-Language"} <= set(page.headers["Vary"].split(", "))
    assert '<html lang="en">' in browser().get("/sign-in/").text


def test_a_session_that_ended_falls_back_to_the_browsers_wish(browser, db):
    client = browser(headers=HINDI)
    client.cookies["sessionid"] = "gone"
    assert '<html lang="hi">' in client.get("/sign-in/").text


def test_the_next_request_starts_afresh(browser, meena, shop):
    browser(meena).post("/language/", {"language": "hi"})
    browser(meena).get(f"/s/{shop.slug}/more/")
    assert '<html lang="en">' in browser().get("/sign-in/").text


def test_only_who_is_signed_in_may_choose_and_only_by_posting(browser, meena):
    assert browser().post("/language/", {"language": "hi"}).url.startswith("/sign-in/")
    assert browser(meena).get("/language/").status_code == 405


def test_the_menu_offers_both_and_marks_the_present_one(browser, shop, meena):
    page = browser(meena).get(f"/s/{shop.slug}/bills/").text
    assert 'value="en" lang="en" aria-pressed="true"' in page
    assert 'value="hi" lang="hi" aria-pressed="false"' in page
    assert f'name="next" value="/s/{shop.slug}/bills/"' in page
