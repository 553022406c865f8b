"""A guided tour of the 27 contract operations of the API, by plain HTTP: each once as it should be, and with every error it names.

    SMS_BACKEND=shops.sms.FileSms SMS_FILE=/tmp/sms make run        in one window: a fresh demo shop
    python3 docs/api/tour.py http://localhost:8000 /tmp/sms >docs/api/tour.md

It needs Python alone and knows nothing of the program. It stops at the first answer whose status is not the one it says.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.error
import urllib.request
import uuid

BASE, SMS_FILE = sys.argv[1].rstrip("/"), sys.argv[2]
OWNER, PASSWORD = "9876543210", "demo123"
LONGEST = 900  # characters of an answer that are shown
RUN = uuid.uuid4().hex[:6].upper()
COUNT = 0


def call(wanted: int, method: str, path: str, body=None, *, token: str = "", key: str = "", why: str = ""):
    """One request, told as it went. Answers its JSON."""
    global COUNT
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    headers |= {"Idempotency-Key": key} if key else {}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{BASE}/api/v1{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            status, text, told = answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        status, text, told = error.code, error.read().decode(), error.headers
    COUNT += 1
    tell(method, path, body, key, status, text, told, why)
    if status != wanted:
        sys.exit(f"{method} {path}: {status}, not {wanted}: {text[:500]}")
    return json.loads(text)


def tell(method, path, body, key, status, text, told, why) -> None:
    print(f"{why or 'As it should be'}:\n\n```http\n{method} /api/v1{path}")
    if key:
        print(f"Idempotency-Key: {key}")
    if body is not None:
        print(json.dumps(body, ensure_ascii=False))
    extra = "".join(f"  {name}: {told[name]}" for name in ("X-Total-Count", "Retry-After") if told[name])
    answer = json.loads(text)
    if isinstance(answer, dict):
        answer = {name: value[:18] + "…" if name.endswith("_token") else value for name, value in answer.items()}
    shown = json.dumps(answer, ensure_ascii=False)
    print(f"\n→ {status}{extra}\n{shown if len(shown) <= LONGEST else shown[:LONGEST] + ' …'}\n```\n")


def head(text: str) -> None:
    print(f"## {text}\n")


def code_sent() -> str:
    """The last code in the file to which this server writes its SMS."""
    for _ in range(40):
        try:
            with open(SMS_FILE) as file:
                codes = [json.loads(line)["code"] for line in file if '"code"' in line]
            if codes and codes[-1]:
                return codes[-1]
        except FileNotFoundError:
            pass
        time.sleep(0.5)
    sys.exit("No SMS came.")


def auth(shop: int) -> tuple[str, str]:
    """Tokens of the owner and of a new customer."""
    phone = f"98{int(RUN, 16) % 10**8:08d}"
    head("POST /auth/register")
    about = {"shop_id": shop, "name": "Asha Patil", "phone": phone, "password": "neem-lane-42"}
    customer = call(201, "POST", "/auth/register", about)["access_token"]
    call(409, "POST", "/auth/register", about, why="The same phone again")
    call(403, "POST", "/auth/register", {**about, "phone": "9811111111", "role": "owner"}, why="Another role without an owner's token")
    call(404, "POST", "/auth/register", {**about, "shop_id": 999999}, why="A shop that is not there")
    call(422, "POST", "/auth/register", {**about, "phone": "12345"}, why="No phone")
    call(400, "POST", "/auth/register", {**about, "phone": "9822222222", "password": "12345678"}, why="A password that everybody guesses")
    head("POST /auth/login")
    owner = call(200, "POST", "/auth/login", {"shop_id": shop, "phone": OWNER, "password": PASSWORD})["access_token"]
    call(401, "POST", "/auth/login", {"shop_id": shop, "phone": OWNER, "password": "wrong"}, why="A wrong password")
    call(401, "POST", "/auth/login", {"shop_id": shop, "phone": "9000000009", "password": "wrong"}, why="An unknown phone: the same words")
    call(422, "POST", "/auth/login", {"shop_id": shop, "phone": OWNER}, why="Without a password")
    for _ in range(4):
        call(401, "POST", "/auth/login", {"shop_id": shop, "phone": phone, "password": "wrong"}, why="Guessing")
    call(401, "POST", "/auth/login", {"shop_id": shop, "phone": phone, "password": "wrong"}, why="Guessing on")
    call(429, "POST", "/auth/login", {"shop_id": shop, "phone": phone, "password": "wrong"}, why="Too many guesses")
    head("POST /auth/send-otp")
    call(200, "POST", "/auth/send-otp", {"shop_id": shop, "phone": phone})
    call(429, "POST", "/auth/send-otp", {"shop_id": shop, "phone": phone}, why="Again at once")
    call(200, "POST", "/auth/send-otp", {"shop_id": shop, "phone": "9000000009"}, why="An unknown phone: the same answer")
    call(422, "POST", "/auth/send-otp", {"shop_id": shop, "phone": "x"}, why="No phone")
    head("POST /auth/verify-otp")
    code = code_sent()
    wrong = "000000" if code != "000000" else "111111"
    call(401, "POST", "/auth/verify-otp", {"shop_id": shop, "phone": phone, "otp": wrong}, why="A wrong code")
    customer = call(200, "POST", "/auth/verify-otp", {"shop_id": shop, "phone": phone, "otp": code})["access_token"]
    call(401, "POST", "/auth/verify-otp", {"shop_id": shop, "phone": phone, "otp": code}, why="The same code again")
    call(422, "POST", "/auth/verify-otp", {"shop_id": shop, "phone": phone, "otp": "12"}, why="Not six digits")
    head("GET /auth/me")
    call(200, "GET", "/auth/me", token=owner)
    call(401, "GET", "/auth/me", why="Without a token")
    call(403, "GET", "/auth/me?shop_id=999999", token=owner, why="Another shop than the token's")
    return owner, customer


def products(owner: str, customer: str) -> int:
    """Id of a new product."""
    head("POST /products")
    biscuits = {"name": f"Glucose Biscuits {RUN}", "sku": f"GB-{RUN}", "category": "Biscuits", "unit": "pc", "cost_price": "8.40",
                "mrp": 10, "selling_price": "10.00", "gst_rate": 5, "hsn_code": "1905"}  # fmt: skip
    made = call(201, "POST", "/products", biscuits, token=owner)
    call(409, "POST", "/products", biscuits, token=owner, why="The same SKU again")
    call(400, "POST", "/products", {**biscuits, "sku": f"X-{RUN}", "cost_price": 12}, token=owner, why="Cost above the selling price")
    call(400, "POST", "/products", {**biscuits, "sku": f"X-{RUN}", "selling_price": 11}, token=owner, why="Selling price above the MRP")
    call(400, "POST", "/products", {**biscuits, "sku": f"X-{RUN}", "gst_rate": 13}, token=owner, why="No GST rate in force")
    call(403, "POST", "/products", biscuits, token=customer, why="By a customer")
    call(401, "POST", "/products", biscuits, why="Without a token")
    call(422, "POST", "/products", {"name": "Biscuits"}, token=owner, why="Half of it")
    path = f"/products/{made['id']}"
    head("GET /products")
    call(200, "GET", "/products?limit=2", token=owner)
    call(200, "GET", "/products?limit=1", token=customer, why="By a customer: no cost")
    call(422, "GET", "/products?limit=1000", token=owner, why="More than 100 at once")
    head("GET /products/{id}")
    call(200, "GET", path, token=owner)
    call(404, "GET", "/products/999999999", token=owner, why="Not there")
    head("PUT /products/{id}")
    call(200, "PUT", path, {"min_stock_level": 0}, token=owner, why="A zero is taken")
    call(400, "PUT", path, {"selling_price": "11.00"}, token=owner, why="Above the MRP")
    call(403, "PUT", path, {"selling_price": "9.00"}, token=customer, why="By a customer")
    call(404, "PUT", "/products/999999999", {"selling_price": "9.00"}, token=owner, why="Not there")
    head("GET /products/search/by-category")
    call(200, "GET", "/products/search/by-category?category=Biscuits&limit=1", token=owner)
    head("GET /products/search/low-stock")
    call(200, "GET", "/products/search/low-stock", token=owner)
    head("DELETE /products/{id}")
    gone = call(
        201, "POST", "/products", {**biscuits, "sku": f"GONE-{RUN}", "name": f"Gone {RUN}"}, token=owner, why="One to take off sale"
    )
    call(200, "DELETE", f"/products/{gone['id']}", token=owner)
    call(403, "DELETE", path, token=customer, why="By a customer")
    call(404, "DELETE", "/products/999999999", token=owner, why="Not there")
    return made["id"]


def stock(owner: str, customer: str, product: int) -> None:
    head("POST /inventory/adjust")
    found = {"product_id": product, "quantity_change": 20, "adjustment_reason": "correction", "notes": "Counted"}
    call(200, "POST", "/inventory/adjust", found, token=owner, key=str(uuid.uuid4()))
    damaged = {"product_id": product, "quantity_change": "-1", "adjustment_reason": "damage"}
    call(200, "POST", "/inventory/adjust", damaged, token=owner)
    call(400, "POST", "/inventory/adjust", {**damaged, "quantity_change": -500}, token=owner, why="Below zero")
    call(422, "POST", "/inventory/adjust", {**damaged, "adjustment_reason": "mood"}, token=owner, why="No such reason")
    call(403, "POST", "/inventory/adjust", damaged, token=customer, why="By a customer")
    call(404, "POST", "/inventory/adjust", {**damaged, "product_id": 999999999}, token=owner, why="Not there")
    head("GET /inventory/status")
    call(200, "GET", "/inventory/status?limit=2", token=owner)
    call(403, "GET", "/inventory/status", token=customer, why="By a customer")
    head("GET /inventory/{product_id}/history")
    call(200, "GET", f"/inventory/{product}/history?limit=5", token=owner)
    call(404, "GET", "/inventory/999999999/history", token=owner, why="Not there")
    head("GET /inventory/alerts/low-stock")
    call(200, "GET", "/inventory/alerts/low-stock", token=owner)


def orders(owner: str, customer: str, product: int) -> None:
    head("POST /orders")
    key = str(uuid.uuid4())
    two = {"items": [{"product_id": product, "quantity": 2}], "payment_method": "cash"}
    made = call(201, "POST", "/orders", two, token=owner, key=key)
    call(201, "POST", "/orders", two, token=owner, key=key, why="Sent again with its key: the same order, and nothing more")
    call(409, "POST", "/orders", {**two, "notes": "other"}, token=owner, key=key, why="The key with another body")
    many = {"items": [{"product_id": product, "quantity": 999}], "payment_method": "cash"}
    call(400, "POST", "/orders", many, token=owner, why="More than there is")
    call(400, "POST", "/orders", {**two, "payment_method": "credit"}, token=owner, why="On credit to nobody")
    call(422, "POST", "/orders", {"items": []}, token=owner, why="Nothing")
    call(401, "POST", "/orders", two, why="Without a token")
    theirs = call(201, "POST", "/orders", {**two, "payment_method": "upi"}, token=customer, why="By a customer: claimed until it is seen")
    head("GET /orders")
    call(200, "GET", "/orders?limit=1", token=owner)
    call(200, "GET", "/orders?limit=5", token=customer, why="By a customer: their own")
    call(422, "GET", "/orders?status=lost", token=owner, why="No such status")
    head("GET /orders/{id}")
    call(200, "GET", f"/orders/{made['id']}", token=owner)
    call(404, "GET", f"/orders/{made['id']}", token=customer, why="By a customer: somebody else's is not there")
    head("PUT /orders/{id}/status")
    status = f"/orders/{made['id']}/status"
    call(200, "PUT", f"{status}?new_status=confirmed", {}, token=owner)
    call(400, "PUT", f"{status}?new_status=completed", {}, token=owner, why="A step that is not the next")
    call(200, "PUT", status, {"new_status": "cancelled", "reason": "Not at home"}, token=owner, why="Cancelled: stock and books go back")
    call(403, "PUT", status, {"new_status": "packed"}, token=customer, why="By a customer")
    call(404, "PUT", "/orders/999999999/status", {"new_status": "packed"}, token=owner, why="Not there")
    head("PUT /orders/{id}/payment-status")
    paid = f"/orders/{theirs['id']}/payment-status"
    call(200, "PUT", paid, {"new_status": "completed"}, token=owner, why="The money was seen")
    call(400, "PUT", paid, {"new_status": "pending"}, token=owner, why="A step that is not allowed")
    call(403, "PUT", paid, {"new_status": "refunded"}, token=customer, why="By a customer")
    call(404, "PUT", "/orders/999999999/payment-status", {"new_status": "completed"}, token=owner, why="Not there")


def books(owner: str, customer: str) -> None:
    asked = {
        "ledger": "?limit=3",
        "profit-loss": "?period_days=30",
        "sales-ledger": "?limit=2",
        "account-balance/1001": "",
        "monthly-summary": time.strftime("?year=%Y&month=%-m"),
        "chart-of-accounts": "?account_type=asset",
    }
    for name, query in asked.items():
        head(f"GET /accounting/{name.replace('1001', '{code}')}")
        call(200, "GET", f"/accounting/{name}{query}", token=owner)
        call(403, "GET", f"/accounting/{name}{query}", token=customer, why="By a customer")
        call(401, "GET", f"/accounting/{name}{query}", why="Without a token")
    head("Accounting: what does not fit")
    call(404, "GET", "/accounting/account-balance/9999", token=owner, why="No such account")
    call(422, "GET", "/accounting/monthly-summary?year=2026&month=13", token=owner, why="No such month")
    call(422, "GET", "/accounting/ledger?start_date=yesterday", token=owner, why="No date")


def main() -> None:
    print("# A tour of the REST API\n")
    print("What `docs/api/tour.py` asked of a fresh `make run`, and what was answered. Tokens and long answers are cut short.\n")
    shop = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    owner, customer = auth(shop)
    product = products(owner, customer)
    stock(owner, customer, product)
    orders(owner, customer, product)
    books(owner, customer)
    print(f"{COUNT} requests, each answered as said.")


main()
