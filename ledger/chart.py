"""The chart of accounts that every shop starts with.

Codes that outside clients rely on (1001 … 5005) are kept to the letter; the tax, clearing, round-off and stock-loss
accounts stand beside them, those of GST under 2003 and the two kinds of sales under 4001.
"""

from __future__ import annotations

from typing import NamedTuple


class NewAccount(NamedTuple):
    code: str
    name: str
    type: str
    description: str
    parent: str = ""


CASH, BANK, INVENTORY, KHATA = "1001", "1002", "1003", "1004"
UPI_CLEARING, CARD_CLEARING = "1030", "1035"
INPUT_CGST, INPUT_SGST, INPUT_IGST, INPUT_CESS = "1301", "1302", "1303", "1304"
GST_PAYABLE = "2003"
OUTPUT_CGST, OUTPUT_SGST, OUTPUT_IGST, OUTPUT_CESS = "2101", "2102", "2103", "2104"
OUTPUT_RCM_CGST, OUTPUT_RCM_SGST, OUTPUT_RCM_IGST = "2111", "2112", "2113"
PAYABLE, PRICE_VARIANCE, DISCOUNT_RECEIVED = "2001", "5015", "4100"
CAPITAL, DRAWINGS, RETAINED, OPENING_DIFFERENCE = "3001", "3020", "3030", "3090"
SALES, SALES_TAXABLE, SALES_EXEMPT, SALES_RETURN = "4001", "4010", "4015", "4002"
STOCK_GAIN = "4300"
ADVANCES = "2200"
COST_OF_GOODS, PACKING, STOCK_LOSS, INPUT_TAX_REVERSED = "5001", "5010", "5020", "5025"
ROUND_OFF = "6900"
CHARGES, DISCOUNT_ALLOWED, BAD_DEBTS, LOST_CLAIMS = "6100", "6200", "6210", "6220"
SAFE, OTHER_INCOME, RUNNING_COSTS, SHORT_OVER = "1015", "4200", "5005", "6800"

