"""Words drawn for printers that have no Hindi letters: right to the pixel, conjuncts joined, nothing cut off.

The expected pictures lie in tests/orders/strips/. After a wanted change: STRIPS=write .venv/bin/pytest tests/orders/test_strips.py,
then look at them before they are committed.
"""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFont

from orders.printing import strips
from orders.printing.strips import row_strip, width, wrap

EXPECTED = Path(__file__).parent / "strips"
DOTS = 384
SAMPLES = {
    "namak": lambda: strips.strips("नमक", dots=DOTS),
    "shakkar-bold": lambda: strips.strips("शक्कर", dots=DOTS, bold=True),
    "hindi-kshatriya": lambda: strips.strips("हिन्दी क्षत्रिय", dots=DOTS),
    "wheat-and-figures": lambda: strips.strips("गेहूँ का आटा 10 kg", "₹ 1,284.00", dots=DOTS),
    "total-big": lambda: strips.strips("कुल", "₹ 1,284.00", dots=DOTS, px=44, bold=True),
    "rupees": lambda: strips.strips("₹ 1,284.00", dots=DOTS),
    "thanks-centred": lambda: strips.strips("धन्यवाद, फिर पधारें।", dots=DOTS, centre=True),
    "reph-and-matras": lambda: strips.strips("शर्मा किराना, ड्राईफ्रूट ज़रूरी", dots=DOTS),
    "tax-heads": lambda: [row_strip(["GST", "मूल्य", "CGST"], [200, 380], px=24, dots=DOTS)],
    "two-lines": lambda: strips.strips("बासमती चावल पुराना लंबा दाना विशेष", "840.00", dots=DOTS),
}


def stacked(drawn) -> Image.Image:
    """The strips one under the other, as they come out of the printer."""
    sheet = Image.new("1", (max(one.width for one in drawn), sum(one.height for one in drawn)), 255)
    top = 0
    for one in drawn:
        sheet.paste(one, (0, top))
        top += one.height
    return sheet


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one.convert("L"), other.convert("L")).getbbox() is None


def ink(image: Image.Image) -> int:
    """How many dots are burnt."""
    return image.convert("L").histogram()[0]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_dot_is_as_expected(name):
    drawn, path = stacked(SAMPLES[name]()), EXPECTED / f"{name}.png"
    if os.environ.get("STRIPS") == "write":
        drawn.save(path)
    with Image.open(path) as expected:
        assert same(drawn, expected), f"{path.name} looks different now"


def test_this_machine_can_join_conjuncts():
    assert strips.can_shape(), "Pillow found no libfribidi: pango brings it"


@pytest.mark.parametrize("word", ["शक्कर", "हिन्दी", "क्षत्रिय", "शर्मा", "दाल मिर्च"])
def test_a_conjunct_is_joined(word, monkeypatch):
    shaped = stacked(strips.strips(word, dots=DOTS))
    loose = lambda family, weight, px: ImageFont.truetype(  # noqa: E731
        io.BytesIO(strips._file(family, weight)[0]), px, layout_engine=ImageFont.Layout.BASIC
    )
    monkeypatch.setattr(strips, "_font", loose)
    assert not same(shaped, stacked(strips.strips(word, dots=DOTS)))


def test_letters_without_marks_need_no_joining():
    """So the test above fails for the joining alone, not for anything else that differs."""
    shaped, loose = (ImageFont.truetype(io.BytesIO(strips._file("deva", 400)[0]), 24, layout_engine=engine) for engine in ImageFont.Layout)
    if shaped.layout_engine != ImageFont.Layout.RAQM:
        shaped, loose = loose, shaped
    assert abs(shaped.getlength("नमक") - loose.getlength("नमक")) < 3
    assert shaped.getlength("क्षत्रिय") < loose.getlength("क्षत्रिय") - 10


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Z", "C")), max_size=60) | st.text(
    "कखगजझतदनपबमयरलवशषसह्ािीुूेैोौंँःृ़ऽ।₹ 0123456789.,abcXYZ\u200c\u200d", max_size=80
)


@settings(max_examples=120, deadline=None)
@given(
    left=WORDS, right=WORDS, dots=st.sampled_from([384, 576]), px=st.sampled_from([20, 24, 44]), bold=st.booleans(), centre=st.booleans()
)
def test_no_strip_is_wider_than_the_paper_and_no_ink_is_lost(left, right, dots, px, bold, centre):
    drawn = strips.strips(left, right, dots=dots, px=px, bold=bold, centre=centre)
    assert drawn
    for one in drawn:
        assert 0 < one.width <= dots
        assert one.width % 8 == 0 or one.width == dots
        assert one.height <= 5 * px


@pytest.mark.parametrize("text", ["ऊँ हूँ क्यूँ ज़िद्दी ट्रैक्टर", "कृपया ध्यान दें", "iff fjord", "₹₹₹"])
@pytest.mark.parametrize("px", [20, 24, 44])
def test_a_strip_holds_all_its_ink(text, px):
    """As many burnt dots as on a canvas with room to spare on every side."""
    narrow = stacked(strips.strips(text, dots=-(-(width(text, px=px) + 4) // 8) * 8, px=px))
    roomy = stacked(strips.strips(text, dots=4000, px=px, centre=True))
    assert ink(narrow) == ink(roomy) > 0


def test_what_stands_right_ends_at_the_edge():
    for text in ("₹ 5.00", "₹ 1,23,456.50", "नकद"):
        one = strips.strips("क", text, dots=576)[0]
        left, _top, right, _bottom = ImageChops.invert(one.convert("L")).getbbox()
        assert left <= 4
        assert 572 <= right <= 576


def test_breaks_between_words_and_a_long_word_between_syllables():
    assert wrap("आटा चावल दाल", dots=1000, px=24) == ["आटा चावल दाल"]
    lines = wrap("आटा चावल दाल", dots=width("आटा चावल", px=24) + 4, px=24)
    assert lines == ["आटा चावल", "दाल"]
    pieces = wrap("क्षत्रियक्षत्रियक्षत्रिय", dots=120, px=24)
    assert "".join(pieces) == "क्षत्रियक्षत्रियक्षत्रिय"
    assert len(pieces) > 1
    assert not any(piece.startswith(("्", "ि")) or piece.endswith("्") for piece in pieces)


def test_a_letter_no_font_has_is_a_box_and_breaks_nothing():
    assert ink(stacked(strips.strips("कத", dots=DOTS))) > ink(stacked(strips.strips("क", dots=DOTS)))


def test_control_characters_are_not_drawn():
    assert same(stacked(strips.strips("क\x1b\x00\nख", dots=DOTS)), stacked(strips.strips("क ख", dots=DOTS)))
