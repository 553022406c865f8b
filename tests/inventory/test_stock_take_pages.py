"""The pages of a stock take: opening, counting blind, what is left, the owner's review and approval."""

from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.count_scope import in_scope, uncounted_lots
from inventory.counting import finish_counting
from inventory.models import CountEntry, StockTake
from shops.models import Role
from tests import factories
from tests.inventory.buying import books_agree
from tests.inventory.counting_world import approve, count, open_take, stock

HTMX = {"HX-Request": "true"}


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=10, barcodes=[("SOAP1", 1), ("BOX12", 12)])


@pytest.fixture
def take(shop, soap):
    return open_take(shop)


@pytest.fixture
def helper(client, shop):
    """A helper of the shop, signed in: counts, and decides nothing."""
    user = factories.make_member(shop, Role.STAFF)
    client.force_login(user)
    return user


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return shop.owner


def at(name, take, *more):
    return reverse(f"inventory:{name}", args=[take.shop.slug, take.pk, *more])


def send(client, take, product, quantity, **more):
    data = {"request_key": str(uuid4()), "quantity": str(quantity), **more}
    return client.post(at("count_enter", take, product.pk), data, headers=HTMX)


# --- opening --------------------------------------------------------------------------------------------------
def test_owner_opens_one_and_lands_where_one_counts(client, shop, soap, owner):
    answer = client.post(reverse("inventory:new_stock_take", args=[shop.slug]), {"request_key": uuid4(), "name": "Diwali", "words": "soap"})
    take = shop.stock_takes.get()
    assert answer.url == at("stock_take", take)
    assert (take.name, take.words, take.opened_by) == ("Diwali", "soap", shop.owner)
    assert b"Diwali" in client.get(reverse("inventory:stock_takes", args=[shop.slug])).content


def test_nothing_to_count_is_said_at_the_box_and_the_words_stay(client, shop, soap, owner):
    answer = client.post(reverse("inventory:new_stock_take", args=[shop.slug]), {"words": "helicopter"}, headers=HTMX)
    assert answer.status_code == 422
    assert "There are no goods in it" in answer.text
    assert 'value="helicopter"' in answer.text
    assert not shop.stock_takes.exists()


def test_a_shelf_is_counted_alone(client, shop, soap, owner):
    client.force_login(owner)
    salt = factories.make_product(shop, "Salt", stock=3, shelf="Rack 3")
    page = client.get(reverse("inventory:new_stock_take", args=[shop.slug]))
    assert "Rack 3" in page.content.decode()
    client.post(reverse("inventory:new_stock_take", args=[shop.slug]), {"shelf": "Rack 3", "request_key": str(uuid4())})
    take = shop.stock_takes.get()
    assert list(in_scope(take)) == [salt]
    assert [lot.product for lot in uncounted_lots(take)] == [salt]
    assert "Shelf Rack 3" in client.get(reverse("inventory:stock_take", args=[shop.slug, take.pk])).content.decode()


@pytest.mark.parametrize("scope", [{"shelf": "Rack 3", "words": "soap"}, {"shelf": "Rack 9"}])
def test_one_scope_and_a_shelf_that_is_there(client, shop, soap, owner, scope):
    client.force_login(owner)
    factories.make_product(shop, "Salt", stock=3, shelf="Rack 3")
    answer = client.post(reverse("inventory:new_stock_take", args=[shop.slug]), {**scope, "request_key": str(uuid4())})
    assert (answer.status_code, shop.stock_takes.exists()) == (422, False)


def test_a_shelf_where_there_are_none_is_refused_in_words(client, shop, soap, owner):
    answer = client.post(reverse("inventory:new_stock_take", args=[shop.slug]), {"shelf": "Rack 9"}, headers=HTMX)
    assert (answer.status_code, "Choose a shelf of this shop." in answer.text) == (422, True)


def test_empty_list_says_what_to_do(client, shop, owner):
    assert "Start a stock take" in client.get(reverse("inventory:stock_takes", args=[shop.slug])).text


