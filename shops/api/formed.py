"""The house's forms behind the API: what a page refuses of a field, the API refuses in the same words."""

from __future__ import annotations

from typing import Any

from django import forms

from smartkirana.api.problems import ApiProblem


def checked(form: forms.BaseForm) -> dict[str, Any]:
    """What the form makes of its data. Raises ApiProblem 400 with the sentence of each field that is wrong."""
    if form.is_valid():
        return form.cleaned_data
    fields = {name: str(errors[0]) for name, errors in form.errors.items()}
    first = next(iter(fields.values()))
    raise ApiProblem(
        400, "bad_value", first, fields={name: words for name, words in fields.items() if name != forms.forms.NON_FIELD_ERRORS}
    )
