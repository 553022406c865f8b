from django.urls import path

from orders import bill_views as bills
from orders import card_views as cards
from orders import counter_goods_views as counter_goods
from orders import counter_views as counter
from orders import credit_views as credits
from orders import customer_views as customers
from orders import label_views as labels
from orders import log_views as log
from orders import lookup_views as lookup
from orders import payment_views as payments
from orders import return_views as returns
from orders import shift_views as shifts
from orders import till_views as till
from orders.khata import entry_views as entries
from orders.khata import more_views as book
from orders.khata import views as khata

app_name = "orders"
urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/choose", counter.counter_choose, name="counter_choose"),
    path("counter/line", counter.counter_line, name="counter_line"),
    path("counter/search", counter.counter_search, name="counter_search"),
    path("counter/customer", counter.counter_customer, name="counter_customer"),
    path("counter/upi", counter.counter_upi, name="counter_upi"),
    path("counter/lookup", lookup.counter_lookup, name="counter_lookup"),
    path("counter/copy", lookup.counter_copy, name="counter_copy"),
    path("counter/rows", lookup.counter_rows, name="counter_rows"),
    path("counter/batches", lookup.counter_batches, name="counter_batches"),
    path("counter/keys", lookup.counter_keys, name="counter_keys"),
    path("counter/product", counter_goods.counter_product, name="counter_product"),
    path("counter/last", bills.counter_last, name="counter_last"),
    path("counter/pay", counter.counter_pay, name="counter_pay"),
    path("counter/lock", till.counter_lock, name="counter_lock"),
    path("counter/cashier", till.counter_cashier, name="counter_cashier"),
    path("counter/approve", till.counter_approve, name="counter_approve"),
    path("counter/log", till.counter_log_notes, name="counter_log_notes"),
    path("drawer/", shifts.drawer, name="drawer"),
    path("drawer/<int:counter>/open/", shifts.shift_open, name="shift_open"),
    path("drawer/shifts/<int:shift>/", shifts.shift, name="shift"),
    path("drawer/shifts/<int:shift>/move/", shifts.shift_move, name="shift_move"),
    path("drawer/shifts/<int:shift>/count/", shifts.shift_count, name="shift_count"),
    path("drawer/shifts/<int:shift>/end/", shifts.shift_end, name="shift_end"),
    path("counter-log/", log.counter_log, name="counter_log"),
    path("counter-log/export.csv", log.counter_log_csv, name="counter_log_csv"),
    path("people/<int:member>/badge/", cards.badge, name="badge"),
    path("settings/labels/try/", labels.label_try, name="label_try"),
    path("bills/", bills.bills, name="bills"),
    path("bills/export.csv", bills.bills_csv, name="bills_csv"),
    path("bills/<slug:number>/", bills.bill, name="bill"),
    path("bills/<slug:number>/cancel/", bills.bill_cancel, name="bill_cancel"),
    path("bills/<slug:number>/print/", bills.bill_print, name="bill_print"),
    path("bills/<slug:number>/receipt/", bills.receipt, name="receipt"),
    path("bills/<slug:number>/receipt.bin", bills.receipt_bin, name="receipt_bin"),
    path("bills/<slug:number>/invoice.pdf", bills.invoice, name="invoice_pdf"),
    path("bills/<slug:number>/return/", returns.bill_return, name="bill_return"),
    path("bills/<slug:number>/return/sums/", returns.return_sums, name="return_sums"),
    path("bills/<slug:number>/return/find/", returns.return_find, name="return_find"),
    path("returns/", credits.credit_notes, name="credit_notes"),
    path("returns/export.csv", credits.credit_notes_csv, name="credit_notes_csv"),
    path("returns/<slug:note>/", credits.credit_note, name="credit_note"),
    path("returns/<slug:note>/note.pdf", credits.credit_note_pdf, name="credit_note_pdf"),
    path("returns/<slug:note>/receipt/", credits.credit_note_roll, name="credit_note_roll"),
    path("returns/<slug:note>/receipt.bin", credits.credit_note_bin, name="credit_note_bin"),
    path("payments/", payments.claims, name="claims"),
    path("payments/export.csv", payments.claims_csv, name="claims_csv"),
    path("payments/<int:payment>/seen/", payments.payment_seen, name="payment_seen"),
    path("payments/<int:payment>/failed/", payments.payment_failed, name="payment_failed"),
    path("khata/", khata.khatas, name="khatas"),
    path("khata/disputes/", entries.disputes, name="khata_disputes"),
    path("khata/disputes/<int:dispute>/settle/", entries.settle, name="khata_settle"),
    path("khata/reminders/", book.reminders, name="khata_reminders"),
    path("khata/old-book/", book.old_book, name="khata_import"),
    path("khata/<int:pk>/remind/", book.send_reminder, name="khata_remind"),
    path("khata/<int:pk>/<int:entry_no>/receipt.pdf", entries.receipt, name="khata_receipt"),
    path("khata/<int:pk>/", khata.khata, name="khata"),
    path("khata/<int:pk>/got/", khata.got, name="khata_got"),
    path("khata/<int:pk>/gave/", khata.gave, name="khata_gave"),
    path("khata/<int:pk>/opening/", khata.opening, name="khata_opening"),
    path("khata/<int:pk>/write-off/", khata.write_off, name="khata_write_off"),
    path("khata/<int:pk>/statement.pdf", entries.statement, {"kind": "pdf"}, name="khata_pdf"),
    path("khata/<int:pk>/statement.xlsx", entries.statement, {"kind": "xlsx"}, name="khata_xlsx"),
    path("khata/<int:pk>/members/", entries.members, name="khata_members"),
    path("khata/<int:pk>/members/<int:person>/", entries.member, name="khata_member"),
    path("khata/<int:pk>/link/", entries.link, name="khata_link"),
    path("khata/<int:pk>/<int:entry_no>/", entries.entry, name="khata_entry"),
    path("khata/<int:pk>/<int:entry_no>/take-back/", khata.reverse_one, name="khata_reverse"),
    path("customers/", customers.customers, name="customers"),
    path("customers/new/", customers.customer_new, name="customer_new"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/card/", cards.customer_card, name="customer_card"),
]
