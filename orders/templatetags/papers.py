"""`{% load papers %}`: what only the A4 bill needs."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
HINDI = re.compile("[\u0900-\u097f₹]+(?: [\u0900-\u097f₹]+)*")


@register.filter
def apart(text: str) -> SafeString:
    """Hindi words in boxes of their own, so that the spaces around them are of the font that columns.py measured.

    In one box Pango would set a space in the font of the word before it; and such a line would be taller than one of figures.
    """
    return mark_safe(HINDI.sub(r'<span class="in-hi">\g<0></span>', escape(text)))  # noqa: S308 (escaped here)
