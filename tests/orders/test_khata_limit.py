"""The khata's limit holds, for a customer, for one of the household, and when two counters sell at the same moment."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from orders.allowance import NeedsApproval
from orders.bill import BillLine, Tender
from orders.khata.people import give_link, save_member, set_member_active
from orders.public import code_of
from orders.services import place_order
from shops.services import add_counter
from tests import factories
from tests.at_once import at_once, told

racing = pytest.mark.django_db(transaction=True)
D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50", mrp="55", stock=1000)


@racing
def test_two_counters_selling_at_the_limit_at_the_same_moment_keep_it(shop, soap):
    asha = factories.make_customer(shop, "Asha", credit_limit=D("120"))
    counters = [shop.counters.get(), add_counter(shop=shop, name="Second", code="S2")]

    def sell(counter):
        return place_order(
            shop=shop, counter=counter, cashier=shop.owner, lines=[BillLine(soap.pk, D(1))],
            payments=[Tender("khata", None)], customer=asha, request_key=uuid4(),
        )  # fmt: skip

    for turn in range(3):
        answers = told(at_once([lambda one=one: sell(one) for one in counters]))
        assert answers.count("credit_limit") == (0 if turn == 0 else 2)
        asha.refresh_from_db()
        assert asha.outstanding <= asha.credit_limit
    assert asha.outstanding == D("100.00")


@racing
def test_the_last_room_under_a_limit_goes_to_one_of_two_counters(shop, soap):
    for _ in range(5):
        asha = factories.make_customer(shop, "Asha", credit_limit=D("50"))
        counters = (
            list(shop.counters.all()) if shop.counters.count() > 1 else [shop.counters.get(), add_counter(shop=shop, name="2", code="S2")]
        )

        def sell(counter, asha=asha):
            factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)], counter=counter)
            return "sold"

        answers = told(at_once([lambda one=one, sell=sell: sell(one) for one in counters]))
        assert sorted(answers) == ["credit_limit", "sold"]


def test_one_of_the_household_has_a_small_limit_beside_the_khatas(shop, soap):
    asha = factories.make_customer(shop, "Asha")
    ravi = save_member(customer=asha, name="Ravi", limit=D("100"))
    sale = {"customer": asha, "payments": [Tender("khata", None)]}
    first = factories.make_order(shop, [(soap, 2)], member=ravi, **sale)
    assert first.khata_entries.get().member == ravi
    with pytest.raises(NeedsApproval) as refused:
        factories.make_order(shop, [(soap, 1)], member=ravi, **sale)
    assert (refused.value.code, "Ravi" in refused.value.message) == ("member_limit", True)
    factories.make_order(shop, [(soap, 1)], **sale)  # the customer's own limit has room


def test_who_may_take_goods_no_more_is_refused(shop, soap):
    asha = factories.make_customer(shop, "Asha")
    ravi = save_member(customer=asha, name="Ravi", limit=None)
    set_member_active(member=ravi, active=False)
    with pytest.raises(Exception, match="does not take goods"):
        factories.make_order(shop, [(soap, 1)], member=ravi, customer=asha, payments=[Tender("khata", None)])


def test_a_bill_on_khata_asks_a_few_questions_however_many_lines_it_has(shop, django_assert_max_num_queries):
    goods = [factories.make_product(shop, f"Soap {n}", stock=10) for n in range(20)]
    asha = factories.make_customer(shop, "Asha")
    sale = {"counter": shop.counters.get(), "cashier": shop.owner, "customer": asha, "payments": [Tender("khata", None)]}
    with django_assert_max_num_queries(16):
        factories.make_order(shop, [(g, 1) for g in goods], **sale)


def test_the_counter_asks_who_of_the_household_takes_the_goods_and_writes_it_down(shop, soap, client):
    client.force_login(shop.owner)
    asha = factories.make_customer(shop, "Asha", phone="+919876500001")
    ravi = save_member(customer=asha, name="Ravi", limit=D("200"))
    card = client.get(reverse("orders:counter_customer", args=[shop.slug]), {"phone": "9876500001"})
    assert f'<option value="{ravi.pk}">Ravi' in card.text
    line = {"line-product": soap.pk, "line-mrp": "any", "line-quantity": "1", "line-price": "50.00"}
    sent = {
        "key": str(uuid4()),
        "counter": shop.counters.get().pk,
        "customer": asha.pk,
        "total": "50.00",
        "pay-khata": "50",
    } | line
    url, htmx = reverse("orders:counter_pay", args=[shop.slug]), {"HX-Request": "true"}
    answer = client.post(url, sent | {"member": ravi.pk}, headers=htmx)
    assert answer.status_code == 200, answer.text
    assert asha.entries.get().member == ravi
    stranger = client.post(url, sent | {"key": str(uuid4()), "member": "999999"}, headers=htmx)
    assert (stranger.status_code, "Choose again." in stranger.text) == (422, True)


def test_the_receipt_of_a_bill_on_khata_carries_the_private_pages_code_and_the_public_bill_does_not(shop, soap, client):
    client.force_login(shop.owner)
    asha = factories.make_customer(shop, "Asha")
    key = give_link(customer=asha)
    bill = factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)])
    paper = client.get(reverse("orders:receipt", args=[shop.slug, bill.slug]))
    assert "Your khata on your phone" in paper.text
    public = client.get(reverse("public:bill", args=[code_of(bill)]))
    assert key not in public.text
