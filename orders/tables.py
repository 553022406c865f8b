"""Lists of bills and customers."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from orders.models import CreditNote, Customer, DrawerEvent, Order, Payment, Shift, TillEvent
from smartkirana.templatetags.kirana import NOTHING, rupees, shop_date, shop_datetime

PLAIN = {"td": {"data-label": ""}}  # on a phone: speaks for itself
SPARE = {"td": {"data-spare": ""}}
LEAD = {"th": {"class": "num"}, "td": {"class": "num", "data-lead": ""}}


class BillTable(tables.Table):
    """Bills, newest first. The buyer's name is the one that was printed."""

    bill_number = tables.Column("Bill", linkify=True)
    placed_at = tables.Column("When", attrs=PLAIN)
    buyer = tables.Column("Customer", empty_values=(), attrs=PLAIN)
    counter = tables.Column("Counter", attrs=SPARE)
    paid = tables.Column("Paid", empty_values=())
    total = tables.Column("Total", attrs=LEAD)

    caption = "Bills, newest first"
    empty_title = "No bills yet"
    empty_icon = "bill"

    class Meta:
        model = Order
        empty_text = "The first bill made at the counter stands here."
        fields = ("bill_number", "placed_at", "buyer", "counter", "paid", "total")
        orderable = False
        attrs = {"data-target": "#bills"}
        row_attrs = {"class": lambda record: "off" if record.is_cancelled else ""}

    def render_bill_number(self, record: Order):
        if record.is_cancelled:
            return format_html('{} <span class="badge bad">Cancelled</span>', record.bill_number)
        if record.is_waiting:
            return format_html('{} <span class="badge warn">{}</span>', record.bill_number, record.get_fulfilment_display())
        return record.bill_number

    def render_placed_at(self, value) -> str:
        return shop_datetime(value)

    def render_buyer(self, record: Order) -> str:
        return record.buyer_name or record.buyer_phone or ""

    def render_paid(self, record: Order):
        """Each way once, in the order it was paid; a cancelled bill's returned money is not shown."""
        ways = dict.fromkeys(p.get_method_display() for p in record.payments.all() if p.amount > 0)
        return format_html_join(" + ", "{}", ((way,) for way in ways)) or NOTHING

    def render_total(self, value) -> str:
        return rupees(value)


class CreditNoteTable(tables.Table):
    """Credit notes, newest first."""

    number = tables.Column("Credit note", linkify=True)
    at = tables.Column("When", attrs=PLAIN)
    bill = tables.Column("Bill", accessor="order", linkify=True, attrs=PLAIN)
    buyer = tables.Column("Customer", empty_values=(), attrs=PLAIN)
    counter = tables.Column("Counter", attrs=SPARE)
    given = tables.Column("Given back", empty_values=())
    total = tables.Column("Total", attrs=LEAD)

    caption = "Credit notes, newest first"
    empty_title = "Nothing came back"
    empty_icon = "return"

    class Meta:
        model = CreditNote
        empty_text = "Scan the code of a bill at the counter, or open the bill, and press Return or exchange."
        fields = ("number", "at", "bill", "buyer", "counter", "given", "total")
        orderable = False
        attrs = {"data-target": "#notes"}

    def render_number(self, record: CreditNote):
        if record.commercial:
            return format_html('{} <span class="badge warn">no GST</span>', record.number)
        return record.number

    def render_at(self, value) -> str:
        return shop_datetime(value)

    def render_buyer(self, record: CreditNote) -> str:
        return record.buyer_name or record.buyer_phone or ""

    def render_given(self, record: CreditNote):
        names = {Payment.Method.CREDIT: "New goods"}
        ways = dict.fromkeys(names.get(p.method, p.get_method_display()) for p in record.refunds.all())
        return format_html_join(" + ", "{}", ((way,) for way in ways)) or NOTHING

    def render_total(self, value) -> str:
        return rupees(value)


def details_in_words(event: TillEvent) -> str:
    """What else is known of an event, in one line: "item Soap · was 2 · now 1"."""
    return " · ".join(f"{key.replace('_', ' ')} {value}" for key, value in event.details.items() if value not in ("", None))


class TillEventTable(tables.Table):
    """What happened at the counters, newest first."""

    at = tables.Column("When", attrs=PLAIN)
    kind = tables.Column("What", attrs=PLAIN)
    by = tables.Column("Who", attrs=PLAIN)
    counter = tables.Column("Counter", default="", attrs=PLAIN)
    reason = tables.Column("Why", empty_values=(), attrs=PLAIN)
    amount = tables.Column("Amount", default="", attrs=LEAD)

    caption = "What happened at the counters, newest first"
    empty_title = "Nothing happened"
    empty_icon = "history"

    class Meta:
        model = TillEvent
        empty_text = "Lines taken off a bill, cancelled bills, drawers opened without a sale, approvals and wrong PINs stand here."
        fields = ("at", "kind", "by", "counter", "reason", "amount")
        orderable = False
        attrs = {"data-target": "#log"}

    ALERT = {TillEvent.Kind.PIN_LOCKED: "bad", TillEvent.Kind.PIN_WRONG: "warn", TillEvent.Kind.BILL_VOIDED: "warn",
             TillEvent.Kind.NO_SALE: "warn", TillEvent.Kind.APPROVAL: "good"}  # fmt: skip

    def render_at(self, value) -> str:
        return shop_datetime(value)

    def render_kind(self, record: TillEvent):
        return format_html('<span class="badge {}">{}</span>', self.ALERT.get(record.kind, ""), record.get_kind_display())

    def render_by(self, record: TillEvent):
        if record.signed_in_id == record.by_id:
            return str(record.by)
        return format_html('{}<span class="sub">on the device of {}</span>', record.by, record.signed_in)

    def render_reason(self, record: TillEvent):
        details = details_in_words(record)
        if not record.reason:
            return details
        return format_html('{}<span class="sub">{}</span>', record.reason, details) if details else record.reason

    def render_amount(self, value) -> str:
        return rupees(value)


