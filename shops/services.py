"""The acts on shops and their people."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from shops.errors import ShopError
from shops.models import Counter, Membership, Role, Shop, User
from smartkirana.db_rules import broken_rule


@transaction.atomic
def open_shop(*, owner: User, name: str, slug: str = "", counter_name: str = "Counter 1", counter_code: str = "S1", **details) -> Shop:
    """Open a shop: the shop itself, its first counter, its owner. Its chart of accounts follows by signal.

    details  the other fields of Shop. Raises ShopError "slug_taken" and what the database refuses, in words.
    """
    slug = slug or _free_slug(name)
    try:
        with transaction.atomic():
            shop = Shop.objects.create(name=name, slug=slug, **details)
    except IntegrityError as error:
        raise _in_words(error) from error
    Counter.objects.create(shop=shop, name=counter_name, code=counter_code)
    Membership.objects.create(shop=shop, user=owner, role=Role.OWNER, added_by=owner)
    return shop


def _free_slug(name: str) -> str:
    base = slugify(name)[:34] or "shop"
    taken = set(Shop.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(s for s in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if s not in taken)


def _in_words(error: IntegrityError) -> Exception:
    sentences = {
        "shops_shop_slug_key": ("slug_taken", "Another shop has this address in the browser. Choose another.", "slug"),
        "shops_shop_gstin_when_registered": ("gstin_needed", "A registered shop needs its GSTIN; an unregistered one has none.", "gstin"),
        "shops_shop_gstin_of_its_state": ("gstin_state", "The GSTIN belongs to another state than the shop.", "gstin"),
        "shops_shop_fssai_14_digits": ("fssai", "An FSSAI number has 14 digits.", "fssai"),
    }
    sentence = sentences.get(broken_rule(error))
    return ShopError(*sentence) if sentence else error
