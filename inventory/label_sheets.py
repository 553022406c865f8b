"""The papers that labels come on: A4 sheets with their rows and columns, and rolls. Millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal as D


@dataclass(frozen=True)
class Paper:
    """`columns` × `rows` labels of `width` × `height`; `left`, `top` to the first one, `gap` between columns; `pad` inside a label.

    dot  width of a printer's dot where bars must be whole dots wide (thermal rolls, 203 dpi), else None
    """

    key: str
    words: str
    width: D
    height: D
    columns: int = 1
    rows: int = 1
    left: D = D(0)
    top: D = D(0)
    gap: D = D(0)
    pad: tuple[D, D] = (D(2), D("1.5"))
    page: tuple[D, D] = (D(210), D(297))
    dot: D | None = None

    @property
    def on_a_page(self) -> int:
        """Labels on one sheet; 1 on a roll."""
        return self.columns * self.rows

    def place(self, number: int) -> tuple[D, D]:
        """Left and top edge of the label in place `number` of its page, from 0, row by row."""
        row, column = divmod(number, self.columns)
        return self.left + column * (self.width + self.gap), self.top + row * self.height


PAPERS = {
    paper.key: paper
    for paper in (
        Paper("a24", "A4, 24 labels of 64 × 33.9 mm", D(64), D("33.9"), 3, 8, left=D(9), top=D("12.9"), pad=(D(3), D(2))),
        # Labels to the very edge of the paper: most printers leave 4 mm white there.
        Paper("a40", "A4, 40 labels of 52.5 × 29.7 mm", D("52.5"), D("29.7"), 4, 10, pad=(D("4.5"), D(3))),
        Paper(
            "a65",
            "A4, 65 labels of 38.1 × 21.2 mm",
            D("38.1"),
            D("21.2"),
            5,
            13,
            left=D("4.75"),
            top=D("10.7"),
            gap=D("2.5"),
            pad=(D("1.5"), D(1)),
        ),
        Paper("roll", "Roll, 50 × 25 mm", D(50), D(25), pad=(D("1.5"), D("1.2")), page=(D(50), D(25)), dot=D("0.125")),
    )
}  # fmt: skip
