"""Codes by SMS: made by the worker, good once and for ten minutes, and not to be guessed. Known and unknown phones look alike."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ, Task

from shops import codes
from shops.code_models import MOST_TRIES, SignInCode
from shops.codes import HOUSE, ask_code, check_code, send_code
from shops.errors import BadCode, ShopError, TooManyTries
from shops.models import Role
from shops.rates import count_try, purge_rates
from shops.services import remove_member
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.at_once import at_once, told

PHONE, STRANGE = "+919876543210", "+919876543299"
IP = "203.0.113.7"


@pytest.fixture
def person(db):
    return factories.make_user("Meena", PHONE)


@pytest.fixture
def ask(box, django_capture_on_commit_callbacks):
    """Ask for a code as if nobody had asked before, and have the worker send it: the code, "" when none was sent."""

    def ask(phone=PHONE, purpose="sign_in", shop=HOUSE, ip=IP):
        pass_time(HOURS)
        before = len(box.messages())
        with django_capture_on_commit_callbacks(execute=True):
            ask_code(phone=phone, purpose=purpose, shop=shop, ip=ip)
        return "".join(message["code"] for message in box.messages()[before:])

    return ask


HOURS = 24 * 60 * 60


def pass_time(seconds):
    """Let the spans in which tries are counted be so much older."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shops_rate SET until = until - %s * interval '1 second'", [seconds])


def check(code, phone=PHONE, purpose="sign_in", shop=HOUSE, ip=IP):
    return check_code(phone=phone, code=code, purpose=purpose, shop=shop, ip=ip)


def other(code):
    return f"{(int(code) + 1) % 10**6:06}"


# --- asking -----------------------------------------------------------------------------------------------------
def test_a_code_of_six_digits_comes_to_the_phone_and_signs_in_once(person, ask, box):
    code = ask()
    assert len(code) == 6
    assert code.isdecimal()
    assert box.messages()[0]["phone"] == PHONE
    assert code in box.messages()[0]["text"]
    assert check(code) == person
    with pytest.raises(BadCode) as refused:
        check(code)
    assert refused.value.code == "bad_code"
    assert str(refused.value) == "This code is not right or has run out. Ask for a new one."


def test_the_message_is_in_the_persons_language(person, ask, box):
    person.language = "hi"
    person.save(update_fields=["language"])
    ask()
    assert "SmartKirana" in box.messages()[0]["text"]
    assert "Never tell" not in box.messages()[0]["text"]


def test_an_operator_gives_the_words_that_are_registered(person, ask, box, settings):
    settings.SMS_CODE_TEXT = "Dear customer, {code} is your OTP. - SHOPCO"
    code = ask()
    assert box.messages()[0]["text"] == f"Dear customer, {code} is your OTP. - SHOPCO"


def test_to_an_unknown_phone_nothing_is_sent_and_all_else_is_the_same(person, ask, box):
    counted = []
    for phone in (PHONE, STRANGE):
        pass_time(HOURS)
        with CaptureQueriesContext(connection) as queries:
            ask_code(phone=phone, purpose="sign_in", ip=IP)
        counted.append([query["sql"].split()[0] for query in queries])
        kept = SignInCode.objects.get(phone=phone)
        send_code(kept.pk)
    assert counted[0] == counted[1]
    assert [message["phone"] for message in box.messages()] == [PHONE]
    assert SignInCode.objects.get(phone=STRANGE).code_hash != ""
    counted = []
    for phone in (PHONE, STRANGE):
        with CaptureQueriesContext(connection) as queries, pytest.raises(BadCode):
            check("no code", phone=phone)
        counted.append([query["sql"].split()[0] for query in queries])
    assert counted[0] == counted[1]


def test_even_the_right_code_of_an_unknown_phone_signs_nobody_in(person, ask, monkeypatch):
    monkeypatch.setattr(codes.secrets, "randbelow", lambda most: 424242)
    ask(STRANGE)
    with pytest.raises(BadCode):
        check("424242", phone=STRANGE)


def test_who_may_no_longer_sign_in_gets_no_code(person, ask):
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert ask() == ""


def test_people_of_the_demo_get_one_on_a_local_installation_only(person, ask, settings):
    person.is_demo = True
    person.save(update_fields=["is_demo"])
    assert ask() != ""
    assert codes.account_for(PHONE, HOUSE) == person
    settings.LOCAL = False
    assert codes.account_for(PHONE, HOUSE) is None


