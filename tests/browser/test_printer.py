"""How a bill gets to paper at the counter: straight to a printer (a pretended one), through the browser, again, and when it fails."""

import json
import re

import pytest
from playwright.sync_api import expect

from orders.printing.escpos import DRAWER
from shops.models import Counter, Shop
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.test_counter import CODES, NAMES, lines, open_counter, scan
from tests.orders.roll_printer import read

pytestmark = pytest.mark.django_db(transaction=True)

# A USB printer that keeps what it is sent; `usb.broken` makes it refuse, `usb.gone` takes it off the bus.
FAKE_USB = """
window.usb = {chunks: [], endpoints: [], asked: [], broken: false, gone: false, opened: 0};
const interfaces = [
  {interfaceNumber: 0, alternates: [{alternateSetting: 0, interfaceClass: 255, endpoints: [
    {direction: "out", type: "bulk", endpointNumber: 9}]}]},
  {interfaceNumber: 1, alternates: [{alternateSetting: 0, interfaceClass: 7, endpoints: [
    {direction: "in", type: "bulk", endpointNumber: 1}, {direction: "out", type: "bulk", endpointNumber: 2}]}]},
];
const printer = {
  opened: false, configuration: null, configurations: [{interfaces}],
  async open() { this.opened = true; window.usb.opened += 1; },
  async close() { this.opened = false; },
  async selectConfiguration() { this.configuration = this.configurations[0]; },
  async claimInterface(number) { window.usb.claimed = number; },
  async transferOut(endpoint, data) {
    if (window.usb.broken) throw new DOMException("stalled", "NetworkError");
    window.usb.endpoints.push(endpoint);
    window.usb.chunks.push(Array.from(data));
    return {status: "ok", bytesWritten: data.length};
  },
};
Object.defineProperty(Navigator.prototype, "usb", {configurable: true, value: {
  async getDevices() { return window.usb.gone ? [] : [printer]; },
  async requestDevice(filters) {
    window.usb.asked.push(filters);
    if (window.usb.gone) throw new DOMException("no", "NotFoundError");
    return printer;
  },
}});
"""
NO_PORTS = 'for (const name of ["usb", "serial"]) delete Navigator.prototype[name];'


@pytest.fixture
def goods(shop):
    return [factories.make_product(shop, name, stock=100, barcodes=[(code, 1)]) for name, code in zip(NAMES, CODES, strict=True)]


def at_counter(page, shop, script="", **till):
    Counter.objects.filter(shop=shop).update(**till)
    if script:
        page.add_init_script(script)
    sign_in(page, factories.make_member(shop))
    return open_counter(page, shop)


@pytest.fixture
def raw(page, shop, goods):
    """A counter with a raw 80-mm printer on USB, and a drawer on that."""
    return at_counter(page, shop, FAKE_USB, printer="raw", paper="r80", opens_drawer=True)


def sell(page, *codes):
    scan(page, *(codes or CODES[:2]))
    expect(lines(page)).to_have_count(len(codes or CODES[:2]))
    page.keyboard.press("F9")
    expect(page.locator("#saved .line-one")).to_contain_text("S1/")
    expect(lines(page)).to_have_count(0)


def until(page, true: str) -> None:
    """Waits for it from here: a page that may not eval cannot be told to wait for words."""
    for _ in range(100):
        if page.evaluate(true):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {true}")


def sent(page, times=1) -> list[bytes]:
    """What the printer got, receipt by receipt: each ends with the cut."""
    until(page, f"window.usb.chunks.flat().join(',').split('29,86,66,0').length > {times}")
    content = bytes(page.evaluate("window.usb.chunks.flat()"))
    return [part + b"\x1dVB\x00" for part in content.split(b"\x1dVB\x00")[:-1]]


def trouble(page):
    return page.locator("#say #printer-retry")


# --- raw ------------------------------------------------------------------------------------------------------
def test_the_bytes_arrive_whole_in_chunks_and_are_the_original(raw, shop):
    sell(raw)
    (content,) = sent(raw)
    order = shop.orders.get()
    out = read(content)
    assert order.bill_number in out.text
    assert "DUPLICATE" not in out.text
    assert DRAWER in content, "cash was paid"
    sizes = [len(chunk) for chunk in raw.evaluate("window.usb.chunks")]
    assert len(sizes) > 1
    assert set(sizes[:-1]) == {4096}
    assert raw.evaluate("[window.usb.claimed, ...new Set(window.usb.endpoints)]") == [1, 2], "the printer's own interface, its way in"
    assert [(p.copy_no, p.paper) for p in order.prints.all()] == [(1, "r80")]
    assert raw.locator("#paper").get_attribute("src") is None
    expect(raw.locator("#entry")).to_be_focused()


