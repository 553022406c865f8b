"""HTML to PDF by WeasyPrint, with what is the same for every document made once a process."""

from __future__ import annotations

import atexit
import logging
import threading
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

for talkative in ("weasyprint", "weasyprint.progress", "fontTools"):  # seven lines a bill otherwise
    logging.getLogger(talkative).setLevel(logging.WARNING)

_one_at_a_time = threading.Lock()  # Pango's font map is not for two threads at once


@cache
def _press(sheet: str):
    """(font configuration, style sheet, fetcher): 40 to 150 ms, so once. WeasyPrint itself takes 300 ms to import."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts, fetcher = FontConfiguration(), URLFetcher(allowed_protocols=("file",))
    return fonts, CSS(filename=Path(finders.find(sheet)), font_config=fonts, url_fetcher=fetcher), fetcher


atexit.register(_press.cache_clear)  # the font map must go before the modules it calls


def write_pdf(html: str, *, sheet: str, rules: str = "") -> bytes:
    """The document as PDF bytes, by the static style `sheet` ("css/invoice.css"); it may load nothing but the sheet's own fonts.

    `rules` is CSS of this document alone.
    """
    from weasyprint import CSS, HTML

    with _one_at_a_time:
        fonts, style, fetcher = _press(sheet)
        sheets = [style, CSS(string=rules)] if rules else [style]
        document = HTML(string=html, url_fetcher=fetcher).render(font_config=fonts, stylesheets=sheets)
        return document.write_pdf()
