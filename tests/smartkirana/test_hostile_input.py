"""Bad input at every address: a sentence, nothing written, never a 500. The table is made from the URL patterns.

A new page is tried by itself. What this file must be told is only what cannot be guessed: which row of the world stands
in a place of the address (`PLACES`), and for an address that takes a POST, what a right one is (`RIGHT`).
"""

from __future__ import annotations

import json
import logging
import re
import time
from datetime import timedelta
from decimal import Decimal
from secrets import token_bytes
from types import SimpleNamespace
from urllib.parse import quote, urlencode

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from fido2.utils import websafe_encode

from orders.cards import STAFF, card_of
from orders.public import code_of
from orders.shift_forms import signed_count
from orders.shifts import Count
from shops import codes
from shops.code_models import SignInCode
from shops.services import add_counter, invite
from smartkirana.dates import shop_today
from tests import factories, hostile
from tests.passkeys import Passkey, make_passkey
from tests.shops.test_second_step import app_code
from tests.smartkirana.test_every_address import OF_A_SHOP, WAYS_IN, addresses, signed_in

PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
PLACES = {
    "shop": lambda w: w.shop.slug,
    "counter": lambda w: w.till.pk,
    "invitation": lambda w: w.invitation.pk,
    "member": lambda w: w.member.pk,
    "device": lambda w: w.device.pk,
    "passkey": lambda w: w.passkey.pk,
    "product": lambda w: w.product.pk,
    "label": lambda w: w.label.pk,
    "supplier": lambda w: w.supplier.pk,
    "receipt": lambda w: w.receipt.pk,
    "repack": lambda w: w.repack.pk,
    "recipe": lambda w: w.recipe.pk,
    "order": lambda w: w.order.pk,
    "bank_file": lambda w: w.bank_file.pk,
    "statement": lambda w: w.statement.pk,
    "line": lambda w: w.line.pk,
    "books/bank/lines/<int:line>/undo/": lambda w: w.matched_line.pk,
    "bill_file": lambda w: w.bill_file.pk,
    "take": lambda w: w.take.pk,
    "shift": lambda w: w.shift.pk,
    "z": lambda w: w.z.number,
    "notice": lambda w: w.notice.pk,
    "key": lambda w: w.key.pk,
    "webhook": lambda w: w.webhook.pk,
    "delivery": lambda w: w.message.pk,
    "entry": lambda w: w.entry.pk,
    "stock/takes/<int:take>/approve/": lambda w: w.counted.pk,
    "stock/takes/<int:take>/go-on/": lambda w: w.counted.pk,
    "tile": lambda w: w.tile.pk,
    "number": lambda w: w.bill.slug,
    "note": lambda w: w.note.slug,
    "payment": lambda w: w.claim.pk,
    "bill_code": lambda w: code_of(w.bill),
    "code": lambda w: "1000",
    "kind": lambda w: "csv",
    "products/<int:pk>": lambda w: w.product.pk,
    "products/import/<int:pk>": lambda w: w.job.pk,
    "products/import/<int:pk>/confirm": lambda w: w.checked.pk,
    "products/tiles/add/<int:pk>": lambda w: w.untiled.pk,
    "khata/<int:pk>": lambda w: w.customer.pk,
    "entry_no": lambda w: w.entry_no,
    "person": lambda w: w.person.pk,
    "dispute": lambda w: w.dispute.pk,
    "khata_key": lambda w: w.customer.link_key,
    "customers/<int:pk>": lambda w: w.customer.pk,
    "price-lists/<int:pk>": lambda w: w.price_list.pk,
    "offers/<int:pk>": lambda w: w.offer.pk,
}
SHARED = {"code", "kind", "z"}  # the same in every shop
BAD_PLACES = {
    "int": ["0", "999999999999999999", "99999999999999999999", "9" * 5000, "-1", "x", "²", "१२"],
    "slug": ["x", "S1-26-27-999999", "S1-99-99-0000001", "x" * 5000, "-"],
    "str": ["x", "\x00", "x" * 5000, "🧂", hostile.OURS.replace("/", ""), "' OR 1=1", "%ff", "1e999"],
}
ROW, OTHER_ROW = "0a1b2c3d", "11111111"
BALANCE = "54.99"
CODE, APP_SECRET = "424242", generate_totp_secret()
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"
RIGHT = {
    "sign-in/": lambda w: {"login": w.owner.phone.as_e164, "password": factories.PASSWORD, "remember": "on"},
    "sign-out/": lambda w: {},
    "sign-in/code/": lambda w: {"phone": w.clerk.short_phone, "next": "/devices/"},
    "sign-in/code/check/": lambda w: {"code": CODE},
    "password/forgot/": lambda w: {"phone": w.clerk.short_phone, "next": ""},
    "password/forgot/check/": lambda w: {"code": CODE},
    "password/new/": lambda w: {"password": "a-long-pass-42"},
    "sign-in/second-step/": lambda w: {"code": w.recovery_codes[0]},
    "sign-in/passkey/": lambda w: {"credential": "{}"},
    "safer-sign-in/app/": lambda w: {"code": app_code(secret=APP_SECRET)},
    "safer-sign-in/app/remove/": lambda w: {},
    "safer-sign-in/recovery-codes/new/": lambda w: {},
    "safer-sign-in/passkeys/add/": lambda w: {"name": "Phone", "credential": json.dumps(w.new_passkey)},
    "safer-sign-in/passkeys/<int:passkey>/remove/": lambda w: {},
    "join/": lambda w: {"phone": w.newcomer, "code": w.newcomers_code, "password": "a-long-pass-42"},
    "password/": lambda w: {"oldpassword": factories.PASSWORD, "password1": "a-long-pass-42", "password2": "a-long-pass-42"},
    "language/": lambda w: {"language": "hi"},
    "devices/": lambda w: {},
    "this-is-me/": lambda w: {"password": factories.PASSWORD},
    "my-pin/": lambda w: {"password": factories.PASSWORD, "pin": "7391", "pin_again": "7391"},
    "settings/counter-rules/": lambda w: {"staff-discount_percent": "7", "manager-discount_percent": "30", "staff-may_change_rate": "on",
                                          "staff-may_pass_khata_limit": "on", "staff-may_cancel_open_bill": "on",
                                          "staff-may_take_back": "on"},
    "people/<int:member>/pin/": lambda w: {"pin": "7391"},
    "people/<int:member>/pin/clear/": lambda w: {},
    "devices/<int:device>/sign-out/": lambda w: {},
    "settings/": lambda w: {"phone": "020 123456", "name": "Sharma", "local_name": "शर्मा", "upi_name": "Sharma",
                           "receipt_footer": "Thank you", "pan": "", "fssai": "10012022000001"},
    "settings/counters/new/": lambda w: {"name": "Milk window", "code": "M1"},
    "settings/counters/<int:counter>/": lambda w: {"name": "Milk window"},
    "settings/programs/keys/new/": lambda w: {"name": "Online shop", "scopes": "see_goods"},
    "settings/programs/keys/<int:key>/revoke/": lambda w: {},
    "settings/programs/webhooks/new/": lambda w: {"url": "http://127.0.0.1:9/told", "events": "bill.issued"},
    "settings/programs/webhooks/<int:webhook>/": lambda w: {"url": "http://127.0.0.1:9/told", "events": "bill.issued"},
    "settings/programs/webhooks/<int:webhook>/secret/": lambda w: {},
    "settings/programs/webhooks/<int:webhook>/end/": lambda w: {},
    "settings/programs/messages/<int:delivery>/again/": lambda w: {},
    "people/invite/": lambda w: {"name": "Ravi", "phone": "9876500000"},
    "people/invited/<int:invitation>/new-code/": lambda w: {},
    "people/invited/<int:invitation>/withdraw/": lambda w: {},
    "people/<int:member>/": lambda w: {"role": "manager"},
    "people/<int:member>/remove/": lambda w: {},
    "khata/<int:pk>/got/": lambda w: {"request_key": KEY, "amount": "30", "method": "upi", "discount": "1", "reference": "6123",
                                      "note": "x", "counter": str(w.till.pk), f"share-{w.bill.khata_entries.get().pk}": "10"},
    "khata/<int:pk>/gave/": lambda w: {"request_key": KEY, "amount": "30", "method": "cash", "reference": "", "note": "fee",
                                       "counter": "none"},
    "khata/<int:pk>/opening/": lambda w: {"request_key": KEY, "way": "owed", "amount": "500",
                                          "day": shop_today().isoformat(), "note": "page 7"},
    "khata/<int:pk>/write-off/": lambda w: {"request_key": KEY, "amount": "10", "note": "moved away"},
    "khata/<int:pk>/<int:entry_no>/take-back/": lambda w: {"request_key": KEY, "note": "another Asha"},
    "khata/<int:pk>/members/": lambda w: {"request_key": KEY, "name": "Sunita", "limit": "300"},
    "khata/<int:pk>/members/<int:person>/": lambda w: {"name": "Ravi", "limit": "300"},
    "khata/<int:pk>/link/": lambda w: {"act": "revoke"},
    "khata/<int:pk>/remind/": lambda w: {"way": "sms"},
    "khata/disputes/<int:dispute>/settle/": lambda w: {"note": "shown the bill"},
    "khata/old-book/": lambda w: {"request_key": KEY, "text": "9876500001, Sunita, 120.50"},
    "k/<slug:khata_key>/<int:entry_no>/disagree/": lambda w: {"words": "I paid more"},
    "products/new/": lambda w: {"name": "Salt", "price": "10", "cost": "8", "mrp": "12", "gst_goods": str(factories.goods().pk),
                                "category": "Spices", "code": "8901719101038", "holds": "2", "local_name": "Namak",
                                "search_words": "namak", "shelf": "Rack 3",
                                "sku": "SALT", "plu": "77", "request_key": KEY,
                                "min_stock": "1", "max_stock": "9", "reorder_quantity": "3"},
    "products/<int:pk>/edit/": lambda w: {"category": "Spices", "name": "Soap"},
    "products/<int:pk>/on-sale/": lambda w: {"on_sale": "no"},
    "products/<int:pk>/slabs/": lambda w: {"least": "24", "price": "48.50"},
    "price-lists/new/": lambda w: {"name": "Traders"},
    "price-lists/<int:pk>/edit/": lambda w: {"name": "Traders"},
    "price-lists/<int:pk>/in-use/": lambda w: {"in_use": "no"},
    "price-lists/<int:pk>/paste/": lambda w: {"text": f"{w.product.sku}, 48.50, 24", "enter": "1"},
    "price-lists/<int:pk>/goods/<int:product>/": lambda w: {"least": "24", "price": "48.50"},
    "price-lists/<int:pk>/goods/<int:product>/price/": lambda w: {"price": "48.50"},
    "offers/new/": lambda w: {"kind": "percent", "name": "Diwali", "percent": "10", "product": w.product.sku, "category": "", "amount": "",
                              "buy": "", "get": "", "price": "", "first_day": "2026-11-01", "last_day": "", "request_key": KEY},
    "offers/<int:pk>/": lambda w: {"kind": "combo", "name": "Diwali set", "price": "90", "part": w.product.sku, "part_quantity": "2",
                                   "first_day": "2026-11-01", "last_day": "2030-11-30"},
    "offers/<int:pk>/end/": lambda w: {"on": "no"},
    "products/tiles/add/<int:pk>/": lambda w: {"q": "sugar"},
    "products/tiles/<int:tile>/move/": lambda w: {"to": "down"},
    "products/tiles/<int:tile>/remove/": lambda w: {},
    "settings/labels/new/": lambda w: {"name": "Sweets", "prefix": "22", "holds": "price", "decimals": "2"},
    "settings/labels/<int:label>/": lambda w: {"name": "Scale"},
    "settings/labels/<int:label>/move/": lambda w: {"to": "up"},
    "settings/labels/<int:label>/remove/": lambda w: {},
    "counter/product": lambda w: {"request_key": KEY, "scanned": "8901719101038", "code": "8901719101038", "name": "Biscuits", "mrp": "12",
                                  "price": "10", "unit": "pc", "gst_goods": str(factories.goods().pk)},
    "products/import/": lambda w: {"file": SimpleUploadedFile("goods.csv", b"Name,Price\nSalt,10\n")},
    "products/import/<int:pk>/columns/": lambda w: {"name": "0", "price": "1", "hsn": "2"},
    "products/import/<int:pk>/confirm/": lambda w: {},
    "products/import/<int:pk>/forget/": lambda w: {},
    "stock/minimum/<int:product>/": lambda w: {"min_stock": "5"},
    "stock/maximum/<int:product>/": lambda w: {"max_stock": "120"},
    "stock/low/": lambda w: {"request_key": KEY, "act": "ticked", "product": str(w.product.pk), f"{w.product.pk}-quantity": "12",
                             "bring": str(w.supplier.pk)},
    "stock/expiry/": lambda w: {"request_key": KEY, "act": f"mark-down:{w.lot.pk}", "lot": str(w.lot.pk), f"price-{w.lot.pk}": "45.50",
                                "note": "x"},
    "stock/opening/": lambda w: {"request_key": KEY, "row": f"{ROW}-{w.product.pk}", f"{ROW}-quantity": "5", f"{ROW}-unit_cost": "40",
                                 f"{ROW}-mrp": "52.50", f"{ROW}-batch": "B1", f"{ROW}-expiry": "2031-01-31"},
    "stock/opening/paste/": lambda w: {"request_key": KEY, "text": f"{w.product.sku}, 5, 40, 52.50, B1, 31/01/2031", "enter": "1"},
    "stock/adjust/<int:product>/": lambda w: {"request_key": KEY, "reason": "damage", "quantity": "1", "lot": str(w.lot.pk), "note": "x"},
    "stock/repack/new/": lambda w: a_repack(w),
    "stock/repack/new/sums/": lambda w: a_repack(w),
    "stock/repack/new/find/": lambda w: {"q": w.sack.sku, "go": "1", "side": "taken"},
    "stock/repack/recipes/new/": lambda w: a_repack(w) | {"name": "Sugar packets"},
    "stock/repack/recipes/<int:recipe>/": lambda w: a_repack(w) | {"name": "Sugar packets"},
    "stock/repack/recipes/<int:recipe>/in-use/": lambda w: {"on": "1"},
    "stock/labels/": lambda w: some_labels(w),
    "stock/labels/preview/": lambda w: some_labels(w),
    "stock/labels/labels.pdf": lambda w: some_labels(w),
    "notices/<int:notice>/seen/": lambda w: {},
    "notices/seen/": lambda w: {},
    "stock/takes/new/": lambda w: {"request_key": KEY, "category": str(w.category.pk), "name": "Diwali"},
    "stock/takes/<int:take>/goods/<int:product>/": lambda w: {"request_key": KEY, "quantity": "7", "lot": "all", "seen": "5",
                                                              "code": w.product.sku.replace("SKU", "CODE")},
    "stock/takes/<int:take>/back/<int:entry>/": lambda w: {},
    "stock/takes/<int:take>/end/": lambda w: {},
    "stock/takes/<int:take>/recount/": lambda w: {"product": str(w.product.pk)},
    "stock/takes/<int:take>/go-on/": lambda w: {},
    "stock/takes/<int:take>/approve/": lambda w: {"request_key": KEY, "uncounted": "zero", "sure": "on", "note": "looked twice"},
    "stock/takes/<int:take>/cancel/": lambda w: {},
    "suppliers/new/": lambda w: a_supplier(),
    "suppliers/<int:supplier>/change/": lambda w: a_supplier(),
    "suppliers/<int:supplier>/in-use/": lambda w: {"in_use": "no"},
    "suppliers/<int:supplier>/pay/": lambda w: a_payment(w),
    "suppliers/<int:supplier>/pay/plan/": lambda w: a_payment(w),
    "suppliers/<int:supplier>/opening/": lambda w: {"request_key": KEY, "way": "owed", "amount": "500.50", "note": "khata"},
    "purchases/new/": lambda w: a_purchase(w),
    "purchases/new/sums/": lambda w: a_purchase(w),
    "purchases/new/find/": lambda w: {"q": w.product.sku, "go": "1"},
    "purchases/orders/new/": lambda w: an_order(w),
    "purchases/orders/new/sums/": lambda w: an_order(w),
    "purchases/orders/new/find/": lambda w: {"q": w.product.sku, "go": "1"},
    "purchases/orders/<int:order>/change/": lambda w: an_order(w) | {"seen": "0"},
    "purchases/orders/<int:order>/send/": lambda w: {},
    "purchases/orders/<int:order>/close/": lambda w: {"reason": "not made any more"},
    "purchases/orders/<int:order>/cancel/": lambda w: {"reason": "written twice"},
    "purchases/new/file/": lambda w: {"supplier": str(w.supplier.pk), "request_key": KEY,
                                      "file": SimpleUploadedFile("bill.csv", b"Item,Qty,Rate\nSalt,2,10\n")},
    "purchases/new/file/<int:bill_file>/columns/": lambda w: {"column-0": "code", "column-1": "name", "column-2": "quantity",
                                                              "column-3": "rate", "column-4": "expiry", "inclusive": "on"},
    "purchases/new/file/<int:bill_file>/goods/": lambda w: {"line": str(w.bill_file.rows[0][0]), "goods": w.product.sku, "pack": "12"},
    "purchases/new/file/<int:bill_file>/again/": lambda w: {"line": str(w.bill_file.rows[0][0])},
    "purchases/new/file/<int:bill_file>/forget/": lambda w: {},
    "books/bank/bring/": lambda w: {"request_key": KEY, "file": SimpleUploadedFile("bank.csv", b"Date,Amount,RRN\n14/11/2026,50,6345\n")},
    "books/bank/files/<int:bank_file>/columns/": lambda w: {"column-0": "date", "column-1": "amount", "column-2": "charge",
                                                            "column-3": "reference", "column-4": "text", "source": "bank",
                                                            "account": "HDFC current"},
    "books/bank/files/<int:bank_file>/forget/": lambda w: {},
    "books/bank/files/<int:bank_file>/take-in/": lambda w: {},
    "books/bank/<int:statement>/confirm/": lambda w: {"pairs": f"{w.line.pk}-{w.claim.pk}", "total": "1"},
    "books/bank/<int:statement>/choose/": lambda w: {f"line-{w.line.pk}": str(w.claim.pk)},
    "books/bank/lines/<int:line>/match/": lambda w: {"payment": str(w.claim.pk)},
    "books/bank/lines/<int:line>/aside/": lambda w: {"reason": "Own money"},
    "books/bank/lines/<int:line>/undo/": lambda w: {"reason": "Wrong bill"},
    "purchases/<int:receipt>/return/": lambda w: {"request_key": KEY, f"line-{w.receipt.lines.get().pk}": "2", "note": "leaking"},
    "counter/": lambda w: {"code": w.product.sku.replace("SKU", "CODE"), "key": KEY, **a_line(w)},
    "counter/choose": lambda w: {"counter": str(w.till.pk)},
    "counter/lock": lambda w: {"client_id": KEY, "counter": str(w.till.pk)},
    "counter/cashier": lambda w: {"who": str(w.seller.pk), "pin": factories.PIN, "client_id": KEY, "counter": str(w.till.pk)},
    "counter/approve": lambda w: {"key": KEY, "counter": str(w.till.pk), "who": str(w.seller.pk), "pin": factories.PIN, "client_id": KEY,
                                  "percent": "12.5", "rate": "1", "khata": "5380.00", "reason": "Regular customer"},
    "counter/log": lambda w: {"events": json.dumps([a_note(w)])},
    "counter/customer": lambda w: {"phone": "9876500000"},
    "counter/rows": lambda w: a_line(w),
    "counter/pay": lambda w: {"key": KEY, "counter": str(w.till.pk), "customer": str(w.customer.pk), "total": "100.00", "pay-upi": "5",
                              "reference-upi": "T1", "upi-mark": "seen", "pay-cash": "200", **a_line(w)},
    "drawer/<int:counter>/open/": lambda w: {"request_key": KEY, "n500": "3", "n10": "2", "amount": "1520", "reason": "x"},
    "drawer/shifts/<int:shift>/move/": lambda w: {"request_key": KEY, "reason": "supplier", "amount": "60.50", "words": "advance",
                                                  "supplier": str(w.supplier.pk)},
    "drawer/shifts/<int:shift>/count/": lambda w: {"request_key": KEY, "n500": "3", "amount": "1500"},
    "drawer/shifts/<int:shift>/end/": lambda w: {"request_key": KEY, "counted": a_count(w), "to_safe": "500", "reason": "short"},
    "books/day/close/": lambda w: {"day": (shop_today() - timedelta(days=1)).isoformat()},
    "books/money/move/": lambda w: {"request_key": KEY, "place": f"counter-{w.till.pk}", "reason": "to_bank", "amount": "5", "words": "x"},
    "bills/<slug:number>/cancel/": lambda w: {"reason": "wrong goods"},
    "bills/<slug:number>/print/": lambda w: {"paper": "r80"},
    "bills/<slug:number>/return/": lambda w: a_return(w),
    "bills/<slug:number>/return/sums/": lambda w: a_return(w),
    "payments/<int:payment>/seen/": lambda w: {"how": "statement", "back": "list"},
    "payments/<int:payment>/failed/": lambda w: {"how": "owner", "reason": "not in the statement"},
    "customers/new/": lambda w: {"name": "Ravi", "phone": "9876500000", "local_name": "Ravi", "address": "Tilak Road", "due_days": "30"},
    "customers/<int:pk>/": lambda w: {"name": "Ravi", "local_name": "Ravi", "address": "Tilak Road"},
}  # fmt: skip
RIGHT_QUERY = {
    "products/gst/": lambda w: {"hsn": "2501", "gst_goods": str(factories.goods().pk)},
    "products/options/": lambda w: {"product": w.product.sku},
    "price-lists/<int:pk>/": lambda w: {"q": w.product.sku, "show": "all"},
    "offers/new/": lambda w: {"product": str(w.product.pk)},
    "stock/opening/find/": lambda w: {"q": w.product.sku, "go": "1"},
    "stock/repack/new/": lambda w: {"recipe": str(w.recipe.pk), "times": "2", "taken": str(w.sack.pk), "made": str(w.packet.pk)},
    "stock/repack/new/find/": lambda w: {"q": w.sack.sku, "go": "1", "side": "made", "product": str(w.packet.pk), "plain": "1"},
    "stock/repack/recipes/new/": lambda w: {"repack": str(w.repack.pk), "taken": str(w.sack.pk)},
    "stock/labels/": lambda w: {"product": str(w.product.pk), "lot": str(w.lot.pk), "days": "", "receipt": "", "repack": ""},
    "stock/labels/find/": lambda w: {"q": w.packet.sku, "go": "1"},
    "khata/": lambda w: {"q": w.customer.short_phone, "show": "all", "group": "", "band": "0", "sort": "-outstanding"},
    "khata/reminders/": lambda w: {"customer": str(w.customer.pk)},
    "khata/<int:pk>/got/": lambda w: {"pay": "all"},
    "khata/<int:pk>/statement.xlsx": lambda w: {"start": "2026-04-01", "end": "2027-03-31"},
    "khata/<int:pk>/statement.pdf": lambda w: {"start": "2026-04-01", "end": "2027-03-31"},
    "stock/low/": lambda w: {"q": w.product.sku, "category": str(w.category.pk), "supplier": str(w.supplier.pk), "within": "7", "out": "1"},
    "stock/slow/": lambda w: {"q": w.product.sku, "category": str(w.category.pk), "show": "idle30", "order": "idle"},
    "stock/slow.csv": lambda w: {"q": w.product.sku, "category": str(w.category.pk), "show": "cover60", "order": "name"},
    "books/stock-value/": lambda w: {"q": w.product.sku, "category": str(w.category.pk), "sort": "name", "on": "2026-11-01"},
    "books/stock-value.csv": lambda w: {"q": w.product.sku, "category": str(w.category.pk), "sort": "name", "on": "2026-11-01"},
    "books/cash/": lambda w: {"of": f"counter-{w.till.pk}", "period": "month"},
    "books/cash.csv": lambda w: {"of": "safe", "period": "month"},
    "stock/expiry/": lambda w: {"q": w.product.sku, "category": str(w.category.pk), "supplier": str(w.supplier.pk), "days": "all"},
    "suppliers/": lambda w: {"q": "Agencies", "show": "owed", "sort": "-balance"},
    "suppliers/<int:supplier>/": lambda w: {"start": "2026-04-01", "end": "2027-03-31", "open": "all"},
    "suppliers/<int:supplier>/statement.csv": lambda w: {"start": "2026-04-01", "end": "2027-03-31"},
    "suppliers/<int:supplier>/pay/": lambda w: {"pay": "all"},
    "purchases/": lambda w: {"q": "Agencies", "supplier": str(w.supplier.pk), "start": "2026-11-01", "end": "2026-11-30"},
    "purchases/new/": lambda w: {"supplier": str(w.supplier.pk), "product": str(w.product.pk), "order": str(w.order.pk)},
    "purchases/new/find/": lambda w: {"q": w.product.sku, "go": "1"},
    "purchases/orders/": lambda w: {"q": "Agencies", "supplier": str(w.supplier.pk), "status": "open"},
    "purchases/orders/new/": lambda w: {"supplier": str(w.supplier.pk), "product": str(w.product.pk), "copy": str(w.order.pk)},
    "purchases/orders/new/find/": lambda w: {"q": w.product.sku, "go": "1"},
    "purchases/new/file/": lambda w: {"supplier": str(w.supplier.pk)},
    "purchases/new/file/<int:bill_file>/": lambda w: {"columns": "1"},
    "stock/adjust/": lambda w: {"q": w.product.sku},
    "stock/takes/<int:take>/": lambda w: {"product": str(w.product.pk), "code": w.product.sku.replace("SKU", "CODE")},
    "stock/takes/<int:take>/find/": lambda w: {"q": w.product.sku, "go": "1"},
    "stock/takes/<int:take>/left/": lambda w: {"q": "soap"},
    "stock/takes/<int:take>/review/": lambda w: {"show": "all", "sort": "name", "page": "1"},
    "stock/adjust/<int:product>/after/": lambda w: {"reason": "damage", "quantity": "1", "lot": str(w.lot.pk)},
    "counter/approve": lambda w: {"key": KEY, "percent": "12.5", "rate": "1", "khata": "5380.00"},
    "bills/<slug:number>/return/find/": lambda w: {"q": w.product.sku.replace("SKU", "CODE"), "go": "1"},
    "returns/": lambda w: {"q": w.note.number, "start": "2026-11-01", "end": "2026-11-30", "counter": str(w.till.pk), "went": "supplier"},
    "returns/export.csv": lambda w: {"q": w.note.number, "start": "2026-11-01", "end": "2026-11-30", "went": "supplier"},
    "returns/<slug:note>/receipt/": lambda w: {"paper": "r58", "now": "1"},
    "returns/<slug:note>/receipt.bin": lambda w: {"paper": "r58"},
    "counter/cashier": lambda w: {"card": card_of(STAFF, w.seller.pk)},
    "counter-log/": lambda w: {
        "start": "2026-11-01",
        "end": "2026-11-30",
        "counter": str(w.till.pk),
        "person": str(w.owner.pk),
        "kind": "no_sale",
    },
    "counter/line": lambda w: {"code": w.product.sku.replace("SKU", "CODE")},
    "counter/product": lambda w: {"code": "8901719101038"},
    "settings/labels/try/": lambda w: {"code": "2100042012504"},
    "settings/labels/new/": lambda w: {"preset": "paise"},
    "products/tiles/": lambda w: {"q": "sugar"},
    "counter/upi": lambda w: {"amount": "120.50", "key": KEY},
    "counter/customer": lambda w: {"phone": w.customer.short_phone},
    "bills/<slug:number>/receipt/": lambda w: {"paper": "r58"},
    "bills/<slug:number>/receipt.bin": lambda w: {"paper": "r58"},
    "counter/last": lambda w: {"counter": str(w.till.pk)},
}
STRANGERS = WAYS_IN | {"sign-in/", "join/"}  # pages for people who are not signed in
FOR_ANYBODY = {  # every shop's: who has the code may see the bill, who has the key the khata
    "b/<slug:bill_code>/",
    "b/<slug:bill_code>/bill.pdf",
    "k/<slug:khata_key>/",
    "k/<slug:khata_key>/statement.pdf",
    "k/<slug:khata_key>/<int:entry_no>/disagree/",
}
SLOW = {
    "bills/<slug:number>/invoice.pdf",
    "b/<slug:bill_code>/bill.pdf",
    "k/<slug:khata_key>/statement.pdf",
    "khata/<int:pk>/statement.pdf",
    "khata/<int:pk>/<int:entry_no>/receipt.pdf",
    "stock/labels/labels.pdf",
    "books/day/x.pdf",
    "books/z/<int:z>.pdf",
}  # a PDF takes a quarter of a second: only what is refused before it is drawn