def test_the_next_bill_waits_for_no_printer(raw, shop):
    raw.evaluate("window.usb.broken = true")
    sell(raw)
    expect(trouble(raw)).to_be_visible()
    scan(raw, *CODES[:3])
    expect(lines(raw)).to_have_count(3)
    raw.evaluate("window.usb.broken = false")
    raw.keyboard.press("F9")
    expect(lines(raw)).to_have_count(0)
    assert len(sent(raw)) == 1
    assert shop.orders.count() == 2


def test_ctrl_p_prints_the_last_bill_again_as_a_duplicate(raw, shop):
    sell(raw)
    sent(raw)
    raw.keyboard.press("Control+p")
    first, second = sent(raw, 2)
    assert "DUPLICATE" not in read(first).text
    assert read(second).text.count("DUPLICATE") == 2
    assert DRAWER not in second
    assert shop.orders.get().prints.count() == 2
    expect(raw.locator("#say")).to_contain_text("again, marked DUPLICATE")


def test_after_a_reload_ctrl_p_asks_the_server_for_the_last_bill(raw, shop):
    raw.keyboard.press("Control+p")
    expect(raw.locator("#say")).to_contain_text("No bill was made at Counter 1 yet")
    sell(raw)
    sent(raw)
    raw.reload()
    raw.wait_for_function("document.documentElement.dataset.ready !== undefined")
    raw.keyboard.press("Control+p")
    (content,) = sent(raw)
    assert shop.orders.get().bill_number in read(content).text
    assert "DUPLICATE" in read(content).text


def test_a_printer_that_does_not_answer_is_told_and_p_tries_the_same_print_again(raw, shop):
    raw.evaluate("window.usb.broken = true")
    sell(raw)
    expect(trouble(raw)).to_have_text(re.compile(r"Saved\. Printer not answering\.\s+P\s+retry\s+W\s+WhatsApp\s+Enter\s+go on"))
    raw.keyboard.press("p")
    expect(trouble(raw)).to_be_visible()
    raw.evaluate("window.usb.broken = false")
    raw.keyboard.press("p")
    (content,) = sent(raw)
    assert "DUPLICATE" not in read(content).text
    assert shop.orders.get().prints.count() == 1
    expect(trouble(raw)).to_have_count(0)
    expect(raw.locator("#entry")).to_have_value("")


def test_a_printer_that_was_there_and_is_off_is_not_answering_either(raw, shop):
    raw.evaluate("localStorage.setItem('kirana:printer', 'usb'); window.usb.gone = true")
    sell(raw)
    expect(trouble(raw)).to_be_visible()
    raw.evaluate("window.usb.gone = false")
    raw.locator("#say [data-act=print-retry]").click()
    assert len(sent(raw)) == 1


def test_w_sends_the_bill_by_whatsapp_instead(raw, shop):
    raw.context.route("https://wa.me/**", lambda route: route.fulfill(body="WhatsApp"))
    raw.evaluate("window.usb.broken = true")
    sell(raw)
    expect(trouble(raw)).to_be_visible()
    with raw.context.expect_page() as opened:
        raw.keyboard.press("w")
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith("https://wa.me/?text=")
    assert opened.value.evaluate("window.opener") is None
    expect(trouble(raw)).to_have_count(0)


def test_enter_goes_on_without_paper(raw):
    raw.evaluate("window.usb.broken = true")
    sell(raw)
    expect(trouble(raw)).to_be_visible()
    raw.keyboard.press("Enter")
    expect(trouble(raw)).to_have_count(0)
    expect(raw.locator("#entry")).to_be_focused()
    raw.keyboard.type("par")
    expect(raw.locator("#entry")).to_have_value("par")


def test_letters_of_a_name_are_no_answer_once_typing_has_begun(raw, shop):
    raw.evaluate("window.usb.broken = true")
    sell(raw)
    expect(trouble(raw)).to_be_visible()
    raw.keyboard.type("amp")
    expect(raw.locator("#entry")).to_have_value("amp")


def test_connecting_asks_for_a_printer_and_remembers_it(raw):
    raw.locator(".till-top summary").click()
    raw.locator("[data-act=printer-usb]").click()
    expect(raw.locator("#say")).to_contain_text("The printer is connected")
    assert json.dumps(raw.evaluate("window.usb.asked")) == '[{"filters": [{"classCode": 7}]}]'
    assert raw.evaluate("localStorage.getItem('kirana:printer')") == "usb"
    raw.evaluate("window.usb.gone = true")
    raw.locator(".till-top summary").click()
    raw.locator("[data-act=printer-usb]").click()
    expect(raw.locator("#say")).to_contain_text("No printer was chosen")


