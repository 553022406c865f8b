"""What the counter sounds like: which tones, when, and never when muted. The audio is a fake that writes down what it is asked for."""

import pytest
from playwright.sync_api import expect

from catalog.barcodes import ean_check_digit
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.till import CODES, lines, open_counter, said, scan

pytestmark = pytest.mark.django_db(transaction=True)

FAKE_AUDIO = """
window.heard = [];
window.AudioContext = class {
  constructor() { this.state = "suspended"; this.currentTime = 0; this.destination = {}; window.contexts = (window.contexts ?? 0) + 1; }
  resume() { this.state = "running"; return Promise.resolve(); }
  suspend() { this.state = "suspended"; return Promise.resolve(); }
  createGain() { return { gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, connect: (next) => next }; }
  createOscillator() {
    const made = { frequency: { value: 0 }, connect: (next) => next, start: () => window.heard.push(made.frequency.value), stop() {} };
    return made;
  }
};
navigator.vibrate = (pattern) => { (window.shaken ??= []).push(pattern); return true; };
"""
GOOD, SOFT, SINGLE, DOUBLE = [1568], [523], [247], [247, 196]


@pytest.fixture
def counter(page, shop, goods):
    page.add_init_script(FAKE_AUDIO)
    sign_in(page, factories.make_member(shop))
    return open_counter(page, shop)


def heard(page) -> list[int]:
    """The tones since the last look."""
    page.wait_for_timeout(30)
    return page.evaluate("window.heard.splice(0)")


def test_nothing_sounds_and_no_audio_is_made_before_somebody_pressed_something(counter):
    assert counter.evaluate("window.contexts") is None
    counter.evaluate("document.dispatchEvent(new CustomEvent('counter:sound', { detail: { sound: 'double' } }))")
    assert heard(counter) == []
    counter.keyboard.press("F2")  # a key counts, and so do a scanner's
    assert counter.evaluate("window.contexts") == 1
    assert heard(counter) == SOFT, "there is no line yet"


def test_a_good_scan_is_one_high_tone_also_when_it_adds_to_its_line(counter):
    for quantity in ("1", "2"):
        scan(counter, CODES[0])
        expect(lines(counter).locator(".qty")).to_have_value(quantity)
        assert heard(counter) == GOOD


def test_an_unknown_code_is_a_low_double_and_a_misread_one_a_low_single(counter):
    scan(counter, "890103086527" + ean_check_digit("890103086527"))
    expect(said(counter)).to_contain_text("Not in list")
    assert heard(counter) == DOUBLE
    counter.keyboard.press("Escape")
    heard(counter)
    scan(counter, "8901234567891")
    expect(said(counter)).to_contain_text("Misread code")
    assert heard(counter) == SINGLE


def test_a_rate_above_the_mrp_is_a_low_double(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    heard(counter)
    counter.keyboard.press("F7")
    scan(counter, "999")
    expect(said(counter)).to_contain_text("above MRP")
    assert heard(counter) == DOUBLE


def test_goods_that_wait_for_their_weight_sound_softly_not_as_finished(counter):
    scan(counter, "42")
    expect(said(counter)).to_contain_text("type the weight")
    assert heard(counter) == SOFT


def test_a_bill_saved_before_is_told_softly(counter):
    counter.evaluate(
        """() => { const key = document.getElementById("bill").elements.key.value;
        document.dispatchEvent(new CustomEvent("bill:saved", { detail: { key, number: "S1/1", again: true } })); }"""
    )
    counter.keyboard.press("F2")
    heard(counter)
    counter.evaluate(
        """() => { const key = document.getElementById("bill").elements.key.value;
        document.dispatchEvent(new CustomEvent("bill:saved", { detail: { key, number: "S1/1", again: true } })); }"""
    )
    expect(said(counter)).to_contain_text("Already saved as S1/1")
    assert heard(counter) == SOFT


@pytest.mark.parametrize(
    ("kind", "code", "tones"),
    [
        ("bad", "credit_limit", SINGLE),
        ("bad", "needs_approval", []),
        ("bad", "expired", DOUBLE),
        ("bad", "above_mrp", DOUBLE),
        ("good", "", []),
    ],
)
def test_what_the_server_says_sounds_as_the_table_of_messages_tells(counter, kind, code, tones):
    counter.keyboard.press("Shift")
    counter.evaluate(
        """async ([kind, code]) => {
        const words = await import(document.querySelector('script[src*="counter/main"]').src.replace("main", "words"));
        const slot = document.createElement("div");
        slot.append(Object.assign(document.createElement("p"), { textContent: "said" }));
        Object.assign(slot.firstChild.dataset, { kind, ...(code && { refused: code }) });
        words.sayFragment(slot);
    }""",
        [kind, code],
    )
    assert heard(counter) == tones


def test_alt_m_mutes_this_device_also_after_a_reload_and_says_so_in_the_bar(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    heard(counter)
    counter.keyboard.press("Alt+m")
    expect(said(counter)).to_contain_text("Sounds are off on this device")
    mark = counter.locator(".till-top .muted-mark")
    expect(mark).to_be_visible()
    scan(counter, CODES[1], "jhgfdsa")
    expect(said(counter)).to_contain_text("Nothing is called")
    assert heard(counter) == []
    counter.reload()
    expect(mark).to_be_visible()
    scan(counter, CODES[2])
    expect(lines(counter)).to_have_count(3)
    assert heard(counter) == []
    mark.click()
    expect(mark).to_be_hidden()
    scan(counter, CODES[3])
    expect(lines(counter)).to_have_count(4)
    assert heard(counter)[-1:] == GOOD


def test_the_menu_has_the_switch_with_its_key_beside_it(counter):
    counter.locator(".till-top .menu > summary").click()
    switch = counter.locator(".menu [data-act=mute]")
    expect(switch).to_contain_text("Mute the sounds Alt M")
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")


def test_a_laptop_does_not_try_to_shake(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    assert counter.evaluate("window.shaken") is None