def a_count(w):
    """The drawer was counted a moment ago."""
    return signed_count(w.shift, Count(Decimal(1900)), w.shop.counters.get(pk=w.shift.counter_id).cash)


def a_note(w):
    ids = {"client_id": KEY, "request_key": KEY, "by": w.owner.pk, "counter": w.till.pk}
    told = {"amount": "52.50", "reason": "left", "at": "2026-11-22T10:54:00.123Z", "details": {"item": "Soap", "count": 1}}
    return {"kind": "line_removed", **ids, **told}


def a_purchase(w):
    day = shop_today().isoformat()
    head = {"request_key": KEY, "supplier": str(w.supplier.pk), "number": "GA/101", "date": day, "day": day, "place": "same",
            "discount": "5%", "charges": "40", "other_charges": "10", "cash_discount": "5", "paper_total": "513",
            "note": "tempo"}  # fmt: skip
    line = {"packs": "1", "pack_size": "12", "free": "1", "price": "480", "discount": "12.50", "gst_rate": "5", "cess_rate": "0",
            "batch": "B7", "mrp": "60", "expiry": "2031-01-31", "sell_at": "55", "code": "CODE"}  # fmt: skip
    return head | {"row": f"{ROW}-{w.product.pk}", **{f"{ROW}-{name}": value for name, value in line.items()}}