# --- counting -------------------------------------------------------------------------------------------------
def test_code_calls_the_goods_up_and_an_entry_counts(client, take, soap, helper):
    answer = client.get(at("count_find", take), {"q": "soap1", "go": "1"}, headers=HTMX)
    assert at("count_enter", take, soap.pk) in answer.text
    done = send(client, take, soap, 7)
    assert done.status_code == 200
    assert "<b>1</b> of 1" in done.text.replace('<b class="num">', "<b>")
    assert 'hx-swap-oob="true"' in done.text
    entry = take.entries.get()
    assert (entry.quantity, entry.by, entry.book) == (7, helper, 10)


def test_a_boxs_code_counts_boxes(client, take, soap, helper):
    page = client.get(at("count_find", take), {"q": "BOX12", "go": "1"}, headers=HTMX)
    assert "How many packs of 12 pc" in page.text
    send(client, take, soap, 3, code="BOX12")
    assert take.entries.get().quantity == 36


def test_words_that_find_one_product_call_it_up_and_several_are_a_list(client, shop, take, soap, helper):
    factories.make_product(shop, "Soap dish", stock=3)
    factories.make_product(shop, "Tea", stock=3)
    assert "data-count" in client.get(at("count_find", take), {"q": "tea", "go": "1"}, headers=HTMX).text
    several = client.get(at("count_find", take), {"q": "soap", "go": "1"}, headers=HTMX).text
    assert "data-count" not in several
    assert several.count("<li>") == 2


def test_unknown_code_is_said_clearly(client, take, soap, helper):
    answer = client.get(at("count_find", take), {"q": "8901234567890", "go": "1"}, headers=HTMX)
    assert "No goods of this stock take have the code or name “8901234567890”" in answer.text


def test_goods_of_elsewhere_are_named(client, shop, soap, helper):
    factories.make_product(shop, "Tea", stock=3, barcodes=[("TEA1", 1)])
    take = open_take(shop, words="soap")
    answer = client.get(at("count_find", take), {"q": "TEA1", "go": "1"}, headers=HTMX)
    assert "Tea is not part of this stock take" in answer.text


def test_goods_of_several_looks_ask_which(client, shop, take, soap, helper):
    factories.stock_up(soap, 5, mrp=D("55.00"), batch="B7")
    page = client.get(at("count_enter", take, soap.pk), headers=HTMX).text
    assert "batch B7" in page
    refused = send(client, take, soap, 5)
    assert refused.status_code == 422
    assert "Choose which of them you counted." in refused.text
    lot = soap.lots.get(batch="B7")
    assert send(client, take, soap, 5, lot=lot.pk).status_code == 200
    assert take.entries.get().lot == lot


def test_bad_quantity_is_refused_and_stays_in_the_box(client, take, soap, helper):
    for bad in ("", "-3", "1.5", "1e99", "x"):
        answer = send(client, take, soap, bad)
        assert answer.status_code == 422, bad
        assert 'role="alert"' in answer.text or 'class="bad"' in answer.text
        assert f'value="{bad}"' in answer.text
    assert not take.entries.exists()


def test_same_form_twice_is_one_entry(client, take, soap, helper):
    key = str(uuid4())
    for _ in range(2):
        assert send(client, take, soap, 7, request_key=key).status_code == 200
    assert take.entries.count() == 1
    changed = send(client, take, soap, 8, request_key=key)
    assert changed.status_code == 422
    assert "entered already" in changed.text


def test_entry_is_taken_back_and_stays_to_be_read(client, take, soap, helper):
    send(client, take, soap, 70)
    answer = client.post(at("count_back", take, take.entries.get().pk), headers=HTMX)
    assert "taken back" in answer.text
    assert CountEntry.objects.count() == 2


def test_somebody_elses_entry_is_not_taken_back(client, shop, take, soap, helper):
    entry = count(take, soap, 7)
    answer = client.post(at("count_back", take, entry.pk), headers=HTMX)
    assert answer.status_code == 422
    assert "counted this" in answer.text
    assert CountEntry.objects.count() == 1


def test_after_the_end_what_was_typed_is_refused_and_stays(client, take, soap, helper):
    finish_counting(take=take)
    answer = send(client, take, soap, 7)
    assert answer.status_code == 422
    assert "The counting has ended" in answer.text
    assert 'value="7"' in answer.text