def test_without_any_printer_the_receipt_is_a_file(page, shop, goods):
    counter = at_counter(page, shop, NO_PORTS, printer="raw", paper="r58")
    scan(counter, CODES[0])
    with counter.expect_download() as download:
        counter.keyboard.press("F9")
    order = shop.orders.get()
    assert download.value.suggested_filename == f"{order.slug}.bin"
    assert order.bill_number in read(download.value.path().read_bytes()).text
    expect(counter.locator("#say")).to_contain_text("downloads")
    assert counter.locator("[data-act=printer-usb]").count() == 1
    assert not counter.locator("[data-act=printer-usb]").is_visible()


def test_the_drawer_opens_without_a_bill(raw):
    opened = raw.evaluate("import('/static/js/counter/printer.js').then((printer) => printer.openDrawer())")
    assert opened is True
    assert bytes(raw.evaluate("window.usb.chunks.flat()")) == DRAWER
    raw.evaluate("window.usb.broken = true")
    raw.evaluate("document.dispatchEvent(new CustomEvent('till:drawer'))")
    expect(raw.locator("#say")).to_contain_text("The drawer does not answer")


# --- through the browser --------------------------------------------------------------------------------------
COUNT_PRINTS = """
window.printed = [];
const real = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "contentWindow").get;
Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", {get() {
  const frame = this, inner = real.call(this);
  return frame.id === "paper" && frame.src.includes(".pdf") ? {print() { window.printed.push(frame.src); }} : inner;
}});
"""


def test_a_counter_with_a4_paper_prints_the_a4_bill(page, shop, goods):
    counter = at_counter(page, shop, COUNT_PRINTS, printer="browser", paper="a4")
    sell(counter)
    until(counter, "window.printed.length === 1")
    order = shop.orders.get()
    assert counter.evaluate("window.printed")[0].endswith(f"/bills/{order.slug}/invoice.pdf?copy=1")
    assert [(p.copy_no, p.paper) for p in order.prints.all()] == [(1, "a4")]
    expect(counter.locator("#entry")).to_be_focused()
    counter.keyboard.press("Control+p")
    until(counter, "window.printed.length === 2")
    assert counter.evaluate("window.printed")[1].endswith("invoice.pdf?copy=2")
    assert order.prints.count() == 2


def test_a_roll_is_printed_again_through_the_frame(page, shop, goods):
    counter = at_counter(page, shop, printer="browser", paper="r58")
    sell(counter)
    order = shop.orders.get()
    expect(counter.frame_locator("#paper").locator("body.r58")).to_contain_text(order.bill_number)
    counter.wait_for_timeout(800)
    assert order.prints.count() == 1
    counter.locator("#saved [data-act=reprint]").click()
    expect(counter.frame_locator("#paper").locator("body.r58")).to_contain_text("DUPLICATE")
    assert order.prints.count() == 2


# As Chromium prints: keys go into the box meanwhile, and no listener hears them, nor the Enter.
DEAF_PRINT = """
if (window !== top) window.print = () => { top.document.getElementById("entry").value += top.sessionStorage.getItem("typed") ?? ""; };
"""


@pytest.mark.parametrize("before", ["", CODES[1][:4], CODES[1]])
def test_a_scan_while_the_receipt_prints_is_not_lost(page, shop, goods, before):
    counter = at_counter(page, shop, DEAF_PRINT, printer="browser", paper="r58")
    counter.evaluate("typed => sessionStorage.setItem('typed', typed)", CODES[1].removeprefix(before))
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("F9")
    counter.keyboard.type(before)
    expect(lines(counter).locator(".item b")).to_have_text([NAMES[1]])
    expect(counter.locator("#entry")).to_have_value("")


@pytest.mark.parametrize(("before", "meanwhile"), [("987", "65432"), ("", "987654"), ("sug", "ar")])
def test_what_a_person_types_while_the_receipt_prints_waits_for_its_enter(page, shop, goods, before, meanwhile):
    counter = at_counter(page, shop, DEAF_PRINT, printer="browser", paper="r58")
    counter.evaluate("typed => sessionStorage.setItem('typed', typed)", meanwhile)
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("F9")
    counter.keyboard.type(before)
    expect(counter.locator("#entry")).to_have_value(before + meanwhile)
    counter.wait_for_timeout(150)
    expect(counter.locator("#entry")).to_have_value(before + meanwhile)


def test_a_bill_that_was_saved_before_is_not_printed_by_itself(page, shop, goods):
    """The answer that came late: the first may be on paper already."""
    counter = at_counter(page, shop, FAKE_USB, printer="raw")
    counter.errors_expected = True
    lost = []

    def lose_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    counter.route("**/counter/pay", lose_first)
    scan(counter, CODES[0])
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("Already saved", timeout=15_000)
    counter.wait_for_timeout(500)
    assert counter.evaluate("window.usb.chunks.length") == 0
    counter.keyboard.press("Control+p")
    assert shop.orders.count() == 1
    assert len(sent(counter)) == 1
    assert Shop.objects.count() == 1