def a_repack(w):
    made = {"quantity": "49", "price": "51", "mrp": "55", "batch": "B7", "expiry": "2031-01-31", "share": "100"}
    head = {"request_key": KEY, "kind": "break", "packing_cost": "58", "day": shop_today().isoformat(), "note": "tempo"}
    rows = {"taken": f"{ROW}-{w.sack.pk}", f"{ROW}-quantity": "1", "made": f"{OTHER_ROW}-{w.packet.pk}"}
    return head | rows | {f"{OTHER_ROW}-{name}": value for name, value in made.items()}


def some_labels(w):
    return {"paper": "a24", "start": "1", "labels": f"{ROW}-{w.product.pk}-{w.lot.pk}", f"{ROW}-count": "2"}


def an_order(w):
    head = {"request_key": KEY, "supplier": str(w.supplier.pk), "expected": "2031-01-31", "note": "before eleven"}
    return head | {"row": f"{ROW}-{w.product.pk}", f"{ROW}-packs": "2", f"{ROW}-pack_size": "12", f"{ROW}-cost": "480"}


def a_supplier():
    about = {"name": "Mehta Traders", "phone": "9876500000", "gstin": "", "state_code": "27", "email": "mehta@example.in"}
    return about | {"request_key": KEY, "address": "Tilak Road", "due_days": "15", "lead_days": "2", "note": "Tuesdays"}


