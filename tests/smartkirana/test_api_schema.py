"""Whatever fits the schema, and much that does not: no operation answers 500, or anything that it did not declare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import content_type_conformance, not_a_server_error, response_schema_conformance, status_code_conformance
from schemathesis.generation import GenerationMode

from shops.api.keys import make_key
from smartkirana.api.shapes import Shape
from smartkirana.api_root import api
from smartkirana.wsgi import application
from tests import hostile
from tests.api_client import Api
from tests.proofs import share
from tests.smartkirana.test_api_table import PLACES

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
TAGS = sorted({tag for router in api._get_bound_routers() for tag in router.tags or ["?"]})
EXAMPLES = share(60, part=20)  # for each operation, of what fits and of what does not
UNTRIED = {"logout", "send_otp"}  # the one would end the sign-in, the other waits for a worker


def shapes(of: type[Shape] = Shape) -> Iterator[type[Shape]]:
    for shape in of.__subclasses__():
        yield shape
        yield from shapes(shape)


def test_no_two_shapes_have_one_name_in_the_document():
    named = Counter(shape.__name__ for shape in set(shapes()))
    assert len(named) > 200
    assert [name for name, times in named.items() if times > 1] == []


def site(environ: dict, start_response) -> Iterable[bytes]:
    """The application as a web server calls it: with the caller's address."""
    return application({"REMOTE_ADDR": "127.0.0.1"} | environ, start_response)


@contextmanager
def one_connection():
    """Requests through WSGI close connections; here the test's own transaction is in it. (Django's test client connects them anew.)"""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def world(settings):
    """A shop with a row of everything, its owner signed in."""
    settings.API_PER_MINUTE = settings.API_STRANGERS_PER_MINUTE = 10_000_000
    ours = hostile.make_world("Sharma")
    ours.key, _ = make_key(shop=ours.shop, by=ours.owner, name="Tally", scopes=["see_books"])
    ours.caller = Api(ours.shop, ours.owner)
    return ours


def operations(tag: str) -> list:
    with one_connection():
        document = schemathesis.openapi.from_wsgi("/api/openapi.json", site)
    found = [result.ok() for result in document.get_all_operations()]
    return [one for one in found if tag in one.definition.raw.get("tags", ["?"]) and one.definition.raw["operationId"] not in UNTRIED]


@pytest.mark.parametrize("tag", TAGS)
def test_no_operation_answers_what_it_did_not_declare(world, tag):
    tried = operations(tag)
    for number, operation in enumerate(tried):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            answers_as_declared(world, operation, mode, number)
    assert tried or tag == "?"


def answers_as_declared(world, operation, mode, number: int) -> None:
    try:
        cases = operation.as_strategy(generation_mode=mode)
    except Exception as error:  # nothing about it can be wrong: no place, no query, no body
        if "negat" not in str(error).lower():
            raise
        return

    @seed(number)
    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None)
    @given(case=cases, real=st.booleans())
    def run(case, real):
        for name in case.path_parameters if real else ():
            if name in PLACES:
                case.path_parameters[name] = PLACES[name](world)
        case.headers = {"Authorization": f"Bearer {world.caller.token}"}  # given to the call it would not always be sent
        with hostile.taken_back(world.caller.client), one_connection():
            case.call_and_validate(checks=CHECKS)

    run()
