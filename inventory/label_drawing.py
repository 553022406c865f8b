"""A label drawn in millimetres: text measured by the fonts it is set in, so that it always fits; bars as one path.

Sizes shrink until everything fits. Only when the smallest does not help is the name cut, with an ellipsis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from html import escape

from django.contrib.staticfiles import finders
from django.utils.safestring import SafeString, mark_safe

from catalog.barcode_drawing import Bars, bars_of
from inventory.label_sheets import Paper
from smartkirana.money import rupees
from smartkirana.templatetags.kirana import shop_date

FONT_FILES = (
    "vendor/fonts/noto-sans/5.3.0/noto-sans-latin-{}-normal.woff2",
    "vendor/fonts/noto-sans-devanagari/5.3.0/noto-sans-devanagari-latin-ext-{}-normal.woff2",
    "vendor/fonts/noto-sans-devanagari/5.3.0/noto-sans-devanagari-devanagari-{}-normal.woff2",
)
NAME, PRICE, SMALL, FOOT = 3.3, 4.2, 2.2, 1.9  # font sizes at scale 1, mm
LEADING = 1.22
LARGEST, SMALLEST, SMALLEST_NAME, STEP = 1.4, 0.52, 0.42, 0.04
GAP = 0.5  # mm of white above the bars
MOST_BAR = 0.33  # mm: an EAN-13 at 100 %
LEAST_BAR = {"EAN-13": 0.264, "EAN-8": 0.264, "Code 128": 0.19}  # GS1: not under 80 %
TALLEST_BARS, SHORTEST_BARS = 14.0, 5.0


@dataclass(frozen=True)
class Label:
    """What stands on a label; rupees for one `unit`. None and "" are left out."""

    name: str
    code: str
    shop: str
    unit: str = "pc"
    mrp: Decimal | None = None
    price: Decimal | None = None
    net: str = ""
    packed: date | None = None
    best_before: date | None = None
    batch: str = ""
    fssai: str = ""


@dataclass(frozen=True)
class Line:
    """A line of text: size in mm, 400 or 600 weight."""

    text: str
    size: float
    weight: int = 400
    is_name: bool = False


# --- measuring ------------------------------------------------------------------------------------------------
@cache
def _advances(weight: int) -> dict[int, float]:
    """Code point → width of the letter in ems. Marks that combine are counted too: rather too wide than cut off."""
    from fontTools.ttLib import TTFont

    widths: dict[int, float] = {}
    for name in reversed(FONT_FILES):
        with TTFont(finders.find(name.format(weight)), lazy=True) as font:
            em, metrics = font["head"].unitsPerEm, font["hmtx"]
            widths |= {point: metrics[glyph][0] / em for point, glyph in font.getBestCmap().items()}
    return widths


def width_of(text: str, size: float, weight: int = 400) -> float:
    """How wide a text is set, mm; letters that the fonts lack are taken for a whole em."""
    widths = _advances(weight)
    return sum(widths.get(ord(letter), 1.0) for letter in text) * size


def wrapped(text: str, size: float, weight: int, room: float) -> list[str]:
    """The text in lines of at most `room` mm, broken between words, and within a word that is longer than a line."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        trial = f"{current} {word}" if current else word
        if width_of(trial, size, weight) <= room:
            current = trial
            continue
        if current:
            lines.append(current)
        while width_of(word, size, weight) > room and len(word) > 1:
            cut = next(n for n in range(len(word) - 1, 0, -1) if n == 1 or width_of(word[:n], size, weight) <= room)
            lines.append(word[:cut])
            word = word[cut:]
        current = word
    return [*lines, current]


# --- laying out -----------------------------------------------------------------------------------------------
def bar_width(bars: Bars, paper: Paper, room: float) -> float | None:
    """Width of a module in mm: as wide as fits up to 100 %, in whole dots of a thermal printer; None when too fine to scan."""
    dot = float(paper.dot) if paper.dot else 0.0
    width = min(room / bars.width, 0.375 if dot else MOST_BAR)
    if dot:
        width = dot * int(width / dot + 1e-9)
    return width if width >= LEAST_BAR[bars.kind] - (0.02 if dot else 0) else None


def _texts(label: Label, room: float, scale: float, name_scale: float) -> list[Line]:
    """Everything above the bars, the name at a scale of its own."""
    size = NAME * name_scale
    name = [Line(text, size, 600, is_name=True) for text in wrapped(label.name, size, 600, room)]
    return [*name, *_prices(label, room, scale), *_facts(label, room, scale)]