def a_payment(w):
    sent = {"request_key": KEY, "amount": "100", "method": "upi", "discount": "5", "reference": "UTR 4123", "note": "by Suresh"}
    return sent | {"day": shop_today().isoformat(), f"share-{w.receipt.document.supplier_entry.pk}": "50"}


def a_return(w):
    """One of two pieces, bought on khata, for another of them: the khata stays, a paisa of rounding is paid."""
    return {"key": KEY, "counter": str(w.till.pk), "back-1": "1", "where-1": "damaged", "how": "cash", "balance": BALANCE,
            "tendered": "100", "reason": "Wrong item", "reference": "T1", "phone": "9876500000", **a_line(w), "line-price": ""}  # fmt: skip


def a_line(w):
    return {"line-product": str(w.product.pk), "line-mrp": "any", "line-quantity": "2", "line-price": "52.50"}


ROUTES = {route.removeprefix(OF_A_SHOP): route for route, _ in addresses()}
VIEWS = {route.removeprefix(OF_A_SHOP): view for route, view in addresses()}


def floor_of(short: str) -> str:
    """The app whose view answers, so that each floor of the house is a test of its own."""
    return VIEWS[short].__module__.split(".")[0]


FLOORS = sorted({floor_of(short) for short in ROUTES})


def routes_of(floor: str) -> list[str]:
    return [short for short in ROUTES if floor_of(short) == floor]


