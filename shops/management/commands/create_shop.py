"""`manage.py create_shop`: a shop with its books, first counter and owner, asked for or given by flags."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.forms.models import model_to_dict

from shops.adapter import IndianPhoneField
from shops.errors import ShopError
from shops.forms import CodeField, NameField, ShopForm
from shops.gstin import STATES
from shops.models import Counter, Shop, User
from shops.services import open_shop

# (flag, question, help); a question "" is never asked, its flag only taken.
ASKED = (
    ("name", "Name of the shop", "as on the board over the door"),
    ("address", "Street and number", ""),
    ("city", "Town", ""),
    ("pincode", "PIN code", "six digits"),
    ("gstin", "GSTIN (empty if not registered)", ""),
    ("scheme", "", "regular, composition or unregistered; by default regular with a GSTIN, unregistered without"),
    ("state", "State (name or code)", "by default the GSTIN's"),
    ("slug", "", "address in the browser, /s/<slug>/; by default made of the name"),
    ("local-name", "", "name in the local language"),
    ("phone", "", "phone on the bill"),
    ("fssai", "", "FSSAI number, 14 digits"),
    ("upi-id", "", "UPI id, as sharma@okbank"),
    ("counter-name", "", "first counter, by default Counter 1"),
    ("counter-code", "", "its code in bill numbers, by default S1"),
    ("owner-phone", "Phone of the owner (to sign in with)", "ten digits"),
    ("owner-name", "Name of the owner", ""),
)
FLAG_OF = {"state_code": "state"}


class NewShopForm(ShopForm):
    """All of it at once, so that every mistake is told at once."""

    slug = forms.SlugField(
        max_length=40, required=False, error_messages={"unique": "Another shop has this address in the browser. Choose another."}
    )
    counter_name = NameField(max_length=40)
    counter_code = CodeField(max_length=3, validators=Counter._meta.get_field("code").validators)
    owner_phone = IndianPhoneField()
    owner_name = NameField(max_length=80)

    class Meta(ShopForm.Meta):
        fields = [*ShopForm.Meta.fields, "slug"]


class Command(BaseCommand):
    help = "Open a shop: itself, its chart of accounts, its first counter, its owner. Asks for what no flag says."

    def add_arguments(self, parser) -> None:
        for flag, question, words in ASKED:
            parser.add_argument(f"--{flag}", help=words or question)
        parser.add_argument("--no-input", action="store_true", help="ask nothing: everything comes from flags and OWNER_PASSWORD")

    def handle(self, **options: Any) -> None:
        self.asks = not options["no_input"] and sys.stdin.isatty()
        answers = {flag.replace("-", "_"): options[flag.replace("-", "_")] for flag, _, _ in ASKED}
        form = self._filled_in(answers)
        try:
            with transaction.atomic():
                shop = self._open(**form.cleaned_data)
        except ShopError as error:
            raise CommandError(error.message) from error
        self.stdout.write(self.style.SUCCESS(f"{shop} is open at /s/{shop.slug}/, and {form.cleaned_data['owner_phone']} is its owner."))

    def _filled_in(self, answers: dict[str, str | None]) -> NewShopForm:
        while True:
            self._ask_missing(answers)
            form = NewShopForm(_as_typed(answers))
            if form.is_valid():
                return form
            wrong = {FLAG_OF.get(field, field): " ".join(errors) for field, errors in form.errors.items()}
            sentences = [f"--{flag.replace('_', '-')}: {words}" for flag, words in wrong.items()]
            if not self.asks:
                raise CommandError("Nothing was made.\n" + "\n".join(sentences))
            self.stderr.write("\n".join(sentences))
            answers.update(dict.fromkeys(wrong))

    def _ask_missing(self, answers: dict[str, str | None]) -> None:
        for flag, question, words in ASKED:
            key = flag.replace("-", "_")
            if answers[key] is None and self.asks and self._is_open(key, question, answers):
                answers[key] = input(f"{question or words}: ").strip()

    def _is_open(self, key: str, question: str, answers: dict[str, str | None]) -> bool:
        if key == "state" and answers["gstin"]:
            return False
        if key == "owner_name" and _known(answers["owner_phone"]):
            return False
        return bool(question)

    def _open(self, *, owner_phone: str, owner_name: str, **shop: Any) -> Shop:
        owner = User.objects.filter(phone=owner_phone).first()
        if owner is None:
            password = self._password(User(phone=owner_phone, name=owner_name))
            owner = User.objects.create_user(owner_phone, password, name=owner_name)
        return open_shop(owner=owner, **shop)

    def _password(self, owner: User) -> str:
        while True:
            password = os.environ.get("OWNER_PASSWORD") or (self.asks and getpass("Password of the owner: ")) or ""
            if not password:
                raise CommandError("Nothing was made.\nSet OWNER_PASSWORD to the owner's password.")
            try:
                validate_password(password, owner)
            except ValidationError as error:
                if "OWNER_PASSWORD" in os.environ or not self.asks:
                    raise CommandError("Nothing was made.\nOWNER_PASSWORD: " + " ".join(error.messages)) from error
                self.stderr.write(" ".join(error.messages))
            else:
                return password


def _known(phone: str | None) -> User | None:
    try:
        return User.objects.filter(phone=IndianPhoneField().clean(phone or "")).first()
    except ValidationError:
        return None


def _as_typed(answers: dict[str, str | None]) -> dict[str, Any]:
    """The form's data: what was answered over what a shop begins with."""
    given = {key: value for key, value in answers.items() if value}
    state = given.pop("state", "") or given.get("gstin", "").strip()[:2]
    by_name = {name.casefold(): code for code, name in STATES.items()}
    owner = _known(given.get("owner_phone"))
    return (
        model_to_dict(Shop())
        | {
            "state_code": by_name.get(state.strip().casefold(), state),
            "scheme": Shop.Scheme.REGULAR if given.get("gstin") else Shop.Scheme.UNREGISTERED,
            "counter_name": "Counter 1",
            "counter_code": "S1",
            "owner_name": owner.name if owner else "",
        }
        | given
    )