def test_works_without_javascript(client, take, soap, helper):
    found = client.get(at("count_find", take), {"q": "SOAP1", "go": "1"})
    assert client.get(found.url).status_code == 200
    answer = client.post(at("count_enter", take, soap.pk), {"request_key": uuid4(), "quantity": "7"}, follow=True)
    assert "7 pc of Soap entered" in answer.content.decode()


def test_nobody_who_counts_is_shown_the_books(client, shop, helper):
    """Stock 7,731 at a cost of ₹ 40 and worth 3,09,240: none of it in any answer."""
    oil = factories.make_product(shop, "Oil", stock=7731, barcodes=[("OIL1", 1)])
    factories.stock_up(oil, 7732, mrp=D("55.00"))
    take = open_take(shop)
    answers = [
        client.get(at("stock_take", take)),
        client.get(at("stock_take", take), {"product": oil.pk}),
        client.get(at("count_find", take), {"q": "oil"}, headers=HTMX),
        client.get(at("count_find", take), {"q": "OIL1", "go": "1"}, headers=HTMX),
        client.get(at("count_left", take)),
        send(client, take, oil, 5),
        send(client, take, oil, 5, lot=oil.lots.first().pk),
        send(client, take, oil, 6, lot="all"),
        client.get(at("stock_take", take)),
        client.get(reverse("inventory:stock_takes", args=[shop.slug])),
    ]
    assert [a.status_code for a in answers] == [200, 200, 200, 200, 200, 422, 200, 422, 200, 200]
    for answer in answers:
        words = answer.text.replace(",", "")
        assert not [secret for secret in ("7731", "7732", "15463", "309240", "40.00") if secret in words]


def test_what_is_left_shrinks(client, shop, take, soap, helper):
    tea = factories.make_product(shop, "Tea", stock=3)
    assert {p.pk for p in client.get(at("count_left", take)).context["page"].object_list} == {soap.pk, tea.pk}
    count(take, soap, 1)
    assert [p.pk for p in client.get(at("count_left", take)).context["page"].object_list] == [tea.pk]
    assert "Nothing matches" in client.get(at("count_left", take), {"q": "soap"}, headers=HTMX).text


@pytest.mark.parametrize("name", ["stock_take", "count_left", "stock_takes", "count_review"])
def test_queries_do_not_grow(client, shop, owner, name):
    counted = []
    for size in (1, 12):
        goods = [factories.make_product(shop, f"Goods {size} {n}", stock=5) for n in range(size)]
        take = open_take(shop)
        for product in goods:
            count(take, product, 4)
        place = [] if name == "stock_takes" else [take.pk]
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"inventory:{name}", args=[shop.slug, *place])).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 16


# --- deciding -------------------------------------------------------------------------------------------------
def test_review_shows_differences_valued_and_sorted(client, shop, take, soap, owner):
    tea = factories.make_product(shop, "Tea", stock=3, cost="20")
    same = factories.make_product(shop, "Salt", stock=3)
    count(take, soap, 8)
    count(take, tea, 4)
    count(take, same, 3)
    found = client.get(at("count_review", take)).context
    assert [one.product.name for one in found["page"].object_list] == ["Soap", "Tea"]
    review = found["review"]
    assert (review.found, review.short, review.net, review.differing) == (D(20), D(-80), D(-60), 2)
    everything = client.get(at("count_review", take), {"show": "all", "sort": "name"}).context["page"].object_list
    assert [one.product.name for one in everything] == ["Salt", "Soap", "Tea"]


def test_review_says_the_same_as_the_approval_posts(client, shop, take, soap, owner):
    factories.stock_up(soap, 5, unit_cost=D("41.1234"), mrp=D("55.00"))
    new = factories.make_product(shop, "Pen", cost="3.333")
    count(take, soap, 11, lot=None)
    count(take, new, 7)
    review = client.get(at("count_review", take)).context["review"]
    approve(take)
    after = client.get(at("count_review", take)).context
    assert (after["found"], after["short"]) == (review.found, review.short)


