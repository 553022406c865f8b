"""Barcodes as modules, black and white, to be drawn: EAN-13, EAN-8 (GS1 General Specifications 5.2) and Code 128 (ISO/IEC 15417). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.barcodes import ean_check_digit

LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
RIGHT = tuple("".join("10"[int(bit)] for bit in odd) for odd in LEFT)
EVEN = tuple(right[::-1] for right in RIGHT)
FIRST_DIGIT = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")

# Widths of bar, space, bar, space, bar, space of the values 0 to 105, and of the stop.
_TABLE = """
    212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211
    221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113
    132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121
    312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211
    221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141
    114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112
"""
CODE_128 = tuple(_TABLE.split())
START_B, START_C, TO_C, TO_B, STOP = 104, 105, 99, 100, 106


@dataclass(frozen=True)
class Bars:
    """`modules`: "1" black, "0" white, one for each module; `left` and `right` modules beside it stay white (quiet zones)."""

    kind: str
    modules: str
    text: str
    left: int
    right: int

    @property
    def width(self) -> int:
        """Modules from edge to edge, quiet zones and all."""
        return self.left + len(self.modules) + self.right

    def runs(self) -> list[tuple[int, int]]:
        """(first module, how many) of each black bar, counted from the left edge of the quiet zone."""
        return [(self.left + found.start(), len(found[0])) for found in re.finditer("1+", self.modules)]


def bars_of(code: str) -> Bars | None:
    """A code as bars: EAN-13 or EAN-8 where its check digit is right, else Code 128; None for letters that no scanner reads."""
    if re.fullmatch(r"[0-9]{8}|[0-9]{13}", code) and code[-1] == ean_check_digit(code[:-1]):
        return _ean(code)
    if not re.fullmatch(r"[ -~]{1,48}", code):
        return None
    return _code_128(code)


def _ean(code: str) -> Bars:
    if len(code) == 8:
        left, right = "".join(LEFT[int(d)] for d in code[:4]), "".join(RIGHT[int(d)] for d in code[4:])
        return Bars("EAN-8", f"101{left}01010{right}101", code, 7, 7)
    pattern = FIRST_DIGIT[int(code[0])]
    left = "".join((LEFT if side == "L" else EVEN)[int(d)] for side, d in zip(pattern, code[1:7], strict=True))
    right = "".join(RIGHT[int(d)] for d in code[7:])
    return Bars("EAN-13", f"101{left}01010{right}101", code, 11, 7)


def _code_128(code: str) -> Bars:
    values = _values(code)
    check = (values[0] + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    modules = "".join(
        ("1" if at % 2 == 0 else "0") * int(width) for value in (*values, check, STOP) for at, width in enumerate(CODE_128[value])
    )
    return Bars("Code 128", modules, code, 10, 10)


def _values(code: str) -> list[int]:
    """Start, then letters by set B and pairs of digits by set C, which takes over where at least four digits make it shorter."""
    values: list[int] = []
    in_c, at = None, 0
    while at < len(code):
        run = len(re.match("[0-9]*", code[at:])[0])  # type: ignore[index]  # the pattern always matches
        want_c = run >= 2 if in_c else run >= 4 and run % 2 == 0  # of an odd run the first digit goes by B
        if want_c != in_c:
            values.append((START_C if want_c else START_B) if in_c is None else (TO_C if want_c else TO_B))
            in_c = want_c
        if in_c:
            values.append(int(code[at : at + 2]))
            at += 2
        else:
            values.append(ord(code[at]) - 32)
            at += 1
    return values
