"""A roll printer in a few lines: reads ESC/POS bytes back to text and images, and knows no command but those every printer knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from PIL import Image


@dataclass
class Text:
    """One printed line, with how it stood."""

    words: str
    bold: bool
    across: int  # how many times as wide and as tall as usual
    down: int
    centred: bool


@dataclass
class Paper:
    """What came out, in order: texts and images; `bytes` the kinds of command seen, in order."""

    parts: list[Text | Image.Image] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[Text]:
        return [part for part in self.parts if isinstance(part, Text)]

    @property
    def text(self) -> str:
        return "\n".join(line.words for line in self.lines)

    @property
    def images(self) -> list[Image.Image]:
        """The images as they were drawn: bands of one picture are printed without a gap, but are still several here."""
        return [part for part in self.parts if isinstance(part, Image.Image)]


def read(content: bytes) -> Paper:
    """Raises ValueError for a command that is not known, for text that is no ASCII, and for bytes that end in the middle."""
    paper, at, now, line = Paper(), 0, {"bold": False, "across": 1, "down": 1, "centred": False}, bytearray()
    while at < len(content):
        two, one = content[at : at + 2], content[at]
        if two == b"\x1b@":
            name, size = "init", 2
            now = {"bold": False, "across": 1, "down": 1, "centred": False}
        elif two == b"\x1ba" and content[at + 2] in (0, 1):
            name, size = "align", 3
            now["centred"] = content[at + 2] == 1
        elif two == b"\x1bE" and content[at + 2] in (0, 1):
            name, size = "bold", 3
            now["bold"] = content[at + 2] == 1
        elif two == b"\x1d!":
            name, size = "size", 3
            now["across"], now["down"] = (content[at + 2] >> 4) + 1, (content[at + 2] & 15) + 1
        elif two == b"\x1bd":
            name, size = "feed", 3
        elif two == b"\x1bp":
            name, size = "drawer", 5
        elif content[at : at + 3] == b"\x1dVB":
            name, size = "cut", 4
        elif content[at : at + 4] == b"\x1dv0\x00":
            name = "image"
            wide, tall = int.from_bytes(content[at + 4 : at + 6], "little"), int.from_bytes(content[at + 6 : at + 8], "little")
            bits = content[at + 8 : at + 8 + wide * tall]
            if len(bits) != wide * tall or line:
                raise ValueError(f"image at {at}: cut short, or in the middle of a line")
            paper.parts.append(Image.frombytes("1", (wide * 8, tall), bytes(255 - byte for byte in bits)))
            size = 8 + wide * tall
        elif one == 10:
            name, size = "line", 1
            paper.parts.append(Text(line.decode("ascii"), **now))
            line.clear()
        elif 32 <= one < 127:
            name, size = "letter", 1
            line.append(one)
        else:
            raise ValueError(f"unknown byte {one:#x} at {at}")
        if name != "letter":
            paper.commands.append(name)
        at += size
    if line or at > len(content):
        raise ValueError("the bytes end in the middle of something")
    return paper
