"""A receipt as bytes for a thermal printer (ESC/POS): what is ASCII as the printer's own letters, everything else as drawn strips.

Only commands that every such printer knows: ESC @, ESC a, ESC E, GS !, ESC d, ESC p, GS v 0, GS V. Text can bring no command of its own.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw

from orders.printing.roll import Codes, Columns, Line, Part, Rule
from orders.printing.strips import WHITE, row_strip, strips
from orders.upi import QrPath

INIT = b"\x1b@"
LEFT, CENTRE = b"\x1ba\x00", b"\x1ba\x01"
BOLD, PLAIN = b"\x1bE\x01", b"\x1bE\x00"
BIG, TALL, NORMAL = b"\x1d!\x11", b"\x1d!\x01", b"\x1d!\x00"
CUT = b"\x1dVB\x00"  # after moving the paper to the knife; a printer without one does nothing
DRAWER = b"\x1bp\x00\x19\xfa"  # 50 ms on pin 2
LETTER_DOTS = 12  # a letter of font A
TYPE, BIG_TYPE, SMALL_TYPE = 24, 44, 20  # dots
BAND = 240  # rows of an image sent at once: small printers have small memories
TEAR = 4  # lines of white to the knife or the tearing edge
# What people type for letters that ASCII has under another shape.
AS_ASCII = str.maketrans(
    {"×": "x", "·": ",", "−": "-", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "\u00a0": " ", "\u202f": " "}
)


def encode(parts: Iterable[Part], *, dots: int, drawer: bool = False) -> bytes:
    """The receipt for a roll that prints `dots` across (576 on 80 mm, 384 on 58 mm); `drawer` opens the cash drawer first."""
    columns = dots // LETTER_DOTS
    out = [INIT, DRAWER if drawer else b""]
    for part in parts:
        match part:
            case Line():
                out.append(_line(part, columns, dots))
            case Rule():
                out.append(_raster(_rule(part.thick, dots)))
            case Columns():
                out += _table(part.rows, columns, dots)
            case Codes():
                out.append(_raster(_codes(part, dots)))
    return b"".join([*out, b"\x1bd", bytes([TEAR]), CUT])


# --- words ----------------------------------------------------------------------------------------------------
def as_ascii(text: str) -> str:
    """The text with its dashes and quotes as ASCII has them, and no control characters: those would be commands."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", text.replace(" · ", ", ").translate(AS_ASCII))


def _line(line: Line, columns: int, dots: int) -> bytes:
    left, right = as_ascii(line.left), as_ascii(line.right)
    if not (left + right).isascii():
        drawn = strips(left, right, dots=dots, px=BIG_TYPE if line.big else TYPE, bold=line.bold, centre=line.centre)
        return b"".join(_raster(one) for one in drawn)
    wide = len(left) <= columns // 2
    room = columns // 2 if line.big and wide else columns
    body = b"".join(one.encode("ascii") + b"\n" for one in lay_out(left, right, room, centred=line.centre))
    before = [CENTRE if line.centre else b"", BOLD if line.bold else b"", (BIG if wide else TALL) if line.big else b""]
    after = [LEFT if line.centre else b"", PLAIN if line.bold else b"", NORMAL if line.big else b""]
    return b"".join([*before, body, *after])


def lay_out(left: str, right: str, columns: int, *, centred: bool = False) -> list[str]:
    """The line in lines of at most `columns` letters; `right` ends the last one."""
    lines = textwrap.wrap(left, columns) or ([] if right else [""])
    if not right:
        return lines
    if len(right) > columns:
        return lines + textwrap.wrap(right, columns)
    if not lines or len(lines[-1]) + 1 + len(right) > columns:
        lines.append("")
    return [*lines[:-1], lines[-1] + right.rjust(columns - len(lines[-1]))]


