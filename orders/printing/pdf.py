"""The bill's PDF: by its own style sheet."""

from __future__ import annotations

from smartkirana import pdf


def write_pdf(html: str, *, rules: str = "") -> bytes:
    """The bill as PDF bytes. `rules` is CSS of this document alone."""
    return pdf.write_pdf(html, sheet="css/invoice.css", rules=rules)