def values_of_places(short: str, world: SimpleNamespace) -> dict[str, str]:
    """What stands in each place of the route. Fails with a sentence for a place nobody spoke of."""
    found = {"shop": world.shop.slug}
    for place in PLACE.finditer(short):
        name = place[2]
        prefixes = [key for key in PLACES if "<" in key and short.startswith(key)]
        key = max(prefixes, key=len) if name in ("pk", "take") and prefixes else name
        assert key in PLACES, f"{short}: say in PLACES of this file which row of the world <{name}> is."
        found[name] = str(PLACES[key](world))
    return found


def address(short: str, values: dict[str, str]) -> str:
    return "/" + PLACE.sub(lambda place: quote(values[place[2]], safe="%"), ROUTES[short])


@pytest.fixture
def table(db, monkeypatch, caplog, settings):
    """Our shop, whose every text is an attack, another shop, and the browser of its owner."""
    caplog.set_level(logging.CRITICAL, "django.request")  # thousands of lines "Not Found" tell nothing
    theirs = hostile.make_world(hostile.THEIRS)
    ours = hostile.make_world(hostile.OURS)
    theirs.bill = factories.make_order(
        theirs.shop, [(theirs.product, 1)], counter=add_counter(shop=theirs.shop, name="Z", code="Z9"), customer=theirs.customer
    )  # a number that our shop has not
    ours.newcomer = "+919876599999"
    _, ours.newcomers_code = invite(shop=ours.shop, by=ours.owner, name="New", phone=ours.newcomer, role="staff")
    for world in (ours, theirs):
        make_ways_in(world)
    connection.check_constraints()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 10**6  # the password was given, however long the test takes
    client = signed_in(ours.owner)
    client.post("/this-is-me/", {"password": factories.PASSWORD})
    client.post(f"/s/{ours.shop.slug}/counter/choose", {"counter": ours.till.pk})
    return SimpleNamespace(
        ours=ours,
        theirs=theirs,
        client=client,
        monkeypatch=monkeypatch,
        own=set(hostile.identities(ours).values()) | {KEY},
        foreign={f"their {kind}": value for kind, value in hostile.identities(theirs).items()},
        seen=set(),
        some=hostile.Turns(),
        before=hostile.rows_of_all_tables(),
    )


