"""A barcode added, changed or removed, by whatever hand, changes the words its product is found by."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from catalog.models import Barcode
from catalog.services import refresh_search_text


@receiver([post_save, post_delete], sender=Barcode, dispatch_uid="catalog.barcode_words")
def barcode_words(sender, instance: Barcode, raw: bool = False, **kwargs) -> None:
    if not raw:
        refresh_search_text(instance.product_id)
