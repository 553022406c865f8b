"""The acts on shops and their people."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, cast

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.errors import ShopError
from shops.models import Counter, Invitation, Membership, Role, Shop, User
from smartkirana.db_rules import broken_rule

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is misheard or misread: no 0 O, 1 I L, U V
CODE_LENGTH = 8
CODE_DAYS = 7
WRONG_CODE = "This phone and code do not go together, or the code is too old. Ask the owner for a new one."
RAW_NEEDS_ROLL = cast(str, gettext_lazy("ESC/POS is for rolls of 80 or 58 mm. For an A4 sheet choose the browser's own printing."))
SENTENCES = {
    "shops_shop_slug_key": ("slug_taken", "Another shop has this address in the browser. Choose another.", "slug"),
    "shops_shop_gstin_when_registered": ("gstin_needed", "A registered shop needs its GSTIN; an unregistered one has none.", "gstin"),
    "shops_shop_gstin_of_its_state": ("gstin_state", "The GSTIN belongs to another state than the shop.", "gstin"),
    "shops_shop_fssai_14_digits": ("fssai", "An FSSAI number has 14 digits.", "fssai"),
    "shops_counter_code": ("code_taken", "Another counter has this code already. Choose another.", "code"),
    "shops_counter_code_form": ("bad_code", "A code is one letter, then letters or digits; 3 at most.", "code"),
    "shops_counter_raw_on_a_roll": ("raw_needs_roll", RAW_NEEDS_ROLL, "printer"),
    "shops_membership_last_owner": ("last_owner", "A shop needs an owner. Make somebody else an owner first.", "role"),
    "shops_user_phone_key": ("sign_in_first", "You have an account already. Sign in, then enter the code once more.", "phone"),
}


# --- the shop -------------------------------------------------------------------------------------------------
@transaction.atomic
def open_shop(*, owner: User, name: str, slug: str = "", counter_name: str = "Counter 1", counter_code: str = "S1", **details: Any) -> Shop:
    """Open a shop: the shop itself, its first counter, its owner. Its chart of accounts follows by signal.

    details  the other fields of Shop. Raises ShopError "slug_taken" and what the database refuses, in words.
    """
    slug = slug or _free_slug(name)
    try:
        with transaction.atomic():
            shop = Shop.objects.create(name=name, slug=slug, **details)
    except IntegrityError as error:
        raise _in_words(error) from error
    add_counter(shop=shop, name=counter_name, code=counter_code)
    Membership.objects.create(shop=shop, user=owner, role=Role.OWNER, added_by=owner)
    return shop


def change_shop(*, shop: Shop, **details: object) -> list[str]:
    """Change the shop's own fields, and say which of them are new; issued bills keep what was printed on them.

    Raises ShopError for what the database refuses ("gstin_needed", "gstin_state", "fssai").
    """
    changed = [field for field, value in details.items() if getattr(shop, field) != value]
    for field in changed:
        setattr(shop, field, details[field])
    if changed:
        try:
            with transaction.atomic():
                shop.save(update_fields=changed)
        except IntegrityError as error:
            raise _in_words(error) from error
    return changed


def add_counter(
    *,
    shop: Shop,
    name: str,
    code: str,
    paper: str = Counter.Paper.R80,
    printer: str = Counter.Printer.BROWSER,
    opens_drawer: bool = False,
    needs_shift: bool = False,
) -> Counter:
    """A further till with a number series of its own. Raises ShopError "code_taken", "bad_code", "raw_needs_roll"."""
    try:
        with transaction.atomic():
            return Counter.objects.create(
                shop=shop, name=name, code=code, paper=paper, printer=printer, opens_drawer=opens_drawer, needs_shift=needs_shift
            )
    except IntegrityError as error:
        raise _in_words(error) from error


@transaction.atomic
def change_counter(
    *,
    counter: Counter,
    name: str,
    paper: str,
    is_active: bool,
    printer: str = Counter.Printer.BROWSER,
    opens_drawer: bool = False,
    needs_shift: bool = False,
) -> None:
    """Rename a counter, change its paper and printer, take it out of use or back. Its code stays: it stands in bill numbers.

    Raises ShopError "last_counter" when nothing would be left to sell at, "raw_needs_roll".
    """
    if not is_active:
        Shop.objects.select_for_update(no_key=True).get(pk=counter.shop_id)  # two tills closed at once: one after the other
        if not Counter.objects.filter(shop_id=counter.shop_id, is_active=True).exclude(pk=counter.pk).exists():
            raise ShopError("last_counter", "This is the only counter in use. Add another one before closing it.", "is_active")
    counter.name, counter.paper, counter.is_active = name, paper, is_active
    counter.printer, counter.opens_drawer, counter.needs_shift = printer, opens_drawer, needs_shift
    try:
        with transaction.atomic():
            counter.save(update_fields=["name", "paper", "printer", "opens_drawer", "needs_shift", "is_active"])
    except IntegrityError as error:
        raise _in_words(error) from error


# --- oneself --------------------------------------------------------------------------------------------------
def change_language(*, user: User, language: str) -> None:
    """Show the program in another language to this person: "en" or "hi". Raises ShopError "bad_language"."""
    if language not in dict(User._meta.get_field("language").flatchoices):
        raise ShopError("bad_language", _("Choose English or Hindi."), "language")
    user.language = language
    user.save(update_fields=["language"])


# --- its people -----------------------------------------------------------------------------------------------
def invite(*, shop: Shop, by: User, name: str, phone: str, role: str) -> tuple[Invitation, str]:
    """Ask a person in; gives the code to tell them. It is shown this once, good once and for 7 days.

    phone  as +91…; a second invitation to it takes the place of the first, whose code is worthless then.
    Raises ShopError "already_member".
    """
    working = Membership.objects.filter(shop=shop, user__phone=phone, is_active=True).select_related("user").first()
    if working:
        raise ShopError("already_member", f"{working.user} works here already, as {working.get_role_display().lower()}.", "phone")
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    invitation, _ = Invitation.objects.update_or_create(
        shop=shop,
        phone=phone,
        accepted_at=None,
        defaults={
            "name": name,
            "role": role,
            "invited_by": by,
            "code_hash": hash_code(phone, code),
            "expires_at": timezone.now() + timedelta(days=CODE_DAYS),
        },
    )
    return invitation, code


def hash_code(phone: str, code: str) -> str:
    """What is kept of a code: useless without the installation's secret, and bound to the phone it was given to."""
    return salted_hmac("shops.invitation", f"{phone}:{code}", algorithm="sha256").hexdigest()


