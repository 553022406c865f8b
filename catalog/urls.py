from django.urls import path

from catalog import views
from catalog.importing import views as importing
from catalog.labels import views as labels
from catalog.offers import views as offers
from catalog.prices import views as prices
from catalog.tiles import views as tiles

app_name = "catalog"
urlpatterns = [
    path("products/", views.products, name="products"),
    path("products/new/", views.product_new, name="product_new"),
    path("products/gst/", views.gst_choices, name="gst_choices"),
    path("products/<int:pk>/", views.product, name="product"),
    path("products/<int:pk>/edit/", views.product_edit, name="product_edit"),
    path("products/<int:pk>/on-sale/", views.on_sale, name="on_sale"),
    path("products/options/", offers.product_options, name="product_options"),
    path("products/<int:pk>/slabs/", prices.product_slabs, name="product_slabs"),
    path("price-lists/", prices.price_lists, name="price_lists"),
    path("price-lists/new/", prices.price_list_new, name="price_list_new"),
    path("price-lists/quantity/", prices.slabs, name="slabs"),
    path("price-lists/<int:pk>/", prices.price_list, name="price_list"),
    path("price-lists/<int:pk>/edit/", prices.price_list_edit, name="price_list_edit"),
    path("price-lists/<int:pk>/in-use/", prices.list_in_use, name="list_in_use"),
    path("price-lists/<int:pk>/paste/", prices.price_paste, name="price_paste"),
    path("price-lists/<int:pk>/goods/<int:product>/", prices.list_steps, name="list_steps"),
    path("price-lists/<int:pk>/goods/<int:product>/price/", prices.list_price, name="list_price"),
    path("offers/", offers.offers, name="offers"),
    path("offers/new/", offers.offer_new, name="offer_new"),
    path("offers/<int:pk>/", offers.offer, name="offer"),
    path("offers/<int:pk>/end/", offers.offer_end, name="offer_end"),
    path("products/import/", importing.imports, name="imports"),
    path("products/import/template.<str:kind>", importing.import_template, name="import_template"),
    path("products/import/<int:pk>/", importing.import_job, name="import"),
    path("products/import/<int:pk>/columns/", importing.import_columns, name="import_columns"),
    path("products/import/<int:pk>/confirm/", importing.import_confirm, name="import_confirm"),
    path("products/import/<int:pk>/forget/", importing.import_drop, name="import_drop"),
    path("products/import/<int:pk>/bad-rows.csv", importing.import_problems, name="import_problems"),
    path("products/export.<str:kind>", importing.export, name="export"),
    path("products/tiles/", tiles.tiles, name="tiles"),
    path("products/tiles/add/<int:pk>/", tiles.tile_add, name="tile_add"),
    path("products/tiles/<int:tile>/move/", tiles.tile_move, name="tile_move"),
    path("products/tiles/<int:tile>/remove/", tiles.tile_remove, name="tile_remove"),
    path("settings/labels/", labels.labels, name="labels"),
    path("settings/labels/new/", labels.label_new, name="label_new"),
    path("settings/labels/<int:label>/", labels.label_change, name="label"),
    path("settings/labels/<int:label>/move/", labels.label_move, name="label_move"),
    path("settings/labels/<int:label>/remove/", labels.label_remove, name="label_remove"),
]
