"""Every sentence the counter may say fits its line: one on a laptop, two on a 360-px phone, in each language (docs/counter.md)."""

import pytest
from django.utils import translation

from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.till import open_counter

pytestmark = pytest.mark.django_db(transaction=True)
MEASURE = """() => {
  const long = { name: "Amul Butter 100 g", text: "8901…890", quantity: "1.250", unit: "kg", amount: "₹ 1,284.00",
    total: "₹ 1,284.00", count: "12",
    number: "S1/26-27/001042", left: "₹ 1,284.00", over: "₹ 100.00", whole: "₹ 500.00",
    rate: "₹62.00", mrp: "₹60.00", limit: "₹ 5,000.00",
    customer: "Ramesh", time: "10:54", reason: "Not enough money", off: "5%", month: "Mar 27",
    result: "570", sum: "12*45+30", price: "₹ 60.00",
    bills: "40", free: "12", all: "14", most: "20", typed: "1.250" };
  const say = document.getElementById("say");
  const line = document.createElement("p");
  line.dataset.kind = "warn";
  say.replaceChildren(line);
  const height = () => line.getBoundingClientRect().height;
  line.textContent = "x";
  const one = height();
  const wide = () => line.scrollWidth > line.clientWidth + 1;
  return [...document.querySelectorAll("#words [data-word]")].map((word) => {
    line.textContent = word.textContent.replace(/\\{(\\w+)\\}/g, (whole, mark) => long[mark] ?? whole);
    return { word: word.dataset.word, text: line.textContent, lines: Math.round(height() / one), cut: wide() };
  });
}"""


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize(("width", "height", "most"), [(1366, 650, 1), (360, 740, 2)])
def test_every_sentence_fits_the_message_line(page, shop, language, width, height, most):
    cashier = factories.make_user("Meena", language=language)
    factories.make_member(shop, user=cashier)
    sign_in(page, cashier)
    page.set_viewport_size({"width": width, "height": height})
    open_counter(page, shop)
    assert page.get_attribute("html", "lang").startswith(language)
    said = page.evaluate(MEASURE)
    assert len(said) > 80
    too_long = [(one["word"], one["text"], one["lines"]) for one in said if one["lines"] > most or one["cut"]]
    assert not too_long


def test_nothing_the_counter_says_is_left_in_english_on_a_hindi_screen(client, shop):
    cashier = factories.make_user("Meena", language="hi")
    factories.make_member(shop, user=cashier)
    client.force_login(cashier)
    page = client.get(f"/s/{shop.slug}/counter/").content.decode()
    with translation.override("hi"):
        assert translation.gettext("Scan the first thing") in page
        assert translation.gettext("Cash &amp; print") in page
    assert "Scan the first thing" not in page
