"""`manage.py demo`: a believable shop, the same each time, and never on a real installation."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum

from orders.models import Order, Payment
from shops.models import Role, Shop, User
from smartkirana.dates import shop_today


def run(**options) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **{"bills": 3, **options})
    return out.getvalue()


def days_told() -> list[tuple]:
    """What was sold, without the hour of today that the clock decides."""
    bills = Order.objects.filter(day__lt=shop_today()).order_by("shop__slug", "pk")
    return list(bills.values_list("shop__slug", "bill_number", "day", "total", "customer__phone", "status"))


@pytest.mark.django_db(transaction=True)
def test_two_shops_sixty_days_and_the_same_again():
    said = run(bills=8)  # with fewer the small shop sells nothing on most days
    assert "Two shops" in said
    first = days_told()
    assert {b[0] for b in first} == {"sharma-kirana", "krishna-dairy"}
    main = Shop.objects.get(slug="sharma-kirana")
    assert main.products.count() >= 400
    assert main.categories.count() == 15
    assert main.customers.count() == 40
    assert main.orders.earliest("day").day <= shop_today() - timedelta(days=55)
    assert main.stock_takes.get().status == "review"
    assert main.purchase_orders.count() == 3
    assert len(main.products.annotate(n=Count("lots__mrp", distinct=True)).filter(n=2)) == 2
    assert set(main.memberships.values_list("role", flat=True)) == set(Role.values)
    of_bills = Payment.objects.filter(order__isnull=False, credit_note=None)  # not what khatas brought, not what went back
    assert of_bills.aggregate(s=Sum("amount"))["s"] == Order.objects.filter(status="completed").aggregate(s=Sum("total"))["s"]
    call_command("check_books", stdout=StringIO())
    call_command("flush", interactive=False, verbosity=0)
    run(bills=8)
    assert days_told() == first


def test_the_sign_ins_that_make_run_prints_exist(db, client):
    from smartkirana.demo import world

    shop = world.make_main_shop()
    for phone, role in (("9876543210", Role.OWNER), ("9876543211", Role.STAFF), ("9876543214", Role.ACCOUNTANT)):
        user = User.objects.get(phone=f"+91{phone}")
        assert user.check_password("demo123")
        assert shop.memberships.get(user=user).role == role


def test_demo_people_may_not_sign_in_on_a_real_installation(db, client, settings):
    from smartkirana.demo import world

    world.make_main_shop()
    settings.LOCAL = False
    answer = client.post("/sign-in/", {"login": "9876543210", "password": "demo123"})
    assert "_auth_user_id" not in client.session
    assert answer.status_code == 422


def test_a_demo_session_ends_when_the_installation_turns_real(db, client, settings):
    from smartkirana.demo import world

    shop = world.make_main_shop()
    client.post("/sign-in/", {"login": "9876543210", "password": "demo123"})
    assert client.get(f"/s/{shop.slug}/bills/").status_code == 200
    settings.LOCAL = False
    assert client.get(f"/s/{shop.slug}/bills/").status_code == 302


def test_refused_on_a_real_installation(db, settings):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="your own computer"):
        run()
    assert not Shop.objects.exists()


def test_a_shop_that_is_there_is_left_alone(shop):
    with pytest.raises(CommandError, match="already"):
        run()
    assert run(if_empty=True) == ""
    assert Shop.objects.count() == 1