def browser_for(table, short):
    client = Client() if short in STRANGERS else table.client
    HALF_WAY.get(short, lambda table, client: None)(table, client)
    return client


def asked_for(purpose):
    """A browser in which a code for the clerk's phone was asked."""
    return lambda table, client: keep(client, code_asked={"phone": table.ours.clerk.phone.as_e164, "purpose": purpose, "next": ""})


def may_reset(table, client):
    clerk = table.ours.clerk
    kept = {"user": clerk.pk, "until": time.time() + 3600, "hash": clerk.get_session_auth_hash()}
    keep(client, may_set_password=kept)


def first_step(table, client):
    """The owner's password was right."""
    client.post("/sign-in/", {"login": table.ours.owner.phone.as_e164, "password": factories.PASSWORD})


def making_passkey(table, client):
    """The browser was told what to make, and has made it."""
    challenge = token_bytes(16)
    keep(client, **{"mfa.webauthn.state": {"challenge": websafe_encode(challenge), "user_verification": "required"}})
    table.ours.new_passkey = Passkey(table.ours.owner).make({"publicKey": {"challenge": websafe_encode(challenge)}})


def keep(client, **values):
    session = client.session
    session.update(values)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


HALF_WAY = {  # what was done in the browser before the address is of use
    "sign-in/code/check/": asked_for("sign_in"),
    "password/forgot/check/": asked_for("reset"),
    "password/new/": may_reset,
    "sign-in/second-step/": first_step,
    "safer-sign-in/app/": lambda table, client: keep(client, **{"mfa.totp.secret": APP_SECRET}),
    "safer-sign-in/app/remove/": lambda table, client: TOTP.activate(table.ours.owner, APP_SECRET),
    "safer-sign-in/passkeys/add/": making_passkey,
}


