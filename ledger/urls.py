from django.urls import path

from ledger import bank_match_views, bank_views, stock_views, views
from ledger import day_views as day
from ledger import money_views as money

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
    path("books/bank/", bank_views.statements, name="bank_statements"),
    path("books/bank/bring/", bank_views.bring_bank_file, name="bring_bank_file"),
    path("books/bank/files/<int:bank_file>/", bank_views.bank_file, name="bank_file"),
    path("books/bank/files/<int:bank_file>/columns/", bank_views.bank_file_columns, name="bank_file_columns"),
    path("books/bank/files/<int:bank_file>/forget/", bank_views.forget_bank_file, name="forget_bank_file"),
    path("books/bank/files/<int:bank_file>/take-in/", bank_views.take_in_bank_file, name="take_in_bank_file"),
    path("books/bank/<int:statement>/", bank_match_views.bank_statement, name="bank_statement"),
    path("books/bank/<int:statement>/confirm/", bank_match_views.confirm_statement, name="confirm_statement"),
    path("books/bank/<int:statement>/choose/", bank_match_views.choose_claims, name="choose_claims"),
    path("books/bank/<int:statement>/lines/", bank_match_views.bank_lines, name="bank_lines"),
    path("books/bank/lines/<int:line>/", bank_match_views.bank_line, name="bank_line"),
    path("books/bank/lines/<int:line>/match/", bank_match_views.match_line, name="match_line"),
    path("books/bank/lines/<int:line>/aside/", bank_match_views.set_line_aside, name="set_line_aside"),
    path("books/bank/lines/<int:line>/undo/", bank_match_views.undo_line, name="undo_line"),
]