def _prices(label: Label, room: float, scale: float) -> list[Line]:
    """The MRP with its words, as the law wants them; the shop's own price large where it is lower."""
    lines = []
    per = f" / {label.unit}" if label.unit in ("kg", "g", "l", "ml", "m") else ""
    if label.mrp is None:
        return [_narrowed(f"{rupees(label.price)}{per}", PRICE * scale, room)] if label.price is not None else []
    words = f"MRP {rupees(label.mrp)}{per} (incl. of all taxes)"
    if label.price is not None and label.price < label.mrp:
        lines.append(_narrowed(f"Our price {rupees(label.price)}{per}", PRICE * scale * 0.86, room))
        size = SMALL * scale
    else:
        size = PRICE * scale * 0.74
    return lines + [Line(text, size, 600) for text in wrapped(words, size, 600, room)]


def _narrowed(text: str, size: float, room: float) -> Line:
    """A price in one line, smaller where it is long."""
    return Line(text, min(size, room / width_of(text, 1, 600)), 600)


def _facts(label: Label, room: float, scale: float) -> list[Line]:
    facts = [
        label.net and f"Net {label.net}",
        label.packed and f"Pkd {shop_date(label.packed)}",
        label.best_before and f"Best before {shop_date(label.best_before)}",
        label.batch and f"Batch {label.batch}",
    ]
    size = SMALL * scale
    lines: list[str] = []
    for fact in (str(one) for one in facts if one):
        together = f"{lines[-1]} · {fact}" if lines else fact
        if lines and width_of(together, size) <= room:
            lines[-1] = together
        else:
            lines.append(_cut(fact, size, 400, room))
    return [Line(text, size) for text in lines]


def _foot(label: Label, room: float, scale: float) -> list[Line]:
    """Whose label it is; shop and licence on one line where they fit."""
    size = FOOT * max(scale, 0.6)
    licence = f"FSSAI {label.fssai}" if label.fssai else ""
    one = f"{label.shop} · {licence}" if licence else label.shop
    texts = [one] if width_of(one, size) <= room else [_cut(label.shop, size, 400, room), licence]
    return [Line(text, size) for text in texts if text]


