"""Columns that the bills' tables share."""

from django.db import models


def rupees_field(label: str = "", **options) -> models.DecimalField:
    """Rupees with 2 places, up to 99,99,99,99,999.99."""
    return models.DecimalField(label, max_digits=13, decimal_places=2, **options)
