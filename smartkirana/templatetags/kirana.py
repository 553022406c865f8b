"""What every template may use without loading: icons, money, quantities, dates, form fields and lists."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from smartkirana import money

register = template.Library()

NOTHING = "\N{EN DASH}"
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
TICKS = (forms.CheckboxInput,)
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.simple_tag
@cache  # a page draws some fifty of a few dozen
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "home" %}`: a symbol of static/img/icons.svg; `size` is "small", "large" or nothing.

    Hidden from screen readers: a word, or the button's aria-label, must say the same.
    """
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}#i-{}"/></svg>', size, static("img/icons.svg"), name)


# --- figures and dates ----------------------------------------------------------------------------------------
@register.filter
def inr(amount: Decimal | int | str | None) -> str:
    """Rupees without the sign: "1,23,456.50"; nothing is a dash."""
    return NOTHING if amount in (None, "") else money.indian(amount, minus=MINUS)


@register.filter
def rupees(amount: Decimal | int | str | None) -> str:
    """Rupees with the sign, kept on one line: "₹ 1,23,456.50"; nothing is a dash."""
    return NOTHING if amount in (None, "") else money.rupees(amount, minus=MINUS).replace(" ", NBSP)


@register.filter
def each(amount: Decimal | None) -> str:
    """Rupees of one piece with the sign, to 4 places where it has them: "₹ 33.3333", "₹ 40.00"."""
    if amount in (None, ""):
        return NOTHING
    digits = money.indian(amount, 4, minus=MINUS)
    return f"₹{NBSP}{digits.removesuffix('00')}"


@register.filter
def whole_rupees(amount: Decimal | int | str | None) -> str:
    """Rupees rounded for a headline figure: "₹ 1,23,457"."""
    if amount in (None, ""):
        return NOTHING
    digits = money.indian(amount, 0, minus=MINUS)
    return f"{MINUS}₹{NBSP}{digits[1:]}" if digits.startswith(MINUS) else f"₹{NBSP}{digits}"


@register.filter
def plain(number: Decimal | None) -> str:
    """A number for a box to write in: "10", "0.5"; nothing stays empty."""
    return money.plain(number)


@register.filter
def qty(quantity: Decimal | int | str | None) -> str:
    """A quantity with up to 3 places and no idle zeros: "2", "1.5", "1,200.125"; nothing is a dash."""
    if quantity in (None, ""):
        return NOTHING
    return money.indian(quantity, 3, minus=MINUS).rstrip("0").rstrip(".")


@register.filter
def percent(rate: Decimal | int | str | None) -> str:
    """A rate or share without idle zeros: "18 %", "2.5 %"."""
    return NOTHING if rate in (None, "") else f"{qty(rate)}{NBSP}%"


@register.filter
def shop_date(day: date | datetime | None) -> str:
    """A day as "22 Nov 2026", by the shop's clock; nothing is a dash."""
    if not day:
        return NOTHING
    return date_format(_local(day), "j M Y")


@register.filter
def shop_datetime(moment: datetime | None) -> str:
    """A moment as "22 Nov 2026, 18:42", by the shop's clock; nothing is a dash."""
    return NOTHING if not moment else date_format(_local(moment), "j M Y, H:i")


@register.filter
def shop_time(moment: datetime | None) -> str:
    """A time as "18:42", by the shop's clock; nothing is a dash."""
    return NOTHING if not moment else date_format(_local(moment), "H:i")


def _local(day: date | datetime) -> date | datetime:
    return timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day


# --- forms ----------------------------------------------------------------------------------------------------
@register.inclusion_tag("_form_field.html")
def field(bound: BoundField, label: str = "", hint: str = "", before: str = "", after: str = "", wide: bool = False, **attrs: str) -> dict:
    """One field with its label, hint and error beside it.

    before, after  a unit joined to the box: "₹", "kg".
    wide           the whole row of a `.form` grid.
    attrs          go to the input, `_` read as `-`: hx_get=url, autofocus=True, class="num".
    """
    widget = bound.field.widget
    extra = {key.replace("_", "-"): value for key, value in attrs.items()}
    hint = hint or bound.help_text
    if not isinstance(widget, CHOICES):
        extra["class"] = " ".join(filter(None, [_kit_class(widget), widget.attrs.get("class"), extra.get("class")]))
        if describedby := _described_by(bound, hint):
            extra.setdefault("aria-describedby", describedby)
    kind = "choices" if isinstance(widget, CHOICES) else "tick" if isinstance(widget, TICKS) else "box"
    return {
        "field": bound, "kind": kind, "input": bound.as_widget(attrs=extra), "label": label or bound.label,
        "hint": hint, "before": before, "after": after, "wide": wide,
    }  # fmt: skip


