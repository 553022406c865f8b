from django.urls import path

from ledger import day_views as day
from ledger import money_views as money
from ledger import stock_views, views

app_name = "ledger"
urlpatterns = [
    path("books/money/", money.money, name="money"),
    path("books/money/move/", money.money_move, name="money_move"),
    path("books/cash/", money.cash_book, name="cash_book"),
    path("books/cash.csv", money.cash_book_csv, name="cash_book_csv"),
    path("books/day/", day.day, name="day"),
    path("books/day/close/", day.day_close, name="day_close"),
    path("books/day/x.pdf", day.x_pdf, name="x_pdf"),
    path("books/day/x.bin", day.x_bin, name="x_bin"),
    path("books/z/", day.z_list, name="z_list"),
    path("books/z/<int:z>/", day.z_report, name="z_report"),
    path("books/z/<int:z>.pdf", day.z_pdf, name="z_pdf"),
    path("books/z/<int:z>.bin", day.z_bin, name="z_bin"),
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
