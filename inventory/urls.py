from django.urls import path

from inventory import purchase_views, supplier_views, views
from inventory.bill_files import views as file_views

app_name = "inventory"
urlpatterns = [
    path("stock/low/", views.low_stock, name="low_stock"),
    path("stock/below-zero/", views.below_zero, name="below_zero"),
    path("stock/minimum/<int:product>/", views.set_minimum, name="set_minimum"),
    path("stock/opening/", views.opening, name="opening"),
    path("stock/opening/find/", views.opening_find, name="opening_find"),
    path("stock/opening/paste/", views.opening_paste, name="opening_paste"),
    path("stock/adjust/", views.adjust_find, name="adjust_find"),
    path("stock/adjust/<int:product>/", views.adjust, name="adjust"),
    path("stock/adjust/<int:product>/after/", views.adjust_after, name="adjust_after"),
    path("stock/<int:product>/", views.history, name="history"),
    path("suppliers/", supplier_views.suppliers, name="suppliers"),
    path("suppliers/new/", supplier_views.new_supplier, name="new_supplier"),
    path("suppliers/<int:supplier>/", supplier_views.supplier, name="supplier"),
    path("suppliers/<int:supplier>/change/", supplier_views.change_supplier, name="change_supplier"),
    path("suppliers/<int:supplier>/in-use/", supplier_views.supplier_in_use, name="supplier_in_use"),
    path("suppliers/<int:supplier>/pay/", supplier_views.pay, name="pay_supplier"),
    path("suppliers/<int:supplier>/pay/plan/", supplier_views.pay_plan, name="pay_plan"),
    path("suppliers/<int:supplier>/opening/", supplier_views.opening_balance, name="supplier_opening"),
    path("suppliers/<int:supplier>/statement.csv", supplier_views.statement_file, name="supplier_statement_file"),
    path("purchases/", purchase_views.purchases, name="purchases"),
    path("purchases/new/", purchase_views.new_purchase, name="new_purchase"),
    path("purchases/new/find/", purchase_views.purchase_find, name="purchase_find"),
    path("purchases/new/sums/", purchase_views.purchase_sums, name="purchase_sums"),
    path("purchases/new/file/", file_views.bring_bill, name="bring_bill"),
    path("purchases/new/file/<int:bill_file>/", file_views.bill_file, name="bill_file"),
    path("purchases/new/file/<int:bill_file>/columns/", file_views.bill_file_columns, name="bill_file_columns"),
    path("purchases/new/file/<int:bill_file>/goods/", file_views.bill_file_goods, name="bill_file_goods"),
    path("purchases/new/file/<int:bill_file>/again/", file_views.bill_file_again, name="bill_file_again"),
    path("purchases/new/file/<int:bill_file>/forget/", file_views.forget_bill_file, name="forget_bill_file"),
    path("purchases/new/file/<int:bill_file>/enter/", file_views.enter_bill_file, name="enter_bill_file"),
    path("purchases/<int:receipt>/", purchase_views.purchase, name="purchase"),
    path("purchases/<int:receipt>/return/", purchase_views.return_goods, name="purchase_return"),
]
