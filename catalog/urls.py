from django.urls import path

from catalog import views
from catalog.importing import views as importing

app_name = "catalog"
urlpatterns = [
    path("products/", views.products, name="products"),
    path("products/new/", views.product_new, name="product_new"),
    path("products/gst/", views.gst_choices, name="gst_choices"),
    path("products/<int:pk>/", views.product, name="product"),
    path("products/<int:pk>/edit/", views.product_edit, name="product_edit"),
    path("products/<int:pk>/on-sale/", views.on_sale, name="on_sale"),
    path("products/import/", importing.imports, name="imports"),
    path("products/import/template.<str:kind>", importing.import_template, name="import_template"),
    path("products/import/<int:pk>/", importing.import_job, name="import"),
    path("products/import/<int:pk>/columns/", importing.import_columns, name="import_columns"),
    path("products/import/<int:pk>/confirm/", importing.import_confirm, name="import_confirm"),
    path("products/import/<int:pk>/forget/", importing.import_drop, name="import_drop"),
    path("products/import/<int:pk>/bad-rows.csv", importing.import_problems, name="import_problems"),
    path("products/export.<str:kind>", importing.export, name="export"),
]
