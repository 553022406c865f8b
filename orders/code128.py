"""Code 128 bars (ISO/IEC 15417, code set B) as one SVG path: laser scanners, the cheap ones at a counter, read no QR."""

from __future__ import annotations

from typing import NamedTuple

QUIET_ZONE = 10  # modules of white on both sides
START_B, STOP = 104, 106
# The widths of bar, space, bar, space, bar, space for each of the 103 values, the three starts and the stop.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 "
    "223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 "
    "311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
WIDTHS = tuple(_WIDTHS.split())


class Bars(NamedTuple):
    """For `<svg viewBox="0 0 width 1" preserveAspectRatio="none"><path d="…"/></svg>`: one unit is one module."""

    width: int
    d: str


def code128(text: str) -> Bars:
    """The bars of a text of printable ASCII. Raises ValueError for any other."""
    if not text or not all(" " <= character <= "~" for character in text):
        raise ValueError("Code 128 B holds printable ASCII only.")
    values = [START_B, *(ord(character) - 32 for character in text)]
    check = (START_B + sum(place * value for place, value in enumerate(values[1:], 1))) % 103
    at, bars = QUIET_ZONE, []
    for value in (*values, check, STOP):
        for number, width in enumerate(map(int, WIDTHS[value])):
            if number % 2 == 0:
                bars.append(f"M{at} 0h{width}v1h-{width}z")
            at += width
    return Bars(at + QUIET_ZONE, "".join(bars))