def _cut(text: str, size: float, weight: int, room: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if width_of(text, size, weight) <= room:
        return text
    while text and width_of(f"{text}…", size, weight) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _height(lines: Sequence[Line]) -> float:
    return sum(line.size * LEADING for line in lines)


@dataclass(frozen=True)
class Placed:
    """A line of text with the top of its box; x is its left edge, or its middle when `middle`. Millimetres from the label's corner."""

    line: Line
    x: float
    top: float
    middle: bool = False


@dataclass(frozen=True)
class Drawing:
    """A label ready to be set: its texts, and its bars as the `d` of an SVG path ("" for none)."""

    texts: tuple[Placed, ...]
    path: str


def lay_out(label: Label, paper: Paper) -> Drawing:
    """Where everything stands on the label: texts from the top, the shop at the bottom, the bars above it, the code beneath them."""
    side, edge = (float(pad) for pad in paper.pad)
    wide, high = float(paper.width), float(paper.height)
    room = wide - 2 * side
    bars = bars_of(label.code) if label.code else None
    module = bar_width(bars, paper, room) if bars else None
    texts, foot, code, left = _fitted(label, room, high - 2 * edge, SHORTEST_BARS + GAP if module else 0)
    placed, y = [], edge
    for line in texts:
        placed.append(Placed(line, side, y))
        y += line.size * LEADING
    y = high - edge - _height([*code, *foot])
    path = ""
    if bars and module:
        tall = min(TALLEST_BARS, left - GAP)
        path = _path(bars, (wide - bars.width * module) / 2, y - tall, module, tall)
    for line in code:
        placed.append(Placed(line, wide / 2, y, middle=True) if path else Placed(line, side, y))
        y += line.size * LEADING
    for line in foot:
        placed.append(Placed(line, side, y))
        y += line.size * LEADING
    return Drawing(tuple(placed), path)


def _fitted(label: Label, room: float, tall: float, least: float) -> tuple[list[Line], list[Line], list[Line], float]:
    """(texts above, foot, code, height left for the bars): at the largest sizes that leave `least` mm.

    First everything shrinks, then the name alone; then the name's end goes, and at the very last the facts from the batch up.
    """
    scale, name_scale = LARGEST, LARGEST
    while True:
        texts, foot = _texts(label, room, scale, name_scale), _foot(label, room, scale)
        size = FOOT * max(scale, 0.75)
        code = [Line(_cut(label.code, size, 400, room), size)] if label.code else []
        left = tall - _height([*texts, *foot, *code])
        if left >= least or name_scale - STEP < SMALLEST_NAME:
            break
        name_scale -= STEP
        scale = max(name_scale, SMALLEST)
    while left < least and (shorter := _one_line_less(texts, room)):
        left += texts[0].size * LEADING
        texts = shorter
    while left < least and len(texts) > 3:
        left += texts[-1].size * LEADING
        texts = texts[:-1]
    return texts, foot, code, left


def _one_line_less(texts: list[Line], room: float) -> list[Line] | None:
    """The same with the name's last line taken off and an ellipsis in its stead; None when one line of it is left."""
    name = [line for line in texts if line.is_name]
    if len(name) < 2:
        return None
    ended = replace(name[-2], text=_cut(f"{name[-2].text} {name[-1].text}", name[-2].size, 600, room))
    return [*name[:-2], ended, *texts[len(name) :]]


def _path(bars: Bars, x: float, top: float, module: float, height: float) -> str:
    return "".join(
        f"M{x + at * module:.4f} {top:.3f}h{count * module:.4f}v{height:.3f}h-{count * module:.4f}z" for at, count in bars.runs()
    )


# --- setting: SVG for the page, HTML for the PDF (WeasyPrint sets text in SVG letter by letter, which Devanagari is not) ---------
def draw_page(labels: Sequence[Label], paper: Paper, *, start: int = 1) -> SafeString:
    """The first page as an SVG document for the screen, the first label in place `start` (from 1)."""
    parts = []
    for place, label in enumerate(labels[: paper.on_a_page - start + 1], start - 1):
        drawing, (x, y) = lay_out(label, paper), paper.place(place)
        texts = "".join(_svg_text(one) for one in drawing.texts)
        outline = f'<rect class="edge" width="{paper.width}" height="{paper.height}"/>'
        parts.append(f'<g transform="translate({x} {y})">{outline}{texts}<path d="{drawing.path}"/></g>')
    wide, high = paper.page
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-label="{_spoken(labels)}">'
    return mark_safe(f"{head}{''.join(parts)}</svg>")  # noqa: S308 (all text in it is escaped)


def _spoken(labels: Sequence[Label]) -> str:
    return escape(", ".join(dict.fromkeys(label.name for label in labels))[:200], quote=True)


def _svg_text(one: Placed) -> str:
    anchor = ' text-anchor="middle"' if one.middle else ""
    return (
        f'<text x="{one.x:.3f}" y="{one.top + one.line.size * 0.95:.3f}" font-size="{one.line.size:.3f}" '
        f'font-weight="{one.line.weight}"{anchor}>{escape(one.line.text)}</text>'
    )


def print_html(labels: Sequence[Label], paper: Paper, *, start: int = 1) -> str:
    """All pages as HTML for `write_pdf` with css/label-sheet.css and `page_rules`."""
    drawn: dict[Label, str] = {}
    pages: list[list[str]] = []
    for n, label in enumerate(labels, start - 1):
        page, place = divmod(n, paper.on_a_page)
        if page == len(pages):
            pages.append([])
        if label not in drawn:
            drawn[label] = _html(lay_out(label, paper), paper)
        x, y = paper.place(place)
        pages[-1].append(f'<div style="left:{x}mm;top:{y}mm">{drawn[label]}</div>')
    return f"<body>{''.join(f'<section>{"".join(page)}</section>' for page in pages)}</body>"


def page_rules(paper: Paper) -> str:
    """The style of this paper: page and label sizes."""
    wide, high = paper.page
    return (
        f"@page {{ size: {wide}mm {high}mm; margin: 0 }} section {{ height: {high}mm }} "
        f"section > div {{ width: {paper.width}mm; height: {paper.height}mm }}"
    )


def _html(drawing: Drawing, paper: Paper) -> str:
    texts = "".join(
        f'<p{" class=m" if one.middle else ""} style="left:{0 if one.middle else one.x:.3f}mm;top:{one.top:.3f}mm;'
        f'font-size:{one.line.size:.3f}mm;font-weight:{one.line.weight}">{escape(one.line.text)}</p>'
        for one in drawing.texts
    )
    size = f'viewBox="0 0 {paper.width} {paper.height}" width="{paper.width}mm" height="{paper.height}mm"'
    return texts + (f'<svg {size}><path d="{drawing.path}"/></svg>' if drawing.path else "")
