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
def _press():
    """(font configuration, style sheet, fetcher): 40 to 150 ms, so once. WeasyPrint itself takes 300 ms to import."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    fonts, fetcher = FontConfiguration(), URLFetcher(allowed_protocols=("file",))
    sheet = Path(finders.find("css/invoice.css"))
    return fonts, CSS(filename=sheet, font_config=fonts, url_fetcher=fetcher), fetcher


atexit.register(_press.cache_clear)  # the font map must go before the modules it calls


def write_pdf(html: str, *, rules: str = "") -> bytes:
    """The document as PDF bytes; it may load nothing but the sheet's own fonts. `rules` is CSS of this document alone."""
    from weasyprint import CSS, HTML

    with _one_at_a_time:
        fonts, sheet, fetcher = _press()
        sheets = [sheet, CSS(string=rules)] if rules else [sheet]
        document = HTML(string=html, url_fetcher=fetcher).render(font_config=fonts, stylesheets=sheets)
        return document.write_pdf()
