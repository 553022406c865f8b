"""Pages of packing: the list, packing by scans and by recipe, one repack, recipes; who sees and does what."""

import re
from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Repack
from inventory.recipes import Part, save_recipe
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.packing import make_packet, make_sack, pack

HTMX = {"HX-Request": "true"}
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"
IN, OUT = "0a1b2c3d", "11111111"


@pytest.fixture
def sack(shop):
    return make_sack(shop, sku="SACK")


@pytest.fixture
def packet(shop):
    return make_packet(shop, sku="PACKET", barcodes=[("8901234567890", 1)])


@pytest.fixture
def recipe(shop, sack, packet):
    parts = [Part("taken", sack, D(1)), Part("made", packet, D(49))]
    return save_recipe(shop=shop, by=shop.owner, name="Sugar packets", kind="break", parts=parts, note="Blue bags")


@pytest.fixture
def signed_in(client, shop):
    client.force_login(shop.owner)
    return client


def url(shop, name, *args):
    return reverse(f"inventory:{name}", args=[shop.slug, *args])


def sent(sack, packet, **changes):
    """A form filled in rightly, unless changed."""
    form = {
        "request_key": KEY, "kind": "break", "packing_cost": "58", "day": "", "note": "",
        "taken": f"{IN}-{sack.pk}", "made": f"{OUT}-{packet.pk}",
        f"{IN}-quantity": "1", f"{OUT}-quantity": "49", f"{OUT}-mrp": "52.00",
    }  # fmt: skip
    form["day"] = shop_today().isoformat()
    return form | changes


# --- packing --------------------------------------------------------------------------------------------------
def test_form_packs_once_and_shows_what_was_made(signed_in, shop, sack, packet):
    for _ in range(2):
        response = signed_in.post(url(shop, "new_repack"), sent(sack, packet), follow=True)
    done = Repack.objects.get()
    assert response.redirect_chain[-1][0] == url(shop, "repack", done.pk)
    page = response.content.decode()
    assert "49 pc Sugar 1 kg" in page
    assert "1 kg · 2" in page
    assert url(shop, "labels") + f"?repack={done.pk}" in page
    assert (packet.lots.get().on_hand, done.packing_cost) == (49, 58)


