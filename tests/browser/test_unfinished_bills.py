"""No bill is lost: what each loss leaves, and that a paid bill stays paid. The killed browser is in test_killed_browser.py."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.till import CODES, NAMES, key_of, lines, open_counter, said, saved, scan, tabs, total, until_ready, wait_until_kept

pytestmark = pytest.mark.django_db(transaction=True)

# The disk's copies, read and written as the page itself would.
DISK = """(act) => new Promise((done, fail) => {
    const opening = indexedDB.open("kirana", 1);
    opening.onerror = fail;
    opening.onsuccess = () => {
        const transaction = opening.result.transaction("bills", "readwrite");
        const bills = transaction.objectStore("bills");
        const asked = act.put ? bills.put(act.put) : act.clear ? bills.clear() : bills.getAll();
        transaction.oncomplete = () => { opening.result.close(); done(asked.result); };
    };
})"""


def on_disk(page, **act):
    """clear=True, put={…}, or nothing to read all."""
    return page.evaluate(DISK, act)


def local(page) -> dict[str, str]:
    return page.evaluate("Object.fromEntries(Object.entries(localStorage).filter(([name]) => name.startsWith('kirana:bill:')))")


def reload(page):
    page.reload()
    return until_ready(page)


@pytest.fixture
def three_lines(counter, shop):
    """A bill of three lines with a customer, on the disk."""
    factories.make_customer(shop, "Ramesh ji", "+919812345321")
    scan(counter, "2*" + CODES[0], CODES[1], "1.250*42", "9812345321")
    expect(counter.locator("#customer")).to_contain_text("Ramesh ji")
    wait_until_kept(counter)
    return counter


def is_as_it_was(page, key) -> None:
    expect(lines(page)).to_have_count(3)
    assert [cell.input_value() for cell in lines(page).locator(".qty").all()] == ["2", "1", "1.25"]
    expect(total(page)).to_have_text("₹\u00a0213.00")
    expect(page.locator("#customer")).to_contain_text("Ramesh ji")
    assert key_of(page) == key


@pytest.mark.parametrize("loss", ["nothing", "localStorage", "the disk", "a torn entry"])
def test_a_reload_opens_the_bill_as_it_was(three_lines, loss):
    page, key = three_lines, key_of(three_lines)
    if loss == "localStorage":
        page.evaluate("localStorage.clear()")
    elif loss == "the disk":
        on_disk(page, clear=True)
    elif loss == "a torn entry":
        page.evaluate("for (const name of Object.keys(localStorage)) localStorage.setItem(name, localStorage.getItem(name).slice(0, 300))")
    is_as_it_was(reload(page), key)
    expect(said(page)).to_contain_text("This bill was kept on this device")


def test_a_torn_entry_hides_no_other_bill(three_lines):
    page = three_lines
    page.keyboard.press("F3")
    expect(lines(page)).to_have_count(0)
    scan(page, CODES[3])
    expect(lines(page)).to_have_count(1)
    wait_until_kept(page)
    on_disk(page, clear=True)
    page.evaluate("localStorage.setItem('kirana:bill:' + bill.dataset.shop + '/' + bill.elements.counter.value + '/0', '{\"key\":\"0\",')")
    reload(page)
    expect(lines(page)).to_have_count(1)
    expect(tabs(page)).to_have_count(2)


@pytest.mark.parametrize("newer", ["localStorage", "the disk"])
def test_of_two_copies_the_newer_is_opened(three_lines, newer):
    page = three_lines
    old_disk, old_local = on_disk(page)[0], local(page)
    scan(page, CODES[4])
    expect(lines(page)).to_have_count(4)
    wait_until_kept(page)
    if newer == "localStorage":
        on_disk(page, put=old_disk)
    else:
        page.evaluate("(old) => { for (const [name, text] of Object.entries(old)) localStorage.setItem(name, text); }", old_local)
    reload(page)
    expect(lines(page)).to_have_count(4)


def test_a_device_that_keeps_nothing_says_so(counter, context, shop):
    context.add_init_script(
        """delete window.indexedDB; Object.defineProperty(window, "indexedDB", { get: () => { throw new Error("forbidden"); } });
           Storage.prototype.setItem = () => { throw new Error("full"); };"""
    )
    reload(counter)
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    expect(said(counter)).to_contain_text("This device cannot keep the bill")
    counter.keyboard.press("F9")
    expect(saved(counter)).to_be_visible()


def test_a_full_local_storage_leaves_the_disk(counter, context):
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    reload(counter)
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    wait_until_kept(counter)
    assert not local(counter)
    reload(counter)
    expect(lines(counter)).to_have_count(1)


def test_the_page_says_when_the_disk_is_slow(counter, context):
    context.add_init_script(
        """const put = IDBObjectStore.prototype.put;
           IDBObjectStore.prototype.put = function (record) {
             const until = performance.now() + 1500, asked = put.call(this, record), store = this;
             const wait = () => performance.now() < until && (store.get("x").onsuccess = wait);
             wait();
             return asked;
           };"""
    )
    reload(counter)
    scan(counter, CODES[0])
    expect(tabs(counter).first).to_contain_text("keeping …")
    wait_until_kept(counter)
    expect(tabs(counter).first).not_to_contain_text("keeping …")


# The disk answers `late` ms after the page was opened.
LATE_DISK = """const open = IDBFactory.prototype.open, until = performance.now() + %s;
   IDBFactory.prototype.open = function (...args) {
     const pretended = {};
     setTimeout(() => {
       const real = open.apply(indexedDB, args);
       for (const name of ["onupgradeneeded", "onerror"]) real[name] = pretended[name];
       real.onsuccess = () => { pretended.result = real.result; pretended.onsuccess(); };
     }, Math.max(until - performance.now(), 0));
     return pretended;
   };
   localStorage.clear();"""


def test_a_disk_that_answers_late_gives_the_bill_back(three_lines, context):
    key = key_of(three_lines)
    context.add_init_script(LATE_DISK % 4500)
    reload(three_lines)
    expect(said(three_lines)).to_contain_text("disk has not answered yet", timeout=8000)
    expect(lines(three_lines)).to_have_count(0)
    expect(lines(three_lines)).to_have_count(3, timeout=8000)
    is_as_it_was(three_lines, key)
    expect(tabs(three_lines)).to_have_count(1)


def test_a_bill_begun_before_the_disk_answers_is_not_disturbed(three_lines, context):
    key = key_of(three_lines)
    context.add_init_script(LATE_DISK % 5000)
    reload(three_lines)
    expect(said(three_lines)).to_contain_text("disk has not answered yet", timeout=8000)
    scan(three_lines, CODES[2])
    expect(said(three_lines)).to_contain_text("the unfinished bills are in their tabs", timeout=8000)
    expect(lines(three_lines)).to_have_count(1)
    expect(tabs(three_lines)).to_have_count(2)
    three_lines.keyboard.press("PageUp")
    is_as_it_was(three_lines, key)


def test_a_paid_bill_does_not_come_back_from_an_old_copy(three_lines, shop):
    """A killed browser may find an hour-old localStorage again; the disk knows better."""
    page, old = three_lines, local(three_lines)
    page.keyboard.press("F9")
    expect(saved(page)).to_be_visible()
    page.wait_for_timeout(300)
    page.evaluate("(old) => { for (const [name, text] of Object.entries(old)) localStorage.setItem(name, text); }", old)
    reload(page)
    expect(lines(page)).to_have_count(0)
    expect(tabs(page)).to_have_count(1)
    assert not [name for name in local(page) if name in old]
    assert shop.orders.count() == 1


def test_a_bill_that_was_sent_is_asked_for_again_before_anything_else(three_lines, shop):
    """The server has the bill, the page died before it could let it go: the copy says how it was sent."""
    page, key = three_lines, key_of(three_lines)
    page.errors_expected = True
    page.route(re.compile("/counter/pay"), lambda route: (route.fetch(), route.abort()))
    page.evaluate(
        """() => { const send = XMLHttpRequest.prototype.send;
            XMLHttpRequest.prototype.send = function (...given) {
                document.body.dataset.keptWhenSent ??= bill.dataset.kept === bill.dataset.rev;
                return send.apply(this, given); }; }"""
    )
    page.keyboard.press("F9")
    expect(said(page)).to_contain_text("No answer yet")
    assert page.get_attribute("body", "data-kept-when-sent") == "true", "on the disk before it goes"
    assert next(copy for copy in on_disk(page) if copy["key"] == key)["sent"]["exact"] is True
    page.unroute(re.compile("/counter/pay"))
    page.reload()
    scan(page, CODES[4])  # this goes onto the next bill
    expect(lines(page).locator(".item")).to_contain_text([NAMES[4]])
    assert key_of(page) != key
    expect(tabs(page)).to_have_count(1)
    assert shop.orders.get().lines.count() == 3


def test_an_unanswered_bill_waits_in_its_tab_and_holds_up_nobody(three_lines, shop):
    page, key = three_lines, key_of(three_lines)
    page.errors_expected = True
    page.route(re.compile("/counter/pay"), lambda route: route.abort())
    page.keyboard.press("F9")
    expect(said(page)).to_contain_text("No answer yet")
    page.keyboard.press("F3")
    expect(lines(page)).to_have_count(0)
    expect(tabs(page).first).to_contain_text("sent, no answer")
    page.unroute(re.compile("/counter/pay"))
    scan(page, CODES[4])
    page.keyboard.press("F9")
    expect(saved(page)).to_have_text("₹\u00a053.00")
    page.keyboard.press("PageUp")
    expect(page.locator("#saved")).to_contain_text("213.00")
    expect(tabs(page)).to_have_count(1)
    assert str(shop.orders.get(total=213).request_key) == key
    assert shop.orders.count() == 2


def test_a_refused_bill_needs_somebody_until_it_is_changed(counter, shop, goods):
    scan(counter, CODES[0], CODES[1])
    expect(lines(counter)).to_have_count(2)
    shop.products.filter(pk=goods[0].pk).update(is_active=False)
    counter.errors_expected = True
    counter.keyboard.press("F9")
    expect(said(counter)).to_contain_text("not on sale here any more")
    expect(tabs(counter).first).to_contain_text("needs you")
    wait_until_kept(counter)
    reload(counter)
    expect(said(counter)).to_contain_text("not on sale here any more")
    expect(tabs(counter).first).to_contain_text("needs you")
    counter.keyboard.press("Delete")
    expect(lines(counter)).to_have_count(1)
    expect(tabs(counter).first).not_to_contain_text("needs you")


def test_leaving_asks_only_while_a_sent_bill_has_no_answer(counter):
    asked = []
    counter.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    wait_until_kept(counter)
    reload(counter)
    assert not asked, "an open bill is kept: leaving is silent"
    expect(lines(counter)).to_have_count(1)
    counter.errors_expected = True
    counter.route(re.compile("/counter/pay"), lambda route: route.abort())
    counter.keyboard.press("F9")
    expect(said(counter)).to_contain_text("No answer yet")
    counter.reload()
    assert asked == ["beforeunload"]


def test_a_row_kept_by_an_older_release_keeps_the_lists_parallel(three_lines, shop):
    page = three_lines
    on_disk(page, clear=True)
    page.evaluate(
        """() => { for (const name of Object.keys(localStorage)) {
            const old = JSON.parse(localStorage.getItem(name));
            if (!old?.state) continue;
            const rows = old.state.rows.map((row) => row.replace(
                /<input type="hidden" name="line-(amount|rate|off|lot)"[^>]*>/g, "")).join("");
            localStorage.setItem(name, JSON.stringify({ id: old.id, key: old.key, rev: old.rev, opened: old.opened, sent: null,
                rows, customer: old.state.fields.customer })); } }"""
    )
    reload(page)
    expect(lines(page)).to_have_count(3)
    for name in ("amount", "rate", "off", "lot"):
        expect(page.locator(f"#lines [name=line-{name}]")).to_have_count(3)
    page.keyboard.press("F9")
    expect(saved(page)).to_have_text("₹\u00a0213.00")
    assert shop.orders.get().customer.name == "Ramesh ji"


def test_the_page_names_every_field_of_a_line(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    there = counter.evaluate("[...document.querySelectorAll('#lines [name^=line-]')].map((field) => field.name.slice(5)).sort()")
    assert sorted(counter.get_attribute("#lines", "data-fields").split()) == there


def test_another_tab_of_the_browser_takes_up_what_a_closed_one_left(three_lines, context, shop):
    key = key_of(three_lines)
    three_lines.close()
    is_as_it_was(open_counter(context.new_page(), shop), key)
