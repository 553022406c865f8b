"""Every pair of tokens that text uses reaches 4.5 : 1 in both themes, every edge of a control 3 : 1 (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parents[2] / "static" / "css" / "kit.css"
TOKEN = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)")
GROUNDS = ("paper", "sheet", "well")
TEXTS = ("ink", "ink-2", "ink-3", "leaf", "haldi", "mirch", "neel")
WASHES = ("leaf", "haldi", "mirch", "neel")

TEXT_PAIRS = [
    *((text, ground) for text in TEXTS for ground in GROUNDS),
    *((wash, f"{wash}-wash") for wash in WASHES),
    *((text, f"{wash}-wash") for text in ("ink", "ink-2", "ink-3", "leaf", "mirch") for wash in WASHES),
    ("leaf-ink", "leaf"),
    ("sheet", "mirch"),
    ("paper", "ink"),
]
EDGE_PAIRS = [(mark, ground) for mark in ("edge", "focus", "haldi-mark") for ground in GROUNDS]


def tokens():
    return {name: (light, dark) for name, light, dark in TOKEN.findall(KIT.read_text(encoding="utf-8"))}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one_to_one():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS, ids=lambda name: name)
def test_text_can_be_read_on_its_ground(text, ground, theme):
    assert ratio(tokens()[text][theme], tokens()[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), EDGE_PAIRS, ids=lambda name: name)
def test_the_edge_of_a_control_can_be_seen(mark, ground, theme):
    assert ratio(tokens()[mark][theme], tokens()[ground][theme]) >= 3
