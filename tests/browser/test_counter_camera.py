"""Scanning with the camera, which is a canvas here: each code once while in the picture, by the browser's reader or the vendored one."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.phone import phone
from tests.browser.till import CODES, NAMES, lines, said, scan, total

pytestmark = pytest.mark.django_db(transaction=True)

# window.camera.show("1010…") draws bars, .show("") an empty table; .error makes it fail; .open counts open streams
CAMERA = """
window.camera = { open: 0, canvas: Object.assign(document.createElement("canvas"), { width: 1280, height: 720 }), show(bars) {
  const draw = this.canvas.getContext("2d");
  draw.fillStyle = "#fff"; draw.fillRect(0, 0, 1280, 720); draw.fillStyle = "#000";
  [...bars].forEach((bar, n) => { if (bar === "1") draw.fillRect(260 + n * 8, 200, 8, 320); });
} };
navigator.mediaDevices.enumerateDevices = async () => (camera.none ? [] : [{ kind: "videoinput" }]);
navigator.mediaDevices.getUserMedia = async () => {
  if (camera.error) throw new DOMException("", camera.error);
  camera.show(""); camera.open += 1;
  const stream = camera.canvas.captureStream(15);
  for (const track of stream.getTracks()) { const stop = track.stop.bind(track); track.stop = () => { camera.open -= 1; stop(); }; }
  camera.timer ??= setInterval(() => camera.canvas.getContext("2d").fillRect(0, 0, 1, 1), 60); // one that stands still sends nothing
  return stream;
};
navigator.vibrate = (pattern) => { (window.shaken ??= []).push(pattern); return true; };
"""
READER = """
window.seen = [];
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["ean_13", "code_128"]; }
  async detect() { return window.seen.map((one) => (typeof one === "string" ? { rawValue: one, format: "ean_13" } : one)); }
};
"""
NONE = "delete window.BarcodeDetector;"
LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
FIRST = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]


def bars_of(ean: str) -> str:
    """The 95 modules of an EAN-13, 1 for a dark one."""
    flipped = [code.translate({48: 49, 49: 48}) for code in LEFT]
    kinds = FIRST[int(ean[0])]
    left = (LEFT[int(d)] if kind == "L" else flipped[int(d)][::-1] for d, kind in zip(ean[1:7], kinds, strict=True))
    return "101" + "".join(left) + "01010" + "".join(flipped[int(d)] for d in ean[7:]) + "101"


@pytest.fixture
def on_phone(chromium, live_server, shop, goods):
    user = factories.make_member(shop)
    return lambda script: phone(chromium, live_server, user, shop, script=script)


def start(page):
    page.get_by_role("button", name="Scan with the camera").tap()
    expect(page.locator("#cam")).to_be_visible()
    expect(page.locator("[data-cam-last]")).to_contain_text("Hold a barcode")


def in_sight(page, *codes):
    page.evaluate("codes => { window.seen = codes; }", list(codes))


def quantities(page) -> list[str]:
    return [cell.input_value() for cell in lines(page).locator(".qty").all()]


def test_a_code_counts_once_until_it_has_left_the_picture(on_phone):
    with on_phone(CAMERA + READER) as page:
        start(page)
        in_sight(page, CODES[0])
        expect(lines(page)).to_have_count(1)
        expect(page.locator("[data-cam-last]")).to_have_text(f"✓ {NAMES[0]} ₹\u00a052.50")
        page.wait_for_timeout(1500)
        assert quantities(page) == ["1"], "held still it is one packet"
        in_sight(page)
        page.wait_for_timeout(300)
        in_sight(page, CODES[0])
        page.wait_for_timeout(500)
        assert quantities(page) == ["1"], "a flicker is not leaving"
        in_sight(page)
        page.wait_for_timeout(1500)
        in_sight(page, CODES[0])
        expect(lines(page).locator(".qty")).to_have_value("2")
        assert page.evaluate("shaken") == [40, 40], "one shake for each"
        in_sight(page, CODES[0], CODES[1])
        expect(lines(page)).to_have_count(2)
        assert quantities(page) == ["2", "1"], "another beside it counts at once"


def test_the_rule_of_leaving_is_point_eight_seconds_and_three_looks(counter):
    taken = counter.evaluate(
        """async () => {
        const main = document.querySelector('script[src*="counter/main"]').src;
        const { Lockout } = await import(main.replace("counter/main", "camera/lockout"));
        const looks = (steps) => { const codes = new Lockout(); return steps.map(([now, ...found]) => codes.take(found, now).join()); };
        const sure = { text: "A", sure: true }, unsure = { text: "B", sure: false };
        return [
          looks([[0, sure], [100, sure], [700], [800], [899], [900, sure]]),
          looks([[0, sure], [300], [600], [799, sure], [1000], [1598], [1599], [1600, sure]]),
          looks([[0, sure], [2000], [2001, sure]]),
          looks([[0, unsure], [100, unsure], [200, unsure]]),
        ];
    }"""
    )
    assert taken[0] == ["A", "", "", "", "", ""], "0.799 s away since it was last seen at 100"
    assert taken[1] == ["A", "", "", "", "", "", "", "A"], "counted from when it was last in the picture"
    assert taken[2] == ["A", "", ""], "one look without it may be a blurred one"
    assert taken[3] == ["", "B", ""], "a code without a check of its own is read twice"


def test_the_strip_is_120_high_and_hides_neither_the_sum_nor_the_keys(on_phone):
    with on_phone(CAMERA + READER) as page:
        start(page)
        in_sight(page, *CODES[:3])
        expect(lines(page)).to_have_count(3)
        assert page.locator("#cam").bounding_box()["height"] == 120
        assert page.locator("#cam").bounding_box()["y"] < page.locator("#lines-box").bounding_box()["y"]
        for shown in (total(page), page.locator("#entry"), page.locator(".acts [data-act=cash]")):
            expect(shown).to_be_in_viewport(ratio=1)


def test_its_button_paying_and_a_hidden_page_switch_it_off(on_phone):
    with on_phone(CAMERA + READER) as page:
        start(page)
        assert page.evaluate("camera.open") == 1
        page.locator("#cam").get_by_role("button", name="Switch the camera off").tap()
        expect(page.locator("#cam")).to_be_hidden()
        assert page.evaluate("camera.open") == 0
        start(page)
        in_sight(page, CODES[0])
        expect(lines(page)).to_have_count(1)
        total(page).tap()
        expect(page.locator("#cam")).to_be_hidden()
        page.keyboard.press("Escape")
        in_sight(page)
        start(page)
        page.evaluate("Object.defineProperty(document, 'hidden', { value: true }); document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.locator("#cam")).to_be_hidden()
        assert page.evaluate("camera.open") == 0


def test_after_a_minute_without_a_code_it_rests_and_says_so(on_phone):
    quick = "{ const now = performance.now.bind(performance); performance.now = () => now() * (window.faster ?? 1); }"
    with on_phone(CAMERA + READER + quick) as page:
        start(page)
        page.evaluate("window.faster = 1000")
        expect(said(page)).to_contain_text("The camera rests after a minute without a code")
        expect(page.locator("#cam")).to_be_hidden()
        assert page.evaluate("camera.open") == 0


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("NotAllowedError", "The camera is not allowed here"),
        ("NotReadableError", "The camera does not answer"),
        ("NotFoundError", "No camera was found"),
    ],
)
def test_a_camera_that_cannot_be_had_is_one_sentence(on_phone, error, sentence):
    with on_phone(CAMERA + READER) as page:
        page.evaluate("name => { camera.error = name; }", error)
        page.get_by_role("button", name="Scan with the camera").tap()
        expect(said(page).locator("[data-kind=bad]")).to_contain_text(sentence)
        expect(page.locator("#cam")).to_be_hidden()
        scan(page, CODES[0])
        expect(lines(page)).to_have_count(1)


def test_without_a_camera_there_is_no_button(on_phone):
    with on_phone(CAMERA.replace("camera.none ?", "true ?")) as page:
        page.wait_for_timeout(200)
        expect(page.locator(".cam-button")).to_be_hidden()


def test_a_browser_without_a_reader_loads_the_vendored_one_and_reads_the_picture(on_phone):
    with on_phone(CAMERA + NONE) as page:
        assert page.locator("script[src*=zxing]").count() == 0
        start(page)
        assert page.locator("script[src*=zxing]").count() == 1
        page.evaluate("bars => camera.show(bars)", bars_of(CODES[2]))
        expect(lines(page).locator(".item b")).to_have_text([NAMES[2]], timeout=15_000)
        page.evaluate("camera.show('')")
        page.wait_for_timeout(2500)
        page.evaluate("bars => camera.show(bars)", bars_of(CODES[2]))
        expect(lines(page).locator(".qty")).to_have_value("2", timeout=15_000)


def test_a_reader_that_promises_and_fails_is_replaced_by_the_vendored_one(on_phone):
    broken = READER.replace("async detect() {", "async detect() { throw new Error('no service');")
    with on_phone(CAMERA + broken) as page:
        start(page)
        page.evaluate("bars => camera.show(bars)", bars_of(CODES[1]))
        expect(lines(page).locator(".item b")).to_have_text([NAMES[1]], timeout=15_000)
