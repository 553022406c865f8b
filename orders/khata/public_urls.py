"""The customer's own page of their khata; no sign-in. Short, since the address stands on paper as a code."""

from django.urls import path

from orders.khata import public_views as views

app_name = "private"
urlpatterns = [
    path("<slug:khata_key>/", views.khata, name="khata"),
    path("<slug:khata_key>/statement.pdf", views.statement, name="statement"),
    path("<slug:khata_key>/<int:entry_no>/disagree/", views.disagree, name="disagree"),
]
