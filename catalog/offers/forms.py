"""One form for all kinds of offers: parse and shape what was typed; the rules are in the services.

All boxes are in the page; the style sheet shows those of the chosen kind, and the service looks only at these.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.errors import CatalogError
from catalog.importing.cells import BadCell, number
from catalog.models import Category, Offer, Product
from catalog.offers.services import FIGURES, LONGEST_NAME, MOST_PARTS, OfferDetails
from catalog.picking import label, pick
from shops.models import Shop
from smartkirana.errors import Refusal
from smartkirana.money import plain

SPARE_PARTS = 2


class FigureField(forms.CharField):
    """A number as people write it: "₹ 1,200", "12.5 %". Empty is None."""

    def __init__(self, *, places: int, **extra: Any) -> None:
        box = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=box, **extra)
        self.places = places

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return number(typed, self.places) if typed else None
        except BadCell as bad:
            raise forms.ValidationError(str(bad)) from None


class DayBox(forms.DateInput):
    """The browser's own calendar; it sends and takes ISO dates."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"min": "2000-01-01", "max": "2099-12-31"})


def _day(name: Any, **extra: Any) -> forms.DateField:
    sentences = {"invalid": _lazy("Write the date as 31/12/2026."), "required": _lazy("Give the first day.")}
    return forms.DateField(
        label=name, widget=DayBox(), input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], error_messages=sentences, **extra
    )


class PartRow(NamedTuple):
    """One product of a set as typed, with what is wrong with it."""

    product: str = ""
    quantity: str = "1"
    error: str = ""


class OfferForm(forms.Form):
    """A new offer, or one that is changed."""

    kind = forms.ChoiceField(
        label=_lazy("What kind of offer is it?"),
        choices=Offer.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _lazy("Choose what kind of offer it is."), "invalid_choice": _lazy("Choose what kind of offer it is.")},
    )
    name = forms.CharField(
        label=_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=_lazy("It stands on the bill: Diwali offer, Tea time set."),
        error_messages={"required": _lazy("Give the offer a name: it stands on the bill.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    percent = FigureField(label=_lazy("Percent off"), places=2)
    amount = FigureField(label=_lazy("Off each piece or kilogram"), places=2)
    buy = FigureField(label=_lazy("Buy"), places=3)
    get = FigureField(label=_lazy("Get free"), places=3)
    price = FigureField(label=_lazy("Price of one set"), places=2)
    product = forms.CharField(
        label=_lazy("On one product"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    category = forms.ModelChoiceField(Category.objects.none(), label=_lazy("or on a category"), required=False)
    first_day = _day(_lazy("First day"))
    last_day = _day(_lazy("Last day"), required=False, help_text=_lazy("Leave it empty to run until you end it."))
    on_lists = forms.BooleanField(label=_lazy("Also for customers with a price list"), required=False)

    def __init__(
        self, data: Mapping | None = None, *, shop: Shop, day: date, offer: Offer | None = None, product: Product | None = None
    ) -> None:
        """product: the goods a new offer is begun for."""
        super().__init__(data, initial=_initial(offer, day, product), label_suffix="")
        self.shop, self.offer = shop, offer
        self.key = _key(str((data or {}).get("request_key", "")))
        self.fields["category"].queryset = shop.categories.all()  # type: ignore[attr-defined]
        self.fields["category"].empty_label = _("No category")  # type: ignore[attr-defined]
        self.rows = _sent(data) if data is not None else _known(offer)
        self.parts: list[tuple[Product, Decimal]] = []

    @property
    def shown_parts(self) -> list[PartRow]:
        """The rows of the set, and empty ones to go on with."""
        spare = SPARE_PARTS if self.rows else SPARE_PARTS + 1
        return [*self.rows, *[PartRow()] * max(min(spare, MOST_PARTS - len(self.rows)), 0)]

    @property
    def chosen_kind(self) -> str:
        """The kind that is ticked."""
        return str(self["kind"].value() or "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Offer.Kind.COMBO:
            self._clean_parts()
        elif data.get("product"):
            try:
                data["product"] = pick(self.shop, data["product"])
            except CatalogError as refused:
                self.add_error("product", refused.message)
        return data

    def _clean_parts(self) -> None:
        checked, problem = [], False
        for row in self.rows:
            try:
                self.parts.append((pick(self.shop, row.product), number(row.quantity, 3)))
                checked.append(row)
            except (BadCell, CatalogError) as bad:
                checked.append(row._replace(error=str(bad)))
                problem = True
        self.rows = checked
        if problem:
            self.add_error(None, _("Look at what is in the set: one of the rows cannot be used."))

    def _post_clean(self) -> None:
        """A figure of another kind that cannot be read is nobody's business: the page does not show it."""
        super()._post_clean()  # type: ignore[misc]
        kind = self.cleaned_data.get("kind")
        if kind in FIGURES:
            for name in {name for names in FIGURES.values() for name in names} - set(FIGURES[kind]):
                self.errors.pop(name, None)

    def details(self) -> OfferDetails:
        """What `save_offer` takes."""
        data = self.cleaned_data
        figures = {name: data.get(name) for name in ("percent", "amount", "buy", "get", "price")}
        return OfferDetails(
            name=data["name"],
            kind=data["kind"],
            first_day=data["first_day"],
            last_day=data["last_day"],
            product=data["product"] if isinstance(data["product"], Product) else None,
            category=data["category"],
            parts=self.parts,
            on_lists=data["on_lists"],
            **figures,
        )

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's sentence beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


def _initial(offer: Offer | None, day: date, product: Product | None) -> dict[str, Any]:
    if offer is None:
        return {"kind": Offer.Kind.PERCENT, "first_day": day, "product": label(product) if product else ""}
    known: dict[str, Any] = {name: getattr(offer, name) for name in ("kind", "name", "first_day", "last_day", "on_lists")}
    for name in ("percent", "amount", "buy", "get", "price"):
        figure = getattr(offer, name)
        known[name] = None if figure is None else plain(figure)
    return known | {"product": label(offer.product) if offer.product else "", "category": offer.category}


def _known(offer: Offer | None) -> list[PartRow]:
    if offer is None:
        return []
    return [PartRow(label(part.product), plain(part.quantity)) for part in offer.parts.select_related("product")]


def _sent(data: Mapping) -> list[PartRow]:
    goods, counts = data.getlist("part"), data.getlist("part_quantity")  # type: ignore[attr-defined]
    counts = counts + [""] * (len(goods) - len(counts))
    rows = [PartRow(product.strip()[:200], count.strip()[:40] or "1") for product, count in zip(goods, counts, strict=False)]
    return [row for row in rows if row.product][: MOST_PARTS + 1]


def _key(sent: str) -> UUID:
    """The key of an opened form, so that pressing twice makes one offer."""
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()
