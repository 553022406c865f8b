from django.http import Http404, HttpRequest, HttpResponse

from shops.access import Can, shop_page


@shop_page(Can.SEE_COST)
def suppliers(request: HttpRequest) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def new_supplier(request: HttpRequest) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def supplier(request: HttpRequest, supplier: int) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def change_supplier(request: HttpRequest, supplier: int) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def pay(request: HttpRequest, supplier: int) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def opening_balance(request: HttpRequest, supplier: int) -> HttpResponse:
    raise Http404


@shop_page(Can.SEE_COST)
def statement_file(request: HttpRequest, supplier: int) -> HttpResponse:
    raise Http404
