"""Whatever fits the schema, and much that does not, at a running server; then the books are checked. `make fuzz`, `make fuzz ARGS=1000`.

Callers of every role work at one shop at the same time, with rows that are there and rows that the answers told them of. No answer may be
a 500 or one that the schema does not declare; nothing of the neighbour's shop may change; `check_books` must find nothing.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartkirana.settings")
os.environ.setdefault("SMARTKIRANA_ENV", "local")

REQUESTS = 100_000
PATIENCE = 60  # seconds for an answer: PDFs are drawn one after the other
CALLERS = 4  # at the same time
SAME = 0.05  # so many requests are sent once more as they were, Idempotency-Key and all
KEPT = (0, 0, 0, 0.1, 0.5)  # so many of a body's values made up stay as they are
REAL = 0.8  # so many places and ids are of rows that are there
UNTRIED = {
    "logout",
    "end_session",
    "end_key",
    "change_person",
    "remove_person",
    "send_otp",
}  # these would end the callers' sign-ins, or need a worker
LAST = {"close_the_day"}  # a sealed day takes nothing more: in the last round alone
KNOWN = {"code": ["1001", "1002", "4001"], "role": ["staff", "manager", "accountant"], "number": [1, 2]}
HEADER = "Idempotency-Key"
ANEW = {  # what must differ from what is there already
    "phone": lambda dice: f"9{dice.randrange(10**9):09d}",
    "sku": lambda dice: f"F-{dice.randrange(10**6)}",
    "bill_number": lambda dice: f"F/{dice.randrange(10**6)}",
    "name": lambda dice: f"Name {dice.randrange(10**6)}",
}
OUR_ID = re.compile(r"_ids?$")


def main(wanted: int) -> int:
    from bench import database

    os.environ["DATABASE_URL"] = database.own_database("smartkirana_fuzz", anew=True)
    import django

    django.setup()
    from django.core.management import call_command

    from bench import server
    from smartkirana.prepare import collect_static

    collect_static()
    call_command("migrate", verbosity=0)
    shop, neighbour = _worlds()
    before = _digest(neighbour)
    never = "1000000000"
    with server.running(API_PER_MINUTE=never, API_STRANGERS_PER_MINUTE=never, SMS_BACKEND="", LOG_LEVEL="ERROR") as site:
        told = Fuzz(f"http://{site.host}", shop).run(wanted)
    print(told)
    good = not told.faults and _digest(neighbour) == before
    print("The neighbour's shop is as it was." if _digest(neighbour) == before else "The neighbour's shop was changed!")
    books = subprocess.run([sys.executable, "manage.py", "check_books"], check=False)
    return 0 if good and books.returncode == 0 else 1


def _worlds():
    """Our shop with a row of everything and somebody of each role, and a neighbour's."""
    from shops.accounts import register_customer
    from shops.api.keys import SCOPES, make_key
    from shops.models import Role
    from tests import factories, hostile

    ours, theirs = hostile.make_world("Sharma"), hostile.make_world("Verma")
    for world in (ours, theirs):
        world.key, world.secret = make_key(shop=world.shop, by=world.owner, name="Tally", scopes=list(SCOPES))
        for n in range(20):
            factories.make_product(world.shop, f"Goods {n}", stock=10_000)
    for role in (Role.MANAGER, Role.STAFF, Role.ACCOUNTANT):
        setattr(ours, role.value, factories.make_member(ours.shop, role))
    ours.customer_account = register_customer(shop=ours.shop, phone="+919876511111", name="Asha", password=factories.PASSWORD)
    return ours, theirs


def _digest(world) -> str:
    """One figure for all rows of a shop."""
    from django.apps import apps
    from django.db import connection

    found = [world.shop.pk]
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if any(field.name == "shop" for field in model._meta.concrete_fields):
                rows = f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{model._meta.db_table}" t WHERE shop_id = %s'  # noqa: S608  (our tables)
                cursor.execute(rows, [world.shop.pk])
                found.append(cursor.fetchone()[0])
    return str(found)