def test_the_code_is_kept_nowhere(person, ask, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    code = ask()
    kept = SignInCode.objects.get()
    assert code not in str({**kept.__dict__})
    assert len(kept.code_hash) == 64
    assert kept.sent_at is not None
    for row in [*Task.objects.values(), *OrmQ.objects.values()]:
        assert code not in str(row)
    ours = [record for record in caplog.records if record.name != "django.db.backends"]
    assert not [record for record in ours if code in record.getMessage()]
    assert code not in "".join(capfd.readouterr())


def test_a_gateway_that_fails_leaves_a_line_without_the_code(person, ask, settings, caplog, monkeypatch):
    class Broken:
        only_here = False

        def send(self, sms):
            raise ValueError(f"cannot send {sms.code}: {sms.text}")

    monkeypatch.setattr("shops.sms.ConsoleSms", Broken)
    monkeypatch.setattr(codes.secrets, "randbelow", lambda most: 424242)
    settings.SMS_BACKEND = "shops.sms.ConsoleSms"
    ask()
    assert "ValueError" in caplog.text
    assert "424242" not in caplog.text
    assert SignInCode.objects.get().sent_at is None


def test_a_job_that_runs_twice_sends_once(person, ask, box):
    ask()
    send_code(SignInCode.objects.get().pk)
    send_code(0)
    assert len(box.messages()) == 1


def test_where_no_sms_can_be_sent_it_is_said(person, settings):
    settings.LOCAL, settings.SMS_BACKEND = False, "shops.sms.ConsoleSms"
    with pytest.raises(ShopError) as refused:
        ask_code(phone=PHONE, purpose="sign_in", ip=IP)
    assert refused.value.code == "no_sms"
    assert not SignInCode.objects.exists()


# --- which code -------------------------------------------------------------------------------------------------
def test_a_new_code_ends_the_one_before(person, ask):
    first, second = ask(), ask()
    with pytest.raises(BadCode):
        check(first)
    assert check(second) == person


def test_a_code_serves_what_it_was_asked_for_and_nothing_else(person, shop, ask):
    factories.make_member(shop, Role.STAFF, user=person)
    house, reset, shops = ask(), ask(purpose="reset"), ask(shop=shop)
    for code, what in ((house, {"purpose": "reset"}), (reset, {}), (shops, {}), (house, {"shop": shop}), (house, {"shop": None})):
        with pytest.raises(BadCode):
            check(code, **what)
    assert check(house) == check(reset, purpose="reset") == check(shops, shop=shop) == person


def test_a_hash_moved_to_another_phone_is_worth_nothing(person, ask):
    ask(STRANGE)
    code = ask()
    theirs = SignInCode.objects.get(phone=PHONE).code_hash
    ask(STRANGE)
    SignInCode.objects.filter(phone=STRANGE, ended_at=None).delete()
    now = timezone.now()
    SignInCode.objects.create(phone=STRANGE, purpose="sign_in", made_at=now, expires_at=now + codes.GOOD_FOR, code_hash=theirs)
    factories.make_user("Other", STRANGE)
    with pytest.raises(BadCode):
        check(code, phone=STRANGE)


def test_of_a_shop_only_who_works_there_gets_a_code(person, shop, other_shop, ask):
    factories.make_member(shop, Role.STAFF, user=person)
    assert ask(shop=shop) != ""
    assert ask(shop=other_shop) == ""
    remove_member(membership=shop.memberships.get(user=person))
    assert ask(shop=shop) == ""
    assert ask() != ""


def test_a_removed_person_cannot_use_the_code_that_came_before(person, shop, ask):
    factories.make_member(shop, Role.STAFF, user=person)
    code = ask(shop=shop)
    remove_member(membership=shop.memberships.get(user=person))
    with pytest.raises(BadCode):
        check(code, shop=shop)


def test_a_shop_that_is_not_there_sends_nothing_and_lets_nobody_in(person, ask):
    assert ask(shop=None) == ""
    assert not SignInCode.objects.exists()
    with pytest.raises(BadCode):
        check(ask(), shop=None)


def test_a_code_is_good_for_ten_minutes(person, ask):
    code = ask()
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1), tick=False), pytest.raises(BadCode):
        check(code)
    with time_machine.travel(timezone.now() + timedelta(minutes=9, seconds=50), tick=False):
        assert check(code) == person