def make_ways_in(w):
    """A passkey and recovery codes of the owner, and codes by SMS for the clerk."""
    w.passkey, w.recovery_codes = make_passkey(w.owner, w.shop.name), RecoveryCodes.activate(w.owner).generate_codes()
    now, phone = timezone.now(), w.clerk.phone.as_e164
    for purpose in ("sign_in", "reset"):
        kept = codes._hash(purpose, codes.HOUSE, phone, CODE)
        SignInCode.objects.create(phone=phone, purpose=purpose, code_hash=kept, made_at=now, expires_at=now + codes.GOOD_FOR)


def attempt(table, what, client, send, *, may_write=False, moves=False, says=True, wrong=(), look=True) -> list[str]:
    """One request, judged, and taken back again. `moves`: the right one is answered by another page; `look` at what it changed."""
    written = hostile.writes_so_far()
    with hostile.taken_back(client):
        try:
            answer = send()
            found = hostile.faults(answer, wrong=wrong)
            if answer.status_code < 400:
                connection.check_constraints()
        except Exception as error:  # whatever it is, it would have been a 500
            return [f"{what}: {type(error).__name__}: {str(error)[:200]}"]
        if look:
            quiet = hostile.writes_so_far() == written  # nothing was written: no need to look at every row
            refused = answer.status_code >= 400 or (moves and not hostile.moved(answer))
            found += [] if quiet else _changes(table, answer, may_write=may_write and not refused)
            if moves and says and answer.status_code == 200 and not hostile.moved(answer) and not hostile.has_sentence(answer):
                found.append("goes no further and says nothing")
    return [f"{what}: {fault}" for fault in found]


# a wrong PIN or code is refused, counted and noted: that is its effect
COUNTED = {"shops_pin", "orders_tillevent", "shops_rate", "shops_signincode"}


def _changes(table, answer, *, may_write: bool) -> list[str]:
    after = hostile.rows_of_all_tables()
    found = []
    counted = COUNTED if answer.status_code in (422, 429) else set()
    if not may_write and (changed := [name for name in hostile.changed_tables(table.before, after) if name not in counted]):
        found.append(f"answered {answer.status_code} and changed {', '.join(changed)}")
    theirs = str(table.theirs.shop.pk)
    if any(after.get(key) != rows for key, rows in table.before.items() if key[1] == theirs):
        found.append("changed another shop's rows")
    return found


def is_known(table, method: str, name: str) -> bool:
    """True when another address of the floor asked for this name already: it is then tried more briefly, or the test takes minutes."""
    known = (method, name) in table.seen
    table.seen.add((method, name))
    return known


def told(found: list[str]) -> str:
    return "\n".join([f"{len(found)} faults:", *found[:80]])


# --- asking ---------------------------------------------------------------------------------------------------
ASKED_FOR = ("their category", "their till", "their product", "their customer", "their request key")


@pytest.mark.parametrize("floor", FLOORS)
def test_bad_addresses_and_queries_are_answered_and_change_nothing(table, floor):
    found = []
    for short in routes_of(floor):
        client = browser_for(table, short)
        url = address(short, values_of_places(short, table.ours))
        reads = "GET" in methods_of(client, url)
        for what, bad_url in bad_addresses(table, short):
            ask = client.get if reads else client.post
            found += attempt(table, f"{short} {what}", client, lambda a=ask, u=bad_url: a(u), wrong=(200, 204, 302))
        if reads and short not in SLOW:
            found += asked_wrongly(table, client, short, url)
    assert not found, told(found)


def bad_addresses(table, short):
    """(words, address that nothing stands at): each place filled with nonsense, then all with the rows of another shop."""
    values = values_of_places(short, table.ours)
    for place in PLACE.finditer(short):
        for bad in table.some(BAD_PLACES[place[1] or "str"]):
            yield f"with {place[2]}={bad[:20]!r}", address(short, {**values, place[2]: bad})
    theirs = {**values_of_places(short, table.theirs), "shop": values.get("shop", "")}
    if short not in FOR_ANYBODY and any(theirs[place] != value for place, value in values.items()):
        yield "of another shop", address(short, theirs)


