"""Words drawn as black and white strips, for printers whose own letters are ASCII only: Devanagari with its conjuncts, the rupee sign.

Pillow lays the text out by Raqm (HarfBuzz), in the house's own vendored fonts; the strips are the same on every machine, and
tests compare them pixel by pixel. Nothing is ever cut off: a strip is as tall as its ink, a text too wide goes on in the next strip.
"""

from __future__ import annotations

import io
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby

from django.contrib.staticfiles import finders
from PIL import Image, ImageDraw, ImageFont, features

FAMILIES = {
    "deva": "vendor/fonts/noto-sans-devanagari/5.3.0/noto-sans-devanagari-devanagari-{weight}-normal.woff2",
    "latin": "vendor/fonts/noto-sans/5.3.0/noto-sans-latin-{weight}-normal.woff2",
    "ext": "vendor/fonts/noto-sans-devanagari/5.3.0/noto-sans-devanagari-latin-ext-{weight}-normal.woff2",
}
INK = 150  # a pixel at most so light (0 is black, 255 white) is burnt into the paper
OVERHANG = 2  # dots by which the ink of a line may be wider than its letters' own widths
BETWEEN = 12  # dots between what stands left and what stands right
WHITE = 255
ABOVE, BELOW = 0.92, 0.33  # of the type's size: the least a line has over and under its base line; ink that reaches further gets its rows
VIRAMAS = "\u094d\u200d"
_one_at_a_time = threading.Lock()  # a FreeType face is not for two threads at once


def can_shape() -> bool:
    """True when conjuncts come out right: Pillow found libfribidi, which Raqm needs (pango, that the PDFs need, brings it)."""
    return features.check("raqm")


# --- fonts ----------------------------------------------------------------------------------------------------
@cache
def _file(family: str, weight: int) -> tuple[bytes, frozenset[int]]:
    """(the font as FreeType reads it, the letters it has): unpacked from WOFF2 once a process."""
    from fontTools.ttLib import TTFont  # only who prints pays for it

    with TTFont(finders.find(FAMILIES[family].format(weight=weight))) as font:
        font.flavor, unpacked = None, io.BytesIO()
        font.save(unpacked)
        return unpacked.getvalue(), frozenset(font.getBestCmap())


@cache
def _font(family: str, weight: int, px: int) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if can_shape() else ImageFont.Layout.BASIC
    return ImageFont.truetype(io.BytesIO(_file(family, weight)[0]), px, layout_engine=engine)


def _runs(text: str, weight: int) -> Iterator[tuple[str, str]]:
    """(family, piece) in order; a letter that no font has is drawn as the Latin file's empty box."""
    families, now = [], "latin"
    for letter in text:
        if ord(letter) not in _file(now, weight)[1]:
            now = next((one for one in FAMILIES if ord(letter) in _file(one, weight)[1]), "latin")
        families.append(now)
    for family, letters in groupby(zip(families, text, strict=True), key=lambda pair: pair[0]):
        yield family, "".join(letter for _family, letter in letters)


def width(text: str, *, px: int, bold: bool = False) -> int:
    """How many dots wide the text is set."""
    return sum(round(_font(family, weight, px).getlength(piece)) for weight in [_weight(bold)] for family, piece in _runs(text, weight))


def _weight(bold: bool) -> int:
    return 600 if bold else 400


# --- lines ----------------------------------------------------------------------------------------------------
def wrap(text: str, *, dots: int, px: int, bold: bool = False) -> list[str]:
    """The text in lines of at most `dots`, broken between words; a word wider than a line between its syllables."""
    lines: list[str] = []
    for word in text.split():
        whole = f"{lines[-1]} {word}" if lines else word
        if lines and width(whole, px=px, bold=bold) <= dots - OVERHANG:
            lines[-1] = whole
        else:
            lines += _pieces(word, dots, px, bold)
    return lines or [""]


