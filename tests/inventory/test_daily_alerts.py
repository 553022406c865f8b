"""The morning's notice of each shop: once, whatever fails beside it, and by mail where there is mail."""

from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django_q.models import Schedule

from inventory import daily
from inventory.apps import DAILY, schedule_daily_alerts
from inventory.daily import daily_alerts, tell_shop
from inventory.models import SalesPace
from inventory.pace import fresh_pace
from shops.models import Role
from shops.notice_models import Notice
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def in_days(number):
    return shop_today() + timedelta(days=number)


def fast(shop, name, stock, per_day):
    """A product that sells at a pace, as if it was worked out this morning."""
    product = factories.make_product(shop, name, stock=stock)
    fresh_pace(shop)
    SalesPace.objects.update_or_create(shop=shop, product=product, defaults={"sold_28": D(per_day) * 28, "per_day": D(per_day)})


def troubled(shop):
    """One product gone in three days, one in four, two that expire, one past its date, one below zero."""
    fast(shop, "Milk", 6, 2)
    fast(shop, "Tea", 8, 2)
    bread = factories.make_product(shop, "Bread")
    factories.stock_up(bread, 5, expiry=in_days(15))
    factories.stock_up(bread, 5, expiry=in_days(3))
    factories.stock_up(factories.make_product(shop, "Butter"), 5, expiry=in_days(0))
    factories.stock_up(factories.make_product(shop, "Ghee"), 5, expiry=in_days(16))
    factories.stock_up(factories.make_product(shop, "Paneer"), 5, expiry=in_days(-1))
    factories.make_order(shop, [(factories.make_product(shop, "Salt", stock=1), 3)])


def test_the_notice_counts_what_runs_out_expires_and_is_below_zero(shop):
    troubled(shop)
    notice = tell_shop(shop.pk)
    assert (
        notice.title
        == "1 product runs out within 3 days, 2 products expire within 15 days, 1 product is past the date, 1 product is below zero"
    )
    assert [line["url"] for line in notice.lines] == ["inventory:low_stock", "inventory:expiry", "inventory:expiry", "inventory:below_zero"]
    assert (notice.shop, notice.day, notice.seen_at) == (shop, shop_today(), None)


def test_run_twice_makes_one(shop):
    troubled(shop)
    assert daily_alerts() == {"made": 1, "nothing": 0, "failed": 0}
    assert daily_alerts() == {"made": 0, "nothing": 1, "failed": 0}
    assert Notice.objects.count() == 1


def test_nothing_to_tell_makes_none(shop):
    factories.make_product(shop, stock=5)
    assert daily_alerts()["nothing"] == 1
    assert not Notice.objects.exists()


def test_one_shop_that_fails_stops_no_other(shop, other_shop):
    troubled(shop)
    troubled(other_shop)
    real = daily.stock_lines

    def break_first(at, day):
        if at == shop:
            raise ValueError("broken")
        return real(at, day)

    with patch.object(daily, "stock_lines", break_first):
        assert daily_alerts() == {"made": 1, "nothing": 0, "failed": 1}
    assert Notice.objects.get().shop == other_shop


def test_closed_shops_are_left_alone(shop):
    troubled(shop)
    shop.is_active = False
    shop.save(update_fields=["is_active"])
    assert daily_alerts() == {"made": 0, "nothing": 0, "failed": 0}


# --- mail -----------------------------------------------------------------------------------------------------
@pytest.fixture
def mailing(shop, settings):
    settings.MAILS_NOTICES = True
    shop.owner.email = "owner@example.com"
    shop.owner.save(update_fields=["email"])
    factories.make_member(shop, Role.STAFF, factories.make_user("Anil", email="anil@example.com"))
    troubled(shop)


def test_owner_with_an_address_gets_it_by_mail_once(shop, mailing, mailoutbox):
    daily_alerts()
    daily_alerts()
    (mail,) = mailoutbox
    assert mail.to == ["owner@example.com"]
    assert mail.subject.startswith(f"{shop.name}: 1 product runs out within 3 days")
    assert "- 2 products expire within 15 days" in mail.body


def test_nothing_is_mailed_where_mail_is_not_set_up(shop, mailing, settings, mailoutbox):
    settings.MAILS_NOTICES = False
    daily_alerts()
    assert not mailoutbox


def test_owner_without_an_address_gets_no_mail(shop, settings, mailoutbox):
    settings.MAILS_NOTICES = True
    troubled(shop)
    daily_alerts()
    assert not mailoutbox


def test_mail_that_fails_loses_no_notice_and_tells_no_secret(shop, mailing, caplog):
    with patch.object(daily, "send_mail", side_effect=OSError("password hunter2 refused")):
        assert daily_alerts()["made"] == 1
    assert Notice.objects.count() == 1
    assert "could not be mailed" in caplog.text
    assert "hunter2" not in caplog.text


# --- when it runs ---------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_schedule_is_made_once_and_names_the_job():
    Schedule.objects.filter(name=DAILY).delete()
    schedule_daily_alerts(None, "default")
    schedule_daily_alerts(None, "default")
    planned = Schedule.objects.get(name=DAILY)
    assert (planned.func, planned.schedule_type) == ("inventory.daily.daily_alerts", Schedule.DAILY)


def test_by_hand(shop, capsys):
    troubled(shop)
    call_command("daily_alerts")
    assert "1 notices made" in capsys.readouterr().out
    with patch.object(daily, "tell_shop", side_effect=ValueError), pytest.raises(CommandError, match="1 shops failed"):
        call_command("daily_alerts")