def _table(rows: Sequence[Sequence[str]], columns: int, dots: int) -> list[bytes]:
    """A small table: the first column as wide as its widest text, what is left shared by the others, each text ending with its column.

    Where the paper is too narrow for its figures, each row is told in words instead: the head before each figure.
    """
    heads, first, others = rows[0], max(len(row[0]) for row in rows), range(1, len(rows[0]))
    share = (columns - first) // len(others)
    if any(len(row[n]) >= share for row in rows[1:] for n in others):
        told = [", ".join(f"{head} {text}" for head, text in zip(heads, row, strict=True)) for row in rows[1:]]
        return [_line(Line(words), columns, dots) for words in told]
    ends = [(first + share * n) * LETTER_DOTS for n in others]
    return [_row(row, first, share) or _raster(row_strip(row, ends, px=TYPE, dots=dots)) for row in rows]


def _row(row: Sequence[str], first: int, share: int) -> bytes:
    """A row in the printer's letters, or nothing when it must be drawn."""
    text = as_ascii(row[0]).ljust(first) + "".join(as_ascii(cell).rjust(share) for cell in row[1:])
    return text.encode("ascii") + b"\n" if text.isascii() else b""


# --- pictures -------------------------------------------------------------------------------------------------
def _raster(image: Image.Image) -> bytes:
    """An image of "1" pixels, in bands; white is padded to whole bytes at its right."""
    out = []
    for top in range(0, image.height, BAND):
        band = image.crop((0, top, image.width, min(top + BAND, image.height)))
        wide, bits = -(-band.width // 8), ImageChops.invert(band).tobytes()  # burnt dots are ones
        out.append(b"\x1dv0\x00" + wide.to_bytes(2, "little") + band.height.to_bytes(2, "little") + bits)
    return b"".join(out)


def _rule(thick: int, dots: int) -> Image.Image:
    image = Image.new("1", (dots, thick + 10), WHITE)
    ImageDraw.Draw(image).rectangle((0, 5, dots - 1, 4 + thick), fill=0)
    return image


def _codes(part: Codes, dots: int) -> Image.Image:
    """Codes side by side with their captions under them; one alone has its caption beside it."""
    drawn = [code_image(code.qr, code.module) for code in part.codes]
    under = [[], [part.under]] if len(drawn) == 2 else [[part.under]]
    texts = [[code.caption, *filter(None, more)] for code, more in zip(part.codes, under, strict=True)]
    if len(drawn) == 1 and dots - drawn[0].width >= dots // 3:
        return _beside(drawn[0], _caption(texts[0], dots - drawn[0].width, centre=False), dots)
    middle = drawn[0].width if len(drawn) > 1 else 0
    captions = [_caption(one, room, centre=True) for one, room in zip(texts, [middle, dots - middle][-len(drawn) :], strict=True)]
    tall = max(code.height for code in drawn)
    image = Image.new("1", (dots, tall + max(one.height for one in captions) + 8), WHITE)
    for place, (code, caption) in enumerate(zip(drawn, captions, strict=True)):
        left = middle if place else 0
        image.paste(code, (left + (caption.width - code.width) // 2, 0))
        image.paste(caption, (left, tall))
    return image


def _beside(code: Image.Image, caption: Image.Image, dots: int) -> Image.Image:
    image = Image.new("1", (dots, max(code.height, caption.height)), WHITE)
    image.paste(code, (0, 0))
    image.paste(caption, (code.width, (image.height - caption.height) // 2))
    return image


def _caption(texts: Sequence[str], dots: int, *, centre: bool) -> Image.Image:
    drawn = [one for text in texts for one in strips(text, dots=dots, px=SMALL_TYPE, centre=centre)]
    image = Image.new("1", (dots, sum(one.height for one in drawn)), WHITE)
    top = 0
    for one in drawn:
        image.paste(one, (0, top))
        top += one.height
    return image


def code_image(qr: QrPath, module: int) -> Image.Image:
    """A QR code with its quiet zone, `module` dots to a module."""
    image = Image.new("1", (qr.size, qr.size), WHITE)
    pen = ImageDraw.Draw(image)
    for x, y, long in re.findall(r"M(\d+) (\d+)h(\d+)", qr.d):
        pen.rectangle((int(x), int(y), int(x) + int(long) - 1, int(y)), fill=0)
    return image.resize((qr.size * module, qr.size * module), Image.Resampling.NEAREST)
