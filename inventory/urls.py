from django.urls import path

from inventory import views

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
]