class Fuzz:
    """Requests at one server. `faults` holds a sentence for each answer that should not be."""

    def __init__(self, address: str, world) -> None:
        import requests
        import schemathesis
        from schemathesis.checks import not_a_server_error, response_schema_conformance, status_code_conformance

        self.address, self.world = address, world
        self.checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
        self.shapes = requests.get(f"{address}/api/openapi.json", timeout=30).json()["components"]["schemas"]
        document = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
        self.operations = [one for one in (found.ok() for found in document.get_all_operations()) if _id(one) not in UNTRIED]
        self.answers: dict[str, Counter] = defaultdict(Counter)
        self.faults: Counter = Counter()
        self.known: dict[str, list] = {name: list(rows) for name, rows in KNOWN.items()}
        self.place_of = {one.path.rsplit("/{", 1)[0]: one.path.rsplit("/{", 1)[1][:-1] for one in self.operations if one.path.endswith("}")}
        self.tokens: list[str] = []

    def run(self, wanted: int) -> Fuzz:
        self.started = monotonic()
        self.tokens = list(self._sign_in())
        self._look_around()
        rounds = max(1, round(wanted / len(self.operations) / 2 / 30))
        each = max(1, round(wanted / len(self.operations) / 2 / rounds))
        with ThreadPoolExecutor(CALLERS) as pool:
            for number in range(rounds):
                now = [one for one in self.operations if _id(one) not in LAST or number == rounds - 1]
                work = [(one, mode, number) for one in now for mode in (True, False)]
                random.Random(number).shuffle(work)
                list(pool.map(lambda job: self._try(*job, each), work))
                print(f"round {number + 1} of {rounds}: {self.sent} requests, {len(self.faults)} kinds of fault", flush=True)
        self.took = monotonic() - self.started
        return self

    @property
    def sent(self) -> int:
        return sum(sum(kinds.values()) for kinds in self.answers.values())

    def _sign_in(self) -> Iterator[str]:
        import requests

        from tests import factories

        people = (self.world.owner, self.world.manager, self.world.staff, self.world.accountant, self.world.customer_account)
        for person in people:
            asked = {"shop_id": self.world.shop.pk, "phone": person.short_phone, "password": factories.PASSWORD}
            answer = requests.post(f"{self.address}/api/v1/auth/login", json=asked, timeout=30)
            yield answer.json()["access_token"]
        yield self.world.secret

    def _look_around(self) -> None:
        """The rows that lists tell of, before anything is tried."""
        import requests

        for path, place in self.place_of.items():
            if "{" not in path:
                answer = requests.get(self.address + path, headers={"Authorization": f"Bearer {self.tokens[0]}"}, timeout=30)
                self._learn(place, answer)

    def _try(self, operation, good: bool, number: int, each: int) -> None:
        from hypothesis import HealthCheck, Phase, given, seed, settings
        from schemathesis.generation import GenerationMode

        name = _id(operation)
        try:
            cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE if good else GenerationMode.NEGATIVE)
        except Exception as error:  # nothing about it can be wrong: no place, no query, no body
            if "negat" not in str(error).lower():
                raise
            return

        dice = random.Random(f"{name} {good} {number}")  # not drawn from Hypothesis, whose draws must not hang on what answers told

        @seed(f"{name} {good} {number}")
        @settings(max_examples=each, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
        @given(case=cases)
        def run(case):
            self._send(name, case, dice)

        run()

    def _send(self, name: str, case, dice: random.Random) -> None:
        self._with_rows(case, dice)
        # The owner's token half of the time: most is refused to the others.
        token = self.tokens[0] if dice.random() < 0.5 else dice.choice(self.tokens)
        case.headers = {"Authorization": f"Bearer {token}"} | ({HEADER: str(uuid4())} if dice.random() < 0.5 else {})
        for _ in range(2 if dice.random() < SAME else 1):
            answer = case.call(base_url=self.address, timeout=PATIENCE)
            self.answers[name][answer.status_code] += 1
            try:
                case.validate_response(answer, checks=self.checks)
            except Exception as error:
                self.faults[f"{name} {answer.status_code}: {_short(error)}"] += 1
        if answer.status_code < 300:
            self._learn(self.place_of.get(case.operation.path, ""), answer)

    def _with_rows(self, case, dice: random.Random) -> None:
        for place in case.path_parameters or {}:
            if self.known.get(place) and dice.random() < REAL:
                case.path_parameters[place] = dice.choice(self.known[place])
        if "shop_id" in (case.query or {}) and dice.random() < REAL:
            case.query["shop_id"] = self.world.shop.pk
        if isinstance(case.body, dict):
            self._steer(case.body, self._body_of(case.operation), dice, dice.choice(KEPT))
            self._fill(case.body, dice)

    def _body_of(self, operation) -> dict:
        content = operation.definition.raw.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema", {})

    def _steer(self, body: Any, shape: dict, dice: random.Random, kept: float) -> None:
        """Away from where all is refused: what may be left out is, half of the time, and an example stands in for a value made up."""
        shape = self._resolved(shape)
        if isinstance(body, list):
            for one in body:
                self._steer(one, shape.get("items", {}), dice, kept)
        if not isinstance(body, dict):
            return
        for name, part in shape.get("properties", {}).items():
            examples = part.get("examples") or self._resolved(part).get("examples")
            if name in body and name not in shape.get("required", ()) and dice.random() < 0.5:
                del body[name]
            elif name in body and dice.random() >= kept and (name in ANEW or examples):
                body[name] = ANEW[name](dice) if name in ANEW else dice.choice(examples)
            elif name in body:
                self._steer(body[name], part, dice, kept)

    def _resolved(self, shape: dict) -> dict:
        """A schema without references; of several it may be, the first that is something."""
        while True:
            if "$ref" in shape:
                shape = self.shapes[shape["$ref"].rsplit("/", 1)[1]]
            elif found := [one for one in shape.get("anyOf", ()) if one.get("type") != "null"]:
                shape = found[0]
            else:
                return shape

    def _fill(self, body: Any, dice: random.Random) -> None:
        """Ids in a body become those of rows that are there, most of the time."""
        for key, value in list(body.items() if isinstance(body, dict) else enumerate(body)):
            if isinstance(value, dict | list):
                self._fill(value, dice)
            elif isinstance(key, str) and OUR_ID.search(key) and self.known.get(key) and dice.random() < REAL:
                body[key] = dice.choice(self.known[key])

    def _learn(self, place: str, answer) -> None:
        """Remember the ids of the rows in an answer."""
        if not place or answer.status_code >= 300:
            return
        told = answer.json()
        for row in told if isinstance(told, list) else [told]:
            if isinstance(row, dict) and isinstance(row.get("id"), int):
                self.known[place] = [*self.known.get(place, [])[-200:], row["id"]]

    def __str__(self) -> str:
        total = Counter[int]()
        for kinds in self.answers.values():
            total.update(kinds)
        never = sorted(name for name, kinds in self.answers.items() if not any(status < 300 for status in kinds))
        lines = [f"{self.sent} requests in {self.took:.0f} s: " + ", ".join(f"{n} × {status}" for status, n in sorted(total.items()))]
        lines += [f"{len(never)} operations were never answered well: {', '.join(never)}"] if never else []
        lines += [f"{n} × {fault}" for fault, n in self.faults.most_common(60)]
        return "\n".join([*lines, f"{len(self.faults)} kinds of fault"])


def _id(operation) -> str:
    return operation.definition.raw["operationId"]


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:400]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS))