def plain_code(text: str) -> str:
    """A code as typed ("kj4m-9xqp") in the form it was made."""
    return "".join(character for character in text.upper() if character.isalnum())


@transaction.atomic
def join(*, phone: str, code: str, user: User | None = None, password: str = "") -> Membership:
    """Take up an invitation with its code: a place in the shop, and an account for a person who has none.

    phone     as +91…; the person's own when `user` is signed in
    password  for the new account; looked at only after the code was right

    Raises ShopError "wrong_code" (the same for an unknown phone), and after the right code "sign_in_first", "weak_password".
    """
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(phone=phone, code_hash=hash_code(phone, plain_code(code)), accepted_at=None, expires_at__gt=timezone.now())
        .filter(shop__is_active=True)
        .first()
    )
    if invitation is None:
        raise ShopError("wrong_code", WRONG_CODE, "code")
    user = user or _new_person(phone=phone, name=invitation.name, password=password)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    membership, is_new = Membership.objects.get_or_create(
        shop=invitation.shop, user=user, defaults={"role": invitation.role, "added_by": invitation.invited_by}
    )
    if not is_new and not membership.is_active:
        restore_member(membership=membership, role=invitation.role, by=invitation.invited_by)
    return membership


def _new_person(*, phone: str, name: str, password: str) -> User:
    try:
        validate_password(password, User(phone=phone, name=name))
    except ValidationError as error:
        raise ShopError("weak_password", " ".join(error.messages), "password") from error
    try:
        with transaction.atomic():
            return User.objects.create_user(phone, password, name=name)
    except IntegrityError as error:
        raise _in_words(error) from error


def change_role(*, membership: Membership, role: str) -> None:
    """Give a person another role, from the next page on. Raises ShopError "last_owner"."""
    _change_membership(membership, role=role)


def give_role(*, membership: Membership, role: str, by: User) -> None:
    """Give a person another role; one who was removed works here again with it. Raises ShopError "last_owner"."""
    if membership.is_active:
        change_role(membership=membership, role=role)
    else:
        restore_member(membership=membership, role=role, by=by)


def remove_member(*, membership: Membership) -> None:
    """End a person's place in the shop at once; what they did stays under their name. Raises ShopError "last_owner"."""
    _change_membership(membership, is_active=False)


def restore_member(*, membership: Membership, role: str, by: User) -> None:
    """Let a removed person work here again."""
    _change_membership(membership, is_active=True, role=role, added_by=by)


def _change_membership(membership: Membership, **values: object) -> None:
    before = {field: getattr(membership, field) for field in values}
    for field, value in values.items():
        setattr(membership, field, value)
    try:
        with transaction.atomic():
            membership.save(update_fields=list(values))
    except IntegrityError as error:
        for field, value in before.items():  # the page shows the row as it still is
            setattr(membership, field, value)
        raise _in_words(error) from error


# --- shared ---------------------------------------------------------------------------------------------------
def _free_slug(name: str) -> str:
    base = slugify(name)[:34] or "shop"
    taken = set(Shop.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(s for s in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if s not in taken)


def _in_words(error: IntegrityError) -> Exception:
    sentence = SENTENCES.get(broken_rule(error))
    return ShopError(*sentence) if sentence else error