CHART = (
    NewAccount(CASH, "Cash", "asset", "Notes and coins in the drawers"),
    NewAccount(BANK, "Bank Account", "asset", "Money at the bank"),
    NewAccount(INVENTORY, "Inventory", "asset", "Goods in the shop, at cost"),
    NewAccount(KHATA, "Accounts Receivable", "asset", "What khata customers owe"),
    NewAccount("1005", "Fixed Assets", "asset", "Fridge, shelves, scale, computer"),
    NewAccount(SAFE, "Cash safe", "asset", "Cash kept at home or in the safe"),
    NewAccount(UPI_CLEARING, "UPI clearing", "asset", "UPI payments claimed and not yet seen at the bank"),
    NewAccount(CARD_CLEARING, "Card clearing", "asset", "Card payments on their way to the bank"),
    NewAccount("1150", "Advances to suppliers", "asset", "Paid before the goods came"),
    NewAccount("1160", "Deposits", "asset", "Rent and other deposits, prepaid"),
    NewAccount(PAYABLE, "Accounts Payable", "liability", "What we owe to suppliers"),
    NewAccount("2002", "Loan Payable", "liability", "Loans"),
    NewAccount(GST_PAYABLE, "GST Payable", "liability", "Output tax less input credit: the accounts below it together"),
    NewAccount(INPUT_CGST, "Input CGST", "asset", "CGST paid on purchases, to be set off", GST_PAYABLE),
    NewAccount(INPUT_SGST, "Input SGST", "asset", "SGST paid on purchases, to be set off", GST_PAYABLE),
    NewAccount(INPUT_IGST, "Input IGST", "asset", "IGST paid on purchases, to be set off", GST_PAYABLE),
    NewAccount(INPUT_CESS, "Input cess", "asset", "Compensation cess paid on purchases", GST_PAYABLE),
    NewAccount(OUTPUT_CGST, "Output CGST", "liability", "CGST on sales", GST_PAYABLE),
    NewAccount(OUTPUT_SGST, "Output SGST", "liability", "SGST on sales", GST_PAYABLE),
    NewAccount(OUTPUT_IGST, "Output IGST", "liability", "IGST on sales to other states", GST_PAYABLE),
    NewAccount(OUTPUT_CESS, "Output cess", "liability", "Compensation cess on sales", GST_PAYABLE),
    NewAccount(OUTPUT_RCM_CGST, "Reverse charge CGST", "liability", "CGST we owe on purchases, paid in cash", GST_PAYABLE),
    NewAccount(OUTPUT_RCM_SGST, "Reverse charge SGST", "liability", "SGST we owe on purchases, paid in cash", GST_PAYABLE),
    NewAccount(OUTPUT_RCM_IGST, "Reverse charge IGST", "liability", "IGST we owe on purchases, paid in cash", GST_PAYABLE),
    NewAccount("2120", "Composition tax payable", "liability", "Tax of a composition shop, from its own pocket"),
    NewAccount(ADVANCES, "Customer advances", "liability", "Customers' money we hold; a credit note on its way to new goods"),
    NewAccount("2300", "Expenses payable", "liability", "Salaries, rent and bills not yet paid"),
    NewAccount(CAPITAL, "Capital", "equity", "What the owner put in"),
    NewAccount(DRAWINGS, "Drawings", "equity", "What the owner took out, money or goods"),
    NewAccount(RETAINED, "Retained earnings", "equity", "Profits of earlier years"),
    NewAccount(OPENING_DIFFERENCE, "Opening balance difference", "equity", "Openings entered here; closed to capital at the end"),
    NewAccount(SALES, "Sales Revenue", "income", "Sales before tax: the accounts below it together"),
    NewAccount(SALES_TAXABLE, "Sales, taxable goods", "income", "Sales of goods with GST, before tax", SALES),
    NewAccount(SALES_EXEMPT, "Sales, exempt goods", "income", "Sales of goods without GST", SALES),
    NewAccount(SALES_RETURN, "Sales Return", "income", "Goods that came back"),
    NewAccount(DISCOUNT_RECEIVED, "Discount received", "income", "Suppliers' schemes and discounts"),
    NewAccount(OTHER_INCOME, "Other income", "income", "Scrap, cartons, commissions"),
    NewAccount(STOCK_GAIN, "Stock count gain", "income", "Goods found"),
    NewAccount(COST_OF_GOODS, "Cost of Goods Sold", "expense", "What the sold goods cost us"),
    NewAccount("5002", "Salary & Wages", "expense", "Helpers' pay"),
    NewAccount("5003", "Rent", "expense", "Rent of the shop"),
    NewAccount("5004", "Utilities", "expense", "Electricity, water, phone"),
    NewAccount(RUNNING_COSTS, "Administrative", "expense", "Other running costs"),
    NewAccount(PACKING, "Packing", "expense", "Packing material and labour; what went into packed goods is credited"),
    NewAccount(PRICE_VARIANCE, "Purchase price variance", "expense", "Differences between bought and carried cost"),
    NewAccount(STOCK_LOSS, "Stock loss", "expense", "Damage, expiry, theft, shrinkage"),
    NewAccount(INPUT_TAX_REVERSED, "Input tax reversed", "expense", "Credit given back for lost goods (CGST section 17(5)(h))"),
    NewAccount(CHARGES, "Bank, UPI, card charges", "expense", "What the payment companies keep"),
    NewAccount(DISCOUNT_ALLOWED, "Discount allowed", "expense", "Given after the sale, no GST effect"),
    NewAccount(BAD_DEBTS, "Bad debts", "expense", "Khata written off"),
    NewAccount(LOST_CLAIMS, "Payments that never came", "expense", "UPI, card and bank money claimed at the counter and never seen"),
    NewAccount("6300", "Interest and late fees on taxes", "expense", "Interest, late fee"),
    NewAccount("6310", "Composition tax", "expense", "Tax of a composition shop"),
    NewAccount(SHORT_OVER, "Cash short and over", "expense", "Differences found when the drawer is counted"),
    NewAccount(ROUND_OFF, "Round off", "expense", "Paise rounded on bills"),
)