@pytest.mark.parametrize("written", [" {0} ", "{1} {2}", "{1}-{2}", "{3}"])
def test_a_code_may_be_typed_with_spaces_and_in_any_script(person, ask, written):
    code = ask()
    hindi = code.translate(str.maketrans("0123456789", "०१२३४५६७८९"))
    assert check(written.format(code, code[:3], code[3:], hindi)) == person


@pytest.mark.parametrize("bad", ["", "12345", "1234567", "abcdef", "\x00", "²²²²²²", "9" * 5000])
def test_what_is_no_code_is_a_wrong_one(person, ask, bad):
    ask()
    with pytest.raises(BadCode):
        check(bad)


def test_a_secret_that_was_changed_still_knows_its_codes(person, ask, settings):
    code = ask()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret of this installation"
    assert check(code) == person


# --- limits -----------------------------------------------------------------------------------------------------
def refused_asking(**what):
    with pytest.raises(TooManyTries) as refused:
        ask_code(**({"phone": PHONE, "purpose": "sign_in", "ip": IP} | what))
    return refused.value


def test_a_phone_gets_one_in_thirty_seconds_and_five_an_hour(person):
    for _ in range(5):
        ask_code(phone=PHONE, purpose="sign_in", ip=IP)
        assert 1 <= refused_asking().wait <= 30
        assert "second" in str(refused_asking(purpose="reset"))
        pass_time(30)
    refused = refused_asking()
    assert 3000 < refused.wait <= 3600
    assert "minutes" in str(refused)
    ask_code(phone=STRANGE, purpose="sign_in", ip=IP)


def test_an_address_asks_twenty_times_an_hour(db):
    for number in range(20):
        ask_code(phone=f"+9198765{number:05}", purpose="sign_in", ip=IP)
    assert refused_asking().wait > 3000
    ask_code(phone=PHONE, purpose="sign_in", ip="203.0.113.8")


def test_five_wrong_tries_end_a_code(person, ask):
    code = ask()
    for _ in range(MOST_TRIES):
        with pytest.raises(BadCode):
            check(other(code))
    with pytest.raises(BadCode):
        check(code)
    assert SignInCode.objects.get().tries == MOST_TRIES


def test_twenty_wrong_tries_a_day_are_all_that_a_phone_has_whatever_the_codes(person, ask):
    for round_ in range(4):
        code = ask() if round_ == 0 else ask_again(ask)
        for number in range(5):
            with pytest.raises(BadCode):
                check(other(code), ip=f"198.51.100.{round_ * 5 + number}")
    code = ask_again(ask)
    with pytest.raises(TooManyTries) as refused:
        check(code, ip="198.51.100.99")
    assert refused.value.wait > 80_000
    assert "hours" in str(refused.value)


