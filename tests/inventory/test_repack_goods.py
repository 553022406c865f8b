"""Breaking bulk, kits, and taking kits apart: quantities, costs to the paisa, dates, prices, books."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.errors import StockError
from inventory.models import Repack, StockDocument, StockMovement
from inventory.repack_models import RepackKind
from inventory.repacking import Made, Taken, weights_of
from inventory.services import adjust_stock
from orders.bill import BillLine
from shops.models import Shop
from smartkirana.dates import shop_today
from smartkirana.money import spread
from tests import factories
from tests.at_once import at_once
from tests.inventory.buying import OTHER_STATE, books_agree, buy, make_supplier, postings, received
from tests.inventory.packing import make_packet, make_sack, pack

SOON, LATER = shop_today() + timedelta(days=30), shop_today() + timedelta(days=90)


@pytest.fixture
def sack(shop):
    return make_sack(shop)


@pytest.fixture
def packet(shop):
    return make_packet(shop)


def refused(code, shop, *args, **more):
    with pytest.raises(StockError) as error:
        pack(shop, *args, **more)
    assert error.value.code == code, error.value.message
    return error.value


# --- what it costs --------------------------------------------------------------------------------------------
def test_lost_kilogram_and_bags_raise_the_cost_of_the_packets(shop, sack, packet):
    done = pack(shop, [(sack, 1)], [(packet, 49)], packing_cost="58")
    lot = packet.lots.get()
    assert (lot.on_hand, lot.value, lot.unit_cost) == (D("49.000"), D("2058.00"), D("42.0000"))
    assert (done.value_taken, done.value_made, done.loss, done.content_in) == (D("2000.00"), D("2058.00"), D(1), "kg")
    assert done.loss_percent == D("2.0")
    assert sack.lots.get().on_hand == 3
    assert postings(done.document) == {"1003": D("58.00"), "5010": D("-58.00")}
    packet.refresh_from_db()
    assert packet.cost == D("42.0000")
    books_agree(shop)


def test_without_packing_cost_the_books_move_nothing(shop, sack, packet):
    done = pack(shop, [(sack, 1)], [(packet, 50)])
    assert not shop.journal.filter(source_kind="stock", source_id=done.document.event.pk).exists()
    assert packet.lots.get().unit_cost == 40
    books_agree(shop)


def test_sack_into_loose_sugar(shop, sack):
    loose = factories.make_product(shop, "Sugar, loose", price="46", mrp=None, cost="40", unit="kg", loose=True)
    done = pack(shop, [(sack, 2)], [(loose, "99.250")])
    assert loose.lots.get().value == D("4000.00")
    assert done.loss == D("0.750")


def test_packets_of_two_sizes_share_by_weight(shop, sack, packet):
    five = make_packet(shop, "Sugar 5 kg", price="240", mrp="250", cost="200")
    pack(shop, [(sack, 1)], [(packet, 20), (five, 6)], packing_cost="100")
    assert [(one.lots.get().value, one.lots.get().unit_cost) for one in (packet, five)] == [(D(840), D(42)), (D(1260), D(210))]


def test_goods_of_no_known_weight_share_by_what_they_sell_for(shop, sack):
    dear = make_packet(shop, "Idols", price="300", mrp=None, cost="1")
    cheap = make_packet(shop, "Beads", price="100", mrp=None, cost="1")
    done = pack(shop, [(sack, 1)], [(dear, 10), (cheap, 10)])
    assert [one.lots.get().value for one in (dear, cheap)] == [D(1500), D(500)]
    assert done.loss is None


def test_shares_by_hand_beat_both_rules(shop, sack, packet):
    five = make_packet(shop, "Sugar 5 kg", price="240", mrp="250", cost="200")
    made = [Made(packet, D(25), share=D(50)), Made(five, D(5), share=D(50))]
    pack(shop, [(sack, 1)], made)
    assert [one.lots.get().value for one in (packet, five)] == [D(1000), D(1000)]


@pytest.mark.parametrize("shares", [(D(50), None), (D(50), D(49)), (D(-10), D(110)), (D("33.333"), D("66.667")), (D("NaN"), D(1))])
def test_shares_must_come_to_a_hundred(shop, sack, packet, shares):
    five = make_packet(shop, "Sugar 5 kg", price="240", mrp="250", cost="200")
    refused("bad_share", shop, [(sack, 1)], [Made(p, D(5), share=s) for p, s in zip((packet, five), shares, strict=True)])


def test_kit_costs_its_parts_and_its_basket(shop):
    tea = factories.make_product(shop, "Tea 250 g", price="120", mrp="140", cost="100", stock=10)
    nuts = factories.make_product(shop, "Nuts 500 g", price="400", mrp="450", cost="350", stock=10)
    hamper = make_packet(shop, "Diwali hamper", price="700", mrp="799", cost="0")
    done = pack(shop, [(tea, 2), (nuts, 1)], [(hamper, 1)], kind=RepackKind.KIT, packing_cost="60")
    assert hamper.lots.get().value == D(610)
    assert done.loss is None
    books_agree(shop)
    back = pack(shop, [(hamper, 1)], [(tea, 2), (nuts, 1)], kind=RepackKind.APART)
    assert [m.value for m in moves_of(back) if m.quantity > 0] == [D("228.75"), D("381.25")]  # 610 by 240 : 400
    books_agree(shop)


def moves_of(done):
    return list(StockMovement.objects.filter(document="stock", document_id=done.document_id).order_by("document_line", "pk"))


def test_lots_give_in_the_order_of_their_dates_or_as_named(shop, packet):
    sack = make_sack(shop, stock=None)
    factories.stock_up(sack, 1, unit_cost=D(2100), expiry=LATER)
    factories.stock_up(sack, 1, unit_cost=D(2000), expiry=SOON)
    pack(shop, [(sack, 1)], [(packet, 50)])
    assert sack.lots.get(expiry=SOON).on_hand == 0
    assert packet.lots.get().expiry == SOON
    pack(shop, [Taken(sack, D(1), sack.lots.get(expiry=LATER))], [(packet, 50)])
    assert packet.lots.order_by("pk").last().expiry == LATER


def test_movements_say_which_line_they_are_of(shop, sack, packet):
    done = pack(shop, [(sack, 1)], [(packet, 50)])
    assert [(m.document_line, m.quantity, m.value, m.reason) for m in moves_of(done)] == [
        (1, D(-1), D(-2000), "repack"),
        (2, D(50), D(2000), "repack"),
    ]


def test_packets_sold_before_they_were_packed_are_filled_first(shop, sack, packet):
    shop.stock_policy = Shop.StockPolicy.WARN
    shop.save(update_fields=["stock_policy"])
    factories.make_order(shop, [BillLine(product_id=packet.pk, quantity=D(3))])
    short = packet.lots.get()
    assert (short.on_hand, short.value) == (D(-3), D(-120))
    done = pack(shop, [(sack, 1)], [(packet, 49)], packing_cost="58")
    short.refresh_from_db()
    new = packet.lots.exclude(pk=short.pk).get()
    assert (short.on_hand, short.value, new.on_hand, new.value) == (0, 0, D(46), D("1932.00"))
    assert postings(done.document) == {"1003": D("52.00"), "5015": D("6.00"), "5010": D("-58.00")}
    books_agree(shop)


PARTS = st.lists(st.tuples(st.sampled_from(["Rice 1 kg", "Rice 5 kg", "Rice 250 g", "Beads"]), st.integers(1, 400)), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=PARTS,
    cost=st.decimals("0", "9999.9999", places=4),
    taken=st.integers(1, 3),
    packing=st.decimals("0", "500", places=2),
    kind=st.sampled_from(RepackKind.values),
)
def test_value_is_kept_to_the_paisa_in_every_split(shop, parts, cost, taken, packing, kind):
    bulk = make_sack(shop, "Anything", stock=3, cost="0")
    factories.stock_up(bulk, 5, unit_cost=cost)
    made = [(make_packet(shop, name, price="9999999.99", mrp=None, cost="0"), n) for name, n in parts]
    done = pack(shop, [(bulk, taken)], made, packing_cost=packing, kind=kind)
    into = sum(m.value for m in moves_of(done) if m.quantity > 0)
    assert into == done.value_made == done.value_taken + packing
    assert sum(lot.value for p, _ in made for lot in p.lots.all()) == into


@given(
    cents=st.integers(0, 10**11),
    made=st.lists(
        st.tuples(st.sampled_from(["A 1 kg", "B 5 kg", "C 250 g", "D"]), st.decimals("0.001", "9999", places=3)), min_size=1, max_size=9
    ),
    kind=st.sampled_from(RepackKind.values),
)
def test_every_rule_of_sharing_gives_weights_that_keep_the_sum(cents, made, kind):
    from catalog.models import Product

    lines = [Made(Product(name=name, unit="pc", price=D("12.50")), count) for name, count in made]
    weights = weights_of(kind, lines)
    assert all(weight > 0 for weight in weights)
    assert sum(spread(cents, weights)) == cents


def test_whole_life_of_a_sack_leaves_the_books_in_order(shop, packet):
    sack = make_sack(shop, stock=None)
    buy(make_supplier(shop), received(sack, 3, 2000))
    pack(shop, [(sack, 2)], [(packet, 98)], packing_cost="77.77")
    factories.make_order(shop, [BillLine(product_id=packet.pk, quantity=D(13))])
    adjust_stock(shop=shop, by=shop.owner, product=packet, change=D(-2), reason="damage")
    books_agree(shop)


# --- the tax that was claimed ---------------------------------------------------------------------------------
def test_damaged_packets_give_back_the_credit_of_their_sack(shop, packet):
    sack = make_sack(shop, stock=None)
    buy(make_supplier(shop), received(sack, 1, 2000))  # 5 %: ₹ 100 claimed
    pack(shop, [(sack, 1)], [(packet, 50)], packing_cost="50")
    lot = packet.lots.get()
    assert lot.credit_rate == D("4.878049")  # 100 of 2,050
    document = adjust_stock(shop=shop, by=shop.owner, product=packet, change=D(-50), reason="damage")
    assert postings(document)["5025"] == D(100)


def test_credit_of_two_lots_is_weighed_by_value(shop):
    tea = factories.make_product(shop, "Tea 250 g", price="120", mrp="140", cost="100", gst="other-18")
    nuts = factories.make_product(shop, "Nuts 500 g", price="400", mrp="450", cost="300")
    far = make_supplier(shop, gstin=OTHER_STATE)
    buy(far, received(tea, 10, 100), received(nuts, 10, 300))
    hamper = make_packet(shop, "Hamper", price="700", mrp="799", cost="0")
    pack(shop, [(tea, 1), (nuts, 1)], [(hamper, 1)], kind=RepackKind.KIT)
    lot = hamper.lots.get()
    assert (lot.credit_rate, lot.credit_igst) == (D("8.25"), True)  # 18 + 15 of 400


# --- dates, prices, names -------------------------------------------------------------------------------------
def test_date_given_by_hand_stands(shop, packet):
    sack = make_sack(shop, stock=None)
    factories.stock_up(sack, 1, expiry=SOON)
    pack(shop, [(sack, 1)], [Made(packet, D(50), expiry=LATER, batch=" B 7 ", price=D("51"), mrp=D("55"))])
    lot = packet.lots.get()
    assert (lot.expiry, lot.batch, lot.mrp) == (LATER, "B 7", D("55.00"))
    packet.refresh_from_db()
    assert (packet.price, packet.mrp) == (D("51.00"), D("55.00"))


def test_expired_goods_are_not_packed(shop, packet):
    sack = make_sack(shop, stock=None)
    factories.stock_up(sack, 1, expiry=shop_today() - timedelta(days=1))
    assert "expired" in refused("expired", shop, [(sack, 1)], [(packet, 50)]).message
    refused("expired", shop, [Taken(sack, D(1), sack.lots.get())], [(packet, 50)])
    assert sack.lots.get().on_hand == 1


@pytest.mark.parametrize("policy", Shop.StockPolicy.values)
def test_what_is_not_there_cannot_be_packed_whatever_the_policy(shop, sack, packet, policy):
    shop.stock_policy = policy
    shop.save(update_fields=["stock_policy"])
    error = refused("not_enough_stock", shop, [(sack, 5)], [(packet, 250)])
    assert (error.message, error.field) == ("Only 4 bag of Sugar sack 50 kg in stock.", "taken-0-quantity")
    assert not Repack.objects.exists()
    assert not StockDocument.objects.filter(kind="repack").exists()


def test_more_than_went_in_cannot_come_out(shop, sack, packet):
    refused("too_much_made", shop, [(sack, 1)], [(packet, 500)])
    assert pack(shop, [(sack, 1)], [(packet, 51)]).loss == -1  # sacks hold a little more than they say


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("bad_quantity", {"quantity": D(0)}),
        ("bad_quantity", {"quantity": D("NaN")}),
        ("bad_quantity", {"quantity": D("1.5")}),
        ("bad_mrp", {"mrp": D("-1")}),
        ("bad_mrp", {"mrp": D("Infinity")}),
        ("bad_price", {"price": D("1.001")}),
        ("above_mrp", {"price": D("53")}),
        ("above_mrp", {"price": D("50"), "mrp": D("49")}),
        ("bad_batch", {"batch": "x" * 41}),
        ("expired", {"expiry": shop_today() - timedelta(days=1)}),
        ("cost_above_price", {"quantity": D(20)}),
        ("cost_above_price", {"price": D("39")}),
    ],
)
def test_bad_lines_are_refused_and_nothing_moves(shop, sack, packet, code, change):
    refused(code, shop, [(sack, 1)], [Made(packet, **{"quantity": D(50)} | change)])
    assert not packet.lots.exists()
    assert sack.lots.get().on_hand == 4


def test_empty_sides_doubled_sides_and_strangers_are_refused(shop, other_shop, sack, packet):
    refused("nothing_taken", shop, [], [(packet, 50)])
    refused("nothing_made", shop, [(sack, 1)], [])
    refused("same_goods", shop, [(sack, 1)], [(sack, 1)])
    refused("unknown_product", shop, [(make_sack(other_shop), 1)], [(packet, 50)])
    refused("unknown_product", shop, [(sack, 1)], [(make_packet(other_shop), 50)])
    refused("no_lot", shop, [Taken(sack, D(1), make_sack(other_shop, "Theirs").lots.get())], [(packet, 50)])
    refused("too_many", shop, [(sack, 1)] * 51, [(packet, 50)])
    refused("bad_day", shop, [(sack, 1)], [(packet, 50)], day=shop_today() + timedelta(days=1))
    refused("bad_kind", shop, [(sack, 1)], [(packet, 50)], kind="melt")


@pytest.mark.parametrize("cost", ["-1", "0.001", "NaN", "1000000000"])
def test_packing_cost_is_rupees_and_paise(shop, sack, packet, cost):
    assert refused("bad_cost", shop, [(sack, 1)], [(packet, 50)], packing_cost=cost).field == "packing_cost"


def test_pressing_twice_packs_once(shop, sack, packet):
    key = uuid4()
    first = pack(shop, [(sack, 1)], [(packet, 50)], request_key=key)
    assert pack(shop, [(sack, 1)], [(packet, 50)], request_key=key) == first
    assert sack.lots.get().on_hand == 3


@pytest.mark.django_db(transaction=True)
def test_last_sack_is_packed_by_one_of_two(shop, packet):
    sack = make_sack(shop, stock=1)
    results = at_once([lambda: pack(shop, [(sack, 1)], [(packet, 50)])] * 2)
    assert [one.code for one in results if isinstance(one, StockError)] == ["not_enough_stock"]
    assert (sack.lots.get().on_hand, packet.lots.get().on_hand) == (0, 50)
