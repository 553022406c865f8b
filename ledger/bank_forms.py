"""What the pages of bank files parse; what a file may be is decided in `bank_files.acts`."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from catalog.importing.files import LARGEST_FILE
from inventory.forms import KeyForm
from ledger.bank_models import BankLine
from ledger.errors import LedgerError

LONGEST_PAIRS = 400_000  # letters: 10,000 pairs of long ids


class BringForm(KeyForm):
    """The bank's file."""

    file = forms.FileField(
        label=_("The file (.csv or .xlsx)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,text/csv"}),
        error_messages={
            "required": _("Choose the file first."),
            "empty": _("The file is empty."),
            "invalid": _("Choose the file first."),
            "max_length": _("The file’s name is too long."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Ask the bank for a shorter period."))
        return file

    def refuse(self, error: LedgerError) -> None:
        """Put the service's sentence at its box."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class LineFilter(forms.Form):
    """Which lines of a statement are listed."""

    q = forms.CharField(required=False, max_length=80)
    state = forms.ChoiceField(required=False, choices=[("", _("All lines")), *BankLine.State.choices])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].widget.attrs |= {"class": "select", "aria-label": _("What became of it")}
        self.fields["state"].error_messages["invalid_choice"] = _("Choose one from the list.")


def sent_pairs(data: QueryDict, name: str = "pairs") -> list[tuple[int, int]]:
    """The pairs (line, payment) that the page sends in one box: "12-34 13-35". Raises LedgerError "bad_pairs"."""
    text = data.get(name, "")
    pairs = [word.split("-") for word in text.split()] if len(text) <= LONGEST_PAIRS else [[]]
    if not pairs or any(len(pair) != 2 or not all(_is_id(part) for part in pair) for pair in pairs):
        raise LedgerError("bad_pairs", str(_("This page is out of date. Look over what is proposed now.")))
    return [(int(line), int(payment)) for line, payment in pairs]


def sent_choices(data: QueryDict) -> list[tuple[int, int]]:
    """What was chosen for doubtful lines: the boxes "line-12" hold the payment's number, empty where nothing was chosen."""
    boxes = {name.removeprefix("line-"): value for name, value in data.items() if name.startswith("line-")}
    return [(int(line), int(value)) for line, value in boxes.items() if _is_id(line) and _is_id(value)]


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