def _kit_class(widget: forms.Widget) -> str:
    return "check" if isinstance(widget, TICKS) else "select" if isinstance(widget, forms.Select) else "input"


def _described_by(bound: BoundField, hint: str) -> str:
    ids = [f"{bound.auto_id}_helptext" if hint else "", f"{bound.auto_id}_error" if bound.errors else ""]
    return " ".join(filter(None, ids))


# --- lists ----------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def list_link(context: template.Context, target: str = "", **changes: object) -> SafeString:
    """The `href` of this list with its query changed; None takes a key out. With a `target` ("#bills") htmx swaps that part."""
    request = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value is not None:
            query[key] = str(value)
    url = f"{request.path}?{query.urlencode()}" if query else request.path
    if not target:
        return format_html('href="{}"', url)
    return format_html('href="{0}" hx-get="{0}" hx-target="{1}" hx-swap="outerHTML" hx-push-url="true"', url, target)


@register.inclusion_tag("_pager.html", takes_context=True)
def pager(context: template.Context, page: Page, target: str = "", name: str = "page") -> dict:
    """Back and on through the pages of a list; counts only where the paginator has counted already."""
    first = (page.number - 1) * page.paginator.per_page + 1
    return {
        "request": context["request"], "page": page, "target": target, "name": name,
        "first": first, "last": first + len(page.object_list) - 1, "of": _counted(page),
        "link_back": list_link(context, target, **{name: page.number - 1}) if page.has_previous() else "",
        "link_on": list_link(context, target, **{name: page.number + 1}) if page.has_next() else "",
    }  # fmt: skip


def _counted(page: Page) -> str:
    try:
        return money.indian(page.paginator.count, 0)
    except NotImplementedError:  # a lazy paginator looks one row ahead and never counts
        return ""


@register.simple_tag(takes_context=True)
def head_cell(context: template.Context, column, target: str = "") -> SafeString:
    """A column's `<th>`: its figure class, and a link that sorts by it with aria-sort saying how it stands."""
    if not column.header:
        return SafeString("<td></td>")  # a column of buttons: an empty heading would be read out as one
    table, th = context["table"], dict(column.attrs["th"])
    classes = {"num"} & {*str(th.get("class") or "").split(), *str(column.attrs["td"].get("class") or "").split()}
    words = column.header
    sort = ""
    if column.orderable:
        changes = {table.prefixed_order_by_field: column.order_by_alias.next, table.prefixed_page_field: None}
        words = format_html("<a {}>{}</a>", list_link(context, target, **changes), column.header)
        if column.is_ordered:
            sort = "descending" if column.order_by_alias.is_descending else "ascending"
    attrs = [format_html(' class="{}"', " ".join(classes)) if classes else "", format_html(' aria-sort="{}"', sort) if sort else ""]
    return format_html('<th scope="col"{}{}>{}</th>', *attrs, words)


@register.simple_tag
def cell_attrs(column, first: bool = False) -> SafeString:
    """A cell's attributes; on a phone the column's head stands beside it unless the cell leads, acts or says otherwise."""
    attrs = column.attrs["td"]
    own_place = {"data-lead", "data-label", "data-acts", "data-spare"} & set(attrs)
    if not first and not own_place and column.header:
        attrs["data-label"] = str(column.header).lower()
    return attrs.as_html()


@register.filter
def attr(attrs: dict, name: str) -> str:
    """An attribute whose name holds a hyphen, which a template can't write: `table.attrs|attr:"data-target"`."""
    return attrs.get(name, "")


@register.simple_tag(takes_context=True)
def is_narrowed(context: template.Context) -> bool:
    """True when a search or a filter is on, so that an empty list means "nothing found" and not "nothing yet"."""
    ignored = {"page", "sort", "per_page"}
    return any(value for key, value in context["request"].GET.items() if key not in ignored)