def _pieces(word: str, dots: int, px: int, bold: bool) -> list[str]:
    if width(word, px=px, bold=bold) <= dots - OVERHANG:
        return [word]
    pieces = [""]
    for syllable in _syllables(word):
        if pieces[-1] and width(pieces[-1] + syllable, px=px, bold=bold) > dots - OVERHANG:
            pieces.append("")
        pieces[-1] += syllable
    return pieces


def _syllables(word: str) -> list[str]:
    """Letters with the marks that hang on them; a virama joins the next letter on."""
    parts: list[str] = []
    for letter in word:
        if parts and (unicodedata.category(letter)[0] == "M" or letter in VIRAMAS or parts[-1][-1] in VIRAMAS):
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


# --- drawing --------------------------------------------------------------------------------------------------
def strips(left: str, right: str = "", *, dots: int, px: int = 24, bold: bool = False, centre: bool = False) -> list[Image.Image]:
    """The line as strips, each at most `dots` wide and as tall as its ink: `left` from the left edge (or centred), `right` up to the right.

    px  the type's size in dots. What does not fit goes on in a second strip; `right` stands in the last.
    """
    left, right = _visible(left), _visible(right)
    lines = wrap(left, dots=dots, px=px, bold=bold)
    if right:
        taken = width(right, px=px, bold=bold)
        if width(lines[-1], px=px, bold=bold) + (BETWEEN if lines[-1] else 0) + taken > dots:
            lines.append("")
        if taken > dots:
            return [_draw([(0, line)], dots, px, bold) for line in [*lines[:-1], *wrap(right, dots=dots, px=px, bold=bold)] if line]
    placed = [[((dots - width(line, px=px, bold=bold)) // 2 if centre else 0, line)] for line in lines]
    if right:
        placed[-1].append((dots - width(right, px=px, bold=bold), right))
    return [_draw(parts, dots, px, bold) for parts in placed]


def row_strip(cells: Sequence[str], ends: Sequence[int], *, px: int, dots: int, bold: bool = False) -> Image.Image:
    """A row of a table as one strip: the first cell from the left edge, each other one up to its end, in dots."""
    first, *others = (_visible(cell) for cell in cells)
    return _draw(
        [(0, first), *((end - width(cell, px=px, bold=bold), cell) for cell, end in zip(others, ends, strict=True))], dots, px, bold
    )


def _draw(parts: list[tuple[int, str]], dots: int, px: int, bold: bool) -> Image.Image:
    """One strip with each text from its x on, moved inwards where a letter's ink hangs over the edge."""
    canvas = Image.new("L", (dots + 4 * px, 5 * px), WHITE)
    pen = ImageDraw.Draw(canvas)
    with _one_at_a_time:
        for x, text in parts:
            for family, piece in _runs(text, _weight(bold)):
                font = _font(family, _weight(bold), px)
                pen.text((x + 2 * px, 3 * px), piece, font=font, fill=0, anchor="ls")
                x += round(font.getlength(piece))
    return _trimmed(canvas.point(lambda light: 0 if light <= INK else WHITE, mode="1"), dots, px)


def _trimmed(canvas: Image.Image, dots: int, px: int) -> Image.Image:
    """The rows of the line, more where its ink needs them; columns to the printer's, and no more of them than hold ink."""
    left, top, right, bottom = canvas.convert("L").point(lambda light: WHITE - light).getbbox() or (2 * px, 3 * px, 2 * px + 8, 3 * px)
    left = max(min(left, 2 * px), right - dots)
    wide = min(dots, -(-(right - left) // 8) * 8)
    return canvas.crop((left, min(top, round((3 - ABOVE) * px)), left + wide, max(bottom, round((3 + BELOW) * px))))


def _visible(text: str) -> str:
    """Without control characters, which no font draws; runs of space are one."""
    return re.sub(r"\s+", " ", "".join(" " if unicodedata.category(one) == "Cc" else one for one in text)).strip()