def test_prices_batch_and_date_of_the_packets_are_kept(signed_in, shop, sack, packet):
    more = {f"{OUT}-price": "51", f"{OUT}-mrp": "55", f"{OUT}-batch": "B7", f"{OUT}-expiry": "2099-01-01"}
    signed_in.post(url(shop, "new_repack"), sent(sack, packet, **more))
    packet.refresh_from_db()
    lot = packet.lots.get()
    assert (packet.price, packet.mrp, lot.batch, lot.mrp) == (51, 55, "B7", 55)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({f"{IN}-quantity": "9"}, "Only 4 bag of Sugar sack 50 kg in stock."),
        ({f"{OUT}-quantity": ""}, "How much?"),
        ({f"{OUT}-quantity": "many"}, "Write a number."),
        ({f"{OUT}-quantity": "1.5"}, "whole numbers only"),
        ({f"{OUT}-price": "60"}, "Nobody may sell above MRP."),
        ({f"{OUT}-expiry": "2000-01-01"}, "past its date already"),
        ({f"{OUT}-share": "50"}, "not to 100 %"),
        ({"packing_cost": "-1"}, "not below zero"),
        ({"day": "2099-01-01"}, "Give a day up to today."),
        ({"day": ""}, "Write the day."),
        ({"kind": "melt"}, "Choose what is done."),
        ({"taken": ""}, "One of the products is not in this shop."),
        ({"made": f"{OUT}-999999999"}, "One of the products is not in this shop."),
        ({f"{IN}-lot": "1"}, "This lot is empty now."),
        ({"request_key": "x" * 99}, "out of date"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(signed_in, shop, sack, packet, change, sentence):
    response = signed_in.post(url(shop, "new_repack"), sent(sack, packet, note="Keep me", **change))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Keep me" in response.content.decode()
    assert not Repack.objects.exists()


def test_sums_stand_there_while_one_writes(signed_in, shop, sack, packet):
    page = signed_in.post(url(shop, "repack_sums"), sent(sack, packet), headers=HTMX).content.decode()
    assert "<html" not in page
    assert "2,058.00" in page
    assert "₹\u00a042.00" in page
    assert 'data-value="52.00"' in page, "40 → 42 at a price of 50: 52.50, and the MRP is 52"
    assert f"#sums-{OUT}" in page
    assert not Repack.objects.exists()


def test_helper_sees_no_cost_and_sets_no_price(client, shop, sack, packet):
    client.force_login(factories.make_member(shop))
    page = client.post(url(shop, "repack_sums"), sent(sack, packet), headers=HTMX).content.decode()
    assert "Lost on the way" in page
    assert "42.00" not in page
    assert "2,0" not in page
    sneaky = sent(sack, packet, **{f"{OUT}-price": "41", f"{OUT}-mrp": "99", f"{OUT}-share": "100"})
    page = client.post(url(shop, "new_repack"), sneaky, follow=True).content.decode()
    assert "2,058" not in page
    assert "2,058" not in client.get(url(shop, "repacks")).content.decode()
    packet.refresh_from_db()
    assert (packet.price, packet.mrp, packet.lots.get().mrp) == (50, 52, 52)


def test_later_date_is_warned_of(signed_in, shop, packet):
    sack = make_sack(shop, stock=None)
    factories.stock_up(sack, 1, expiry=shop_today() + timedelta(days=9))
    page = signed_in.post(url(shop, "repack_sums"), sent(sack, packet, **{f"{OUT}-expiry": "2099-01-01"}), headers=HTMX).content.decode()
    assert "is later than" in page


# --- finding goods --------------------------------------------------------------------------------------------
def test_scan_answers_a_row_of_its_side(signed_in, shop, packet):
    answer = signed_in.get(url(shop, "repack_find"), {"q": "8901234567890", "go": "1", "side": "made"}, headers=HTMX)
    assert answer["HX-Retarget"] == "#made-rows"
    assert f'name="made" value="{re.search(r"[0-9a-f]{8}", answer.content.decode())[0]}-{packet.pk}"' in answer.content.decode()


def test_words_answer_goods_to_choose(signed_in, shop, sack, packet):
    page = signed_in.get(url(shop, "repack_find"), {"q": "suga", "side": "taken"}, headers=HTMX).content.decode()
    assert "Sugar sack 50 kg" in page
    assert "HX-Retarget" not in page
    chosen = signed_in.get(url(shop, "repack_find"), {"product": sack.pk, "side": "taken"}, headers=HTMX)
    assert chosen["HX-Retarget"] == "#taken-rows"
    plain = signed_in.get(url(shop, "repack_find"), {"product": sack.pk, "side": "made", "plain": "1"}, headers=HTMX).content.decode()
    assert "batch" not in plain


def test_without_scripts_a_code_opens_the_form_with_its_row(signed_in, shop, sack):
    response = signed_in.get(url(shop, "repack_find"), {"q": "SACK", "go": "1", "side": "taken"})
    assert response.url == url(shop, "new_repack") + f"?taken={sack.pk}"
    assert "Sugar sack 50 kg" in signed_in.get(response.url).content.decode()


def test_lots_can_be_chosen_where_there_are_several(signed_in, shop, packet):
    sack = make_sack(shop, stock=1)
    factories.stock_up(sack, 1, unit_cost=D(2100), batch="NEW")
    page = signed_in.get(url(shop, "new_repack"), {"taken": sack.pk}).content.decode()
    assert "Batch NEW" in page
    signed_in.post(url(shop, "new_repack"), sent(sack, packet, **{f"{IN}-lot": str(sack.lots.get(batch="NEW").pk)}))
    assert sack.lots.get(batch="NEW").on_hand == 0


# --- recipes --------------------------------------------------------------------------------------------------
def test_recipe_fills_the_form_as_often_as_wanted(signed_in, shop, recipe):
    page = signed_in.get(url(shop, "new_repack"), {"recipe": recipe.pk, "times": "3"}).content.decode()
    assert 'value="147"' in page
    assert "Blue bags" in page
    for bad in ("0", "-3", "x", "9" * 30):
        assert signed_in.get(url(shop, "new_repack"), {"recipe": recipe.pk, "times": bad}).status_code == 200


def test_packing_by_recipe_says_so(signed_in, shop, sack, packet, recipe):
    signed_in.post(url(shop, "new_repack"), sent(sack, packet, recipe=str(recipe.pk)))
    assert Repack.objects.get().recipe == recipe


def test_what_was_packed_becomes_a_recipe(signed_in, shop, sack, packet):
    done = pack(shop, [(sack, 1)], [(packet, 48)])
    page = signed_in.get(url(shop, "new_recipe"), {"repack": done.pk}).content.decode()
    assert 'value="48"' in page
    form = sent(sack, packet, name="As ever", **{f"{OUT}-quantity": "48"})
    assert signed_in.post(url(shop, "new_recipe"), form).url == url(shop, "repacks")
    recipe = shop.recipes.get()
    assert sorted(recipe.parts.values_list("side", "quantity")) == [("made", D(48)), ("taken", D(1))]
    assert "As ever" in signed_in.get(url(shop, "repacks")).content.decode()


def test_recipe_is_changed_put_away_and_offered_again(signed_in, shop, sack, packet, recipe):
    form = sent(sack, packet, name="Sugar, new bags", **{f"{OUT}-quantity": "47"})
    signed_in.post(url(shop, "change_recipe", recipe.pk), form)
    recipe.refresh_from_db()
    assert (recipe.name, recipe.parts.get(side="made").quantity) == ("Sugar, new bags", 47)
    signed_in.post(url(shop, "recipe_in_use", recipe.pk))
    assert "Put away" in signed_in.get(url(shop, "repacks")).content.decode()
    signed_in.post(url(shop, "recipe_in_use", recipe.pk), {"on": "1"})
    recipe.refresh_from_db()
    assert recipe.is_active


def test_recipe_with_a_taken_name_stands_there_again(signed_in, shop, sack, packet, recipe):
    response = signed_in.post(url(shop, "new_recipe"), sent(sack, packet, name="sugar PACKETS"))
    assert response.status_code == 422
    assert "There is a recipe" in response.content.decode()


# --- who may --------------------------------------------------------------------------------------------------
PAGES = {"repacks": [], "new_repack": [], "repack_find": [], "repack": ["repack"], "new_recipe": [], "change_recipe": ["recipe"]}
LABELS = {"labels": [], "labels_find": []}
POSTED = {"repack_sums": [], "recipe_in_use": ["recipe"], "labels_preview": [], "labels_pdf": []}
EDITING = {"new_recipe", "change_recipe", "recipe_in_use"}


def address(shop, name, done, recipe):
    kinds = (PAGES | LABELS | POSTED)[name]
    return url(shop, name, *[done.pk if kind == "repack" else recipe.pk for kind in kinds])


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_it_may(client, shop, sack, packet, recipe, role):
    done = pack(shop, [(sack, 1)], [(packet, 49)])
    client.force_login(factories.make_member(shop, role))
    for name in PAGES | LABELS | POSTED:
        may = role in (Role.OWNER, Role.MANAGER) if name in EDITING else name in LABELS or "labels" in name or role != Role.ACCOUNTANT
        ask = client.post if name in POSTED else client.get
        answer = ask(address(shop, name, done, recipe)).status_code
        assert (answer != 403) is may, name
        assert answer in (200, 302, 403, 422), name


def test_stranger_and_unknown_rows_are_404(client, shop, other_shop, sack, packet, recipe):
    done = pack(shop, [(sack, 1)], [(packet, 49)])
    client.force_login(other_shop.owner)
    for name in PAGES | LABELS | POSTED:
        assert client.get(address(shop, name, done, recipe)).status_code == 404, name
        assert client.post(address(shop, name, done, recipe)).status_code == 404, name
    for theirs in (
        url(other_shop, "repack", done.pk),
        url(other_shop, "change_recipe", recipe.pk),
        url(other_shop, "new_repack") + f"?recipe={recipe.pk}",
        url(other_shop, "new_repack") + f"?made={packet.pk}",
        url(other_shop, "new_recipe") + f"?repack={done.pk}",
        url(other_shop, "labels") + f"?repack={done.pk}",
        url(other_shop, "labels") + f"?product={packet.pk}",
        url(other_shop, "repack_find") + f"?product={packet.pk}",
        url(other_shop, "repack", 10**30),
    ):
        assert client.get(theirs).status_code == 404, theirs


def test_wrong_methods_are_refused(signed_in, shop, sack, packet, recipe):
    for name in ("repack_sums", "recipe_in_use", "labels_preview", "labels_pdf"):
        assert signed_in.get(address(shop, name, None, recipe)).status_code == 405, name
    assert signed_in.post(url(shop, "repacks")).status_code == 405


# --- how much is asked ----------------------------------------------------------------------------------------
def test_list_asks_no_more_for_more_rows(signed_in, shop, sack, packet, recipe, django_assert_max_num_queries):
    pack(shop, [(sack, 1)], [(packet, 49)])
    signed_in.get(url(shop, "repacks"))
    with CaptureQueriesContext(connection) as before:
        signed_in.get(url(shop, "repacks"))
    more = make_packet(shop, "Sugar 500 g", price="26", mrp="27", cost="1")
    for n in range(2):
        pack(shop, [(sack, 1)], [(packet, 25), (more, 48)])
        save_recipe(shop=shop, by=shop.owner, name=f"R{n}", kind="break", parts=[Part("taken", sack, D(1)), Part("made", more, D(9))])
    with django_assert_max_num_queries(len(before)):
        signed_in.get(url(shop, "repacks"))


def test_sums_and_page_ask_no_more_for_more_kinds(signed_in, shop, sack, packet):
    more = [make_packet(shop, f"Sugar {n} g", price="90", mrp=None, cost="1") for n in range(1, 7)]
    many = sent(sack, packet) | {"made": [f"{n:08d}-{one.pk}" for n, one in enumerate(more)]}
    many |= {f"{n:08d}-quantity": "9" for n in range(6)}

    def asked(ask):
        ask()
        with CaptureQueriesContext(connection) as queries:
            assert ask().status_code == 200
        return len(queries)

    sums, opened = url(shop, "repack_sums"), url(shop, "new_repack")
    one_kind = asked(lambda: signed_in.post(sums, sent(sack, packet), headers=HTMX))
    assert asked(lambda: signed_in.post(sums, many, headers=HTMX)) == one_kind
    few = asked(lambda: signed_in.get(opened, {"taken": sack.pk, "made": packet.pk}))
    assert asked(lambda: signed_in.get(opened, {"taken": [sack.pk, packet.pk], "made": [one.pk for one in more]})) == few


def test_history_of_the_packets_shows_the_repack(signed_in, shop, sack, packet):
    pack(shop, [(sack, 1)], [(packet, 49)], note="Diwali")
    page = signed_in.get(url(shop, "history", packet.pk)).content.decode()
    assert "Repacked" in page
    assert "Diwali" in page
