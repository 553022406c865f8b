import pytest
from tests import factories
from tests.browser.conftest import fresh_profile, sign_in
from catalog.models import Category
pytestmark = pytest.mark.django_db(transaction=True)

def test_shots(chromium, live_server, shop):
    cats=[Category.objects.create(shop=shop,name=n) for n in ("Oils and ghee","Rice, flour and pulses","Soap")]
    for n in range(60):
        factories.make_product(shop, f"Tata Salt {n} kg" if n else "Shree Mahalakshmi Superfine Extra Long Grain Basmati Rice 25 kg Jute Bag", stock=n*7+1, price="10000", mrp=None, cost=str(40+n*37), category=cats[n%3])
    for (w,h) in ((1366,768),(360,740)):
        for scheme in ("light","dark"):
            c = fresh_profile(chromium, live_server, w, h, color_scheme=scheme); page=c.new_page(); sign_in(page, shop.owner)
            page.goto(f"/s/{shop.slug}/books/stock-value/")
            page.screenshot(path=f"/tmp/shots/sv-{w}-{scheme}.png", full_page=w==360 and scheme=="light")
            c.close()
