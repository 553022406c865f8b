"""What `manage.py check` says about this machine before a customer notices it."""

from __future__ import annotations

from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.compatibility)
def hindi_letters_join(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Receipts for raw printers draw their Hindi; without libfribidi its conjuncts fall apart."""
    from orders.printing.strips import can_shape

    if can_shape():
        return []
    hint = "Install libfribidi (Debian: apt install libfribidi0; it comes with pango) and start again."
    return [Warning("Hindi on raw (ESC/POS) receipts is drawn letter by letter.", hint=hint, id="orders.W001")]
