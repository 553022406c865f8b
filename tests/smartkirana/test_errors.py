import pickle

from smartkirana.errors import Refusal


def test_a_refusal_reads_as_its_message():
    refusal = Refusal("not_enough_stock", "Only 3 are left.", "quantity")
    assert str(refusal) == "Only 3 are left."
    assert (refusal.code, refusal.field) == ("not_enough_stock", "quantity")
    assert Refusal("busy", "Try again.").field is None


def test_a_refusal_survives_a_job_queue():
    again = pickle.loads(pickle.dumps(Refusal("busy", "Try again.", "name")))  # noqa: S301 - our own bytes
    assert (again.code, str(again), again.field) == ("busy", "Try again.", "name")