def ask_again(ask):
    """A new code, while what was counted of wrong tries stays."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shops_rate WHERE key LIKE 'code-asked:%%'")
    kept = [(key, until) for key, until in rates() if key.startswith("code-wrong:")]
    code = ask()
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE shops_rate SET until = %s WHERE key = %s", [(until, key) for key, until in kept])
    return code


def rates():
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, until FROM shops_rate")
        return cursor.fetchall()


def test_sixty_wrong_tries_an_hour_are_all_that_an_address_has(db):
    for number in range(60):
        with pytest.raises(BadCode):
            check("000000", phone=f"+9198765{number:05}")
    with pytest.raises(TooManyTries):
        check("000000", phone=STRANGE)
    with pytest.raises(BadCode):
        check("000000", phone=STRANGE, ip="203.0.113.8")


def test_the_households_of_ipv6_are_counted_as_one(db):
    for number in range(20):
        ask_code(phone=f"+9198765{number:05}", purpose="sign_in", ip=f"2001:db8:1:2::{number:x}")
    refused_asking(ip="2001:db8:1:2:ffff::1")
    ask_code(phone=PHONE, purpose="sign_in", ip="2001:db8:1:3::1")


def test_right_codes_are_not_counted_as_wrong(person, ask):
    for _ in range(25):
        code = ask_again(ask)
        assert check(code) == person


# --- two at once ------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_one_code_used_by_eight_at_once_signs_in_once(box):
    person = factories.make_user("Meena", PHONE)
    ask_code(phone=PHONE, purpose="sign_in", ip=IP)
    code = box.messages()[0]["code"]
    found = told(at_once([lambda: check(code)] * 8))
    assert sorted(map(str, found)) == sorted([str(person)] + ["bad_code"] * 7)


@pytest.mark.django_db(transaction=True)
def test_of_eight_wrong_tries_at_once_five_are_looked_at(box):
    factories.make_user("Meena", PHONE)
    ask_code(phone=PHONE, purpose="sign_in", ip=IP)
    code = box.messages()[0]["code"]
    assert set(told(at_once([lambda: check(other(code))] * 8))) == {"bad_code"}
    assert SignInCode.objects.get().tries == MOST_TRIES
    with pytest.raises(BadCode):
        check(code)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_ask_at_once_one_is_sent(box):
    factories.make_user("Meena", PHONE)
    found = told(at_once([lambda: ask_code(phone=PHONE, purpose="sign_in", ip=IP)] * 8))
    assert sorted(map(str, found)) == sorted(["None"] + ["too_many_tries"] * 7)
    assert len(box.messages()) == 1


@pytest.mark.django_db(transaction=True)
def test_of_forty_at_once_exactly_as_many_pass_as_are_allowed():
    found = told(at_once([lambda: count_try("a key", 60, 7)] * 40))
    assert found.count(0) == 7
    assert all(1 <= wait <= 60 for wait in found if wait)


# --- the database's own rules -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"code_hash": "0" * 64}, "shops_signincode_only_onward"),
        ({"tries": 0}, "shops_signincode_only_onward"),
        ({"phone": STRANGE}, "shops_signincode_frozen"),
        ({"purpose": "reset"}, "shops_signincode_frozen"),
        ({"tries": 6}, "shops_signincode_tries"),
    ],
)
def test_a_code_only_goes_onward(person, ask, change, rule):
    ask()
    with pytest.raises(BadCode):
        check("0")
    with pytest.raises(IntegrityError) as refused:
        SignInCode.objects.update(**change)
    assert broken_rule(refused.value) == rule


def test_a_used_code_stays_used(person, ask):
    check(ask())
    with pytest.raises(IntegrityError) as refused:
        SignInCode.objects.update(used_at=None)
    assert broken_rule(refused.value) == "shops_signincode_only_onward"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ({}, "shops_signincode_one_open"),
        ({"phone": STRANGE, "code_hash": "123456"}, "shops_signincode_hashed"),
        ({"phone": STRANGE, "expires_at": lambda now: now + timedelta(minutes=11)}, "shops_signincode_ten_minutes"),
        ({"phone": STRANGE, "purpose": "other"}, "shops_signincode_purpose"),
    ],
)
def test_the_database_refuses_a_row_that_is_none(person, ask, row, rule):
    ask()
    now = timezone.now()
    row = {name: value(now) if callable(value) else value for name, value in row.items()}
    with pytest.raises(IntegrityError) as refused:
        SignInCode.objects.create(**{"phone": PHONE, "purpose": "sign_in", "made_at": now, "expires_at": now + codes.GOOD_FOR} | row)
    assert broken_rule(refused.value) == rule


# --- counting, and throwing away --------------------------------------------------------------------------------
def test_counting_takes_one_statement(db):
    with CaptureQueriesContext(connection) as queries:
        count_try("a key", 60, 1)
    assert len(queries) == 1


def test_a_span_begins_with_its_first_try_and_then_anew(db):
    assert [count_try("a key", 60, 2) for _ in range(3)] == [0, 0, 60]
    pass_time(40)
    assert count_try("a key", 60, 2) == 20
    pass_time(21)
    assert count_try("a key", 60, 2) == 0


def test_long_keys_are_told_apart(db):
    assert count_try("x" * 300 + "1", 60, 1) == 0
    assert count_try("x" * 300 + "2", 60, 1) == 0
    assert count_try("x" * 300 + "1", 60, 1) > 0


def test_old_codes_and_counts_are_thrown_away(person, ask):
    from shops.daily import tidy_up

    ask()
    count_try("over", 1, 1)
    pass_time(2)
    count_try("not over", 10**6, 1)
    SignInCode.objects.filter(pk__gt=0).delete()
    long_ago = timezone.now() - timedelta(days=8)
    SignInCode.objects.create(phone=PHONE, purpose="sign_in", made_at=long_ago, expires_at=long_ago + codes.GOOD_FOR)
    ask(STRANGE)
    done = tidy_up()
    assert done["codes"] == 1
    assert done["counts"] >= 1
    assert SignInCode.objects.get().phone == STRANGE
    assert purge_rates() == 0
    assert "not over" in [key for key, _ in rates()]