class ClaimTable(tables.Table):
    """Money that nobody has seen yet, newest first. A row stays where it is when something was said of it."""

    at = tables.TemplateColumn(template_name="orders/_claim_age.html", verbose_name="When")
    how = tables.TemplateColumn(template_name="orders/_claim_how.html", verbose_name="How", attrs=PLAIN)
    bill = tables.TemplateColumn(template_name="orders/_claim_bill.html", verbose_name="Bill", attrs=PLAIN)
    counter = tables.TemplateColumn("{{ record.counter.name }}", verbose_name="Counter", attrs=SPARE)
    amount = tables.TemplateColumn("{{ record.amount|rupees }}", verbose_name="Amount", attrs=LEAD)
    acts = tables.TemplateColumn(
        template_name="orders/_claim.html",
        context_object_name="payment",
        extra_context={"back": "list"},
        verbose_name="",
        attrs={"td": {"data-acts": ""}},
    )

    caption = "Payments not yet seen, newest first"
    empty_title = "Everything is seen"
    empty_icon = "check"

    class Meta:
        model = Payment
        empty_text = "UPI, card and bank payments stand here from the bill until somebody has seen the money."
        fields = ("at", "how", "bill", "counter", "amount", "acts")
        orderable = False
        attrs = {"data-target": "#claims", "class": "claims"}


class CustomerTable(tables.Table):
    """Customers; who owes most can be put first."""

    name = tables.Column("Name", linkify=lambda record: record.get_absolute_url(), empty_values=())
    phone = tables.Column("Phone", accessor="short_phone", order_by="phone", attrs=PLAIN)
    gstin = tables.Column("GSTIN", default="")
    owes_since = tables.Column("Owes since", empty_values=(), orderable=False)
    credit_limit = tables.Column("Limit", attrs={"th": {"class": "num"}, "td": {"class": "num", "data-spare": ""}})
    outstanding = tables.Column("Owes", attrs=LEAD)

    caption = "Customers"
    empty_title = "No customers yet"
    empty_icon = "people"

    class Meta:
        model = Customer
        empty_text = "Write down who buys on khata or wants a GST bill. At the counter the phone number is enough."
        fields = ("name", "phone", "gstin", "owes_since", "credit_limit", "outstanding")
        attrs = {"data-target": "#customers"}

    def render_name(self, record: Customer):
        return format_html('{}<span class="sub" lang="hi">{}</span>', str(record), record.local_name) if record.local_name else str(record)

    def render_owes_since(self, record: Customer) -> str:
        day = getattr(self, "since", {}).get(record.pk)
        return shop_date(day) if day else ""

    def render_credit_limit(self, value) -> str:
        return rupees(value)

    def render_outstanding(self, record: Customer):
        if not record.outstanding:
            return ""
        return format_html('<span class="{}">{}</span>', "owed" if record.outstanding > 0 else "paid", rupees(record.outstanding))


class ShiftTable(tables.Table):
    """Shifts that are over, newest first, each with its two counts at hand (`counts`)."""

    opened_at = tables.Column("Began", linkify=lambda record: reverse("orders:shift", args=[record.shop.slug, record.pk]))
    closed_at = tables.Column("Ended")
    counter = tables.Column("Counter", attrs=PLAIN)
    cashier = tables.Column("Who", attrs=PLAIN)
    counted = tables.Column("Counted", empty_values=(), attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    difference = tables.Column("Short or over", empty_values=(), attrs=LEAD)

    caption = "Shifts that are over, newest first"
    empty_title = "No shift is over yet"
    empty_icon = "drawer"

    class Meta:
        model = Shift
        empty_text = "Open a shift by counting the drawer. Once it is ended, it stands here with what was short or over."
        fields = ("opened_at", "closed_at", "counter", "cashier", "counted", "difference")
        orderable = False
        attrs = {"data-target": "#shifts"}

    def render_opened_at(self, value) -> str:
        return shop_datetime(value)

    def render_closed_at(self, value) -> str:
        return shop_datetime(value)

    def render_counted(self, record: Shift) -> str:
        ended = self._ended(record)
        return "" if ended is None or ended.counted is None else rupees(ended.counted)

    def render_difference(self, record: Shift):
        ended = self._ended(record)
        if ended is None or ended.counted is None:
            return format_html('<span class="badge warn">{}</span>', _("not counted"))
        return off_by(ended.difference)

    def _ended(self, record: Shift) -> DrawerEvent | None:
        return next((event for event in record.counts if event.kind == DrawerEvent.Kind.CLOSED), None)


def off_by(difference) -> SafeString | str:
    """What a count was short or over, in words and colour."""
    if not difference:
        return format_html('<span class="badge good">✓ {}</span>', _("right"))
    word, kind = (_("over"), "paid") if difference > 0 else (_("short"), "owed")
    return format_html('<span class="{}">{} {}</span>', kind, rupees(abs(difference)), word)