def test_goods_moved_while_they_were_counted_are_marked(client, shop, take, soap, owner):
    count(take, soap, 6)
    factories.make_order(shop, [(soap, 1)])
    count(take, soap, 4)
    tea = factories.make_product(shop, "Tea", stock=3)
    count(take, tea, 3)
    page = client.get(at("count_review", take), {"show": "moved"})
    assert [one.product.name for one in page.context["page"].object_list] == ["Soap"]
    assert "Moved while counted" in page.text


def test_goods_sold_between_scan_and_enter_are_marked(client, shop, take, soap, owner):
    form = client.get(at("count_enter", take, soap.pk), headers=HTMX).context["form"]
    factories.make_order(shop, [(soap, 1)])
    send(client, take, soap, 9, seen=form.initial["seen"])
    assert client.get(at("count_review", take)).context["review"].moved == 1


def test_owner_ends_has_some_counted_again_and_approves(client, shop, take, soap, owner):
    count(take, soap, 3)
    assert client.post(at("count_end", take)).url == at("count_review", take)
    client.post(at("count_recount", take), {"product": [soap.pk]})
    take.refresh_from_db()
    assert take.status == "open"
    count(take, soap, 9)
    client.post(at("count_end", take))
    answer = client.post(at("count_approve", take), {"request_key": uuid4(), "uncounted": "leave", "note": "with Ravi"}, follow=True)
    assert "is approved and posted" in answer.content.decode()
    assert stock(soap) == [9]
    assert shop.stock_documents.get(kind="count").note == "Stock take 1: with Ravi"
    books_agree(shop)


def test_zero_for_uncounted_goods_wants_its_tick(client, shop, take, soap, owner):
    factories.make_product(shop, "Tea", stock=3)
    count(take, soap, 10)
    second = open_take(shop)
    count(second, soap, 10)
    finish_counting(take=second)
    answer = client.post(at("count_approve", second), {"request_key": uuid4(), "uncounted": "zero"})
    assert answer.status_code == 422
    assert "Tick this" in answer.content.decode()
    client.post(at("count_approve", second), {"request_key": uuid4(), "uncounted": "zero", "sure": "on"})
    assert shop.lots.get(product__name="Tea").on_hand == 0


def test_a_refusal_of_the_approval_stands_on_the_page(client, shop, take, soap, owner):
    other = open_take(shop)
    count(take, soap, 8)
    count(other, soap, 8)
    approve(other)
    finish_counting(take=take)
    page = client.get(at("count_review", take))
    assert "put right by another paper" in page.content.decode()
    answer = client.post(at("count_approve", take), {"request_key": uuid4(), "uncounted": "leave"})
    assert answer.status_code == 422
    assert "Have these counted again" in answer.content.decode()
    assert stock(soap) == [8]


def test_a_count_of_millions_is_marked_and_not_posted(client, shop, take, soap, owner):
    count(take, soap, 99_999_999)
    finish_counting(take=take)
    page = client.get(at("count_review", take))
    assert "Too much" in page.text
    answer = client.post(at("count_approve", take), {"request_key": uuid4(), "uncounted": "leave"})
    assert answer.status_code == 422
    assert "Have these counted again, the count cannot be right any more: Soap." in answer.text
    assert stock(soap) == [10]


def test_called_off_changes_nothing(client, shop, take, soap, owner):
    count(take, soap, 1)
    client.post(at("count_cancel", take))
    assert StockTake.objects.get().status == "cancelled"
    assert "called off" in client.get(at("count_review", take)).content.decode()
    assert stock(soap) == [10]


def test_history_names_the_stock_take_and_links_to_it(client, shop, take, soap, owner):
    count(take, soap, 8)
    approve(take)
    page = client.get(reverse("inventory:history", args=[shop.slug, soap.pk])).content.decode()
    assert f'Stock take · <a href="{at("stock_take", take)}">1</a>' in page


def test_manager_counts_and_ends_but_does_not_see_the_differences(client, shop, take, soap):
    client.force_login(factories.make_member(shop, Role.MANAGER))
    assert client.get(at("count_review", take)).status_code == 403
    assert client.post(at("count_end", take)).url == at("stock_take", take)
    assert "Differences" not in client.get(at("stock_take", take)).content.decode()
