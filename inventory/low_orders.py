"""From the list of goods running low to draft orders: what is ticked, or all that is listed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django import forms
from django.http import QueryDict

from catalog.models import Product
from inventory.errors import StockError
from inventory.forms import KeyForm
from inventory.models import SalesPace, Supplier
from inventory.ordering import MOST_LINES, Drafted, Wish, done_with, draft_orders, on_order
from inventory.pace import suggested_order
from inventory.selectors import Narrowing, low_stock, put_pace
from shops.models import Shop, User
from smartkirana.money import ZERO

MOST_DIGITS = 14


class LowOrderForm(KeyForm):
    """The button pressed ("ticked" or "all"), the goods ticked, how much of each, and who brings what nobody brought yet."""

    act = forms.ChoiceField(choices=[("ticked", "ticked"), ("all", "all")], error_messages={"invalid_choice": "Press one of the buttons."})
    bring = forms.ModelChoiceField(Supplier.objects.none(), required=False, error_messages={"invalid_choice": "Choose from the list."})

    def __init__(self, data: QueryDict | None, *, shop: Shop) -> None:
        super().__init__(data)
        self.shop = shop
        box = self.fields["bring"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = shop.suppliers.filter(is_active=True)

    def wishes(self) -> list[Wish]:
        """The goods ticked with the quantities written beside them. Raises StockError "no_lines", "too_many", "bad_quantity"."""
        ids = list(dict.fromkeys(int(pk) for pk in self.data.getlist("product") if pk.isascii() and pk.isdigit() and len(pk) < 19))
        if not ids:
            raise StockError("no_lines", "Tick the goods to order, or press “Order all listed”.")
        if len(ids) > MOST_LINES:
            raise StockError("too_many", f"At most {MOST_LINES} products at once. Order the rest after that.")
        goods = self.shop.products.filter(is_active=True).in_bulk(ids)
        if len(goods) < len(ids):
            raise StockError("unknown_product", "Some of the goods are not on sale any more. The list is new: tick them again.")
        return [Wish(goods[pk], self._quantity(goods[pk]), self.cleaned_data["bring"]) for pk in ids]

    def _quantity(self, product: Product) -> Decimal:
        text = self.data.get(f"{product.pk}-quantity", "").strip().replace(",", "")
        try:
            return Decimal(text[:MOST_DIGITS])
        except InvalidOperation:
            raise StockError("bad_quantity", f"Write how much of {product.name} to order, such as 12.", f"{product.pk}-quantity") from None


def put_suggestions(shop: Shop, goods: Iterable[Product]) -> None:
    """Give goods of the list `coming` (open orders still bring it) and `order` (what to order beside that), in their unit. One query."""
    goods = list(goods)
    coming = on_order(shop, [product.pk for product in goods])
    for product in goods:
        product.coming = coming.get(product.pk, ZERO)
        product.order = suggested_order(product, product.stock + product.coming, product.per_day, product.lead_days)


def put_order_suggestions(shop: Shop, goods: Iterable[Product]) -> None:
    """`put_suggestions` for goods that carry their `stock` only: their pace and their supplier's days are read first. Two queries."""
    goods = list(goods)
    paces = SalesPace.objects.filter(shop=shop, product__in=[product.pk for product in goods]).select_related("supplier")
    by_product = {pace.product_id: pace for pace in paces}
    for product in goods:
        put_pace(product, by_product.get(product.pk) or SalesPace())
    put_suggestions(shop, goods)


def wishes_of_list(shop: Shop, narrowing: Narrowing, bring: Supplier | None) -> list[Wish]:
    """Wishes for the most urgent 500 of the list of which something is to be ordered. Raises StockError "no_lines"."""
    goods = low_stock(shop, narrowing)[0:MOST_LINES]
    put_suggestions(shop, goods)
    wishes = [Wish(product, product.order, bring) for product in goods if product.order > 0]
    if not wishes:
        raise StockError("no_lines", "All of this is on order already. Tick goods to order more.")
    return wishes


def order_all_low(*, shop: Shop, by: User, narrowing: Narrowing, bring: Supplier | None, key: UUID) -> Drafted:
    """Draft orders of all that the list shows; `bring` is asked for what nobody brought yet. Raises StockError as `draft_orders`."""
    if done := done_with(shop, key):  # pressed twice: what is listed now is no longer what was listed then
        return Drafted(list({order.pk: order for order in done.values()}.values()))
    return draft_orders(shop=shop, by=by, wishes=wishes_of_list(shop, narrowing, bring), request_key=key)


def order_low(*, form: LowOrderForm, by: User, narrowing: Narrowing) -> Drafted:
    """Draft orders of what the form says, one for each supplier. Raises StockError as `draft_orders`, with the row's field."""
    if form.cleaned_data["act"] == "all":
        return order_all_low(shop=form.shop, by=by, narrowing=narrowing, bring=form.cleaned_data["bring"], key=form.key())
    wishes = form.wishes()
    try:
        return draft_orders(shop=form.shop, by=by, wishes=wishes, request_key=form.key())
    except StockError as error:
        place, _, rest = (error.field or "").removeprefix("wishes-").partition("-")
        if place.isdigit() and rest:
            raise StockError(error.code, error.message, f"{wishes[int(place)].product.pk}-{rest}") from None
        raise
