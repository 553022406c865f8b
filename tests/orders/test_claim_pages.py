"""The list of money nobody has seen yet, and saying that it was seen or never came: there, on the bill, and at the counter."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders import payment_selectors
from orders.bill import Tender
from orders.payments import mark_failed, mark_seen
from orders.services import cancel_order
from shops.models import Role
from shops.services import add_counter
from smartkirana.dates import shop_today
from tests import factories

D = Decimal
HTMX = {"HX-Request": "true"}


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, price="100", mrp="100", stock=500)


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def claim(shop, soap, method="upi", *, quantity=1, reference="", mark="", **extra):
    """The payment of a bill paid in one way; ₹100 a piece."""
    order = factories.make_order(shop, [(soap, quantity)], payments=[Tender(method, None, reference=reference, mark=mark)], **extra)
    return order.payments.get()


def address(shop, name="claims", *args, **query):
    url = reverse(f"orders:{name}", args=[shop.slug, *args])
    return f"{url}?{'&'.join(f'{k}={v}' for k, v in query.items())}" if query else url


def shown(response) -> list[int]:
    return [row.record.pk for row in response.context["table"].paginated_rows]


def state(payment) -> str:
    payment.refresh_from_db()
    return payment.state


# --- the list ---------------------------------------------------------------------------------------------------
def test_shows_what_waits_newest_first_and_its_sum(owner, shop, soap):
    asha = factories.make_customer(shop, "Asha")
    waiting = [claim(shop, soap, reference="UTR77"), claim(shop, soap, "card", quantity=2), claim(shop, soap, "bank", customer=asha)]
    claim(shop, soap, "cash")
    response = owner.get(address(shop))
    assert shown(response) == [p.pk for p in waiting[::-1]]
    for words in ("UPI · UTR77", waiting[0].order.bill_number, "Counter 1", "Asha", "₹\xa0400.00", "Card <span"):
        assert words in response.text
    assert response.context["sums"][:3] == (3, D(400), [("UPI", 1, D(100)), ("Card", 1, D(200)), ("Bank transfer", 1, D(100))])


def test_what_is_seen_failed_or_cancelled_waits_no_more(owner, shop, soap):
    seen, failed, gone, left = [claim(shop, soap) for _ in range(4)]
    mark_seen(shop=shop, payment_id=seen.pk, by=shop.owner, how="owner")
    mark_failed(shop=shop, payment_id=failed.pk, by=shop.owner, how="owner", reason="No")
    cancel_order(shop=shop, bill_number=gone.order.bill_number, by=shop.owner, reason="Left")
    response = owner.get(address(shop))
    assert shown(response) == [left.pk]
    assert response.context["sums"].total == D(100)


def test_with_nothing_left_it_says_so(owner, shop):
    text = owner.get(address(shop)).text
    assert "Everything is seen" in text
    assert "Nothing to look for" in text


def test_a_code_that_was_only_shown_stands_out(owner, shop, soap):
    claim(shop, soap, mark="shown")
    assert "Code shown, nobody said paid" in owner.get(address(shop)).text


def test_narrowed_by_day_counter_and_way(owner, shop, soap):
    till = add_counter(shop=shop, name="Milk window", code="T1")
    now = timezone.now()
    old = claim(shop, soap, at=now - timedelta(days=3))
    card = claim(shop, soap, "card")
    milk = claim(shop, soap, counter=till)
    today, before = shop_today(), shop_today() - timedelta(days=3)
    for query, expected in [
        ({"start": today}, [milk, card]),
        ({"end": today - timedelta(days=1)}, [old]),
        ({"start": before, "end": before}, [old]),
        ({"counter": till.pk}, [milk]),
        ({"method": "card"}, [card]),
        ({"method": "upi", "start": today}, [milk]),
    ]:
        response = owner.get(address(shop, **query))
        assert shown(response) == [p.pk for p in expected], query
        assert response.context["sums"].count == len(expected)


def test_a_day_is_the_shops_from_midnight_to_midnight(owner, shop, soap):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
    first = claim(shop, soap, at=midnight)
    last = claim(shop, soap, at=midnight + timedelta(hours=23, minutes=59, seconds=59))
    claim(shop, soap, at=midnight - timedelta(seconds=1))
    claim(shop, soap, at=midnight + timedelta(days=1))
    assert shown(owner.get(address(shop, start=midnight.date(), end=midnight.date()))) == [last.pk, first.pk]


def test_found_by_amount_reference_and_bill_number(owner, shop, soap):
    wanted = claim(shop, soap, quantity=3, reference="AXIS612345")
    claim(shop, soap)
    for q in ("300", "300.00", "₹300", "axis6123", wanted.order.bill_number, wanted.order.slug.lower()):
        assert shown(owner.get(address(shop, q=q))) == [wanted.pk], q
    for q in ("30", "no such thing", "%", "1e2", ".", "²"):
        assert shown(owner.get(address(shop, q=q))) == [], q


@pytest.mark.parametrize("query", [{"start": "x"}, {"counter": "0"}, {"method": "cash"}, {"start": "2026-02-02", "end": "2026-02-01"}])
def test_a_wrong_filter_is_told(owner, shop, soap, query):
    claim(shop, soap)
    response = owner.get(address(shop, **query))
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert owner.get(address(shop, "claims_csv", **query)).status_code == 422


def test_htmx_gets_only_the_rows(owner, shop, soap):
    claim(shop, soap)
    response = owner.get(address(shop), headers=HTMX)
    assert "S1/" in response.text
    assert "<html" not in response.text
    assert "HX-Request" in response.headers["Vary"]


def test_the_list_goes_on_over_pages_with_the_same_few_questions(owner, shop, soap):
    counted = []
    for more in (1, 45):
        for _ in range(more):
            claim(shop, soap)
        owner.get(address(shop))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = owner.get(address(shop))
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert len(shown(response)) == 40
    assert len(shown(owner.get(address(shop, page=2)))) == 6


def test_a_very_long_list_is_added_up_from_its_newest(owner, shop, soap, monkeypatch):
    monkeypatch.setattr(payment_selectors, "SUMMED_AT_MOST", 2)
    for _ in range(3):
        claim(shop, soap)
    response = owner.get(address(shop))
    assert response.context["sums"].more
    assert "More than" in response.text


def test_the_export_has_the_same_rows(owner, shop, soap):
    asha = factories.make_customer(shop, "Asha", "+919812345678")
    claim(shop, soap)
    claim(shop, soap, "card", reference="=1+1", customer=asha)
    response = owner.get(address(shop, "claims_csv", method="card"))
    lines = response.getvalue().decode().splitlines()
    assert response.headers["Content-Disposition"].startswith('attachment; filename="not-yet-seen-')
    assert lines[0].endswith(",".join(payment_selectors.EXPORT_COLUMNS))
    assert len(lines) == 2
    assert ",Card,100.00,'=1+1,,Asha,9812345678" in lines[1]


# --- who may ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_look_and_mark_seen_and_owner_and_manager_may_give_up(client, shop, soap, role):
    client.force_login(factories.make_member(shop, role))
    payment = claim(shop, soap)
    text = client.get(address(shop)).text
    assert address(shop, "payment_seen", payment.pk) in text
    gives_up = role in (Role.OWNER, Role.MANAGER)
    assert (address(shop, "payment_failed", payment.pk) in text) is gives_up
    answer = client.post(address(shop, "payment_failed", payment.pk), {"reason": "Not there"})
    assert answer.status_code == (302 if gives_up else 403)
    assert state(payment) == ("failed" if gives_up else "claimed")
    assert client.post(address(shop, "payment_seen", payment.pk)).status_code == 302
    assert state(payment) == "seen"


@pytest.mark.parametrize("name", ["payment_seen", "payment_failed"])
def test_strangers_passers_by_and_wrong_methods(client, shop, other_shop, soap, name):
    payment = claim(shop, soap)
    assert client.post(address(shop, name, payment.pk)).status_code == 302
    client.force_login(other_shop.owner)
    assert client.post(address(shop, name, payment.pk), {"reason": "x"}).status_code == 404
    assert client.post(address(other_shop, name, payment.pk), {"reason": "x"}).status_code == 404
    client.force_login(shop.owner)
    assert client.get(address(shop, name, payment.pk)).status_code == 405
    assert client.post(address(shop, name, 999_999_999), {"reason": "x"}).status_code == 404
    assert state(payment) == "claimed"


# --- one tap ----------------------------------------------------------------------------------------------------
def test_one_tap_answers_the_row_as_it_is_now(owner, shop, soap):
    payment = claim(shop, soap)
    answer = owner.post(address(shop, "payment_seen", payment.pk), {"back": "list"}, headers=HTMX)
    assert answer.status_code == 200
    assert f'id="claim-{payment.pk}"' in answer.text
    assert "✓ Seen" in answer.text
    assert "in the bank&#x27;s app" in answer.text
    assert str(shop.owner) in answer.text
    assert "<html" not in answer.text
    assert "claims:changed" in answer.headers["HX-Trigger"]
    assert state(payment) == "seen"


@pytest.mark.parametrize(("role", "how"), [(Role.OWNER, "owner"), (Role.STAFF, "cashier"), (Role.ACCOUNTANT, "cashier")])
def test_unless_said_the_person_tells_where_it_was_seen(client, shop, soap, role, how):
    client.force_login(factories.make_member(shop, role))
    first, second = claim(shop, soap), claim(shop, soap)
    client.post(address(shop, "payment_seen", first.pk))
    client.post(address(shop, "payment_seen", second.pk), {"how": "statement"})
    assert [p.events.get().how for p in (first, second)] == [how, "statement"]


def test_without_javascript_one_goes_back_to_where_one_pressed(owner, shop, soap):
    first, second = claim(shop, soap), claim(shop, soap)
    assert owner.post(address(shop, "payment_seen", first.pk), {"back": "list"}).url == address(shop)
    answer = owner.post(address(shop, "payment_seen", second.pk), follow=True)
    assert answer.redirect_chain[0][0] == second.order.get_absolute_url()
    assert f"Seen: UPI ₹ 100.00, {second.order.bill_number}." in answer.text


def test_giving_up_without_a_reason_is_refused_in_place(owner, shop, soap):
    payment = claim(shop, soap)
    answer = owner.post(address(shop, "payment_failed", payment.pk), {"reason": " "}, headers=HTMX)
    assert answer.status_code == 422
    assert "Write how you know" in answer.text
    assert "<details open" in answer.text
    page = owner.post(address(shop, "payment_failed", payment.pk), {"reason": ""})
    assert page.status_code == 422
    assert "Write how you know" in page.text
    assert payment.order.bill_number in page.text
    assert state(payment) == "claimed"


def test_a_tap_on_a_cancelled_bills_payment_is_told(owner, shop, soap):
    payment = claim(shop, soap)
    cancel_order(shop=shop, bill_number=payment.order.bill_number, by=shop.owner, reason="Left")
    answer = owner.post(address(shop, "payment_seen", payment.pk), headers=HTMX)
    assert answer.status_code == 422
    assert "This bill or receipt is cancelled" in answer.text


# --- on the bill ------------------------------------------------------------------------------------------------
def test_the_bill_tells_what_was_said_and_offers_what_may_be_said(owner, shop, soap):
    payment = claim(shop, soap)
    seen, failed = (address(shop, name, payment.pk) for name in ("payment_seen", "payment_failed"))
    text = owner.get(payment.order.get_absolute_url()).text
    assert ">not yet seen" in text
    assert seen in text
    assert failed in text
    mark_seen(shop=shop, payment_id=payment.pk, by=shop.owner, how="soundbox")
    text = owner.get(payment.order.get_absolute_url()).text
    assert ">not yet seen" not in text
    assert "by the soundbox" in text
    assert seen not in text
    assert "It never came" in text
    mark_failed(shop=shop, payment_id=payment.pk, by=shop.owner, how="statement", reason="Marked by mistake")
    text = owner.get(payment.order.get_absolute_url()).text
    assert "Marked by mistake" in text
    assert seen not in text
    assert failed not in text


def test_money_that_was_given_up_may_still_come(owner, shop, soap):
    payment = claim(shop, soap)
    mark_failed(shop=shop, payment_id=payment.pk, by=shop.owner, how="statement", reason="Not there")
    assert "It came after all" in owner.get(payment.order.get_absolute_url()).text


def test_a_cancelled_bill_offers_nothing(owner, shop, soap):
    payment = claim(shop, soap)
    cancel_order(shop=shop, bill_number=payment.order.bill_number, by=shop.owner, reason="Left")
    text = owner.get(payment.order.get_absolute_url()).text
    assert "/payments/" not in text.split("<main", 1)[1].split("</main>")[0]


def test_a_bill_asks_the_same_number_of_questions_for_one_payment_and_for_four(owner, shop, soap):
    asked = []
    for tenders in ([Tender("upi", None)], [Tender("upi", D(10)), Tender("card", D(20)), Tender("bank", D(30)), Tender("cash", None)]):
        order = factories.make_order(shop, [(soap, 1)], payments=tenders)
        for payment in order.payments.exclude(method="cash"):
            mark_seen(shop=shop, payment_id=payment.pk, by=shop.owner, how="owner")
        with CaptureQueriesContext(connection) as queries:
            owner.get(order.get_absolute_url())
        asked.append(len(queries))
    assert asked[0] == asked[1]


# --- at the counter ---------------------------------------------------------------------------------------------
def test_the_counter_gets_its_own_small_piece(client, shop, soap):
    client.force_login(factories.make_member(shop))
    payment = claim(shop, soap)
    url = address(shop, "payment_seen", payment.pk)
    answer = client.post(url, {"place": "counter", "how": "soundbox"}, headers=HTMX)
    assert "✓ seen" in answer.text
    assert "<form" not in answer.text
    assert payment.events.get().how == "soundbox"
