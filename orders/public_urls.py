"""The pages of a bill that need no sign-in. Short, since the address stands on paper as a code."""

from django.urls import path

from orders import public_views as views

app_name = "public"
urlpatterns = [
    path("<slug:bill_code>/", views.bill, name="bill"),
    path("<slug:bill_code>/bill.pdf", views.bill_pdf, name="bill_pdf"),
]
