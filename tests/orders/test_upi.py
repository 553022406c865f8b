import re
from decimal import Decimal as D
from urllib.parse import parse_qs, urlsplit

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from orders.upi import UpiError, qr_path, upi_link
from shops.identifiers import IdentifierError

SHOP = {"pa": "shop@bank", "pn": "Sharma Kirana"}


def query(link):
    return {key: values[0] for key, values in parse_qs(urlsplit(link).query, strict_parsing=True).items()}


def test_the_link_of_a_bill():
    link = upi_link(**SHOP, amount=D("525"), reference="S1/26-27/000123", note="Bill S1/26-27/000123")
    assert link == "upi://pay?pa=shop@bank&pn=Sharma%20Kirana&am=525.00&tr=S12627000123&tn=Bill%20S1-26-27-000123&cu=INR"


def test_an_open_amount_and_empty_parts_are_left_out():
    assert upi_link(**SHOP, amount=None) == "upi://pay?pa=shop@bank&pn=Sharma%20Kirana&cu=INR"


@pytest.mark.parametrize("name", ["Ram & Sons", "50% Store+", "शर्मा किराना", "A=B?#c", "Ravi's"])
def test_any_shop_name_arrives_whole(name):
    link = upi_link(pa="shop@bank", pn=name, amount=1)
    assert query(link)["pn"] == name
    assert re.fullmatch(r"[!-~]+", link)
    assert "+" not in link
    assert link.count("&") == 3


def test_limits_are_kept():
    link = query(upi_link(**SHOP, amount=1, reference="A" * 30 + "-0123456789", note="x" * 49 + " yz"))
    assert link["tr"] == "A" * 25 + "0123456789"
    assert link["tn"] == "x" * 49


def test_a_reference_is_letters_and_digits():
    assert query(upi_link(**SHOP, amount=1, reference="बिल #42/a_b"))["tr"] == "42ab"


@pytest.mark.parametrize("amount", [0, "-1", "0.004"])
def test_nothing_to_pay_has_no_link(amount):
    with pytest.raises(UpiError) as refused:
        upi_link(**SHOP, amount=amount)
    assert refused.value.code == "upi_amount"


def test_a_float_amount_is_refused():
    with pytest.raises(TypeError):
        upi_link(**SHOP, amount=525.0)


def test_the_shop_needs_a_upi_id_and_a_name():
    with pytest.raises(IdentifierError):
        upi_link(pa="shop", pn="Sharma", amount=1)
    with pytest.raises(UpiError) as refused:
        upi_link(pa="shop@bank", pn=" \u200e", amount=1)
    assert refused.value.code == "upi_name"


def drawn(path):
    """The modules a path paints, read back from its text."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path.d)
    assert "".join(f"M{x} {y}h{w}v1h-{back}z" for x, y, w, back in runs) == path.d
    assert all(w == back for _, _, w, back in runs)
    return {(int(x) + step, int(y)) for x, y, w, _ in runs for step in range(int(w))}


@given(st.text(min_size=1, max_size=120), st.integers(0, 6))
def test_the_path_paints_just_the_dark_modules(text, quiet):
    code = segno.make_qr(text.encode(), mode="byte", error="m", boost_error=False)
    dark = {(x + quiet, y + quiet) for y, row in enumerate(code.matrix) for x, module in enumerate(row) if module}
    path = qr_path(text, quiet_zone=quiet)
    assert drawn(path) == dark
    assert path.size == len(code.matrix) + 2 * quiet


def test_a_bill_code_has_four_white_modules_around_it():
    link = upi_link(**SHOP, amount=D("525"), reference="S1/26-27/000123", note="Bill S1/26-27/000123")
    size, d = qr_path(link)
    dark = drawn(qr_path(link))
    assert (size - 8 - 17) % 4 == 0
    assert min(x for x, _ in dark) == min(y for _, y in dark) == 4
    assert max(x for x, _ in dark) == max(y for _, y in dark) == size - 5
    assert len(d) < 12_000


def test_a_text_too_long_for_a_code_is_refused():
    with pytest.raises(ValueError):
        qr_path("x" * 2332)
