"""What people type about shops and themselves: shape and wording here, rules in services and the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from shops.adapter import IndianPhoneField
from shops.gstin import GOVERNMENT, NORMAL, STATES, SUCCESSOR_STATES, Gstin, parse_gstin, parse_pan
from shops.identifiers import parse_fssai, parse_pincode, parse_upi_id
from shops.limits import Limits
from shops.models import Counter, Role, Shop
from smartkirana.errors import Refusal
from smartkirana.text import clean_name

PASSWORD_HINT = _("At least 8 characters. Three words in a row are strong and easy to keep.")
PHONE_ON_BILL = RegexValidator(r"^[0-9+][0-9 +/()-]{5,19}$", "Only digits, spaces and + - / ( ), as on a visiting card.")
NOT_A_HOME_OF_SHOPS = {"25", "28", "96", "99"}  # codes of old numbers, of other countries and of central offices
RAW_NEEDS_ROLL = _("ESC/POS is for rolls of 80 or 58 mm. For an A4 sheet choose the browser's own printing.")
SELLERS = {NORMAL, GOVERNMENT}


class NameField(forms.CharField):
    """A name in one line, freed of what cannot be seen or printed."""

    def to_python(self, value: Any) -> str:
        return clean_name(super().to_python(value) or "")


class CodeField(forms.CharField):
    """A code of counters: small letters are made capital."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").upper()


