from django.urls import path

from ledger import stock_views, views

app_name = "ledger"
urlpatterns = [
    path("books/profit-loss/", views.profit_loss, name="profit_loss"),
    path("books/profit-loss.csv", views.profit_loss_csv, name="profit_loss_csv"),
    path("books/day-book/", views.day_book, name="day_book"),
    path("books/day-book.csv", views.day_book_csv, name="day_book_csv"),
    path("books/trial-balance/", views.trial_balance, name="trial_balance"),
    path("books/trial-balance.csv", views.trial_balance_csv, name="trial_balance_csv"),
    path("books/stock-value/", stock_views.stock_value_page, name="stock_value"),
    path("books/stock-value.csv", stock_views.stock_value_csv, name="stock_value_csv"),
    path("books/accounts/", views.accounts, name="accounts"),
    path("books/accounts.csv", views.accounts_csv, name="accounts_csv"),
    path("books/accounts/<slug:code>/", views.account, name="account"),
    path("books/accounts/<slug:code>.csv", views.account_csv, name="account_csv"),
]
