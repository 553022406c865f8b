"""The shop's label formats: rules in the database, told in words, and the settings page that keeps them in order."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from catalog.counter_models import LabelFormat
from catalog.errors import CatalogError
from catalog.labels.forms import LabelFormatForm
from catalog.labels.presets import PRESETS, preset
from catalog.labels.services import SENTENCES, add_format, change_format, move_format, remove_format
from shops.models import Role
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.at_once import at_once

HTMX = {"HTTP_HX_REQUEST": "true"}
GRAMS = {
    "name": "Grams",
    "prefix": "21",
    "item_digits": 5,
    "value_digits": 5,
    "holds": "weight",
    "decimals": 3,
    "own_check": False,
    "is_active": True,
}


def add(shop, **fields):
    return add_format(shop=shop, **{**GRAMS, **fields})


def order(shop) -> list[tuple[int, str]]:
    return list(shop.label_formats.values_list("position", "prefix"))


def page(shop, name, *args) -> str:
    return reverse(f"catalog:{name}", args=[shop.slug, *args])


@pytest.fixture
def owner(shop, client):
    client.force_login(shop.owner)
    return client


# --- the database -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("catalog_labelformat_at_most_8", {"position": 9}),
        ("catalog_labelformat_at_most_8", {"position": 0}),
        ("catalog_labelformat_in_store", {"prefix": "89"}),
        ("catalog_labelformat_in_store", {"prefix": "2", "item_digits": 6}),
        ("catalog_labelformat_in_store", {"prefix": "2x"}),
        ("catalog_labelformat_13_digits", {"item_digits": 6}),
        ("catalog_labelformat_13_digits", {"own_check": True}),
        ("catalog_labelformat_13_digits", {"prefix": "210"}),
        ("catalog_labelformat_13_digits", {"item_digits": 1, "value_digits": 9}),
        ("catalog_labelformat_decimals", {"decimals": 4}),
        ("catalog_labelformat_decimals", {"holds": "price", "decimals": 3}),
        ("catalog_labelformat_decimals", {"holds": "pieces", "decimals": 1}),
        ("catalog_labelformat_decimals", {"holds": "colour"}),
        ("catalog_labelformat_own_check", {"own_check": True, "item_digits": 3, "value_digits": 6}),
    ],
)
def test_the_database_refuses_a_format_that_cannot_be_read(shop, rule, fields):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        LabelFormat.objects.create(shop=shop, **{"position": 1, **GRAMS, **fields})
    assert broken_rule(error.value) == rule


def test_two_formats_of_a_shop_never_share_a_place_or_leading_digits(shop, other_shop):
    add(shop)
    add(other_shop)
    for rule, fields in (("position", {"prefix": "22"}), ("prefix", {"position": 2})):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            LabelFormat.objects.create(shop=shop, **{"position": 1, **GRAMS, **fields})
        assert broken_rule(error.value) == f"catalog_labelformat_{rule}"


# --- the acts -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("bad_prefix", {"prefix": "30"}),
        ("bad_length", {"value_digits": 4}),
        ("bad_decimals", {"holds": "price"}),
        ("bad_own_check", {"own_check": True, "item_digits": 3, "value_digits": 6}),
        ("no_name", {"name": " \u200b "}),
    ],
)
def test_what_the_database_refuses_is_told_in_words(shop, code, fields):
    with pytest.raises(CatalogError) as refusal:
        add(shop, **fields)
    assert refusal.value.code == code
    assert refusal.value.message
    assert not shop.label_formats.exists()


def test_every_rule_of_the_table_has_a_sentence():
    rules = {rule.name for rule in LabelFormat._meta.constraints} - {"catalog_labelformat_shop_key", "catalog_labelformat_position"}
    assert set(SENTENCES) == rules


def test_the_ninth_format_is_refused(shop):
    for one in PRESETS:
        add_format(shop=shop, **one.fields())
    with pytest.raises(CatalogError, match="at most 8 formats"):
        add(shop, prefix="29")
    assert [place for place, _ in order(shop)] == list(range(1, 9))


def test_a_format_moves_up_and_down_and_no_further(shop):
    first, _, third = (add(shop, prefix=prefix) for prefix in ("21", "22", "23"))
    assert move_format(label_format=third, by=-1)
    assert order(shop) == [(1, "21"), (2, "23"), (3, "22")]
    assert move_format(label_format=first, by=1)
    assert order(shop) == [(1, "23"), (2, "21"), (3, "22")]
    assert not move_format(label_format=third, by=-1)
    assert order(shop) == [(1, "23"), (2, "21"), (3, "22")]


def test_removing_one_closes_the_ranks_and_removing_it_again_does_nothing(shop):
    one, _, last = (add(shop, prefix=prefix) for prefix in ("21", "22", "23"))
    remove_format(label_format=one)
    remove_format(label_format=one)
    assert order(shop) == [(1, "22"), (2, "23")]
    assert add(shop).position == 3
    remove_format(label_format=last)
    assert order(shop) == [(1, "22"), (2, "21")]


def test_a_changed_format_keeps_its_place(shop):
    add(shop)
    two = add(shop, prefix="22")
    change_format(label_format=two, **preset("paise").fields() | {"prefix": "27"})
    two.refresh_from_db()
    assert (two.position, two.prefix, two.holds, two.decimals) == (2, "27", "price", 2)


@pytest.mark.django_db(transaction=True)
def test_two_people_adding_at_once_get_two_places(shop):
    added = at_once([lambda: add(shop, prefix="21"), lambda: add(shop, prefix="22")])
    assert sorted(one.position for one in added) == [1, 2]


# --- the form -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.key)
def test_a_ready_made_format_can_be_saved_as_it_is(shop, one):
    form = LabelFormatForm({**one.fields(), "own_check": "on" if one.own_check else ""} | {"is_active": "on"})
    assert form.is_valid(), form.errors
    assert add_format(shop=shop, **form.details()).prefix == one.prefix
    drawing = form.drawing
    assert drawing.fits
    assert len("".join(part.digits for part in drawing.example)) == 13


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"prefix": "89"}, "prefix"),
        ({"prefix": "२१"}, "prefix"),
        ({"value_digits": "6"}, "value_digits"),
        ({"item_digits": "9"}, "item_digits"),
        ({"decimals": "7"}, "decimals"),
        ({"holds": "price", "decimals": "3"}, "decimals"),
        ({"holds": ""}, "holds"),
        ({"own_check": "on", "value_digits": "6", "item_digits": "3"}, "own_check"),
        ({"name": "\u200b"}, "name"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(fields, where):
    form = LabelFormatForm({**GRAMS, "own_check": "", **fields})
    assert list(form.errors) == [where]


NOT_ENOUGH = [{"prefix": ""}, {"prefix": "x"}, {"item_digits": "x"}, {"value_digits": "9" * 50}, {"holds": "?"}, {"decimals": ""}]


@pytest.mark.parametrize("fields", NOT_ENOUGH)
def test_a_drawing_waits_until_there_is_enough_to_draw(fields):
    assert LabelFormatForm({**GRAMS, **fields}).drawing is None


# --- the page -----------------------------------------------------------------------------------------------------
def test_the_page_shows_formats_in_order_and_ready_made_ones(shop, owner):
    add(shop, name="Counter scale")
    body = owner.get(page(shop, "labels")).content.decode()
    assert "Counter scale" in body
    assert "21 is in the list" in body
    assert body.count("Take this") == len(PRESETS) - 1


def test_an_empty_list_says_what_to_do_first(shop, owner):
    assert "Take a ready-made format below" in owner.get(page(shop, "labels")).content.decode()


def test_a_format_that_another_hides_is_marked(shop, owner):
    add(shop, name="All of 21")
    add(shop, name="Only 210", prefix="210", item_digits=4)
    assert "never reached: “All of 21” takes all of these" in owner.get(page(shop, "labels")).content.decode()
    change_format(label_format=shop.label_formats.get(prefix="21"), is_active=False)
    body = owner.get(page(shop, "labels")).content.decode()
    assert "never reached" not in body
    assert "Not in use" in body


def test_a_format_is_added_from_a_ready_made_one_by_a_plain_browser(shop, owner):
    where = page(shop, "label_new")
    shown = owner.get(where, {"preset": "paise"}).content.decode()
    assert 'name="prefix" value="22"' in shown
    answer = owner.post(where, {**preset("paise").fields(), "own_check": "", "name": "Sweets", "is_active": "on"})
    assert answer.url == page(shop, "labels")
    assert shop.label_formats.get().name == "Sweets"


def test_the_link_of_a_tried_label_fills_its_leading_digits(shop, owner):
    assert 'name="prefix" value="27"' in owner.get(page(shop, "label_new"), {"begins": "27"}).content.decode()


def test_what_is_refused_comes_back_as_typed(shop, owner):
    add(shop)
    answer = owner.post(page(shop, "label_new"), {**GRAMS, "own_check": "", "name": "Second"})
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "Another format has these leading digits already" in body
    assert 'value="Second"' in body


def test_the_drawing_follows_what_is_typed(shop, owner):
    asked = {**GRAMS, "prefix": "250", "own_check": ""}
    drawn = owner.get(page(shop, "label_new"), asked, **HTMX).content.decode()
    assert "These are 14 digits; a label has 13." in drawn
    assert "<html" not in drawn
    assert "Fill in the digits" in owner.get(page(shop, "label_new"), {"prefix": ""}, **HTMX).content.decode()


def test_move_and_remove_answer_the_list_to_htmx_and_go_back_otherwise(shop, owner):
    one, two = add(shop, name="One"), add(shop, name="Two", prefix="22")
    moved = owner.post(page(shop, "label_move", two.pk), {"to": "up"}, **HTMX).content.decode()
    assert moved.index("Two") < moved.index("One")
    assert 'id="formats"' in moved
    assert owner.post(page(shop, "label_move", two.pk), {"to": "sideways"}).url == page(shop, "labels")
    assert order(shop) == [(1, "22"), (2, "21")]
    assert owner.post(page(shop, "label_remove", one.pk)).url == page(shop, "labels")
    assert order(shop) == [(1, "22")]


def test_the_list_asks_the_same_number_of_questions_for_one_format_and_for_eight(shop, owner, django_assert_num_queries):
    counted = []
    for more in (PRESETS[:1], PRESETS[1:]):
        for one in more:
            add_format(shop=shop, **one.fields())
        with django_assert_num_queries(4) as asked:
            owner.get(page(shop, "labels"))
        counted.append(len(asked))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.ACCOUNTANT])
def test_only_who_runs_the_shop_sets_labels_up(shop, client, role):
    one = add(shop)
    client.force_login(factories.make_member(shop, role))
    for name, args in (("labels", ()), ("label_new", ()), ("label", (one.pk,))):
        assert client.get(page(shop, name, *args)).status_code == 403
    for name in ("label_move", "label_remove"):
        assert client.post(page(shop, name, one.pk)).status_code == 403
    assert client.get(reverse("orders:label_try", args=[shop.slug])).status_code == 403


def test_another_shops_format_is_not_there(shop, other_shop, owner):
    theirs = add(other_shop)
    for name in ("label", "label_move", "label_remove"):
        assert owner.post(page(shop, name, theirs.pk), {"to": "up"}).status_code == 404
    assert other_shop.label_formats.count() == 1


def test_settings_lead_to_labels_and_tiles(shop, owner):
    body = owner.get(reverse("shops:settings", args=[shop.slug])).content.decode()
    assert page(shop, "labels") in body
    assert page(shop, "tiles") in body