# --- oneself --------------------------------------------------------------------------------------------------
class SignInForm(LoginForm):
    """Phone and password; allauth checks, counts the tries and signs in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].error_messages["required"] = _("Type your password.")
        _plain(self)


class ChangePasswordForm(AllauthChangePasswordForm):
    """The present password and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (
            ("oldpassword", _("Present password")),
            ("password1", _("New password")),
            ("password2", _("New password again")),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = _("Type it here.")
        self.fields["password1"].help_text = PASSWORD_HINT
        _plain(self)


def _plain(form: forms.Form) -> None:
    for field in form.fields.values():  # a label stands above each box: nothing need stand in it
        field.widget.attrs.pop("placeholder", None)


class OwnPasswordForm(forms.Form):
    """The signed-in person's present password, asked once more."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("Type your password.")},
    )


class PhoneForm(forms.Form):
    """The phone a code is sent to."""

    phone = IndianPhoneField(label=_("Phone"))


class CodeForm(forms.Form):
    """The code that came by SMS."""

    code = forms.CharField(label=_("Code"), max_length=40, error_messages={"required": _("Type the six digits of the SMS.")})


class NewPasswordForm(forms.Form):
    """A new password, after the right code."""

    password = forms.CharField(
        label=_("New password"),
        help_text=PASSWORD_HINT,
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("Choose a password.")},
    )


class PinField(forms.CharField):
    """A PIN, typed unseen; what it may be is the service's to say."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off"}
        wrong = {"required": "Type 4 to 6 digits."}
        super().__init__(max_length=20, widget=forms.PasswordInput(attrs=attrs), error_messages=wrong, **kwargs)


class MyPinForm(OwnPasswordForm):
    """A PIN of one's own, typed twice, with the present password."""

    pin = PinField(label="New PIN", help_text="4 to 6 digits, not a row like 1234, a year, or a part of your phone.")
    pin_again = PinField(label="New PIN again")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "pin" in data and "pin_again" in data and data["pin"] != data["pin_again"]:
            self.add_error("pin_again", "The two are not the same. Type it again.")
        return data


class FirstPinForm(forms.Form):
    """A first PIN that an owner chooses for somebody and tells them."""

    pin = PinField(label="First PIN", help_text="4 to 6 digits. Tell it to them; they can change it under “My counter PIN”.")


class JoinForm(forms.Form):
    """A person without an account takes up an invitation."""

    phone = IndianPhoneField(help_text="The one the owner invited.")
    code = forms.CharField(label="Join code", max_length=20, error_messages={"required": "Type the code the owner told you."})
    password = forms.CharField(
        label="Choose a password",
        help_text=PASSWORD_HINT,
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": "Choose a password."},
    )


class JoinAsMyselfForm(forms.Form):
    """The same for a person who is signed in."""

    code = forms.CharField(label="Join code", max_length=20, error_messages={"required": "Type the code the owner told you."})


REMINDERS = ("remind_from", "remind_until", "remind_every")


# --- the shop -------------------------------------------------------------------------------------------------
class ShopForm(forms.ModelForm):
    """Everything a shop says of itself. One mistake gives one sentence, beside its field."""

    name = NameField(label="Name", max_length=80)
    local_name = NameField(label="Name in the local language", max_length=80, required=False)
    address = NameField(label="Street and number", max_length=200)
    city = NameField(label="Town", max_length=60)
    pincode = forms.CharField(label="PIN code", max_length=10)
    phone = forms.CharField(label="Phone on the bill", max_length=20, required=False, validators=[PHONE_ON_BILL])
    gstin = forms.CharField(label="GSTIN", max_length=40, required=False)
    pan = forms.CharField(label="PAN", max_length=20, required=False)
    fssai = forms.CharField(label="FSSAI number", max_length=40, required=False)
    upi_id = forms.CharField(label="UPI id", max_length=100, required=False)
    upi_name = NameField(label="Name behind the UPI id", max_length=60, required=False)
    receipt_footer = NameField(label="Last line of the bill", max_length=120, required=False)

    class Meta:
        model = Shop
        fields = [
            "name", "local_name", "address", "city", "pincode", "state_code", "phone", "scheme", "gstin", "pan", "fssai",
            "upi_id", "upi_name", "rounding", "stock_policy", "language", "receipt_footer", *REMINDERS,
        ]  # fmt: skip
        widgets = {"rounding": forms.RadioSelect, "stock_policy": forms.RadioSelect, "language": forms.RadioSelect}
        labels = {"remind_from": "Reminders from", "remind_until": "Reminders until", "remind_every": "Between two reminders"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(code, f"{name} ({code})") for code, name in STATES.items() if code not in NOT_A_HOME_OF_SHOPS]
        cast(forms.ChoiceField, self.fields["state_code"]).choices = [("", "Choose …"), *states]
        for name in REMINDERS:
            if name in self.fields:
                self.fields[name].required = False
        self.fields["gstin"].required = self["scheme"].value() != Shop.Scheme.UNREGISTERED
        self.fields["gstin"].error_messages["required"] = "A registered shop needs its GSTIN: it stands on every bill."

    def clean_pincode(self) -> str:
        return _parsed(parse_pincode, self.cleaned_data["pincode"])

    def clean_fssai(self) -> str:
        return _parsed(parse_fssai, self.cleaned_data["fssai"])

    def clean_upi_id(self) -> str:
        return _parsed(parse_upi_id, self.cleaned_data["upi_id"])

    def clean_pan(self) -> str:
        return _parsed(parse_pan, self.cleaned_data["pan"])

    def clean_gstin(self) -> str:
        return _parsed(lambda text: parse_gstin(text).value, self.cleaned_data["gstin"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_reminders(data)
        if "gstin" in data and "scheme" in data:
            self._check_registration(data)
        return data

    def _check_reminders(self, data: dict[str, Any]) -> None:
        """What is left empty stays as it was."""
        for name in REMINDERS:
            if name in data and data[name] is None:
                data[name] = getattr(self.instance, name)
        if "remind_from" in data and "remind_until" in data and not data["remind_from"] < data["remind_until"] <= 24:
            self.add_error("remind_until", "Give an hour after the first one, 24 at most.")
        if not 1 <= data.get("remind_every", 1) <= 90:
            self.add_error("remind_every", "Give 1 to 90 days.")

    def _check_registration(self, data: dict[str, Any]) -> None:
        if data["scheme"] != Shop.Scheme.UNREGISTERED:
            self._check_gstin(data, parse_gstin(data["gstin"]))
        elif data["gstin"]:
            self.add_error("gstin", "A shop that is not registered has no GSTIN. Take it out, or choose its scheme.")

    def _check_gstin(self, data: dict[str, Any], number: Gstin) -> None:
        state = data.get("state_code")
        if number.kind not in SELLERS:
            self.add_error("gstin", "This number is not one to sell under: give the shop's own GSTIN, with Z as its 14th character.")
        elif state and number.state_code != state and number.state_code not in ("97", *SUCCESSOR_STATES):
            self.add_error("gstin", f"This GSTIN belongs to {number.state}, the shop is in {STATES[state]}. One of them is wrong.")
        elif number.pan and data.get("pan") and data["pan"] != number.pan:
            self.add_error("pan", f"The GSTIN was given to PAN {number.pan}. Correct one of them.")
        elif number.pan and "pan" in data:
            data["pan"] = number.pan


class CounterForm(forms.ModelForm):
    """A new counter."""

    name = NameField(label=_("Name"), max_length=40, help_text=_("What people here call it: Front counter, Milk window …"))
    code = CodeField(
        label=_("Code in bill numbers"),
        max_length=3,
        validators=Counter._meta.get_field("code").validators,
        help_text=_("A letter, then letters or digits: S2 gives S2/26-27/000001. It never changes."),
    )
    paper = forms.ChoiceField(
        label=_("Receipt paper"),
        choices=[(Counter.Paper.R80, _("80 mm roll")), (Counter.Paper.R58, _("58 mm roll")), (Counter.Paper.A4, _("A4 sheet"))],
        widget=forms.RadioSelect,
        initial=Counter.Paper.R80,
    )
    printer = forms.ChoiceField(
        label=_("How it prints"),
        help_text=_("For the second, press “Connect the printer” once in the counter's menu, on the device that stands there."),
        choices=[
            (Counter.Printer.BROWSER, _("Through the browser: any printer this device knows")),
            (Counter.Printer.RAW, _("Straight to a roll printer (ESC/POS), by USB, serial or Bluetooth")),
        ],
        widget=forms.RadioSelect,
        initial=Counter.Printer.BROWSER,
    )
    opens_drawer = forms.BooleanField(
        label=_("A cash drawer hangs on the printer"),
        help_text=_("It opens when cash is paid. For this the receipt goes straight to the printer."),
        required=False,
    )
    needs_shift = forms.BooleanField(
        label=_("Sells only while a shift is open"),
        help_text=_("Without it a bill can be made any time, and shifts are there for who wants to count."),
        required=False,
    )

    class Meta:
        model = Counter
        fields = ["name", "code", "paper", "printer", "opens_drawer", "needs_shift"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("printer") == Counter.Printer.RAW and data.get("paper") == Counter.Paper.A4:
            self.add_error("printer", RAW_NEEDS_ROLL)
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """The rule of printer and paper is told above, beside its field; the database keeps it all the same."""
        return super()._get_validation_exclusions() | {"paper"}  # type: ignore[misc]  # django-stubs do not know it


class CounterChangeForm(CounterForm):
    """A counter that has its code already."""

    code = None  # type: ignore[assignment]  # Django's way to drop an inherited field

    class Meta(CounterForm.Meta):
        fields = ["name", "paper", "printer", "opens_drawer", "needs_shift", "is_active"]


# --- its people -----------------------------------------------------------------------------------------------
ROLE_CHOICES = [
    (Role.STAFF, "Staff: sells, sees bills and goods, counts stock"),
    (Role.MANAGER, "Manager: also changes goods and prices, cancels bills"),
    (Role.ACCOUNTANT, "Accountant: reads bills and the books, sells nothing"),
    (Role.OWNER, "Owner: everything, these pages too"),
]


class RoleForm(forms.Form):
    """What a person may do."""

    role = forms.ChoiceField(label="Role", choices=ROLE_CHOICES, widget=forms.RadioSelect, initial=Role.STAFF)


class LimitsForm(forms.Form):
    """What one role may do at the counter without asking."""

    discount_percent = forms.DecimalField(
        label="Discount by hand, at most",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text="Off a line or the whole bill. Offers and price lists do not count.",
        error_messages={"required": "Give a percentage; 0 for none.", "invalid": "Give a percentage from 0 to 100."},
    )
    may_change_rate = forms.BooleanField(required=False, label="Change a rate", help_text="Never above the MRP.")
    may_pass_khata_limit = forms.BooleanField(required=False, label="Let a khata go past its limit")
    may_cancel_open_bill = forms.BooleanField(required=False, label="Cancel an open bill", help_text="It goes into the counter log.")
    may_take_back = forms.BooleanField(required=False, label="Take goods back", help_text="With a credit note, for money or other goods.")

    def __init__(self, *args: Any, role: Role, limits: Limits, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": asdict(limits), **kwargs})
        self.role = role

    def limits(self) -> Limits:
        return Limits(**self.cleaned_data)


class InviteForm(RoleForm):
    """A person asked to join."""

    name = NameField(label="Name", max_length=80, error_messages={"required": "Say who it is."})
    phone = IndianPhoneField(help_text="Ten digits. They will sign in with it.")
    field_order = ["name", "phone", "role"]


def _parsed(parse: Any, text: str) -> str:
    """A number in its stored form, "" for nothing; what is wrong with it becomes the field's error."""
    if not text:
        return ""
    try:
        return parse(text)
    except Refusal as refusal:
        raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