def asked_wrongly(table, client, short, url) -> list[str]:
    right = RIGHT_QUERY.get(short, lambda w: {})(table.ours)
    with hostile.taken_back(client), hostile.names_asked(table.monkeypatch) as names:
        client.get(url, right)
    found = []
    with hostile.taken_back(client):
        for query in ("", *table.some(hostile.QUERIES)):
            found += attempt(table, f"{short}?{query}", client, lambda q=query: client.get(f"{url}?{q}"), look=False)
        for turn, name in enumerate(sorted(names)):
            values = hostile.values_for("1", briefly=is_known(table, "GET", name), turn=turn)
            for word, bad in table.some(values | {kind: table.foreign[kind] for kind in ASKED_FOR}).items():
                asked = f"{url}?{urlencode({**right, name: bad})}"
                ask = lambda u=asked: client.get(u, headers=hostile.HTMX)  # noqa: E731
                found += attempt(table, f"{short}?{name}= {word}", client, ask, look=False)
        changed = hostile.changed_tables(table.before, hostile.rows_of_all_tables())
    return [*found, *([f"GET {short} changed {', '.join(changed)}"] if changed else [])]


# --- acting ---------------------------------------------------------------------------------------------------
LOOKS_FIRST = {
    "stock/opening/paste/",
    "price-lists/<int:pk>/paste/",
}  # without the button that enters, the lines are only shown: an answer, not a refusal


def methods_of(client, url) -> str:
    return client.options(url).headers.get("Allow", "")


def right_form(table, client, short, url) -> dict[str, list]:
    """What a browser would send from the page's own form, with the answers of `RIGHT` filled in."""
    assert short in RIGHT, f"{short} takes a POST: say in RIGHT of this file what a right one is, so that wrong ones can be tried."
    with hostile.taken_back(client):
        page = client.get(url)
    fields = hostile.form_on(page.getvalue(), url) if page.status_code == 200 else {}
    return fields | {name: [value] for name, value in RIGHT[short](table.ours).items()}


def sender(client, url, fields, headers=None):
    """POST the fields as a form; as multipart when there is a file among them."""
    if any(hasattr(value, "read") for values in fields.values() for value in values):
        return lambda: client.post(url, rewound(fields), headers=headers)
    return lambda: client.post(url, hostile.encoded(fields), content_type=hostile.FORM, headers=headers)


def rewound(fields):
    for values in fields.values():
        for value in values:
            if hasattr(value, "seek"):
                value.seek(0)
    return fields


@pytest.mark.parametrize("floor", FLOORS)
def test_bad_fields_are_refused_in_words_and_write_nothing(table, floor):
    found = []
    for short in routes_of(floor):
        client = browser_for(table, short)
        url = address(short, values_of_places(short, table.ours))
        if "POST" in methods_of(client, url):
            found += acted_wrongly(table, client, short, url)
    assert not found, told(found)


def acted_wrongly(table, client, short, url) -> list[str]:
    fields = right_form(table, client, short, url)
    found, moves, says = [], {}, short not in LOOKS_FIRST
    for headers in (None, hostile.HTMX):
        with hostile.taken_back(client), hostile.names_asked(table.monkeypatch) as asked:
            answer = sender(client, url, fields, headers)()
            says_no = f"RIGHT of {short} is refused ({answer.status_code}): {answer.getvalue().decode(errors='replace')}"
            assert answer.status_code in (200, 204, 302), says_no
        moves[bool(headers)] = hostile.moved(answer)
    for number, (what, wrong) in enumerate(wrong_forms(table, fields, asked | set(fields))):
        headers = hostile.HTMX if number % 2 else None
        send = sender(client, url, wrong, headers)
        found += attempt(table, f"POST {short} {what}", client, send, may_write=True, moves=moves[bool(headers)], says=says)
    for kind, body in table.some(hostile.BODIES):
        post = lambda k=kind, b=body: client.post(url, b, content_type=k)  # noqa: E731
        found += attempt(table, f"POST {short} as {kind}", client, post, may_write=True, moves=moves[False], says=says)
    return found


def wrong_forms(table, fields, names):
    """(words, fields) with one thing wrong in each."""
    yield "rightly", fields
    yield "with nothing", {}
    yield "with a file", {**fields, "file": [SimpleUploadedFile("a.pdf", b"%PDF-1.7\x00\xff")]}
    for turn, name in enumerate(sorted(names)):
        yield f"without {name}", {key: values for key, values in fields.items() if key != name}
        yield f"with {name} twice", {**fields, name: [*fields.get(name, [""]), "1"]}
        right = str(fields.get(name, [""])[0])
        foreign = table.foreign if right in table.own else {"their product": table.foreign["their product"]}
        for word, bad in table.some(hostile.values_for(right, briefly=is_known(table, "POST", name), turn=turn) | foreign).items():
            yield f"with {name}: {word}", {**fields, name: [bad]}


# --- pressing twice -------------------------------------------------------------------------------------------
ADDS_AGAIN = {
    "products/import/": "each upload is a list of its own, and nothing of it is written before it is confirmed",
    "bills/<slug:number>/print/": "each print is a numbered copy",
}


@pytest.mark.parametrize("floor", FLOORS)
def test_the_same_press_twice_has_one_effect(table, floor):
    found = []
    for short in [short for short in routes_of(floor) if short in RIGHT and short not in ADDS_AGAIN]:
        client = browser_for(table, short)
        url = address(short, values_of_places(short, table.ours))
        fields = right_form(table, client, short, url)
        with hostile.taken_back(client):
            sender(client, url, fields)()
            once = counted()
            sender(client, url, fields)()
            twice = counted()
            found += [f"{short}: twice as many rows in {name}" for name in sorted(once) if twice[name] != once[name]]
    assert not found, told(found)


def counted():
    return {key: count for key, (count, _) in hostile.rows_of_all_tables().items()}
