"""Every operation of the API × every role × own and another's shop × every kind of bad token. A new operation is tried by itself.

What this file must be told is which row of the world stands in a place of the path (`PLACES`), and which operations need no token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shops.accounts import register_customer
from shops.api.auth import Bearer
from shops.api.caller import CUSTOMER, rights_of
from shops.api.keys import SCOPES, make_key
from shops.api.tokens import close_session, sessions_of
from shops.models import Role
from smartkirana.api_root import api
from tests import factories, hostile
from tests.api_client import Api

pytestmark = pytest.mark.django_db
PLACE = re.compile(r"\{(\w+)\}")
OPEN = {"register", "login", "send_otp", "verify_otp", "refresh"}  # who calls them has no token yet
PLACES = {
    "session_id": lambda w: sessions_of(w.owner, w.shop).first().pk,
    "key_id": lambda w: w.key.pk,
    "product_id": lambda w: w.product.pk,
    "price_list_id": lambda w: w.price_list.pk,
    "offer_id": lambda w: w.offer.pk,
    "label_format_id": lambda w: w.label.pk,
    "supplier_id": lambda w: w.supplier.pk,
    "purchase_id": lambda w: w.receipt.pk,
    "purchase_order_id": lambda w: w.order.pk,
    "take_id": lambda w: w.take.pk,
    "count_id": lambda w: w.entry.pk,
    "repack_id": lambda w: w.repack.pk,
    "recipe_id": lambda w: w.recipe.pk,
    "order_id": lambda w: w.bill.pk,
    "customer_id": lambda w: w.customer.pk,
    "entry_number": lambda w: w.entry_no,
    "khata/person_id": lambda w: w.person.pk,
    "dispute_id": lambda w: w.dispute.pk,
    "payment_id": lambda w: w.claim.pk,
    "note_id": lambda w: w.note.pk,
    "shift_id": lambda w: w.shift.pk,
    "code": lambda w: "1001",
    "number": lambda w: w.z.number,
    "role": lambda w: "staff",
    "counter_id": lambda w: w.till.pk,
    "person_id": lambda w: w.member.pk,
    "invitation_id": lambda w: w.invitation.pk,
    "notice_id": lambda w: w.notice.pk,
    "webhook_id": lambda w: w.webhook.pk,
    "delivery_id": lambda w: w.message.pk,
    "file_id": lambda w: w.bank_file.pk,
    "statement_id": lambda w: w.statement.pk,
    "line_id": lambda w: w.line.pk,
    "list_id": lambda w: w.checked.pk,
    "tile_id": lambda w: w.tile.pk,
    "purchase_file_id": lambda w: w.bill_file.pk,
}
NO_ROWS = {"code", "number", "role"}  # every shop has these
PASSWORD = factories.PASSWORD


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    auth: Bearer | None
    has_body: bool

    def at(self, world) -> str:
        """The path with the rows of `world` in its places. Fails with a sentence for a place nobody spoke of."""
        return PLACE.sub(lambda place: str(self.row(place[1])(world)), self.path)

    def row(self, place: str):
        own = f"{self.path.split('/')[1]}/{place}"
        known = own if own in PLACES else place
        assert known in PLACES, f"{self.method} {self.path}: say in PLACES of this file which row of the world {{{place}}} is."
        return PLACES[known]


def operations() -> list[Operation]:
    found = []
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for one in view.operations:
                full = "/".join(part.strip("/") for part in (router.prefix, path) if part.strip("/"))
                short = "/" + re.sub(r"\{\w+:(\w+)\}", r"{\1}", full).removeprefix("v1/")
                auth = one.auth_callbacks[0] if one.auth_callbacks else None
                has_body = any(model.__ninja_param_source__ == "body" for model in one.models)
                found += [Operation(one.operation_id, method, short, auth, has_body) for method in one.methods]
    return found


ALL = operations()
GUARDED = [one for one in ALL if one.auth is not None]


def test_every_operation_has_a_name_of_its_own_and_a_token_or_a_reason():
    names = [one.name for one in ALL]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    assert {one.name for one in ALL if one.auth is None} == OPEN
    assert all(isinstance(one.auth, Bearer) for one in GUARDED)


@pytest.fixture
def world():
    """Our shop with a row of everything, and a token for each role; a key for each scope is made where it is needed."""
    ours = hostile.make_world("Sharma")
    ours.key, _ = make_key(shop=ours.shop, by=ours.owner, name="Tally", scopes=["see_books"])
    for role in (Role.MANAGER, Role.STAFF, Role.ACCOUNTANT):
        setattr(ours, role.value, factories.make_member(ours.shop, role))
    ours.customer_account = register_customer(shop=ours.shop, phone="+919876511111", name="Asha", password=PASSWORD)
    people = {Role.OWNER: ours.owner, CUSTOMER: ours.customer_account}
    people |= {role: getattr(ours, role.value) for role in (Role.MANAGER, Role.STAFF, Role.ACCOUNTANT)}
    ours.calls = {role: Api(ours.shop, user) for role, user in people.items()}
    return ours


@pytest.fixture(autouse=True)
def many_calls(settings):
    settings.API_PER_MINUTE = settings.API_STRANGERS_PER_MINUTE = 1_000_000


def told(found: list[str]) -> str:
    return "\n".join([f"{len(found)} faults:", *found[:80]])


def test_without_a_good_token_nothing_is_answered(world):
    signed_out = Api(world.shop, world.owner)
    close_session(sessions_of(world.owner, world.shop).first().session_key)
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        expired = Api(world.shop, world.owner)
    callers = {
        "no token": Api(),
        "nonsense": Api(token="nonsense"),
        "a key nobody made": Api(token="sk_nonsense"),
        "a token cut short": Api(token=signed_out.token[:-2]),
        "a signed-out device": signed_out,
        "an expired token": expired,
    }
    found = []
    for one in GUARDED:
        for words, caller in callers.items():
            answer = caller.call(one.method, one.at(world), {} if one.has_body else None)
            if answer.status_code != 401 or answer.json()["code"] != "not_signed_in" or "WWW-Authenticate" not in answer.headers:
                found.append(f"{one.method} {one.path} with {words}: {answer.status_code}")
    assert not found, told(found)


def may_call(one: Operation, role: str) -> bool:
    if role == CUSTOMER:
        return one.auth.customers
    return one.auth.right is None or one.auth.right in rights_of(role)


def test_each_role_may_call_what_its_pages_may_do_and_nothing_else(world):
    found = []
    for one in GUARDED:
        for role, caller in world.calls.items():
            if one.name == "logout":
                continue  # it would end the sign-in under test; roles are asked of it below
            with hostile.taken_back(caller.client):
                answer = caller.call(one.method, one.at(world), {} if one.has_body else None)
            refused = answer.status_code == 403 and answer.json()["code"] == "not_allowed"
            if refused == may_call(one, role) or answer.status_code in (401, 500):
                found.append(f"{one.method} {one.path} as {role}: {answer.status_code} {answer.content[:80]!r}")
    assert not found, told(found)


def test_every_role_may_sign_out(world):
    for caller in world.calls.values():
        assert caller.post("/auth/logout").status_code == 200
        assert caller.get("/auth/me").status_code == 401


def test_a_token_is_for_one_shop(world):
    other = factories.make_shop("Gupta Stores")
    found = []
    for one in GUARDED:
        answer = world.calls[Role.OWNER].call(one.method, f"{one.at(world)}?shop_id={other.pk}", {} if one.has_body else None)
        if answer.status_code != 403 or answer.json()["code"] != "other_shop":
            found.append(f"{one.method} {one.path}: {answer.status_code}")
    assert not found, told(found)


def test_rows_of_another_shop_are_not_there(world):
    theirs = hostile.make_world(hostile.THEIRS)
    theirs.key, _ = make_key(shop=theirs.shop, by=theirs.owner, name="Tally", scopes=["see_books"])
    Api(theirs.shop, theirs.owner)
    owner = world.calls[Role.OWNER]
    found = []
    for one in (one for one in GUARDED if set(PLACE.findall(one.path)) - NO_ROWS):
        before = hostile.rows_of_all_tables()
        body = BODIES.get(one.name, lambda w: {})(world) if one.has_body else None
        answer = owner.call(one.method, one.at(theirs), body)
        if answer.status_code != 404 or hostile.THEIRS.encode() in answer.content:
            found.append(f"{one.method} {one.path}: {answer.status_code} {answer.content[:100]!r}")
        theirs_rows = {key: rows for key, rows in hostile.rows_of_all_tables().items() if key[1] == str(theirs.shop.pk)}
        if any(before.get(key) != rows for key, rows in theirs_rows.items()):
            found.append(f"{one.method} {one.path}: changed another shop's rows")
    assert not found, told(found)


def _made_of(w) -> dict:
    """A right body of a recipe."""
    sides = {"taken": w.sack, "made": w.packet}
    return {"name": "Other"} | {side: [{"product_id": goods.pk, "quantity": 1}] for side, goods in sides.items()}


BODIES: dict = {  # a right body, for operations that look at it before they look for the row
    "change_tile_place": lambda w: {"to": "up"},
    "give_first_pin": lambda w: {"pin": "482913"},
    "product_list_columns": lambda w: {"columns": {"name": 0}},
    "purchase_file_ask_again": lambda w: {"line": 1},
    "purchase_file_columns": lambda w: {"columns": {"name": 0}},
    "purchase_file_goods": lambda w: {"goods": [{"line": 1}]},
    "change_label_format": lambda w: {"name": "Other", "prefix": "29"},
    "count_goods_by_api": lambda w: {"product_id": w.product.pk, "quantity": 1},
    "enter_list_prices": lambda w: {"prices": [{"product_id": w.product.pk, "price": 5}]},
    "enter_supplier_opening": lambda w: {"way": "owed", "amount": 1},
    "move_label_format": lambda w: {"to": "up"},
    "pay_supplier_by_api": lambda w: {"amount": 1, "method": "cash"},
    "recount_stock_take": lambda w: {"product_ids": [w.product.pk]},
    "return_purchase": lambda w: {"lines": [{"line_id": w.receipt.lines.get().pk, "quantity": 1}]},
    "set_barcodes": lambda w: {"codes": []},
    "set_list_steps": lambda w: {"steps": []},
    "set_recipe_in_use_by_api": lambda w: {"in_use": False},
    "set_slabs": lambda w: {"steps": []},
    "update_offer": lambda w: {"name": "Other", "kind": "percent", "percent": 5, "product_id": w.product.pk},
    "update_purchase_order": lambda w: {"lines": [{"product_id": w.product.pk, "packs": 1}]},
    "update_recipe": _made_of,
    "set_order_status": lambda w: {"new_status": "cancelled"},
    "set_order_payment_status": lambda w: {"new_status": "refunded"},
    "khata_got": lambda w: {"amount": 5},
    "khata_gave": lambda w: {"amount": 5},
    "khata_opening": lambda w: {"amount": 5},
    "khata_write_off": lambda w: {"amount": 5, "note": "Moved away"},
    "reverse_khata_entry": lambda w: {"note": "Typed twice"},
    "settle_one": lambda w: {"note": "Shown the bill"},
    "new_member": lambda w: {"name": "Ravi"},
    "payment_never_came": lambda w: {"reason": "Not in the app"},
    "move_drawer_cash": lambda w: {"reason": "tea", "amount": 5},
    "count_drawer": lambda w: {"amount": 5},
    "end_shift": lambda w: {"uncounted": True},
    "change_person": lambda w: {"role": "staff"},
    "bank_file_columns": lambda w: {"columns": {"date": 0, "amount": 1}, "source": "upi", "account": "Paytm"},
    "confirm_statement": lambda w: {"pairs": [[w.line.pk, w.claim.pk]]},
    "choose_payments": lambda w: {"pairs": [[w.line.pk, w.claim.pk]]},
    "match_line": lambda w: {"payment_id": w.claim.pk},
    "set_line_aside": lambda w: {"reason": "Mine"},
    "undo_line": lambda w: {"reason": "Mine"},
}


def test_a_key_has_the_rights_it_was_given_and_no_others(world):
    found = []
    for scope, right in SCOPES.items():
        _, secret = make_key(shop=world.shop, by=world.owner, name=scope, scopes=[scope])
        caller = Api(token=secret)
        for one in GUARDED:
            with hostile.taken_back(caller.client):
                answer = caller.call(one.method, one.at(world), {} if one.has_body else None)
            good = not one.auth.people and (one.auth.right is None or one.auth.right is right)
            refused = answer.status_code == 403 and answer.json()["code"] in ("not_allowed", "people_only")
            if refused == good:
                found.append(f"{one.method} {one.path} with {scope}: {answer.status_code} {answer.content[:80]!r}")
    assert not found, told(found)


def test_a_persons_tokens_end_with_their_place_in_the_shop(world):
    staff = world.calls[Role.STAFF]
    assert staff.get("/auth/me").status_code == 200
    world.shop.memberships.filter(user=world.staff).update(is_active=False)
    assert staff.get("/auth/me").status_code == 401


def test_nobody_is_let_in_by_a_customers_account_on_the_pages(world, client):
    client.force_login(world.customer_account, backend="shops.backends.PhoneBackend")
    assert client.get(f"/s/{world.shop.slug}/counter/").status_code == 302
    assert client.get("/devices/").status_code == 302
